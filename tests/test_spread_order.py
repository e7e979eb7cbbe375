"""The pages of a card in two languages: each in the language that it faces or follows, none lost."""

from __future__ import annotations

import pytest

from engine_bench import Bench
from livret.pages.flatplan import Part, Side
from livret.pages.pagination import Pagination, paginate

# 360 words take two pages of the bench, 20 take one.
LONG, SHORT = 360, 20

FACING_CSS = """
@page org-first { margin: 10mm } @page org-second { margin: 10mm }
@page pro-first { margin: 10mm } @page pro-second { margin: 10mm }
.half-second { break-before: page }
.half-first .organisation { page: org-first } .half-first .project { page: pro-first }
.half-second .organisation { page: org-second } .half-second .project { page: pro-second }
"""
FACING_SIDES: tuple[tuple[str, Side], ...] = (
    *(("org-first", "verso"), ("pro-first", "verso")),
    *(("org-second", "recto"), ("pro-second", "recto")),
)
FOLLOWING_CSS = ".half-second { break-before: page }"
FOLLOWING_SIDES: tuple[tuple[str, Side], ...] = (("organisation", "verso"), ("project", "recto"))


def halves(*words: int) -> str:
    """Organisation and project in the first language, then in the second, of so many words each."""
    texts = iter(
        " ".join(f"{name}{number}" for number in range(count))
        for name, count in zip(("fo", "fp", "so", "sp"), words, strict=True)
    )
    return "".join(
        f'<div class="half-{half}"><div><section class="organisation">{next(texts)}</section>'
        f'<section class="project">{next(texts)}</section></div></div>'
        for half in ("first", "second")
    )


def pages(bench: Bench, css: str, sides: tuple[tuple[str, Side], ...], *words: int) -> tuple[list[str], Pagination]:
    """What stands on each page of the book, `-` for nothing, when the card is its first part but one."""
    done = bench.set(bench.galley(halves(*words), css, sides=sides, room=1))
    parts = [Part("cover", "", "recto"), Part("card", "x", "verso", is_double=True)]
    pagination = paginate(parts, {"cover": ("any",), "card-x": done.facts.sides}, flows={"card-x": done.facts.flows})
    assert sum(done.facts.words) == sum(words)
    texts = [done.inside.words(range(page, page + 1)) for page in range(len(done.inside))]
    found: list[str] = []
    for sheet in pagination.sheets[1:]:
        on_page = {word.rstrip("0123456789") for word in texts[sheet.page]} if sheet.part else {"-"}
        assert len(on_page) == 1
        found += on_page
    return found, pagination


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((SHORT, SHORT, SHORT, SHORT), "fo so fp sp"),
        ((LONG, SHORT, SHORT, SHORT), "fo so fo - fp sp"),
        ((SHORT, SHORT, LONG, SHORT), "fo so - so fp sp"),
        ((SHORT, LONG, SHORT, SHORT), "fo so fp sp fp"),
        ((SHORT, SHORT, SHORT, LONG), "fo so fp sp - sp"),
        ((LONG, SHORT, SHORT, LONG), "fo so fo - fp sp - sp"),
    ],
)
def test_languages_that_face_each_other_do_so_where_one_has_more_pages(
    bench: Bench, words: tuple[int, ...], expected: str
) -> None:
    found, pagination = pages(bench, FACING_CSS, FACING_SIDES, *words)
    assert " ".join(found) == expected
    assert pagination.folio("card-x") == 2
    assert pagination.in_second_language.folio("card-x") == 3


@pytest.mark.parametrize(
    ("words", "expected", "second"),
    [
        ((SHORT, SHORT, SHORT, SHORT), "fo fp so sp", 4),
        ((LONG, SHORT, SHORT, SHORT), "fo fp fo - so sp", 6),
        ((SHORT, LONG, SHORT, SHORT), "fo fp - fp so sp", 6),
        ((SHORT, SHORT, LONG, SHORT), "fo fp so sp so", 4),
        ((SHORT, SHORT, SHORT, LONG), "fo fp so sp - sp", 4),
        ((LONG, LONG, SHORT, LONG), "fo fp fo fp so sp - sp", 6),
    ],
)
def test_languages_that_follow_each_other_do_so_where_one_has_more_pages(
    bench: Bench, words: tuple[int, ...], expected: str, second: int
) -> None:
    found, pagination = pages(bench, FOLLOWING_CSS, FOLLOWING_SIDES, *words)
    assert " ".join(found) == expected
    assert pagination.folio("card-x") == 2
    assert pagination.in_second_language.folio("card-x") == second


def test_what_is_too_much_is_counted_by_language_and_text(bench: Bench) -> None:
    for css, sides in ((FACING_CSS, FACING_SIDES), (FOLLOWING_CSS, FOLLOWING_SIDES)):
        facts = bench.set(bench.galley(halves(LONG, SHORT, SHORT, LONG), css, sides=sides, room=1)).facts
        assert list(facts.over) == ["verso"]
        assert list(facts.over_in_second) == ["recto"]
        assert 0 < facts.over["verso"] < LONG
        assert facts.overset == facts.over["verso"] + facts.over_in_second["recto"]


def test_pages_know_which_text_they_go_on_with(bench: Bench) -> None:
    _, pagination = pages(bench, FOLLOWING_CSS, FOLLOWING_SIDES, LONG, SHORT, SHORT, LONG)
    of_card = [sheet for sheet in pagination.sheets if sheet.part and sheet.part.kind == "card"]
    assert [pagination.flow(sheet) for sheet in of_card] == [
        *((0, False), (1, False), (0, False)),
        *((0, True), (1, True), (1, True)),
    ]
    assert [pagination.goes_on(sheet) for sheet in of_card] == [False, False, True, False, False, True]


def test_a_card_in_one_language_has_no_flows(bench: Bench) -> None:
    body = '<section class="organisation">a</section><section class="project">b</section>'
    assert bench.set(bench.galley(body, sides=FOLLOWING_SIDES, room=1)).facts.flows == ()

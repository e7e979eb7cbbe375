"""Text pasted from word processors and web pages: what becomes a list, what comes apart, and what is told."""

from __future__ import annotations

import re
import time

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.language.markdown import lost_words, plain_text, to_html
from livret.content.language.pasted import problems
from livret.content.language.typography import typeset_text
from livret.project import Project


def items(text: str) -> list[str]:
    html = re.sub(r"</?p>", "", to_html(text))
    return [piece.split("<")[0].strip() for piece in html.split("<li>")[1:]]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("\u2022\tateliers\n\u2022\tvisites", ["ateliers", "visites"]),
        ("\u2022 un", ["un"]),
        ("\uf0b7 Symbol de Word\n\uf0a7\tWingdings", ["Symbol de Word", "Wingdings"]),
        ("\uf0d8\u00a0flèche", ["flèche"]),
        ("Nos actions :\n\u2022\tateliers\n\u2022\tvisites", ["ateliers", "visites"]),
        ("\u25aa a\n\u25cf b\n\u2713 c", ["a", "b", "c"]),
        ("– un\n– deux", ["un", "deux"]),
        ("— un\n\n— deux", ["un", "deux"]),
        ("\u2022\tun\no\tdedans\n\u2022\tdeux", ["un", "dedans", "deux"]),
        ("-\tun\n-\tdeux", ["un", "deux"]),
        ("·\tun\n· deux\n·\u00a0\u00a0trois", ["un", "deux", "trois"]),
        ("\u2022\tun\n\to\tdedans\n·  deux", ["un", "dedans", "deux"]),
        ("1)\tVille de Lausanne\n2)\tCroix-Rouge", ["Ville de Lausanne", "Croix-Rouge"]),
    ],
)
def test_pasted_bullets_make_a_list(text: str, entries: list[str]) -> None:
    assert items(text) == entries
    assert lost_words(text) == ()
    assert plain_text(text).splitlines()[-len(entries) :] == entries


def test_round_letters_of_word_make_a_second_level() -> None:
    assert to_html("\u2022\tun\no\tdedans").count("<ul>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Il dit – non.",
        "– Une réplique, seule.",
        "le prix • la date",
        "```\n\u2022 code\n```",
        "un o\tdeux",
        "Una col·lecció\n·lectura",
        "le prix · la date",
        "· · ·",
    ],
)
def test_other_text_makes_no_list(text: str) -> None:
    assert "<li>" not in to_html(text)


TIED = "Une\u00a0phrase\u00a0collée\u00a0avec\u00a0des\u00a0espaces\u00a0partout"


def test_words_tied_everywhere_come_apart_and_typography_sets_its_own_ties() -> None:
    assert typeset_text(TIED + "\u00a0: non", "fr") == "Une phrase collée avec des espaces partout\u00a0: non"
    assert typeset_text(TIED, "en") == "Une phrase collée avec des espaces partout"


def test_a_tie_that_somebody_typed_stays() -> None:
    assert typeset_text("la Région\u00a0Sud et la Ville", "fr") == "la Région\u00a0Sud et la Ville"
    four = "un\u00a0deux\u00a0trois\u00a0quatre\u00a0cinq"
    assert typeset_text(four, "fr") == four


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("Texte.\n\n\u2022\tun", "pasted-list", 2),
        ("Texte.\n" + TIED, "no-break-spaces", 1),
        ("Avant.\n\nNom\tÂge\nPaul\t12", "pasted-table", 2),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "pasted-table", 0),
        ("Un.\nVoir[^1].", "footnote-mark", 1),
        ("Un.\n\nDeux voisins[2] viennent.", "footnote-mark", 2),
        ("Selon l'enquête\u00b9, tout va bien.", "footnote-mark", 0),
    ],
)
def test_what_was_pasted_is_told_once_with_its_line(text: str, rule: str, line: int) -> None:
    assert [(problem.rule, problem.line) for problem in problems(text)] == [(rule, line)]


@pytest.mark.parametrize(
    "text",
    [
        "1)\tVille de Lausanne\n2)\tCroix-Rouge",
        "9.\tVille\n10.\tCroix-Rouge",
        "a)\tVille\nb)\tCroix-Rouge",
        "  A.\tVille\n  B.\tCroix-Rouge",
    ],
)
def test_a_pasted_list_with_numbers_or_letters_is_no_table(text: str) -> None:
    assert not list(problems(text))
    assert lost_words(text) == ()


@pytest.mark.parametrize(
    "text", ["[1](card:aajt), mot[1](https://example.org)", "120 m\u00b2 et 5 km\u00b3", "[1] Une note"]
)
def test_links_and_units_are_no_marks_of_notes(text: str) -> None:
    assert not list(problems(text))


def test_numbered_lines_of_several_cells_are_a_table() -> None:
    assert [problem.rule for problem in problems("1.\tPaul\t12\n2.\tAnne\t14")] == ["pasted-table"]


def test_pasted_entries_with_letters_keep_their_lines() -> None:
    assert to_html("a)\tVille\nb)\tCroix\nc)\tfin") == "<p>a)\tVille<br>\nb)\tCroix<br>\nc)\tfin</p>"


def test_plain_text_tells_ties_alone() -> None:
    assert [problem.rule for problem in problems(TIED + "\n\u2022\tun", is_markdown=False)] == ["no-break-spaces"]


def test_check_tells_the_line_of_the_card(catalogue_folder: CatalogueFolder) -> None:
    card = catalogue_folder.path("initiatives/aajt.yaml")
    typed = card.read_text(encoding="utf-8")
    card.write_text(typed + "results: |\n  Bien.\n\n  Nom\tÂge\n  Paul\t12\n", encoding="utf-8")
    line = typed.count("\n") + 4
    _, findings = read_catalogue(Project.at(catalogue_folder.root))
    told = [finding for finding in findings if finding.rule == "pasted-table"]
    assert [(one.severity.name, one.where.line) for one in told if one.where] == [("WARNING", line)]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("1. un\n2. deux", "<ol>"),
        ("98. un\n99. deux", '<ol start="98" class="digits-2">'),
        ("98. un\n99. deux\n100. trois", '<ol start="98" class="digits-3">'),
        ("\n".join(f"{number}. x" for number in range(1, 11)), '<ol class="digits-2">'),
        ("4. Faire le point\n5. Passer", '<ol start="4">'),
    ],
)
def test_a_list_says_how_many_digits_its_numbers_have(text: str, opening: str) -> None:
    assert to_html(text).startswith(opening)


def test_long_lines_are_looked_through_at_once() -> None:
    # A line of 40,000 letters took minutes when each letter was tried as the beginning of a table.
    start = time.process_time()
    assert not list(problems("x" * 40_000 + "\n\n" + "\t" + "x" * 40_000))
    assert time.process_time() - start < 2

"""Filler pages: what reports say of them, and what a layout has to give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from inspector import Inspector
from livret.findings import Finding
from livret.pages.compose.composer import Composer
from livret.pages.compose.filler import filler_findings, filler_of, fillers_of
from livret.pages.flatplan import Edition, Part, Side, select
from livret.pages.galley import Facts, Fragment
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination, paginate
from livret.pages.structure_tree import unpacked
from press import plain_layout


def paginated(multiple: int = 4, filler: str = "notes") -> Pagination:
    """A cover, a page and a back cover."""
    parts = [Part("cover", "", "recto"), Part("page", "a", "any"), Part("back-cover", "", "verso")]
    sides: dict[str, tuple[Side, ...]] = {part.anchor: ("any",) for part in parts}
    return paginate(parts, sides, multiple, "notes" if filler == "notes" else "blank")


@pytest.mark.parametrize(
    ("multiple", "filler", "text"),
    [(4, "notes", "1 notes page, 3"), (4, "blank", "1 blank page, 3"), (6, "notes", "3 notes pages, 3, 4 and 5")],
)
def test_reports_tell_filler_pages(multiple: int, filler: str, text: str) -> None:
    fillers = fillers_of(paginated(multiple, filler))
    assert fillers is not None
    assert fillers.text == text
    assert fillers.as_dict() == {"kind": filler, "folios": list(range(3, multiple))}


def test_a_book_that_needs_none_has_none() -> None:
    assert fillers_of(paginated(1)) is None


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    plain_layout(catalogue_folder)
    return catalogue_folder


def edition_of(folder: CatalogueFolder) -> tuple[Edition, Layout]:
    edition = select(folder.catalogue(), "full")
    return edition, Layout(folder.project, edition.layout)


def fragment(pages: int) -> Fragment:
    sides: tuple[Side, ...] = ("any",)
    facts = Facts(sides * pages, (1,) * pages, {}, 1, 1, 0, "", {}, b"", ())
    return Fragment("key", Path("x.pdf"), facts, reused=False)


def told(edition: Edition, layout: Layout, pages: int = 1) -> list[Finding]:
    pagination = paginated(4, filler_of(edition, layout))
    return list(
        filler_findings(edition, layout, pagination, {part.anchor: fragment(pages) for part in pagination.parts})
    )


def test_an_edition_is_filled_with_what_it_asks_for(folder: CatalogueFolder) -> None:
    edition, layout = edition_of(folder)
    assert filler_of(edition, layout) == "notes"
    assert filler_of(replace(edition, filler="blank"), layout) == "blank"
    assert told(edition, layout) == []
    assert told(replace(edition, filler="blank"), layout) == []


def test_a_layout_without_notes_pages_gives_blank_ones_and_says_so(folder: CatalogueFolder) -> None:
    (folder.root / "layouts" / "plain" / "notes.html").unlink()
    edition, layout = edition_of(folder)
    assert filler_of(edition, layout) == "blank"
    (found,) = told(edition, layout)
    assert (found.severity.value, found.rule) == ("warning", "no-notes-page")
    assert found.message == "1 blank page, 3: the layout plain has no notes.html"
    assert told(replace(edition, filler="blank"), layout) == [], "asked for"


def test_a_notes_page_of_two_pages_is_an_error(folder: CatalogueFolder) -> None:
    edition, layout = edition_of(folder)
    (found,) = told(edition, layout, pages=2)
    assert (found.severity.value, found.rule, str(found.where)) == (
        "error", "long-notes-page", "layouts/plain/notes.html",
    )  # fmt: skip
    assert "takes 2 pages" in found.message


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", ["forum", "pocket"])
def test_a_notes_page_is_one_page_of_rules_under_a_heading(catalogue_folder: CatalogueFolder, name: str) -> None:
    from livret.pages.engine.typeset import typeset

    project = catalogue_folder.project
    edition = select(catalogue_folder.catalogue(), "full")
    layout = Layout(project, name)
    pagination = paginated(6)
    notes = [part for part in pagination.parts if part.is_filler]
    composer = Composer(project, edition, layout)
    for part in notes[:2]:
        pdf, facts, _ = typeset(composer.galley(part, pagination)[0], project.fonts)
        assert facts.findings == ()
        assert len(facts.sides) == 1
        path = project.root / f"{part.anchor}.pdf"
        path.write_bytes(pdf)
        assert Inspector(path).words(range(1)) == ("notes",)
        assert [element.tag for element in unpacked(facts.structure)] == ["H1"], "the rules are no content"

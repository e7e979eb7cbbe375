"""Texts at the lengths that forty organisations send: what a severe reader would measure on each page of the book."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest

import page_metrics
import stress
from conftest import CatalogueFolder
from press import livret, livret_here


@dataclass(frozen=True)
class Measure:
    """What a layout promises: its running text, by font and size, and how wide it is, in points; its smallest text.

    A card has so many `pages` where its text is not too long; texts may stand in two `columns`. Folios stand within
    45 points of the foot, or of the head. So many of the cards are built.
    """

    font: str
    sizes: tuple[float, ...]
    widths: tuple[float, ...]
    smallest: float
    pages: int = 2
    columns: int = 1
    folios: str = "foot"
    cards: int = len(stress.CASES)


# Running text of forum: Source Serif on four columns (76 mm) of a verso, on five (96 mm) of a recto; of pocket: Source
# Sans on half the text area (42.75 mm).
LAYOUTS = {
    "forum": Measure("Source-Serif-4-SmText", (9, 8.5), (215.4, 272.1), 7),
    "pocket": Measure("Source-Sans-3", (7.5, 7.75, 8.25, 9, 10), (121.2,), 7.5, 1, 2, "head", 21),
}


@dataclass(frozen=True)
class Book:
    """A layout's book of the stress catalogue: its pages, its paragraphs, and what the report says of its parts."""

    layout: str
    pages: tuple[page_metrics.Page, ...]
    paragraphs: tuple[page_metrics.Paragraph, ...]
    parts: tuple[dict[str, Any], ...]

    @property
    def planned(self) -> set[int]:
        """Pages without text by plan: cover, openers, lined pages for notes, blank pages before what is no card."""
        planned: set[int] = set()
        for part in self.parts:
            if part["anchor"].startswith(("cover", "back-cover", "opener", "notes")):
                planned.update(range(part["folios"][0], part["folios"][1] + 1))
            if not part["anchor"].startswith("card"):
                planned.add(part["folios"][0] - 1)
        taken = {page for part in self.parts for page in range(part["folios"][0], part["folios"][1] + 1)}
        bare = ("cover", "back-cover", "opener", "notes")
        return {
            page
            for page in planned
            if page not in taken
            or any(part["anchor"].startswith(bare) and page in part["folios"] for part in self.parts)
        }

    @property
    def card_spreads(self) -> list[tuple[page_metrics.Page, page_metrics.Page]]:
        """The facing pages that a card has from its first page to its last."""
        return [
            (self.pages[folio - 1], self.pages[folio])
            for part in self.parts
            if part["anchor"].startswith("card")
            for folio in range(part["folios"][0], part["folios"][1] + (LAYOUTS[self.layout].pages == 2), 2)
        ]

    def text_pages(self) -> list[page_metrics.Page]:
        return [page for page in self.pages if page.number not in self.planned]


@pytest.fixture(scope="session", params=sorted(LAYOUTS))
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = stress.write(
        tmp_path_factory.mktemp("stress") / request.param, LAYOUTS[request.param].cards, request.param
    )
    done = livret("-C", folder, "build")
    assert done.code == 0, done.err
    made = folder / "output" / "full"
    path = made / "full-screen.pdf"
    parts = json.loads((made / "report.json").read_text(encoding="utf-8"))["parts"]
    return Book(request.param, page_metrics.pages(path), page_metrics.paragraphs(path), tuple(parts))


def test_no_text_comes_nearer_to_the_trim_than_three_millimetres(book: Book) -> None:
    """But for the numbers on thumb tabs, which bleed."""
    beyond = {page.number: page_metrics.beyond(page, 8.5) for page in book.pages}
    if book.layout == "pocket":
        beyond = {
            number: [text for text in found if not text.replace(" ", "").isdigit()] for number, found in beyond.items()
        }
    assert {number: found for number, found in beyond.items() if found} == {}


def test_no_line_lies_over_another(book: Book) -> None:
    assert [(page.number, found) for page in book.pages if (found := page_metrics.overlaps(page))] == []


def test_each_page_that_no_opener_fills_has_its_folio(book: Book) -> None:
    """A folio stands in the foot of the page or at its head, alone or beside a running title."""
    is_at_foot = LAYOUTS[book.layout].folios == "foot"
    without = [
        page.number
        for page in book.text_pages()
        if not any(
            str(page.number) in line.text.split()
            for line in page.lines
            if (line.baseline if is_at_foot else page.height - line.baseline) < 45
        )
    ]
    assert without == []


def test_a_page_on_which_a_card_goes_on_holds_five_lines_below_its_head(book: Book) -> None:
    further = [
        (page.number, count)
        for part in book.parts
        if part["anchor"].startswith("card")
        for page in book.pages[part["folios"][0] - 1 + LAYOUTS[book.layout].pages : part["folios"][1]]
        if (count := len(page.below_band)) < 5
    ]
    assert further == []


def test_running_text_has_one_measure(book: Book) -> None:
    """The longest line of a text of six lines or more nearly fills one of the measures of the layout."""
    promised = LAYOUTS[book.layout]
    found = []
    for page in {page.number: page for spread in book.card_spreads for page in spread[: promised.pages]}.values():
        text = [line for line in page.text if promised.font in line.font and line.size in promised.sizes]
        widest = max((line.end for line in text), default=0) - min((line.start for line in text), default=0)
        if promised.columns > 1:
            # The name of the theme stands beside the folio.
            columns = [line for line in text if line.font.endswith(promised.font) and line.baseline < page.height - 35]
            widest = max((line.end - line.start for line in columns), default=0)
        fits = any(0.9 * width < widest < width + 1.5 for width in promised.widths)
        if len(text) > 5 and not fits:
            found.append((page.number, round(widest)))
    assert found == []


def test_no_line_of_a_paragraph_stands_alone_at_a_turn(book: Book) -> None:
    assert page_metrics.lone_lines(book.pages, book.paragraphs) == []


def test_no_page_or_column_ends_within_a_word(book: Book) -> None:
    assert page_metrics.broken_words(book.pages, book.paragraphs) == []


def test_no_text_is_smaller_than_the_layout_promises(book: Book) -> None:
    sizes = {letter.size for page in book.pages for line in page.lines for letter in line.letters}
    assert min(sizes) >= LAYOUTS[book.layout].smallest


def test_no_heading_closes_a_page(book: Book) -> None:
    assert page_metrics.stranded_headings(book.pages, book.paragraphs) == []


def test_each_page_holds_five_lines_of_text_at_least(book: Book) -> None:
    found = [(page.number, count) for page in book.text_pages() if (count := len(page.text)) < 5]
    assert found == []


def test_the_first_lines_of_facing_pages_stand_at_one_height(book: Book) -> None:
    found = []
    for left, right in book.card_spreads if LAYOUTS[book.layout].pages == 2 else ():
        first = [max((line.baseline for line in page.below_band), default=0) for page in (left, right)]
        if abs(first[0] - first[1]) > 0.6:
            found.append((left.number, [round(height, 1) for height in first]))
    assert found == []


def test_names_titles_and_first_lines_of_cards_of_one_page_stand_at_one_height(book: Book) -> None:
    """At whatever step a card is set, a title of one line has its place, and so has what is around it."""
    heads = set()
    firsts = []
    for part in book.parts if LAYOUTS[book.layout].pages == 1 else ():
        page = book.pages[part["folios"][0] - 1]
        lines = sorted(page.text, key=lambda line: -line.baseline)
        titles = [number for number, line in enumerate(lines) if abs(line.size - 16) < 0.1]
        # Above it stand the theme and a name of one line.
        if part["anchor"].startswith("card") and titles == [2]:
            _, name, title, below, *_ = lines
            heads.add((round(name.baseline, 1), round(title.baseline, 1)))
            firsts.append(title.baseline - below.baseline)
    assert len(heads) <= 1, heads
    assert not firsts or (len(firsts) > 10 and max(firsts) - min(firsts) < 2), firsts


def test_bands_of_facing_pages_are_equally_deep(book: Book) -> None:
    found = [(left.number, left.band, right.band) for left, right in book.card_spreads if left.band != right.band]
    assert found == []


def test_at_most_two_lines_in_a_row_end_in_a_hyphen(book: Book) -> None:
    assert [(page.number, found) for page in book.pages if (found := page_metrics.ladders(page))] == []


# Words of what an organisation says of itself, of the project and of its results, and how many partners it has.
LONG_PROJECTS = [(6, 500, 120, 0), (6, 500, 250, 3), (20, 500, 20, 12), (20, 300, 250, 0)]


def test_a_card_that_goes_on_prints_nothing_twice(catalogue_folder: CatalogueFolder) -> None:
    words = "la ville accueille des familles avec une association locale".split()

    def text(count: int) -> str:
        return " ".join(words[number * 7 % len(words)] for number in range(count)).capitalize() + "."

    for name in ("aajt", "kodiko"):
        catalogue_folder.remove(f"initiatives/{name}.yaml")
    for number, (about, project, results, partners) in enumerate(LONG_PROJECTS):
        listed = "".join(f"  - Partenaire {one}\n" for one in range(partners)) or "  Aucun.\n"
        catalogue_folder.write(
            f"initiatives/long-{number}.yaml",
            f"pilot:\n  name: Maison {number}\n  about: |\n    {text(about)}\ntitle: Habiter\n"
            f"description: |\n  {text(project)}\nresults: |\n  {text(results)}\npartners: |\n{listed}"
            "contacts: [{role: Accueil, email: a@maison.example.org}]\nfigures: [{value: 97 %, label: ont un toit}]\n"
            "themes: [logement]\nterritories: [FR-ARA, FR-75]\n",
        )
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 0, done.err
    document = pypdfium2.PdfDocument(catalogue_folder.root / "output/full/full-screen.pdf")
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    first = next(at for at, page in enumerate(pages) if "Pilote" in page.split())
    last = max(at for at, page in enumerate(pages) if page.split()[:1] == ["Index"])
    lines = Counter(line.strip() for page in pages[first:last] for line in page.splitlines())
    labels = ("Pilote", "Territoires", "Partenaires", "Contact", "Résultats", "97 %")
    assert {label: lines[label] for label in labels} == dict.fromkeys(labels, len(LONG_PROJECTS))

"""The demonstration catalogue, built as its users build it and read back from the PDF; and builds that go wrong."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from PIL import Image

from conftest import CatalogueFolder, two_cards
from inspector import Heading, Inspector, Link, stands_in, strays_in, words
from livret.content.catalogue.reader import read_catalogue
from livret.control.completeness import Expected, fields_of, lost
from livret.control.printed_text import OpenPages
from livret.measure import Rect
from livret.project import Project
from press import TOP, Done, change, command, copied, environment, livret, livret_here, plain_layout
from raw_content import MARKDOWN, PLACES, RawContent, blocks, raw_content

# The cards of the forum of 2019 in the order of the printed booklet.
ORDER = (
    "aajt ab-refugies-social adoma aidaphi coallia cos ddcspp-correze elia fit forum-refugies france-terre-d-asile caec"
    " habitat-et-humanisme kodiko la-cimade le-refuge mission-locale-troyes mjc-brianconnais primo-levi samusocial sos"
).split()
# Of these, some that have all themes, and each theme of the first twice.
FEW = ("aajt", "adoma", "cos", "kodiko", "la-cimade")
# Foreign words that pdfium puts into a heading when a monogram stands on its line.
STRAYS = 3


@dataclass(frozen=True)
class Book:
    """A project folder and the edition `full` that was built in it."""

    root: Path
    done: Done

    @property
    def path(self) -> Path:
        return self.root / "output" / "full" / "full-screen.pdf"

    @cached_property
    def pdf(self) -> Inspector:
        return Inspector(self.path)

    @cached_property
    def report(self) -> dict[str, Any]:
        report = json.loads(self.path.with_name("report.json").read_text(encoding="utf-8"))
        assert isinstance(report, dict)
        return report

    @property
    def told(self) -> dict[str, Any]:
        """What the command told of the edition."""
        (edition,) = self.done.told["editions"]
        assert isinstance(edition, dict)
        return edition

    @cached_property
    def content(self) -> RawContent:
        return raw_content(self.root / "catalogue")

    @cached_property
    def foot(self) -> float:
        """The depth of the margin, in points, in which folios and running feet stand."""
        layout = yaml.safe_load((self.root / "layouts" / "forum" / "layout.yaml").read_text(encoding="utf-8"))
        return float(layout["margins"]["foot"]) * 72 / 25.4

    def pages(self, anchor: str) -> range:
        """The indexes of a part's pages."""
        (first, last) = next(part["folios"] for part in self.report["parts"] if part["anchor"] == anchor)
        return range(first - 1, last)

    def fragments(self) -> dict[str, str]:
        return {part["anchor"]: part["fragment"] for part in self.report["parts"]}

    def printed(self, *anchors: str) -> list[tuple[str, ...]]:
        """The words of some parts without their running feet: of all pages, then of one side alone.

        A text that runs over goes on on the next page of its side.
        """
        if anchors not in self._printed:
            self._printed[anchors] = self._words_of(anchors)
        return self._printed[anchors]

    @cached_property
    def _printed(self) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
        return {}

    def _words_of(self, anchors: tuple[str, ...]) -> list[tuple[str, ...]]:
        above = 0 if anchors[0] in {"cover", "back-cover"} else self.foot - 3
        pages = [page for anchor in anchors for page in self.pages(anchor)]
        sides = (pages, pages[::2], pages[1::2])
        return [words("\n".join(self.pdf.text_above(page, above) for page in side)) for side in sides]


def build(root: Path, *arguments: str, **more: str) -> Book:
    return Book(root, livret_here("-C", root, "--format", "json", "build", *arguments, more=more))


def build_apart(root: Path, *arguments: str, **more: str) -> Book:
    """Build in a process of its own, which orders sets differently and knows nothing of what was built before."""
    return Book(root, livret("-C", root, "--format", "json", "build", *arguments, more=more))


def project_in(root: Path) -> Path:
    """The demonstration catalogue with the layout as it stands, which may be at work under a designer's hands."""
    for folder in ("catalogue", "layouts", "pictograms"):
        shutil.copytree(TOP / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def book(built_demonstration: Path) -> Book:
    """The demonstration catalogue, built from nothing; nobody changes it."""
    said = json.loads(built_demonstration.with_name("said.json").read_text(encoding="utf-8"))
    return Book(built_demonstration, Done(**said))


@pytest.fixture
def copy(book: Book, tmp_path: Path) -> Path:
    """A project of its own where the demonstration catalogue has been built, with all that is stored."""
    return copied(book.root, tmp_path / "project")


@pytest.fixture(scope="module")
def few(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The same with five of the cards: a build after a change takes half as long. Nobody changes it."""
    root = copied(book.root, tmp_path_factory.mktemp("few") / "project")
    shutil.rmtree(root / "catalogue" / "editions")
    for path in (root / "catalogue" / "initiatives").glob("*.yaml"):
        if path.stem not in FEW:
            path.unlink()
    built = build(root)
    assert built.done.code == 0, built.done.err
    return built


@pytest.fixture
def few_copy(few: Book, tmp_path: Path) -> Path:
    return copied(few.root, tmp_path / "project")


# --- completeness ---


def test_no_card_passes_for_another(book: Book) -> None:
    """Each card is looked for in the pages of each other one: 420 wrong pairs, and not one is taken for right."""
    catalogue, _ = read_catalogue(Project.at(book.root))
    assert catalogue is not None
    # Without their themes, some of which are descriptions of pictograms.
    fields = {card.id: fields_of(card, {}, ["themes"]) for card in catalogue.initiatives}
    refused = set()
    document = pypdfium2.PdfDocument(book.path)
    for other in catalogue.initiatives:
        pages = (*book.pages(f"card-{other.id}"),)
        # Read once for all cards that are looked for in them.
        with OpenPages(document, pages, ()) as opened:
            printed = opened.read(has_right_to_left=False)
            for card in catalogue.initiatives:
                sought = Expected(f"{card.id} on {other.id}", fields[card.id], card.source, pages)
                refused |= {finding.message.partition(":")[0] for finding in lost(sought, printed)}
    document.close()
    names = {card.id for card in catalogue.initiatives}
    assert refused == {f"{one} on {other}" for one in names for other in names if one != other}
    assert len(refused) == 420


# --- the flatplan ---


def test_there_are_21_spreads_in_the_order_of_the_forum(book: Book) -> None:
    cards = [part for part in book.report["parts"] if part["anchor"].startswith("card-")]
    assert [part["anchor"] for part in cards] == [f"card-{name}" for name in ORDER]
    assert {part["anchor"]: part["folios"][1] - part["folios"][0] + 1 for part in cards} == {
        f"card-{name}": 2 for name in ORDER
    }
    assert all(part["folios"][0] % 2 == 0 for part in cards), "an even folio stands on a verso"
    assert book.told["cards"] == 21
    assert book.told["pages"] == len(book.pdf)


def test_the_report_covers_every_page_once(book: Book) -> None:
    folios = [number for part in book.report["parts"] for number in range(part["folios"][0], part["folios"][1] + 1)]
    assert len(folios) == len(set(folios))
    blank = set(range(1, len(book.pdf) + 1)) - set(folios)
    assert all(not book.pdf.text(number - 1).strip() for number in blank)


def test_nothing_is_wrong_with_the_demonstration(book: Book) -> None:
    assert [finding for finding in book.done.told["findings"] if finding["severity"] != "note"] == []


# --- every word of the content ---

# What is not printed as words.
NOT_WORDS = frozenset(
    "id scope color pictogram logo image portrait file language layout sections demonstration sort_as press"
    " filler allow printed deposit price date issued national themes art colours sign_off".split()
)


def texts(value: Any, place: str = "", name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file with the field it stands in; Markdown block by block."""
    if isinstance(value, dict):
        for field, below in value.items():
            if field not in NOT_WORDS and not (field == "partners" and isinstance(below, list)):
                yield from texts(below, f"{place}.{field}" if place else field, field)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from texts(one, f"{place}[{number}]", name)
    elif name == "territories":
        yield place, PLACES[value]
    else:
        told = blocks(value) if name in MARKDOWN else [value]
        yield from ((place, re.sub(r"^https?://|/$", "", block)) for block in told)


def missing(content: RawContent, book: Book) -> list[str]:
    """The fields of a catalogue with words that do not stand, in order, on the pages where they belong."""
    lost: list[str] = []

    def look(place: str, file: Any, *anchors: str) -> None:
        printed = book.printed(*anchors)
        for field, text in texts(file):
            pages = contents if field.endswith("acronym") else printed
            if not any(stands_in(words(text), side, STRAYS) for side in pages):
                lost.append(f"{place}.{field}")

    contents = book.printed("contents")
    look("catalogue", content.publication, "cover", "imprint", "back-cover")
    for theme, name in content.themes.items():
        look(f"theme-{theme}", {"name": name}, "legend")
    for identifier, card in content.cards.items():
        look(identifier, card, f"card-{identifier}")
        look(f"{identifier}.theme", {"name": content.themes[card["themes"][0]]}, f"card-{identifier}")
    for identifier, partner in content.partners.items():
        look(identifier, partner, f"partner-{identifier}")
    for identifier, page in content.pages.items():
        look(identifier, page, f"page-{identifier}")
    if content.foreword:
        look("foreword", content.foreword, "foreword")
    return lost


def test_every_word_of_the_content_is_printed_in_its_place(book: Book) -> None:
    assert missing(book.content, book) == []


PLANTED = "Cette phrase n'est pas imprimée."


@pytest.mark.parametrize(
    ("file", "field"),
    [
        ("aajt", "description"),
        ("aajt", "results"),
        ("kodiko", "partners"),
        ("sos", "pilot.about"),
        ("aajt", "title"),
        ("aajt", "figures[3].label"),
        ("kodiko", "contacts[1].role"),
        ("hcr", "body"),
        ("note-au-lecteur", "body"),
        ("foreword", "body"),
        ("catalogue", "imprint"),
        ("catalogue", "subtitle"),
        ("catalogue", "publisher.name"),
        ("theme-lien", "name"),
    ],
)
def test_a_sentence_that_is_not_printed_is_missed(book: Book, file: str, field: str) -> None:
    """The test of the test above: a sentence planted in the content, and not in the PDF, is found missing."""
    content = raw_content(book.root / "catalogue")
    themes = {f"theme-{theme['id']}": theme for theme in content.publication["themes"]}
    files = {**content.cards, **content.partners, **content.pages, **themes}
    files |= {"catalogue": content.publication, "foreword": content.foreword}
    value: Any = files[file]
    *path, last = re.findall(r"\w+", field)
    for step in path:
        value = value[int(step) if step.isdecimal() else step]
    value[last] = f"{value[last].rstrip()} {PLANTED}"
    lost = missing(content, book)
    assert f"{file}.{field}" in lost
    assert all(place.startswith((file, f"{file}.")) or ".theme." in place for place in lost)


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_a_word_that_is_lost_or_moved_is_missed(book: Book, number: int) -> None:
    wanted = words(blocks(book.content.cards["aajt"]["description"])[0])
    (printed, *_) = book.printed("card-aajt")
    start = next(place for place in range(len(printed)) if printed[place : place + 5] == wanted[:5])
    spot = start + number % len(wanted)
    assert strays_in(wanted, printed, STRAYS) == 0
    assert not stands_in(wanted, printed[:spot] + printed[spot + 1 :], STRAYS)
    if printed[spot] != printed[spot + 1]:
        swapped = (*printed[:spot], printed[spot + 1], printed[spot], *printed[spot + 2 :])
        assert spot + 1 >= start + len(wanted) or not stands_in(wanted, swapped, STRAYS)


def test_the_date_is_printed_in_words(book: Book) -> None:
    assert stands_in(words("30 avril 2019"), book.printed("cover")[0])


# --- folios, links, outline ---


def folio_printed_on(book: Book, page: int) -> str:
    """The number at the outer end of the running foot: first on a verso, last on a recto."""
    trim = book.pdf.box(page, "/TrimBox")
    printed = book.pdf.text_in(page, Rect(trim.x0, trim.y0, trim.x1, trim.y0 + book.foot - 3)).split()
    assert printed, f"page {page + 1} has no foot"
    return printed[-1] if page % 2 == 0 else printed[0]


def test_the_printed_folio_is_the_label_of_its_page(book: Book) -> None:
    assert book.pdf.labels[0] == "C1"
    assert book.pdf.labels[-1] == "C4"
    assert book.pdf.labels[1:-1] == tuple(str(number) for number in range(2, len(book.pdf)))
    parts = [part["anchor"] for part in book.report["parts"]]
    inner = [anchor for anchor in parts if anchor not in {"cover", "back-cover"} and not anchor.startswith("opener")]
    for anchor in inner:
        for page in book.pages(anchor):
            if book.pdf.text(page).strip():
                assert folio_printed_on(book, page) == book.pdf.labels[page]


def entries(book: Book, anchor: str) -> list[tuple[int, list[Link]]]:
    """The entries of a part that lists others: neighbouring links with one target, and the page they stand on."""
    found: list[tuple[int, list[Link]]] = []
    for page in book.pages(anchor):
        for link in book.pdf.links(page):
            if link.page is None:
                continue
            last = found[-1] if found else None
            if last and last[0] == page and last[1][0].page == link.page and anchor == "contents":
                last[1].append(link)
            else:
                found.append((page, [link]))
    return found


def inside(book: Book, page: int, link: Link) -> str:
    """The text of a link; a rectangle just touches the lines above and below it."""
    rect = Rect(link.rect.x0, link.rect.y0 + 3, link.rect.x1, link.rect.y1 - 3)
    return " ".join(book.pdf.text_in(page, rect).split())


def test_every_entry_of_the_contents_leads_to_the_folio_it_prints(book: Book) -> None:
    listed = []
    for page, links in entries(book, "contents"):
        target = links[0].page
        assert target is not None
        texts_of = " ".join(inside(book, page, link) for link in links).split()
        folios = [text for text in texts_of if text.isdecimal()]
        assert len(folios) == 1, texts_of
        assert len(links) == 1, "one link an entry"
        assert book.pdf.labels[target] == folios[0]
        if book.pdf.text_above(target, book.foot):
            assert folio_printed_on(book, target) == folios[0]
        name = words(" ".join(text for text in texts_of if not text.isdecimal()))
        assert name
        known = book.pdf.words(range(target, min(target + 2, len(book.pdf))))
        outline = words(" ".join(heading.title for heading in flat(book.pdf.outline) if heading.page == target))
        assert set(name) <= set(known) | set(outline), texts_of
        listed.append(target)
    kinds = {"card", "partner", "page", "foreword", "legend", "index"}
    starts = {part["anchor"]: part["folios"][0] - 1 for part in book.report["parts"]}
    expected = [start for anchor, start in starts.items() if anchor.partition("-")[0] in kinds]
    assert [page for page in listed if page in expected] == expected


def test_every_number_of_the_index_leads_to_the_folio_it_prints(book: Book) -> None:
    seen = set()
    for page, (link,) in entries(book, "index"):
        assert link.page is not None
        # Never a range, which could be read as all the cards between.
        text = inside(book, page, link)
        assert text.isdecimal()
        assert book.pdf.labels[link.page] == text
        assert folio_printed_on(book, link.page) == text
        seen.add(link.page)
    assert seen == {book.pages(f"card-{name}")[0] for name in ORDER}, "every card is in the index"


def flat(headings: tuple[Heading, ...]) -> list[Heading]:
    return [one for heading in headings for one in (heading, *flat(heading.children))]


def test_the_outline_lists_every_part_on_its_page(book: Book) -> None:
    found = {(heading.title, heading.page) for heading in flat(book.pdf.outline)}
    parts = {(part["title"], part["folios"][0] - 1) for part in book.report["parts"] if "opener" not in part["anchor"]}
    assert parts <= found
    sections = {heading.title: heading.children for heading in book.pdf.outline if heading.children}
    assert set(sections) == {"Partenaires", "Initiatives"}
    assert [heading.title for heading in sections["Initiatives"]] == [
        part["title"] for part in book.report["parts"] if part["anchor"].startswith("card-")
    ]
    pages = [heading.page for heading in book.pdf.outline]
    assert pages == sorted(pages)


def test_every_name_leads_to_the_head_of_its_part(book: Book) -> None:
    for anchor, target in book.pdf.reader.named_destinations.items():
        number = book.pdf.reader.get_destination_page_number(target)
        assert number == book.pages(anchor)[0]
        assert float(str(target["/Top"])) == pytest.approx(book.pdf.box(number, "/TrimBox").y1, abs=0.01)


def test_addresses_and_numbers_are_links(book: Book) -> None:
    uris = {link.uri for page in range(len(book.pdf)) for link in book.pdf.links(page) if link.uri}
    assert "https://www.diair.example.org" in uris
    assert any(uri.startswith("mailto:partenariats@kodiko") for uri in uris)
    assert "tel:+33465712014" in uris
    assert all(re.match(r"https?://|mailto:|tel:", uri) for uri in uris)


def test_links_lie_on_their_page_and_none_twice(book: Book) -> None:
    for page in range(len(book.pdf)):
        trim, links = book.pdf.box(page, "/TrimBox"), book.pdf.links(page)
        assert len(links) == len(set(links))
        for link in links:
            assert trim.x0 <= link.rect.x0 < link.rect.x1 <= trim.x1
            assert trim.y0 <= link.rect.y0 < link.rect.y1 <= trim.y1


# --- the file ---


def test_every_box_is_the_trim(book: Book) -> None:
    for page in range(len(book.pdf)):
        for name in ("/MediaBox", "/CropBox", "/TrimBox"):
            box = book.pdf.box(page, name)
            assert (box.x0, box.y0) == (0, 0)
            assert (box.width, box.height) == pytest.approx((419.53, 595.28), abs=0.01), "A5"


def test_info_and_xmp_agree_with_the_catalogue(book: Book) -> None:
    info = book.pdf.info
    assert info["/Title"] == "Le forum « initiatives & territoires »"
    assert info["/Author"] == "Délégation interministérielle à l'accueil et à l'intégration des réfugiés"
    assert info["/Subject"] == "pour l'accueil et l'intégration des personnes réfugiées"
    assert info["/CreationDate"] == info["/ModDate"] == "D:20190430000000+00'00'"
    spaces = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "pdf": "http://ns.adobe.com/pdf/1.3/",
    }
    tree = ET.fromstring(re.sub(r"<\?xpacket[^>]*\?>", "", book.pdf.xmp))

    def said(name: str) -> str:
        element = tree.find(f".//{name}", spaces)
        assert element is not None, name
        return "".join(element.itertext()).strip()

    assert said("dc:title") == info["/Title"]
    assert said("dc:creator") == info["/Author"]
    assert said("dc:description") == info["/Subject"]
    assert said("dc:language") == book.pdf.language == "fr"
    assert said("pdf:Producer") == info["/Producer"]
    assert said("xmp:CreatorTool") == info["/Creator"]
    assert said("xmp:CreateDate") == said("xmp:ModifyDate") == "2019-04-30T00:00:00+00:00"


def test_fonts_are_embedded_subsets_each_with_a_tag_of_its_own(book: Book) -> None:
    fonts = book.pdf.fonts
    assert fonts
    assert all(font.program for font in fonts), "every font is embedded"
    assert all(re.fullmatch("[A-Z]{6}", font.tag) for font in fonts), "every font is a subset"
    assert all(font.name.startswith("Source-") for font in fonts), "no font of the system is used"
    assert all(re.fullmatch("[A-Za-z0-9-]+", font.name) for font in fonts), "no name ends in a comma"
    programs: dict[str, set[str]] = {}
    for font in fonts:
        programs.setdefault(f"{font.tag}+{font.name}", set()).add(font.program)
    assert all(len(different) == 1 for different in programs.values()), "one name, two programs: viewers mix glyphs"


def test_the_file_opens_as_a_book(book: Book) -> None:
    root: Any = book.pdf.reader.root_object
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/PageLayout"] == "/TwoPageRight"
    assert book.path.read_bytes().startswith(b"%PDF-1.7")


# --- the same bytes ---


def test_another_folder_and_another_number_of_workers_give_the_same_bytes(few: Book, tmp_path: Path) -> None:
    """All is typeset again, in another order."""
    root = copied(few.root, tmp_path / "elsewhere" / "deeper")
    shutil.rmtree(root / "output")
    other = build_apart(root, "--jobs", "1", TZ="Asia/Tokyo", LC_ALL="C")
    assert other.done.code == 0, other.done.out
    assert other.told["typeset"] >= len(other.fragments()) > 15
    assert other.path.read_bytes() == few.path.read_bytes()
    assert other.fragments() == few.fragments()


def small(folder: CatalogueFolder) -> Path:
    """A catalogue of two cards in the plain layout, with a photograph."""
    if not (folder.root / "layouts").exists():
        plain_layout(folder)
        Image.new("RGB", (60, 40), "#336699").save(folder.path("images/photo.png"))
        folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/photo.png")
    return folder.root


def test_a_catalogue_with_pictures_gives_the_same_bytes_elsewhere(small_built: Book, tmp_path: Path) -> None:
    one, other = small_built, build_apart(small(two_cards(tmp_path / "quite" / "elsewhere")))
    assert other.done.code == 0, other.done.out
    assert one.path.read_bytes() == other.path.read_bytes()
    assert one.fragments() == other.fragments()


def test_the_date_of_the_file_is_source_date_epoch(first: Book) -> None:
    again = build(first.root, SOURCE_DATE_EPOCH="1577836800")
    assert again.told["typeset"] == 0
    assert again.pdf.info["/CreationDate"] == "D:20200101000000+00'00'"


# --- only what changed ---


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {anchor for anchor in before | after if before.get(anchor) != after.get(anchor)}


def test_nothing_changed_means_nothing_is_done(first: Book) -> None:
    before = first.path.stat()
    again = build(first.root)
    assert again.done.code == 0
    assert (again.told["typeset"], again.told["written"]) == (0, [])
    after = first.path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_deleted_pdf_is_bound_again_from_the_store(first: Book, small_built: Book) -> None:
    first.path.unlink()
    again = build(first.root)
    assert (again.told["typeset"], again.told["written"]) == (0, ["screen"])
    assert again.path.read_bytes() == small_built.path.read_bytes()


def test_a_pdf_that_somebody_changed_is_bound_again(first: Book, small_built: Book) -> None:
    with first.path.open("ab") as file:
        file.write(b"% more")
    assert build(first.root).path.read_bytes() == small_built.path.read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "typeset"),
    [
        # A text that no other part prints; the title, which the contents and the running heads print; the name.
        ("Une inscription à payer", "Une facture à payer", {"card-aajt"}),
        ("title: Fonds de dotation", "title: Le fonds de dotation", {"card-aajt", "contents"}),
        ("acronym: AAJT", "acronym: AAJTM", {"card-aajt", "contents", "index"}),
        ("themes: [emploi, logement]", "themes: [emploi]", {"card-aajt", "index"}),
    ],
)
def test_a_changed_card_and_what_prints_its_text_are_typeset_again(
    few_copy: Path, few: Book, old: str, new: str, typeset: set[str]
) -> None:
    change(few_copy / "catalogue" / "initiatives" / "aajt.yaml", old, new)
    again = build(few_copy)
    assert again.done.code == 0, again.done.out
    assert changed(few.fragments(), again.fragments()) == typeset
    furniture = {"contents", "index"} & typeset and "themes" not in old
    assert again.told["typeset"] == len(typeset) + (1 if furniture else 0)
    assert again.told["written"] == ["screen"]
    assert missing(again.content, again) == []


def test_a_new_card_in_front_typesets_no_other_card(few_copy: Path, few: Book) -> None:
    folder = few_copy / "catalogue" / "initiatives"
    text = (folder / "kodiko.yaml").read_text(encoding="utf-8").replace("name: Kodiko", "name: Aabenraa")
    (folder / "aabenraa.yaml").write_text(text, encoding="utf-8")
    again = build(few_copy)
    assert again.done.code == 0, again.done.out
    cards = {anchor for anchor in changed(few.fragments(), again.fragments()) if anchor.startswith("card-")}
    assert cards == {"card-aabenraa"}
    assert again.pages("card-aabenraa")[-1] + 1 == again.pages("card-aajt")[0]
    assert missing(again.content, again) == []


def test_a_card_that_is_too_long_loses_no_word_and_its_followers_stay_on_versos(few_copy: Path) -> None:
    sentence = "Le comité numéro {} se réunit pour examiner chacune des demandes déposées par les travailleurs sociaux."
    more = "".join(f"\n  {sentence.format(number)}\n" for number in range(60))
    card = few_copy / "catalogue" / "initiatives" / "aajt.yaml"
    change(card, "description: |\n", f"description: |{more}\n")
    again = build(few_copy)
    assert again.done.code == 0, again.done.out
    (found,) = (finding for finding in again.done.told["findings"] if finding["rule"] == "overset-text")
    assert (found["severity"], found["file"]) == ("warning", "catalogue/initiatives/aajt.yaml")
    told = re.match(r"(\d+) words", found["message"])
    assert told
    part = next(part for part in again.report["parts"] if part["anchor"] == "card-aajt")
    assert 100 < int(told[1]) == part["overset"]
    # At the smallest step these do not fit; on the further pages the text has its normal size.
    assert part["overset"] < sum(part["words"][2:])
    assert len(again.pages("card-aajt")) >= 3
    assert all(again.pages(f"card-{name}")[0] % 2 == 1 for name in FEW)
    assert missing(again.content, again) == []
    assert build(few_copy, "--strict").done.code == 1


# --- what goes wrong leaves the last book ---


@contextmanager
def untouched(root: Path) -> Iterator[Path]:
    """The last PDF of a project must be untouched at the end."""
    path = root / "output" / "full" / "full-screen.pdf"
    before, content = path.stat(), path.read_bytes()
    yield root
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert path.read_bytes() == content


@pytest.fixture
def last(copy: Path) -> Iterator[Path]:
    """A copy of the demonstration whose last PDF must be untouched when the test ends."""
    with untouched(copy) as root:
        yield root


@pytest.fixture(scope="module")
def two_cards_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of two cards in the layout of the demonstration, built; nobody changes it."""
    folder = two_cards(tmp_path_factory.mktemp("two") / "project")
    shutil.copytree(TOP / "layouts", folder.root / "layouts")
    done = livret_here("-C", folder.root, "build")
    assert done.code == 0, done.err
    return folder.root


@pytest.fixture
def last_of_two(two_cards_built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it whose last PDF must be untouched when the test ends: every part is typeset again."""
    with untouched(copied(two_cards_built, tmp_path / "two")) as root:
        yield root


def test_every_mistake_in_the_content_is_told_with_its_line(last: Path) -> None:
    cards = last / "catalogue" / "initiatives"
    change(cards / "aajt.yaml", "scope: regional", "scop: regional")
    change(cards / "kodiko.yaml", "themes: [emploi, lien]", "themes: [emplois, lien]")
    change(cards / "sos.yaml", "pilot:", "pilot: [")
    done = livret_here("-C", last, "build")
    assert done.code == 1
    assert done.out == ""
    for place in ("aajt", "kodiko", "sos"):
        assert re.search(rf"^catalogue/initiatives/{place}\.yaml:\d+: error: .+ \[[a-z-]+\]$", done.err, re.MULTILINE)
    assert re.search(r"^\d errors", done.err, re.MULTILINE)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("layout.yaml", "width: 148", "width: wide", r"layouts/forum/layout\.yaml:\d+: error: trim\.width"),
        ("card.html", "{{ card.anchor }}", "{{ card.ancre }}", r"layouts/forum/card\.html:\d+: .*ancre"),
        ("labels.yaml", "contents: Sommaire", "contents: [Sommaire", r"layouts/forum/labels\.yaml"),
        ("card.css", "@page card-organisation", "@import 'none.css';\n@page card-organisation",
         r"layouts/forum/card\.css:\d+: error: .*none\.css.*\[missing-stylesheet\]"),
        ("base.css", '"Source Sans 3"', '"Sauce Sans 3"',
         r"layouts/forum/base\.css:\d+: error: .*Sauce.*\[missing-font\]"),
    ],
)  # fmt: skip
def test_a_fault_in_the_layout_is_told_with_its_file(
    last_of_two: Path, file: str, old: str, new: str, told: str
) -> None:
    path = last_of_two / "layouts" / "forum" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = livret_here("-C", last_of_two, "build")
    assert done.code == 1
    assert re.search(told, done.err), done.err
    assert "Traceback" not in done.err


def test_a_missing_picture_stops_the_book(last: Path) -> None:
    card = last / "catalogue" / "initiatives" / "aajt.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "images: [{file: images/none.jpg}]\n", encoding="utf-8")
    done = livret_here("-C", last, "build")
    assert done.code == 1
    assert re.search(r"^catalogue/initiatives/aajt\.yaml:\d+: error: .*none\.jpg.* \[missing-picture\]", done.err, re.M)


def test_an_epoch_that_is_no_number_stops_the_book(last: Path) -> None:
    done = livret_here("-C", last, "build", "--all", more={"SOURCE_DATE_EPOCH": "today"})
    assert done.code == 1
    assert done.err.count("SOURCE_DATE_EPOCH") == 1
    assert 'SOURCE_DATE_EPOCH is "today", which is not a number of seconds' in done.err


@pytest.mark.parametrize("place", ["output", "output/full", "output/.store"])
def test_an_output_folder_that_cannot_be_written_is_exit_4(catalogue_folder: CatalogueFolder, place: str) -> None:
    root = small(catalogue_folder)
    path = root / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("a file in the way of a folder")
    done = livret_here("-C", root, "build")
    assert done.code == 4, done.err
    assert "cannot write" in done.err
    assert "hint: " in done.err
    assert "Traceback" not in done.err


# --- a system that lacks something ---

NO_PANGO = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object file")
sys.meta_path.insert(0, Finder())
"""
DYING_WORKER = """
import os, signal, sys
server = os.getpid()
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            if os.getpid() != server:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError("not yet")
sys.meta_path.insert(0, Finder())
"""


def hindered(folder: CatalogueFolder, code: str) -> Done:
    """A build on a system where `code` runs at the start of every Python process."""
    hindrance = folder.root / "hindrance"
    hindrance.mkdir()
    (hindrance / "sitecustomize.py").write_text(code)
    path = os.pathsep.join(filter(None, (str(hindrance), os.environ.get("PYTHONPATH"))))
    return livret("-C", small(folder), "build", more={"PYTHONPATH": path})


def test_without_pango_the_line_to_type_is_told(catalogue_folder: CatalogueFolder) -> None:
    done = hindered(catalogue_folder, NO_PANGO)
    assert done.code == 3, done.err
    assert "libpango-1.0-0" in done.err
    assert "apt install libpango-1.0-0" in done.err
    assert "brew install pango" in done.err
    assert "Traceback" not in done.err


def test_that_every_worker_dies_is_told_once_and_the_next_build_is_right(catalogue_folder: CatalogueFolder) -> None:
    done = hindered(catalogue_folder, DYING_WORKER)
    assert done.code == 1, done.err
    assert done.err.count("die") == 2, done.err
    assert "workers die before they can do anything: 2 worker processes died at" in done.err
    assert "--jobs 1" in done.err
    assert "Traceback" not in done.err
    assert build(small(catalogue_folder)).done.code == 0


# --- killed, interrupted, twice at once ---


class Running:
    """A build that is under way. The file `alive` ends when no process of the build is left."""

    def __init__(self, root: Path) -> None:
        terminal, theirs = os.openpty()
        reading, alive = os.pipe()
        self.process = subprocess.Popen(
            command("-C", root, "--jobs", "2", "build"),
            env=environment({"TERM": "dumb"}),
            stdin=subprocess.DEVNULL,
            stdout=alive,
            stderr=theirs,
            start_new_session=True,
            # A shell that runs tests in the background has it ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(theirs)
        os.close(alive)
        self.alive, self.terminal = os.fdopen(reading, "rb"), terminal
        self.said = b""

    def wait_until_typesetting(self, number: int) -> None:
        """Returns when so many parts have been typeset."""
        while f" {number}/".encode() not in self.said:
            self.said += os.read(self.terminal, 1024)

    def end(self) -> int:
        """The exit code, when every process of the build has gone."""
        code = self.process.wait(60)
        with self.alive:
            ended, _, _ = select.select([self.alive], [], [], 30)
        if not ended:
            os.killpg(self.process.pid, signal.SIGKILL)
        try:
            while more := os.read(self.terminal, 1024):
                self.said += more
        except OSError:
            # Linux tells the end of a terminal as an error.
            pass
        os.close(self.terminal)
        assert ended, "a process of the build was left"
        return code


@pytest.fixture(scope="module")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The catalogue of `small`, built; nobody changes it."""
    built = build(small(two_cards(tmp_path_factory.mktemp("small") / "project")))
    assert built.done.code == 0, built.done.err
    return built


@pytest.fixture
def first(small_built: Book, tmp_path: Path) -> Book:
    """A copy of it, with all that is stored."""
    return replace(small_built, root=copied(small_built.root, tmp_path / "first"))


@pytest.mark.parametrize("whom", ["group", "parent"])
def test_a_killed_build_leaves_the_last_pdf_and_no_process(first: Book, whom: str) -> None:
    root = first.root
    content = first.path.read_bytes()
    shutil.rmtree(root / "output" / ".store")
    running = Running(root)
    running.wait_until_typesetting(3)
    if whom == "group":
        os.killpg(running.process.pid, signal.SIGKILL)
    else:
        running.process.kill()
    assert running.end() == -signal.SIGKILL, "and every worker has gone"
    assert first.path.read_bytes() == content
    again = build(root)
    assert again.done.code == 0, again.done.err
    assert again.path.read_bytes() == content
    assert again.told["reused"] > 0, "what was typeset before is kept"


DYING_BINDER = """
import os, signal, sys
from livret.book.binding.pdf_writer import Writer
def close(self, *arguments):
    self._file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
Writer.close = close
from livret.cli import main
main(sys.argv[1:])
"""


def test_a_build_killed_while_it_binds_leaves_the_last_pdf(first: Book) -> None:
    root = first.root
    content = first.path.read_bytes()
    # Only the date changes: with nothing to typeset, binding has no worker of its own.
    later = {"SOURCE_DATE_EPOCH": "1700000000"}
    killed = subprocess.run(
        [sys.executable, "-c", DYING_BINDER, "-C", root, "build"],
        env=environment(later), capture_output=True, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert first.path.read_bytes() == content
    again = build(root, **later)
    assert again.done.code == 0, again.done.err
    assert again.pdf.info["/CreationDate"].startswith("D:20231114")


def test_an_interrupted_build_says_so_and_leaves_no_process(catalogue_folder: CatalogueFolder) -> None:
    root = small(catalogue_folder)
    # So many that the build is not over before the signal comes.
    for number in range(40):
        text = catalogue_folder.path("initiatives/kodiko.yaml").read_text(encoding="utf-8")
        catalogue_folder.write(f"initiatives/kodiko-{number}.yaml", text)
    running = Running(root)
    running.wait_until_typesetting(2)
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.end() == 130
    assert b"interrupted" in running.said
    assert b"Traceback" not in running.said
    for number in range(40):
        catalogue_folder.remove(f"initiatives/kodiko-{number}.yaml")
    assert build(root).done.code == 0

"""Composing: content becomes HTML and stays text, references print folios, a layout's faults are told with their line.

The golden files are written anew by `LIVRET_GOLDEN=write .venv/bin/python -m pytest tests/test_compose.py`; look at
the difference before you commit them.
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from conftest import SVG, CatalogueFolder
from livret.book.plan import outline
from livret.content.language import markdown
from livret.findings import LivretError
from livret.pages.compose.composer import Composer
from livret.pages.compose.drawings import QrCodes, inline_svg, monogram
from livret.pages.compose.templates import FILTERS
from livret.pages.flatplan import Edition, Part, Side, flatplan, select
from livret.pages.galley import Galley
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination, paginate
from press import TOP, change, plain_layout

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("LIVRET_GOLDEN") == "write"

FILES = {
    "catalogue.yaml": """\
title: Le forum
date: 2019-05-01
language: fr
demonstration: true
themes:
  - {id: logement, name: Accès au logement, pictogram: logement}
  - {id: emploi, name: Emploi, color: "#369"}
partners: [diair]
""",
    "foreword.yaml": """\
title: Avant-propos
body: |
  Lisez [Elia](card:elia), [nous](partner:diair) et [la note](page:note).
""",
    "pages/note.yaml": "title: Note\nbody: À lire.\n",
    "partners/diair.yaml": "name: Délégation à l'accueil\nacronym: Diair\nbody: Elle coordonne.\n",
    "initiatives/aajt.yaml": """\
pilot:
  name: Association d'aide aux jeunes
  acronym: AAJT
  logo: images/aajt logo.svg
  about: |
    # Qui sommes-nous ?

    Une *association*.
contacts:
  - {role: Direction, phones: ["01 99 00 12 34"], email: direction@aajt.example.org}
title: Coup de Pouce
summary: Aider **vite**.
description: |
  - une aide
  - avec [Elia](card:elia)
figures:
  - {value: "97 %", label: de sorties, pictogram: emploi}
themes: [emploi, logement]
territories: [FR-PAC, FR-13]
images:
  - {file: images/aajt logo.svg, caption: Un *atelier*}
""",
    "initiatives/elia.yaml": """\
pilot: {name: Elia, about: Elia écoute.}
themes: [logement]
territories: [FR-IDF]
""",
    "initiatives/kodiko.yaml": """\
pilot: {name: Kodiko, about: Kodiko réunit.}
themes: [emploi]
scope: national
""",
    "images/aajt logo.svg": SVG,
}


@pytest.fixture
def folder(tmp_path: Path) -> CatalogueFolder:
    """A project of three cards in the plain layout."""
    made = CatalogueFolder(tmp_path / "project")
    for name, content in FILES.items():
        made.write(name, content)
    pictograms = made.root / "pictograms"
    pictograms.mkdir()
    (pictograms / "logement.svg").write_text(
        '<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg viewBox="0 0 4 4" role="img">'
        '<title>House</title><path fill="currentColor" d="M0 4h4V2L2 0z"/></svg>\n'
    )
    (pictograms / "emploi.svg").write_text('<svg viewBox="0 0 4 4"><path stroke="currentColor" d="M0 0h4"/></svg>')
    plain_layout(made)
    return made


class Press:
    """An edition of the project, its parts and their pages: cards of two pages, all else of one."""

    def __init__(self, folder: CatalogueFolder, edition: str = "full") -> None:
        self.edition: Edition = select(folder.catalogue(), edition)
        self.composer = Composer(folder.project, self.edition, Layout(folder.project, self.edition.layout))
        self.parts = {part.anchor: part for part in flatplan(self.edition)}
        self.pagination = self.paginate(lambda part: ("verso", "recto") if part.kind == "card" else ("any",))

    def paginate(self, sides: Any, multiple: int = 1) -> Pagination:
        parts = tuple(self.parts.values())
        return paginate(parts, {part.anchor: sides(part) for part in parts}, multiple)

    def galley(self, anchor: str) -> Galley:
        return self.composer.galley(self.parts[anchor], self.pagination)[0]

    def html(self, anchor: str) -> str:
        return self.galley(anchor).html

    def prints_folios(self, anchor: str) -> bool:
        return self.composer.galley(self.parts[anchor], self.pagination)[1]


# --- goldens ---


@pytest.mark.parametrize(
    "anchor", ["card-aajt", "card-elia", "card-kodiko", "cover", "foreword", "legend", "contents", "index", "furniture"]
)
def test_html_is_the_golden_one(folder: CatalogueFolder, anchor: str) -> None:
    press = Press(folder)
    html = press.composer.furniture(press.pagination)[0].html if anchor == "furniture" else press.html(anchor)
    golden = GOLDEN / f"{anchor}.html"
    if REWRITE:
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(html, encoding="utf-8")
    assert html == golden.read_text(encoding="utf-8")


def test_composing_twice_gives_equal_galleys(folder: CatalogueFolder) -> None:
    one, other = Press(folder), Press(folder)
    for anchor in one.parts:
        assert one.galley(anchor) == other.galley(anchor)
        assert one.galley(anchor).digest == other.galley(anchor).digest


def test_a_notes_page_is_the_golden_one(folder: CatalogueFolder) -> None:
    press = Press(folder)
    pagination = press.paginate(lambda part: ("verso", "recto") if part.kind == "card" else ("any",), 18)
    notes = [part for part in pagination.parts if part.is_filler]
    assert [part.anchor for part in notes] == ["notes-1", "notes-2", "notes-3"]
    galley, prints_folios = press.composer.galley(notes[0], pagination)
    golden = GOLDEN / "notes-1.html"
    if REWRITE:
        golden.write_text(galley.html, encoding="utf-8")
    assert galley.html == golden.read_text(encoding="utf-8")
    assert (galley.anchor, galley.place, prints_folios) == ("notes-1", "layouts/plain/notes.html", False)
    assert "break-before: right" in galley.stylesheets[-1].text
    other, _ = press.composer.galley(notes[1], pagination)
    assert "break-before: left" in other.stylesheets[-1].text


def test_notes_pages_are_not_in_the_outline(folder: CatalogueFolder) -> None:
    press = Press(folder)
    pagination = press.paginate(lambda part: ("verso", "recto") if part.kind == "card" else ("any",), 18)
    assert "notes-1" in [part.anchor for part in pagination.parts]
    entries = outline(press.composer.navigation, pagination.parts)
    told = {entry.anchor for section in entries for entry in (section, *section.children)}
    assert not {anchor for anchor in told if anchor.startswith("notes")}
    assert {"card-aajt", "card-kodiko", "contents"} <= told
    assert "Notes" not in {entry.title for entry in entries}


def test_notes_pages_have_furniture_and_no_line_in_the_contents(folder: CatalogueFolder) -> None:
    press = Press(folder)
    plain = press.html("contents")
    press.pagination = press.paginate(lambda part: ("verso", "recto") if part.kind == "card" else ("any",), 18)
    assert press.html("contents") == plain
    folio = press.pagination.folio("notes-1")
    furniture = press.composer.furniture(press.pagination)[0].html
    assert f'<div class="sheet recto notes"><p class="folio">{folio}</p>Notes</div>' in furniture


# --- galleys ---


def test_a_galley_knows_its_file_its_side_and_its_room(folder: CatalogueFolder) -> None:
    press = Press(folder)
    card, contents = press.galley("card-aajt"), press.galley("contents")
    assert card.place == "catalogue/initiatives/aajt.yaml"
    assert contents.place == "layouts/plain/contents.html"
    assert (card.room, card.fit) == (1, ("tight", "tighter"))
    assert (contents.room, contents.fit) == (0, ())
    assert dict(card.sides) == {"organisation": "verso", "project": "recto"}
    assert card.base == folder.root / "catalogue"
    assert set(card.roots) >= {folder.root / "catalogue", folder.root / "layouts" / "plain", folder.root / "pictograms"}
    assert folder.root not in card.roots, "nothing else of the project may be read"
    assert [sheet.name for sheet in card.stylesheets][:2] == ["layout.yaml", "layouts/plain/base.css"]


@pytest.mark.parametrize(("pages", "side"), [(1, "verso"), (2, "recto")])
def test_a_part_starts_on_the_side_where_it_stands(folder: CatalogueFolder, pages: int, side: Side) -> None:
    press = Press(folder)
    press.pagination = press.paginate(lambda part: ("any",) * (pages if part.anchor == "foreword" else 1))
    galley = press.galley("page-note")
    assert f'class="{side}"' in galley.html
    physical = {"verso": "(verso|left)", "recto": "(recto|right)"}[side]
    assert re.search(f"break-before: {physical}", galley.stylesheets[-1].text)


def test_folios_make_galleys_differ_only_where_they_are_printed(folder: CatalogueFolder) -> None:
    press = Press(folder)
    before = {anchor: press.galley(anchor) for anchor in press.parts}
    press.pagination = press.paginate(
        lambda part: ("verso", "recto") if part.kind == "card" else ("any",) * (3 if part.kind == "foreword" else 1)
    )
    after = {anchor: press.galley(anchor) for anchor in press.parts}
    changed = {anchor for anchor in press.parts if before[anchor] != after[anchor]}
    # All moved by two pages: the contents, the index and the parts that refer to others print other numbers.
    assert changed == {"contents", "index", "foreword", "card-aajt"}
    assert {anchor for anchor in press.parts if press.prints_folios(anchor)} == changed


# --- references ---


def test_a_reference_prints_the_folio_and_links(folder: CatalogueFolder) -> None:
    press = Press(folder)
    html = press.html("card-aajt")
    folio = press.pagination.folio("card-elia")
    assert re.search(
        rf'<a class="reference" href="livret:card-elia">\s*Elia <span [^>]+>\(p\.\s{folio}\)</span></a>', html
    )
    html = press.html("foreword")
    for anchor in ("card-elia", "partner-diair", "page-note"):
        assert f'href="livret:{anchor}"' in html
        assert re.search(rf"\(p\.\s{press.pagination.folio(anchor)}\)", html)


def test_a_reference_to_a_part_that_is_not_in_the_edition_is_words_alone(folder: CatalogueFolder) -> None:
    folder.write("editions/paca.yaml", "territories: [FR-PAC]\npartners: []\nsections: [foreword, initiatives]\n")
    press = Press(folder, "paca")
    assert "card-elia" not in press.parts
    for anchor in ("card-aajt", "foreword"):
        html = press.html(anchor)
        assert "Elia" in html
        assert "livret:" not in html
        assert "p." not in re.sub(r"<[^>]+>", "", html)


# --- content stays text ---

HOSTILE = (
    "{{ 7*7 }}",
    "{% for x in () %}",
    "{# gone #}",
    "<script>alert(1)</script>",
    "<img src=http://example.org/x.png>",
    "<style>p { color: red }</style>",
    "</body></html>",
    '" onclick="x',
    "&lt;b&gt;",
    "a < b > c & d",
)


class Tags(HTMLParser):
    """The elements, the attributes and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["name", "title", "role", "label"])
def test_markup_in_plain_fields_is_printed_as_typed(folder: CatalogueFolder, field: str, text: str) -> None:
    places = {
        "name": "Association d'aide aux jeunes",
        "title": "Coup de Pouce",
        "role": "Direction",
        "label": "de sorties",
    }
    clean = Tags(Press(folder).html("card-aajt"))
    quoted = "'" + text.replace("'", "''") + "'"
    folder.change("initiatives/aajt.yaml", places[field], quoted)
    press = Press(folder)
    tags = Tags(press.html("card-aajt"))
    # Typography may turn quotes and spaces; letters, braces and brackets stay.
    plain = re.sub(r'[\s"“”«»]+', "", text)
    assert plain in re.sub(r'[\s"“”«»]+', "", tags.words)
    # An address is marked, and may break.
    marks = ("span", "wbr")
    assert [one for one in tags.seen if one[0] not in marks] == [one for one in clean.seen if one[0] not in marks]
    for anchor in ("contents", "index"):
        assert not {"script", "img", "style"} & {tag for tag, _ in Tags(press.html(anchor)).seen}


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}", "{{ edition.title }}"])
def test_templates_in_markdown_are_printed_as_typed(folder: CatalogueFolder, text: str) -> None:
    folder.change("initiatives/aajt.yaml", "Une *association*.", text)
    assert text in " ".join(Tags(Press(folder).html("card-aajt")).words.split())


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=http://example.org/x.png>", "![x](http://example.org/x.png)"]
)
def test_html_and_pictures_in_markdown_are_never_elements(folder: CatalogueFolder, text: str) -> None:
    clean = Tags(Press(folder).html("foreword"))
    from livret.content.language.markdown import inline_html, to_html

    for html in (to_html(text), inline_html(text)):
        assert not {"script", "img"} & {tag for tag, _ in Tags(html).seen}
    assert not {"script", "img"} & {tag for tag, _ in clean.seen}


# --- drawings and filters ---


@pytest.mark.parametrize("layout", ["forum", "pocket", "web"])
def test_no_attribute_of_a_layout_holds_a_text_that_may_have_tags(layout: str) -> None:
    for path in (TOP / "layouts" / layout).glob("*.html"):
        template = path.read_text(encoding="utf-8")
        values = re.findall(r'(?:alt|title|aria-label)="((?:[^"{]|\{(?!\{)|\{\{.*?\}\})*)"', template)
        assert not [value for value in values if re.search(r"\|\s*(fr|own|ending|md|inline)\b", value)], path.name


def test_the_heads_that_pocket_repeats_are_escaped_once_and_end_with_a_whole_word(
    catalogue_folder: CatalogueFolder,
) -> None:
    publication, card = (catalogue_folder.path(name) for name in ("catalogue.yaml", "initiatives/aajt.yaml"))
    publication.write_text(publication.read_text(encoding="utf-8") + "layout: pocket\n", encoding="utf-8")
    title = "L'aide & l'accueil, " + "d'un commun accord, " * 9
    card.write_text(
        card.read_text(encoding="utf-8").replace("Coup de Pouce", f'"{title.strip(", ")}"'), encoding="utf-8"
    )
    again = re.findall(r'<div class="again .*?</div>\n</div>', Press(catalogue_folder).html("card-aajt"), re.DOTALL)
    assert len(again) == 2
    for head in again:
        assert "<strong>L’aide &amp; l’accueil, d’un commun accord" in head
        assert head.split("</strong>")[0].endswith(", d’un…")
        assert "&amp;amp;" not in head
        assert "#39" not in head


@pytest.mark.parametrize("text", ["Un atelier de www.exemple.fr", "Appelez le 04 91 00 00 00", "Le 1er atelier"])
def test_the_text_of_an_attribute_has_no_tags(text: str) -> None:
    made = FILTERS["said"]({"part": {"language": "fr"}}, text)
    assert "<" not in made
    assert made.replace("\u00a0", " ") == text


def test_pictograms_take_their_colour_and_their_name(folder: CatalogueFolder) -> None:
    html = Press(folder).html("card-elia")
    drawing = re.search(r"<svg [^>]*>.*?</svg>", html[html.index('class="project"') :], re.DOTALL)
    assert drawing
    assert "currentColor" not in drawing[0]
    assert 'fill="#922a07"' in drawing[0]
    assert "<title>Accès au logement</title>" in drawing[0]


@pytest.mark.parametrize(
    ("svg", "colour", "title", "expected"),
    [
        ("<svg><path/></svg>", None, None, '<svg aria-hidden="true"><path/></svg>'),
        ('<svg role="img"><title>A</title></svg>', None, None, '<svg aria-hidden="true" ></svg>'),
        ("<svg><title>A</title></svg>", None, "B & C", "<svg><title>B &amp; C</title></svg>"),
        ('<svg id="a"><path/></svg>', None, r"B\1", '<svg id="a"><title>B\\1</title><path/></svg>'),
        ('<?xml?><!-- a -->\n<svg fill="currentColor"/>', "red", None, '<svg aria-hidden="true" fill="red"/>'),
        ('<svg fill="currentColor"/>', None, None, '<svg aria-hidden="true" fill="currentColor"/>'),
    ],
)
def test_an_svg_stands_in_html(svg: str, colour: str | None, title: str | None, expected: str) -> None:
    assert inline_svg(svg, colour, title) == expected


@pytest.mark.parametrize(
    ("name", "acronym", "letters"),
    [
        ("Association d'aide aux jeunes travailleurs", "AAJT", "AAJT"),
        ("Association d'aide aux jeunes travailleurs", None, ""),
        ("Kodiko", None, ""),
        ("Le Refuge", None, ""),
        ("Union", "HabitatJ", "HabitatJ"),
        ("Union", "HabitatJeunes", ""),
    ],
)
def test_letters_stand_for_a_logo_only_where_they_were_typed(name: str, acronym: str | None, letters: str) -> None:
    assert monogram(name, acronym) == letters


def render(folder: CatalogueFolder, template: str) -> str:
    """What a template of one expression gives in place of the card."""
    (folder.root / "layouts" / "plain" / "card.html").write_text(template, encoding="utf-8")
    return Press(folder).html("card-aajt")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("https://www.example.org/", "www.<wbr>example.<wbr>org"),
        ("HTTP://example.org/a/b", "example.<wbr>org/<wbr>a/<wbr>b"),
        ("direction@aajt.example.org", "direction@<wbr>aajt.<wbr>example.<wbr>org"),
        ("example.org/?a=1&b=2", "example.<wbr>org/?<wbr>a=<wbr>1&amp;<wbr>b=<wbr>2"),
        ("<b>.org", "&lt;b&gt;.<wbr>org"),
        ("01 99 00 12 34", "01\xa099\xa000\xa012\xa034"),
        ("+33 (0)1 99 00 12 34 poste 12", "+33\xa0(0)1\xa099\xa000\xa012\xa034 poste 12"),
        ("01.99.00.12.34", "01.99.00.12.34"),
    ],
)
def test_addresses_break_after_their_marks(folder: CatalogueFolder, value: str, printed: str) -> None:
    folder.path("value").write_text(value)
    assert render(folder, f"{{{{ {value!r}|address }}}}") == printed


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("direction@aajt.example.org", "mailto:direction@aajt.example.org"),
        ("01 99 00 12 34", "tel:+33199001234"),
        ("+33 1 99 00 12 34", "tel:+33199001234"),
        ("01.99.00.12.34", "tel:+33199001234"),
        ("39 49", "tel:3949"),
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a@b", "http://example.org/a@b"),
    ],
)
def test_what_a_link_leads_to(folder: CatalogueFolder, value: str, target: str) -> None:
    assert render(folder, f"{{{{ {value!r}|href }}}}") == target


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("www.example.org", '<a href="https://www.example.org">www.<wbr>example.<wbr>org</a>'),
        ("contact@diair", '<a href="mailto:contact@diair">contact@<wbr>diair</a>'),
        ("au 01 99 00 12 34, le matin", '<a href="tel:+33199001234">au 01\xa099\xa000\xa012\xa034, le matin</a>'),
        ("à l'accueil", "à l&#x27;accueil"),
        ("a@b.fr, c@d.fr", "a@<wbr>b.<wbr>fr, c@<wbr>d.<wbr>fr"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_contact_is_printed_as_typed_and_linked_if_it_can_be(
    folder: CatalogueFolder, value: str, printed: str
) -> None:
    assert render(folder, f"{{{{ {value!r}|linked }}}}") == printed


def test_a_numbered_list_tells_style_sheets_where_it_begins(folder: CatalogueFolder) -> None:
    html = render(folder, "{{ '5. a\n6. b\n\nc\n\n1. d'|md }}")
    assert re.findall("<ol.*?>", html) == ['<ol start="5" style="--before: 4">', "<ol>"]


@pytest.mark.parametrize(
    ("language", "day", "printed"),
    [
        ("fr", "2019-04-30", "30 avril 2019"),
        ("fr", "2019-05-01", "1er mai 2019"),
        ("fr-CA", "2019-08-02", "2 août 2019"),
        ("en", "2019-05-01", "1 May 2019"),
        ("de", "2019-05-01", "1. Mai 2019"),
        ("es", "2019-05-01", "1 de mayo de 2019"),
        ("it", "2019-05-01", "1º maggio 2019"),
        ("it", "2019-05-11", "11 maggio 2019"),
        ("ar", "2019-05-01", "1 مايو 2019"),
        ("ar-SY", "2019-05-01", "1 أيار 2019"),
        ("uk", "2019-05-01", "1 травня 2019\u202fр."),
        ("prs", "2019-06-01", "1 جون 2019"),
        ("fa-AF", "2019-06-01", "1 جون 2019"),
        ("tlh", "2019-05-01", "2019-05-01"),
    ],
)
def test_long_dates(folder: CatalogueFolder, language: str, day: str, printed: str) -> None:
    folder.change("catalogue.yaml", "language: fr", f"language: {language}")
    folder.change("catalogue.yaml", "2019-05-01", day)
    assert render(folder, "{{ edition.date|longdate }}").replace("\u00a0", " ") == printed


@pytest.mark.parametrize(
    ("territories", "on"),
    [("FR-PAC, FR-13", 1), ("FR-PAC", 2), ("FR-IDF, FR-13", 3), ("FR-13, FR-83", 2), ("FR-PAC, FR-13, FR-IDF", 3)],
)
def test_a_card_of_a_region_alone_is_everywhere_in_it(folder: CatalogueFolder, territories: str, on: int) -> None:
    folder.change("initiatives/aajt.yaml", "[FR-PAC, FR-13]", f"[{territories}]")
    path = re.search(r'<path fill="#336699" d="([^"]+)"', Press(folder).html("card-aajt"))
    assert path
    assert path[1].count("M") == on


def test_a_national_card_without_places_has_no_locator(folder: CatalogueFolder) -> None:
    assert 'class="locator"' not in Press(folder).html("card-kodiko")


def test_a_qr_code_is_one_unit_a_module() -> None:
    svg = QrCodes().svg("https://www.example.org", "#123456")
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert box
    # 23 characters at level M need version 2: 4 x 2 + 17 modules.
    assert (int(box[1]), int(box[2])) == (25, 25)
    assert "#123456" in svg
    assert QrCodes().svg("https://www.example.org", "#123456") == svg
    assert QrCodes().svg("https://www.example.com", "#123456") != svg


def test_a_qr_code_is_the_same_whether_its_mask_was_kept_or_not() -> None:
    first = QrCodes()
    svg = first.svg("https://www.example.org", "#123456")
    (name,) = first.masks
    assert first.masks[name] in range(8)
    assert QrCodes(first.masks).svg("https://www.example.org", "#123456") == svg
    other = QrCodes({name: (first.masks[name] + 1) % 8}).svg("https://www.example.org", "#123456")
    assert other != svg, "a mask that is kept is not chosen again"
    for damaged in ("1", -1, 8, None, 1.0, [1]):
        assert QrCodes({name: damaged}).svg("https://www.example.org", "#123456") == svg


# --- the index ---


def test_the_index_is_in_alphabetical_order_whatever_the_accents(folder: CatalogueFolder) -> None:
    html = Press(folder).html("index")
    regions = re.findall(r"<h2>([^<]+?) ?<a href", html)
    assert regions == ["Île-de-France", "Provence-Alpes-Côte d&#39;Azur"]


def test_legend_and_tabs_have_the_themes_of_the_editions_cards(folder: CatalogueFolder) -> None:
    folder.write("editions/work.yaml", "include: [kodiko]\nthemes: [emploi]\nexclude: [aajt, elia]\n")
    press = Press(folder, "work")
    legend = press.html("legend")
    assert "Emploi" in legend
    assert "Accès au logement" not in legend
    sheets = [press.composer.navigation.furniture(sheet) for sheet in press.pagination.sheets]
    # The first and only tab; the second of the catalogue's themes.
    assert {(sheet.tab, sheet.theme.index) for sheet in sheets if sheet.theme} == {(0, 1)}


# --- a layout that is wrong ---


@pytest.mark.parametrize(
    ("file", "line", "fault", "told"),
    [
        ("card.html", 4, "{{ card.nope }}", "nope"),
        ("card.html", 4, "{{ labels.nope }}", "nope"),
        ("card.html", 4, "{{ nope }}", "nope"),
        ("card.html", 4, "{{ card.title|nope }}", "nope"),
        ("card.html", 4, "{% if %}", "a value is missing before"),
        ("card.html", 4, "{{ 1/0 }}", "division by zero"),
        ("card.html", 4, "{{ card.images[7].file }}", "has no element 7"),
        ("card.html", 4, "{{ none|length }}", "has no len"),
        ("card.html", 4, "{% include 'nope.html' %}", r"nope\.html"),
        ("card.html", 4, "{{ ''.__class__.__mro__ }}", "unsafe|undefined"),
        ("card.html", 4, "{{ card.themes.append(1) }}", "append"),
        ("_part.html", 3, "{{ nope }}", "nope"),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_line(
    folder: CatalogueFolder, file: str, line: int, fault: str, told: str
) -> None:
    path = folder.root / "layouts" / "plain" / file
    lines = path.read_text().splitlines()
    lines.insert(line - 1, fault)
    path.write_text("\n".join(lines))
    with pytest.raises(LivretError, match=rf"layouts/plain/{file}:{line}: .*({told})"):
        Press(folder).html("card-aajt")


def test_a_missing_template_is_named(folder: CatalogueFolder) -> None:
    (folder.root / "layouts" / "plain" / "card.html").unlink()
    with pytest.raises(LivretError, match=r"card\.html: the layout plain fails here: "):
        Press(folder).html("card-aajt")


def test_a_template_cannot_read_files_of_the_project(folder: CatalogueFolder) -> None:
    with pytest.raises(LivretError, match="catalogue"):
        render(folder, "{% include '../../catalogue/catalogue.yaml' %}")


def test_our_own_bug_keeps_its_traceback(folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> str:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("livret.content.language.markdown._render", broken)
    # Texts that were set before are not rendered again.
    markdown.to_html.cache_clear()
    with pytest.raises(ZeroDivisionError, match="ours"):
        Press(folder).html("card-aajt")


def test_a_drawing_that_is_not_utf_8_is_told(folder: CatalogueFolder) -> None:
    (folder.root / "pictograms" / "logement.svg").write_bytes(b"<svg>\n\xe9</svg>")
    with pytest.raises(LivretError, match=r"pictograms/logement\.svg:2: .*UTF-8"):
        Press(folder).html("card-elia")


def test_titles_of_parts(folder: CatalogueFolder) -> None:
    press = Press(folder)
    titles = {anchor: press.composer.navigation.title(part) for anchor, part in press.parts.items()}
    assert titles["card-aajt"] == "AAJT"
    assert titles["partner-diair"] == "Diair"
    assert titles["page-note"] == "Note"
    assert titles["contents"] == "Sommaire"
    change(folder.path("initiatives/aajt.yaml"), "acronym: AAJT", "acronym: AAJT\n  sort_as: Aide")
    again = Press(folder)
    assert again.composer.navigation.title(again.parts["card-aajt"]) == "Aide"
    assert isinstance(again.parts["card-aajt"], Part)

"""Catalogues of other kinds than the demonstration: names and titles that nobody foresaw, themes without signs."""

from __future__ import annotations

import json
import math
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

import page_metrics
import stress
from conftest import CatalogueFolder
from engine_bench import Bench
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Part, Side, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.web.site import build_web
from press import livret_here

LONG = "Kraftfahrzeughaftpflichtversicherungsrecht"
# About 150 letters.
NAME = (
    "Association départementale pour la sauvegarde de l'enfance, de l'adolescence et des adultes en difficulté de "
    "l'Ille-et-Vilaine et du bassin de Rance"
)
# 160 letters; its little words keep to those that follow.
TITLE = (
    "Accompagner, loger, soigner, former et employer ensemble : le pari d'un territoire rural qui refuse la fatalité "
    "du départ et de la vacance des logements, 2016-2"
)
THREE_LINES = (
    "Un guichet ouvert le samedi, où des juristes reçoivent, écoutent et orientent vers les services compétents de la "
    "ville, du département et de l'État, sans rendez-vous et sans limite de temps."
)
# Three lines as large as other titles of pages.
VOICES = "Mot de la présidente de la fédération et des maires des communes du plateau"
BODY = "Chacun y vient avec ce qu'il sait faire, et repart avec ce qu'un autre lui a montré. " * 6
THEMES = {
    "papiers": "Droits, papiers et démarches administratives de la vie quotidienne et des séjours de longue durée",
    "arts": "Arts vivants, musées, bibliothèques et patrimoine",
}
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80"><path d="M0 0h300v80h-300z" fill="#222222"/></svg>'
ROLES = [
    {"address": "12, avenue du Maréchal-de-Lattre-de-Tassigny, 63000 Clermont-Ferrand"},
    {"role": "Coordinatrice", "name": "Aïssatou Diallo-Bernadette", "address": "Aubusson"},
    {"role": "Responsable du pôle hébergement et accompagnement vers le logement", "name": "Pr. Jean de La Roche"},
]


def contacts(count: int) -> list[dict[str, Any]]:
    return [
        {
            "organisation": "Maison des solidarités du plateau",
            **ROLES[n % 3],
            "phones": [f"01 99 00 {10 + n} {30 + n}"],
            "email": f"pole.hebergement.{n}@solidarites.example.org",
        }
        for n in range(count)
    ]


def card(name: str, about: int, project: int, results: int = 0, **more: Any) -> dict[str, Any]:
    writer = stress.Writer(about)
    made = {"pilot": {"name": name, "about": writer.words(about)}, "title": "Ouvrir", "summary": writer.words(20)}
    made |= {"description": writer.words(project), "themes": ["toit"], "scope": "none"}
    return made | ({"results": writer.words(results)} if results else {}) | more


CARDS = {
    "long-title": card("Trame", 60, 60, title=TITLE),
    "twelve": card("Plate-forme", 70, 110, 70, contacts=contacts(12), scope="regional", territories=["FR-67"]),
    # 110 words of the organisation, 20 of partners, 420 of the project with its results.
    "third-of-results": card(
        "Tables ouvertes",
        110,
        280,
        140,
        partners=stress.Writer(3).words(20),
        contacts=contacts(1),
        territories=["FR-23"],
    )
    | {"scope": "regional"},
    "little": card("Club", 12, 20),
    "figures": card(
        "Oasis", 20, 40, figures=[{"value": "1 250 000 €", "label": "collectés"}, {"value": "42", "label": "lits"}]
    ),
    "two-long-themes": card("Entraide", 60, 160, title="Guichet", themes=["papiers", "arts"], summary=THREE_LINES),
    "pictured": card("Atelier", 70, 190, images=[{"file": "images/face.png", "alt": "Un mur"}], territories=["FR-23"])
    | {"scope": "regional"},
    "promotions": card("Promotions", 20, 12, description="98. douze ;\n99. treize ;\n100. onze ;\n101. neuf."),
    "german": card(NAME, 40, 60, title=f"Ein Kurs: Die {LONG} verstehen"),
}

# Somewhere near the foot of a column of pocket.
LOW = [{"value": f"{10 + number}", "label": stress.Writer(number).words(9)} for number in range(4)]
CARDS |= {
    f"low-{words}": card("Chiffres", 150, 150, figures=LOW, summary=stress.Writer(2).words(words), contacts=contacts(1))
    for words in range(50, 72, 3)
}


def write(folder: Path, layout: str) -> Path:
    home = folder / "catalogue"
    publication = {
        "title": "Solidarités en actes",
        "language": "fr",
        "demonstration": True,
        "layout": layout,
        "issued": "2026-05-23",
        "partners": ["one", "two"],
        "themes": [
            {"id": "toit", "name": "Se loger", "color": "#17704f"},
            *({"id": id_, "name": THEMES[id_]} for id_ in THEMES),
        ],
        "publisher": {"name": "Fédération", "website": "www.solidarites.example.org"},
    }
    stress.dump(home / "catalogue.yaml", publication)
    signed = {"name": LONG, "role": "Présidente"}
    voice = {
        "title": "Éditorial",
        "body": stress.Writer(2).words(30),
        "signature": signed,
        "portrait": "images/face.png",
    }
    stress.dump(home / "foreword.yaml", voice)
    named = {"name": NAME, "logo": "images/logo.svg", "body": BODY}
    stress.dump(home / "partners" / "one.yaml", {"name": "Région", "body": BODY})
    stress.dump(home / "partners" / "two.yaml", named)
    stress.dump(home / "pages" / "note.yaml", {"title": VOICES, "body": stress.Writer(7).words(60)})
    (home / "images").mkdir()
    Image.new("RGB", (700, 900), "#888888").save(home / "images" / "face.png")
    (home / "images" / "logo.svg").write_text(LOGO, encoding="utf-8")
    for name, made in CARDS.items():
        stress.dump(home / "initiatives" / f"{name}.yaml", made)
    return folder


@dataclass(frozen=True)
class Book:
    """The book in one layout: its pages, where its parts stand, and the file."""

    layout: str
    pages: tuple[page_metrics.Page, ...]
    parts: dict[str, dict[str, Any]]
    path: Path

    def of(self, anchor: str) -> list[page_metrics.Page]:
        first, last = self.parts[anchor]["folios"]
        return list(self.pages[first - 1 : last])

    def paths(self, page: page_metrics.Page) -> list[tuple[float, float, float, float]]:
        """The boxes of what is drawn on a page: left, foot, right, top."""
        with pypdfium2.PdfDocument(self.path) as document:
            kinds = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]
            return [item.get_bounds() for item in document[page.number - 1].get_objects(filter=kinds, max_depth=5)]


def built(folder: Path, layout: str) -> Book:
    """The book of a project whose catalogue has this layout."""
    done = livret_here("-C", folder, "build")
    assert done.code == 0, done.err
    path = folder / "output" / "full" / "full-screen.pdf"
    report = json.loads((folder / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    return Book(layout, page_metrics.pages(path), {part["anchor"]: part for part in report["parts"]}, path)


@pytest.fixture(scope="module", params=["forum", "pocket"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    return built(write(tmp_path_factory.mktemp("others") / request.param, request.param), request.param)


def squeezed(text: str) -> str:
    """Without spaces, which letters set apart look like."""
    return "".join(text.split())


def test_a_partner_with_a_long_name_has_the_head_of_the_others(book: Book) -> None:
    one, two = (book.of(f"partner-{name}")[0] for name in ("one", "two"))
    assert one.band == two.band
    # The first line of each text.
    found = [next(line for line in page.text if squeezed(line.text).startswith("Chacuny")) for page in (one, two)]
    assert math.isclose(found[0].baseline, found[1].baseline, abs_tol=0.6)


def test_no_name_lies_over_a_logo(book: Book) -> None:
    [page] = book.of("partner-two")
    logos = [box for box in book.paths(page) if 30 < box[2] - box[0] < 100 and 8 < box[3] - box[1] < 30]
    assert logos
    for left, foot, right, top in logos:
        over = [
            line.text for line in page.text if line.start < right and line.end > left and foot < line.baseline < top
        ]
        assert over == []


def test_facing_pages_have_bands_of_one_depth(book: Book) -> None:
    """Also with a title of 160 letters, with themes whose names take two lines, and beside a page with a long title."""
    if book.layout == "forum":
        spreads = [book.of(anchor)[:2] for anchor in book.parts if anchor.startswith("card-")]
        spreads.append([book.of("page-note")[0], book.of("partner-one")[0]])
        assert [left.number for left, right in spreads if not left.band == right.band < left.height] == []


def test_first_lines_of_facing_pages_stand_at_one_height(book: Book) -> None:
    if book.layout == "forum":
        for anchor in (anchor for anchor in book.parts if anchor.startswith("card-")):
            left, right = book.of(anchor)[:2]
            first = [max(line.baseline for line in page.below_band) for page in (left, right) if page.below_band]
            assert max(first) - min(first) < 0.6, (anchor, first)


def test_nothing_is_drawn_beyond_the_margin_out_of_sight(book: Book) -> None:
    beyond = {page.number: page_metrics.beyond(page, 8.5) for page in book.pages}
    assert [number for number, found in beyond.items() if any(not text.strip().isdigit() for text in found)] == []


def test_long_names_of_themes_keep_to_their_places_in_the_legend(book: Book) -> None:
    assert page_metrics.overlaps(book.of("legend")[0]) == []


def test_a_signature_is_not_squeezed_beside_a_portrait(book: Book) -> None:
    [name, *_] = [line for line in book.of("foreword")[0].text if line.text.startswith("Kraft")]
    assert len(squeezed(name.text)) > 15


def test_results_that_the_recto_cannot_hold_stand_under_the_organisation(book: Book) -> None:
    if book.layout == "forum":
        left, right = book.of("card-third-of-results")
        assert [page.number for page in (left, right) for line in page.text if squeezed(line.text) == "Résultats"] == [
            left.number
        ]


def test_a_map_keeps_its_size_while_pictures_give_way(book: Book) -> None:
    if book.layout == "forum":
        left = book.of("card-pictured")[0]
        assert book.parts["card-pictured"]["fit"]
        # The tiles of the map, as one shape.
        assert [
            box for box in book.paths(left) if box[1] > 40 and 100 < box[3] - box[1] < 240 and box[2] - box[0] < 220
        ]


def test_contacts_alone_go_on_where_all_else_fits(book: Book) -> None:
    if book.layout == "forum":
        first, second, third, fourth = book.of("card-twelve")
        said = {squeezed(line.text): page.number for page in (first, second, third, fourth) for line in page.text}
        assert (said["Territoires"], said["Résultats"], said["Contacts"]) == (first.number, second.number, third.number)
        rows = [sum(line.text.startswith("01 99 00") for line in page.text) for page in (third, fourth)]
        assert rows == [6, 6]


def test_the_foot_of_a_page_with_little_text_is_drawn_on_where_a_theme_has_no_sign(book: Book) -> None:
    for page in book.of("card-little"):
        low = [box for box in book.paths(page) if box[1] < -5 and box[3] - box[1] > 80]
        assert len(low) == 1, page.number
        # Nothing that is read lies over it but the folio and the running head.
        assert min(line.baseline for line in page.text) > low[0][3]


def test_numbers_of_three_digits_keep_clear_of_larger_text(book: Book) -> None:
    page = book.of("card-promotions")[-1]
    letters = [letter for line in page.text for letter in line.letters]
    said = "".join(letter.text for letter in letters)
    for words in ("onze", "neuf"):
        first = said.index(words)
        number, word = letters[first - 1], letters[first]
        assert word.size > 8.5
        assert word.x0 - number.x1 > 2.5, (words, number.x1, word.x0)


def test_few_figures_stand_beside_their_labels(book: Book) -> None:
    page = book.of("card-figures")[-1]
    [value] = [line for line in page.text if line.text.startswith("1 250 000")]
    [label] = [line for line in page.text if line.text.endswith("collectés")]
    if book.layout == "forum":
        assert math.isclose(value.baseline, label.baseline, abs_tol=0.6)
    assert [line.text for line in page.text if line.text in ("Résultats", "Chiffres clés")] in (["Chiffres clés"], [])


def test_a_figure_keeps_its_label(book: Book) -> None:
    if book.layout == "pocket":
        for anchor in (anchor for anchor in book.parts if anchor.startswith("card-low-")):
            values = [
                (page.number, line)
                for page in book.of(anchor)
                for line in page.lines
                if squeezed(line.text)[:2] in ("10", "11", "12", "13")
                and "Bold" in line.font
                and line.baseline < page.height - 80
            ]
            # A label that stands elsewhere is no part of the line.
            alone = [(number, line.text) for number, line in values if not label_of(book.pages[number - 1], line)]
            assert (len(values), alone) == (4, []), anchor


def label_of(page: page_metrics.Page, value: page_metrics.Line) -> bool:
    return len(value.text) > 4 or any(
        other is not value and abs(other.baseline - value.baseline) < 3 and 0 < other.start - value.start < 60
        for other in page.lines
    )


def test_a_legend_without_signs_does_not_speak_of_them(book: Book) -> None:
    with pypdfium2.PdfDocument(book.path) as document:
        words = document[book.of("legend")[0].number - 1].get_textpage().get_text_range()
    assert "Lesautresthèmes" in squeezed(words)
    assert "signe" not in words


def test_names_and_titles_of_the_contents_do_not_touch(book: Book) -> None:
    """A long word of a title begins a line; one that fills its column leaves a gap."""
    lines = [line.text for page in book.of("contents") for line in page.text]
    assert [line for line in lines if line.endswith((" K", " Kr", " Kra"))] == []


def test_an_empty_page_before_an_opener_has_its_folio(catalogue_folder: CatalogueFolder) -> None:
    edition = select(catalogue_folder.catalogue(), "full")
    composer = Composer(catalogue_folder.project, edition, Layout(catalogue_folder.project, "forum"))
    parts = [Part("contents", "", "recto"), Part("opener", "initiatives", "verso"), Part("back-cover", "", "verso")]
    sides: dict[str, tuple[Side, ...]] = {
        "contents": ("recto", "verso"),
        "opener-initiatives": ("verso", "recto"),
        "back-cover": ("verso",),
    }
    pagination = paginate(parts, sides)
    shown = [
        composer.navigation.furniture(*pair).folio
        for pair in zip(pagination.sheets, [*pagination.sheets[1:], None], strict=True)
    ]
    assert shown == ["1", "2", "3", "", "", ""]


def test_the_web_page_speaks_of_signs_and_results_only_where_there_are_some(tmp_path: Path, packed_fonts: Path) -> None:
    folder = CatalogueFolder(write(tmp_path / "web", "forum"))
    shutil.copytree(packed_fonts, folder.root / "output" / ".store" / "web-fonts")
    html = build_web(folder.project, folder.catalogue(), "full", Report()).page.read_text(encoding="utf-8")
    assert "rappelés en tête" in html
    assert "leur signe" not in html
    oasis = html[html.index('id="card-figures"') :].split("</article>")[0]
    assert re.findall(r"Résultats|Chiffres clés", oasis) == ["Chiffres clés"]


def lines_of(bench: Bench, body: str, css: str = "") -> list[str]:
    """The lines of a page."""
    styles = f"p {{ font-size: 10pt; width: 75mm }} .long {{ overflow-wrap: anywhere }} {css}"
    done = bench.set(bench.galley(body, styles))
    with pypdfium2.PdfDocument(done.path) as document:
        return [line.strip() for line in document[0].get_textpage().get_text_range().splitlines()]


def test_a_long_word_begins_a_line_rather_than_break_after_a_letter(bench: Bench) -> None:
    word = f'<span class="long">{LONG}</span>'
    body = f"<p><a><b>Ein Kurs</b> <i>Die {word} verstehen</i></a></p>"
    assert lines_of(bench, body) == ["Ein Kurs Die", LONG, "verstehen"]


def test_a_word_too_long_for_its_line_breaks_at_any_letter(bench: Bench) -> None:
    body = f'<p><a><i>Die (<span class="long">{LONG}</span></i></a></p>'
    [first, *rest] = lines_of(bench, body, "p { width: 30mm }")
    assert "".join([first, *rest]).replace("\x02", "") == f"Die ({LONG}"
    assert len(rest) > 1


@pytest.mark.parametrize("layout", ["forum", "pocket"])
@pytest.mark.parametrize("number", ["2", "IV", "(3)"])
def test_a_number_at_the_end_of_a_title_does_not_stand_alone(
    catalogue_folder: CatalogueFolder, layout: str, number: str
) -> None:
    card = catalogue_folder.root / "catalogue" / "initiatives" / "aajt.yaml"
    text = re.sub("(?m)^title: .*$", f"title: Ouvrir la porte {number}", card.read_text(encoding="utf-8"))
    card.write_text(text, encoding="utf-8")
    edition = select(catalogue_folder.catalogue(), "full")
    composer = Composer(catalogue_folder.project, edition, Layout(catalogue_folder.project, layout))
    parts = composer.layout.flatplan(edition)
    pagination = paginate(parts, {part.anchor: ("any",) for part in parts})
    (part,) = (part for part in parts if part.anchor == "card-aajt")
    (heading,) = re.findall(r"<h1[^>]*>(Ouvrir.*?)</h1>", composer.galley(part, pagination)[0].html)
    assert heading == f"Ouvrir la\u00a0porte\u00a0{number}"


def test_a_contact_stands_apart_from_the_aim_of_a_card_that_belongs_to_no_place(
    catalogue_folder: CatalogueFolder,
) -> None:
    card = {
        "pilot": {"name": "Compagnie des Lilas", "about": BODY},
        "summary": "Le samedi, sur réservation.",
        "description": BODY * 2,
        "contacts": [{"name": "Billetterie", "phones": ["01 99 00 12 34"]}],
        "themes": ["logement"],
        "scope": "none",
    }
    stress.dump(catalogue_folder.path("initiatives/lilas.yaml"), card)
    done = livret_here("-C", catalogue_folder.root, "build", "--layout", "pocket")
    assert done.code == 0, done.err
    lines = [
        one for page in page_metrics.pages(catalogue_folder.root / "output/full/full-screen.pdf") for one in page.text
    ]
    (aim,) = (one.baseline for one in lines if "réservation" in one.text.replace(" ", ""))
    (contact,) = (one.baseline for one in lines if one.text.replace(" ", "") == "Billetterie")
    # Ten points from line to line, and half a line between.
    assert 14 <= abs(contact - aim) <= 18


def test_a_folio_stays_in_its_column_of_the_index_behind_a_name_without_a_space(
    catalogue_folder: CatalogueFolder,
) -> None:
    for number in range(4):
        card = {
            "pilot": {"name": (LONG * 4)[: 150 - number], "about": BODY},
            "themes": ["logement"],
            "scope": "none",
        }
        stress.dump(catalogue_folder.path(f"initiatives/long-{number}.yaml"), card)
    done = livret_here("-C", catalogue_folder.root, "build", "--layout", "forum")
    assert done.code == 0, done.err
    book = page_metrics.pages(catalogue_folder.root / "output/full/full-screen.pdf")
    first = next(n for n, page in enumerate(book) if "Index" in {one.text.replace(" ", "") for one in page.text})
    letters = [letter for line in book[first].text for letter in line.letters]
    # The first column is 56 mm wide, the gutter 4 mm.
    end = min(letter.x0 for letter in letters) + 158.7
    assert "".join(letter.text for letter in letters if letter.x1 > end + 1 and letter.x0 < end + 10) == ""

"""The drawings of a catalogue: those it names, and the wall of signs that is drawn where it names none."""

from __future__ import annotations

import re
import textwrap

import pytest
from pypdf import PdfReader

from conftest import CatalogueFolder
from livret.content.language.typography import typeset_html
from livret.pages.compose.composer import Composer
from livret.pages.compose.composition import Tone, Wall, drawn, skyline
from livret.pages.flatplan import Part, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from press import livret_here


def tones(count: int) -> list[Tone]:
    return [Tone(f"#00000{n:x}", f"#00000{n:x}", f"#ffff0{n:x}", f"sign-{n}", "#ffffff") for n in range(count)]


def sign(name: str, color: str, left: float, top: float, side: float) -> str:
    return f"[{name} {left:g} {top:g} {side:g}]"


@pytest.mark.parametrize("count", range(1, 8))
def test_each_theme_has_its_sign_in_the_wall(count: int) -> None:
    found = drawn(Wall(skyline(6, 4)), tones(count), sign)
    assert {f"sign-{n}" for n in range(count)} == set(re.findall(r"sign-\d", found))


@pytest.mark.parametrize("count", [5, 7, 14])
def test_squares_that_touch_have_different_colours(count: int) -> None:
    found = drawn(Wall(skyline(12, 4)), tones(count), sign)
    square = r'fill="(#00000.)" d="M(-?[\d.]+) ([\d.]+)H'
    at = {(float(x) // 100, float(y) // 100): fill for fill, x, y in re.findall(square, found)}
    pairs = [((x, y), (x + dx, y + dy)) for x, y in at for dx, dy in ((1, 0), (0, 1)) if (x + dx, y + dy) in at]
    assert len(pairs) > 10
    assert [pair for pair in pairs if at[pair[0]] == at[pair[1]]] == []


def test_a_wall_reaches_into_the_bleed_at_both_sides_and_at_the_foot() -> None:
    found = drawn(Wall((1, 1), bleed=12), tones(2), sign)
    assert 'viewBox="-12 0 224 112"' in found
    assert 'd="M-12 0H100.4V112H-12z"' in found
    assert 'd="M100 0H212V112H100z"' in found


def test_a_wall_without_pictograms_is_colours_alone() -> None:
    assert "[" not in drawn(Wall((2, 1)), [Tone("#111111", "#222222", "#333333", None, "#ffffff")], sign)


def composed(folder: CatalogueFolder, kind: str, layout: str = "forum") -> str:
    """The HTML of a cover, opener or back cover."""
    edition = select(folder.catalogue(), "full")
    part = Part(kind, "initiatives" if kind == "opener" else "", "recto")
    pagination = paginate([part], {part.anchor: ("recto",)})
    return (
        Composer(folder.project, edition, Layout(folder.project, layout, edition.colours))
        .galley(part, pagination)[0]
        .html
    )


@pytest.mark.parametrize("kind", ["cover", "opener", "back-cover"])
def test_without_art_the_page_is_drawn_from_the_themes(catalogue_folder: CatalogueFolder, kind: str) -> None:
    html = composed(catalogue_folder, kind)
    # The colours of the two themes of the catalogue: one is of the palette, one its own.
    assert "#922a07" in html
    assert "<img" not in html


@pytest.mark.parametrize(("kind", "piece"), [("cover", "cover"), ("opener", "opener"), ("back-cover", "back")])
def test_a_catalogue_names_its_drawings(catalogue_folder: CatalogueFolder, kind: str, piece: str) -> None:
    catalogue_folder.change(
        "catalogue.yaml", "demonstration: true", f"art: {{{piece}: images/aajt.svg}}\ndemonstration: true"
    )
    html = composed(catalogue_folder, kind)
    assert 'src="images/aajt.svg"' in html
    assert "#922a07" not in html


def test_drawings_for_one_layout_stand_there_in_place_of_the_others(catalogue_folder: CatalogueFolder) -> None:
    art = "art: {cover: images/aajt.svg, layouts: [{layout: forum, back: images/aajt.svg}]}\ndemonstration: true"
    catalogue_folder.change("catalogue.yaml", "demonstration: true", art)
    assert "<img" not in composed(catalogue_folder, "cover")
    assert 'src="images/aajt.svg"' in composed(catalogue_folder, "cover", "pocket")
    assert 'src="images/aajt.svg"' in composed(catalogue_folder, "back-cover")


def test_pocket_too_has_the_drawings_of_back_cover_and_short_pages(catalogue_folder: CatalogueFolder) -> None:
    art = "art: {back: images/aajt.svg, page: images/aajt.svg}\ndemonstration: true"
    catalogue_folder.change("catalogue.yaml", "demonstration: true", art)
    assert 'src="images/aajt.svg"' in composed(catalogue_folder, "back-cover", "pocket")
    catalogue_folder.write(
        "initiatives/court.yaml",
        "pilot: {name: Court, about: Oui.}\ntitle: Bref\ndescription: Non.\nthemes: [logement]\nscope: national\n",
    )
    edition = select(catalogue_folder.catalogue(), "full")
    [card] = [card for card in edition.initiatives if card.id == "court"]
    part = Part("card", "court", "verso", card)
    composer = Composer(catalogue_folder.project, edition, Layout(catalogue_folder.project, "pocket"))
    html = composer.galley(part, paginate([part], {"card-court": ("verso",)}))[0].html
    assert html.count('src="images/aajt.svg"') == 1


def test_a_drawing_that_does_not_exist_is_told_at_its_line(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change("catalogue.yaml", "demonstration: true", "art: {cover: art/none.svg}\ndemonstration: true")
    told = [(str(finding.where), finding.rule) for finding in catalogue_folder.findings()]
    assert told == [("catalogue/catalogue.yaml:15", "missing-picture")]


def test_a_chosen_ground_takes_the_place_of_the_colour_of_a_layout(catalogue_folder: CatalogueFolder) -> None:
    ground = 'colours: {ground: "#5a1a4e"}\ndemonstration: true'
    catalogue_folder.change("catalogue.yaml", "demonstration: true", ground)
    edition = select(catalogue_folder.catalogue(), "full")
    layout = Layout(catalogue_folder.project, "pocket", edition.colours)
    assert "--cover-ground: #5a1a4e; --on-cover: #ffffff" in layout.tokens().text
    assert "--colour-red: #5a1a4e" in layout.tokens().text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Initiatives en Provence-Alpes-Côte d'Azur", ["Provence-Alpes-Côte"]),
        ("Alpes-de-Haute-Provence, Bouches-du-Rhône", ["Haute-Provence", "Bouches-du-Rhône"]),
        ("En Bourgogne-Franche-Comté", ["Franche-Comté"]),
        ("Hauts-de-Seine et Côtes-d'Armor", ["Hauts-de-Seine", "Côtes-d’Armor"]),
        ("Un rendez-vous à Aix-en-Provence", []),
        ("Au bord de l'Ille-et-Vilaine", ["l’Ille-et-Vilaine"]),
    ],
)
def test_names_of_territories_stay_together(text: str, pieces: list[str]) -> None:
    assert re.findall(r'<span class="place-name">([^<]*)</span>', typeset_html(text, "fr")) == pieces


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_a_signature_takes_two_lines_of_text_with_it(catalogue_folder: CatalogueFolder, layout: str) -> None:
    """A foreword that ends near the foot of a page; its last paragraph has one line."""
    numbered = [f"mot{number}" for number in range(250)]
    paragraphs = [" ".join(numbered[start : start + 40]) for start in range(0, 250, 40)]
    body = textwrap.indent("\n\n".join((*paragraphs, "Merci.")), "  ")
    text = f"title: Mot\nsignature: {{name: Signataire}}\nbody: |\n{body}\n"
    catalogue_folder.write("foreword.yaml", text)
    catalogue_folder.change("catalogue.yaml", "demonstration: true", "sections: [foreword]\ndemonstration: true")
    done = livret_here("-C", catalogue_folder.root, "build", "--layout", layout)
    pages = [page.extract_text() for page in PdfReader(catalogue_folder.root / "output/full/full-screen.pdf").pages]
    [signed] = [page for page in pages if "Signataire" in page]
    assert "Merci." in signed, done.out
    assert len(re.findall(r"\bmot\d+", signed)) > 2

"""Texts that a reader would not see are errors, with their card and field; what only looks unusual is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from conftest import CatalogueFolder
from livret.findings import Finding
from livret.measure import mm
from livret.pages.galley import Galley, Stylesheet
from livret.project import Project
from press import change, livret_here, plain_layout

BASE = '@page { size: 100mm 150mm; margin: 10mm; bleed: 3mm } body { font: 10pt/12pt "Source Sans 3"; margin: 0 }'
NAME = "Interministerielleintegrationsbeauftragten"  # 42 letters


PLACED = "position: absolute; top: 0; left: 0"


def told(folder: Path, body: str, css: str = "", *, tagged: bool = True) -> list[str]:
    """What is said of a page: its rules and messages."""
    found = findings(folder, body, css, tagged=tagged)
    page = " on page 1 of the part"
    assert all(page in one.message for one in found)
    return [f"{one.severity.value}: {one.message.replace(page, '')} [{one.rule}]" for one in found]


def findings(folder: Path, body: str, css: str = "", *, tagged: bool = True) -> tuple[Finding, ...]:
    from livret.pages.engine.typeset import typeset

    (folder / "catalogue").mkdir(exist_ok=True)
    Image.new("RGB", (30, 30), "#336699").save(folder / "opaque.png")
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(folder / "clear.png")
    html = f'<html lang="fr"><head><title>x</title></head><body>{body}</body></html>'
    sheets = (Stylesheet("base.css", BASE + css, None),)
    galley = Galley("card-x", "x.yaml", html, sheets, folder, (folder,), tagged=tagged, safe_margin=mm(3))
    return typeset(galley, Project.at(folder).fonts)[1].findings


pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize(
    ("body", "css", "message"),
    [
        (
            f"<p>{NAME}</p>",
            "p { font-size: 24pt }",
            'error: "Interministerielleintegrationsbeauftragt…" reaches beyond the trim [clipped-text]',
        ),
        (
            "<p>Un mot</p>",
            "p { margin-left: -12mm }",
            'error: "Un mot" reaches beyond the trim [clipped-text]',
        ),
        (
            "<p>Un mot</p>",
            "p { margin-left: -8mm }",
            'error: "Un mot" is less than 3 mm from the trim [clipped-text]',
        ),
        (
            "<p>Deux</p><p>lignes</p>",
            "body { height: 18pt; overflow: hidden }",
            "",
        ),
        (
            "<div><p>Deux</p><p>lignes</p></div>",
            "div { height: 14pt; overflow: hidden } p { margin: 0 }",
            'error: "lignes" is cut off by a box with overflow: hidden [clipped-text]',
        ),
        (
            "<p>Un texte en place</p><p class=over>par-dessus</p>",
            ".over { position: absolute; top: 0; left: 0; margin: 0 } p { margin: 0 }",
            'error: "Un texte en place" and "par-dessus" overlap [overlapping-text]',
        ),
        (
            "<p>Un texte en place</p><p>remonte</p>",
            "p { margin: 0 } p + p { margin-top: -12pt }",
            'error: "Un texte en place" and "remonte" overlap [overlapping-text]',
        ),
        (
            f"<table><tr><td>{NAME}<td>voisin</table>",
            "table { table-layout: fixed; width: 60mm; border-spacing: 0 }",
            'error: "Interministerielleintegrationsbeauftragt…" and "voisin" overlap [overlapping-text]',
        ),
        (
            '<p>Un texte</p><img src="opaque.png" alt="">',
            "p { margin: 0 } img { position: absolute; top: 0; left: 0 }",
            'error: "Un texte" is covered by a picture [overlapping-text]',
        ),
        (
            "<p>Un texte</p><div></div>",
            "p { margin: 0 } div { position: absolute; top: 0; left: 0; width: 50mm; height: 20mm; background: #eee }",
            'error: "Un texte" is covered by another box [overlapping-text]',
        ),
        (
            "<p>Un texte</p>",
            "p { color: white }",
            'error: "Un texte" cannot be seen: it has the colour of what is below it [unseen-text]',
        ),
        (
            "<div><p>Un texte</p></div>",
            "div { background: #123456; color: #123456 }",
            'error: "Un texte" cannot be seen: it has the colour of what is below it [unseen-text]',
        ),
        (
            "<p>Un texte</p>",
            "p { opacity: 0 }",
            'error: "Un texte" cannot be seen: nothing is painted for it [unseen-text]',
        ),
        (
            "<p>Un texte</p>",
            "p { color: transparent }",
            'error: "Un texte" cannot be seen: nothing is painted for it [unseen-text]',
        ),
    ],
)
def test_a_text_that_is_not_seen_is_an_error(tmp_path: Path, body: str, css: str, message: str) -> None:
    assert told(tmp_path, body, css) == ([message] if message else [])


@pytest.mark.parametrize(
    ("body", "css"),
    [
        # Close, but apart.
        ("<h1>Jj gg</h1><p>Ét É</p>", "h1, p { line-height: 0.9; margin: 0 }"),
        ("<p>Un<sup>er</sup> mai, H<sub>2</sub>O</p>", ""),
        ("<p><i>f</i>(x) <b>AV</b>AVA</p>", ""),
        # White on a ground, on a picture, and on a box behind it.
        ("<div><p>Un texte</p></div>", "div { background: #123456 } p { color: white }"),
        ('<img src="opaque.png" alt=""><p>Un</p>', f"img {{ {PLACED}; z-index: -1; width: 6cm }} p {{ color: #fff}}"),
        ("<div><p>Un texte</p></div>", "div { background: linear-gradient(#000, #333) } p { color: white }"),
        ("<i></i><p>A</p>", "i { position: absolute; background: red; inset: 0; z-index: -1} p {color: #fff}"),
        # What lies over a text and does not hide it, or lies below it.
        ('<p>Un texte</p><img src="clear.png" alt="">', "p { margin: 0 } img { position: absolute; top: 0; left: 0 }"),
        ('<img src="opaque.png" alt=""><p>Un texte</p>', f"p {{ margin: 0; position: relative }} img {{ {PLACED} }}"),
        # A box placed outside of one that cuts.
        ("<div><i>dehors</i></div>", "div { height: 5mm; overflow: hidden } i { position: absolute; top: 5cm }"),
        ("<p>Un texte long</p>", "p { width: 1cm; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }"),
        ("<p>Un</p>", "p { transform: rotate(90deg) } "),
        ("<p>&#x200b;</p>", "p { color: white }"),
    ],
)  # fmt: skip
def test_what_is_seen_is_no_error(tmp_path: Path, body: str, css: str) -> None:
    assert told(tmp_path, body, css) == []


@pytest.mark.parametrize(
    ("tag", "levels", "hint"),
    [
        ("blockquote", 22, "write it outside some of the 22 quotations and lists that it stands in"),
        ("ul", 12, "write it outside some of the 12 quotations and lists that it stands in"),
        ("div", 22, "shorten the text, or give it more room in the layout"),
    ],
)
def test_a_text_that_runs_out_of_what_is_nested_is_told_with_its_depth(
    tmp_path: Path, tag: str, levels: int, hint: str
) -> None:
    body = f"<{tag}>" * levels + "<p>Interministeriel</p>" + f"</{tag}>" * levels
    hints = {one for found in findings(tmp_path, body, f"{tag} {{ margin: 0 0 0 8mm }}") for one in found.hints}
    assert hints == {hint}


def test_furniture_may_stand_near_the_trim(tmp_path: Path) -> None:
    assert told(tmp_path, "<p>12</p>", "p { margin-left: -8mm }", tagged=False) == []


def test_the_finding_names_card_and_field(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    change(layout / "card.html", "{{ card.description|md }}", '<div class="low">{{ card.description|md }}</div>')
    base = layout / "base.css"
    base.write_text(base.read_text(encoding="utf-8") + ".low { margin-left: -30mm }\n", encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    told = (
        'catalogue/initiatives/aajt.yaml:13: error: the field "description": "Une aide" reaches beyond the '
        "trim on page 2 of the part [clipped-text]"
    )
    assert told in done.err


@pytest.mark.parametrize(
    "css", ["display: none", "visibility: hidden", "font-size: 0", "opacity: 0", "color: transparent"]
)
def test_a_field_that_the_layout_hides_stops_the_file(catalogue_folder: CatalogueFolder, css: str) -> None:
    layout = plain_layout(catalogue_folder)
    change(layout / "card.html", "{{ card.description|md }}", '<div class="low">{{ card.description|md }}</div>')
    base = layout / "base.css"
    base.write_text(base.read_text(encoding="utf-8") + f".low, .low * {{ {css} }}\n", encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    assert 'the field "description"' in done.err
    assert not (catalogue_folder.root / "output" / "full" / "full-screen.pdf").exists()


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_many_folios_of_a_place_turn_in_the_column_of_the_index(catalogue_folder: CatalogueFolder, layout: str) -> None:
    from livret.pages.compose.composer import Composer
    from livret.pages.engine.typeset import typeset
    from livret.pages.flatplan import select
    from livret.pages.layout import Layout
    from livret.pages.pagination import paginate

    folder = catalogue_folder
    card = folder.path("initiatives/kodiko.yaml").read_text(encoding="utf-8")
    for number in range(20):
        placed = card.replace("scope: national", "territories: [FR-PAC, FR-13]")
        folder.write(f"initiatives/k-{number}.yaml", placed.replace("name: Kodiko", f"name: Kodiko {number}"))
    edition = select(folder.catalogue(), "full")
    composer = Composer(folder.project, edition, Layout(folder.project, layout))
    parts = composer.layout.flatplan(edition)
    pagination = paginate(parts, {part.anchor: ("any",) for part in parts})
    index = next(part for part in parts if part.kind == "index")
    assert typeset(composer.galley(index, pagination)[0], folder.project.fonts)[1].findings == ()

"""Drawings: what would not be printed as it looks is told, with its line; a drawing without a viewBox is given one."""

from __future__ import annotations

import base64
import struct
import zlib
from urllib.parse import quote

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.pictures.drawing import BadDrawing, read
from livret.content.pictures.drawing_box import with_view_box

BOX = '<rect x="1" y="1" width="50" height="40" fill="#c8102e"{}/>'
FONT = 'font-family="Source Sans 3" font-size="9" y="20"'


def svg(inside: str, start: str = 'viewBox="0 0 100 75"') -> str:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {space} {start}>\n{inside}\n</svg>"


def told(folder: CatalogueFolder, drawing: str) -> list[tuple[str, str, str]]:
    """What is found of the logo of the card aajt: severity, rule, and the message with its place."""
    folder.write("images/aajt.svg", drawing)
    _, findings = read_catalogue(folder.project)
    mine = [finding for finding in findings if finding.where and finding.where.path.endswith("aajt.svg")]
    return [(one.severity.value, one.rule, f"{one.where}: {one.message}") for one in mine]


def pixels(side: int) -> bytes:
    """A PNG of one colour, true to its last row: a large one is a small file."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress((b"\0" + b"\xaa" * ((side + 7) // 8)) * side, 1)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def data_address(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


RIGHT = [
    BOX.format(""),
    f"<text {FONT}>Été 2019</text>",
    '<text y="20" style="font-family:\'SourceSans3-Bold\'">Logo</text>',
    '<text y="20" font-family="Source Serif 4 SmText Italic, serif">Logo</text>',
    '<style>.a { fill: #fff; stroke: black } rect.a, #b { fill: none }</style><path class="a" d="M0 0h9v9z"/>',
    '<defs><path id="a" d="M1 1h9v9z"/></defs><use href="#a"/><use xlink:href="#a" x="20"/>',
    '<linearGradient id="a"><stop stop-color="#fff"/><stop offset="1"/></linearGradient>' + BOX.format(' mask="none"'),
    '<clipPath id="c"><circle cx="9" cy="9" r="9"/></clipPath>' + BOX.format(' clip-path="url(#c)"'),
    f'<switch><foreignObject width="9" height="9"><i>words</i></foreignObject><g>{BOX.format("")}</g></switch>',
    '<symbol id="s" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></symbol><use href="#s" width="30" height="30"/>',
    '<g transform="translate(-500 -500)"><path d="M510 510 l 5 5 a 3 3 0 0110 10 z"/></g>',
    f'<image width="9" height="9" href="{data_address(pixels(60))}"/>',
    f'<image width="9" height="9" xlink:href="{data_address(pixels(60)).replace("data", " DATA")}"/>',
    f'<image width="9" height="9" href="data:image/svg+xml,{quote("<svg><rect/></svg>")}"/>',
    '<filter id="f"><feGaussianBlur stdDeviation="4"/></filter>' + BOX.format(' filter="url(#f)"'),
    BOX.format(' style="filter: drop-shadow(4px 4px 2px black)"') + BOX.format(' filter="grayscale(1) blur(2px)"'),
    '<path style="mix-blend-mode:normal;paint-order:normal;filter:none;text-decoration:none" d="M0 0h9v9z"/>',
]


@pytest.mark.parametrize("inside", RIGHT)
def test_what_is_printed_as_it_looks_has_no_finding(catalogue_folder: CatalogueFolder, inside: str) -> None:
    assert told(catalogue_folder, svg(inside)) == []


LOST = [
    ('<foreignObject width="90" height="60"><p>Notre logo</p></foreignObject>', "Notre logo"),
    ('<path id="p" d="M10 60Q50 0 90 60"/><text><textPath href="#p">En courbe</textPath></text>', "En courbe"),
    ("<flowRoot><flowRegion/><flowPara>Dans un cadre</flowPara></flowRoot>", "Dans un cadre"),
    ('<text y="20" style="font: bold 14px Georgia">Accueil</text>', "Accueil"),
    ('<text y="20" font-family="Noto Sans Arabic">مرحبا</text>', "wrong order"),
]


@pytest.mark.parametrize(("inside", "words"), LOST)
def test_text_that_would_be_lost_is_an_error(catalogue_folder: CatalogueFolder, inside: str, words: str) -> None:
    [(severity, rule, message)] = told(catalogue_folder, svg(inside))
    assert (severity, rule) == ("error", "lost-drawing-text")
    assert message.startswith("catalogue/images/aajt.svg:2: ")
    assert words in message


def test_a_character_that_no_font_has_is_an_error(catalogue_folder: CatalogueFolder) -> None:
    [found] = told(catalogue_folder, svg(f"<text {FONT}>A 漢</text>"))
    assert found[:2] == ("error", "missing-glyph")
    assert "漢 (U+6F22)" in found[2]


DOUBTED = [
    ("<text y='20' font-family=\"'MyriadPro-Bold', Arial\">Logo</text>", "drawing-font", "MyriadPro-Bold"),
    ("<style>text { font-family: Comic Sans MS }</style><text y='20'>Logo</text>", "drawing-font", "Comic Sans MS"),
    ("<text y='20'>Logo</text>", "drawing-font", "sans-serif"),
    ('<filter id="f"><feBlend in2="BackgroundImage"/></filter>' + BOX.format(' filter="url(#f)"'), "drawing-effect",
     "uses BackgroundImage"),
    ('<filter id="f"><feGaussianBlur/></filter><mask id="m">' + BOX.format(' filter="url(#f)"') + "</mask>"
     + BOX.format(' mask="url(#m)"'), "drawing-effect", "inside a <mask>"),
    (BOX.format(' style="filter: drop-shadow(4px)"'), "drawing-effect", "drop-shadow(4px)"),
    (BOX.format(' style="filter: soften(4px)"'), "drawing-effect", "soften"),
    ('<filter id="f"><feImage href="atelier.svg"/></filter>' + BOX.format(' filter="url(#f)"'), "drawing-reference",
     "a filter takes"),
    (BOX.format(' style="mix-blend-mode: multiply"'), "drawing-effect", "multiply"),
    (BOX.format(' style="clip-path: circle(9px)"'), "drawing-effect", "circle(9px)"),
    (f"<clipPath id='c'><text {FONT}>A</text></clipPath>" + BOX.format(' clip-path="url(#c)"'), "drawing-effect",
     "clipping path"),
    ('<clipPath id="c"><path clip-rule="evenodd" d="M0 0h9v9zM2 2h4v4z"/><path d="M0 0h9"/></clipPath>'
     + BOX.format(""), "drawing-effect", "holes"),
    ('<switch><rect systemLanguage="fr" width="9" height="9"/><rect width="5" height="9"/></switch>', "drawing-effect",
     "2 choices"),
    ('<path vector-effect="non-scaling-stroke" stroke="red" d="M0 0h9"/>', "drawing-effect", "vector-effect"),
    ("<style>@media print { path { fill: red } }</style>" + BOX.format(""), "drawing-style", "@media"),
    ("<style>@import url(a.css);</style>" + BOX.format(""), "drawing-style", "@import"),
    ("<style>.a:foo(2) { fill: red } .b { fill: blue }</style>" + BOX.format(""), "drawing-style", ".a:foo(2)"),
    (BOX.format(' style="stroke: var(--main)"'), "drawing-style", "var(--main)"),
    ('<circle r="9" fill="rouge"/>', "drawing-style", "rouge"),
    ('<linearGradient id="g"><stop stop-color="device-cmyk(1 0 0 0)"/><stop stop-color="red"/></linearGradient>'
     + BOX.format(' stroke="url(#g)"'), "drawing-style", "printed pale"),
    ('<use href="other.svg#a"/>' + BOX.format(""), "drawing-reference", "other.svg#a"),
    ('<image width="9" height="9" href="atelier.svg"/>', "drawing-reference", "atelier.svg"),
    ("<script>alert(1)</script>" + BOX.format(""), "drawing-script", "script"),
    (BOX.format(' onclick="alert(1)"'), "drawing-script", "script"),
    ('<circle r="9"><animate attributeName="r" to="20"/></circle>', "drawing-script", "animation"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "rule", "words"), DOUBTED)
def test_what_is_printed_otherwise_is_a_warning(
    catalogue_folder: CatalogueFolder, inside: str, rule: str, words: str
) -> None:
    [found] = told(catalogue_folder, svg(inside))
    assert found[:2] == ("warning", rule)
    assert words in found[2]


@pytest.mark.parametrize("address", ["photo.png", "https://example.org/a.png", "//example.org/a.png", "file:///a.png"])
def test_a_picture_that_a_drawing_does_not_have_is_an_error(catalogue_folder: CatalogueFolder, address: str) -> None:
    found = told(catalogue_folder, svg(f'<image width="9" height="9" xlink:href="{address}"/>{BOX.format("")}'))
    assert [one[:2] for one in found] == [("error", "missing-picture")]


INSIDE = [
    (pixels(13_300), "picture-too-large", "a picture in this drawing has 13300 x 13300 pixels, over 60 million"),
    (pixels(600)[:-60], "damaged-picture", "a picture in this drawing is cut short: a part of it is missing"),
    (b"%PDF-1.7", "missing-picture", "a picture in this drawing cannot be printed: it is a PDF"),
    (b"", "missing-picture", "a picture in this drawing cannot be printed: it is an empty file"),
    (b'<svg viewBox="0 0 9mm 9mm"/>', "bad-drawing", "a drawing in this drawing cannot be printed: viewBox="),
]


@pytest.mark.parametrize(("content", "rule", "words"), INSIDE)
@pytest.mark.parametrize("element", ["image", "feImage"])
def test_a_picture_inside_a_drawing_keeps_to_the_limits_of_a_file(
    catalogue_folder: CatalogueFolder, element: str, content: bytes, rule: str, words: str
) -> None:
    inside = f'<{element} width="9" height="9" href="{data_address(content)}"/>{BOX.format("")}'
    [(severity, found, message)] = told(catalogue_folder, svg(inside))
    assert (severity, found) == ("error", rule)
    assert message.startswith(f"catalogue/images/aajt.svg:2: {words}")
    assert len(message) < 200


EMPTY = [
    svg(""),
    svg("<title>Logo</title><defs><rect width='9' height='9'/></defs>"),
    svg('<rect width="0" height="9"/><path fill="none" d="M0 0h9v9z"/><g display="none"><circle r="9"/></g>'),
    svg('<g transform="translate(200 0)"><rect width="50" height="50"/></g><path d="M-9-9c1 2 3 4 5 6z"/>'),
    svg(BOX.format(""), 'viewBox="0 0 0 0"'),
    svg(BOX.format(' opacity="0"'), 'width="100" height="100"'),
]


@pytest.mark.parametrize("drawing", EMPTY)
def test_a_drawing_of_which_nothing_is_seen_is_an_error(catalogue_folder: CatalogueFolder, drawing: str) -> None:
    assert [found[:2] for found in told(catalogue_folder, drawing)] == [("error", "empty-drawing")]


@pytest.mark.parametrize("content", ["<svg", "<html><p/></html>", svg("<g>" * 300 + "</g>" * 300), "<svg>&a;</svg>"])
def test_a_drawing_that_cannot_be_read_is_an_error(catalogue_folder: CatalogueFolder, content: str) -> None:
    assert [found[:2] for found in told(catalogue_folder, content)] == [("error", "bad-drawing")]


def test_a_finding_stands_at_its_line_says_how_often_and_names_the_card(catalogue_folder: CatalogueFolder) -> None:
    effect = BOX.format(' style="mix-blend-mode:screen"') + "\n"
    catalogue_folder.write("images/aajt.svg", svg(BOX.format("") + "\n\n" + 3 * effect))
    _, findings = read_catalogue(catalogue_folder.project)
    [finding] = [one for one in findings if one.rule == "drawing-effect"]
    assert str(finding.where) == "catalogue/images/aajt.svg:4"
    assert "(3 times)" in finding.message
    assert "named in catalogue/initiatives/aajt.yaml:4" in finding.hints


def test_a_lost_text_hints_at_paths(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("images/aajt.svg", svg('<text y="20" font-family="Futura">Logo</text>'))
    _, findings = read_catalogue(catalogue_folder.project)
    assert any("convert text to paths" in finding.text() for finding in findings if finding.rule == "drawing-font")


@pytest.mark.parametrize(
    ("start", "inside", "box"),
    [
        ('width="40mm" height="20mm"', BOX.format(""), "0 0 151.181 75.5906"),
        ('width="200" height="50px"', BOX.format(""), "0 0 200 50"),
        ("", BOX.format(""), "1 1 50 40"),
        ('width="100%" height="100%"', '<circle cx="50" cy="20" r="10"/>', "40 10 20 20"),
        ("", '<g transform="translate(10 0) scale(2)"><path d="M1 2h3v4H1z"/></g>', "12 4 6 8"),
        ("", '<path d="M0 0a5 5 0 1110 0 5 5 0 1 1-10 0z"/>', "0 -5 10 10"),
        ("", '<rect id="a" width="9" height="4"/><use href="#a" x="20" y="10"/>', "0 0 29 14"),
    ],
)
def test_a_drawing_without_a_view_box_is_given_one(start: str, inside: str, box: str) -> None:
    root = read(with_view_box(svg(inside, start).encode()))
    assert root.get("viewBox") == box


def test_a_drawing_with_a_view_box_stays_as_it_is() -> None:
    content = svg(BOX.format("")).encode()
    assert with_view_box(content) is content


def test_a_drawing_that_grows_without_end_is_refused_before_it_is_drawn() -> None:
    inside = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    with pytest.raises(BadDrawing, match="refers to itself"):
        read(svg(inside).encode())


@pytest.mark.parametrize("marker", ["marker-mid='url(#m)'", "style='marker: url(#m)'", 'marker-mid = "url(#m)"'])
def test_a_line_with_a_marker_at_each_of_many_corners_is_refused(marker: str) -> None:
    """Drawing 80,000 of them takes a minute; a line without markers takes a second."""
    for corners, is_refused in ((19_000, False), (21_000, True)):
        for line in (f'<path d="M0 0{"l1 1" * corners}"', f'<polyline points="{"1,1 " * corners}"'):
            content = svg(f'<marker id="m"><path d="M0 0h4v4z"/></marker>{line} {marker}/>').encode()
            if is_refused:
                with pytest.raises(BadDrawing, match=r"markers at 2100\d corners of lines, over 20000"):
                    read(content)
            else:
                read(content)
            read(content.replace(b"marker", b"other"))

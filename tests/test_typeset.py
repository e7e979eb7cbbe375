"""Typesetting one galley: what is lost is a finding, what may not be read is not, what is too long is kept."""

from __future__ import annotations

import base64
import io
import itertools
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from conftest import SVG
from engine_bench import CARD, SIDES, SVG_START, Bench, Set
from lengths import mm
from livret.findings import Severity
from livret.pages.flatplan import Side
from livret.pages.pool.store_files import StoredPictures, StoreFiles
from livret.pages.structure_tree import Annotation, Content, Element, unpacked


def rules(done: Set) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity.value) for finding in done.findings]


def test_a_clean_galley_has_no_findings(bench: Bench) -> None:
    (bench.catalogue / "a.svg").write_text(SVG)
    done = bench.set(bench.galley('<p>Bonjour à tous.</p><img src="a.svg" alt="">'))
    assert done.findings == ()
    assert done.words == ("bonjour", "a", "tous")
    assert list(done.files) == [str(bench.catalogue / "a.svg")]
    assert done.facts.words == (3,)
    assert done.facts.sides == ("any",)
    assert (done.facts.fit, done.facts.overset) == ("", 0)


# --- pictures and other files ---


def test_a_missing_picture_is_an_error_of_the_card(bench: Bench) -> None:
    done = bench.set(bench.galley('<p>a</p><img src="images/none.svg" alt="">'))
    (found,) = done.findings
    assert (found.severity, found.rule) == (Severity.ERROR, "missing-picture")
    assert found.where is not None
    assert str(found.where) == CARD
    assert "images/none.svg" in found.message
    assert done.files == {str(bench.catalogue / "images/none.svg"): "missing"}, "its coming must be noticed"


def test_a_picture_without_alternative_text_is_a_warning(bench: Bench) -> None:
    (bench.catalogue / "a.svg").write_text(SVG)
    done = bench.set(bench.galley('<img src="a.svg">'))
    assert rules(done) == [("missing-alt", "warning")]
    assert '"a.svg"' in done.findings[0].message


def test_a_broken_picture_is_an_error_of_the_card(bench: Bench) -> None:
    (bench.catalogue / "a.png").write_bytes(b"no picture at all")
    assert rules(bench.set(bench.galley('<img src="a.png" alt="">'))) == [("missing-picture", "error")]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port on which nobody may knock."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


PLACES = {
    "img": ('<img src="{}" alt="">', ""),
    "object": ('<object data="{}"></object>', ""),
    "background": ("<p>a</p>", "p {{ background: url({}) }}"),
    "content": ("<p>a</p>", "p::before {{ content: url({}) }}"),
    "import": ("<p>a</p>", "@import url({});"),
    "font": ("<p>a</p>", '@font-face {{ font-family: "Own"; src: url({}) }}'),
    "link": ('<link rel="stylesheet" href="{}"><p>a</p>', ""),
    "svg": ('<svg viewBox="0 0 9 9" width="9"><image href="{}" width="9" height="9"/></svg>', ""),
    "attachment": ('<link rel="attachment" href="{}"><p>a</p>', ""),
}


@pytest.mark.parametrize("place", sorted(PLACES))
def test_nothing_is_fetched_from_the_network(bench: Bench, listener: socket.socket, place: str) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/a.png"
    body, css = (part.format(address) for part in PLACES[place])
    done = bench.set(bench.galley(body, css))
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert done.files == {}
    assert done.findings, "what is not shown is told"


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "../secret.svg", "out.svg", "far/secret.svg", "%2e%2e/secret.svg", "file:../secret.svg"],
)
def test_nothing_is_read_from_outside(bench: Bench, tmp_path: Path, place: str, address: str) -> None:
    secret = bench.project.root / "secret.svg"
    secret.write_text(SVG.replace("<path", "<text>geheim</text><path"))
    for folder in (bench.catalogue, bench.project.root / "layouts" / "own"):
        (folder / "out.svg").symlink_to(secret)
        (folder / "far").symlink_to(bench.project.root, target_is_directory=True)
    body, css = (part.format(address) for part in PLACES[place])
    done = bench.set(bench.galley(body, css))
    assert not {str(secret), "/etc/passwd"} & set(done.files)
    assert not done.inside.reader.attachments
    assert not any(b"geheim" in stream or b"root:" in stream for stream in done.inside.streams)
    assert done.findings, "what is not shown is told"


@pytest.mark.parametrize("address", ["http://example.org/a.png", "file:///etc/passwd", "out.svg"])
def test_a_refused_picture_is_an_error_of_the_card(bench: Bench, address: str) -> None:
    (bench.catalogue / "out.svg").symlink_to("/etc/hostname")
    done = bench.set(bench.galley(f'<img src="{address}" alt="">'))
    assert rules(done) == [("missing-picture", "error")]
    assert str(done.findings[0].where) == CARD


NESTED_USES = "".join(f'<g id="u{n + 1}">{f"""<use href="#u{n}"/>""" * 10}</g>' for n in range(9))
NESTED_PATTERNS = "".join(
    f'<pattern id="p{n + 1}" width="9" height="9">{f"""<path fill="url(#p{n})" d="M0 0h9v9z"/>""" * 10}</pattern>'
    for n in range(9)
)


def large_png() -> str:
    """A picture of 177 million pixels in few bytes, as a data address."""
    made = io.BytesIO()
    Image.new("1", (13_300, 13_300)).save(made, "PNG")
    return "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        (f'{SVG_START} viewBox="0 0 100"><rect width="5" height="5"/></svg>', "four numbers"),
        (f'{SVG_START} viewBox="0 0 100px 100px"><rect width="5" height="5"/></svg>', "four numbers"),
        (f'{SVG_START} viewBox="0 0 1e 5"><rect width="5" height="5"/></svg>', "four numbers"),
        (f'{SVG_START} viewBox="0 0 9 9"><symbol viewBox="a"/><rect width="5" height="5"/></svg>', "four numbers"),
        ("<html><body>hi</body></html>", "<html>"),
        ("<!DOCTYPE html>\n<html><p>a<br></html>", "not well-formed"),
        ("hello", "not well-formed"),
        ("", "not well-formed"),
        (f'{SVG_START} viewBox="0 0 9 9"><rect id="u0"/>{NESTED_USES}<use href="#u9"/></svg>', "each reference"),
        (f'{SVG_START} viewBox="0 0 9 9">{NESTED_PATTERNS}<rect fill="url(#p9)"/></svg>', "each reference"),
        (f'{SVG_START} viewBox="0 0 9 9"><g id="a"><use xlink:href="#a"/></g></svg>', "refers to itself"),
        (f'{SVG_START} viewBox="0 0 9 9">{"<g>" * 500}{"</g>" * 500}</svg>', "deep"),
        (f'{SVG_START} viewBox="0 0 9 9">{"<path/>" * 201_000}</svg>', "elements"),
        (f'{SVG_START} viewBox="0 0 9 9"><text>{"mot " * 25_000}</text></svg>', "characters"),
    ],
)
def test_a_drawing_that_cannot_be_set_is_an_error_that_says_why(bench: Bench, drawing: str, told: str) -> None:
    (bench.catalogue / "a.svg").write_text(drawing)
    done = bench.set(bench.galley('<img src="a.svg" alt="">'))
    assert rules(done) == [("missing-picture", "error")]
    assert "a.svg" in done.findings[0].message
    assert told in done.findings[0].message


@pytest.mark.parametrize("box", ["0 0 9 9", "0,0,9,9", " -1 -2.5  9e0, 9. "])
def test_a_drawing_may_write_its_view_box_in_all_ways_there_are(bench: Bench, box: str) -> None:
    (bench.catalogue / "a.svg").write_text(f'{SVG_START} viewBox="{box}"><rect width="5" height="5"/></svg>')
    assert bench.set(bench.galley('<img src="a.svg" alt="">')).findings == ()


def test_a_picture_of_too_many_pixels_is_refused_in_a_drawing_too(bench: Bench) -> None:
    address = large_png()
    (bench.catalogue / "a.svg").write_text(
        f'{SVG_START} viewBox="0 0 9 9"><image width="9" height="9" xlink:href="{address}"/></svg>'
    )
    (bench.catalogue / "a.png").write_bytes(base64.b64decode(address.partition(",")[2]))
    for source in ("a.svg", "a.png", address):
        done = bench.set(bench.galley(f'<img src="{source}" alt="">'))
        assert rules(done) == [("missing-picture", "error")], source[:20]
        assert "13300 x 13300 pixels" in done.findings[0].message
        assert len(done.findings[0].message) < 150


def test_text_in_a_drawing_is_set(bench: Bench) -> None:
    text = '<text x="1" y="9" font-family="Source Sans 3">mot</text>'
    (bench.catalogue / "a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20">{text}</svg>')
    done = bench.set(bench.galley('<img src="a.svg" alt="">'))
    assert done.findings == ()
    assert done.words == ("mot",)


STOPS = '<stop offset="0" stop-color="#ffffff"/><stop offset="1" stop-color="{end}"/>'


@pytest.mark.parametrize("end", ["#c8102e", "#c8102e80"])
@pytest.mark.parametrize("turn", ["", 'gradientTransform="rotate(30)"'])
def test_a_gradient_has_no_line_in_the_colour_of_its_other_end(bench: Bench, end: str, turn: str) -> None:
    defs = f'<linearGradient id="a" {turn}>{STOPS.format(end=end)}</linearGradient>'
    shape = '<rect x="10.33" y="10.33" width="60.37" height="60.37" fill="url(#a)"/>'
    (bench.catalogue / "a.svg").write_text(f'{SVG_START} viewBox="0 0 80 80">{defs}{shape}</svg>')
    done = bench.set(bench.galley('<img src="a.svg" alt="" style="width: 80mm; height: 80mm">'))
    page = pypdfium2.PdfDocument(done.path)[0].render(scale=4).to_pil().convert("RGB")
    # The bleed is 3 mm, the margin 10 mm; a unit of the drawing is 1 mm.
    unit = 4 * 72 / 25.4
    for row in (20, 40, 60):
        line = [page.getpixel((x, int((13 + row) * unit)))[1] for x in range(int(24 * unit), int(82 * unit))]
        # From white to red, green only falls: a line across is a step up or down of more than the raster's.
        assert all(-12 < before - after < 12 for before, after in itertools.pairwise(line)), row
        edge = [page.getpixel((x, int((13 + row) * unit)))[1] for x in range(int(22 * unit), int(24.5 * unit))]
        assert not any(after > before + 12 for before, after in itertools.pairwise(edge)), row


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("SourceSans3-Bold", "Source-Sans-3-Bold"),
        ("'SourceSans3-It'", "Source-Sans-3-Italic"),
        ("Georgia, SourceSans3-Semibold", "Source-Sans-3-Semi-Bold"),
    ],
)
def test_text_in_a_drawing_is_set_in_the_font_that_its_program_named(bench: Bench, name: str, font: str) -> None:
    (bench.catalogue / "a.svg").write_text(
        f'{SVG_START} viewBox="0 0 90 20"><text y="9" font-family="{name}">mot</text></svg>'
    )
    done = bench.set(bench.galley('<img src="a.svg" alt="">'))
    assert {one.name for one in done.inside.fonts} == {font}


def test_a_line_in_a_gradient_is_as_wide_as_it_says(bench: Bench) -> None:
    defs = (
        f'<linearGradient id="a" gradientUnits="userSpaceOnUse" x2="80">{STOPS.format(end="#000000")}</linearGradient>'
    )
    shape = '<path d="M40 10V70" stroke="url(#a)" stroke-width="20"/>'
    (bench.catalogue / "a.svg").write_text(f'{SVG_START} viewBox="0 0 80 80">{defs}{shape}</svg>')
    done = bench.set(bench.galley('<img src="a.svg" alt="" style="width: 80mm; height: 80mm">'))
    page = pypdfium2.PdfDocument(done.path)[0].render(scale=4).to_pil().convert("L")
    unit = 4 * 72 / 25.4
    painted = sum(page.getpixel((x, int(53 * unit))) < 250 for x in range(page.width))
    assert painted == pytest.approx(20 * unit, abs=3)


def test_a_picture_over_the_limit_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bench.catalogue / "a.png"
    Image.new("RGB", (4, 4)).save(path)
    galley = bench.galley('<img src="a.png" alt="">')
    size = path.stat().st_size
    monkeypatch.setattr("livret.pages.engine.files.PICTURE_LIMIT", size)
    assert bench.set(galley).findings == ()
    monkeypatch.setattr("livret.pages.engine.files.PICTURE_LIMIT", size - 1)
    done = bench.set(galley)
    assert rules(done) == [("missing-picture", "error")]
    assert "over" in done.findings[0].message


def test_a_style_sheet_that_another_imports_belongs_to_every_galley(bench: Bench) -> None:
    other = bench.project.root / "layouts" / "own" / "other.css"
    other.write_text("p { color: red }")
    for _ in range(2):
        assert bench.set(bench.galley("<p>a</p>", '@import "other.css";')).files.keys() == {str(other)}


# --- text ---


@pytest.mark.parametrize(
    ("body", "css"),
    [
        ("<p>漢</p>", ""),
        ("<p style='position: absolute'>漢</p>", ""),
        ("<p style='float: left'>漢</p>", ""),
        ("<p>a</p>", "p::before { content: '漢' }"),
        ("<p>a</p>", "@page { @top-center { content: '漢' } }"),
        ("<ul><li>a</li></ul>", "li { list-style-type: '漢' }"),
    ],
)
def test_a_missing_glyph_is_an_error_wherever_it_stands(bench: Bench, body: str, css: str) -> None:
    done = bench.set(bench.galley(body, css))
    assert rules(done) == [("missing-glyph", "error")]
    assert done.findings[0].message == "no font has 漢 (U+6F22)"
    assert "such as Noto Serif CJK" in done.findings[0].hints[0]
    assert done.findings[0].hints[1] == "take the sign out of the text, or write it in words"
    assert str(done.findings[0].where) == CARD


def test_spaces_and_joiners_need_no_glyph(bench: Bench) -> None:
    assert bench.set(bench.galley("<p>a\u00a0b\u202fc\u00add\u200de\u2060f</p>")).findings == ()
    assert bench.set(bench.galley("<p>a \u2764\ufe0f 1\ufe0f e\u034f</p>")).findings == ()


@pytest.mark.parametrize(
    ("css", "line"),
    [
        ('\np { font-family: "Comic Sans" }', 2),
        ("p { background: url(a/b.svg) no-repeat; }\np { font-family: Comic Sans }", 2),
        ('p { color: red }\n\np { font: 9pt/12pt "Comic Sans", "Source Sans 3" }', 3),
        ('html { --serif: "Comic Sans" }\np { font-family: var(--serif) }', 1),
    ],
)
def test_a_family_that_no_font_has_is_an_error_of_the_style_sheet(bench: Bench, css: str, line: int) -> None:
    done = bench.set(bench.galley("<p>a</p>", css))
    fonts = [finding for finding in done.findings if finding.rule == "missing-font"]
    assert [(finding.severity, str(finding.where)) for finding in fonts] == [
        (Severity.ERROR, f"layouts/own/card.css:{line}")
    ]
    assert '"Comic Sans"' in fonts[0].message


def test_a_family_named_in_a_template_is_an_error_of_the_part(bench: Bench) -> None:
    done = bench.set(bench.galley('<p style="font-family: Comic Sans">a</p>'))
    assert [(finding.rule, str(finding.where)) for finding in done.findings] == [("missing-font", CARD)]


@pytest.mark.parametrize(
    "css", ["p { font-family: 'source sans 3' }", "p { font-family: inherit }", "q { font-family: X }"]
)
def test_families_that_are_there_or_set_nothing_are_fine(bench: Bench, css: str) -> None:
    assert bench.set(bench.galley("<p>a</p>", css)).findings == ()


@pytest.mark.parametrize(
    ("css", "line", "rule"),
    [
        ("p { colour: red }", 1, "stylesheet"),
        ("p { color: red }\n\np { margin-left: wide }", 3, "stylesheet"),
        ("p { color: red\n}\n@nope { p { color: red } }", 3, "stylesheet"),
        ("p { color: red }\n\np > > a { color: red }", 3, "stylesheet"),
        ("a { color: red }\n.b,\n  p::mark { color: red }", 2, "stylesheet"),
        # Half written, which ended the engine.
        ("p { color: red }\np { color: var() }", 2, "stylesheet"),
        ("p { color: red }\np { margin: calc(1pt + ) }", 2, "stylesheet"),
        ("p { color: red }\np { font: 9pt/ }", 2, "stylesheet"),
        ('p { color: red }\n@counter-style x { system: ; symbols: "a" }', 2, "stylesheet"),
        ("p { color: red }\np:nth-child(2n+)1 of a) { color: red }", 2, "stylesheet"),
    ],
)
def test_css_that_is_not_understood_is_a_warning_with_its_line(bench: Bench, css: str, line: int, rule: str) -> None:
    for _ in range(2):
        (found,) = bench.set(bench.galley("<p>a</p>", css)).findings
        assert (found.severity, found.rule) == (Severity.WARNING, rule)
        assert str(found.where) == f"layouts/own/card.css:{line}"


def test_a_wrong_value_with_a_variable_is_told_at_its_line_of_the_style_sheet(bench: Bench) -> None:
    (found,) = bench.set(bench.galley("<p>a</p>", "p { --a: 1pt }\np { margin: calc(var(--a) + ) }")).findings
    assert str(found.where) == "layouts/own/card.css:2"


@pytest.mark.parametrize("address", ['"none/b c.css"', "url(none/b%20c.css)", "url('none/b c.css') print"])
def test_a_style_sheet_that_is_missing_is_told_at_the_line_that_imports_it(bench: Bench, address: str) -> None:
    (found,) = bench.set(bench.galley("<p>a</p>", f"/* a */\n@import {address};\np {{ color: red }}")).findings
    assert (found.severity, found.rule) == (Severity.ERROR, "missing-stylesheet")
    assert str(found.where) == "layouts/own/card.css:2"


def test_a_link_to_nowhere_is_an_error(bench: Bench) -> None:
    assert rules(bench.set(bench.galley('<p><a href="#none">a</a></p>'))) == [("unknown-reference", "error")]


NARROW = """
p { column-gap: 2mm; columns: 2; hyphenate-limit-chars: 4 2 2; hyphens: auto; margin: 0 }
div { hyphenate-limit-chars: 4 2 2; hyphens: auto; width: 17mm }
"""
LONG = "Habituellement notre accompagnement professionnel intergénérationnel "


def test_a_ladder_of_hyphens_is_a_note_with_its_place(bench: Bench) -> None:
    body = f'<p>a</p><div style="break-before: page">Notre <b>{LONG}</b>commence.</div>'
    (found,) = bench.set(bench.galley(body, NARROW)).findings
    assert (found.severity, found.rule, str(found.where)) == (Severity.NOTE, "hyphen-ladder", CARD)
    assert re.fullmatch(
        r'[3-9] lines in a row end in a hyphen on page 2 of the part, from "….*[a-z]-" on', found.message
    )


@pytest.mark.parametrize(
    "body",
    [
        # Two lines; hyphens that were typed; three blocks of one hyphen each.
        "<div>accompagnement professionnel</div>",
        "<div>aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee</div>",
        "<div>accompagnement</div>" * 4,
    ],
)
def test_what_is_no_ladder_of_hyphens(bench: Bench, body: str) -> None:
    assert bench.set(bench.galley(body, NARROW)).findings == ()


# --- too long ---


def card(organisation: int, project: int) -> str:
    """A card of so many words, each of its own number, on its two pages."""
    left, right = (" ".join(f"{letter}{number}" for number in range(count))
                   for letter, count in (("left", organisation), ("right", project)))  # fmt: skip
    return f'<section class="organisation">{left}</section><section class="project">{right}</section>'


def test_a_card_that_fits_is_a_verso_and_a_recto(bench: Bench) -> None:
    done = bench.set(bench.galley(card(20, 30), sides=SIDES, room=1, fit=("tight",)))
    assert done.facts.sides == ("verso", "recto")
    assert done.facts.words == (20, 30)
    assert (done.facts.fit, done.facts.overset) == ("", 0)


@pytest.mark.parametrize(
    ("organisation", "project", "sides"),
    [
        (280, 20, ("verso", "recto", "verso")),
        (20, 280, ("verso", "recto", "recto")),
        (280, 280, ("verso", "recto", "verso", "recto")),
        (450, 280, ("verso", "recto", "verso", "recto", "verso")),
    ],
)
def test_what_is_too_long_goes_on_by_spreads_and_is_counted(
    bench: Bench, organisation: int, project: int, sides: tuple[Side, ...]
) -> None:
    done = bench.set(bench.galley(card(organisation, project), sides=SIDES, room=1))
    assert done.facts.sides == sides
    assert len(done.inside) == len(sides)
    for page, side in enumerate(sides):
        letter = "left" if side == "verso" else "right"
        assert all(word.startswith(letter) for word in done.inside.words(range(page, page + 1)))
    numbers = {"left": range(organisation), "right": range(project)}
    assert set(done.words) == {f"{letter}{number}" for letter in numbers for number in numbers[letter]}
    assert len(done.words) == organisation + project
    on_first = sum(done.facts.words[:2])
    assert done.facts.overset == organisation + project - on_first > 0
    assert sum(done.facts.words) == organisation + project


def test_pages_of_one_side_stand_in_their_order(bench: Bench) -> None:
    done = bench.set(bench.galley(card(900, 20), sides=SIDES, room=1))
    left = [word for word in done.words if word.startswith("left")]
    assert left == [f"left{number}" for number in range(900)]


FIT = """
.tight .project { font-size: 8pt; line-height: 9pt }
.tighter .project { font-size: 6pt; line-height: 7pt }
.tightest .project { font-size: 4pt; line-height: 5pt }
"""


@pytest.mark.parametrize(
    ("project", "fit"), [(150, ""), (260, "tight"), (450, "tighter"), (900, "tightest"), (2000, "tightest")]
)
def test_the_first_step_that_fits_is_taken(bench: Bench, project: int, fit: str) -> None:
    steps = ("tight", "tighter", "tightest")
    galley = bench.galley(card(10, project), FIT, sides=SIDES, room=1, fit=steps)
    done = bench.set(galley)
    assert done.facts.fit == fit
    assert (done.facts.overset > 0) == (project == 2000)
    if fit and project != 2000:
        before = steps[: steps.index(fit)]
        assert bench.set(replace(galley, fit=before)).facts.overset > 0, "an earlier step would not have fitted"


def test_a_card_is_set_the_same_wherever_the_search_for_its_step_begins(bench: Bench) -> None:
    steps = ("tight", "tighter", "tightest")
    galley = bench.galley(card(10, 260), FIT, sides=SIDES, room=1, fit=steps)
    pages, facts = set(), []
    for step in ("", *steps):
        done = bench.set(replace(galley, likely_fit=step))
        pages.add(done.path.read_bytes())
        facts.append(done.facts)
    assert [one.layouts for one in facts] == [2, 2, 3, 4]
    assert len(pages) == 1
    assert [replace(one, layouts=0) for one in facts] == [replace(facts[0], layouts=0)] * 4


@pytest.mark.parametrize(
    ("full", "fit", "layouts"),
    [
        # 260 words fill more than a half of the page at the second step, and fit with the first.
        ((), "tight", 3),
        ((0.1, 0.98, 0.1), "tight", 2),
        ((0.98, 0.3, 0.98), "tighter", 1),
    ],
)
def test_the_step_before_is_not_tried_when_a_page_is_full(
    bench: Bench, full: tuple[float, ...], fit: str, layouts: int
) -> None:
    steps = ("tight", "tighter", "tightest")
    galley = bench.galley(card(10, 260), FIT, sides=SIDES, room=1, fit=steps, likely_fit="tighter", full=full)
    facts = bench.set(galley).facts
    assert (facts.fit, facts.layouts, facts.overset) == (fit, layouts, 0)


def test_neither_order_nor_what_was_typeset_before_changes_a_byte(bench: Bench) -> None:
    steps = ("tight", "tighter", "tightest")
    galleys = [
        bench.galley(card(10, words), FIT, sides=SIDES, room=1, fit=steps, likely_fit=likely)
        for words, likely in ((150, "tightest"), (260, ""), (450, "tight"), (900, "tighter"))
    ]
    there = [bench.set(galley).path.read_bytes() for galley in galleys]
    back = [bench.set(galley).path.read_bytes() for galley in reversed(galleys)]
    assert there == back[::-1]


@pytest.mark.parametrize("count", range(1, 6))
def test_the_search_asks_for_the_first_that_fits_and_for_the_one_before(count: int) -> None:
    from livret.pages.engine.typeset import find_first_that_fits

    for start in range(count):
        # Where `first` is `count`, none fits.
        for first in range(count + 1):
            asked: list[int] = []

            def fits(index: int, asked: list[int] = asked, first: int = first) -> tuple[bool, bool]:
                asked.append(index)
                return index >= first, False

            find_first_that_fits(count, start, fits)
            assert asked[0] == start
            assert len(asked) == len(set(asked))
            assert first == count or first in asked
            assert first == 0 or first - 1 in asked
            assert asked[-1] == count - 1 or first < count


def test_a_card_that_no_step_fits_is_set_for_more_pages_and_counts_what_was_over(bench: Bench) -> None:
    galley = bench.galley(card(10, 700), FIT, sides=SIDES, room=1, fit=("tight", "tighter"))
    last = bench.set(galley).facts
    done = bench.set(replace(galley, continued="tight")).facts
    assert (last.fit, done.fit) == ("tighter", "tight")
    assert len(done.sides) > len(last.sides)
    assert done.overset == last.overset > 0


def test_a_repeated_head_is_not_counted_among_the_words_that_are_over(bench: Bench) -> None:
    css = '@page project { @top-left { content: "Cinq mots de plus ici" } }'
    plain, headed = (bench.set(bench.galley(card(10, 300), more, sides=SIDES, room=1)).facts for more in ("", css))
    assert headed.overset == plain.overset > 0
    assert headed.words == plain.words


def test_findings_are_those_of_the_step_that_is_kept(bench: Bench) -> None:
    body = card(10, 260) + '<img src="none.svg" alt="">'
    done = bench.set(bench.galley(body, FIT, sides=SIDES, room=1, fit=("tight",)))
    assert rules(done) == [("missing-picture", "error")]


def is_broken(word: str) -> bool:
    return word.endswith(("-", "\u2010"))


# Each number of letters before it breaks the long word at another place of the page.
@pytest.mark.parametrize("letters", [5, 9, 17])
@pytest.mark.parametrize("body", ["width: 38mm", "columns: 2; column-gap: 4mm"])
def test_no_page_ends_within_a_word(bench: Bench, letters: int, body: str) -> None:
    css = f"@page {{ size: 100mm 70mm }} body {{ hyphens: auto; orphans: 2; widows: 2; {body} }}"
    sentence = "L'accompagnement des professionnels de l'hébergement commence immédiatement par une présentation. "
    done = bench.set(bench.galley(f"<p>{'a' * letters} {sentence * 12}</p>", css))
    pages = [done.inside.drawn(page).split() for page in range(len(done.inside))]
    assert len(pages) > 1
    assert any(is_broken(word) for words in pages for word in words), "words are hyphenated elsewhere"
    assert [words[-1] for words in pages if is_broken(words[-1])] == []


@pytest.mark.parametrize("width", range(28, 44, 3))
def test_no_three_lines_in_a_row_end_in_a_hyphen(bench: Bench, width: int) -> None:
    sentence = "L'accompagnement des professionnels de l'hébergement commence immédiatement par une présentation. "
    css = f"body {{ hyphens: auto; width: {width}mm }}"
    done = bench.set(bench.galley(f"<p>{sentence * 4}</p>", css))
    ends = "".join("-" if is_broken(line) else "." for line in done.inside.drawn(0).splitlines())
    assert "--." in ends, "words are hyphenated twice in a row"
    assert "---" not in ends


def test_no_three_lines_in_a_row_end_in_a_hyphen_that_was_typed(bench: Bench) -> None:
    css = "body { hyphens: manual; width: 24mm }"
    words = "chacun dix-huit mois elle-même donne rendez-vous alors peut-être après-demain"
    done = bench.set(bench.galley(f"<p>{words}</p>", css))
    ends = "".join("-" if is_broken(line) else "." for line in done.inside.drawn(0).splitlines())
    assert "-" in ends, "typed words are broken elsewhere"
    assert "---" not in ends


def test_a_short_paragraph_moves_whole_when_its_page_would_end_within_a_word(bench: Bench) -> None:
    css = "body { hyphens: auto; orphans: 2; widows: 2; width: 30mm } .room { height: 107mm }"
    words = (
        "Des professionnels immédiatement accompagnés professionnellement, immédiatement, entretiennent la conversation"
    )
    done = bench.set(bench.galley(f'<div class="room">avant</div><p>{words}</p>', css))
    assert not is_broken(done.inside.drawn(0).split()[-1])


# --- the fragment ---


def test_the_same_galley_gives_the_same_bytes(bench: Bench) -> None:
    (bench.catalogue / "a.svg").write_text(SVG)
    Image.new("RGB", (40, 40), "red").save(bench.catalogue / "a.png")
    galley = bench.galley(
        '<h1>Titre</h1><p>Texte <a href="livret:card-b">b</a></p><img src="a.svg" alt="x"><img src="a.png" alt="y">'
    )
    first = bench.set(galley).path.read_bytes()
    bench.set(bench.galley("<p>Autre chose</p>", FIT))
    assert bench.set(galley).path.read_bytes() == first


def test_a_fragment_tells_no_path_of_this_machine(bench: Bench) -> None:
    (bench.catalogue / "a.svg").write_text(SVG)
    done = bench.set(bench.galley('<p>a</p><img src="a.svg" alt="x">'))
    places = [str(bench.project.root).encode(), os.fsencode(done.path)]
    assert not any(place in stream for stream in (done.path.read_bytes(), *done.inside.streams) for place in places)


def test_boxes_are_the_trim_and_its_bleed(bench: Bench) -> None:
    done = bench.set(bench.galley("<p>a</p>"))
    trim, bleed, media = (done.inside.box(0, name) for name in ("/TrimBox", "/BleedBox", "/MediaBox"))
    assert (trim.x0, trim.y0) == (0, 0)
    assert (trim.width, trim.height) == pytest.approx((mm(100), mm(150)), abs=0.01)
    assert (bleed.x0, bleed.y0) == pytest.approx((-mm(3), -mm(3)), abs=0.01)
    assert (bleed.x1, bleed.y1) == pytest.approx((mm(103), mm(153)), abs=0.01)
    assert (media.width, media.height) == pytest.approx((mm(106), mm(156)), abs=0.01)
    assert (done.facts.width, done.facts.height, done.facts.bleed) == pytest.approx((mm(100), mm(150), mm(3)), abs=0.01)


def test_anchors_are_told_with_page_and_place(bench: Bench) -> None:
    body = (
        '<p id="one">a</p><p id="two" style="break-before: page; margin: 20mm 0 0 5mm">b</p><p><a href="#two">c</a></p>'
    )
    spots = bench.set(bench.galley(body)).facts.anchors
    assert "two" in spots
    assert spots["two"].page == 1
    assert (spots["two"].x, spots["two"].y) == pytest.approx((mm(15), mm(150 - 30)), abs=0.02)


def test_a_fragment_is_tagged_in_its_language(bench: Bench) -> None:
    root: Any = bench.set(bench.galley("<h1>Titre</h1><p>a</p>")).inside.reader.root_object
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_links_to_other_parts_survive(bench: Bench) -> None:
    done = bench.set(bench.galley('<p><a href="livret:card-b">b</a> <a href="https://example.org/">c</a></p>'))
    assert done.findings == ()
    assert {link.uri for link in done.inside.links(0)} == {"livret:card-b", "https://example.org/"}


def test_no_font_of_the_system_is_used(bench: Bench) -> None:
    done = bench.set(bench.galley("<p>a <b>b</b> <code>c</code> <i style='font-family: serif'>d</i></p>"))
    assert done.inside.fonts
    assert all(font.name.startswith("Source-") and font.program for font in done.inside.fonts)


def test_what_is_drawn_under_one_opacity_is_read_as_one(bench: Bench) -> None:
    """The whole of a transparency group is marked, where it is drawn; nothing in it has a number of its own."""
    css = ".pale { opacity: 0.5 }"
    done = bench.set(bench.galley('<p>un <span class="pale">deux</span> trois</p><p class="pale">quatre</p>', css))
    assert done.findings == ()
    first, second = unpacked(done.facts.structure)
    assert [kid.mcid for kid in (*first.kids, *second.kids) if isinstance(kid, Content)] == [0, 2, 1, 3]
    with pikepdf.open(done.path) as pdf:
        page = pdf.pages[0]
        drawn = [one.operator for one in pikepdf.parse_content_stream(page)]
        assert [str(operation) for operation in drawn].count("BDC") == 4
        for group in page.Resources.XObject.values():
            assert b"MCID" not in group.read_bytes()
    nested = '<div class="pale"><h1>un</h1><p>deux <b class="pale">trois</b></p><p><a href="#x">quatre</a></p></div>'
    done = bench.set(bench.galley(f'{nested}<p id="x">cinq</p>', css))
    assert rules(done) == [("opacity", "warning")]
    assert "2 elements" in done.findings[0].message
    assert [element.tag for element in unpacked(done.facts.structure)] == ["H1", "P", "P"]


@pytest.mark.parametrize(
    "body",
    [
        f'<p style="white-space: nowrap">{"mot " * 60}</p>',
        f"<p>{'Donaudampfschifffahrtsgesellschaft' * 3}</p>",
        f"<table><tr><td>{'Donaudampfschifffahrtsgesellschaft' * 3}</table>",
        '<p style="position: absolute; left: 95mm; white-space: nowrap">trop à droite ici</p>',
        '<p style="position: absolute; left: -20mm">trop à gauche</p>',
        '<p style="position: absolute; top: 145mm">trop bas</p>',
    ],
)
def test_text_beyond_the_trim_is_an_error_with_its_page(bench: Bench, body: str) -> None:
    done = bench.set(bench.galley(body))
    found = [finding for finding in done.findings if finding.rule == "clipped-text"]
    assert found
    assert found[0].severity is Severity.ERROR
    assert "on page 1 of the part" in found[0].message
    assert str(found[0].where) == CARD


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "mot " * 60,
        f'<p style="overflow-wrap: anywhere">{"Donaudampfschifffahrtsgesellschaft" * 3}</p>',
        f'<p style="overflow: hidden; white-space: nowrap; text-overflow: ellipsis">{"mot " * 60}</p>',
        '<p style="position: absolute; right: 0; bottom: 0">au bord</p>',
        '<p style="position: absolute; left: 90mm; transform: rotate(90deg); white-space: nowrap">debout ici</p>',
        f'<p style="visibility: hidden; white-space: nowrap">{"mot " * 60}</p>',
    ],
)
def test_text_inside_the_trim_is_no_error(bench: Bench, body: str) -> None:
    assert "clipped-text" not in {finding.rule for finding in bench.set(bench.galley(body)).findings}


# --- what is read and copied ---


def drawn_text(path: Path) -> str:
    """The text of all glyphs in the order they are drawn, by the fonts' own maps, with nothing guessed."""
    found = ""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            maps = {name: unicode_map(font) for name, font in page.Resources.Font.items()}
            current: dict[bytes, str] = {}
            for instruction in pikepdf.parse_content_stream(page):
                operands: Any = instruction.operands
                operator = str(instruction.operator)
                if operator == "Tf":
                    current = maps[str(operands[0])]
                elif operator in ("Tj", "TJ"):
                    shown = operands[0] if operator == "TJ" else [operands[0]]
                    for part in shown:
                        if isinstance(part, pikepdf.String):
                            codes = bytes(part)
                            found += "".join(current[codes[at : at + 2]] for at in range(0, len(codes), 2))
    return found


def unicode_map(font: Any) -> dict[bytes, str]:
    pairs = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]*)>$", font.ToUnicode.read_bytes(), re.MULTILINE)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p style="width: 22mm">assurer la fonction publique</p>', "assurer la fonction publique "),
        ("<p><b>18</b> <i>AAJT</i></p>", "18 AAJT "),
        ("<p>un<br>deux</p><p>trois</p>", "un deux trois "),
        ('<p style="white-space: pre-line">un\ndeux</p>', "un deux "),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a b c d "),
        ('<div style="display: flex"><p>18</p><p>AAJT</p></div>', "18 AAJT "),
        ('<p>18<span style="display: inline-block">AAJT</span>, fin</p>', "18AAJT, fin "),
        ('<p style="width: 14mm">peut-être peut-être</p>', "peut-être peut-être "),
        ('<p style="width: 9mm; overflow-wrap: anywhere">abcdefghijk</p>', "abcdefghijk "),
        ('<p style="width: 10mm">www.example.org/un/deux/trois</p>', "www.example.org/un/deux/trois "),
        # One glyph shows both spaces, and is found as the one that is typed when searching.
        ('<p style="width: 12mm">mot\N{NO-BREAK SPACE}mot mot</p>', "mot mot mot "),
    ],
)
def test_words_end_in_a_space_and_nothing_else_does(bench: Bench, body: str, text: str) -> None:
    done = bench.set(bench.galley(body))
    assert drawn_text(done.path).replace("\N{HYPHEN}", "-") == text


def test_a_word_that_the_engine_hyphenates_gets_no_space(bench: Bench) -> None:
    done = bench.set(bench.galley('<p lang="fr" style="width: 15mm; hyphens: auto">réglementation</p>'))
    assert "\N{HYPHEN} " not in drawn_text(done.path).replace("-", "\N{HYPHEN}")
    assert "-" in drawn_text(done.path).replace("\N{HYPHEN}", "-")


def test_spaces_at_line_ends_move_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        '<p style="width: 40mm; text-align: justify">assurer la fonction publique et le reste de la vie</p>'
        '<p style="text-align: right; letter-spacing: 1pt">à droite<br>encore</p>'
        '<p style="text-align: center">au milieu</p>'
        '<p><u>souligné</u> puis <a href="https://example.org">un lien</a></p><p dir="rtl">abc <b>def</b></p>'
    )
    after = [page.render(scale=3).to_pil().tobytes() for page in pages_of(bench.set(bench.galley(body)).path)]
    monkeypatch.setattr("livret.pages.engine.words.end_words", lambda page: None)
    before = [page.render(scale=3).to_pil().tobytes() for page in pages_of(bench.set(bench.galley(body)).path)]
    assert after == before


def pages_of(path: Path) -> list[Any]:
    return list(pypdfium2.PdfDocument(path))


def fonts_of(path: Path) -> dict[str, dict[bytes, str]]:
    with pikepdf.open(path) as pdf:
        kinds = [made for made in pdf.objects if isinstance(made, pikepdf.Dictionary) and "/ToUnicode" in made]
        return {str(font.BaseFont): unicode_map(font) for font in kinds}


@pytest.mark.parametrize("is_tagged", [True, False])
def test_hidden_text_stands_in_no_map_of_a_font(bench: Bench, is_tagged: bool) -> None:
    cut = "overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 30mm"
    body = "".join(
        f'<p style="{cut}; {style}">Un titre très long qui continue encore et encore</p>'
        for style in ("", "font-weight: bold", "font-style: italic", "font-variant-caps: small-caps", "font-size: 12pt")
    )
    done = bench.set(bench.galley(f"{body}<p>Suite… fin</p>", tagged=is_tagged))
    for name, texts in fonts_of(done.path).items():
        assert max(map(len, texts.values())) <= 2, name
        assert not any(" " in text.strip() for text in texts.values()), name


def test_an_accent_is_not_said_to_be_part_of_its_letter_alone(bench: Bench) -> None:
    done = bench.set(bench.galley("<p>x̂ x</p>"))
    (texts,) = fonts_of(done.path).values()
    assert "x" in texts.values()
    assert "x̂" not in texts.values()


def test_names_of_fonts_are_names(bench: Bench) -> None:
    body = "".join(
        f"<p style='font-family: \"{family}\"; font-style: {style}'>a</p>"
        for family in ("Source Sans 3", "Source Serif 4 Subhead", "Noto Naskh Arabic")
        for style in ("normal", "italic")
    )
    names = fonts_of(bench.set(bench.galley(body)).path)
    assert names
    for name in names:
        assert re.fullmatch(r"/[A-Z]{6}\+[A-Za-z0-9-]+", name), name


def test_every_link_of_a_footnote_has_its_annotation(bench: Bench) -> None:
    body = '<p>un<a class="note" href="https://example.org">deux</a> trois</p>'
    done = bench.set(bench.galley(body, ".note { float: footnote }"))
    found = [kid for element in unpacked(done.facts.structure) for kid in _links(element)]
    assert found
    assert {sum(isinstance(kid, Annotation) for kid in link.kids) for link in found} == {1}


def test_the_words_of_footnotes_are_told_without_their_marks(bench: Bench) -> None:
    body = "<p>un <em class='note'>deux trois</em> quatre</p><p class='note'>cinq <b>six</b></p>"
    assert bench.set(bench.galley(body, ".note { float: footnote }")).facts.footnotes == ("deux trois", "cinq six")
    assert bench.set(bench.galley(body)).facts.footnotes == ()


def _links(element: Any) -> Iterator[Any]:
    if element.tag == "Link":
        yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _links(kid)


def test_a_picture_that_was_converted_is_kept_for_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from livret.pages.engine import files

    raw = io.BytesIO()
    Image.new("CMYK", (70, 70), (0, 200, 200, 0)).save(raw, "JPEG")
    kept = StoredPictures(StoreFiles(tmp_path))
    made = files.ReadyPictures().get("a name", raw.getvalue(), kept=kept)
    with monkeypatch.context() as patch:
        patch.setattr(files, "for_screen", lambda content: pytest.fail("converted again"))
        assert files.ReadyPictures().get("a name", raw.getvalue(), kept=kept) == made
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert files.ReadyPictures().get("a name", raw.getvalue(), kept=kept) == made
    assert kept.damaged == [path]

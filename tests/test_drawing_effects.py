"""Drawings on their pages: masks, clipping paths and filters do what they do in a browser."""

from __future__ import annotations

import re

import pikepdf
import pytest

from engine_bench import Bench

HOLE = '<rect width="80" height="80" fill="#fff"/><circle cx="40" cy="40" r="20"/>'
DISC = '<circle cx="40" cy="40" r="20" fill="#fff"/>'
NAMED_DISC = '<circle id="d" cx="40" cy="40" r="20" fill="#fff"/>'
SQUARE = 'd="M10 10h60v60h-60z" fill="#c8102e"'
HALF = '<circle cx=".5" cy=".5" r=".3333" fill="#fff"/>'


@pytest.mark.parametrize(
    ("inside", "is_middle_seen"),
    [
        (f'<mask id="m">{HOLE}</mask><path {SQUARE} mask="url(#m)"/>', False),
        (f'<mask id="m">{HOLE}</mask><g mask="url(#m)"><path {SQUARE}/></g>', False),
        (f'<mask id="m">{DISC}</mask><g mask="url(#m)"><path {SQUARE}/></g>', True),
        (f'<mask id="m" mask-type="alpha">{DISC.replace("#fff", "#000")}</mask><path {SQUARE} mask="url(#m)"/>', True),
        (f'<mask id="m" maskContentUnits="objectBoundingBox">{HALF}</mask><path {SQUARE} mask="url(#m)"/>', True),
        (f'<mask id="m" maskUnits="userSpaceOnUse" x="20" y="20" width="40" height="40">{DISC}</mask>'
         f'<g mask="url(#m)"><path {SQUARE}/></g>', True),
        (f'<clipPath id="m" clipPathUnits="objectBoundingBox">{HALF}</clipPath>'
         f'<g clip-path="url(#m)"><path {SQUARE}/></g>', True),
        (f'<mask id="m">{HOLE}</mask><defs><path id="s" {SQUARE}/></defs><use href="#s" mask="url(#m)"/>', False),
        (f'<mask id="m">{HOLE}</mask><defs><path id="s" {SQUARE} mask="url(#m)"/></defs><use href="#s"/>', False),
        (f'<mask id="m">{DISC}</mask><symbol id="s" viewBox="0 0 80 80"><path {SQUARE}/></symbol>'
         '<use xlink:href="#s" width="80" height="80" mask="url(#m)"/>', True),
        (f'<mask id="m"><defs>{NAMED_DISC}</defs><use href="#d"/></mask>'
         f'<path {SQUARE} mask="url(#m)"/>', True),
    ],
)  # fmt: skip
def test_a_mask_lies_on_what_it_belongs_to(bench: Bench, inside: str, is_middle_seen: bool) -> None:
    picture = bench.drawing(inside)
    assert picture.is_seen(40, 40) is is_middle_seen
    assert picture.is_seen(15, 15) is not is_middle_seen
    assert not picture.is_seen(5, 5)


@pytest.mark.parametrize(
    "moved",
    [
        '<g transform="translate(10 5)"><path d="M0 5h60v60h-60z" mask="url(#m)"/></g>',
        '<defs><path id="s" d="M0 5h60v60h-60z"/></defs><use href="#s" x="10" y="5" mask="url(#m)"/>',
        '<defs><path id="s" d="M0 5h60v60h-60z"/></defs><use href="#s" transform="translate(10 5)" mask="url(#m)"/>',
    ],
)
def test_a_mask_is_moved_with_its_shape(bench: Bench, moved: str) -> None:
    picture = bench.drawing(f'<mask id="m">{HOLE}</mask>{moved}')
    seen = [picture.is_seen(*place) for place in ((50, 45), (33, 45), (28, 45), (15, 15))]
    assert seen == [False, False, True, True]


@pytest.mark.parametrize(
    ("clip", "is_middle_seen"),
    [
        ('<path clip-rule="evenodd" d="M10 10h60v60h-60zM30 30h20v20h-20z"/>', False),
        ('<path style="clip-rule: evenodd" d="M10 10h60v60h-60zM30 30h20v20h-20z"/>', False),
        ('<path d="M10 10h60v60h-60zM30 30h20v20h-20z"/>', True),
        ('<path d="M10 10h60v60h-60zM30 30v20h20v-20z"/>', False),
        ('<path clip-rule="evenodd" transform="translate(5 5)" d="M5 5h60v60h-60zM25 25h20v20h-20z"/>', False),
    ],
)
def test_a_clipping_path_has_its_holes(bench: Bench, clip: str, is_middle_seen: bool) -> None:
    for attributes in ("", ' opacity=".9"'):
        shape = f'<g{attributes} clip-path="url(#c)"><path d="M0 0h80v80h-80z" fill="#c8102e"/></g>'
        picture = bench.drawing(f'<clipPath id="c">{clip}</clipPath>{shape}')
        seen = [picture.is_seen(*place) for place in ((40, 40), (20, 20), (5, 5))]
        assert seen == [is_middle_seen, True, False]


# --- filters ---

BLUR = '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter>'
SHADOW = (
    '<filter id="f" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur in="SourceAlpha" stdDeviation="1"/>'
    '<feOffset dx="8" dy="8"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>'
)
DROP = '<filter id="f"><feDropShadow dx="8" dy="8" stdDeviation="1" x="0" y="0" width="80" height="80"/></filter>'
OVER = (
    '<filter id="f" x="-50%" y="-50%" width="200%" height="200%"><feOffset in="SourceAlpha" dx="8" dy="8" result="o"/>'
    '<feGaussianBlur stdDeviation="1" result="o"/><feComposite in="SourceGraphic" in2="o"/></filter>'
)
BOX = '<path d="M20 20h40v40h-40z" fill="#c8102e"{}/>'
IN_USE = ' filter="url(#f)"'


@pytest.mark.parametrize(
    "inside",
    [
        SHADOW + BOX.format(IN_USE),
        OVER + BOX.format(IN_USE),
        DROP.replace('id="f"', 'id="f" x="-50%" y="-50%" width="200%" height="200%"') + BOX.format(IN_USE),
        BOX.format(' style="filter: drop-shadow(8px 8px 1px #000)"'),
        BOX.format(' style="filter: drop-shadow(6pt 6pt 1px)"'),
        f"<style>.s {{ filter: url(#f) }}</style>{SHADOW}" + BOX.format(' class="s"'),
        f'{SHADOW}<g filter="url(#f)">{BOX.format("")}</g>',
        f'{SHADOW}<g transform="translate(10 10)"><g{IN_USE}><path d="M10 10h40v40h-40z" fill="#c8102e"/></g></g>',
        f'{SHADOW}<defs><path id="s" d="M0 0h40v40h-40z" fill="#c8102e"{IN_USE}/></defs><use href="#s" x="20" y="20"/>',
        SHADOW + "<defs>" + BOX.format(' id="s"') + f'</defs><use href="#s"{IN_USE}/>',
        f'{SHADOW}<symbol id="s" viewBox="0 0 80 80">{BOX.format(IN_USE)}</symbol>'
        '<use href="#s" width="80" height="80"/>',
    ],
)  # fmt: skip
def test_a_shadow_lies_below_its_shape_which_stays_a_shape(bench: Bench, inside: str) -> None:
    picture = bench.drawing(inside)
    assert picture.done.findings == ()
    assert picture.at(40, 40) == (200, 16, 46)
    # The shape is made of lines: its edge is sharp, and no pixel of it is in a picture.
    assert picture.at(20.2, 20.2) == (200, 16, 46)
    assert sum(picture.at(19.6, 30)) > 700
    assert sum(picture.at(64, 50)) < 60
    assert sum(picture.at(50, 64)) < 60
    assert picture.at(64, 22) == (255, 255, 255)
    assert picture.at(75, 75) == (255, 255, 255)


@pytest.mark.parametrize(
    ("shape", "shadow", "seen", "unseen"),
    [
        ("M-30 20h20v40h-20z", "20px 0 1px", (5, 40), (16, 40)),
        ("M20 90h40v20h-40z", "0 -25px", (40, 70), (40, 60)),
        ("M60 60h20v20h-20z", "-30px -30px 2px", (40, 40), (15, 15)),
    ],
)
def test_a_shadow_falls_as_far_as_it_is_told(
    bench: Bench, shape: str, shadow: str, seen: tuple[float, float], unseen: tuple[float, float]
) -> None:
    """Also that of a shape which lies outside the drawing."""
    picture = bench.drawing(f'<path d="{shape}" style="filter: drop-shadow({shadow} #000)"/>')
    assert picture.done.findings == ()
    assert (picture.is_seen(*seen), picture.is_seen(*unseen)) == (True, False)


@pytest.mark.parametrize(
    ("inside", "middle", "edge"),
    [
        (BLUR + BOX.format(IN_USE), (200, 16, 46), (228, 136, 150)),
        (BOX.format(' style="filter: blur(3px)"'), (200, 16, 46), (228, 136, 150)),
        ('<filter id="f"><feColorMatrix type="saturate" values="0"/></filter>' + BOX.format(IN_USE), (101, 101, 101),
         None),
        (BOX.format(' filter="invert(1)"'), (55, 239, 209), None),
        ('<filter id="f"><feFlood flood-color="#00ff00"/><feComposite in2="SourceAlpha" operator="in"/></filter>'
         + BOX.format(IN_USE), (0, 255, 0), None),
    ],
)  # fmt: skip
def test_a_filter_changes_the_shape_itself(
    bench: Bench, inside: str, middle: tuple[int, int, int], edge: tuple[int, int, int] | None
) -> None:
    picture = bench.drawing(inside)
    assert picture.done.findings == ()
    assert picture.at(40, 40) == pytest.approx(middle, abs=3)
    if edge:
        assert picture.at(20, 40) == pytest.approx(edge, abs=12)
    assert picture.at(5, 5) == (255, 255, 255)


def test_a_shadow_under_a_faded_group_fades_with_it(bench: Bench) -> None:
    picture = bench.drawing(f'{SHADOW}<g opacity=".5">{BOX.format(IN_USE)}</g>')
    assert picture.at(64, 50) == pytest.approx((128, 128, 128), abs=4)


def test_words_with_a_shadow_are_still_words(bench: Bench) -> None:
    words = f'<text x="5" y="40" font-family="Source Sans 3" font-size="16"{IN_USE}>Logement</text>'
    picture = bench.drawing(SHADOW + words)
    assert "logement" in picture.done.words
    seen = sum(picture.is_seen(x / 4, y / 4) for x in range(20, 320) for y in range(168, 200))
    assert seen > 300, "the shadow of the letters lies below their line"


def test_what_a_filter_draws_has_the_resolution_of_the_press(bench: Bench) -> None:
    picture = bench.drawing(BLUR + '<rect x="20" y="20" width="40" height="40"' + IN_USE + "/>")
    with pikepdf.open(picture.done.path) as pdf:
        [found] = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/SMask") is not None]
        # 40 mm and a tenth on each side, at 300 pixels an inch.
        assert int(found.Width) == pytest.approx(48 / 25.4 * 300, abs=4)


def test_a_shadow_that_was_cut_off_in_the_middle_does_not_move_the_shape(bench: Bench) -> None:
    steps = '<feOffset in="SourceAlpha" dx="20"/><feGaussianBlur stdDeviation="2"/><feMerge/>'
    picture = bench.drawing(f'<filter id="f">{steps}</filter>{BOX.format(IN_USE)}')
    assert not picture.is_seen(75, 40)


def test_a_filter_inside_a_mask_is_left_out(bench: Bench) -> None:
    picture = bench.drawing(
        f'{BLUR}<mask id="m">{DISC.replace("/>", IN_USE + "/>")}</mask><path {SQUARE} mask="url(#m)"/>'
    )
    assert picture.is_seen(40, 40)
    assert not picture.is_seen(40, 18)


def test_a_filter_reads_no_file(bench: Bench) -> None:
    """The picture would be read by another program than the engine, past its one door."""
    outside = bench.project.root / "secret.png"
    outside.write_bytes(bytes.fromhex(re.sub(r"\s", "", RED_PNG)))
    shape = f'<image href="{outside}" x="20" y="20" width="40" height="40"{IN_USE}/>'
    picture = bench.drawing(BLUR + shape)
    assert picture.at(40, 40) == (255, 255, 255)


RED_PNG = """
89504e470d0a1a0a0000000d49484452000000010000000108020000009077 53de0000000c4944415408d763f8cfc000000301010018dd8db0
0000000049454e44ae426082
"""

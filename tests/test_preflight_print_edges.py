"""What press profiles ask of pages: filled bleed, safe margin, least text, hairlines, spreads that meet at the fold."""

from __future__ import annotations

from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name

from livret.control.preflight.print.limits import PrintLimits
from print_pages import GROUND, Maker, form, image, told

# The trim is (30, 30, 330, 430), the bleed 8.5 pt wide, 3 mm.
PRESS = PrintLimits(text_least=5, line_least=0.13, bleed=8.5, safe_margin=8.5)
FACING = PrintLimits(bleed=8.5, safe_margin=8.5, facing_pages=True)

UNFILLED = ("unfilled-bleed", "warning")
UNSAFE = ("unsafe-content", "warning")
APART = ("fold-disagrees", "warning")

BLEEDS = {
    "a colour over all of the bleed": (b"1 0 0 0 k 0 0 360 460 re f", False),
    "a colour to the edge of the bleed": (b"1 0 0 0 k 21.5 21.5 317 417 re f", False),
    "a colour to the trim": (b"1 0 0 0 k 30 30 300 400 re f", True),
    "a colour a little short of the bleed": (b"1 0 0 0 k 21.6 21.6 316.8 416.8 re f", False),
    "a colour with one millimetre of bleed": (b"1 0 0 0 k 27 27 306 406 re f", True),
    "a colour that keeps away from the trim": (b"1 0 0 0 k 40 40 280 380 re f", False),
    "a band that bleeds at its ends": (b"1 0 0 0 k 20 100 320 50 re f", False),
    "a band that ends at the trim at one end": (b"1 0 0 0 k 20 100 310 50 re f", True),
    "a band at the trim over a ground that bleeds": (GROUND + b"1 0 0 0 k 30 100 300 50 re f", False),
    "a white band at the trim": (b"0 0 0 0 k 30 100 300 50 re f", False),
    "a band whose bleed is painted white again": (b"1 0 0 0 k 20 100 330 50 re f 0 0 0 0 k 330 0 30 460 re f", True),
    "a picture over all of the bleed": (b"q 320 0 0 420 20 20 cm /Im Do Q", False),
    "a picture to the trim": (b"q 300 0 0 400 30 30 cm /Im Do Q", True),
    "a picture that is cut off at the trim": (b"q 30 30 300 400 re W n 320 0 0 420 20 20 cm /Im Do Q", True),
    "a form that is cut off at the trim": (b"/Cut Do", True),
    "a circle that is cut off at the trim": (
        b"q 30 30 300 400 re W n 1 0 0 0 k 0 200 m 0 300 100 300 100 200 c 100 100 0 100 0 200 c f Q",
        True,
    ),
    "a circle over the edge": (b"1 0 0 0 k 0 200 m 0 300 100 300 100 200 c 100 100 0 100 0 200 c f", False),
    "a line along the trim": (b"0 0 0 1 K 1 w 30 30 m 330 30 l S", False),
}


def made(folder: Path, *contents: bytes) -> Path:
    maker = Maker()
    maker.put("XObject", "Im", image(maker.pdf, 1400, 1400, Name.DeviceGray))
    cut = form(maker.pdf, b"1 0 0 0 k 0 0 360 460 re f", Resources=Dictionary())
    cut.BBox = Array([30, 30, 330, 430])
    maker.put("XObject", "Cut", cut)
    maker.put("XObject", "Wide", image(maker.pdf, 2600, 1800, Name.DeviceGray))
    for content in contents:
        maker.page(content)
    return maker.save(folder)


@pytest.mark.parametrize("case", BLEEDS)
def test_colour_that_reaches_the_trim_fills_the_bleed(case: str, tmp_path: Path) -> None:
    content, unfilled = BLEEDS[case]
    found = told(made(tmp_path, content + b" 0 0 0 1 k 100 300 9 9 re f"), limits=PRESS)
    assert found == ([UNFILLED] if unfilled else [])


@pytest.mark.parametrize(
    ("content", "unsafe"),
    [
        (b"BT /F1 10 Tf 45 200 Td (Words) Tj ET", False),
        (b"BT /F1 10 Tf 38.5 200 Td (Words) Tj ET", False),
        (b"BT /F1 10 Tf 37 200 Td (Words) Tj ET", True),
        (b"BT /F1 10 Tf 310 200 Td (Words) Tj ET", True),
        # A word may end in a space that nobody sees.
        (b"BT /F1 10 Tf 290 200 Td (Words    ) Tj ET", False),
        (b"BT /F1 10 Tf 310 200 Td (Words    ) Tj ET", True),
        (b"BT /F1 10 Tf 100 32 Td (Words) Tj ET", True),
        (b"BT /F1 10 Tf 100 42 Td (Words) Tj ET", False),
        (b"BT /F1 10 Tf 1 0 0 1 335 200 Tm (x) Tj ET", False),
        (b"q 40 0 0 40 45 45 cm /Im Do Q", False),
        (b"q 40 0 0 40 34 45 cm /Im Do Q", True),
        (b"q 40 0 0 40 20 45 cm /Im Do Q", False),
    ],
)
def test_text_and_pictures_keep_to_the_safe_margin(content: bytes, unsafe: bool, tmp_path: Path) -> None:
    found = told(made(tmp_path, b"0 0 0 1 k 100 300 9 9 re f " + content), limits=PRESS)
    assert found == ([UNSAFE] if unsafe else [])


@pytest.mark.parametrize(("size", "small"), [(5, False), (4.95, False), (4.94, True)])
def test_text_is_at_least_as_high_as_the_press_asks(size: float, small: bool, tmp_path: Path) -> None:
    found = told(made(tmp_path, b"0 0 0 0.5 k BT /F1 %g Tf 100 200 Td (Words) Tj ET" % size), limits=PRESS)
    assert found == ([("small-text", "warning")] if small else [])


@pytest.mark.parametrize(
    ("content", "thin"),
    [
        (b"0.13 w 60 60 m 99 60 l S", False),
        (b"0.1295 w 60 60 m 99 60 l S", False),
        (b"0.125 w 60 60 m 99 60 l S", True),
        (b"0 w 60 60 m 99 60 l S", True),
        (b"60 60 99 0.125 re f", True),
        (b"60 60 99 0 re f", True),
        (b"60 60 99 99 re 60.1 60.1 98.8 98.8 re f*", True),
        (b"60 60 99 99 re 65 65 89 89 re f*", False),
        # A double border, of which one line is thin or none is.
        (b"60 60 99 99 re 60.1 60.1 98.8 98.8 re 64 64 91 91 re 65 65 89 89 re f*", True),
        (b"60 60 99 99 re 61 61 97 97 re 64 64 91 91 re 65 65 89 89 re f*", False),
        (b"60 60 0.1 0.1 re f", False),
        (b"60 60 99 0.2 re 60 70 99 0.1 re f", True),
        (b"0 0 0 0 K 0.1 w 60 60 99 99 re S", True),
        (b"60 60 m 99 99 l 80 60 l 60 60 m 99 60 l f", False),
    ],
)
def test_lines_are_at_least_as_wide_as_the_press_asks(content: bytes, thin: bool, tmp_path: Path) -> None:
    page = b"0 0 0 0.5 k 0 0 0 0.5 K 200 200 20 20 re f " + content
    found = told(made(tmp_path, page), limits=PrintLimits(line_least=0.13))
    assert found == ([("hairline", "error")] if thin else [])


# A picture of 400 x 276.9 pt over both pages: 200 pt of it on the left one, whose trim ends at 330.
LEFT = b"q 400 0 0 276.9 130 100 cm /Wide Do Q"
RIGHT = b"q 400 0 0 276.9 -170 100 cm /Wide Do Q"
FOLDS = {
    "a picture over the fold": (LEFT, RIGHT, False),
    "a picture that jumps at the fold": (LEFT, RIGHT.replace(b"100 cm", b"104 cm"), True),
    "a picture that is repeated at the fold": (LEFT, RIGHT.replace(b"-170", b"-160"), True),
    "a picture that is larger on the other page": (LEFT, RIGHT.replace(b"400 0 0", b"410 0 0"), True),
    "a picture on each page, each to the fold": (
        b"q 208 0 0 144 130 100 cm /Wide Do Q",
        b"q 208 0 0 144 22 250 cm /Wide Do Q",
        False,
    ),
    "a band over the fold": (b"1 0 0 0 k 20 100 330 50 re f", b"1 0 0 0 k 20 100 330 50 re f", False),
    "a band that is lower on the other page": (
        b"1 0 0 0 k 20 100 330 50 re f",
        b"1 0 0 0 k 20 100 330 47 re f",
        True,
    ),
    "another band on the other page": (b"1 0 0 0 k 20 100 330 50 re f", b"1 0 0 0 k 20 250 330 50 re f", False),
    "bands in different colours": (b"1 0 0 0 k 20 100 330 50 re f", b"0 1 0 0 k 20 100 330 47 re f", False),
}


@pytest.mark.parametrize("case", FOLDS)
def test_what_runs_over_the_fold_meets(case: str, tmp_path: Path) -> None:
    left, right, apart = FOLDS[case]
    cover = b"0 0 0 1 k 100 300 9 9 re f"
    path = made(tmp_path, cover, left, right)
    assert [one for one in told(path, limits=FACING) if one[0] == "fold-disagrees"] == ([APART] if apart else [])
    assert APART not in told(made(tmp_path, left, right, cover), limits=FACING), "pages 1 and 2 do not face each other"


def test_at_the_fold_nothing_is_cut(tmp_path: Path) -> None:
    """The left edge of a right-hand page is no cut edge: no bleed and no margin is asked for there."""
    page = b"1 0 0 0 k 30 100 308.5 50 re f 0 0 0 1 k BT /F1 14 Tf 32 300 Td (Words) Tj ET"
    assert told(made(tmp_path, page), limits=FACING) == []
    assert told(made(tmp_path, page), limits=PrintLimits(bleed=8.5, safe_margin=8.5)) == [UNFILLED, UNSAFE]

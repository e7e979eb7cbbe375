"""The content rules of preflight for print: each fault alone, just under and just over each limit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from livret.control.preflight.print.judge import judge
from livret.control.preflight.print.profiles import VARIANTS
from print_pages import GROUND, Maker, device_n, form, icc, image, separation, told

ERROR, WARNING = "error", "warning"


def text(size: float, colour: bytes = b"0 0 0 1 k", state: bytes = b"") -> bytes:
    return b"%s %s BT /F1 %g Tf 100 200 Td (Words) Tj ET\n" % (state, colour, size)


# One line of 60 mm, as different programs write it.
WRITTEN = {
    "plainly": b"60 100 m 260 100 l S",
    "with other blanks": b"60\t100\rm\n260 100\x0cl\r\nS",
    "with NUL between": b"60\x00100 m 260 100\x00l S",
    "with signs and points": b"+60 0100.0 m 260. 100. m 260. +100.00 l S",
    "after settings of lines": b"[] 0 d [3 2]1 d 1 J 0 j 10 M 1 i 60 100 m 260 100 l S",
    "with a comment": b"60 100 m % a comment with 1 2 m in it\n260 100 l S",
    "with an operator that nobody knows": b"60 100 m 1 2 zz 260 100 l S",
    "with a curve": b"60 100 m 120 100 180 100 260 100 c S",
    "with v and y": b"60 100 m 120 100 160 100 v 180 100 260 100 y S",
    "in many pieces": b"60 100 m " + b" ".join(b"%d 100 l" % at for at in range(61, 1000)) + b" S",
}


def line(width: float, colour: bytes = b"0 0 0 1 K", state: bytes = b"") -> bytes:
    return b"%s %s %g w 60 100 m 260 100 l S\n" % (state, colour, width)


def bar(height: float, colour: bytes = b"0 0 0 1 k", state: bytes = b"") -> bytes:
    return b"%s %s 60 100 200 %g re f\n" % (state, colour, height)


WHITE, WHITE_LINE = b"0 0 0 0 k", b"0 0 0 0 K"
OVER = b"/Over gs"

# What a page paints on grey, and what is told of it.
PAGES: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "black text of 12 pt may knock out": (text(12), []),
    "black text printed as 12.0 pt may knock out": (text(11.96), []),
    "black text of 11.9 pt must overprint": (text(11.94), [("black-text-knocks-out", WARNING)]),
    "black text that overprints": (text(6, state=OVER), []),
    "black text that overprints without OPM 1": (
        text(6, state=b"/OverMode0 gs"),
        [("black-text-knocks-out", WARNING)],
    ),
    "grey text in CMYK may knock out": (text(6, b"0 0 0 0.9 k"), []),
    "see-through black text may knock out": (text(6, state=b"/Half gs"), []),
    "blended black text may knock out": (text(6, state=b"/Multiply gs"), []),
    "small text in DeviceGray": (text(11.9, b"0 g"), [("grey-text", WARNING)]),
    "text of 12 pt in DeviceGray": (text(12, b"0 g"), []),
    "DeviceGray that overprints": (text(12, b"0.5 g", OVER), [("grey-overprints", WARNING)]),
    "white text that overprints": (text(20, WHITE, OVER), [("white-text-overprints", ERROR)]),
    "white text that knocks out": (text(20, WHITE, b"/Knock gs"), []),
    "white text of 8 pt": (text(8, WHITE), []),
    "white text printed as 8.0 pt": (text(7.95, WHITE), []),
    "white text of 7.9 pt": (text(7.94, WHITE), [("small-white-text", WARNING)]),
    "text in two inks of 8 pt": (text(8, b"1 1 0 0 k"), []),
    "text in two inks of 7.9 pt": (text(7.9, b"1 1 0 0 k"), [("small-text-in-inks", WARNING)]),
    "text in one ink of 5 pt": (text(5, b"1 0 0 0 k"), []),
    "rich black of 280 %": (text(20, b"0.6 0.6 0.6 1 k"), []),
    "rich black of 281 %": (text(20, b"0.61 0.6 0.6 1 k"), [("rich-black-text", WARNING)]),
    "rich black with 85 % of black": (text(20, b"0.7 0.7 0.7 0.85 k"), [("rich-black-text", WARNING)]),
    "rich colour with 84 % of black": (text(20, b"0.7 0.7 0.7 0.84 k"), []),
    "a black line of 2 pt may knock out": (line(2), []),
    "a black line printed as 2.000 pt may knock out": (line(1.9996), []),
    "a black line of 1.999 pt must overprint": (line(1.9994), [("black-line-knocks-out", WARNING)]),
    "a black line that overprints": (line(1, state=OVER), []),
    "a black line that overprints without OPM 1": (
        line(1, state=b"/OverMode0 gs"),
        [("black-line-knocks-out", WARNING)],
    ),
    "a black bar of 1.9 pt is a line": (bar(1.9), [("black-line-knocks-out", WARNING)]),
    "a black bar of 2 pt": (bar(2), []),
    "a thin line in DeviceGray": (line(1, b"0 G"), [("grey-line", WARNING)]),
    "a thin bar in DeviceGray": (bar(1, b"0.5 g"), [("grey-line", WARNING)]),
    "a white line that overprints": (line(3, WHITE_LINE, OVER), [("white-path-overprints", WARNING)]),
    "a white bar that overprints": (bar(30, WHITE, OVER), [("white-path-overprints", WARNING)]),
    "a white line of 0.25 pt": (line(0.25, WHITE_LINE), []),
    "a white line printed as 0.250 pt": (line(0.2496, WHITE_LINE), []),
    "a white line of 0.249 pt": (line(0.2494, WHITE_LINE), [("thin-white-line", WARNING)]),
    "a white bar of 0.2 pt": (bar(0.2, WHITE), [("thin-white-line", WARNING)]),
    "a line in two inks of 0.25 pt": (line(0.25, b"1 1 0 0 K"), []),
    "a line in two inks of 0.249 pt": (line(0.249, b"1 1 0 0 K"), [("thin-line-in-inks", WARNING)]),
    "a bar in two inks of 0.2 pt": (bar(0.2, b"1 1 0 0 k"), [("thin-line-in-inks", WARNING)]),
    "a line in one ink of 0.2 pt": (line(0.2, b"1 0 0 0 K"), []),
    "text in DeviceRGB": (text(20, b"1 0 0 rg"), [("not-early-binding", ERROR)]),
    "a shape in DeviceRGB": (bar(50, b"1 0 0 rg"), [("not-early-binding", ERROR)]),
    "a line in DeviceRGB": (line(3, b"1 0 0 RG"), [("not-early-binding", ERROR)]),
    "an inline image in RGB": (
        b"q 72 0 0 72 50 50 cm BI /W 2 /H 2 /BPC 8 /CS /RGB ID " + b"\x10" * 12 + b" EI Q",
        [("not-early-binding", ERROR)],
    ),
    "an unused colour in DeviceRGB": (b"1 0 0 rg 0 0 0 1 k " + bar(50), []),
}


def judged(maker: Maker, folder: Path, content: bytes, profile: str = "sheetcmyk-cmyk") -> list[tuple[str, str]]:
    maker.page(content)
    return told(maker.save(folder), profile)


@pytest.mark.parametrize("page", PAGES)
def test_one_fault_is_told_by_its_own_rule_alone(page: str, tmp_path: Path) -> None:
    content, expected = PAGES[page]
    assert judged(Maker(), tmp_path, GROUND + content) == expected


# The content of each of these is at fault on grey; here it lies on bare paper, or cannot be seen.
FAULTS = {
    "white text that overprints": (text(20, WHITE, OVER), "white-text-overprints"),
    "a white bar that overprints": (bar(30, WHITE, OVER), "white-path-overprints"),
    "small black text": (text(9), "black-text-knocks-out"),
    "a thin black line": (line(1), "black-line-knocks-out"),
    "small white text": (text(6, WHITE), "small-white-text"),
    "a thin white line": (line(0.2, WHITE_LINE), "thin-white-line"),
    "small text in DeviceGray": (text(6, b"0 g"), "grey-text"),
    "RGB": (bar(50, b"1 0 0 rg"), "not-early-binding"),
    "small text in two inks": (text(6, b"1 1 0 0 k"), "small-text-in-inks"),
}
ON_OTHERS = [name for name in FAULTS if name not in {"RGB", "small text in two inks"}]
HIDDEN = {
    "clipped away": b"q 0 0 10 10 re W n %s Q",
    "clipped away by an empty path": b"q n 0 0 m W n %s Q",
    "clipped away by a triangle": b"q 21 25 m 340 25 l 21 60 l h W n %s Q",
    "outside the bleed": b"q 1 0 0 1 -290 0 cm %s Q",
    "outside the medium": b"q 1 0 0 1 900 0 cm %s Q",
    "covered by a rectangle": b"q %s Q 0 0 0 0.1 k 0 0 360 460 re f",
    "covered by a circle": b"q %s Q 0 0 0 0.1 k 480 190 m 480 500 -180 500 -180 190 c -180 -200 480 -200 480 190 c f",
    "covered by a picture": b"q %s Q q 360 0 0 460 0 0 cm /Cover Do Q",
    "on a layer that is off": b"/OC /Off BDC %s EMC",
    "in a form on a layer that is off": b"/OffForm Do",
    "with alpha 0": b"q /Gone gs %s Q",
    "in a rule over layers that is false": b"/OC /NotOn BDC %s EMC",
}


def with_layers(content: bytes) -> Maker:
    maker = Maker()
    on, off = (maker.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=name)) for name in ("On", "Off"))
    maker.pdf.Root.OCProperties = Dictionary(
        OCGs=Array([on, off]), D=Dictionary(BaseState=Name.ON, OFF=Array([off]), Order=Array([on, off]))
    )
    maker.put("Properties", "On", on)
    maker.put("Properties", "Off", off)
    maker.put("Properties", "NotOn", Dictionary(Type=Name.OCMD, VE=Array([Name.Not, on])))
    maker.put("Properties", "AnyOn", Dictionary(Type=Name.OCMD, OCGs=Array([on, off]), P=Name.AnyOn))
    maker.put("XObject", "Cover", image(maker.pdf, 1500, 1500, Name.DeviceGray))
    maker.put("XObject", "OffForm", form(maker.pdf, content, Resources=maker.resources, OC=off))
    maker.put("ExtGState", "Gone", Dictionary(CA=0, ca=0))
    return maker


@pytest.mark.parametrize("way", HIDDEN)
def test_what_cannot_be_seen_is_not_told(way: str, tmp_path: Path) -> None:
    for content, _ in FAULTS.values():
        wrapped = HIDDEN[way].replace(b"%s", content)
        assert judged(with_layers(content), tmp_path, GROUND + wrapped) == []


SHOWN = {
    "clipped by a rectangle that shows it": b"q 50 50 250 250 re W n %s Q",
    "half covered": b"q %s Q 0 0 0 0.1 k 0 0 110 460 re f",
    "covered by what overprints": b"q %s Q q 0 0 0 0.1 k /Over gs 0 0 360 460 re f Q",
    "covered by what is see-through": b"q %s Q q 0 0 0 0.1 k /Half gs 0 0 360 460 re f Q",
    "covered by a ring": b"q %s Q 0 0 0 0.1 k 0 0 360 460 re 50 50 250 250 re f*",
    "on a layer that is on": b"/OC /On BDC %s EMC",
    "in a rule over layers that is true": b"/OC /AnyOn BDC %s EMC",
    "in a form": b"/Form Do",
    "in a form in a form": b"q 1 0 0 1 5 5 cm /Outer Do Q",
    "in a transparency group": b"/Group Do",
    "under a soft mask": b"q /Masked gs %s Q",
}


def with_forms(content: bytes) -> Maker:
    maker = with_layers(content)
    inner = maker.pdf.make_indirect(form(maker.pdf, content, Resources=maker.resources))
    maker.put("XObject", "Form", inner)
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
    maker.put("XObject", "Group", form(maker.pdf, content, Resources=maker.resources, Group=group))
    outer = form(maker.pdf, b"q /Inner Do Q", Resources=Dictionary(XObject=Dictionary(Inner=inner)))
    maker.put("XObject", "Outer", outer)
    grey = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = form(maker.pdf, b"0.5 g 0 0 360 460 re f", Group=grey, Resources=Dictionary())
    maker.put("ExtGState", "Masked", Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)))
    return maker


@pytest.mark.parametrize("way", SHOWN)
def test_what_can_be_seen_is_told_wherever_it_stands(way: str, tmp_path: Path) -> None:
    for name, (content, rule) in FAULTS.items():
        if way == "under a soft mask" and "black" in name:
            continue
        found = judged(with_forms(content), tmp_path, GROUND + SHOWN[way].replace(b"%s", content))
        assert [one for one, _ in found] == [rule]


@pytest.mark.parametrize("fault", ON_OTHERS)
def test_on_bare_paper_overprint_and_register_do_no_harm(fault: str, tmp_path: Path) -> None:
    content, rule = FAULTS[fault]
    found = judged(Maker(), tmp_path, b"0 0 0 0.2 k 60 300 50 50 re f " + content)
    assert rule not in [one for one, _ in found]


@pytest.mark.parametrize(
    ("under", "overlaps"),
    [
        (b"50 150 200 100 re S", False),
        (b"110 150 200 100 re S", True),
        (b"50 100 m 250 300 l S", False),
        (b"60 190 m 250 215 l S", True),
        (b"50 150 200 100 re f", True),
        (b"50 150 m 250 150 l 250 160 l 60 160 l 60 250 l 50 250 l h f", False),
        (b"50 150 200 100 re 60 160 180 80 re f*", False),
        (b"50 150 m 50 300 250 300 250 150 c S", False),
    ],
)
def test_inside_a_frame_or_beside_a_line_is_not_on_it(under: bytes, overlaps: bool, tmp_path: Path) -> None:
    content = b"0 0 0 0.5 k 0 0 0 0.5 K 3 w " + under + b" " + text(9)
    assert bool(judged(Maker(), tmp_path, content)) is overlaps


def picture_page(pixels: int, points: float, **more: object) -> tuple[Maker, bytes]:
    maker = Maker()
    maker.put("XObject", "Im", image(maker.pdf, pixels, pixels, **more))  # type: ignore[arg-type]
    return maker, GROUND + b"q %.9f 0 0 %.9f 60 60 cm /Im Do Q" % (points, points)


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [
        (225, []),
        (224.5, []),
        (224.4, [("doubtful-image-resolution", WARNING)]),
        (149.5, [("doubtful-image-resolution", WARNING)]),
        (149.4, [("low-image-resolution", ERROR)]),
        (72, [("low-image-resolution", ERROR)]),
    ],
)
def test_pictures_need_more_than_149_and_224_pixels_an_inch(
    resolution: float, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    maker, content = picture_page(100, 7200 / resolution)
    assert judged(maker, tmp_path, content) == expected


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [
        (800, []),
        (799.4, [("doubtful-one-bit-resolution", WARNING)]),
        (549.5, [("doubtful-one-bit-resolution", WARNING)]),
        (549.4, [("low-one-bit-resolution", ERROR)]),
    ],
)
def test_pictures_of_one_bit_need_more_than_549_and_799(
    resolution: float, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    maker, content = picture_page(400, 28800 / resolution, space=Name.DeviceGray, bits=1)
    assert judged(maker, tmp_path, content) == expected


def test_pictures_of_16_pixels_have_no_resolution(tmp_path: Path) -> None:
    maker, content = picture_page(16, 200)
    assert judged(maker, tmp_path, content) == []
    maker, content = picture_page(17, 200)
    assert judged(maker, tmp_path, content) == [("low-image-resolution", ERROR)]


@pytest.mark.parametrize(
    "placed",
    [b"100 0 0 24 60 60 cm", b"0 24 -100 0 200 60 cm", b"17.3 10 -10 40 100 100 cm", b"24 0 0 100 60 60 cm"],
)
def test_the_weaker_axis_counts_however_a_picture_is_turned(placed: bytes, tmp_path: Path) -> None:
    maker, _ = picture_page(80, 1)
    assert judged(maker, tmp_path, GROUND + b"q " + placed + b" /Im Do Q") == [("low-image-resolution", ERROR)]


def test_an_image_mask_counts_as_a_picture_of_one_bit(tmp_path: Path) -> None:
    maker = Maker()
    mask = Stream(maker.pdf, b"\x55" * 500, Subtype=Name.Image, Width=100, Height=40, ImageMask=True)
    maker.put("XObject", "Im", mask)
    found = judged(maker, tmp_path, GROUND + b"1 0 0 0 k q 72 0 0 28 60 60 cm /Im Do Q")
    assert found == [("low-one-bit-resolution", ERROR)]


@pytest.mark.parametrize(
    ("size", "matrix", "expected"),
    [
        (1, b"6 0 0 6 100 200 Tm", True),
        (12, b"0.5 0 0 0.5 100 200 Tm", True),
        (6, b"2 0 0 2 100 200 Tm", False),
        (12, b"0.5 0 0 1 100 200 Tm", False),
        (12, b"2 0 0 0.5 100 200 Tm", True),
        (6, b"0 2 -2 0 100 200 Tm", False),
        (11.9, b"1 0 1 1 100 200 Tm", True),
        (12, b"1 0 0.3 1 100 200 Tm 50 Tz 4 Ts", False),
        (-6, b"-1 0 0 -1 200 200 Tm", True),
    ],
)
def test_the_size_of_text_is_its_height_on_paper(size: float, matrix: bytes, expected: bool, tmp_path: Path) -> None:
    content = GROUND + b"0 0 0 1 k BT /F1 %g Tf %s (Words) Tj ET" % (size, matrix)
    assert bool(judged(Maker(), tmp_path, content)) is expected


@pytest.mark.parametrize(
    "show", [b"(Words) Tj", b"[(W) -20 <6f72> 3 (ds)] TJ", b"(Words) '", b'0 0 (Words) "', b"(a(b)) Tj"]
)
def test_text_is_found_by_each_operator_that_shows_it(show: bytes, tmp_path: Path) -> None:
    content = GROUND + b"0 0 0 1 k BT /F1 6 Tf 100 200 Td 10 TL " + show + b" ET"
    assert judged(Maker(), tmp_path, content) == [("black-text-knocks-out", WARNING)]


@pytest.mark.parametrize(("mode", "expected"), [(0, True), (1, False), (2, True), (3, False), (7, False)])
def test_text_counts_by_how_it_is_rendered(mode: int, expected: bool, tmp_path: Path) -> None:
    content = GROUND + b"0 0 0 1 k 0 0 0 0.5 K BT %d Tr /F1 6 Tf 100 200 Td (Words) Tj ET" % mode
    assert bool(judged(Maker(), tmp_path, content)) is expected


def test_the_outline_of_text_must_not_overprint_in_white(tmp_path: Path) -> None:
    content = GROUND + b"/Over gs 0 0 0 0 K 0 0 0 0.5 k BT 2 Tr /F1 20 Tf 100 200 Td (Words) Tj ET"
    assert judged(Maker(), tmp_path, content) == [("white-text-overprints", ERROR)]


def test_blanks_are_no_text(tmp_path: Path) -> None:
    assert judged(Maker(), tmp_path, GROUND + b"0 0 0 1 k BT /F1 6 Tf 100 200 Td (   ) Tj ET") == []


@pytest.mark.parametrize(
    ("scale", "width", "expected"),
    [(b"0.1 0 0 0.1 0 0 cm", 19, True), (b"1 0 0 0.1 0 0 cm", 19, True), (b"2 0 0 2 0 0 cm", 1, False)],
)
def test_the_width_of_a_line_is_its_width_on_paper(scale: bytes, width: float, expected: bool, tmp_path: Path) -> None:
    content = GROUND + b"q %s 0 0 0 1 K %g w 60 60 m 160 160 l S Q" % (scale, width)
    content = content.replace(b"0.1 0 0 0.1 0 0 cm", b"0.1 0 0 0.1 60 60 cm").replace(b"60 60 m", b"600 600 m", 0)
    assert bool(judged(Maker(), tmp_path, content)) is expected


@pytest.mark.parametrize("name", ["Courier", "ABCDEF+Courier"])
def test_courier_may_stand_for_a_font_that_was_missing(name: str, tmp_path: Path) -> None:
    maker = Maker()
    maker.resources.Font.F1.BaseFont = Name("/" + name)
    assert judged(maker, tmp_path, GROUND + text(14)) == [("courier-font", WARNING)]


@pytest.mark.parametrize("name", ["CourierNew", "Courier-Bold", "CourierPrime"])
def test_other_fonts_with_such_a_name_are_meant(name: str, tmp_path: Path) -> None:
    maker = Maker()
    maker.resources.Font.F1.BaseFont = Name("/" + name)
    assert judged(maker, tmp_path, GROUND + text(14)) == []


def test_a_page_without_ink_is_empty(tmp_path: Path) -> None:
    for content in (
        b"",
        b"0 0 0 0 k 0 0 360 460 re f",
        text(20, WHITE),
        b"1 g 50 50 99 99 re f",
        b"0 0 0 1 k 0 0 5 5 re f",
    ):
        assert judged(Maker(), tmp_path, content) == [("empty-page", WARNING)]
    assert judged(Maker(), tmp_path, text(20)) == []


def test_a_page_with_a_white_picture_alone_is_empty(tmp_path: Path) -> None:
    maker = Maker()
    picture = image(maker.pdf, 400, 400)
    picture.write(bytes(400 * 400 * 4))
    maker.put("XObject", "Im", picture)
    assert judged(maker, tmp_path, b"q 100 0 0 100 60 60 cm /Im Do Q") == [("empty-page", WARNING)]


def spot_page(*spaces: tuple[str, object], profile: str, folder: Path, content: bytes = b"") -> list[tuple[str, str]]:
    maker = Maker()
    for at, (kind, value) in enumerate(spaces):
        make = separation(maker.pdf, str(value)) if kind == "spot" else device_n(maker.pdf, *value)  # type: ignore[misc]
        maker.put("ColorSpace", f"S{at}", make)
    used = content or b"".join(
        b"/S%d cs %s scn 60 %d 30 20 re f\n" % (at, _ones(one), 60 + 30 * at) for at, one in enumerate(spaces)
    )
    return judged(maker, folder, GROUND + used, profile)


def _ones(space: tuple[str, object]) -> bytes:
    return b"1" if space[0] == "spot" else b" ".join([b"0.5"] * len(space[1]))  # type: ignore[arg-type]


def test_a_spot_colour_is_an_error_where_only_four_inks_print(tmp_path: Path) -> None:
    for space in (("spot", "PANTONE 185 C"), ("n", ("Black", "PANTONE 185 C"))):
        assert spot_page(space, profile="sheetcmyk-cmyk", folder=tmp_path) == [("spot-colours", ERROR)]
        assert spot_page(space, profile="sheetspot-cmyk", folder=tmp_path) == [("spot-colours", WARNING)]


def test_the_four_inks_and_none_are_no_spot_colours(tmp_path: Path) -> None:
    spaces = [("spot", "Black"), ("spot", "Cyan"), ("n", ("Magenta", "Yellow", "None"))]
    assert spot_page(*spaces, profile="sheetcmyk-cmyk", folder=tmp_path) == []


def test_a_spot_colour_that_is_only_set_is_not_used(tmp_path: Path) -> None:
    found = spot_page(("spot", "Gold"), profile="sheetcmyk-cmyk", folder=tmp_path, content=b"/S0 cs 1 scn")
    assert found == []


def test_the_colour_all_is_for_marks_outside_the_page(tmp_path: Path) -> None:
    for space in (("spot", "All"), ("n", ("All", "Black"))):
        assert ("registration-colour", WARNING) in spot_page(space, profile="sheetcmyk-cmyk", folder=tmp_path)
    mark = b"/S0 CS 1 SCN 0.25 w 30 2 m 30 20 l S"
    assert spot_page(("spot", "All"), profile="sheetcmyk-cmyk", folder=tmp_path, content=mark) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("PANTONE 185 C", "PANTONE 185 U", ("spot-suffixes", WARNING)),
        ("Pantone 185 C", "PANTONE 185 C", ("spot-letter-case", ERROR)),
        ("Bl\u00e9", "Ble\u0301", ("spot-letter-case", ERROR)),
        ("Gold", "Silver", None),
        ("PANTONE 185 C", "PANTONE 186 U", None),
    ],
)
def test_one_spot_colour_has_one_name(
    first: str, second: str, expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    maker = Maker()
    for at, one in enumerate((first, second)):
        shade = Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, at / 10, 0])
        maker.put("ColorSpace", f"S{at}", separation(maker.pdf, one, function=shade))
    content = GROUND + b"/S0 cs 1 scn 60 60 30 20 re f /S1 cs 1 scn 60 90 30 20 re f"
    found = judged(maker, tmp_path, content, "sheetspot-cmyk")
    assert found == sorted([("spot-colours", WARNING), *([expected] if expected else [])])


def test_two_spot_colours_that_look_the_same_are_one(tmp_path: Path) -> None:
    spaces = [("spot", "Gold"), ("spot", "Varnish")]
    expected = [("spot-colours", WARNING), ("spot-twins", ERROR)]
    assert spot_page(*spaces, profile="sheetspot-cmyk", folder=tmp_path) == expected


SPACES: dict[str, tuple[Callable[[Pdf], object], bytes, str]] = {
    "DeviceRGB": (lambda pdf: Name.DeviceRGB, b"1 0 0", "early image other"),
    "CalRGB": (lambda pdf: Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1])]), b"1 0 0", "early other"),
    "CalGray": (lambda pdf: Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])]), b"0.5", "early image other"),
    "Lab": (lambda pdf: Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1])]), b"50 10 10", "early other"),
    "ICC grey": (lambda pdf: icc(pdf, 1), b"0.5", "early image other"),
    "ICC RGB": (lambda pdf: icc(pdf, 3), b"1 0 0", "early other"),
    "ICC CMYK": (lambda pdf: icc(pdf, 4), b"1 0 0 0", "early image other"),
    "DeviceCMYK": (lambda pdf: Name.DeviceCMYK, b"1 0 0 0", ""),
    "DeviceGray": (lambda pdf: Name.DeviceGray, b"0.5", ""),
    "Indexed RGB": (lambda pdf: Array([Name.Indexed, Name.DeviceRGB, 0, b"\x10\x20\x30"]), b"0", "early image other"),
    "Indexed CMYK": (lambda pdf: Array([Name.Indexed, Name.DeviceCMYK, 0, b"\x10\x20\x30\x40"]), b"0", ""),
    "Black over RGB": (lambda pdf: separation(pdf, "Black", Name.DeviceRGB), b"1", "early image other"),
    "Black over Lab": (
        lambda pdf: separation(pdf, "Black", Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1])])),
        b"1",
        "",
    ),
}


@pytest.mark.parametrize("kind", ["shape", "text", "line", "image", "gradient", "pattern", "shading pattern", "form"])
@pytest.mark.parametrize("space", SPACES)
def test_colour_spaces_are_told_in_every_kind_of_painting(space: str, kind: str, tmp_path: Path) -> None:
    make, values, where = SPACES[space]
    maker = Maker()
    maker.put("ColorSpace", "S", make(maker.pdf))
    own = maker.resources.ColorSpace.S
    box = b"60 60 99 99 re f"
    maker.put("XObject", "Im", image(maker.pdf, 16, 16, own))
    shading = Dictionary(ShadingType=2, ColorSpace=own, Coords=[0, 0, 99, 99], Function=Dictionary())
    if b"Pattern" not in values and "Indexed" not in space:
        maker.put("Shading", "Sh", shading)
        maker.put("Pattern", "PS", Dictionary(PatternType=2, Shading=shading))
    cell = b"/S cs %s sc 0 0 5 5 re f" % values
    tile = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
    maker.put("Pattern", "P", Stream(maker.pdf, cell, Resources=maker.resources, **tile))
    maker.put("XObject", "Fm", form(maker.pdf, cell.replace(b"0 0 5 5", b"60 60 50 50"), Resources=maker.resources))
    content = {
        "shape": b"/S cs %s sc " % values + box,
        "text": b"/S cs %s sc BT /F1 20 Tf 60 60 Td (Words) Tj ET" % values,
        "line": b"/S CS %s SC 3 w 60 60 m 99 99 l S" % values,
        "image": b"q 99 0 0 99 60 60 cm /Im Do Q",
        "gradient": b"q 60 60 99 99 re W n /Sh sh Q",
        "pattern": b"/Pattern cs /P scn " + box,
        "shading pattern": b"/Pattern cs /PS scn " + box,
        "form": b"/Fm Do",
    }[kind]
    if "Indexed" in space and kind in {"gradient", "shading pattern"}:
        pytest.skip("a gradient cannot be in an Indexed space")
    early = judged(maker, tmp_path, GROUND + content)
    assert early == ([("not-early-binding", ERROR)] if "early" in where else [])
    later = told(tmp_path / "made.pdf", "sheetcmyk-cmyk-plus-rgb")
    assert later == (
        [("not-intermediate-binding", ERROR)] if ("image" if kind == "image" else "other") in where else []
    )


def test_a_default_space_stands_for_the_device_space(tmp_path: Path) -> None:
    maker = Maker()
    maker.put("ColorSpace", "DefaultCMYK", icc(maker.pdf, 4))
    assert judged(maker, tmp_path, bar(50)) == [("not-early-binding", ERROR)]


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        ("DeviceCMYK", []),
        ("DeviceRGB", [("group-colour-space", ERROR)]),
        ("DeviceGray", [("group-colour-space", ERROR)]),
    ],
)
def test_transparency_is_blended_in_cmyk(space: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    maker = Maker()
    group = Dictionary(S=Name.Transparency, CS=Name("/" + space))
    maker.put("XObject", "Fm", form(maker.pdf, bar(50), Group=group, Resources=maker.resources))
    assert judged(maker, tmp_path, GROUND + b"/Fm Do") == expected
    page = Maker()
    page.page(GROUND, Group=Dictionary(S=Name.Transparency, CS=Name("/" + space)))
    assert told(page.save(tmp_path)) == expected


def test_the_space_of_a_group_may_be_written_as_an_array(tmp_path: Path) -> None:
    maker = Maker()
    maker.page(GROUND, Group=Dictionary(S=Name.Transparency, CS=Array([Name.DeviceCMYK])))
    maker.page(GROUND, Group=Dictionary(S=Name.Transparency, CS=Array([Name.DeviceRGB])))
    assert told(maker.save(tmp_path)) == [("group-colour-space", ERROR)]


@pytest.mark.parametrize(
    ("kind", "space", "expected"),
    [("Luminosity", "DeviceGray", False), ("Luminosity", "DeviceRGB", True), ("Alpha", "DeviceGray", True)],
)
def test_a_mask_of_luminosity_may_be_grey(kind: str, space: str, expected: bool, tmp_path: Path) -> None:
    maker = Maker()
    group = Dictionary(S=Name.Transparency, CS=Name("/" + space))
    mask = form(maker.pdf, b"", Group=group)
    maker.put("ExtGState", "Masked", Dictionary(SMask=Dictionary(S=Name("/" + kind), G=mask)))
    found = judged(maker, tmp_path, GROUND + b"/Masked gs " + bar(50))
    assert found == ([("group-colour-space", ERROR)] if expected else [])


def type3(maker: Maker, glyph: bytes, **more: object) -> None:
    drawn = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 1000, 1000],
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(a=Stream(maker.pdf, glyph)),
        Encoding=Dictionary(Differences=Array([97, Name.a])),
        FirstChar=97,
        LastChar=97,
        Widths=Array([1000]),
        Resources=Dictionary(),
    )
    for key, value in more.items():
        drawn[Name("/" + key)] = value
    maker.put("Font", "T3", drawn)


SHAPE = b"1000 0 0 0 1000 1000 d1 0 0 800 800 re f"


def test_a_type_3_font_without_colours_is_text_in_the_colour_that_is_set(tmp_path: Path) -> None:
    for size, expected in ((11.9, [("black-text-knocks-out", WARNING)]), (12, [])):
        maker = Maker()
        type3(maker, SHAPE)
        content = GROUND + b"0 0 0 1 k BT /T3 %g Tf 100 200 Td (a) Tj ET" % size
        assert judged(maker, tmp_path, content) == expected


def test_a_type_3_font_may_be_drawn_in_any_unit(tmp_path: Path) -> None:
    for size, expected in ((11.9, [("black-text-knocks-out", WARNING)]), (12, [])):
        maker = Maker()
        glyph = b"1 0 0 0 1 1 d1 0 0 .8 .8 re f"
        type3(maker, glyph, FontMatrix=Array([1, 0, 0, 1, 0, 0]), FontBBox=Array([0, 0, 1, 1]), Widths=Array([1]))
        content = GROUND + b"0 0 0 1 k BT /T3 %g Tf 100 200 Td (a) Tj ET" % size
        assert judged(maker, tmp_path, content) == expected


def test_colours_in_the_glyphs_of_a_type_3_font_are_told(tmp_path: Path) -> None:
    maker = Maker()
    type3(maker, b"1000 0 d0 1 0 0 rg 0 0 800 800 re f")
    content = GROUND + b"0 0 0 1 k BT /T3 20 Tf 100 200 Td (a) Tj ET"
    assert judged(maker, tmp_path, content) == [("not-early-binding", ERROR)]


def test_a_picture_of_one_bit_in_device_gray_must_not_overprint(tmp_path: Path) -> None:
    maker = Maker()
    mask = Stream(maker.pdf, b"\x55" * 8, Subtype=Name.Image, Width=8, Height=8, ImageMask=True)
    maker.put("XObject", "Im", mask)
    content = GROUND + b"0 g /Over gs q 72 0 0 72 60 60 cm /Im Do Q"
    assert judged(maker, tmp_path, content) == [("grey-overprints", WARNING)]


def test_a_jpeg_2000_picture_states_its_colours_itself(tmp_path: Path) -> None:
    for method, expected in ((16, {"not-early-binding"}), (17, {"not-early-binding"}), (12, set())):
        maker = Maker()
        samples = b"....jp2h....colr\x01\x00\x00" + method.to_bytes(4, "big") + bytes(20)
        picture = Stream(maker.pdf, b"", Subtype=Name.Image, Width=9, Height=9)
        picture.write(samples, filter=Name.JPXDecode)
        maker.put("XObject", "Im", picture)
        maker.page(GROUND + b"q 72 0 0 72 60 60 cm /Im Do Q")
        verdict = judge(maker.save(tmp_path), VARIANTS["sheetcmyk-cmyk"])
        assert {one.rule for one in verdict.findings if one.clause == "R0027"} == expected


def test_an_uncoloured_pattern_is_in_the_colour_that_is_given_to_it(tmp_path: Path) -> None:
    maker = Maker()
    maker.put("ColorSpace", "S", Array([Name.Pattern, Name.DeviceRGB]))
    tile = {"PatternType": 1, "PaintType": 2, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
    maker.put("Pattern", "P", Stream(maker.pdf, b"0 0 5 5 re f", Resources=Dictionary(), **tile))
    content = GROUND + b"/S cs 1 0 0 /P scn 60 60 99 99 re f"
    assert judged(maker, tmp_path, content) == [("not-early-binding", ERROR)]


def test_a_picture_in_a_pattern_has_the_size_of_its_cell(tmp_path: Path) -> None:
    maker = Maker()
    maker.put("XObject", "Im", image(maker.pdf, 20, 20))
    tile = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
    pattern = Stream(maker.pdf, b"9 0 0 9 0 0 cm /Im Do", Resources=maker.resources, Matrix=[2, 0, 0, 2, 0, 0], **tile)
    maker.put("Pattern", "P", pattern)
    content = GROUND + b"q 0.1 0 0 0.1 0 0 cm /Pattern cs /P scn 600 600 999 999 re f Q"
    assert judged(maker, tmp_path, content) == [("low-image-resolution", ERROR)]


def test_an_advertisement_that_is_one_picture_needs_450_pixels_an_inch(tmp_path: Path) -> None:
    for resolution, expected in (
        (450, []),
        (449, [("doubtful-page-image-resolution", WARNING)]),
        (149, [("low-page-image-resolution", ERROR)]),
    ):
        maker = Maker()
        wide = round(360 * resolution / 72)
        maker.put("XObject", "Im", image(maker.pdf, wide, round(460 * resolution / 72), Name.DeviceGray))
        content = b"q 360 0 0 460 0 0 cm /Im Do Q"
        assert judged(maker, tmp_path, content, "magazine-ads-cmyk") == expected


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_path_is_read_however_it_is_written(tmp_path: Path, written: bytes) -> None:
    maker = Maker()
    maker.page(GROUND + b"1 1 0 0 K 0.249 w " + written)
    assert ("thin-line-in-inks", WARNING) in told(maker.save(tmp_path))
    maker = Maker()
    maker.page(GROUND + b"1 1 0 0 K 0.25 w " + written)
    assert ("thin-line-in-inks", WARNING) not in told(maker.save(tmp_path))

"""No pixel has more ink than the limit, on the plates that Ghostscript makes; Livret says where it had to change inks.

The limit is 300 %. Rounding may add 2 %.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Name
from PIL import Image

import softproof
from handmade import CMYK, Hand, axial, mesh, power
from livret.book.plates.limits import check_file
from livret.book.separation.ink import Inks
from livret.book.separation.separate import separate
from livret.content.press.profile import read_press_profile
from livret.findings import Finding
from livret.pages.palette import Colour
from livret.project import Project
from plates import heaviest
from press import TOP

FULL: list[float] = [1, 1, 1, 1]
NONE: list[float] = [0, 0, 0, 0]
WARM: list[float] = [0, 0.6, 1, 0]
WIDTHS = {"BitsPerCoordinate": 16, "BitsPerComponent": 8, "BitsPerFlag": 8}


def printed(hand: Hand, folder: Path, inks: Any = None) -> tuple[float, tuple[Finding, ...]]:
    """The most ink of a separated page, and what was found."""
    file = io.BytesIO()
    hand.pdf.save(file)
    with pikepdf.open(file) as pdf:
        findings = separate(pdf, inks or softproof.inks(300))
        pdf.save(folder / "made.pdf")
    (most,) = heaviest(folder / "made.pdf", folder, 150)
    return most, findings


def meshed(hand: Hand, kind: int, raw: bytes, **entries: Any) -> Any:
    decode = Array([0, 100, 0, 100, *[0, 1] * 4])
    return hand.stream(raw, ShadingType=kind, ColorSpace=CMYK, Decode=decode, **WIDTHS, **entries)


def gradient(hand: Hand, kind: int) -> Any:
    """A gradient in CMYK from 400 % to nothing, of each kind of the standard."""
    corners = [([5, 5], FULL), ([95, 5], NONE), ([5, 95], WARM), ([95, 95], NONE)]
    edge = [10, 10, 0, 40, 20, 70, 10, 90, 40, 100, 60, 80, 90, 90, 100, 60, 80, 30, 90, 10, 60, 0, 40, 20]
    inner = [40, 40, 40, 60, 60, 60, 60, 40]
    if kind == 1:
        plane = hand.program("{100 div exch 100 div mul dup dup dup}", 2, 4, [0, 100, 0, 100])
        return pikepdf.Dictionary(ShadingType=1, ColorSpace=CMYK, Domain=[0, 100, 0, 100], Function=plane)
    if kind == 2:
        return axial(CMYK, power(FULL, NONE))
    if kind == 3:
        stops = Array([power(NONE, FULL, 2), power(FULL, WARM)])
        function = pikepdf.Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 0, 1], Functions=stops)
        return pikepdf.Dictionary(ShadingType=3, ColorSpace=CMYK, Coords=[50, 50, 5, 50, 50, 50], Function=function)
    if kind == 4:
        return meshed(hand, 4, mesh(corners[:3]))
    if kind == 5:
        return meshed(hand, 5, mesh(corners, flags=False), VerticesPerRow=2)
    colours = [*FULL, *NONE, *WARM, *NONE]
    return meshed(hand, kind, mesh([(edge if kind == 6 else [*edge, *inner], colours)]))


@pytest.mark.parametrize("kind", range(1, 8))
def test_a_gradient_in_cmyk_from_400_percent_is_under_the_limit(kind: int, tmp_path: Path) -> None:
    hand = Hand()
    hand.page("q 2 0 0 2 10 10 cm 0 0 100 100 re W n /S sh Q", Shading=pikepdf.Dictionary(S=gradient(hand, kind)))
    most, findings = printed(hand, tmp_path)
    assert 290 < most <= 302
    (told,) = findings
    assert (told.rule, told.severity.value) == ("reduced-ink", "warning")
    assert re.fullmatch(r"page 1: a gradient has (399|400)[.\d]* % of ink, over the limit of 300 %; .*", told.message)


def test_the_ground_of_a_gradient_is_under_the_limit_and_one_below_it_is_kept(tmp_path: Path) -> None:
    for ground, least, most in ([1, 1, 1, 0.9], 290, 302), ([1, 0.5, 0.25, 0], 170, 180):
        hand = Hand()
        shading = axial(CMYK, power(NONE, WARM), (0, 0, 10, 0))
        shading.Extend, shading.Background = Array([False, False]), Array(ground)
        pattern = pikepdf.Dictionary(PatternType=2, Shading=shading)
        hand.page("/Pattern cs /P scn 0 0 200 200 re f", Pattern=pikepdf.Dictionary(P=pattern))
        (tmp_path / f"{least}").mkdir()
        inked, findings = printed(hand, tmp_path / f"{least}")
        assert least < inked <= most
        assert len(findings) == (least == 290)


def test_a_gradient_under_the_limit_stays_as_it_is(tmp_path: Path) -> None:
    hand = Hand()
    source = axial(CMYK, power([0.9, 0.9, 0.9, 0.2], NONE, 1.7))
    hand.page("/S sh", Shading=pikepdf.Dictionary(S=source))
    file = io.BytesIO()
    hand.pdf.save(file)
    with pikepdf.open(file) as pdf:
        assert separate(pdf, softproof.inks(300)) == ()
        made = pdf.pages[0].obj.Resources.Shading.S
        assert [float(one) for one in made.Function.C0] == [0.9, 0.9, 0.9, 0.2]
        assert float(made.Function.N) == 1.7


@pytest.mark.parametrize("name", ["solid", "grain"])
def test_a_jpeg_of_400_percent_is_under_the_limit(name: str, tmp_path: Path) -> None:
    whole = Image.new("CMYK", (200, 150), (255,) * 4)
    bands = [Image.effect_noise((200, 150), 60).point(lambda v: min(255, v + 110)) for _ in range(4)]
    raw = io.BytesIO()
    (whole if name == "solid" else Image.merge("CMYK", bands)).save(raw, "JPEG", quality=90, subsampling=0)
    hand = Hand()
    jpeg = hand.picture(raw.getvalue(), CMYK, 8, (200, 150), Filter=Name.DCTDecode, Decode=Array([1, 0] * 4))
    hand.page("q 200 0 0 150 0 0 cm /P Do Q", XObject=pikepdf.Dictionary(P=jpeg))
    most, findings = printed(hand, tmp_path)
    assert findings == ()
    assert 280 < most <= 302


def test_a_recipe_of_385_percent_is_under_the_limit_where_it_is_printed_all_the_same(tmp_path: Path) -> None:
    night = {"night": Colour(rgb="#101018", cmyk=(100, 100, 90, 95))}
    inks = Inks(night, softproof.PROFILE.read_bytes(), 300)
    hand = Hand()
    hand.page("0.062745 0.062745 0.094118 rg 0 0 200 200 re f")
    most, _ = printed(hand, tmp_path, inks)
    assert 290 < most <= 302


@pytest.mark.parametrize("operators", ["1 1 .9 .95 k 0 0 99 99 re f", "1 1 .9 .95 K 9 w 0 0 m 99 99 l S"])
def test_a_fill_or_line_of_385_percent_is_under_the_limit_and_told_once(operators: str, tmp_path: Path) -> None:
    hand = Hand()
    hand.page(f"{operators} {operators}")
    most, findings = printed(hand, tmp_path)
    assert 290 < most <= 302
    assert [(one.rule, one.message) for one in findings] == [
        (
            "reduced-ink",
            "device-cmyk(100% 100% 90% 95%) has 385 % of ink, over the limit of 300 %; "
            "inks that look nearly the same are printed",
        )
    ]


# --- what mixes ---

BASE = "0.9 0.9 0.9 0.1 k 10 10 100 100 re f "
PROFILE, _ = read_press_profile(Project.at(TOP), "coated-fogra39")


def mixed(content: str, folder: Path, **states: Any) -> tuple[float, list[str]]:
    """The most ink on the plates, and what is told. /P is a picture of 280 %, /G a gradient to 280 %."""
    hand = Hand()
    dark = hand.picture(bytes((230, 230, 204, 51)) * (64 * 48), CMYK)
    font = hand.pdf.make_indirect(pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    group = hand.group("0 0 1 0.9 k 20 20 50 50 re f", space=CMYK)
    shading = pikepdf.Dictionary(G=axial(CMYK, power(NONE, [0.9, 0.9, 0.9, 0.1])))
    made = {f"/{name}": pikepdf.Dictionary(state) for name, state in states.items()}
    hand.page(
        content,
        XObject=pikepdf.Dictionary(P=dark, F=group),
        ExtGState=pikepdf.Dictionary(made),
        Font=pikepdf.Dictionary(H=font),
        Shading=shading,
    )
    file = io.BytesIO()
    hand.pdf.save(file)
    with pikepdf.open(file) as pdf:
        separate(pdf, softproof.inks(300))
        pdf.save(folder / "made.pdf")
    (most,) = heaviest(folder / "made.pdf", folder, 150)
    assert PROFILE is not None
    return most, [one.message for one in check_file(folder / "made.pdf", PROFILE)[0] if one.rule == "overlapping-inks"]


MULTIPLY = {"/BM": Name.Multiply}


@pytest.mark.parametrize(
    ("content", "states", "ink"),
    [
        (f"{BASE} /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": MULTIPLY}, 371),
        (f"{BASE} /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": MULTIPLY | {"/ca": 0.5}}, 326),
        (f"{BASE} /M gs /F Do", {"M": MULTIPLY}, 371),
        (f"{BASE} /M gs q 50 0 0 50 20 20 cm /P Do Q", {"M": MULTIPLY}, 325),
        ("q 99 0 0 99 9 9 cm /P Do Q /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": MULTIPLY}, 372),
        ("q 10 10 100 100 re W n /G sh Q /M gs 0 0 1 0.9 k 20 20 90 50 re f", {"M": MULTIPLY}, 371),
        (f"{BASE} /M gs 1 1 0 0.9 k 20 20 50 50 re f", {"M": {"/BM": Name.ColorBurn}}, 390),
        ("0 0 0 0 k 9 9 90 90 re f /M gs 20 20 50 50 re f", {"M": {"/BM": Name.Difference}}, 400),
        (f"{BASE} /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": {"/BM": Name.Darken}}, 370),
    ],
)
def test_inks_that_mix_over_the_limit_are_told_as_the_plates_have_them(
    content: str, states: dict[str, Any], ink: float, tmp_path: Path
) -> None:
    most, told = mixed(content, tmp_path, **states)
    assert most == pytest.approx(ink, abs=2), "the plates"
    (message,) = told
    assert re.search(r"may have (\d+) % of ink together; the press profile coated-fogra39 takes 300$", message)
    said = float(message.split(" may have ")[1].split()[0])
    assert said == pytest.approx(most, abs=2)


@pytest.mark.parametrize(
    ("content", "states"),
    [
        ("/M gs 0.9 0.9 0.9 0.2 k 20 20 50 50 re f", {"M": MULTIPLY}),
        (f"{BASE} /M gs 0 0 1 0.9 k 120 20 50 50 re f", {"M": MULTIPLY}),
        (f"{BASE} 0 0 0 0 k 15 15 70 70 re f /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": MULTIPLY}),
        (f"{BASE} /M gs 0 0 1 0.9 k 20 20 50 50 re f", {"M": {"/ca": 0.5}}),
        ("/M gs 0 0 0 0 k 20 20 50 50 re f", {"M": {"/BM": Name.Difference}}),
        (f"{BASE} 0 0 0 1 k BT /H 13 Tf 20 50 Td (HHHH) Tj ET", {}),
        ("0.9 0.9 0 0 k 10 10 90 90 re f 0 0 0 1 k BT /H 11 Tf 20 50 Td (HHHH) Tj ET", {}),
    ],
)
def test_what_does_not_mix_over_the_limit_is_not_told(content: str, states: dict[str, Any], tmp_path: Path) -> None:
    most, told = mixed(content, tmp_path, **states)
    assert most <= 302
    assert told == []


TEXT = "0 0 0 1 k BT /H 11 Tf 20 50 Td (HHHH) Tj ET"
# Beside the dark ground, black on 190 % of other inks: there it overprints, and there are 290 %.
BESIDE = "0.9 0.5 0.5 0 k 130 10 60 60 re f 0 0 0 1 k BT /H 11 Tf 140 50 Td (HH) Tj 0 -20 Td (HH) Tj ET"


@pytest.mark.parametrize(
    "content",
    [
        f"{BASE} {TEXT} {BESIDE}",
        f"{BASE} q 99 0 0 99 9 9 cm /P Do Q {TEXT} {BESIDE}",
        f"{BASE} 0 0 0 1 k 20 50 60 1 re f {BESIDE}",
        f"{BASE} 0 0 0 1 K 1.5 w 20 50 m 70 50 l 70 70 l S {BESIDE}",
        f"{BASE} 0 0 0 1 k 0 0 0 1 K 1 w 20 50 60 1 re B {BESIDE}",
        f"q 10 10 100 100 re W n /G sh Q {TEXT.replace('20 50', '75 50')} {BESIDE}",
        f"q 10 10 100 100 re W n /M sh Q {TEXT} {BESIDE}",
        f"q 99 0 0 99 9 9 cm /S Do Q {TEXT} {BESIDE}",
        f"{BASE} 0 0 0 1 k /T Do {BESIDE}",
        f"{BESIDE} {BASE} 0 0 0 1 k BT /H 11 Tf 20 50 Td (HH) Tj 120 -30 Td (HH) Tj ET",
        f"{BASE} 0 0 0 1 k BT 1 0 0 1 20 50 Tm /H 11 Tf [(H) -20 (H)] TJ 14 TL T* (H) Tj (H) ' ET {BESIDE}",
    ],
)
def test_black_over_something_dark_knocks_out_and_other_black_overprints(content: str, tmp_path: Path) -> None:
    """/S is a light picture with one dark spot, /M a mesh to 280 %, /T a form with black text."""
    hand = Hand()
    pixels = bytearray(bytes((26, 26, 26, 0)) * (400 * 400))
    for row in range(200, 260):
        pixels[(row * 400 + 60) * 4 : (row * 400 + 63) * 4] = bytes((230, 230, 230, 0)) * 3
    font = hand.pdf.make_indirect(pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    dark: list[float] = [0.9, 0.9, 0.9, 0.1]
    corners = [([5, 5], dark), ([95, 5], NONE), ([5, 95], dark)]
    hand.page(
        content,
        XObject=pikepdf.Dictionary(
            P=hand.picture(bytes((230, 230, 204, 51)) * (64 * 48), CMYK),
            S=hand.picture(bytes(pixels), CMYK, 8, (400, 400)),
            T=hand.form("BT /H 11 Tf 20 50 Td (HHHH) Tj ET", pikepdf.Dictionary(Font=pikepdf.Dictionary(H=font))),
        ),
        Font=pikepdf.Dictionary(H=font),
        Shading=pikepdf.Dictionary(G=axial(CMYK, power(NONE, dark)), M=meshed(hand, 4, mesh(corners))),
    )
    file = io.BytesIO()
    hand.pdf.save(file)
    made = tmp_path / "made.pdf"
    with pikepdf.open(file) as pdf:
        separate(pdf, softproof.inks(300))
        pdf.save(made)
    assert PROFILE is not None
    (before,) = heaviest(made, tmp_path, 150)
    assert before > 302, "it would be over the limit"
    assert [one.rule for one in check_file(made, PROFILE)[0] if one.rule == "overlapping-inks"] == []
    (after,) = heaviest(made.rename(tmp_path / "mended.pdf"), tmp_path, 150)
    assert after == pytest.approx(290, abs=2)

"""Preflight for print reads any bytes: broken pages give findings, never an error, and take a bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Stream

from livret.control.preflight.pdf_objects import Unreadable
from livret.control.preflight.print.judge import judge
from livret.control.preflight.print.profiles import VARIANTS
from print_pages import GROUND, Maker, bytes_of, device_n, form, image, separation, told

UNREAD = ("unread-content", "warning")
# Seconds of processor time that one broken page may take here; a busy machine takes several times as long as usual.
LONGEST = 20


def draws_itself(maker: Maker) -> None:
    cyclic = maker.pdf.make_indirect(form(maker.pdf, b"/Fm Do /Fm Do"))
    cyclic.Resources = Dictionary(XObject=Dictionary(Fm=cyclic))
    maker.put("XObject", "Fm", cyclic)


def draws_three_thirty_times(maker: Maker) -> None:
    inner = maker.pdf.make_indirect(form(maker.pdf, b"60 60 5 5 re f", Resources=Dictionary()))
    for _ in range(30):
        resources = Dictionary(XObject=Dictionary(A=inner))
        inner = maker.pdf.make_indirect(form(maker.pdf, b"/A Do /A Do /A Do", Resources=resources))
    maker.put("XObject", "Fm", inner)


def pattern_of_itself(maker: Maker) -> None:
    tile = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
    cell = maker.pdf.make_indirect(Stream(maker.pdf, b"/Pattern cs /P scn 0 0 9 9 re f", **tile))
    cell.Resources = Dictionary(Pattern=Dictionary(P=cell))
    maker.put("Pattern", "P", cell)


def spaces_of_themselves(maker: Maker) -> None:
    loop = maker.pdf.make_indirect(Array([Name.Indexed, Name.DeviceCMYK, 0, b"0000"]))
    loop[1] = loop
    maker.put("ColorSpace", "C", loop)
    maker.put("ColorSpace", "D", Name.D)


def nothing(_maker: Maker) -> None:
    """A page that needs no more than its content."""


BROKEN: dict[str, tuple[bytes, Callable[[Maker], None], bool]] = {
    "10,000 nested q": (GROUND + b"q " * 10_000, nothing, True),
    "Q without q": (GROUND + b"Q " * 10_000, nothing, True),
    "a form that draws itself": (GROUND + b"/Fm Do", draws_itself, True),
    "forms that draw each other three times, thirty deep": (GROUND + b"/Fm Do", draws_three_thirty_times, True),
    "a pattern that paints with itself": (b"/Pattern cs /P scn 0 0 99 99 re f", pattern_of_itself, True),
    "colour spaces of themselves": (GROUND + b"/C cs 0 sc 9 9 9 9 re f /D cs 1 sc f", spaces_of_themselves, True),
    "more operators than are read": (GROUND + b"w " * 1_050_000, nothing, True),
    "a path of a million points": (GROUND + b"1 1 m " + b"5 5 l " * 500_000 + b"f", nothing, False),
    "a dash of a million parts": (GROUND + b"[" + b"1 " * 1_000_000 + b"] 0 d 1 1 m 99 99 l S", nothing, False),
    "numbers beyond measure": (
        GROUND + b"9%s 0 0 9%s 0 0 cm BT /F1 9%s Tf (a) Tj ET 0 0 9 9 re f" % ((b"9" * 400,) * 3),
        nothing,
        False,
    ),
    "no numbers": (GROUND + b"--5 1.2.3 +-+ . 7 w re m l cm Tm Td Tf f S gs Do sh scn k", nothing, True),
    "missing resources": (b"/No gs /No Do /No cs 1 scn /No sh BT /No 9 Tf (a) Tj ET " + GROUND, nothing, True),
    "an image without an end": (GROUND + b"BI /W 9999 /H 9999 /BPC 8 /CS /CMYK ID abc", nothing, False),
    "a string without an end": (GROUND + b"BT /F1 20 Tf (((((", nothing, True),
    "brackets without an end": (GROUND + b"[" * 100_000, nothing, False),
    "bytes of chance": (random.Random(1).randbytes(100_000), nothing, True),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_content_is_a_finding_and_ends_soon(case: str, tmp_path: Path) -> None:
    content, prepare, unread = BROKEN[case]
    maker = Maker()
    prepare(maker)
    maker.page(content)
    path = maker.save(tmp_path)
    started = time.process_time()
    found = told(path)
    assert time.process_time() - started < LONGEST
    assert (UNREAD in found) is unread
    assert not [one for one in found if one[1] == "error"]


def everything() -> bytes:
    """A file with something of every kind, not compressed, so that each byte means something."""
    maker = Maker()
    maker.put("ColorSpace", "Spot", separation(maker.pdf, "Gold"))
    maker.put("ColorSpace", "Two", device_n(maker.pdf, "Black", "Gold"))
    maker.put("XObject", "Im", image(maker.pdf, 20, 20, SMask=image(maker.pdf, 4, 4, Name.DeviceGray)))
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    maker.put("XObject", "Fm", form(maker.pdf, b"1 0 0 rg 9 9 9 9 re f", Group=group, Resources=Dictionary()))
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9], Function=Dictionary())
    maker.put("Shading", "Sh", shading)
    tile = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9}
    maker.put("Pattern", "P", Stream(maker.pdf, b"0 g 0 0 5 5 re f", Resources=maker.resources, **tile))
    layer = maker.pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
    maker.pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    maker.put("Properties", "Layer", layer)
    content = (
        b"/OC /Layer BDC 0 g 9 9 9 9 re f EMC q 50 0 0 50 60 60 cm /Im Do Q /Fm Do q 60 60 9 9 re W n /Sh sh Q "
        b"/Spot cs 1 scn 60 60 30 30 re f /Two cs 1 .5 scn 99 99 30 30 re B* /Pattern cs /P scn 9 9 99 99 re f "
        b"/Over gs 0 0 0 0 k BT /F1 6 Tf 1 0 0 1 99 99 Tm [(ab) -20 <6364>] TJ 5 Tr (x) ' ET "
        b"0 0 0 1 K .1 w 9 9 m 99 99 l S "
        b"BI /W 2 /H 2 /BPC 8 /CS /RGB ID 012345678901 EI 9 9 m 9 20 20 20 20 9 c "
        b"5 5 1 1 v h W* f /Multiply gs /Half gs"
    )
    for _ in range(2):
        maker.page(GROUND + content)
    return bytes_of(maker)


def damaged(source: bytes, chance: random.Random) -> bytes:
    """A file with a few bytes, numbers, runs or names changed, moved or gone."""
    found = bytearray(source)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(found))
        far = chance.randrange(len(found))
        length = chance.randrange(1, 60)
        kind = chance.randrange(5)
        if kind == 0:
            found[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            found[at : at + length] = found[far : far + length]
        elif kind == 2:
            found[at : at + length] = b""
        elif kind == 3:
            found[at : at + 1] = chance.choice([b"-", b"99999999", b"/", b"<<", b"]", b"(", b"1 0 R", b"\x00", b"null"])
        else:
            del found[at + length * 20 :]
    return bytes(found)


def test_damaged_files_never_raise(tmp_path: Path) -> None:
    source = everything()
    path = tmp_path / "damaged.pdf"
    path.write_bytes(source)
    assert ("spot-colours", "error") in told(path), "whole, the file is read"
    started = time.process_time()
    read = 0
    for seed in range(120):
        path.write_bytes(damaged(source, random.Random(seed)))
        try:
            told(path)
            read += 1
        except Unreadable:
            continue
    assert read > 60, "most of the damaged files can still be opened"
    assert time.process_time() - started < 3 * LONGEST


def test_what_was_mended_is_told_with_the_same_words_each_time(tmp_path: Path) -> None:
    maker = Maker()
    maker.page(GROUND)
    path = tmp_path / "made.pdf"
    path.write_bytes(bytes_of(maker).replace(b"/TrimBox", b"2 0 R   ", 1))
    findings = [judge(path, VARIANTS["sheetcmyk-cmyk"], "made.pdf").findings for _ in range(2)]
    assert findings[0] == findings[1]
    assert "found 2 0 R" in next(one.message for one in findings[0] if one.rule == "repaired-file")

"""What the interpreter must know of a font: how wide its codes are set, its name, and the glyphs of a Type 3 font."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from functools import cached_property

from livret.control.preflight.fonts import Font, font
from livret.control.preflight.pdf_objects import entry, listed, members, name, numbers, pairs, raw, resolve, whole
from livret.control.preflight.print.content.geometry import IDENTITY, Matrix, matrix

_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Rows of /W that a font may have; a broken file may claim any range.
MOST_WIDTHS = 70_000


@dataclass(frozen=True, eq=False)
class PrintFont:
    """A font as far as print rules ask. Widths are in text space, so 1 is the size of the font."""

    base_name: str = ""
    bytes_a_code: int = 1
    widths: dict[int, float] = field(default_factory=dict, repr=False)
    usual_width: float = 0.5
    vertical: bool = False
    source: object = field(default=None, repr=False)
    # Of a Type 3 font: its matrix, its glyphs by code, its resources, and the height of its box in glyph space.
    type3: bool = False
    to_text: Matrix = (0.001, 0, 0, 0.001, 0, 0)
    glyphs: dict[int, object] = field(default_factory=dict, repr=False)
    resources: object = field(default=None, repr=False)
    tall: float = 0.0

    @property
    def family(self) -> str:
        """Its name without the tag of a subset."""
        return _SUBSET.sub("", self.base_name)

    @cached_property
    def letters(self) -> Font:
        """What its codes stand for, as text."""
        return font(self.source)

    def codes(self, shown: bytes) -> list[int]:
        """The codes in a string."""
        if self.bytes_a_code == 1:
            return list(shown)
        count = len(shown) // 2
        return list(struct.unpack(f">{count}H", shown[: 2 * count]))

    def advance(self, codes: list[int]) -> float:
        """How far codes move the pen at size 1, without spacing."""
        widths, usual = self.widths, self.usual_width
        return sum([widths.get(code, usual) for code in codes])

    @property
    def em(self) -> float:
        """How large a Type 3 font is at size 1. Its glyphs are usually drawn in thousandths; else its box tells."""
        if not self.type3:
            return 1.0
        usual = abs(self.to_text[3] or self.to_text[1]) * 1000
        if 0.5 <= usual <= 2.5:
            return usual
        by_box = self.tall * abs(self.to_text[3] or self.to_text[1])
        return by_box if 0.05 <= by_box <= 20 else 1.0


UNKNOWN_FONT = PrintFont()


def read_font(value: object) -> PrintFont:
    """Read the font that a resource names; UNKNOWN_FONT when it is none."""
    subtype = name(raw(value, "/Subtype"))
    base = name(raw(value, "/BaseFont"))
    if subtype == "Type0":
        return _composite(value, base)
    if subtype == "Type3":
        return _drawn(value)
    if not subtype:
        return UNKNOWN_FONT
    first = whole(raw(value, "/FirstChar")) or 0
    widths = {first + at: width / 1000 for at, width in enumerate(numbers(raw(value, "/Widths"))[:256])}
    missing = entry(value, "/FontDescriptor", "/MissingWidth")
    usual = float(missing) / 1000 if isinstance(missing, int | float) and widths else 0.6 if base == "Courier" else 0.5
    return PrintFont(base, 1, widths, usual, source=value)


def _composite(value: object, base: str) -> PrintFont:
    below = next(iter(members(raw(value, "/DescendantFonts"))), None)
    usual = entry(below, "/DW")
    encoding = name(raw(value, "/Encoding"))
    wide = float(usual) / 1000 if isinstance(usual, int | float) else 1.0
    widths = {cid: width / 1000 for cid, width in cid_widths(below).items()}
    named = base or name(raw(below, "/BaseFont"))
    return PrintFont(named, 2, widths, wide, vertical=encoding.endswith("-V"), source=value)


def cid_widths(descendant: object) -> dict[int, float]:
    """The widths that the W array of a CIDFont gives, in thousandths of the size (ISO 32000-1, 9.7.4.3).

    They are given by CID, which is the code in all embedded subsets. What is broken in the array is passed over.
    """
    found: dict[int, float] = {}
    parts = members(raw(descendant, "/W"))
    place = 0
    while place + 1 < len(parts) and len(found) < MOST_WIDTHS:
        first, last = whole(parts[place]), whole(parts[place + 1])
        if first is None:
            place += 1
            continue
        if last is None:
            found.update(enumerate(numbers(parts[place + 1]), first))
            place += 2
            continue
        width = resolve(parts[place + 2]) if place + 2 < len(parts) else None
        if isinstance(width, int | float):
            found.update(dict.fromkeys(range(first, min(last, first + MOST_WIDTHS) + 1), float(width)))
            place += 3
        else:
            # The second number begins the next row.
            place += 1
    return found


def _drawn(value: object) -> PrintFont:
    """A Type 3 font: its widths are in glyph space, and its glyphs are content streams."""
    to_text = matrix(numbers(raw(value, "/FontMatrix"))) if numbers(raw(value, "/FontMatrix")) else IDENTITY
    first = whole(raw(value, "/FirstChar")) or 0
    across = abs(to_text[0] or to_text[2])
    widths = {first + at: width * across for at, width in enumerate(numbers(raw(value, "/Widths"))[:256])}
    procedures = dict(pairs(raw(value, "/CharProcs")))
    glyphs: dict[int, object] = {}
    code = 0
    for one in listed(entry(value, "/Encoding", "/Differences")):
        found = resolve(one)
        if isinstance(found, int):
            code = found
        elif (named := name(found)) and code < 256:
            if named in procedures:
                glyphs[code] = procedures[named]
            code += 1
    box = numbers(raw(value, "/FontBBox"))
    tall = abs(box[3] - box[1]) if len(box) == 4 else 0.0
    return PrintFont(
        name(raw(value, "/Name")),
        1,
        widths,
        0.0,
        source=value,
        type3=True,
        to_text=to_text,
        glyphs=glyphs,
        resources=raw(value, "/Resources"),
        tall=tall,
    )

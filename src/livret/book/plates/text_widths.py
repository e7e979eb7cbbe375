"""How wide a text is on the page: the widths of the codes of a font (ISO 32000-1, 9.2.4, 9.6.2 and 9.7.4.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import pikepdf

from livret.book.separation.pdf_input import FAULTS

# The codes of spaces in a map from codes to text.
_SPACES = re.compile(rb"<([0-9A-Fa-f]+)>\s*<(?:0020|00A0|202F|2009)>", re.IGNORECASE)


class Extent(NamedTuple):
    """The width of a string as a share of the font size, its codes, and the codes of 32, which `Tw` makes wider.

    `seen_width` and `seen` are without the spaces at its end.
    """

    width: float
    codes: int
    blanks: int
    seen_width: float
    seen: int


class TextWidths:
    """The widths of the codes of one font, as shares of its size. Of a damaged font, all widths are 0."""

    def __init__(self, font: Any) -> None:
        self.bytes = 1
        self._widths: dict[int, float] = {}
        self._usual = 0.0
        self._spaces: frozenset[int] = frozenset()
        self._measured: dict[bytes, Extent] = {}
        try:
            self._read(font)
        except FAULTS:
            self._widths = {}

    def _read(self, font: Any) -> None:
        if font.get("/Subtype") == "/Type0":
            self.bytes = 2
            inner = font["/DescendantFonts"][0]
            self._usual = float(inner.get("/DW", 1000)) / 1000
            self._read_composite(list(inner.get("/W", [])))
        elif "/Widths" in font:
            unit = float(font["/FontMatrix"][0]) if font.get("/Subtype") == "/Type3" else 0.001
            first = int(font.get("/FirstChar", 0))
            self._widths = {first + at: float(width) * unit for at, width in enumerate(font["/Widths"])}
        else:
            # One of the standard fonts, whose widths are in no file: a letter is half as wide as high.
            self._usual = 0.5
        if isinstance(font.get("/ToUnicode"), pikepdf.Stream):
            self._spaces = frozenset(int(code, 16) for code in _SPACES.findall(font["/ToUnicode"].read_bytes()))

    def _read_composite(self, told: Sequence[Any]) -> None:
        at = 0
        while at + 1 < len(told):
            first, second = int(told[at]), told[at + 1]
            if isinstance(second, pikepdf.Array):
                self._widths |= {first + step: float(width) / 1000 for step, width in enumerate(second)}
                at += 2
            else:
                self._widths |= dict.fromkeys(range(first, min(int(second), 65535) + 1), float(told[at + 2]) / 1000)
                at += 3

    def measured(self, raw: bytes) -> Extent:
        """Return how far a string extends."""
        if raw not in self._measured:
            codes = [int.from_bytes(raw[at : at + self.bytes], "big") for at in range(0, len(raw), self.bytes)]
            widths = [self._widths.get(code, self._usual) for code in codes]
            seen = next((at for at in range(len(codes), 0, -1) if codes[at - 1] not in self._spaces), 0)
            blanks = codes.count(32) if self.bytes == 1 else 0
            self._measured[raw] = Extent(sum(widths), len(codes), blanks, sum(widths[:seen]), seen)
        return self._measured[raw]

"""Font programs inside a PDF: which glyph a code stands for, and how wide it is."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fontTools.agl import toUnicode
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.t1Lib import T1Font, decryptType1
from fontTools.ttLib import TTFont

from livret.control.preflight.pdf_objects import data, entry, raw
from livret.translation import say

# A longer font program is not read: its widths are taken as they are.
LONGEST_PROGRAM = 64 << 20
# The tables of a TrueType font that tell the widths of its glyphs, and which glyphs are drawn.
_NEEDED = frozenset({b"head", b"hhea", b"hmtx", b"maxp"})
_READ = _NEEDED | {b"loca"}


class BrokenProgram(Exception):
    """A font program that cannot be read."""


GlyphOf = Callable[[int], str | int | None]


class Program(Protocol):
    """A font program. Widths are in thousandths of the size; None for a glyph that it does not have."""

    def width(self, glyph: str | int) -> float | None:
        """How wide a glyph is."""

    def simple(self, encoding: tuple[str, Mapping[int, str]], symbolic: bool) -> GlyphOf:
        """What gives the glyph of a code of a simple font; None where the program has none."""

    def width_of_cid(self, cid: int, mapping: bytes) -> float | None:
        """How wide the glyph of a CID is. `mapping` is the CIDToGIDMap, empty for Identity."""


def program_of(descriptor: object) -> Program | None:
    """The font program that a descriptor holds; None for one that is not looked into. Raises BrokenProgram."""
    makers: dict[str, Callable[[bytes], Program]] = {"/FontFile2": TrueType, "/FontFile3": _third, "/FontFile": Type1}
    for key, make in makers.items():
        if entry(descriptor, key) is None:
            continue
        program = data(raw(descriptor, key))
        if not program:
            raise BrokenProgram(say("it is empty, or cannot be unpacked"))
        if len(program) > LONGEST_PROGRAM:
            return None
        try:
            return make(program)
        except BrokenProgram:
            raise
        except Exception as problem:
            if key == "/FontFile":
                # Type 1 programs are written in PostScript, of which fontTools understands a part.
                return None
            # fontTools raises whatever the bytes lead it to.
            raise BrokenProgram(str(problem) or type(problem).__name__) from problem
    return None


def _third(program: bytes) -> Program:
    """A program of FontFile3: a CFF alone, or an OpenType font."""
    if program[:4] in (b"OTTO", b"true", b"\x00\x01\x00\x00", b"ttcf"):
        font = TTFont(io.BytesIO(program), lazy=True)
        return Cff(font["CFF "].cff) if "CFF " in font else TrueType(program)
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    return Cff(fonts)


def _tables(program: bytes) -> dict[bytes, bytes]:
    """Tables of a TrueType font, or of the first of a collection, by name. Raises BrokenProgram."""
    start = int.from_bytes(program[12:16], "big") if program[:4] == b"ttcf" else 0
    if program[start : start + 4] not in (b"true", b"\x00\x01\x00\x00", b"OTTO"):
        raise BrokenProgram(say("it is no TrueType font"))
    count = int.from_bytes(program[start + 4 : start + 6], "big")
    found: dict[bytes, bytes] = {}
    for at in range(start + 12, start + 12 + 16 * count, 16):
        if (name := program[at : at + 4]) in _READ:
            place, size = (int.from_bytes(program[at + more : at + more + 4], "big") for more in (8, 12))
            found[name] = program[place : place + size]
            if len(found[name]) < size:
                raise BrokenProgram(say("it ends too early"))
    if _NEEDED - found.keys():
        raise BrokenProgram(say("it lacks tables that tell its widths"))
    return found


class TrueType:
    """A TrueType font: advance widths from hmtx, glyphs by number.

    The tables of widths are read here, from their bytes: fontTools would make an object of every glyph.
    """

    def __init__(self, program: bytes) -> None:
        self._program = program
        tables = _tables(program)
        head, hhea, hmtx = tables[b"head"], tables[b"hhea"], tables[b"hmtx"]
        self._units = int.from_bytes(head[18:20], "big") or 1000
        count = min(int.from_bytes(hhea[34:36], "big"), len(hmtx) // 4)
        if not count:
            raise BrokenProgram(say("it has no widths"))
        self._advances = struct.unpack(f">{'Hxx' * count}", hmtx[: 4 * count])
        self._glyphs = int.from_bytes(tables[b"maxp"][4:6], "big")
        # Without a byte order, struct would take eight bytes for L.
        form, size = ("L", 4) if head[50:52] == b"\x00\x01" else ("H", 2)
        loca = tables.get(b"loca", b"")
        count = len(loca) // size
        self._places = struct.unpack(f">{count}{form}", loca[: count * size])

    def _is_drawn(self, glyph: int) -> bool:
        places = self._places
        return not places or (glyph + 1 < len(places) and places[glyph] != places[glyph + 1])

    def width(self, glyph: str | int) -> float | None:
        """How wide a glyph is; None for one that a subset has emptied."""
        if not isinstance(glyph, int) or not 0 < glyph < self._glyphs:
            return None
        # Glyphs beyond the table have the last of its widths.
        advance = self._advances[min(glyph, len(self._advances) - 1)]
        if not advance and not self._is_drawn(glyph):
            return None
        return float(advance * 1000 / self._units)

    def simple(self, encoding: tuple[str, Mapping[int, str]], symbolic: bool) -> GlyphOf:
        """Glyphs by ISO 32000-1, 9.6.6.4."""
        font: Any = TTFont(io.BytesIO(self._program), lazy=True, recalcBBoxes=False)
        # Embedded subsets often have no cmap, or no names of glyphs, and then need none.
        maps = {(one.platformID, one.platEncID): one.cmap for one in font["cmap"].tables} if "cmap" in font else {}
        unicode_map, mac, symbol = (maps.get(key) for key in ((3, 1), (1, 0), (3, 0)))
        numbers = {glyph: number for number, glyph in enumerate(font.getGlyphOrder())}
        base, differences = encoding
        named = bool(base or differences) and not symbolic

        def glyph_of(code: int) -> int | None:
            glyph = None
            if named:
                letter = differences.get(code) or _named(base, code)
                character = toUnicode(letter) if letter else ""
                if unicode_map and len(character) == 1:
                    glyph = unicode_map.get(ord(character))
                if glyph is None and letter in numbers:
                    glyph = letter
            elif symbol:
                glyph = next((symbol[at] for at in (0xF000 + code, code, 0xF100 + code) if at in symbol), None)
            if glyph is None and mac and not named:
                glyph = mac.get(code)
            return numbers.get(glyph) if glyph else None

        return glyph_of

    def width_of_cid(self, cid: int, mapping: bytes) -> float | None:
        """How wide the glyph of a CID is."""
        number = int.from_bytes(mapping[2 * cid : 2 * cid + 2], "big") if mapping else cid
        return self.width(number)


class Cff:
    """A CFF: widths from its charstrings, glyphs by name or by CID."""

    def __init__(self, fonts: Any) -> None:
        if not fonts.fontNames:
            raise BrokenProgram(say("it holds no font"))
        self._top = fonts[fonts.fontNames[0]]
        self._by_cid = hasattr(self._top, "ROS")
        matrix = getattr(self._top, "FontMatrix", None) or [0.001]
        self._scale = 1000 * (matrix[0] or 0.001) if not self._by_cid else 1.0
        self._order = self._top.charset
        self._strings = self._top.CharStrings

    def width(self, glyph: str | int) -> float | None:
        """How wide a glyph is."""
        if glyph == ".notdef" or glyph not in self._strings:
            return None
        try:
            string = self._strings[glyph]
            private = getattr(string, "private", None)
            usual, nominal = (getattr(private, name, 0) for name in ("defaultWidthX", "nominalWidthX"))
            reader = _WidthReader(getattr(private, "Subrs", []), string.globalSubrs, nominal, usual)
            reader.execute(string)
        except _Found:
            return float(reader.width * self._scale)
        except Exception as problem:
            raise BrokenProgram(say("its glyph {glyph} is broken", glyph=glyph)) from problem
        return None

    def simple(self, encoding: tuple[str, Mapping[int, str]], symbolic: bool) -> GlyphOf:
        """Glyphs by name: from the encoding, in its absence from the program's own."""
        base, differences = encoding
        own = [] if self._by_cid else getattr(self._top, "Encoding", [])
        own = StandardEncoding if own == "StandardEncoding" else own

        def glyph_of(code: int) -> str | None:
            found = differences.get(code)
            if found is None:
                found = _named(base, code) if base else own[code] if code < len(own) else None
            return found if found in self._strings else None

        return glyph_of

    def width_of_cid(self, cid: int, mapping: bytes) -> float | None:
        """How wide the glyph of a CID is."""
        if self._by_cid:
            return self.width(f"cid{cid:05d}")
        return self.width(self._order[cid]) if 0 < cid < len(self._order) else None


class _Found(Exception):
    """The width of a charstring is known; the rest of it need not be run."""


class _WidthReader(T2WidthExtractor):  # type: ignore[misc]
    """Runs a charstring until its width is known, which its first operator decides."""

    def popallWidth(self, evenOdd: int = 0) -> Any:  # noqa: N802, N803 (names of fontTools)
        super().popallWidth(evenOdd)
        raise _Found


class Type1:
    """A Type 1 font: widths from hsbw, glyphs by name."""

    def __init__(self, program: bytes) -> None:
        font: Any = T1Font.__new__(T1Font)
        font.encoding = "ascii"
        font.data = decryptType1(program)
        font.parse()
        self._scale = 1000 * (font.font.get("FontMatrix") or [0.001])[0]
        self._strings = font.getGlyphSet()
        self._own = font.font.get("Encoding")

    def width(self, glyph: str | int) -> float | None:
        """How wide a glyph is."""
        if glyph == ".notdef" or glyph not in self._strings:
            return None
        string = self._strings[glyph]
        if not hasattr(string, "width"):
            from fontTools.pens.basePen import NullPen

            try:
                string.draw(NullPen())
            except Exception as problem:
                raise BrokenProgram(say("its glyph {glyph} is broken", glyph=glyph)) from problem
        return float(string.width * self._scale)

    def simple(self, encoding: tuple[str, Mapping[int, str]], symbolic: bool) -> GlyphOf:
        """Glyphs by name: from the encoding, in its absence from the program's own."""
        base, differences = encoding

        def glyph_of(code: int) -> str | None:
            found = differences.get(code)
            if found is None:
                own = self._own if isinstance(self._own, list) else StandardEncoding
                found = _named(base, code) if base else own[code] if code < len(own) else None
            return found if found in self._strings else None

        return glyph_of

    def width_of_cid(self, cid: int, mapping: bytes) -> float | None:
        """A Type 1 program is never that of a CIDFont."""
        return None


def _named(base: str, code: int) -> str | None:
    """The name of the glyph of a code in a predefined encoding (ISO 32000-1, annex D)."""
    if not 0 <= code < 256:
        return None
    if base == "WinAnsiEncoding":
        return _WIN.get(code)
    table = MacRoman if base == "MacRomanEncoding" else StandardEncoding
    return str(table[code])


def _win_ansi() -> dict[int, str]:
    from fontTools.agl import UV2AGL

    found = {}
    for code in range(32, 256):
        try:
            character = ord(bytes([code]).decode("cp1252"))
        except UnicodeDecodeError:
            character = 0x2022
        found[code] = UV2AGL.get(character, f"uni{character:04X}")
    # Annex D: the no-break space is the space, the soft hyphen the hyphen.
    return found | {0xA0: "space", 0xAD: "hyphen"}


_WIN = _win_ansi()

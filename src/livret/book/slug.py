"""The slug line: which page of which file this is, as text in a font of its own.

It is text, not outlines, so that whoever stands at the press can search for it; and PDF/X wants every font embedded.
The font is cut down to the letters that the lines of one file need.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import fontTools.subset  # type: ignore[import-untyped]
import fontTools.ttLib  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from livret.findings import LivretError

ELLIPSIS = "…"
# Stands for a letter that the font has not.
UNKNOWN = "?"
# ISO 32000-1, table 123, bit 3: glyphs are found by number, not through an encoding of letters.
SYMBOLIC = 4
# A CMap maps at most so many codes in one block (Adobe Technical Note 5014).
BLOCK = 100

CMAP = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(frozen=True)
class Slug:
    """A slug line: the title, which is cut where there is no room, and what must be told of the page."""

    title: str
    rest: str


class Lettering:
    """A TrueType font, cut down to the letters of some lines.

    Raises LivretError when the font has no TrueType outlines.
    """

    def __init__(self, program: bytes, lines: Iterable[Slug]) -> None:
        font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True, recalcTimestamp=False)
        if "glyf" not in font:
            raise LivretError("the font of the slug line has no TrueType outlines", "use a .ttf file")
        self._name = str(font["name"].getDebugName(6))
        self._known = frozenset(font.getBestCmap())
        letters = {letter for line in lines for letter in self._legible(line.title + line.rest)} | {ELLIPSIS, UNKNOWN}
        options = fontTools.subset.Options(
            layout_features=[], name_IDs=[], notdef_outline=True, glyph_names=False, hinting=False
        )
        options.drop_tables += ["GDEF", "GPOS", "GSUB"]
        subsetter = fontTools.subset.Subsetter(options)
        subsetter.populate(text="".join(letters))
        subsetter.subset(font)
        cut = io.BytesIO()
        font.save(cut)
        self._program = cut.getvalue()
        self._unit = 1000 / font["head"].unitsPerEm
        names = {chr(code): name for code, name in font.getBestCmap().items()}
        self._glyphs = {letter: font.getGlyphID(name) for letter, name in names.items()}
        self._widths = {letter: float(font["hmtx"][name][0] * self._unit) for letter, name in names.items()}
        self._bounds = [font["head"].xMin, font["head"].yMin, font["head"].xMax, font["head"].yMax]
        self._heights = (font["hhea"].ascent, font["hhea"].descent, font["OS/2"].sCapHeight)

    def _legible(self, text: str) -> str:
        """The text in letters that the font has: accents joined to their letters, nothing that has no shape."""
        flat = unicodedata.normalize("NFC", " ".join(text.splitlines()).replace("\t", " "))
        shaped = (letter for letter in flat if unicodedata.category(letter) not in {"Cc", "Cf"})
        return "".join(letter if ord(letter) in self._known else UNKNOWN for letter in shaped)

    def _width(self, text: str) -> float:
        return sum(self._widths[letter] for letter in text)

    def _cut(self, text: str, room: float) -> str:
        """As much of a text as there is room for, in thousandths of the size, with an ellipsis if that is not all."""
        left = room - self._width(text)
        if left >= 0:
            return text
        left -= self._widths[ELLIPSIS]
        while text and left < 0:
            left += self._widths[text[-1]]
            text = text[:-1]
        return text.rstrip() + ELLIPSIS

    def set(self, slug: Slug, size: float, room: float) -> str:
        """A line as it is printed at `size` points in `room` points: the title gives way first, then the rest.

        The line must be among those that the font was cut down to.
        """
        title, rest = self._legible(slug.title), self._legible(slug.rest)
        thousandths = room * 1000 / size
        return self._cut(self._cut(title, thousandths - self._width(rest)) + rest, thousandths)

    def codes(self, slug: Slug, size: float, room: float) -> str:
        """A line that is `set`, as the hexadecimal codes that show it."""
        return "".join(f"{self._glyphs[letter]:04x}" for letter in self.set(slug, size, room))

    def embedded(self, pdf: Pdf) -> Object:
        """The font as an object of a PDF (ISO 32000-1, 9.7), with the letters each code stands for."""
        digest = hashlib.sha256(self._program).digest()
        tag = "".join(chr(ord("A") + letter % 26) for letter in digest[:6])
        name = Name(f"/{tag}+{self._name}")
        ascent, descent, capitals = (round(height * self._unit) for height in self._heights)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=SYMBOLIC,
            FontBBox=[round(value * self._unit) for value in self._bounds],
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=capitals,
            # The stems of a regular weight; only a viewer that lacks the font would look at it.
            StemV=80,
            FontFile2=pdf.make_stream(self._program, Length1=len(self._program)),
        )
        # The lowest letter of those that share a glyph: a space, not a no-break space.
        letters = {self._glyphs[letter]: letter for letter in sorted(self._glyphs, reverse=True)}
        widths = Array()
        for glyph, letter in sorted(letters.items()):
            widths.extend([glyph, Array([round(self._widths[letter])])])
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=pdf.make_indirect(descriptor),
            W=widths,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=[pdf.make_indirect(descendant)],
                ToUnicode=pdf.make_stream(_to_unicode(letters).encode()),
            )
        )


def _to_unicode(letters: dict[int, str]) -> str:
    """The CMap that gives the letter of each code (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in sorted(letters.items())]
    blocks = []
    for first in range(0, len(pairs), BLOCK):
        block = pairs[first : first + BLOCK]
        blocks.append("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")))
    return CMAP.format(blocks="\n".join(blocks))

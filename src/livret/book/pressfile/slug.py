"""The slug line: which page of which file this is, as text in a font of its own.

It is text, not outlines, so that whoever stands at the press can search for it; and PDF/X wants every font embedded.
The font is cut down to the letters of the lines and those in common use.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import fontTools.subset  # type: ignore[import-untyped]
import fontTools.ttLib  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from livret.book.subset_tag import subset_tag
from livret.findings import LivretError

ELLIPSIS = "…"
# Latin letters for the consonants of two scripts that the font does not have, by the first word of their names in
# Unicode. Of all other scripts these names serve themselves: DEVANAGARI LETTER KA becomes ka.
_LATIN = {
    **dict.fromkeys(("ALEF", "HAMZA", "AIN", "AYIN"), "a"),
    "BEH": "b",
    "TEH": "t",
    "THEH": "th",
    "JEEM": "j",
    "HAH": "h",
    "KHAH": "kh",
    "DAL": "d",
    "THAL": "dh",
    "REH": "r",
    "ZAIN": "z",
    "SEEN": "s",
    "SHEEN": "sh",
    "SAD": "s",
    "DAD": "d",
    "TAH": "t",
    "ZAH": "z",
    "GHAIN": "gh",
    "FEH": "f",
    "QAF": "q",
    "KAF": "k",
    "LAM": "l",
    "MEEM": "m",
    "NOON": "n",
    "HEH": "h",
    "WAW": "w",
    "YEH": "y",
    "PEH": "p",
    "TCHEH": "ch",
    "GAF": "g",
    "KEHEH": "k",
    "FARSI": "y",
    "JEH": "zh",
    "BET": "b",
    "GIMEL": "g",
    "DALET": "d",
    "HE": "h",
    "VAV": "v",
    "ZAYIN": "z",
    "HET": "h",
    "TET": "t",
    "YOD": "y",
    "LAMED": "l",
    "MEM": "m",
    "NUN": "n",
    "SAMEKH": "s",
    "PE": "p",
    "TSADI": "ts",
    "QOF": "q",
    "RESH": "r",
    "SHIN": "sh",
    "TAV": "t",
}
# Printable ASCII and Latin-1: the titles of most editions of a book are within them, and share one font.
COMMON = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100))))
LAYOUT = frozenset({"BASE", "GDEF", "GPOS", "GSUB"})
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


@dataclass(frozen=True)
class _SlugFace:
    """A font cut down: its program, and what a PDF must say of it. `unit` is a thousandth of the size in font units."""

    name: str
    program: bytes
    unit: float
    glyphs: Mapping[str, int]
    widths: Mapping[str, float]
    bounds: tuple[float, ...]
    heights: tuple[float, ...]


@lru_cache(maxsize=4)
def _repertoire(program: bytes) -> frozenset[str]:
    """The letters that a font has. Raises LivretError when it has no TrueType outlines."""
    font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True)
    if "glyf" not in font:
        raise LivretError("the font of the slug line has no TrueType outlines", "use a .ttf file")
    return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=4)
def _face(program: bytes, letters: frozenset[str]) -> _SlugFace:
    """A font cut down to letters that it has; a worker that binds several files mostly needs the same."""
    font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True, recalcTimestamp=False)
    name = str(font["name"].getDebugName(6))
    # Each glyph stands for itself. These would be read whole before they are dropped.
    for table in LAYOUT & set(font.keys()):
        del font[table]
    options = fontTools.subset.Options(name_IDs=[], notdef_outline=True, glyph_names=False, hinting=False)
    subsetter = fontTools.subset.Subsetter(options)
    subsetter.populate(text="".join(letters))
    subsetter.subset(font)
    cut = io.BytesIO()
    font.save(cut)
    unit = 1000 / font["head"].unitsPerEm
    names = {chr(code): name for code, name in font.getBestCmap().items()}
    head = font["head"]
    return _SlugFace(
        name,
        cut.getvalue(),
        unit,
        {letter: font.getGlyphID(glyph) for letter, glyph in names.items()},
        {letter: float(font["hmtx"][glyph][0] * unit) for letter, glyph in names.items()},
        (head.xMin, head.yMin, head.xMax, head.yMax),
        (font["hhea"].ascent, font["hhea"].descent, font["OS/2"].sCapHeight),
    )


class Lettering:
    """A TrueType font, cut down to the letters of some lines and those in common use.

    Raises LivretError when the font has no TrueType outlines.
    """

    def __init__(self, program: bytes, lines: Iterable[Slug]) -> None:
        self._known = _repertoire(program)
        letters = {letter for line in lines for letter in self._legible(line.title + line.rest)} | {ELLIPSIS}
        self._face = _face(program, frozenset(letters | COMMON & self._known))

    def _legible(self, text: str) -> str:
        """The text in letters that the font has: accents joined to their letters, other scripts in Latin letters.

        What has no shape is left out.
        """
        flat = unicodedata.normalize("NFC", " ".join(text.splitlines()).replace("\t", " "))
        shaped = (letter for letter in flat if unicodedata.category(letter) not in {"Cc", "Cf"})
        return "".join(letter if letter in self._known else self._latin(letter) for letter in shaped)

    def _latin(self, letter: str) -> str:
        """A letter that the font does not have, in letters that it has; never a question mark, which says nothing."""
        plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if one in self._known)
        if plain or unicodedata.category(letter).startswith("M"):
            return plain
        name = unicodedata.name(letter, "")
        for kind in (" LETTER ", " SYLLABLE ", " CHARACTER ", " DIGIT "):
            if kind in name:
                word = name.split(kind)[1].removeprefix("FINAL ").split()[0]
                return _LATIN.get(word, word.lower())
        return f"U+{ord(letter):04X}"

    def _width(self, text: str) -> float:
        return sum(self._face.widths[letter] for letter in text)

    def _cut(self, text: str, room: float) -> str:
        """As much of a text as there is room for, in thousandths of the size, with an ellipsis if that is not all."""
        left = room - self._width(text)
        if left >= 0:
            return text
        left -= self._face.widths[ELLIPSIS]
        while text and left < 0:
            left += self._face.widths[text[-1]]
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
        return "".join(f"{self._face.glyphs[letter]:04x}" for letter in self.set(slug, size, room))

    def embedded(self, pdf: Pdf) -> Object:
        """The font as an object of a PDF (ISO 32000-1, 9.7), with the letters each code stands for."""
        name = Name(f"/{subset_tag(self._face.program)}+{self._face.name}")
        ascent, descent, capitals = (round(height * self._face.unit) for height in self._face.heights)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=SYMBOLIC,
            FontBBox=[round(value * self._face.unit) for value in self._face.bounds],
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=capitals,
            # The stems of a regular weight; only a viewer that lacks the font would look at it.
            StemV=80,
            FontFile2=pdf.make_stream(self._face.program, Length1=len(self._face.program)),
        )
        # The lowest letter of those that share a glyph: a space, not a no-break space.
        letters = {self._face.glyphs[letter]: letter for letter in sorted(self._face.glyphs, reverse=True)}
        widths: list[Object | int] = []
        for glyph, letter in sorted(letters.items()):
            widths += [glyph, Array([round(self._face.widths[letter])])]
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=pdf.make_indirect(descriptor),
            W=Array(widths),
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

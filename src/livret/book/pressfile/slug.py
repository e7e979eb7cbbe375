"""The slug line: it says which page of which file this is, as text in its own font.

It is text, not outlines, so that the printer can search for it. PDF/X requires that every font is embedded. The font is
a subset: the letters of the lines and the common letters.
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
# Latin letters for Arabic and Hebrew consonants, which the font does not have. The key is the first word of their
# Unicode name. For all other scripts this word itself is used: DEVANAGARI LETTER KA becomes ka.
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
# Printable ASCII and Latin-1. Most titles need only these, so that most editions use the same subset.
COMMON = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100))))
LAYOUT = frozenset({"BASE", "GDEF", "GPOS", "GSUB"})
# ISO 32000-1, table 123, bit 3: glyphs are found by number, not by a standard encoding.
SYMBOLIC = 4
# The most codes in one block of a CMap (Adobe Technical Note 5014).
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
    """A slug line: the title, which is cut first when there is too little room, and the facts of the page."""

    title: str
    rest: str


@dataclass(frozen=True)
class _SlugFace:
    """A font subset: its program, and the values a PDF needs. `unit` converts font units to thousandths of the size."""

    name: str
    program: bytes
    unit: float
    glyphs: Mapping[str, int]
    widths: Mapping[str, float]
    bounds: tuple[float, ...]
    heights: tuple[float, ...]


@lru_cache(maxsize=4)
def _repertoire(program: bytes) -> frozenset[str]:
    """Return the letters that a font has. Raises LivretError when it has no TrueType outlines."""
    font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True)
    if "glyf" not in font:
        raise LivretError("the font of the slug line has no TrueType outlines", "use a .ttf file")
    return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=4)
def _face(program: bytes, letters: frozenset[str]) -> _SlugFace:
    """Return the subset of a font for letters that it has. Cached, because several files often need the same subset."""
    font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True, recalcTimestamp=False)
    name = str(font["name"].getDebugName(6))
    # Ligatures and kerning are not used. Deleting these tables first is faster than reading them.
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
    """A subset of a TrueType font: the letters of some lines and the common letters.

    Raises LivretError when the font has no TrueType outlines.
    """

    def __init__(self, program: bytes, lines: Iterable[Slug]) -> None:
        self._known = _repertoire(program)
        letters = {letter for line in lines for letter in self._legible(line.title + line.rest)} | {ELLIPSIS}
        self._face = _face(program, frozenset(letters | COMMON & self._known))

    def _legible(self, text: str) -> str:
        """Return the text in letters that the font has. Accents are joined to their letters.

        Other scripts are written in Latin letters. Control and format characters are left out.
        """
        flat = unicodedata.normalize("NFC", " ".join(text.splitlines()).replace("\t", " "))
        shaped = (letter for letter in flat if unicodedata.category(letter) not in {"Cc", "Cf"})
        return "".join(letter if letter in self._known else self._latin(letter) for letter in shaped)

    def _latin(self, letter: str) -> str:
        """Write a letter that the font does not have in letters that it has. A question mark would tell nothing."""
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
        """Cut a text to `room`, in thousandths of the font size. A text that is cut ends in an ellipsis."""
        left = room - self._width(text)
        if left >= 0:
            return text
        left -= self._face.widths[ELLIPSIS]
        while text and left < 0:
            left += self._face.widths[text[-1]]
            text = text[:-1]
        return text.rstrip() + ELLIPSIS

    def set(self, slug: Slug, size: float, room: float) -> str:
        """Return the text of a line at `size` points, cut to `room` points: first the title is cut, then the rest.

        The line must be one of those given to the constructor.
        """
        title, rest = self._legible(slug.title), self._legible(slug.rest)
        thousandths = room * 1000 / size
        return self._cut(self._cut(title, thousandths - self._width(rest)) + rest, thousandths)

    def codes(self, slug: Slug, size: float, room: float) -> str:
        """Return the text of `set` as hexadecimal codes of the font."""
        return "".join(f"{self._face.glyphs[letter]:04x}" for letter in self.set(slug, size, room))

    def embedded(self, pdf: Pdf) -> Object:
        """Return the font as a PDF object (ISO 32000-1, 9.7), with a table from codes to letters."""
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
            # The stem width of a regular weight. Viewers use it only when the font is missing.
            StemV=80,
            FontFile2=pdf.make_stream(self._face.program, Length1=len(self._face.program)),
        )
        # When letters share a glyph, take the one with the lowest code: a space, not a no-break space.
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
    """Return the CMap from codes to letters (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in sorted(letters.items())]
    blocks = []
    for first in range(0, len(pairs), BLOCK):
        block = pairs[first : first + BLOCK]
        blocks.append("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")))
    return CMAP.format(blocks="\n".join(blocks))

"""The slug line: it says which page of which file this is, as text in its own font.

It is text, not outlines, so that the printer can search for it. PDF/X requires that every font is embedded. The font is
a subset: the letters of the lines and the common letters.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import fontTools.subset
import fontTools.ttLib
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from livret.book.pressfile.right_to_left import drawn, forms_of, in_order
from livret.book.subset_tag import subset_tag
from livret.findings import LivretError
from livret.translation import say

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
# What a PDF needs of a font (ISO 32000-1, 9.9), and what is asked of it here. fontTools warns of tables that it does
# not know, such as those that programs for drawing fonts leave behind.
TABLES = frozenset("GlyphOrder OS/2 cmap fpgm gasp glyf head hhea hmtx loca maxp name post prep".split()) | {"cvt "}
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
        raise LivretError(say("the font of the slug line has no TrueType outlines"), say("use a .ttf file"))
    return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=4)
def _face(program: bytes, letters: frozenset[str]) -> _SlugFace:
    """Return the subset of a font for letters that it has. Cached, because several files often need the same subset."""
    font = fontTools.ttLib.TTFont(io.BytesIO(program), lazy=True, recalcTimestamp=False)
    name = str(font["name"].getDebugName(6))
    # Ligatures and kerning are not used. Deleting these tables first is faster than reading them.
    for table in set(font.keys()) - TABLES:
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
        # Older fonts do not say how high capitals are (OS/2 before version 2), or have no such table.
        (font["hhea"].ascent, font["hhea"].descent, getattr(font.get("OS/2"), "sCapHeight", font["hhea"].ascent)),
    )


class Lettering:
    """Subsets of TrueType fonts: the letters of some lines, and the common letters of the first font.

    Other fonts are read only when the first does not have all letters. Raises LivretError when the first font has no
    TrueType outlines.
    """

    def __init__(self, program: bytes, lines: Iterable[Slug], others: Iterable[Path] = ()) -> None:
        known = _repertoire(program)
        self._known: frozenset[str] = known
        lines = tuple(lines)
        missing = {letter for line in lines for letter in drawn(_flat(line.title + line.rest))} - known
        programs = [program, *(_others(missing, others) if missing else ())]
        repertoires = [known, *map(_repertoire, programs[1:])]
        self._known = known.union(*repertoires)
        letters = {letter for line in lines for letter in self._legible(line.title + line.rest)} | {ELLIPSIS}
        letters |= forms_of("".join(line.title for line in lines)) & self._known
        self._faces: list[_SlugFace] = []
        self._face_of: dict[str, int] = {}
        for face, own in zip(programs, repertoires, strict=True):
            # A letter is set in the first font that has it.
            wanted = (letters - self._face_of.keys()) & own | (COMMON & known if not self._faces else set())
            self._face_of |= {letter: len(self._faces) for letter in wanted - self._face_of.keys()}
            if wanted:
                self._faces.append(_face(face, frozenset(wanted)))

    def _legible(self, text: str) -> str:
        """Return the text as it is drawn, in letters that the fonts have. Accents are joined to their letters.

        Scripts that no font has are written in Latin letters. Control and format characters are left out.
        """
        shaped = in_order(_flat(text), self._run)
        return "".join(letter if letter in self._known else self._latin(letter) for letter in shaped)

    def _run(self, run: str) -> str:
        made = drawn(run)
        return made if self._known.issuperset(made) else "".join(map(self._latin_or_known, run))

    def _latin_or_known(self, letter: str) -> str:
        return letter if letter in self._known else self._latin(letter)

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
        return sum(self._faces[self._face_of[letter]].widths[letter] for letter in text)

    def _cut(self, text: str, room: float, legible: Callable[[str], str]) -> str:
        """Return a text that is cut to `room`, in thousandths of the font size, and ends in an ellipsis when it was.

        It is cut before its letters are put in the order in which they are drawn.
        """
        made = legible(text)
        if self._width(made) <= room:
            return made
        room -= self._width(ELLIPSIS)
        while text and self._width(made) > room:
            text = text[:-1]
            made = legible(text)
        return legible(text.rstrip()) + ELLIPSIS

    def set(self, slug: Slug, size: float, room: float) -> str:
        """Return the text of a line at `size` points, cut to `room` points: first the title is cut, then the rest.

        The line must be one of those given to the constructor.
        """
        rest = self._legible(slug.rest)
        thousandths = room * 1000 / size
        title = self._cut(slug.title, thousandths - self._width(rest), self._legible)
        return self._cut(title + rest, thousandths, str)

    def codes(self, slug: Slug, size: float, room: float) -> str:
        """Return the text of `set` as hexadecimal codes of its fonts."""
        return "".join(codes for _, codes in self.runs(slug, size, room))

    def runs(self, slug: Slug, size: float, room: float) -> Iterator[tuple[str, str]]:
        """Yield the text of `set` in pieces of one font: the name of the font, and hexadecimal codes."""
        for number, letters in groupby(self.set(slug, size, room), self._face_of.__getitem__):
            yield f"Slug{number or ''}", "".join(f"{self._faces[number].glyphs[letter]:04x}" for letter in letters)

    def fonts(self, pdf: Pdf) -> dict[str, Object]:
        """Return the fonts as PDF objects, by the names that `runs` gives."""
        return {f"/Slug{number or ''}": _embedded(pdf, face) for number, face in enumerate(self._faces)}

    def embedded(self, pdf: Pdf) -> Object:
        """Return the first font as a PDF object."""
        return _embedded(pdf, self._faces[0])


def _flat(text: str) -> str:
    """Return a text in one line, with composed letters, without control and format characters."""
    line = unicodedata.normalize("NFC", " ".join(text.splitlines()).replace("\t", " "))
    return "".join(letter for letter in line if unicodedata.category(letter) not in {"Cc", "Cf"})


def _others(missing: set[str], paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield fonts that have missing letters, each with letters that the ones before do not have."""
    for path in paths:
        program = path.read_bytes()
        try:
            found = missing & _repertoire(program)
        except (LivretError, fontTools.ttLib.TTLibError):
            # A font without TrueType outlines cannot be used here.
            continue
        if found:
            missing = missing - found
            yield program


def _embedded(pdf: Pdf, face: _SlugFace) -> Object:
    """Return a font as a PDF object (ISO 32000-1, 9.7), with a table from codes to letters."""
    name = Name(f"/{subset_tag(face.program)}+{face.name}")
    ascent, descent, capitals = (round(height * face.unit) for height in face.heights)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=SYMBOLIC,
        FontBBox=[round(value * face.unit) for value in face.bounds],
        ItalicAngle=0,
        Ascent=ascent,
        Descent=descent,
        CapHeight=capitals,
        # The stem width of a regular weight. Viewers use it only when the font is missing.
        StemV=80,
        FontFile2=pdf.make_stream(face.program, Length1=len(face.program)),
    )
    # When letters share a glyph, take the one with the lowest code: a space, not a no-break space.
    letters = {face.glyphs[letter]: letter for letter in sorted(face.glyphs, reverse=True)}
    widths: list[Object | int] = []
    for glyph, letter in sorted(letters.items()):
        widths += [glyph, Array([round(face.widths[letter])])]
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


def _plain(letter: str) -> str:
    """Return the letter of a joined form, so that the line can be searched."""
    return unicodedata.normalize("NFKC", letter) if "\ufb1d" <= letter <= "\ufefc" else letter


def _to_unicode(letters: dict[int, str]) -> str:
    """Return the CMap from codes to letters (ISO 32000-1, 9.10.3)."""
    pairs = [
        f"<{glyph:04X}> <{_plain(letter).encode('utf-16-be').hex().upper()}>"
        for glyph, letter in sorted(letters.items())
    ]
    blocks = []
    for first in range(0, len(pairs), BLOCK):
        block = pairs[first : first + BLOCK]
        blocks.append("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")))
    return CMAP.format(blocks="\n".join(blocks))

"""What a font of a PDF says of itself: its name, and which text each of its glyphs shows (ISO 32000-1, 9.10.3).

The engine writes for a glyph all the text that it stood for where it was first drawn. That may be more than it shows:
the ellipsis of a shortened title stands for the whole hidden rest, and a letter may stand for its accent as well.
All pages share the map, so that wrong text would be found and copied wherever the glyph is drawn.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import fontTools.ttLib
from weasyprint.pdf.fonts import Font

from livret.content.font_files import glyphs

# No ligature of letters stands for more characters.
LIGATURE = 4
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
# What may not stand in a name as it is (ISO 32000-1, 7.3.5), and the comma that Pango puts after some families.
NOT_IN_NAMES = re.compile(rb"[^!-~]|[][()<>{}/%#,]")

_engine_init = Font.__init__


def apply() -> None:
    """Replace what a font is when it is first used in a document."""
    Font.__init__ = _init


def _init(font: Any, *arguments: Any) -> None:
    """As `Font.__init__`, with a name that is one, and with a map that holds what glyphs show."""
    _engine_init(font, *arguments)
    font.name = b"/" + NOT_IN_NAMES.sub(b"", font.name[1:])
    font.to_unicode = ShownText(font)


class ShownText(dict[int, str]):
    """The text of each glyph; text that a glyph cannot show is replaced by that of the font's own table."""

    def __init__(self, font: Any) -> None:
        self._font = font
        # Looked up once a document: to compare the bytes of two fonts takes longer than all else here.
        self._table: dict[int, tuple[str, ...]] | None = None

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self._shown(glyph, text))

    def _shown(self, glyph: int, text: str) -> str:
        if self._table is None:
            self._table = _characters(self._font.file_content, self._font.index)
        characters = self._table.get(glyph)
        if characters is None:
            # A form of letters that only the font's rules know, or a glyph that no font has.
            is_ligature = len(text) <= LIGATURE and not any(map(str.isspace, text.strip()))
            return text if len(text) == 1 or is_ligature else ELLIPSIS
        if " " in characters:
            # Fonts show other spaces of this width by the same glyph; this one is searched for.
            return " "
        if text in characters or any(normalize("NFKC", own) == normalize("NFKC", text) for own in characters):
            return text
        return characters[0]


@lru_cache(maxsize=64)
def _characters(face: bytes, index: int) -> dict[int, tuple[str, ...]]:
    """The characters of each glyph by a font's table, those of least number first."""
    font = fontTools.ttLib.TTFont(io.BytesIO(face), fontNumber=index, lazy=True)
    found: dict[int, tuple[str, ...]] = {}
    for code, glyph in sorted(glyphs(font).items()):
        found[glyph] = (*found.get(glyph, ()), chr(code))
    return found

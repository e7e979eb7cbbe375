"""What font files say of themselves."""

from __future__ import annotations

from pathlib import Path

import fontTools.ttLib
import pytest

from livret.content.font_files import KnownFonts, glyphs

TOP = Path(__file__).resolve().parents[1]
FONTS = sorted((TOP / "fonts").rglob("*.ttf"))


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_the_glyphs_of_a_font_are_those_that_fonttools_finds(path: Path) -> None:
    names = fontTools.ttLib.TTFont(path, lazy=True)
    expected = {code: names.getGlyphID(name) for code, name in names.getBestCmap().items()}
    assert glyphs(fontTools.ttLib.TTFont(path, lazy=True)) == expected


def saved(path: Path, *formats: tuple[int, int, int]) -> fontTools.ttLib.TTFont:
    """A font whose tables of characters have only these platforms, encodings and formats."""
    font = fontTools.ttLib.TTFont(FONTS[0])
    characters = {code: name for code, name in font.getBestCmap().items() if code < 0x80}
    tables = []
    for platform, encoding, kind in formats:
        table = fontTools.ttLib.tables._c_m_a_p.CmapSubtable.newSubtable(kind)
        table.platformID, table.platEncID, table.language = platform, encoding, 0
        table.cmap = characters
        tables.append(table)
    font["cmap"].tables = tables
    font.save(path)
    return fontTools.ttLib.TTFont(path, lazy=True)


@pytest.mark.parametrize("kind", [4, 6, 12, 13])
def test_every_format_of_the_table_is_read(tmp_path: Path, kind: int) -> None:
    found = glyphs(saved(tmp_path / "font.ttf", (3, 10, kind)))
    assert set(found) == {0x00, 0x0D, *map(ord, " !,.0123456789:")}


def test_a_font_without_unicode_has_no_character(tmp_path: Path) -> None:
    assert glyphs(saved(tmp_path / "font.ttf", (1, 0, 6))) == {}


def test_families_are_known_by_their_names() -> None:
    known = KnownFonts.of([TOP / "fonts" / "SourceSans3" / "SourceSans3-Bold.ttf"])
    assert "source sans 3" in known.families
    assert ord("é") in known.characters
    assert (known.named["sourcesans3-bold"].family, known.named["sourcesans3-bold"].weight) == ("Source Sans 3", 700)

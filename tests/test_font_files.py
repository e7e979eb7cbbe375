"""What font files say of themselves."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import fontTools.ttLib
import pytest

from conftest import CatalogueFolder
from livret.content.font_files import KnownFonts, glyphs
from livret.pages.pool import forkserver

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


def test_a_font_is_read_once_and_again_when_its_file_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = TOP / "fonts" / "SourceSans3"
    path = tmp_path / "own.ttf"
    shutil.copyfile(fonts / "SourceSans3-Bold.ttf", path)
    bold = KnownFonts.of([path])
    shutil.copyfile(fonts / "SourceSans3-Regular.ttf", path)
    assert {face.weight for face in KnownFonts.of([path]).named.values()} == {400}
    assert {face.weight for face in bold.named.values()} == {700}
    monkeypatch.setattr(fontTools.ttLib, "TTFont", lambda *_, **__: pytest.fail("read again"))
    assert "sourcesans3-regular" in KnownFonts.of([path]).named


def test_workers_find_the_fonts_read_that_a_project_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Ours & theirs"
    folder.mkdir()
    paths = [folder / name for name in ("a.ttf", "b.OTF", "notes.txt")]
    for path in paths:
        path.touch()
    monkeypatch.setenv("FONTCONFIG_FILE", str(forkserver.list_fonts([folder], tmp_path / "fonts.conf")))
    assert forkserver.listed_fonts() == tuple(paths[:2])
    monkeypatch.delenv("FONTCONFIG_FILE")
    assert forkserver.listed_fonts() == ()


BOLD = (TOP / "fonts" / "SourceSans3" / "SourceSans3-Bold.ttf").read_bytes()


@pytest.mark.parametrize("name", [b"Own.ttf", b"._Own.otf", b"\xff.ttf"])
@pytest.mark.parametrize("content", [b"", b"no font", b"\0\5\x16\7" + bytes(200), BOLD[:-1], BOLD[:5000], BOLD[:12]])
def test_a_file_of_fonts_that_is_no_whole_font_is_an_error(
    catalogue_folder: CatalogueFolder, name: bytes, content: bytes
) -> None:
    folder = catalogue_folder.root / "fonts" / "Own"
    folder.mkdir(parents=True)
    (folder / os.fsdecode(name)).write_bytes(content)
    (found,) = catalogue_folder.findings()
    assert found.text().startswith(
        f"fonts/Own/{os.fsdecode(name)}: error: this is no font, or it is damaged [bad-font]"
    )


def test_a_whole_font_is_no_error(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue_folder.root / "fonts"
    folder.mkdir()
    (folder / "Own.ttf").write_bytes(BOLD)
    (folder / "OFL.txt").write_text("licence")
    assert catalogue_folder.findings() == ()

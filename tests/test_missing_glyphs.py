"""Signs that no font has: the check tells the line, the build too, and both say what can be done."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from livret.content.font_files import KnownFonts
from livret.content.missing_glyphs import hints, is_unusual, told, without_glyph
from press import TOP, livret, livret_here, plain_layout


def test_the_fonts_of_livret_have_each_sign_that_is_not_looked_up() -> None:
    characters = KnownFonts.of(sorted((TOP / "fonts").rglob("*.ttf"))).characters
    usual = [sign for sign in map(chr, range(sys.maxunicode + 1)) if not is_unusual(sign)]
    assert "é" in usual
    assert "ш" in usual
    assert "\u0628" in usual
    lost = [f"{ord(sign):04X}" for sign in usual if ord(sign) not in characters]
    assert [code for code in lost if unicodedata.category(chr(int(code, 16))) not in ("Cc", "Cf")] == []


def test_signs_that_can_be_seen_come_first_and_others_are_told_by_their_number() -> None:
    # An ideographic space, a mark, a sign of private use and a picture of a heart, which is asked for in colour.
    missing = without_glyph(["a\u3000\u20e3\ue000\U0001f49a\ufe0f\u200d"], {ord("a")})
    assert told(missing) == "no font has \U0001f49a (U+1F49A), U+20E3, U+3000, U+E000"


def test_a_message_shows_eight_signs() -> None:
    missing = without_glyph(["一二三四五六七八九十"], ())
    assert told(missing).count("U+") == 8
    assert told(missing).endswith(", …")


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        (
            "\U0001f389",
            [
                "take the sign out of the text, or write it in words",
                "add a font that has it to fonts/, such as Noto Emoji, and name it in the layout's CSS",
            ],
        ),
        (
            "\U0001f389\U0001f388",
            [
                "take the signs out of the text, or write them in words",
                "add fonts that have them to fonts/, such as Noto Emoji, and name them in the layout's CSS",
            ],
        ),
        (
            "გე",
            [
                "add fonts that have them to fonts/, such as Noto Serif Georgian, and name them in the layout's CSS",
                "take the signs out of the text, or write them in words",
            ],
        ),
        ("\ue000", ["take the sign out of the text, or write it in words", "add a font that has it to fonts/"]),
    ],
)
def test_hints_say_what_can_be_done(signs: str, said: list[str]) -> None:
    assert list(hints(tuple(signs))) == said


def checked(folder: CatalogueFolder) -> list[tuple[str | None, int | None, str]]:
    """The file, line and severity of each sign that the check tells."""
    findings = livret_here("-C", folder.root, "check", "--format", "json").told["findings"]
    return [(one["file"], one["line"], one["severity"]) for one in findings if one["rule"] == "missing-glyph"]


def test_the_check_tells_the_line_of_a_sign_that_no_font_has(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change(
        "initiatives/aajt.yaml", "  Une aide ponctuelle.\n", "  Une aide\n  ponctuelle \U0001f389.\n"
    )
    catalogue_folder.change("initiatives/kodiko.yaml", "name: Kodiko", "name: Kodiko 漢字")
    assert checked(catalogue_folder) == [
        ("catalogue/initiatives/aajt.yaml", 14, "error"),
        ("catalogue/initiatives/kodiko.yaml", 2, "error"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Not printed; printed from other signs; never drawn.
        ("caption: Un atelier", "caption: Un atelier, alt: \U0001f389"),
        ("ponctuelle.", "ponctuelle [ici](https://example.org/漢)."),
        ("ponctuelle.", "ponctuelle e\u0301, o\u0327\ufe0f, 1\ufe0f, \u2764\ufe0f."),
        ("ponctuelle.", "ponctuelle, по-українськи, بيت, Ελλάδα, ≈ 3 €."),
    ],
)
def test_the_check_lets_signs_pass_that_need_no_other_font(
    catalogue_folder: CatalogueFolder, old: str, new: str
) -> None:
    catalogue_folder.change("initiatives/aajt.yaml", old, new)
    assert checked(catalogue_folder) == []


def test_a_font_of_the_project_gives_its_signs(catalogue_folder: CatalogueFolder) -> None:
    # The drawings of Livret's own fonts, under other numbers in Unicode.
    from fontTools.ttLib import TTFont

    catalogue_folder.change("initiatives/kodiko.yaml", "name: Kodiko", "name: Kodiko 漢")
    (catalogue_folder.root / "fonts").mkdir()
    with TTFont(TOP / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf") as font:
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord("漢")] = table.cmap[ord("a")]
        font.save(catalogue_folder.root / "fonts" / "own.ttf")
    assert checked(catalogue_folder) == []


def test_a_build_tells_the_line_too(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    catalogue_folder.change(
        "initiatives/aajt.yaml", "  Une aide ponctuelle.\n", "  Une aide\n  ponctuelle \U0001f389.\n"
    )
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    assert "catalogue/initiatives/aajt.yaml:14: error: no font has \U0001f389 (U+1F389) [missing-glyph]" in done.err


def test_a_build_tells_the_line_of_a_title_of_the_cover(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    catalogue_folder.change("catalogue.yaml", "title: Le forum", "title: Le forum \U0001f389")
    done = livret_here("-C", catalogue_folder.root, "build")
    told = {line.split(": error")[0] for line in done.err.splitlines() if "[missing-glyph]" in line}
    assert told == {"catalogue/catalogue.yaml:1"}


def test_the_check_opens_no_font_for_the_demonstration(tmp_path: Path) -> None:
    shutil.copytree(TOP / "catalogue", tmp_path / "catalogue")
    done = livret("-C", tmp_path, "check", more={"PYTHONVERBOSE": "1"})
    assert done.code == 0
    assert "import 'livret.content.missing_glyphs'" in done.err
    assert "import 'livret.content.font_files'" not in done.err

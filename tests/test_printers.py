"""What comes with Livret for printers: its press profiles, their ICC files, docs/printers.md and the sheet to send."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
import weasyprint
from PIL import Image, ImageCms

import livret.pages.engine.patches  # noqa: F401 - so that Pillow reads as it does in Livret
import press_tables
from conftest import CatalogueFolder
from livret.content.press import profile as profile_module
from livret.content.press import profile_fields
from livret.content.press.icc import icc_fault
from livret.content.press.profile import PressProfile, read_press_profile
from livret.content.schema.base import Model
from livret.project import Project

TOP = Path(__file__).resolve().parents[1]
PAGE = TOP / "docs" / "printers.md"
FRENCH = TOP / "docs" / "printers.fr.md"
SHEET = TOP / "docs" / "printers" / "fiche-imprimeur.html"
BUILT_IN = ("coated-fogra39", "uncoated", "digital", "office")


def built_in(name: str) -> PressProfile:
    profile, findings = read_press_profile(Project.at(TOP), name)
    assert profile is not None, findings
    assert findings == ()
    return profile


# --- the profiles ---


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_profile_that_comes_with_livret_is_right(name: str) -> None:
    profile = built_in(name)
    assert profile.id == name
    assert profile.source.path == f"press/{name}.yaml"
    assert profile.pages.stitched % profile.pages.multiple == 0
    if profile.colour == "cmyk":
        assert profile.condition
        assert profile.condition.registry == "http://www.color.org"
        assert icc_fault(profile.icc_bytes()) == ()
        assert profile.safe_margin >= profile.bleed >= 3


def test_an_office_printer_gets_rgb_without_bleed_and_marks() -> None:
    profile = built_in("office")
    assert (profile.colour, profile.bleed, profile.ink_limit, profile.icc) == ("rgb", 0, None, None)
    marks = profile.marks
    assert not any((marks.crop, marks.registration, marks.colour_bar, marks.slug))
    with pytest.raises(ValueError, match="office separates nothing"):
        profile.icc_bytes()


def test_the_numbers_of_the_ghent_workgroup_stand_in_the_offset_profile() -> None:
    profile = built_in("coated-fogra39")
    pictures = profile.pictures
    # GWG 2022, R0031: an error at 149 and 549 ppi or less, a warning at 224 and 799.
    assert (pictures.least, pictures.wanted) == (150, 225)
    assert (pictures.one_bit_least, pictures.one_bit_wanted) == (550, 800)
    # R0016 to R0019; a hairline, 0.125 pt to three decimals, is below the least line.
    assert (profile.text.least_reversed, profile.lines.least_reversed) == (8, 0.25)
    assert profile.lines.least > 0.125
    # R0026: no more than 320 % on a sheet-fed press.
    assert profile.ink_limit is not None
    assert profile.ink_limit <= 320


# --- the ICC files that come with Livret ---


def converted(name: str, pixels: Sequence[tuple[int, int, int]]) -> list[tuple[int, ...]]:
    """The inks, in percent, of colours in sRGB, as pictures are converted: relative, with black point compensation."""
    picture = Image.new("RGB", (len(pixels), 1))
    picture.putdata(pixels)
    change = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        str(TOP / "press" / name),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    separated = ImageCms.applyTransform(picture, change)
    assert separated is not None
    raw = separated.tobytes()
    return [tuple(round(ink / 2.55) for ink in raw[place : place + 4]) for place in range(0, len(raw), 4)]


@pytest.mark.parametrize("name", ["FOGRA29L_uncoated.icc", "FOGRA39L_coated.icc"])
def test_white_paper_gets_no_ink_and_greys_stay_grey(name: str) -> None:
    assert converted(name, [(255, 255, 255)]) == [(0, 0, 0, 0)]
    ramp = converted(name, [(level, level, level) for level in range(256)])
    totals = [sum(inks) for inks in ramp]
    assert all(darker >= lighter - 4 for darker, lighter in zip(totals, totals[20:], strict=False)), "no step back"
    # A grey holds more cyan than magenta and yellow, and those two much the same (ISO 12647-2): no cast.
    for cyan, magenta, yellow, black in ramp[100:240]:
        assert cyan >= magenta - 1
        assert abs(magenta - yellow) <= 8
        assert black < cyan


def test_the_uncoated_profile_keeps_its_ink_limit() -> None:
    steps = range(0, 256, 17)
    cube = converted(
        "FOGRA29L_uncoated.icc", [(red, green, blue) for red in steps for green in steps for blue in steps]
    )
    limit = built_in("uncoated").ink_limit
    assert limit is not None
    assert max(sum(inks) for inks in cube) <= limit


def test_the_uncoated_profile_says_what_it_is_and_carries_no_clock() -> None:
    raw = (TOP / "press" / "FOGRA29L_uncoated.icc").read_bytes()
    made = re.search(r"^CREATED = \((.+)\)$", (TOP / "tools" / "profile").read_text(encoding="utf-8"), re.M)
    assert made
    assert struct.unpack_from(">6H", raw, 24) == tuple(int(part) for part in made[1].split(","))
    profile = ImageCms.ImageCmsProfile(str(TOP / "press" / "FOGRA29L_uncoated.icc")).profile
    assert profile.profile_description == "Uncoated FOGRA29L (Livret, ink limit 300 %)"
    assert profile.copyright
    assert "zlib" in profile.copyright
    assert profile.rendering_intent == ImageCms.Intent.RELATIVE_COLORIMETRIC


def test_provenance_names_every_icc_file_and_its_digest() -> None:
    text = (TOP / "press" / "PROVENANCE.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (\S+\.icc) \| `([0-9a-f]{64})` \|$", text, re.M))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (TOP / "press").glob("*.icc")}
    assert told == files
    licences = (TOP / "press" / "LICENSE.md").read_text(encoding="utf-8")
    assert all(f"\n## {name}\n" in licences for name in files)


# --- what the pages say ---


@pytest.mark.parametrize("page", [PAGE, FRENCH], ids=["english", "french"])
def test_the_tables_of_the_page_are_those_of_the_model_and_the_profiles(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == press_tables.pages()[page]


def test_the_sheets_with_a_name_have_the_sizes_of_iso_216_and_217() -> None:
    iso_216 = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841)}
    iso_217 = {"SRA4": (225, 320), "SRA3": (320, 450), "SRA2": (450, 640), "SRA1": (640, 900)}
    assert dict(profile_fields.SHEETS) == iso_216 | iso_217


def test_a_field_is_described_in_the_language_of_the_page() -> None:
    english, french = (page.read_text(encoding="utf-8") for page in (PAGE, FRENCH))
    assert "| `crop` | true or false | **required** | Crop marks at the corners. |" in english
    assert "| `crop` | true ou false | **obligatoire** | Les traits de coupe aux angles. |" in french
    assert "The " not in french


def shape(page: Path) -> list[str]:
    """What both languages share, in order: headings, tables, code, names and figures; not the words."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"^```yaml\n.*?^```$", "```yaml", text, flags=re.DOTALL | re.MULTILINE)
    found = []
    for line in text.splitlines():
        if line.startswith(("#", "```", "<!--", "    livret", "- ", "|")) or re.match(r"\d\. ", line):
            found.append(re.split(r"\w", line, maxsplit=1)[0].strip(" *`") + "|" * line.count("|"))
    return found


def names_and_figures(page: Path) -> list[str]:
    """All that stands in code and all figures, sorted: the sentences of two languages have another order."""
    text = re.sub(r"^```yaml\n.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    named = re.findall(r"`([^`\n]+)`", text)
    figures = re.findall(r"\d+(?:[.,]\d+)?", re.sub(r"`[^`\n]+`", "", text))
    return sorted([*named, *(figure.replace(",", ".") for figure in figures)])


def test_the_french_page_has_the_sections_and_tables_of_the_english_one() -> None:
    assert shape(FRENCH) == shape(PAGE)


def test_the_french_page_has_the_names_and_figures_of_the_english_one() -> None:
    assert names_and_figures(FRENCH) == names_and_figures(PAGE)


def test_the_row_of_the_profiles_in_french_says_what_the_profiles_say() -> None:
    french = FRENCH.read_text(encoding="utf-8")
    assert "| Encrage maximal | 300 % | 300 % | 280 % | aucun |" in french
    assert "| Papier | 115 g/m2, main 0,85 | 120 g/m2, main 1,25 | 120 g/m2, main 0,9 | 80 g/m2, main 1,3 |" in french


def test_every_group_of_the_model_has_its_table() -> None:
    groups = [each for each in vars(profile_module).values() if isinstance(each, type) and issubclass(each, Model)]
    own = [group.__name__ for group in groups if group.__module__ == profile_module.__name__]
    page = PAGE.read_text(encoding="utf-8")
    assert len(own) == 8
    assert all(f"<!-- table: {name} -->" in page for name in own)


@pytest.mark.parametrize("page", [PAGE, FRENCH], ids=["english", "french"])
def test_the_example_of_the_page_is_a_right_profile(catalogue_folder: CatalogueFolder, page: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    press = catalogue_folder.root / "press"
    press.mkdir()
    # The file that the printer would send: one that says it is made for the condition.
    raw = (TOP / "press" / "FOGRA29L_uncoated.icc").read_bytes().replace(b"FOGRA29", b"FOGRA52")
    (press / "PSOuncoated_v3_FOGRA52.icc").write_bytes(raw)
    (press / "imprimerie-du-port.yaml").write_text(example[1], encoding="utf-8")
    profile, findings = read_press_profile(catalogue_folder.project, "imprimerie-du-port")
    assert findings == ()
    assert profile is not None


def test_the_sheet_for_the_printer_holds_the_values_of_the_default_profile() -> None:
    profile = built_in("coated-fogra39")
    filled = re.findall(r'data-field="([\w.]+)">([^<]*)<', SHEET.read_text(encoding="utf-8"))
    assert len(filled) >= 15
    for path, written in filled:
        value: object = profile
        for step in path.split("."):
            value = getattr(value, step)
        if isinstance(value, Path):
            value = value.name
        assert written == (f"{value:g}".replace(".", ",") if isinstance(value, int | float) else value), path


def test_the_sheet_for_the_printer_is_one_page() -> None:
    assert len(weasyprint.HTML(str(SHEET)).render().pages) == 1


def test_the_sheet_for_the_printer_is_spaced_as_french_is() -> None:
    body = re.sub(r"<[^>]*>", "", SHEET.read_text(encoding="utf-8").split("<body>")[1])
    assert not re.search(r"[ \w][;!?]| :|\w'\w", body.replace("&nbsp;", " "))

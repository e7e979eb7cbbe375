"""Preflight for print: ink, and the reports for people and for programs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

import printable
from livret.control import preflight
from livret.control.preflight.print.profiles import EVERY_RULE
from livret.control.preflight.print.titles import TITLES
from livret.translation import in_language
from press import livret_here
from print_pages import Maker
from printable import broken, clean, written


def area(*inks: float, box: str = "100 200 100 100") -> str:
    """A rectangle in these inks, on a page that is else empty."""
    return f"{' '.join(map(str, inks))} k {box} re f"


def ink(path: Path, profile: str = "sheetcmyk-cmyk") -> preflight.PrintVerdict:
    return preflight.judge(path, preflight.PRINT_PROFILES[profile])


def rules(verdict: preflight.PrintVerdict) -> set[str]:
    return {one.rule for one in verdict.findings}


@pytest.mark.parametrize(
    ("profile", "inks", "told"),
    [
        ("sheetcmyk-cmyk", (0.8, 0.8, 0.8, 0.8), set()),
        ("sheetcmyk-cmyk", (0.82, 0.8, 0.8, 0.8), {"ink-coverage"}),
        ("webcmyk-cmyk", (0.8, 0.8, 0.8, 0.64), set()),
        ("webcmyk-cmyk", (0.8, 0.8, 0.8, 0.68), {"ink-coverage"}),
        ("webcmyknews-cmyk", (0.6, 0.6, 0.6, 0.64), set()),
        ("webcmyknews-cmyk", (0.6, 0.6, 0.6, 0.68), {"ink-coverage"}),
        ("digital-print", (1, 1, 1, 1), set()),
    ],
)
def test_ink_is_the_mean_of_a_square_of_15_mm(
    profile: str, inks: tuple[float, ...], told: set[str], tmp_path: Path
) -> None:
    # 320, 305 and 245 %; the workbook of GWG 2022, R0026. A square of 15 mm has sides of 42.5 points.
    path = written(clean(content=area(*inks)), tmp_path / "file.pdf")
    assert rules(ink(path, profile)) & {"ink-coverage"} == told


def test_a_smaller_area_of_ink_has_a_lower_mean_and_the_same_peak(tmp_path: Path) -> None:
    # A strip of 7.5 by 15 mm in 400 %: half of the square.
    path = written(clean(content=area(1, 1, 1, 1, box="100 200 21.26 42.52")), tmp_path / "file.pdf")
    (page,) = ink(path).ink
    assert page.mean == pytest.approx(200, abs=6)
    assert page.peak == pytest.approx(400, abs=1)
    assert page.peak_box[0] == pytest.approx(100, abs=3)
    assert page.peak_box[3] == pytest.approx(242.52, abs=4)


def test_marks_around_the_page_are_no_ink_of_it(tmp_path: Path) -> None:
    path = written(clean(content=area(1, 1, 1, 1, box="0 0 28 651")), tmp_path / "file.pdf")
    (page,) = ink(path).ink
    assert page.mean < 5


def test_ink_stands_where_a_turned_page_has_it(tmp_path: Path) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    path = broken(tmp_path / "file.pdf", turn, content=area(1, 1, 1, 1, box="60 500 60 60"))
    (page,) = ink(path).ink
    assert page.mean == pytest.approx(400, abs=1)
    assert page.mean_box[0] == pytest.approx(60, abs=4)
    assert page.mean_box[3] == pytest.approx(560, abs=4)


def test_where_ghostscript_is_missing_ink_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    (one,) = ink(written(clean(), tmp_path / "file.pdf")).findings
    assert (one.rule, one.severity.value) == ("ink-not-measured", "note")


def test_the_heat_map_is_a_picture_of_the_page(tmp_path: Path) -> None:
    (page,) = ink(written(clean(), tmp_path / "file.pdf")).ink
    assert page.heat.startswith(b"\x89PNG")


# --- Reports ---


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=7)]))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([100, 100, 120, 120]))
        pdf.pages[1].obj.Annots = Array([note])
        pdf.pages[0].obj.Rotate = 90
        pdf.trailer.Info.Trapped = Name("/False_")

    return broken(tmp_path_factory.mktemp("report") / "faulty.pdf", change, pages=2)


def valid(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """What in a value is against a schema, of which this knows what docs/preflight.schema.json uses."""
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "null": type(None),
    }
    wanted = schema.get("type", list(kinds))
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if not any(isinstance(value, kinds[kind]) for kind in wanted):
        return [f"{place} is no {wanted}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place} is {value}"]
    wrong = []
    if isinstance(value, dict):
        wrong += [f"{place}.{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                wrong += valid(inner, schema["properties"][key], f"{place}.{key}")
            elif not schema.get("additionalProperties", True):
                wrong.append(f"{place}.{key} is not in the schema")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            wrong.append(f"{place} has {len(value)}")
        for number, inner in enumerate(value):
            wrong += valid(inner, schema.get("items", {}), f"{place}[{number}]")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        wrong.append(f"{place} is {value}")
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        wrong.append(f"{place} is {value}")
    return wrong


def test_json_follows_its_published_schema(faulty: Path) -> None:
    schema = json.loads((printable.TOP / "docs" / "preflight.schema.json").read_text())
    told = livret_here("preflight", faulty, "--profile", "sheetcmyk-cmyk", "--no-ink", "--format", "json").told
    assert len(told["findings"]) == 4
    assert valid(told, schema) == []


def test_json_names_requirement_page_folio_and_box(faulty: Path) -> None:
    told = livret_here("preflight", faulty, "--profile", "sheetcmyk-cmyk", "--no-ink", "--format", "json").told
    by = {one["rule"]: one for one in told["findings"]}
    note, turned = by["annotation-in-print-area"], by["page-rotated"]
    assert (note["page"], note["folio"], note["box"]) == (2, "8", [100.0, 100.0, 120.0, 120.0])
    assert (turned["standard"], turned["clause"], turned["severity"]) == ("GWG 2022", "R0004", "warning")


def test_sarif_has_rules_results_and_reasons(faulty: Path) -> None:
    said = ("--allow", "trapped", "--because", "the printer knows")
    run = livret_here("preflight", faulty, "--profile", "sheetcmyk-cmyk", "--no-ink", "--format", "sarif", *said)
    told = json.loads(run.out)
    (only,) = told["runs"]
    results = {one["ruleId"]: one for one in only["results"]}
    assert told["version"] == "2.1.0"
    assert run.code == 1
    assert results["page-rotated"]["level"] == "warning"
    assert results["trapped"]["suppressions"] == [{"kind": "external", "justification": "the printer knows"}]
    assert results["annotation-in-print-area"]["properties"]["page"] == 2
    named = [one["id"] for one in only["tool"]["driver"]["rules"]]
    assert all(named[one["ruleIndex"]] == one["ruleId"] for one in only["results"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("This file must not be printed as it is.", "Page 2 (folio 8)", "Errors (3)")),
        ("fr", ("Ce fichier ne doit pas être imprimé tel quel.", "Une note ou un lien se trouve sur la page")),
    ],
)
def test_the_report_is_one_file_with_a_picture_of_each_place(
    language: str, words: tuple[str, ...], faulty: Path, tmp_path: Path
) -> None:
    target = tmp_path / "report.html"
    args = ("--profile", "sheetcmyk-cmyk", "--report", target, "--lang", language)
    livret_here("preflight", faulty, *args)
    page = target.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert [word for word in words if word not in page] == []
    assert not re.search(r"(src|href)=[\"'](?!data:)", page)
    # Two findings have a page, and each of the two pages a heat map.
    assert page.count("data:image/png") == 4


def test_the_place_of_a_finding_is_framed(faulty: Path, tmp_path: Path) -> None:
    import base64
    import io

    from PIL import Image

    target = tmp_path / "report.html"
    livret_here("preflight", faulty, "--profile", "pdfx4", "--report", target, "--lang", "en")
    (picture,) = re.findall(r"base64,([^\"]+)", target.read_text(encoding="utf-8"))
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    framed = [
        (x, y)
        for x in range(image.width)
        for y in range(image.height)
        if all(abs(a - b) < 24 for a, b in zip(image.getpixel((x, y)), (230, 0, 126), strict=True))  # type: ignore[arg-type]
    ]
    # 20 points in a part of 20 and twice 12 mm, which is 88 points or 360 pixels.
    width = max(x for x, _ in framed) - min(x for x, _ in framed)
    assert width == pytest.approx(20 / 88.04 * 360, abs=10)


def test_every_rule_of_print_has_a_title_and_a_hint_in_french() -> None:
    texts = [*TITLES.values(), *(one.hint for one in EVERY_RULE.values() if one.hint)]
    assert [rule for rule in EVERY_RULE if rule not in TITLES] == []
    assert [text for text in texts if in_language(text, "fr") == str(text)] == []


def test_nothing_of_the_report_in_french_is_english(faulty: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    args = ("--profile", "sheetcmyk-cmyk", "--no-ink", "--report", target, "--lang", "fr")
    livret_here("preflight", faulty, *args)
    page = target.read_text(encoding="utf-8")
    told = re.sub(r"<(style|code)>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert [word for word in told.split() if word in {"the", "is", "of", "not", "with", "and", "from"}] == []
    assert "la page est tournée de 90 degrés (Rotate)" in told


def test_the_limits_of_a_press_profile_are_named_in_french(tmp_path: Path) -> None:
    maker = Maker()
    maker.page(b"1 0 0 0 K 0.1 w 60 100 m 260 100 l S")
    page = tmp_path / "report.html"
    args = ("--profile", "coated-fogra39", "--no-ink", "--report", page, "--lang", "fr")
    told = livret_here("preflight", maker.save(tmp_path), *args)
    assert "(profil d’impression, lines.least)" in told.err
    assert "profil d’impression coated-fogra39 (GWG 2022 SheetCMYK CMYK)" in told.out
    assert "press profile" not in told.out + told.err + page.read_text(encoding="utf-8")


def test_the_same_file_gives_the_same_report(faulty: Path, tmp_path: Path) -> None:
    pages = []
    for name in ("one.html", "two.html"):
        livret_here("preflight", faulty, "--profile", "pdfx4", "--report", tmp_path / name, "--lang", "fr")
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (printable.TOP / "docs" / "preflight.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    broken(tmp_path / "booklet.pdf", lambda pdf: pdf.pages.__delitem__(0), pages=4)
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    exec(example, {"print": lambda *words: told.append(" ".join(map(str, words)))})
    assert [line.split()[:2] for line in told] == [["error", "page-multiple"]]


def test_the_page_names_every_profile() -> None:
    page = (printable.TOP / "docs" / "preflight.md").read_text(encoding="utf-8")
    assert [name for name in preflight.PRINT_PROFILES if f"`{name}`" not in page] == []


def test_a_report_never_replaces_the_file_that_is_checked(faulty: Path) -> None:
    before = faulty.read_bytes()
    run = livret_here("preflight", str(faulty), "--profile", "pdfx4", "--no-ink", "--report", str(faulty))
    assert run.code == 2
    assert "would replace the file" in run.err
    assert faulty.read_bytes() == before


@pytest.mark.parametrize(("name", "told"), [("none.pdf", "does not exist"), ("", "is a folder; name the files in it")])
def test_a_missing_file_and_a_folder_are_told_in_plain_words(name: str, told: str, tmp_path: Path) -> None:
    run = livret_here("preflight", str(tmp_path / name), "--profile", "pdfx4")
    assert run.code == 1
    assert f"the file {told} (" in run.out + run.err


def test_the_start_of_a_name_of_a_profile_leads_to_it(faulty: Path) -> None:
    run = livret_here("preflight", str(faulty), "--profile", "sheetcmyk")
    assert 'did you mean "sheetcmyk-cmyk"?' in run.err

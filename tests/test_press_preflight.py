"""A press file is judged before it replaces the last good one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conftest import two_cards
from press import change, livret_here
from printable import TOP


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cards, with a press profile of their own, built for the press once."""
    root = Path(two_cards(tmp_path_factory.mktemp("judged") / "project").root)
    (root / "press").mkdir()
    shutil.copy(TOP / "press" / "coated-fogra39.yaml", root / "press" / "ours.yaml")
    done = livret_here("-C", root, "build", "--for", "press", "--press", "ours", "--format", "json")
    assert done.code == 0, done.out + done.err
    return root


def build(root: Path, *more: str) -> tuple[int, list[dict[str, str]]]:
    done = livret_here("-C", root, "build", "--for", "press", "--press", "ours", "--format", "json", *more)
    return done.code, done.told["findings"]


def test_an_error_keeps_the_last_good_file_and_names_the_card(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(project, root)
    last = (root / "output" / "full" / "full-press.pdf").read_bytes()
    # A PDF/X-4 in which pictures may be RGB, and every line has to be as thick as a finger.
    change(root / "press" / "ours.yaml", "  least: 0.13", "  least: 9")
    change(root / "press" / "ours.yaml", "  least_reversed: 0.25", "  least_reversed: 9.5")
    code, findings = build(root)
    hairlines = [one for one in findings if one["rule"] == "hairline"]
    assert code == 1
    assert hairlines
    assert {one["severity"] for one in hairlines} == {"error"}
    assert any(one["file"].startswith("catalogue/initiatives/") for one in hairlines)
    assert (root / "output" / "full" / "full-press.pdf").read_bytes() == last


def test_a_build_says_that_it_did_not_judge(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(project, root)
    code, findings = build(root, "--no-preflight")
    assert code == 0
    assert "not-preflighted" in {one["rule"] for one in findings}
    report = json.loads((root / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    assert "not-preflighted" in {one["rule"] for one in report["findings"]}


def test_without_a_press_file_there_is_nothing_to_judge(project: Path) -> None:
    assert livret_here("-C", project, "build", "--no-preflight").code == 2


def test_a_good_file_has_no_error_of_preflight(project: Path) -> None:
    press = project / "output" / "full" / "full-press.pdf"
    for name in ("pdfx4", "sheetcmyk-cmyk", "coated-fogra39"):
        done = livret_here("preflight", press, "--profile", name, "--no-ink")
        assert done.code == 0, done.err


def test_a_finding_about_words_gives_the_line_that_they_stand_on(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(project, root)
    change(root / "press" / "ours.yaml", "text:\n  least: 5", "text:\n  least: 7.9")
    change(root / "press" / "ours.yaml", "  least_reversed: 8", "  least_reversed: 9")
    _, findings = build(root)
    cards = [one for one in findings if one["rule"] == "small-text" and "initiatives/" in one["file"]]
    named = [one for one in cards if '"contacts.' in one["message"]]
    assert named, cards
    assert all(one["line"] for one in named), named


def test_a_file_that_is_made_again_is_judged_as_a_new_one(project: Path, tmp_path: Path) -> None:
    root, new = tmp_path / "project", tmp_path / "new"
    shutil.copytree(project, root)
    change(root / "catalogue" / "initiatives" / "aajt.yaml", "title: ", "title: Encore ")
    shutil.copytree(root, new, ignore=shutil.ignore_patterns("output"))
    assert build(root) == build(new)
    files = [folder / "output" / "full" / "full-press.pdf" for folder in (root, new)]
    assert files[0].read_bytes() == files[1].read_bytes()

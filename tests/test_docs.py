"""The pages that come from the code are what the code says, and what is written in them is found in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import write_docs
from write_docs import Made

TOP = Path(__file__).resolve().parents[1]
RULES = (TOP / "docs" / "rules.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rules() -> dict[str, list[Made]]:
    return write_docs.rules()


def test_the_rules_and_the_command_line_are_documented_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert write_docs.main(["--check"]) == 0, capsys.readouterr().out


def test_every_rule_is_explained_and_none_is_invented(rules: dict[str, list[Made]]) -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([a-z ]+) \| (.+) \| (.+) \|$", RULES, re.MULTILINE)
    told = [row[0] for row in rows]
    assert len(told) == len(set(told)), "each rule stands once"
    assert set(told) == set(rules)
    for id, _severity, meaning, mend in rows:
        assert "TODO" not in meaning + mend, f"docs/rules.md does not say what {id} means"
        assert meaning.endswith("."), id
        assert mend.endswith("."), id


@pytest.mark.parametrize(
    ("id", "severity", "room"),
    [
        ("missing-picture", "error", "content"),
        ("missing-alt", "warning", "content"),
        ("no-theme", "error", "content"),
        ("unknown-filler", "error", "content"),
        ("unknown-partner", "error", "content"),
        ("bad-issn", "error", "content"),
        ("yaml-syntax", "error", "content"),
        ("raw-html", "warning", "content"),
        ("missing-glyph", "error", "pages"),
        ("damaged-picture", "error", "book"),
        ("missing-card", "error", "control"),
        ("editions-differ", "error", "cli"),
        ("figure-without-alt", "error", "preflight"),
        ("reading-order", "note", "preflight"),
    ],
)
def test_a_rule_is_found_where_the_code_makes_it(
    rules: dict[str, list[Made]], id: str, severity: str, room: str
) -> None:
    assert Made(id, severity, room) in rules[id]


def test_a_rule_that_the_page_lacks_is_put_in_and_refused_and_one_too_many_goes() -> None:
    found = {"old-rule": [Made("old-rule", "error", "content")], "new-rule": [Made("new-rule", "note", "content")]}
    page = "<!-- rules: content -->\n| `old-rule` | note | Old. | Mend. |\n| `gone` | error | A. | B. |\n<!-- end -->\n"
    made = write_docs.rules_page(page, found)
    assert "| `old-rule` | error | Old. | Mend. |" in made
    assert "| `new-rule` | note | TODO | TODO |" in made
    assert "gone" not in made


def test_an_id_that_is_put_together_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_docs, "PACKAGE", tmp_path)
    (tmp_path / "content.py").write_text(
        "def error(rule, message): ...\ndef f(kind):\n    return error(f'unknown-{kind}', '')\n"
    )
    with pytest.raises(write_docs.UnreadableRuleError, match="Write ids out whole"):
        write_docs.rules()

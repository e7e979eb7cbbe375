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


def test_the_rules_and_the_command_line_are_documented_as_they_are(
    rules: dict[str, list[Made]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # To find them in the code takes three seconds.
    monkeypatch.setattr(write_docs, "rules", lambda: rules)
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


@pytest.mark.parametrize("page", ["README.md", "README.fr.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(((?!https?:)[^)#]+)[^)]*\)", text)
    named = re.findall(r"`((?:\.ci|docs|tools|tests|layouts|press|src)/[\w./-]+)`", text)
    rooms = re.findall(r"`((?:content|pages|web|book|control|pipeline|cli)/[\w./-]*)`", text)
    shown = {"press/NAME.yaml", "tests/test_X.py"}
    lost = [path for path in {*links, *named} - shown if not (TOP / path).exists()]
    lost += [path for path in rooms if not (TOP / "src" / "livret" / path).exists()]
    assert lost == []
    assert links or named


def test_make_has_every_target_that_a_page_names() -> None:
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in ("README.md", "README.fr.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        named = re.findall(r"(?:^ +|`)make ([a-z]+)", (TOP / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets, page


IN_BOTH_LANGUAGES = ("README", "docs/guide", "docs/proofing", "docs/proof-room", "docs/printers")


def in_both(page: str) -> tuple[str, str]:
    english, french = (TOP / f"{page}{ending}" for ending in (".md", ".fr.md"))
    return english.read_text(encoding="utf-8"), french.read_text(encoding="utf-8")


def commands(text: str) -> list[tuple[str, ...]]:
    """The commands of Livret in a page with their options, without what a reader chooses, such as titles."""
    names = set(re.findall(r"^## livret (\w+)", (TOP / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE))
    lines = re.findall(r"^    (livret .*?)(?:  .*| #.*)?$|`(livret [^`\n]*|--[a-z][^`\n]*)`", text, re.MULTILINE)
    words = [(shown or inline).split() for shown, inline in lines]
    return sorted(tuple(word for word in line if word in names or word.startswith("-")) for line in words)


@pytest.mark.parametrize("page", IN_BOTH_LANGUAGES)
def test_a_page_has_the_same_sections_in_both_languages(page: str) -> None:
    english, french = (re.findall(r"^(#+ (?:\d\.)?)", text, re.MULTILINE) for text in in_both(page))
    assert len(english) >= 5
    assert french == english


@pytest.mark.parametrize("page", IN_BOTH_LANGUAGES)
def test_a_page_shows_the_same_commands_and_options_in_both_languages(page: str) -> None:
    english, french = map(commands, in_both(page))
    assert english
    # The promise about French spacing is in the French page only.
    assert [one for one in french if one != ("check", "-v")] == [one for one in english if one != ("check", "-v")]


@pytest.mark.parametrize("page", IN_BOTH_LANGUAGES)
def test_a_page_has_the_same_figures_in_both_languages(page: str) -> None:
    english, french = (re.findall(r"\d+(?:[.,]\d+)?", text) for text in in_both(page))
    assert sorted(figure.replace(",", ".") for figure in french) == sorted(
        figure.replace(",", ".") for figure in english
    )


@pytest.mark.parametrize("page", IN_BOTH_LANGUAGES)
def test_each_language_of_a_page_leads_to_the_other(page: str) -> None:
    english, french = in_both(page)
    name = page.rpartition("/")[2]
    assert f"]({name}.fr.md)" in english
    assert f"]({name}.md)" in french

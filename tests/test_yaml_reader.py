"""YAML to a tree with places: positions are right, and no bytes whatever do more than make findings."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livret.content.yaml.reader import parse
from livret.content.yaml.tree import Mapping, Scalar, Sequence
from livret.findings import Finding, Severity


def tree(text: str) -> Mapping:
    root, findings = parse(text.encode(), "card.yaml")
    assert root is not None, findings
    assert findings == ()
    return root


def only(raw: bytes) -> Finding:
    root, findings = parse(raw, "card.yaml")
    assert root is None
    (found,) = findings
    assert found.severity is Severity.ERROR
    return found


def test_every_value_knows_its_line() -> None:
    root = tree("title: Le forum\npilot:\n  name: AAJT\nthemes:\n  - logement\n  - emploi\n")
    assert root.entries["title"].where.line == 1
    pilot, themes = root.value("pilot"), root.value("themes")
    assert isinstance(pilot, Mapping)
    assert isinstance(themes, Sequence)
    assert (pilot.entries["name"].where.line, pilot.entries["name"].where.column) == (3, 3)
    assert [item.where.line for item in themes.items] == [5, 6]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: |\n  un\n\n  deux\n", 5), ("a: 1\nb: un deux\n", 2), ('a: 1\nb: "un\n\n  deux"\n', 2)],
)
def test_lines_inside_a_text(text: str, line: int) -> None:
    value = tree(text).value("b")
    assert isinstance(value, Scalar)
    assert value.line(2).line == line


@pytest.mark.parametrize("typed", ["2019", "Non", "yes", "1.50", "0199001234", "0x1F", "2019-04-30", ".inf", "1_000"])
def test_plain_values_stay_as_typed(typed: str) -> None:
    value = tree(f"a: {typed}\n").value("a")
    assert isinstance(value, Scalar)
    assert value.text == typed


@pytest.mark.parametrize("typed", ["", "~", "null", "NULL", "''", '" "', "|\n  \n"])
def test_nothing_is_empty(typed: str) -> None:
    root, findings = parse(f"a: {typed}\nb: x\n".encode(), "card.yaml")
    assert root is not None
    assert root.value("a") is None
    assert [one.rule for one in findings] == (["read-as-nothing"] if typed in ("~", "null", "NULL") else [])


def test_a_quoted_null_is_a_word() -> None:
    assert tree('a: "null"').value("a") is not None


def test_an_alias_repeats_a_value() -> None:
    root = tree("a: &x {b: c}\nd: *x\n")
    assert root.value("d") == root.value("a")


SYNTAX = [
    ("a: b: c", 1, "colon followed by a space"),
    ("a: Agir : un guide", 1, "quotes"),
    ("x: y\na: [1, 2\n", 2, "opened on line 2"),
    ("a: {b: c\n", 1, "not closed with }"),
    ("x: y\na: [\n", 2, "not closed"),
    ("x: y\na: 'l'été'\n", 2, "does not line up"),
    ("a: 'x\n\n\n", 1, "never closed"),
    ('a: "x\nb: y\nc: "#fff"\n', 1, "closed on line 3"),
    ("a: *x y\n", 1, "asterisk"),
    ("a: &\n", 1, "quotes"),
    ("a: @x", 1, "begins with @"),
    ("a: %x", 1, "begins with %"),
    ("a: ]", 1, "bracket"),
    ("a: - b", 1, "next line"),
    ("a: |b\n", 1, "| or >"),
    ('a: "\\d"', 1, "backslash"),
    ("a:\n  b\nc\n", 3, "no colon"),
    ("a: b\n c: d", 2, "indented too far"),
    ("- a\nb: c", 2, "lining up"),
    ("{a: b}: c", 1, "must be a word"),
    ("a: b\n...\nc", 3, "after the end"),
]


@pytest.mark.parametrize(("text", "line", "says"), SYNTAX)
def test_syntax_is_told_in_words(text: str, line: int, says: str) -> None:
    found = only(text.encode())
    assert (found.rule, found.where and found.where.line) == ("yaml-syntax", line)
    assert says in " / ".join((found.message, *found.hints))
    assert "YAML" not in found.message


@pytest.mark.parametrize(("text", "line"), [("a:\n\t- b", 2), ("a: b\n\tc: d", 2), ("a: |\n\tb\n", 2)])
def test_tabs_have_a_rule_of_their_own(text: str, line: int) -> None:
    found = only(text.encode())
    assert (found.rule, found.where and found.where.line) == ("tab", line)


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (bomb(30), "more than 50,000 values"),
        ("a: [" + "x," * 50_000 + "]", "more than 50,000 values"),
        ("a: " + "[" * 41, "nested more than 40 deep"),
        # A hundred thousand brackets end the process when libyaml composes them itself.
        ("[" * 100_000, "nested more than 40 deep"),
        ("a: " + "{a: " * 100_000, "nested more than 40 deep"),
        ("- " * 100_000, "nested more than 40 deep"),
        ("a: &x [*x]", "part of"),
        ("a: &x {b: {c: *x}}", "part of"),
    ],
)
def test_what_is_too_complex_is_refused(text: str, says: str) -> None:
    found = only(text.encode())
    assert found.rule == "yaml-too-complex"
    assert says in found.message


def test_aliases_cannot_hide_depth() -> None:
    half = "[" * 25 + "x" + "]" * 25
    wrapped = "[" * 25 + "*x" + "]" * 25
    assert only(f"a: &x {half}\nb: {wrapped}\n".encode()).rule == "yaml-too-complex"


def test_every_finding_before_the_fatal_one_is_kept() -> None:
    _, findings = parse(b"a: !x y\na: z\nb: [\n", "card.yaml")
    assert [finding.rule for finding in findings] == ["unknown-tag", "duplicate-field", "yaml-syntax"]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("contacts: [{name: Martin, head of studies, phones: [x]}]", "head of studies"),
        ("pilot: {name: Maison, about: Une, deux}", "deux"),
        ("pilot: {name: Maison,\n  ateliers\n  , about: Une}", "ateliers"),
        ("pilot: {name: , about: Une}", ""),
        ("pilot: {name: 'Martin, head', about: Une}", ""),
        ("pilot:\n  name:\n  about: Une", ""),
    ],
)
def test_words_after_a_comma_between_braces_are_not_lost(text: str, lost: str) -> None:
    """YAML reads them as the name of a field without a value, and such a field counts as absent."""
    _, findings = parse(text.encode(), "card.yaml")
    told = [(str(one.message), one.rule) for one in findings]
    expected = (f'"{lost}" follows a comma, so it is read as the name of a field', "unknown-field")
    assert told == ([expected] if lost else [])


@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
@example(b"\x00")
@example(b"a: &a\nb: *a\n? *a\n: [")
def test_no_bytes_raise(raw: bytes) -> None:
    root, findings = parse(raw, "card.yaml")
    assert (root is not None) or any(finding.severity is Severity.ERROR for finding in findings)
    lines = raw.count(b"\n") + raw.count(b"\r") + 1
    assert all(finding.where and 1 <= finding.where.line <= lines for finding in findings)


@given(st.text(alphabet=string.ascii_lowercase[:3] + ":-[]{},&*!|>'\"%@`# \n\t~?é", max_size=80))
def test_no_yaml_raises(text: str) -> None:
    root, findings = parse(text.encode(), "card.yaml")
    assert (root is not None) or any(finding.severity is Severity.ERROR for finding in findings)
    assert all(finding.where and 1 <= finding.where.line <= text.count("\n") + 1 for finding in findings)


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff")
    )
)
def test_block_text_comes_back_whole(text: str) -> None:
    root, _ = parse(f"a: |2-\n  x{text}\n".encode(), "card.yaml")
    assert root is not None
    value = root.value("a")
    assert isinstance(value, Scalar)
    assert value.text == f"x{text}"

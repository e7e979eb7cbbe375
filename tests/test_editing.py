"""Changes to files of content: the new value is read, and every other line stays as it was typed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from livret.content.editing.edit import CannotEdit, edited
from livret.content.schema.model import CatalogueFile, Initiative
from livret.content.yaml.reader import parse
from livret.content.yaml.tree import Mapping, Sequence, plain_values

CARD = """\
# The card of a club
pilot:   # who
    name: 'L''école'   # as they write it
    acronym: "AB"

    about: |-   # the text
        First line
          deeper

        Last line

# Whom to call
contacts:
- role: Head
  # her direct line
  phones: ["01 99 00 12 34",  "01 99 00 12 35"]   # two
- {name: Zoé, email: zoe@example.org}

title: >
    folded words
    go on

themes: [ a, b ]
scope: national
"""


def edit(text: str, path: tuple[str | int, ...], value: Any) -> str:
    return edited(text.encode(), Initiative, path, value).decode()


def changed(text: str, path: tuple[str | int, ...], value: Any) -> tuple[str, str]:
    """What stood there and what stands there now: whole lines, without those that are equal above and below."""
    old, new = text.split("\n"), edit(text, path, value).split("\n")
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return "\n".join(old), "\n".join(new)


def read(raw: bytes) -> Any:
    root, _ = parse(raw, "")
    assert root is not None
    return plain_values(root)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("scope",), "regional", "scope: regional"),
        (("pilot", "name"), "L'arbre", "    name: 'L''arbre'   # as they write it"),
        (("pilot", "acronym"), "CD", '    acronym: "CD"'),
        (("contacts", 1, "name"), "Léa", "- {name: Léa, email: zoe@example.org}"),
        (("contacts", 1, "name"), "a, b", '- {name: "a, b", email: zoe@example.org}'),
        (("contacts", 0, "phones", 1), "2", '  phones: ["01 99 00 12 34",  "2"]   # two'),
        (("contacts", 0, "role"), "Non", '- role: "Non"'),
        (("contacts", 0, "role"), "1e3", '- role: "1e3"'),
        (("contacts", 0, "role"), "12:30", '- role: "12:30"'),
        (("contacts", 0, "role"), "a: b", '- role: "a: b"'),
        (("contacts", 0, "role"), "a #3", '- role: "a #3"'),
        (("contacts", 0, "role"), "- a", '- role: "- a"'),
        (("contacts", 0, "role"), 'the "best": one', "- role: 'the \"best\": one'"),
        (("contacts", 0, "role"), "C:\\temp: x", "- role: 'C:\\temp: x'"),
        (("contacts", 0, "role"), "a:b, c#d", "- role: a:b, c#d"),
        (("themes",), ["b", "a"], "themes: [ b, a ]"),
        (("themes",), ["a", "b", "c"], "themes: [ a, b, c ]"),
        (("themes",), ["b"], "themes: [ b ]"),
    ],
)
def test_one_line_changes_and_keeps_its_style(path: tuple[str | int, ...], value: Any, line: str) -> None:
    assert changed(CARD, path, value)[1] == line


def test_text_after_a_bar_keeps_its_signs_comment_and_indentation() -> None:
    old, new = changed(CARD, ("pilot", "about"), "One\n\n- two")
    assert old == "        First line\n          deeper\n\n        Last line"
    assert new == "        One\n\n        - two"


def test_folded_text_stays_folded_at_its_width() -> None:
    old, new = changed(CARD, ("title",), "other words that go further")
    assert old == "    folded words\n    go on"
    assert new == "    other words\n    that go\n    further"


def test_text_of_several_lines_goes_after_a_bar_and_the_comment_stays() -> None:
    assert changed("title: one # why\nscope: national\n", ("title",), "a\n b\nc") == (
        "title: one # why",
        "title: | # why\n  a\n   b\n  c",
    )


def test_text_that_begins_with_a_space_tells_its_indentation() -> None:
    assert edit("summary: a\n", ("summary",), "  code\nword") == "summary: |2\n    code\n  word\n"


@pytest.mark.parametrize(
    ("path", "value", "added"),
    [
        (("pilot", "logo"), "images/a.svg", "    logo: images/a.svg"),
        (("pilot", "sort_as"), "No: 1", '    sort_as: "No: 1"'),
        (("summary",), "A\nB", "summary: |\n  A\n  B"),
        (("figures",), [{"label": "x", "value": "3"}], 'figures:\n  - value: "3"\n    label: x'),
        (("territories",), ["FR-PAC", "FR-13"], "territories: [FR-PAC, FR-13]"),
        (("contacts", 0, "email"), "a@example.org", "  email: a@example.org"),
        (("contacts", 2), {"phones": ["1"], "name": "Al"}, '- name: Al\n  phones: ["1"]'),
    ],
)
def test_what_was_absent_is_added_in_lines_of_its_own(path: tuple[str | int, ...], value: Any, added: str) -> None:
    assert changed(CARD, path, value) == ("", added)


def test_a_field_is_added_where_the_content_format_has_it() -> None:
    order = re.findall(r"^(\w+):", edit(CARD, ("summary",), "A"), re.MULTILINE)
    assert order == ["pilot", "contacts", "title", "summary", "themes", "scope"]


def test_a_field_is_added_after_the_comments_that_belong_to_the_one_before() -> None:
    text = "pilot:\n  name: A\ncontacts:\n  - role: B\n    # phones: []\n    # email: x\n# title: Titel\nthemes: [x]\n"
    assert edit(text, ("title",), "T") == text.replace("# title: Titel\n", "title: T\n# title: Titel\n")


def test_the_first_field_of_an_item_is_added_after_the_hyphen() -> None:
    assert changed(CARD, ("contacts", 0, "name"), "Al") == ("- role: Head", "- name: Al\n  role: Head")


def test_a_field_in_braces_is_added_in_braces() -> None:
    assert changed(CARD, ("contacts", 1, "role"), "Head")[1] == "- {name: Zoé, role: Head, email: zoe@example.org}"


def test_groups_that_are_absent_are_added_too() -> None:
    raw = b"title: a\nthemes: []\n"
    new = edited(raw, CatalogueFile, ("legal", "printer", "name"), "Imp")
    assert new == b"title: a\nthemes: []\nlegal:\n  printer:\n    name: Imp\n"


def test_dates_and_yes_or_no_need_no_quotes() -> None:
    new = edited(b"title: a\n", CatalogueFile, ("date",), "2019-04-30")
    assert (
        edited(new, CatalogueFile, ("demonstration",), "true") == b"title: a\ndate: 2019-04-30\ndemonstration: true\n"
    )


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (("scope",), "scope: national"),
        (("pilot", "acronym"), '    acronym: "AB"'),
        (("title",), "title: >\n    folded words\n    go on"),
        (("contacts", 1), "- {name: Zoé, email: zoe@example.org}"),
        (("contacts", 0, "phones"), '  phones: ["01 99 00 12 34",  "01 99 00 12 35"]   # two'),
    ],
)
def test_what_is_emptied_goes_with_its_lines_and_nothing_else(path: tuple[str | int, ...], lines: str) -> None:
    assert changed(CARD, path, "") == (lines, "")


def test_the_last_field_of_a_group_goes_with_the_group() -> None:
    assert edit("title: a\nsignature:\n  name: x\nscope: b\n", ("signature", "name"), "") == "title: a\nscope: b\n"


def test_rows_move_with_the_comments_above_them() -> None:
    rows = "contacts:\n  # one\n  - name: A\n\n  # two\n  - name: B # b\n    role: x\n  - name: C\nscope: s\n"
    moved = edit(rows, ("contacts",), [{"name": "A"}, {"name": "C"}, {"name": "B", "role": "x"}])
    assert moved == "contacts:\n  # one\n  - name: A\n  - name: C\n\n  # two\n  - name: B # b\n    role: x\nscope: s\n"


def test_a_row_is_changed_while_another_is_added() -> None:
    rows = "contacts:\n  - name: A  # a\n  - name: B  # b\n"
    new = edit(rows, ("contacts",), [{"name": "Ni"}, {"name": "A"}, {"name": "Bo"}])
    assert new == "contacts:\n  - name: Ni\n  - name: A  # a\n  - name: Bo  # b\n"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_ends_of_lines_stay_and_new_lines_end_as_the_others(end: str) -> None:
    raw = CARD.replace("\n", end).encode()
    new = edited(raw, Initiative, ("summary",), "A\nB")
    assert new == edit(CARD, ("summary",), "A\nB").replace("\n", end).encode()


def test_lines_that_end_in_different_ways_keep_their_ends() -> None:
    new = edited(b"title: a\r\nscope: b\nlanguage: fr\r", Initiative, ("scope",), "c")
    assert new == b"title: a\r\nscope: c\nlanguage: fr\r"


def test_a_byte_order_mark_stays() -> None:
    assert edited(b"\xef\xbb\xbftitle: a\n", Initiative, ("title",), "b") == b"\xef\xbb\xbftitle: b\n"


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (("scope",), "x", "title: a\nscope: x"),
        (("language",), "fr", "title: a\nscope: s\nlanguage: fr"),
        (("scope",), "", "title: a"),
    ],
)
def test_a_last_line_without_end_stays_without(path: tuple[str, ...], value: str, text: str) -> None:
    assert edit("title: a\nscope: s", path, value) == text


def test_an_alias_becomes_a_value_of_its_own() -> None:
    assert edit("title: &t one\nscope: *t\n", ("scope",), "two") == "title: &t one\nscope: two\n"


def test_a_value_used_elsewhere_is_refused_with_a_hint() -> None:
    with pytest.raises(CannotEdit, match="cannot be changed alone") as refused:
        edit("title: &t one\nscope: *t\n", ("title",), "two")
    assert refused.value.hints


def test_an_anchor_that_nothing_uses_stays() -> None:
    assert edit("title: &t !!str one\n", ("title",), "two") == "title: &t !!str two\n"


def test_an_invisible_character_is_refused() -> None:
    with pytest.raises(CannotEdit, match="invisible"):
        edit("title: one\n", ("title",), "a\u2028b")


def test_a_broken_file_is_refused() -> None:
    with pytest.raises(CannotEdit, match="cannot be read"):
        edit("title: [\n", ("title",), "a")


def test_empty_values_and_empty_items_are_filled_in_where_they_stand() -> None:
    text = "title:   # to do\npilot:\nthemes: [a, ~, b]\n"
    text = edit(text, ("title",), "x")
    text = edit(text, ("pilot", "name"), "P")
    text = edit(text, ("themes", 1), "c")
    assert text == "title: x   # to do\npilot:\n  name: P\nthemes: [a, ~, c]\n"


def test_a_path_becomes_a_group_and_a_group_a_path() -> None:
    group = edit("pilot:\n  logo: images/a.svg\n  about: x\n", ("pilot", "logo"), {"file": "b.svg", "fit": "contain"})
    assert group == "pilot:\n  logo:\n    file: b.svg\n    fit: contain\n  about: x\n"
    assert edit(group, ("pilot", "logo"), "c.svg") == "pilot:\n  logo: c.svg\n  about: x\n"


# Random files, typed in every style, and random changes.

_WORDS = st.text(alphabet="aé :#-'\"\\,[]{}&*!|>%@`?~=\n\t.0", max_size=12).map(
    lambda text: "\n".join(line.rstrip(" \t") for line in text.split("\n")).strip("\n")
)
_NAMES = ("pilot", "partners", "title", "summary", "results", "scope")


@st.composite
def _scalar(draw: st.DrawFn, column: int, is_flow: bool) -> str:
    text = draw(_WORDS)
    style = draw(st.sampled_from("plain plain double single literal folded".split()))
    comment = draw(st.sampled_from(["", "", "  # note", " # it's: [odd"]))
    space = " " * (column + draw(st.integers(1, 4)))
    lines = [line for line in text.replace("\t", " ").split("\n") if line.strip()]
    if style in ("literal", "folded") and not is_flow and lines:
        sign = "|" if style == "literal" else ">"
        keep = draw(st.sampled_from(["", "-", "+"]))
        blank = draw(st.sampled_from(["", "", "\n", "\n\n"]))
        body = f"\n{blank and draw(st.sampled_from(['', chr(10)]))}{space}".join(line.lstrip() for line in lines)
        return f" {sign}{keep}{comment}\n{space}{body}{blank}"
    comment = "" if is_flow else comment
    if style == "single":
        return " '" + text.replace("\n", " ").replace("\t", " ").strip().replace("'", "''") + "'" + comment
    if style == "double":
        return " " + json.dumps(text, ensure_ascii=False) + comment
    words = re.sub("[^aé0]+", " ", text).strip()
    fold = "\n" + space if draw(st.booleans()) and not is_flow else " "
    return (" " + fold.join(words.split(" ")) if words else draw(st.sampled_from(["", " ~"]))) + comment


@st.composite
def _group(draw: st.DrawFn, column: int) -> str:
    """Fields of a contact, in braces or on lines; the first line has no indentation."""
    names = draw(st.lists(st.sampled_from(["name", "role", "address"]), min_size=1, unique=True))
    if draw(st.booleans()):
        gap = draw(st.sampled_from([", ", ",", " , "]))
        return "{" + gap.join(f"{name}:{draw(_scalar(column, True)) or ' ~'}" for name in names) + "}"
    above = draw(st.sampled_from(["", "", "# above\n", "\n"]))
    lines = [name + ":" + draw(_scalar(column, False)) for name in names]
    return f"\n{above and (' ' * column + above if '#' in above else above)}{' ' * column}".join(lines)


@st.composite
def _file(draw: st.DrawFn) -> str:
    parts = []
    for name in draw(st.permutations(_NAMES)):
        parts.append(draw(st.sampled_from(["", "", "", "# why\n", "\n", "\n  # odd\n"])))
        if name == "pilot":
            step = draw(st.integers(1, 4))
            parts.append(f"pilot:\n{' ' * step}{draw(_group(step))}\n")
        elif name == "partners":
            dash = draw(st.integers(0, 3))
            rows = draw(st.lists(_group(dash + 2), min_size=1, max_size=3))
            above = draw(st.sampled_from(["", "# row\n", "\n"]))
            parts.append("contacts:\n" + above.join(f"{' ' * dash}- {row}\n" for row in rows))
            items = draw(st.lists(st.sampled_from(["a", '"b"', " c", "'d' "]), max_size=3))
            parts.append(f"themes: [{','.join(items)}]  # last\n")
        else:
            parts.append(f"{name}:{draw(_scalar(0, False))}\n")
    return "".join(parts)


_PATHS = st.sampled_from(
    [("title",), ("summary",), ("results",), ("scope",), ("language",), ("description",)]
    + [("pilot", name) for name in ("name", "role", "about")]
    + [("contacts", row, name) for row in (0, 1, 2) for name in ("name", "role", "address")]
    + [("themes", 0), ("themes", 1), ("images", 0, "file")]
)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip("\n").rstrip()
    if isinstance(value, dict):
        return {name: inner for name, found in value.items() if (inner := _cleaned(found))}
    return [inner for item in value if (inner := _cleaned(item)) != ""]


def _put(values: Any, path: tuple[str | int, ...], value: str) -> Any:
    """What a file should hold after a change, said once more and in the simplest way."""
    step = path[0]
    if isinstance(step, str):
        group = dict(values or {})
        group[step] = _put(group.get(step), path[1:], value) if path[1:] else value
        return group
    items = list(values or [])
    inner = _put(items[step] if step < len(items) else None, path[1:], value) if path[1:] else value
    items[step : step + 1] = [inner] if _cleaned(inner) else []
    return items


@settings(max_examples=300, deadline=None, phases=(Phase.generate,))
@given(_file(), _PATHS, _WORDS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
def test_any_change_is_read_and_touches_no_other_line(
    text: str, path: tuple[str | int, ...], value: str, end: str, has_mark: bool, has_end: bool
) -> None:
    raw = (text if has_end else text.rstrip("\n")).replace("\n", end).encode()
    raw = b"\xef\xbb\xbf" + raw if has_mark else raw
    root, _ = parse(raw, "")
    assert root is not None, raw
    before = _cleaned(plain_values(root))
    new = edited(raw, Initiative, path, value)
    if (_at(before, path) or "") == value:
        assert new == raw
        return
    assert _cleaned(read(new)) == _cleaned(_put(before, path, value))
    old_lines, new_lines = ([*re.split("(?<=\n)|(?<=\r)(?!\n)", one.decode("utf-8-sig"))] for one in (raw, new))
    assert new.startswith(b"\xef\xbb\xbf") == has_mark
    same_above = _same(old_lines, new_lines)
    same_below = min(_same(old_lines[::-1], new_lines[::-1]), len(old_lines) - same_above, len(new_lines) - same_above)
    while not value and len(path) > 1 and len(_at(before, path[:-1])) == 1:
        # What would be empty goes too.
        path = path[:-1]
    first, following = _lines_of(root, path, len(old_lines))
    assert same_above >= first - 1 - (not has_end)
    # Where the first field of a row goes, the next one takes its place after the hyphen.
    moves_up = not value and len(path) == 3
    assert len(old_lines) - same_below <= following - 1 + (not has_end or moves_up)
    if _at(before, path) is None and value:
        # At most one line is touched: that of braces, of a field without a value, or of the first field of a row.
        assert len(old_lines) - same_above - same_below <= 1 + (not has_end)


def _same(one: list[str], other: list[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _at(values: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _lines_of(root: Mapping, path: tuple[str | int, ...], lines: int) -> tuple[int, int]:
    """The first line of the value at a path, or of what is nearest above it, and the first line of what follows."""
    node: Any = root
    first, following = 1, lines + 1
    for step in path:
        inner: list[tuple[str | int, int, Any]]
        if isinstance(node, Mapping):
            inner = [(name, entry.where.line, entry.value) for name, entry in node.entries.items()]
        elif isinstance(node, Sequence):
            inner = [(number, item.where.line, item) for number, item in enumerate(node.items)]
        else:
            break
        place = next((n for n, (name, _, value) in enumerate(inner) if name == step and not value.is_empty), None)
        if place is None:
            break
        _, first, node = inner[place]
        following = max(inner[place + 1][1], first + 1) if place + 1 < len(inner) else following
    return first, following

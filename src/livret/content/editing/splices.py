"""Single changes to the text of a file: put a value, add or remove a field, arrange the items of a list.

Each gives the places to change and what to write there. None looks whether the result is right: `edit` reads it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from livret.content.editing.groups import NewNodes, Value, in_order, is_text, shape_of
from livret.content.editing.scalars import USUAL_WIDTH, ScalarPlace, block_header, written
from livret.content.schema.introspection import Shape
from livret.content.yaml.spans import EntrySpan, GroupSpan, ItemSpan, ListSpan, NodeSpan, ScalarSpan

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Splice:
    """`new` in place of the characters from `start` to `end`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class PlacedValue:
    """A value in the text: its span, the column that its group or list stands at, its shape, whether in brackets."""

    span: NodeSpan
    column: int
    shape: Shape | None
    is_flow: bool


def find(text: str, root: GroupSpan | None, path: Path, shape: Shape) -> PlacedValue | None:
    """The value at a path; items are counted as the reader counts them, without empty ones."""
    if root is None:
        return None
    found = PlacedValue(root, 0, shape, False)
    for step in path:
        span = found.span
        inner: NodeSpan
        if isinstance(span, GroupSpan) and isinstance(step, str) and (entry := span.entry(step)):
            inner, start = entry.value, entry.start
        elif isinstance(span, ListSpan) and isinstance(step, int) and step < len(span.filled):
            item = span.filled[step]
            inner, start = item.value, item.start
        else:
            return None
        is_flow = found.is_flow or span.is_flow
        found = PlacedValue(
            inner, found.column if is_flow else column(text, start), shape_of(found.shape, step), is_flow
        )
    return found


def column(text: str, place: int) -> int:
    """How far from the beginning of its line a place is."""
    return place - (text.rfind("\n", 0, place) + 1)


def put_scalar(text: str, found: PlacedValue, value: str) -> Iterator[Splice]:
    """Ways to write another value where one stands, the best first."""
    span = found.span
    assert isinstance(span, ScalarSpan)
    typed = text[span.start : span.end]
    style = "" if span.style == "*" else span.style
    further = typed.split("\n")[1:]
    lines = [line for line in further if line.strip()]
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines), default=found.column + 2)
    width = 0
    if lines and style != "|":
        width = max(USUAL_WIDTH if len(lines) == 1 else 0, *(len(line) for line in lines))
    setting = ScalarPlace(found.column, indent, found.is_flow, is_text(found.shape), width)
    space = " " if span.start and text[span.start - 1] not in " \n[{" else ""
    for form in written(value, setting, style, block_header(typed) if style in ("|", ">") else ""):
        if form[0] in "|>" and style not in ("|", ">"):
            # A comment after the value stays on its line, which now is the first one.
            end = line_end(text, span.end)
            first, _, lines_below = form.partition("\n")
            yield Splice(span.start, end, space + first + text[span.end : end] + "\n" + lines_below)
        else:
            yield Splice(span.start, span.end, space + form)


def replace_value(text: str, entry: EntrySpan, found: PlacedValue, value: Value, new: NewNodes) -> Splice:
    """Another kind of value after the name of a field: a group where a text stood, or nothing."""
    end = max(entry.colon, entry.value.last)
    return Splice(entry.colon, end, new.after_colon(value, found.column, found.shape, found.is_flow))


def add_entry(text: str, found: PlacedValue, name: str, value: Value, new: NewNodes) -> Splice:
    """A field that was absent, at its place in the order of the content format."""
    group, shape = found.span, shape_of(found.shape, name)
    assert isinstance(group, GroupSpan)
    order = in_order((entry.name for entry in group.entries), found.shape)
    ranks = in_order([*order, name], found.shape)
    earlier = set(ranks[: ranks.index(name)])
    before = next((entry for entry in reversed(group.entries) if entry.name in earlier), None)
    if found.is_flow or group.is_flow:
        field = name + ":" + new.after_colon(value, found.column, shape, True)
        if before:
            return Splice(before.value.last, before.value.last, ", " + field)
        return Splice(group.start + 1, group.start + 1, field + (", " if group.entries else ""))
    at = column(text, group.entries[0].start)
    field = name + ":" + new.after_colon(value, at, shape, False)
    if before:
        end = line_end(text, max(before.colon, before.value.last))
        # Comments that stand deeper belong to the field before.
        inside = re.compile(rf"(?:\n {{{at + 1},}}#[^\n]*)+").match(text, end)
        end = inside.end() if inside else end
        return Splice(end, end, "\n" + " " * at + field)
    start = group.entries[0].start
    return Splice(start, start, field + "\n" + " " * at)


def remove_entry(text: str, group: GroupSpan, entry: EntrySpan) -> Splice:
    """Take a field out of a group that has others."""
    number = group.entries.index(entry)
    following = group.entries[number + 1] if number + 1 < len(group.entries) else None
    if group.is_flow:
        if following:
            return Splice(entry.start, following.start, "")
        return Splice(group.entries[number - 1].value.last, max(entry.colon, entry.value.last), "")
    return _without_lines(text, entry.start, max(entry.colon, entry.value.last), following.start if following else None)


def _without_lines(text: str, start: int, last: int, following: int | None) -> Splice:
    """Take out the lines of a field or an item; of a line that it shares, only what belongs to it."""
    end = line_end(text, last)
    begin = start - column(text, start)
    if text[begin:start].strip():
        # The first field after the hyphen of an item: the next one takes its place.
        gap = text[end:following] if following else ""
        return Splice(start, following if following and not gap.strip() else end, "")
    if end < len(text):
        return Splice(begin, end + 1, "")
    # The last line of a file that has no end of its last line: so has the line that is now the last one.
    return Splice(max(0, begin - 1), end, "")


def line_end(text: str, place: int) -> int:
    """The end of the line of a place, before its line feed; a comment after a value belongs to its line."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found


def arrange(text: str, found: PlacedValue, items: Sequence[int | Value], new: NewNodes) -> Splice:
    """The items of a list in another order, without some or with new ones; a number is an item that was there."""
    span = found.span
    assert isinstance(span, ListSpan)
    old = span.filled
    return _arrange_flow(text, found, old, items, new) if span.is_flow else _arrange_block(text, found, old, items, new)


def _arrange_flow(
    text: str, found: PlacedValue, old: tuple[ItemSpan, ...], items: Sequence[int | Value], new: NewNodes
) -> Splice:
    shape = shape_of(found.shape, 0)
    assert isinstance(found.span, ListSpan)
    if not old:
        inside = ", ".join(new.node(item, found.column, shape, True) for item in items if not isinstance(item, int))
        return Splice(found.span.start + 1, found.span.start + 1, inside)
    before = [text[a.value.last : b.start] for a, b in pairwise(old)]
    usual = next((gap for gap in reversed(before) if "#" not in gap), ", ")
    gaps = ["", *before]
    parts: list[str] = []
    for item in items:
        if isinstance(item, int):
            gap, piece = gaps[item] or usual, text[old[item].start : old[item].value.last]
        else:
            gap, piece = usual, new.node(item, found.column, shape, True)
        parts.append((gap if parts else "") + piece)
    return Splice(old[0].start, old[-1].value.last, "".join(parts))


def _arrange_block(
    text: str, found: PlacedValue, old: tuple[ItemSpan, ...], items: Sequence[int | Value], new: NewNodes
) -> Splice:
    """Lines above an item, such as a comment, belong to it, but not those above the first one."""
    shape = shape_of(found.shape, 0)
    at = column(text, old[0].start)
    is_flow_item = all(isinstance(item.value, GroupSpan) and item.value.is_flow for item in old)
    ends = [line_end(text, max(item.start + 1, item.value.last)) for item in old]
    starts = [old[0].start, *(end + 1 for end in ends[:-1])]
    indent = " " * at
    parts: list[str] = []
    for item in items:
        if isinstance(item, int):
            piece = (indent if parts and item == 0 else "") + text[starts[item] : ends[item]]
            if not parts and item:
                # Its own indentation stands in the text already.
                piece = _moved_up(piece, indent)
        elif is_flow_item:
            piece = (indent if parts else "") + "- " + new.node(item, at, shape, True)
        else:
            piece = (indent if parts else "") + new.item(item, at, shape, False)
        parts.append(piece)
    return Splice(old[0].start, ends[-1], "\n".join(parts))


def _moved_up(piece: str, indent: str) -> str:
    return piece.removeprefix(indent) if piece.startswith(indent) else re.sub(r"^[ \t]*", "", piece)

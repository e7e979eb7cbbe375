"""Which field of a file stands on a line, so that a finding can be shown at its field."""

from __future__ import annotations

from collections.abc import Iterator

from livret.content.editing.splices import Path
from livret.content.yaml.reader import decode
from livret.content.yaml.spans import GroupSpan, ListSpan, NodeSpan, spans


def field_at(raw: bytes, line: int, column: int = 0) -> Path:
    """The path of the innermost field or item at a line, and a column if it is known; empty for none."""
    text, _ = decode(raw, "")
    root = spans(text) if text else None
    starts = [0, *(number + 1 for number, sign in enumerate(text) if sign == "\n")]
    if root is None or not 1 <= line <= len(starts):
        return ()
    first = starts[line - 1]
    last = starts[line] - 1 if line < len(starts) else len(text)
    place = first + column - 1
    on_line: Path = ()
    exact: Path = ()
    for path, start, end in _extents(root, ()):
        if start <= last and end >= first and len(path) >= len(on_line):
            on_line = path
        if column and start <= place <= end and len(path) >= len(exact):
            exact = path
    return exact or on_line


def _extents(node: NodeSpan, path: Path) -> Iterator[tuple[Path, int, int]]:
    """Each field and item with the places where it begins and ends."""
    if isinstance(node, GroupSpan):
        for entry in node.entries:
            inner = (*path, entry.name)
            yield inner, entry.start, max(entry.colon, entry.value.last)
            yield from _extents(entry.value, inner)
    elif isinstance(node, ListSpan):
        for number, item in enumerate(node.filled):
            yield (*path, number), item.start, max(item.start, item.value.last)
            yield from _extents(item.value, (*path, number))

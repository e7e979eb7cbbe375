"""On which line of its file a field stands. It is looked up only when something is wrong with the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from livret.content.language.markdown import plain_text
from livret.content.yaml.reader import parse
from livret.content.yaml.tree import Mapping as Group
from livret.content.yaml.tree import Node, Scalar, Sequence
from livret.control.printed_text import letters_of
from livret.findings import Location
from livret.project import TEXT_LIMIT

# So many words tell which line is meant.
_WORDS = 4


def field_line(files: Mapping[str, Path], field: str, words: str) -> Location | None:
    """The line on which these words of a field stand, else the first line of the field; None if there is none.

    In: the files that the part is written in, by the name that findings show, the likeliest first; the field as
    `contacts.phones`; its words as they are read, or the first of them.
    """
    begin: Location | None = None
    meant = letters_of(" ".join(words.split()[:_WORDS]))
    for shown, path in files.items():
        tree = _tree(path, shown)
        for value in _values(tree, field.split(".")) if tree else ():
            offset = _offset(value, meant) if meant else None
            if offset is not None:
                return replace(value.line(offset), column=0)
            begin = begin or replace(value.line(0), column=0)
    return begin


def _tree(path: Path, shown: str) -> Group | None:
    try:
        with path.open("rb") as file:
            return parse(file.read(TEXT_LIMIT), shown)[0]
    except OSError:
        # It was there when the catalogue was read; whoever deleted it knows.
        return None


def _values(node: Node, names: list[str]) -> Iterator[Scalar]:
    """The values at these names; a list on the way is gone through from the first entry to the last."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _values(item, names)
    elif isinstance(node, Group):
        for name in names[:1] or node.entries:
            if inner := node.value(name):
                yield from _values(inner, names[1:])
    elif not names:
        yield node


def _offset(value: Scalar, meant: str) -> int | None:
    """The line of a value, from 0, on which these letters begin."""
    lines = [letters_of(plain_text(line)) for line in value.text.splitlines()]
    at = "".join(lines).find(meant)
    if at < 0:
        return None
    for offset, letters in enumerate(lines):
        if at < len(letters):
            return offset
        at -= len(letters)
    return None

"""What a YAML file holds, as a tree in which every value knows its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from livret.findings import Location

_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was typed. `block` is true for text after `|`, whose lines keep their places."""

    text: str
    where: Location
    quoted: bool = False
    block: bool = False

    size = 1
    depth = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: no value, `~`, `null`, or only white space."""
        return not self.text.strip() or (not self.quoted and self.text in _EMPTY)

    def line(self, offset: int) -> Location:
        """The place of the line `offset` lines below the first line of the text, where that can be known."""
        if not self.block:
            return self.where
        return Location(self.where.path, self.where.line + 1 + offset)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `size` counts every value below, aliases in full; `depth` how deep they nest."""

    items: tuple[Node, ...]
    where: Location
    size: int = 1
    depth: int = 1

    is_empty = False


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field of a mapping: where its name stands, and its value."""

    where: Location
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields by name, in the order they were typed."""

    entries: dict[str, FieldEntry]
    where: Location
    size: int = 1
    depth: int = 1

    is_empty = False

    def value(self, name: str) -> Node | None:
        """The value of a field, or None when it is missing or empty."""
        entry = self.entries.get(name)
        return None if entry is None or entry.value.is_empty else entry.value


Node = Scalar | Sequence | Mapping


def plain_values(node: Node) -> Any:
    """The values without their places: text, tuples and dictionaries; what is empty counts as absent."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {name: plain_values(entry.value) for name, entry in node.entries.items() if not entry.value.is_empty}
    return tuple(plain_values(item) for item in node.items)


def place_of(tree: Node, steps: Iterable[str | int]) -> Location:
    """Where the value at these field names and list positions stands, or the nearest one above it.

    Steps that lead nowhere are passed over: a validator also names the kinds it tried on the way.
    """
    node, where = tree, tree.where
    for step in steps:
        if isinstance(node, Mapping) and step in node.entries:
            where, node = node.entries[str(step)].where, node.entries[str(step)].value
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            where = node.where
    return where

"""Where every value of a YAML text begins and ends, to the character, so that one can be changed and no other.

Only for texts that the reader has accepted: it has checked how deep they are and how many values they hold.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml.tokens import BlockEntryToken, ValueToken

_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
# An anchor and a tag before a value.
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t\n]+)*(?:[&!]\S*$)?")


@dataclass(frozen=True, slots=True)
class ScalarSpan:
    """One value from `start` to `end`. `style` is its quotation mark, `|`, `>`, `*` of an alias, or empty if plain.

    A text after `|` or `>` ends with its last line that is not blank, without the end of that line.
    """

    start: int
    end: int
    style: str
    text: str

    is_flow = True

    @property
    def last(self) -> int:
        """The end of what it holds."""
        return self.end

    @property
    def is_empty(self) -> bool:
        """Whether the reader takes it for nothing."""
        return self.style != "*" and (not self.text.strip() or (not self.style and self.text in _EMPTY))


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """An item of a list; `start` is its hyphen, or in brackets the value itself."""

    start: int
    value: NodeSpan


@dataclass(frozen=True, slots=True)
class EntrySpan:
    """A field of a group: where its name begins, and where the colon ends."""

    name: str
    start: int
    colon: int
    value: NodeSpan


@dataclass(frozen=True, slots=True)
class ListSpan:
    """A list; `is_flow` in brackets. `last` is the end of the last item, or of the brackets."""

    start: int
    is_flow: bool
    items: tuple[ItemSpan, ...]
    last: int

    is_empty = False

    @property
    def filled(self) -> tuple[ItemSpan, ...]:
        """The items that the reader counts."""
        return tuple(item for item in self.items if not item.value.is_empty)


@dataclass(frozen=True, slots=True)
class GroupSpan:
    """Fields; `is_flow` in braces. `last` is the end of the last value, or of the braces."""

    start: int
    is_flow: bool
    entries: tuple[EntrySpan, ...]
    last: int

    is_empty = False

    def entry(self, name: str) -> EntrySpan | None:
        """The first field of this name, as the reader takes it."""
        return next((entry for entry in self.entries if entry.name == name), None)


NodeSpan = ScalarSpan | ListSpan | GroupSpan


def spans(text: str) -> GroupSpan | None:
    """The spans of a text whose lines end in a line feed; None when it holds no group of fields."""
    tokens = list(yaml.scan(text, Loader=yaml.CSafeLoader))
    dashes = [token.start_mark.index for token in tokens if isinstance(token, BlockEntryToken)]
    colons = [token.end_mark.index for token in tokens if isinstance(token, ValueToken)]
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    walk = _Walk(text, events, dashes, colons)
    for event in events:
        if isinstance(event, NodeEvent):
            root = walk.node(event)
            return root if isinstance(root, GroupSpan) else None
    return None


class _Walk:
    def __init__(self, text: str, events: Iterator[Event], dashes: list[int], colons: list[int]) -> None:
        self.text = text
        self.events = events
        self.dashes = dashes
        self.colons = colons

    def node(self, event: NodeEvent) -> NodeSpan:
        if isinstance(event, AliasEvent):
            return ScalarSpan(_start(event), _end(event), "*", str(event.anchor))
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event)
        assert isinstance(event, MappingStartEvent)
        return self.mapping(event)

    def scalar(self, event: ScalarEvent) -> ScalarSpan:
        end = _end(event)
        start = min(self.after_properties(event), end)
        style = event.style or ""
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip(" \t\n"))
        return ScalarSpan(start, end, style, event.value)

    def sequence(self, event: SequenceStartEvent) -> ListSpan:
        start = self.after_properties(event)
        items = []
        for inner in self.events:
            if isinstance(inner, CollectionEndEvent):
                break
            assert isinstance(inner, NodeEvent)
            begins = _start(inner)
            value = self.node(inner)
            if not event.flow_style:
                begins = self.dashes[bisect_left(self.dashes, begins) - 1]
            items.append(ItemSpan(begins, value))
        if event.flow_style:
            return ListSpan(start, True, tuple(items), _end(inner))
        return ListSpan(start, False, tuple(items), items[-1].value.last)

    def mapping(self, event: MappingStartEvent) -> GroupSpan:
        start = self.after_properties(event)
        entries = []
        for inner in self.events:
            if isinstance(inner, CollectionEndEvent):
                break
            assert isinstance(inner, NodeEvent)
            key = self.node(inner)
            following = next(self.events)
            assert isinstance(following, NodeEvent)
            begins = _start(following)
            value = self.node(following)
            # The last colon that ends at or before the value.
            place = bisect_left(self.colons, begins + 1) - 1
            colon = self.colons[place] if place >= 0 else begins
            name = key.text.strip() if isinstance(key, ScalarSpan) else ""
            entries.append(EntrySpan(name, _start(inner), max(colon, key.last), value))
        if event.flow_style:
            return GroupSpan(start, True, tuple(entries), _end(inner))
        return GroupSpan(start, False, tuple(entries), entries[-1].value.last)

    def after_properties(self, event: NodeEvent) -> int:
        """Where a value begins, after its anchor and its tag."""
        start = _start(event)
        if not (getattr(event, "anchor", None) or getattr(event, "tag", None)):
            return start
        found = _PROPERTIES.match(self.text, start)
        return found.end() if found else start


def _start(event: Event) -> int:
    mark = event.start_mark
    return int(mark.index) if mark else 0


def _end(event: Event) -> int:
    mark = event.end_mark
    return int(mark.index) if mark else 0

"""From YAML text to a tree in which every value knows its file and line. The home of PyYAML.

The tree is built from libyaml's events, not from its node graph: composing is recursive in C and a file of
100,000 opening brackets crashes the process (seen with PyYAML 6.0.3). Events can be counted as they come, so a file
that is too deep or, by aliases, too large is refused at once. Plain scalars stay the text that was typed: `2019`,
`Non` and `0199001234` are words, and the model alone decides what a field holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from livret.content.messages import quoted
from livret.content.yaml.errors import syntax_finding
from livret.content.yaml.tree import FieldEntry, Mapping, Node, Scalar, Sequence
from livret.findings import Finding, Location, error, note, warning
from livret.translation import Text, say

# A card nests three deep and has under a hundred values; both limits leave ample room for any real file.
DEPTH_LIMIT = 40
NODE_LIMIT = 50_000

_TAGS = frozenset({"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
# What YAML 1.1 (section 5.1) does not allow in a file; and U+0085, U+2028 and U+2029, which it takes for ends of
# lines and editors do not, so that every line number after one would be wrong.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff]")
_BYTE_ORDER_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")


class _RefusedError(Exception):
    """The file cannot be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def decode(raw: bytes, path: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file, without a byte order mark; or nothing, and a finding `not-utf8` or `control-character`."""
    if raw.startswith(_BYTE_ORDER_MARKS_16):
        hint = say("in the editor, choose Save with encoding, then UTF-8")
        return "", (error("not-utf8", say("this file is saved as UTF-16, not as UTF-8"), Location(path, 1), hint),)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        # utf-8-sig counts from after the mark.
        start = fault.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        line_start = raw.rfind(b"\n", 0, start) + 1
        before = raw[line_start:start].decode("utf-8", "replace")
        found = error(
            "not-utf8",
            say(
                "this file is not saved as UTF-8: the character after {before} cannot be read",
                before=quoted(before[-30:]),
            )
            if before.strip()
            else say("this file is not saved as UTF-8: a character on this line cannot be read"),
            Location(path, raw.count(b"\n", 0, start) + 1, len(before) + 1),
            say("in the editor, choose Save with encoding, then UTF-8"),
        )
        return "", (found,)
    control = _CONTROL.search(text)
    if control:
        found = error(
            "control-character",
            say(
                "there is an invisible character here (U+{number:04X}), which a text may not contain",
                number=ord(control[0]),
            ),
            Location(path, text.count("\n", 0, control.start()) + 1),
            say("it often comes with text pasted from another program: delete it and type the words around it again"),
        )
        return "", (found,)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()


def control_character(text: str) -> str:
    """The first character that a file may not hold; empty when there is none."""
    found = _CONTROL.search(text.replace("\r\n", "\n").replace("\r", "\n"))
    return found[0] if found else ""


def parse(raw: bytes, path: str) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The tree of one file and what is wrong with it; the tree is None when it could not be read at all.

    In: the bytes of the file and its path as findings show it. Never raises.
    """
    text, findings = decode(raw, path)
    if findings:
        return None, findings
    builder = _Builder(path, text)
    try:
        root = builder.build()
    except _RefusedError as refused:
        return None, (*builder.findings, refused.finding)
    except yaml.YAMLError as fault:
        return None, (*builder.findings, _told(fault, path, text))
    if isinstance(root, Mapping):
        return root, tuple(builder.findings)
    if root is None or root.is_empty:
        found = error("empty-file", say("this file is empty"), Location(path, 1), say("fill it in, or delete it"))
    else:
        kind = say("a list") if isinstance(root, Sequence) else say("text")
        found = error(
            "wrong-type",
            say("this file must hold fields such as title: ..., but it holds {kind}", kind=kind),
            root.where,
            say("each line begins with the name of a field, a colon and a space"),
        )
    return None, (*builder.findings, found)


class _Builder:
    """Builds the tree of one document from events; `findings` collects what does not stop the reading."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.findings: list[Finding] = []
        self.events: Iterator[Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.anchors: dict[str, Node | None] = {}
        self.count = 0

    def build(self) -> Node | None:
        """The root of the first document, None without one. Raises _RefusedError or YAMLError."""
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refused(
                        "several-documents",
                        say("a line of three hyphens starts a second set of fields here; a file may hold only one"),
                        event,
                        say("delete the line ---, or move what follows to a file of its own"),
                    )
            elif isinstance(event, NodeEvent):
                root = self.node(event, 0)
        return root

    def node(self, event: NodeEvent, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            found = self.alias(event)
            self.spend(found.size, depth + found.depth, event)
            return found
        self.spend(1, depth, event)
        if event.anchor:
            # Known but not yet built: an alias to it from inside would be endless.
            self.anchors[event.anchor] = None
        made: Node
        if isinstance(event, ScalarEvent):
            made = self.scalar(event)
        elif isinstance(event, SequenceStartEvent):
            made = self.sequence(event, depth)
        else:
            made = self.mapping(event, depth)
        self.check_tag(event)
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def spend(self, nodes: int, depth: int, event: Event) -> None:
        self.count += nodes
        if self.count > NODE_LIMIT:
            raise self.refused(
                "yaml-too-complex", say("this file holds more than {limit:,} values", limit=NODE_LIMIT), event
            )
        if depth > DEPTH_LIMIT:
            raise self.refused(
                "yaml-too-complex",
                say("lists and groups are nested more than {limit} deep here", limit=DEPTH_LIMIT),
                event,
            )

    def alias(self, event: AliasEvent) -> Node:
        name = event.anchor
        if name not in self.anchors:
            raise self.refused(
                "yaml-syntax",
                say(
                    "text that begins with an asterisk must be in quotes (nothing is called &{name} in this file)",
                    name=name,
                ),
                event,
                say('write "*{name} ..." in quotes, or start Markdown text with | on the line of the field', name=name),
            )
        found = self.anchors[name]
        if found is None:
            raise self.refused(
                "yaml-too-complex", say("*{name} refers to a group that it is part of", name=name), event
            )
        return found

    def scalar(self, event: ScalarEvent) -> Scalar:
        end = event.end_mark
        rest = self.lines[end.line][end.column :] if end is not None and end.line < len(self.lines) else ""
        plain = not event.style
        # A hash sign after a space starts a comment: "Atelier #3" would silently lose its end, "color: #fff" all of it.
        lost = re.match(r"[ \t]+(#[^\s#].*)", rest) if plain else None
        if lost:
            self.findings.append(
                warning(
                    "hash-in-text",
                    say("{lost} is not printed: a hash sign after a space starts a comment", lost=quoted(lost[1])),
                    self.where(event),
                    say("put the text in quotes, or a space after the hash sign if it is a comment"),
                )
            )
        if event.style in ("'", '"') and rest.startswith("#") and end is not None:
            # libyaml takes the rest for a comment. Usually a quotation mark is missing some lines above.
            raise self.refused(
                "yaml-syntax",
                say(
                    "the quotation mark opened here is closed on line {line}, and text goes on right after it",
                    line=end.line + 1,
                ),
                event,
                say("add the missing quotation mark"),
            )
        if event.style == '"' and _CONTROL.search(event.value):
            self.findings.append(
                error(
                    "control-character",
                    say("a backslash in double quotes makes an invisible character here, which a text may not contain"),
                    self.where(event),
                    say("write the backslash twice, or use single quotes"),
                )
            )
        if plain and event.value in ("~", "null", "Null", "NULL"):
            told = say('"{text}" is read as nothing', text=event.value)
            hint = say('if it is meant, write it in quotation marks: "{text}"', text=event.value)
            # The sign is typed on purpose; the word may be a name.
            if event.value == "~":
                self.findings.append(note("read-as-nothing", told, self.where(event), hint))
            else:
                self.findings.append(warning("read-as-nothing", told, self.where(event), hint))
        return Scalar(event.value, self.where(event), quoted=not plain, block=event.style == "|")

    def sequence(self, event: SequenceStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        for inner in self.events:
            if isinstance(inner, CollectionEndEvent):
                break
            assert isinstance(inner, NodeEvent)
            item = self.node(inner, depth + 1)
            if item.is_empty:
                self.findings.append(
                    warning(
                        "empty-item",
                        say("this item of the list is empty"),
                        item.where,
                        say("fill it in, or delete its line"),
                    )
                )
            else:
                items.append(item)
        size, deep = _extent(items)
        return Sequence(tuple(items), self.where(event), size, deep)

    def mapping(self, event: NodeEvent, depth: int) -> Mapping:
        entries: dict[str, FieldEntry] = {}
        values: list[Node] = []
        for inner in self.events:
            if isinstance(inner, CollectionEndEvent):
                break
            assert isinstance(inner, NodeEvent)
            key = self.node(inner, depth + 1)
            value_event = next(self.events)
            assert isinstance(value_event, NodeEvent)
            value = self.node(value_event, depth + 1)
            values.append(value)
            if not isinstance(key, Scalar):
                raise self.refused(
                    "yaml-syntax",
                    say("the name of a field must be a word, but here is a list or a group"),
                    inner,
                    say("text that begins with {{ or [ must be in quotes"),
                )
            name = key.text.strip()
            if name and self.is_without_colon(inner, value_event):
                # "{name: Martin, head of studies}": without this, what follows the comma would be lost.
                told = say("{name} follows a comma, so it is read as the name of a field", name=quoted(name))
                hint = say("put a text with a comma in quotes")
                self.findings.append(error("unknown-field", told, key.where, hint))
            if name in entries:
                self.findings.append(
                    error(
                        "duplicate-field",
                        say(
                            "the field {name} is given twice, first on line {line}",
                            name=quoted(name),
                            line=entries[name].where.line,
                        ),
                        key.where,
                        say("keep one of the two"),
                    )
                )
            else:
                entries[name] = FieldEntry(key.where, value)
        size, deep = _extent(values)
        return Mapping(entries, self.where(event), size + len(entries), deep)

    def is_without_colon(self, key: NodeEvent, value: NodeEvent) -> bool:
        """Whether a key between braces has no colon after it."""
        end = key.end_mark
        if not isinstance(value, ScalarEvent) or value.value or value.style or end is None:
            return False
        lines = self.lines[end.line : end.line + 3]
        return " ".join([lines[0][end.column :], *lines[1:]]).lstrip()[:1] in (",", "}") if lines else False

    def check_tag(self, event: NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag not in _TAGS:
            short = "!!" + tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml") else tag
            self.findings.append(
                error(
                    "unknown-tag",
                    say(
                        "a word that begins with an exclamation mark has a special meaning here: {word}",
                        word=quoted(short),
                    ),
                    self.where(event),
                    say("delete it, or put the text in quotes if the exclamation mark belongs to it"),
                )
            )

    def where(self, event: Event) -> Location:
        mark = event.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1) if mark else Location(self.path)

    def refused(self, rule: str, message: Text, event: Event, *hints: Text) -> _RefusedError:
        return _RefusedError(error(rule, message, self.where(event), *hints))


def _extent(nodes: list[Node]) -> tuple[int, int]:
    return 1 + sum(node.size for node in nodes), 1 + max((node.depth for node in nodes), default=0)


def _told(fault: yaml.YAMLError, path: str, text: str) -> Finding:
    said = str(getattr(fault, "problem", None) or fault)
    place, opened = (getattr(fault, name, None) for name in ("problem_mark", "context_mark"))
    return syntax_finding(
        said,
        (place.line, place.column) if place else (0, 0),
        (opened.line, opened.column) if opened else None,
        path,
        text,
    )

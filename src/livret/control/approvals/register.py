"""The register of sign-offs, `catalogue/approvals.yaml`: read with its lines, and never changed but by additions.

Each part of the booklet has a list of events, in the order they were written. An event is one line of text that is
added below the last one of its part. Nothing else in the file is touched, so comments stay, and two branches of a
version control merge without a conflict, with `merge=union` in .gitattributes. Such a merge knows lines alone, and may
put an event under another part; so each event names its own. Older registers, whose events do not, or are several lines
each, are read as well.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from livret.content.schema.approval import Event, read_event
from livret.content.yaml import tree
from livret.content.yaml.errors import merge_mark
from livret.content.yaml.reader import parse
from livret.findings import (
    Finding,
    FoundErrors,
    LivretError,
    Location,
    OutputError,
    Report,
    Severity,
    error,
    has_errors,
    note,
)
from livret.project import Project, replacing, write
from livret.translation import say, system_reason

FILE = "approvals.yaml"
# Every event is a few hundred bytes; 2,000 cards with ten events each are below ten megabytes.
_LIMIT = 32 * 1024 * 1024
# How long a command waits for another one that writes the same register, in seconds.
_PATIENCE = 30.0

_HEADER = """\
# Sign-offs: who approved which part, and when. Written by `livret approve` and `livret correct`; read it with
# `livret status`. Keep this file with the catalogue. Add to it with the commands, do not change what stands here.
"""


@dataclass(frozen=True)
class Register:
    """All events by part (`initiatives/aajt`), in the order they were written; `places` has the line of each part."""

    events: Mapping[str, tuple[Event, ...]]
    places: Mapping[str, Location]

    def last(self, part: str) -> Event | None:
        """The latest event of a part; of one day, the one written last. None if nothing happened yet."""
        # Two branches that were merged may have put a later day first.
        return max(enumerate(self.events.get(part, ())), key=lambda one: (one[1].on, one[0]), default=(0, None))[1]


def read_register(project: Project) -> tuple[Register, tuple[Finding, ...]]:
    """The register of a project, empty when there is no file, and what is wrong with it. Never raises."""
    path = project.catalogue / FILE
    if not path.exists():
        return Register({}, {}), ()
    shown = project.shown(path)
    try:
        raw = project.read(path, _LIMIT)
    except (OSError, LivretError) as problem:
        reason = problem.message if isinstance(problem, LivretError) else system_reason(problem)
        return Register({}, {}), (
            error("unreadable-file", say("this file cannot be read: {reason}", reason=reason), Location(shown)),
        )
    return _register(raw, shown)


def _register(raw: bytes, shown: str) -> tuple[Register, tuple[Finding, ...]]:
    if not any(line.strip() and not line.lstrip().startswith(b"#") for line in raw.splitlines()):
        return Register({}, {}), ()
    root, found = parse(_with_numbers(raw), shown)
    is_unmerged = merge_mark(raw.decode("utf-8", "replace")) is not None
    findings = [_of_merge(one) if is_unmerged else one for one in found]
    entries = root.entries if root else {}
    own: dict[str, tuple[Event, ...]] = {}
    # What stands under another part was written before what is added to its own.
    strayed: dict[str, tuple[Event, ...]] = {}
    places: dict[str, Location] = {}
    for name, entry in entries.items():
        part = name.partition("#")[0]
        places.setdefault(part, entry.where)
        if entry.value.is_empty:
            # A merge has put its events under another part.
            continue
        if not isinstance(entry.value, tree.Sequence):
            hint = say("begin each event with a hyphen, as in the other parts")
            findings.append(
                error("bad-approval", say('"{part}" must hold a list of events', part=part), entry.where, hint)
            )
            continue
        own.setdefault(part, ())
        for item in entry.value.items:
            event = _event(item, findings)
            if event:
                # A part that has no line of its own any more was renamed by hand.
                about = event.part if event.part in entries else part
                group = own if about == part else strayed
                group[about] = (*group.get(about, ()), event.model_copy(update={"part": None}))
    events = {part: (*strayed.get(part, ()), *own.get(part, ())) for part in (*own, *strayed)}
    return Register(events, places), tuple(findings)


def _with_numbers(raw: bytes) -> bytes:
    """A register in which a part that stands again, after a merge, is numbered: `initiatives/aajt#2:`."""
    lines = raw.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    seen: Counter[str] = Counter()
    for number, line in enumerate(lines):
        if _is_head(line):
            head = line.rstrip().removesuffix(":")
            seen[head] += 1
            if seen[head] > 1:
                lines[number] = line.replace(f"{head}:", f"{head}#{seen[head]}:", 1)
    return "".join(lines).encode("utf-8", "surrogateescape")


def _of_merge(found: Finding) -> Finding:
    """What is wrong with a register that git could not merge: its events add up, so none is the wrong one."""
    hints = (
        say("keep the events of both, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"),
        say('with the line "catalogue/approvals.yaml merge=union" in .gitattributes, git keeps both by itself'),
    )
    return replace(found, hints=hints)


def _event(node: tree.Node, findings: list[Finding]) -> Event | None:
    if not isinstance(node, tree.Mapping):
        hint = say("restore the line as it was; an event has fields such as state: and on:")
        findings.append(error("bad-approval", say("this is not an event"), node.where, hint))
        return None
    event, found = read_event(node)
    findings.extend(found)
    return event


def enter(project: Project, entries: Mapping[str, Event], report: Report) -> None:
    """Add an event to each of these parts, in one step.

    The file is locked, and read again first, so that two commands at a time lose nothing. Raises FoundErrors when the
    register has errors, which then are in the report, and changes nothing; OutputError when the register cannot be
    written or stays locked.
    """
    # A link stays a link: what it leads to is written.
    path = (project.catalogue / FILE).resolve()
    shown = project.shown(project.catalogue / FILE)
    with _locked(path.parent):
        raw = project.read(path, _LIMIT) if path.exists() else b""
        before, findings = _register(raw, shown)
        report.add(findings)
        # The report may hold errors of other things, such as a file that is no answer.
        if has_errors(findings):
            raise FoundErrors
        text = raw.decode("utf-8-sig") or _HEADER
        end = "\r\n" if "\r\n" in text else "\n"
        text = text.replace("\r\n", "\n")
        for part, event in sorted(entries.items()):
            text = _with(text, part, event)
        after, faults = _register(text.encode(), shown)
        expected = dict(before.events) | {part: (*before.events.get(part, ()), one) for part, one in entries.items()}
        if after.events != expected or any(one.severity is Severity.ERROR for one in faults):
            message = say("nothing can be added to this register: its lines were laid out in another way")
            hint = say("put each part on a line of its own, and its events below it, as `livret approve` writes them")
            where = next((before.places[part] for part in sorted(entries) if part in before.places), Location(shown, 1))
            report.add([error("bad-approval", message, where, hint)])
            report.stop_on_errors()
        is_first = not path.exists()
        with replacing(path) as beside:
            beside.write_text(text, encoding="utf-8", newline=end)
        if is_first:
            report.add(_kept_in_merges(project, shown))


def _kept_in_merges(project: Project, register: str) -> Iterator[Finding]:
    """Have git keep the events of both branches that it merges: else two that begin a register are in conflict."""
    attributes = project.root / ".gitattributes"
    if not any((folder / ".git").exists() for folder in (project.root, *project.root.parents)):
        return
    # Without it the register is as good, but for merges: a file that cannot be read or written is left alone.
    with suppress(OSError, UnicodeDecodeError, OutputError):
        before = attributes.read_text(encoding="utf-8") if attributes.exists() else ""
        if register in before:
            return
        end = "" if not before or before.endswith("\n") else "\n"
        write(attributes, f"{before}{end}{register} merge=union\n")
        told = say("git now keeps the sign-offs of both branches that it merges: {file} says so", file=attributes.name)
        yield note("git-attributes", told)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the one lock on a register; it is on the folder, so nothing is left behind. Raises OutputError."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise OutputError(
            say("cannot write {file}: {reason}", file=folder / FILE, reason=system_reason(problem))
        ) from problem
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = say("{file} is being written by another command", file=folder / FILE)
                    raise OutputError(message, say("wait for it to end, then try again")) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _with(text: str, part: str, event: Event) -> str:
    """The text of a register with one more event: below the last of its part, or at the part's place by name."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    heads = {
        line.rstrip("\n").rstrip().removesuffix(":"): number for number, line in enumerate(lines) if _is_head(line)
    }
    added = _written(part, event)
    if part in heads:
        following = min((number for number in heads.values() if number > heads[part]), default=len(lines))
        return "".join([*lines[: _end(lines, following)], added, *lines[_end(lines, following) :]])
    later = min((number for name, number in heads.items() if name > part), default=None)
    # What stands in comments right above a part belongs to it.
    place = len(lines) if later is None else _end(lines, later)
    space = "\n" if place and lines[place - 1].strip() else ""
    return "".join([*lines[:place], f"{space}{part}:\n{added}", *lines[place:]])


def _is_head(line: str) -> bool:
    return bool(line.strip()) and line[0] not in " -#\t" and line.rstrip().endswith(":")


def _end(lines: list[str], following: int) -> int:
    """The line after the last one with content, above the line `following`."""
    while following and (not lines[following - 1].strip() or lines[following - 1].startswith("#")):
        following -= 1
    return following


def _written(part: str, event: Event) -> str:
    """An event as one line of YAML. A JSON string is a YAML string; what people typed is always quoted.

    Git merges lines. Of events that were several lines each, a merge could mix the lines of two.
    """
    fields = [f"state: {event.state}", f"version: {event.version}", f"on: {event.on}"]
    fields += [
        f"{name}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in (("by", event.by), ("note", event.note), ("edition", event.edition))
        if value
    ]
    fields += [
        f"content: {event.content}",
        f"layout: {event.layout}",
        f"fields: [{', '.join(event.fields)}]",
        f"part: {part}",
    ]
    return f"  - {{{', '.join(fields)}}}\n"

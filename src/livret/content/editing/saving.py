"""Saves a file that was changed, and never over a change that somebody else made meanwhile. Undo."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livret.content.editing.edit import CannotEdit, values_of
from livret.findings import OutputError
from livret.project import digest, replacing
from livret.translation import say, system_reason

# How many changes of a file can be undone.
_KEPT = 1000


@dataclass(frozen=True)
class FieldDifference:
    """A field that differs in two states of a file, with both values as text; empty where the field is absent."""

    path: tuple[str | int, ...]
    here: str
    there: str


@dataclass(frozen=True)
class Conflict:
    """The file is not what it was when the form was loaded, so nothing was written.

    `there` is what it holds now, None if it is gone; `mine` what would have been written. `differences` go field by
    field: mine, then theirs.
    """

    mine: bytes
    there: bytes | None
    differences: tuple[FieldDifference, ...]


def text_digest(raw: bytes) -> str:
    """What tells one state of a file from another."""
    return digest(raw)


def save(path: Path, new: bytes, expected: str) -> Conflict | None:
    """Write a file whole, if its digest is the expected one; else nothing is written and the conflict is given.

    A link stays a link, and the permissions of the file stay. Raises OutputError.
    """
    path = path.resolve()
    with _alone_in(path.parent):
        try:
            there = path.read_bytes()
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            return Conflict(new, None, ())
        except OSError as problem:
            raise OutputError(say("cannot write {path}: {reason}", path=path, reason=system_reason(problem))) from None
        if digest(there) != expected:
            return Conflict(new, there, differences(new, there))
        if new != there:
            if not os.access(path, os.W_OK):
                # A file that is write-protected could be replaced, against the wish of who protected it.
                reason = system_reason(PermissionError(errno.EACCES, ""))
                raise OutputError(say("cannot write {path}: {reason}", path=path, reason=reason))
            with replacing(path) as beside:
                beside.write_bytes(new)
                beside.chmod(mode)
    return None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes of Livret from saving in a folder between reading and writing."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise OutputError(say("cannot write {path}: {reason}", path=folder, reason=system_reason(problem))) from None
    try:
        # Where a disk has no locks, the check that follows is all there is.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def differences(here: bytes, there: bytes) -> tuple[FieldDifference, ...]:
    """The fields in which two states of a file differ; none when one of them cannot be read."""
    try:
        return tuple(_differences((), values_of(here), values_of(there)))
    except CannotEdit:
        return ()


def _differences(path: tuple[str | int, ...], here: Any, there: Any) -> Iterator[FieldDifference]:
    if here == there:
        return
    if isinstance(here, dict) and isinstance(there, dict):
        for name in dict.fromkeys((*here, *there)):
            yield from _differences((*path, name), here.get(name), there.get(name))
    elif isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        for number, (one, other) in enumerate(zip(here, there, strict=True)):
            yield from _differences((*path, number), one, other)
    else:
        yield FieldDifference(path, _as_text(here), _as_text(there))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


@dataclass
class Journal:
    """The changes of a session, file by file, so that they can be undone and done again."""

    _done: dict[Path, list[tuple[bytes, bytes]]] = field(default_factory=dict)
    _undone: dict[Path, list[tuple[bytes, bytes]]] = field(default_factory=dict)

    def enter(self, path: Path, before: bytes, after: bytes) -> None:
        """Remember a change that was saved."""
        if before != after:
            done = self._done.setdefault(path, [])
            done.append((before, after))
            del done[:-_KEPT]
            self._undone.pop(path, None)

    def can_undo(self, path: Path) -> bool:
        """Whether a change of this file can be taken back."""
        return bool(self._done.get(path))

    def can_redo(self, path: Path) -> bool:
        """Whether one that was taken back can be made again."""
        return bool(self._undone.get(path))

    def undo(self, path: Path) -> Conflict | None:
        """Take the last change of a file back. A file that was changed elsewhere stays as it is: a conflict."""
        return self._move(path, self._done, self._undone, is_back=True)

    def redo(self, path: Path) -> Conflict | None:
        """Make the change again that was taken back last."""
        return self._move(path, self._undone, self._done, is_back=False)

    def _move(
        self,
        path: Path,
        source: dict[Path, list[tuple[bytes, bytes]]],
        target: dict[Path, list[tuple[bytes, bytes]]],
        *,
        is_back: bool,
    ) -> Conflict | None:
        entries = source.get(path)
        if not entries:
            return None
        before, after = entries[-1]
        now, wanted = (after, before) if is_back else (before, after)
        conflict = save(path, wanted, digest(now))
        if conflict is None:
            target.setdefault(path, []).append(entries.pop())
        return conflict

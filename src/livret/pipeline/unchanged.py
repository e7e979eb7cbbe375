"""A build in which nothing changed since the last one of the same command: told again, without being done again.

All that a build can read is digested: the files of the project and those that came with Livret, its code, the versions
of packages and of the system's libraries, and what the command asks for. If the digest is that of the last such build,
and each file that it made is still there as it was made, then the same findings and results are told again. All files
are read to the last byte: the date of a file proves nothing. A light file, which imports no other room.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from livret.findings import Finding, OutputError, Report, has_errors
from livret.pages.pool.store_files import Damaged, StoreFiles
from livret.pages.pool.versions import surroundings, system_versions
from livret.pipeline.built import Built
from livret.project import SHARED, Project, digest, file_digest

# Variables of the environment that change what a build does or says.
VARIABLES = ("SOURCE_DATE_EPOCH", "LIVRET_", "LANG", "LC_")
# More is not read only to find out that nothing changed.
MOST_BYTES = 1024 * 1024 * 1024
# Longer names of notes gain nothing.
NAME_LENGTH = 32

# What shows that a file was written to: its size, when its bytes and when its entry changed, and which file it is.
Stamp = tuple[int, int, int, int]


class _NotOrdinary(Exception):
    """There is something that is no file and no folder, such as a link to a folder: the build is done in full."""


@dataclass(frozen=True)
class Inputs:
    """All that a build reads: a digest of it, and the stamps of its files when they were read.

    `command` is the digest of what the command asks for; the last build is kept by it.
    """

    command: str
    digest: str
    stamps: Mapping[str, Stamp]


def inputs(project: Project, asked: Mapping[str, object]) -> Inputs | None:
    """The inputs of a build as they are now; None when a folder holds what cannot be digested."""
    command = digest(json.dumps(asked, sort_keys=True), str(project.root), str(project.output))
    try:
        stamps = _stamps(project)
        if sum(size for size, *_ in stamps.values()) > MOST_BYTES:
            return None
        known = [part for path in stamps for part in (path, file_digest(Path(path)))]
    except (OSError, _NotOrdinary):
        return None
    return Inputs(command, digest(command, *_around(), *known), stamps)


def _around() -> Iterator[str]:
    """Python, the packages that are installed, the libraries of the system, and the environment."""
    yield from surroundings()
    for name, version in system_versions():
        yield f"{name} {version}"
    yield from sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(VARIABLES))


def _stamps(project: Project) -> dict[str, Stamp]:
    """The files that a build can read, in order, each with its stamp. Raises OSError, _NotOrdinary."""
    package = Path(__file__).parents[1]
    shared = (folder for name in SHARED for folder in project.folders(name))
    return {path: _stamp(path) for folder in (project.catalogue, *shared, package) for path in _files(folder)}


def _files(folder: Path) -> Iterator[str]:
    """The files below a folder, in order. Raises OSError, _NotOrdinary."""
    for above, below, names in os.walk(folder, onerror=_raise):
        below[:] = sorted(name for name in below if name != "__pycache__")
        if any(os.path.islink(os.path.join(above, name)) for name in below):
            raise _NotOrdinary
        yield from sorted(os.path.join(above, name) for name in names)


def _raise(problem: OSError) -> None:
    raise problem


def _stamp(path: str) -> Stamp:
    state = os.stat(path)
    if not stat.S_ISREG(state.st_mode):
        raise _NotOrdinary
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def told_again(project: Project, now: Inputs) -> tuple[tuple[Finding, ...], tuple[Built, ...]] | None:
    """What the last build of this command found and made, if nothing changed since; else None."""
    try:
        raw = StoreFiles(project.output / ".store").read("notes", _note(now))
        kept = json.loads(raw or b"{}")
        if kept.get("inputs") != now.digest:
            return None
        if any(_digest(Path(path)) != known for path, known in kept["outputs"]):
            return None
        findings = tuple(
            replace(one, where=replace(one.where, column=column)) if one.where else one
            for one, column in ((Finding.from_stored(told), column) for told, column in kept["findings"])
        )
        return findings, tuple(_built(**told) for told in kept["editions"])
    except (Damaged, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The build that now follows makes a new one.
        return None


def _note(now: Inputs) -> str:
    return f"build-{now.command[:NAME_LENGTH]}.json"


def _built(edition: str, files: Mapping[str, str], pages: int, cards: int, reused: int) -> Built:
    made = {kind: Path(path) for kind, path in files.items()}
    return Built(edition, Report(), made, [], pages, cards, 0, reused, reused)


def remember(project: Project, before: Inputs, findings: Sequence[Finding], made: Sequence[Built]) -> None:
    """Keep what a build found and made, unless it had errors or something was changed meanwhile.

    It only saves time: where the store cannot be written, nothing is kept.
    """
    if has_errors(findings) or any(one.problem for one in made) or _is_changed(project, before):
        return
    # What was damaged in the store is told once.
    told = [finding for finding in findings if finding.rule != "damaged-store"]
    kept: dict[str, Any] = {
        "inputs": before.digest,
        "outputs": [[str(path), _digest(path)] for path in _outputs(project, made)],
        "findings": [[one.stored(), one.where.column if one.where else 0] for one in told],
        "editions": [
            {
                "edition": one.edition,
                "files": {kind: str(path) for kind, path in one.files.items()},
                "pages": one.pages,
                "cards": one.cards,
                "reused": one.galleys,
            }
            for one in made
        ],
    }
    with suppress(OutputError):
        StoreFiles(project.output / ".store").write(json.dumps(kept, sort_keys=True).encode(), "notes", _note(before))


def _is_changed(project: Project, before: Inputs) -> bool:
    """Whether a file was added, removed or written to since all were digested."""
    try:
        return _stamps(project) != before.stamps
    except (OSError, _NotOrdinary):
        return True


def _outputs(project: Project, made: Iterable[Built]) -> Iterator[Path]:
    """Every file that belongs to the editions: books, contact sheets, reports."""
    for one in made:
        folder = project.output / one.edition
        yield from sorted(one.files.values())
        yield from (folder / name for name in ("report.json", "report.html", f"{one.edition}-sheet.png"))


def _digest(path: Path) -> str:
    """The digest of a file; empty where there is none. Raises OSError."""
    return file_digest(path) if path.exists() else ""

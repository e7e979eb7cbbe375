"""Which files of a project were saved, as long as somebody wants to know. The home of watchfiles."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import watchfiles

from livret.findings import LivretError
from livret.project import SHARED, Project
from livret.translation import foreign, say

# The folders of a project that a build reads.
FOLDERS = ("catalogue", *SHARED)
# An editor may save a file in several steps, and several files at once: changes are told when none came for a while.
QUIET_MS = 50
LONGEST_MS = 500
# How often folders are looked for that were not there before.
TICK_MS = 100

_LEFT_BEHIND = ("~", ".swp", ".swx", ".tmp", ".bak")


def changes(project: Project) -> Generator[frozenset[Path], None, None]:
    """The files that changed, set after set; the empty set at each tick in which none did.

    The first set is empty, and comes when watching has begun: what is saved from then on is told, however long the
    caller works on a set before it asks for the next. A folder that appears, or is put in the place of another, counts
    as a change. Raises LivretError when the system does not let files be watched.
    """
    while True:
        folders = _folders(project)
        watcher = watchfiles.watch(
            *folders,
            watch_filter=lambda change, path: not _is_left_behind(Path(path).name),
            step=QUIET_MS,
            debounce=LONGEST_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        try:
            for found in watcher:
                yield frozenset(Path(path) for _, path in found)
                if _folders(project) != folders:
                    break
        except (OSError, RuntimeError) as problem:
            raise LivretError(
                say("files cannot be watched: {reason}", reason=foreign(problem)),
                say("allow more of them: sysctl fs.inotify.max_user_watches=524288"),
            ) from problem
        finally:
            watcher.close()
        yield frozenset(folders.keys() ^ _folders(project).keys()) or frozenset({project.catalogue})


def _folders(project: Project) -> dict[Path, tuple[int, int]]:
    """The folders that are there, and which ones they are on the disk."""
    found = {}
    for name in FOLDERS:
        try:
            state = os.stat(project.root / name)
        except OSError:
            continue
        found[project.root / name] = (state.st_dev, state.st_ino)
    return found


def _is_left_behind(name: str) -> bool:
    """Whether a file is one of those that editors make beside the one that they save."""
    return name.startswith((".", "#")) or name.endswith(_LEFT_BEHIND) or name == "4913"

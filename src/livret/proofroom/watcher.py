"""Sees what is saved in any other program: cards, pictures, layouts, fonts and pictograms."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import watchfiles

from livret.project import SHARED, Project
from livret.proofroom.session import Session

# Changes that come together are told together: all that come before nothing has come for STEP milliseconds.
STEP_MILLISECONDS = 15
LONGEST_MILLISECONDS = 400


class Watcher:
    """A thread that waits for the system to say that files changed."""

    def __init__(self, project: Project, session: Session) -> None:
        self._folders = [project.catalogue, *(folder for name in SHARED for folder in project.folders(name))]
        self._session = session
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                self._look(self._session.changed)
            except (OSError, RuntimeError) as problem:
                # A folder was removed, or the system has no watches left: try again, and say so.
                self._session.watching_failed(problem)
                self._stop.wait(2)

    def _look(self, tell: Callable[[list[Path]], object]) -> None:
        folders = [folder for folder in self._folders if folder.is_dir()]
        for changes in watchfiles.watch(
            *folders,
            watch_filter=lambda _, path: is_content(Path(path).name),
            debounce=LONGEST_MILLISECONDS,
            step=STEP_MILLISECONDS,
            stop_event=self._stop,
            raise_interrupt=False,
        ):
            tell(sorted({Path(path) for _, path in changes}))


def is_content(name: str) -> bool:
    """Whether a file of this name may be content: not one that a program writes beside it for a moment."""
    return not name.startswith((".", "#", "~$")) and not name.lower().endswith(("~", ".swp", ".swo", ".tmp", ".bak"))

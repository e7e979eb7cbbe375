"""Sees what is saved in any other program: cards, pictures, layouts, fonts and pictograms."""

from __future__ import annotations

import threading
from pathlib import Path

import watchfiles

from livret.project import SHARED, Project
from livret.proofroom.session import Session

# Changes that come together are told together: all that come before nothing has come for STEP milliseconds.
STEP_MILLISECONDS = 5
LONGEST_MILLISECONDS = 400
# How often it is looked whether a project has got a folder of its own, such as layouts/.
FOLDERS_MILLISECONDS = 1500


class Watcher:
    """A thread that waits for the system to say that files changed."""

    def __init__(self, project: Project, session: Session) -> None:
        self._project = project
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
        folders: list[Path] = []
        while not self._stop.is_set():
            try:
                before, folders = folders, self._folders()
                if before:
                    # What stands in a folder that was made just now was seen by nobody.
                    new = [path for folder in folders if folder not in before for path in folder.rglob("*")]
                    self._session.changed(sorted(new))
                self._look(folders)
            except (OSError, RuntimeError) as problem:
                # A folder was removed, or the system has no watches left: try again, and say so.
                self._session.watching_failed(problem)
                self._stop.wait(2)

    def _folders(self) -> list[Path]:
        project = self._project
        found = [project.catalogue, *(folder for name in SHARED for folder in project.folders(name))]
        return [folder for folder in found if folder.is_dir()]

    def _look(self, folders: list[Path]) -> None:
        """Tell the session of changes, until there are other folders to watch."""
        for changes in watchfiles.watch(
            *folders,
            watch_filter=lambda _, path: is_content(Path(path).name),
            debounce=LONGEST_MILLISECONDS,
            step=STEP_MILLISECONDS,
            stop_event=self._stop,
            rust_timeout=FOLDERS_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes:
                found = {Path(path) for _, path in changes}
                # What was written into a new folder before the system watched it was seen by nobody.
                found.update(path for folder in tuple(found) for path in _inside(folder))
                self._session.changed(sorted(found))
            if self._folders() != folders:
                return


def _inside(folder: Path) -> list[Path]:
    """The content in a folder; none where the path is no folder."""
    return [path for path in folder.rglob("*") if is_content(path.name)] if folder.is_dir() else []


def is_content(name: str) -> bool:
    """Whether a file of this name may be content: not one that a program writes beside it for a moment."""
    return not name.startswith((".", "#", "~$")) and not name.lower().endswith(("~", ".swp", ".swo", ".tmp", ".bak"))

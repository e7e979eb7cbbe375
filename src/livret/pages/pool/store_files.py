"""The files of a store, none of which is trusted: each is used only when it is, to the bit, what was written.

Whoever can write to the output folder, or sends a project together with it, can change what is in the store. So
nothing in it is ever run, and each file begins with a digest of its name and its content, or is named by a digest. What
is damaged counts as missing and is made again, and anything that stands in the way of a file is removed.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from livret.project import digest, write


class Damaged(Exception):
    """A file of the store is there and is not what was written. The argument is its path."""


@dataclass(frozen=True)
class StoreFiles:
    """The files below a folder. Paths are given as the names of folders and of the file."""

    folder: Path

    def read(self, *names: str) -> bytes | None:
        """What was written; None when there is nothing. Raises Damaged."""
        path = self.folder.joinpath(*names)
        raw = read_whole(path)
        if raw is None:
            return None
        seal, _, content = raw.partition(b"\n")
        if seal != _seal(path, content):
            raise Damaged(path)
        mark_used(path)
        return content

    def write(self, content: bytes, *names: str) -> None:
        """Keep a content under its digest. Raises OutputError."""
        path = self.place(*names)
        write(path, _seal(path, content) + b"\n" + content)

    def place(self, *names: str) -> Path:
        """The path of a file that is about to be written; what cannot be there by right is removed."""
        path = self.folder.joinpath(*names)
        # What cannot be removed is told by the one who writes.
        with suppress(OSError):
            for depth in range(1, len(names)):
                above = self.folder.joinpath(*names[:depth])
                if above.is_symlink() or (above.exists() and not above.is_dir()):
                    above.unlink()
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
        return path


def _seal(path: Path, content: bytes) -> bytes:
    return digest(path.name, content).encode()


def read_whole(path: Path) -> bytes | None:
    """The bytes of a regular file; None when there is nothing. Raises Damaged when there is something else."""
    try:
        if path.is_file():
            return path.read_bytes()
        if not os.path.lexists(path):
            return None
    except (OSError, RuntimeError):
        pass
    raise Damaged(path)


def mark_used(path: Path) -> None:
    """Set the date of last use, for pruning."""
    with suppress(OSError):
        os.utime(path)


class StoredPictures:
    """Converted pictures, kept as files beside the fragments: one for the screen and one for each press profile.

    `damaged` has the files that were found damaged; they are made again.
    """

    def __init__(self, files: StoreFiles) -> None:
        self._files = files
        self.damaged: list[Path] = []

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, if anything."""
        try:
            return self._files.read("pictures", key[:2], key)
        except Damaged as damaged:
            self.damaged.append(damaged.args[0])
            return None

    def put(self, key: str, value: bytes) -> None:
        """Keep a converted picture. Raises OutputError."""
        self._files.write(value, "pictures", key[:2], key)

"""The fragment store: typeset fragments, found by what they were made from, named by what they are.

A galley's digest leads to a manifest, which lists the files that were read while typesetting with their digests. When
all of them are unchanged, the manifest names the fragment. Everything is written beside and renamed, and nothing is
ever changed in place, so two builds may share a store and the whole folder may be deleted at any time. What is damaged
is made again (see `store_files`).
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from livret.findings import Finding, note
from livret.pages.galley import Facts, Fragment, Galley
from livret.pages.pool.store_files import Damaged, StoreFiles, mark_used, read_whole
from livret.pages.pool.versions import versions
from livret.project import Project, digest, write
from livret.translation import joined, say

# Fragments unused for a month go first; then the oldest, down to half a gigabyte. Anything touched in
# the last hour stays, because another build may be about to bind it.
KEEP_SECONDS = 30 * 24 * 3600
KEEP_BYTES = 512 * 1024 * 1024
NEVER_YOUNGER = 3600


class Store:
    """The fragments kept under `output/.store`."""

    def __init__(self, project: Project) -> None:
        self.folder = project.output / ".store"
        parts = [part for pair in versions() for part in pair]
        self._salt = digest(project.fonts_digest, os.environ.get("LIVRET_NO_PATCHES", ""), *parts)
        self._digests: dict[Path, str] = {}
        self.files = StoreFiles(self.folder)
        self._damaged: set[str] = set()

    def _manifest(self, galley: Galley) -> tuple[str, str, str]:
        name = digest(self._salt, galley.digest)
        return "galleys", name[:2], f"{name}.json"

    def _digest(self, path: Path) -> str:
        """The digest of a file as it is now, read once a build; a missing file has a digest of its own."""
        if path not in self._digests:
            try:
                self._digests[path] = digest(path.read_bytes())
            except OSError:
                self._digests[path] = "missing"
        return self._digests[path]

    def find(self, galley: Galley) -> Fragment | None:
        """The fragment of this galley, or None when it has to be typeset (again)."""
        manifest = self._read(*self._manifest(galley))
        try:
            if manifest is None:
                return None
            kept = json.loads(manifest)
            if any(self._digest(Path(name)) != known for name, known in kept["files"]):
                return None
            key, facts = kept["key"], Facts.from_dict(kept["facts"])
            path = self.folder / "fragments" / key[:2] / f"{key}.pdf"
            pdf = read_whole(path)
            if pdf is None:
                return None
            if digest(pdf) != key:
                raise Damaged(path)
        except Damaged as damaged:
            self.note_damage(damaged.args[0])
            return None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        mark_used(path)
        return Fragment(key, path, facts, reused=True)

    def keep(self, galley: Galley, pdf: bytes, facts: Facts, files: tuple[tuple[str, str], ...]) -> Fragment:
        """Store a typeset galley; `files` are the (path, digest) pairs that the engine read. Raises OutputError."""
        # The name is that of the bytes, not of the folders they were made in, so that a book is the same everywhere.
        key = digest(pdf)
        path = self.files.place("fragments", key[:2], f"{key}.pdf")
        write(path, pdf)
        manifest = {"key": key, "files": files, "facts": facts.as_dict()}
        self.files.write(json.dumps(manifest, sort_keys=True).encode(), *self._manifest(galley))
        return Fragment(key, path, facts, reused=False)

    def recall(self, name: str) -> dict[str, object]:
        """A small note kept under a name between builds; empty when there is none or it is damaged."""
        try:
            kept = json.loads(self._read("notes", f"{name}.json") or b"{}")
        except (ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def remember(self, name: str, content: dict[str, object]) -> None:
        """Keep a small note; one that is there already is left alone. Raises OutputError."""
        written = json.dumps(content, sort_keys=True)
        if self.recall(name) != json.loads(written):
            self.files.write(written.encode(), "notes", f"{name}.json")

    def take(self, folder: str, name: str) -> bytes | None:
        """A content that is kept by a digest; None when there is nothing, or it is damaged."""
        return self._read(folder, name[:2], name)

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Keep a content by a digest of what it was made from. Raises OutputError."""
        self.files.write(content, folder, name[:2], name)

    def _read(self, *names: str) -> bytes | None:
        try:
            return self.files.read(*names)
        except Damaged as damaged:
            self.note_damage(damaged.args[0])
            return None

    def note_damage(self, path: Path) -> None:
        """Have it said that a file was damaged. The caller makes it again."""
        self._damaged.add(path.relative_to(self.folder).as_posix())

    def findings(self) -> tuple[Finding, ...]:
        """A note when anything in the store was damaged."""
        if not self._damaged:
            return ()
        number, shown = len(self._damaged), joined(sorted(self._damaged)[:3])
        if number > 3:
            shown = say("{names} and {number} more", names=shown, number=number - 3)
        message = say("damaged in {folder}, and made again: {files}", folder=self.folder, files=shown)
        hint = say("nothing is lost; if it happens again, look at the disk, or at who else writes there")
        return (note("damaged-store", message, None, hint),)

    def prune(self) -> int:
        """Remove what was not used for long, or is too much; gives the number of files removed."""
        now, entries = time.time(), []
        for path in self.folder.rglob("*"):
            try:
                if path.is_file():
                    state = path.stat()
                    entries.append((state.st_mtime, state.st_size, path))
            except OSError:
                continue
        total, removed = sum(size for _, size, _ in entries), 0
        for used, size, path in sorted(entries):
            age = now - used
            if age > KEEP_SECONDS or (total > KEEP_BYTES and age > NEVER_YOUNGER):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                total, removed = total - size, removed + 1
        return removed

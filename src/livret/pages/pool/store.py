"""The fragment store: typeset fragments, found by what they were made from, named by what they are.

A galley's digest leads to a manifest, which lists the files that were read while typesetting with
their digests. When all of them are unchanged, the manifest names the fragment. Everything is written
beside and renamed, and nothing is ever changed in place, so two builds may share a store and the
whole folder may be deleted at any time.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from livret.pages.galley import Facts, Fragment, Galley
from livret.pages.pool.versions import versions
from livret.project import Project, digest, write

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

    def _manifest(self, galley: Galley) -> Path:
        name = digest(self._salt, galley.digest)
        return self.folder / "galleys" / name[:2] / f"{name}.json"

    def _fragment(self, key: str) -> Path:
        return self.folder / "fragments" / key[:2] / f"{key}.pdf"

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
        manifest = self._manifest(galley)
        try:
            kept = json.loads(manifest.read_bytes())
            if any(self._digest(Path(name)) != known for name, known in kept["files"]):
                return None
            path = self._fragment(kept["key"])
            if digest(path.read_bytes()) != kept["key"]:
                return None
            facts = Facts.from_dict(kept["facts"])
            # The date of last use, for pruning.
            os.utime(path)
            os.utime(manifest)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return Fragment(kept["key"], path, facts, reused=True)

    def keep(self, galley: Galley, pdf: bytes, facts: Facts, files: tuple[tuple[str, str], ...]) -> Fragment:
        """Store a typeset galley; `files` are the (path, digest) pairs that the engine read. Raises OutputError."""
        # The name is that of the bytes, not of the folders they were made in, so that a book is the same everywhere.
        key = digest(pdf)
        path = self._fragment(key)
        write(path, pdf)
        manifest = {"key": key, "files": files, "facts": facts.as_dict()}
        write(self._manifest(galley), json.dumps(manifest, sort_keys=True))
        return Fragment(key, path, facts, reused=False)

    def recall(self, name: str) -> dict[str, object]:
        """A small note kept under a name between builds; empty when there is none or it cannot be read."""
        try:
            kept = json.loads((self.folder / "notes" / f"{name}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def remember(self, name: str, note: dict[str, object]) -> None:
        """Keep a small note. Raises OutputError."""
        write(self.folder / "notes" / f"{name}.json", json.dumps(note, sort_keys=True))

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
                path.unlink(missing_ok=True)
                total, removed = total - size, removed + 1
        return removed

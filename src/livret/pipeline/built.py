"""What was made of an edition. A light file: a command in which nothing changed needs no other of this package."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livret.findings import LivretError, Report


@dataclass
class Built:
    """What was made of an edition: its files by kind, which of them were written, what was found on the way.

    `problem` is what stopped it; the last good files are then still there. `galleys` is the number of its parts and
    layers of furniture.
    """

    edition: str
    report: Report
    files: dict[str, Path] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    pages: int = 0
    cards: int = 0
    typeset: int = 0
    reused: int = 0
    galleys: int = 0
    problem: LivretError | None = None

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`."""
        shown = {name: getattr(self, name) for name in ("edition", "pages", "cards", "typeset", "reused", "written")}
        files = {kind: str(path) for kind, path in self.files.items()}
        return {**shown, "files": files, "failed": self.problem is not None}

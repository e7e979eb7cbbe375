"""The report of a build: what was made of an edition, and its `report.json` and `report.html`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livret.book.plan import Setting
from livret.control.report import report_html
from livret.findings import LivretError, Report
from livret.pages.compose.composer import Composer
from livret.pages.compose.filler import fillers_of
from livret.pipeline.resolution import resolutions
from livret.project import Project, write


@dataclass
class Built:
    """What was made of an edition: its files by kind, which of them were written, what was found on the way.

    `problem` is what stopped it; the last good files are then still there.
    """

    edition: str
    report: Report
    files: dict[str, Path] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    pages: int = 0
    cards: int = 0
    typeset: int = 0
    reused: int = 0
    problem: LivretError | None = None

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`."""
        shown = {name: getattr(self, name) for name in ("edition", "pages", "cards", "typeset", "reused", "written")}
        files = {kind: str(path) for kind, path in self.files.items()}
        return {**shown, "files": files, "failed": self.problem is not None}


def write_report(project: Project, composer: Composer, setting: Setting, built: Built) -> None:
    """Write pages, how each part was fitted, and every finding. Raises OutputError."""
    parts = []
    for part in setting.parts:
        facts = setting.fragments[part.anchor].facts
        folios = setting.pagination.folios(part.anchor)
        parts.append(
            {
                "anchor": part.anchor,
                "title": composer.navigation.title(part),
                "folios": [folios[0], folios[-1]],
                "words": list(facts.words),
                "fit": facts.fit or None,
                "overset": facts.overset,
                "fragment": setting.fragments[part.anchor].key,
            }
        )
    fillers = fillers_of(setting.pagination)
    content = {
        "edition": built.edition,
        "layout": composer.layout.name,
        "leaves_out": list(composer.layout.file.leaves_out),
        "files": {kind: path.name for kind, path in built.files.items()},
        "pages": built.pages,
        "cards": built.cards,
        "fillers": fillers.as_dict() if fillers else None,
        "parts": parts,
        "pictures": list(resolutions(project, setting)),
        "findings": [finding.as_dict() for finding in built.report.findings],
    }
    folder = project.output / built.edition
    write(folder / "report.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    sheet = folder / f"{built.edition}-sheet.png"
    write(folder / "report.html", report_html(content, sheet.name if sheet.is_file() else None))

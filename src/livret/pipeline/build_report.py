"""The report of an edition: its `report.json` and `report.html`."""

from __future__ import annotations

import json

from livret.book.plan import Setting
from livret.content.language_tags import main_subtag
from livret.control.report import report_html
from livret.pages.compose.composer import Composer
from livret.pages.compose.filler import fillers_of
from livret.pipeline.built import Built
from livret.pipeline.resolution import resolutions
from livret.project import Project, write


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
    # In the language of the booklet, whoever builds it: the same content gives the same bytes.
    language = "fr" if main_subtag(composer.edition.language) == "fr" else "en"
    findings = built.report.findings
    write(folder / "report.html", report_html(content, sheet.name if sheet.is_file() else None, findings, language))

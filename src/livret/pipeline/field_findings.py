"""Findings of typesetting about a text, with the field and the line that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from livret.findings import Finding, Location
from livret.pages.flatplan import Part
from livret.project import Project
from livret.translation import say

# Findings about a text, which their message quotes first.
_TEXT_RULES = frozenset({"clipped-text", "overlapping-text", "unseen-text"})
_QUOTED = re.compile('"([^"]+)"')
# Findings about signs, whose message has their numbers in Unicode.
_SIGN_RULES = frozenset({"missing-glyph"})
_SIGN = re.compile(r"\bU\+([0-9A-F]{4,6})\b")


def files_of(part: Part, project: Project) -> Mapping[str, Path]:
    """The files that a part is written in, by the names that findings show; a translation has some of its texts."""
    subjects = (part.subject, part.second and part.second.subject)
    own = [Path(subject.source.path) for subject in subjects if subject]
    whole = [path.with_name(path.name.partition(".")[0] + path.suffix) for path in own]
    return {str(path): project.root / path for path in (*own, *whole)}


def placed(finding: Finding, part: Part | None, project: Project) -> Iterator[Finding]:
    """A finding about a part, at the line of its text where that is known; about signs, one for each of its files.

    Furniture is no part.
    """
    if finding.rule in _SIGN_RULES:
        # The cover, the contents and the like have texts of any file.
        files = files_of(part, project) if part and part.subject else _all_files(project)
        lines = list(_lines_with(_SIGN.findall(finding.message), files))
        yield from [replace(finding, where=where) for where in lines] or [finding]
    else:
        yield finding if part is None else _named(finding, part, project)


def _named(finding: Finding, part: Part, project: Project) -> Finding:
    """A finding about a text, with its field and its line."""
    quoted = _QUOTED.match(finding.message)
    if finding.rule not in _TEXT_RULES or part.subject is None or quoted is None:
        return finding
    # Imported here because most builds find nothing.
    from livret.control.completeness import field_with
    from livret.control.field_lines import field_line

    other = part.second.subject if part.is_double and part.second else None
    field = field_with(quoted[1], part.subject) or (field_with(quoted[1], other) if other else None)
    if field is None:
        return finding
    told = say('the field "{field}": {message}', field=field, message=finding.message)
    where = field_line(files_of(part, project), field, quoted[1])
    return replace(finding, message=told, where=where or finding.where)


def _all_files(project: Project) -> Mapping[str, Path]:
    return {project.shown(path): path for path in sorted(project.catalogue.rglob("*.y*ml")) if path.is_file()}


def _lines_with(numbers: list[str], files: Mapping[str, Path]) -> Iterator[Location]:
    """The first line of each file that has one of these signs."""
    signs = {chr(int(number, 16)) for number in numbers}
    for shown, path in files.items():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            # It could be read when the catalogue was.
            continue
        line = next((number for number, text in enumerate(lines, 1) if not signs.isdisjoint(text)), 0)
        if line:
            yield Location(shown, line)

"""How many pixels an inch the pictures of an edition have at the size they are set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from livret.book.plan import Setting
from livret.content.pictures.kinds import TAKEN
from livret.findings import Finding, LivretError, Location, note, warning
from livret.project import PICTURE_LIMIT, Project, digest
from livret.translation import say

# Below this a picture looks blurred on a screen at the size of the page.
LEAST = 150


def resolutions(project: Project, setting: Setting) -> Iterator[dict[str, Any]]:
    """The pictures of each part, by their path in the catalogue, with the least resolution at which each is set."""
    root = project.catalogue.resolve()
    for part in setting.parts:
        source = part.subject.source.path if part.subject else ""
        for picture in setting.fragments[part.anchor].facts.pictures:
            path = Path(picture.path)
            if picture.path and path.is_relative_to(root):
                file = path.relative_to(root).as_posix()
                yield {
                    "part": part.anchor,
                    "source": source,
                    "file": file,
                    "ppi": picture.ppi,
                    "digest": picture.digest,
                }


def low_resolutions(project: Project, setting: Setting) -> Iterator[Finding]:
    """A warning for each picture that has too few pixels for the size it is set at."""
    for found in resolutions(project, setting):
        if 0 < found["ppi"] < LEAST:
            told = say(
                'the picture "{file}" has {resolution:.0f} pixels an inch at the size it is set',
                file=found["file"],
                resolution=found["ppi"],
            )
            hint = say(
                "give one with {least:.1f} times as many pixels across, or it looks blurred", least=LEAST / found["ppi"]
            )
            yield warning("low-resolution", told, _place(project, found), hint)


def resolutions_of_last_build(project: Project, editions: Iterable[str]) -> Iterator[Finding]:
    """A note for each picture, with its resolution in the last build of each edition.

    Only typesetting knows it. A picture that has changed since is left out.
    """
    reports = {name: _report(project, project.output / name / "report.json") for name in editions}
    if not any(reports.values()):
        if any(_is_raster(path) for path in project.catalogue.rglob("*")):
            told = say("how many pixels an inch pictures have is known when the booklet was built once")
            yield note("picture-resolution", told, None, say("run: livret build"))
        return
    for name, report in reports.items():
        pictures = report.get("pictures")
        for found in pictures if isinstance(pictures, list) else ():
            # The file may be of another version of Livret, or changed by hand.
            with suppress(OSError, KeyError, TypeError, ValueError, LivretError):
                picture = project.inside_catalogue(found["file"])
                if digest(project.read(picture, PICTURE_LIMIT)) == found["digest"]:
                    told = say(
                        '"{file}" has {resolution:.0f} pixels an inch, as edition {name} was built last',
                        file=found["file"],
                        resolution=found["ppi"],
                        name=name,
                    )
                    yield note("picture-resolution", told, _place(project, found))


def _is_raster(path: Path) -> bool:
    ending = path.suffix[1:].lower()
    return any(kind.is_raster and ending in kind.endings for kind in TAKEN)


def _report(project: Project, path: Path) -> Mapping[str, Any]:
    """A report that was written; empty where there is none that can be read."""
    try:
        report = json.loads(project.read(path, PICTURE_LIMIT))
    except (OSError, ValueError, RecursionError, LivretError):
        return {}
    return report if isinstance(report, dict) else {}


def _place(project: Project, found: Mapping[str, Any]) -> Location:
    """The line that names a picture, or the file, or the picture where no file is known to name it."""
    source = str(found["source"])
    if not source:
        return Location(project.shown(project.catalogue / str(found["file"])))
    try:
        lines = project.read_text(project.root / source).splitlines()
    except LivretError:
        lines = []
    return Location(source, next((number for number, line in enumerate(lines, 1) if found["file"] in line), 0))

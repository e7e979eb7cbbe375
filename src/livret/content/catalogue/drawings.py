"""Checks on the drawings that the content names: each is read once, wherever it is named."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from livret.content.catalogue.folder import Folder
from livret.content.catalogue.picture_files import PictureFiles
from livret.content.pictures import drawing, drawing_checks
from livret.content.pictures.drawing_references import Given
from livret.content.schema import introspection
from livret.content.schema.validators import clean
from livret.findings import Finding, Location
from livret.project import PICTURE_LIMIT, OutsideProject, Project, TooLarge

if TYPE_CHECKING:
    from livret.content.font_files import KnownFonts

# So much of a file tells whether it is a drawing.
_PEEK = 200


def check_drawings(project: Project, folder: Folder, pictures: PictureFiles) -> Iterator[Finding]:
    """The findings of all drawings, each at its own line, with the place that names it first."""

    @cache
    def fonts() -> KnownFonts:
        # Few drawings have text, and reading fonts takes longer than reading a drawing.
        from livret.content.font_files import KnownFonts

        return KnownFonts.of(project.fonts)

    for path, where in _named(folder).items():
        try:
            file = project.inside_catalogue(path)
            if not drawing.is_drawing(project.read_start(file, _PEEK)):
                continue
            content = project.read(file, PICTURE_LIMIT)
        except (OutsideProject, TooLarge, OSError, ValueError):
            # `check_picture` tells of these.
            continue
        beside = posixpath.dirname(path)
        given = Given(
            project.shown(project.catalogue / path),
            fonts,
            lambda name, beside=beside: posixpath.normpath(posixpath.join(beside, unquote(name))) in folder.paths,  # type: ignore[misc]
            pictures.pixels,
        )
        yield from drawing_checks.check(content, given, str(where))


def _named(folder: Folder) -> dict[str, Location]:
    """The paths of the pictures, and where each is named first."""
    found: dict[str, Location] = {}
    for source in folder.sources:
        for value in introspection.walk(source.model, source.tree) if source.tree else ():
            if value.shape.kind and value.shape.kind.name == "picture":
                path = posixpath.normpath(clean(value.scalar.text))
                if path in folder.paths:
                    found.setdefault(path, value.scalar.where)
    return found

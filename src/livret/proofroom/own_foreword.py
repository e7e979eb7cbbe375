"""A foreword of its own for one edition: it begins with the words of the one that all editions have."""

from __future__ import annotations

from pathlib import Path

from livret.content.catalogue.rereading import LiveReading
from livret.content.editing.edit import CannotEdit, edited
from livret.content.editing.saving import save, text_digest
from livret.project import Project
from livret.starter.writing import write_new
from livret.translation import say

FOLDER = "editions/forewords"


def begin_foreword(project: Project, reading: LiveReading, edition: str) -> tuple[Path, Path]:
    """Write the file and name it in that of the edition; gives both. A file that is there already is taken as it is.

    Raises KeyError for an edition without a file, or where there is no foreword; CannotEdit, OutputError.
    """
    sources = {(one.role, one.id if one.role == "editions" else ""): one for one in reading.folder.sources}
    own, shared = sources["editions", edition], sources["foreword", ""]
    place, name = project.inside_catalogue(own.path), f"{FOLDER}/{edition}.yaml"
    path = project.catalogue / name
    before = project.read(place)
    after = edited(before, own.model, ("foreword",), name)
    if not path.exists():
        write_new(path, project.read_text(project.inside_catalogue(shared.path)))
    if save(place, after, text_digest(before)):
        raise CannotEdit(say("this file was changed elsewhere meanwhile; nothing was begun"))
    return path, place

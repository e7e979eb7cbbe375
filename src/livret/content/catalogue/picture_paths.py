"""Checks that the pictures named in the content exist and can be printed."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from livret.content.catalogue.picture_files import PictureFiles
from livret.content.messages import did_you_mean, quoted
from livret.content.pictures.kinds import TAKEN
from livret.content.yaml.tree import Scalar
from livret.findings import Finding, error
from livret.project import OutsideProject, Project
from livret.translation import Text, say

FORMATS = tuple(ending for kind in TAKEN for ending in kind.endings)


def check_picture(project: Project, paths: frozenset[str], scalar: Scalar, pictures: PictureFiles) -> Iterator[Finding]:
    """What is wrong with the name of a picture, or with its file.

    In: the paths of all files of the catalogue, the name as it was typed, and what is known of pictures. Never raises.
    """
    text = unicodedata.normalize("NFC", scalar.text).strip()
    if re.match(r"[a-z][a-z0-9+.-]+://|data:", text, re.IGNORECASE):
        yield error(
            "missing-picture",
            say("{text} is an address, not a file of the catalogue", text=quoted(text)),
            scalar.where,
            say("save the picture in images/ and give its path, for example images/photo.jpg"),
        )
        return
    try:
        path = project.inside_catalogue(text)
        exists = path.is_file()
        is_folder, is_other = path.is_dir(), path.exists() and not (exists or path.is_dir())
    except OutsideProject:
        yield error(
            "outside-project",
            say("the picture {text} is outside the catalogue folder", text=quoted(text)),
            scalar.where,
            say("copy it into images/ and give its path from the catalogue folder"),
        )
        return
    except (OSError, ValueError):
        # The system refuses some names, for example one that is too long. No file has such a name.
        exists = is_folder = is_other = False
    relative = posixpath.normpath(text)
    # Some disks ignore capitals: there the file seems to exist, but another computer will not find it.
    if not exists or (relative not in paths and _same_but_case(relative, paths)):
        if is_folder:
            told = say("{text} is a folder, not a picture", text=quoted(text))
        elif is_other:
            told = say("{text} is not an ordinary file", text=quoted(text))
        else:
            told = say("the picture {text} does not exist", text=quoted(text))
        hints = () if is_other else _hints(relative, paths)
        yield error("missing-picture", told, scalar.where, *hints)
        return
    for finding in pictures.findings(path):
        told = say("the picture {name} {is_wrong}", name=quoted(text), is_wrong=finding.message)
        yield replace(finding, message=told, where=scalar.where)


def _same_but_case(relative: str, paths: frozenset[str]) -> str | None:
    return next((path for path in sorted(paths) if path.casefold() == relative.casefold()), None)


def _hints(relative: str, paths: frozenset[str]) -> tuple[Text, ...]:
    """The file that was probably meant."""
    pictures = sorted(path for path in paths if posixpath.splitext(path)[1][1:].lower() in FORMATS)
    if "\\" in relative:
        return (say("write the path with slashes: images/photo.jpg"),)
    for path in pictures:
        if path != relative and unicodedata.normalize("NFC", path) == relative:
            return (say("the accents in the file's name are stored in another form: rename it without accents"),)
    other_case = _same_but_case(relative, frozenset(pictures))
    if other_case:
        return (say('the file is called "{other_case}": capitals count', other_case=other_case),)
    same_name = [path for path in pictures if posixpath.basename(path) == posixpath.basename(relative)]
    same_stem = [path for path in pictures if posixpath.splitext(path)[0] == posixpath.splitext(relative)[0]]
    near = same_stem or same_name
    if near:
        return (say('did you mean "{near}"?', near=near[0]),)
    return did_you_mean(relative, pictures) or (
        say("give the path from the catalogue folder, for example images/photo.jpg"),
    )

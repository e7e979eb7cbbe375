"""Checks that the pictures named in the content exist and can be printed.

Pillow is loaded when the first picture made of pixels is looked at, so that a catalogue of drawings does without.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from livret.content.messages import did_you_mean, listed, quoted
from livret.content.pictures.kinds import TAKEN, FileKind, kind_of
from livret.content.yaml.tree import Scalar
from livret.findings import Finding, error, note
from livret.project import PICTURE_LIMIT, OutsideProject, Project, TooLarge

FORMATS = tuple(ending for kind in TAKEN for ending in kind.endings)
_SAVE = f"save it as {listed(('SVG', 'PNG', 'JPEG', 'TIFF'), 'or')}"
# What to do with files that are often given for pictures; anything else is saved in another format.
_HINTS = {
    "a web page": "open the address in a browser, and save the picture itself",
    "an empty file": "copy or download the file again",
    "a PDF": "export the page as SVG or PNG",
}


def check_picture(
    project: Project, paths: frozenset[str], scalar: Scalar, known: dict[Path, tuple[Finding, ...]]
) -> Iterator[Finding]:
    """What is wrong with the name of a picture, or with its file.

    In: the paths of all files of the catalogue, the name as it was typed, and what was found of pictures so far, to
    which this one is added. Never raises.
    """
    text = unicodedata.normalize("NFC", scalar.text).strip()
    if re.match(r"[a-z][a-z0-9+.-]+://|data:", text, re.IGNORECASE):
        yield error(
            "missing-picture",
            f"{quoted(text)} is an address, not a file of the catalogue",
            scalar.where,
            "save the picture in images/ and give its path, for example images/photo.jpg",
        )
        return
    try:
        path = project.inside_catalogue(text)
        exists = path.is_file()
    except OutsideProject:
        yield error(
            "outside-project",
            f"the picture {quoted(text)} is outside the catalogue folder",
            scalar.where,
            "copy it into images/ and give its path from the catalogue folder",
        )
        return
    except (OSError, ValueError):
        # The system refuses some names, for example one that is too long. No file has such a name.
        exists = False
    relative = posixpath.normpath(text)
    # Some disks ignore capitals: there the file seems to exist, but another computer will not find it.
    if not exists or (relative not in paths and _same_but_case(relative, paths)):
        hints = _hints(relative, paths)
        yield error("missing-picture", f"the picture {quoted(text)} does not exist", scalar.where, *hints)
        return
    if path not in known:
        known[path] = tuple(_file_findings(project, path))
    for finding in known[path]:
        yield replace(finding, message=f"the picture {quoted(text)} {finding.message}", where=scalar.where)


def _file_findings(project: Project, path: Path) -> Iterator[Finding]:
    """What is wrong with a file that is there: findings without a place, whose messages follow the picture's name."""
    try:
        content = project.read(path, PICTURE_LIMIT)
    except TooLarge:
        told = f"is larger than the {PICTURE_LIMIT // 2**20} MB that Livret reads"
        yield error("file-too-large", told, None, "save it smaller, or as JPEG")
        return
    except OSError as problem:
        yield error("missing-picture", f"cannot be read: {problem.strerror}")
        return
    kind = kind_of(content)
    if not kind.is_taken:
        hint = _HINTS.get(kind.name, _SAVE)
        yield error("picture-format", f"is {kind.name}", None, hint)
        return
    ending = path.suffix[1:].lower()
    if ending not in kind.endings:
        ends = f"its name ends in .{ending}" if ending else "its name has no ending"
        hint = f"call it {path.stem}.{kind.endings[0]}; Livret prints it as it is"
        yield note("picture-ending", f"is {kind.name}, and {ends}", None, hint)
    if kind.is_raster:
        yield from _raster_findings(content, kind)


def _raster_findings(content: bytes, kind: FileKind) -> Iterator[Finding]:
    from livret.content.pictures.headers import PictureFault
    from livret.content.pictures.raster import examine

    try:
        found = examine(content)
    except PictureFault as fault:
        yield error(fault.rule, fault.message, None, *fault.hints)
        return
    if found.pages > 1:
        several = "several pages" if "TIFF" in kind.name else "several frames"
        hint = "save the picture that is meant alone, if it is another"
        yield note("several-pictures", f"has {several}; the first is printed", None, hint)
    if found.is_halved:
        told = f"has {found.width} x {found.height} pixels; it is printed with half of them, across and down"
        yield note("reduced-picture", told)


def _same_but_case(relative: str, paths: frozenset[str]) -> str | None:
    return next((path for path in sorted(paths) if path.casefold() == relative.casefold()), None)


def _hints(relative: str, paths: frozenset[str]) -> tuple[str, ...]:
    """The file that was probably meant."""
    pictures = sorted(path for path in paths if posixpath.splitext(path)[1][1:].lower() in FORMATS)
    if "\\" in relative:
        return ("write the path with slashes: images/photo.jpg",)
    for path in pictures:
        if unicodedata.normalize("NFC", path) == relative:
            return ("the accents in the file's name are stored in another form: rename it without accents",)
    other_case = _same_but_case(relative, frozenset(pictures))
    if other_case:
        return (f'the file is called "{other_case}": capitals count',)
    same_name = [path for path in pictures if posixpath.basename(path) == posixpath.basename(relative)]
    same_stem = [path for path in pictures if posixpath.splitext(path)[0] == posixpath.splitext(relative)[0]]
    near = same_stem or same_name
    if near:
        return (f'did you mean "{near[0]}"?',)
    return did_you_mean(relative, pictures) or (
        "give the path from the catalogue folder, for example images/photo.jpg",
    )

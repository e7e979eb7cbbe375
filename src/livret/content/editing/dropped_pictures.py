"""Pictures that are dropped into a form: checked as all pictures are, then saved in images/ under a safe name."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from livret.content.catalogue.picture_files import PictureFiles
from livret.content.editing.edit import CannotEdit
from livret.content.pictures.kinds import kind_of
from livret.content.schema.validators import as_id
from livret.findings import OutputError, Severity
from livret.project import PICTURE_LIMIT, Project
from livret.translation import Text, say, system_reason

FOLDER = "images"
# So long is the longest name, without its ending and number.
_LENGTH = 60
_TRIES = 1000


SAVE_SMALLER = say("save it smaller, or as JPEG")


def too_large(name: str) -> Text:
    """What is said of a picture that is not read."""
    limit = PICTURE_LIMIT // 2**20
    return say('the picture "{name}" is larger than the {limit} MB that Livret reads', name=name, limit=limit)


def keep_picture(project: Project, name: str, content: bytes) -> str:
    """Save a picture; gives its path as the content names it. A file that is there already is never replaced.

    In: the name that it had where it comes from. The same picture under the same name is kept once. Raises CannotEdit
    for what cannot be printed, OutputError when it cannot be written.
    """
    shown = PurePosixPath(name.replace("\\", "/")).name or "picture"
    if len(content) > PICTURE_LIMIT:
        raise CannotEdit(too_large(shown), SAVE_SMALLER)
    kind = kind_of(content)
    stem = (as_id(PurePosixPath(shown).stem) or "picture")[:_LENGTH].strip("-")
    folder = project.inside_catalogue(FOLDER)
    ending = kind.endings[0] if kind.endings else "bin"
    try:
        folder.mkdir(exist_ok=True)
        beside = folder / f".{stem}.{os.getpid()}.{ending}"
        beside.write_bytes(content)
    except OSError as problem:
        raise OutputError(say("cannot write {path}: {reason}", path=folder, reason=system_reason(problem))) from None
    try:
        wrong = [one for one in PictureFiles(project).findings(beside) if one.severity is Severity.ERROR]
        if wrong:
            message = say('the picture "{name}" {reason}', name=shown, reason=wrong[0].message)
            raise CannotEdit(message, *wrong[0].hints)
        return f"{FOLDER}/{_linked(folder, beside, stem, ending, content)}"
    finally:
        beside.unlink(missing_ok=True)


def _linked(folder: Path, beside: Path, stem: str, ending: str, content: bytes) -> str:
    """Give a file its first free name, in one step: a link is never made over another file."""
    for number in range(1, _TRIES):
        name = f"{stem}{f'-{number}' if number > 1 else ''}.{ending}"
        path = folder / name
        try:
            os.link(beside, path)
            path.chmod(0o644)
        except FileExistsError:
            if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
                return name
            continue
        except OSError as problem:
            raise OutputError(say("cannot write {path}: {reason}", path=path, reason=system_reason(problem))) from None
        return name
    raise OutputError(say("there are too many pictures called {name}", name=stem))

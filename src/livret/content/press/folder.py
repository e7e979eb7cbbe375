"""Which press profiles there are. A light module: the check of a catalogue only needs their names."""

from __future__ import annotations

from typing import Final

from livret.content.schema.validators import is_id
from livret.project import Project

FOLDER: Final = "press"


def press_profiles(project: Project) -> tuple[str, ...]:
    """The names of all press profiles that can be used here, in order."""
    paths = (path for folder in project.folders(FOLDER) for path in folder.glob("*.yaml"))
    return tuple(sorted({path.stem for path in paths if is_id(path.stem) and path.is_file()}))

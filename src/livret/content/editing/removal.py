"""Takes a card, a partner or an edition out of the catalogue, with its name in lists, and puts it back.

Nothing is lost: the file is kept in the output folder, and what a removal changed is known until the program ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from livret.content.catalogue.folder import Folder, SourceFile
from livret.content.catalogue.reference_messages import REMOVED
from livret.content.editing.edit import CannotEdit, edited, values_of
from livret.content.editing.saving import save, text_digest
from livret.content.language import markdown
from livret.content.schema import introspection
from livret.project import Project, write
from livret.translation import say

# What can be removed, by the folder that it is in: the lists in which its id may stand.
LISTS = {"initiatives": ("include", "exclude"), "partners": ("partners",), "editions": ()}
# How texts link to it.
_LINKS = {"initiatives": "card", "partners": "partner"}


@dataclass(frozen=True)
class FileChange:
    """A file that a removal changes: what it holds before and after, None where it is gone."""

    path: Path
    before: bytes
    after: bytes | None


def can_be_removed(source: SourceFile) -> bool:
    """Whether a file is one that others need not have."""
    return source.role in LISTS and not source.language


def linking(folder: Folder, source: SourceFile) -> tuple[str, ...]:
    """The files whose texts link to what a file holds, as findings show them; its own translations are none of them."""
    kind = _LINKS.get(source.role)
    others = (one for one in (*folder.sources, *folder.translations) if (one.role, one.id) != (source.role, source.id))
    return tuple(one.shown for one in others if kind and one.tree and _links(one, kind, source.id))


def _links(source: SourceFile, kind: str, id: str) -> bool:
    assert source.tree
    texts = (one.scalar.text for one in introspection.walk(source.model, source.tree))
    found = (markdown.references(text) for text in texts if f"{kind}:{id}" in text)
    return any((one.kind, one.id) == (kind, id) for references in found for one in references)


def remove(project: Project, folder: Folder, source: SourceFile, digest: str) -> tuple[FileChange, ...]:
    """Remove a file in this state, its translations, and its id in lists of the catalogue and of editions.

    Gives what was changed. Raises CannotEdit where the file was changed meanwhile or a list cannot be changed, and
    OutputError; then nothing was removed.
    """
    gone = [source, *(one for one in folder.translations if (one.role, one.id) == (source.role, source.id))]
    # Another program may have deleted files a moment ago.
    there = [one for one in gone if _path(project, one).is_file()]
    changes = [*_in_lists(project, folder, source), *(_gone(project, one) for one in there)]
    before = next((one.before for one in changes if one.path == _path(project, source)), b"")
    if source not in there or text_digest(before) != digest:
        raise CannotEdit(say("this file was changed elsewhere meanwhile; it was not removed"))
    for one in changes:
        if one.after is None:
            write(_kept(project, one.path), one.before)
    for one in changes:
        if one.after is None:
            one.path.unlink(missing_ok=True)
        else:
            save(one.path, one.after, text_digest(one.before))
    return tuple(changes)


def put_back(changes: tuple[FileChange, ...]) -> None:
    """Undo a removal. A list that was changed since stays as it is. Raises CannotEdit where a file is there again."""
    if any(one.after is None and one.path.exists() for one in changes):
        raise CannotEdit(say("there is another file of this name now; nothing was put back"))
    for one in changes:
        if one.after is None:
            write(one.path, one.before)
        else:
            save(one.path, one.before, text_digest(one.after))


def _path(project: Project, source: SourceFile) -> Path:
    return project.inside_catalogue(source.path)


def _gone(project: Project, source: SourceFile) -> FileChange:
    path = _path(project, source)
    return FileChange(path, project.read(path), None)


def _in_lists(project: Project, folder: Folder, source: SourceFile) -> Iterator[FileChange]:
    """The catalogue and the editions, as far as lists in them have the id, without it."""
    for other in folder.sources:
        if other.role not in ("catalogue", "editions") or other == source:
            continue
        path = _path(project, other)
        if not path.is_file():
            continue
        before = after = project.read(path)
        for name in LISTS[source.role]:
            listed = values_of(after).get(name)
            if isinstance(listed, list) and source.id in listed:
                after = edited(after, other.model, (name,), [one for one in listed if one != source.id])
        if after != before:
            yield FileChange(path, before, after)


def _kept(project: Project, path: Path) -> Path:
    """A name in the output folder that no other file has."""
    inside = project.output / REMOVED / path.relative_to(project.catalogue)
    others = (inside.with_name(f"{inside.stem}-{number}{inside.suffix}") for number in count(2))
    return next(name for name in chain([inside], others) if not name.exists())

"""The forms of the page: what they show of a file of content, and the changes that are saved from them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livret.content.catalogue.folder import SourceFile
from livret.content.editing.edit import CannotEdit, edited, values_of
from livret.content.editing.form import FormField, form
from livret.content.editing.form_words import in_form
from livret.content.editing.mending import typed_text, unreadable, with_text
from livret.content.editing.paragraphs import broken_lines, joined_lines, usual_width
from livret.content.editing.removal import FileChange, can_be_removed, linking, put_back, remove
from livret.content.editing.saving import Conflict, Journal, differences, save, text_digest
from livret.content.editing.splices import Path as FieldPath
from livret.content.editing.validation import check_text
from livret.content.language.markdown import plain_text
from livret.content.press.folder import press_profiles
from livret.content.schema import introspection
from livret.content.schema.introspection import Shape
from livret.content.schema.model import Initiative
from livret.content.territories import Territories, shipped
from livret.findings import LivretError, OutputError
from livret.pages.compose.copy_budget import budgets
from livret.pages.layout_file import CopyRoom
from livret.project import PICTURE_LIMIT
from livret.proofroom.choices import choice_name
from livret.proofroom.session import Session
from livret.translation import in_language, say, system_reason

# States of files that forms were loaded with; a conflict is told by comparing with them.
_KEPT = 200
# So many files are named one by one.
_FEW = 5


@dataclass(frozen=True)
class FieldChange:
    """A value for a field of a file."""

    path: FieldPath
    value: Any


@dataclass(frozen=True)
class FormRequest:
    """Which file a form is for, in which language its words are, and what the layout has room for."""

    file: str
    language: str
    rooms: Mapping[Any, CopyRoom]


class Editor:
    """Loads and saves forms. From any thread; one change is made at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._journal = Journal()
        self._lock = threading.Lock()
        self._states: OrderedDict[str, bytes] = OrderedDict()
        # What was removed, by the name of its file; no changes once it is back.
        self._removed: dict[str, tuple[str, tuple[FileChange, ...]]] = {}

    def load(self, asked: FormRequest) -> dict[str, Any]:
        """The form of a file with its values. Raises KeyError for a file that is none of the content's."""
        source, path = self._source(asked.file)
        fields = [_as_data(one, asked.language) for one in form(source.model)]
        with self._lock:
            known = {"fields": fields, "options": self._options(), "picture_limit": PICTURE_LIMIT}
            return {**known, **self._state(source, path, asked)}

    def change(self, asked: FormRequest, digest: str, changes: Iterable[FieldChange]) -> dict[str, Any]:
        """Save changes to the state of the file that the form was loaded with, which its digest tells.

        Gives the new state of the form, or a `conflict`. Raises KeyError, CannotEdit, OutputError.
        """
        source, path = self._source(asked.file)
        with self._lock:
            base = self._states.get(digest)
            there = self._read(path)
            if base is None and there is not None and text_digest(there) == digest:
                base = there
            if base is None:
                return self._conflict(source, asked, Conflict(b"", there, ()))
            changes = tuple(changes)
            if there is not None and there != base:
                if _is_in(source, there, changes):
                    # It was saved already, but the page did not get the answer.
                    return self._saved(source, path, asked, there)
                if not _can_be_read(base):
                    return self._conflict(source, asked, Conflict(b"", there, ()))
                if _is_apart(base, there, changes):
                    base, digest = there, text_digest(there)
            new = _with(source, base, changes)
            conflict = save(path, new, digest)
            if conflict:
                return self._conflict(source, asked, conflict)
            self._journal.enter(path, base, new)
            # One object for a state, however often it is read: the journal holds both ends of each change.
            self._keep(text_digest(new), new)
            return self._saved(source, path, asked, new)

    def mend(self, asked: FormRequest, digest: str, text: str) -> dict[str, Any]:
        """Save another text of a file that cannot be read, when it can be read then; else nothing is saved.

        Gives the new state of the form, or what is wrong with the text, or a `conflict`. Raises KeyError, OutputError.
        """
        source, path = self._source(asked.file)
        with self._lock:
            there = self._read(path)
            if there is None or text_digest(there) != digest or typed_text(there) is None:
                return self._conflict(source, asked, Conflict(b"", there, ()))
            new = with_text(there, text)
            if wrong := unreadable(new, source.shown):
                told = [one.as_dict(asked.language) for one in wrong]
                return {"file": source.shown, "values": None, "digest": digest, "findings": told}
            if conflict := save(path, new, digest):
                return self._conflict(source, asked, conflict)
            self._journal.enter(path, there, new)
            return self._saved(source, path, asked, new)

    def undo(self, asked: FormRequest, is_again: bool) -> dict[str, Any]:
        """Take the last change of a file back, or make it again. Raises KeyError, OutputError."""
        source, path = self._source(asked.file)
        with self._lock:
            conflict = self._journal.redo(path) if is_again else self._journal.undo(path)
            if conflict:
                return self._conflict(source, asked, conflict)
            return self._saved(source, path, asked)

    def linking(self, asked: FormRequest) -> dict[str, Any]:
        """How many files link to what a file holds, and the first of them. Raises KeyError."""
        source, _ = self._source(asked.file)
        reading = self._session.reading
        found = linking(reading.folder, source) if reading else ()
        return {"number": len(found), "files": list(found[:_FEW])}

    def remove(self, asked: FormRequest, digest: str) -> dict[str, Any]:
        """Take a card, a partner or an edition out. Raises KeyError, CannotEdit, OutputError."""
        # What was removed just before this is not looked for in lists.
        self._session.until_read()
        with self._lock:
            role, changes = self._removed.get(asked.file, ("", ()))
            # The page may not have got the answer, and ask again.
            if not changes or any(one.after is None and one.path.exists() for one in changes):
                source, _ = self._source(asked.file)
                reading = self._session.reading
                if reading is None or not can_be_removed(source):
                    raise KeyError(asked.file)
                role, changes = source.role, remove(self._session.project, reading.folder, source, digest)
                self._removed[source.shown] = role, changes
                self._session.changed([one.path for one in changes])
        return {"file": asked.file, "role": role}

    def put_back(self, file: str) -> dict[str, Any]:
        """Undo a removal. Raises KeyError for a file that was not removed, CannotEdit, OutputError."""
        with self._lock:
            if file not in self._removed and self._source(file)[1].exists():
                # It is back already.
                return {"file": file}
            role, changes = self._removed[file]
            put_back(changes)
            # The page may not get the answer, and ask again before the catalogue is read anew.
            self._removed[file] = role, ()
            self._session.changed([one.path for one in changes])
        return {"file": file}

    # --- in the lock ---

    def _saved(self, source: SourceFile, path: Path, asked: FormRequest, now: bytes | None = None) -> dict[str, Any]:
        self._session.changed([path])
        return self._state(source, path, asked, now)

    def _state(self, source: SourceFile, path: Path, asked: FormRequest, now: bytes | None = None) -> dict[str, Any]:
        """The state of a form, from the file or from what was saved `now`: somebody else may have saved after it."""
        raw = self._read(path) if now is None else now
        if raw is None:
            raise KeyError(source.shown)
        digest = text_digest(raw)
        self._keep(digest, raw)
        reading = self._session.reading
        assert reading is not None
        entity, found = check_text(self._session.project, reading, source, raw)
        state: dict[str, Any] = {
            "file": source.shown,
            "role": source.role,
            "removable": can_be_removed(source),
            "id": source.id,
            "digest": digest,
            "undo": self._journal.can_undo(path),
            "redo": self._journal.can_redo(path),
            "findings": [{"path": list(one.path), **in_form(one.finding).as_dict(asked.language)} for one in found],
            "values": None,
            "text": None,
            "words": [],
            "budgets": [],
        }
        try:
            values = values_of(raw)
            state["values"] = _each_markdown(Shape(model=source.model), values, joined_lines)
        except CannotEdit as problem:
            state["problem"] = _problem(problem, asked.language)
            state["text"] = typed_text(raw)
            return state
        state["words"] = [{"path": list(path), "words": number} for path, number in _words(source, values)]
        if isinstance(entity, Initiative):
            state["budgets"] = [
                {"flow": one.flow, "words": one.words, "room": one.room} for one in budgets(entity, asked.rooms)
            ]
        return state

    def _conflict(self, source: SourceFile, asked: FormRequest, conflict: Conflict) -> dict[str, Any]:
        if conflict.there is None:
            return {"conflict": {"digest": "", "differences": []}}
        digest = text_digest(conflict.there)
        self._keep(digest, conflict.there)
        found = conflict.differences or (differences(conflict.mine, conflict.there) if conflict.mine else ())
        told = [
            {"label": _name(source, one.path, asked.language), "mine": one.here, "theirs": one.there} for one in found
        ]
        return {"conflict": {"digest": digest, "differences": told}}

    def _keep(self, digest: str, raw: bytes) -> None:
        self._states.setdefault(digest, raw)
        self._states.move_to_end(digest)
        while len(self._states) > _KEPT:
            self._states.popitem(last=False)

    def _source(self, shown: str) -> tuple[SourceFile, Path]:
        """A file of the content, by the name that findings show; an empty one is `catalogue.yaml`. Raises KeyError."""
        source = self._session.source(shown)
        if source is None:
            raise KeyError(shown)
        return source, self._session.project.inside_catalogue(source.path)

    def _read(self, path: Path) -> bytes | None:
        try:
            return self._session.project.read(path)
        except FileNotFoundError:
            return None
        except OSError as problem:
            reason = system_reason(problem)
            raise OutputError(say("this file cannot be read: {reason}", reason=reason)) from None

    def _options(self) -> dict[str, Any]:
        """What can be chosen in fields that name something."""
        project, reading = self._session.project, self._session.reading
        assert reading is not None
        catalogue, folder = reading.catalogue, reading.folder
        pictograms = {path.stem for place in project.folders("pictograms") for path in place.glob("*.svg")}
        return {
            "theme": [{"id": one.id, "name": one.name} for one in catalogue.publication.themes] if catalogue else [],
            "territory": _territories(reading.territories or shipped()),
            "partner": [{"id": id, "name": one.name} for id, one in catalogue.partners.items()] if catalogue else [],
            "card": [{"id": one.id, "name": one.title or one.pilot.name} for one in catalogue.initiatives]
            if catalogue
            else [],
            "pictogram": [{"id": name, "name": name} for name in sorted(pictograms)],
            "layout": [{"id": name, "name": name} for name in self._session.book_layouts()],
            "press-profile": [{"id": name, "name": name} for name in press_profiles(project)],
            "picture": [{"id": path, "name": path} for path in sorted(folder.paths) if path.startswith("images/")],
        }


def _each_markdown(shape: Shape, value: Any, change: Callable[[str], str]) -> Any:
    """A value with each Markdown text in it changed."""
    if isinstance(value, dict) and shape.model:
        known = introspection.fields(shape.model)
        return {name: _each_markdown(known.get(name, Shape()), inner, change) for name, inner in value.items()}
    if isinstance(value, list) and shape.item:
        return [_each_markdown(shape.item, inner, change) for inner in value]
    is_markdown = isinstance(value, str) and shape.kind is not None and shape.kind.name == "markdown"
    return change(value) if is_markdown else value


def _typed(shape: Shape, value: Any, values: Any, path: FieldPath) -> Any:
    """A value of a form with the lines that its texts have in the file."""
    if not (shape.kind and shape.kind.name == "markdown" and isinstance(value, str)):
        return value
    texts = list(_long_texts(values))
    before: Any = values
    for step in path:
        before = before.get(step) if isinstance(before, dict) else None
    return broken_lines(value, before if isinstance(before, str) else "", usual_width(texts))


def _long_texts(values: Any) -> Iterator[str]:
    """Every text in the values of a file with several lines."""
    if isinstance(values, str):
        if "\n" in values:
            yield values
    else:
        for inner in values.values() if isinstance(values, dict) else values:
            yield from _long_texts(inner)


def _territories(known: Territories) -> list[dict[str, Any]]:
    """Regions with what lies in them, those of the catalogue's own country first; then the countries."""
    tops = [place for place in known.table.values() if not place.parent and place.kind != "country"]
    own = known.regions(known.country)
    tops.sort(key=lambda place: place not in own)
    found = [
        {"id": one.code, "name": one.name, "inside": [{"id": i.code, "name": i.name} for i in known.parts(one)]}
        for one in tops
    ]
    countries = [{"id": one.code, "name": one.name} for one in known.table.values() if one.kind == "country"]
    return [*found, *countries]


def _as_data(field: FormField, language: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "widget": field.widget,
        "label": in_language(field.label, language),
        "help": in_language(field.help, language),
        "example": field.example,
        "required": field.is_required,
        "limit": field.limit,
        "choices": [{"id": one, "name": in_language(choice_name(field.name, one), language)} for one in field.choices],
        "item": field.item,
        "fields": [_as_data(one, language) for one in field.fields],
    }


def _name(source: SourceFile, path: FieldPath, language: str) -> str:
    """A path in the words of the form: "Contacts 2, E-mail"."""
    fields = form(source.model)
    words: list[str] = []
    for step in path:
        if isinstance(step, int):
            words[-1:] = [f"{words[-1] if words else ''} {step + 1}"]
            continue
        field = next((one for one in fields if one.name == step), None)
        words.append(in_language(field.label, language) if field else step)
        fields = field.fields if field else ()
    return ", ".join(words)


def _words(source: SourceFile, values: Any) -> Iterable[tuple[FieldPath, int]]:
    """The number of words in each Markdown text, as the budget counts them."""
    stack: list[tuple[FieldPath, Shape, Any]] = [((), Shape(model=source.model), values)]
    while stack:
        path, shape, value = stack.pop()
        if isinstance(value, dict) and shape.model:
            known = introspection.fields(shape.model)
            stack += [((*path, name), known[name], inner) for name, inner in value.items() if name in known]
        elif isinstance(value, list) and shape.item:
            stack += [((*path, number), shape.item, inner) for number, inner in enumerate(value)]
        elif isinstance(value, str) and shape.kind and shape.kind.name == "markdown":
            yield path, len(plain_text(value).split())


def _with(source: SourceFile, raw: bytes, changes: Iterable[FieldChange]) -> bytes:
    """A file with these changes. Raises KeyError, CannotEdit."""
    for one in changes:
        shape = introspection.at(source.model, one.path)
        raw = edited(raw, source.model, one.path, _typed(shape, one.value, values_of(raw), one.path))
    return raw


def _can_be_read(raw: bytes) -> bool:
    try:
        values_of(raw)
    except CannotEdit:
        return False
    return True


def _is_in(source: SourceFile, there: bytes, changes: Iterable[FieldChange]) -> bool:
    """Whether a file has these changes."""
    try:
        return _with(source, there, changes) == there
    except CannotEdit:
        return False


def _is_apart(base: bytes, there: bytes, changes: Iterable[FieldChange]) -> bool:
    """Whether somebody else changed other fields than these: then both changes can stand in the file."""
    try:
        before, now = values_of(base), values_of(there)
    except CannotEdit:
        return False
    names = {str(one.path[0]) for one in changes}
    return all(before.get(name) == now.get(name) for name in names)


def _problem(problem: LivretError, language: str) -> dict[str, Any]:
    return {
        "message": in_language(problem.message, language),
        "hints": [in_language(hint, language) for hint in problem.hints],
    }

"""Changes one value of a file of content, and nothing else: the rest stays as it was typed, byte by byte.

A change is spliced into the text where the value stands. Then the whole file is read again, as `livret check` reads it:
the change is given only if the file now holds the new value and all others as before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from livret.content.editing.groups import NewNodes, Value
from livret.content.editing.line_ends import TypedFile
from livret.content.editing.splices import (
    Path,
    PlacedValue,
    Splice,
    add_entry,
    arrange,
    find,
    put_scalar,
    remove_entry,
    replace_value,
)
from livret.content.schema.base import Model
from livret.content.schema.introspection import Shape
from livret.content.yaml import tree
from livret.content.yaml.reader import control_character, parse
from livret.content.yaml.spans import GroupSpan, ListSpan, ScalarSpan, spans
from livret.content.yaml.tree import plain_values
from livret.findings import LivretError
from livret.translation import say


class CannotEdit(LivretError):
    """The value cannot be changed where it stands; the file is left as it is."""


def values_of(raw: bytes) -> dict[str, Any]:
    """The values of a file as forms hold them: text without empty lines around it. Raises CannotEdit."""
    root, findings = parse(raw, "")
    if root is None:
        reason = say("this file cannot be read: {reason}", reason=findings[-1].message)
        raise CannotEdit(reason, say("mend it in a text editor"))
    return _read(root)


def edited(raw: bytes, model: type[Model], path: Path, value: Value) -> bytes:
    """The file with another value at a path of field names and positions in lists.

    In: the bytes of the file, what it describes, and the value: text, a list, or fields by name. An empty one takes
    the field out; a field that is absent is added, with the groups around it. Raises CannotEdit.
    """
    if any(control_character(text) for text in _texts(value)):
        raise CannotEdit(
            say("there is an invisible character in this text, which a file may not contain"),
            say("it often comes with text pasted from another program: type the words around it again"),
        )
    work = _Work(raw, model)
    _assign(work, path, _at(work.values, path), _clean(value))
    return work.file.raw


class _Work:
    """A file while it is changed, one splice after the other."""

    def __init__(self, raw: bytes, model: type[Model]) -> None:
        self.file = TypedFile(raw)
        self.shape = Shape(model=model)
        self.values = values_of(raw)

    def found(self, path: Path) -> PlacedValue:
        """The value at a path, which must be there. Raises CannotEdit for one that an alias (*name) repeats."""
        found = find(self.file.text, spans(self.file.text), path, self.shape)
        if found is None:
            raise _written_otherwise()
        return found

    def accept(self, path: Path, value: Any, ways: Iterable[Splice]) -> None:
        """Take the first way after which the file holds the value at the path, and else what it held."""
        expected = _with(self.values, path, value)
        for way in ways:
            trial = self.file.spliced(way.start, way.end, way.new)
            root, _ = parse(trial.raw, "")
            if root is not None and _read(root) == expected:
                self.file, self.values = trial, expected
                return
        raise _written_otherwise()


def _written_otherwise() -> CannotEdit:
    return CannotEdit(
        say("this value cannot be changed alone, because of how it is written in the file"),
        say("change it in a text editor: the value after &name is used again at *name"),
    )


def _assign(work: _Work, path: Path, old: Any, new: Any) -> None:
    """Make `new` of what stands at a path, by the smallest changes."""
    if old == new or (not old and not new):
        return
    if not new:
        _remove(work, path)
    elif not old:
        _add(work, path, new)
    elif isinstance(old, str) and isinstance(new, str):
        found = work.found(path)
        if isinstance(found.span, ScalarSpan):
            work.accept(path, new, put_scalar(work.file.text, found, new))
        else:
            _replace(work, path, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        # First what is added, so that the group is never empty.
        for name in sorted({*old, *new}, key=lambda name: (not new.get(name), list({**new, **old}).index(name))):
            _assign(work, (*path, name), old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        _assign_list(work, path, old, new)
    else:
        _replace(work, path, new)


def _assign_list(work: _Work, path: Path, old: list[Any], new: list[Any]) -> None:
    """Keep the items that stay, where they go; change those that are in the place of another."""
    found = work.found(path)
    if not isinstance(found.span, ListSpan):
        _replace(work, path, new)
        return
    keys_old, keys_new = ([json.dumps(item, sort_keys=True) for item in items] for items in (old, new))
    taken: dict[int, int] = {}
    changed: list[tuple[int, int]] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, keys_old, keys_new, autojunk=False).get_opcodes():
        if kind == "equal":
            taken.update(zip(range(j, j_end), range(i, i_end), strict=True))
        elif kind == "replace":
            changed += zip(range(j, j_end), range(i, i_end), strict=False)
    left = [number for number in range(len(old)) if number not in taken.values()]
    for j, key in enumerate(keys_new):
        if j not in taken and (same := next((number for number in left if keys_old[number] == key), None)) is not None:
            left.remove(same)
            taken[j] = same
    for j, i in changed:
        if j not in taken and i in left and type(old[i]) is type(new[j]):
            left.remove(i)
            taken[j] = i
    order: list[int | Value] = [taken.get(j, new[j]) for j in range(len(new))]
    if order != list(range(len(old))):
        target = [old[taken[j]] if j in taken else new[j] for j in range(len(new))]
        text = work.file.text
        ways = (arrange(text, found, order, NewNodes(careful)) for careful in (False, True))
        work.accept(path, target, ways)
    for j in taken:
        _assign(work, (*path, j), old[taken[j]], new[j])


def _replace(work: _Work, path: Path, new: Any) -> None:
    """Another kind of value."""
    found = work.found(path)
    parent = work.found(path[:-1])
    text, name = work.file.text, path[-1]
    if isinstance(name, int):
        order = [new if number == name else number for number in range(len(_at(work.values, path[:-1])))]
        work.accept(path, new, (arrange(text, parent, order, NewNodes(careful)) for careful in (False, True)))
        return
    assert isinstance(parent.span, GroupSpan)
    entry = parent.span.entry(name)
    assert entry is not None
    work.accept(path, new, (replace_value(text, entry, found, new, NewNodes(careful)) for careful in (False, True)))


def _add(work: _Work, path: Path, new: Any) -> None:
    """A value that was absent, with the groups above it that are absent too."""
    while len(path) > 1 and _at(work.values, path[:-1]) is None:
        new = {path[-1]: new} if isinstance(path[-1], str) else [new]
        path = path[:-1]
    parent, name = work.found(path[:-1]), path[-1]
    if isinstance(name, int):
        items = _at(work.values, path[:-1])
        order = [*range(len(items)), new]
        ways = (arrange(work.file.text, parent, order, NewNodes(careful)) for careful in (False, True))
        work.accept((*path[:-1], len(items)), new, ways)
        return
    if not isinstance(parent.span, GroupSpan):
        raise CannotEdit(say("there is a text where fields are expected"), say("change it in a text editor"))
    group = parent.span
    entry = group.entry(name)
    if entry is None:
        work.accept(path, new, (add_entry(work.file.text, parent, name, new, NewNodes(c)) for c in (False, True)))
    elif isinstance(new, str) and isinstance(entry.value, ScalarSpan):
        found = work.found(path)
        work.accept(path, new, put_scalar(work.file.text, found, new))
    else:
        _replace(work, path, new)


def _remove(work: _Work, path: Path) -> None:
    """Take a value out, with the groups above it that would be empty."""
    while len(path) > 1 and len(_at(work.values, path[:-1])) == 1:
        path = path[:-1]
    parent, name = work.found(path[:-1]), path[-1]
    text = work.file.text
    if isinstance(name, int):
        order: list[int | Value] = [n for n in range(len(_at(work.values, path[:-1]))) if n != name]
        work.accept(path, None, (arrange(text, parent, order, NewNodes(careful)) for careful in (False, True)))
        return
    assert isinstance(parent.span, GroupSpan)
    entry = parent.span.entry(name)
    assert entry is not None
    work.accept(path, None, _ways_out(text, parent.span, entry.name))


def _ways_out(text: str, group: GroupSpan, name: str) -> Iterator[Splice]:
    entry = group.entry(name)
    assert entry is not None
    if len(group.entries) > 1:
        yield remove_entry(text, group, entry)
    # The last field: its name stays, without a value.
    yield Splice(entry.colon, max(entry.colon, entry.value.last), "")


def _at(values: Any, path: Path) -> Any:
    for step in path:
        if isinstance(values, dict) and isinstance(step, str):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


def _with(values: Any, path: Path, value: Any) -> Any:
    """The values with another one at a path, None for none; groups that are empty then are absent."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(values)
        inner = _with(items[step] if step < len(items) else None, rest, value)
        items[step : step + 1] = [] if _is_nothing(inner) else [inner]
        return items
    group = dict(values or {})
    inner = _with(group.get(step), rest, value)
    if _is_nothing(inner):
        group.pop(step, None)
    else:
        group[step] = inner
    return group


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _read(root: tree.Mapping) -> dict[str, Any]:
    """The values of a file. Items are counted as the reader counts them: a group without a value is one, too."""
    cleaned: dict[str, Any] = _clean(plain_values(root), keeps_rows=True)
    return cleaned


def _clean(value: Any, keeps_rows: bool = False) -> Any:
    """A value as forms hold it: no white space after a text, no empty field, item or line around it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    if isinstance(value, Mapping):
        cleaned = {str(name): _clean(inner, keeps_rows) for name, inner in value.items()}
        return {name: inner for name, inner in cleaned.items() if not _is_nothing(inner)}
    if isinstance(value, Sequence):
        items = [_clean(item, keeps_rows) for item in value]
        return [item for item in items if not _is_nothing(item) or (keeps_rows and item == {})]
    return ""


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)

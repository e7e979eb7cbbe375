"""Content in further languages: `aajt.en.yaml` beside `aajt.yaml` holds the texts of that card in English.

A translation has the fields of its file, but only texts. What it does not give stays as it is. Lists are matched entry
by entry, themes by their id. The two are one tree, in which each value still knows its own file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from livret.content.catalogue.entities import entity_of
from livret.content.catalogue.folder import Folder, SourceFile
from livret.content.language_tags import TextIn
from livret.content.messages import quoted
from livret.content.schema import introspection
from livret.content.schema.base import Model
from livret.content.schema.introspection import Shape
from livret.content.schema.model import Translation
from livret.content.territories import Territories
from livret.content.yaml.tree import FieldEntry, Mapping, Node, Scalar, Sequence
from livret.findings import Finding, Location, error, has_errors, warning
from livret.translation import say, say_number

# What a translation may give: texts, and what leads to a page or a picture in the other language.
_TEXTS = frozenset({"text", "markdown"})
_GIVEN = _TEXTS | {"picture", "website", "email", "phone", "price"}
# Texts that are the same in every language unless the translation gives them.
_PROPER = frozenset({"acronym", "sort_as", "organisation", "credit", "address", "value", "place", "reason"})
# Names are proper ones, but for those of themes.
_NAME = "name"
_FEW = 6


def translations_of(folder: Folder, known: Territories | None) -> tuple[tuple[Translation, ...], tuple[Finding, ...]]:
    """Every translation that can be used, and what is wrong with the others. In: the folder, its territories."""
    bases = {(source.role, source.id): source for source in folder.sources}
    written = next((_language_of(one.tree) for one in folder.of("catalogue") if one.tree), "")
    made: list[Translation] = []
    findings: list[Finding] = []
    for source in folder.translations:
        base = bases.get((source.role, source.id))
        where = Location(source.shown)
        if base is None:
            name = source.path.rpartition("/")[2].split(".")[0]
            message = say("this is a translation, and there is no {name}.yaml", name=name)
            findings.append(error("lost-translation", message, where, say("name it as the file that it translates")))
        elif base.tree is not None and source.tree is not None:
            found = tuple(_faults(Shape(model=source.model), base.tree, source.tree, ()))
            findings += found
            if has_errors(found):
                continue
            whole = replace(source, tree=_merged(base.tree, source.tree))
            entity, wrong = entity_of(whole, known)
            # What is wrong in the base has been told there.
            findings += [one for one in wrong if one.where and one.where.path == source.shown]
            if entity is None:
                continue
            fields = tuple(_fields(source, base.tree))
            missing = {name: path for name, path in fields if _at(source.tree, path) is None}
            findings += _untranslated(source, tuple(missing), where)
            spoken = _language_of(base.tree) or written
            for path in missing.values():
                entity = _said(entity, path, spoken)
            made.append(Translation(source.role, source.language, entity, len(fields), tuple(missing)))
    return tuple(made), tuple(findings)


def _untranslated(source: SourceFile, missing: tuple[str, ...], where: Location) -> Iterator[Finding]:
    if not missing:
        return
    shown = [*missing[:_FEW], *(["…"] if len(missing) > _FEW else [])]
    message = say_number(
        "{number} field has no text in this language: {fields}",
        "{number} fields have no text in this language: {fields}",
        number=len(missing),
        fields=", ".join(shown),
    )
    hint = say("until they have one, these are printed in the language of the file that this translates")
    yield warning("untranslated-field", message, where, hint)


def _language_of(tree: Mapping) -> str:
    """The language that a file says it is in; empty when it says none."""
    value = tree.value("language")
    return value.text.strip() if isinstance(value, Scalar) else ""


def place_of_text(folder: Folder, shown: str, path: tuple[str | int, ...]) -> tuple[str, tuple[str | int, ...]]:
    """The file, as findings show it, and the field in it, where the words of a field stand.

    In: the file that a part is printed from, and the field of the whole that it gives. What a translation does not give
    stands in the file that it translates.
    """
    given = next((one for one in folder.translations if one.shown == shown), None)
    base = next((one for one in folder.sources if given and (one.role, one.id) == (given.role, given.id)), None)
    if given is None or base is None or base.tree is None:
        return shown, path
    own = _own_path(base.tree, given.tree, path)
    return (base.shown, path) if own is None else (shown, own)


def _own_path(base: Node | None, given: Node | None, path: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """The path of a field in a translation, whose lists may have fewer entries; None if it does not give the field."""
    own: list[str | int] = []
    for step in path:
        if isinstance(given, Mapping) and isinstance(step, str):
            base, given = base.value(step) if isinstance(base, Mapping) else None, given.value(step)
            own.append(step)
        elif isinstance(given, Sequence) and isinstance(base, Sequence) and isinstance(step, int):
            pairs = _pairs(base, given)
            there = base.items[step] if step < len(base.items) else None
            place = next((at for at, (_, one) in enumerate(pairs) if one is there), None)
            if there is None or place is None:
                return None
            base, given = there, given.items[place]
            own.append(place)
        else:
            return None
    return None if given is None or given.is_empty else tuple(own)


AnyModel = TypeVar("AnyModel", bound=Model)


def _said(model: AnyModel, path: tuple[str | int, ...], language: str) -> AnyModel:
    """A model with the language of the text at this path; what has no text there stays as it is."""
    field, *further = path
    value = getattr(model, str(field), None)
    told: object = value
    if isinstance(value, str):
        told = TextIn(value, language)
    elif isinstance(value, Model) and further:
        told = _said(value, tuple(further), language)
    elif isinstance(value, tuple) and further:
        told = tuple(
            _said(item, tuple(further[1:]), language)
            if isinstance(item, Model) and further[0] in {place, getattr(item, "id", None)}
            else item
            for place, item in enumerate(value)
        )
    return model if told is value else model.model_copy(update={str(field): told})


def is_partly_foreign(model: Model) -> bool:
    """Whether any text of a part is in another language than the part."""
    return any(map(_is_foreign, (getattr(model, name) for name in type(model).model_fields)))


def _is_foreign(value: object) -> bool:
    if isinstance(value, tuple):
        return any(map(_is_foreign, value))
    return is_partly_foreign(value) if isinstance(value, Model) else isinstance(value, TextIn)


def _faults(shape: Shape, base: Node, given: Node, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """What a translation gives that it may not: fields that are no texts, entries that its base does not have."""
    if isinstance(given, Mapping) and isinstance(base, Mapping) and shape.model:
        known = introspection.fields(shape.model)
        for name, entry in given.entries.items():
            if name not in known or entry.value.is_empty or (name == "id" and path):
                # The model tells of fields that it does not know.
                continue
            there = base.value(name)
            if there is None and not _is_text(known[name]):
                yield _not_text(name, entry.where)
            elif there is not None:
                yield from _faults(known[name], there, entry.value, (*path, name))
    elif isinstance(given, Sequence) and isinstance(base, Sequence) and shape.item:
        if shape.item.kind and not shape.item.model:
            yield _not_text(str(path[-1]) if path else "", given.where)
            return
        for place, (item, there) in enumerate(_pairs(base, given)):
            if there is None:
                message = say("this list has more entries than that of the file it translates")
                yield error("lost-translation", message, item.where, say("delete the entry, or add it there first"))
            else:
                yield from _faults(shape.item, there, item, (*path, place))
    elif isinstance(given, Scalar) and shape.kind and shape.kind.name not in _GIVEN:
        yield _not_text(str(path[-1]) if path else "", given.where)


def _not_text(name: str, where: Location) -> Finding:
    message = say("{field} is the same in all languages", field=quoted(name))
    return error("not-a-text", message, where, say("delete it here; a translation holds only texts"))


def _is_text(shape: Shape) -> bool:
    return bool(shape.kind and shape.kind.name in _GIVEN)


def _pairs(base: Sequence, given: Sequence) -> list[tuple[Node, Node | None]]:
    """Each entry of a translated list with the entry it translates: the one of the same id, else of the same place."""
    by_id = {str(one): item for item in base.items if (one := _id(item))}
    found: list[tuple[Node, Node | None]] = []
    for place, item in enumerate(given.items):
        own = _id(item)
        there = by_id.get(own) if own else base.items[place] if place < len(base.items) else None
        found.append((item, there))
    return found


def _id(node: Node) -> str | None:
    value = node.value("id") if isinstance(node, Mapping) else None
    return value.text.strip() if isinstance(value, Scalar) else None


def _merged(base: Node, given: Node) -> Mapping:
    merged = _merge(base, given)
    assert isinstance(merged, Mapping)
    return merged


def _merge(base: Node, given: Node) -> Node:
    """The base with what the translation gives in place of its texts."""
    if given.is_empty:
        return base
    if isinstance(base, Mapping) and isinstance(given, Mapping):
        entries = dict(base.entries)
        for name, entry in given.entries.items():
            before = entries.get(name)
            value = _merge(before.value, entry.value) if before and not before.value.is_empty else entry.value
            entries[name] = FieldEntry(entry.where, value)
        return Mapping(entries, given.where, base.size + given.size, max(base.depth, given.depth))
    if isinstance(base, Sequence) and isinstance(given, Sequence):
        items = list(base.items)
        for item, there in _pairs(base, given):
            if there is not None:
                items[items.index(there)] = _merge(there, item)
        return Sequence(tuple(items), given.where, base.size + given.size, max(base.depth, given.depth))
    return given


def _fields(source: SourceFile, base: Mapping) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The texts of a file that need another language, each as it is told (`contacts.1.role`) and its path."""
    for value in introspection.walk(source.model, base):
        if not value.shape.kind or value.shape.kind.name not in _TEXTS:
            continue
        field = str(value.path[-1])
        is_theme = value.path[0] == "themes"
        if field in _PROPER or (field == _NAME and not is_theme):
            continue
        shown = ".".join(str(step + 1) if isinstance(step, int) else step for step in value.path)
        # Themes are matched by their id, wherever they stand in the translation.
        path = _themes_path(base, value.path) if is_theme else value.path
        yield shown, path


def _themes_path(base: Mapping, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    themes = base.value("themes")
    assert isinstance(themes, Sequence)
    place = path[1]
    assert isinstance(place, int)
    return ("themes", _id(themes.items[place]) or place, *path[2:])


def _at(tree: Node, path: tuple[str | int, ...]) -> Node | None:
    """What stands at a path; a text where a list is, is the id of an entry."""
    node: Node | None = tree
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.value(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step] if step < len(node.items) else None
        elif isinstance(node, Sequence):
            node = next((item for item in node.items if _id(item) == step), None)
        else:
            return None
    return None if node is None or node.is_empty else node

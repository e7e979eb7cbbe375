"""Turns what the model refuses into findings: with the right line, plain words, and where the value belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from livret.content.messages import did_you_mean, listed, quoted
from livret.content.schema import introspection
from livret.content.schema.base import Model
from livret.content.schema.model import Initiative
from livret.content.schema.validators import BadValueError
from livret.content.yaml.tree import FieldEntry, Mapping, Node, Scalar, Sequence
from livret.findings import Finding, Location, error
from livret.translation import Text, say

Path = tuple[str | int, ...]

# French names that authors type for a field, where the nearest spelling would not find it.
_FRENCH = {
    "nom": "name",
    "titre": "title",
    "sous-titre": "subtitle",
    "courriel": "email",
    "mail": "email",
    "tel": "phones",
    "téléphone": "phones",
    "telephone": "phones",
    "phone": "phones",
    "site": "website",
    "adresse": "address",
    "fonction": "role",
    "légende": "caption",
    "crédit": "credit",
    "cadrage": "fit",
    "couleur": "color",
    "colour": "color",
    "résumé": "summary",
    "objectif": "summary",
    "résultats": "results",
    "chiffres": "figures",
    "thèmes": "themes",
    "partenaires": "partners",
    "pilote": "pilot",
    "territoires": "territories",
    "texte": "body",
    "text": "body",
    "lieu": "place",
    "langue": "language",
    "mentions": "legal",
    "imprimeur": "printer",
    "dépôt": "deposit",
    "dépôt légal": "deposit",
    "prix": "price",
}

# The rule for a value that is not among the choices of its kind.
_UNKNOWN = {
    "binding": "unknown-binding",
    "colour-mode": "unknown-colour-mode",
    "filler": "unknown-filler",
    "fit": "unknown-fit",
    "country": "unknown-country",
    "scope": "unknown-scope",
    "section": "unknown-section",
    "sign-off": "unknown-sign-off",
    "state": "unknown-state",
}


@dataclass(frozen=True)
class Fault:
    """One error of the model: its type (a rule, or pydantic's own name for it), its path, and its message and hints."""

    type: str
    path: Path
    message: Text | None
    hints: tuple[Text, ...]

    @classmethod
    def of(cls, given: Any) -> Fault:
        """From one entry of pydantic's list of errors."""
        refused = (given.get("ctx") or {}).get("error")
        if isinstance(refused, BadValueError):
            return cls(refused.rule, tuple(given["loc"]), refused.message, refused.hints)
        return cls(given["type"], tuple(given["loc"]), None, ())


def findings(model: type[Model], tree: Mapping, faults: Iterable[Fault]) -> tuple[Finding, ...]:
    """A finding for each fault of a file. In: its model, its tree, and the faults. Never raises."""
    return tuple(_finding(model, tree, fault) for fault in faults)


def _finding(model: type[Model], tree: Mapping, fault: Fault) -> Finding:
    where, node = _locate(tree, fault.path)
    if fault.type == "extra_forbidden":
        return _unknown_field(model, fault.path, where)
    if fault.type == "missing":
        return _missing(model, tree, fault.path)
    if fault.type == "too_short":
        return _too_short(model, fault.path, where)
    expected = introspection.at(model, fault.path)
    if fault.type == "literal_error" and isinstance(node, Scalar) and expected.kind:
        return error(
            _UNKNOWN[expected.kind.name],
            say("{text} is not {one}", text=quoted(node.text), one=expected.kind.one),
            where,
            *did_you_mean(node.text, expected.choices),
            say("choose from {choices}", choices=listed(expected.choices, "or")),
        )
    if fault.message:
        return error(fault.type, fault.message, where, *fault.hints)
    name = _named(fault.path)
    return error(
        "wrong-type",
        say(
            "{name} must be {words}; here is {described}",
            name=name,
            words=expected.words,
            described=_described(node),
        ),
        where,
        *_mend(expected, node),
    )


def _locate(tree: Mapping, path: Path) -> tuple[Location, Node | None]:
    """The place of the field or list item at a path, or of the nearest thing above it; and its value."""
    where, node = Location(tree.where.path, 1), None
    current: Node = tree
    for step in path:
        if isinstance(current, Mapping) and isinstance(step, str) and step in current.entries:
            entry: FieldEntry = current.entries[step]
            where, node = entry.where, entry.value
        elif isinstance(current, Sequence) and isinstance(step, int) and step < len(current.items):
            node = current.items[step]
            where = node.where
        else:
            return where, None
        current = node
    return where, node


def _named(path: Path) -> Text:
    """A path in words: `"phones" in item 2 of "contacts"`."""
    words: Text | None = None
    for step in path:
        if isinstance(step, int):
            own = say("item {number}", number=step + 1)
            words = say("{item} of {group}", item=own, group=words) if words else own
        else:
            own = say('"{text}"', text=step)
            words = say("{field} in {group}", field=own, group=words) if words else own
    return words or say("the file")


def _missing(model: type[Model], tree: Mapping, path: Path) -> Finding:
    parent, node = _locate(tree, path[:-1])
    name = path[-1]
    expected = introspection.at(model, path)
    group = _named(path[:-1]) if path[:-1] else None
    rule = "no-theme" if model is Initiative and path == ("themes",) else "missing-field"
    holder: Node | None = node if path[:-1] else tree
    if isinstance(holder, Mapping) and name in holder.entries:
        return error(
            rule,
            say('the field "{name}" in {group} is empty', name=name, group=group)
            if group
            else say('the field "{name}" is empty', name=name),
            holder.entries[str(name)].where,
            say("write {words}", words=expected.words),
        )
    hint = (
        say("add {name}: {example}", name=name, example=expected.example)
        if expected.example != "|"
        else say("add {name}: | and the text below it, indented", name=name)
    )
    message = (
        say('the field "{name}" is missing in {group}', name=name, group=group)
        if group
        else say('the field "{name}" is missing', name=name)
    )
    return error(rule, message, parent, hint)


def _too_short(model: type[Model], path: Path, where: Location) -> Finding:
    expected = introspection.at(model, path)
    rule = "no-theme" if model is Initiative and path == ("themes",) else "missing-field"
    return error(
        rule, say("{path} is an empty list", path=_named(path)), where, say("write {words}", words=expected.words)
    )


def _unknown_field(model: type[Model], path: Path, where: Location) -> Finding:
    name = str(path[-1])
    here = introspection.at(model, path[:-1]).model
    known = tuple(introspection.fields(here)) if here else ()
    meant = _FRENCH.get(name.casefold(), name)
    elsewhere = list(_groups_with(model, meant))
    hints: tuple[Text, ...] = ()
    if meant in known:
        hints = (say('did you mean "{word}"?', word=meant),)
    elif elsewhere:
        places = listed(elsewhere, "or")
        hints = (
            say('"{name}" belongs {places}', name=meant, places=places)
            if meant != name
            else say("it belongs {places}", places=places),
        )
    else:
        hints = did_you_mean(name, known)
    if not hints and " " in name.strip():
        hints = (say("if this is part of a text, start the text with | after the field's name and indent its lines"),)
    if path[:-1]:
        message = say("there is no field {name} in {group}", name=quoted(name), group=_named(path[:-1]))
        fields = say("the fields there are {names}", names=listed(known))
    else:
        message = say("there is no field {name}", name=quoted(name))
        fields = say("the fields of this file are {names}", names=listed(known))
    return error("unknown-field", message, where, *hints, fields)


def _groups_with(model: type[Model], name: str) -> Iterator[Text]:
    """Where in a file a field of this name belongs: `inside contacts`."""
    if name in introspection.fields(model):
        yield say("at the top of the file")
    for group, expected in introspection.fields(model).items():
        inner = expected.item.model if expected.item else expected.model
        if inner and name in introspection.fields(inner):
            yield say("inside {group}", group=group)


def _described(node: Node | None) -> Text:
    if isinstance(node, Scalar):
        return say("the text {text}", text=quoted(node.text, 40))
    return say("a list") if isinstance(node, Sequence) else say("a group of fields")


def _mend(expected: introspection.Shape, node: Node | None) -> tuple[Text, ...]:
    """How to write the value that was probably meant."""
    if isinstance(node, Scalar) and (group := _file_group(expected.item or expected, node.text)):
        return (say("write {example}", example=f"[{group}]" if expected.item else group),)
    if expected.item and isinstance(node, Scalar):
        if expected.item.kind and len(node.text) <= 60 and "\n" not in node.text:
            quote = '"' if expected.item.kind.example.startswith('"') else ""
            parts = [part.strip() for part in node.text.split(",") if part.strip()]
            return (say("write [{items}]", items=", ".join(quote + part + quote for part in parts)),)
        return (say("begin each item on a line of its own with a hyphen and a space"),)
    if expected.item and isinstance(node, Mapping):
        return (say("begin the first line of each item with a hyphen and a space"),)
    if expected.kind and expected.kind.name == "markdown":
        return (say("start the text with | after the field's name; its lines, lists included, follow indented"),)
    if expected.kind and isinstance(node, Mapping):
        return (say('a colon followed by a space makes a group of fields: put the text in quotes "..."'),)
    if expected.kind and isinstance(node, Sequence):
        return (say("only one value can be given here; text that begins with [ or a hyphen must be in quotes"),)
    return ()


def _file_group(expected: introspection.Shape, text: str) -> str | None:
    """The group that was meant by the path of a file alone, where a group names a file."""
    if expected.model is None or "file" not in introspection.fields(expected.model):
        return None
    if not text.strip() or len(text) > 200 or set(text) & set('\n"\\'):
        return None
    return f'{{file: "{text}"}}' if set(text) & set(",:#{}[]") else f"{{file: {text}}}"

"""One file as its model, with what is wrong with it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from livret.content.catalogue.folder import SourceFile
from livret.content.schema import errors, introspection
from livret.content.schema.base import SET_BY_READER, Entity, Model, Volume
from livret.content.schema.validators import clean
from livret.content.territories import Territories
from livret.content.yaml.tree import Mapping, plain_values
from livret.findings import Finding, Location


def entity_of(source: SourceFile, known: Territories | None) -> tuple[Entity | None, tuple[Finding, ...]]:
    """The model of one file, or None and what is wrong with it. The findings of a file without a tree exist already.

    `known` are the territories of this catalogue; None when they cannot be known, and then no code is refused.
    """
    if source.tree is None:
        return None, ()
    values = values_of(source)
    typed = [name for name in SET_BY_READER if name in plain_values(source.tree)]
    wrong = [errors.Fault("extra_forbidden", (name,), None, ()) for name in typed]
    entity: Entity | None = None
    try:
        entity = source.model.model_validate(values, context={"territories": known})
    except ValidationError as refused:
        wrong += [errors.Fault.of(given) for given in refused.errors(include_url=False, include_input=False)]
    return (None if wrong else entity), errors.findings(source.model, source.tree, wrong)


def values_of(source: SourceFile) -> dict[str, Any]:
    """The values of a file as its model takes them, with what the reader knows of it. It must have a tree."""
    assert source.tree is not None
    values: dict[str, Any] = plain_values(source.tree)
    values |= {
        "id": source.id,
        "source": Location(source.shown),
        "named_pictures": _pictures(source.model, source.tree),
    }
    if issubclass(source.model, Volume):
        values["places"] = {name: entry.where for name, entry in source.tree.entries.items()}
    return values


def _pictures(model: type[Model], tree: Mapping) -> dict[str, Location]:
    """Where each picture is named first, by its path as the model has it."""
    found: dict[str, Location] = {}
    for value in introspection.walk(model, tree):
        if value.shape.kind and value.shape.kind.name == "picture":
            found.setdefault(clean(value.scalar.text), value.scalar.where)
    return found

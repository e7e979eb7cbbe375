"""From a catalogue folder to a Catalogue: everything is read, and all findings are collected, before anything stops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from livret.content.catalogue import lint
from livret.content.catalogue.folder import Folder, SourceFile, foreword_path, read_folder
from livret.content.catalogue.own_territories import in_its_country, own_faults
from livret.content.catalogue.suppressions import accept_allowed
from livret.content.language import collation
from livret.content.schema import errors, introspection
from livret.content.schema.base import SET_BY_READER, Entity, Model, Volume
from livret.content.schema.model import (
    Allowed,
    Catalogue,
    CatalogueFile,
    EditionFile,
    EditorialPage,
    Initiative,
    Partner,
)
from livret.content.schema.own_territories import TerritoriesFile, known_territories
from livret.content.schema.validators import clean
from livret.content.territories import Territories, shipped
from livret.content.yaml.tree import Mapping, plain_values
from livret.findings import Finding, Location, has_errors
from livret.project import Project

AnyEntity = TypeVar("AnyEntity", bound=Entity)


def read_catalogue(project: Project, *, thorough: bool = False) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """Read and check a whole catalogue.

    In: a project; whether notes on typography are wanted too. Out: the catalogue, or None when a finding is an
    error; and every finding of every file, by place. Never raises, whatever the folder holds.
    """
    folder, found = read_folder(project)
    findings = list(found)
    entities: dict[str, list[Entity]] = {}
    known, faults = territories_of(folder)
    findings += faults
    for source in folder.sources:
        if source.role == "territories":
            continue
        entity, wrong = entity_of(source, known)
        findings += wrong
        if entity is not None:
            entities.setdefault(source.role, []).append(entity)
    findings += lint.findings(project, folder, known or shipped())
    if thorough:
        findings += lint.guesses(folder)
    allow = allowed_in(entities.get("catalogue", ()))
    ordered = tuple(sorted(set(accept_allowed(findings, allow)), key=lambda finding: finding.sort_key))
    if has_errors(ordered):
        return None, ordered
    return catalogue_of(entities, known or shipped()), ordered


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


def territories_of(folder: Folder) -> tuple[Territories | None, list[Finding]]:
    """The territories that this catalogue knows, and what is wrong with territories.yaml; None if something is."""
    source = next(iter(folder.of("territories")), None)
    if source is None:
        return shipped(), []
    own, found = entity_of(source, shipped())
    if not isinstance(own, TerritoriesFile):
        return None, list(found)
    known, lost = known_territories(own)
    assert source.tree
    findings = [*found, *own_faults(source.tree, own, known, lost)]
    return (None if has_errors(findings) else known), findings


def _pictures(model: type[Model], tree: Mapping) -> dict[str, Location]:
    """Where each picture is named first, by its path as the model has it."""
    found: dict[str, Location] = {}
    for value in introspection.walk(model, tree):
        if value.shape.kind and value.shape.kind.name == "picture":
            found.setdefault(clean(value.scalar.text), value.scalar.where)
    return found


def allowed_in(entities: Iterable[Entity]) -> tuple[Allowed, ...]:
    """The rules that `catalogue.yaml` allows."""
    return tuple(rule for one in _of(entities, CatalogueFile) for rule in one.allow)


def _of(entities: Iterable[Entity], model: type[AnyEntity]) -> list[AnyEntity]:
    return [entity for entity in entities if isinstance(entity, model)]


def catalogue_of(entities: dict[str, list[Entity]], known: Territories) -> Catalogue:
    """Everything in its order. Raises KeyError or ValueError when a file is missing that another one names."""
    (publication,) = _of(entities["catalogue"], CatalogueFile)
    partners = {partner.id: partner for partner in _of(entities.get("partners", ()), Partner)}
    listed = [*publication.partners, *(name for name in partners if name not in publication.partners)]
    editions = _of(entities.get("editions", ()), EditionFile)
    forewords = {page.id: page for page in _of(entities.get("forewords", ()), EditorialPage)}
    return Catalogue(
        publication=publication,
        foreword=next(iter(_of(entities.get("foreword", ()), EditorialPage)), None),
        pages=tuple(_of(entities.get("pages", ()), EditorialPage)),
        partners={name: partners[name] for name in listed},
        initiatives=collation.cards_in_order(_of(entities.get("initiatives", ()), Initiative), publication.language),
        editions=tuple(editions),
        forewords={edition.id: forewords[foreword_path(edition.foreword)] for edition in editions if edition.foreword},
        geography=in_its_country(known, _of(entities.get("initiatives", ()), Initiative)),
    )

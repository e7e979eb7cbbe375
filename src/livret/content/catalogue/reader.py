"""From a catalogue folder to a Catalogue: everything is read, and all findings are collected, before anything stops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from livret.content.catalogue import lint
from livret.content.catalogue.entities import entity_of
from livret.content.catalogue.folder import Folder, SourceFile, foreword_path, read_folder
from livret.content.catalogue.own_territories import in_country_of_files, in_its_country, own_faults
from livret.content.catalogue.suppressions import accept_allowed
from livret.content.catalogue.text_glyphs import texts_without_glyph
from livret.content.catalogue.translations import translations_of
from livret.content.language import collation
from livret.content.schema.base import Entity
from livret.content.schema.model import (
    Allowed,
    Catalogue,
    CatalogueFile,
    EditionFile,
    EditorialPage,
    Initiative,
    Partner,
    Translation,
)
from livret.content.schema.own_territories import TerritoriesFile, known_territories
from livret.content.territories import Territories, shipped
from livret.content.yaml.tree import Scalar
from livret.findings import Finding, has_errors
from livret.project import Project

AnyEntity = TypeVar("AnyEntity", bound=Entity)


@dataclass(frozen=True)
class FolderReading:
    """A whole folder, read: each file with what it holds (None if a model refuses it), and all that was found.

    `territories` are None if territories.yaml is wrong.
    """

    folder: Folder
    files: tuple[tuple[SourceFile, Entity | None], ...]
    translations: tuple[Translation, ...]
    territories: Territories | None
    found: tuple[Finding, ...]


def read_files(project: Project, otherwise: Territories | None = None) -> FolderReading:
    """Read and check every file. Never raises, whatever the folder holds.

    `otherwise` are the territories that files may name if territories.yaml is wrong; without them, all names pass.
    """
    folder, found = read_folder(project)
    territories, own, faults = territories_of(folder)
    known = territories or otherwise
    findings = [*found, *faults]
    files: list[tuple[SourceFile, Entity | None]] = []
    for source in folder.sources:
        entity, wrong = (own, ()) if source.role == "territories" else entity_of(source, known)
        findings += wrong
        files.append((source, entity))
    translations, wrong = translations_of(folder, known)
    findings += (*wrong, *lint.findings(project, folder, known or shipped()), *_bad_fonts(project))
    return FolderReading(folder, tuple(files), translations, territories, tuple(findings))


def _bad_fonts(project: Project) -> Iterable[Finding]:
    """What is wrong with fonts of the project's own; few projects have any."""
    if not (project.root / "fonts").is_dir():
        return ()
    # Imported here because it takes a tenth of a second.
    from livret.content.font_files import bad_fonts

    return tuple(bad_fonts(project))


def by_role(files: Iterable[tuple[SourceFile, Entity | None]]) -> dict[str, list[Entity]]:
    """What the files of each role hold."""
    entities: dict[str, list[Entity]] = {}
    for source, entity in files:
        if entity is not None:
            entities.setdefault(source.role, []).append(entity)
    return entities


def in_order(findings: Iterable[Finding], allow: Iterable[Allowed]) -> tuple[Finding, ...]:
    """Each finding once, by place; what the catalogue allows is a note."""
    return tuple(sorted(set(accept_allowed(findings, tuple(allow))), key=lambda finding: finding.sort_key))


def read_catalogue(project: Project, *, thorough: bool = False) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """Read and check a whole catalogue.

    In: a project; whether notes on typography, and errors that typesetting would tell, are wanted too. Out: the
    catalogue, or None when a finding is an error; and every finding of every file, by place. Never raises, whatever the
    folder holds.
    """
    reading = read_files(project)
    entities = by_role(reading.files)
    further = (*lint.guesses(reading.folder), *texts_without_glyph(project, reading.folder)) if thorough else ()
    findings = in_order((*reading.found, *further), allowed_in(entities.get("catalogue", ())))
    if has_errors(findings):
        return None, findings
    return catalogue_of(entities, reading.territories or shipped(), reading.translations), findings


def territories_of(folder: Folder) -> tuple[Territories | None, TerritoriesFile | None, tuple[Finding, ...]]:
    """The territories that this catalogue knows, its own file of them, and what is wrong with that.

    The territories are None if something is.
    """
    source = next(iter(folder.of("territories")), None)
    if source is None:
        return in_country_of_files(shipped(), folder), None, ()
    own, found = entity_of(source, shipped())
    if not isinstance(own, TerritoriesFile):
        return None, None, tuple(found)
    publication = next((one.tree for one in folder.of("catalogue")), None)
    language = publication.value("language") if publication else None
    known, lost = known_territories(own, language.text if isinstance(language, Scalar) else "fr")
    assert source.tree
    findings = (*found, *own_faults(source.tree, own, known, lost))
    return (None if has_errors(findings) else in_country_of_files(known, folder)), own, findings


def allowed_in(entities: Iterable[Entity]) -> tuple[Allowed, ...]:
    """The rules that `catalogue.yaml` allows."""
    return tuple(rule for one in _of(entities, CatalogueFile) for rule in one.allow)


def _of(entities: Iterable[Entity], model: type[AnyEntity]) -> list[AnyEntity]:
    return [entity for entity in entities if isinstance(entity, model)]


def catalogue_of(
    entities: dict[str, list[Entity]], known: Territories, translations: tuple[Translation, ...] = ()
) -> Catalogue:
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
        translations=translations,
        geography=in_its_country(known, _of(entities.get("initiatives", ()), Initiative)),
    )

"""What `livret check` would say of a file if it held some text, each finding at its field."""

from __future__ import annotations

from dataclasses import dataclass, replace

from livret.content.catalogue import lint
from livret.content.catalogue.entities import entity_of
from livret.content.catalogue.folder import SourceFile
from livret.content.catalogue.reader import allowed_in
from livret.content.catalogue.rereading import LiveReading
from livret.content.catalogue.suppressions import accept_allowed
from livret.content.catalogue.translations import translations_of
from livret.content.editing.places import field_at
from livret.content.editing.splices import Path
from livret.content.schema import introspection
from livret.content.schema.base import Entity, Model
from livret.content.territories import shipped
from livret.content.yaml.reader import parse
from livret.findings import Finding
from livret.project import Project

# Rules of fields that are not there, and the field where it is always the same.
_MISSING = {"missing-field": "", "no-theme": "themes", "missing-territory": "territories", "no-contact": "contacts"}


@dataclass(frozen=True)
class FieldFinding:
    """A finding and the field that it is about; the path is empty where it is about the file as a whole."""

    path: Path
    finding: Finding


def check_text(
    project: Project, reading: LiveReading, source: SourceFile, raw: bytes
) -> tuple[Entity | None, tuple[FieldFinding, ...]]:
    """What a file would be with these bytes, None if it is wrong, and what is to be said of it. Never raises."""
    tree, found = parse(raw, source.shown)
    trial = replace(source, tree=tree)
    if source.language:
        # A translation is checked together with the file that it translates.
        made, told = translations_of(replace(reading.folder, translations=(trial,)), reading.territories)
        entity = made[0].entity if made else None
        said = (*found, *(one for one in told if one.where and one.where.path == source.shown))
    else:
        known = reading.territories or shipped()
        entity, wrong = entity_of(trial, reading.territories)
        said = (*found, *wrong, *lint.findings_in(trial, lint.KnownNames(project, reading.folder, known)))
    allowed = accept_allowed(said, allowed_in(reading.good.values()))
    ordered = sorted(set(allowed), key=lambda finding: finding.sort_key)
    model = source.model
    return entity, tuple(FieldFinding(_path(raw, model, one) if tree else (), one) for one in ordered)


def _path(raw: bytes, model: type[Model], finding: Finding) -> Path:
    where = finding.where
    path = field_at(raw, where.line, where.column) if where and where.line else ()
    if finding.rule not in _MISSING:
        return path
    # It points at the group in which a field is missing, or at the first line: the message has the name of the field.
    for group in (path, ()):
        try:
            shape = introspection.at(model, group)
        except KeyError:
            continue
        for name in introspection.fields(shape.model) if shape.model else ():
            if f'"{name}"' in str(finding.message).split(" in ")[0] or _MISSING[finding.rule] == name:
                return (*group, name)
    return path

"""Whatever can be set of a catalogue that has errors, for proofs: a broken card is shown with what is wrong with it.

Values that a model refuses are left out, and so is what names something that does not exist. A card whose pilot is
missing cannot be set at all. Nothing of this goes into a booklet: a build stops on errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from livret.content.catalogue.entities import values_of
from livret.content.catalogue.folder import SourceFile, foreword_path
from livret.content.catalogue.reader import allowed_in, by_role, catalogue_of, in_order, read_files
from livret.content.schema.base import Entity
from livret.content.schema.model import Catalogue, CatalogueFile, EditionFile, Initiative
from livret.content.territories import Territories, shipped
from livret.findings import Finding, has_errors
from livret.project import Project

# How often values are left out of one file: what is inside a value that was refused is refused next.
_ROUNDS = 4


def read_what_can_be(project: Project) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue without what is wrong in it, and every finding. None when catalogue.yaml itself cannot be used."""
    reading = read_files(project)
    known = reading.territories
    files = [(source, entity or (_mended(source, known) if source.tree else None)) for source, entity in reading.files]
    entities = by_role(files)
    ordered = in_order(reading.found, allowed_in(entities.get("catalogue", ())))
    if not entities.get("catalogue"):
        return None, ordered
    if has_errors(ordered):
        entities = _without_lost_names(entities)
    return catalogue_of(entities, known or shipped(), reading.translations), ordered


def _mended(source: SourceFile, known: Territories | None) -> Entity | None:
    """The model of a file without the values that it refuses; None when it needs them."""
    values = values_of(source)
    for _ in range(_ROUNDS):
        try:
            return source.model.model_validate(values, context={"territories": known})
        except ValidationError as refused:
            places = [tuple(one["loc"]) for one in refused.errors(include_url=False, include_input=False)]
        if not _cut(values, places):
            return None
    return None


def _cut(values: dict[str, Any], places: Iterable[Sequence[str | int]]) -> bool:
    """Take refused values out, the last of a list first; of a group that lacks a field, the group."""
    is_cut = False
    for place in sorted(
        places, key=lambda one: [f"{step:09}" if isinstance(step, int) else step for step in one], reverse=True
    ):
        inside: Any = values
        last: tuple[Any, str | int] | None = None
        for step in place:
            is_listed = isinstance(inside, list) and isinstance(step, int) and step < len(inside)
            if not is_listed and not (isinstance(inside, dict) and step in inside):
                break
            last, inside = (inside, step), inside[step]
        if last:
            del last[0][last[1]]
            is_cut = True
    return is_cut


def _without_lost_names(entities: dict[str, list[Entity]]) -> dict[str, list[Entity]]:
    """The files without names of themes, partners and forewords that do not exist; cards need a theme that does."""
    (publication,) = entities["catalogue"]
    assert isinstance(publication, CatalogueFile)
    themes = {theme.id for theme in publication.themes}
    partners = {one.id for one in entities.get("partners", ())}
    forewords = {one.id for one in entities.get("forewords", ())}

    def kept(one: Entity) -> Entity | None:
        if isinstance(one, Initiative):
            own = tuple(theme for theme in one.themes if theme in themes)
            return one.model_copy(update={"themes": own}) if own else None
        if isinstance(one, CatalogueFile):
            return one.model_copy(update={"partners": tuple(name for name in one.partners if name in partners)})
        if isinstance(one, EditionFile):
            listed = None if one.partners is None else tuple(name for name in one.partners if name in partners)
            foreword = one.foreword if one.foreword and foreword_path(one.foreword) in forewords else None
            return one.model_copy(update={"partners": listed, "foreword": foreword})
        return one

    return {role: [new for one in group if (new := kept(one))] for role, group in entities.items()}

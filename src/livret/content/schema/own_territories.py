"""The territories of a catalogue's own: the model of territories.yaml, and what it gives with those shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from livret.content.language_tags import main_subtag
from livret.content.schema.base import Entity, Model
from livret.content.schema.field_types import CountryCode, MapPath, NewTerritory, Text, TileSpot
from livret.content.schema.validators import Kind
from livret.content.territories import COUNTRIES, Territories, Territory, Tile, shipped
from livret.translation import say


class NameByLanguage(Model):
    """A name in several languages."""

    one: ClassVar[str] = say("a name for each language")
    many: ClassVar[str] = say("names by language")
    any: Text | None = Field(None, description="The name in every language that is not given here.")
    ar: Text | None = Field(None, description="Arabic.")
    br: Text | None = Field(None, description="Breton.")
    de: Text | None = Field(None, description="German.")
    en: Text | None = Field(None, description="English.")
    es: Text | None = Field(None, description="Spanish.")
    fr: Text | None = Field(None, description="French.")
    it: Text | None = Field(None, description="Italian.")
    lb: Text | None = Field(None, description="Luxembourgish.")
    nl: Text | None = Field(None, description="Dutch.")
    oc: Text | None = Field(None, description="Occitan.")
    pl: Text | None = Field(None, description="Polish.")
    prs: Text | None = Field(None, description="Dari.")
    ps: Text | None = Field(None, description="Pashto.")
    pt: Text | None = Field(None, description="Portuguese.")
    rm: Text | None = Field(None, description="Romansh.")
    ro: Text | None = Field(None, description="Romanian.")
    ru: Text | None = Field(None, description="Russian.")
    tr: Text | None = Field(None, description="Turkish.")
    uk: Text | None = Field(None, description="Ukrainian.")

    @property
    def by_language(self) -> Mapping[str, str]:
        """The names that are given, by language; `any` apart."""
        return {language: name for language, name in self if name and language != "any"}

    def otherwise(self, language: str) -> str:
        """The name in a language that is not given: that of `any`, else of the catalogue's language, else the first."""
        return self.any or self.by_language.get(main_subtag(language)) or next(iter(self.by_language.values()), "")


PlaceName = Annotated[
    NameByLanguage,
    Kind("text", say("a name"), say("names"), "Saint-Denis"),
    BeforeValidator(lambda value: {"any": value} if isinstance(value, str) else value),
]


class OwnTerritory(Model):
    """A territory that the catalogue adds."""

    one: ClassVar[str] = say("a territory")
    many: ClassVar[str] = say("territories")
    id: NewTerritory = Field(description="The code that cards and editions name.")
    name: PlaceName = Field(description="The name as it is printed, in one language or in several.")
    parent: Text | None = Field(None, description="The code of the territory it belongs to, shipped or of your own.")
    tile: TileSpot | None = Field(
        None, description="Its square of the tile map: the column from the west and the row from the north, from 0."
    )


class TerritoriesFile(Entity):
    """The file territories.yaml: the territories of this catalogue."""

    tables: tuple[CountryCode, ...] | None = Field(
        None, description="The shipped tables that cards may name. Without it all of them; `[]` is none."
    )
    country: CountryCode | None = Field(
        None,
        description="The country of `scope: national`. Without it the one in which most cards lie.",
    )
    national: PlaceName | None = Field(
        None, description="What a card of national scope prints, in place of `France entière`."
    )
    territories: tuple[OwnTerritory, ...] = Field((), description="Territories that you add.")
    map: MapPath | None = Field(
        None, description="A drawing (SVG) of the map. The shapes of a territory bear its code as `id`."
    )


def known_territories(
    own: TerritoriesFile | None, language: str = "fr"
) -> tuple[Territories, tuple[OwnTerritory, ...]]:
    """The territories that a catalogue in a language may name: those shipped, as its file asks, and its own.

    Out too: those of its own that have no place, because their parent is not known or lies inside them.
    """
    if own is None:
        return shipped(), ()
    tables = COUNTRIES if own.tables is None else own.tables
    base = shipped(tables)
    country: str = own.country or ("FR" if "FR" in tables else tables[0] if tables else "")
    whole = {**own.national.by_language, "any": own.national.otherwise(language)} if own.national else {}
    tiles = [Tile(one.id, *one.tile) for one in own.territories if one.tile]
    parents = {one.parent.upper() for one in own.territories if one.parent}
    shipped_parents = {place.code for place in map(base.find, parents) if place}
    known = Territories(
        {
            code: replace(place, is_group=True) if code in shipped_parents and place.parent else place
            for code, place in base.table.items()
        },
        base.spellings,
        (*tiles, *base.tiles),
        country,
        whole,
        own.map or "",
        country_is_named=bool(own.country),
    )
    left, before = own.territories, -1
    # Parents may stand after what lies in them: each round places those whose parent is placed.
    while left and len(left) != before:
        before = len(left)
        waiting = []
        for one in left:
            parent = known.find(one.parent) if one.parent else None
            if one.parent and parent is None:
                waiting.append(one)
                continue
            known = known.with_own(_placed(one, parent, language, is_group=one.id.upper() in parents))
        left = tuple(waiting)
    return known, left


def _placed(one: OwnTerritory, parent: Territory | None, language: str, *, is_group: bool) -> Territory:
    # A territory directly in a country has no region above it.
    country = parent if parent and parent.kind == "country" else parent and parent.country
    above = None if parent is country else parent
    return Territory(one.id, "own", one.name.otherwise(language), above, country, one.name.by_language, is_group)

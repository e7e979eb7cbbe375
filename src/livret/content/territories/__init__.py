"""The territories of a catalogue: those of the tables shipped beside this module, and its own.

A table holds one country. France: the 18 regions in force since 1 January 2016, the 101 départements and the Métropole
de Lyon, as of 1 January 2024, with the names of INSEE's Code officiel géographique; overseas regions keep their
three-letter codes (FR-GUA) and contain the département of the same land (FR-971). Belgium, Switzerland and Luxembourg:
ISO 3166-2 as of November 2024, with the names in the languages of the country. Québec: CA-QC of ISO 3166-2; ISO has no
codes for its 17 administrative regions, so they are CA-QC-01 to CA-QC-17, by the numbers of the Institut de la
statistique du Québec.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files

from livret.content.language_tags import main_subtag

# The tables that are shipped, by the code of their country; France first, where its words are shown as examples.
COUNTRIES = ("FR", "BE", "CH", "LU", "CA-QC")
# Two of each country that many people know, to show what its codes look like.
_WELL_KNOWN = {
    "FR": ("FR-PAC", "FR-13"),
    "BE": ("BE-WAL", "BE-WLG"),
    "CH": ("CH-GE", "CH-VD"),
    "LU": ("LU-LU", "LU-ES"),
    "CA-QC": ("CA-QC-03", "CA-QC-06"),
}
# A name of so many letters may be wider than a narrow column.
LONG_NAME = 20
_CODE = re.compile(r"[A-Za-z]{2}-\S+")
# Dari is a form of Persian and may be written either way.
_SAME_LANGUAGE = {"fa": "prs"}


@dataclass(frozen=True, repr=False)
class Territory:
    """A country, a region, a part of a region.

    `kind` is `country` for a country, else a word of its table. `parent` is what it lies in inside its country, None at
    the top of one. `names` are those of other languages. `is_group` says that places of the catalogue's own lie in it.
    Two territories are equal when code and name are.
    """

    code: str
    kind: str
    name: str
    parent: Territory | None = field(default=None, compare=False)
    country: Territory | None = field(default=None, compare=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    is_group: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        # All that is printed of it, and where it lies: what is composed is kept under a digest of this.
        above = [str(place) for place in (self.parent, self.country) if place]
        group = ", is_group" if self.is_group else ""
        return f"Territory({self.code!r}, {self.kind!r}, {self.name!r}, {above}, {dict(self.names)}{group})"

    @property
    def region(self) -> Territory:
        """The region that this territory is printed under; for a region or a group, the territory itself."""
        return self if self.is_group else self.parent or self

    @property
    def land(self) -> Territory | None:
        """The country of this territory; for a country, the country itself."""
        return self if self.kind == "country" else self.country

    @property
    def around(self) -> tuple[Territory, ...]:
        """What it lies in, the nearest first, its country last."""
        found = []
        parent = self.parent
        while parent:
            found.append(parent)
            parent = parent.parent
        return (*found, self.country) if self.country else tuple(found)

    def inside(self, other: Territory) -> bool:
        """Whether it is another, or lies inside it."""
        return other.code in (self.code, *(place.code for place in self.around))

    def in_language(self, language: str) -> Territory:
        """This territory and its parents with the names that they have in a language, where they have one."""
        parent = self.parent and self.parent.in_language(language)
        name = _in_language(self.names, language) or self.name
        return self if name == self.name and parent == self.parent else replace(self, name=name, parent=parent)


@dataclass(frozen=True)
class Tile:
    """A territory as a square of a tile map: column from the west, row from the north, both from 0.

    `region` is the code of the region it is drawn with, where that is not what the table of territories says.
    """

    code: str
    column: int
    row: int
    region: str = ""


@dataclass(frozen=True)
class NamedRegion:
    """A region, and places in it."""

    region: Territory
    places: tuple[Territory, ...]


def under_regions(places: Iterable[Territory]) -> tuple[NamedRegion, ...]:
    """Each place once under its region, which is there even where only places in it are named; both as first named.

    A département that has the name of its region (Guadeloupe) is that region.
    """
    regions: dict[str, Territory] = {}
    found: dict[str, dict[str, Territory]] = {}
    for named in places:
        place = named.region if named.name == named.region.name else named
        region = regions.setdefault(place.region.code, place.region)
        inside = found.setdefault(region.code, {})
        if place.code != region.code:
            inside[place.code] = place
    return tuple(NamedRegion(regions[code], tuple(inside.values())) for code, inside in found.items())


def named_alone(places: Iterable[Territory]) -> frozenset[str]:
    """The codes of the places in which no smaller place is named: a card that names them is all over them."""
    named = tuple(places)
    outer = {place.code for inner in named for place in inner.around}
    return frozenset(place.code for place in named if place.code not in outer)


def _in_language(names: Mapping[str, str], language: str) -> str | None:
    main = main_subtag(language)
    wanted = (language.lower(), main, _SAME_LANGUAGE.get(main, main), "any")
    return next((names[one] for one in wanted if one in names), None)


@dataclass(frozen=True)
class Territories:
    """The territories that a catalogue may name, by code.

    `spellings` holds other codes that stand for one, in capitals; `tiles` the squares of the tile maps. `country` is
    the code of the one that `national` means, empty where it is none of those shipped; `whole` what a card of the whole
    country prints, by language, where the catalogue says it itself; `drawing` the path of a map of its own.
    `country_is_named` tells whether the catalogue names its country.
    """

    table: Mapping[str, Territory]
    spellings: Mapping[str, str]
    tiles: tuple[Tile, ...]
    country: str = "FR"
    whole: Mapping[str, str] = field(default_factory=dict)
    drawing: str = ""
    country_is_named: bool = False

    def find(self, text: str) -> Territory | None:
        """The territory that `text` stands for, or None.

        Takes codes in any case, former and alternative codes (FR-75 for FR-75C, FR-RE for FR-974) and the bare
        number of an INSEE region (93 for FR-PAC).
        """
        code = text.strip()
        return self.table.get(code) or self.table.get(self._codes.get(code.upper(), ""))

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {**{code.upper(): code for code in self.table}, **self.spellings}

    def with_own(self, place: Territory) -> Territories:
        """These territories and one more; it takes the place of a shipped one with its code."""
        return replace(self, table={**self.table, place.code: place})

    def whole_country(self, language: str, countries: Iterable[str] = ()) -> tuple[str, ...]:
        """What a card of national scope prints, for each of its countries: `France entière`, `Toute la Belgique`.

        Without a country it is the catalogue's. Nothing in a language in which no words are known.
        """
        own = {self.country: self.whole} if self.whole else {}
        told = (_in_language(own.get(code) or _country(code).whole, language) for code in countries or (self.country,))
        return tuple(text for text in told if text)

    def words(self, scope: str, language: str) -> tuple[str, ...]:
        """What a card of a scope prints in a language: nothing for a regional card, nor for one bound to no place."""
        if scope == "national":
            return self.whole_country(language)
        if scope in ("international", "online"):
            return tuple(filter(None, [_in_language(_country(scope).whole, language)]))
        return ()

    def covered(self, places: Iterable[Territory]) -> frozenset[str]:
        """The codes of these places and of every place inside one that is named alone."""
        named = tuple(places)
        alone = named_alone(named)
        inside = {
            code for code, place in self.table.items() if alone.intersection(outer.code for outer in place.around)
        }
        return frozenset(place.code for place in named) | inside

    def regions(self, country: str) -> tuple[Territory, ...]:
        """What lies directly in a country, in the order of its table."""
        return tuple(
            place
            for place in self.table.values()
            if place.country and place.country.code == country and not place.parent
        )

    def parts(self, region: Territory) -> tuple[Territory, ...]:
        """What lies directly inside a region, by code."""
        return tuple(place for place in self.table.values() if place.parent and place.parent.code == region.code)

    @cached_property
    def examples(self) -> tuple[Territory, ...]:
        """Two territories, or fewer, that show what codes look like: the catalogue's own, or those of its country."""
        own = [place for place in self.table.values() if place.kind == "own"]
        codes = _WELL_KNOWN.get(self.country) or next(
            iter(_WELL_KNOWN[code] for code in COUNTRIES if code in self.table), ()
        )
        return tuple(own[:2]) or tuple(self.table[code] for code in codes if code in self.table)

    @property
    def example_codes(self) -> str:
        """The codes of the examples, as a list in YAML has them."""
        return ", ".join(place.code for place in self.examples)

    def nearest(self, text: str) -> Territory | None:
        """The territory that `text` was meant to be: one with this name, number or short form, or one like it.

        The end of a code of the catalogue's country comes first: GE is CH-GE in a Swiss catalogue. Of two with one
        name it is the one of the catalogue's own or of its country. None if none is alike: a town is no territory, and
        a code from another country says nothing.
        """
        if ended := self.find(f"{self.country}-{text.strip()}"):
            return ended
        folded = _folded(text)
        if folded in self._folded_names:
            return self.table[self._folded_names[folded]]
        is_code = _CODE.fullmatch(text.strip()) is not None
        spellings = self._folded_codes if is_code else self._folded_names
        alike = difflib.get_close_matches(folded, spellings, n=1, cutoff=_SIMILAR_CODE if is_code else _SIMILAR_NAME)
        found = next((one for one in alike if not is_code or one[:2] == folded[:2]), None)
        return self.table[spellings[found]] if found else None

    @cached_property
    def _folded_codes(self) -> dict[str, str]:
        return {_folded(code): target for code, target in self._codes.items()}

    @cached_property
    def _folded_names(self) -> dict[str, str]:
        """Names, numbers and short forms. Of two that are alike, a name comes first, and of names a region's."""
        names: dict[str, str] = {}
        short: dict[str, str] = {}
        abroad = {place for place in self.table.values() if place.land and place.land.code != self.country}
        for place in sorted(self.table.values(), key=abroad.__contains__):
            # Guadeloupe the region comes before Guadeloupe the département: setdefault keeps the region.
            for name in (place.name, *place.names.values(), *_INSEE_NUMBER.findall(place.code)):
                names.setdefault(_folded(name), place.code)
            if place.kind == "region":
                words = _folded(place.name).split()
                for initials in (words, [word for word in words if word not in _SMALL_WORDS]):
                    short.setdefault("".join(word[0] for word in initials), place.code)
                short.setdefault(place.code.rpartition("-")[2].lower(), place.code)
        return {**short, **names}


# How alike two texts are by difflib's measure, for one to be suggested for the other. Berlin and Bern have 0.8.
_SIMILAR_NAME, _SIMILAR_CODE = 0.84, 0.75
_SMALL_WORDS = frozenset({"d", "de", "du", "la", "le", "les", "et"})
# Of a French département: the number that is also on its car plates.
_INSEE_NUMBER = re.compile(r"^FR-(\d[\dAB]\d?)C?$")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:80].casefold())
    words = re.sub(r"[\W_]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
    return re.sub(r"\bst(e?)\b", r"saint\1", words)


@dataclass(frozen=True)
class _CountryWords:
    """A line of the table of countries: the country itself, and what a card of the whole of it prints, by language."""

    place: Territory
    whole: Mapping[str, str]


@cache
def _country(code: str) -> _CountryWords:
    """The words of a country; of one that is not shipped, words that fit any."""
    rows = {row["code"]: row for row in _rows("countries")}
    row = rows.get(code) or rows[""]
    names = {key: text for key, text in row.items() if text and not key.startswith("all_") and key not in _FIELDS}
    whole = {key.removeprefix("all_"): text for key, text in row.items() if text and key.startswith("all_")}
    return _CountryWords(Territory(row["code"], "country", row["name"], names=names), whole)


_FIELDS = frozenset({"code", "kind", "parent", "name", "insee", "also", "column", "row"})


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    text = (
        files("livret.content.territories")
        .joinpath("tables", f"{table.removeprefix('CA-')}.csv")
        .read_text(encoding="utf-8")
    )
    return tuple(csv.DictReader(text.splitlines()))


@cache
def shipped(countries: tuple[str, ...] = COUNTRIES, country: str = "FR") -> Territories:
    """The territories of these countries; `country` is the one that `national` means."""
    table: dict[str, Territory] = {}
    spellings: dict[str, str] = {}
    tiles: list[Tile] = []
    for code in countries:
        land = table[code] = _country(code).place
        for row in _rows(code):
            names = {key: text for key, text in row.items() if text and key not in _FIELDS}
            parent = table[row["parent"]] if row["parent"] else None
            table[row["code"]] = Territory(row["code"], row["kind"], row["name"], parent, land, names)
            spellings |= {other.upper(): row["code"] for other in row.get("also", "").split()}
            # A bare number is an INSEE region: 93 is Provence-Alpes-Côte d'Azur, not Seine-Saint-Denis (FR-93).
            if row["kind"] == "region" and row.get("insee"):
                spellings[row["insee"]] = row["code"]
            if row["column"]:
                tiles.append(Tile(row["code"], int(row["column"]), int(row["row"])))
    return Territories(table, spellings, tuple(tiles), country)


def is_bare_number(text: str) -> bool:
    """Whether `text` is only a number, which reads as a region but may have been meant as a département."""
    return text.strip().isdecimal()


@cache
def pieces_of_names() -> tuple[str, ...]:
    """What of the names of territories stays in one piece: of a name in hyphens all, of a long one its last two words.

    `Provence-Alpes-Côte` is one piece, `Bourgogne-` and `Franche-Comté` are two.
    """
    pieces = set()
    for place in shipped().table.values():
        for name in {word for text in (place.name, *place.names.values()) for word in text.split()}:
            words = name.split("-")
            if len(words) > 1:
                pieces.add(name if len(name) < LONG_NAME else "-".join(words[-2:]))
    return tuple(sorted(pieces, key=lambda piece: (-len(piece), piece)))

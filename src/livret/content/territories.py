"""French regions and départements by their ISO 3166-2 code, from a table shipped beside this module.

The table holds the 18 regions in force since 1 January 2016, the 101 départements and the Métropole de Lyon, as of
1 January 2024, with the official names of INSEE's Code officiel géographique. Overseas regions keep their
three-letter codes (FR-GUA) and contain the département of the same land (FR-971).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from livret.content import messages

# A name of so many letters may be wider than a narrow column.
LONG_NAME = 20


@dataclass(frozen=True)
class Territory:
    """A region, a département or the Métropole de Lyon; `parent` is the region's code, empty for a region."""

    code: str
    kind: str
    name: str
    parent: str


@cache
def _table() -> dict[str, Territory]:
    return {row["code"]: Territory(row["code"], row["kind"], row["name"], row["parent"]) for row in _rows()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("livret.content").joinpath("territories.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _codes() -> dict[str, str]:
    """Every accepted spelling, in capitals, with the code it stands for."""
    known = {row["code"]: row["code"] for row in _rows()}
    for row in _rows():
        for other in row["also"].split():
            known[other] = row["code"]
        # A bare number is an INSEE region: 93 is Provence-Alpes-Côte d'Azur, not Seine-Saint-Denis (FR-93).
        if row["kind"] == "region":
            known[row["insee"]] = row["code"]
    return known


@cache
def _spellings() -> dict[str, str]:
    """Codes, names and départements' bare numbers, folded, for suggestions."""
    found = {_folded(code): target for code, target in _codes().items()}
    for row in _rows():
        if row["insee"]:
            found.setdefault(_folded(row["insee"]), row["code"])
        # Guadeloupe the region comes before Guadeloupe the département: setdefault keeps the region.
        found.setdefault(_folded(row["name"]), row["code"])
    return found


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:80].casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def normalise(text: str) -> str | None:
    """The code that `text` stands for, or None.

    Takes codes in any case, former and alternative codes (FR-75 for FR-75C, FR-RE for FR-974) and the bare
    number of an INSEE region (93 for FR-PAC).
    """
    return _codes().get(text.strip().upper())


def is_bare_number(text: str) -> bool:
    """Whether `text` is only a number, which reads as a region but may have been meant as a département."""
    return text.strip().isdecimal()


def territory(code: str) -> Territory:
    """The territory of a code, in any spelling `normalise` takes. Raises KeyError for an unknown code."""
    return _table()[normalise(code) or code]


def inside(code: str, container: str) -> bool:
    """Whether one territory is another, or lies inside it. Raises KeyError for an unknown code."""
    inner, outer = territory(code), territory(container)
    return outer.code in (inner.code, inner.parent)


def region_of(code: str) -> str:
    """The code of the region that a place lies in; of a region, its own. Raises KeyError for an unknown code."""
    place = territory(code)
    return place.parent or place.code


@dataclass(frozen=True)
class NamedRegion:
    """A region, and places in it."""

    region: Territory
    places: tuple[Territory, ...]


def _own_name(code: str) -> Territory:
    """The territory of a code; of a département that has the name of its region (Guadeloupe), the region."""
    place = territory(code)
    region = territory(region_of(code))
    return region if place.name == region.name else place


def under_regions(codes: Iterable[str]) -> tuple[NamedRegion, ...]:
    """Each place once under its region, which is there even where only places in it are named; both as first named.

    A département that has the name of its region (Guadeloupe) is that region. Raises KeyError for an unknown code.
    """
    found: dict[str, dict[str, Territory]] = {}
    for code in codes:
        place = _own_name(code)
        inside = found.setdefault(region_of(place.code), {})
        if place.parent:
            inside[place.code] = place
    return tuple(NamedRegion(territory(region), tuple(inside.values())) for region, inside in found.items())


def named_alone(codes: Iterable[str]) -> frozenset[str]:
    """The regions among these places of which no smaller place is among them: a card that names them is all over them.

    Raises KeyError for an unknown code.
    """
    places = [territory(code) for code in codes]
    parts = {place.parent for place in places}
    return frozenset(place.code for place in places if not place.parent and place.code not in parts)


def regions() -> tuple[Territory, ...]:
    """The 18 regions, metropolitan ones first, by name."""
    return tuple(place for place in _table().values() if place.kind == "region")


def departements(region: str) -> tuple[Territory, ...]:
    """What lies directly inside a region, by code: its départements and, for FR-ARA, the Métropole de Lyon.

    Raises KeyError for an unknown code.
    """
    code = territory(region).code
    return tuple(place for place in _table().values() if place.parent == code)


def pieces_of_names() -> tuple[str, ...]:
    """What of the names of territories stays in one piece: of a name in hyphens all, of a long one its last two words.

    `Provence-Alpes-Côte` is one piece, `Bourgogne-` and `Franche-Comté` are two.
    """
    pieces = set()
    for place in _table().values():
        for name in place.name.split():
            words = name.split("-")
            if len(words) > 1:
                pieces.add(name if len(name) < LONG_NAME else "-".join(words[-2:]))
    return tuple(sorted(pieces, key=lambda piece: (-len(piece), piece)))


def nearest(text: str) -> Territory | None:
    """The territory whose code or name is most like `text`, for suggestions; None when nothing is alike."""
    spellings = _spellings()
    found = messages.nearest(_folded(text), spellings)
    return _table()[spellings[found]] if found else None

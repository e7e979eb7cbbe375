"""What the filters of the web edition offer, and which choices each card answers to. Pure; it stands for the index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from livret.content.language.collation import sort_key
from livret.content.schema.model import Initiative
from livret.content.territories import Territory, territory


@dataclass(frozen=True)
class RegionChoice:
    """A region that can be chosen as a whole, and the places in it that cards name."""

    place: Territory
    children: tuple[Territory, ...]


def _region(code: str) -> str:
    place = territory(code)
    return place.parent or place.code


def choices(cards: Iterable[Initiative], language: str) -> tuple[RegionChoice, ...]:
    """The regions in which there are cards, by name, with the départements that cards name."""
    found: dict[str, set[str]] = {}
    for card in cards:
        for code in card.territories:
            place = territory(code)
            inside = found.setdefault(_region(code), set())
            if place.parent:
                inside.add(place.code)

    def by_name(code: str) -> tuple[int, ...]:
        return sort_key(territory(code).name, language)

    return tuple(
        RegionChoice(territory(region), tuple(territory(code) for code in sorted(found[region], key=by_name)))
        for region in sorted(found, key=by_name)
    )


def answers(card: Initiative, offered: Iterable[RegionChoice]) -> tuple[str, ...]:
    """The codes of the choices that show a card: its places and their regions.

    A card that names a region and nothing in it is everywhere in that region, as on its map.
    """
    named = {territory(code).code for code in card.territories}
    shown = named | {_region(code) for code in named}
    for choice in offered:
        children = {place.code for place in choice.children}
        if choice.place.code in named and not named & children:
            shown |= children
    return tuple(sorted(shown))

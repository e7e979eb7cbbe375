"""The choices of the web edition's territory filter, and which of them show a card. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from livret.content.schema.model import Initiative
from livret.content.territories import Territory, named_alone, region_of, territory
from livret.pages.compose.index import by_region


@dataclass(frozen=True)
class RegionChoice:
    """A region that can be chosen as a whole, and the places in it that cards name."""

    place: Territory
    children: tuple[Territory, ...]


def choices(cards: Iterable[Initiative], language: str) -> tuple[RegionChoice, ...]:
    """The regions that have cards, by name, each with the départements that cards name."""
    return tuple(
        RegionChoice(region.place, tuple(place for place, _ in region.places)) for region in by_region(cards, language)
    )


def answers(card: Initiative, offered: Iterable[RegionChoice]) -> tuple[str, ...]:
    """The codes of the choices that show a card: its places and their regions.

    A card that names a region, but no place in it, is shown for every place of that region.
    """
    named = {territory(code).code for code in card.territories}
    shown = named | {region_of(code) for code in named}
    alone = named_alone(named)
    for choice in offered:
        if choice.place.code in alone:
            shown.update(place.code for place in choice.children)
    return tuple(sorted(shown))

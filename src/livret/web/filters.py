"""The choices of the web edition's territory filter, and which of them show a card. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from livret.content.schema.model import Initiative
from livret.content.territories import Territory, named_alone
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
    shown = {outer.code for place in card.territories for outer in (place, *place.around) if outer is not place.country}
    alone = named_alone(card.territories)
    for choice in offered:
        for place in (choice.place, *choice.children):
            if alone.intersection(outer.code for outer in place.around):
                shown.add(place.code)
    return tuple(sorted(shown))

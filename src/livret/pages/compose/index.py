"""The index of an edition: its cards by organisation, by theme and by territory. Pure.

A card is told by the folio it begins on, and everywhere by this one rule: the cards on 12–13 and 14–15 are "12, 14",
never "12–15". An organisation with three cards is one entry with three folios.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from livret.content.language.collation import comparable, sort_key
from livret.content.schema.model import Initiative
from livret.content.territories import Territory, under_regions
from livret.pages.compose.navigation import Folio, ThemeView, names
from livret.pages.pagination import Pagination


@dataclass(frozen=True)
class CardFolio:
    """The folio of a card as printed, and the card's anchor."""

    text: str
    anchor: str


@dataclass(frozen=True)
class IndexEntry:
    """An organisation with the folios of its cards: the name it is filed under, and its own name where it differs."""

    title: str
    name: str | None
    folios: tuple[CardFolio, ...]


@dataclass(frozen=True)
class ThemeEntry:
    """A theme with the organisations that have cards of it."""

    theme: ThemeView
    entries: tuple[IndexEntry, ...]


@dataclass(frozen=True)
class PlaceEntry:
    """A territory with the folios of its cards, and the territories inside it."""

    place: Territory
    folios: tuple[CardFolio, ...]
    children: tuple[PlaceEntry, ...]


@dataclass(frozen=True)
class Index:
    """The index."""

    pilots: tuple[IndexEntry, ...]
    themes: tuple[ThemeEntry, ...]
    territories: tuple[PlaceEntry, ...]
    national: tuple[CardFolio, ...]
    international: tuple[CardFolio, ...]
    online: tuple[CardFolio, ...]


@dataclass(frozen=True)
class Region:
    """A region with all cards in it, and the smaller places in it that cards name, each with its cards."""

    place: Territory
    cards: tuple[Initiative, ...]
    places: tuple[tuple[Territory, tuple[Initiative, ...]], ...]


def by_region(cards: Iterable[Initiative], language: str) -> tuple[Region, ...]:
    """The regions in which there are cards, by name; in each the places that cards name, by name."""
    regions: dict[str, Territory] = {}
    found: dict[str, list[Initiative]] = {}
    inside: dict[str, dict[Territory, list[Initiative]]] = {}
    for card in cards:
        for area in under_regions(place.in_language(language) for place in card.territories):
            code = area.region.code
            regions.setdefault(code, area.region)
            found.setdefault(code, []).append(card)
            named = inside.setdefault(code, {})
            for place in area.places:
                named.setdefault(place, []).append(card)

    def by_name(place: Territory) -> tuple[int, ...]:
        return sort_key(place.name, language)

    return tuple(
        Region(
            region,
            tuple(found[region.code]),
            tuple((place, tuple(inside[region.code][place])) for place in sorted(inside[region.code], key=by_name)),
        )
        for region in sorted(regions.values(), key=by_name)
    )


def index(
    cards: Iterable[Initiative], themes: Iterable[ThemeView], language: str, pagination: Pagination, folio: Folio
) -> Index:
    """The index of those of the cards that are in the book; `language` is that of the alphabet."""

    def start(card: Initiative) -> int:
        return pagination.starts[_anchor(card)]

    def folios(named: Iterable[Initiative]) -> tuple[CardFolio, ...]:
        return tuple(CardFolio(folio(_anchor(card)), _anchor(card)) for card in sorted(named, key=start))

    def entries(named: Iterable[Initiative]) -> tuple[IndexEntry, ...]:
        return tuple(_entry(cards, folios(cards)) for cards in by_organisation(named))

    bound = [card for card in cards if _anchor(card) in pagination.starts]
    themed = (ThemeEntry(theme, entries(card for card in bound if theme.id in card.themes)) for theme in themes)
    territories = tuple(
        PlaceEntry(
            region.place,
            folios(region.cards),
            tuple(PlaceEntry(place, folios(named), ()) for place, named in region.places),
        )
        for region in by_region(bound, language)
    )
    return Index(
        pilots=entries(bound),
        themes=tuple(theme for theme in themed if theme.entries),
        territories=territories,
        national=folios(card for card in bound if card.scope == "national"),
        international=folios(card for card in bound if card.scope == "international"),
        online=folios(card for card in bound if card.scope == "online"),
    )


def by_organisation(cards: Iterable[Initiative]) -> tuple[Sequence[Initiative], ...]:
    """Cards of one organisation together, in the order of the first of each.

    One organisation is one name and one name to file it under, whatever the case and the punctuation.
    """
    found: dict[tuple[str, str], list[Initiative]] = {}
    for card in cards:
        name = (comparable(card.filing_name).casefold(), comparable(card.pilot.name).casefold())
        found.setdefault(name, []).append(card)
    return tuple(found.values())


def _entry(cards: Sequence[Initiative], folios: tuple[CardFolio, ...]) -> IndexEntry:
    return IndexEntry(*names(cards[0]), folios)


def _anchor(card: Initiative) -> str:
    return f"card-{card.id}"

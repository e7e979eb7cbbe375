"""The values that templates print in the contents, the index and the furniture: entries, ranges, running heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from livret.content.language.collation import sort_key
from livret.content.schema.model import Initiative, Partner
from livret.content.territories import Territory, region_of, territory
from livret.pages.flatplan import NOTES, Edition, FolioRange, Pagination, Part, Sheet, Side, merge_ranges

# By kind of part: the section whose line in the outline and the contents stands above the parts of that kind.
SECTIONS = {"partner": "partners", "card": "initiatives"}

# Kinds of parts that have neither folio nor running head.
BARE = frozenset({"cover", "back-cover", "opener"})

# Kinds of parts that are not listed in the contents.
UNLISTED = frozenset({"cover", "imprint", "contents", NOTES, "back-cover"})

# Gives the folio of an anchor as printed; empty when the part is not in the book.
Folio = Callable[[str], str]


@dataclass(frozen=True)
class ThemeView:
    """A theme with the colours it has in this layout."""

    id: str
    name: str
    pictogram: str | None
    color: str
    tint: str
    text: str
    on: str
    index: int


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the contents or the index. The folio is printed text, empty when the part is not in the book."""

    title: str
    name: str | None
    subtitle: str | None
    theme: ThemeView | None
    anchor: str
    folio: str

    @property
    def label(self) -> str:
        """The name under which the index lists it."""
        return self.title


@dataclass(frozen=True)
class ContentsSection:
    """A group of lines of the contents."""

    kind: str
    title: str | None
    anchor: str
    entries: tuple[ContentsEntry, ...]


@dataclass(frozen=True)
class PlaceEntry:
    """A territory in the index with the folios of its cards and the territories inside it."""

    place: Territory
    ranges: tuple[FolioRange, ...]
    children: tuple[PlaceEntry, ...]


@dataclass(frozen=True)
class ThemeEntry:
    """A theme in the index with its cards."""

    theme: ThemeView
    entries: tuple[ContentsEntry, ...]


@dataclass(frozen=True)
class FurnitureSheet:
    """What is printed over one page: folio, running head, thumb tab.

    `goes_on` tells a page on which a part goes on that has had its page, or its spread if it is a card.
    """

    side: Side
    kind: str
    folio: str
    head: str
    theme: ThemeView | None
    tab: int | None
    goes_on: bool = False


@dataclass(frozen=True)
class Region:
    """A region with all cards in it, and the smaller places in it that cards name, each with its cards."""

    place: Territory
    cards: tuple[Initiative, ...]
    places: tuple[tuple[Territory, tuple[Initiative, ...]], ...]


def by_region(cards: Iterable[Initiative], language: str) -> tuple[Region, ...]:
    """The regions in which there are cards, by name."""
    found: dict[str, dict[str, list[Initiative]]] = {}
    for card in cards:
        # A place that is named twice counts once.
        for code in dict.fromkeys(territory(code).code for code in card.territories):
            found.setdefault(region_of(code), {}).setdefault(code, []).append(card)

    def by_name(code: str) -> tuple[int, ...]:
        return sort_key(territory(code).name, language)

    regions = []
    for code in sorted(found, key=by_name):
        inside = found[code]
        everywhere = {card.id: card for named in inside.values() for card in named}
        places = ((territory(place), tuple(inside[place])) for place in sorted(inside, key=by_name) if place != code)
        regions.append(Region(territory(code), tuple(everywhere.values()), tuple(places)))
    return tuple(regions)


def _anchors(cards: Iterable[Initiative]) -> list[str]:
    return [f"card-{card.id}" for card in cards]


@dataclass(frozen=True)
class Navigation:
    """Titles, contents, index and furniture of one edition, with its themes as the layout colours them."""

    edition: Edition
    themes: Mapping[str, ThemeView]
    labels: Mapping[str, str]
    card_pages: int = 2

    def title(self, part: Part) -> str:
        """The name of a part in the outline and in running heads."""
        subject = part.subject
        if isinstance(subject, Initiative):
            return subject.filing_name
        if isinstance(subject, Partner):
            return subject.acronym or subject.name
        own = getattr(subject, "title", None)
        return str(own or self.labels.get(part.kind, part.kind))

    def description(self, part: Part) -> str:
        """The long name of a part; for a card, its pilot and its title."""
        card = part.subject
        if not isinstance(card, Initiative):
            return self.title(part)
        pilot = card.pilot.acronym or card.pilot.name
        return f"{pilot}, {card.title}" if card.title else pilot

    def section_title(self, kind: str) -> str | None:
        """The outline heading above all parts of a kind; None for kinds that have no such heading."""
        return self.labels[SECTIONS[kind]] if kind in SECTIONS else None

    def _entry(self, card: Initiative, folio: Folio) -> ContentsEntry:
        title, anchor = card.filing_name, f"card-{card.id}"
        name = card.pilot.name if card.pilot.name != title else None
        return ContentsEntry(title, name, card.title, self.themes[card.themes[0]], anchor, folio(anchor))

    def contents(self, pagination: Pagination, folio: Folio) -> Iterable[ContentsSection]:
        """The sections of the contents in the order of the book, without cover and imprint."""
        groups: list[tuple[str, list[Part]]] = []
        for sheet in pagination.sheets:
            part = sheet.part
            if part is None or sheet.page or part.kind in UNLISTED:
                continue
            kind = part.id if part.kind == "opener" else SECTIONS.get(part.kind, "other")
            if not groups or groups[-1][0] != kind:
                groups.append((kind, []))
            groups[-1][1].append(part)
        for kind, parts in groups:
            entries = tuple(
                self._entry(part.subject, folio)
                if isinstance(part.subject, Initiative)
                else self._plain_entry(part, folio)
                for part in parts
                if part.kind != "opener"
            )
            yield ContentsSection(kind, self.section_title(parts[-1].kind), parts[0].anchor, entries)

    def _plain_entry(self, part: Part, folio: Folio) -> ContentsEntry:
        name = part.subject.name if isinstance(part.subject, Partner) and part.subject.acronym else None
        return ContentsEntry(self.title(part), name, None, None, part.anchor, folio(part.anchor))

    def index(self, pagination: Pagination, folio: Folio) -> dict[str, object]:
        """The index: cards by pilot, by theme and by territory, and those of national scope, with their folios."""
        cards = [card for card in self.edition.initiatives if f"card-{card.id}" in pagination.starts]
        entries = {card.id: self._entry(card, folio) for card in cards}
        themes = (
            ThemeEntry(theme, tuple(entries[card.id] for card in cards if theme.id in card.themes))
            for theme in self.themes.values()
        )
        national = _anchors(card for card in cards if card.scope == "national")
        return {
            "pilots": tuple(entries.values()),
            "themes": tuple(theme for theme in themes if theme.entries),
            "territories": tuple(self._places(cards, pagination)),
            "national": merge_ranges(pagination, national),
        }

    def _places(self, cards: Iterable[Initiative], pagination: Pagination) -> Iterable[PlaceEntry]:
        """Regions by name, each with all cards in it, and below it the départements that cards name."""
        for region in by_region(cards, self.edition.language):
            children = tuple(
                PlaceEntry(place, merge_ranges(pagination, _anchors(named)), ()) for place, named in region.places
            )
            yield PlaceEntry(region.place, merge_ranges(pagination, _anchors(region.cards)), children)

    def furniture(self, sheet: Sheet, following: Sheet | None = None) -> FurnitureSheet:
        """What is printed over a page. A card has its pilot as head on the verso, its project on the recto."""
        part = sheet.part
        if part is None:
            # An empty page between two others is counted, and says so; not a filler page, nor one before a back cover.
            bare = sheet.is_filler or following is None or (following.part and following.part.kind in BARE)
            return FurnitureSheet(sheet.side, "blank", "" if bare else str(sheet.folio), "", None, None)
        if part.kind in BARE:
            return FurnitureSheet(sheet.side, part.kind, "", "", None, None)
        head, theme = self.title(part), None
        if isinstance(part.subject, Initiative):
            card = part.subject
            theme = self.themes[card.themes[0]]
            head = card.pilot.acronym or card.pilot.name if sheet.side == "verso" else card.title or theme.name
        elif isinstance(part.subject, Partner):
            head = self.labels["partners"]
        goes_on = sheet.page >= (self.card_pages if isinstance(part.subject, Initiative) else 1)
        tab = theme.index if theme else None
        return FurnitureSheet(sheet.side, part.kind, str(sheet.folio), head, theme, tab, goes_on)

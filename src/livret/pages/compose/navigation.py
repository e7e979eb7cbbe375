"""The values that templates print in the contents and the furniture: entries, running heads, thumb tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from livret.content.language_tags import TextIn
from livret.content.schema.model import Initiative, Partner
from livret.pages.compose.formatting import direction
from livret.pages.flatplan import NOTES, Edition, Hand, Part, Side
from livret.pages.pagination import Pagination, Sheet

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
    """A theme with the colours it has in this layout, and its number among all themes of the catalogue, from 0."""

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
    """A line of the contents. The folio is printed text, empty when the part is not in the book."""

    title: str
    name: str | None
    subtitle: str | None
    theme: ThemeView | None
    anchor: str
    folio: str


@dataclass(frozen=True)
class ContentsSection:
    """A group of lines of the contents."""

    kind: str
    title: str | None
    anchor: str
    entries: tuple[ContentsEntry, ...]


@dataclass(frozen=True)
class FurnitureSheet:
    """What is printed over one page: folio, running head, thumb tab.

    `tab` is the place of the theme among those that the edition shows, from 0, as in its legend.
    `goes_on` tells a page on which a part goes on that has had its page, or its spread if it is a card. `shares` tells
    a page that several cards share.
    """

    side: Side
    hand: Hand
    kind: str
    folio: str
    head: str
    theme: ThemeView | None
    tab: int | None
    goes_on: bool = False
    shares: bool = False
    # What a page that goes on says of it, in the language of the page.
    continued: str = ""
    # The language of the head, and its direction.
    language: str = ""
    direction: str = ""


def names(card: Initiative) -> tuple[str, str | None]:
    """The name that a card is filed under, and the name of its organisation where that is another."""
    pilot = card.pilot
    filed, name = card.filing_name, pilot.name
    # What a card is sorted by is written for the alphabet of the catalogue; the names are in the language of the card.
    title = filed if filed == pilot.sort_as else _told(filed, card)
    return title, _told(name, card) if name != filed else None


def _told(text: str, card: Initiative) -> str:
    """A text of a card that stands on another page, in the language of the card."""
    return TextIn(text, card.language) if card.language and not isinstance(text, TextIn) else text


@dataclass(frozen=True)
class Navigation:
    """Titles, contents, index and furniture of one edition, with its themes as the layout colours them."""

    edition: Edition
    themes: Mapping[str, ThemeView]
    labels: Mapping[str, str]
    card_pages: int = 2

    @cached_property
    def _tabs(self) -> Mapping[str, int]:
        return {theme.id: place for place, theme in enumerate(self.edition.themes_shown)}

    def title(self, part: Part) -> str:
        """The name of a part in the outline and in running heads."""
        subject = part.subject
        if isinstance(subject, Initiative):
            return subject.filing_name
        if isinstance(subject, Partner):
            return subject.acronym or subject.name
        if part.kind == "opener":
            return self._section_word(part.id)
        own: str | None = getattr(subject, "title", None)
        return own or self.labels.get(part.kind, part.kind)

    def description(self, part: Part) -> str:
        """The long name of a part; for a card, its pilot and its title."""
        card = part.subject
        if not isinstance(card, Initiative):
            return self.title(part)
        pilot = card.pilot.acronym or card.pilot.name
        return f"{pilot}, {card.title}" if card.title else pilot

    def section_title(self, kind: str) -> str | None:
        """The outline heading above all parts of a kind; None for kinds that have no such heading."""
        return self._section_word(SECTIONS[kind]) if kind in SECTIONS else None

    def _section_word(self, section: str) -> str:
        """The word for a section. Its partners are others than those of a card, and may have a word of their own."""
        own = self.labels.get("institutions") if section == "partners" else None
        return own or self.labels[section]

    def _entry(self, card: Initiative, folio: Folio) -> ContentsEntry:
        anchor = f"card-{card.id}"
        subtitle = _told(card.title, card) if card.title else None
        return ContentsEntry(*names(card), subtitle, self.themes[card.themes[0]], anchor, folio(anchor))

    def contents(self, pagination: Pagination, folio: Folio) -> Iterable[ContentsSection]:
        """The sections of the contents in the order of the book, without cover and imprint."""
        groups: list[tuple[str, list[Part]]] = []
        for part in pagination.parts:
            if part.kind in UNLISTED:
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

    def furniture(self, sheet: Sheet, following: Sheet | None = None, is_pilot: bool | None = None) -> FurnitureSheet:
        """What is printed over a page. A card has its pilot as head on the verso, its project on the recto.

        `is_pilot` says which of the two it is where that does not follow from the side.
        """
        part, hand = sheet.part, self.edition.hand(sheet.side)
        if part is None:
            # An empty page between two others is counted, and says so; not a filler page, nor one before a back cover.
            bare = sheet.is_filler or following is None or (following.part and following.part.kind == "back-cover")
            return FurnitureSheet(sheet.side, hand, "blank", "" if bare else str(sheet.folio), "", None, None)
        if part.kind in BARE:
            return FurnitureSheet(sheet.side, hand, part.kind, "", "", None, None)
        head, theme, language = self.title(part), None, getattr(part.subject, "language", None)
        if isinstance(part.subject, Initiative):
            card = part.subject
            theme = self.themes[card.themes[0]]
            is_pilot = sheet.side == "verso" if is_pilot is None else is_pilot
            head = card.pilot.acronym or card.pilot.name if is_pilot else card.title or theme.name
            language = language if is_pilot or card.title else None
        elif isinstance(part.subject, Partner):
            head, language = self._section_word("partners"), None
        if sheet.below:
            # As in a dictionary: the first entry of a verso, the last of a recto. Its cards have several themes.
            named = part if sheet.side == "verso" else sheet.below[-1]
            head, theme, language = self.title(named), None, getattr(named.subject, "language", None)
        goes_on = not part.is_double and sheet.page >= (self.card_pages if isinstance(part.subject, Initiative) else 1)
        tab = self._tabs[theme.id] if theme else None
        word, spoken = self.labels.get("continued", ""), language or self.edition.language
        told = (str(sheet.folio), head, theme, tab, goes_on, bool(sheet.below), word, spoken, direction(spoken))
        return FurnitureSheet(sheet.side, hand, part.kind, *told)

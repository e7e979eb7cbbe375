"""The flatplan (chemin de fer): which parts a booklet has, in what order, on which side each starts.

Selection and pagination are pure. `select` turns a catalogue and an edition's name into an Edition,
`flatplan` lists its parts, `paginate` lays their pages out in spreads and inserts the blank pages
that the sides demand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from livret.content.model import (
    Catalogue,
    Cover,
    EditionFile,
    EditorialPage,
    Initiative,
    Partner,
    Publisher,
    Section,
    Theme,
)
from livret.content.territories import inside

Side = Literal["verso", "recto", "any"]

DEFAULT_EDITION = "full"

# What an edition may say in place of the catalogue.
OVERRIDES = "title subtitle date place publisher cover partners sections layout language".split()

# Cards are spreads; the legend faces the contents; cover and foreword open on the right as in any book.
STARTING_SIDES: Mapping[str, Side] = {
    "cover": "recto",
    "imprint": "verso",
    "foreword": "recto",
    "legend": "verso",
    "opener": "verso",
    "card": "verso",
    "back-cover": "verso",
}


@dataclass(frozen=True)
class Edition:
    """One edition with every override applied and every reference resolved: what templates see."""

    id: str
    title: str
    subtitle: str | None
    date: date | None
    place: str | None
    language: str
    publisher: Publisher | None
    cover: Cover
    imprint: str | None
    demonstration: bool
    layout: str
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    foreword: EditorialPage | None
    pages: tuple[EditorialPage, ...]
    partners: tuple[Partner, ...]
    initiatives: tuple[Initiative, ...]


@dataclass(frozen=True)
class Part:
    """A part of the booklet: typeset alone, bound in order. The anchor names it in links."""

    kind: str
    id: str
    side: Side
    subject: Initiative | Partner | EditorialPage | None = None

    @property
    def anchor(self) -> str:
        """`card-aajt`, `partner-dgef`, `legend`; the same in every edition."""
        return f"{self.kind}-{self.id}" if self.id else self.kind


@dataclass(frozen=True)
class Sheet:
    """One page of the book: the page of a part, or a blank one (part is None)."""

    index: int
    part: Part | None
    page: int

    @property
    def side(self) -> Side:
        """The first page of a book is a recto."""
        return "verso" if self.index % 2 else "recto"

    @property
    def folio(self) -> int:
        """The printed number: the cover counts as page 1, so that folios are even on versos."""
        return self.index + 1


@dataclass(frozen=True)
class Pagination:
    """The pages of the book in order."""

    sheets: tuple[Sheet, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]

    def folio(self, anchor: str) -> int | None:
        """The folio of the first page of a part, None when the part is not in the book."""
        start = self.starts.get(anchor)
        return None if start is None else start + 1

    def folios(self, anchor: str) -> range:
        """All folios of a part, blank pages within it included."""
        return range(self.starts[anchor] + 1, self.ends[anchor] + 2)

    def side(self, anchor: str) -> Side:
        """The side a part starts on."""
        return self.sheets[self.starts[anchor]].side


def edition_names(catalogue: Catalogue) -> tuple[str, ...]:
    """The editions that can be built: those of editions/, and `full` when it is not among them."""
    names = [edition.id for edition in catalogue.editions]
    return tuple(names) if DEFAULT_EDITION in names else (DEFAULT_EDITION, *names)


def keeps(edition: EditionFile, card: Initiative) -> bool:
    """Whether an edition shows a card: exclude wins, then include, then every filter that is given must agree."""
    if card.id in edition.exclude:
        return False
    if card.id in edition.include:
        return True
    if edition.themes and not set(edition.themes) & set(card.themes):
        return False
    if not edition.territories:
        return edition.national or card.scope != "national"
    if card.scope == "national" and edition.national:
        return True
    return any(inside(code, area) for code in card.territories for area in edition.territories)


def select(catalogue: Catalogue, name: str) -> Edition:
    """The edition of this name (one of `edition_names`), its cards in the catalogue's alphabetical order.

    Raises KeyError for a name that is not an edition.
    """
    publication = catalogue.publication
    files = {edition.id: edition for edition in catalogue.editions}
    chosen = files.get(name)
    if chosen is None and name != DEFAULT_EDITION:
        raise KeyError(name)
    cards = catalogue.initiatives
    if chosen is not None:
        cards = tuple(card for card in cards if keeps(chosen, card))
    overrides = {
        field: value
        for field in (
            "title",
            "subtitle",
            "date",
            "place",
            "publisher",
            "cover",
            "partners",
            "sections",
            "layout",
            "language",
        )
        if chosen is not None and (value := getattr(chosen, field)) is not None
    }
    merged = {field: getattr(publication, field) for field in publication.__class__.model_fields} | overrides
    foreword = catalogue.forewords.get(name, catalogue.foreword)
    return Edition(
        id=name,
        title=merged["title"],
        subtitle=merged["subtitle"],
        date=merged["date"],
        place=merged["place"],
        language=merged["language"],
        publisher=merged["publisher"],
        cover=merged["cover"],
        imprint=merged["imprint"],
        demonstration=merged["demonstration"],
        layout=merged["layout"],
        themes=publication.themes,
        sections=merged["sections"],
        foreword=foreword,
        pages=catalogue.pages,
        partners=tuple(catalogue.partners[identifier] for identifier in merged["partners"]),
        initiatives=cards,
    )


def flatplan(edition: Edition, cards_per_spread: int = 1, openers: Collection[str] = ()) -> tuple[Part, ...]:
    """The parts of an edition in the order of its sections.

    With `cards_per_spread` over 1 (a layout that gives a card one page) a card starts on any side.
    `openers` names the sections that the layout opens with a part of their own. Sections with nothing in
    them (no foreword, no partner, no card) have no part.
    """
    parts: list[Part] = []
    filled = {"partners": edition.partners, "initiatives": edition.initiatives, "pages": edition.pages}
    for section in edition.sections:
        if section in openers and filled.get(section):
            parts.append(Part("opener", section, STARTING_SIDES["opener"]))
        if section == "pages":
            parts += [Part("page", page.id, "any", page) for page in edition.pages]
        elif section == "partners":
            parts += [Part("partner", partner.id, "any", partner) for partner in edition.partners]
        elif section == "initiatives":
            side: Side = "any" if cards_per_spread > 1 else STARTING_SIDES["card"]
            parts += [Part("card", card.id, side, card) for card in edition.initiatives]
        elif section == "foreword":
            if edition.foreword is not None:
                parts.append(Part("foreword", "", STARTING_SIDES["foreword"], edition.foreword))
        else:
            parts.append(Part(section, "", STARTING_SIDES.get(section, "any")))
    return tuple(parts)


def paginate(parts: Sequence[Part], sides: Mapping[str, Sequence[Side]]) -> Pagination:
    """Lay the pages of all parts out in order.

    `sides` gives, by anchor, the side that each page of a part demands; `any` for a page that fits both.
    The first page of a part also obeys the part's own starting side. A page whose side does not come
    next is preceded by a blank page.
    """
    sheets: list[Sheet] = []
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for part in parts:
        for number, wanted in enumerate(sides[part.anchor]):
            demanded = part.side if number == 0 and part.side != "any" else wanted
            if demanded != "any" and Sheet(len(sheets), None, 0).side != demanded:
                sheets.append(Sheet(len(sheets), None, 0))
            starts.setdefault(part.anchor, len(sheets))
            ends[part.anchor] = len(sheets)
            sheets.append(Sheet(len(sheets), part, number))
    return Pagination(tuple(sheets), starts, ends)


@dataclass(frozen=True)
class FolioRange:
    """Consecutive folios, printed `14` or `14–17`; the anchor is the part on the first of them."""

    first: int
    last: int
    anchor: str

    @property
    def text(self) -> str:
        """With an en dash between the ends (Imprimerie nationale, Lexique, « Pagination »)."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def merge_ranges(pagination: Pagination, anchors: Sequence[str]) -> tuple[FolioRange, ...]:
    """The folios of several parts, sorted, neighbours merged into one range."""
    merged: list[FolioRange] = []
    for anchor in sorted(anchors, key=lambda name: pagination.starts[name]):
        folios = pagination.folios(anchor)
        if merged and folios[0] <= merged[-1].last + 1:
            merged[-1] = FolioRange(merged[-1].first, max(merged[-1].last, folios[-1]), merged[-1].anchor)
        else:
            merged.append(FolioRange(folios[0], folios[-1], anchor))
    return tuple(merged)

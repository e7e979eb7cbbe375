"""The flatplan (chemin de fer): which parts a booklet has, in what order, on which side each starts.

Selection and pagination are pure. `select` turns a catalogue and an edition's name into an Edition,
`flatplan` lists its parts, `paginate` lays their pages out in spreads, inserts the blank pages that the
sides demand and the filler pages that the printer's multiple demands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from livret.content.catalogue.legal import allow_of, legal_of
from livret.content.schema.field_types import Filler, Section
from livret.content.schema.model import DEFAULT_EDITION as DEFAULT_EDITION
from livret.content.schema.model import (
    Allowed,
    Catalogue,
    Cover,
    EditionFile,
    EditorialPage,
    Initiative,
    Legal,
    Partner,
    Publisher,
    Theme,
)
from livret.content.territories import inside

Side = Literal["verso", "recto", "any"]

# The furniture is typeset in pieces of so many pages: an even number, so that each begins with a recto. Long enough
# that most booklets have one, short enough that a worker stays small.
FURNITURE_PAGES = 60

# The fields that an edition may set, in place of those of the catalogue.
OVERRIDES = "title subtitle date issued place publisher cover partners sections layout language press filler".split()

# The kind of part that fills a book up; also the name of the filler that asks for it.
NOTES: Literal["notes"] = "notes"

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
    """One edition, with its own fields in place of the catalogue's and all references resolved. Templates see it."""

    id: str
    title: str
    subtitle: str | None
    issued: date | None
    date: date | None
    place: str | None
    language: str
    written: str
    publisher: Publisher | None
    cover: Cover
    imprint: str | None
    legal: Legal
    demonstration: bool
    layout: str
    press: str
    filler: Filler
    allow: tuple[Allowed, ...]
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

    @property
    def is_filler(self) -> bool:
        """Whether it only fills up the book. Such a part is listed in neither contents nor outline."""
        return self.kind == NOTES


@dataclass(frozen=True)
class Sheet:
    """One page of the book: the page of a part, or a blank one (part is None).

    A filler page only brings the book to the multiple that the printer asks for; no part and no side needs it.
    """

    index: int
    part: Part | None
    page: int
    is_filler: bool = False

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

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part in the order of its first page, notes pages among them."""
        return tuple(sheet.part for sheet in self.sheets if sheet.part and not sheet.page)

    @property
    def fillers(self) -> tuple[Sheet, ...]:
        """The pages that fill the book up to the printer's multiple; all of one kind."""
        return tuple(sheet for sheet in self.sheets if sheet.is_filler)

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
    merged = {field: getattr(publication, field) for field in OVERRIDES}
    if chosen is not None:
        own = {field: getattr(chosen, field) for field in OVERRIDES}
        merged |= {field: value for field, value in own.items() if value is not None}
    # Cards and pages keep the language they were written in; an edition's own foreword is in the edition's language.
    written = publication.language
    said = written if merged["language"] != written else None
    partners = tuple(_said(catalogue.partners[identifier], said) for identifier in merged.pop("partners"))
    foreword = catalogue.forewords.get(name)
    if foreword is None and catalogue.foreword:
        foreword = _said(catalogue.foreword, said)
    return Edition(
        **merged,
        id=name,
        imprint=publication.imprint,
        legal=legal_of(publication, chosen),
        demonstration=publication.demonstration,
        allow=allow_of(publication, chosen),
        themes=publication.themes,
        written=written,
        foreword=foreword,
        pages=tuple(_said(page, said) for page in catalogue.pages),
        partners=partners,
        initiatives=tuple(_said(card, said) for card in cards),
    )


Written = TypeVar("Written", Initiative, Partner, EditorialPage)


def _said(subject: Written, language: str | None) -> Written:
    """The subject with this language, unless it has its own; unchanged if the language is None."""
    if language is None or subject.language:
        return subject
    return subject.model_copy(update={"language": language})


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


def sources(parts: Iterable[Part]) -> frozenset[str]:
    """The paths of the content files whose words these parts print, as findings show them."""
    return frozenset(part.subject.source.path for part in parts if part.subject)


def paginate(
    parts: Sequence[Part], sides: Mapping[str, Sequence[Side]], multiple: int = 1, filler: Filler = "notes"
) -> Pagination:
    """Lay the pages of all parts out in order.

    `sides` gives, by anchor, the side that each page of a part demands; `any` for a page that fits both.
    The first page of a part also obeys the part's own starting side. A page whose side does not come
    next is preceded by a blank page.

    The number of pages becomes a multiple of `multiple` by filler pages before the back cover (at the end, where
    there is none): parts `notes-1`, `notes-2` ... of one page, or blank ones. A blank page that the back cover's side
    demands is such a page too. With 1 there is no filler.
    """
    last = 1 if parts and parts[-1].kind == "back-cover" else 0
    inside, back = parts[: len(parts) - last], parts[len(parts) - last :]
    before = _laid([], inside, sides)
    sheets = _filled(before, back, sides, multiple, filler) if multiple > 1 else _laid(before, back, sides)
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for sheet in sheets:
        if sheet.part:
            starts.setdefault(sheet.part.anchor, sheet.index)
            ends[sheet.part.anchor] = sheet.index
    return Pagination(tuple(sheets), starts, ends)


def _laid(before: Sequence[Sheet], parts: Sequence[Part], sides: Mapping[str, Sequence[Side]]) -> list[Sheet]:
    """The pages before, and those of the parts with the blank pages that their sides demand."""
    sheets = list(before)
    for part in parts:
        for number, wanted in enumerate(sides[part.anchor]):
            demanded = part.side if number == 0 and part.side != "any" else wanted
            if demanded != "any" and Sheet(len(sheets), None, 0).side != demanded:
                sheets.append(Sheet(len(sheets), None, 0))
            sheets.append(Sheet(len(sheets), part, number))
    return sheets


def _filled(
    inside: Sequence[Sheet], back: Sequence[Part], sides: Mapping[str, Sequence[Side]], multiple: int, filler: Filler
) -> list[Sheet]:
    """The pages inside, the fewest filler pages that make the whole a multiple, and the back cover."""
    start = len(inside)
    # Whether a count fits repeats after twice the multiple, an even number, at the latest.
    for count in range(2 * multiple):
        parts = [Part(NOTES, str(number + 1), "any") if filler == NOTES else None for number in range(count)]
        fillers = [Sheet(start + number, part, 0, is_filler=True) for number, part in enumerate(parts)]
        sheets = _laid([*inside, *fillers], back, sides)
        leads = not back or sheets[start + count].part is back[0]
        if leads and len(sheets) % multiple == 0:
            return sheets
    # A back cover of several pages may end on a side where no multiple ends: then the missing pages follow it.
    sheets = _laid(inside, back, sides)
    lacking = -len(sheets) % multiple
    return [*sheets, *(Sheet(len(sheets) + number, None, 0, is_filler=True) for number in range(lacking))]


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

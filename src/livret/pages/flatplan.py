"""The flatplan (chemin de fer): which parts a booklet has, in what order, on which side each starts.

All functions are pure. `select` makes an Edition of a catalogue and an edition's name, and `flatplan` lists its parts.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from livret.content.catalogue.legal import allow_of, legal_of
from livret.content.language.bidi import is_right_to_left
from livret.content.language.collation import cards_in_order
from livret.content.language_tags import TextIn, main_subtag
from livret.content.schema.dates import EventDate
from livret.content.schema.design import Art, Colours, Cover
from livret.content.schema.field_types import Binding, Filler, Section, SignOff
from livret.content.schema.model import DEFAULT_EDITION as DEFAULT_EDITION
from livret.content.schema.model import (
    Allowed,
    Catalogue,
    CatalogueFile,
    EditionFile,
    EditorialPage,
    Initiative,
    Legal,
    Partner,
    Publisher,
    Theme,
    Translation,
)
from livret.content.territories import Territories

Side = Literal["verso", "recto", "any"]

# Which of the two pages of a spread. A verso is the left one, but the right one in a book that is bound on the right.
Hand = Literal["left", "right"]

# Of a page of a part in two languages: which of the flows of its language it belongs to, from 0, and whether that is
# the second language.
PageFlow = tuple[int, bool]

# The furniture is typeset in pieces of this many pages. The number is even, so that each piece begins with a recto.
# Most booklets need only one piece, and a piece needs little memory in a worker.
FURNITURE_PAGES = 60

# The fields that an edition may set, in place of those of the catalogue.
OVERRIDES = (
    *("title", "subtitle", "date", "issued", "place", "publisher", "cover", "art", "colours", "partners", "sections"),
    *("layout", "language", "press", "filler", "binding", "sign_off"),
)

# The kind of the parts that are filler pages; also the value of `filler` that asks for them.
NOTES: Literal["notes"] = "notes"

# Parts that a booklet of two languages has once. They print both titles.
ONE_FOR_BOTH = frozenset({"cover", "opener", NOTES, "back-cover"})

# A card is a spread. The legend faces the contents. Cover and foreword start on a recto, as in other books.
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
    """One edition: its own fields replace those of the catalogue, and references are resolved. Templates use it."""

    id: str
    title: str
    subtitle: str | None
    issued: datetime.date | None
    date: EventDate | None
    place: str | None
    language: str
    written: str
    publisher: Publisher | None
    cover: Cover
    art: Art
    colours: Colours
    imprint: str | None
    legal: Legal
    demonstration: bool
    layout: str
    press: str
    filler: Filler
    binding: Binding
    sign_off: SignOff
    allow: tuple[Allowed, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    foreword: EditorialPage | None
    pages: tuple[EditorialPage, ...]
    partners: tuple[Partner, ...]
    initiatives: tuple[Initiative, ...]
    geography: Territories
    # Its own file, as messages name it; empty for the edition that needs none.
    file: str = ""
    # The same in a second language, in a booklet that has two.
    second: Edition | None = None

    @property
    def dated(self) -> datetime.date | None:
        """The day that its files are dated: that of issue, else the first of the event."""
        return self.issued or (self.date.first if self.date else None)

    def hand(self, side: Side) -> Hand:
        """Which page of a spread a verso or a recto is."""
        return "left" if (side == "verso") == (self.binding == "left") else "right"

    @property
    def themes_shown(self) -> tuple[Theme, ...]:
        """The themes that its cards have. In an edition without cards, which is only begun, all themes."""
        used = {theme for card in self.initiatives for theme in card.themes}
        return tuple(theme for theme in self.themes if theme.id in used) or self.themes


Subject = Initiative | Partner | EditorialPage


@dataclass(frozen=True)
class Part:
    """A part of the booklet. Each is typeset alone, then bound in order. Links use its anchor.

    In a booklet of two languages `second` is the same in the second one; a part that `is_double` has pages in both.
    """

    kind: str
    id: str
    side: Side
    subject: Subject | None = None
    second: Part | None = None
    is_double: bool = False

    @property
    def anchor(self) -> str:
        """The name of the part in links, such as `card-aajt` or `legend`; the same in every edition."""
        return f"{self.kind}-{self.id}" if self.id else self.kind

    @property
    def is_filler(self) -> bool:
        """Whether it is a filler page. Such a part is not in the contents and not in the outline."""
        return self.kind == NOTES


def edition_names(catalogue: Catalogue) -> tuple[str, ...]:
    """The names of the editions that can be built: those of editions/ and `full`, which needs no file."""
    names = [edition.id for edition in catalogue.editions]
    return tuple(names) if DEFAULT_EDITION in names else (DEFAULT_EDITION, *names)


def keeps(edition: EditionFile, card: Initiative) -> bool:
    """Whether an edition shows a card. `exclude` decides first, then `include`; else the card must meet all filters."""
    if card.id in edition.exclude:
        return False
    if card.id in edition.include:
        return True
    if edition.themes and not set(edition.themes) & set(card.themes):
        return False
    # What is international, online or bound to no place is for all regions, as what is national.
    is_for_all = card.scope != "regional"
    if not edition.territories:
        return edition.national or not is_for_all
    if is_for_all and edition.national:
        return True
    return any(place.inside(area) for place in card.territories for area in edition.territories)


def select(catalogue: Catalogue, name: str) -> Edition:
    """The edition of this name (one of `edition_names`), its cards in the catalogue's alphabetical order.

    Raises KeyError for a name that is not an edition.
    """
    files = {edition.id: edition for edition in catalogue.editions}
    chosen = files.get(name)
    if chosen is None and name != DEFAULT_EDITION:
        raise KeyError(name)
    first, *others = (chosen and chosen.languages) or [(chosen and chosen.language) or catalogue.publication.language]
    edition = _select_in(catalogue, name, chosen, first)
    if not others:
        return edition
    second = _select_in(catalogue, name, chosen, others[0])
    return replace(edition, second=replace(second, binding=edition.binding))


def _select_in(catalogue: Catalogue, name: str, chosen: EditionFile | None, language: str) -> Edition:
    """An edition in one language."""
    publication = catalogue.publication
    cards = catalogue.initiatives
    if chosen is not None:
        cards = tuple(card for card in cards if keeps(chosen, card))
    written = publication.language
    translated = catalogue.translated(language) if language != written else {}
    publication = _publication(publication, translated)
    merged = {field: getattr(publication, field) for field in OVERRIDES}
    if chosen is not None:
        own = {field: getattr(chosen, field) for field in OVERRIDES}
        merged |= {field: value for field, value in own.items() if value is not None}
        merged["language"] = language
        if chosen.languages and chosen.languages[0] != language:
            # What is typed in the file of an edition is in the first of its languages.
            typed = {name: own[name] for name in ("title", "subtitle", "place") if own[name]}
            merged |= {name: TextIn(text, chosen.languages[0]) for name, text in typed.items()}
    merged["binding"] = merged["binding"] or ("right" if is_right_to_left(language) else "left")
    # Cards and pages keep the language they were written in; an edition's own foreword is in the edition's language.
    said = written if language != written else None

    def text(role: str, subject: Written) -> Written:
        """A subject in the language of the edition, as far as it is translated; else with the language it is in."""
        found = translated.get((role, subject.id))
        if found and found.is_begun and isinstance(found.entity, type(subject)):
            return found.entity.model_copy(update={"language": None})
        return _said(subject, said)

    shown = [text("initiatives", card) for card in cards]
    partners = tuple(text("partners", catalogue.partners[identifier]) for identifier in merged.pop("partners"))
    foreword = catalogue.forewords.get(name)
    if foreword is None and catalogue.foreword:
        foreword = text("foreword", catalogue.foreword)
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
        pages=tuple(text("pages", page) for page in catalogue.pages),
        partners=partners,
        initiatives=cards_in_order(shown, language) if language != written else tuple(shown),
        geography=catalogue.geography,
        file=chosen.source.path if chosen else "",
    )


Written = TypeVar("Written", Initiative, Partner, EditorialPage)


def _publication(publication: CatalogueFile, translated: Mapping[tuple[str, str], Translation]) -> CatalogueFile:
    """catalogue.yaml in another language, as far as it is translated."""
    found = translated.get(("catalogue", publication.id))
    return found.entity if found and isinstance(found.entity, CatalogueFile) else publication


def _said(subject: Written, language: str | None) -> Written:
    """The subject, with this language if it has none of its own. A language of None changes nothing."""
    if language is None or subject.language:
        return subject
    return subject.model_copy(update={"language": language})


def flatplan(edition: Edition, cards_per_spread: int = 1, openers: Collection[str] = ()) -> tuple[Part, ...]:
    """The parts of an edition in the order of its sections.

    If `cards_per_spread` is more than 1 (the layout gives a card one page), a card starts on any side.
    `openers` names the sections that begin with an opener. A section that is empty (no foreword, no partner, no card)
    has no part.
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
    if edition.second is None:
        return tuple(parts)
    others = {part.anchor: part for part in flatplan(edition.second, cards_per_spread, openers)}
    return tuple(_in_two_languages(part, others.get(part.anchor), edition, edition.second) for part in parts)


def _in_two_languages(part: Part, second: Part | None, edition: Edition, other: Edition) -> Part:
    """A part with what it is in the second language. It has pages in both if there is something in both.

    The first language starts on the left, so that a page faces the same page in the second.
    """
    if second is None or part.kind in ONE_FOR_BOTH:
        return replace(part, second=second)
    if part.subject and second.subject:
        spoken = part.subject.language or edition.language, second.subject.language or other.language
        if main_subtag(spoken[0]) == main_subtag(spoken[1]):
            return replace(part, second=second)
    return replace(part, side="verso", second=second, is_double=True)


def sources(parts: Iterable[Part]) -> frozenset[str]:
    """The paths, as findings show them, of the content files that these parts print."""
    return frozenset(part.subject.source.path for part in parts if part.subject)

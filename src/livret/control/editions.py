"""The editions of a catalogue side by side: what each shows, how long it is, how it differs from `full`.

Nothing is typeset for this. The number of pages is that of the last build, or is estimated from the flatplan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from livret.content.catalogue.suppressions import accept_allowed
from livret.content.messages import listed
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import DEFAULT_EDITION, Catalogue, EditionFile, Initiative
from livret.content.territories import Territory
from livret.control.languages import Share, shares, shown, untranslated
from livret.findings import Finding, Location, warning
from livret.pages.compose.filler import filler_of
from livret.pages.flatplan import NOTES, Edition, Part, Side, edition_names, keeps, select
from livret.pages.layout import Layout
from livret.pages.pagination import Extents
from livret.pages.pool.store import Store
from livret.project import Project
from livret.translation import Text, joined, say, say_number

# The fields that choose cards; the other fields of an edition say how they are shown.
FILTERS = ("themes", "territories", "national", "include", "exclude")
# Parts that grow with the number of cards.
_LISTS = frozenset({"contents", "index"})
# A table cuts lists of more cards than this; `livret compare` and JSON have the whole list.
_FEW = 3


@dataclass(frozen=True)
class Pages:
    """How many pages an edition has: as last built, or estimated."""

    number: int
    is_estimate: bool

    def __str__(self) -> str:
        return f"~{self.number}" if self.is_estimate else str(self.number)


@dataclass(frozen=True)
class Row:
    """An edition in the table: what it overrides and, in words, what it keeps.

    `shares` says how much is translated, for each of its languages that is not the catalogue's.
    """

    edition: Edition
    file: EditionFile | None
    pages: Pages
    overrides: tuple[str, ...]
    filters: tuple[str, ...]
    shares: tuple[Share, ...] = ()

    @property
    def own_share(self) -> Share | None:
        """How much is translated into its first language; None where that is the language of the catalogue."""
        return next((one for one in self.shares if one.language == self.edition.language), None)

    @property
    def cards(self) -> int:
        """How many cards it prints."""
        return len(shown(self.edition))

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        selection = {name: _plain(getattr(self.file, name)) for name in FILTERS} if self.file else {}
        return {
            "edition": self.edition.id,
            "file": self.file.source.path if self.file else None,
            "title": self.edition.title,
            "language": self.edition.language,
            "layout": self.edition.layout,
            "cards": self.cards,
            "pages": self.pages.number,
            "estimated": self.pages.is_estimate,
            "overrides": list(self.overrides),
            "filters": list(self.filters),
            "selection": selection,
            "translated": self.own_share and self.own_share.translated,
            "translated_in_part": self.own_share and self.own_share.in_part,
            "languages": [asdict(one) for one in self.shares],
        }


@dataclass(frozen=True)
class Matrix:
    """Which edition shows which card: editions as columns, cards as rows in alphabetical order."""

    editions: tuple[str, ...]
    rows: tuple[tuple[Initiative, tuple[bool, ...]], ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        rows = [
            {
                "id": card.id,
                "name": card.filing_name,
                "editions": [name for name, is_shown in zip(self.editions, marks, strict=True) if is_shown],
            }
            for card, marks in self.rows
        ]
        return {"editions": list(self.editions), "cards": rows}


def table(project: Project, catalogue: Catalogue, names: Sequence[str]) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """A row for each of these editions, in their order, and findings on the press profiles that they name.

    Raises KeyError for a name that is not an edition, LivretError when a layout has an error.
    """
    files = {file.id: file for file in catalogue.editions}
    full = select(catalogue, DEFAULT_EDITION)
    reckoner = _Reckoner(project, full)
    rows = []
    for name in names:
        edition = select(catalogue, name)
        file = files.get(name)
        differing = overrides(edition, full, files)
        rows.append(Row(edition, file, reckoner.pages(edition), differing, filters(file), shares(edition)))
    return tuple(rows), tuple(reckoner.findings)


def matrix(catalogue: Catalogue, names: Sequence[str]) -> Matrix:
    """Which of these editions show which card. Raises KeyError for a name that is not an edition."""
    printed = [frozenset(card.id for card in shown(select(catalogue, name))) for name in names]
    rows = ((card, tuple(card.id in cards for cards in printed)) for card in catalogue.initiatives)
    return Matrix(tuple(names), tuple(rows))


def overrides(edition: Edition, full: Edition, files: Mapping[str, EditionFile]) -> tuple[str, ...]:
    """The names of the fields that one of the two editions' files gives and that differ between the two."""
    given = {name for one in (edition.id, full.id) if one in files for name in files[one].model_fields_set}
    names = (name for name in Edition.__dataclass_fields__ if name in given and name not in {*FILTERS, "id"})
    return tuple(name for name in names if field_of(edition, name) != field_of(full, name))


def field_of(edition: Edition, name: str) -> Any:
    """A field as it is written in a file: partners are ids."""
    value = getattr(edition, name)
    return tuple(partner.id for partner in value) if name == "partners" else value


# --- selection in words ---


def filters(file: EditionFile | None) -> tuple[Text, ...]:
    """What an edition keeps, in words: `in Normandie or national`, `theme langue`; nothing when it keeps all."""
    if file is None:
        return ()
    words = []
    if file.themes:
        words.append(_themes(file))
    if file.territories:
        places = _places(file)
        words.append(
            say("in {places} or national", places=places) if file.national else say("in {places}", places=places)
        )
    elif not file.national:
        words.append(say("not national"))
    if file.include:
        words.append(say("with {cards}", cards=_some(file.include)))
    if file.exclude:
        words.append(say("without {cards}", cards=_some(file.exclude)))
    return tuple(words)


def left_out(file: EditionFile | None, card: Initiative) -> tuple[Text, ...]:
    """Why an edition does not show a card, each filter that rejects it in words; empty when it shows the card."""
    if file is None or keeps(file, card):
        return ()
    if card.id in file.exclude:
        return (say("excluded by name"),)
    reasons = []
    if not keeps(EditionFile(themes=file.themes), card):
        reasons.append(say("no {themes}", themes=_themes(file)))
    if not keeps(EditionFile(territories=file.territories, national=file.national), card):
        reasons.append(say("not in {places}", places=_places(file)) if file.territories else say("national"))
    return tuple(reasons)


def _themes(file: EditionFile) -> Text:
    names = listed(file.themes, "or")
    return say("themes {names}", names=names) if len(file.themes) > 1 else say("theme {names}", names=names)


def _places(file: EditionFile) -> Text:
    return listed((place.name for place in file.territories), "or")


def _some(cards: Sequence[str]) -> Text:
    if len(cards) <= _FEW:
        return listed(cards)
    return say("{names} and {number} more", names=joined(cards[:_FEW]), number=len(cards) - _FEW)


def _plain(value: object) -> object:
    return [str(one) if isinstance(one, Territory) else one for one in value] if isinstance(value, tuple) else value


# --- pages ---


class _Reckoner:
    """Finds how many pages editions have. Layouts and press profiles are read once."""

    def __init__(self, project: Project, full: Edition) -> None:
        self.project = project
        self.full = full
        self.store = Store(project)
        self.findings: set[Finding] = set()
        self._layouts: dict[str, Layout] = {}
        self._multiples: dict[str, int | None] = {}

    def pages(self, edition: Edition) -> Pages:
        """The pages of the last screen PDF, if it had the same parts as now; else an estimate.

        For a part that was never typeset for this edition, the estimate uses its length in `full` in the same layout: a
        card has the same length in each edition. Contents and index are taken in proportion to the number of cards.
        Raises LivretError when the layout has an error.
        """
        if edition.layout not in self._layouts:
            self._layouts[edition.layout] = Layout(self.project, edition.layout)
        layout = self._layouts[edition.layout]
        multiple = self._multiple(edition.press)
        parts = layout.flatplan(edition)
        own = _noted(self.store, edition.id, layout.name)
        other = _noted(self.store, self.full.id, layout.name)
        share = len(edition.initiatives) / max(1, len(self.full.initiatives))
        sides = {part.anchor: own.get(part.anchor) or _reckoned(part, other, share, layout) for part in parts}
        pagination = layout.paginate(parts, Extents(sides), multiple or 1, filler_of(edition, layout))
        return Pages(len(pagination.sheets), own.keys() != sides.keys() or multiple is None)

    def _multiple(self, name: str) -> int | None:
        """The multiple of pages that a press profile asks for; None when it cannot be read."""
        if name not in self._multiples:
            profile, found = read_press_profile(self.project, name)
            self.findings.update(found)
            self._multiples[name] = profile.pages.multiple if profile else None
        return self._multiples[name]


def _reckoned(part: Part, other: Mapping[str, tuple[Side, ...]], share: float, layout: Layout) -> tuple[Side, ...]:
    sides = other.get(part.anchor)
    if sides is None:
        return layout.likely_sides(part)
    if part.kind not in _LISTS:
        return sides
    return tuple("any" for _ in range(max(1, math.ceil(len(sides) * share))))


def _noted(store: Store, edition: str, layout: str) -> dict[str, tuple[Side, ...]]:
    """The sides of each part in the last build, without filler pages; empty when the note of it cannot be read."""
    kept: Mapping[str, Any] = store.recall(f"sides-{edition}-{layout}")
    known = get_args(Side)
    return {
        anchor: tuple(sides)
        for anchor, sides in kept.items()
        if isinstance(sides, list) and sides and all(side in known for side in sides)
        if not anchor.startswith(f"{NOTES}-")
    }


# --- findings ---


def findings(catalogue: Catalogue) -> tuple[Finding, ...]:
    """Findings on the editions: one without a card, a card in no edition, a card both included and excluded.

    A finding that catalogue.yaml or the edition allows is given as a note.
    """
    allow = catalogue.publication.allow
    found: list[Finding] = []
    for file in catalogue.editions:
        found += accept_allowed(_in_edition(catalogue, file), (*allow, *file.allow))
    unseen = (
        warning(
            "card-in-no-edition",
            say("no edition shows this card"),
            card.source,
            say("widen a filter of editions/full.yaml, or name the card in its include:"),
        )
        for card, marks in matrix(catalogue, edition_names(catalogue)).rows
        if not any(marks)
    )
    return (*found, *accept_allowed(unseen, allow))


def _in_edition(catalogue: Catalogue, file: EditionFile) -> Iterator[Finding]:
    edition = select(catalogue, file.id)
    if not shown(edition):
        hints = _why_empty(file, catalogue.initiatives)
        if edition.initiatives:
            hints = (say("its sections have no initiatives"),)
        fields = ("sections",) if edition.initiatives else ("territories", "themes", "exclude", "national")
        where = next((file.places[field] for field in fields if field in file.places), file.source)
        yield warning("empty-edition", say("this edition shows no card"), where, *hints)
    yield from untranslated(catalogue, edition)
    for name in file.include:
        if name in file.exclude:
            yield warning(
                "included-and-excluded",
                say('the card "{name}" is both included and excluded; it is left out', name=name),
                file.places["include"],
                say("take it out of one of the two lists"),
            )


def only_in_full(catalogue: Catalogue) -> tuple[Initiative, ...]:
    """The cards that only `full` shows; none if `full` is the only edition."""
    full, *others = sorted(edition_names(catalogue), key=lambda name: name != DEFAULT_EDITION)
    rows = matrix(catalogue, (full, *others)).rows if others else ()
    return tuple(card for card, marks in rows if marks[0] and not any(marks[1:]))


def coverage(catalogue: Catalogue) -> tuple[Finding, ...]:
    """A warning for the cards that only `full` shows. `livret check` leaves it out, as editions need not cover all."""
    cards = only_in_full(catalogue)
    if not cards:
        return ()
    told = warning(
        "card-only-in-full",
        say_number(
            "{number} card is in no edition but full: {cards}",
            "{number} cards are in no edition but full: {cards}",
            number=len(cards),
            cards=", ".join(card.id for card in cards),
        ),
        Location("catalogue/editions"),
        say("if they should be: widen a filter, or name them in an include:"),
    )
    return accept_allowed([told], catalogue.publication.allow)


def _why_empty(file: EditionFile, cards: Sequence[Initiative]) -> tuple[Text, ...]:
    """A hint for each filter that alone keeps no card; if there is none, that no card meets all filters."""
    pool = [card for card in cards if card.id not in file.exclude]
    if not pool:
        return (say("every card is excluded by name"),)
    if any(keeps(file.model_copy(update={"exclude": ()}), card) for card in cards):
        return (say("every card that meets the filters is excluded by name"),)
    told: list[Text] = []
    by_theme = EditionFile(themes=file.themes)
    if not any(keeps(by_theme, card) for card in pool):
        told.append(say("no card has the {themes}", themes=joined(filters(by_theme), " ")))
    by_place = EditionFile(territories=file.territories, national=file.national)
    if not any(keeps(by_place, card) for card in pool):
        told.append(say("no card is {places}", places=joined(filters(by_place), " ")))
    return tuple(told) or (
        say("a card must meet all filters: have one of the themes and lie in one of the territories"),
    )

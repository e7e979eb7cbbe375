"""Settling: an edition's parts are typeset until its folios stay the same; and what typesetting found."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from livret.book.plan import Setting
from livret.findings import Finding, Location, Report, error, warning
from livret.pages.compose.composer import Composer
from livret.pages.compose.filler import filler_findings, filler_of
from livret.pages.flatplan import Part, Side
from livret.pages.galley import Fragment, Galley
from livret.pages.pagination import Extents, Pagination
from livret.pages.pool.pressroom import GalleyDone, PressRoom, TypesettingOrder
from livret.pages.pool.store import Store
from livret.pipeline.field_findings import placed
from livret.project import Project
from livret.translation import Text, say, say_number

# Contents and index print folios and take pages themselves; five rounds are enough for any that can settle.
ROUNDS = 5

# What is guessed to take a spread before it was ever typeset.
SPREADS = frozenset({"card", "opener"})
PARTNER, INDEX = "partner", "index"

# Called with an anchor, how many parts are there, how many there will be, and whether this one was typeset just now.
Progress = Callable[[str, int, int, bool], None]


def settle(
    composer: Composer, multiple: int, press_room: PressRoom, report: Report, progress: Progress | None = None
) -> Setting:
    """Typeset all parts and the furniture, again where folios moved, until the pages stay the same.

    Filler pages make their number a multiple of `multiple`. The first guess is the last build's, so that mostly one
    round is enough. Folios that have not settled after five rounds are an error in the report.

    Raises FoundErrors when a part cannot be typeset because its workers die; all others are typeset first.
    """
    steps = Settling(composer, multiple, press_room, report, progress).steps()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            setting: Setting = end.value
            return setting


class Settling:
    """One edition on its way to settled pages; what is known of its parts so far."""

    def __init__(
        self,
        composer: Composer,
        multiple: int,
        press_room: PressRoom,
        report: Report,
        progress: Progress | None = None,
    ) -> None:
        self._composer = composer
        self._multiple = multiple
        self._press_room = press_room
        self._report = report
        self._parts = composer.layout.flatplan(composer.edition)
        self._count = counting(progress, len(self._parts))
        self._note = _note(composer)
        self._is_first_time = not press_room.store.recall(self._note)
        self._extents = likely_extents(composer, self._parts, press_room.store)
        self._galleys: dict[str, Galley] = {}
        self._fragments: dict[str, Fragment] = {}
        # What a part was composed for, its side and whether it shares a page, when it prints no folios: there it stays.
        self._composed_for: dict[str, tuple[Side, bool]] = {}
        self._typeset = 0
        self._reused = 0

    def steps(self) -> Generator[None, None, Setting]:
        """Do what `settle` does, but yield whenever workers have something to do and this would wait for them."""
        edition, layout = self._composer.edition, self._composer.layout
        if self._is_first_time:
            yield from self._measure()
        for _ in range(ROUNDS):
            pagination = self._paginate()
            parts = self._order(self._compose(pagination.parts, pagination))
            furniture = self._composer.furniture(pagination)
            layers = self._order(galley for piece in furniture for galley in self._if_new(piece))
            yield
            self._collect([parts, layers])
            self._report.stop_on_errors()
            found = extents_of({part.anchor: self._fragments[part.anchor] for part in self._parts})
            before, self._extents = self._extents, self._extents.learnt(found, pagination, layout.card_sides)
            if self._extents == before:
                break
        else:
            self._report.add(
                [error("unsettled-reference", say("page numbers did not settle in {rounds} rounds", rounds=ROUNDS))]
            )
        self._press_room.store.remember(self._note, dict(self._extents.sides))
        if edition.second:
            self._press_room.store.remember(_flows_note(self._composer), dict(self._extents.flows))
        if layout.file.card.per_page > 1:
            self._press_room.store.remember(f"{self._note}-alone", {"cards": sorted(self._extents.alone)})
        self._report.add(filler_findings(edition, layout, pagination, self._fragments))
        stamped = tuple(self._fragments[galley.anchor] for galley in furniture)
        return Setting(pagination.parts, pagination, self._fragments, stamped, self._typeset, self._reused)

    def _measure(self) -> Generator[None, None, None]:
        """Measure parts, when nobody knows yet how many pages any of them takes.

        Cards are guessed to take a spread. Those that may begin on any side are not measured: their first page depends
        on the others. So does that of partners, which wait until all before them are measured. The index is set when
        all pages are known: nothing but the end of the book depends on its length. Contents, index and furniture of a
        long book take as long as many cards.
        """
        pagination = self._paginate()
        others = (part for part in pagination.parts if part.kind not in SPREADS | {PARTNER, INDEX})
        measured = self._order(self._compose(others, pagination))
        spreads = (part for part in pagination.parts if part.kind in SPREADS and part.side != "any")
        cards = self._order(self._compose(spreads, pagination), is_urgent=False)
        yield
        self._learn([measured])
        pagination = self._paginate()
        partners = (part for part in pagination.parts if part.kind == PARTNER)
        moved = self._order(self._compose(partners, pagination))
        yield
        self._learn([moved, cards])

    def _learn(self, orders: Iterable[TypesettingOrder]) -> None:
        """Wait for parts, and take the pages that they have for those that they will have."""
        self._collect(orders)
        self._report.stop_on_errors()
        found = extents_of(self._fragments)
        sides, flows = {**self._extents.sides, **found.sides}, {**self._extents.flows, **found.flows}
        self._extents = replace(self._extents, sides=sides, flows=flows)

    def _paginate(self) -> Pagination:
        edition, layout = self._composer.edition, self._composer.layout
        filler = filler_of(edition, layout)
        return layout.paginate(self._parts, self._extents, self._multiple, filler)

    def _compose(self, parts: Iterable[Part], pagination: Pagination) -> Iterator[Galley]:
        """Compose, one by one, the parts that would now be different."""
        for part in parts:
            place = (pagination.side(part.anchor), part.anchor in pagination.downs)
            if self._composed_for.get(part.anchor) == place:
                continue
            galley, prints_folios = self._composer.galley(part, pagination)
            if not prints_folios:
                self._composed_for[part.anchor] = place
            yield from self._if_new(galley)

    def _if_new(self, galley: Galley) -> Iterator[Galley]:
        if self._galleys.get(galley.anchor) != galley:
            self._galleys[galley.anchor] = galley
            yield galley

    def _order(self, galleys: Iterable[Galley], *, is_urgent: bool = True) -> TypesettingOrder:
        return self._press_room.order(galleys, self._count, is_urgent=is_urgent)

    def _collect(self, orders: Iterable[TypesettingOrder]) -> None:
        for order in orders:
            fragments = order.collect()
            self._fragments.update(fragments)
            reused = sum(fragment.reused for fragment in fragments.values())
            self._reused += reused
            self._typeset += len(fragments) - reused
            self._report.add(self._press_room.lost(order.galleys))


def _note(composer: Composer) -> str:
    return f"sides-{composer.edition.id}-{composer.layout.name}"


def kept_sides(composer: Composer, store: Store) -> Mapping[str, Any]:
    """The sides of the pages of each part, by anchor, as the last build found them; empty when there was none."""
    return store.recall(_note(composer))


def _flows_note(composer: Composer) -> str:
    return f"flows-{composer.edition.id}-{composer.layout.name}"


def kept_alone(composer: Composer, store: Store) -> frozenset[str]:
    """The cards that the last build found too long for a page that several share."""
    cards = store.recall(f"{_note(composer)}-alone").get("cards")
    return frozenset(map(str, cards)) if isinstance(cards, list) else frozenset()


def likely_extents(composer: Composer, parts: Iterable[Part], store: Store) -> Extents:
    """The pages of each part: as the last build found them, else a guess."""
    known = kept_sides(composer, store)
    likely = composer.layout.likely_sides
    kept: Mapping[str, Any] = store.recall(_flows_note(composer)) if composer.edition.second else {}
    flows = {anchor: tuple((number, is_second) for number, is_second in pages) for anchor, pages in kept.items()}
    return Extents({part.anchor: tuple(known.get(part.anchor, likely(part))) for part in parts}, flows=flows)


def extents_of(fragments: Mapping[str, Fragment]) -> Extents:
    """The pages of parts that were typeset, by anchor."""
    facts = {anchor: fragment.facts for anchor, fragment in fragments.items()}
    flows = {anchor: one.flows for anchor, one in facts.items() if one.flows}
    return Extents({anchor: one.sides for anchor, one in facts.items()}, flows=flows)


def counting(progress: Progress | None, total: int) -> GalleyDone | None:
    """What the press room calls with each anchor, so that `progress` hears how many there are."""
    if progress is None:
        return None
    # Contents and index come more than once; furniture is nobody's part.
    seen: set[str] = set()

    def count(anchor: str, is_typeset: bool) -> None:
        seen.add(anchor)
        progress(anchor, len(seen), max(total, len(seen)), is_typeset)

    return count


def findings_of(setting: Setting, project: Project) -> list[Finding]:
    """What typesetting found, and each card whose text runs over its spread."""
    of_furniture = (finding for fragment in setting.furniture for finding in fragment.facts.findings)
    findings = [one for finding in of_furniture for one in placed(finding, None, project)]
    for part in setting.parts:
        facts = setting.fragments[part.anchor].facts
        findings += [one for finding in facts.findings for one in placed(finding, part, project)]
        if facts.overset:
            place = part.subject.source if part.subject else Location(part.anchor)
            findings += [warning("overset-text", message, place, *hints) for message, *hints in _overset(part, setting)]
    return findings


def _overset(part: Part, setting: Setting) -> Iterator[tuple[Text, Text, Text]]:
    """For each page of a part whose text runs over: how many words, and where they go on."""
    facts, start = setting.fragments[part.anchor].facts, setting.pagination.starts[part.anchor]
    folios = [sheet.folio for sheet in setting.pagination.sheets[start:] if part in sheet.parts]
    # While somebody writes, the pages of a card that has just grown have no place yet: they will follow its last one.
    folios += range(folios[-1] + 1, folios[-1] + 1 + len(facts.sides) - len(folios))
    over = [(side, False, words) for side, words in facts.over.items()]
    over += [(side, True, words) for side, words in facts.over_in_second.items()]
    for side, is_second, words in over:
        flow = (int(side == "recto"), is_second)
        stand = [one == flow for one in facts.flows] or [one == side for one in facts.sides]
        first, *further = (folio for folio, is_there in zip(folios, stand, strict=False) if is_there)
        message = say_number(
            "{number} word too many for page {first}",
            "{number} words too many for page {first}",
            number=words,
            first=first,
        )
        # Set on a further spread, the text of this side may fit its page, and what stood beside it goes on.
        hint = say("the card goes on to page {page}; nothing is lost", page=[*further, folios[-1]][0])
        mend = say_number(
            "take about {number} word out, or let the layout set the card smaller",
            "take about {number} words out, or let the layout set the card smaller",
            number=words,
        )
        yield message, hint, mend

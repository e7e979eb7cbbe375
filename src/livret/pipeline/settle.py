"""Settling: an edition's parts typeset until its folios stand still, and what typesetting found."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any

from livret.book.plan import Setting
from livret.findings import Finding, Location, Report, error, warning
from livret.pages.compose.composer import Composer
from livret.pages.compose.filler import filler_findings, filler_of
from livret.pages.flatplan import Pagination, Part, Side, paginate
from livret.pages.galley import Fragment, Galley
from livret.pages.pool.pressroom import Ordered, PressRoom
from livret.pages.pool.store import Store

# Contents and index print folios and take pages themselves; five rounds settle any that can be settled.
ROUNDS = 5

# What is guessed to take a spread before it was ever typeset.
SPREADS = frozenset({"card", "opener"})

# Called with an anchor, how many parts are there, and how many there will be.
Progress = Callable[[str, int, int], None]


def settle(
    composer: Composer, multiple: int, store: Store, press: PressRoom, report: Report, progress: Progress | None = None
) -> Setting:
    """Typeset all parts and the furniture, again where folios moved, until the pages stand still.

    Filler pages make their number a multiple of `multiple`. The first guess is the last build's, so that mostly one
    round is enough. Folios that have not settled after five rounds are an error in the report.

    Raises FoundErrors when a part cannot be typeset because its workers die; all others are typeset first.
    """
    rounds = settling(composer, multiple, store, press, report, progress)
    while True:
        try:
            next(rounds)
        except StopIteration as end:
            setting: Setting = end.value
            return setting


def settling(
    composer: Composer, multiple: int, store: Store, press: PressRoom, report: Report, progress: Progress | None = None
) -> Generator[None, None, Setting]:
    """As `settle`, but it gives way whenever workers have something to do and it would wait for them."""
    edition, layout = composer.edition, composer.layout
    planned = layout.flatplan(edition)
    note = f"sides-{edition.id}-{layout.name}"
    known: Mapping[str, Any] = store.recall(note)
    guess = layout.card_sides
    sides: dict[str, tuple[Side, ...]] = {
        part.anchor: tuple(known.get(part.anchor, guess if part.kind in SPREADS else ("any",))) for part in planned
    }
    galleys: dict[str, Galley] = {}
    fragments: dict[str, Fragment] = {}
    fixed: dict[str, str] = {}
    typeset = reused = 0
    count = counting(progress, len(planned))

    def composed(parts: Iterable[Part], pagination: Pagination) -> Iterator[Galley]:
        """The galleys of parts that are not yet so, composed one by one; they are in `galleys` then."""
        for part in parts:
            if fixed.get(part.anchor) == pagination.side(part.anchor):
                continue
            galley, prints_folios = composer.galley(part, pagination)
            if not prints_folios:
                fixed[part.anchor] = pagination.side(part.anchor)
            yield from new(galley)

    def new(galley: Galley) -> Iterator[Galley]:
        if galleys.get(galley.anchor) != galley:
            galleys[galley.anchor] = galley
            yield galley

    def arrive(order: Ordered) -> None:
        nonlocal typeset, reused
        arrived = order.collect()
        fragments.update(arrived)
        reused += sum(fragment.reused for fragment in arrived.values())
        typeset += sum(not fragment.reused for fragment in arrived.values())
        report.add(press.lost(order.galleys))

    patient: Ordered | None = None
    if not known:
        # Nobody knows yet how many pages any part takes. Cards are guessed to take what they may, and typeset while the
        # others are measured and then set with the right folios, so that no worker waits for the contents of a long
        # book. Cards whose first page depends on the others are not.
        pagination = paginate(planned, sides, multiple, filler_of(edition, layout))
        others = (part for part in pagination.parts if part.kind not in SPREADS)
        measured = press.order(composed(others, pagination), count)
        spreads = (part for part in pagination.parts if part.kind in SPREADS and part.side != "any")
        patient = press.order(composed(spreads, pagination), count, is_urgent=False)
        yield
        arrive(measured)
        if report.has_errors:
            arrive(patient)
        report.stop_on_errors()
        sides |= {anchor: fragment.facts.sides for anchor, fragment in fragments.items()}

    for _ in range(ROUNDS):
        pagination = paginate(planned, sides, multiple, filler_of(edition, layout))
        order = press.order(composed(pagination.parts, pagination), count)
        furniture = composer.furniture(pagination)
        drawn = press.order((galley for piece in furniture for galley in new(piece)), count)
        yield
        for one in (patient, order, drawn):
            if one is not None:
                arrive(one)
        patient = None
        report.stop_on_errors()
        found = {part.anchor: fragments[part.anchor].facts.sides for part in planned}
        if found == sides:
            break
        sides = found
    else:
        report.add([error("unsettled-reference", f"page numbers did not settle in {ROUNDS} rounds")])
    store.remember(note, dict(sides))
    report.add(filler_findings(edition, layout, pagination, fragments))
    layers = tuple(fragments[galley.anchor] for galley in furniture)
    return Setting(pagination.parts, pagination, fragments, layers, typeset, reused)


def counting(progress: Progress | None, total: int) -> Callable[[str], None] | None:
    """What the press room calls with each anchor, so that `progress` hears how many there are."""
    if progress is None:
        return None
    # Contents and index come more than once; furniture is nobody's part.
    seen: set[str] = set()

    def count(anchor: str) -> None:
        seen.add(anchor)
        progress(anchor, len(seen), max(total, len(seen)))

    return count


def findings_of(setting: Setting) -> list[Finding]:
    """What typesetting found, and each card whose text runs over its spread."""
    findings = [finding for fragment in setting.furniture for finding in fragment.facts.findings]
    for part in setting.parts:
        facts = setting.fragments[part.anchor].facts
        findings += facts.findings
        if facts.overset:
            place = part.subject.source if part.subject else Location(part.anchor)
            findings += [warning("overset-text", told, place, *hints) for told, *hints in _overset(part, setting)]
    return findings


def _overset(part: Part, setting: Setting) -> Iterator[tuple[str, str, str]]:
    """For each page of a part whose text runs over: how many words, and where they go on."""
    facts, start = setting.fragments[part.anchor].facts, setting.pagination.starts[part.anchor]
    folios = [sheet.folio for sheet in setting.pagination.sheets[start:] if sheet.part is part]
    for side in dict.fromkeys(facts.sides):
        first, *further = (index for index, stands in enumerate(facts.sides) if stands == side)
        if further:
            words = sum(facts.words[index] for index in further)
            told = f"{words} words too many for page {folios[first]}"
            hint = f"they go on to page {folios[further[0]]}; nothing is lost"
            yield told, hint, f"take about {words} words out, or let the layout set the card smaller"

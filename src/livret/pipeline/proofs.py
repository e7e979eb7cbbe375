"""Proofs of single cards, from the very fragments that are bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from livret.book.plan import Setting, book_plan
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Pagination, Part, Sheet, paginate, select
from livret.pages.galley import Fragment
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.options import DEFAULT, Proof, Running
from livret.pipeline.settle import Progress, counting, findings_of, settle
from livret.project import Project, replacing


def proof(
    project: Project, catalogue: Catalogue, wanted: Proof, report: Report, running: Running = DEFAULT
) -> tuple[Path, ...]:
    """Write `output/proofs/CARD.pdf` for each card, and PNGs where a resolution is given. Raises as `build` does."""
    from livret.control.raster import rasterise

    edition = select(catalogue, wanted.edition)
    composer = Composer(project, edition, Layout.of(project, edition))
    cards = frozenset(wanted.cards)
    parts = tuple(part for part in composer.layout.flatplan(edition) if part.kind == "card")
    with PressRoom(project, Store(project), running.jobs, running.cluster) as press_room:
        fragments = _typeset(composer, parts, cards, press_room, report, running.display("proof"))
        report.add(press_room.store.findings())
    report.stop_on_errors()
    files: list[Path] = []
    for part in parts:
        if part.id in cards:
            files.append(_bind(composer, part, fragments[part.anchor], report))
            if wanted.ppi is not None:
                files += rasterise(files[-1], files[-1].with_suffix(""), wanted.ppi)
    report.stop_on_errors()
    return tuple(files)


def _typeset(
    composer: Composer,
    parts: Sequence[Part],
    cards: frozenset[str],
    press_room: PressRoom,
    report: Report,
    progress: Progress | None,
) -> Mapping[str, Fragment]:
    """The fragments of these cards, the very ones that the edition binds.

    A card that prints folios of others needs them settled, and so the whole edition typeset; else only
    the cards asked for are.
    """
    edition = composer.edition
    pagination = paginate(parts, {part.anchor: composer.layout.card_sides for part in parts})
    composed = [composer.galley(part, pagination) for part in parts if part.id in cards]
    if any(prints_folios for _, prints_folios in composed):
        profile, found = read_press_profile(composer.project, edition.press)
        report.add(found)
        return settle(composer, profile.pages.multiple if profile else 1, press_room, report, progress).fragments
    galleys = [galley for galley, _ in composed]
    fragments = press_room.fragments(galleys, counting(progress, len(galleys)))
    report.add(press_room.lost(galleys))
    return fragments


def _bind(composer: Composer, part: Part, fragment: Fragment, report: Report) -> Path:
    """Bind a card alone; gives the file."""
    from livret.book.binding.bind import bind

    project, pages = composer.project, len(fragment.facts.sides)
    pagination = Pagination(
        tuple(Sheet(index, part, index) for index in range(pages)), {part.anchor: 0}, {part.anchor: pages - 1}
    )
    setting = Setting((part,), pagination, {part.anchor: fragment}, ())
    report.add(findings_of(setting))
    target = project.output / "proofs" / f"{part.id}.pdf"
    with replacing(target) as beside:
        date = project.build_date(composer.edition.dated)
        bind(book_plan(composer.navigation, setting, date), beside)
    return target

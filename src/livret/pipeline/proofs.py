"""Proofs of single cards, from the very fragments that are bound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from livret.book.plan import Setting, book_plan
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Pagination, Sheet, paginate, select
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.settle import Progress, counting, findings_of, settle
from livret.project import Project, replacing


def proof(
    project: Project,
    catalogue: Catalogue,
    name: str,
    cards: Sequence[str],
    report: Report,
    *,
    jobs: int | None = None,
    ppi: int | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write `output/proofs/CARD.pdf` for each card from the fragment that the edition binds, and PNGs at `ppi`.

    A card that prints folios of others needs them settled, and so the whole edition typeset; else only
    the cards asked for are. Raises as `build` does.
    """
    from livret.book.binding.bind import bind
    from livret.control.raster import rasterise

    edition = select(catalogue, name)
    composer = Composer(project, edition, Layout(project, edition.layout))
    store = Store(project)
    with PressRoom(project, store, jobs) as press:
        parts = tuple(part for part in composer.layout.flatplan(edition) if part.kind == "card")
        wanted = tuple(part for part in parts if part.id in set(cards))
        pagination = paginate(parts, {part.anchor: composer.layout.card_sides for part in parts})
        composed = {part.anchor: composer.galley(part, pagination) for part in wanted}
        if any(prints_folios for _, prints_folios in composed.values()):
            profile, found = read_press_profile(project, edition.press)
            report.add(found)
            multiple = profile.pages.multiple if profile else 1
            fragments = settle(composer, multiple, store, press, report, progress).fragments
        else:
            galleys = [galley for galley, _ in composed.values()]
            fragments = press.fragments(galleys, counting(progress, len(galleys)))
            report.add(press.lost(galleys))
            report.stop_on_errors()
    files: list[Path] = []
    for part in wanted:
        fragment = fragments[part.anchor]
        alone = Pagination(
            tuple(Sheet(index, part, index) for index in range(len(fragment.facts.sides))),
            {part.anchor: 0},
            {part.anchor: len(fragment.facts.sides) - 1},
        )
        setting = Setting((part,), alone, fragments, ())
        report.add(findings_of(setting))
        target = project.output / "proofs" / f"{part.id}.pdf"
        with replacing(target) as beside:
            bind(book_plan(composer, setting, project.build_date(edition.date)), beside)
        files.append(target)
        if ppi is not None:
            files += rasterise(target, target.with_suffix(""), ppi)
    report.stop_on_errors()
    return tuple(files)

"""The pipeline: read, select, compose, typeset, bind; editions from a folder of cards to PDFs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from livret.book.plan import Setting
from livret.content.catalogue.legal import press_findings
from livret.content.catalogue.reader import read_catalogue
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.control import editions
from livret.control.completeness import unbound
from livret.findings import Finding, LivretError, Report, SystemLibraryMissing
from livret.pages.compose import copy_budget
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import edition_names, select, sources
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.build_report import Built, write_record
from livret.pipeline.outputs import Bindery, Coming, Wanted
from livret.pipeline.separation_jobs import bleed_findings
from livret.pipeline.settle import Progress, findings_of, settling
from livret.project import Project

# Editions under way at a time: one is composed, one typeset, one waits for its folios; as many more wait to be bound.
UNDER_WAY = 3


def read(project: Project, report: Report, *, thorough: bool = False) -> Catalogue:
    """The catalogue. Raises FoundErrors when it has errors; all of them are in the report."""
    catalogue, findings = read_catalogue(project, thorough=thorough)
    report.add(findings)
    report.stop_on_errors()
    assert catalogue is not None
    return catalogue


def check(project: Project, report: Report) -> dict[str, int]:
    """Everything that can be said of a catalogue without typesetting it, into the report; gives what it holds.

    Raises FoundErrors when there are errors, LivretError when a layout is not right.
    """
    catalogue = read(project, report, thorough=True)
    report.add(editions.findings(catalogue))
    names = edition_names(catalogue)
    layouts = {name: Layout(project, name) for name in sorted({select(catalogue, name).layout for name in names})}
    for layout in layouts.values():
        report.add(copy_budget.findings(catalogue, layout))
    return {
        "initiatives": len(catalogue.initiatives),
        "partners": len(catalogue.partners),
        "themes": len(catalogue.publication.themes),
        "editions": len(names),
    }


def build(
    project: Project,
    catalogue: Catalogue,
    names: Sequence[str],
    wanted: Wanted,
    report: Report,
    *,
    jobs: int | None = None,
    cluster: str | None = None,
    display: Callable[[str], Progress | None] = lambda name: None,
    told: Callable[[Built], None] = lambda built: None,
) -> tuple[Built, ...]:
    """Build editions in one press room, so that what they share is typeset once.

    A few are under way at a time, so that workers always have something to do: while they typeset the parts of one and
    bind another, the parts of the next are composed. An edition that fails does not stop the others: its `problem`
    says why. All findings go into the report. `display` gives the progress of an edition by its name, `told` is called
    with each edition when it is done.

    Raises SystemLibraryMissing when the engine cannot be loaded.
    """
    store = Store(project)
    known = report.findings
    done: list[Built] = []

    def finish(run: _Run) -> None:
        run.finish()
        report.add(run.built.report.findings)
        told(run.built)
        done.append(run.built)

    with PressRoom(project, store, jobs, cluster) as press:
        typesetting: deque[tuple[_Run, Iterator[None]]] = deque()
        binding: deque[_Run] = deque()
        for name in (*names, *[None] * UNDER_WAY):
            if name is not None:
                run = _Run(project, Built(name, Report(strict=report.strict)))
                steps = run.begin(catalogue, known, wanted, store, press, display(name))
                next(steps, None)
                typesetting.append((run, steps))
            if len(typesetting) == UNDER_WAY or (name is None and typesetting):
                run, steps = typesetting.popleft()
                deque(steps, maxlen=0)
                binding.append(run)
                for waiting in binding:
                    waiting.advance()
            if len(binding) == UNDER_WAY or (name is None and binding and not typesetting):
                finish(binding.popleft())
        while binding:
            finish(binding.popleft())
    store.prune()
    return tuple(done)


@dataclass
class _Run:
    """An edition on its way: begun when it is typeset and its files are being bound, finished when they are there."""

    project: Project
    built: Built
    composer: Composer | None = None
    setting: Setting | None = None
    coming: tuple[Coming, ...] = ()

    def begin(
        self,
        catalogue: Catalogue,
        known: Sequence[Finding],
        wanted: Wanted,
        store: Store,
        press: PressRoom,
        progress: Progress | None,
    ) -> Iterator[None]:
        """Typeset the edition and have its files bound, giving way where it would wait for workers.

        `known` is what reading the catalogue found.
        """
        project, built, report = self.project, self.built, self.built.report
        try:
            edition = select(catalogue, built.edition)
            profile, found = read_press_profile(project, wanted.profile or edition.press)
            report.add(found)
            report.stop_on_errors()
            assert profile is not None
            composer = Composer(project, edition, Layout(project, wanted.layout or edition.layout))
            setting = yield from settling(composer, profile.pages.multiple, store, press, report, progress)
            built.typeset, built.reused = setting.typeset, setting.reused
            report.add(findings_of(setting))
            selected = edition.initiatives if "initiatives" in edition.sections else ()
            anchors = {f"card-{card.id}": card.source for card in selected}
            report.add(unbound(anchors, setting.pagination.starts))
            report.stop_on_errors()
            built.pages, built.cards = len(setting.pagination.sheets), len(selected)
            self.composer, self.setting = composer, setting
            if wanted.press:
                # They refuse the press file alone: the screen edition does no harm.
                report.add(press_findings(catalogue, edition.id, known, sources(setting.pagination.parts)))
                report.add(bleed_findings(composer.layout, profile))
                wanted = replace(wanted, press=not report.has_errors)
            self.coming = tuple(Bindery(project, composer, setting, profile, store, press).orders(wanted))
        except SystemLibraryMissing:
            raise
        except LivretError as problem:
            built.problem = problem

    def advance(self) -> None:
        """Have those files bound that waited for their plates."""
        for coming in self.coming:
            coming.advance()

    def finish(self) -> None:
        """Wait for the files and write the edition's report."""
        built = self.built
        try:
            for coming in self.coming:
                found, written = coming.arrive()
                built.report.add(found)
                built.files[coming.kind] = coming.order.target
                built.written += [coming.kind] if written else []
            if self.composer and self.setting:
                write_record(self.project, self.composer, self.setting, built)
            built.report.stop_on_errors()
        except LivretError as problem:
            built.problem = built.problem or problem

"""The pipeline: read, select, compose, typeset, bind; editions from a folder of cards to PDFs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from livret.book.plan import Setting
from livret.content.catalogue.issue_date import issue_date_findings
from livret.content.catalogue.legal import press_findings
from livret.content.catalogue.reader import read_catalogue
from livret.content.catalogue.suppressions import accept_allowed, unused_allowances
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.control import editions
from livret.control.completeness import unbound
from livret.findings import Finding, LivretError, Report, SystemLibraryMissing
from livret.pages.compose import copy_budget, layout_checks, picture_findings
from livret.pages.compose.composer import Composer
from livret.pages.compose.drawings import QrCodes
from livret.pages.compose.kept import Compositions, files_digest
from livret.pages.flatplan import edition_names, select, sources
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pages.pool.versions import surroundings
from livret.pipeline.approvals import read_register, sign_off_findings
from livret.pipeline.build_report import write_report
from livret.pipeline.built import Built
from livret.pipeline.options import DEFAULT, Running, Wanted
from livret.pipeline.outputs import Bindery, PendingFile
from livret.pipeline.press_checks import binding_findings, bleed_findings, colours_place, ink_findings
from livret.pipeline.press_preflight import not_preflighted
from livret.pipeline.resolution import low_resolutions, resolutions_of_last_build
from livret.pipeline.settle import Progress, Settling, findings_of
from livret.project import Project, digest, source_date

# Editions under way at a time: one is composed, one typeset, one waits for its folios; as many more wait to be bound.
UNDER_WAY = 3

# All code and data of Livret.
PACKAGE = Path(__file__).parents[1]

# The note in the store with the masks of QR codes, and how many it has at most.
QR_MASKS = "qr-masks"
MASKS_KEPT = 20_000


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
    report.add(read_register(project, catalogue)[1])
    names = edition_names(catalogue)
    selected = {name: select(catalogue, name) for name in names}
    chosen = {(edition.layout, edition.colours): edition.colours for edition in selected.values()}
    layouts = {key: Layout(project, key[0], colours) for key, colours in chosen.items()}
    for layout in {layout.name: layout for layout in layouts.values()}.values():
        report.add(layout_checks.findings(layout))
        report.add(copy_budget.findings(catalogue, layout))
    report.add(resolutions_of_last_build(project, names))
    for edition in selected.values():
        layout = layouts[edition.layout, edition.colours]
        report.add(picture_findings.findings(catalogue, edition, project, layout))
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
    running: Running = DEFAULT,
) -> tuple[Built, ...]:
    """Build editions in one press room, so that what they share is typeset once.

    A few are under way at a time, so that workers always have something to do: while they typeset the parts of one and
    bind another, the parts of the next are composed. An edition that fails does not stop the others: its `problem`
    says why. All findings go into the report.

    Raises SystemLibraryMissing when the engine cannot be loaded, LivretError for a wrong SOURCE_DATE_EPOCH.
    """
    # The inner functions and the loops move the same two queues.
    source_date()
    if wanted.allow:
        allow = (*catalogue.publication.allow, *wanted.allow)
        publication = catalogue.publication.model_copy(update={"allow": allow})
        catalogue = replace(catalogue, publication=publication)
    store = Store(project)
    known = report.findings
    done: list[Built] = []
    typesetting: deque[EditionRun] = deque()
    binding: deque[EditionRun] = deque()

    def typeset_first() -> None:
        run = typesetting.popleft()
        run.finish_typesetting()
        binding.append(run)
        for waiting in binding:
            waiting.start_files_if_ready()
        if len(binding) == UNDER_WAY:
            finish_first()

    def finish_first() -> None:
        built = binding.popleft().finish()
        report.add(built.report.findings)
        running.on_edition(built)
        done.append(built)

    qr_codes = QrCodes(store.recall(QR_MASKS))
    compositions = Compositions(store, digest(files_digest(PACKAGE), *surroundings()))
    with PressRoom(project, store, running.jobs, running.cluster) as press_room:
        shared = SharedInput(project, catalogue, known, wanted, press_room, qr_codes, compositions)
        for name in names:
            run = EditionRun(shared, Built(name, Report(strict=report.strict)), running.display(name))
            run.start()
            typesetting.append(run)
            if len(typesetting) == UNDER_WAY:
                typeset_first()
        while typesetting:
            typeset_first()
        # Meanwhile workers bind, and all that is used has been marked.
        store.prune()
        while binding:
            finish_first()
    store.remember(QR_MASKS, dict(list(qr_codes.masks.items())[-MASKS_KEPT:]))
    # Only a build for press looks for everything that can be allowed.
    if wanted.press:
        report.add(_unused_allowances(catalogue, known, done))
    report.add(store.findings())
    return tuple(done)


def _unused_allowances(catalogue: Catalogue, known: Sequence[Finding], done: Sequence[Built]) -> Sequence[Finding]:
    """A finding for each allowed rule that no built edition broke; `known` was found before any was built."""
    everywhere = (*known, *editions.findings(catalogue))
    return unused_allowances(catalogue, {built.edition: (*everywhere, *built.report.findings) for built in done})


@dataclass(frozen=True)
class SharedInput:
    """What all editions of a build are made from and made with; `known` is what reading the catalogue found."""

    project: Project
    catalogue: Catalogue
    known: Sequence[Finding]
    wanted: Wanted
    press_room: PressRoom
    qr_codes: QrCodes
    compositions: Compositions


class EditionRun:
    """An edition on its way: started, typeset, and finished when its files are there."""

    def __init__(self, shared: SharedInput, built: Built, progress: Progress | None) -> None:
        self._shared = shared
        self._built = built
        self._progress = progress
        self._steps = self._typeset()
        self._composer: Composer | None = None
        self._setting: Setting | None = None
        self._files: tuple[PendingFile, ...] = ()

    def start(self) -> None:
        """Compose the edition's parts until it would wait for workers."""
        next(self._steps, None)

    def finish_typesetting(self) -> None:
        """Typeset the edition, and have its files made by workers."""
        deque(self._steps, maxlen=0)

    def _typeset(self) -> Iterator[None]:
        """Typeset the edition and order its files; yields where it would wait for workers."""
        shared, built, report = self._shared, self._built, self._built.report
        project, catalogue, wanted = shared.project, shared.catalogue, shared.wanted
        try:
            edition = select(catalogue, built.edition)
            profile, found = read_press_profile(project, wanted.profile or edition.press)
            report.add(found)
            report.stop_on_errors()
            assert profile is not None
            layout = Layout.of(project, edition, wanted.layout)
            composer = Composer(project, edition, layout, shared.qr_codes, shared.compositions)
            multiple = profile.pages.multiple
            setting = yield from Settling(composer, multiple, shared.press_room, report, self._progress).steps()
            built.typeset, built.reused = setting.typeset, setting.reused
            built.galleys = len(setting.parts) + len(setting.furniture)
            report.add(findings_of(setting, project))
            if not wanted.press:
                # A press profile asks for more, and its findings say so.
                report.add(low_resolutions(project, setting))
            selected = edition.initiatives if "initiatives" in edition.sections else ()
            anchors = {f"card-{card.id}": card.source for card in selected}
            report.add(unbound(anchors, setting.pagination.starts))
            report.stop_on_errors()
            built.pages, built.cards = len(setting.pagination.sheets), len(selected)
            report.add(issue_date_findings(catalogue, edition.id))
            report.add(picture_findings.findings(catalogue, edition, project, composer.layout))
            self._composer, self._setting = composer, setting
            if wanted.press:
                # They refuse the press file alone: the screen edition does no harm.
                report.add(sign_off_findings(composer, catalogue))
                report.add(press_findings(catalogue, edition.id, shared.known, sources(setting.pagination.parts)))
                place = colours_place(catalogue, edition.id)
                report.add(bleed_findings(composer.layout, profile))
                report.add(ink_findings(composer.layout, profile, place))
                facts = setting.fragments[setting.parts[0].anchor].facts
                report.add(binding_findings(built.pages, (facts.width, facts.height), profile))
                if not wanted.preflight:
                    report.add((not_preflighted(f"{edition.id}-press.pdf"),))
                wanted = replace(wanted, press=not report.has_errors)
            self._files = tuple(Bindery(project, composer, setting, profile, shared.press_room).orders(wanted))
        except SystemLibraryMissing:
            raise
        except LivretError as problem:
            built.problem = problem

    def start_files_if_ready(self) -> None:
        """Have those files made that waited for their plates."""
        for file in self._files:
            file.start_if_ready()

    def finish(self) -> Built:
        """Wait for the files and write the edition's report."""
        built = self._built
        try:
            for file in self._files:
                found, is_written = file.result()
                allow = self._composer.edition.allow if self._composer else ()
                built.report.add(accept_allowed(found, allow))
                built.files[file.kind] = file.order.target
                built.written += [file.kind] if is_written else []
            if self._composer and self._setting:
                write_report(self._shared.project, self._composer, self._setting, built)
            built.report.stop_on_errors()
        except LivretError as problem:
            built.problem = built.problem or problem
        return built

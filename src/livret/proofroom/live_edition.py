"""One edition in one layout, kept up to date: one part at once when it changes, the whole behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from livret.book.plan import Setting
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.control.approvals import state
from livret.control.approvals.register import Register, read_register
from livret.control.approvals.state import PartState
from livret.findings import Finding, FoundErrors, LivretError, Report
from livret.pages.compose import layout_checks, picture_findings
from livret.pages.compose.drawings import QrCodes
from livret.pages.compose.filler import filler_of
from livret.pages.flatplan import Edition, Part, select
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pipeline.options import Wanted
from livret.pipeline.outputs import Bindery
from livret.pipeline.resolution import low_resolutions
from livret.pipeline.settle import Settling, findings_of, likely_extents
from livret.project import Project
from livret.proofroom.edition_view import View, with_begun
from livret.proofroom.warm import WarmComposer, WarmStore
from livret.translation import say

# While an edition is set for the first time, its pages are shown this often.
SHOW_SECONDS = 0.4
# The book is bound when nothing has changed for so long.
QUIET_SECONDS = 2.0
# About so many parts are seen at a time.
SEEN = 40
# How often a file that is being bound is looked at.
LOOK_SECONDS = 0.1


class Superseded(Exception):
    """Something changed while an edition was being set, or another goes first: it begins again with what is there."""


@dataclass(frozen=True)
class Surroundings:
    """What a live edition needs of its session: `give_way` does what is urgent, and raises nothing.

    `catalogue` gives the newest catalogue; `tell` tells the browsers. `follow` is told of two files: the pages of the
    second take the place of those of the first. `is_postponed` says of an edition, by its names, that another one which
    somebody looks at has to be set first.
    """

    project: Project
    press_room: PressRoom
    store: WarmStore
    qr_codes: QrCodes
    catalogue: Callable[[], Catalogue]
    give_way: Callable[[], None]
    tell: Callable[..., None]
    follow: Callable[[Path, Path], None]
    is_postponed: Callable[[tuple[str, str]], bool]


class LiveEdition:
    """An edition in a layout. Everything but reading `view` happens in the thread of the desk."""

    def __init__(self, around: Surroundings, edition: str, layout: str) -> None:
        self._around = around
        self.name = (edition, layout)
        self.view: View | None = None
        self.problem: LivretError | None = None
        self._layout: Layout | None = None
        self._composer: WarmComposer | None = None
        self._version = 0
        # Counts what changed; a setting that began with a smaller number begins again.
        self._changes = 0
        # Counts what was signed from the page.
        self._signed = 0
        # The number that the setting at hand began with, while it goes on.
        self._began: int | None = None
        self._setting: Setting | None = None
        self._is_warm = False
        self._checked: tuple[Layout, tuple[Finding, ...]] | None = None
        self._states: dict[str, tuple[object, PartState]] = {}

    # --- urgent ---

    def changed(self) -> None:
        """Something changed: what is being set is no longer the newest state."""
        self._changes += 1
        if self.view is not None and (self.view.is_settled or self.view.is_bound):
            self._show(replace(self.view, is_settled=False, is_bound=False))

    def layout_changed(self) -> None:
        """A file of the layout changed: everything is composed again."""
        self.changed()
        self._layout = None

    def refresh(self, anchor: str) -> bool:
        """Typeset one part at once and show it; gives whether there was anything to do. Raises LivretError."""
        view, catalogue = self.view, self._around.catalogue()
        if view is None:
            return False
        composer = self._composed_with(self._edition(catalogue))
        part = next((one for one in composer.layout.flatplan(composer.edition) if one.anchor == anchor), None)
        if part is None or anchor not in view.pagination.starts:
            return False
        galley, _ = composer.galley(part, view.pagination)
        fragment = self._around.press_room.at_once(galley)
        lost = self._around.press_room.lost((galley,))
        fragments = view.fragments if fragment is None else {**view.fragments, anchor: fragment}
        if fragment is not None and fragment == view.fragments.get(anchor) and not lost:
            return False
        pagination = view.pagination.with_state(part)
        alone = fragment and Setting((part,), pagination, {anchor: fragment}, ())
        told = _found(alone, self._around.project) if alone else ()
        found = {**view.found, anchor: (*lost, *told)}
        self._show(replace(view, composer=composer, pagination=pagination, fragments=fragments, found=found,
                           edition=composer.edition, is_settled=False, is_bound=False))  # fmt: skip
        before, now = view.fragments.get(anchor), fragments.get(anchor)
        if before and now:
            self._around.follow(before.path, now.path)
        self._around.tell(
            "part", edition=self.name[0], layout=self.name[1], anchor=anchor, version=self._version,
            fragment=now.key if now else None, pages=len(now.facts.sides) if now else 0,
        )  # fmt: skip
        return True

    def put_first(self, anchor: str) -> None:
        """Somebody looks at this part: those after it are set before others."""
        anchors = [part.anchor for part in self.view.parts] if self.view else []
        if self._composer is not None and anchor in anchors:
            start = anchors.index(anchor)
            seen = frozenset(anchors[start : start + SEEN])
            self._around.press_room.put_first(one for one in self._composer.galleys if one.anchor in seen)

    def signed(self, path: str) -> None:
        """Somebody signed the part of this name in the register: show it at once. Raises LivretError."""
        self._signed += 1
        view = self.view
        part = next((one for one in view.parts if one.subject and state.path_of(one) == path), None) if view else None
        if view is None or part is None:
            return
        register, _ = read_register(self._around.project)
        now = self._state(view.composer, register, part)
        if now != view.states.get(part.anchor):
            self._show(replace(view, states={**view.states, part.anchor: now}))
            self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)

    # --- in the background ---

    def settle(self) -> Iterator[float | None]:
        """Set the edition as it is now, then look at its sign-offs, and bind it when all is quiet."""
        while True:
            started = self._changes
            try:
                yield from self._settle(started)
                yield from self._look_at_sign_offs(started)
                yield QUIET_SECONDS
                if started == self._changes:
                    yield from self._bind(started)
                return
            except Superseded:
                self._around.press_room.cancel_waiting()
                yield None

    def _settle(self, started: int) -> Iterator[float | None]:
        around, report = self._around, Report()
        catalogue = around.catalogue()
        composer = self._composed_with(self._edition(catalogue))
        profile, found = read_press_profile(around.project, composer.edition.press)
        multiple = profile.pages.multiple if profile else 1
        self._show_what_is_there(composer, multiple)
        self._show_begun(composer, multiple)
        last_shown = time.monotonic()

        def progress(anchor: str, done: int, total: int, is_typeset: bool) -> None:
            nonlocal last_shown
            self._give_way()
            now = time.monotonic()
            # The first time, also what is in the store already: the first pages are seen before the last are composed.
            if (is_typeset or self._setting is None) and now - last_shown > SHOW_SECONDS:
                last_shown = now
                self._tell_progress("typeset", done, total)
                self._show_what_is_there(composer, multiple)

        steps = Settling(composer, multiple, around.press_room, report, progress).steps()
        try:
            while True:
                self._began = started
                try:
                    next(steps)
                finally:
                    self._began = None
                yield None
                self._stop_if_superseded(started)
        except StopIteration as end:
            setting: Setting = end.value
        except FoundErrors:
            self._show_what_is_there(composer, multiple, report.findings)
            self._tell_progress("failed", 0, 0)
            return
        by_part = {part.anchor: _found(_alone(part, setting), around.project) for part in setting.parts}
        seen = {finding for findings in by_part.values() for finding in findings}
        report.add(found)
        report.add(one for one in findings_of(setting, around.project) if one not in seen)
        yield None
        report.add(self._found_in_layout(composer.layout))
        report.add(picture_findings.findings(catalogue, composer.edition, around.project, composer.layout))
        around.press_room.forget_done()
        around.store.keep_only({galley.digest for galley in composer.galleys})
        self._setting = setting
        states = self.view.states if self.view else {}
        self._show(
            View(0, composer.edition, composer, setting.pagination, setting.fragments, setting.furniture, by_part,
                 report.findings, states, is_settled=True)
        )  # fmt: skip
        self._tell_progress("settled", len(setting.parts), len(setting.parts))
        self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)
        self._warm_up(composer)

    def _found_in_layout(self, layout: Layout) -> tuple[Finding, ...]:
        """What is told of the files of the layout; they are looked at once, as long as none changes."""
        if self._checked is None or self._checked[0] is not layout:
            self._checked = layout, layout_checks.findings(layout)
        return self._checked[1]

    def _warm_up(self, composer: WarmComposer) -> None:
        """Have each worker set one card, once: after it, a save takes a third of the time."""
        if not self._is_warm:
            self._is_warm = True
            card = next((one for one in composer.galleys if one.anchor.startswith("card-")), None)
            if card is not None:
                self._around.press_room.warm_up(card)

    def _show_what_is_there(
        self, composer: WarmComposer, multiple: int, others: tuple[Finding, ...] | None = None
    ) -> None:
        """Before an edition is settled for the first time, show the parts that are typeset already."""
        if self.view is not None and self._setting is not None:
            # The last good pages stay until all new ones are there.
            if others is not None:
                self._show(replace(self.view, others=others))
            return
        parts = composer.layout.flatplan(composer.edition)
        extents = likely_extents(composer, parts, self._around.store)
        filler = filler_of(composer.edition, composer.layout)
        pagination = composer.layout.paginate(parts, extents, multiple, filler)
        if not composer.galleys and pagination.parts:
            # At the very start, the first page is shown before any other is composed.
            composer.galley(pagination.parts[0], pagination)
        kept = ((galley.anchor, self._around.store.find(galley)) for galley in composer.galleys)
        known = {part.anchor for part in pagination.parts}
        # A part that was set at once may have got another place meanwhile: it is seen until it is set for that.
        before = self.view.fragments if self.view else {}
        fragments = {anchor: fragment for anchor, fragment in before.items() if anchor in known}
        fragments |= {anchor: fragment for anchor, fragment in kept if fragment is not None}
        found = self.view.found if self.view else {}
        self._show(View(0, composer.edition, composer, pagination, fragments, found=found, others=others or ()))
        self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)

    def _show_begun(self, composer: WarmComposer, multiple: int) -> None:
        """Show parts that were begun just now, before contents, index and folios follow. Raises LivretError."""
        settled = self.view if self._setting is not None else None
        shown = with_begun(settled, composer, multiple, self._around.press_room) if settled else None
        if shown is not None:
            self._show(shown)
            self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)

    def _look_at_sign_offs(self, started: int) -> Iterator[float | None]:
        """Where the sign-off of each part stands; one part a step."""
        view = self.view
        if view is None:
            return
        is_whole = False
        while not is_whole:
            signed, (register, _) = self._signed, read_register(self._around.project)
            states: dict[str, PartState] = {}
            for part in view.parts:
                if part.subject is None:
                    continue
                states[part.anchor] = self._state(view.composer, register, part)
                yield None
                self._stop_if_changed(started)
            # Somebody may have signed since the register was read.
            is_whole = signed == self._signed
        if self.view is not None and states != self.view.states:
            self._show(replace(self.view, states=states))
            self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)

    def _state(self, composer: WarmComposer, register: Register, part: Part) -> PartState:
        path = state.path_of(part)
        known = (part.subject, register.last(path), composer.layout)
        before = self._states.get(path)
        if before is not None and before[0] == known:
            return before[1]
        (found,) = state.states(composer, register, (path,))
        self._states[path] = known, found
        return found

    def sign_offs_changed(self) -> Iterator[float | None]:
        """Look at the register again."""
        # What is set meanwhile looks at the register when it is there.
        with suppress(Superseded):
            yield from self._look_at_sign_offs(self._changes)

    def _bind(self, started: int) -> Iterator[float | None]:
        """Bind the screen edition in a worker, so that the file in the output folder follows."""
        view = self.view
        setting = self._setting
        if view is None or setting is None or not view.is_settled or view.edition.layout != view.composer.layout.name:
            # `livret build` writes an edition in its own layout; no other takes its place.
            return
        profile, _ = read_press_profile(self._around.project, view.edition.press)
        if profile is None:
            return
        self._tell_progress("binding", 0, 1)
        bindery = Bindery(self._around.project, view.composer, setting, profile, self._around.press_room)
        files = list(bindery.orders(Wanted(screen=True)))
        while not all(file.is_ready for file in files):
            yield LOOK_SECONDS
            self._stop_if_changed(started)
        found = [finding for file in files for finding in file.result()[0]]
        if self.view is not None and self._changes == started:
            self._show(replace(self.view, others=(*self.view.others, *found), is_bound=True))
            self._around.tell("book", edition=self.name[0], layout=self.name[1], version=self._version)
        self._tell_progress("bound", 1, 1)

    # --- helpers ---

    def _edition(self, catalogue: Catalogue) -> Edition:
        try:
            return select(catalogue, self.name[0])
        except KeyError:
            raise LivretError(say('there is no edition "{name}" any more', name=self.name[0])) from None

    def _composed_with(self, edition: Edition) -> WarmComposer:
        """The composer of the edition as it is now; it knows what was composed before. Raises LivretError."""
        around = self._around
        if self._layout is None or (self._composer is not None and self._composer.edition.colours != edition.colours):
            self._layout = Layout.of(around.project, edition, self.name[1])
        last = self._composer
        if last is None or last.edition != edition or last.layout is not self._layout:
            self._composer = WarmComposer(around.project, edition, self._layout, around.qr_codes, self._give_way, last)
        assert self._composer is not None
        return self._composer

    def _give_way(self) -> None:
        """Do what is urgent; what is being set stops there if that has changed it. Raises Superseded."""
        began, self._began = self._began, None
        self._around.give_way()
        self._began = began
        if began is not None:
            self._stop_if_superseded(began)

    def _stop_if_superseded(self, started: int) -> None:
        """Stop setting pages: what is set already stays in the store."""
        self._stop_if_changed(started)
        if self._around.is_postponed(self.name):
            raise Superseded

    def _stop_if_changed(self, started: int) -> None:
        if self._changes != started:
            raise Superseded

    def _show(self, view: View) -> None:
        self._version += 1
        self.view = replace(view, version=self._version)

    def _tell_progress(self, what: str, done: int, total: int) -> None:
        self._around.tell("progress", edition=self.name[0], layout=self.name[1], what=what, done=done, total=total)


def _found(setting: Setting, project: Project) -> tuple[Finding, ...]:
    return (*findings_of(setting, project), *low_resolutions(project, setting))


def _alone(part: Part, setting: Setting) -> Setting:
    return Setting((part,), setting.pagination, {part.anchor: setting.fragments[part.anchor]}, ())

"""Sign-offs of the parts of an edition: where each stands, and new events in the register."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from livret.content.catalogue.suppressions import accept_allowed
from livret.content.schema.approval import State
from livret.content.schema.model import Catalogue
from livret.control.approvals import register, state
from livret.control.approvals.orphans import orphans
from livret.control.approvals.register import Register
from livret.control.approvals.state import PartState
from livret.findings import Finding, FoundErrors, Report, has_errors, note, warning
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pipeline.proof_selection import Selection
from livret.project import Project
from livret.translation import say


class SignOffs:
    """The sign-offs of one edition: its parts are read and composed once for all that is asked."""

    def __init__(self, project: Project, catalogue: Catalogue, edition: str, report: Report) -> None:
        """Read the register; what is wrong with it goes into the report.

        Raises FoundErrors when the register has errors, KeyError for an edition that does not exist.
        """
        self._register, found = read_register(project, catalogue)
        report.add(found)
        if has_errors(found):
            raise FoundErrors
        self._report = report
        chosen = select(catalogue, edition)
        self._composer = Composer(project, chosen, Layout.of(project, chosen))
        # The names in the register of the edition's parts, in the order of the book.
        self._parts = state.parts(self._composer)
        self.paths = tuple(self._parts)

    def chosen(self, selection: Selection) -> tuple[PartState, ...]:
        """Where the parts of a selection stand, in the order of the book."""
        paths = [path for path, part in self._parts.items() if selection.has_part(path, part)]
        return tuple(one for one in self.states(paths) if selection.has_standing(one)) if paths else ()

    def states(self, only: Collection[str] = ()) -> tuple[PartState, ...]:
        """Where the sign-off of each part stands, or of these parts only, in the order of the book."""
        return tuple(state.states(self._composer, self._register, only))

    def versions(self, digits: int) -> dict[str, str]:
        """The parts by the first digits of the digest of each version, of now and of the register."""
        found = {one.content[:digits]: path for path, events in self._register.events.items() for one in events}
        return found | {one.version.content[:digits]: one.path for one in self.states()}

    def changed_since(self, one: PartState, content: str) -> tuple[str, ...] | None:
        """The fields that differ from the version of this digest; None when the register does not know it."""
        seen = [event for event in self._register.events.get(one.path, ()) if event.content == content]
        return state.changed(seen[-1].marks, one.version) if seen else None

    def to_come(self, today: date) -> tuple[Finding, ...]:
        """A warning for each part with an event of a day to come, which somebody typed: it counts before all others."""
        found = []
        for part, events in self._register.events.items():
            days = [one.on for one in events if one.on > today]
            if days:
                told = say("an event of {part} is dated {day}, which has not come yet", part=part, day=max(days))
                hint = say("correct the day: the latest one counts, so nothing that is said before it does")
                found.append(warning("future-sign-off", told, self._register.places.get(part), hint))
        return tuple(found)

    def enter(
        self, paths: Sequence[str], word: State, by: str | None, on: date, note: str | None
    ) -> tuple[PartState, ...]:
        """Write in the register what somebody said of some parts, as they are now; gives their state after it.

        Raises FoundErrors when the register has errors by now, OutputError when it cannot be written.
        """
        before = {one.path: one for one in self.states(paths)}
        entries = {path: state.event(self._composer, before[path], word, by, on, note) for path in paths}
        register.enter(self._composer.project, entries, self._report)
        self._register, _ = register.read_register(self._composer.project)
        now = {one.path: one for one in self.states(paths)}
        return tuple(now[path] for path in paths)


def sign_off_findings(composer: Composer, catalogue: Catalogue) -> tuple[Finding, ...]:
    """A finding for each part of this edition that is not approved as it is now.

    Errors with `sign_off: required`; else warnings, or one note when the project keeps no register.
    """
    read, wrong = read_register(composer.project, catalogue)
    if has_errors(wrong):
        # Nothing is known of what was approved.
        return wrong
    is_required = composer.edition.sign_off == "required"
    if not (is_required or wrong or read.events):
        return (
            note(
                "no-sign-offs",
                say("nobody has approved anything yet in approvals.yaml"),
                None,
                say("see livret status"),
            ),
        )
    found = state.findings(state.states(composer, read), is_required=is_required)
    return (*wrong, *accept_allowed(found, composer.edition.allow))


def read_register(project: Project, catalogue: Catalogue) -> tuple[Register, tuple[Finding, ...]]:
    """The register, and what is wrong with it: its lines, and parts that the catalogue no longer has."""
    read, wrong = register.read_register(project)
    return read, (*wrong, *orphans(project, read, catalogue))

"""Sign-offs of the parts of an edition: where each stands, and new events in the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from livret.content.catalogue.suppressions import accept_allowed
from livret.content.schema.approval import State
from livret.content.schema.model import Catalogue
from livret.control.approvals import register, state
from livret.control.approvals.register import Register
from livret.control.approvals.state import PartState
from livret.findings import Finding, Report, note
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.project import Project

# Files at the top of the catalogue whose parts are signed off, and folders of them.
_FOLDERS = ("initiatives", "partners", "pages")


def status(project: Project, catalogue: Catalogue, edition: str, report: Report) -> tuple[PartState, ...]:
    """Where the sign-off of each part of an edition stands, in the order of the book.

    Raises FoundErrors when the register has errors, KeyError for an edition that does not exist.
    """
    composer = _composer(project, catalogue, edition)
    return tuple(state.states(composer, _register(composer, catalogue, report)))


def enter_approval(
    project: Project,
    catalogue: Catalogue,
    edition: str,
    paths: Sequence[str],
    word: State,
    by: str,
    on: date,
    note: str | None,
    report: Report,
) -> tuple[PartState, ...]:
    """Write in the register what somebody said of some parts, as they are now; gives their state after it.

    In: the names of the parts in the register, such as `initiatives/aajt`. Raises FoundErrors when the register has
    errors, KeyError for a part that the edition does not have, OutputError when the register cannot be written.
    """
    # Seven values make an event, and each is typed by a person.
    composer = _composer(project, catalogue, edition)
    before = {one.path: one for one in state.states(composer, _register(composer, catalogue, report), paths)}
    entries = {path: state.event(composer, before[path], word, by, on, note) for path in paths}
    register.enter(project, entries, report)
    after, _ = register.read_register(project)
    now = {one.path: one for one in state.states(composer, after, paths)}
    return tuple(now[path] for path in paths)


def sign_off_findings(composer: Composer, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What stands against printing this edition: parts that are not approved as they are now.

    Errors with `sign_off: required`; else warnings, or one note when the project keeps no register.
    """
    read, wrong = register.read_register(composer.project)
    is_required = composer.edition.sign_off == "required"
    if not (is_required or wrong or read.events):
        return (note("no-sign-offs", "nobody has approved anything yet in approvals.yaml", None, "see livret status"),)
    found = state.findings(state.states(composer, read), is_required=is_required)
    return (*wrong, *state.orphans(read, parts(catalogue)), *accept_allowed(found, composer.edition.allow))


def register_findings(project: Project, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What is wrong with the register itself."""
    read, wrong = register.read_register(project)
    return (*wrong, *state.orphans(read, parts(catalogue)))


def parts(catalogue: Catalogue) -> frozenset[str]:
    """The names in the register of everything that can be signed off in this catalogue."""
    groups = (catalogue.initiatives, catalogue.partners.values(), catalogue.pages)
    names = {f"{folder}/{one.id}" for folder, group in zip(_FOLDERS, groups, strict=True) for one in group}
    return frozenset(names | {"foreword"})


def _composer(project: Project, catalogue: Catalogue, edition: str) -> Composer:
    chosen = select(catalogue, edition)
    return Composer(project, chosen, Layout(project, chosen.layout))


def _register(composer: Composer, catalogue: Catalogue, report: Report) -> Register:
    read, findings = register.read_register(composer.project)
    report.add(findings)
    report.stop_on_errors()
    report.add(state.orphans(read, parts(catalogue)))
    return read

"""Sign-offs from the page, in the same register as `livret approve` and `livret correct`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from livret.content.schema.approval import State
from livret.control.approvals.state import path_of
from livret.findings import LivretError, Report
from livret.pages.flatplan import Part
from livret.pipeline import SignOffs
from livret.translation import say

if TYPE_CHECKING:
    from livret.proofroom.session import Session


class ChangedMeanwhile(Exception):
    """The part is no longer what somebody looked at when signing."""


@dataclass(frozen=True)
class Entry:
    """What somebody says of a part of an edition; `digest` is that of the content that was looked at."""

    edition: str
    part: Part
    word: State
    by: str
    on: date
    note: str | None
    digest: str


def path(part: Part) -> str | None:
    """The name of a part in the register; None for a part that nobody signs off."""
    return path_of(part) if part.subject is not None else None


def enter(session: Session, entry: Entry) -> None:
    """Write it. Raises ChangedMeanwhile, FoundErrors, OutputError. In the thread of the desk."""
    name, catalogue = path(entry.part), session.catalogue
    if name is None or catalogue is None:
        raise LivretError(say("this part is not signed off"))
    report = Report()
    signing = SignOffs(session.project, catalogue, entry.edition, report)
    (before,) = signing.states((name,))
    if before.version.content != entry.digest:
        raise ChangedMeanwhile
    signing.enter((name,), entry.word, entry.by, entry.on, entry.note)
    session.signed(name)

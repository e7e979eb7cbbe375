"""What a caller may ask of a build: which files, by how many workers, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from livret.pipeline.built import Built

if TYPE_CHECKING:
    from livret.content.schema.model import Allowed
    from livret.pipeline.proof_selection import Selection
    from livret.pipeline.settle import Progress


@dataclass(frozen=True)
class Wanted:
    """What to make of each edition: the ends wanted, and with `archive` the screen edition as PDF/A-3u too.

    `layout` and `profile` (of the press) take the place of the edition's own; with `sources` the catalogue's files
    ride along in the archive. The rules of `allow` are accepted besides those of the catalogue. Without `preflight` the
    press file is not judged before it is written.
    """

    screen: bool = True
    press: bool = False
    archive: bool = False
    sources: bool = False
    layout: str | None = None
    profile: str | None = None
    allow: tuple[Allowed, ...] = ()
    preflight: bool = True


@dataclass(frozen=True)
class Proof:
    """What to proof, and what the slips say.

    `day` stands on the slip; without it that of the edition. `answer_by` is the last day for an answer. `ppi` is the
    resolution of pictures of the sheets, if they are wanted.
    """

    edition: str
    selection: Selection
    ppi: int | None = None
    day: date | None = None
    answer_by: date | None = None


def _no_progress(name: str) -> Progress | None:
    return None


def _tell_nobody(built: Built) -> None:
    return None


@dataclass(frozen=True)
class Running:
    """How a build runs: `jobs` workers here, or a Dask scheduler's address as `cluster`, and who hears of it.

    `display` gives what is called with the progress of an edition, by its name. `on_edition` is called with each
    edition when it is done.
    """

    jobs: int | None = None
    cluster: str | None = None
    display: Callable[[str], Progress | None] = _no_progress
    on_edition: Callable[[Built], None] = _tell_nobody


DEFAULT = Running()

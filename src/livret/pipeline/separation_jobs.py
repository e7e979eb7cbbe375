"""The separation of fragments: each is separated once for a press profile and kept in the store, pictures apart."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livret.content.press.profile import PressProfile
from livret.findings import Finding, Location, error
from livret.pages.layout import Colour, Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.versions import book_digest
from livret.project import digest, replacing, write

if TYPE_CHECKING:
    from livret.book.separation.ink import Inks

# A fragment takes a few milliseconds, less than sending it: so many travel together.
BATCH = 16


@dataclass(frozen=True)
class SeparationRecipe:
    """What decides how a fragment is separated: the palette's recipes, the profile's ICC file and its ink limit."""

    palette: tuple[tuple[str, Colour], ...]
    icc: bytes
    limit: float

    @classmethod
    def of(cls, layout: Layout, profile: PressProfile) -> SeparationRecipe:
        """The recipe of a layout on a press; the profile is one that separates."""
        assert profile.ink_limit is not None
        return cls(tuple(sorted(layout.palette.items())), profile.icc_bytes(), profile.ink_limit)

    @cached_property
    def key(self) -> str:
        """A digest of the recipe and of the code that follows it."""
        colours = [[name, colour.rgb, *colour.cmyk] for name, colour in self.palette]
        return digest(json.dumps([colours, self.limit]), self.icc, book_digest())


def bleed_findings(layout: Layout, profile: PressProfile) -> tuple[Finding, ...]:
    """An error when a press wants more bleed than the layout draws."""
    drawn = layout.file.bleed
    if profile.bleed <= drawn:
        return ()
    path = layout.find("layout.yaml")
    where = Location(layout.project.shown(path)) if path else None
    message = (
        f"the press profile {profile.id} wants {profile.bleed:g} mm of bleed, the layout {layout.name} draws {drawn:g}"
    )
    return (error("too-little-bleed", message, where, f"write bleed: {profile.bleed:g} in layout.yaml"),)


@dataclass(frozen=True)
class Plate:
    """A fragment to separate, and where the separated one goes."""

    source: Path
    target: Path

    @property
    def findings(self) -> Path:
        """Where the findings are written."""
        return self.target.with_suffix(".json")


class SeparationJobs:
    """The separated fragments of one edition; those that the store lacks are being made from the start."""

    def __init__(
        self, recipe: SeparationRecipe, fragments: Mapping[Path, Location | None], press_room: PressRoom
    ) -> None:
        """`fragments` gives what findings of a fragment point at."""
        self._places = fragments
        names = {path: digest(path.stem, recipe.key) for path in fragments}
        store = press_room.store.folder
        folder = store / "separated"
        self._plates = {path: Plate(path, folder / name[:2] / f"{name}.pdf") for path, name in names.items()}
        missing = [plate for plate in self._plates.values() if not _mark_used(plate.findings, plate.target)]
        self._jobs: list[Future[None]] = [
            run_in_worker(
                press_room, separate_plates, tuple(missing[start : start + BATCH]), recipe, store / "pictures"
            )
            for start in range(0, len(missing), BATCH)
        ]

    def path(self, fragment: Path) -> Path:
        """Where the separated fragment is, or will be."""
        return self._plates[fragment].target

    @property
    def are_ready(self) -> bool:
        """Whether all are made; those that could not be made are not."""
        return all(job.done() and not job.exception() for job in self._jobs)

    def wait(self) -> tuple[Finding, ...]:
        """Wait until all are there; gives what was found, also when it was found in an earlier build.

        Raises OutputError when the store cannot be written, WorkerDied when a worker is killed twice.
        """
        for job in self._jobs:
            job.result()
        return tuple(
            replace(Finding.from_dict(finding), where=place)
            for fragment, place in self._places.items()
            for finding in json.loads(self._plates[fragment].findings.read_bytes())
        )


def run_in_worker(press_room: PressRoom, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Have a function called by a worker; at once in this process when nothing was typeset and so none was started."""
    if press_room.has_workers:
        return press_room.submit(function, *arguments)
    done: Future[Any] = Future()
    try:
        done.set_result(function(*arguments))
    except Exception as problem:
        done.set_exception(problem)
    return done


def separate_plates(plates: Iterable[Plate], recipe: SeparationRecipe, pictures: Path) -> None:
    """Separate fragments and write what was found beside each. Runs in a worker. Raises OutputError."""
    from livret.book.separation.separate import separate_file

    kept = _StoredPictures(pictures)
    for plate in plates:
        with replacing(plate.target) as beside:
            findings = separate_file(plate.source, beside, _inks(recipe), kept)
        # Written last: a plate without it is made again.
        write(plate.findings, json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))


@dataclass(frozen=True)
class _StoredPictures:
    """Converted pictures, kept as files beside the fragments: one for each picture and press."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, if anything."""
        path = self._path(key)
        try:
            kept = path.read_bytes()
            # The date of last use, for pruning.
            os.utime(path)
        except OSError:
            return None
        return kept

    def put(self, key: str, value: bytes) -> None:
        """Keep a converted picture. Raises OutputError."""
        write(self._path(key), value)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


@lru_cache(maxsize=4)
def _inks(recipe: SeparationRecipe) -> Inks:
    from livret.book.separation.ink import Inks

    return Inks(dict(recipe.palette), recipe.icc, recipe.limit)


def _mark_used(*paths: Path) -> bool:
    """Whether all these files are there; their date of last use becomes now, for pruning."""
    try:
        for path in paths:
            os.utime(path)
    except OSError:
        return False
    return True

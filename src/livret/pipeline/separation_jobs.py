"""The separation of fragments: each is separated once for a press profile and kept in the store, pictures apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livret.content.press.profile import PressProfile
from livret.findings import Finding
from livret.pages.galley import Fragment, PlacedPicture
from livret.pages.layout import Layout
from livret.pages.palette import Colour
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store_files import Damaged, StoredPictures, StoreFiles, mark_used, read_whole
from livret.pages.pool.versions import book_digest
from livret.pipeline.press_places import PressPlaces
from livret.project import digest, replacing

if TYPE_CHECKING:
    from livret.book.plates.grounds import Numbers
    from livret.book.separation.ink import Inks

# A fragment takes a few milliseconds, less than sending it: so many travel together.
BATCH = 16


@dataclass(frozen=True)
class SeparationRecipe:
    """What decides how a fragment is separated: the palette's recipes, the press profile and its ICC file."""

    palette: tuple[tuple[str, Colour], ...]
    icc: bytes
    limit: float
    profile: PressProfile

    @classmethod
    def of(cls, layout: Layout, profile: PressProfile) -> SeparationRecipe:
        """The recipe of a layout on a press; the profile is one that separates."""
        assert profile.ink_limit is not None
        return cls(tuple(sorted(layout.colours.recipes.items())), profile.icc_bytes(), profile.ink_limit, profile)

    @cached_property
    def key(self) -> str:
        """A digest of the recipe and of the code that follows it."""
        colours = [[name, colour.rgb, *colour.cmyk] for name, colour in self.palette]
        limits = self.profile.model_dump_json(include={"id", "pictures", "text", "lines", "safe_margin"})
        return digest(json.dumps([colours, self.limit]), limits, self.icc, book_digest())


@dataclass(frozen=True)
class Plate:
    """A fragment to separate, and the name that the separated one and its findings have in the store.

    `pictures` are those that were converted for the screen; they are separated from their files.
    """

    source: Path
    name: str
    pictures: tuple[PlacedPicture, ...] = ()
    # The files of its pictures as messages name them, by resource.
    names: tuple[tuple[str, str], ...] = ()
    # It is stamped over the pages of others.
    is_furniture: bool = False

    @property
    def pdf(self) -> tuple[str, str, str]:
        """Where the separated fragment is."""
        return "separated", self.name[:2], f"{self.name}.pdf"

    @property
    def note(self) -> tuple[str, str, str]:
        """Where its digest, the findings and the grounds of its pages are."""
        return "separated", self.name[:2], f"{self.name}.json"


@dataclass(frozen=True)
class Separated:
    """What came of some plates, by fragment: findings, and grounds of pages; and the damaged files of the store."""

    findings: Mapping[Path, tuple[Finding, ...]]
    grounds: Mapping[Path, Numbers]
    damaged: tuple[Path, ...]


class SeparationJobs:
    """The separated fragments of one edition; those that the store lacks are being made from the start."""

    def __init__(
        self,
        recipe: SeparationRecipe,
        fragments: Iterable[Fragment],
        places: PressPlaces,
        press_room: PressRoom,
        furniture: Iterable[Fragment] = (),
    ) -> None:
        """`places` gives what findings point at. `furniture` is stamped over the pages of others."""
        self._places = places
        self._store = press_room.store
        self._plates = {one.path: plate_of(one, recipe, places.names(one)) for one in fragments}
        for one in furniture:
            self._plates[one.path] = plate_of(one, recipe, places.names(one), is_furniture=True)
        self._findings: dict[Path, tuple[Finding, ...]] = {}
        self._grounds: dict[Path, Numbers] = {}
        missing = [plate for plate in self._plates.values() if not self._is_kept(plate)]
        batches = [tuple(missing[start : start + BATCH]) for start in range(0, len(missing), BATCH)]
        self._jobs: list[Future[Separated]] = [
            run_in_worker(press_room, separate_plates, batch, recipe, self._store.files) for batch in batches
        ]

    def _is_kept(self, plate: Plate) -> bool:
        """Whether the store has a plate as it was made; its findings are known then."""
        files = self._store.files
        path = files.folder.joinpath(*plate.pdf)
        try:
            written = files.read(*plate.note)
            pdf = read_whole(path)
            if written is None or pdf is None:
                return False
            kept = json.loads(written)
            if digest(pdf) != kept["digest"]:
                raise Damaged(path)
            self._findings[plate.source] = tuple(map(Finding.from_stored, kept["findings"]))
            self._grounds[plate.source] = _numbers(kept["grounds"])
        except Damaged as damaged:
            self._store.note_damage(damaged.args[0])
            return False
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False
        mark_used(path)
        return True

    def path(self, fragment: Path) -> Path:
        """Where the separated fragment is, or will be."""
        return self._store.folder.joinpath(*self._plates[fragment].pdf)

    @property
    def grounds(self) -> Mapping[Path, Numbers]:
        """The grounds of the pages of each separated fragment, once all are there."""
        return {self.path(fragment): pages for fragment, pages in self._grounds.items()}

    @property
    def key(self) -> str:
        """A digest of all that the separated fragments are made from."""
        return digest(*sorted(plate.name for plate in self._plates.values()))

    @property
    def are_ready(self) -> bool:
        """Whether all are made; those that could not be made are not."""
        return all(job.done() and not job.exception() for job in self._jobs)

    def wait(self) -> tuple[Finding, ...]:
        """Wait until all are there; gives what was found, also when it was found in an earlier build.

        Raises OutputError when the store cannot be written, WorkerDied when a worker is killed twice.
        """
        for job in self._jobs:
            separated = job.result()
            self._findings.update(separated.findings)
            self._grounds.update(separated.grounds)
            for path in separated.damaged:
                self._store.note_damage(path)
        # A colour of the layout is told once, though many fragments have it.
        return tuple(
            dict.fromkeys(
                replace(finding, where=self._places.place(fragment, self._plates[fragment].names, finding))
                for fragment in self._places.sources
                for finding in self._findings[fragment]
            )
        )


def _numbers(kept: Any) -> Numbers:
    """The grounds of pages from a note. Raises TypeError or ValueError when they are something else."""
    pages = [[[float(number) for number in boxes] for boxes in page] for page in kept]
    if any(len(page) != 2 or any(len(boxes) % 4 for boxes in page) for page in pages):
        raise ValueError(kept)
    return pages


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


def separate_plates(plates: Iterable[Plate], recipe: SeparationRecipe, files: StoreFiles) -> Separated:
    """Separate fragments, and keep each with what was found. Runs in a worker. Raises OutputError."""
    from livret.book.plates.grounds import numbers_of
    from livret.book.plates.limits import check_file
    from livret.book.separation.images import OriginalPicture
    from livret.book.separation.separate import separate_file

    pictures, findings, grounds = StoredPictures(files), {}, {}
    inks = _inks(recipe.palette, recipe.icc, recipe.limit)
    for plate in plates:
        path = files.place(*plate.pdf)
        originals = {one.stream: OriginalPicture(Path(one.path), one.digest) for one in plate.pictures}
        with replacing(path) as beside:
            names = dict(plate.names)
            found = separate_file(plate.source, beside, inks, pictures, originals, names)
            limits, pages = check_file(beside, recipe.profile, names, plate.is_furniture)
            findings[plate.source], grounds[plate.source] = (*found, *limits), numbers_of(pages)
            content = digest(beside.read_bytes())
        # Written last: a plate without it is made again.
        stored = [finding.stored() for finding in findings[plate.source]]
        kept = {"digest": content, "findings": stored, "grounds": grounds[plate.source]}
        files.write(json.dumps(kept, ensure_ascii=False).encode(), *plate.note)
    return Separated(findings, grounds, tuple(pictures.damaged))


def plate_of(
    fragment: Fragment, recipe: SeparationRecipe, names: tuple[tuple[str, str], ...], *, is_furniture: bool = False
) -> Plate:
    """A fragment to separate; `names` are its pictures as messages name them."""
    converted = tuple(picture for picture in fragment.facts.pictures if picture.is_converted and picture.path)
    originals = [part for picture in converted for part in (picture.stream, picture.digest)]
    name = digest(fragment.path.stem, recipe.key, repr(names), *originals)
    return Plate(fragment.path, name, converted, names, is_furniture)


@lru_cache(maxsize=4)
def _inks(palette: tuple[tuple[str, Colour], ...], icc: bytes, limit: float) -> Inks:
    from livret.book.separation.ink import Inks

    return Inks(dict(palette), icc, limit)

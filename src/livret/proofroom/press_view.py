"""The press view: the fragments of a view in the inks of its press profile, as that press prints them.

They are separated as for the press file. Their soft proofs name the ICC profile, so that they are seen in its colours.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from livret.content.press.profile import read_press_profile
from livret.findings import Location
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store_files import StoreFiles
from livret.pipeline.press_places import PressPlaces
from livret.pipeline.separation_jobs import Plate, SeparationRecipe, plate_of, separate_plates
from livret.project import Project, replacing
from livret.proofroom.edition_view import View


class SoftProofs:
    """The soft proofs that somebody waits for: each is made once, however many pages ask for it."""

    def __init__(self, project: Project, press_room: PressRoom) -> None:
        self._project = project
        self._press_room = press_room
        self._under_way: dict[Path, Future[Path]] = {}

    def order(self, view: View, key: str) -> Future[Path] | None:
        """Have the soft proof of the fragment of this name made, unless it is there; None for a name of no fragment.

        It is the fragment itself where the press profile takes pages as the screen has them. The future raises
        OutputError or WorkerDied. In the thread of the desk.
        """
        fragment = next((one for one in (*view.fragments.values(), *view.furniture) if one.key == key), None)
        if fragment is None:
            return None
        profile, _ = read_press_profile(self._project, view.edition.press)
        if profile is None or profile.icc is None:
            return _done(fragment.path)
        recipe = SeparationRecipe.of(view.composer.layout, profile)
        names = PressPlaces(self._project, {fragment.path: Location("")}, {}, {}).names(fragment)
        plate = plate_of(fragment, recipe, names, is_furniture=fragment in view.furniture)
        path = _path(plate, self._press_room.store.files)
        if path.is_file():
            return _done(path)
        return self._under_way.get(path) or self._begin(path, plate, recipe)

    def _begin(self, path: Path, plate: Plate, recipe: SeparationRecipe) -> Future[Path]:
        shown: Future[Path] = Future()
        store = self._press_room.store

        def end(made: Future[tuple[Path, ...]]) -> None:
            self._under_way.pop(path, None)
            if made.cancelled():
                shown.cancel()
            elif problem := made.exception():
                shown.set_exception(problem)
            else:
                for damaged in made.result():
                    store.note_damage(damaged)
                shown.set_result(path)

        self._under_way[path] = shown
        self._press_room.submit(make_soft_proof, plate, recipe, store.files, is_seen=True).add_done_callback(end)
        return shown


def make_soft_proof(plate: Plate, recipe: SeparationRecipe, files: StoreFiles) -> tuple[Path, ...]:
    """Separate a fragment and write its soft proof beside it; gives the damaged files of the store.

    The name of the separated fragment stands for all that both are made from. Runs in a worker. Raises OutputError.
    """
    from livret.book.separation.soft_proof import write_soft_proof

    damaged = separate_plates((plate,), recipe, files).damaged
    with replacing(_path(plate, files)) as beside:
        write_soft_proof(files.place(*plate.pdf), beside, recipe.icc)
    return damaged


def _path(plate: Plate, files: StoreFiles) -> Path:
    """Where the soft proof of a separated fragment is, or will be."""
    separated = files.folder.joinpath(*plate.pdf)
    return separated.with_name(f"{separated.stem}-seen.pdf")


def _done(path: Path) -> Future[Path]:
    found: Future[Path] = Future()
    found.set_result(path)
    return found

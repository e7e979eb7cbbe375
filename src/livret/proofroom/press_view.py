"""The press view: the fragments of a view in the inks of its press profile, as that press prints them.

They are separated as for the press file. Their soft proofs name the ICC profile, so that they are seen in its colours.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from livret.content.press.profile import read_press_profile
from livret.findings import Location
from livret.pages.galley import Fragment
from livret.pages.pool.pressroom import PressRoom
from livret.pipeline.press_places import PressPlaces
from livret.pipeline.separation_jobs import SeparationJobs, SeparationRecipe
from livret.project import Project, replacing
from livret.proofroom.live_edition import View


def separated(project: Project, press_room: PressRoom, view: View, keys: Iterable[str]) -> SeparationJobs | None:
    """Begin to separate the fragments of these names; those that the store has are there at once.

    None where the press profile takes pages as the screen has them. In the thread of the desk.
    """
    profile, _ = read_press_profile(project, view.edition.press)
    if profile is None or profile.icc is None:
        return None
    wanted = set(keys)
    fragments = [one for one in (*view.fragments.values(), *view.furniture) if one.key in wanted]
    places = PressPlaces(project, {one.path: Location("") for one in fragments}, {}, {})
    return SeparationJobs(SeparationRecipe.of(view.composer.layout, profile), fragments, places, press_room)


def plate(jobs: SeparationJobs | None, fragments: Iterable[Fragment], key: str) -> Path | None:
    """Where the separated fragment of this name is, after waiting for it; None where there is none of this name.

    Raises OutputError or WorkerDied when it could not be made.
    """
    fragment = next((one for one in fragments if one.key == key), None)
    if fragment is None or jobs is None:
        return fragment.path if fragment else None
    jobs.wait()
    return jobs.path(fragment.path)


def soft_proofs(
    project: Project, press_room: PressRoom, view: View, plates: Iterable[Path]
) -> Future[tuple[Path, ...]]:
    """Have a worker make the soft proofs of separated fragments that have none. In the thread of the desk."""
    profile, _ = read_press_profile(project, view.edition.press)
    wanted = tuple(plates)
    if profile is None or profile.icc is None:
        done: Future[tuple[Path, ...]] = Future()
        done.set_result(wanted)
        return done
    return press_room.submit(write_soft_proofs, wanted, profile.icc_bytes())


def write_soft_proofs(plates: Iterable[Path], icc: bytes) -> tuple[Path, ...]:
    """Write each soft proof beside its separated fragment, whose name stands for all that both are made from.

    Runs in a worker. Raises OutputError.
    """
    from livret.book.separation.soft_proof import write_soft_proof

    made = []
    for plate in plates:
        path = plate.with_name(f"{plate.stem}-seen.pdf")
        if not path.is_file():
            with replacing(path) as beside:
                write_soft_proof(plate, beside, icc)
        made.append(path)
    return tuple(made)

"""The press view: the fragments of a view in the inks of its press profile, as the press file would have them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from livret.content.press.profile import read_press_profile
from livret.findings import Location
from livret.pages.galley import Fragment
from livret.pages.pool.pressroom import PressRoom
from livret.pipeline.press_places import PressPlaces
from livret.pipeline.separation_jobs import SeparationJobs, SeparationRecipe
from livret.project import Project
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

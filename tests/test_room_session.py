"""What the session of the proof room reads and sets when files change while it works, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from conftest import CatalogueFolder, two_cards
from livret.content.catalogue import rereading
from livret.content.catalogue.reader import read_catalogue
from livret.findings import LivretError
from livret.pages.compose.drawings import QrCodes
from livret.pages.galley import Galley
from livret.proofroom.events import Hub
from livret.proofroom.live_edition import LiveEdition, Surroundings
from livret.proofroom.pictures import PagePictures
from livret.proofroom.session import Session
from livret.proofroom.warm import WarmStore
from livret.translation import say

PARTNER = "name: Une partenaire\nbody: |\n  Elle aide.\n"


@pytest.fixture
def folder(tmp_path: Path) -> CatalogueFolder:
    return two_cards(tmp_path / "project")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that the whole folder is read."""
    counted: list[int] = []
    real = rereading.read

    def read(*given: Any) -> Any:
        counted.append(1)
        return real(*given)

    monkeypatch.setattr(rereading, "read", read)
    return counted


def test_what_changes_before_it_is_read_is_read_together_and_what_was_read_is_not_read_again(
    folder: CatalogueFolder, reads: list[int]
) -> None:
    session = Session(folder.project, Hub(), PagePictures())
    session.reading = rereading.read(folder.project)
    partner, listing = folder.write("partners/une.yaml", PARTNER), folder.path("catalogue.yaml")
    folder.change("catalogue.yaml", "partners: [diair]", "partners: [diair, une]")
    reads.clear()
    done = [session.changed([partner]), session.changed([listing])]
    session.desk.give_way()
    assert [one.done() for one in done] == [True, True]
    assert len(reads) == 1
    assert session.catalogue is not None
    assert list(session.catalogue.partners) == ["diair", "une"]
    # The page tells of both once more, and the system of each.
    for paths in ([partner, listing], [partner], [listing]):
        session.changed(paths)
    session.desk.give_way()
    assert len(reads) == 1
    folder.change("partners/une.yaml", "Elle aide.", "Elle aide tous.")
    folder.change("catalogue.yaml", "title: Le forum", "title: Le grand forum")
    session.changed([partner, listing])
    session.desk.give_way()
    assert len(reads) == 2
    assert session.catalogue is not None
    assert session.catalogue.publication.title == "Le grand forum"


def test_a_problem_stays_told_as_long_as_nothing_is_set(folder: CatalogueFolder) -> None:
    session = Session(folder.project, Hub(), PagePictures())
    session.reading = rereading.read(folder.project)
    edition = SimpleNamespace(name=("full", "forum"), view=None, changed=lambda: None)
    session._live["full", "forum"] = cast(LiveEdition, edition)
    session.problem = told = LivretError(say("a template fails"))
    folder.change("catalogue.yaml", "title: Le forum", "title: Le grand forum")
    session.changed([folder.path("catalogue.yaml")])
    session.desk.give_way()
    assert session.problem is told


class NoWorkers:
    """A press room that composes what it is given, and typesets nothing."""

    def __init__(self, store: WarmStore) -> None:
        self.store = store
        self.composed: list[str] = []

    def order(self, galleys: Iterable[Galley], progress: Any = None, **_: Any) -> Any:
        for galley in galleys:
            self.composed.append(galley.anchor)
        raise NotImplementedError

    def cancel_waiting(self) -> None:
        """Nothing waits."""


def live_edition(folder: CatalogueFolder, press_room: NoWorkers, give_way: Callable[[], None]) -> LiveEdition:
    """The main edition in its layout."""
    catalogue, _ = read_catalogue(folder.project)
    assert catalogue is not None
    around = Surroundings(
        folder.project,
        cast("Any", press_room),
        press_room.store,
        QrCodes(),
        catalogue=lambda: catalogue,
        give_way=give_way,
        tell=lambda *_, **__: None,
        follow=lambda *_: None,
        is_postponed=lambda _: False,
    )
    return LiveEdition(around, "full", "forum")


def test_an_edition_that_changes_while_it_is_composed_begins_again_at_once(folder: CatalogueFolder) -> None:
    press_room, changes = NoWorkers(WarmStore(folder.project)), [True]

    def give_way() -> None:
        # When the second galley is composed for typesetting, somebody saves.
        if changes and len(press_room.composed) == 1:
            changes.pop()
            live.changed()

    live = live_edition(folder, press_room, give_way)
    steps = live.settle()
    assert next(steps) is None
    # The step ended after the first galley: the second was not composed for a state that is no more.
    assert len(press_room.composed) == 1
    assert changes == []


def test_a_part_that_was_set_at_once_is_seen_until_it_is_set_for_its_place(folder: CatalogueFolder) -> None:
    press_room = NoWorkers(WarmStore(folder.project))
    live = live_edition(folder, press_room, lambda: None)
    with pytest.raises(NotImplementedError):
        next(live.settle())
    assert live.view is not None
    cast("Any", live.view.fragments)["card-aajt"] = "as it was set"
    first = live.view.version
    with pytest.raises(NotImplementedError):
        next(live.settle())
    assert live.view.version > first
    assert cast("Any", live.view.fragments)["card-aajt"] == "as it was set"


def test_what_is_told_of_an_edition_is_not_the_newest_state_from_a_change_on(folder: CatalogueFolder) -> None:
    live = live_edition(folder, NoWorkers(WarmStore(folder.project)), lambda: None)
    with pytest.raises(NotImplementedError):
        next(live.settle())
    assert live.view is not None
    live.view = replace(live.view, is_settled=True, is_bound=True)
    live.changed()
    assert (live.view.is_settled, live.view.is_bound) == (False, False)


def test_a_sign_off_is_not_taken_back_by_a_look_at_the_register_that_began_before_it(folder: CatalogueFolder) -> None:
    live = live_edition(folder, NoWorkers(WarmStore(folder.project)), lambda: None)
    with pytest.raises(NotImplementedError):
        next(live.settle())
    looking = live.sign_offs_changed()
    while "initiatives/aajt" not in live._states:
        next(looking)
    entry = "{state: approved, version: 1, on: 2026-05-01, by: Ada, edition: full, content: aa, layout: bb}"
    folder.write("approvals.yaml", f"initiatives/aajt:\n  - {entry}\n")
    live.signed("initiatives/aajt")
    for _ in looking:
        pass
    assert live.view is not None
    assert live.view.states["card-aajt"].as_dict()["by"] == "Ada"

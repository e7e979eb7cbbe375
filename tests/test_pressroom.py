"""The press room: each galley once, a worker that dies costs at most its own galley, and nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from livret.findings import LivretError, Severity, SystemLibraryMissing
from livret.pages.galley import Galley, Stylesheet
from livret.pages.pool import pressroom, workers
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pages.pool.store_files import StoreFiles
from livret.pages.pool.workers import WorkerDied
from livret.project import Project, replacing
from livret.translation import verbatim

BASE = Stylesheet("base.css", '@page { size: 60mm 80mm; bleed: 3mm } body { font: 9pt "Source Sans 3" }', None)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a press room sets in the environment goes with it."""
    monkeypatch.setenv("FONTCONFIG_FILE", "")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project" / "catalogue").mkdir(parents=True)
    return Project.at(tmp_path / "project")


def galleys(project: Project, *names: str, css: str = "") -> list[Galley]:
    """A galley for each name, which says it."""
    sheets = (BASE, Stylesheet("own.css", css, None))
    return [
        Galley(
            f"card-{name}",
            f"catalogue/initiatives/{name}.yaml",
            f'<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body><p>{name}</p></body></html>',
            sheets,
            project.catalogue,
            (project.catalogue,),
        )
        for name in names
    ]


def room(project: Project, jobs: int = 2) -> PressRoom:
    return PressRoom(project, Store(project), jobs)


# --- what workers are asked to do in these tests ---


def note(path: Path, word: str = "x") -> int:
    """Append a word to a file; gives how many are there."""
    with path.open("a") as file:
        file.write(f"{word}\n")
    return len(path.read_text().splitlines())


def die(path: Path, times: int) -> str:
    """Kill this process, if that was not done so many times before."""
    if note(path) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def noted(path: Path, word: str, seconds: float = 0.0) -> None:
    note(path, f"start {word}")
    time.sleep(seconds)
    note(path, f"end {word}")


def fail(problem: Exception) -> None:
    raise problem


def abandon(*_: object) -> None:
    """As a worker that cannot even begin."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Deadly:
    """Typesets, but dies of galleys that say so; what it was given is noted in a folder."""

    folder: Path
    times: int

    def __call__(self, galley: Galley, fonts: tuple[Path, ...], files: StoreFiles) -> Any:
        if "deadly" in galley.anchor:
            die(self.folder / galley.anchor, self.times)
        return TYPESET(galley, fonts, files)


TYPESET = pressroom._typeset


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Deadly]:
    def made(times: int) -> Deadly:
        one = Deadly(tmp_path, times)
        monkeypatch.setattr(pressroom, "_typeset", one)
        return one

    return made


# --- each galley once ---


def test_each_galley_is_typeset_once(project: Project) -> None:
    cards = galleys(project, "a", "b", "c")
    told: list[str] = []
    with room(project) as first:
        fragments = first.fragments(cards, lambda anchor, is_typeset: told.append(anchor))
        assert sorted(fragments) == sorted(told) == ["card-a", "card-b", "card-c"]
        assert (first.typeset, first.reused) == (3, 0)
        again = first.fragments(cards[:2])
        assert (first.typeset, first.reused) == (3, 2)
        assert first.lost(cards) == ()
    assert {name: fragment.key for name, fragment in again.items()} == {
        name: fragments[name].key for name in ("card-a", "card-b")
    }
    assert all(fragment.path.is_file() for fragment in fragments.values())


def test_no_worker_is_started_for_what_is_stored(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = galleys(project, "a", "b")
    with room(project) as first:
        first.fragments(cards)
    monkeypatch.setattr(workers.Worker, "forked", lambda project: pytest.fail("a worker was started"))
    with room(project) as second:
        assert len(second.fragments(cards)) == 2
        assert (second.typeset, second.reused) == (0, 2)


def test_two_projects_in_one_process_see_their_own_fonts(project: Project, tmp_path: Path) -> None:
    path = next(path for path in project.fonts if path.name.startswith("SourceSans3-Regular"))
    font = TTFont(path)
    for record in font["name"].names:
        if record.nameID in {1, 16}:
            font["name"].setName("Their Own", record.nameID, record.platformID, record.platEncID, record.langID)
    (tmp_path / "other" / "catalogue").mkdir(parents=True)
    (tmp_path / "other" / "fonts").mkdir()
    font.save(tmp_path / "other" / "fonts" / "TheirOwn.ttf")
    other = Project.at(tmp_path / "other")
    css = 'p { font-family: "Their Own" }'
    with room(project) as first, room(other) as second:
        (missing,) = first.fragments(galleys(project, "a", css=css)).values()
        (found,) = second.fragments(galleys(other, "a", css=css)).values()
    assert [finding.rule for finding in missing.facts.findings] == ["missing-font"]
    assert found.facts.findings == ()
    assert b"FontFamily (Their Own)" in found.path.read_bytes()


# --- workers that die ---


def test_a_galley_whose_worker_dies_is_tried_once_more(project: Project, deadly: Callable[[int], Deadly]) -> None:
    cards = galleys(project, "a", "deadly", "b", "c")
    deadly(1)
    with room(project) as one:
        assert len(one.fragments(cards)) == 4
        assert one.typeset == 4
        assert one.lost(cards) == ()


def test_a_galley_that_kills_two_workers_is_named_and_the_others_go_on(
    project: Project, tmp_path: Path, deadly: Callable[[int], Deadly]
) -> None:
    cards = galleys(project, *"abcdef", "deadly")
    told: list[str] = []
    deadly(99)
    with room(project) as one:
        fragments = one.fragments(cards, lambda anchor, is_typeset: told.append(anchor))
        assert sorted(fragments) == [f"card-{name}" for name in "abcdef"]
        assert sorted(told) == sorted(card.anchor for card in cards), "progress comes to its end"
        (found,) = one.lost(cards)
        assert (found.severity, found.rule, str(found.where)) == (
            Severity.ERROR,
            "worker-died",
            "catalogue/initiatives/deadly.yaml",
        )
        assert "card-deadly" in found.message
        assert "SIGKILL" in found.message
        assert any("--jobs 1" in hint for hint in found.hints)
        assert one.lost(cards[:-1]) == ()
        tried = (tmp_path / "card-deadly").read_text()
        assert tried == "x\nx\n", "once, and once more"
        assert len(one.fragments(cards)) == 6
        assert one.lost(cards[-1:]) == (found,)
        assert (tmp_path / "card-deadly").read_text() == tried, "the next edition does not try it again"
    with room(project) as other:
        other.fragments(cards)
        assert (other.typeset, other.reused) == (0, 6)
    assert (tmp_path / "card-deadly").read_text() == tried + "x\nx\n", "the next build does"


def test_ctrl_c_does_not_reach_a_worker_even_while_it_starts(project: Project) -> None:
    with room(project, jobs=1) as one:
        assert signal.SIGINT in one.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result(60)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_where_every_worker_dies_it_is_said_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = galleys(project, *"abcdefghijkl")
    for name in ("_typeset", "_load_engine"):
        monkeypatch.setattr(f"livret.pages.pool.pressroom.{name}", abandon)
    told: list[str] = []
    with room(project) as one:
        orders = [
            one.order(cards, lambda anchor, is_typeset: told.append(anchor)),
            one.order(galleys(project, "other")),
        ]
        for order in orders:
            with pytest.raises(LivretError, match="die before they can do anything"):
                order.collect()
    assert len(told) < len(cards)


def test_many_galleys_that_kill_their_workers_are_all_named(
    project: Project, tmp_path: Path, deadly: Callable[[int], Deadly]
) -> None:
    deadly(99)
    cards = galleys(project, *(f"deadly-{number}" for number in range(6)), "a")
    with room(project, jobs=1) as one:
        assert list(one.fragments(cards)) == ["card-a"]
        assert len(one.lost(cards)) == 6


def test_a_worker_without_memory_counts_as_dead(project: Project, tmp_path: Path) -> None:
    with room(project) as one:
        with pytest.raises(WorkerDied):
            one.submit(fail, MemoryError()).result(60)
        assert one.submit(die, tmp_path / "no", 0).result(60) == "alive"


def test_a_worker_killed_while_it_waits_is_replaced(project: Project) -> None:
    with room(project, jobs=1) as one:
        os.kill(one.submit(os.getpid).result(60), signal.SIGKILL)
        assert len(one.fragments(galleys(project, "a"))) == 1
        assert one.lost(galleys(project, "a")) == ()


def test_a_worker_that_has_grown_is_replaced(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with room(project, jobs=1) as one:
        assert one.submit(os.getpid).result(60) == one.submit(os.getpid).result(60)
        monkeypatch.setattr(workers, "MEGABYTES", 1)
        pids = [one.submit(os.getpid).result(60) for _ in range(3)]
    # The first of them was still the one that had not been looked at.
    assert len(set(pids)) == 3


# --- other work in the same workers ---


def test_a_function_is_called_in_a_worker(project: Project) -> None:
    with room(project) as one:
        assert one.submit(os.path.basename, "/a/b").result(60) == "b"
        assert one.submit(os.getpid).result(60) != os.getpid()


def test_what_a_function_raises_comes_back(project: Project) -> None:
    with room(project) as one:
        with pytest.raises(LivretError, match="not so") as told:
            one.submit(fail, LivretError(verbatim("not so"), verbatim("but so"))).result(60)
        assert told.value.hints == ("but so",)
        with pytest.raises(ZeroDivisionError) as fault:
            one.submit(fail, ZeroDivisionError()).result(60)
        assert "in a worker" in fault.value.__notes__[0]
        assert "fail" in fault.value.__notes__[0]
        with pytest.raises(RuntimeError, match="Stubborn"):
            one.submit(be_stubborn).result(60)


class Stubborn(Exception):
    """Cannot be made again from its arguments."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one)


def be_stubborn() -> None:
    raise Stubborn(1, 2)


def test_a_function_whose_worker_dies_is_tried_once_more(project: Project, tmp_path: Path) -> None:
    with room(project) as one:
        assert one.submit(die, tmp_path / "once", 1).result(60) == "alive"
        with pytest.raises(WorkerDied, match="SIGKILL"):
            one.submit(die, tmp_path / "often", 9).result(60)
    assert len((tmp_path / "often").read_text().split()) == 2


@dataclass
class Noted:
    """Typesets, and says so in a diary."""

    diary: Path

    def __call__(self, galley: Galley, fonts: tuple[Path, ...], files: StoreFiles) -> Any:
        note(self.diary, f"start {galley.anchor}")
        done = TYPESET(galley, fonts, files)
        note(self.diary, f"end {galley.anchor}")
        return done


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is typeset is noted here."""
    path = tmp_path / "diary"
    monkeypatch.setattr(pressroom, "_typeset", Noted(path))
    return path


def occupy(one: PressRoom, diary: Path) -> Future[None]:
    """Give the only worker something that takes a while; returns when it has begun."""
    running: Future[None] = one.submit(noted, diary, "running", 0.3)
    while not diary.exists():
        time.sleep(0.01)
    return running


def started(diary: Path) -> list[str]:
    """What was begun, in order."""
    return [line.removeprefix("start ") for line in diary.read_text().splitlines() if line.startswith("start")]


def test_galleys_come_first_and_no_more_run_than_there_are_slots(project: Project, diary: Path) -> None:
    with room(project, jobs=1) as one:
        occupy(one, diary)
        later = [one.submit(noted, diary, f"later {number}") for number in range(3)]
        one.fragments(galleys(project, "a", "bb", "ccc"))
        wait(later)
    order = ["running", "card-ccc", "card-bb", "card-a", "later 0", "later 1", "later 2"]
    assert diary.read_text().splitlines() == [f"{what} {name}" for name in order for what in ("start", "end")]


def test_what_is_not_urgent_gives_way_to_what_is(project: Project, diary: Path) -> None:
    with room(project, jobs=1) as one:
        first = occupy(one, diary)
        later = one.submit(noted, diary, "later", 0)
        background = one.order(galleys(project, "aaa", "b"), is_urgent=False)
        urgent = one.order(galleys(project, "c"))
        assert [galley.anchor for galley in background.galleys] == ["card-aaa", "card-b"]
        assert set(urgent.collect()) == {"card-c"}
        assert set(background.collect()) == {"card-aaa", "card-b"}
        wait([first, later])
    assert started(diary) == ["running", "card-c", "card-aaa", "card-b", "later"]


def test_what_somebody_waits_to_see_goes_before_the_galleys_of_editions(project: Project, diary: Path) -> None:
    with room(project, jobs=1) as one:
        occupy(one, diary)
        galley = one.order(galleys(project, "a"))
        seen = one.submit(noted, diary, "seen", is_seen=True)
        assert set(galley.collect()) == {"card-a"}
        wait([seen])
    assert started(diary) == ["running", "seen", "card-a"]


def test_where_somebody_watches_galleys_are_set_in_their_order(project: Project, diary: Path) -> None:
    with PressRoom(project, Store(project), jobs=1, is_watched=True) as one:
        occupy(one, diary)
        one.fragments(galleys(project, "a", "bb", "ccc"))
    assert started(diary) == ["running", "card-a", "card-bb", "card-ccc"]


def test_galleys_that_come_into_sight_go_before_those_that_wait(project: Project, diary: Path) -> None:
    with room(project, jobs=1) as one:
        occupy(one, diary)
        every = galleys(project, "a", "bb", "ccc", "dddd", "eeeee")
        order = one.order(every)
        one.put_first(every[:2])
        one.put_first(every[2:3])
        # What is done or not known changes nothing.
        one.put_first(galleys(project, "zz"))
        assert len(order.collect()) == 5
    assert started(diary) == ["running", "card-ccc", "card-a", "card-bb", "card-eeeee", "card-dddd"]


def test_two_slots_work_side_by_side(project: Project, tmp_path: Path) -> None:
    with room(project, jobs=2) as one:
        wait([one.submit(meet, tmp_path, name, 2) for name in ("a", "b")], 60)
        assert {path.name for path in tmp_path.glob("met-*")} == {"met-a", "met-b"}


def meet(folder: Path, name: str, number: int) -> None:
    """Wait until so many have come."""
    (folder / f"come-{name}").touch()
    until = time.monotonic() + 30
    while len(list(folder.glob("come-*"))) < number:
        assert time.monotonic() < until
        time.sleep(0.01)
    (folder / f"met-{name}").touch()


class Heavy:
    """Counts how often one of its kind was pickled."""

    pickled = 0

    def __reduce__(self) -> tuple[Any, ...]:
        Heavy.pickled += 1
        return (Heavy, ())


def test_what_waits_is_not_yet_pickled(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heavy, "pickled", 0)
    with room(project, jobs=1) as one:
        first = one.submit(meet, tmp_path, "worker", 2)
        coming = [one.submit(type, Heavy()) for _ in range(50)]
        while not (tmp_path / "come-worker").exists():
            time.sleep(0.01)
        assert not first.done()
        assert Heavy.pickled == 0
        (tmp_path / "come-here").touch()
        assert {future.result(60) for future in coming} == {Heavy}
        assert Heavy.pickled == 50


# --- ends ---


def write_slowly(target: Path) -> None:
    with replacing(target) as beside:
        beside.write_text("half")
        (target.parent / "begun").touch()
        time.sleep(600)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemLibraryMissing])
def test_left_by_an_exception_workers_end_at_once_and_leave_nothing(
    project: Project, tmp_path: Path, problem: type[BaseException]
) -> None:
    target = tmp_path / "books" / "book.pdf"
    target.parent.mkdir()
    target.write_text("the last good one")
    one = room(project).__enter__()
    pid = one.submit(os.getpid).result(60)
    writing = one.submit(write_slowly, target)
    waiting = [one.submit(time.sleep, 600) for _ in range(3)]
    until = time.monotonic() + 60
    while not (tmp_path / "books" / "begun").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    start = time.monotonic()
    one.__exit__(problem, problem("enough"), None)
    assert time.monotonic() - start < 30
    assert sorted(path.name for path in target.parent.iterdir()) == ["begun", "book.pdf"]
    assert target.read_text() == "the last good one"
    assert not is_running(pid)
    with pytest.raises(WorkerDied):
        writing.result(0)
    with pytest.raises(CancelledError):
        waiting[-1].result(0)


def test_left_in_peace_workers_finish_what_they_are_doing(project: Project, tmp_path: Path) -> None:
    with room(project, jobs=1) as one:
        one.submit(noted, tmp_path / "diary", "it", 0.2)
        while not (tmp_path / "diary").exists():
            time.sleep(0.01)
        pid = one._slots._slots[0]._worker.process.pid  # type: ignore[union-attr]
    assert (tmp_path / "diary").read_text() == "start it\nend it\n"
    assert pid is not None
    assert not is_running(pid)


def test_galleys_that_wait_are_given_up_when_one_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pressroom, "_typeset", no_engine)
    with room(project, jobs=1) as one:
        with pytest.raises(SystemLibraryMissing):
            one.fragments(galleys(project, *map(str, range(40))))
        monkeypatch.setattr(pressroom, "_typeset", TYPESET)
        assert len(one.fragments(galleys(project, "a"))) == 1
        assert one.submit(os.path.basename, "/a/b").result(60) == "b"


def no_engine(galley: Galley, fonts: tuple[Path, ...], files: StoreFiles) -> None:
    raise SystemLibraryMissing(verbatim("no Pango"))


# --- two builds at once ---


def build_again_and_again(root: Path, barrier: Any, told: Any) -> None:
    """Typeset the same galleys as the other process at the same time, into an ever empty store."""
    project = Project.at(root)
    for turn in range(3):
        cards = galleys(project, *(f"{name}{turn}" for name in "abcdefgh"))
        barrier.wait(120)
        with room(project) as one:
            fragments = one.fragments(cards)
        told.put({name: fragment.key for name, fragment in fragments.items()})
        assert all(fragment.path.read_bytes().startswith(b"%PDF") for fragment in fragments.values())


def prune_all_the_time(root: Path, ended: Any) -> None:
    store = Store(Project.at(root))
    while not ended.is_set():
        store.prune()


@pytest.fixture
def several(project: Project) -> Iterator[tuple[list[Any], Any]]:
    """Two building processes and one that prunes; and what the builders have to tell."""
    spawn = multiprocessing.get_context("spawn")
    barrier, told, ended = spawn.Barrier(2), spawn.Queue(), spawn.Event()
    builders = [spawn.Process(target=build_again_and_again, args=(project.root, barrier, told)) for _ in range(2)]
    pruner = spawn.Process(target=prune_all_the_time, args=(project.root, ended))
    for process in (*builders, pruner):
        process.start()
    yield builders, told
    ended.set()
    for process in (*builders, pruner):
        process.join(30)
        process.kill()
        process.join()


def test_two_builds_at_once_do_not_disturb_each_other(project: Project, several: tuple[list[Any], Any]) -> None:
    (project.output / ".store").mkdir(parents=True)
    builders, told = several
    results = [told.get(timeout=120) for _ in range(6)]
    for process in builders:
        process.join(60)
    assert [process.exitcode for process in builders] == [0, 0]
    assert all(len(result) == 8 for result in results)
    keys = [set(result.items()) for result in results]
    assert len({frozenset(key) for key in keys}) == 3, "the same names, the same bytes"
    store = project.output / ".store"
    assert len(list(store.rglob("*.pdf"))) == 24
    assert not [path for path in store.rglob(".*") if path.is_file()], "nothing is left beside"
    with room(project) as after:
        after.fragments(galleys(project, *(f"{name}0" for name in "abcdefgh")))
        assert (after.typeset, after.reused) == (0, 8)


def test_a_font_list_that_another_build_pruned_is_written_again(project: Project) -> None:
    with room(project, jobs=1) as one:
        pid = one.submit(os.getpid).result(60)
        conf = Path(os.environ["FONTCONFIG_FILE"])
        conf.unlink()
        os.kill(pid, signal.SIGKILL)
        (fragment,) = one.fragments(galleys(project, "a")).values()
    assert fragment.facts.findings == ()
    assert conf.is_file()


def test_other_options_are_another_galley_to_the_dead_list(project: Project, deadly: Callable[[int], Deadly]) -> None:
    (card,) = galleys(project, "deadly")
    mended = replace(card, html=card.html.replace("deadly", "lively"))
    deadly(2)
    with room(project) as one:
        assert one.fragments([card]) == {}
        assert list(one.fragments([mended])) == ["card-deadly"], "what was changed is tried"
        assert one.lost([mended]) == ()

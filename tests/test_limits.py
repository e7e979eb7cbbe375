"""The time and memory that one galley may take."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from conftest import SVG
from livret.findings import LivretError, Severity
from livret.pages.galley import Galley, Stylesheet
from livret.pages.pool.limits import Limits, OverLimit
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.project import Project

BASE = Stylesheet("base.css", '@page { size: 60mm 80mm } body { font: 9pt "Source Sans 3" } img { width: 9mm }', None)

# A long path drawn so often that it takes minutes; yet fewer elements than a picture may draw.
CURVES = "M0 0" + "c1 2 3 4 5 6" * 500
USES = '<use href="#a"/>' * 20_000
ENDLESS = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="a" d="{CURVES}"/>{USES}</svg>'


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a press room sets in the environment goes with it."""
    monkeypatch.setenv("FONTCONFIG_FILE", "")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project" / "catalogue" / "images").mkdir(parents=True)
    return Project.at(tmp_path / "project")


def galley(project: Project, name: str, *pictures: str) -> Galley:
    shown = "".join(f'<img src="{picture}" alt="">' for picture in pictures)
    return Galley(
        f"card-{name}",
        f"catalogue/initiatives/{name}.yaml",
        f'<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body><p>{name}</p>{shown}</body></html>',
        (BASE,),
        project.catalogue,
        (project.catalogue,),
    )


def test_a_picture_without_end_is_named_and_all_else_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVRET_GALLEY_SECONDS", "3")
    (project.catalogue / "images" / "sans fin.svg").write_text(ENDLESS)
    (project.catalogue / "images" / "good.svg").write_text(SVG)
    cards = [galley(project, name, "images/good.svg") for name in "ab"]
    endless = galley(project, "endless", "images/good.svg", "images/sans%20fin.svg", "images/good.svg")
    start = time.monotonic()
    with PressRoom(project, Store(project), 2) as press_room:
        assert sorted(press_room.fragments([endless, *cards])) == ["card-a", "card-b"]
        (found,) = press_room.lost([endless, *cards])
        again = time.monotonic()
        assert sorted(press_room.fragments([endless, *cards])) == ["card-a", "card-b"]
        assert time.monotonic() - again < 3, "it is not tried a second time"
    assert time.monotonic() - start < 45
    assert (found.severity, found.rule) == (Severity.ERROR, "over-limit")
    assert str(found.where) == "catalogue/initiatives/endless.yaml"
    assert 'card-endless took more than 3 seconds at "images/sans fin.svg"' in found.message
    assert any("LIVRET_GALLEY_SECONDS" in hint for hint in found.hints)


def test_a_picture_that_takes_all_memory_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVRET_GALLEY_MEGABYTES", "300")
    # All of one colour: few bytes on disk, 158 MB when it is read, and as much again when it is packed. A picture with
    # more than 40 million pixels is halved.
    Image.new("RGB", (6_300, 6_300), "red").save(project.catalogue / "images" / "huge.png")
    cards = [galley(project, "huge", "images/huge.png"), galley(project, "a")]
    with PressRoom(project, Store(project), 1) as press_room:
        assert list(press_room.fragments(cards)) == ["card-a"]
        (found,) = press_room.lost(cards)
    assert found.rule == "over-limit"
    assert re.search(r"card-huge took more than 300 MB of memory( at \"images/huge\.png\")?;", found.message)


def sleep_in_c(seconds: float) -> None:
    """A call that keeps Python from doing anything else: no other thread runs, and no signal is seen."""
    import ctypes

    ctypes.PyDLL(None).usleep(int(seconds * 1e6))


def allocate(megabytes: int) -> int:
    held = bytearray(megabytes * 2**20)
    time.sleep(30)
    return len(held)


@pytest.mark.parametrize(
    ("function", "argument", "told"),
    [
        (time.sleep, 60, "took more than 1 seconds"),
        (sleep_in_c, 60, "took more than 1 seconds"),
        (allocate, 600, "took more than 300 MB of memory"),
    ],
)
def test_what_takes_too_much_ends_its_worker_and_not_the_next_task(
    project: Project, function: object, argument: int, told: str
) -> None:
    limits = Limits(seconds=1 if "seconds" in told else 20, megabytes=300)
    start = time.monotonic()
    with PressRoom(project, Store(project), 1) as press_room:
        slots = press_room._workers()
        future = slots.submit((0,), function, argument, limits=limits)  # type: ignore[arg-type]
        with pytest.raises(OverLimit, match=told):
            future.result(60)
        assert press_room.submit(os.path.basename, "/a/b").result(60) == "b"
    assert time.monotonic() - start < 40


def test_a_task_within_its_limits_is_left_alone(project: Project) -> None:
    with PressRoom(project, Store(project), 1) as press_room:
        slots = press_room._workers()
        limits = Limits(seconds=3)
        ends = [slots.submit((0,), time.sleep, 0.4, limits=limits) for _ in range(8)]
        assert [end.result(60) for end in ends] == [None] * 8, "each has its own time"


@pytest.mark.parametrize("value", ["0", "-1", "much", "inf", "nan"])
@pytest.mark.parametrize("name", ["LIVRET_GALLEY_SECONDS", "LIVRET_GALLEY_MEGABYTES"])
def test_a_limit_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(LivretError, match=f'{name} is "{value}", not a number over 0'):
        Limits.from_environment()


def test_the_limits_are_a_minute_and_a_gigabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIVRET_GALLEY_SECONDS", "LIVRET_GALLEY_MEGABYTES"):
        monkeypatch.delenv(name, raising=False)
    assert Limits.from_environment() == Limits(60, 1024)
    monkeypatch.setenv("LIVRET_GALLEY_SECONDS", "2.5")
    assert Limits.from_environment() == Limits(2.5, 1024)


BUSY = """
import sys
from pathlib import Path
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.project import Project
import busy
project = Project.at(Path(sys.argv[1]))
with PressRoom(project, Store(project), 1) as press_room:
    press_room.submit(busy.for_ever, sys.argv[2]).result()
"""
FOR_EVER = """
import ctypes, os
from pathlib import Path
def for_ever(path):
    Path(path).write_text(str(os.getpid()))
    ctypes.PyDLL(None).usleep(600_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such a worker ends when its time is over")
def test_a_worker_that_is_stuck_in_c_ends_when_the_build_is_killed(project: Project, tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(FOR_EVER)
    noted = tmp_path / "pid"
    build = subprocess.Popen(
        [sys.executable, "-c", BUSY, str(project.root), str(noted)], env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
    wait_until(lambda: noted.is_file() and noted.read_text() != "")
    worker = int(noted.read_text())
    build.send_signal(signal.SIGKILL)
    build.wait(30)
    wait_until(lambda: not is_running(worker))


def wait_until(happened: object) -> None:
    until = time.monotonic() + 60
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether there is such a process that is not merely waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

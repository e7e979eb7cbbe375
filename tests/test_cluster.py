"""Typesetting on a Dask cluster: real schedulers and workers, on this machine, in folders that hold nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from dask import config as dask_config
from distributed import Client
from fontTools.ttLib import TTFont
from PIL import Image

from conftest import SVG
from livret.content.catalogue.reader import read_catalogue
from livret.findings import LivretError, Severity
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.galley import Fragment, Galley, Stylesheet
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.pages.pool import cluster as module
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.project import Project

TOP = Path(__file__).resolve().parents[1]
PATIENCE = 90

# In every Python process of the workers: a galley that says so kills the process that typesets it.
DEADLY = """
import os, signal, sys
from importlib.machinery import PathFinder
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name != "livret.pages.engine.typeset":
            return None
        spec = PathFinder.find_spec(name, path, target)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            typeset = module.typeset
            def deadly(galley, *more):
                if "deadly" in galley.html:
                    os.kill(os.getpid(), signal.SIGKILL)
                return typeset(galley, *more)
            module.typeset = deadly
        spec.loader.exec_module = exec_module
        return spec
sys.meta_path.insert(0, Finder())
"""


@dataclass
class Dask:
    """A scheduler and its workers, each in an empty folder of its own."""

    folder: Path
    address: str = ""
    protocol: str = "tcp"
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, code: str = DEADLY) -> subprocess.Popen[bytes]:
        """Start a program of Dask; `code` runs at the start of each of its Python processes."""
        here = self.folder / name
        here.mkdir()
        (here / "sitecustomize.py").write_text(code)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FONTCONFIG", "DASK"))}
        with (here / "log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, *self.tls(), "--host", "127.0.0.1", "--no-dashboard"],
                cwd=here,
                env={**environment, "PYTHONPATH": str(here)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.running[name]

    def tls(self) -> tuple[str, ...]:
        """The options that have a program of Dask speak TLS, if this cluster does."""
        names = {"ca-file": "ca.pem", "cert": "cert.pem", "key": "key.pem"} if self.protocol == "tls" else {}
        return tuple(part for name, file in names.items() for part in (f"--tls-{name}", str(TLS / file)))

    def start_scheduler(self) -> None:
        told = self.folder / "scheduler.json"
        self.start("scheduler", "scheduler", "--protocol", self.protocol, "--port", "0", "--scheduler-file", str(told))
        # The file is there before Dask has written it to its end.
        wait_until(lambda: told.is_file() and told.read_text().endswith("}"))
        self.address = json.loads(told.read_text())["address"]

    def start_worker(self, name: str, *arguments: str, code: str = DEADLY) -> subprocess.Popen[bytes]:
        """Start a worker of one thread; it is there when this returns."""
        own = ("--nthreads", "1", "--name", name, "--local-directory", str(self.folder / name), *arguments)
        process = self.start(name, "worker", self.address, *own, code=code)
        with self.client() as client:
            wait_until(lambda: any(one["name"] == name for one in client.scheduler_info(-1)["workers"].values()))
        return process

    def client(self) -> Any:
        return Client(self.address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]

    def stop(self, name: str) -> None:
        """Kill a program and everything that it started."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a press room sets in the environment goes with it."""
    monkeypatch.setenv("FONTCONFIG_FILE", "")


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    dask = Dask(tmp_path_factory.mktemp("dask"))
    try:
        dask.start_scheduler()
        yield dask
    finally:
        for name in tuple(dask.running):
            dask.stop(name)


@pytest.fixture(scope="module")
def dask(scheduler: Dask) -> Dask:
    """A cluster of two workers, one with a nanny, as is usual, and one without."""
    scheduler.start_worker("nannied")
    scheduler.start_worker("alone", "--no-nanny")
    return scheduler


@dataclass(frozen=True)
class Outcome:
    """All that typesetting leaves: fragments by anchor, and the store's files by name."""

    fragments: Mapping[str, tuple[str, Any]]
    files: Mapping[str, bytes]


def outcome(project: Project, fragments: Mapping[str, Fragment]) -> Outcome:
    store = project.output / ".store"
    kept = (*store.glob("fragments/*/*"), *store.glob("galleys/*/*"))
    return Outcome(
        {name: (fragment.key, fragment.facts) for name, fragment in fragments.items()},
        {path.name: path.read_bytes() for path in kept},
    )


def at_home(project: Project, galleys: Iterable[Galley]) -> Outcome:
    """What typesetting leaves when it is done in this process' own workers."""
    home = Project.at(project.root, project.output.with_name("home"))
    with PressRoom(home, Store(home)) as press:
        return outcome(home, press.fragments(galleys))


# --- no cluster ---


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("catalogue", "layouts/own"):
        (tmp_path / "project" / name).mkdir(parents=True)
    return Project.at(tmp_path / "project")


BASE = '@page { size: 60mm 80mm; bleed: 3mm } body { font: 9pt "Source Sans 3" }'


def galley(project: Project, name: str, body: str = "", css: str = "") -> Galley:
    layout = project.root / "layouts" / "own"
    return Galley(
        f"card-{name}",
        f"catalogue/initiatives/{name}.yaml",
        f'<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body><p>{name}</p>{body}</body></html>',
        (Stylesheet("layouts/own/base.css", BASE, layout), Stylesheet("layouts/own/card.css", css, layout)),
        project.catalogue,
        (project.catalogue, layout),
    )


def test_without_the_extra_the_line_to_type_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(LivretError) as told:
        PressRoom(project, Store(project), cluster="tcp://127.0.0.1:1")
    assert any("pip install 'livret[cluster]'" in hint for hint in told.value.hints)


def test_an_address_of_another_kind_is_told_and_nothing_else_is_said(project: Project) -> None:
    """Dask would print that its client could not be ended."""
    with (
        PressRoom(project, Store(project), cluster="http://127.0.0.1:8786") as press,
        pytest.raises(LivretError) as told,
    ):
        press.fragments([galley(project, "a")])
    assert told.value.message.endswith("http://127.0.0.1:8786: an address begins with tcp:// or tls://")


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:1", "127.0.0.1:1", "tls://127.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:x", "no://a:1", ""],
)
def test_where_no_scheduler_is_it_is_told_at_once(project: Project, address: str) -> None:
    with PressRoom(project, Store(project), cluster=address) as press:
        start = time.monotonic()
        with pytest.raises(LivretError, match="no Dask scheduler answers") as told:
            press.fragments([galley(project, "a")])
        assert time.monotonic() - start < 20
        assert told.value.message.startswith(f"no Dask scheduler answers at {address}:")
        assert any("dask scheduler" in hint for hint in told.value.hints)


@pytest.mark.parametrize(
    "greeting",
    [b"", b"x", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 100, b"\x10" + bytes(7) + b"y" * 16, b"\x10" + bytes(8)],
)
def test_something_else_at_that_port_is_no_scheduler(
    project: Project, monkeypatch: pytest.MonkeyPatch, greeting: bytes
) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)

    def greet() -> None:
        visitor, _ = server.accept()
        with visitor, contextlib.suppress(OSError):
            visitor.sendall(greeting)
            visitor.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with (
            PressRoom(project, Store(project), cluster=address) as press,
            pytest.raises(LivretError, match="no Dask scheduler answers"),
        ):
            press.fragments([galley(project, "a")])


def test_what_is_stored_and_other_work_need_no_cluster(project: Project) -> None:
    with PressRoom(project, Store(project)) as press:
        press.fragments([galley(project, "a")])
    with PressRoom(project, Store(project), cluster="tcp://127.0.0.1:1") as press:
        assert list(press.fragments([galley(project, "a")])) == ["card-a"]
        assert press.reused == 1
        assert psutil.Process(press.submit(os.getpid).result(PATIENCE)).parents()[1].pid == os.getpid()


def test_a_cluster_without_workers_is_told(scheduler: Dask, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(scheduler.running) == ["scheduler"]
    monkeypatch.setattr(module, "CONNECT_SECONDS", 2)
    with (
        PressRoom(project, Store(project), cluster=scheduler.address) as press,
        pytest.raises(LivretError, match="has no worker") as told,
    ):
        press.fragments([galley(project, "a")])
    assert any(f"dask worker {scheduler.address}" in hint for hint in told.value.hints)


# --- encrypted ---


TLS = Path(__file__).parent / "tls"


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Dask]:
    """A cluster that speaks TLS and takes only clients with a certificate of its authority."""
    dask = Dask(tmp_path / "dask", protocol="tls")
    dask.folder.mkdir()
    try:
        dask.start_scheduler()
        yield dask
    finally:
        for name in tuple(dask.running):
            dask.stop(name)


TRUSTED = {
    "distributed.comm.tls.ca-file": str(TLS / "ca.pem"),
    "distributed.comm.tls.client.cert": str(TLS / "cert.pem"),
    "distributed.comm.tls.client.key": str(TLS / "key.pem"),
}


def test_a_cluster_may_speak_tls(encrypted: Dask, project: Project) -> None:
    assert encrypted.address.startswith("tls://")
    one = galley(project, "a")
    with (
        PressRoom(project, Store(project), cluster=encrypted.address) as press,
        pytest.raises(LivretError, match="names no certificates") as told,
    ):
        press.fragments([one])
    assert any("docs/scale.md" in hint for hint in told.value.hints)
    with dask_config.set(TRUSTED):
        encrypted.start_worker("worker", "--no-nanny")
        with PressRoom(project, Store(project), cluster=encrypted.address) as press:
            there = press.fragments([one])
    assert outcome(project, there) == at_home(project, [one])


def test_a_certificate_that_is_not_there_is_named(encrypted: Dask, project: Project) -> None:
    lost = str(TLS / "lost.pem")
    with (
        dask_config.set({**TRUSTED, "distributed.comm.tls.client.cert": lost}),
        PressRoom(project, Store(project), cluster=encrypted.address) as press,
        pytest.raises(LivretError, match=f'configuration names "{lost}", which does not exist'),
    ):
        press.fragments([galley(project, "a")])


def test_a_cluster_that_speaks_tls_takes_no_plain_client(
    encrypted: Dask, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)
    address = encrypted.address.replace("tls:", "tcp:")
    with (
        PressRoom(project, Store(project), cluster=address) as press,
        pytest.raises(LivretError, match="no Dask scheduler answers"),
    ):
        press.fragments([galley(project, "a")])


def test_a_scheduler_that_ends_after_its_work_is_no_fault(
    encrypted: Dask, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    """Dask goes on looking for it, and tells of that with a traceback when the client leaves."""
    told_by = logging.getLogger("distributed.client")
    told_by.addHandler(caplog.handler)
    with dask_config.set(TRUSTED):
        encrypted.start_worker("worker", "--no-nanny")
        with PressRoom(project, Store(project), cluster=encrypted.address) as press:
            assert list(press.fragments([galley(project, "a")])) == ["card-a"]
            caplog.clear()
            encrypted.stop("scheduler")
            # Dask tries for the first time within a tenth of a second.
            time.sleep(0.5)
    told_by.removeHandler(caplog.handler)
    # What Dask only notes is shown to nobody.
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


# --- the same pages ---


def demonstration(output: Path) -> tuple[Project, list[Galley]]:
    """The galleys of six cards of the demonstration."""
    project = Project.at(TOP, output)
    catalogue, _ = read_catalogue(project)
    assert catalogue is not None
    edition = select(catalogue, "full")
    composer = Composer(project, edition, Layout(project, edition.layout))
    parts = composer.layout.flatplan(edition)
    pagination = paginate(parts, {part.anchor: composer.layout.card_sides for part in parts})
    cards = [part for part in parts if part.kind == "card"]
    return project, [composer.galley(part, pagination)[0] for part in cards[:6]]


def test_a_worker_killed_in_the_middle_loses_no_card(dask: Dask, tmp_path: Path) -> None:
    project, galleys = demonstration(tmp_path / "output")
    killed = dask.start_worker("killed", "--no-nanny")
    offspring: list[psutil.Process] = []
    done: list[str] = []

    def kill_one(anchor: str, is_typeset: bool) -> None:
        done.append(anchor)
        if len(done) == 2:
            # It has a task from the first moment, and may still be loading the engine.
            wait_until(lambda: bool(psutil.Process(killed.pid).children()))
            offspring.extend(psutil.Process(killed.pid).children(recursive=True))
            killed.kill()

    with PressRoom(project, Store(project), cluster=dask.address) as press:
        fragments = press.fragments(galleys, kill_one)
        assert press.lost(galleys) == ()
        assert press.typeset == len(galleys)
    assert killed.wait(PATIENCE) == -signal.SIGKILL
    assert sorted(done) == sorted(fragments) == sorted(one.anchor for one in galleys)
    assert offspring, "it was at work"
    wait_until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in offspring))
    assert outcome(project, fragments) == at_home(project, galleys)


PICTURES = {
    "there": ('<img src="images/a.svg" alt="">', ""),
    "photograph": ('<img src="images/b%20c.png" alt=""><img src="images/a.svg" alt="">', ""),
    "missing": ('<img src="images/none.svg" alt="">', ""),
    "climbing": ('<img src="../secret.svg" alt="">', ""),
    "climbing further": ('<img src="images/%2e%2e/%2e%2e/secret.svg" alt="">', ""),
    "absolute": ('<img src="file:///etc/passwd" alt="">', ""),
    "linked": ('<img src="images/out.svg" alt=""><img src="images/in.svg" alt="">', ""),
    "round in a circle": ('<img src="images/circle.svg" alt="">', ""),
    "object": ('<object data="images/a.svg"></object>', ""),
    "style": ("<p style=\"background: url('images/a.svg')\">a</p>", ""),
    "layout": ("", "p { background: url(art/leaf.svg) }"),
    "import": ("", '@import "more.css";'),
    "missing import": ("", '@import "none.css";'),
    # Nobody sees these from the HTML: they are asked for.
    "chain": ('<link rel="stylesheet" href="images/one.css">', ""),
    "drawing": ('<svg viewBox="0 0 9 9" width="9"><image x="1" href = "images/a.svg" width="9" height="9"/></svg>', ""),
    "set": ('<img srcset="images/a.svg 2x" src="images/a.svg" alt="">', ""),
    "unseen": ("<style>@import 'images/one.css';</style>", ""),
}


def test_files_are_those_of_home(dask: Dask, project: Project) -> None:
    images, layout = project.catalogue / "images", project.root / "layouts" / "own"
    for folder in (images, layout / "art"):
        folder.mkdir()
    (project.root / "secret.svg").write_text(SVG)
    (images / "a.svg").write_text(SVG)
    Image.new("RGB", (9, 9), "red").save(images / "b c.png")
    (images / "out.svg").symlink_to(project.root / "secret.svg")
    (images / "in.svg").symlink_to("a.svg")
    (images / "circle.svg").symlink_to("circle.svg")
    (images / "one.css").write_text('@import "two.css"; p { color: red }')
    (images / "two.css").write_text("p { background: url(a.svg) }")
    (layout / "art" / "leaf.svg").write_text(SVG.replace("M4", "M5"))
    (layout / "more.css").write_text("p { color: green }")
    galleys = [galley(project, name, *parts) for name, parts in PICTURES.items()]
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        there = outcome(project, press.fragments(galleys))
    here = at_home(project, galleys)
    assert there.fragments == here.fragments
    assert there == here
    told = {name: [finding.rule for finding in facts.findings] for name, (_, facts) in here.fragments.items()}
    assert told["card-there"] == []
    assert told["card-missing"] == told["card-climbing further"] == ["missing-picture"]


def test_a_style_sheet_that_changes_travels_again(dask: Dask, project: Project) -> None:
    """Between the rounds of one build, as the sheets of a card's side do."""
    first = [galley(project, str(number), css=f"p {{ margin-left: {number}mm }}") for number in range(6)]
    again = [replace(one, anchor=f"{one.anchor}-again", html=one.html.replace("</p>", ".</p>")) for one in first]
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        there = {**press.fragments(first), **press.fragments(again)}
    assert outcome(project, there) == at_home(project, [*first, *again])


def test_another_project_brings_its_own_fonts(dask: Dask, project: Project) -> None:
    css = 'p { font-family: "Their Own" }'
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        (without,) = press.fragments([galley(project, "a", css=css)]).values()
    path = next(path for path in project.fonts if path.name.startswith("SourceSans3-Bold"))
    font = TTFont(path)
    for record in font["name"].names:
        if record.nameID in {1, 16}:
            font["name"].setName("Their Own", record.nameID, record.platformID, record.platEncID, record.langID)
    (project.root / "fonts").mkdir()
    font.save(project.root / "fonts" / "TheirOwn.ttf")
    project = Project.at(project.root)
    one = galley(project, "a", css=css)
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        (own,) = press.fragments([one]).values()
    assert [finding.rule for finding in without.facts.findings] == ["missing-font"]
    assert own.facts.findings == ()
    assert b"FontFamily (Their Own)" in own.path.read_bytes()
    assert at_home(project, [one]).fragments == {"card-a": (own.key, own.facts)}


# --- what goes wrong ---


def test_a_galley_that_kills_its_workers_is_named_and_the_others_go_on(dask: Dask, project: Project) -> None:
    galleys = [galley(project, name) for name in ("a", "b", "deadly", "c", "d")]
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        assert sorted(press.fragments(galleys)) == ["card-a", "card-b", "card-c", "card-d"]
        (found,) = press.lost(galleys)
    assert (found.severity, found.rule) == (Severity.ERROR, "worker-died")
    assert str(found.where) == "catalogue/initiatives/deadly.yaml"
    with dask.client() as client:
        assert len(client.nthreads()) == 2, "and no Dask worker died"


def test_ctrl_c_gives_up_what_is_on_its_way(dask: Dask, project: Project) -> None:
    galleys = [galley(project, str(number), "<p>mot " * 300) for number in range(30)]

    def interrupt(anchor: str, is_typeset: bool) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), PressRoom(project, Store(project), cluster=dask.address) as press:
        press.fragments(galleys, interrupt)
    assert time.monotonic() - start < PATIENCE
    with dask.client() as client:
        wait_until(lambda: not any(client.processing().values()))
    assert not [path for path in project.output.rglob(".*") if path.is_file()]


def test_a_worker_that_would_make_other_pages_is_refused(dask: Dask, project: Project) -> None:
    dask.start_worker("other", "--no-nanny", code="import livret; livret.__version__ = '0.0.9'")
    try:
        with (
            PressRoom(project, Store(project), cluster=dask.address) as press,
            pytest.raises(LivretError, match=r"the worker tcp://127\.0\.0\.1:\d+") as told,
        ):
            press.fragments([galley(project, "a")])
    finally:
        dask.stop("other")
    assert re_versions(told.value.message)
    assert any("same versions" in hint for hint in told.value.hints)


def re_versions(message: str) -> bool:
    """Whether a message names Livret's other version, and no other difference."""
    return "Livret 0.0.9 (" in message and ", not 0.1" in message and "Pango" not in message


def test_a_worker_without_livret_is_told(dask: Dask, project: Project) -> None:
    code = "import sys; sys.modules['livret'] = None"
    dask.start_worker("strange", "--no-nanny", code=code)
    try:
        with (
            PressRoom(project, Store(project), cluster=dask.address) as press,
            pytest.raises(LivretError, match="cannot load Livret") as told,
        ):
            press.fragments([galley(project, "a")])
    finally:
        dask.stop("strange")
    assert any("livret[cluster]" in hint for hint in told.value.hints)


def test_a_cluster_that_loses_its_last_worker_is_told(
    dask: Dask, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NO_WORKER_SECONDS", 1)
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.2)
    galleys = [galley(project, str(number), "<p>mot " * 100) for number in range(30)]

    def kill_all(anchor: str, is_typeset: bool) -> None:
        for name in {"nannied", "alone"} & dask.running.keys():
            dask.stop(name)

    with (
        PressRoom(project, Store(project), cluster=dask.address) as press,
        pytest.raises(LivretError, match="lost its last worker"),
    ):
        press.fragments(galleys, kill_all)
    assert 0 < press.typeset < 30
    dask.start_worker("late", "--no-nanny")
    with PressRoom(project, Store(project), cluster=dask.address) as press:
        assert len(press.fragments(galleys)) == 30
        assert press.reused > 0, "what was typeset is kept"


def test_a_scheduler_that_goes_is_told(dask: Dask, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.2)
    galleys = [galley(project, str(number), "<p>mot " * 100) for number in range(30)]

    def kill(anchor: str, is_typeset: bool) -> None:
        if "scheduler" in dask.running:
            dask.stop("scheduler")

    with (
        PressRoom(project, Store(project), cluster=dask.address) as press,
        pytest.raises(LivretError, match="has gone"),
    ):
        press.fragments(galleys, kill)

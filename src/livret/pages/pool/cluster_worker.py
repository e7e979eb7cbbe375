"""What runs in a Dask worker: it keeps processes that typeset, and hands them the galleys that come.

A Dask worker typesets nothing itself. It has worker processes of its own, as a build at home does. So a galley
that takes all memory takes only one of them, several are typeset at a time, and each finds the fonts of its project.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from livret.findings import LivretError
from livret.pages.pool import payloads
from livret.pages.pool.limits import Limits, OverLimit
from livret.pages.pool.payloads import Kit, Missing, PackedGalley, Typeset
from livret.pages.pool.workers import Slot, Worker, WorkerDied
from livret.translation import say

# What a Dask worker keeps of pictures and style sheets, and how long it keeps processes that have no work.
KEPT_BYTES = 128 * 2**20
IDLE_SECONDS = 60


class ProjectWorkers:
    """The processes of a Dask worker that typeset for one project."""

    def __init__(self, kit: Kit, folder: Path) -> None:
        payloads.unpack_fonts(kit, folder)
        self._folder = folder
        self._kit = replace(kit, fonts=())
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._free: list[Slot] = []
        self._last_used = time.monotonic()

    def prepare(self) -> None:
        """Have one process ready. Raises as `Slot.ask` does, and LivretError when the versions here are others."""
        self._in_slot(payloads.engine_versions)

    def typeset(self, packed: PackedGalley) -> Typeset | Missing:
        """Typeset a galley. Raises as `prepare`."""
        blobs, missing = self._gather(packed)
        if missing:
            return Missing(blobs=missing)
        packed = replace(packed, blobs={})
        limits = self._kit.limits
        answer: Typeset | Missing
        answer = self._in_slot(payloads.typeset_packed, self._folder, self._kit, packed, blobs, limits=limits)
        return answer

    def _in_slot(self, function: Callable[..., Any], *arguments: Any, limits: Limits | None = None) -> Any:
        with self._lock:
            slot = self._free.pop() if self._free else Slot(self._start)
        try:
            return slot.ask(function, *arguments, limits=limits)
        finally:
            with self._lock:
                self._last_used = time.monotonic()
                self._free.append(slot)

    def _gather(self, packed: PackedGalley) -> tuple[dict[str, bytes], frozenset[str]]:
        """The blobs a galley needs, and the names of those that are not here; what came with it is kept."""
        with self._lock:
            self._blobs.update(packed.blobs)
            needed = packed.needed - self._kit.blobs.keys()
            found = {name: self._blobs[name] for name in needed if name in self._blobs}
            for name in found:
                self._blobs.move_to_end(name)
            total = sum(map(len, self._blobs.values()))
            while total > KEPT_BYTES:
                total -= len(self._blobs.popitem(last=False)[1])
        return found, needed - found.keys()

    def _start(self) -> Worker:
        worker = Worker.spawned(payloads.fonts_conf(self._folder))
        try:
            here = dict(worker.ask(payloads.engine_versions))
            other = [
                f"{name} {here.get(name, 'none')}, not {there}"
                for name, there in self._kit.versions
                if here.get(name) != there
            ]
            if other:
                raise LivretError(
                    say("it would make other pages: it has {other}", other="; ".join(other)),
                    say("install the same versions on all machines, those of the system's libraries too"),
                )
        except BaseException:
            worker.end()
            raise
        return worker

    def end_idle(self, seconds: float) -> None:
        """End the processes if there was nothing to do for so long."""
        with self._lock:
            is_idle = time.monotonic() - self._last_used > seconds
            idle, self._free = (self._free, []) if is_idle else ([], self._free)
        for slot in idle:
            slot.end()


# A Dask worker has no place of its own for what must live from one task to the next; so it is here.
_projects: dict[str, ProjectWorkers] = {}
_projects_lock = threading.Lock()


def prepare(name: str, kit: bytes) -> None:
    """Unpack a kit and load the engine. Runs in a Dask worker. Raises LivretError when its versions are others."""
    _call(name, kit, ProjectWorkers.prepare)


def typeset_here(name: str, kit: bytes, packed: bytes) -> Typeset | Missing:
    """Typeset a pickled packed galley by the pickled kit of this name. Runs in a Dask worker.

    Raises WorkerDied when two processes died at it, LivretError when the versions here are others.
    """
    galley = pickle.loads(packed)  # noqa: S301 - from the client that we work for
    answer: Typeset | Missing = _call(name, kit, ProjectWorkers.typeset, galley)
    return answer


def _call(name: str, kit: bytes, function: Callable[..., Any], *arguments: Any) -> Any:
    from distributed import get_worker

    worker = get_worker()
    try:
        return function(_project_workers(name, kit, Path(worker.local_directory)), *arguments)
    except (WorkerDied, OverLimit):
        raise
    except LivretError as problem:
        # Which of many machines it is stands nowhere else.
        raise type(problem)(
            say("the worker {address}: {message}", address=worker.address, message=problem.message), *problem.hints
        ) from None


def _project_workers(name: str, kit: bytes, folder: Path) -> ProjectWorkers:
    with _projects_lock:
        if not _projects:
            threading.Thread(target=_end_idle_for_ever, daemon=True).start()
        if name not in _projects:
            unpacked = pickle.loads(kit)  # noqa: S301 - from the client that we work for
            _projects[name] = ProjectWorkers(unpacked, folder / f"livret-{name}")
        return _projects[name]


def _end_idle_for_ever() -> None:
    while True:
        time.sleep(IDLE_SECONDS / 2)
        for workers in tuple(_projects.values()):
            workers.end_idle(IDLE_SECONDS)

"""Typesetting on a Dask cluster: parcels out, fragments in, as bytes.

A Dask worker typesets nothing itself. It keeps worker processes of its own, as a build at home does: so a galley
that takes all memory takes only one of them, several are typeset at a time, and each finds the fonts of its project.
This is the only module that imports `distributed`, and only when there is something to send.
"""

from __future__ import annotations

import pickle
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from livret.findings import LivretError
from livret.pages.galley import Galley
from livret.pages.pool import payloads
from livret.pages.pool.payloads import NOTHING, Kit, Packer, Parcel, Typeset, Versions, Wanted
from livret.pages.pool.workers import Slot, Worker, WorkerDied
from livret.project import Project, digest

# How long a scheduler may take to answer, and then to have a worker.
CONNECT_SECONDS = 10
# How long workers may take to unpack the kit and load the engine; those that are ready then begin without the others.
READY_SECONDS = 30
# How often the cluster is looked at when nothing comes, and how long it may be without any worker.
LOOK_SECONDS = 2.0
DESERTED_SECONDS = 60
# How long leaving it may take.
GOODBYE_SECONDS = 5

# Galleys on their way for each thread of the cluster: one being typeset, one that waits behind it.
AHEAD = 2

# What a Dask worker remembers of pictures and style sheets, and how long it keeps processes that have no work.
REMEMBERED_BYTES = 128 * 2**20
IDLE_SECONDS = 60


# --- at home ---


def require() -> None:
    """Raises LivretError when the extra `cluster` is not installed."""
    if find_spec("distributed") is None:
        raise LivretError(
            "typesetting on a cluster needs the package distributed", "install it: pip install 'livret[cluster]'"
        )


class Cluster:
    """The workers of a Dask scheduler, ready to typeset the galleys of a project."""

    def __init__(self, address: str, project: Project, expected: Future[Versions]) -> None:
        """Join the cluster at the scheduler's address, as in tcp://HOST:8786.

        Its workers must have the `expected` versions. Raises LivretError when nothing answers within ten seconds,
        when there is no worker, or one that would make other pages.
        """
        self._address = address
        self._packer = Packer(project)
        self._client = self._join()
        try:
            self._executor = self._client.get_executor(pure=False)
            self._threads: Mapping[str, int] = {}
            self._alive = time.monotonic()
            self._look()
            kit = pickle.dumps(self._packer.kit(expected.result()))
            self._name = digest(kit)
            # A task, and not scattered: a kit that is lost with the worker that has it is sent again.
            self._kit = self._client.submit(bytes, kit, key=f"livret-kit-{self._name}")
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _join(self) -> Any:
        hint = "is it running there? start one with: dask scheduler"
        try:
            # A client that cannot connect takes long to clear up; so somebody else knocks.
            place = urlsplit(self._address if "://" in self._address else f"tcp://{self._address}")
            if place.scheme in {"tcp", "tls"}:
                with socket.create_connection((place.hostname or "", place.port or 0), CONNECT_SECONDS) as door:
                    # A scheduler speaks first; a client would wait for ever for one that says nothing.
                    if place.scheme == "tcp" and not door.recv(1):
                        raise OSError("it hangs up")
            from dask import config
            from distributed import Client

            # The kit is large on purpose.
            config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
            client: Any = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as problem:
            raise LivretError(f"no Dask scheduler answers at {self._address}: {problem}", hint) from None
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            client.close(timeout=GOODBYE_SECONDS)
            raise LivretError(
                f"the cluster at {self._address} has no worker", f"start some: dask worker {self._address}"
            ) from None
        return client

    def _prepare(self) -> None:
        """Have each worker take the kit, load the engine and compare versions, so that they begin together."""
        # What names nothing of Livret: a worker that lacks it would end at the first task that does.
        for answer in self._client.run(exec, f"import {payloads.__name__}", on_error="return").values():
            if isinstance(answer, ImportError):
                raise _without_livret(answer) from None
        until = time.monotonic() + READY_SECONDS
        coming = {self._executor.submit(prepare, self._name, self._kit, workers=[one]): one for one in self._threads}
        while coming and time.monotonic() < until:
            done, _ = wait(coming, LOOK_SECONDS, FIRST_COMPLETED)
            for future in done:
                del coming[future]
                self._outcome(future)
            if not done:
                self._look()
                coming = {future: one for future, one in coming.items() if one in self._threads}
        for future in coming:
            future.cancel()

    def typeset(self, galleys: Iterable[Galley]) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Typeset galleys in any order; gives each with what became of it: the future has a result, or WorkerDied.

        Raises LivretError when the cluster is gone or has no worker for a minute, or when a new worker has other
        versions.
        """
        waiting: dict[Future[Typeset | Wanted], tuple[Galley, Wanted]] = {}
        try:
            for galley in galleys:
                waiting[self._send(galley, NOTHING)] = galley, NOTHING
                while len(waiting) >= AHEAD * sum(self._threads.values()):
                    yield from self._arrived(waiting)
            while waiting:
                yield from self._arrived(waiting)
        finally:
            for future in waiting:
                future.cancel()

    def _send(self, galley: Galley, wanted: Wanted) -> Future[Typeset | Wanted]:
        parcel = pickle.dumps(self._packer.parcel(galley, wanted))
        sent: Future[Typeset | Wanted] = self._executor.submit(typeset_here, self._name, self._kit, parcel)
        return sent

    def _arrived(
        self, waiting: dict[Future[Typeset | Wanted], tuple[Galley, Wanted]]
    ) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Wait a while for what comes back; what lacks something is sent again with it."""
        done, _ = wait(waiting, LOOK_SECONDS, FIRST_COMPLETED)
        if not done:
            self._look()
        for future in done:
            galley, sent = waiting.pop(future)
            told: Future[Typeset] = Future()
            try:
                answer = self._outcome(future)
            except WorkerDied as problem:
                told.set_exception(problem)
            else:
                if isinstance(answer, Wanted):
                    wanted = sent | answer
                    if wanted == sent:
                        raise RuntimeError(f"{galley.anchor}: asked for again, although it was sent: {answer}")
                    waiting[self._send(galley, wanted)] = galley, wanted
                    continue
                told.set_result(answer)
            yield galley, told

    def _look(self) -> None:
        """See what workers there are. Raises LivretError when there were none for a minute."""
        try:
            self._threads = self._client.nthreads()
        except OSError:
            raise self._gone() from None
        if self._threads:
            self._alive = time.monotonic()
        elif time.monotonic() - self._alive > DESERTED_SECONDS:
            raise LivretError(
                f"the cluster at {self._address} has lost its last worker",
                "start others and build again: what is typeset is kept",
            )

    def _outcome(self, future: Future[Any]) -> Any:
        """The result of a task. Raises WorkerDied, LivretError, or what is a fault of ours."""
        from distributed import KilledWorker

        try:
            return future.result()
        except CancelledError:
            raise self._gone() from None
        except KilledWorker as problem:
            raise WorkerDied(
                f"{problem.allowed_failures + 1} workers of the cluster died at the same task",
                "see the logs of the workers; with little memory, give them fewer threads",
            ) from None
        except ImportError as problem:
            raise _without_livret(problem) from None

    def _gone(self) -> LivretError:
        return LivretError(
            f"the scheduler at {self._address} has gone", "start it and build again: what is typeset is kept"
        )

    def close(self) -> None:
        """Leave the cluster; what is still on its way is cancelled."""
        with suppress(OSError):
            self._client.close(timeout=GOODBYE_SECONDS)


# --- in a Dask worker ---


class _Station:
    """The processes of a Dask worker that typeset for one project."""

    def __init__(self, kit: Kit, folder: Path) -> None:
        payloads.unpack(kit, folder)
        self._folder = folder
        self._versions = kit.versions
        self._known = frozenset(kit.pieces)
        self._pieces: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._free: list[Slot] = []
        self._used = time.monotonic()

    def ask(self, parcel: Parcel | None) -> Typeset | Wanted | None:
        """Typeset a parcel, or without one only have a process ready.

        Raises as `Slot.ask` does, and LivretError when the versions here are others.
        """
        if parcel is None:
            self._in_slot(payloads.versions)
            return None
        pieces, lacking = self._gathered(parcel)
        if lacking:
            return Wanted(pieces=lacking)
        answer: Typeset | Wanted
        answer = self._in_slot(payloads.typeset_parcel, self._folder, replace(parcel, pieces={}), pieces)
        return answer

    def _in_slot(self, function: Callable[..., Any], *arguments: Any) -> Any:
        with self._lock:
            slot = self._free.pop() if self._free else Slot(self._start)
        try:
            return slot.ask(function, *arguments)
        finally:
            with self._lock:
                self._used = time.monotonic()
                self._free.append(slot)

    def _gathered(self, parcel: Parcel) -> tuple[dict[str, bytes], frozenset[str]]:
        """The pieces a parcel needs, and those that are not here; what came with it is remembered."""
        with self._lock:
            for name, piece in parcel.pieces.items():
                self._pieces[name] = piece
            needed = parcel.needed - self._known
            found = {name: self._pieces[name] for name in needed if name in self._pieces}
            for name in found:
                self._pieces.move_to_end(name)
            total = sum(map(len, self._pieces.values()))
            while total > REMEMBERED_BYTES:
                total -= len(self._pieces.popitem(last=False)[1])
        return found, needed - found.keys()

    def _start(self) -> Worker:
        worker = Worker.spawned(payloads.fonts_conf(self._folder))
        try:
            here = dict(worker.ask(payloads.versions))
            other = [
                f"{name} {here.get(name, 'none')}, not {there}"
                for name, there in self._versions
                if here.get(name) != there
            ]
            if other:
                raise LivretError(
                    f"it would make other pages: it has {'; '.join(other)}",
                    "install the same versions on all machines, those of the system's libraries too",
                )
        except BaseException:
            worker.end()
            raise
        return worker

    def tidy(self, seconds: float) -> None:
        """End the processes if there was nothing to do for so long."""
        with self._lock:
            idle, self._free = (self._free, []) if time.monotonic() - self._used > seconds else ([], self._free)
        for slot in idle:
            slot.end()


_stations: dict[str, _Station] = {}
_stations_lock = threading.Lock()


def _tidy() -> None:
    while True:
        time.sleep(IDLE_SECONDS / 2)
        for station in tuple(_stations.values()):
            station.tidy(IDLE_SECONDS)


def _ask(name: str, kit: bytes, parcel: Parcel | None) -> Typeset | Wanted | None:
    from distributed import get_worker

    worker = get_worker()
    try:
        with _stations_lock:
            if not _stations:
                threading.Thread(target=_tidy, daemon=True).start()
            if name not in _stations:
                folder = Path(worker.local_directory) / f"livret-{name}"
                _stations[name] = _Station(pickle.loads(kit), folder)  # noqa: S301 - from the client that we work for
        return _stations[name].ask(parcel)
    except WorkerDied:
        raise
    except LivretError as problem:
        # Which of many machines it is stands nowhere else.
        raise type(problem)(f"the worker {worker.address}: {problem.message}", *problem.hints) from None


def prepare(name: str, kit: bytes) -> None:
    """Unpack a kit and load the engine. Runs in a Dask worker. Raises LivretError when its versions are others."""
    _ask(name, kit, None)


def typeset_here(name: str, kit: bytes, parcel: bytes) -> Typeset | Wanted:
    """Typeset a pickled parcel by the pickled kit of this name. Runs in a Dask worker.

    Raises WorkerDied when two processes died at it, LivretError when the versions here are others.
    """
    answer = _ask(name, kit, pickle.loads(parcel))  # noqa: S301 - from the client that we work for
    assert answer is not None
    return answer


def _without_livret(problem: ImportError) -> LivretError:
    return LivretError(
        f"a worker of the cluster cannot load Livret: {problem}",
        "install the same version wherever the scheduler and workers run: pip install 'livret[cluster]'",
    )

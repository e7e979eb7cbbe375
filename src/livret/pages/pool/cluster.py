"""Typesetting on a Dask cluster: packed galleys go out, fragments come back, as bytes.

What runs in the Dask workers is in `cluster_worker`. `distributed` is imported only when there is something to send.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import ssl
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import suppress
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from livret.content.messages import quoted
from livret.findings import LivretError
from livret.pages.galley import Galley
from livret.pages.pool import cluster_worker
from livret.pages.pool.limits import Limits, OverLimit
from livret.pages.pool.payloads import NOTHING, Missing, Packer, Typeset
from livret.pages.pool.versions import versions
from livret.pages.pool.workers import WorkerDied
from livret.project import Project, digest
from livret.translation import say

# How long a scheduler may take to answer, and then to have a worker.
CONNECT_SECONDS = 10
# The most bytes of a scheduler's greeting; that of today has 58.
LONGEST_GREETING = 65536
# How long workers may take to unpack the kit and load the engine; those that are ready then begin without the others.
READY_SECONDS = 30
# How often the cluster is looked at when nothing comes, and how long it may be without any worker.
CHECK_SECONDS = 2.0
NO_WORKER_SECONDS = 60
# How long leaving it may take.
LEAVE_SECONDS = 5

# Galleys on their way for each thread of the cluster: one being typeset, one that waits behind it.
PER_THREAD = 2


def require() -> None:
    """Raises LivretError when the extra `cluster` is not installed."""
    if find_spec("distributed") is None:
        raise LivretError(
            say("typesetting on a cluster needs the package distributed"),
            say("install it: pip install 'livret[cluster]'"),
        )


def _greet(address: str) -> None:
    """Raises OSError or ValueError when no Dask scheduler greets at an address; with TLS, when it is not trusted."""
    place = urlsplit(address if "://" in address else f"tcp://{address}")
    if place.scheme in {"ws", "wss", "ucx"}:
        return
    if place.scheme not in {"tcp", "tls"}:
        # Dask would say it too, and then complain about a client that is only half there.
        raise ValueError(say("an address begins with tcp:// or tls://"))
    until = time.monotonic() + CONNECT_SECONDS
    with socket.create_connection((place.hostname or "", place.port or 0), CONNECT_SECONDS) as plain:
        connection = plain if place.scheme == "tcp" else _encrypted(plain)
        # It sends first: the length of its greeting, then the greeting, which names the ways of compression.
        (length,) = struct.unpack("<Q", _receive(connection, 8, until))
        if length > LONGEST_GREETING or b"compression" not in _receive(connection, length, until):
            raise OSError(say("what answers there is no Dask scheduler"))


def _encrypted(plain: socket.socket) -> ssl.SSLSocket:
    from distributed.security import Security

    # It has no types.
    security: Any = Security()  # type: ignore[no-untyped-call]
    for named in (security.tls_ca_file, security.tls_client_cert, security.tls_client_key):
        # The configuration may also hold the certificate itself, which has many lines.
        if named and "\n" not in named and not os.path.isfile(named):
            raise ValueError(say("Dask's configuration names {file}, which does not exist", file=quoted(named)))
    context: ssl.SSLContext | None = security.get_connection_args("client").get("ssl_context")
    if context is None:
        raise ValueError(say("Dask's configuration names no certificates"))
    return context.wrap_socket(plain)


def _receive(connection: socket.socket, length: int, until: float) -> bytes:
    received = b""
    while len(received) < length:
        connection.settimeout(max(0.01, until - time.monotonic()))
        more = connection.recv(length - len(received))
        if not more:
            raise OSError(say("it hangs up"))
        received += more
    return received


class Cluster:
    """The workers of a Dask scheduler, ready to typeset the galleys of a project."""

    def __init__(self, address: str, project: Project, limits: Limits) -> None:
        """Join the cluster at the scheduler's address, as in tcp://HOST:8786.

        Its workers must have the same versions as this machine. Raises LivretError when nothing answers within ten
        seconds, when there is no worker, or one that would make other pages.
        """
        self._address = address
        self._packer = Packer(project)
        self._client = self._join()
        try:
            self._executor = self._client.get_executor(pure=False)
            self._threads: Mapping[str, int] = {}
            self._last_seen = time.monotonic()
            self._count_workers()
            kit = pickle.dumps(self._packer.kit(versions(), limits))
            self._name = digest(kit)
            # A task, and not scattered: a kit that is lost with the worker that has it is sent again.
            self._kit = self._client.submit(bytes, kit, key=f"livret-kit-{self._name}")
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _join(self) -> Any:
        try:
            # A client that cannot connect takes long to clear up, so a plain connection is tried first.
            _greet(self._address)
            from dask import config
            from distributed import Client

            # A scheduler that goes is told below; Dask tells it too, with a traceback and often after all work is done.
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
            # The kit is large on purpose.
            config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
            client: Any = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as problem:
            raise LivretError(
                say("no Dask scheduler answers at {address}: {problem}", address=self._address, problem=problem),
                say("is it running there? start one with: dask scheduler"),
                say("for tls:// see docs/scale.md: certificates are named in Dask's configuration"),
            ) from None
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            client.close(timeout=LEAVE_SECONDS)
            raise LivretError(
                say("the cluster at {address} has no worker", address=self._address),
                say("start some: dask worker {address}", address=self._address),
            ) from None
        return client

    def _prepare(self) -> None:
        """Have each worker take the kit, load the engine and compare versions, so that they begin together."""
        # What names nothing of Livret: a worker that lacks it would end at the first task that does.
        for answer in self._client.run(exec, f"import {cluster_worker.__name__}", on_error="return").values():
            if isinstance(answer, ImportError):
                raise _without_livret(answer) from None
        until = time.monotonic() + READY_SECONDS
        coming = {
            self._executor.submit(cluster_worker.prepare, self._name, self._kit, workers=[one]): one
            for one in self._threads
        }
        while coming and time.monotonic() < until:
            done, _ = wait(coming, CHECK_SECONDS, FIRST_COMPLETED)
            for future in done:
                del coming[future]
                self._result(future)
            if not done:
                self._count_workers()
                coming = {future: one for future, one in coming.items() if one in self._threads}
        for future in coming:
            future.cancel()

    def typeset(self, galleys: Iterable[Galley]) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Typeset galleys in any order; gives each with what became of it: the future has a result, or raises
        WorkerDied or OverLimit.

        Raises LivretError when the cluster is gone or has no worker for a minute, or when a new worker has other
        versions.
        """
        waiting: dict[Future[Typeset | Missing], tuple[Galley, Missing]] = {}
        try:
            for galley in galleys:
                waiting[self._send(galley, NOTHING)] = galley, NOTHING
                while len(waiting) >= PER_THREAD * sum(self._threads.values()):
                    yield from self._collect(waiting)
            while waiting:
                yield from self._collect(waiting)
        finally:
            for future in waiting:
                future.cancel()

    def _send(self, galley: Galley, missing: Missing) -> Future[Typeset | Missing]:
        packed = pickle.dumps(self._packer.pack(galley, missing))
        sent: Future[Typeset | Missing] = self._executor.submit(
            cluster_worker.typeset_here, self._name, self._kit, packed
        )
        return sent

    def _collect(
        self, waiting: dict[Future[Typeset | Missing], tuple[Galley, Missing]]
    ) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Wait a while for what comes back; what lacks something is sent again with it."""
        done, _ = wait(waiting, CHECK_SECONDS, FIRST_COMPLETED)
        if not done:
            self._count_workers()
        for future in done:
            galley, sent = waiting.pop(future)
            outcome: Future[Typeset] = Future()
            try:
                answer = self._result(future)
            except (WorkerDied, OverLimit) as problem:
                outcome.set_exception(problem)
            else:
                if isinstance(answer, Missing):
                    missing = sent | answer
                    if missing == sent:
                        raise RuntimeError(f"{galley.anchor}: asked for again, although it was sent: {answer}")
                    waiting[self._send(galley, missing)] = galley, missing
                    continue
                outcome.set_result(answer)
            yield galley, outcome

    def _count_workers(self) -> None:
        """See what workers there are. Raises LivretError when there were none for a minute."""
        try:
            self._threads = self._client.nthreads()
        except OSError:
            raise self._scheduler_gone() from None
        if self._threads:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > NO_WORKER_SECONDS:
            raise LivretError(
                say("the cluster at {address} has lost its last worker", address=self._address),
                say("start others and build again: what is typeset is kept"),
            )

    def _result(self, future: Future[Any]) -> Any:
        """The result of a task. Raises WorkerDied, LivretError, or what is a fault of ours."""
        from distributed import KilledWorker

        try:
            return future.result()
        except CancelledError:
            raise self._scheduler_gone() from None
        except KilledWorker as problem:
            raise WorkerDied(
                say(
                    "{number} workers of the cluster died at the same task",
                    number=problem.allowed_failures + 1,
                ),
                say("see the logs of the workers; with little memory, give them fewer threads"),
            ) from None
        except ImportError as problem:
            raise _without_livret(problem) from None

    def _scheduler_gone(self) -> LivretError:
        return LivretError(
            say("the scheduler at {address} has gone", address=self._address),
            say("start it and build again: what is typeset is kept"),
        )

    def close(self) -> None:
        """Leave the cluster; what is still on its way is cancelled."""
        with suppress(OSError):
            self._client.close(timeout=LEAVE_SECONDS)


def _without_livret(problem: ImportError) -> LivretError:
    return LivretError(
        say("a worker of the cluster cannot load Livret: {problem}", problem=problem),
        say("install the same version wherever the scheduler and workers run: pip install 'livret[cluster]'"),
    )

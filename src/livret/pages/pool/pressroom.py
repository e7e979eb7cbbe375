"""The press room: galleys in, fragments out, through the store and worker processes, here or on a cluster.

Nothing here imports WeasyPrint. Workers start at the first galley that the store does not have; they are forked from a
process that has imported the engine and used none of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from livret.findings import Finding, LivretError, Location, error
from livret.pages.galley import Fragment, Galley
from livret.pages.pool import forkserver
from livret.pages.pool.store import Store
from livret.pages.pool.workers import Slots, Worker, WorkerDied
from livret.project import Project

if TYPE_CHECKING:
    from livret.pages.pool.cluster import Cluster
    from livret.pages.pool.payloads import Typeset

# What has a slot first: an edition waits for some of its galleys, and only its end for anything else.
URGENT, PATIENT, OTHERS = range(3)

# After so many galleys are lost and none is typeset, it may not be the galleys.
SUSPICIOUS = 4


def cores() -> int:
    """The processors this process may use, which a container can make fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _longest_first(galley: Galley) -> int:
    return -len(galley.html)


def _in_worker(galley: Galley, fonts: tuple[Path, ...]) -> Typeset:
    """Runs in a worker."""
    with forkserver.loading():
        from livret.pages.engine import typeset
    return typeset.typeset(galley, fonts)


def _ready() -> None:
    """Runs in a worker, which must be able to load the engine."""
    with forkserver.loading():
        from livret.pages.engine import typeset  # noqa: F401


@dataclass(frozen=True)
class Ordered:
    """Galleys on their way; `collect` waits for their fragments and gives them, as `PressRoom.fragments` does."""

    galleys: tuple[Galley, ...]
    collect: Callable[[], Mapping[str, Fragment]]


class PressRoom:
    """Typesets galleys, each once, and does other work in the same workers.

    A context manager: leaving it ends the workers, at once when it is left by an exception.
    """

    def __init__(self, project: Project, store: Store, jobs: int | None = None, cluster: str | None = None) -> None:
        """`jobs` are the workers on this machine, as many as there are cores unless said otherwise.

        With the address of a Dask scheduler as `cluster`, galleys are typeset there, and all else here.
        Raises LivretError when the extra `cluster` is not installed.
        """
        if cluster is not None:
            from livret.pages.pool.cluster import require

            require()
        self._project = project
        self._store = store
        self._jobs = jobs or cores()
        self._address = cluster
        self._lost: dict[str, Finding] = {}
        self._hopeless: LivretError | None = None
        # What workers are typesetting, by the digest of the galley.
        self._coming: dict[str, Future[Typeset]] = {}
        self._orders = 0
        self.typeset = 0
        self.reused = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "_slots" in self.__dict__:
            self._slots.close(at_once=kind is not None)
        if "_cluster" in self.__dict__:
            self._cluster.close()

    @cached_property
    def _cluster(self) -> Cluster:
        from livret.pages.pool.cluster import Cluster
        from livret.pages.pool.payloads import versions

        return Cluster(self._address or "", self._project, self._slots.submit((URGENT,), versions))

    @cached_property
    def _slots(self) -> Slots:
        forkserver.start(self._project)
        return Slots(self._jobs, lambda: Worker.forked(self._project))

    @property
    def has_workers(self) -> bool:
        """Whether workers have been started, which takes longer than a small task."""
        return "_slots" in self.__dict__

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a function of a module called in a worker, when no galley waits for one.

        The future raises what the function raises, or WorkerDied when the worker and the next one died at it.
        Raises OutputError when the store cannot be written.
        """
        return self._slots.submit((OTHERS,), function, *arguments)

    def fragments(
        self, galleys: Iterable[Galley], progress: Callable[[str], None] | None = None
    ) -> Mapping[str, Fragment]:
        """The fragments of these galleys by anchor, from the store where it has them.

        A galley at which two workers died has no fragment; `lost` says so. It is not tried again in this
        press room. `progress` is called with each anchor when it is done. Raises SystemLibraryMissing when the
        engine cannot be loaded, OutputError when the store cannot be written, LivretError when the cluster fails or
        every worker dies.
        """
        return self.order(galleys, progress).collect()

    def order(
        self, galleys: Iterable[Galley], progress: Callable[[str], None] | None = None, *, is_urgent: bool = True
    ) -> Ordered:
        """Have galleys typeset while the caller does something else; those that are not urgent when no others wait.

        On this machine the first are typeset while further ones are still being composed. A galley that is on its way
        already, for another edition, is not typeset a second time.
        """
        done: dict[str, Fragment] = {}
        ordered: list[Galley] = []

        def missing() -> Iterator[Galley]:
            for galley in galleys:
                ordered.append(galley)
                if galley.digest in self._lost:
                    tell(galley)
                elif galley.digest not in self._coming and (kept := self._store.find(galley)):
                    self.reused += 1
                    done[galley.anchor] = kept
                    tell(galley)
                else:
                    yield galley

        def tell(galley: Galley) -> None:
            if progress:
                progress(galley.anchor)

        arriving = self._typeset(missing(), URGENT if is_urgent else PATIENT)

        def collect() -> Mapping[str, Fragment]:
            for galley, future in arriving:
                is_first = self._coming.pop(galley.digest, None) is not None
                if self._hopeless:
                    raise self._hopeless
                try:
                    pdf, facts, files = future.result()
                except WorkerDied as problem:
                    told = f"a worker process died while typesetting {galley.anchor}: {problem.message}"
                    self._lost[galley.digest] = error("worker-died", told, Location(galley.place), *problem.hints)
                    self._despair()
                else:
                    kept = None if is_first else self._store.find(galley)
                    self.typeset += kept is None
                    self.reused += kept is not None
                    done[galley.anchor] = kept or self._store.keep(galley, pdf, facts, files)
                tell(galley)
            return done

        return Ordered(tuple(ordered), collect)

    def _despair(self) -> None:
        """Stop when workers on this machine die before they are given anything. Raises LivretError."""
        if self._address or self.typeset or len(self._lost) != SUSPICIOUS:
            return
        try:
            self._slots.submit((URGENT,), _ready).result()
        except WorkerDied as problem:
            self._slots.clear()
            told = f"workers die before they can do anything: {problem.message}"
            self._hopeless = LivretError(told, "what they said before may stand above", *problem.hints)
            raise self._hopeless from None

    def lost(self, galleys: Iterable[Galley]) -> tuple[Finding, ...]:
        """An error for each of these galleys that cannot be typeset because its workers die."""
        return tuple(self._lost[galley.digest] for galley in galleys if galley.digest in self._lost)

    def _typeset(self, galleys: Iterable[Galley], rank: int) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Begin to typeset galleys, in any order; gives each with what became of it."""
        # The longest first, so that no worker is left with one at the end.
        if self._address is not None:
            waiting = sorted(galleys, key=_longest_first)
            return self._cluster.typeset(waiting) if waiting else iter(())
        self._orders += 1
        under_way: dict[Future[Typeset], list[Galley]] = {}
        for galley in galleys:
            future = self._coming.get(galley.digest)
            if future is None:
                place = (rank, self._orders, _longest_first(galley))
                future = self._slots.submit(place, _in_worker, galley, self._project.fonts)
                self._coming[galley.digest] = future
            under_way.setdefault(future, []).append(galley)
        return self._arriving(under_way)

    def _arriving(self, waiting: dict[Future[Typeset], list[Galley]]) -> Iterator[tuple[Galley, Future[Typeset]]]:
        # Nothing is cancelled here: another edition may wait for the same galley. Leaving the room ends everything.
        for future in as_completed(tuple(waiting)):
            for galley in waiting.pop(future):
                yield galley, future

"""The press room: galleys in, fragments out, through the store and worker processes, here or on a cluster.

Nothing here imports WeasyPrint. Workers start at the first galley that the store does not have; they are forked from a
process that has imported the engine and used none of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, as_completed
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from livret.findings import Finding, LivretError, Location, error
from livret.pages.galley import Fragment, Galley
from livret.pages.pool import forkserver
from livret.pages.pool.limits import Limits, OverLimit
from livret.pages.pool.store import Store
from livret.pages.pool.store_files import StoredPictures, StoreFiles
from livret.pages.pool.workers import Slots, Worker, WorkerDied
from livret.project import Project
from livret.translation import say

if TYPE_CHECKING:
    from livret.pages.pool.cluster import Cluster
    from livret.pages.pool.payloads import Typeset

# Ranks of tasks; the lowest goes first. An edition waits for urgent galleys, and only at its end for anything else. At
# once goes the galley that somebody is looking at, and after it all else that somebody waits to see.
AT_ONCE, SEEN, URGENT, BACKGROUND, OTHER_WORK = range(5)

OVER_LIMIT_HINTS = (
    say("simplify the picture, or shorten the text"),
    say("LIVRET_GALLEY_SECONDS=300 and LIVRET_GALLEY_MEGABYTES=4096 before the command allow more"),
)

# When so many galleys are lost and none is typeset, the fault may not lie in the galleys.
SUSPICIOUS_LOSSES = 4


# Called with the anchor of each galley when it is done, and whether it was typeset, or else there already or lost.
GalleyDone = Callable[[str, bool], None]


def cores() -> int:
    """The processors this process may use, which a container can make fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _longest_first(galley: Galley) -> int:
    return -len(galley.html)


def _typeset(galley: Galley, fonts: tuple[Path, ...], files: StoreFiles) -> Typeset:
    """Runs in a worker."""
    kept = StoredPictures(files)
    pdf, facts, read = forkserver.load_engine().typeset(galley, fonts, kept=kept)
    return pdf, facts, read, tuple(kept.damaged)


def _load_engine() -> None:
    """Runs in a worker, which must be able to load the engine."""
    forkserver.load_engine()


@dataclass(frozen=True)
class TypesettingOrder:
    """Galleys that are being typeset; `collect` waits for their fragments and gives them as `PressRoom.fragments`."""

    galleys: tuple[Galley, ...]
    collect: Callable[[], Mapping[str, Fragment]]


class PressRoom:
    """Typesets galleys, each once, and does other work in the same workers.

    A context manager: leaving it ends the workers, at once when it is left by an exception. Fragments are kept in
    `store`; `typeset` and `reused` count them.
    """

    def __init__(
        self,
        project: Project,
        store: Store,
        jobs: int | None = None,
        cluster: str | None = None,
        *,
        is_watched: bool = False,
    ) -> None:
        """`jobs` are the workers on this machine, as many as there are cores unless said otherwise.

        Where somebody watches, galleys are typeset in the order in which they are given, and not the longest first.
        With the address of a Dask scheduler as `cluster`, galleys are typeset there, and all else here.
        Raises LivretError when the extra `cluster` is not installed, or a limit in the environment is not right.
        """
        if cluster is not None:
            from livret.pages.pool.cluster import require

            require()
        self._project = project
        self.store = store
        self._jobs = jobs or cores()
        self._limits = Limits.from_environment()
        self._address = cluster
        self._is_watched = is_watched
        # Workers and the cluster are started when they are first needed.
        self._slots: Slots | None = None
        self._cluster: Cluster | None = None
        self._lost: dict[str, Finding] = {}
        # Why no galley can be typeset any more.
        self._failure: LivretError | None = None
        # What workers are typesetting, by the digest of the galley.
        self._under_way: dict[str, Future[Typeset]] = {}
        self._orders = 0
        self.typeset = 0
        self.reused = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Another thread may still collect: it gets this in place of its galleys.
        self._failure = self._failure or LivretError(say("the press room is closed"))
        if self._slots is not None:
            self._slots.close(at_once=kind is not None)
        if self._cluster is not None:
            self._cluster.close()

    def _workers(self) -> Slots:
        if self._slots is None:
            forkserver.require_files(forkserver.FILES + forkserver.FILES_OF_WORKER * self._jobs)
            forkserver.start(self._project)
            self._slots = Slots(self._jobs, lambda: Worker.forked(self._project))
        return self._slots

    @property
    def has_workers(self) -> bool:
        """Whether workers have been started, which takes longer than a small task."""
        return self._slots is not None

    def submit(self, function: Callable[..., Any], *arguments: Any, is_seen: bool = False) -> Future[Any]:
        """Have a function of a module called in a worker, when no galley waits for one; before the galleys of editions
        if somebody waits to see what comes of it.

        The future raises what the function raises, or WorkerDied when the worker and the next one died at it.
        Raises OutputError when the store cannot be written.
        """
        return self._workers().submit((SEEN if is_seen else OTHER_WORK,), function, *arguments)

    def fragments(self, galleys: Iterable[Galley], progress: GalleyDone | None = None) -> Mapping[str, Fragment]:
        """The fragments of these galleys by anchor, from the store where it has them.

        A galley at which two workers died, or that takes more than its limits, has no fragment; `lost` says so. It is
        not tried again in this press room. `progress` is called with each when it is done. Raises
        SystemLibraryMissing when the engine cannot be loaded, OutputError when the store cannot be written,
        LivretError when the cluster fails or every worker dies.
        """
        return self.order(galleys, progress).collect()

    def at_once(self, galley: Galley) -> Fragment | None:
        """As `fragments` for a galley that somebody waits for, before all others; None when it was lost."""
        return self._order((galley,), None, AT_ONCE).collect().get(galley.anchor)

    def warm_up(self, galley: Galley) -> None:
        """Have every worker typeset this galley for nothing: the next one that is like it takes less time."""
        for _ in range(self._jobs):
            self.submit(_typeset, galley, self._project.fonts, self.store.files)

    def put_first(self, galleys: Iterable[Galley]) -> None:
        """Have galleys that wait for a worker typeset before all others: somebody waits to see them."""
        futures = {future for galley in galleys if (future := self._under_way.get(galley.digest))}
        if self._slots is not None and futures:
            # Of those that were put first, the last.
            self._orders += 1
            self._slots.put_first(futures, (SEEN, -self._orders))

    def cancel_waiting(self) -> None:
        """Cancel galleys that no worker has begun. Who still collects one has it typeset anew."""
        for name, future in list(self._under_way.items()):
            if future.cancel():
                del self._under_way[name]

    def forget_done(self) -> None:
        """Forget galleys that were typeset and that nobody collected, because they were composed again meanwhile."""
        self._under_way = {name: future for name, future in self._under_way.items() if not future.done()}

    def order(
        self, galleys: Iterable[Galley], progress: GalleyDone | None = None, *, is_urgent: bool = True
    ) -> TypesettingOrder:
        """Have galleys typeset while the caller does something else. Urgent ones go before those that are not.

        On this machine the first are typeset while further ones are still being composed. A galley that is being
        typeset already, for another edition, is not typeset a second time.
        """
        return self._order(galleys, progress, URGENT if is_urgent else BACKGROUND)

    def _order(self, galleys: Iterable[Galley], progress: GalleyDone | None, rank: int) -> TypesettingOrder:
        done: dict[str, Fragment] = {}
        ordered: list[Galley] = []
        report = progress or (lambda anchor, is_typeset: None)

        def not_in_store() -> Iterator[Galley]:
            for galley in galleys:
                ordered.append(galley)
                if galley.digest in self._lost:
                    report(galley.anchor, False)
                elif galley.digest not in self._under_way and (kept := self.store.find(galley)):
                    self.reused += 1
                    done[galley.anchor] = kept
                    report(galley.anchor, False)
                else:
                    yield galley

        results = self._start(not_in_store(), rank)

        def collect() -> Mapping[str, Fragment]:
            for galley, future in results:
                fragment = self._finish(galley, future)
                if fragment is not None:
                    done[galley.anchor] = fragment
                report(galley.anchor, fragment is not None and not fragment.reused)
            return done

        return TypesettingOrder(tuple(ordered), collect)

    def _start(self, galleys: Iterable[Galley], rank: int) -> Iterator[tuple[Galley, Future[Typeset]]]:
        """Begin to typeset galleys, in any order; gives each with its result when that is there."""
        if self._address is not None:
            return self._on_cluster(sorted(galleys, key=_longest_first), self._address)
        self._orders += 1
        waiting: dict[Future[Typeset], list[Galley]] = {}
        for galley in galleys:
            future = self._under_way.get(galley.digest)
            # What waits behind others is sent again, before them.
            if future is None or (rank == AT_ONCE and future.cancel()):
                future = self._submit(galley, rank)
                self._under_way[galley.digest] = future
            waiting.setdefault(future, []).append(galley)
        return self._as_completed(waiting)

    def _submit(self, galley: Galley, rank: int) -> Future[Typeset]:
        # The longest first, so that no worker is left with one at the end.
        place = (rank, self._orders, 0 if self._is_watched else _longest_first(galley))
        return self._workers().submit(
            place, _typeset, galley, self._project.fonts, self.store.files, limits=self._limits
        )

    def _on_cluster(self, galleys: list[Galley], address: str) -> Iterator[tuple[Galley, Future[Typeset]]]:
        if not galleys:
            return iter(())
        if self._cluster is None:
            from livret.pages.pool.cluster import Cluster

            self._cluster = Cluster(address, self._project, self._limits)
        return self._cluster.typeset(galleys)

    def _as_completed(self, waiting: dict[Future[Typeset], list[Galley]]) -> Iterator[tuple[Galley, Future[Typeset]]]:
        # Nothing is cancelled here: another edition may wait for the same galley. Leaving the room ends everything.
        for future in as_completed(tuple(waiting)):
            for galley in waiting.pop(future):
                yield galley, future

    def _finish(self, galley: Galley, future: Future[Typeset]) -> Fragment | None:
        """Keep what a worker made of a galley; None when it was lost. Raises as `fragments`."""
        # The first edition that collects a galley stores it; the others find it there.
        is_first = self._under_way.pop(galley.digest, None) is not None
        if self._failure:
            raise self._failure
        try:
            pdf, facts, files, damaged = future.result()
        except CancelledError:
            if self._failure:
                raise self._failure from None
            kept = self.store.find(galley)
            return kept or self._finish(galley, self._submit(galley, URGENT))
        except WorkerDied as problem:
            message = say(
                "a worker process died while typesetting {anchor}: {message}",
                anchor=galley.anchor,
                message=problem.message,
            )
            self._lost[galley.digest] = error("worker-died", message, Location(galley.place), *problem.hints)
            self._stop_if_all_workers_die()
            return None
        except OverLimit as problem:
            message = say(
                "typesetting {anchor} {message}; all else goes on", anchor=galley.anchor, message=problem.message
            )
            self._lost[galley.digest] = error("over-limit", message, Location(galley.place), *OVER_LIMIT_HINTS)
            return None
        for path in damaged:
            self.store.note_damage(path)
        kept = None if is_first else self.store.find(galley)
        self.typeset += kept is None
        self.reused += kept is not None
        return kept or self.store.keep(galley, pdf, facts, files)

    def _stop_if_all_workers_die(self) -> None:
        """Raises LivretError when workers on this machine die before they are given anything."""
        deaths = sum(finding.rule == "worker-died" for finding in self._lost.values())
        if self._address or self.typeset or deaths != SUSPICIOUS_LOSSES:
            return
        slots = self._workers()
        try:
            slots.submit((URGENT,), _load_engine).result()
        except WorkerDied as problem:
            slots.cancel_waiting()
            message = say("workers die before they can do anything: {message}", message=problem.message)
            self._failure = LivretError(message, say("look at what they said above"), *problem.hints)
            raise self._failure from None

    def lost(self, galleys: Iterable[Galley]) -> tuple[Finding, ...]:
        """An error for each of these galleys that was not typeset: its workers die, or it takes too much."""
        return tuple(self._lost[galley.digest] for galley in galleys if galley.digest in self._lost)

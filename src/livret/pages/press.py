"""The press room: galleys in, fragments out, through the store and a pool of worker processes.

Nothing here imports WeasyPrint. The pool starts at the first galley that the store does not have;
its processes are forked from one that has imported the engine and used none of it.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self

from livret.findings import LivretError, SystemLibraryMissing
from livret.pages import standby
from livret.pages.galley import Facts, Fragment, Galley
from livret.pages.store import Store
from livret.project import Project

Typeset = tuple[bytes, Facts, tuple[tuple[str, str], ...]]


def _start_worker() -> None:
    """A worker leaves Ctrl-C to the parent, and ends with it however the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The engine makes many objects that live until their galley is typeset: look for garbage less often.
    gc.set_threshold(50_000, 20, 20)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class WorkerDied(LivretError):
    """A worker process was killed, by the system or by hand."""


def cores() -> int:
    """The processors this process may use, which a container can make fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _typeset(galley: Galley, fonts: tuple[Path, ...]) -> Typeset:
    """Runs in a worker."""
    try:
        from livret.pages import typeset
    except OSError as problem:
        raise SystemLibraryMissing(
            f"a system library is missing: {str(problem).splitlines()[0]}",
            "Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            "macOS: brew install pango",
        ) from None
    return typeset.typeset(galley, fonts)


class PressRoom:
    """Typesets galleys, each once. A context manager: leaving it ends the workers."""

    def __init__(self, project: Project, store: Store, jobs: int | None = None) -> None:
        self._project = project
        self._store = store
        self._jobs = jobs or cores()
        self._pool: ProcessPoolExecutor | None = None
        self.typeset = 0
        self.reused = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def _submit(self, galley: Galley) -> Future[Typeset]:
        if self._pool is None:
            standby.start(self._project)
            context = multiprocessing.get_context(standby.CONTEXT)
            self._pool = ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_start_worker)
        return self._pool.submit(_typeset, galley, self._project.fonts)

    def fragments(
        self, galleys: Iterable[Galley], progress: Callable[[str], None] | None = None
    ) -> Mapping[str, Fragment]:
        """The fragments of these galleys by anchor, from the store where it has them.

        `progress` is called with each anchor when its fragment is there. Raises SystemLibraryMissing when
        the engine cannot be loaded, WorkerDied when a worker is killed, OutputError when the store cannot be
        written.
        """
        done: dict[str, Fragment] = {}
        waiting: dict[Future[Typeset], Galley] = {}
        # The longest first, so that no worker is left with one at the end.
        for galley in sorted(galleys, key=lambda galley: -len(galley.html)):
            kept = self._store.find(galley)
            if kept is None:
                try:
                    waiting[self._submit(galley)] = galley
                except BrokenProcessPool:
                    raise self._died(galley) from None
                continue
            self.reused += 1
            done[galley.anchor] = kept
            if progress:
                progress(galley.anchor)
        for future in as_completed(waiting):
            galley = waiting.pop(future)
            try:
                pdf, facts, files = future.result()
            except BrokenProcessPool:
                raise self._died(galley) from None
            self.typeset += 1
            done[galley.anchor] = self._store.keep(galley, pdf, facts, files)
            if progress:
                progress(galley.anchor)
        return done

    def _died(self, galley: Galley) -> WorkerDied:
        """The pool cannot be used any more; the next galley starts another."""
        self._pool = None
        return WorkerDied(
            f"a worker process died while typesetting {galley.anchor}",
            "run the build again: what is typeset is kept; with little memory, add --jobs 1",
        )

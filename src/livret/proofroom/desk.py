"""One thread for all that changes: urgent jobs at once, background jobs step by step between them.

Everything that the proof room knows of a catalogue is changed in this thread alone, so nothing needs a lock. A save is
an urgent job. A background job gives way to it between two steps, and wherever it calls `give_way`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

# How long `close` waits for the job at hand.
PATIENCE = 5.0


class Desk:
    """The thread and what waits for it. Nothing that fails in a job ends the thread: `on_problem` hears of it."""

    def __init__(self, on_problem: Callable[[BaseException], None]) -> None:
        self._on_problem = on_problem
        self._urgent: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        # By name: a job that is ordered again begins anew.
        self._background: dict[str, Iterator[float | None]] = {}
        # Until when a background job rests.
        self._resting: dict[str, float] = {}
        # The background job that goes before the others. Set in the thread alone.
        self.first = ""
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Do nothing after the step at hand; what waits is cancelled."""
        with self._changed:
            self._is_closed = True
            for future, _ in self._urgent:
                future.cancel()
            self._urgent.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait for the step at hand."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    @property
    def is_closed(self) -> bool:
        """Whether the thread ends, or has ended. Long steps look at it."""
        return self._is_closed

    def urgent(self, job: Callable[[], T]) -> Future[T]:
        """Have a job done before anything else; the future has what it returns or raises."""
        future: Future[T] = Future()
        with self._changed:
            if self._is_closed:
                future.cancel()
                return future
            self._urgent.append((future, job))
            self._changed.notify_all()
        return future

    def background(self, name: str, job: Callable[[], Iterator[float | None]]) -> None:
        """Have a job done step by step when nothing is urgent, in the order of the names' first call.

        A job of this name that has not ended is dropped. A step that yields a number asks for as many seconds of rest,
        in which other jobs go on.
        """
        with self._changed:
            self._background[name] = job()
            self._changed.notify_all()

    def give_way(self) -> None:
        """Do what is urgent now, inside the step at hand. To be called in this thread alone."""
        while self._urgent and not self._is_closed:
            self._do_urgent()

    def is_waiting(self, name: str) -> bool:
        """Whether a background job has something to do now. To be called in this thread alone."""
        return name in self._background and self._resting.get(name, 0.0) <= time.monotonic()

    def _do_urgent(self) -> None:
        with self._changed:
            if not self._urgent:
                return
            future, job = self._urgent.popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(job())
        except BaseException as problem:
            future.set_exception(problem)
            self._on_problem(problem)

    def _work(self) -> None:
        while not self._is_closed:
            self.give_way()
            now = time.monotonic()
            self._resting = {one: until for one, until in self._resting.items() if until > now}
            name = next((one for one in (self.first, *self._background) if self.is_waiting(one)), None)
            if name is None:
                self._wait()
                continue
            steps = self._background[name]
            try:
                pause = next(steps)
                if pause:
                    self._resting[name] = time.monotonic() + pause
            except StopIteration:
                self._end(name, steps)
            except Exception as problem:
                self._end(name, steps)
                self._on_problem(problem)

    def _end(self, name: str, steps: Iterator[float | None]) -> None:
        with self._changed:
            # It may have been ordered again in its last step.
            if self._background.get(name) is steps:
                del self._background[name]

    def _wait(self) -> None:
        """Wait for something to do; with jobs at rest, until the first of them has rested."""
        with self._changed:
            if self._urgent or self._is_closed:
                return
            known = dict(self._background)
            until = min(self._resting.values(), default=None)
            self._changed.wait(None if until is None else max(0.0, until - time.monotonic()))
            # A job that was ordered anew does not rest.
            for name in [one for one in self._resting if self._background.get(one) is not known.get(one)]:
                del self._resting[name]

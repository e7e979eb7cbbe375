"""Worker processes, and the slots that send them tasks.

A worker does one task at a time. So when it dies, it is known at which task. A slot has one worker at a time. When the
worker dies, the slot starts another one and tries the task once more. A worker that has grown too large is replaced.
"""

from __future__ import annotations

import ctypes
import gc
import heapq
import itertools
import multiprocessing
import multiprocessing.forkserver
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NoReturn

from livret.findings import LivretError
from livret.interruption import when_safe
from livret.pages.pool import forkserver
from livret.pages.pool.limits import Limits, OverLimit, Watch, memory, peak
from livret.project import Project
from livret.translation import say

# A worker starts at 110 MB and grows by 0.1 to 0.2 MB a galley, by what the engine keeps of every font and text it has
# set: 215 MB after 400 galleys, 325 MB after 1,600. A new one costs the time of one galley.
MEGABYTES = 400

# How often a task is tried whose worker dies.
ATTEMPTS = 2

# The rank after any other.
LAST = (sys.maxsize,)

# How long a worker that was told to end may take to clear up; how often one at a limited task is looked at; and how far
# over its limit of memory it must be to be ended from outside, since it ends itself and then says at which picture.
GRACE_SECONDS = 2.0
WAIT_SECONDS = 0.1
MUCH_MORE = 1.5


class WorkerDied(LivretError):
    """A worker process was killed, by the system or by hand, and the one that took over its task as well."""


class WorkerEnded(Exception):
    """A worker has ended without an answer; the argument says how."""


# --- in the worker ---


def serve(connection: Connection, fonts_conf: str) -> NoReturn:
    """Do what is sent through a connection until its other end is closed, however the process at that end ends.

    Takes pickled triples: a function, its arguments, and the limits of the task, if it has any. Answers with whether
    the function returned, what it returned or raised, and the most memory in MB that this process ever took.
    `fonts_conf` is the fontconfig file of the engine.
    """
    os.environ["FONTCONFIG_FILE"] = fonts_conf
    # Ctrl-C is the parent's affair. Told to end, a worker unwinds, so that it leaves no half-written file.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, when_safe(lambda *_: sys.exit(128 + signal.SIGTERM)))
    # The engine makes many objects that live until their galley is typeset: look for garbage less often.
    gc.set_threshold(50_000, 20, 20)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def receive() -> None:
        with suppress(EOFError, OSError):
            while True:
                tasks.put(connection.recv_bytes())
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    watch = Watch(lambda problem: connection.send_bytes(pickle.dumps((False, problem, peak()))))
    threading.Thread(target=receive, daemon=True).start()
    while True:
        answer = _answer(tasks.get(), watch)
        with suppress(OSError):
            connection.send_bytes(answer)


def serve_forked(connection: Connection, fonts_conf: str) -> NoReturn:
    """As `serve`, in a process that the fork server has forked: it ends with the fork server."""
    _end_with_parent()
    serve(connection, fonts_conf)


def _end_with_parent() -> None:
    """Have the system kill this process when the one that forked it is gone, even if Python is stuck. Linux only.

    Elsewhere a worker that is stuck ends when its time is over; any other ends when its connection is closed.
    """
    if sys.platform == "linux":
        # The fork server ends when nobody holds this any more. A worker gets it to fork further ones, and never does.
        server: Any = getattr(multiprocessing.forkserver, "_forkserver", None)
        with suppress(AttributeError, OSError, TypeError):
            os.close(server._forkserver_alive_fd)
            server._forkserver_alive_fd = None
        parent = os.getppid()
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _answer(task: bytes, watch: Watch) -> bytes:
    limits: Limits | None = None
    try:
        function, arguments, limits = pickle.loads(task)  # noqa: S301 - from the process that started this one
        with watch.over(limits) if limits else nullcontext():
            result = function(*arguments)
        return pickle.dumps((True, result, peak()))
    except MemoryError:
        if limits is None:
            # As if the system had killed it: a new worker may have the room.
            os._exit(1)
        return pickle.dumps((False, OverLimit(say("took all the memory that there is")), sys.float_info.max))
    except Exception as problem:
        trace = traceback.format_exc()
        if not isinstance(problem, LivretError):
            problem.add_note(f"in a worker:\n{trace}")
        try:
            answer = pickle.dumps((False, problem, peak()))
            pickle.loads(answer)  # noqa: S301 - what was just written
        except Exception:
            return pickle.dumps((False, RuntimeError(trace), peak()))
        return answer


# --- in the process that builds ---


@dataclass(eq=False)
class Worker:
    """A process that does one task at a time."""

    connection: Connection
    process: BaseProcess | subprocess.Popen[bytes]
    megabytes: float = 0

    @classmethod
    def forked(cls, project: Project) -> Worker:
        """Fork a worker from the process that has the engine loaded. Raises OutputError."""
        # Before each start, because another build may have pruned the store.
        conf = forkserver.fonts_conf(project)
        context = multiprocessing.get_context(forkserver.CONTEXT)
        here, there = context.Pipe()
        process = context.Process(target=serve_forked, args=(there, str(conf)), daemon=True)
        with there:
            process.start()
        return cls(here, process)

    @classmethod
    def spawned(cls, fonts_conf: Path) -> Worker:
        """Start a worker as a program of its own, where there is nothing to fork from."""
        here, there = multiprocessing.Pipe()
        code = (
            "import sys; from multiprocessing.connection import Connection; from livret.pages.pool import workers;"
            " workers.serve(Connection(int(sys.argv[1])), sys.argv[2])"
        )
        with there:
            process = subprocess.Popen(  # noqa: S603 - this Python, without a shell
                [sys.executable, "-c", code, str(there.fileno()), str(fonts_conf)],
                stdin=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
            )
        return cls(here, process)

    def ask(self, function: Callable[..., Any], *arguments: Any, limits: Limits | None = None) -> Any:
        """Have a function called there; gives what it returns. Raises what it raises, and WorkerEnded.

        Raises OverLimit when it took more than its limits; the worker has ended then.
        """
        task = pickle.dumps((function, arguments, limits))
        try:
            self.connection.send_bytes(task)
            if limits is not None:
                self._wait_for_answer(limits)
            answer = self.connection.recv_bytes()
        except (EOFError, OSError):
            raise WorkerEnded(self.end()) from None
        is_returned, result, self.megabytes = pickle.loads(answer)  # noqa: S301 - from a process that this one started
        if is_returned:
            return result
        if isinstance(result, OverLimit):
            self.end()
        raise result

    def _wait_for_answer(self, limits: Limits) -> None:
        """Wait until there is something to receive. Raises OverLimit when a worker is stuck and cannot end itself."""
        until = time.monotonic() + limits.seconds + GRACE_SECONDS
        while not self.connection.poll(WAIT_SECONDS):
            reason = limits.too_long if time.monotonic() > until else None
            if (memory(self.process.pid) or 0) > limits.megabytes * MUCH_MORE:
                reason = limits.too_large
            if reason and not self.connection.poll(WAIT_SECONDS):
                self.process.kill()
                self.end()
                raise OverLimit(reason)

    def end(self) -> str:
        """Close the connection, at which the process ends; gives how it did."""
        self.connection.close()
        if self._wait(GRACE_SECONDS * 2) is None:
            self.process.kill()
        code = self._wait(GRACE_SECONDS)
        if code is not None and code < 0:
            with suppress(ValueError):
                return signal.Signals(-code).name
        return say("exit code {code}", code=code)

    def _wait(self, seconds: float) -> int | None:
        """The exit code, or None when the process goes on for longer."""
        if isinstance(self.process, BaseProcess):
            self.process.join(seconds)
            return self.process.exitcode
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(seconds)
        return None


class Slot:
    """The place of one worker, started when there is something to do."""

    def __init__(self, start: Callable[[], Worker]) -> None:
        self._start = start
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._is_stopped = False

    def ask(self, function: Callable[..., Any], *arguments: Any, limits: Limits | None = None) -> Any:
        """Have a function called in the worker; gives what it returns.

        Raises what it raises; WorkerDied when two workers died at it, or the slot was stopped; OverLimit when it took
        more than its limits.
        """
        reasons = []
        for _ in range(ATTEMPTS):
            try:
                worker = self._worker or self._start_worker()
                answer = worker.ask(function, *arguments, limits=limits)
            except OverLimit:
                self._worker = None
                raise
            except WorkerEnded as gone:
                self._worker = None
                reasons.append(str(gone))
                continue
            if worker.megabytes > min(MEGABYTES, limits.megabytes / 2 if limits else MEGABYTES):
                self.end()
            return answer
        raise WorkerDied(
            say(
                "{number} worker processes died at the same task ({reasons})",
                number=len(reasons),
                reasons=", ".join(reasons),
            ),
            say("run the build again: what is typeset is kept; with little memory, add --jobs 1"),
        )

    def _start_worker(self) -> Worker:
        with self._lock:
            if self._is_stopped:
                raise WorkerEnded("stopped")
            try:
                self._worker = self._start()
            except (EOFError, OSError) as problem:
                # The process that workers are forked from was killed; the next start brings it back once it has ended.
                time.sleep(WAIT_SECONDS)
                raise WorkerEnded(str(problem)) from None
            return self._worker

    def end(self) -> None:
        """End the worker, which is not at work."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def stop(self, *, kill: bool = False) -> None:
        """End the worker from another thread, whatever it is doing; there will be no other."""
        with self._lock:
            self._is_stopped = True
            worker = self._worker
        if worker is not None:
            (worker.process.kill if kill else worker.process.terminate)()


# What waits for a slot: the future, the function, its arguments and its limits.
_Call = tuple[Future[Any], Callable[..., Any], tuple[Any, ...], Limits | None]


class Slots:
    """Several slots, each with a thread of its own that sends its worker one task after the other.

    A task is pickled when a worker is free for it, so that tasks that wait take no more memory than they do anyway.
    """

    def __init__(self, number: int, start: Callable[[], Worker]) -> None:
        self._slots = [Slot(start) for _ in range(number)]
        self._threads: list[threading.Thread] = []
        self._tasks: queue.PriorityQueue[tuple[tuple[int, ...], int, _Call | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()

    def submit(
        self, rank: tuple[int, ...], function: Callable[..., Any], *arguments: Any, limits: Limits | None = None
    ) -> Future[Any]:
        """Have a function called in a worker, those of a lower rank first. The future raises as `Slot.ask` does."""
        future: Future[Any] = Future()
        self._tasks.put((rank, next(self._numbers), (future, function, arguments, limits)))
        if len(self._threads) < len(self._slots):
            slot = self._slots[len(self._threads)]
            self._threads.append(threading.Thread(target=self._work, args=(slot,), daemon=True))
            self._threads[-1].start()
        return future

    def _work(self, slot: Slot) -> None:
        while (call := self._tasks.get()[2]) is not None:
            future, function, arguments, limits = call
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(slot.ask(function, *arguments, limits=limits))
                except Exception as problem:
                    future.set_exception(problem)
            # A thread that waits holds nothing of what it did.
            del call, future, function, arguments, limits
        slot.end()

    def put_first(self, futures: Collection[Future[Any]], rank: tuple[int, ...]) -> None:
        """Give another rank to those of these tasks that no worker has begun."""
        with self._tasks.mutex:
            tasks = self._tasks.queue
            tasks[:] = [(rank if call and call[0] in futures else before, at, call) for before, at, call in tasks]
            heapq.heapify(tasks)

    def cancel_waiting(self) -> None:
        """Cancel what no worker has begun."""
        with suppress(queue.Empty):
            while True:
                if (call := self._tasks.get_nowait()[2]) and call[0].cancel():
                    # Those who wait hear of it only through this.
                    call[0].set_running_or_notify_cancel()

    def close(self, *, at_once: bool) -> None:
        """End the workers; what none has begun is cancelled. Waits for what they are doing, unless `at_once`."""
        self.cancel_waiting()
        for _ in self._threads:
            self._tasks.put((LAST, next(self._numbers), None))
        if at_once:
            for slot in self._slots:
                slot.stop()
            for thread, slot in zip(self._threads, self._slots, strict=False):
                thread.join(GRACE_SECONDS)
                if thread.is_alive():
                    slot.stop(kill=True)
        for thread in self._threads:
            thread.join()

"""How much time and memory one galley may take, and what ends a worker that takes more.

A picture of a few hundred bytes can keep the engine busy for ever, or make it ask for more memory than there is. So a
worker watches itself while it typesets. A second watch needs nothing of Python and ends the worker when Python itself
is stuck; the process that builds is the third.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Final, NoReturn
from urllib.parse import unquote

from livret.findings import LivretError
from livret.translation import Text, say

SECONDS: Final = 60.0
MEGABYTES: Final = 1024.0

# How often a worker checks its own limits, and how long others wait before they end a worker that did not end itself.
WATCH_SECONDS: Final = 0.05
GRACE_SECONDS: Final = 3.0

# Where the engine keeps the address of the picture it is working on.
ADDRESSES: Final = ("url", "_url", "_base_url", "base_url")


class OverLimit(LivretError):
    """A galley took more time or memory than it may; the message says which, and the picture where it is known."""


@dataclass(frozen=True)
class Limits:
    """The most that one galley may take: seconds on the clock, and megabytes of the process that typesets it."""

    seconds: float = SECONDS
    megabytes: float = MEGABYTES

    @classmethod
    def from_environment(cls) -> Limits:
        """LIVRET_GALLEY_SECONDS and LIVRET_GALLEY_MEGABYTES. Raises LivretError when one is no number over 0."""
        return cls(_number("LIVRET_GALLEY_SECONDS", SECONDS), _number("LIVRET_GALLEY_MEGABYTES", MEGABYTES))

    @property
    def too_long(self) -> Text:
        """What a finding says when the time is over."""
        return say("took more than {seconds:g} seconds", seconds=self.seconds)

    @property
    def too_large(self) -> Text:
        """What a finding says when the memory is too much."""
        return say("took more than {megabytes:g} MB of memory", megabytes=self.megabytes)


def _number(name: str, default: float) -> float:
    written = os.environ.get(name) or str(default)
    try:
        number = float(written)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise LivretError(
            say('{name} is "{written}", not a number over 0', name=name, written=written),
            say("unset it, or set it to e.g. {default:g}", default=default),
        )
    return number


def memory(pid: int | None = None) -> float | None:
    """The memory that a process takes, in MB: this one's unless said otherwise. None where that cannot be known."""
    try:
        pages = int(Path(f"/proc/{pid or os.getpid()}/statm").read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return None if pid else peak()
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    """The most memory that this process ever took, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


class Watch:
    """Ends this process when a task takes more than its limits. It has a thread of its own."""

    def __init__(self, tell: Callable[[OverLimit], None]) -> None:
        """`tell` is called before the process ends."""
        self._tell = tell
        self._task: tuple[Limits, float] | None = None
        self._has_task = threading.Event()
        self._lock = threading.Lock()
        self._main = threading.main_thread().ident or 0
        self._nowhere: IO[str] | None = None

    @contextmanager
    def over(self, limits: Limits) -> Iterator[None]:
        """Watch what this thread does within it."""
        if self._nowhere is None:
            # Open as long as the process lives.
            self._nowhere = Path(os.devnull).open("w")  # noqa: SIM115
            threading.Thread(target=self._watch, daemon=True).start()
        # This timer is written in C. It ends the process even when no thread of Python can run.
        faulthandler.dump_traceback_later(limits.seconds + 2 * GRACE_SECONDS, exit=True, file=self._nowhere)
        self._task = limits, time.monotonic() + limits.seconds
        self._has_task.set()
        try:
            yield
        finally:
            # The thread that ends this process holds the lock, so that no other answer is sent any more.
            with self._lock:
                self._has_task.clear()
                self._task = None
            faulthandler.cancel_dump_traceback_later()

    def _watch(self) -> NoReturn:
        while True:
            self._has_task.wait()
            with self._lock:
                if self._task is not None:
                    limits, until = self._task
                    if time.monotonic() > until:
                        self._end(limits.too_long)
                    if (memory() or 0) > limits.megabytes:
                        self._end(limits.too_large)
            time.sleep(WATCH_SECONDS)

    def _end(self, reason: Text) -> NoReturn:
        picture = _picture(sys._current_frames().get(self._main))
        try:
            self._tell(OverLimit(say("{reason} at {picture}", reason=reason, picture=picture) if picture else reason))
        finally:
            os._exit(1)


def _picture(frame: FrameType | None) -> str | None:
    """The picture that the engine is working on, by what its functions have in hand; the innermost that is known."""
    while frame is not None:
        owner = frame.f_locals.get("self")
        found = [frame.f_locals.get(name) for name in ADDRESSES] + [getattr(owner, name, None) for name in ADDRESSES]
        for address in found:
            if isinstance(address, str) and address.startswith("data:"):
                return say("a picture written as a data address")
            if isinstance(address, str) and address.startswith("file:///") and not address.endswith((".css", "/")):
                # As the engine's fetcher writes them: file:///NUMBER/PATH.
                return f'"{unquote(address).removeprefix("file:///").partition("/")[2]}"'
        frame = frame.f_back
    return None

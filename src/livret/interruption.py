"""When a signal may end what is being done."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

Handler = Callable[[int, FrameType | None], object]

# After so many seconds it is tried again. Modules take some hundredths of a second to begin.
AGAIN = 0.05


def when_safe(handler: Handler) -> Handler:
    """Return a handler of a signal that waits while a module is being imported.

    A module in C++ calls Python while it begins. An exception that is raised there reaches code that cannot pass it on:
    pikepdf ends the whole process with a core dump. One that passes through `exec` of a text, by which dataclasses are
    made, has Python end as if it was killed by the signal, whatever the exit code.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if not _imports(frame):
            handler(number, frame)
            return
        signal.signal(signal.SIGALRM, lambda _, later: handle(number, later))
        signal.setitimer(signal.ITIMER_REAL, AGAIN)

    return handle


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False

"""When a signal may end what is being done."""

from __future__ import annotations

import signal
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from types import FrameType

Handler = Callable[[int, FrameType | None], object]

# After so many seconds it is tried again. Extensions take some hundredths of a second to begin.
AGAIN = 0.05


def when_safe(handler: Handler) -> Handler:
    """Return a handler of a signal that waits while a module in C or C++ is being imported.

    Such a module calls Python while it begins. An exception that is raised there reaches code that cannot pass it on:
    pikepdf ends the whole process with a core dump.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if not _begins_an_extension(frame):
            handler(number, frame)
            return
        signal.signal(signal.SIGALRM, lambda _, later: handle(number, later))
        signal.setitimer(signal.ITIMER_REAL, AGAIN)

    return handle


def _begins_an_extension(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name in ("create_module", "exec_module") and isinstance(
            frame.f_locals.get("self"), ExtensionFileLoader
        ):
            return True
        frame = frame.f_back
    return False

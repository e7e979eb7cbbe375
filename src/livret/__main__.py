"""The door of `livret` and of `python -m livret`."""

from __future__ import annotations

import os
import signal
from types import FrameType


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os.write(2, b"\nlivret: interrupted\n")
    os._exit(130)


def run() -> None:
    """Run the command line. Ctrl-C ends it without a traceback, even while it is still being imported."""
    # Where a shell has it ignored, it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end_at_once)
    from livret.cli import main

    main()


if __name__ == "__main__":
    run()

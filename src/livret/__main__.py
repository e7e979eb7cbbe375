"""The door of `livret` and of `python -m livret`, and what goes wrong outside of any command."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from types import FrameType


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os.write(2, b"\nlivret: interrupted\n")
    os._exit(130)


def run() -> None:
    """Run the command line. Ctrl-C ends it without a traceback, even while it is still being imported.

    A full device as standard output ends it with 4, as any output that cannot be written.
    """
    # Where a shell has it ignored, it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end_at_once)
    # Else Python looks through all that is loaded for garbage before it ends. That takes as long as to typeset a card.
    atexit.register(gc.freeze)
    try:
        from livret.cli import main

        main()
    except KeyboardInterrupt:
        os.write(2, b"\nlivret: interrupted\n")
        sys.exit(130)
    except OSError as problem:
        if not _comes_from_printing(problem):
            raise
        # Python flushes standard output once more at its end, and would complain itself.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr.write(f"livret: error: standard output cannot be written: {problem.strerror}\n")
        sys.exit(4)


def _comes_from_printing(problem: OSError) -> bool:
    """Whether an error was raised while Click printed something."""
    step = problem.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step is not None and str(step.tb_frame.f_globals.get("__name__")).startswith("click.")


if __name__ == "__main__":
    run()

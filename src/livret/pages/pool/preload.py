"""Loaded by the process that workers are forked from: the engine imported and prepared, nothing of Pango used.

A missing system library must not end that process; the worker meets it again and reports it.
"""

import atexit
import gc
import os
import time
from contextlib import suppress

from livret.pages.pool import forkserver

# How long this process stays when the build is gone, so that its workers can clear up. They are killed when it ends.
LINGER_SECONDS = 3.0


def _wait_for_workers(server: int) -> None:
    until = time.monotonic() + LINGER_SECONDS
    with suppress(ChildProcessError):
        # Workers are copies of this process and must not wait for each other.
        while os.getpid() == server and time.monotonic() < until:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                time.sleep(0.02)


atexit.register(_wait_for_workers, os.getpid())

# A build that found an error ends at once and removes its list of fonts: Fontconfig would complain of that on the
# terminal. What else is said here is said again by a worker.
stderr = os.dup(2)
with open(os.devnull, "wb") as nowhere:
    os.dup2(nowhere.fileno(), 2)
try:
    with suppress(OSError, ImportError):
        from livret.pages.engine import typeset

        typeset.prepare(forkserver.listed_fonts())
finally:
    os.dup2(stderr, 2)
    os.close(stderr)

# What is loaded stays: no worker need look through it for garbage again.
gc.freeze()

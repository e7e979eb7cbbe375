"""Loaded by the process that workers are forked from: the engine imported, nothing of it used.

A missing system library must not end that process; the worker meets it again and reports it.
"""

import gc
from contextlib import suppress

with suppress(OSError, ImportError):
    import livret.pages.engine.typeset  # noqa: F401

# What is loaded stays: no worker need look through it for garbage again.
gc.freeze()

"""veraPDF for tests: the reference validator of PDF/UA and PDF/A, started once for all files of a process.

It is never skipped: where Java or the engine is missing, the test fails with the line to type.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from livret.control.preflight import verapdf
from livret.control.preflight.verapdf import Flavour, Verdict


@contextmanager
def _needed() -> Iterator[None]:
    try:
        yield
    except verapdf.NoVerapdf as problem:
        raise AssertionError("\n".join((f"{problem}. Type: tools/setup dev", *problem.hints))) from problem


def validate(paths: Sequence[Path], flavour: Flavour = "ua1") -> tuple[Verdict, ...]:
    """The verdict on each file."""
    with _needed():
        return verapdf.validate(paths, flavour)


def clauses(verdict: Verdict) -> list[str]:
    """The failed tests of a verdict, as `7.18.5-1`."""
    return [f"{failure.clause}-{failure.test}" for failure in verdict.failures]


@cache
def _machine() -> subprocess.Popen[str]:
    """The machine that answers line by line; it ends with this process, when there is nothing more to read."""
    with _needed():
        command = [verapdf.java(), *verapdf.OPTIONS, "-cp", verapdf.engine(), verapdf.PROGRAM]
    environment = {name: value for name, value in os.environ.items() if name not in verapdf.FOREIGN_OPTIONS}
    pipe = subprocess.PIPE
    return subprocess.Popen([*map(str, command)], env=environment, stdin=pipe, stdout=pipe, encoding="utf-8")


def assert_compliant(paths: Sequence[Path], flavour: Flavour = "ua1") -> None:
    """Fail with every failed clause of every file.

    To start Java, compile the program and load the engine takes three seconds: it is done once.
    """
    assert paths
    machine = _machine()
    assert machine.stdin
    assert machine.stdout
    failed = []
    for path in paths:
        machine.stdin.write(f"{flavour} {path.resolve()}\n")
        machine.stdin.flush()
        verdict = verapdf.verdict(path, flavour, json.loads(machine.stdout.readline()))
        if not verdict.compliant:
            failed.append(str(verdict))
    assert not failed, "\n".join(failed)

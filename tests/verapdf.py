"""veraPDF for tests: the reference validator of PDF/UA and PDF/A, run once for many files.

It is never skipped: where Java or the engine is missing, the test fails with the line to type.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from livret.control.preflight import verapdf
from livret.control.preflight.verapdf import Flavour, Verdict


def validate(paths: Sequence[Path], flavour: Flavour = "ua1") -> tuple[Verdict, ...]:
    """The verdict on each file."""
    try:
        return verapdf.validate(paths, flavour)
    except verapdf.NoVerapdf as problem:
        raise AssertionError("\n".join((f"{problem}. Type: tools/setup dev", *problem.hints))) from problem


def clauses(verdict: Verdict) -> list[str]:
    """The failed tests of a verdict, as `7.18.5-1`."""
    return [f"{failure.clause}-{failure.test}" for failure in verdict.failures]


def assert_compliant(paths: Sequence[Path], flavour: Flavour = "ua1") -> None:
    """Fail with every failed clause of every file."""
    failed = [str(verdict) for verdict in validate(paths, flavour) if not verdict.compliant]
    assert not failed, "\n".join(failed)

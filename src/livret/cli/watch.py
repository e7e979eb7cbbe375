"""A command that is run again after each change of the project, until Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from livret.cli.common import Call, without_line
from livret.findings import LivretError, Report
from livret.project import Project
from livret.translation import Text, in_language, joined, say


def run_again(call: Call, run: Callable[[Call], None]) -> NoReturn:
    """Run a command, and again after each change. What fails is told, and the next change tries again.

    Raises KeyboardInterrupt at Ctrl-C; click.UsageError when the command was typed wrong.
    """
    from livret.pipeline.watch import changes

    if call.form != "text":
        raise click.UsageError(say("--watch goes with --format text"))
    project = call.project()
    # It may be the same file that is saved again while a build reads it: so watching begins before the first build.
    with closing(changes(project)) as told:
        next(told)
        before = _once(call, run, is_first=True)
        for changed in told:
            if changed:
                click.echo("\n" + in_language(_named(project, changed), call.language), err=True)
                before = _once(replace(call, told_before=before), run, is_first=False)
    raise AssertionError("watching ends by an exception")


def _once(call: Call, run: Callable[[Call], None], is_first: bool) -> frozenset[tuple[str, ...]]:
    """Run the command; gives what it told, so that the next run tells what is new alone.

    What was told before a run that stopped early was not looked for in it, and is still known.
    """
    fresh = replace(call, report=Report(strict=call.report.strict))
    try:
        _finished(fresh, run)
    except click.UsageError as wrong:
        # Right when the command was typed, and wrong since a file is gone.
        if is_first:
            raise
        with suppress(SystemExit):
            fresh.finish(problem=LivretError(joined([wrong.message])))
    except SystemExit:
        # How a command ends that has printed its findings.
        pass
    click.echo(in_language(say("watching the project; Ctrl-C ends"), call.language), err=True)
    sys.stderr.flush()
    found = frozenset(without_line(finding) for finding in fresh.report.findings)
    return found | call.told_before if fresh.report.has_errors else found


def _finished(call: Call, run: Callable[[Call], None]) -> None:
    try:
        run(call)
    except LivretError as problem:
        call.finish(problem=problem)


def _named(project: Project, changed: Collection[Path]) -> Text:
    """What changed, without the files that an editor made and renamed while it saved."""
    there = [path for path in changed if path.exists()] or list(changed)
    names = sorted(project.shown(path) for path in there)
    if len(names) > 3:
        return say("changed: {names} and {number} more", names=", ".join(names[:3]), number=len(names) - 3)
    return say("changed: {names}", names=", ".join(names))

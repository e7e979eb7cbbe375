"""What all commands share: the common options, the line of progress, and how findings and results are printed."""

from __future__ import annotations

import errno
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import update_wrapper
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from livret.cli.language import of_context
from livret.content.messages import did_you_mean
from livret.findings import ExitCode, Finding, FoundErrors, LivretError, Report, Severity
from livret.interruption import when_safe
from livret.project import Project
from livret.translation import LANGUAGES, Text, in_language, joined, say, say_number

PROGRAM = "livret"


@dataclass
class Call:
    """The common options of one call, and its report."""

    directory: Path
    output: Path | None
    jobs: int | None
    form: str
    quiet: bool
    verbose: bool
    report: Report
    # What it speaks, and what was asked for: JSON and reports speak English, or the language of the catalogue, unless
    # somebody asked for another one.
    language: str = "en"
    asked_language: str | None = None
    # The files that the call is about; of all others warnings are only counted. None: it is about all.
    about: frozenset[str] | None = None
    # What was told before, by `without_line`: it is only counted, unless it is an error.
    told_before: frozenset[tuple[str, ...]] = frozenset()

    def project(self) -> Project:
        """The project folder that was named."""
        return Project.at(self.directory, self.output)

    def say(self, text: str) -> None:
        """A result, on stdout; nothing when stdout carries JSON."""
        if self.form == "text":
            click.echo(in_language(text, self.language))

    def remark(self, text: str) -> None:
        """What only `-v` shows, on stderr."""
        if self.verbose:
            click.echo(in_language(text, self.language), err=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str], Callable[[str, int, int, bool], None] | None]]:
        """A line on stderr that counts parts, if stderr is a terminal; gives a function that takes its first word.

        With `-v` each part that is typeset stays as a line of its own.
        """
        is_terminal = sys.stderr.isatty()
        if self.quiet or not (is_terminal or self.verbose):
            yield lambda label: None
            return

        def display(label: str) -> Callable[[str, int, int, bool], None]:
            def show(anchor: str, done: int, total: int, is_typeset: bool) -> None:
                if self.verbose and is_typeset:
                    self.clear()
                    self.remark(say("{label}: typeset {anchor}", label=label, anchor=anchor))
                if is_terminal:
                    click.echo(f"\r\x1b[K{label}: {done}/{total} {anchor}", nl=False, err=True)

            return show

        try:
            yield display
        finally:
            self.clear()

    def clear(self) -> None:
        """Remove the line of progress before something else is said."""
        if not self.quiet and sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)

    def finish(self, results: dict[str, Any] | None = None, problem: LivretError | None = None) -> NoReturn:
        """Print the findings, or with --format json everything as JSON, and end the process."""
        code = problem.exit_code if problem and not isinstance(problem, FoundErrors) else self.report.exit_code
        if self.form == "json":
            told: dict[str, Any] = {"exit_code": int(code), **(results or {})}
            language = self.asked_language or "en"
            told["findings"] = [finding.as_dict(language) for finding in self.report.findings]
            if problem and not isinstance(problem, FoundErrors):
                hints = [in_language(hint, language) for hint in problem.hints]
                told["error"] = {"message": in_language(problem.told, language), "hints": hints}
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._print_findings()
            if problem and not isinstance(problem, FoundErrors):
                first = say("{program}: error: {message}", program=PROGRAM, message=problem.message)
                if problem.place:
                    # As findings are told, also in French: programs look for `file:line:`.
                    first = joined([problem.place, say("error: {message}", message=problem.message)], ": ")
                for line in (first, *(say("  hint: {hint}", hint=hint) for hint in problem.hints)):
                    click.echo(in_language(line, self.language), err=True)
        sys.exit(code)

    def _print_findings(self) -> None:
        colours = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
        shown = Report()
        shown.add(one for one in self.report.findings if not self._is_elsewhere(one))
        elsewhere = self.report.count(Severity.WARNING) - shown.count(Severity.WARNING)
        again = 0
        for finding in shown.findings:
            if finding.severity is Severity.WARNING and without_line(finding) in self.told_before:
                again += 1
                continue
            if self.quiet and finding.severity is not Severity.ERROR:
                continue
            if finding.severity is Severity.NOTE and not self.verbose:
                continue
            word = in_language(finding.severity.word, self.language)
            text = finding.text(self.language).replace(word, click.style(word, fg=colours[finding.severity]), 1)
            click.echo(text, err=True)
        if self.quiet:
            return
        if shown.summary():
            before = say_number("{number} as before", "{number} as before", number=again) if again else ""
            told = joined([shown.summary(), *([before] if before else [])])
            click.echo(in_language(told, self.language), err=True)
        if elsewhere:
            told = say_number(
                "{number} warning elsewhere: livret check",
                "{number} warnings elsewhere: livret check",
                number=elsewhere,
            )
            click.echo(in_language(told, self.language), err=True)

    def _is_elsewhere(self, finding: Finding) -> bool:
        if self.about is None or finding.where is None or finding.severity is not Severity.WARNING:
            return False
        return finding.where.path not in self.about


def without_line(finding: Finding) -> tuple[str, ...]:
    """A finding wherever it stands in its file: lines move while somebody writes."""
    return finding.rule, finding.message, finding.where.path if finding.where else ""


COMMON = (
    click.option(
        "-C", "directory", type=click.Path(file_okay=False, path_type=Path), help="Project folder. [default: here]"
    ),
    click.option(
        "-o", "output", type=click.Path(file_okay=False, path_type=Path), help="Output folder. [default: output/]"
    ),
    click.option("--jobs", type=click.IntRange(1), help="Worker processes. [default: one per processor]"),
    click.option("--strict", is_flag=True, default=None, help="Treat warnings as errors."),
    click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "sarif"]),
        help="How results are printed; sarif is for preflight alone. [default: text]",
    ),
    click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        help="The language of messages. [default: LIVRET_LANG, or that of the terminal]",
    ),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Print errors and results only."),
    click.option(
        "-v", "--verbose", is_flag=True, default=None, help="Also print notes, and each part that is typeset."
    ),
)
COMMON_NAMES = ("directory", "output", "jobs", "strict", "form", "lang", "quiet", "verbose")


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the common options to a command. They may stand before its name or after it; the command gets a Call."""

    def wrapped(**options: Any) -> Any:
        context = click.get_current_context()
        given = {name: options.pop(name) for name in COMMON_NAMES}
        above = context.obj or {}
        chosen = {name: above.get(name) if value is None else value for name, value in given.items()}
        call = Call(
            directory=chosen["directory"] or Path(),
            output=chosen["output"],
            jobs=chosen["jobs"],
            form=chosen["form"] or "text",
            quiet=bool(chosen["quiet"]),
            verbose=bool(chosen["verbose"]),
            report=Report(strict=bool(chosen["strict"])),
        )
        call.language, call.asked_language = of_context(context)
        if call.form == "sarif" and context.info_name != "preflight":
            raise click.UsageError(say("only preflight can print sarif"))
        try:
            with _interruptible():
                function(call, **options)
        except LivretError as problem:
            call.finish(problem=problem)
        except KeyboardInterrupt:
            told = say("{program}: interrupted; what was finished is kept", program=PROGRAM)
            click.echo("\n" + in_language(told, call.language), err=True)
            sys.exit(ExitCode.INTERRUPTED)
        except OSError as problem:
            if problem.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            call.finish(
                problem=LivretError(say("too many files are open at a time"), say("allow more of them: ulimit -n 256"))
            )

    wrapped = update_wrapper(wrapped, function)
    for option in reversed(COMMON):
        wrapped = option(wrapped)
    return wrapped


@contextmanager
def _interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at Ctrl-C, and when the process is told to end; so it clears up in both cases."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        # Where a shell has one ignored, it stays so.
        if handler is not signal.SIG_IGN:
            signal.signal(number, when_safe(interrupt))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def allowances(rules: Sequence[str], reasons: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each rule of --allow with its reason of --because. Raises click.UsageError where one of the two is missing."""
    if len(rules) != len(reasons) or not all(map(str.strip, reasons)):
        raise click.UsageError(say("each --allow goes with a --because that says why"))
    return tuple((rule, reason.strip()) for rule, reason in zip(rules, reasons, strict=True))


def known(names: Sequence[str], there: Sequence[str], nothing: Text) -> None:
    """Raise click.UsageError for the first name that does not exist, with the nearest one that does."""
    for name in names:
        if name not in there:
            # The start of a name is taken for that name: "sheetcmyk" is nearer to "sheetspot-cmyk" by its letters.
            begun = [one for one in there if one.startswith(name)][:1] if len(name) > 3 else []
            (hint,) = did_you_mean(begun[0] if begun else name, there) or (
                say("there are: {names}", names=", ".join(there[:20])),
            )
            raise click.UsageError(say('{nothing} "{name}"; {hint}', nothing=nothing, name=name, hint=hint))


def near(path: Path) -> Path:
    """A path as it is printed: relative to the current folder if it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

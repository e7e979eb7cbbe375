"""Findings, the report that collects them, errors that end a run, and exit codes.

A finding is data: a rule (`missing-picture`), one line that says what is wrong, a place, and hints how to mend it.
Stages return findings beside their value and never print.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from livret.translation import Text, in_language, joined, packed, say, say_number, unpacked


class ExitCode(enum.IntEnum):
    """The exit codes of the process; ARCHITECTURE.md has the table."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    SYSTEM = 3
    OUTPUT = 4
    INTERRUPTED = 130


class Severity(enum.Enum):
    """How bad a finding is: an error stops the run between stages, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Worst first, for sorting."""
        return list(Severity).index(self)

    @property
    def word(self) -> Text:
        """The severity as readers see it."""
        return {"error": say("error"), "warning": say("warning"), "note": say("note")}[self.value]


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file: path relative to the project (or absolute), 1-based line and column, 0 when unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that a reader of the report should know."""

    severity: Severity
    rule: str
    message: Text
    where: Location | None = None
    hints: tuple[Text, ...] = ()

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """By place, then by severity, rule and message."""
        where = self.where or Location("")
        return (where.path, where.line, where.column, self.severity.rank, self.rule, self.message)

    def text(self, language: str = "en") -> str:
        """`file:line: severity: message [rule]`, then one indented line per hint."""
        lines = [self.line, *(say("  hint: {hint}", hint=hint) for hint in self.hints)]
        return "\n".join(in_language(line, language) for line in lines)

    @property
    def line(self) -> Text:
        """`file:line: severity: message [rule]`."""
        told = say("{severity}: {message} [{rule}]", severity=self.severity.word, message=self.message, rule=self.rule)
        return joined([str(self.where), told], ": ") if self.where else told

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """The finding for `--format json` and report.json; keys are stable."""
        return {
            "severity": self.severity.value,
            "rule": self.rule,
            "message": in_language(self.message, language),
            "file": self.where.path if self.where else None,
            "line": (self.where.line or None) if self.where else None,
            "hints": [in_language(hint, language) for hint in self.hints],
        }

    def stored(self) -> dict[str, Any]:
        """The finding as JSON can keep it, in no language; `from_stored` is the inverse."""
        return {**self.as_dict(), "message": packed(self.message), "hints": list(map(packed, self.hints))}

    @classmethod
    def from_stored(cls, data: dict[str, Any]) -> Finding:
        """The finding that `stored` wrote."""
        where = Location(data["file"], data["line"] or 0) if data["file"] else None
        hints = tuple(map(unpacked, data["hints"]))
        return cls(Severity(data["severity"]), data["rule"], unpacked(data["message"]), where, hints)


def error(rule: str, message: Text, where: Location | None = None, *hints: Text) -> Finding:
    """A finding that stops the run."""
    return Finding(Severity.ERROR, rule, message, where, hints)


def warning(rule: str, message: Text, where: Location | None = None, *hints: Text) -> Finding:
    """A finding that does not stop the run unless `--strict` promotes it."""
    return Finding(Severity.WARNING, rule, message, where, hints)


def note(rule: str, message: Text, where: Location | None = None, *hints: Text) -> Finding:
    """A finding for information only; `--strict` leaves it alone."""
    return Finding(Severity.NOTE, rule, message, where, hints)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of these findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


@dataclass
class Report:
    """The findings of a run: collected in any order, reported in order of place and without repeats."""

    strict: bool = False
    _findings: set[Finding] = field(default_factory=set)

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings; under `strict` a warning becomes an error."""
        for finding in findings:
            if self.strict and finding.severity is Severity.WARNING:
                finding = replace(finding, severity=Severity.ERROR)
            self._findings.add(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by place."""
        return tuple(sorted(self._told, key=lambda finding: finding.sort_key))

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self._told)

    @property
    def _told(self) -> set[Finding]:
        """What a draft only warns of and a press file may not hold is found twice; the error alone is told."""
        return self._findings - {
            replace(one, severity=Severity.WARNING) for one in self._findings if one.severity is Severity.ERROR
        }

    @property
    def has_errors(self) -> bool:
        """Whether the run has to stop."""
        return has_errors(self._findings)

    def stop_on_errors(self) -> None:
        """Raise `FoundErrors` when any finding is an error; called between stages."""
        if self.has_errors:
            raise FoundErrors

    @property
    def exit_code(self) -> ExitCode:
        """FINDINGS when there is an error, else CLEAN."""
        return ExitCode.FINDINGS if self.has_errors else ExitCode.CLEAN

    def summary(self) -> Text:
        """`2 errors, 1 warning`, or an empty text when there is neither."""
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        told = []
        if errors:
            told.append(say_number("{number} error", "{number} errors", number=errors))
        if warnings:
            told.append(say_number("{number} warning", "{number} warnings", number=warnings))
        return joined(told)


class LivretError(Exception):
    """Ends the run, and is not a bug: it has a message, hints and an exit code, and is shown without a traceback.

    `place` is the file and the line that it is about, as `file:line`, if there is one.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(self, message: Text, *hints: Text, place: str = "") -> None:
        # BaseException gets all arguments, so that the error can be sent back from a worker process.
        super().__init__(message, *hints)
        self.message = message
        self.hints = hints
        self.place = place

    @classmethod
    def of(cls, first: Finding, *others: Finding) -> LivretError:
        """What findings tell, where there is no report to add them to."""
        message = say("{message} [{rule}]", message=first.message, rule=first.rule)
        more = (line for one in others for line in (one.line, *one.hints))
        return cls(message, *first.hints, *more, place=str(first.where) if first.where else "")

    @property
    def told(self) -> Text:
        """The message with its place."""
        return joined([self.place, self.message], ": ") if self.place else self.message

    def __str__(self) -> str:
        return self.told


class FoundErrors(LivretError):
    """The report holds errors; they are shown instead of this message."""

    def __init__(self) -> None:
        super().__init__(say("stopped on errors"))


class SystemLibraryMissing(LivretError):
    """Pango or another library of the system cannot be loaded."""

    exit_code = ExitCode.SYSTEM


class OutputError(LivretError):
    """A file under the output folder cannot be written."""

    exit_code = ExitCode.OUTPUT

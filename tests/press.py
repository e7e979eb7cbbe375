"""What tests of the press need: a layout of their own, and `livret` run as its users run it."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from conftest import CatalogueFolder
from livret.cli import main

TOP = Path(__file__).resolve().parents[1]
LAYOUTS = TOP / "tests" / "layouts"


def plain_layout(folder: CatalogueFolder) -> Path:
    """Give a project the plain layout of the tests, and make its catalogue use it; gives the folder of the copy."""
    copy = folder.root / "layouts" / "plain"
    shutil.copytree(LAYOUTS / "plain", copy)
    publication = folder.path("catalogue.yaml")
    publication.write_text(publication.read_text(encoding="utf-8") + "layout: plain\n", encoding="utf-8")
    return copy


def copied(built: Path, target: Path) -> Path:
    """A project of its own, with all that was built and stored; nothing is typeset again for being elsewhere."""
    return Path(shutil.copytree(built, target))


def change(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands; fails when it stands nowhere or twice."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """What `--format json` printed."""
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


def command(*arguments: str | Path) -> list[str]:
    """The command line of `livret` in this environment."""
    return [sys.executable, "-m", "livret", *map(str, arguments)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without what could change a build, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"}}
    return kept | dict(more or {})


def livret(*arguments: str | Path, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> Done:
    """Run `livret` in a process of its own; `more` are variables of its environment."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def livret_here(*arguments: str | Path, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> Done:
    """As `livret`, in this process. A process costs half a second to begin, and two more if it loads the engine.

    Here the engine is loaded once, in the process that the workers of all these commands are forked from.
    """
    # The command sets it for a process of its own.
    thresholds = gc.get_threshold()
    # As in `environment`. What the command itself writes there goes with it.
    variables: dict[str, str | None] = {"SOURCE_DATE_EPOCH": None, "FONTCONFIG_FILE": None, **(more or {})}
    try:
        with contextlib.chdir(cwd or Path.cwd()):
            done = CliRunner().invoke(
                main, [*map(str, arguments)], prog_name="livret", env=variables, catch_exceptions=False
            )
    finally:
        gc.set_threshold(*thresholds)
    return Done(done.exit_code, done.stdout, done.stderr)

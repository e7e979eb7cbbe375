"""`livret build --watch`: what is saved is built again, what is broken is told, and Ctrl-C ends it."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from conftest import CatalogueFolder
from livret.pipeline.watch import changes
from press import command, environment, livret_here, plain_layout
from serving import save

# Nobody waits as long as this unless something is wrong.
PATIENCE = 120


def first_change(told: Iterator[frozenset[Path]]) -> set[str]:
    """The names of the files of the first set that is not empty."""
    end = time.monotonic() + PATIENCE
    for changed in told:
        assert time.monotonic() < end
        if changed:
            return {path.name for path in changed}
    raise AssertionError


def test_a_saved_file_is_told_also_when_it_was_saved_before_anybody_asked(catalogue_folder: CatalogueFolder) -> None:
    with closing(changes(catalogue_folder.project)) as told:
        assert next(told) == frozenset()
        catalogue_folder.write("initiatives/aajt.yaml", "pilot: {}\n")
        assert first_change(told) == {"aajt.yaml"}


def test_what_editors_leave_behind_and_what_is_built_is_not_told(catalogue_folder: CatalogueFolder) -> None:
    with closing(changes(catalogue_folder.project)) as told:
        next(told)
        for name in (
            "initiatives/.aajt.yaml.swp",
            "initiatives/aajt.yaml~",
            "initiatives/#aajt.yaml#",
            "../output/x.pdf",
        ):
            catalogue_folder.write(name, "x")
        catalogue_folder.write("initiatives/kodiko.yaml", "x")
        assert first_change(told) == {"kodiko.yaml"}


def test_a_folder_that_appears_is_told_and_watched(catalogue_folder: CatalogueFolder) -> None:
    layouts = catalogue_folder.root / "layouts"
    with closing(changes(catalogue_folder.project)) as told:
        next(told)
        layouts.mkdir()
        assert first_change(told) == {"layouts"}
        next(told)
        (layouts / "base.css").write_text("x")
        assert "base.css" in first_change(told)


def test_watching_is_told_as_text_alone(catalogue_folder: CatalogueFolder) -> None:
    done = livret_here("-C", catalogue_folder.root, "--format", "json", "build", "--watch")
    assert done.code == 2
    assert "--watch goes with --format text" in done.err


class Watched:
    """`livret build --watch` in a process of its own, as a terminal starts it."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            command("-C", root, "build", "--jobs", "1", "--watch"),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.watchdog = threading.Timer(PATIENCE * 5, self.process.kill)
        self.watchdog.start()

    def round(self) -> str:
        """What is said until the next build is done."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            if line.startswith("watching"):
                return said
            said += line
        raise AssertionError(f"it ended: {said}")

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=PATIENCE)[0]
        self.watchdog.cancel()
        return self.process.returncode, said


def test_a_catalogue_and_its_layout_are_built_again_as_they_are_saved(catalogue_folder: CatalogueFolder) -> None:
    # One process for all of it: to start one and its engine takes longer than the rounds.
    layout = plain_layout(catalogue_folder)
    built = catalogue_folder.root / "output" / "full" / "full-screen.pdf"
    catalogue_folder.change("initiatives/aajt.yaml", "Une aide ponctuelle.", "[to write] Une aide.")
    watched = Watched(catalogue_folder.root)
    try:
        said = watched.round()
        assert "full-screen.pdf:" in said
        assert re.search(
            r"^catalogue/initiatives/aajt.yaml:[0-9]+: warning: 1 text of this file is not wr", said, re.M
        ), said
        assert "as before" not in said
        first = built.read_bytes()

        card, other = (catalogue_folder.path(f"initiatives/{name}.yaml") for name in ("kodiko", "aajt"))
        whole = card.read_text(encoding="utf-8").replace("Kodiko réunit", "Kodiko rassemble")
        save(card, whole)
        said = watched.round()
        assert "changed: catalogue/initiatives/kodiko.yaml\n" in said
        assert "(typeset 1, reused" in said
        assert "aajt.yaml" not in said
        assert re.search("^([0-9]+) warnings?, \\1 as before$", said, re.M), said
        second = built.read_bytes()
        assert second != first

        save(card, whole + "titel: [\n")
        assert "catalogue/initiatives/kodiko.yaml:10: error: a bracket" in watched.round()
        assert built.read_bytes() == second, "the last good file stays"
        save(card, whole)
        watched.round()
        # The same warning, one line lower.
        save(other, other.read_text(encoding="utf-8").replace("pilot:", "# Une ligne\npilot:", 1))
        assert "aajt.yaml:" not in watched.round()

        style = layout / "base.css"
        good = style.read_text(encoding="utf-8")
        save(style, good + ".part { colr: red }\n")
        assert f"layouts/plain/base.css:{len(good.splitlines()) + 1}: warning:" in watched.round()

        save(layout / "card.html", "{% extends '_part.html' %}\n{% if %}\n")
        assert "\nlayouts/plain/card.html:2: error: the layout plain fails here: " in watched.round()
        assert watched.process.poll() is None
    finally:
        code, said = watched.end()
    assert code == 130
    assert "Traceback" not in said

"""When the process that workers are forked from is started ahead of need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livret.pages.pool import forkserver
from livret.pages.pool.store import Store
from livret.project import Project


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Project]:
    calls: list[Project] = []
    monkeypatch.setattr(forkserver, "start", lambda project, also: calls.append(project))
    return calls


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with files of its own in every folder, all older than any build of it."""
    for name in ("catalogue/initiatives/a.yaml", "layouts/own/card.css", "fonts/A/a.ttf", "pictograms/p.svg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("")
        os.utime(path, (1, 1))
    return Project.at(tmp_path)


def built(project: Project) -> None:
    """Leave the mark of a build, newer than anything installed."""
    Store(project).remember("sides-full-forum", {"cover": ["any"]})
    note = project.output / ".store" / "notes" / "sides-full-forum.json"
    os.utime(note, (2**33, 2**33))


def test_a_first_build_will_want_the_engine(project: Project, started: list[Project]) -> None:
    forkserver.start_if_likely(project)
    assert started == [project]


def test_nothing_changed_will_not(project: Project, started: list[Project]) -> None:
    built(project)
    forkserver.start_if_likely(project)
    assert started == []


def test_an_edition_that_was_never_built_will(project: Project, started: list[Project]) -> None:
    built(project)
    (project.output / "paca").mkdir(parents=True)
    forkserver.start_if_likely(project, ["paca"])
    assert started == []
    forkserver.start_if_likely(project, ["paca", "culture"])
    assert started == [project]


@pytest.mark.parametrize(
    "changed", ["catalogue/initiatives/a.yaml", "layouts/own/card.css", "fonts/A/a.ttf", "pictograms/p.svg"]
)
def test_any_changed_file_will(project: Project, started: list[Project], changed: str) -> None:
    built(project)
    os.utime(project.root / changed, (2**33 + 1, 2**33 + 1))
    forkserver.start_if_likely(project)
    assert started == [project]


def test_only_the_projects_fonts_are_listed(project: Project) -> None:
    written = forkserver.fonts_conf(project).read_text()
    assert f"<dir>{project.root}/fonts/A</dir>" in written
    assert "/usr/share/fonts" not in written


def test_a_worker_is_forked_with_the_modules_that_were_asked_for(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from livret.pages.pool import forkserver\n"
        "from livret.pages.pool.workers import Worker\n"
        "from livret.project import Project\n"
        "if __name__ == '__main__':\n"
        "    project = Project.at(Path(sys.argv[1]))\n"
        "    forkserver.start(project, ['tabnanny'])\n"
        "    worker = Worker.forked(project)\n"
        "    print(worker.ask(eval, \"'tabnanny' in __import__('sys').modules\"))\n"
        "    worker.end()\n"
    )
    (tmp_path / "catalogue").mkdir()
    script = tmp_path / "script.py"
    script.write_text(program)
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr

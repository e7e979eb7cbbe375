"""What happened to a part: the events of the register, and the changes that git knows of."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from livret.control.approvals.register import read_register
from livret.project import Project

CHANGES = 20
PATIENCE = 3.0


def history(project: Project, path: str | None, file: str | None) -> list[dict[str, Any]]:
    """The newest first; `path` is the name in the register, `file` the path as findings print it."""
    events: list[dict[str, Any]] = []
    if path:
        register, _ = read_register(project)
        events = [
            {"kind": one.state, "on": str(one.on), "by": one.by, "text": one.note}
            for one in register.events.get(path, ())
        ]
    if file:
        events += changes(project, file)
    # Of one day, an event of the register stands above a change.
    return sorted(events, key=lambda one: (one["on"], one["kind"] != "change"), reverse=True)


def changes(project: Project, file: str) -> list[dict[str, Any]]:
    """The last changes of a file in git; none where there is no git, or no answer in time."""
    program = shutil.which("git")
    if program is None or not any((folder / ".git").exists() for folder in (project.root, *project.root.parents)):
        return []
    wanted = "--format=%as%x1f%an%x1f%s%x1e"
    command = [program, "--no-optional-locks", "log", f"-{CHANGES}", wanted, "--", file]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the path stands after --
            command, cwd=project.root, capture_output=True, timeout=PATIENCE, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return []
    rows = (row.strip().split("\x1f") for row in done.stdout.decode("utf-8", "replace").split("\x1e"))
    return [{"kind": "change", "on": row[0], "by": row[1], "text": row[2]} for row in rows if len(row) == 3]

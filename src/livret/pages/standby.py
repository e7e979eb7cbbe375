"""The process that workers are forked from, and when to start it ahead of need.

Importing the engine takes as long as typesetting several cards. So a build that will probably have
something to typeset starts this process first of all and reads the catalogue while it loads. A light
module: it imports neither the engine nor anything else that takes time.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.forkserver
import os
from html import escape
from pathlib import Path

from livret.project import Project, write

CONTEXT = "forkserver"


def start(project: Project) -> None:
    """Have the engine imported in a process of its own, with only the project's fonts in its sight.

    Does nothing when it is running. Raises OutputError when the store cannot be written.
    """
    os.environ["FONTCONFIG_FILE"] = str(fonts_conf(project))
    multiprocessing.get_context(CONTEXT).set_forkserver_preload(["livret.pages.preload"])
    multiprocessing.forkserver.ensure_running()


def start_if_likely(project: Project) -> None:
    """Start it when any file of the project is newer than the last build, or there was none.

    A wrong guess costs time and nothing else: the store decides what is typeset.
    """
    try:
        last = max(note.stat().st_mtime_ns for note in os.scandir(project.output / ".store" / "notes"))
    except (OSError, ValueError):
        last = 0
    others = (folder for name in ("layouts", "fonts", "pictograms") for folder in project.folders(name))
    if any(_newest(folder) > last for folder in (project.catalogue, *others)):
        start(project)


def _newest(folder: Path) -> int:
    newest = 0
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                newest = max(newest, os.stat(os.path.join(above, name)).st_mtime_ns)
            except OSError:
                continue
    return newest


def fonts_conf(project: Project) -> Path:
    """A fontconfig file that lists the project's fonts and hides every other. Raises OutputError."""
    store = project.output / ".store"
    folders = dict.fromkeys(path.parent for path in project.fonts)
    path = store / "fonts.conf"
    content = "".join(
        [
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n',
            *(f"<dir>{escape(str(folder))}</dir>\n" for folder in folders),
            f"<cachedir>{escape(str(store / 'fontconfig'))}</cachedir>\n</fontconfig>\n",
        ]
    )
    if not path.is_file() or path.read_text() != content:
        write(path, content)
    return path

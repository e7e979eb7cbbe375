"""The process that workers are forked from, and when to start it ahead of need.

Importing the engine takes as long as typesetting several cards. So a build that will probably have
something to typeset starts this process first of all and reads the catalogue while it loads. A light
module: it imports neither the engine nor anything else that takes time.
"""

from __future__ import annotations

import atexit
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import re
import resource
import secrets
import shutil
import signal
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from html import escape, unescape
from pathlib import Path
from types import ModuleType
from typing import Final

from livret.findings import LivretError, SystemLibraryMissing
from livret.pages.pool.store_files import StoreFiles
from livret.project import ABANDONED_SECONDS, FONT_SUFFIXES, Project, write
from livret.translation import say

CONTEXT: Final = "forkserver"

# How many files are open at a time while this process is started, and for each worker.
FILES: Final = 16
FILES_OF_WORKER: Final = 3


def start(project: Project, also: Sequence[str] = ()) -> None:
    """Have the engine imported in a process of its own, with only the project's fonts in its sight.

    Before it, the modules `also` are imported, which workers need for other work. Does nothing when it is running.
    Raises OutputError when the store cannot be written, LivretError when the system allows too few open files.
    """
    require_files(FILES)
    os.environ["FONTCONFIG_FILE"] = str(fonts_conf(project))
    multiprocessing.get_context(CONTEXT).set_forkserver_preload([*also, "livret.pages.pool.preload"])
    # Ctrl-C is this process's affair; the other one would end in the middle of its imports, and say so at length.
    # The tracker comes first, because starting it lets the signal through again.
    multiprocessing.resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def require_files(number: int) -> None:
    """Have the system let this process open so many files more. Raises LivretError when it does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = number + len(os.listdir("/dev/fd"))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        message = say(
            "the system lets a program open {hard} files at a time; {needed} are needed", hard=hard, needed=needed
        )
        fewer = (say("or use fewer workers: --jobs 1"),) if number > FILES + FILES_OF_WORKER else ()
        raise LivretError(message, say("allow more of them: ulimit -n 256"), *fewer)
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def load_engine() -> ModuleType:
    """Import the engine in this process. Raises SystemLibraryMissing when it cannot be loaded."""
    try:
        from livret.pages.engine import typeset
    except OSError as problem:
        raise SystemLibraryMissing(
            say("a system library is missing: {reason}", reason=str(problem).splitlines()[0]),
            say("Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
            say("macOS: brew install pango"),
        ) from None
    return typeset


def start_if_likely(project: Project, editions: Iterable[str] = (), also: Sequence[str] = ()) -> None:
    """As `start`, when any file of the project is newer than the last build, or one of the editions was never built.

    A wrong guess costs time and nothing else: the store decides what is typeset.
    """
    try:
        last = max(note.stat().st_mtime_ns for note in os.scandir(project.output / ".store" / "notes"))
    except (OSError, ValueError):
        last = 0
    others = (folder for name in ("layouts", "fonts", "pictograms") for folder in project.folders(name))
    is_new = any(not (project.output / name).is_dir() for name in editions)
    if is_new or any(_newest(folder) > last for folder in (project.catalogue, *others)):
        start(project, also)


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
    """A fontconfig file that lists the project's fonts and hides every other. Raises OutputError.

    It is in a folder that belongs to this run alone, with fontconfig's cache, which is read without a check: so nothing
    that somebody left in the output folder is ever read. The folder is removed when this process ends.
    """
    runs = project.output / ".store" / "runs"
    mine = f"{os.getpid()}-"
    now = Path(os.environ.get("FONTCONFIG_FILE", ""))
    if now.parents[1:2] == (runs,) and now.parent.name.startswith(mine):
        folder = now.parent
    else:
        StoreFiles(project.output / ".store").place("runs", "x", "x")
        _remove_abandoned(runs)
        folder = runs / f"{mine}{secrets.token_hex(8)}"
        atexit.register(_remove, folder, os.getpid())
    return list_fonts(dict.fromkeys(path.parent for path in project.fonts), folder / "fonts.conf")


def _remove(folder: Path, pid: int) -> None:
    # A worker is a copy of a process that has registered this, and not the owner.
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(runs: Path) -> None:
    """Remove what killed runs left; a younger folder may be that of another build."""
    with suppress(OSError):
        for folder in list(runs.iterdir()):
            used = [os.lstat(folder).st_mtime]
            with suppress(OSError):
                used.append(os.lstat(folder / "fonts.conf").st_mtime)
            if time.time() - max(used) > ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def listed_fonts() -> tuple[Path, ...]:
    """The font files that this process can see, by the fontconfig file of `list_fonts`; none without one."""
    try:
        content = Path(os.environ["FONTCONFIG_FILE"]).read_text()
        folders = [Path(unescape(folder)) for folder in re.findall("<dir>(.*?)</dir>", content)]
        return tuple(path for folder in folders for path in sorted(folder.iterdir()) if _is_font(path))
    except (KeyError, OSError, ValueError):
        return ()


def _is_font(path: Path) -> bool:
    return path.suffix.lower() in FONT_SUFFIXES and path.is_file()


def list_fonts(folders: Iterable[Path], path: Path) -> Path:
    """Write the fontconfig file `path` for the fonts of these folders, its cache beside it. Raises OutputError."""
    content = "".join(
        [
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n',
            *(f"<dir>{escape(str(folder))}</dir>\n" for folder in folders),
            f"<cachedir>{escape(str(path.parent / 'fontconfig'))}</cachedir>\n</fontconfig>\n",
        ]
    )
    try:
        is_there = path.read_text() == content
        # The date of last use, for pruning.
        os.utime(path)
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        write(path, content)
    return path

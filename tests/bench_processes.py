"""Runs the commands of a benchmark, each in a fresh process, and measures what they and their processes take."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Compiled modules are kept between runs, as on anybody's machine; Livret's and the engine's alike.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

# A number of Linux: this process becomes the parent of all that its children leave behind.
PR_SET_CHILD_SUBREAPER = 36


class Broken(Exception):
    """A bound that does not hold, or a run that failed."""


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of wall time, and of processor time in all its processes together."""

    wall: float
    processor: float


def measured(command: list[str], environment: dict[str, str] = ENVIRONMENT) -> Cost:
    """Run a fresh process to its end, and wait for all that it has started."""
    with contextlib.suppress(OSError, AttributeError):
        # Else the process that workers are forked from, which ends a little later, is not counted.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise Broken(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return Cost(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def run(command: list[str], environment: dict[str, str] = ENVIRONMENT) -> float:
    """Run a fresh process to its end; gives the seconds it took."""
    return measured(command, environment).wall


def status(pid: int) -> dict[str, str]:
    """The fields of /proc/PID/status; empty when the process is gone."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        return {key: value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    return {}


def tree(root: int) -> list[int]:
    """A process and all that descend from it, parents first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := status(int(entry.name)).get("PPid")):
            children.setdefault(int(parent), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += sorted(children.get(pid, []))
    return found


def role(pid: int, root: int) -> str:
    """What a process of the build does."""
    if pid == root:
        return "parent"
    with contextlib.suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
        if "forkserver" in command:
            return "fork server" if status(pid).get("PPid") == str(root) else "worker"
        if "resource_tracker" in command:
            return "resource tracker"
    return "other"


def watched(command: list[str]) -> tuple[float, list[dict[str, Any]]]:
    """Run a build to its end; gives its seconds, and the most memory that each of its lasting processes took."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks: dict[int, int] = {}
    seen: Counter[int] = Counter()
    roles: dict[int, str] = {}
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.05):
            for pid in tree(process.pid):
                peak = int(status(pid).get("VmHWM", "0").split()[0])
                peaks[pid] = max(peak, peaks.get(pid, 0))
                seen[pid] += 1
                if roles.get(pid, "other") == "other":
                    roles[pid] = role(pid, process.pid)

    watcher = threading.Thread(target=watch)
    if Path("/proc/self/status").exists():
        watcher.start()
    code = process.wait()
    finished.set()
    if watcher.ident is not None:
        watcher.join()
    seconds = time.perf_counter() - start
    if code:
        raise Broken(f"{' '.join(command)} ended with {code}")
    # Loading the engine starts programs of the system that look for its libraries and end at once.
    lasting = [pid for pid in sorted(peaks) if seen[pid] > 10]
    return seconds, [{"process": roles[pid], "megabytes": peaks[pid] / 1024} for pid in lasting]

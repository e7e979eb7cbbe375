"""The benchmark of preflight for print, part of `make bench`: processor time a page, with ink and without, and memory.

Each figure comes from a fresh process, the least of several rounds. Long files are made of the pages of the
demonstration's press file; every page has objects of its own. `--file FILE.pdf` measures another file.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf

from bench_processes import run
from livret.control import preflight

TOP = Path(__file__).resolve().parents[1]
PAGE_BOUND, INK_BOUND, MEMORY_BOUND, GROWTH_BOUND = 20, 100, 300, 1.2
SHORT, LONG, ROUNDS = 100, 2000, 3


def judged(path: Path, *, with_ink: bool) -> tuple[float, float]:
    """Judge a file here: milliseconds a page, its children's with it, and the most megabytes."""
    # As every command of Livret does.
    gc.set_threshold(50_000, 20, 20)
    profile, _ = preflight.print_profile_named("coated-fogra39")
    assert profile is not None
    began = time.process_time()
    verdict = preflight.judge(path, profile, asked=preflight.Asked(with_ink=with_ink))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() - began + children.ru_utime + children.ru_stime
    return 1000 * spent / len(verdict.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(path: Path, rounds: int = ROUNDS, *, with_ink: bool = False) -> tuple[float, float]:
    """The least of several rounds, each in a process of its own."""
    command = [sys.executable, __file__, "--judge", str(path), *(["--ink"] if with_ink else [])]
    found = []
    for _ in range(rounds):
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        cost, memory = map(float, out.split())
        found.append((cost, memory))
    return min(cost for cost, _ in found), max(memory for _, memory in found)


def long_file(source: Path, pages: int, target: Path) -> Path:
    """A file of so many pages: those of the source again and again, copied anew each time."""
    with pikepdf.new() as made, pikepdf.open(source) as first:
        for key in ("/OutputIntents", "/Metadata"):
            made.Root[key] = made.copy_foreign(first.make_indirect(first.Root[key]))
        made.trailer.Info = made.copy_foreign(first.trailer.Info)
        while len(made.pages) < pages:
            with pikepdf.open(source) as again:
                made.pages.extend(list(again.pages)[: pages - len(made.pages)])
        made.save(target, force_version="1.6", fix_metadata_version=False, deterministic_id=True)
    return target


def press_file(folder: Path) -> Path:
    """The press file of the demonstration."""
    project = folder / "project"
    for name in ("catalogue", "fonts", "layouts", "pictograms", "press"):
        shutil.copytree(TOP / name, project / name)
    run([sys.executable, "-m", "livret", "-C", str(project), "-q", "build", "--for", "press", "--no-preflight"])
    return project / "output" / "full" / "full-press.pdf"


def main() -> int:
    """Print the figures beside their bounds; 1 when one is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, help="measure this press file")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ink", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        print(*judged(given.judge, with_ink=given.ink))
        return 0
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as name:
        folder = Path(name)
        source = given.file or press_file(folder)
        short, _ = measured(long_file(source, SHORT, folder / "short.pdf"))
        long, memory = measured(long_file(source, LONG, folder / "long.pdf"), 1)
        figures = (
            ("without ink, ms a page", measured(source)[0], PAGE_BOUND),
            ("ink alone, ms a page", measured(source, with_ink=True)[0] - measured(source)[0], INK_BOUND),
            (f"a page of {LONG} beside one of {SHORT}", long / short, GROWTH_BOUND),
            (f"{LONG} pages, MB", memory, MEMORY_BOUND),
        )
    for what, figure, bound in figures:
        print(f"{what:36} {figure:8.2f}   at most {bound}{'' if figure <= bound else '   OVER'}")
    return int(any(figure > bound for _, figure, bound in figures))


if __name__ == "__main__":
    sys.exit(main())

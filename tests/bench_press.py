"""The benchmark of the press and of editions, part of `make bench`.

Fresh processes on a copy of the demonstration, in one run, the least of several rounds.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pypdfium2

import bench
from bench_processes import Broken, run

# Separation and press binding beyond binding for the screen, pictures aside, in milliseconds a page.
PRESS_BOUND = 15
# Both ends against the peer run twice; all editions after `full` against each from nothing.
BOTH_BOUND, EDITIONS_BOUND = 1.0, 0.2
# Editions that share the layout and the language of `full`, and so its cards.
EDITIONS = (
    "auvergne-rhone-alpes bourgogne-franche-comte centre-val-de-loire culture droits emploi grand-est hauts-de-france"
    " ile-de-france langue logement nouvelle-aquitaine occitanie paca"
).split()
ROUNDS = 3


def build(project: Path, *arguments: str) -> float:
    """Build in a fresh process; gives the seconds it took."""
    return run([sys.executable, "-m", "livret", "-C", str(project), "-q", "build", *arguments])


def forget(project: Path, *names: str) -> None:
    """Remove what a build left: files and folders of the output."""
    for name in names:
        path = project / "output" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def press(folder: Path) -> list[tuple[str, float, float]]:
    """Name, value and bound of what the press costs."""
    project = bench.copy_project(folder / "press")
    build(project, "full", "--for", "both")
    peer = bench.write_peer(project, folder)
    environment = bench.peer_environment(project, folder)
    pages = len(pypdfium2.PdfDocument(bench.book(project)))
    peers, both, screen, again = [], [], [], []
    for _ in range(ROUNDS):
        peers.append(run(peer, environment))
        shutil.rmtree(project / "output")
        both.append(build(project, "full", "--for", "both"))
        # Pictures stay converted; the fragments are there and are separated and bound again, by one process.
        forget(project, "full/full-press.pdf", ".store/separated")
        screen.append(build(project, "full"))
        again.append(build(project, "full", "--for", "both"))
    beyond = min(again) - min(screen)
    return [
        ("separation and press binding, ms a page", 1000 * beyond / pages, PRESS_BOUND),
        ("both ends, cold / peer twice", min(both) / (2 * min(peers)), BOTH_BOUND),
    ]


def editions(folder: Path) -> list[tuple[str, float, float]]:
    """Name, value and bound of what many editions cost."""
    project = bench.copy_project(folder / "editions")
    alone_times, together_times = [], []
    for _ in range(ROUNDS):
        alone = 0.0
        for name in EDITIONS:
            forget(project, "")
            alone += build(project, name, "--for", "both")
        alone_times.append(alone)
        forget(project, "")
        build(project, "full", "--for", "both")
        together_times.append(build(project, *EDITIONS, "--for", "both"))
    alone, together = min(alone_times), min(together_times)
    print(f"{len(EDITIONS)} editions, both ends: each from nothing {alone:.1f} s, together after full {together:.1f} s")
    return [(f"{len(EDITIONS)} editions after full / each from nothing", together / alone, EDITIONS_BOUND)]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as name:
        try:
            told = [*press(Path(name)), *editions(Path(name))]
        except Broken as problem:
            print(problem, file=sys.stderr)
            return 1
    for label, value, bound in told:
        print(f"{label:48}{value:8.2f}   bound {bound:g}{'   BROKEN' if value > bound else ''}")
    return int(any(value > bound for _, value, bound in told))


if __name__ == "__main__":
    sys.exit(main())

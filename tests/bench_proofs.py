"""Proofs, measured: `python tests/bench_proofs.py`.

One card's proof from nothing, beside a process that imports the engine and typesets that card alone. Then twenty cards
with two workers, beside the same with one. Wall time and the processor time of all processes are the least of several
rounds that take turns.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench_processes import ENVIRONMENT, Broken, Cost, measured
from livret import pipeline
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.pages.pool import forkserver
from livret.project import Project

TOP = Path(__file__).resolve().parents[1]
CARD, NUMBER = "kodiko", 20
BOUNDS = {"one": 1.6, "twenty": 0.7}
ALONE = """
import pickle, sys
galley, fonts = pickle.load(open(sys.argv[1], "rb"))
from livret.pages.engine.typeset import typeset
typeset(galley, fonts)
"""


def packed_galley(project: Project, target: Path) -> None:
    """Write the galley of the card, composed as its edition composes it, with the fonts that it needs."""
    edition = select(pipeline.read(project, Report()), "full")
    composer = Composer(project, edition, Layout.of(project, edition))
    part = next(one for one in composer.layout.flatplan(edition) if one.id == CARD)
    galley, _ = composer.galley(part, paginate((part,), {part.anchor: composer.layout.card_sides}))
    target.write_bytes(pickle.dumps((galley, project.fonts)))


def least(rounds: int, runs: dict[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """The least of several rounds of each run; they take turns."""
    found: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            found[name].append(run())
    return {
        name: Cost(min(one.wall for one in costs), min(one.processor for one in costs)) for name, costs in found.items()
    }


def main() -> int:
    """Measure, print, and end with 1 when a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    project = Project.at(TOP)
    cards = [card.id for card in pipeline.read(project, Report()).initiatives][:NUMBER]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packed_galley(project, folder / "galley")
        count = iter(range(10**6))

        def proofs(jobs: int, *names: str) -> Cost:
            output = folder / f"out-{next(count)}"
            line = [sys.executable, "-m", "livret", "-C", str(TOP), "-o", str(output), "--jobs", str(jobs)]
            return measured([*line, "proof", *names])

        fonts = {"FONTCONFIG_FILE": str(forkserver.fonts_conf(project))}
        alone = [sys.executable, "-c", ALONE, str(folder / "galley")]
        costs = least(
            rounds,
            {
                "alone": lambda: measured(alone, ENVIRONMENT | fonts),
                "one": lambda: proofs(2, CARD),
                "by one worker": lambda: proofs(1, *cards),
                "twenty": lambda: proofs(2, *cards),
            },
        )
    ratios = {
        "one": costs["one"].wall / costs["alone"].wall,
        "twenty": costs["twenty"].wall / costs["by one worker"].wall,
    }
    for name, cost in costs.items():
        print(f"{name:15}{cost.wall:8.2f} s wall{cost.processor:8.2f} s of processors")
    for name, ratio in ratios.items():
        print(f"{name:15}{ratio:8.2f}   bound {BOUNDS[name]}")
    print(json.dumps(ratios))
    return int(any(ratio > BOUNDS[name] for name, ratio in ratios.items()))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        sys.exit(str(broken))

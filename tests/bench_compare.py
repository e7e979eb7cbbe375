"""`livret compare`, measured: `python tests/bench_compare.py`.

Two states of the demonstration, some sixty pages each, with a changed card and one card more, compared with a report:
beside typesetting one of them from nothing. Both are commands in fresh processes; wall time and the processor time of
all processes are the least of several rounds that take turns.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from bench_processes import Broken, Cost, measured

TOP = Path(__file__).resolve().parents[1]
BOUND = 0.25


def project(folder: Path) -> Path:
    """A copy of the demonstration."""
    for name in ("catalogue", "layouts", "fonts", "pictograms", "press"):
        shutil.copytree(TOP / name, folder / name)
    return folder


def changed(folder: Path) -> Path:
    """A copy of the demonstration with another word on one card, and with one card more."""
    cards = project(folder) / "catalogue" / "initiatives"
    card = cards / "kodiko.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("binômes", "duos"), encoding="utf-8")
    (cards / "demain.yaml").write_text(text.replace("Kodiko", "Demain"), encoding="utf-8")
    return folder


def built(folder: Path, output: Path) -> Cost:
    """The cost of building the booklet from nothing."""
    return measured([sys.executable, "-m", "livret", "-C", str(folder), "-o", str(output), "build", "full"])


def main() -> int:
    """Measure, print, and end with 1 when the bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        first, second = project(top / "first"), changed(top / "second")
        built(second, top / "out-second")
        files = [top / folder / "full" / "full-screen.pdf" for folder in ("out-0", "out-second")]
        line = [sys.executable, "-m", "livret", "compare", *map(str, files), "--report", str(top / "report.html")]
        costs: dict[str, list[Cost]] = {"typesetting": [], "comparing": []}
        for number in range(rounds):
            costs["typesetting"].append(built(first, top / f"out-{number}"))
            costs["comparing"].append(measured(line))
    least = {
        name: Cost(min(one.wall for one in found), min(one.processor for one in found)) for name, found in costs.items()
    }
    for name, cost in least.items():
        print(f"{name:15}{cost.wall:8.2f} s wall{cost.processor:8.2f} s of processors")
    ratios = {
        "wall": least["comparing"].wall / least["typesetting"].wall,
        "processors": least["comparing"].processor / least["typesetting"].processor,
    }
    for name, ratio in ratios.items():
        print(f"{name:15}{ratio:8.2f}   bound {BOUND}")
    print(json.dumps(ratios))
    return int(ratios["wall"] > BOUND)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        sys.exit(str(broken))

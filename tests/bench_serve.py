"""The proof room, part of `make bench`: from a save to the new picture of its spread.

    python tests/bench_serve.py                          # 20 and 400 cards of tests/stress.py, twenty edits each
    python tests/bench_serve.py --sizes 20 --edits 500   # memory over many edits

A card is saved as any editor saves it. The clock stops when both pages of its spread have arrived, as wide as a window
of 1,440 pixels asks for them. Beside it, in the same run: a fresh process that imports WeasyPrint and typesets that
card.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import stress
from livret.content.catalogue.reader import read_catalogue
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.project import Project
from serving import Served, serve

CARD = "mediane"
WIDTH = 720
# Milliseconds, by the number of cards; and the share of the fresh process.
BOUNDS = {20: 300, 400: 350}
SHARE = 0.2
# From the start to the first page: the share of a build with everything in the store.
START = 1.5

FRESH = """
import pickle, sys
import weasyprint
galley = pickle.load(open(sys.argv[1], "rb"))
sheets = [weasyprint.CSS(string=one.text, base_url=str(one.base or galley.base) + "/") for one in galley.stylesheets]
weasyprint.HTML(string=galley.html, base_url=str(galley.base) + "/").write_pdf(sys.argv[2], stylesheets=sheets)
"""


def edits(served: Served, number: int) -> list[float]:
    """Milliseconds from each save to its picture."""
    card = served.card(CARD)
    original = card.read_text(encoding="utf-8")
    assert "description:" in original
    anchor, found = f"card-{CARD}", []
    wall = served.until_settled()
    over = {page["page"]: page["over"] for page in wall["pages"] if page["part"] == anchor}
    served.post("/api/look", {"edition": "full", "layout": "forum", "part": anchor})
    served.listen()
    for turn in range(-2, number):
        text = edited(original, turn)
        started = time.perf_counter()
        card.write_text(text, encoding="utf-8")
        event = served.event("part", anchor=anchor)
        for page in range(2):
            above = f"&over={over[page]}" if over[page] else ""
            status, body, _ = served.ask(f"/picture/{event['fragment']}-{page}.jpg?width={WIDTH}{above}")
            assert (status, len(body) > 10_000) == (200, True)
        if turn >= 0:
            # The first edits warm both workers.
            found.append((time.perf_counter() - started) * 1000)
        time.sleep(0.4)
    card.write_text(original, encoding="utf-8")
    return found


def edited(original: str, turn: int) -> str:
    """The card with one more word, another one each time."""
    word = "".join(chr(ord("a") + int(digit)) for digit in str(turn + 100))
    head, _, rest = original.partition("description:")
    first, _, _ = rest.lstrip(" |>-\n").partition(" ")
    place = rest.index(first) + len(first)
    return f"{head}description:{rest[:place]} {word}{rest[place:]}"


def fresh(folder: Path, rounds: int) -> float:
    """Milliseconds of a fresh process, the median of some."""
    project = Project.at(folder)
    catalogue, _ = read_catalogue(project)
    assert catalogue is not None
    edition = select(catalogue, "full")
    composer = Composer(project, edition, Layout.of(project, edition))
    parts = composer.layout.flatplan(edition)
    pagination = paginate(parts, {part.anchor: composer.layout.card_sides for part in parts})
    galley, _ = composer.galley(next(part for part in parts if part.id == CARD), pagination)
    kept = folder / "galley.pickle"
    kept.write_bytes(pickle.dumps(galley))
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        command = [sys.executable, "-c", FRESH, str(kept), str(folder / "fresh.pdf")]
        subprocess.run(command, check=True, capture_output=True)
        found.append((time.perf_counter() - started) * 1000)
    return statistics.median(found)


def starting(folder: Path, rounds: int) -> tuple[float, float]:
    """Milliseconds, the medians of some: a build with everything in the store, and from a start to a page's picture."""
    build = [sys.executable, "-m", "livret", "-C", str(folder), "build"]
    subprocess.run(build, check=True, capture_output=True)
    warm, first = [], []
    for _ in range(rounds):
        # The PDF is bound anew, as after any edit that is in the store already.
        (folder / "output" / "full" / "full-screen.pdf").unlink()
        started = time.perf_counter()
        subprocess.run(build, check=True, capture_output=True)
        warm.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        with serve(folder) as served:
            status, body, _ = served.ask(f"/picture/{_first_page(served)}-0.jpg?width={WIDTH}")
            assert (status, len(body) > 5_000) == (200, True)
            first.append((time.perf_counter() - started) * 1000)
    return statistics.median(warm), statistics.median(first)


def _first_page(served: Served) -> str:
    """The fragment of the first part, once it is set."""
    while True:
        status, body, _ = served.ask("/api/wall?edition=full&layout=forum")
        if status == 200:
            wall = json.loads(body)
            if fragment := wall["parts"][wall["pages"][0]["part"]]["fragment"]:
                return str(fragment)
        time.sleep(0.01)


def measure(cards: int, number: int) -> dict[str, Any]:
    """All figures for a catalogue of so many cards."""
    with tempfile.TemporaryDirectory() as name:
        folder = stress.write(Path(name) / "project", cards)
        with serve(folder) as served:
            served.until_settled()
            before = served.megabytes
            told = edits(served, number)
            after = served.megabytes
        warm, first = starting(folder, 3)
        return {
            "warm": warm, "first": first,
            "cards": cards, "median": statistics.median(told), "most": max(told), "fresh": fresh(folder, 5),
            "before": before, "after": after,
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(BOUNDS))
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    is_broken = False
    for cards in options.sizes:
        told = measure(cards, options.edits)
        bound = min(BOUNDS.get(cards, 350), told["fresh"] * SHARE)
        is_broken |= told["median"] > bound or told["first"] > told["warm"] * START
        print(
            f"{cards} cards: {told['median']:.0f} ms from a save to its picture (most {told['most']:.0f}, bound"
            f" {bound:.0f}); a fresh process {told['fresh']:.0f} ms; memory {told['before']:.0f} MB before"
            f" {options.edits} edits, {told['after']:.0f} MB after; first page {told['first']:.0f} ms after the start,"
            f" {told['first'] / told['warm']:.2f} of a warm build ({START})"
        )
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())

"""The proof room, part of `make bench`: from a save to the new picture of its spread, in Chromium.

    python tests/bench_serve.py                          # 20 and 400 cards of tests/stress.py, twenty edits each
    python tests/bench_serve.py --sizes 20 --edits 500   # memory over many edits

A word is typed in a field, and saved from the page; then the same file is saved as any editor saves it. The clock stops
when both pages of the spread are decoded and shown. Between these edits, one after the other: a fresh process that
imports WeasyPrint and typesets that card.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stress
from livret.content.catalogue.reader import read_catalogue
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.project import Project
from serving import Served, open_form, serve
from web import Tab, browser

CARD = "mediane"
# Between two edits, in seconds.
PAUSE = 0.6
WIDTH = 720
# Milliseconds, by the number of cards; and the share of the fresh process.
BOUNDS = {20: 300, 400: 350}
SHARE = 0.2
# From the start to the first page: the share of a build with everything in the store, which binds the book anew.
START = 1.5

FRESH = """
import pickle, sys
import weasyprint
galley = pickle.load(open(sys.argv[1], "rb"))
sheets = [weasyprint.CSS(string=one.text, base_url=str(one.base or galley.base) + "/") for one in galley.stylesheets]
weasyprint.HTML(string=galley.html, base_url=str(galley.base) + "/").write_pdf(sys.argv[2], stylesheets=sheets)
"""


# Shown in the page: when a field is saved, and when both pages of the spread have their new pictures.
WATCH = """
window.seen = () => new Promise((done) => {
  const images = [...document.querySelectorAll(".sheet-pair .page:not(.other) img")];
  const before = images.map((one) => one.src);
  const look = () => {
    const isShown = images.every((one, at) => one.src !== before[at] && one.complete);
    if (isShown) done(performance.timeOrigin + performance.now());
    else requestAnimationFrame(look);
  };
  look();
});
window.field = () => [...document.querySelectorAll(".field")].find((one) => one.dataset.path === '["description"]')
  .querySelector("textarea");
window.typed = async (text) => {
  const shown = seen();
  const box = field();
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const started = performance.timeOrigin + performance.now();
  // As when she leaves the field: it is saved at once.
  box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  return (await shown) - started;
};
"""


class Timed:
    """Milliseconds of edits of each kind, and of the fresh process that runs between them."""

    def __init__(self, served: Served, tab: Tab, fresh: Callable[[], float]) -> None:
        self.served = served
        self.tab = tab
        self.fresh_process = fresh
        self.typed: list[float] = []
        self.saved: list[float] = []
        self.fresh: list[float] = []

    def run(self, number: int) -> None:
        """So many edits of each kind, after two that warm the workers."""
        card = self.served.card(CARD)
        original = card.read_text(encoding="utf-8")
        first = self.tab.run("field().value")
        for turn in range(-2, number):
            word = word_of(turn)
            self.typed.append(self.tab.run(f"typed({json.dumps(first + ' ' + word)})"))
            time.sleep(PAUSE)
            self.tab.ask("Runtime.evaluate", expression="window.shown = seen()")
            started = time.time() * 1000
            card.write_text(edited(original, word), encoding="utf-8")
            self.saved.append(self.tab.run("shown") - started)
            time.sleep(PAUSE)
            if turn < 0:
                self.typed.clear()
                self.saved.clear()
            elif turn % 4 == 0:
                self.fresh.append(self.fresh_process())
        card.write_text(original, encoding="utf-8")


def word_of(turn: int) -> str:
    """A word of its own for each edit."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(turn + 100))


def edited(original: str, word: str) -> str:
    """The card with one more word."""
    head, _, rest = original.partition("description:")
    first, _, _ = rest.lstrip(" |>-\n").partition(" ")
    place = rest.index(first) + len(first)
    return f"{head}description:{rest[:place]} {word}{rest[place:]}"


def fresh(folder: Path) -> Callable[[], float]:
    """What runs a fresh process, and gives its milliseconds."""
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
    command = [sys.executable, "-c", FRESH, str(kept), str(folder / "fresh.pdf")]

    def run() -> float:
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return (time.perf_counter() - started) * 1000

    return run


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
        with serve(folder) as served, browser(["--accept-lang=en"]) as chromium:
            served.until_settled()
            tab = chromium.tab()
            tab.size(1440, 900)
            open_form(tab, f"{served.address}#/full/forum/card-{CARD}", is_watched=False)
            tab.run(WATCH)
            timed = Timed(served, tab, fresh(folder))
            before = served.megabytes
            timed.run(number)
            after = served.megabytes
        warm, first = starting(folder, 3)
        return {
            "warm": warm, "first": first, "cards": cards, "before": before, "after": after,
            "typed": timed.typed, "saved": timed.saved, "fresh": statistics.median(timed.fresh),
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(BOUNDS))
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    is_broken = False
    for cards in options.sizes:
        told = measure(cards, options.edits)
        typed, saved = statistics.median(told["typed"]), statistics.median(told["saved"])
        is_broken |= max(typed, saved) > BOUNDS.get(cards, 350) or max(typed, saved) > told["fresh"] * SHARE
        is_broken |= told["first"] > told["warm"] * START
        print(
            f"{cards} cards: {typed:.0f} ms from a field that is saved to the new picture"
            f" (most {max(told['typed']):.0f}), {saved:.0f} from a save in another program"
            f" ({max(told['saved']):.0f}); bound {BOUNDS.get(cards, 350)}; a fresh process {told['fresh']:.0f} ms,"
            f" of which {typed / told['fresh']:.2f} and {saved / told['fresh']:.2f} ({SHARE}); memory"
            f" {told['before']:.0f} MB before {2 * options.edits} edits, {told['after']:.0f} MB after; first page"
            f" {told['first']:.0f} ms after the start, {told['first'] / told['warm']:.2f} of a warm build ({START})"
        )
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())

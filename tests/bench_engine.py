"""Measures what each of Livret's replacements in WeasyPrint gains: `make engine`.

All galleys of the demonstration in forum, and of cards of real lengths in pocket, are typeset by many processes side by
side: one with every replacement, one without any that is for speed, one without each group, and one without what is
prepared before workers are forked. They take turns at each galley, so that whatever else the machine does slows all of
them alike. What counts is the processor's time.

Ends with an error when two of them give other bytes or other facts, or when a group gains too little in both.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from livret.content.catalogue.reader import read_catalogue
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.galley import Galley
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.pages.pool import forkserver
from livret.project import Project
from stress import write

ROOT = Path(__file__).resolve().parents[1]

# What gains less is not worth its lines.
LEAST_GAIN = 0.03
# Cards that go through many steps of copyfitting; more of them say the same.
CARDS = 20

# A worker of Livret: told the number of a galley, it answers with seconds, and a digest of the PDF and its facts.
WORKER = """
import gc, hashlib, json, pickle, sys, time
from livret.pages.engine import typeset
galleys, fonts = pickle.load(open(sys.argv[1], "rb"))
is_prepared = sys.argv[2] == "prepared"
if is_prepared:
    typeset.prepare()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
for line in sys.stdin:
    start = time.process_time()
    pdf, facts, files = typeset.typeset(galleys[int(line)], fonts)
    seconds = time.process_time() - start
    made = pdf + json.dumps([facts.as_dict(), files], sort_keys=True).encode()
    print(json.dumps([seconds, hashlib.sha256(made).hexdigest()]), flush=True)
"""

EVERYTHING, CONTROL, NOTHING, UNPREPARED = "nothing", "nothing, again", "everything", "preparation"


def galleys(project: Project, layout: str) -> list[Galley]:
    """Every galley of a project, the furniture too."""
    catalogue, _ = read_catalogue(project)
    assert catalogue is not None
    edition = select(catalogue, "full")
    composer = Composer(project, edition, Layout(project, layout))
    planned = composer.layout.flatplan(edition)
    pagination = paginate(planned, {part.anchor: ("any",) for part in planned}, 4)
    return [*composer.furniture(pagination), *(composer.galley(part, pagination)[0] for part in pagination.parts)]


@contextlib.contextmanager
def worker(packed: Path, name: str, conf: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that typesets without the named group."""
    left_out = {EVERYTHING: "", CONTROL: "", NOTHING: "1", UNPREPARED: ""}.get(name, name)
    command = [sys.executable, "-c", WORKER, str(packed), "plain" if name in {NOTHING, UNPREPARED} else "prepared"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(conf), "LIVRET_NO_PATCHES": left_out}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def ask(process: subprocess.Popen[str], number: int) -> tuple[float, str]:
    """The seconds that a worker takes for a galley, and the digest of what it made."""
    assert process.stdin is not None
    assert process.stdout is not None
    print(number, file=process.stdin, flush=True)
    seconds, made = json.loads(process.stdout.readline())
    return seconds, made


def measure(root: Path, layout: str, names: list[str], rounds: int) -> dict[str, float]:
    """The processor's seconds that each takes for all galleys: of each galley, the least of all rounds."""
    with tempfile.TemporaryDirectory(prefix="livret-engine-") as folder:
        project = Project.at(root, Path(folder) / "output")
        made = galleys(project, layout)
        conf = forkserver.fonts_conf(project)
        packed = Path(folder) / "galleys.pickle"
        packed.write_bytes(pickle.dumps((made, project.fonts)))
        least: dict[tuple[str, int], float] = {}
        for _ in range(rounds):
            with contextlib.ExitStack() as stack:
                workers = {name: stack.enter_context(worker(packed, name, conf)) for name in names}
                for number, galley in enumerate(made):
                    # Another one comes first each time: what has just run finds its data in the processor's cache.
                    first = number % len(names)
                    told = {name: ask(workers[name], number) for name in names[first:] + names[:first]}
                    if len({digest for _, digest in told.values()}) > 1:
                        raise SystemExit(f"{galley.anchor}: not the same bytes: {told}")
                    for name, (seconds, _) in told.items():
                        least[name, number] = min(seconds, least.get((name, number), seconds))
    return {name: sum(least[name, number] for number in range(len(made))) for name in names}


def main() -> int:
    """Measure, print, and say what gains too little."""
    from livret.pages.engine import patches

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each galley is typeset (default: 3)")
    parser.add_argument("groups", nargs="*", help="measure only these groups (default: all)")
    options = parser.parse_args()
    groups = options.groups or [*patches.speed_groups(), UNPREPARED]
    names = [EVERYTHING, CONTROL, *groups, NOTHING]
    ratios: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="livret-engine-") as folder:
        for root, layout in ((ROOT, "forum"), (write(Path(folder), CARDS, "pocket"), "pocket")):
            seconds = measure(root, layout, names, options.rounds)
            base = min(seconds[EVERYTHING], seconds[CONTROL])
            ratios.append({name: taken / base for name, taken in seconds.items()})
            print(f"{layout + ', without':24}{'seconds':>9}{'ratio':>8}    same bytes in all")
            for name, taken in seconds.items():
                print(f"{name:24}{taken:9.2f}{taken / base:8.3f}")
    # What is prepared before the fork saves each worker once about 0.1 s, whatever it sets; it is shown, not judged.
    judged = (name for name in groups if name != UNPREPARED)
    small = [name for name in judged if max(one[name] for one in ratios) < 1 + LEAST_GAIN]
    for name in small:
        print(f"{name} gains less than {LEAST_GAIN:.0%} in both", file=sys.stderr)
    return 1 if small else 0


if __name__ == "__main__":
    sys.exit(main())

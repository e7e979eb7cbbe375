"""Builds that are killed, damaged, crowded and fed with hostile content: nothing is lost, left over or wrong.

    make soak                                           # ten minutes
    .venv/bin/python tests/soak.py --minutes 60 --seed 7

Each turn does one thing to a small catalogue and then builds it. The build must end with 0 and give the very bytes of
the first one. `test_soak.py` runs a few turns of each kind.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image

from conftest import FILES, SVG, CatalogueFolder
from damages import DAMAGES
from press import Done, command, environment, livret, plain_layout

BUILD = ("build", "--for", "both", "--jobs", "2")
# The most seconds that any build may take on a busy machine.
PATIENCE = 240
# Each draws the one below it ten times: a few hundred bytes, and no end.
LEVELS = "".join(f'<g id="a{level}">{f"""<use href="#a{level - 1}"/>""" * 10}</g>' for level in range(1, 14))
HOSTILE = {
    "nested.svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a0"/>{LEVELS}</svg>'.encode(),
    "cut.svg": SVG[: len(SVG) // 2].encode(),
    "empty.png": b"",
    "noise.png": random.Random(1).randbytes(4000),
}


class Fault(Exception):
    """Something was lost, left over or wrong."""


class Soak:
    """A small project, what its first build gave, and what may be done to it."""

    def __init__(self, folder: Path, seed: int, run: Callable[..., Done] = livret) -> None:
        """`run` makes the builds that nobody disturbs."""
        self.run = run
        self.random = random.Random(seed)
        self.project = CatalogueFolder(folder / "project")
        for name, content in FILES.items():
            self.project.write(name, content)
        pictograms = self.project.root / "pictograms"
        pictograms.mkdir()
        for name in ("logement", "emploi"):
            (pictograms / f"{name}.svg").write_text(SVG, encoding="utf-8")
        plain_layout(self.project)
        Image.new("RGB", (180, 120), "#336699").save(self.project.path("images/photo.png"))
        self.project.change("initiatives/aajt.yaml", "images/atelier.svg", "images/photo.png")
        self.output = self.project.root / "output"
        self.store = self.output / ".store"
        self.build()
        self.wanted = self.books()

    def books(self) -> Mapping[str, bytes]:
        """The screen and the press file."""
        return {path.name: path.read_bytes() for path in sorted((self.output / "full").glob("*.pdf"))}

    def build(self) -> str:
        """Build; gives what was said. Raises Fault unless it ends with 0."""
        done = self.run("-C", self.project.root, *BUILD, "-v")
        if done.code != 0 or "Traceback" in done.err:
            raise Fault(f"exit {done.code}: {done.err[-2000:]}")
        return done.err

    def check(self) -> str:
        """Build, and compare with the first build; gives what was said."""
        said = self.build()
        if self.books() != self.wanted:
            raise Fault(f"other bytes; {said[-2000:]}")
        return said

    def lose_some(self) -> None:
        """Have a build something to do: remove books, or some of the store, or all of it."""
        match self.random.randrange(3):
            case 0:
                shutil.rmtree(self.store)
            case 1:
                for path in self.files():
                    if self.random.random() < 0.5:
                        path.unlink()
            case _:
                shutil.rmtree(self.output / "full")

    def files(self) -> Sequence[Path]:
        """The files of the store, in an order that can be repeated."""
        return sorted(path for path in self.store.rglob("*") if path.is_file() and not path.is_symlink())

    # --- what is done to it ---

    def damage(self, number: int = 1) -> list[str]:
        """Damage so many files of the store, build, and see that it healed. Gives what was done."""
        done = []
        for _ in range(number):
            path = self.random.choice(self.files())
            how = self.random.choice(sorted(DAMAGES))
            done.append(f"{how}: {path.relative_to(self.store)}")
            DAMAGES[how](path)
        try:
            self.check()
            said = self.check()
        except Fault as fault:
            raise Fault(f"after {done}: {fault}") from None
        if "damaged-store" in said:
            raise Fault(f"after {done}: not healed: {said}")
        return done

    def kill(self, whom: str) -> None:
        """End a build at a random moment: its group, itself, one of its processes, by Ctrl-C or by TERM."""
        self.lose_some()
        # What a build left that was killed outright is swept when it is an hour old.
        before = self.beside()
        reading, alive = os.pipe()
        running = subprocess.Popen(
            command("-C", self.project.root, *BUILD),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=alive,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A shell that runs tests in the background has it ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(alive)
        time.sleep(self.random.uniform(0.05, 6))
        self._signal(running.pid, whom)
        said = running.communicate(timeout=PATIENCE)[1].decode(errors="replace")
        with os.fdopen(reading, "rb") as pipe:
            os.set_blocking(pipe.fileno(), False)
            until = time.monotonic() + 30
            # The pipe ends when the last process has gone.
            while pipe.read() != b"":
                if time.monotonic() > until:
                    raise Fault(f"{whom}: a process of the build is left")
                time.sleep(0.05)
        if "Traceback" in said and whom in {"interrupt", "terminate"}:
            raise Fault(f"{whom}: {said[-2000:]}")
        if whom == "worker" and running.returncode != 0:
            raise Fault(f"one killed worker failed the build: {said[-2000:]}")
        if whom in {"interrupt", "terminate"}:
            if running.returncode not in {0, 130, -signal.SIGTERM, -signal.SIGINT}:
                raise Fault(f"{whom}: exit {running.returncode}: {said[-2000:]}")
            self._added(before)
        self.check()

    def _signal(self, pid: int, whom: str) -> None:
        try:
            match whom:
                case "group":
                    os.killpg(pid, signal.SIGKILL)
                case "parent":
                    os.kill(pid, signal.SIGKILL)
                case "interrupt":
                    os.killpg(pid, signal.SIGINT)
                case "terminate":
                    os.kill(pid, signal.SIGTERM)
                case "worker":
                    below = _below(pid)
                    if below:
                        os.kill(self.random.choice(below), signal.SIGKILL)
                case _:
                    raise ValueError(whom)
        except ProcessLookupError:
            # It had ended before.
            pass

    def _added(self, before: set[Path]) -> None:
        """Raises Fault when there are more half-written files than before."""
        if left := self.beside() - before:
            raise Fault(f"left beside: {left}")

    def beside(self) -> set[Path]:
        """The half-written files."""
        return {path for path in self.output.rglob(".*") if path != self.store and path.is_file()}

    def crowd(self, number: int = 4, *, from_nothing: bool = False) -> None:
        """Build so many times at once: what was lost, or everything into a folder that is not there yet."""
        if from_nothing:
            shutil.rmtree(self.output)
        else:
            self.lose_some()
        before = self.beside()
        crowd = [
            subprocess.Popen(
                command("-C", self.project.root, *BUILD),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for _ in range(number)
        ]
        said = [one.communicate(timeout=PATIENCE)[0].decode() for one in crowd]
        if any(one.returncode for one in crowd):
            raise Fault("\n".join(said)[-3000:])
        if self.books() != self.wanted:
            raise Fault("builds at the same time gave other bytes")
        self._added(before)
        self.check()

    def feed(self, name: str) -> None:
        """Show a hostile picture on a card: the build fails, says where, and leaves the last book."""
        path = self.project.path("images/photo.png")
        picture, card = path.read_bytes(), self.project.path("initiatives/aajt.yaml").read_text(encoding="utf-8")
        hostile = self.project.path(f"images/{name}")
        hostile.write_bytes(HOSTILE[name])
        self.project.change("initiatives/aajt.yaml", "images/photo.png", f"images/{name}")
        start, before = time.monotonic(), self.beside()
        done = self.run("-C", self.project.root, *BUILD, more={"LIVRET_GALLEY_SECONDS": "4"})
        seconds = time.monotonic() - start
        self.project.write("initiatives/aajt.yaml", card)
        hostile.unlink()
        if done.code != 1 or "Traceback" in done.err or name not in done.err:
            raise Fault(f"{name}: exit {done.code} after {seconds:.0f} s: {done.err[-2000:]}")
        if self.books() != self.wanted or path.read_bytes() != picture:
            raise Fault(f"{name}: the last book is not there any more")
        self._added(before)
        self.check()


def _below(pid: int) -> list[int]:
    """The processes that a process has started, and those that these have; without helpers that hold no task."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(parts[1]) == pid:
            found += [int(path.parent.name), *_below(int(path.parent.name))]
    return found


KILLS = ("group", "parent", "interrupt", "terminate", "worker")


def turns(soak: Soak) -> Sequence[tuple[str, Callable[[], object]]]:
    """All that a soak does, by name."""
    return [
        ("damage", soak.damage),
        ("damage of five", lambda: soak.damage(5)),
        *[(f"kill {whom}", lambda whom=whom: soak.kill(whom)) for whom in KILLS],
        ("four at once", soak.crowd),
        *[(name, lambda name=name: soak.feed(name)) for name in HOSTILE],
    ]


def main() -> None:
    """Soak for a while; ends with 1 at the first fault."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else int(time.time())
    until, count = time.monotonic() + 60 * chosen.minutes, 0
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), seed)
        while time.monotonic() < until:
            name, turn = soak.random.choice(turns(soak))
            done = turn()
            count += 1
            print(f"{count}: {name} {done or ''}", flush=True)
    print(f"{count} turns: nothing lost, left over or wrong")


if __name__ == "__main__":
    main()

"""Damaged PDFs for preflight: whatever a file holds, there is a verdict, soon and without much memory.

    make fuzz                                           # ten minutes
    .venv/bin/python tests/fuzz.py --minutes 60 --seed 7

Each turn changes a small PDF in one way and judges it by PDF/X-4 and by a press profile. A turn that takes too long,
raises, or gives no finding for a file that has become unusable is kept in the folder `fuzz` of the system's folder for
temporary files. `test_preflight_fuzz.py` runs some turns of each kind.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

import printable
from livret.control import preflight

# The most seconds of processor time for a file of two pages, and the most memory of the whole run, in megabytes.
PATIENCE = 20
MEMORY = 1000

OLD = (b"/Font", b"/Page", b"/Type", b" re", b" Tf", b"/Widths", b"/W ", b"<<", b">>", b"[", b"/Kids")
NEW = (b"/Null", b"null", b"-1", b"99999999999", b"()", b"<<", b"]", b"/Kids", b"true")

Damage = Callable[[bytes, random.Random], bytes]


def source(pdf: pikepdf.Pdf) -> bytes:
    """A file as bytes."""
    out = io.BytesIO()
    pdf.save(out, force_version="1.6", fix_metadata_version=False, deterministic_id=True, compress_streams=False)
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A clean file of two pages with one change."""
    pdf = printable.clean(2)
    change(pdf)
    return source(pdf)


def flipped(raw: bytes, dice: random.Random) -> bytes:
    """A few bytes are others."""
    found = bytearray(raw)
    # The ICC profile fills most of the file: changes go where the objects are.
    for _ in range(dice.randint(1, 20)):
        place = dice.randrange(len(found)) if dice.random() < 0.3 else dice.randrange(min(len(found), 20_000))
        found[place] = dice.randrange(256)
    return bytes(found)


def cut(raw: bytes, dice: random.Random) -> bytes:
    """The end is missing."""
    return raw[: dice.randrange(len(raw))]


def swapped(raw: bytes, dice: random.Random) -> bytes:
    """References lead to other objects."""
    parts = raw.split(b" 0 R")
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(parts) - 1)
        head, _, number = parts[place].rpartition(b" ")
        parts[place] = head + b" " + str(dice.randint(0, 20)).encode().rjust(len(number), b"0")
    return b" 0 R".join(parts)


def words(raw: bytes, dice: random.Random) -> bytes:
    """Keys and values are others."""
    for _ in range(dice.randint(1, 5)):
        old = dice.choice(
            [b"/Font", b"/Page", b"/Type", b" re", b" Tf", b"/Widths", b"/W ", b"<<", b">>", b"[", b"/Kids"]
        )
        new = dice.choice([b"/Null", b"null", b"-1", b"99999999999", b"()", b"<<", b"]", b"/Kids", b"true"])
        raw = raw.replace(old, new, 1) if dice.random() < 0.5 else new.join(raw.rsplit(old, 1))
    return raw


def cyclic_forms(raw: bytes, dice: random.Random) -> bytes:
    """A form draws itself, by itself or through another."""

    def change(pdf: pikepdf.Pdf) -> None:
        forms = [
            pdf.make_stream(b"/A Do /B Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
            for _ in "AB"
        ]
        resources = pdf.make_indirect(Dictionary(XObject=Dictionary(A=forms[0], B=forms[1])))
        for form in forms:
            form.Resources = resources
        pdf.pages[0].Resources = resources
        pdf.pages[0].Contents = pdf.make_stream(b"/A Do")

    return changed(change)


def deep_states(raw: bytes, dice: random.Random) -> bytes:
    """Ten thousand states are saved."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pdf.make_stream(b"q " * 10_000 + b"0 0 0 1 k 100 100 9 9 re f" + b" Q" * 10_000)

    return changed(change)


def exponential_forms(raw: bytes, dice: random.Random) -> bytes:
    """Each form draws the next one ten times."""

    def change(pdf: pikepdf.Pdf) -> None:
        below: object = None
        for _ in range(25):
            content = b"/Next Do " * 10 if below is not None else b"0 0 1 1 re f"
            form = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
            form.Resources = Dictionary(XObject=Dictionary(Next=below)) if below is not None else Dictionary()
            below = form
        pdf.pages[0].Resources.XObject = Dictionary(Next=below)
        pdf.pages[0].Contents = pdf.make_stream(b"/Next Do")

    return changed(change)


def deep_objects(raw: bytes, dice: random.Random) -> bytes:
    """An array holds an array that holds an array ..."""
    return raw.replace(b"/OP true", b"/OP " + b"[" * 3000 + b"]" * 3000, 1)


def cyclic_pages(raw: bytes, dice: random.Random) -> bytes:
    """The tree of pages leads back to itself."""
    return raw.replace(b"/Kids [ ", b"/Kids [ 1 0 R 2 0 R 3 0 R 4 0 R ", 1)


KINDS: dict[str, Damage] = {
    damage.__name__: damage
    for damage in (
        flipped, cut, swapped, words, cyclic_forms, deep_states, exponential_forms, deep_objects, cyclic_pages,
    )
}  # fmt: skip
# The same bytes each time: one turn is enough.
ONCE = ("cyclic_forms", "deep_states", "exponential_forms", "deep_objects", "cyclic_pages")


def turn(kind: str, seed: int, folder: Path) -> list[str]:
    """Damage a file and judge it; gives what went wrong."""
    dice = random.Random(f"{kind} {seed}")
    path = folder / f"{kind}-{seed}.pdf"
    path.write_bytes(KINDS[kind](source(printable.clean(2)), dice))
    wrong = []
    for name in ("coated-fogra39",) if kind in ONCE else ("pdfx4", "coated-fogra39"):
        profile, _ = preflight.print_profile_named(name)
        assert profile is not None
        began = time.process_time()
        try:
            verdict = preflight.judge(path, profile, asked=preflight.Asked(with_ink=False))
        except Exception as problem:
            wrong.append(f"{path.name}, {name}: raises {type(problem).__name__}: {problem}")
            continue
        if time.process_time() - began > PATIENCE:
            wrong.append(f"{path.name}, {name}: took {time.process_time() - began:.0f} s")
        if not verdict.pages and not verdict.findings:
            wrong.append(f"{path.name}, {name}: no page and no finding")
    if not wrong:
        path.unlink()
    return wrong


def main() -> int:
    """Run turns of all kinds until the time is over."""
    reader = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    reader.add_argument("--minutes", type=float, default=10)
    reader.add_argument("--seed", type=int, default=1)
    given = reader.parse_args()
    folder = Path(tempfile.gettempdir()) / "fuzz"
    folder.mkdir(exist_ok=True)
    end, seed, turns, wrong = time.monotonic() + 60 * given.minutes, given.seed, 0, 0
    while time.monotonic() < end:
        for kind in KINDS:
            if kind in ONCE and seed > given.seed:
                continue
            for told in turn(kind, seed, folder):
                wrong += 1
                print(told, flush=True)
            turns += 1
        seed += 1
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{turns} turns, {wrong} wrong, {used} MB at most")
    return int(bool(wrong) or used > MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())

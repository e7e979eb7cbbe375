"""Printer's marks: crop marks, register marks and a colour bar around the trim, and the place of the slug line.

All of them stand outside the bleed. On each side, from the trim outwards: the bleed, a row for the marks, and a
row for the slug, so that the trim stays in the middle of the sheet, where a press that centres its pages expects it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from livret.content.press.profile import PressProfile
from livret.measure import Rect, mm

# The resource that means "every ink" in what is drawn here: Separation /All (ISO 32000-1, 8.6.6.4).
REGISTRATION = "/Registration"

# As long, and as thin, as layout programs draw them.
ROW = mm(5)
LINE = 0.25
# What stands in a row keeps this far from its neighbours, and patches this far from the art.
CLEAR = mm(3)
GAP = mm(1)
PATCH = mm(5)
RING = mm(1.5)
# A quarter of a circle as a Bézier curve: 4/3 (sqrt 2 - 1) of the radius.
ARC = 4 / 3 * (math.sqrt(2) - 1)

SLUG_ROW = 9.0
SLUG_SIZE = 6.0
# From the top of the row down to the baseline: 2 points of air, and the ascenders of 6 point text.
SLUG_BASELINE = 6.5

Ink = tuple[float, float, float, float]

# To the left of the register mark, outwards: what goes first when a page is narrow stands last.
SOLIDS: tuple[Ink, ...] = ((0, 0, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
OVERPRINTS: tuple[Ink, ...] = ((0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0))
# To its right: half black beside the grey of three inks that must look like it (50, 40, 40: ISO 12647-2:2004).
TINTS: tuple[Ink, ...] = ((0, 0, 0, 0.5), (0.5, 0.4, 0.4, 0), (0.5, 0, 0, 0), (0, 0.5, 0, 0), (0, 0, 0.5, 0))


@dataclass(frozen=True)
class PrintersMarks:
    """The marks that a press profile asks for, around the trim of a page. Lengths are in points."""

    profile: PressProfile

    @property
    def start(self) -> float:
        """How far from the trim the marks begin: never inside the bleed."""
        return max(self.profile.marks_offset_points, self.profile.bleed_points)

    @property
    def room(self) -> float:
        """From the trim to the edge of the sheet, on each side: the bleed alone when no mark is on.

        With marks it is a whole number, so that pages of whole points stay on the grid of pixels.
        """
        rows = (ROW if self.row else 0) + (SLUG_ROW if self.profile.marks.slug else 0)
        return math.ceil(self.start + rows) if rows else self.profile.bleed_points

    @property
    def row(self) -> bool:
        """Whether anything stands in the row next to the bleed."""
        wanted = self.profile.marks
        return wanted.crop or wanted.registration or wanted.colour_bar

    def slug_place(self, trim: Rect) -> tuple[float, float, float]:
        """Where the slug line begins (x, and y of its baseline) and how wide it may be, below the row of marks."""
        y = trim.y0 - self.start - (ROW if self.row else 0) - SLUG_BASELINE
        return trim.x0 + CLEAR, y, trim.width - 2 * CLEAR

    def drawn(self, trim: Rect) -> bytes:
        """The marks of a page without the slug line, as content; REGISTRATION must be among its colour spaces."""
        wanted, start = self.profile.marks, self.start
        lines = [f"{REGISTRATION} CS 1 SCN {LINE} w"]
        if wanted.crop:
            lines += _crop_marks(trim, start)
        if wanted.registration:
            lines += _register_marks(trim, start)
        if wanted.colour_bar:
            lines += _colour_bar(trim, start)
        return "\n".join(lines).encode()


def _crop_marks(trim: Rect, start: float) -> Iterator[str]:
    """Two lines at each corner, along the edges of the trim."""
    near, far = trim.grown(start), trim.grown(start + ROW)
    for x in (trim.x0, trim.x1):
        yield _line(x, near.y0, x, far.y0)
        yield _line(x, near.y1, x, far.y1)
    for y in (trim.y0, trim.y1):
        yield _line(near.x0, y, far.x0, y)
        yield _line(near.x1, y, far.x1, y)


def _register_marks(trim: Rect, start: float) -> Iterator[str]:
    """A ring with a cross in the middle of each side."""
    middle = trim.grown(start + ROW / 2)
    x, y = (trim.x0 + trim.x1) / 2, (trim.y0 + trim.y1) / 2
    arm, bend = ROW / 2, RING * ARC
    for cx, cy in ((x, middle.y0), (x, middle.y1), (middle.x0, y), (middle.x1, y)):
        yield _line(cx - arm, cy, cx + arm, cy)
        yield _line(cx, cy - arm, cx, cy + arm)
        yield _numbers(cx + RING, cy) + " m"
        for turn in range(4):
            # The unit vectors to where this quarter begins and ends.
            (ax, ay), (bx, by) = (((1, 0), (0, 1), (-1, 0), (0, -1))[(turn + step) % 4] for step in (0, 1))
            curve = (
                (cx + ax * RING + bx * bend, cy + ay * RING + by * bend),
                (cx + bx * RING + ax * bend, cy + by * RING + ay * bend),
                (cx + bx * RING, cy + by * RING),
            )
            yield " ".join(_numbers(*point) for point in curve) + " c"
        yield "s"


def _colour_bar(trim: Rect, start: float) -> Iterator[str]:
    """Patches at the head, on both sides of the register mark, as many as the page is wide enough for."""
    middle = (trim.x0 + trim.x1) / 2
    y, height = trim.y1 + start + GAP, ROW - GAP
    beside = ROW / 2 + CLEAR
    fitting = max(0, math.floor((trim.width / 2 - beside - CLEAR) / PATCH))
    for number, ink in enumerate((SOLIDS + OVERPRINTS)[:fitting], start=1):
        yield f"{_numbers(*ink)} k {_numbers(middle - beside - number * PATCH, y, PATCH, height)} re f"
    for number, ink in enumerate(TINTS[:fitting]):
        yield f"{_numbers(*ink)} k {_numbers(middle + beside + number * PATCH, y, PATCH, height)} re f"


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{_numbers(x0, y0)} m {_numbers(x1, y1)} l S"


def _numbers(*values: float) -> str:
    """Numbers as content has them, to a thousandth of a point and never with an exponent."""
    return " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in values)

"""Draws printer's marks (crop marks, register marks, colour bar) around the trim, and finds the place of the slug line.

All of them are outside the bleed. From the trim outwards, each side has the bleed, a row for the marks, and a row for
the slug. All sides are equal, so the trim is in the middle of the sheet, where a press that centres pages expects it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from livret.content.press.profile import PressProfile
from livret.measure import Rect, mm

# The name of the colour space for "every ink": Separation /All (ISO 32000-1, 8.6.6.4).
REGISTRATION = "/Registration"

# Length and width of the marks in points, the same as in common layout programs.
ROW = mm(5)
LINE = 0.25
# CLEAR: space between things in a row. GAP: space between patches and the artwork.
CLEAR = mm(3)
GAP = mm(1)
PATCH = mm(5)
RING = mm(1.5)
# A quarter of a circle as a Bézier curve: 4/3 (sqrt 2 - 1) of the radius.
ARC = 4 / 3 * (math.sqrt(2) - 1)

SLUG_ROW = 9.0
SLUG_SIZE = 6.0
# From the top of the row down to the baseline: 2 points of space, and the ascenders of 6 point text.
SLUG_BASELINE = 6.5

Ink = tuple[float, float, float, float]

# Patches to the left of the register mark, from the mark outwards. A narrow page leaves out the last ones.
SOLIDS: tuple[Ink, ...] = ((0, 0, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
OVERPRINTS: tuple[Ink, ...] = ((0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0))
# Patches to its right. They begin with half black and the grey of three inks that must look the same
# (50, 40, 40: ISO 12647-2:2004).
TINTS: tuple[Ink, ...] = ((0, 0, 0, 0.5), (0.5, 0.4, 0.4, 0), (0.5, 0, 0, 0), (0, 0.5, 0, 0), (0, 0, 0.5, 0))


@dataclass(frozen=True)
class PrintersMarks:
    """The marks that a press profile asks for, around the trim of a page. Lengths are in points."""

    profile: PressProfile

    @property
    def start(self) -> float:
        """The distance from the trim to the marks. They never begin inside the bleed."""
        return max(self.profile.marks_offset_points, self.profile.bleed_points)

    @property
    def room(self) -> float:
        """The distance from the trim to the edge of the sheet, on each side. Without marks it is the bleed.

        With marks it is a whole number, so that pages of whole points keep their position on the pixel grid.
        """
        rows = (ROW if self.row else 0) + (SLUG_ROW if self.profile.marks.slug else 0)
        return math.ceil(self.start + rows) if rows else self.profile.bleed_points

    @property
    def row(self) -> bool:
        """Whether there is any mark in the row next to the bleed."""
        wanted = self.profile.marks
        return wanted.crop or wanted.registration or wanted.colour_bar

    def slug_place(self, trim: Rect) -> tuple[float, float, float]:
        """Return x and y of the start of the slug line and its greatest width, in points. It is below the marks."""
        y = trim.y0 - self.start - (ROW if self.row else 0) - SLUG_BASELINE
        return trim.x0 + CLEAR, y, trim.width - 2 * CLEAR

    def drawn(self, trim: Rect) -> bytes:
        """Return the content that draws the marks around `trim`, without the slug line.

        The resources of the content must have the colour space REGISTRATION.
        """
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
    """Draw two lines at each corner, along the edges of the trim."""
    near, far = trim.grown(start), trim.grown(start + ROW)
    for x in (trim.x0, trim.x1):
        yield _line(x, near.y0, x, far.y0)
        yield _line(x, near.y1, x, far.y1)
    for y in (trim.y0, trim.y1):
        yield _line(near.x0, y, far.x0, y)
        yield _line(near.x1, y, far.x1, y)


def _register_marks(trim: Rect, start: float) -> Iterator[str]:
    """Draw a ring with a cross in the middle of each side."""
    middle = trim.grown(start + ROW / 2)
    x, y = (trim.x0 + trim.x1) / 2, (trim.y0 + trim.y1) / 2
    arm, bend = ROW / 2, RING * ARC
    for cx, cy in ((x, middle.y0), (x, middle.y1), (middle.x0, y), (middle.x1, y)):
        yield _line(cx - arm, cy, cx + arm, cy)
        yield _line(cx, cy - arm, cx, cy + arm)
        yield _numbers(cx + RING, cy) + " m"
        for turn in range(4):
            # The unit vectors from the centre to the start and the end of this quarter.
            (ax, ay), (bx, by) = (((1, 0), (0, 1), (-1, 0), (0, -1))[(turn + step) % 4] for step in (0, 1))
            curve = (
                (cx + ax * RING + bx * bend, cy + ay * RING + by * bend),
                (cx + bx * RING + ax * bend, cy + by * RING + ay * bend),
                (cx + bx * RING, cy + by * RING),
            )
            yield " ".join(_numbers(*point) for point in curve) + " c"
        yield "s"


def _colour_bar(trim: Rect, start: float) -> Iterator[str]:
    """Draw patches at the head, on both sides of the register mark, as many as fit the width of the page."""
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
    """Return numbers for a content stream, with at most three decimals and without exponent."""
    return " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in values)

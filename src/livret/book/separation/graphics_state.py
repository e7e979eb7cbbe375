"""The graphics state of a content stream (ISO 32000-1, 8.4), with the parts that separation needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from livret.book.separation.colour_spaces import Space, device
from livret.book.separation.functions import Values
from livret.book.separation.targets import Target

# GWG 2022, R0009 and R0010: black text below 12 pt and black lines below 2 pt overprint. Then no white paper shows
# when the plates are not in register.
SMALL_TEXT = 12.0
THIN_LINE = 2.0

# The linear part of a matrix: a b c d.
Linear = tuple[float, float, float, float]
UPRIGHT: Linear = (1.0, 0.0, 0.0, 1.0)
# Left, bottom, right, top.
Box = tuple[float, float, float, float]


def multiply(first: Sequence[float], second: Linear) -> Linear:
    """Multiply the linear parts of two matrices. `first` is applied first."""
    (a, b, c, d, *_), (e, f, g, h) = first, second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


@dataclass(frozen=True)
class Start:
    """The state at the start of a content stream. A colour is None when it is a pattern or a spot colour."""

    target: Target
    matrix: Linear = UPRIGHT
    fill: Values | None = None
    stroke: Values | None = None
    width: float = 1.0
    depth: int = 0
    # The stream takes its colour from its user: stencil patterns, most glyphs of Type 3.
    is_uncoloured: bool = False
    # Pages and patterns begin in black ink. This must be written, because the default of PDF is DeviceGray.
    is_fresh: bool = False

    @property
    def scale(self) -> tuple[float, float, float]:
        """The values that text size and line width depend on, rounded to compare them."""
        a, b, c, d = self.matrix
        return round(math.hypot(c, d), 4), round(abs(a * d - b * c), 4), round(self.width, 4)


@dataclass(slots=True)
class State:
    """The graphics state at one place of a content stream."""

    matrix: Linear
    fill: Values | None
    stroke: Values | None
    width: float
    fill_space: Space
    stroke_space: Space
    font_size: float = 0.0
    rendering: int = 0
    is_coloured_font: bool = False
    # The overprint that was last written: for lines, and for fills and text.
    overprint: tuple[bool, bool] = (False, False)

    def copied(self) -> State:
        """Return a copy. It is written by hand because it must be fast: a file has thousands."""
        return State(
            self.matrix,
            self.fill,
            self.stroke,
            self.width,
            self.fill_space,
            self.stroke_space,
            self.font_size,
            self.rendering,
            self.is_coloured_font,
            self.overprint,
        )

    @property
    def line(self) -> float:
        """The width of lines in points. In a skewed space it is the mean width."""
        a, b, c, d = self.matrix
        return self.width * math.sqrt(abs(a * d - b * c))


class Graphics:
    """Keeps the graphics state while a content stream is read."""

    def __init__(self, start: Start) -> None:
        grey = device("/DeviceGray")
        self.now = State(start.matrix, start.fill, start.stroke, start.width, grey, grey)
        self.pushed: list[State] = []
        self.text: Linear = UPRIGHT

    def push(self) -> None:
        """Save the state (`q`)."""
        self.pushed.append(self.now.copied())

    def pop(self) -> bool:
        """Restore the state (`Q`). Return False when there was no `q` before it."""
        if self.pushed:
            self.now = self.pushed.pop()
            return True
        return False

    @property
    def scale(self) -> float:
        """The length of a unit in points. In a skewed space it is the mean length."""
        a, b, c, d = self.now.matrix
        return math.sqrt(abs(a * d - b * c))

    @property
    def em(self) -> float:
        """The size of text in points: the height of the em on the page."""
        (a, b, c, d), (_, _, x, y) = self.now.matrix, self.text
        return abs(self.now.font_size) * math.hypot(x * a + y * c, x * b + y * d)


def thickness(parts: Sequence[Sequence[tuple[float, float]]], is_even_odd: bool) -> float:
    """Return the thickness of the thickest part of a filled path, in units of its space.

    It knows rules, and frames between two rectangles, also several in each other, as a double border is. For other
    shapes it is the shorter side of the box around them.
    """
    shapes = []
    for points in parts:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        shapes.append(((min(xs), min(ys), max(xs), max(ys)), _turn(points) > 0))
    shapes.sort(key=lambda shape: (shape[0][2] - shape[0][0]) * (shape[0][3] - shape[0][1]), reverse=True)
    boxes = [box for box, _ in shapes]
    gaps = [_gaps(outer, inner) for outer, inner in pairwise(boxes)]
    # What is inside of two rectangles is painted, unless the rule is even-odd or they turn against each other.
    is_frame = is_even_odd or all(one[1] != other[1] for one, other in pairwise(shapes))
    if len(boxes) % 2 == 0 and is_frame and all(min(gap) >= 0 for gap in gaps):
        return max(max(gap) for gap in gaps[::2])
    return max(min(box[2] - box[0], box[3] - box[1]) for box in boxes)


def _gaps(outer: Box, inner: Box) -> Box:
    return inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]


def _turn(points: Sequence[tuple[float, float]]) -> float:
    """Twice the area that a path goes around, negative if it turns the other way."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise((*points, points[0])))

"""The graphics state of a content stream (ISO 32000-1, 8.4), as far as separating it must follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from livret.book.separation.colour_spaces import Space, device
from livret.book.separation.functions import Values
from livret.book.separation.targets import Target

# GWG 2022, R0009 and R0010: black text below 12 pt and black lines below 2 pt overprint, so that no paper shows where
# plates do not meet.
SMALL_TEXT = 12.0
THIN_LINE = 2.0

# The linear part of a matrix: a b c d.
Linear = tuple[float, float, float, float]
UPRIGHT: Linear = (1.0, 0.0, 0.0, 1.0)


def multiply(first: Sequence[float], second: Linear) -> Linear:
    """The linear part of two matrices, the first applied first."""
    (a, b, c, d, *_), (e, f, g, h) = first, second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


@dataclass(frozen=True)
class Start:
    """The state in which a content stream begins. A colour is None where it is a pattern or a spot colour."""

    target: Target
    matrix: Linear = UPRIGHT
    fill: Values | None = None
    stroke: Values | None = None
    width: float = 1.0
    depth: int = 0
    # The colour is that of who paints with it: stencil patterns, most glyphs of Type 3.
    is_uncoloured: bool = False
    # Pages and patterns begin in black, which must be said: what PDF begins with is a grey.
    is_fresh: bool = False

    @property
    def scale(self) -> tuple[float, float, float]:
        """What the size of text and lines depends on."""
        a, b, c, d = self.matrix
        return round(math.hypot(c, d), 4), round(abs(a * d - b * c), 4), round(self.width, 4)


@dataclass(slots=True)
class State:
    """The graphics state at one place."""

    matrix: Linear
    fill: Values | None
    stroke: Values | None
    width: float
    fill_space: Space
    stroke_space: Space
    font_size: float = 0.0
    rendering: int = 0
    is_coloured_font: bool = False
    # What has been written of overprint: that of lines, that of fills and text.
    overprint: tuple[bool, bool] = (False, False)

    def copied(self) -> State:
        """The same state, to be changed by itself; thousands a file, so by hand."""
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
        """The width of lines in points; in a skewed space the mean of its widths."""
        a, b, c, d = self.matrix
        return self.width * math.sqrt(abs(a * d - b * c))


class Graphics:
    """Follows the state through a content stream."""

    def __init__(self, start: Start) -> None:
        grey = device("/DeviceGray")
        self.now = State(start.matrix, start.fill, start.stroke, start.width, grey, grey)
        self.pushed: list[State] = []
        self.text: Linear = UPRIGHT

    def push(self) -> None:
        """`q`."""
        self.pushed.append(self.now.copied())

    def pop(self) -> bool:
        """`Q`; whether there was a `q` before it."""
        if self.pushed:
            self.now = self.pushed.pop()
            return True
        return False

    @property
    def scale(self) -> float:
        """How many points a unit is long; in a skewed space the mean of its lengths."""
        a, b, c, d = self.now.matrix
        return math.sqrt(abs(a * d - b * c))

    @property
    def em(self) -> float:
        """The size of text in points: the height of the em as it is seen."""
        (a, b, c, d), (_, _, x, y) = self.now.matrix, self.text
        return abs(self.now.font_size) * math.hypot(x * a + y * c, x * b + y * d)


def thickness(parts: Sequence[Sequence[tuple[float, float]]]) -> float:
    """How thick the thickest part of a filled path is: a rule, or a frame between two rectangles.

    Of anything else it is the shorter side of the box around it.
    """
    boxes: list[tuple[float, float, float, float]] = []
    for points in parts:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    if len(boxes) == 2:
        outer, inner = sorted(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), reverse=True)
        gaps = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
        if min(gaps) >= 0:
            return max(gaps)
    return max(min(box[2] - box[0], box[3] - box[1]) for box in boxes)

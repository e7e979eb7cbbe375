"""Matrices, boxes and outlines on the page, in points of default user space."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt
from typing import TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Box: TypeAlias = tuple[float, float, float, float]
Point: TypeAlias = tuple[float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NOWHERE: Box = (0.0, 0.0, -1.0, -1.0)
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
# Two things nearer than this touch.
TOUCH = 0.01
_LARGEST = 1e9


def matrix(numbers: Sequence[float]) -> Matrix:
    """Six numbers as a matrix; IDENTITY when they are none, or are beyond all measure."""
    if len(numbers) < 6:
        return IDENTITY
    a, b, c, d, e, f = numbers[:6]
    # What is no number, or infinite, makes the sum so too.
    if abs(a) + abs(b) + abs(c) + abs(d) + abs(e) + abs(f) < _LARGEST:
        return a, b, c, d, e, f
    return IDENTITY


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def scales(by: Matrix) -> tuple[float, float]:
    """The least and the greatest factor by which a matrix stretches a length: its singular values."""
    a, b, c, d = by[:4]
    half = (a * a + b * b + c * c + d * d) / 2
    determinant = a * d - b * c
    root = sqrt(max(0.0, half * half - determinant * determinant))
    greatest = sqrt(max(0.0, half + root))
    return (abs(determinant) / greatest if greatest > 0 else 0.0), greatest


def place(point: Point, by: Matrix) -> Point:
    """Where a matrix takes a point."""
    x, y = point
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def corners(box: Box, by: Matrix) -> tuple[Point, Point, Point, Point]:
    """The corners of a box where a matrix takes them, in order round it."""
    x0, y0, x1, y1 = box
    return place((x0, y0), by), place((x1, y0), by), place((x1, y1), by), place((x0, y1), by)


def bounds(points: Sequence[Point]) -> Box:
    """The least box round points; NOWHERE when there is none."""
    if not points:
        return NOWHERE
    xs = [point[0] for point in points]
    ys = [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def placed_box(box: Box, by: Matrix) -> Box:
    """The least box round a box where a matrix takes it."""
    x0, y0, x1, y1 = box
    a, b, c, d, e, f = by
    if b == 0 == c:
        left, right, low, high = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        return (
            left if left < right else right,
            low if low < high else high,
            right if left < right else left,
            high if low < high else low,
        )
    return bounds(corners(box, by))


def common(one: Box, other: Box) -> Box:
    """What two boxes have in common; a box whose right edge lies left of its left edge when that is nothing."""
    return (
        one[0] if one[0] > other[0] else other[0],
        one[1] if one[1] > other[1] else other[1],
        one[2] if one[2] < other[2] else other[2],
        one[3] if one[3] < other[3] else other[3],
    )


def is_empty(box: Box) -> bool:
    """Whether a box holds no point at all. A box without width or height still holds a line."""
    return box[2] < box[0] - TOUCH or box[3] < box[1] - TOUCH


def overlap(one: Box, other: Box, depth: float = TOUCH) -> bool:
    """Whether two boxes have more in common than `depth` each way."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > depth and min(one[3], other[3]) - max(one[1], other[1]) > depth
    )


def inside(inner: Box, outer: Box, slack: float = TOUCH) -> bool:
    """Whether the first box lies in the second, give or take `slack`."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def grown(box: Box, by: float) -> Box:
    """A box with each edge moved outwards."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def ordered(numbers: Sequence[float]) -> Box | None:
    """Four numbers as a box whose first corner is the lower left one; None when they are none."""
    if len(numbers) != 4 or not all(isfinite(one) and abs(one) < _LARGEST for one in numbers):
        return None
    x0, y0, x1, y1 = numbers
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def is_convex(points: Sequence[Point]) -> bool:
    """Whether an outline is convex, so that it holds every straight line between two of its points."""
    count = len(points)
    if count < 3:
        return False
    sign = 0
    turned = 0.0
    for at in range(count):
        (x0, y0), (x1, y1), (x2, y2) = points[at - 2], points[at - 1], points[at]
        cross = (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)
        turned += abs(cross)
        if abs(cross) < 1e-9:
            continue
        if sign and (cross > 0) != (sign > 0):
            return False
        sign = 1 if cross > 0 else -1
    # A star turns one way all along and still is not convex: its box is wider than what it turns through.
    return turned > 0 and _turns_once(points)


def _turns_once(points: Sequence[Point]) -> bool:
    """Whether an outline that turns one way goes round only once: its x goes up once and down once."""
    changes, last = 0, 0.0
    steps = [points[at][0] - points[at - 1][0] for at in range(len(points))]
    for step in [*steps, *steps[:1]]:
        if abs(step) < 1e-9:
            continue
        if last and (step > 0) != (last > 0):
            changes += 1
        last = step
    return changes <= 2


def holds(outline: Sequence[Point], box: Box) -> bool:
    """Whether a convex outline holds a box, give or take TOUCH."""
    return all(not outside(outline, corner) for corner in corners(box, IDENTITY))


def outside(outline: Sequence[Point], point: Point) -> bool:
    """Whether a point lies outside a convex outline by more than TOUCH."""
    area = sum(outline[at - 1][0] * outline[at][1] - outline[at][0] * outline[at - 1][1] for at in range(len(outline)))
    way = 1 if area > 0 else -1
    x, y = point
    for at in range(len(outline)):
        (x0, y0), (x1, y1) = outline[at - 1], outline[at]
        length = sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2)
        if length and way * ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length < -TOUCH:
            return True
    return False


def misses(outline: Sequence[Point], box: Box) -> bool:
    """Whether a box lies wholly beyond one edge of a convex outline, so that they have nothing in common."""
    area = sum(outline[at - 1][0] * outline[at][1] - outline[at][0] * outline[at - 1][1] for at in range(len(outline)))
    way = 1 if area > 0 else -1
    four = corners(box, IDENTITY)
    for at in range(len(outline)):
        (x0, y0), (x1, y1) = outline[at - 1], outline[at]
        if all(way * ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) < 0 for x, y in four):
            return True
    return False


def crosses(run: Sequence[Point], box: Box) -> bool:
    """Whether any line between two points of a run in order touches a box (Liang and Barsky's test)."""
    for at in range(1, len(run)):
        (x0, y0), (x1, y1) = run[at - 1], run[at]
        if max(x0, x1) < box[0] or min(x0, x1) > box[2] or max(y0, y1) < box[1] or min(y0, y1) > box[3]:
            continue
        enter, leave = 0.0, 1.0
        for start, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
            if abs(step) > 1e-12:
                first, last = sorted(((low - start) / step, (high - start) / step))
                enter, leave = max(enter, first), min(leave, last)
        if enter <= leave:
            return True
    return False


def encloses(runs: Sequence[Sequence[Point]], point: Point, *, even_odd: bool) -> bool:
    """Whether a point lies inside closed runs, by either of the two rules (ISO 32000-1, 8.5.3.3)."""
    x, y = point
    winding = crossings = 0
    for run in runs:
        for at in range(len(run)):
            (x0, y0), (x1, y1) = run[at - 1], run[at]
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                winding += 1 if y1 > y0 else -1
                crossings += 1
    return bool(crossings % 2) if even_odd else winding != 0

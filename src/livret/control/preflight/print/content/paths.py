"""Paths: the box and outline of what they paint, and how thick it is where it looks like a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from livret.control.preflight.print.content.geometry import Box, Matrix, Point, bounds, is_convex, place
from livret.control.preflight.print.content.lexer import numbers_of

# A path as it is built: each operator with its numbers as they are written.
Segments = list[tuple[bytes, bytes]]

# Longer paths are no lines and no rectangles; only their box is found.
LONGEST_OUTLINE = 64
MOST_SUBPATHS = 400
LONGEST_RUNS = 2000
# A filled shape looks like a line when it is at least so much longer than thick, and not thicker than this.
LINE_RATIO = 3.0
THICKEST_LINE = 3.0
_CURVES = {b"c": 3, b"v": 2, b"y": 2}
_STEPS = tuple(step / 8 for step in range(1, 9))


@dataclass
class Subpath:
    """One run of a path, in user space; curves are followed by points on them."""

    points: list[Point]
    curved: bool = False
    closed: bool = False


@dataclass(frozen=True)
class PathShape:
    """A path on the page: its box, the convex outline of the whole where there is one, and its thickness as a line."""

    box: Box
    outline: tuple[Point, ...] | None
    upright: bool
    thickness: float | None
    moved: bool
    # Its runs on the page, each closed by the eye where it is filled.
    runs: tuple[list[Point], ...]


def shape(segments: Segments, ctm: Matrix, *, even_odd: bool = False, filled: bool = True) -> PathShape | None:
    """The shape of a path; None when it has no points. Only one that is filled alone may look like a line."""
    runs = _subpaths(segments, flatten=len(segments) <= LONGEST_OUTLINE)
    placed = [[place(point, ctm) for point in run.points] for run in runs]
    box = bounds([point for points in placed for point in points])
    if box[2] < box[0]:
        return None
    outline, upright = None, False
    drawn = [points for points, run in zip(placed, runs, strict=True) if len(points) > 1]
    if len(drawn) == 1 and len(segments) <= LONGEST_OUTLINE:
        single = _distinct(drawn[0])
        if is_convex(single):
            outline = tuple(single)
            upright = _is_upright(single, box)
    moved = any(len(points) > 1 or run.closed for points, run in zip(placed, runs, strict=True))
    return PathShape(
        box, outline, upright, _thickness(placed, runs, even_odd) if filled else None, moved, _kept(placed, runs)
    )


def _kept(placed: list[list[Point]], runs: list[Subpath]) -> tuple[list[Point], ...]:
    """The runs of a path as far as they are looked at again; none for a very long one."""
    if sum(map(len, placed)) > LONGEST_RUNS:
        return ()
    return tuple([*points, points[0]] if run.closed else points for points, run in zip(placed, runs, strict=True))


def _subpaths(segments: Segments, *, flatten: bool) -> list[Subpath]:
    found: list[Subpath] = []
    current: Subpath | None = None
    for operator, written in segments:
        numbers = numbers_of(written)
        if operator == b"re" and len(numbers) >= 4:
            x, y, w, h = numbers[:4]
            found.append(Subpath([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], closed=True))
            current = None
        elif operator == b"m" and len(numbers) >= 2:
            current = Subpath([(numbers[0], numbers[1])])
            found.append(current)
        elif operator == b"h":
            if found:
                found[-1].closed = True
                current = None
        else:
            current = _on(found, current)
            if current is None:
                continue
            if operator == b"l" and len(numbers) >= 2:
                current.points.append((numbers[0], numbers[1]))
            elif operator in _CURVES and len(numbers) >= 2 * _CURVES[operator]:
                _curve(current, operator, numbers, flatten)
    return found


def _on(found: list[Subpath], current: Subpath | None) -> Subpath | None:
    """The run that a line goes on with: after a closed one, a new run starts where that one started."""
    if current is None and found:
        current = Subpath([found[-1].points[0]])
        found.append(current)
    return current


def _curve(run: Subpath, operator: bytes, numbers: Sequence[float], flatten: bool) -> None:
    run.curved = True
    start = run.points[-1]
    pairs = [(numbers[at], numbers[at + 1]) for at in range(0, 2 * _CURVES[operator], 2)]
    if not flatten:
        run.points += pairs
        return
    # v starts with its control point at the start, y ends with it at the end.
    first, second, end = {b"c": pairs, b"v": [start, *pairs], b"y": [*pairs, *pairs[-1:]]}[operator]
    for t in _STEPS:
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        run.points.append(
            (
                a * start[0] + b * first[0] + c * second[0] + d * end[0],
                a * start[1] + b * first[1] + c * second[1] + d * end[1],
            )
        )


def _distinct(points: list[Point]) -> list[Point]:
    """Points without one that repeats the one before it, or the first at the end."""
    found: list[Point] = []
    for point in points:
        if not found or hypot(point[0] - found[-1][0], point[1] - found[-1][1]) > 1e-6:
            found.append(point)
    while len(found) > 1 and hypot(found[0][0] - found[-1][0], found[0][1] - found[-1][1]) <= 1e-6:
        found.pop()
    return found


def _is_upright(points: list[Point], box: Box) -> bool:
    return all(
        min(abs(x - box[0]), abs(x - box[2])) < 0.01 and min(abs(y - box[1]), abs(y - box[3])) < 0.01 for x, y in points
    )


def _thickness(placed: list[list[Point]], runs: list[Subpath], even_odd: bool) -> float | None:
    """How thick a filled path is where it looks like a line: a thin rectangle, a frame, or a shape without area."""
    if len(runs) > MOST_SUBPATHS:
        return None
    straight = [(_distinct(points), run) for points, run in zip(placed, runs, strict=True) if not run.curved]
    if len(runs) == 2 and len(straight) == 2 and (frame := _frame(straight[0][0], straight[1][0], even_odd)):
        return frame
    thin = [found for points, _ in straight if (found := _thin(points)) is not None]
    if len(thin) < len(runs) or any(thin):
        # A run without area beside other shapes is what drawing programs leave behind, and nobody sees it.
        thin = [one for one in thin if one > 0]
    return min(thin, default=None)


def _thin(points: list[Point]) -> float | None:
    """The thickness of one rectangle that looks like a line."""
    if len(points) == 2:
        return 0.0
    if len(points) != 4:
        return None
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    one, other = (x1 - x0, y1 - y0), (x2 - x1, y2 - y1)
    if abs(x0 + x2 - x1 - x3) > 0.01 or abs(y0 + y2 - y1 - y3) > 0.01:
        return None
    long, short = sorted((hypot(*one), hypot(*other)), reverse=True)
    if long <= 0 or abs(one[0] * other[0] + one[1] * other[1]) > 0.02 * max(long * short, 1e-9):
        return None
    return short if short <= THICKEST_LINE and long >= LINE_RATIO * short else None


def _frame(outer: list[Point], inner: list[Point], even_odd: bool) -> float | None:
    """The thinnest side of a frame: one upright rectangle cut out of another."""
    if len(outer) != 4 or len(inner) != 4:
        return None
    large, small = bounds(outer), bounds(inner)
    if not (_is_upright(outer, large) and _is_upright(inner, small)):
        return None
    if large[2] - large[0] < small[2] - small[0]:
        large, small = small, large
    gaps = [small[0] - large[0], small[1] - large[1], large[2] - small[2], large[3] - small[3]]
    if min(gaps) < -0.001 or not (even_odd or _turn(outer) != _turn(inner)):
        return None
    there = [gap for gap in gaps if gap > 0.001]
    return min(there) if there and min(there) <= THICKEST_LINE else None


def _turn(points: list[Point]) -> bool:
    area = sum(points[at - 1][0] * points[at][1] - points[at][0] * points[at - 1][1] for at in range(len(points)))
    return area > 0

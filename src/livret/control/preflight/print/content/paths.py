"""Paths: the box and outline of what they paint, and how thick it is where it looks like a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

from livret.control.preflight.print.content.geometry import Box, Matrix, Point, bounds, corners, is_convex, place

# Longer paths are no lines and no rectangles; only their box is found.
LONGEST_OUTLINE = 64
MOST_SUBPATHS = 400
LONGEST_RUNS = 2000
# A filled shape looks like a line when it is at least so much longer than thick, and not thicker than this.
LINE_RATIO = 3.0
THICKEST_LINE = 3.0
# How many numbers each operator takes.
OPERANDS = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"h": 0, b"re": 4}
# The share of start, two control points and end in the points of a curve that are looked at.
_STEPS = tuple(
    ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3) for t in (step / 8 for step in range(1, 9))
)


@dataclass
class PathData:
    """A path as it is built, in user space: its operators, and all their numbers one after the other."""

    operators: list[bytes] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)

    def add(self, operator: bytes, given: Sequence[float]) -> None:
        """Add one operator; one with too few numbers is left out."""
        wanted = OPERANDS[operator]
        if len(given) >= wanted:
            self.operators.append(operator)
            self.numbers += given[:wanted]

    def clear(self) -> None:
        """Begin anew."""
        self.operators.clear()
        self.numbers.clear()


@dataclass
class Subpath:
    """One run of a path, on the page; curves are followed by points on them."""

    points: list[Point]
    curved: bool = False
    closed: bool = False


@dataclass(frozen=True, eq=False)
class PathShape:
    """A path on the page: its box, and its runs. What else is asked of it is found when it is asked."""

    box: Box
    subpaths: tuple[Subpath, ...]
    segments: int
    even_odd: bool

    @cached_property
    def outline(self) -> tuple[Point, ...] | None:
        """The convex outline of the whole, where there is one."""
        drawn = [run.points for run in self.subpaths if len(run.points) > 1]
        if len(drawn) != 1 or self.segments > LONGEST_OUTLINE:
            return None
        single = _distinct(drawn[0])
        return tuple(single) if is_convex(single) else None

    @cached_property
    def upright(self) -> bool:
        """Whether that is an upright rectangle."""
        return self.outline is not None and _is_upright(self.outline, self.box)

    @cached_property
    def thickness(self) -> float | None:
        """How thick it is, filled, where it looks like a line."""
        return _thickness(self.subpaths, self.even_odd)

    @property
    def moved(self) -> bool:
        """Whether it is more than single points."""
        return any(len(run.points) > 1 or run.closed for run in self.subpaths)

    @cached_property
    def runs(self) -> tuple[list[Point], ...]:
        """Its runs, each closed by the eye where it is filled; none for a very long path, which is not looked at."""
        if sum(len(run.points) for run in self.subpaths) > LONGEST_RUNS:
            return ()
        return tuple([*run.points, run.points[0]] if run.closed else run.points for run in self.subpaths)


def shape(path: PathData, ctm: Matrix, *, even_odd: bool = False) -> PathShape | None:
    """The shape of a path; None when it has no points."""
    count = len(path.operators)
    if count == 1 and path.operators[0] == b"re":
        x, y, w, h = path.numbers
        outline = corners((x, y, x + w, y + h), ctm)
        return PathShape(bounds(outline), (Subpath(list(outline), closed=True),), 1, even_odd)
    runs = _subpaths(path, ctm, flatten=count <= LONGEST_OUTLINE)
    if not runs:
        return None
    box = bounds(runs[0].points if len(runs) == 1 else [point for run in runs for point in run.points])
    return PathShape(box, tuple(runs), count, even_odd)


def _subpaths(path: PathData, ctm: Matrix, *, flatten: bool) -> list[Subpath]:
    found: list[Subpath] = []
    current: Subpath | None = None
    a, b, c, d, e, f = ctm
    numbers, at = path.numbers, 0
    for operator in path.operators:
        if operator == b"l" or operator == b"m":
            x, y = numbers[at : at + 2]
            at += 2
            point = (a * x + c * y + e, b * x + d * y + f)
            if operator == b"m":
                current = Subpath([point])
                found.append(current)
                continue
            current = current or _on(found)
            if current is not None:
                current.points.append(point)
        elif operator == b"re":
            x, y, w, h = numbers[at : at + 4]
            at += 4
            found.append(Subpath(list(corners((x, y, x + w, y + h), ctm)), closed=True))
            current = None
        elif operator == b"h":
            if found:
                found[-1].closed = True
                current = None
        else:
            wanted = OPERANDS[operator]
            pairs = [place((numbers[one], numbers[one + 1]), ctm) for one in range(at, at + wanted, 2)]
            at += wanted
            current = current or _on(found)
            if current is not None:
                _curve(current, operator, pairs, flatten)
    return found


def _on(found: list[Subpath]) -> Subpath | None:
    """The run that a line goes on with after a closed one: a new run, which starts where that one started."""
    if found:
        found.append(Subpath([found[-1].points[0]]))
        return found[-1]
    return None


def _curve(run: Subpath, operator: bytes, pairs: list[Point], flatten: bool) -> None:
    run.curved = True
    if not flatten:
        run.points += pairs
        return
    start = run.points[-1]
    # v starts with its control point at the start, y ends with it at the end.
    first, second, end = pairs if operator == b"c" else (start, *pairs) if operator == b"v" else (*pairs, pairs[-1])
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = start, first, second, end
    run.points += [(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3) for a, b, c, d in _STEPS]


def _distinct(points: list[Point]) -> list[Point]:
    """Points without one that repeats the one before it, or the first at the end."""
    found = points[:1]
    for point in points:
        last = found[-1]
        if hypot(point[0] - last[0], point[1] - last[1]) > 1e-6:
            found.append(point)
    while len(found) > 1 and hypot(found[0][0] - found[-1][0], found[0][1] - found[-1][1]) <= 1e-6:
        found.pop()
    return found


def _is_upright(points: Sequence[Point], box: Box) -> bool:
    return all(
        min(abs(x - box[0]), abs(x - box[2])) < 0.01 and min(abs(y - box[1]), abs(y - box[3])) < 0.01 for x, y in points
    )


def _thickness(runs: tuple[Subpath, ...], even_odd: bool) -> float | None:
    """How thick a filled path is where it looks like a line: a thin rectangle, a frame, or a shape without area."""
    if len(runs) > MOST_SUBPATHS:
        return None
    straight = [_distinct(run.points) for run in runs if not run.curved]
    if len(runs) == len(straight) and (frame := _thinnest_frame(straight, even_odd)):
        return frame
    thin = [found for points in straight if (found := _thin(points)) is not None]
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


def _thinnest_frame(runs: list[list[Point]], even_odd: bool) -> float | None:
    """The thinnest side of frames in each other, of which a double border has two; None if not all are frames."""
    nested = sorted(runs, key=lambda points: _size(bounds(points)), reverse=True)
    frames = [_frame(outer, inner, even_odd) for outer, inner in zip(nested[::2], nested[1::2], strict=False)]
    sides = [frame for frame in frames if frame]
    return min(sides) if sides and len(sides) * 2 == len(runs) else None


def _size(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


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

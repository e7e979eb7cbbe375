"""Points of paths, and transforms, as SVG writes them (SVG 1.1, chapters 7 and 8)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from livret.content.pictures.drawing import NUMBER

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

STILL: Matrix = (1, 0, 0, 1, 0, 0)

_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2}
_COMMAND = re.compile(r"([mlhvcsqtazMLHVCSQTAZ])([^mlhvcsqtazMLHVCSQTAZ]*)")
# Flags may be written without a space after them.
_ARC = re.compile(r"[\s,]*".join([*[rf"({NUMBER})"] * 3, "([01])", "([01])", *[rf"({NUMBER})"] * 2]))
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")
_STEPS = 8


def moved(matrix: Matrix, point: Point) -> Point:
    """A point after a transform."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def product(outer: Matrix, inner: Matrix) -> Matrix:
    """The transform that is first `inner`, then `outer`."""
    a, b, c, d, _, _ = outer
    ia, ib, ic, id_, ie, if_ = inner
    e, f = moved(outer, (ie, if_))
    return a * ia + c * ib, b * ia + d * ib, a * ic + c * id_, b * ic + d * id_, e, f


def transform(told: str) -> Matrix:
    """The matrix of a `transform` attribute; what is not understood changes nothing."""
    matrix = STILL
    for name, inside in _TRANSFORM.findall(told):
        values = [float(number) for number in re.findall(NUMBER, inside)]
        matrix = product(matrix, _one_transform(name, values))
    return matrix


def _one_transform(name: str, values: Sequence[float]) -> Matrix:
    match name, values:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x, *rest]:
            return 1, 0, 0, 1, x, rest[0] if rest else 0
        case "scale", [x, *rest]:
            return x, 0, 0, rest[0] if rest else x, 0, 0
        case "rotate", [angle, *centre]:
            cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            turn: Matrix = (cosine, sine, -sine, cosine, 0, 0)
            if len(centre) != 2:
                return turn
            x, y = centre
            return product(product((1, 0, 0, 1, x, y), turn), (1, 0, 0, 1, -x, -y))
        case "skewX", [angle]:
            return 1, 0, math.tan(math.radians(angle)), 1, 0, 0
        case "skewY", [angle]:
            return 1, math.tan(math.radians(angle)), 0, 1, 0, 0
    return STILL


def path_points(told: str) -> Iterator[Point]:
    """Points of a path: its ends, and some on each curve."""
    at = start = handle = (0.0, 0.0)
    before = ""
    for letter, values in _commands(told):
        command = letter.lower()
        x, y = at if letter.islower() else (0.0, 0.0)
        flat = values[5:] if command == "a" else values
        ends = [(x + px, y + py) for px, py in zip(flat[::2], flat[1::2], strict=False)]
        if command == "z":
            at = start
        elif command == "h":
            at = (x + values[0], at[1])
        elif command == "v":
            at = (at[0], y + values[0])
        elif command == "a":
            yield from _arc(at, values, ends[0])
            at = ends[0]
        else:
            control = handle if before + command in ("cs", "ss", "qt", "tt") else at
            mirrored = (2 * at[0] - control[0], 2 * at[1] - control[1])
            curve = [at, *([mirrored] if command in "st" else []), *ends]
            if len(curve) > 2:
                yield from (_on_curve(curve, step / _STEPS) for step in range(1, _STEPS))
            handle, at = curve[-2], curve[-1]
        if command == "m":
            start = at
        before = command
        yield at


def _commands(told: str) -> Iterator[tuple[str, Sequence[float]]]:
    """The commands of a path, each with its numbers."""
    for letter, text in _COMMAND.findall(told):
        if letter in "zZ":
            yield letter, ()
        elif letter in "aA":
            yield from ((letter, [float(number) for number in found]) for found in _ARC.findall(text))
        else:
            count = _COUNTS[letter.lower()]
            numbers = [float(number) for number in re.findall(NUMBER, text)]
            for first in range(0, len(numbers) - count + 1, count):
                yield letter, numbers[first : first + count]
                # More pairs after a move are lines.
                letter = {"m": "l", "M": "L"}.get(letter, letter)


def _on_curve(curve: Sequence[Point], share: float) -> Point:
    """The point of a Bézier curve at a share of its way."""
    while len(curve) > 1:
        pairs = pairwise(curve)
        curve = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairs]
    return curve[0]


def _arc(begin: Point, values: Sequence[float], end: Point) -> Iterator[Point]:
    """Points of an elliptical arc (SVG 1.1, F.6.5 and F.6.6)."""
    rx, ry, angle, large, sweep = abs(values[0]), abs(values[1]), math.radians(values[2]), values[3], values[4]
    if not rx or not ry or begin == end:
        return
    cosine, sine = math.cos(angle), math.sin(angle)
    half_x, half_y = (begin[0] - end[0]) / 2, (begin[1] - end[1]) / 2
    x, y = cosine * half_x + sine * half_y, cosine * half_y - sine * half_x
    grown = max(1.0, math.sqrt((x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grown, ry * grown
    flat = (rx * y) ** 2 + (ry * x) ** 2
    factor = math.sqrt(max(0.0, (rx * ry) ** 2 / flat - 1)) if flat else 0.0
    factor = -factor if large == sweep else factor
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    last = math.atan2((-y - cy) / ry, (-x - cx) / rx)
    swept = last - first
    if sweep and swept < 0:
        swept += 2 * math.pi
    elif not sweep and swept > 0:
        swept -= 2 * math.pi
    middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
    for step in range(1, 2 * _STEPS):
        turn = first + swept * step / (2 * _STEPS)
        px, py = cx + rx * math.cos(turn), cy + ry * math.sin(turn)
        yield middle[0] + cosine * px - sine * py, middle[1] + sine * px + cosine * py

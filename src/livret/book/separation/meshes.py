"""Separates mesh gradients (ISO 32000-1, 8.7.4.5.5 to 8.7.4.5.8).

Meshes are cut into pieces so small that inks may be interpolated linearly in each piece.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from livret.book.separation.colour_spaces import Space
from livret.book.separation.functions import Values
from livret.book.separation.pdf_input import Inseparable, between, pairs, plain_bytes
from livret.book.separation.targets import Target
from livret.translation import say

# The most pieces that a side of a triangle or patch is cut into. It is for the greatest possible colour difference.
CUTS = 8
# The most triangles or patches of one mesh, both when read and when written.
PIECES = 50_000

Point = tuple[float, float]


@dataclass(frozen=True)
class Triangle:
    """Three corners and their colours."""

    points: tuple[Point, ...]
    colours: tuple[Values, ...]


@dataclass(frozen=True)
class Patch:
    """A tensor-product patch: 4 rows of 4 control points, and the colours of the corners (0,0), (0,3), (3,3), (3,0)."""

    points: tuple[tuple[Point, ...], ...]
    colours: tuple[Values, ...]


def copy(pdf: pikepdf.Pdf, source: Any) -> Any:
    """Copy a mesh with its points and colours unchanged, without its colour space."""
    made = pdf.make_stream(source.read_raw_bytes())
    for name in ("/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/VerticesPerRow", "/Decode"):
        if name in source:
            made[name] = source[name]
    for name in ("/Filter", "/DecodeParms"):
        if name in source:
            made[name] = source[name]
    return made


def separate(pdf: pikepdf.Pdf, source: Any, space: Space, target: Target) -> Any:
    """Convert a mesh with colours at its corners into free triangles (type 4) or tensor patches (type 7) on a target.

    Between corners, colours are interpolated linearly on screen. The same interpolation in ink would give other
    colours, so the mesh is cut into small pieces. Raises Inseparable when the mesh does not follow the standard.
    """
    kind, limits, pieces = _read(source, space)
    contrast = max(_contrast(piece.colours, limits[2:]) for piece in pieces)
    cuts = 1
    while cuts < contrast * CUTS:
        cuts *= 2
    while cuts > 1 and len(pieces) * cuts * cuts > PIECES:
        cuts //= 2
    if kind < 6:
        pieces = [part for piece in pieces for part in _cut_triangle(piece, cuts)]
    else:
        pieces = [part for piece in pieces for part in _cut_patch(piece, cuts)]
    corners = list(dict.fromkeys(colour for piece in pieces for colour in piece.colours))
    inks = dict(zip(corners, target.path([space.original(colour) for colour in corners], ends=False), strict=True))
    made = _written(pdf, pieces, inks, limits[:2], target.channels)
    for name in ("/BBox", "/AntiAlias"):
        if name in source:
            made[name] = source[name]
    return made


def corner_colours(source: Any, space: Space) -> Iterator[Values]:
    """Return the colours at the corners of a mesh. All its other colours lie between them."""
    return (colour for piece in _read(source, space)[2] for colour in piece.colours)


def _contrast(colours: Sequence[Values], limits: Sequence[tuple[float, float]]) -> float:
    """Return the greatest difference between colours, as a share of the range of a component."""
    spread = [max(values) - min(values) for values in zip(*colours, strict=True)]
    return max(one / (high - low) if high > low else 0 for one, (low, high) in zip(spread, limits, strict=True))


# --- reading ---


def _read(source: Any, space: Space) -> tuple[int, Sequence[tuple[float, float]], list[Any]]:
    """Return the type of a mesh, the ranges of its points and colours, and its triangles or patches."""
    kind = int(source["/ShadingType"])
    limits = pairs(source["/Decode"])
    if len(limits) != 2 + space.components:
        raise Inseparable("damaged-part", say("a mesh does not declare the ranges of its colours"))
    pieces: list[Any] = list(_triangles(source, limits, kind) if kind < 6 else _patches(source, limits, kind))
    if not pieces:
        raise Inseparable("damaged-part", say("a mesh is empty"))
    return kind, limits, pieces


class _Bits:
    """Reads numbers of any width in bits."""

    def __init__(self, source: Any, decode: Sequence[tuple[float, float]], has_flags: bool = True) -> None:
        self._raw = plain_bytes(source)
        self._at = 0
        self._decode = decode
        self._wide = (int(source["/BitsPerCoordinate"]), int(source["/BitsPerComponent"]))
        self._flag = int(source["/BitsPerFlag"]) if has_flags else 0
        if not all(0 < width <= 32 for width in self._wide) or not 0 <= self._flag <= 8:
            raise Inseparable("damaged-part", say("a mesh declares numbers of 0 bits"))

    def __bool__(self) -> bool:
        return self._at + self._flag + sum(self._wide) <= len(self._raw) * 8

    def _take(self, width: int) -> int:
        first, last = self._at // 8, (self._at + width + 7) // 8
        if last > len(self._raw):
            raise Inseparable("damaged-part", say("a mesh is cut short"))
        self._at += width
        return int.from_bytes(self._raw[first:last], "big") >> (last * 8 - self._at) & (1 << width) - 1

    def flag(self) -> int:
        return self._take(self._flag) & 3

    def point(self) -> Point:
        x, y = (self._number(self._wide[0], limits) for limits in self._decode[:2])
        return x, y

    def colour(self) -> Values:
        return tuple(self._number(self._wide[1], limits) for limits in self._decode[2:])

    def _number(self, width: int, limits: tuple[float, float]) -> float:
        return limits[0] + self._take(width) * (limits[1] - limits[0]) / ((1 << width) - 1)

    def align(self) -> None:
        """Skip to the next byte, because every vertex or patch begins at a whole byte."""
        self._at = (self._at + 7) // 8 * 8


def _triangles(source: Any, limits: Sequence[tuple[float, float]], kind: int) -> Iterator[Triangle]:
    """Read the triangles of types 4 and 5."""
    bits = _Bits(source, limits, kind == 4)
    corners: list[tuple[Point, Values]] = []
    if kind == 5:
        width = int(source["/VerticesPerRow"])
        while bits:
            corners.append((bits.point(), bits.colour()))
            bits.align()
        if width < 2:
            raise Inseparable("damaged-part", say("a mesh has rows of one corner"))
        for start in range(0, len(corners) - width, width):
            for at in range(start, start + width - 1):
                if at + width + 1 < len(corners):
                    yield _triangle(corners[at], corners[at + 1], corners[at + width])
                    yield _triangle(corners[at + 1], corners[at + width], corners[at + width + 1])
        return
    while bits:
        flag = bits.flag()
        corner = (bits.point(), bits.colour())
        bits.align()
        if flag == 0 or len(corners) < 3:
            # A new triangle has three corners. The flags of the second and the third have no meaning.
            corners = [corner]
            for _ in range(2):
                bits.flag()
                corners.append((bits.point(), bits.colour()))
                bits.align()
        else:
            corners = [*(corners[1:] if flag == 1 else (corners[0], corners[2])), corner]
        yield _triangle(*corners)


def _triangle(*corners: tuple[Point, Values]) -> Triangle:
    return Triangle(tuple(point for point, _ in corners), tuple(colour for _, colour in corners))


# The 4 x 4 control points in the order of the file: first around the edge, then inside.
_ORDER = (
    (0, 0), (0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 3), (3, 2), (3, 1), (3, 0), (2, 0), (1, 0),
    (1, 1), (1, 2), (2, 2), (2, 1),
)  # fmt: skip


def _patches(source: Any, limits: Sequence[tuple[float, float]], kind: int) -> Iterator[Patch]:
    """Read the patches of types 6 and 7. Patches of type 6 get inner points, so that they become type 7."""
    bits = _Bits(source, limits)
    edge: list[Point] = []
    colours: list[Values] = []
    while bits:
        flag = bits.flag() if edge else 0 * bits.flag()
        if flag:
            # The side of the previous patch that this one shares (tables 85 and 86).
            start = 3 * flag
            points = [edge[(start + step) % 12] for step in range(4)]
            colours = [colours[flag], colours[(flag + 1) % 4]]
        else:
            points, colours = [], []
        points += [bits.point() for _ in range((12 if kind == 6 else 16) - len(points))]
        colours += [bits.colour() for _ in range(4 - len(colours))]
        bits.align()
        edge = points[:12]
        grid = dict(zip(_ORDER, points, strict=False))
        if kind == 6:
            grid.update(_inner(grid))
        yield Patch(tuple(tuple(grid[row, place] for place in range(4)) for row in range(4)), tuple(colours))


def _inner(grid: dict[tuple[int, int], Point]) -> dict[tuple[int, int], Point]:
    """Return the four inner points that turn a Coons patch into a tensor-product patch (ISO 32000-1, 8.7.4.5.8)."""
    found = {}
    for row, place in ((1, 1), (1, 2), (2, 1), (2, 2)):
        top, left = (0 if row == 1 else 3), (0 if place == 1 else 3)
        bottom, right = 3 - top, 3 - left
        x, y = (
            (
                -4 * grid[top, left][axis]
                + 6 * (grid[top, place][axis] + grid[row, left][axis])
                - 2 * (grid[top, right][axis] + grid[bottom, left][axis])
                + 3 * (grid[bottom, place][axis] + grid[row, right][axis])
                - grid[bottom, right][axis]
            )
            / 9
            for axis in (0, 1)
        )
        found[row, place] = (x, y)
    return found


# --- cutting ---


def _mixed(parts: Sequence[tuple[Values, float]]) -> Values:
    """Return the weighted sum of values."""
    return tuple(sum(values[at] * weight for values, weight in parts) for at in range(len(parts[0][0])))


def _cut_triangle(whole: Triangle, cuts: int) -> Iterator[Triangle]:
    """Cut a triangle into small ones. Each side is cut into `cuts` pieces."""

    def corner(row: int, place: int) -> tuple[Point, Values]:
        weights = ((cuts - row - place) / cuts, row / cuts, place / cuts)
        x, y = _mixed(list(zip(whole.points, weights, strict=True)))
        colour = _mixed(list(zip(whole.colours, weights, strict=True)))
        return (x, y), tuple(round(value, 5) for value in colour)

    for row in range(cuts):
        for place in range(cuts - row):
            yield _triangle(corner(row, place), corner(row + 1, place), corner(row, place + 1))
            if place < cuts - row - 1:
                yield _triangle(corner(row + 1, place), corner(row, place + 1), corner(row + 1, place + 1))


def _halves(points: Sequence[Point]) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Cut a cubic curve into two halves (de Casteljau)."""
    levels = [list(points)]
    while len(levels[-1]) > 1:
        levels.append([((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(levels[-1])])
    return tuple(level[0] for level in levels), tuple(level[-1] for level in reversed(levels))


def _cut_patch(whole: Patch, cuts: int) -> list[Patch]:
    """Cut a patch into small ones. Each side is cut into `cuts` pieces, a power of 2."""
    if cuts == 1:
        return [whole]
    rows = [_halves(row) for row in whole.points]
    first, second, third, fourth = whole.colours
    front, back, middle = (
        _middle(first, fourth),
        _middle(second, third),
        _middle(_middle(first, fourth), _middle(second, third)),
    )
    start, end = _middle(first, second), _middle(fourth, third)
    found = []
    colours = (((first, start, middle, front), (front, middle, end, fourth)),
               ((start, second, back, middle), (middle, back, third, end)))  # fmt: skip
    for side in (0, 1):
        columns = [_halves(column) for column in zip(*(row[side] for row in rows), strict=True)]
        for half in (0, 1):
            points = tuple(zip(*(column[half] for column in columns), strict=True))
            found += _cut_patch(Patch(points, colours[side][half]), cuts // 2)
    return found


def _middle(one: Values, other: Values) -> Values:
    return tuple((a + b) / 2 for a, b in zip(one, other, strict=True))


# --- writing ---


def _written(
    pdf: pikepdf.Pdf,
    pieces: Sequence[Any],
    inks: dict[Values, Values],
    limits: Sequence[tuple[float, float]],
    channels: int,
) -> Any:
    """Write a mesh of separate pieces, with coordinates of 32 bits and colours of 16 bits."""
    kind = 4 if isinstance(pieces[0], Triangle) else 7
    # Points may be outside the range: cut points by a rounding error, the inner points of Coons patches by more.
    flat = [point for piece in pieces for point in _listed(piece)]
    ranges = [
        (min(low, *(point[axis] for point in flat)), max(high, *(point[axis] for point in flat)))
        for axis, (low, high) in enumerate(limits)
    ]
    raw = bytearray()
    for piece in pieces:
        colours = [
            b"".join(round(between(value, 0, 1) * 65535).to_bytes(2, "big") for value in inks[colour])
            for colour in piece.colours
        ]
        points = [
            b"".join(
                round((value - low) / (high - low) * (2**32 - 1)).to_bytes(4, "big") if high > low else bytes(4)
                for value, (low, high) in zip(point, ranges, strict=True)
            )
            for point in _listed(piece)
        ]
        if kind == 4:
            for point, colour in zip(points, colours, strict=True):
                raw += b"\0" + point + colour
        else:
            raw += b"\0" + b"".join(points) + b"".join(colours)
    made = pdf.make_stream(bytes(raw))
    made["/ShadingType"] = kind
    made["/BitsPerCoordinate"] = 32
    made["/BitsPerComponent"] = 16
    made["/BitsPerFlag"] = 8
    made["/Decode"] = pikepdf.Array([*itertools.chain(*ranges), *([0, 1] * channels)])
    return made


def _listed(piece: Any) -> Sequence[Point]:
    if isinstance(piece, Triangle):
        return piece.points
    return [piece.points[row][place] for row, place in _ORDER]

"""Separates gradients (ISO 32000-1, 8.7.4.5). Functions are sampled again, so that the colours stay as on screen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pikepdf

from livret.book.separation import functions, meshes
from livret.book.separation.colour_spaces import Original, Space
from livret.book.separation.functions import Function, Intervals, Values
from livret.book.separation.pdf_input import Inseparable, floats
from livret.book.separation.targets import Target
from livret.translation import say

# Samples are removed when straight lines between the others differ by at most this (half a step of 8 bits).
STRAIGHT = 0.0019
# The number of samples in each direction for a function of x and y.
PLANE = 65
# The most stops of one gradient. A repeating gradient has new stops at each repeat.
STOPS = 10_000
# The ends of a stretch are sampled this far inside it, as a share of its length. A stop itself belongs to the next
# stretch.
INSIDE = 1e-6

_KEPT = ("/ShadingType", "/Coords", "/Extend", "/BBox", "/AntiAlias", "/Matrix", "/Domain")


class Gradients:
    """Separates the shadings of one PDF. Equal stretches between two stops are written only once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._stretches: dict[tuple[str, tuple[Original, ...]], Any] = {}

    def separate(self, source: Any, space: Space, kept: Any, target: Target) -> pikepdf.Object:
        """Return a shading for this target.

        `kept` is the PDF object of the space in which it stays, or None to convert it. Raises Inseparable when the
        shading does not follow the standard.
        """
        kind = int(source["/ShadingType"])
        if kind not in range(1, 8):
            raise Inseparable("damaged-part", say("there is no shading of type {kind}", kind=kind))
        if kept is not None:
            stays: pikepdf.Object = _copy(self._pdf, source)
            stays["/ColorSpace"] = kept
            if "/Background" in source:
                stays["/Background"] = source["/Background"]
            return stays
        if kind >= 4 and "/Function" not in source:
            made: pikepdf.Object = meshes.separate(self._pdf, source, space, target)
        else:
            made = _copy(self._pdf, source)
            made["/Function"] = self._function(source, kind, space, target)
        made["/ColorSpace"] = pikepdf.Name(target.space)
        if "/Background" in source:
            ground = target.flat(space.original(floats(source["/Background"])))
            made["/Background"] = pikepdf.Array([round(value, 4) for value in ground])
        return made

    def _function(self, source: Any, kind: int, space: Space, target: Target) -> Any:
        if kind == 1:
            return self._plane(source, space, target)
        edges, parts = _stretches(source, kind, space)
        written = [self._stretch(colours, target) for colours in parts]
        return self._pdf.make_indirect(functions.stitched((edges[0], edges[-1]), edges[1:-1], written))

    def _stretch(self, colours: tuple[Original, ...], target: Target) -> Any:
        """Write the colours between two stops as a function with the domain 0 to 1."""
        key = (target.space, colours)
        if key not in self._stretches:
            made = thinned(target.path(colours))
            if len(made) == 2:
                written: Any = functions.straight(*made)
            else:
                written = functions.table(self._pdf, ((0, 1),), [len(made)], made)
            self._stretches[key] = self._pdf.make_indirect(written)
        return self._stretches[key]

    def _plane(self, source: Any, space: Space, target: Target) -> Any:
        """Write a function of x and y (type 1) as samples on a grid."""
        domain, colours = _grid(source, space)
        return functions.table(self._pdf, domain, [PLANE, PLANE], target.path(colours, ends=False))


def over_limit(source: Any, space: Space, target: Target) -> Values:
    """Return the inks of a gradient in CMYK where they are most over the ink limit, or nothing when they are not."""
    if space.components != 4 or target.channels == 1:
        return ()
    kind = int(source["/ShadingType"])
    colours = [space.original(floats(source["/Background"]))] if "/Background" in source else []
    if kind >= 4 and "/Function" not in source:
        colours += map(space.original, meshes.corner_colours(source, space))
    elif kind == 1:
        colours += _grid(source, space)[1]
    else:
        colours += itertools.chain.from_iterable(_stretches(source, kind, space)[1])
    return max((colour.values for colour in colours if target.is_over(colour)), key=sum, default=())


def _read(source: Any, kind: int, space: Space) -> Function:
    function = functions.read(source["/Function"])
    if function.outputs != space.components or len(function.domain) != (2 if kind == 1 else 1):
        raise Inseparable("damaged-part", say("the function of a shading has the wrong number of values"))
    return function


def _stretches(source: Any, kind: int, space: Space) -> tuple[Values, list[tuple[Original, ...]]]:
    """Return where the stops of a gradient are, and the colours between each two."""
    function = _read(source, kind, space)
    # For a mesh, /Decode gives the range of inputs. The domain of the function covers it.
    domain = floats(source["/Domain"], 2) if "/Domain" in source else (0.0, 1.0)
    low, high = domain if kind < 4 else function.domain[0]
    edges = (low, *(place for place in function.breaks if low < place < high), high)
    if not low < high or len(edges) > STOPS:
        raise Inseparable("damaged-part", say("a shading has no extent, or too many stops"))
    number, parts = function.detail, []
    for start, end in itertools.pairwise(edges):
        margin = (end - start) * INSIDE
        places = [start + (end - start) * index / (number - 1) for index in range(number)]
        places[0], places[-1] = start + margin, end - margin
        parts.append(tuple(space.original([round(value, 7) for value in function(place)]) for place in places))
    return edges, parts


def _grid(source: Any, space: Space) -> tuple[Intervals, list[Original]]:
    """Return the domain of a function of x and y (type 1), and its colours on a grid, row by row."""
    function = _read(source, 1, space)
    x0, x1, y0, y1 = floats(source["/Domain"], 4) if "/Domain" in source else (0.0, 1.0, 0.0, 1.0)
    steps = [index / (PLANE - 1) for index in range(PLANE)]
    colours = [space.original(function(x0 + (x1 - x0) * x, y0 + (y1 - y0) * y)) for y in steps for x in steps]
    return ((x0, x1), (y0, y1)), colours


def thinned(samples: Sequence[Values]) -> list[Values]:
    """Return every sample, or every 2nd, 4th, 8th and so on, while straight lines between them stay close to all."""
    step = 1
    while (len(samples) - 1) % (2 * step) == 0 and _is_close(samples, 2 * step):
        step *= 2
    return list(samples[::step])


def _is_close(samples: Sequence[Values], step: int) -> bool:
    for start in range(0, len(samples) - 1, step):
        first, last = samples[start], samples[start + step]
        for at in range(1, step):
            for value, a, b in zip(samples[start + at], first, last, strict=True):
                if abs(a + (b - a) * at / step - value) > STRAIGHT:
                    return False
    return True


def _copy(pdf: pikepdf.Pdf, source: Any) -> Any:
    """Copy a shading: the entries for its place, but not those for its colours. Meshes keep their points."""
    if isinstance(source, pikepdf.Stream):
        made: Any = meshes.copy(pdf, source)
    else:
        made = pikepdf.Dictionary()
    for name in _KEPT:
        if name in source:
            made[name] = source[name]
    if int(source["/ShadingType"]) == 1 and "/Matrix" not in made:
        # This is the default value, but Ghostscript 10 paints nothing without it.
        made["/Matrix"] = pikepdf.Array([1, 0, 0, 1, 0, 0])
    if "/Function" in source:
        made["/Function"] = source["/Function"]
    return made

"""Reads what is painted on a separated page, in order: text, lines, fills and pictures, each with place and inks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pikepdf

from livret.book.plates.text_widths import TextWidths
from livret.book.separation.pdf_input import FAULTS
from livret.measure import Rect

Matrix = tuple[float, float, float, float, float, float]
Kind = Literal["text", "line", "fill", "picture"]
Point = tuple[float, float]

# How deep nested forms are followed. The separation rejects deeper ones.
DEPTH = 40
# From where to where letters usually reach, as shares of the em: below the baseline, and up to the capitals.
DESCENDER, CAPITAL = -0.2, 0.65
UNIT: Matrix = (1, 0, 0, 1, 0, 0)
# Operators that change neither where things are painted nor in which inks.
_WITHOUT_PLACE_OR_INK = frozenset("BDC BMC EMC MP DP ET h d J j M i ri cs CS BX EX".split())
_FILLS, _STROKES = ("f", "F", "f*", "b", "B", "b*", "B*"), ("s", "S", "b", "B", "b*", "B*")
# The names of the blend mode that covers what is below.
PLAIN = ("/Normal", "/Compatible")
EVERYWHERE = Rect(-math.inf, -math.inf, math.inf, math.inf)


@dataclass(frozen=True)
class Painted:
    """One thing on a page.

    `box` is the place where it can be seen, in points of the page. `inks` are its shares of ink (0 to 1), or None when
    it has not one colour: then `source` is the picture, or the pattern or gradient. `size` is the em of a text, the
    width of a line, or the shorter side of a filled rectangle, in points. `matrix` is the place of a picture.
    """

    kind: Kind
    box: Rect
    inks: tuple[float, ...] | None
    size: float = 0.0
    source: Any = None
    name: str = ""
    matrix: Matrix = UNIT
    blend: str = "/Normal"
    opacity: float = 1.0
    overprints: bool = False
    # Where its surroundings end: all of the page, or the window of a drawing.
    window: Rect = EVERYWHERE
    # It fills its whole box, so that nothing below is seen.
    is_whole: bool = False
    is_rule: bool = False
    # Where in the content of the page: the operators that begin and that paint it. A form is painted by one operator.
    at: tuple[int, int] = (0, 0)
    # Whether lines and fills overprint here.
    both_overprint: tuple[bool, bool] = (False, False)


@dataclass
class _PaintState:
    """The graphics state, with what a form takes over from its user."""

    matrix: Matrix = UNIT
    fill: tuple[float, ...] | None = (0, 0, 0, 1)
    stroke: tuple[float, ...] | None = (0, 0, 0, 1)
    fill_source: Any = None
    stroke_source: Any = None
    width: float = 1.0
    clip: Rect = EVERYWHERE
    blend: str = "/Normal"
    opacity: tuple[float, float] = (1.0, 1.0)
    overprints: tuple[bool, bool] = (False, False)
    font: TextWidths | None = None
    size: float = 0.0
    mode: int = 0
    spacing: tuple[float, float, float] = (0.0, 0.0, 1.0)
    leading: float = 0.0
    rise: float = 0.0
    # What the form that is painted has of its user.
    group_blend: str = "/Normal"
    group_opacity: float = 1.0


def painted(page: pikepdf.Page) -> Iterator[Painted]:
    """Yield what is painted on a page, in order. Damaged parts were already reported by the separation."""
    yield from _Reader({}).content(page, page.obj.get("/Resources"), _PaintState())


def after(first: Matrix, second: Matrix) -> Matrix:
    """Multiply two matrices. `first` is applied first."""
    (a, b, c, d, x, y), (e, f, g, h, u, v) = first, second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h, x * e + y * g + u, x * f + y * h + v)


def shared(one: Rect, other: Rect) -> Rect | None:
    """Return what two rectangles share, or None."""
    x0, y0, x1, y1 = max(one.x0, other.x0), max(one.y0, other.y0), min(one.x1, other.x1), min(one.y1, other.y1)
    return Rect(x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def meet(one: Rect, other: Rect) -> bool:
    """Whether two rectangles share an area."""
    return (
        one.x0 < other.x1
        and other.x0 < one.x1
        and one.y0 < other.y1
        and other.y0 < one.y1
        and min(one.width, one.height, other.width, other.height) > 0
    )


def _six(values: Any) -> Matrix:
    a, b, c, d, x, y = map(float, values)
    return (a, b, c, d, x, y)


def _around(points: Sequence[Point], matrix: Matrix) -> Rect:
    """Return the box around points, on the page."""
    a, b, c, d, u, v = matrix
    xs = [x * a + y * c + u for x, y in points]
    ys = [x * b + y * d + v for x, y in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _corners(box: Sequence[float]) -> list[Point]:
    x0, y0, x1, y1 = box
    return [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]


@dataclass
class _Reader:
    fonts: dict[Any, TextWidths]
    # The path that is being drawn, whether it is one rectangle, and whether it becomes a clip.
    points: list[Point] = field(default_factory=list)
    rectangles: int = 0
    others: int = 0
    is_clip: bool = False
    # The operator that is read, and the one that began the path; of a form, those of the page that draws it.
    index: int = 0
    begin: int = 0
    drawn_at: tuple[int, int] | None = None

    def content(self, source: Any, resources: Any, now: _PaintState, depth: int = 0) -> Iterator[Painted]:
        stack: list[_PaintState] = []
        text = line = UNIT
        for self.index, one in enumerate(pikepdf.parse_content_stream(source)):
            name, operands = str(one.operator), one.operands
            if not self.points:
                self.begin = self.index
            # The most frequent operators first.
            if name in ("l", "m", "c", "v", "y"):
                values = list(map(float, operands))
                self.points += zip(values[::2], values[1::2], strict=True)
                self.others += 1
            elif name in _WITHOUT_PLACE_OR_INK:
                continue
            elif name == "q":
                stack.append(copy(now))
            elif name == "Q":
                now = stack.pop() if stack else now
            elif name == "re":
                x, y, width, height = map(float, operands)
                self.points += _corners((x, y, x + width, y + height))
                self.rectangles += 1
            elif name in _FILLS or name in _STROKES or name == "n":
                yield from self._paths(now, name)
            elif name in ("W", "W*"):
                self.is_clip = True
            elif name == "BT":
                text = line = UNIT
            elif name == "Tm":
                text = line = _six(operands)
            elif name in ("Td", "TD", "T*", "'", '"'):
                if name == "TD":
                    now.leading = -float(operands[1])
                step = (float(operands[0]), float(operands[1])) if name in ("Td", "TD") else (0.0, -now.leading)
                text = line = after((1, 0, 0, 1, *step), line)
            if name in ("Tj", "TJ", "'", '"'):
                made, width = self._shown(now, text, operands[-1])
                text = after((1, 0, 0, 1, width, 0), text)
                yield from made
            elif name == "Do":
                yield from self._drawn(resources, str(operands[0]), now, depth)
            elif name == "sh":
                shading = resources["/Shading"][str(operands[0])]
                yield from self._made(now, Painted("fill", now.clip, None, source=shading), 1)
            else:
                self._changed(now, name, operands, resources)

    # --- the state ---

    def _changed(self, now: _PaintState, name: str, operands: Any, resources: Any) -> None:
        """Apply an operator that changes the state."""
        if name == "cm":
            now.matrix = after(_six(operands), now.matrix)
        elif name == "w":
            now.width = float(operands[0])
        elif name in ("k", "g", "scn"):
            now.fill, now.fill_source = _colour(name, operands, resources)
        elif name in ("K", "G", "SCN"):
            now.stroke, now.stroke_source = _colour(name.lower(), operands, resources)
        elif name == "gs":
            self._state(now, resources["/ExtGState"][str(operands[0])])
        elif name == "Tf":
            now.font, now.size = self._font(resources["/Font"][str(operands[0])]), float(operands[1])
        elif name == "Tr":
            now.mode = int(operands[0])
        elif name == "TL":
            now.leading = float(operands[0])
        elif name == "Ts":
            now.rise = float(operands[0])
        elif name in ("Tc", "Tw", "Tz"):
            spacing = list(now.spacing)
            spacing[("Tc", "Tw", "Tz").index(name)] = float(operands[0]) / (100 if name == "Tz" else 1)
            now.spacing = (spacing[0], spacing[1], spacing[2])

    def _state(self, now: _PaintState, entries: Any) -> None:
        if "/LW" in entries:
            now.width = float(entries["/LW"])
        if "/BM" in entries:
            mode = entries["/BM"]
            now.blend = str(mode[0] if isinstance(mode, pikepdf.Array) else mode)
        stroke, fill = now.opacity
        now.opacity = (float(entries.get("/CA", stroke)), float(entries.get("/ca", fill)))
        # Without /op, /OP is for fills too (ISO 32000-1, table 58).
        lines, fills = now.overprints
        lines = bool(entries.get("/OP", lines))
        now.overprints = (lines, bool(entries.get("/op", lines if "/OP" in entries else fills)))
        if "/Font" in entries:
            now.font, now.size = self._font(entries["/Font"][0]), float(entries["/Font"][1])

    def _font(self, font: Any) -> TextWidths:
        key = font.objgen
        if key == (0, 0):
            return TextWidths(font)
        if key not in self.fonts:
            self.fonts[key] = TextWidths(font)
        return self.fonts[key]

    # --- what is painted ---

    def _made(self, now: _PaintState, one: Painted, side: int) -> Iterator[Painted]:
        """Yield a thing with what the state adds, where it can be seen. `side` is 0 for lines and 1 for all else."""
        seen = shared(one.box, now.clip)
        opacity = now.opacity[side] * now.group_opacity
        if seen is None or not opacity:
            return
        blend = now.blend if now.blend not in PLAIN else now.group_blend
        yield replace(
            one,
            box=seen,
            window=now.clip,
            blend=blend,
            opacity=opacity,
            overprints=now.overprints[side],
            at=self.drawn_at or (self.begin, self.index),
            both_overprint=now.overprints,
        )

    def _paths(self, now: _PaintState, name: str) -> Iterator[Painted]:
        """Yield the fill and the line of a path, and let it clip what follows."""
        points, is_rectangle = self.points, self.rectangles == 1 and not self.others
        is_clip = self.is_clip
        self.points, self.rectangles, self.others, self.is_clip = [], 0, 0, False
        if not points:
            return
        box = _around(points, now.matrix)
        a, b, c, d, _, _ = now.matrix
        scale = math.sqrt(abs(a * d - b * c))
        is_upright = not (b or c) or not (a or d)
        if name in _FILLS:
            (x0, y0), (x1, y1) = points[0], points[-1]
            sides = sorted((abs(x1 - x0) * scale, abs(y1 - y0) * scale)) if is_rectangle else [0.0, 0.0]
            fill = Painted("fill", box, now.fill, sides[0], now.fill_source, matrix=now.matrix)
            # A rectangle that is much longer than high is a rule.
            is_rule = is_rectangle and 0 < 8 * sides[0] < sides[1]
            yield from self._made(now, replace(fill, is_whole=is_rectangle and is_upright, is_rule=is_rule), 1)
        if name in _STROKES:
            width = now.width * scale
            line = Painted("line", box.grown(width / 2), now.stroke, width, now.stroke_source, matrix=now.matrix)
            yield from self._made(now, line, 0)
        if is_clip:
            now.clip = shared(now.clip, box) or Rect(box.x0, box.y0, box.x0, box.y0)

    def _shown(self, now: _PaintState, text: Matrix, operand: Any) -> tuple[Iterator[Painted], float]:
        """Return a text as it is seen, without the spaces at its end, and its width in units of the text."""
        between, words, stretch = now.spacing
        font = now.font or TextWidths({})
        width = end = 0.0
        size = now.size
        for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
            if not isinstance(part, pikepdf.String):
                width -= float(part) / 1000 * size * stretch
                continue
            wide, codes, blanks, seen_width, seen = font.measured(bytes(part))
            if seen:
                end = width + (seen_width * size + seen * between) * stretch
            width += (wide * size + codes * between + blanks * words) * stretch
        matrix = after(text, now.matrix)
        em = abs(now.size) * math.hypot(matrix[2], matrix[3])
        if now.mode in (3, 7):
            return iter(()), width
        low, high = now.rise + DESCENDER * now.size, now.rise + CAPITAL * now.size
        box = _around(_corners((0, low, max(end, 0), high)), matrix)
        is_stroke = now.mode % 4 == 1
        inks = now.stroke if is_stroke else now.fill
        source = now.stroke_source if is_stroke else now.fill_source
        return self._made(now, Painted("text", box, inks, em, source, matrix=matrix), 0 if is_stroke else 1), width

    def _drawn(self, resources: Any, name: str, now: _PaintState, depth: int) -> Iterator[Painted]:
        try:
            source = resources["/XObject"][name]
            if source["/Subtype"] == "/Image":
                box = _around(_corners((0, 0, 1, 1)), now.matrix)
                is_stencil = bool(source.get("/ImageMask", False))
                is_whole = not is_stencil and "/Mask" not in source and "/SMask" not in source
                inks = now.fill if is_stencil else None
                picture = Painted("picture", box, inks, 0, source, name, now.matrix, is_whole=is_whole)
                yield from self._made(now, picture, 1)
            elif depth < DEPTH:
                inner = replace(now, matrix=after(_six(source.get("/Matrix", UNIT)), now.matrix))
                box = _around(_corners([float(one) for one in source["/BBox"]]), inner.matrix)
                inner.clip = shared(now.clip, box) or Rect(box.x0, box.y0, box.x0, box.y0)
                if "/Group" in source:
                    inner.group_opacity, inner.opacity = now.group_opacity * now.opacity[1], (1.0, 1.0)
                    inner.group_blend = now.blend if now.blend not in PLAIN else now.group_blend
                    inner.blend = "/Normal"
                reader = _Reader(self.fonts, drawn_at=self.drawn_at or (self.index, self.index))
                yield from reader.content(source, source.get("/Resources", resources), inner, depth + 1)
        except FAULTS:
            return


def _colour(name: str, operands: Any, resources: Any) -> tuple[tuple[float, ...] | None, Any]:
    """Return the inks that an operator sets, or None and the pattern. Spot colours have neither."""
    if name == "scn":
        if operands and isinstance(operands[-1], pikepdf.Name):
            return None, resources["/Pattern"][str(operands[-1])]
        return None, None
    values = tuple(map(float, operands))
    return (values if name == "k" else (0.0, 0.0, 0.0, 1 - values[0])), None

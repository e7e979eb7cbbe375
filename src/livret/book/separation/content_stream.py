"""Rewrites one content stream: converts every colour, and lets small black text and thin black lines overprint.

The stream gets new resources, which contain only what it uses. Marks of marked
content are removed, because a printing press does not need them.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pikepdf

from livret.book.separation.colour_spaces import Space
from livret.book.separation.functions import Values
from livret.book.separation.graphics_state import (
    SMALL_TEXT,
    THIN_LINE,
    UPRIGHT,
    Graphics,
    Start,
    multiply,
    thickness,
)
from livret.book.separation.ink import BLACK
from livret.book.separation.pdf_input import FAULTS, Inseparable, floats
from livret.book.separation.resources import Parts, Resources
from livret.book.separation.targets import of_design
from livret.translation import say

# Operators that are copied: they do not paint and do not change the state that is kept here (ISO 32000-1, annex A).
_PASSED = "J j M d ri i h W W* n ET TD Td T* Tc Tw Tz TL Ts d0"
_DROPPED = "BMC BDC EMC MP DP BX EX"
# Operators that paint a path, each with (strokes, fills).
_PAINTERS = {"f": (False, True), "F": (False, True), "f*": (False, True), "s": (True, False), "S": (True, False)}
_PAINTERS |= dict.fromkeys(("b", "B", "b*", "B*"), (True, True))
_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_WRITTEN = ("q", "Q", "k", "K", "g", "G", "cs", "CS", "scn", "SCN", "gs", "Do")


@dataclass(frozen=True)
class Rewritten:
    """A separated stream. `is_scaled`: the result depends on the scale. `is_uncoloured`: it is a glyph with `d1`."""

    raw: bytes
    is_scaled: bool
    is_uncoloured: bool


def rewrite(source: Any, resources: Resources, start: Start, parts: Parts) -> Rewritten:
    """Separate the content of a page, a form, a pattern or a glyph. What it uses is added to `resources`.

    Parts that cannot be separated are reported to `parts` and left out. Raises Inseparable if it cannot be parsed.
    """
    try:
        with warnings.catch_warnings():
            # pikepdf gives only a warning when a stream ends too early.
            warnings.simplefilter("error", UserWarning)
            instructions = pikepdf.parse_content_stream(source)
    except (*FAULTS, UserWarning) as fault:
        raise Inseparable("damaged-part", say("its content cannot be read: {fault}", fault=fault)) from fault
    return _Rewriter(resources, start, parts).run(instructions)


class _Rewriter:
    def __init__(self, resources: Resources, start: Start, parts: Parts) -> None:
        self._resources = resources
        self._start = start
        self._target = start.target
        self._parts = parts
        self._out: list[Any] = []
        self._graphics = Graphics(start)
        # Where the current path begins in the output. No other operator may be put inside a path.
        self._path: int | None = None
        # The points of each part of the path.
        self._parts_of_path: list[list[tuple[float, float]]] = []
        self._is_scaled = False
        self._is_uncoloured = start.is_uncoloured
        self._do: dict[str, Callable[[Any], None]] = dict.fromkeys(_PASSED.split(), self._out.append)
        self._do |= dict.fromkeys(_DROPPED.split(), _drop)
        self._do |= dict.fromkeys(("Tj", "TJ", "'", '"'), self._show)
        self._do |= {name: self._painter(*painted) for name, painted in _PAINTERS.items()}
        for stroke, change in ((False, str.lower), (True, str.upper)):
            self._do |= {change(name): self._setter(stroke, family) for name, family in _DEVICE.items()}
            self._do[change("cs")] = self._chooser(stroke)
            self._do |= dict.fromkeys((change("sc"), change("scn")), self._special(stroke))
        self._do |= {
            "q": self._push, "Q": self._pop, "cm": self._concat, "w": self._line, "gs": self._state,
            "m": self._begin, "re": self._rectangle, "n": self._end,
            "BT": self._begin_text, "Tm": self._matrix, **dict.fromkeys("lcvy", self._line_to),
            "Tf": self._font, "Tr": self._rendering, "d1": self._uncoloured, "Do": self._paint, "sh": self._shade,
            "INLINE IMAGE": self._inline,
        }  # fmt: skip

    def run(self, instructions: Iterable[Any]) -> Rewritten:
        """Rewrite all instructions. Add a `Q` for each `q` that is left open."""
        black = [pikepdf.ContentStreamInstruction([0], pikepdf.Operator(name)) for name in ("g", "G")]
        name = ""
        for one in itertools.chain(black if self._start.is_fresh else (), instructions):
            try:
                name = str(one.operator)
                if name not in self._do:
                    raise Inseparable("unknown-operator", say('there is no operator "{name}"', name=name[:20]))
                self._do[name](one)
            except Inseparable as fault:
                self._parts.fault(fault.rule, fault.message)
            except FAULTS as fault:
                told = say('the operator "{name}" is damaged: {fault}', name=name, fault=fault)
                self._parts.fault("damaged-part", told)
        for _ in self._graphics.pushed:
            self._emit([], "Q")
        self._do.clear()  # Its methods hold the rewriter, and so the PDF with its photographs.
        return Rewritten(pikepdf.unparse_content_stream(self._out), self._is_scaled, self._is_uncoloured)

    def _emit(self, operands: list[Any], operator: str) -> None:
        self._out.append((operands, _OPERATORS[operator]))

    def _here(self) -> Start:
        """Return the start state of a part that is used at this place."""
        now = self._graphics.now
        depth = self._start.depth + 1
        return Start(self._target, now.matrix, now.fill, now.stroke, now.width, depth, self._is_uncoloured)

    # --- the graphics state ---

    def _push(self, one: Any) -> None:
        self._graphics.push()
        self._out.append(one)

    def _pop(self, one: Any) -> None:
        if self._graphics.pop():
            self._out.append(one)

    def _concat(self, one: Any) -> None:
        now = self._graphics.now
        now.matrix = multiply(floats(one.operands, 6), now.matrix)
        self._out.append(one)

    def _line(self, one: Any) -> None:
        self._graphics.now.width = float(one.operands[0])
        self._out.append(one)

    def _state(self, one: Any) -> None:
        name = str(one.operands[0])
        made = self._resources.once(
            "/ExtGState", name, lambda source: self._parts.state(source, self._here(), self._resources.source)
        )
        if "/LW" in made:
            self._graphics.now.width = float(made["/LW"])
        if "/Font" in made:
            font, size = self._resources.find("/ExtGState", name)["/Font"]
            self._set_font(self._parts.font(font, self._here(), self._resources.source), float(size))
        self._resources.use("/ExtGState", name, made)
        self._out.append(one)

    def _overprint(self, stroke: bool, fill: bool, at: int | None = None) -> None:
        """Switch overprint on or off from here, or from place `at` in the output, where a path begins."""
        now = self._graphics.now
        if (stroke, fill) == now.overprint or self._is_uncoloured or self._target.channels == 1:
            return
        now.overprint = (stroke, fill)
        name = self._resources.add("/ExtGState", "Overprint", self._parts.overprint(stroke, fill))
        self._out.insert(len(self._out) if at is None else at, ([name], _OPERATORS["gs"]))

    # --- paths ---

    def _begin(self, one: Any) -> None:
        if self._path is None:
            self._path = len(self._out)
        self._parts_of_path.append([])
        self._line_to(one)

    def _line_to(self, one: Any) -> None:
        """Add a line or a curve. Control points count as points, because the curve is inside their hull."""
        values = floats(one.operands)
        if self._parts_of_path:
            self._parts_of_path[-1] += zip(values[::2], values[1::2], strict=True)
        self._out.append(one)

    def _rectangle(self, one: Any) -> None:
        x, y, width, height = floats(one.operands, 4)
        if self._path is None:
            self._path = len(self._out)
        self._parts_of_path.append([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
        self._out.append(one)

    def _end(self, one: Any) -> None:
        self._path = None
        self._parts_of_path = []
        self._out.append(one)

    def _painter(self, strokes: bool, fills: bool) -> Callable[[Any], None]:
        def paint(one: Any) -> None:
            stroke, fill = self._graphics.now.overprint
            if fills:
                fill = not strokes and self._is_thin_fill(str(one.operator) == "f*")
            self._overprint(self._is_thin() if strokes else stroke, fill, self._path)
            self._end(one)

        return paint

    def _is_thin_fill(self, is_even_odd: bool) -> bool:
        """Whether a thin black rule or border is filled. The engine draws most rules as fills."""
        if self._graphics.now.fill != BLACK or not self._parts_of_path:
            return False
        self._is_scaled = True
        return thickness(self._parts_of_path, is_even_odd) * self._graphics.scale < THIN_LINE

    def _is_thin(self) -> bool:
        """Whether strokes are black and thin."""
        if self._graphics.now.stroke != BLACK:
            return False
        self._is_scaled = True
        return self._graphics.now.line < THIN_LINE

    # --- text ---

    def _begin_text(self, one: Any) -> None:
        self._graphics.text = UPRIGHT
        self._out.append(one)

    def _matrix(self, one: Any) -> None:
        a, b, c, d, *_ = floats(one.operands, 6)
        self._graphics.text = (a, b, c, d)
        self._out.append(one)

    def _rendering(self, one: Any) -> None:
        self._graphics.now.rendering = int(one.operands[0])
        self._out.append(one)

    def _font(self, one: Any) -> None:
        name = str(one.operands[0])
        made = self._resources.once(
            "/Font", name, lambda source: self._parts.font(source, self._here(), self._resources.source)
        )
        self._set_font(made, float(one.operands[1]))
        self._resources.use("/Font", name, made[0])
        self._out.append(one)

    def _set_font(self, font: tuple[pikepdf.Object, bool], size: float) -> None:
        self._graphics.now.is_coloured_font = font[1]
        self._graphics.now.font_size = size

    def _show(self, one: Any) -> None:
        now = self._graphics.now
        stroke, fill = now.overprint
        # Modes 0 and 4 fill, 1 and 5 stroke, 2 and 6 do both (ISO 32000-1, table 106).
        mode = now.rendering % 4
        if mode in (0, 2):
            fill = now.fill == BLACK and not now.is_coloured_font and self._graphics.em < SMALL_TEXT
            self._is_scaled |= now.fill == BLACK
        if mode in (1, 2):
            stroke = self._is_thin()
        self._overprint(stroke, fill)
        self._out.append(one)

    # --- colours ---

    def _space(self, source: Any) -> Space:
        return self._resources.space(source, self._parts.space)

    def _setter(self, stroke: bool, family: str) -> Callable[[Any], None]:
        """Return the handler of `g`, `rg`, `k`, or of `G`, `RG`, `K` for strokes."""
        source = pikepdf.Name(family)

        def choose(one: Any) -> None:
            space = self._space(source)
            self._set_space(stroke, space)
            self._colour(stroke, space, floats(one.operands))

        return choose

    def _chooser(self, stroke: bool) -> Callable[[Any], None]:
        """Return the handler of `cs` or `CS`, which sets a space and its initial colour."""

        def choose(one: Any) -> None:
            space = self._space(one.operands[0])
            self._set_space(stroke, space)
            if space.family != "/Pattern":
                self._colour(stroke, space, space.initial)

        return choose

    def _set_space(self, stroke: bool, space: Space) -> None:
        if stroke:
            self._graphics.now.stroke_space = space
        else:
            self._graphics.now.fill_space = space

    def _special(self, stroke: bool) -> Callable[[Any], None]:
        """Return the handler of `sc`, `scn`, `SC` and `SCN`, which set a colour of the space or a pattern."""

        def choose(one: Any) -> None:
            space = self._graphics.now.stroke_space if stroke else self._graphics.now.fill_space
            operands = list(one.operands)
            if operands and isinstance(operands[-1], pikepdf.Name):
                self._pattern(stroke, space, operands)
            else:
                self._colour(stroke, space, floats(operands))

        return choose

    def _colour(self, stroke: bool, space: Space, values: Values) -> None:
        if self._is_uncoloured:
            return
        stays = self._parts.written_space(space, self._target) if space.family == "/Separation" else None
        if stays is not None:
            self._set_colour(stroke, None)
            self._emit([self._resources.add("/ColorSpace", "Spot", stays)], "CS" if stroke else "cs")
            self._emit([_short(value) for value in values], "SCN" if stroke else "scn")
            return
        key = (self._target.space, space.family, space.key, values, stroke)
        known = self._parts.colours.get(key)
        if known is None:
            made = of_design(space, values, self._target, self._parts.reduced)
            operator = self._target.stroke if stroke else self._target.fill
            known = (made, ([_short(value) for value in made], _OPERATORS[operator]))
            if space.key:
                self._parts.colours[key] = known
        self._set_colour(stroke, known[0])
        self._out.append(known[1])

    def _set_colour(self, stroke: bool, colour: Values | None) -> None:
        if stroke:
            self._graphics.now.stroke = colour
        else:
            self._graphics.now.fill = colour

    def _pattern(self, stroke: bool, space: Space, operands: list[Any]) -> None:
        if self._is_uncoloured:
            return
        *values, pattern = operands
        source = self._resources.find("/Pattern", str(pattern))
        # A pattern uses the matrix from the start of the stream, not that of the place of its use (8.7.3.1).
        start = Start(self._target, self._start.matrix, depth=self._start.depth + 1)
        made, is_scaled = self._parts.pattern(source, start, self._resources.source)
        self._is_scaled |= is_scaled
        family, inks = pikepdf.Name("/Pattern"), []
        if int(source.get("/PatternType", 1)) == 1 and int(source.get("/PaintType", 1)) == 2:
            if space.base is None:
                raise Inseparable("damaged-part", say("the stencil pattern {pattern} has no colour", pattern=pattern))
            made_inks = of_design(space.base, floats(values), self._target, self._parts.reduced)
            inks = [_short(value) for value in made_inks]
            family = self._resources.add("/ColorSpace", "Stencil", self._parts.stencil_space(self._target))
        self._resources.use("/Pattern", str(pattern), made)
        self._emit([family], "CS" if stroke else "cs")
        self._emit([*inks, pattern], "SCN" if stroke else "scn")
        self._set_colour(stroke, None)

    def _uncoloured(self, one: Any) -> None:
        """Handle `d1`: the glyph takes the colour of the text."""
        self._is_uncoloured = True
        self._out.append(one)

    # --- painting ---

    def _paint(self, one: Any) -> None:
        name = str(one.operands[0])
        made, is_scaled = self._parts.xobject(
            self._resources.find("/XObject", name), self._here(), self._resources.source
        )
        self._is_scaled |= is_scaled
        self._overprint(False, False)
        self._resources.use("/XObject", name, made)
        self._out.append(one)

    def _shade(self, one: Any) -> None:
        if self._is_uncoloured:
            return
        name = str(one.operands[0])
        target, resources = self._target, self._resources.source
        made = self._resources.once("/Shading", name, lambda source: self._parts.shading(source, target, resources))
        self._overprint(False, False)
        self._resources.use("/Shading", name, made)
        self._out.append(one)

    def _inline(self, one: Any) -> None:
        """Turn an inline picture into a resource, except stencils, which glyphs need inline."""
        picture = one.iimage
        self._overprint(False, False)
        if picture.image_mask:
            self._out.append(one)
            return
        made, _ = self._parts.xobject(self._parts.inline(picture), self._here(), self._resources.source)
        self._emit([self._resources.add("/XObject", "Inline", made)], "Do")


def _drop(one: Any) -> None:
    """Remove marked content and compatibility operators. A printing press does not need them."""


def _short(value: float) -> float:
    """Return a number as it is written: as an integer when it is whole."""
    return int(value) if value == int(value) else value


_OPERATORS = {name: pikepdf.Operator(name) for name in _WRITTEN}

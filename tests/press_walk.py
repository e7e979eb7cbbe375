"""Walks through a PDF, for tests of the press: the colour spaces that are used, and what is painted with which ink.

Independent of the code it judges: it reads operators and objects, and follows every resource that a stream could name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PRESS = frozenset({"DeviceCMYK", "DeviceGray", "Separation"})

_OPERATORS = {
    "rg": "DeviceRGB",
    "RG": "DeviceRGB",
    "g": "DeviceGray",
    "G": "DeviceGray",
    "k": "DeviceCMYK",
    "K": "DeviceCMYK",
}
_SHORT = {"/G": "DeviceGray", "/RGB": "DeviceRGB", "/CMYK": "DeviceCMYK"}
_SHOW = ("Tj", "TJ", "'", '"')
_FILLS, _STROKES = ("f", "F", "f*", "b", "B", "b*", "B*"), ("s", "S", "b", "B", "b*", "B*")


@dataclass(frozen=True)
class Painted:
    """Something painted: its colour as an operator says it (None for a pattern or a spot colour), the size of its em or
    line in points, and whether it overprints."""

    kind: str
    page: int
    space: str
    colour: tuple[float, ...] | None
    size: float
    overprints: bool


@dataclass
class _State:
    matrix: tuple[float, ...] = (1, 0, 0, 1)
    fill: tuple[str, tuple[float, ...] | None] = ("DeviceGray", (0,))
    stroke: tuple[str, tuple[float, ...] | None] = ("DeviceGray", (0,))
    width: float = 1
    font: float = 0
    mode: int = 0
    over: tuple[bool, bool] = (False, False)


@dataclass
class Walk:
    """What a walk through all pages found: spaces with the places where they are used, and everything painted."""

    spaces: dict[str, set[str]] = field(default_factory=dict)
    painted: list[Painted] = field(default_factory=list)
    # Streams and resources that were visited, by kind.
    visited: dict[str, int] = field(default_factory=dict)

    @property
    def strangers(self) -> dict[str, set[str]]:
        """The spaces that a press does not know, and where."""
        return {name: places for name, places in self.spaces.items() if name not in PRESS}

    def of(self, kind: str) -> Iterator[Painted]:
        """What was painted of one kind: text, line, fill."""
        return (one for one in self.painted if one.kind == kind)


def walk(pdf: pikepdf.Pdf) -> Walk:
    """Walk through every page, with all content streams, pictures, patterns, gradients, masks and glyphs."""
    walker = _Walker()
    for number, page in enumerate(pdf.pages, 1):
        walker.page = number
        where = f"page {number}"
        walker.group(page.obj, where)
        walker.content(page, page.obj.get("/Resources"), where, _State(), "page")
    return walker.found


class _Walker:
    def __init__(self) -> None:
        self.found = Walk()
        self.page = 0
        self._seen: set[tuple[tuple[int, int], bool]] = set()

    def _visit(self, source: Any, kind: str, is_mask: bool) -> bool:
        """Whether an object is new."""
        key = (source.objgen, is_mask)
        if source.objgen != (0, 0) and key in self._seen:
            return False
        self._seen.add(key)
        self.found.visited[kind] = self.found.visited.get(kind, 0) + 1
        return True

    # --- spaces ---

    def space(self, source: Any, where: str) -> str:
        """Note a colour space, with those below it; its name."""
        if isinstance(source, pikepdf.Array):
            name = str(source[0])[1:]
            if name in ("Indexed", "Pattern"):
                return self.space(source[1], where) if len(source) > 1 else name
            if name in ("Separation", "DeviceN"):
                self.space(source[2], f"{where} {name}")
        else:
            name = _SHORT.get(str(source), str(source)[1:])
        if name != "Pattern":
            self.found.spaces.setdefault(name, set()).add(where)
        return name

    def group(self, source: Any, where: str) -> None:
        if "/Group" in source and "/CS" in source["/Group"]:
            self.space(source["/Group"]["/CS"], f"{where} group")

    # --- resources ---

    def resources(self, source: Any, where: str, state: _State, is_mask: bool) -> None:
        """Everything that a stream could name, whether it does or not."""
        for name, part in source.get("/ColorSpace", {}).items():
            self.space(part, f"{where} space {name}")
        for name, part in source.get("/Shading", {}).items():
            self.shading(part, f"{where} shading {name}", is_mask)
        for name, part in source.get("/Pattern", {}).items():
            self.pattern(part, f"{where} pattern {name}", is_mask)
        for name, part in source.get("/ExtGState", {}).items():
            self.state(part, f"{where} state {name}")
        for name, part in source.get("/XObject", {}).items():
            self.xobject(part, f"{where} {name}", state, is_mask)
        for part in dict(source.get("/Font", {}).items()).values():
            if part.get("/Subtype") == "/Type3" and self._visit(part, "type3", is_mask):
                for glyph, stream in part["/CharProcs"].items():
                    self.content(stream, part.get("/Resources", source), f"{where} glyph {glyph}", _State(), "glyph")

    def shading(self, source: Any, where: str, is_mask: bool) -> None:
        if self._visit(source, "shading", is_mask):
            self.space(source["/ColorSpace"], where)

    def pattern(self, source: Any, where: str, is_mask: bool) -> None:
        if not self._visit(source, "pattern", is_mask):
            return
        if source.get("/PatternType") == 2:
            self.shading(source["/Shading"], where, is_mask)
        else:
            self.content(source, source.get("/Resources"), where, _State(), "tile", is_mask)

    def state(self, source: Any, where: str) -> None:
        mask = source.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary):
            self.xobject(mask["/G"], f"{where} mask", _State(), True)

    def xobject(self, source: Any, where: str, state: _State, is_mask: bool) -> None:
        if source.get("/Subtype") == "/Form":
            if self._visit(source, "mask" if is_mask else "form", is_mask):
                self.group(source, where)
                inner = copy(state)
                inner.matrix = _times([float(v) for v in source.get("/Matrix", (1, 0, 0, 1, 0, 0))], state.matrix)
                self.content(source, source.get("/Resources"), where, inner, "form", is_mask)
        elif self._visit(source, "picture", is_mask):
            self.picture(source, where, is_mask)

    def picture(self, source: Any, where: str, is_mask: bool) -> None:
        if "/ColorSpace" in source:
            self.space(source["/ColorSpace"], f"{where} picture")
        elif not source.get("/ImageMask", False):
            self.found.spaces.setdefault("unknown", set()).add(where)
        for name in ("/SMask", "/Mask"):
            if isinstance(source.get(name), pikepdf.Stream) and self._visit(source[name], "picture mask", is_mask):
                self.picture(source[name], f"{where} {name[1:]}", is_mask)

    def inline(self, one: Any, resources: Any, where: str, is_mask: bool) -> None:
        """A picture inside a stream, whose space may be one of the resources."""
        source = one.iimage.obj
        space = source.get("/ColorSpace")
        if isinstance(space, pikepdf.Name):
            source["/ColorSpace"] = resources.get("/ColorSpace", {}).get(str(space), space)
        self.picture(source, f"{where} inline", is_mask)

    # --- content ---

    def content(self, source: Any, resources: Any, where: str, state: _State, kind: str, is_mask: bool = False) -> None:
        """Follow a content stream."""
        self.found.visited[kind] = self.found.visited.get(kind, 0) + 1
        resources = pikepdf.Dictionary() if resources is None else resources
        self.resources(resources, where, state, is_mask)
        stack: list[_State] = []
        text = (1.0, 0.0, 0.0, 1.0)
        for one in pikepdf.parse_content_stream(source):
            name, operands = str(one.operator), one.operands
            if name == "q":
                stack.append(copy(state))
            elif name == "Q":
                state = stack.pop()
            elif name == "cm":
                state.matrix = _times([float(value) for value in operands], state.matrix)
            elif name == "w":
                state.width = float(operands[0])
            elif name == "BT":
                text = (1, 0, 0, 1)
            elif name == "Tm":
                a, b, c, d = (float(value) for value in list(operands)[:4])
                text = (a, b, c, d)
            elif name == "Tf":
                state.font = float(operands[1])
            elif name == "Tr":
                state.mode = int(operands[0])
            elif name == "gs":
                self._graphics(resources["/ExtGState"][str(operands[0])], state)
            elif name == "INLINE IMAGE":
                self.inline(one, resources, where, is_mask)
            else:
                self._colour(name, list(operands), resources, where, state)
                if not is_mask:
                    self._paint(name, operands, text, state)

    def _graphics(self, source: Any, state: _State) -> None:
        stroke, fill = state.over
        stroke = bool(source.get("/OP", stroke))
        state.over = (stroke, bool(source.get("/op", source.get("/OP", fill))))
        state.width = float(source.get("/LW", state.width))

    def _colour(self, name: str, operands: list[Any], resources: Any, where: str, state: _State) -> None:
        side = "stroke" if name.isupper() else "fill"
        if name in _OPERATORS:
            self.found.spaces.setdefault(_OPERATORS[name], set()).add(where)
            setattr(state, side, (_OPERATORS[name], tuple(float(value) for value in operands)))
        elif name in ("cs", "CS"):
            source = resources.get("/ColorSpace", {}).get(str(operands[0]), operands[0])
            setattr(state, side, (self.space(source, f"{where} {name}"), None))

    def _paint(self, name: str, operands: Any, text: tuple[float, ...], state: _State) -> None:
        a, b, c, d = state.matrix
        line = state.width * math.sqrt(abs(a * d - b * c))
        if name in _SHOW:
            em = state.font * math.hypot(text[2] * a + text[3] * c, text[2] * b + text[3] * d)
            if state.mode % 4 in (0, 2):
                self._note("text", state.fill, em, state.over[1])
            if state.mode % 4 in (1, 2):
                self._note("line", state.stroke, line, state.over[0])
        if name in _FILLS:
            self._note("fill", state.fill, 0, state.over[1])
        if name in _STROKES:
            self._note("line", state.stroke, line, state.over[0])

    def _note(self, kind: str, colour: tuple[str, tuple[float, ...] | None], size: float, overprints: bool) -> None:
        self.found.painted.append(Painted(kind, self.page, colour[0], colour[1], size, overprints))


def _times(first: Any, second: tuple[float, ...]) -> tuple[float, ...]:
    (a, b, c, d), (e, f, g, h) = first[:4], second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)

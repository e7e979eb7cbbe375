"""Drawings: a worker keeps what it drew from one galley to the next, and draws straight paths in one go.

The same pictograms stand on each card. QR codes and maps differ from card to card; they are long paths of straight
lines. Each function says which one of the engine it stands for; docs/engine.md says why, and what it gains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import tostring

from weasyprint import svg

from livret.project import digest

# A drawing takes up to 100 kB. Beyond so many they are forgotten.
DRAWINGS = 500

# Shapes in plain colours; all that refers to something else, or is seen through, is the engine's.
_PLAIN = frozenset("svg g path rect circle ellipse line polyline polygon title desc".split())
_NOT_PLAIN = frozenset("style class filter mask clip-path opacity fill-opacity stroke-opacity".split())
_STATE = ("_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke")


@dataclass(frozen=True)
class _Drawn:
    """What a drawing wrote: operations, the opacities it names, and the colours it leaves behind."""

    operations: tuple[bytes, ...]
    opacities: Mapping[str, Any]
    state: tuple[Any, ...]


_engine_draw = svg.SVG.draw
_engine_path = svg.path


def keep_drawings() -> None:
    """Replace how drawings are drawn, where they are plain."""
    drawings: dict[Any, _Drawn] = {}

    def draw(drawing: Any, stream: Any, width: float, height: float, *more: Any) -> None:
        _draw(drawings, drawing, stream, width, height, *more)

    svg.SVG.draw = draw


def shorten_straight_paths() -> None:
    """Replace how paths are drawn, where they are straight."""
    svg.TAGS["path"] = _path


def _draw(drawings: dict[Any, _Drawn], drawing: Any, stream: Any, width: float, height: float, *more: Any) -> None:
    """As `SVG.draw`; a plain drawing writes what it wrote before at the same size."""
    root = drawing.tree._etree_node
    key = (digest(tostring(root)), width, height, *(getattr(stream, name) for name in _STATE))
    resources = stream._resources
    if key in drawings:
        stream.stream.extend(drawings[key].operations)
        vars(stream).update(zip(_STATE, drawings[key].state, strict=True))
    elif not all(map(_is_plain, root.iter())):
        _engine_draw(drawing, stream, width, height, *more)
        return
    else:
        start = len(stream.stream)
        opacities = type(resources["ExtGState"])()
        stream._resources = {**resources, "ExtGState": opacities}
        try:
            _engine_draw(drawing, stream, width, height, *more)
        finally:
            stream._resources = resources
        if len(drawings) >= DRAWINGS:
            drawings.clear()
        state = tuple(getattr(stream, name) for name in _STATE)
        drawings[key] = _Drawn(tuple(stream.stream[start:]), opacities, state)
    for name, opacity in drawings[key].opacities.items():
        resources["ExtGState"].setdefault(name, type(opacity)(opacity))


def _is_plain(node: Any) -> bool:
    if not isinstance(node.tag, str):
        return True
    refers = any("url(" in value or name in _NOT_PLAIN or name.startswith("marker") for name, value in node.items())
    return node.tag.rpartition("}")[2] in _PLAIN and not refers


# A path of single straight lines in numbers without units, and its commands. Nothing in it can match in two ways.
_NUMBER = r"[-+]?+(?:\d++(?:\.\d*+|(?!\.))|\.\d++)"
_PAIR = rf"{_NUMBER}(?:[ ,]|(?=[-+])){_NUMBER}"
_STRAIGHT = re.compile(rf"[mM] ?+{_PAIR}(?: |[mMlL] ?+{_PAIR}|[hHvV] ?+{_NUMBER}|[zZ])*")
_COMMAND = re.compile(rf"([a-zA-Z]) ?({_NUMBER})?[ ,]?({_NUMBER})?")


def _path(drawing: Any, node: Any, font_size: float) -> None:
    """As `svg.path`; one of single straight lines, without markers on them, is read in one go."""
    told = node.get("d", "")
    if any(name.startswith("marker") for name in node.attrib) or not _STRAIGHT.fullmatch(told):
        _engine_path(drawing, node, font_size)
        return
    stream = drawing.stream
    stream.move_to(0, 0)
    x = y = 0.0
    start = None
    before = "z"
    for letter, first, second in _COMMAND.findall(told):
        command = letter.lower()
        if before in "mz":
            start = None
        if command == "z":
            if start:
                stream.close()
                x, y = start
        else:
            if command != "m":
                start = start or (x, y)
            from_x, from_y = (x, y) if letter == command else (0, 0)
            if command != "v":
                x = float(first) + from_x
            if command != "h":
                y = float(second or first) + from_y
            (stream.move_to if command == "m" else stream.line_to)(x, y)
        before = command

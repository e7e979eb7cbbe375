"""Drawings: a worker keeps what it drew from one galley to the next; docs/engine.md says why, and what it gains."""

from __future__ import annotations

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
_NOT_PLAIN = frozenset("style filter mask clip-path opacity fill-opacity stroke-opacity".split())
_STATE = ("_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke")


@dataclass(frozen=True)
class _Drawn:
    """What a drawing wrote: operations, the opacities it names, and the colours it leaves behind."""

    operations: tuple[bytes, ...]
    opacities: Mapping[str, Any]
    state: tuple[Any, ...]


_engine_draw = svg.SVG.draw


def keep_drawings() -> None:
    """Replace how drawings are drawn, where they are plain."""
    drawings: dict[Any, _Drawn] = {}

    def draw(drawing: Any, stream: Any, width: float, height: float, *more: Any) -> None:
        _draw(drawings, drawing, stream, width, height, *more)

    svg.SVG.draw = draw


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

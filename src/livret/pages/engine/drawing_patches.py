"""Replacements that drawings need: gradients without lines across them, and lines as wide as they say.

The engine paints a gradient as a tile that is as large as the shape. Where a tile ends and the next begins, viewers mix
both, and the shape has a thin line in the colour of the other end. See docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import svg
from weasyprint.matrix import Matrix

from livret.content.font_files import NamedFace

_engine_gradient = svg.draw_gradient
_engine_pattern = svg.draw_pattern
_engine_text = svg.text


class _ShadingPattern(pydyf.Dictionary):  # type: ignore[misc]
    """A pattern that is a gradient, without tiles (ISO 32000-1, 8.7.4.2)."""

    # The engine asks each pattern for its resources.
    extra: Mapping[str, Any] = MappingProxyType({})


def apply(named: Mapping[str, NamedFace]) -> None:
    """Replace how gradients, patterns and texts of drawings are painted; `named` has fonts by their names."""
    _find_fonts(named)
    svg.draw_gradient = _draw_gradient
    svg.draw_pattern = _draw_pattern


def _find_fonts(named: Mapping[str, NamedFace]) -> None:
    """Replace how text is drawn, so that fonts of the project are found by their own names too."""

    def text(drawing: Any, node: Any, font_size: float) -> None:
        node.attrib |= own_font(named, node.get("font-family", ""))
        _engine_text(drawing, node, font_size)

    # The engine knows texts by this very function.
    svg.text = text
    for tag in ("a", "text", "textPath", "tspan"):
        svg.TAGS[tag] = text


def own_font(named: Mapping[str, NamedFace], families: str) -> dict[str, str]:
    """The font that one of these families is the own name of, as attributes; nothing where none is."""
    for family in families.split(","):
        if face := named.get(family.strip().strip("\"'").casefold()):
            slope = "italic" if face.is_italic else "normal"
            return {"font-family": face.family, "font-weight": str(face.weight), "font-style": slope}
    return {}


def _draw_pattern(drawing: Any, node: Any, pattern: Any, font_size: float, opacity: float, stroke: bool) -> Any:
    """As `svg.defs.draw_pattern`; a line drawn with a pattern is as wide as it says."""
    if stroke:
        _set_line_width(drawing, node, font_size)
    return _engine_pattern(drawing, node, pattern, font_size, opacity, stroke)


def _set_line_width(drawing: Any, node: Any, font_size: float) -> None:
    # The engine sets it for lines in plain colours only.
    drawing.stream.set_line_width(drawing.length(node.get("stroke-width", "1px"), font_size))


def _draw_gradient(drawing: Any, node: Any, gradient: Any, font_size: float, opacity: float, stroke: bool) -> Any:
    """As `svg.defs.draw_gradient`; what it painted as a tile is painted as a gradient, or as one large tile."""
    stream = drawing.stream
    patterns = stream._resources["Pattern"]
    known = set(patterns)
    if stroke:
        _set_line_width(drawing, node, font_size)
    drawn = _engine_gradient(drawing, node, gradient, font_size, opacity, stroke)
    for name in [name for name in patterns if name not in known]:
        tile = patterns[name]
        if shading := _only_shading(tile):
            patterns[name] = _ShadingPattern(
                {"Type": "/Pattern", "PatternType": 2, "Matrix": tile.extra["Matrix"], "Shading": shading}
            )
        else:
            _widen(tile, stream.ctm, drawing.calculate_bounding_box(node, font_size, stroke))
    return drawn


def _groups(stream: Any) -> Iterator[Any]:
    """The groups inside a stream, the masks of their opacity too."""
    for group in stream.extra["Resources"]["XObject"].values():
        yield group
        yield from _groups(group)


def _only_shading(tile: Any) -> Any:
    """The shading of a gradient without transparent colours; None for one with them, which needs a mask."""
    groups = list(_groups(tile))
    shadings = [shading for group in groups for shading in group.extra["Resources"]["Shading"].values()]
    return shadings[0] if len(groups) == len(shadings) == 1 else None


def _widen(tile: Any, drawn_in: Matrix, box: tuple[float, float, float, float]) -> None:
    """Make a tile so large that its edges lie outside the shape, whose box is in the units of the drawing."""
    own = Matrix(*tile.extra["Matrix"]) @ drawn_in.invert
    if not own.determinant:
        return
    x, y, width, height = box
    corners = [
        own.invert.transform_point(*corner)
        for corner in ((x, y), (x + width, y + height), (x + width, y), (x, y + height))
    ]
    left, top, right, bottom = (find(corner[axis] for corner in corners) for find in (min, max) for axis in (0, 1))
    wide, tall = right - left, bottom - top
    edges = (left - wide, top - tall, right + wide, bottom + tall)
    tile.extra["XStep"], tile.extra["YStep"] = 3 * wide, 3 * tall
    for part in (tile, *_groups(tile)):
        part.extra["BBox"] = pydyf.Array(edges)

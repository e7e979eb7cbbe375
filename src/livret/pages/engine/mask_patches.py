"""Replacements that drawings need: masks and clipping paths lie on what they belong to.

The engine sets a mask after it has drawn a group, measures it by the attributes `width` and `height`, which most shapes
do not have. It fills the holes of clipping paths. See docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint import svg
from weasyprint.matrix import Matrix
from weasyprint.svg.bounding_box import is_valid_bounding_box
from weasyprint.svg.utils import parse_url, size

Box = tuple[float, float, float, float]

# Elements that do not read these attributes, so that the engine may find the box of the element in them.
_WITHOUT_SIZE = frozenset({"circle", "ellipse", "g", "line", "path", "polygon", "polyline"})
_SIDES = ("x", "y", "width", "height")

_engine_node = svg.SVG.draw_node


def apply() -> None:
    """Replace how elements with masks and clipping paths are drawn."""
    svg.SVG.draw_node = draw_node


def draw_node(drawing: Any, node: Any, font_size: float, fill_stroke: bool = True, context: Any = None) -> None:
    """As `SVG.draw_node`, with the mask in place before anything is drawn."""
    own_size = size(node.get("font-size", "1em"), font_size, font_size)
    with _clip_box(drawing, node, own_size):
        # Inside a clipping path, nothing is painted that a mask could hide.
        mask = drawing.masks.get(parse_url(node.get("mask")).fragment) if fill_stroke and node.get("mask") else None
        if mask is None or node.tag == "defs":
            _engine_node(drawing, node, font_size, fill_stroke, context)
            if not fill_stroke and _has_holes(drawing, node):
                _clip_with_holes(drawing.stream)
            return
        told = node.attrib.pop("mask")
        drawing.stream.push_state()
        _set_mask(drawing, node, mask, own_size)
        _engine_node(drawing, node, font_size, fill_stroke, context)
        drawing.stream.pop_state()
        node.attrib["mask"] = told


def _box(drawing: Any, node: Any, font_size: float) -> Box:
    """The box of an element in its own units; that of the drawing where it is not known."""
    box: Box = drawing.calculate_bounding_box(node, font_size, stroke=False) or (0, 0, 0, 0)
    return (
        box if is_valid_bounding_box(box) and box[2] and box[3] else (0, 0, drawing.inner_width, drawing.inner_height)
    )


@contextmanager
def _clip_box(drawing: Any, node: Any, font_size: float) -> Iterator[None]:
    """Where a clipping path is measured by the box of its element, lend the element attributes with that box."""
    clip = drawing.paths.get(parse_url(node.get("clip-path")).fragment) if node.get("clip-path") else None
    if clip is None or clip.get("clipPathUnits") != "objectBoundingBox" or node.tag not in _WITHOUT_SIZE:
        yield
        return
    kept = {name: node.attrib.pop(name) for name in _SIDES if name in node.attrib}
    node.attrib.update(zip(_SIDES, map(str, _box(drawing, node, font_size)), strict=True))
    yield
    for name in _SIDES:
        del node.attrib[name]
    node.attrib.update(kept)


def _has_holes(drawing: Any, node: Any) -> bool:
    """Whether this is a clipping path of one shape whose holes are cut out. Several shapes may lie on one another."""
    if drawing.paths.get(node.get("id")) is not node:
        return False
    children = list(node)
    return len(children) == 1 and children[0].tag != "use" and children[0].get("clip-rule") == "evenodd"


def _clip_with_holes(stream: Any) -> None:
    """Have the next clip of a stream cut out holes: the engine clips right after it has drawn a clipping path."""

    def clip(even_odd: bool = False) -> None:
        del stream.clip
        stream.clip(even_odd=True)

    stream.clip = clip


def _set_mask(drawing: Any, node: Any, mask: Any, font_size: float) -> None:
    """Draw a mask, and have it hide what is drawn from here on (CSS Masking 1, 6 and 7)."""
    left, top, width, height = _box(drawing, node, font_size)
    shift_x, shift_y = _moved(drawing, node, font_size)
    box = (left - shift_x, top - shift_y, width, height)
    if mask.get("maskUnits") == "userSpaceOnUse":
        start, whole = (0.0, 0.0), (drawing.inner_width, drawing.inner_height)
    else:
        start, whole = box[:2], box[2:]
    # A share of the box is written as 0.5 or as 50 %.
    unit = 1 if mask.get("maskUnits") == "userSpaceOnUse" else None
    x, y = (_side(mask.get(name, "-10%"), font_size, whole[axis], unit) for axis, name in enumerate(("x", "y")))
    wide, tall = (
        _side(mask.get(name, "120%"), font_size, whole[axis], unit) for axis, name in enumerate(("width", "height"))
    )
    matrix = _units(drawing, node, font_size)
    stream = drawing.stream
    stream.transform(*matrix.values)
    kind = "alpha" if mask.get("mask-type") == "alpha" else "luminosity"
    drawn = stream.set_alpha_state(start[0] + x, start[1] + y, wide, tall, kind)
    stream.transform(*matrix.invert.values)
    if mask.get("maskContentUnits") == "objectBoundingBox":
        drawn.transform(a=box[2], d=box[3], e=box[0], f=box[1])
    drawing.stream, tag = drawn, mask._etree_node.tag
    mask._etree_node.tag = "g"
    drawing.draw_node(mask, font_size)
    mask._etree_node.tag = tag
    drawing.stream = stream


def _moved(drawing: Any, node: Any, font_size: float) -> tuple[float, float]:
    """How far what is drawn by reference is moved from where it stands."""
    x, y = drawing.point(node.get("x"), node.get("y"), font_size) if node.tag == "use" else (0.0, 0.0)
    return x, y


def _units(drawing: Any, node: Any, font_size: float) -> Matrix:
    """The units of an element, in which its mask is drawn."""
    x, y = _moved(drawing, node, font_size)
    return Matrix(e=x, f=y) @ (drawing.get_node_transform_matrix(node, font_size) or Matrix())


def _side(told: str, font_size: float, whole: float, unit: float | None) -> float:
    """A length of a mask; without a unit of its own it is a share of the box."""
    if unit is None and "%" not in told:
        return float(size(told, font_size, 1)) * whole
    return float(size(told, font_size, whole))

"""Replacements that drawings need: filters are drawn, as pictures made of pixels at the resolution of the press.

The engine draws nothing of a filter but the offset of a shadow, as a move of the shape itself. See docs/engine.md.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from weasyprint import svg
from weasyprint.matrix import Matrix
from weasyprint.svg.utils import parse_url

from livret.content.font_files import NamedFace
from livret.content.pictures import drawing_filters, drawing_pixels
from livret.content.pictures.drawing_box import Box
from livret.content.pictures.drawing_filters import CONTAINERS, SVG
from livret.pages.engine import drawing_patches, mask_patches

# Pixels for each point of the page: 300 an inch.
DENSITY = 300 / 72
_FILTER = "drawn-filter"
# Texts in which the engine has made elements of the words between elements.
_TEXTS = frozenset({"a", "text", "textPath"})
# What the engine has worked into the other attributes, and what is drawn here.
_DONE = frozenset({"class", "style", "filter"})

_engine_filters = svg.apply_filters


@dataclass
class _Run:
    """One run through a drawing: its size, where it stands on the page, and the streams that are being written.

    Each stream has a matrix that begins where the one before it stands. `held` has the elements inside those in which
    no filter is drawn; `groups` has the streams that hold pictures of filters, which their boxes must not cut off.
    """

    size: tuple[float, float]
    start: Matrix
    held: frozenset[ElementTree.Element]
    streams: list[Any] = field(default_factory=list)
    groups: dict[Any, Box] = field(default_factory=dict)

    def matrix(self, level: int | None = None) -> Matrix:
        """From the units of the element that is drawn, or of the start of a stream, to points of the page."""
        matrix = Matrix()
        for stream in self.streams[:level]:
            matrix = stream.ctm @ matrix
        return matrix

    def seen(self, level: int | None = None) -> Box:
        """The box of the whole drawing in these units."""
        inverse = (self.matrix(level) @ self.start.invert).invert
        corners = [inverse.transform_point(x, y) for x in (0, self.size[0]) for y in (0, self.size[1])]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        return left, top, max(x for x, _ in corners) - left, max(y for _, y in corners) - top


def apply(named: Mapping[str, NamedFace]) -> None:
    """Replace how elements with filters are drawn; `named` has fonts by their names."""
    svg.SVG.livret_fonts = named
    svg.SVG.draw_node = _draw_node
    svg.apply_filters = _apply_filters


def _apply_filters(drawing: Any, node: Any, filter_node: Any, font_size: float) -> None:
    """As `svg.defs.apply_filters`; a filter that was drawn as a picture is not applied again."""
    if _is_move(filter_node):
        _engine_filters(drawing, node, filter_node, font_size)


def _is_move(filter_node: Any) -> bool:
    return {step.tag for step in filter_node} <= {"feOffset"}


def _draw_node(drawing: Any, node: Any, font_size: float, fill_stroke: bool = True, context: Any = None) -> None:
    """As `SVG.draw_node`; what a filter makes of an element is drawn below it, or in its place."""
    with _running(drawing) as run:
        told = str(node.get("filter", "none")).strip() if fill_stroke and node.visible else "none"
        if told != "none" and node._etree_node not in run.held and _is_drawn(drawing, run, node, told, font_size):
            return
        mask_patches.draw_node(drawing, node, font_size, fill_stroke, context)


@contextmanager
def _running(drawing: Any) -> Iterator[_Run]:
    """The run through a drawing, with the stream that is written now."""
    run: _Run | None = vars(drawing).get("livret_run")
    is_first = run is None
    if run is None:
        outer = (one for one in drawing.tree._etree_node.iter() if _name(one) in CONTAINERS)
        held = frozenset(inner for one in outer for inner in one.iter())
        run = _Run((drawing.concrete_width, drawing.concrete_height), drawing.stream.ctm, held)
        drawing.livret_run = run
    is_new = not run.streams or run.streams[-1] is not drawing.stream
    if is_new:
        run.streams.append(drawing.stream)
    try:
        yield run
    finally:
        if is_new:
            run.streams.pop()
        if is_first:
            del drawing.livret_run
            for group, (left, top, width, height) in run.groups.items():
                group.extra["BBox"][:] = left, top, left + width, top + height


def _name(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _is_drawn(drawing: Any, run: _Run, node: Any, told: str, font_size: float) -> bool:
    """Draw a picture of an element with its filter, or of what lies below it; say whether that is all of it."""
    is_named = told.startswith("url(") and told.count("(") == 1
    found = drawing.filters.get(parse_url(told).fragment) if is_named else None
    if is_named and (found is None or _is_move(found)):
        return False
    steps = _copied(found) if found is not None else None
    if drawing_filters.why_not_drawn(told, steps) or not run.matrix().determinant:
        return False
    box = run.seen()
    lower = _lower(node, told, steps, box)
    if lower is not None:
        steps = lower
    plain, filtered = _copied(node), _copied(node)
    for one in (plain, filtered):
        # A drawing without a size of its own fills its place.
        if node is drawing.tree:
            one.attrib |= dict(zip(("width", "height"), map(str, run.size), strict=True))
    filtered.set("filter", told)
    if steps is not None:
        steps.set("id", _FILTER)
        filtered.set("filter", f"url(#{_FILTER})")
    (a, b), (c, d) = (row[:2] for row in run.matrix()[:2])
    density = DENSITY * max((a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5)
    has_text = any(_name(one) == "text" for one in plain.iter())
    insides = [_written(drawing, one, steps, font_size) for one in (filtered, plain)]
    made = drawing_pixels.picture(insides[0], insides[1], box, density, _fonts() if has_text else ())
    if made is not None:
        run.groups |= {stream: run.seen(level) for level, stream in enumerate(run.streams) if level}
        _draw_picture(drawing, *made, font_size)
    return lower is None


def _lower(node: Any, told: str, steps: ElementTree.Element | None, box: Box) -> ElementTree.Element | None:
    """The part of a filter that draws below the element, such as its shadow. None when the whole becomes a picture.

    The element itself can then be drawn above it without change.
    """
    if node.get("opacity", "1") not in ("1", "1.0", "100%") or {"clip-path", "mask"} & node.attrib.keys():
        return None
    if steps is not None:
        return drawing_filters.below(steps)
    return None if node.get("transform") else drawing_filters.shadow(told, box)


def _fonts() -> tuple[str, ...]:
    return drawing_pixels.font_folders(Path(os.environ.get("FONTCONFIG_FILE", "")))


# --- elements for another program ---


def _copied(node: Any) -> ElementTree.Element:
    """An element as the engine reads it: all that style sheets and parents say of it stands in its attributes."""
    attributes = {name: str(value) for name, value in node.attrib.items() if name not in _DONE}
    made = ElementTree.Element(f"{SVG}{node.tag}", attributes)
    made.text = node.text
    for child in node:
        if isinstance(child._etree_node.tag, str):
            inner = _copied(child)
            if child.get("filter"):
                inner.set("filter", str(child.get("filter")))
            inner.tail = None if node.tag in _TEXTS else child.tail
            made.append(inner)
    return made


def _written(drawing: Any, element: ElementTree.Element, steps: ElementTree.Element | None, font_size: float) -> str:
    """The inside of a drawing that shows one element, with all that it refers to."""
    top = ElementTree.Element(f"{SVG}g", {"font-size": f"{font_size:g}"})
    defined = ElementTree.SubElement(top, f"{SVG}defs")
    if steps is not None:
        defined.append(steps)
    top.append(element)
    known = {_FILTER}
    coming = [top]
    while coming:
        for name in sorted(set(drawing_pixels.references(coming.pop())) - known):
            known.add(name)
            found = drawing.tree.get_child(name)
            if found is not None:
                made = _copied(found)
                defined.append(made)
                coming.append(made)
    for text in top.iter():
        if families := text.get("font-family"):
            text.attrib |= drawing_patches.own_font(drawing.livret_fonts, families)
    drawing_pixels.make_safe(top)
    return ElementTree.tostring(top, encoding="unicode")


def _draw_picture(drawing: Any, content: bytes, box: Box, font_size: float) -> None:
    address = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    sides = {name: repr(round(side, 6)) for name, side in zip(("x", "y", "width", "height"), box, strict=True)}
    element = ElementTree.Element(f"{SVG}image", sides | {"href": address, "preserveAspectRatio": "none"})
    picture = svg.Node(svg.ElementWrapper.from_xml_root(element), drawing.tree._style)
    mask_patches.draw_node(drawing, picture, font_size)

"""Boxes: questions that many boxes ask have short answers.

Each function says which one of the engine it stands for; docs/engine.md says why, and what it gains.
"""

from __future__ import annotations

from typing import Any

from weasyprint import layout
from weasyprint.formatting_structure.boxes import BlockBox, BlockContainerBox, Box, LineBox, PageBox, ParentBox
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, table
from weasyprint.layout import float as floats

_engine_margin_boxes = layout.make_margin_boxes
_engine_min_content_width = inline.inline_min_content_width
_engine_resolve_percentages = percent.resolve_percentages
_engine_avoid_collisions = floats.avoid_collisions


def shorten_questions() -> None:
    """Replace functions that the engine calls for every box, every page and every line."""
    Box.is_in_normal_flow = _is_in_normal_flow
    Box.establishes_formatting_context = _establishes_formatting_context
    ParentBox.page_values = _page_values
    layout.make_margin_boxes = _margin_boxes
    inline.inline_min_content_width = _min_content_width
    for module in (absolute, block, column, floats, grid, inline, page, table):
        module.resolve_percentages = _resolve_percentages
    inline.avoid_collisions = _avoid_collisions


_FLOATS = frozenset({"left", "right", "inline-start", "inline-end"})
_OUT = _FLOATS | {"footnote"}


def _is_in_normal_flow(box: Any) -> bool:
    """As `Box.is_in_normal_flow`, in one function instead of six."""
    position = box.style["position"]
    is_placed = position in ("absolute", "fixed") or position[0] in ("running()", "note()")
    return not is_placed and box.style["float"] not in _OUT


def _establishes_formatting_context(box: Any) -> bool:
    """As `Box.establishes_formatting_context`, in one function instead of three."""
    style = box.style
    if style["float"] in _FLOATS or style["position"] in ("absolute", "fixed") or box.is_column:
        return True
    if isinstance(box, BlockBox):
        return style["overflow"] != "visible" or "flow-root" in style["display"]
    return isinstance(box, BlockContainerBox) or "flow-root" in style["display"]


def _page_values(box: Any) -> tuple[Any, Any]:
    """As `ParentBox.page_values`, which looks through all children to find the first and the last."""
    own = box.style["page"]
    first = next(filter(_can_begin_a_page, box.children), None)
    if first is None:
        return own, own
    last = next(filter(_can_begin_a_page, reversed(box.children)))
    start, end = first.page_values()
    if last is not first:
        end = last.page_values()[1]
    return start or own, end or own


def _can_begin_a_page(child: Any) -> bool:
    return _is_in_normal_flow(child) or child.style["float"] in _FLOATS


_MARGINS = tuple(
    f"@{edge}-{place}"
    for edges, places in (
        ("top bottom", "left center right left-corner right-corner"),
        ("left right", "top middle bottom"),
    )
    for edge in edges.split()
    for place in places.split()
)


def _margin_boxes(context: Any, its_page: Any, state: Any) -> Any:
    """As `make_margin_boxes`, which works out sixteen boxes for every page also where none has any content."""
    styles = (context.style_for(its_page.page_type, name) for name in _MARGINS)
    is_any = any(style is not None and "content" in style.cascaded for style in styles)
    return _engine_margin_boxes(context, its_page, state) if is_any else iter(())


def _min_content_width(context: Any, box: Any, *arguments: Any, first_line: bool = False, **more: Any) -> Any:
    """As `inline_min_content_width`; 0 for a line that starts below all floats, as the engine takes without any.

    It is asked only whether the line fits beside a float.
    """
    if first_line:
        ends = (shape.position_y + shape.margin_height() for shape in context.excluded_shapes)
        if all(end <= box.position_y for end in ends):
            return 0
    return _engine_min_content_width(context, box, *arguments, first_line=first_line, **more)


_SIDES = ("left", "right", "top", "bottom")
_EDGES = tuple(f"{edge}_{side}" for edge in ("margin", "padding") for side in _SIDES)
_LENGTHS = (*_EDGES, *(f"{limit}{size}" for limit in ("", "min_", "max_") for size in ("width", "height")))
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    """As `percent.resolve_percentages`, in one function for a box whose lengths are in pixels or "auto".

    Mostly they all are. Any other box is left to the engine: one with a percentage or a formula, a page, a table whose
    borders collapse.
    """
    style = box.style
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse" or isinstance(box, PageBox):
        _engine_resolve_percentages(box, containing_block)
        return
    found = {name: style[name] for name in _BORDERS}
    for name in _LENGTHS:
        value = style[name]
        if value == "auto":
            found[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            found[name] = value.value
        else:
            _engine_resolve_percentages(box, containing_block)
            return
    vars(box).update(found)


def _avoid_collisions(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
    """As `avoid_collisions`, at once for a line that is beside nothing: it is as wide as its block."""
    is_apart = outer or box.margin_left or box.margin_right or box.margin_top or type(box) is not LineBox
    if is_apart or context.excluded_shapes or containing_block.style["direction"] != "ltr":
        return _engine_avoid_collisions(context, box, containing_block, outer=outer)
    left = containing_block.content_box_x()
    # As the engine adds and subtracts, for the same rounding.
    return left, box.position_y, left + containing_block.width - left

"""Boxes: questions that many boxes ask have short answers.

Each function says which one of the engine it stands for; docs/engine.md says why, and what it gains.
"""

from __future__ import annotations

from typing import Any

from weasyprint import layout
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import inline

_engine_margin_boxes = layout.make_margin_boxes
_engine_min_content_width = inline.inline_min_content_width


def shorten_questions() -> None:
    """Replace three functions that the engine calls for every box, every page and every line."""
    Box.is_in_normal_flow = _is_in_normal_flow
    layout.make_margin_boxes = _margin_boxes
    inline.inline_min_content_width = _min_content_width


_OUT = frozenset({"left", "right", "inline-start", "inline-end", "footnote"})


def _is_in_normal_flow(box: Any) -> bool:
    """As `Box.is_in_normal_flow`, in one function instead of six."""
    position = box.style["position"]
    is_placed = position in ("absolute", "fixed") or position[0] in ("running()", "note()")
    return not is_placed and box.style["float"] not in _OUT


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

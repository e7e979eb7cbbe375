"""Boxes: sizes and backgrounds are worked out once a style, and questions that many boxes ask have short answers.

Each function says which one of the engine it stands for; docs/engine.md says why, and what it gains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

from weasyprint import css, layout
from weasyprint.css import InitialStyle
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import Box, PageBox
from weasyprint.layout import absolute, background, block, column, grid, inline, page, percent, table
from weasyprint.layout import float as floats

from livret.pages.engine.kept import keep_on_styles, kept

_engine_margin_boxes = layout.make_margin_boxes
_engine_min_content_width = inline.inline_min_content_width
_engine_resolve_percentages = percent.resolve_percentages
_engine_backgrounds = background.layout_box_backgrounds


def shorten_questions() -> None:
    """Replace three functions that the engine calls for every box, every page and every line."""
    Box.is_in_normal_flow = _is_in_normal_flow
    layout.make_margin_boxes = _margin_boxes
    inline.inline_min_content_width = _min_content_width


def keep_sizes() -> None:
    """Replace how margins, paddings, borders and sizes of boxes are read from their styles."""
    keep_on_styles()
    for module in (absolute, block, column, floats, grid, inline, page, percent, table):
        module.resolve_percentages = _resolve_percentages


def skip_bare_backgrounds() -> None:
    """Replace how backgrounds are laid out, where there are none."""
    keep_on_styles()
    background.layout_box_backgrounds = _backgrounds


# --- questions ---

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


# --- sizes and backgrounds ---

_WIDTHS = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_EDGES = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_HEIGHTS = ("height", "min_height", "max_height")
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


@dataclass(frozen=True)
class BoxSizes:
    """Of a style, the sizes that are the same wherever its boxes stand, and the names of the others."""

    fixed: Mapping[str, Any]
    others: frozenset[str]
    is_whole: bool

    @classmethod
    def of(cls, style: Any) -> BoxSizes:
        """Read once from a style."""
        fixed: dict[str, Any] = {name: style[name] for name in _BORDERS}
        others = set()
        for name in (*_WIDTHS, *_EDGES, *_HEIGHTS):
            value = style[name]
            if value == "auto":
                fixed[name] = 0 if name in ("min_width", "min_height") else value
            elif getattr(value, "unit", "%") == "%":
                others.add(name)
            else:
                fixed[name] = value.value
        return cls(fixed, frozenset(others), style["box_sizing"] == "content-box")


@lru_cache(1)
def _anonymous() -> BoxSizes:
    """Those of any anonymous box: the initial ones."""
    parent = InitialStyle(None)
    parent.root_style = parent
    return BoxSizes.of(css.AnonymousStyle(parent))


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    """As `resolve_percentages`; what is no percentage is read once from a style."""
    style = box.style
    own = kept(style)
    sizes: BoxSizes | None = own.sizes
    if sizes is None:
        if style.is_copy or style["border_collapse"] == "collapse":
            _engine_resolve_percentages(box, containing_block)
            return
        sizes = own.sizes = _anonymous() if isinstance(style, css.AnonymousStyle) else BoxSizes.of(style)
    vars(vars(box).get("_box", box)).update(sizes.fixed)
    if sizes.others:
        if isinstance(containing_block, Box):
            width, height = containing_block.width, containing_block.height
        else:
            width, height = containing_block
        edge = height if isinstance(box, PageBox) else width
        one = percent.resolve_one_percentage
        for name in sizes.others:
            if name in _WIDTHS:
                one(box, name, width)
            elif name in _EDGES:
                one(box, name, edge)
            elif height != "auto":
                one(box, name, height)
            elif name == "height":
                box.height = "auto"
            else:
                one(box, name, 0 if name == "min_height" else inf)
    if not sizes.is_whole:
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


_NO_RADII = {f"border_{edge}_{side}_radius": (0, 0) for edge in ("top", "bottom") for side in ("left", "right")}
_NO_RADIUS = (0, "px")


def _backgrounds(its_page: Any, box: Any, images: Any, layout_children: bool = True, style: Any = None) -> None:
    """As `layout_box_backgrounds`, at once for a box whose style has neither background nor corners to lay out."""
    if style is not None or box is its_page or not _is_bare(box.style):
        _engine_backgrounds(its_page, box, images, layout_children, style)
        return
    # A box that is placed elsewhere stands behind another object.
    vars(vars(box).get("_box", box)).update(_NO_RADII)
    if layout_children:
        for child in box.all_children():
            _backgrounds(its_page, child, images)
    box.background = None


def _is_bare(style: Any) -> bool:
    own = kept(style)
    if own.is_bare is None:
        is_told = style["border_image_source"][0] != "none" or style["mask_border_source"][0] != "none"
        is_seen = style["box_shadow"] or any(kind != "none" for kind, _ in style["background_image"])
        is_round = not all(_NO_RADIUS in style[name] for name in _NO_RADII)
        is_bare = not (is_told or is_seen or is_round) and get_color(style, "background_color").alpha == 0
        if style.is_copy:
            return is_bare
        own.is_bare = is_bare
    return bool(own.is_bare)

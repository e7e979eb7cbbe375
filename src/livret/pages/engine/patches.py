"""Shortcuts through the engine: what it works out anew for every galley is kept by a worker from one to the next.

The cards of a book share their style sheets, and mostly their elements and classes, so that nearly all computed styles
of one are those of another; the same pictograms stand on each. Pages are the same to the byte with and without this:
a test typesets both ways.

Functions of the engine are replaced, so this is for the versions that it was written for; others run without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from re import compile as pattern
from typing import Any

import tinyhtml5.inputstream  # type: ignore[import-untyped]
import weasyprint
from weasyprint import css, layout, svg
from weasyprint.css import InitialStyle
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import Box, PageBox
from weasyprint.layout import absolute, background, block, column, grid, inline, page, percent, preferred, table
from weasyprint.layout import float as floats
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango

from livret.pages.engine import style_cache, svg_cache

VERSIONS = frozenset({"70.0"})

# Texts that a style measures, a few hundred bytes each; beyond so many they are forgotten.
TEXTS = 500


def take() -> None:
    """Replace what can be replaced in the engine that is loaded; nothing in a version that is not known."""
    if weasyprint.__version__ not in VERSIONS:
        return
    css.StyleFor = style_cache.SharedStyles
    Box.is_in_normal_flow = _is_in_normal_flow
    layout.make_margin_boxes = _margin_boxes
    inline.strut = _strut
    line_break.Layout.is_drawn = False
    line_break.Layout.setup = _setup
    line_break.Layout.set_text = _set_text
    line_break.Layout.deactivate = _deactivate
    line_break.Layout.reactivate = _reactivate
    inline.inline_min_content_width = _min_content_width
    preferred.split_first_line = _measured
    background.layout_box_backgrounds = _backgrounds
    for module in (absolute, block, column, floats, grid, inline, page, percent, table):
        module.resolve_percentages = _resolve_percentages
    for style in (css.ComputedStyle, css.AnonymousStyle):
        style.is_copy = False
        style.copy = _copy(style.copy)
    svg.SVG.draw = svg_cache.draw
    svg.TAGS["path"] = svg_cache.path
    tinyhtml5.inputstream.characters_until_regex = _Patterns()


# --- boxes and lines ---

_OUT = frozenset({"left", "right", "inline-start", "inline-end", "footnote"})


def _is_in_normal_flow(box: Any) -> bool:
    """As `Box.is_in_normal_flow`, in one function instead of six."""
    position = box.style["position"]
    is_placed = position in ("absolute", "fixed") or position[0] in ("running()", "note()")
    return not is_placed and box.style["float"] not in _OUT


_engine_margin_boxes = layout.make_margin_boxes
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


def _copy(engine_copy: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The engine copies a style before it writes into it, mostly; nothing is kept by a copy."""

    def copy(style: Any) -> Any:
        made = engine_copy(style)
        made.is_copy = True
        return made

    return copy


_engine_strut = line_break.strut


def _strut(style: Any) -> Any:
    """As `strut`, kept by the style: its name among all struts is long."""
    if "strut" not in style.__dict__:
        style.strut = _engine_strut(style)
    return style.strut


_engine_min_content_width = inline.inline_min_content_width


def _min_content_width(context: Any, box: Any, *arguments: Any, first_line: bool = False, **more: Any) -> Any:
    """As `inline_min_content_width`; 0 for a line that starts below all floats, as the engine takes without any.

    It is asked only whether the line fits beside a float.
    """
    if first_line:
        ends = (shape.position_y + shape.margin_height() for shape in context.excluded_shapes)
        if all(end <= box.position_y for end in ends):
            return 0
    return _engine_min_content_width(context, box, *arguments, first_line=first_line, **more)


_engine_split_first_line = line_break.split_first_line


def _measured(
    text: str, style: Any, context: Any, max_width: Any, spacing: float, is_line_start: bool, minimum: bool
) -> Any:
    """As `split_first_line` for a text that is only measured, which mostly happens more than once; without a layout."""
    if style.is_copy:
        return _engine_split_first_line(text, style, context, max_width, spacing, is_line_start, minimum)
    kept = style.__dict__.setdefault("measured", {})
    key = (text, max_width, spacing, is_line_start, minimum)
    if key not in kept:
        if len(kept) >= TEXTS:
            kept.clear()
        told = _engine_split_first_line(text, style, context, max_width, spacing, is_line_start, minimum)
        kept[key] = (None, *told[1:])
    return kept[key]


@dataclass(frozen=True)
class _Lettering:
    """What all texts of a style share: Pango's context, font and language; the lines to draw; OpenType features."""

    context: Any
    font: Any
    language: Any
    drawn: Mapping[str, float | None]
    features: Any

    @classmethod
    def of(cls, style: Any) -> _Lettering:
        """As the engine sets up each text (`Layout.setup`)."""
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
        override = style["font_language_override"]
        name = line_break.LST_TO_ISO.get(override.lower(), override) if override != "normal" else style["lang"]
        if name:
            pointer, _text = line_break.unicode_to_char_p(name)
            language = pango.pango_language_from_string(pointer)
            pango.pango_context_set_language(context, language)
        else:
            language = pango.pango_language_get_default()
        font = fonts.get_font_description(style)
        drawn: dict[str, float | None] = dict.fromkeys(("ascent", "underline_position", "strikethrough_position"))
        if style["text_decoration_line"] != "none":
            told = pango.pango_context_get_metrics(context, font, language)
            metrics = ffi.gc(told, pango.pango_font_metrics_unref)
            for measure in (*drawn, "underline_thickness", "strikethrough_thickness"):
                drawn[measure] = FROM_UNITS * getattr(pango, f"pango_font_metrics_get_{measure}")(metrics)
        names = "kerning variant_ligatures variant_position variant_caps variant_numeric variant_alternates"
        asked = (style[f"font_{name}"] for name in f"{names} variant_east_asian feature_settings".split())
        features = ",".join(f"{key} {value}" for key, value in line_break.font_features(*asked).items()).encode()
        attribute = None
        if features:
            made = pango.pango_attr_font_features_new(features)
            attribute = style.font_config.font_features.setdefault(features, made)
        return cls(context, font, language, drawn, attribute)


def _setup(words: Any, style: Any) -> None:
    """As `Layout.setup`, with what the style has kept."""
    if "lettering" not in style.__dict__:
        style.lettering = _Lettering.of(style)
    kept: _Lettering = style.lettering
    words.style = style
    words.first_line_direction = 0
    words.language = kept.language
    words.__dict__.update(kept.drawn)
    words.layout = ffi.gc(pango.pango_layout_new(kept.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(words.layout, False)
    pango.pango_layout_set_font_description(words.layout, kept.font)
    if kept.features is not None:
        # Setting the text adds to this list.
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, kept.features)
        pango.pango_layout_set_attributes(words.layout, attributes)


_engine_set_text = line_break.Layout.set_text
_engine_deactivate = line_break.Layout.deactivate

# What may end a line or a paragraph within a text (UAX 14, class BK, CR, LF, NL).
_ENDS = frozenset("\n\v\f\r\x85\u2028\u2029")


def _set_text(words: Any, text: str, justify: bool = False) -> None:
    """As `Layout.set_text`; what the engine says of a text before it is drawn is said at once.

    Said later, Pango would forget how the text is set, and set it again.
    """
    _engine_set_text(words, text, justify)
    if not words.is_drawn:
        pango.pango_layout_set_single_paragraph_mode(words.layout, _ENDS.isdisjoint(words.text))


def _deactivate(words: Any) -> None:
    """As `Layout.deactivate`, but only after drawing: most texts are drawn as they were set to find their line."""
    if words.is_drawn:
        _engine_deactivate(words)


def _reactivate(words: Any, style: Any) -> None:
    """As `Layout.reactivate`, where there is anything to do."""
    is_ready = words.__dict__.get("style") is style and not words.justification_spacing
    if not is_ready or not _ENDS.isdisjoint(words.text):
        words.setup(style)
        words.set_text(words.text, justify=True)
    words.is_drawn = True


# --- sizes and backgrounds ---

_WIDTHS = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_EDGES = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_HEIGHTS = ("height", "min_height", "max_height")
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


@dataclass(frozen=True)
class _Sizes:
    """Of a style, the sizes that are the same wherever its boxes stand, and the names of the others."""

    fixed: Mapping[str, Any]
    others: frozenset[str]
    is_whole: bool

    @classmethod
    def of(cls, style: Any) -> _Sizes:
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
def _anonymous() -> _Sizes:
    """Those of any anonymous box: the initial ones."""
    parent = InitialStyle(None)
    parent.root_style = parent
    return _Sizes.of(css.AnonymousStyle(parent))


_engine_resolve_percentages = percent.resolve_percentages


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    """As `resolve_percentages`; what is no percentage is read once from a style."""
    style = box.style
    sizes: _Sizes | None = style.__dict__.get("sizes")
    if sizes is None:
        if style.is_copy or style["border_collapse"] == "collapse":
            _engine_resolve_percentages(box, containing_block)
            return
        sizes = style.sizes = _anonymous() if isinstance(style, css.AnonymousStyle) else _Sizes.of(style)
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


_engine_backgrounds = background.layout_box_backgrounds
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
    if "is_bare" not in style.__dict__:
        is_told = style["border_image_source"][0] != "none" or style["mask_border_source"][0] != "none"
        is_seen = style["box_shadow"] or any(kind != "none" for kind, _ in style["background_image"])
        is_round = not all(_NO_RADIUS in style[name] for name in _NO_RADII)
        is_bare = not (is_told or is_seen or is_round) and get_color(style, "background_color").alpha == 0
        if style.is_copy:
            return is_bare
        style.is_bare = is_bare
    return bool(style.is_bare)


# --- HTML ---


class _Patterns(dict[tuple[frozenset[str], bool], Any]):
    """What the reader of HTML keeps, but never finds again, because it keeps each pattern under its own name."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> Any:
        characters, is_opposite = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        made = self[key] = pattern(f"[{'' if is_opposite else '^'}{listed}]+")
        return made

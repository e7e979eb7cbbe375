"""Shortcuts through the engine: what it works out anew for every galley is kept by a worker from one to the next.

The cards of a book share their style sheets, and mostly their elements and classes, so that nearly all computed styles
of one are those of another; the same pictograms stand on each. Pages are the same to the byte with and without this:
a test typesets both ways.

Functions of the engine are replaced, so this is for the versions that it was written for; others run without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Any
from xml.etree.ElementTree import tostring

import tinyhtml5.inputstream  # type: ignore[import-untyped]
import weasyprint
from weasyprint import css, layout, svg
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import inline
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango

from livret.pages import cascade
from livret.project import digest

VERSIONS = frozenset({"70.0"})

# A drawing takes up to 100 kB. Beyond so many they are forgotten.
DRAWINGS = 500


def take() -> None:
    """Replace what can be replaced in the engine that is loaded; nothing in a version that is not known."""
    if weasyprint.__version__ not in VERSIONS:
        return
    css.StyleFor = cascade.SharedStyles
    Box.is_in_normal_flow = _is_in_normal_flow
    layout.make_margin_boxes = _margin_boxes
    inline.strut = _strut
    line_break.Layout.is_drawn = False
    line_break.Layout.setup = _setup
    line_break.Layout.set_text = _set_text
    line_break.Layout.deactivate = _deactivate
    line_break.Layout.reactivate = _reactivate
    inline.inline_min_content_width = _min_content_width
    svg.SVG.draw = _draw
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


# --- drawings and HTML ---

# Shapes in plain colours; all that refers to something else, or is seen through, is the engine's.
_PLAIN = frozenset("svg g path rect circle ellipse line polyline polygon title desc".split())
_NOT_PLAIN = frozenset("style class filter mask clip-path opacity fill-opacity stroke-opacity".split())
_STATE = ("_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke")

_engine_draw = svg.SVG.draw


@dataclass(frozen=True)
class _Drawn:
    """What a drawing wrote: operations, the opacities it names, and the colours it leaves behind."""

    operations: tuple[bytes, ...]
    opacities: Mapping[str, Any]
    state: tuple[Any, ...]


_drawings: dict[Any, _Drawn] = {}


def _draw(drawing: Any, stream: Any, width: float, height: float, *more: Any) -> None:
    """As `SVG.draw`; a plain drawing writes what it wrote before at the same size."""
    root = drawing.tree._etree_node
    key = (digest(tostring(root)), width, height, *(getattr(stream, name) for name in _STATE))
    resources = stream._resources
    if key in _drawings:
        stream.stream.extend(_drawings[key].operations)
        vars(stream).update(zip(_STATE, _drawings[key].state, strict=True))
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
        if len(_drawings) >= DRAWINGS:
            _drawings.clear()
        state = tuple(getattr(stream, name) for name in _STATE)
        _drawings[key] = _Drawn(tuple(stream.stream[start:]), opacities, state)
    for name, opacity in _drawings[key].opacities.items():
        resources["ExtGState"].setdefault(name, type(opacity)(opacity))


def _is_plain(node: Any) -> bool:
    if not isinstance(node.tag, str):
        return True
    refers = any("url(" in value or name in _NOT_PLAIN or name.startswith("marker") for name, value in node.items())
    return node.tag.rpartition("}")[2] in _PLAIN and not refers


class _Patterns(dict[tuple[frozenset[str], bool], Any]):
    """What the reader of HTML keeps, but never finds again, because it keeps each pattern under its own name."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> Any:
        characters, is_opposite = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        made = self[key] = pattern(f"[{'' if is_opposite else '^'}{listed}]+")
        return made

"""Text: what the engine sets up for each run of text is kept by the style that runs share.

Each function says which one of the engine it stands for; docs/engine.md says why, and what it gains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import weasyprint.pdf.fonts
from weasyprint import css
from weasyprint.layout import inline
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango

_engine_strut = line_break.strut
_engine_set_text = line_break.Layout.set_text
_engine_deactivate = line_break.Layout.deactivate


def keep_text_setup() -> None:
    """Replace how texts are set up, and taken apart and set up again before they are drawn."""
    css.Style.strut = css.Style.text_setup = None
    inline.strut = _strut
    line_break.Layout.is_drawn = False
    line_break.Layout.style = None
    line_break.Layout.shared = None
    line_break.Layout.setup = _setup
    line_break.Layout.set_text = _set_text
    line_break.Layout.deactivate = _deactivate
    line_break.Layout.reactivate = _reactivate


def share_array_types() -> None:
    """Replace how the subsetter of fonts asks for arrays of glyphs: by one type for all lengths."""
    weasyprint.pdf.fonts.ffi = _SharedArrayTypes()


class _SharedArrayTypes:
    """cffi as the subsetter sees it. Each new length would be a new type, whose declaration is parsed first."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ffi, name)

    def new(self, kind: str, values: Any = None) -> Any:
        """As `ffi.new`."""
        return ffi.new(kind if values is None else _LENGTH.sub("[]", kind), values)


_LENGTH = re.compile(r"\[\d+\]$")


def _strut(style: Any) -> Any:
    """As `strut`, kept by the style. The engine looks it up under a long key, which takes as long as making it."""
    if style.strut is None:
        style.strut = _engine_strut(style)
    return style.strut


@dataclass(frozen=True)
class TextSetup:
    """What all texts of a style share: Pango's context, font and language; the lines to draw; OpenType features."""

    context: Any
    font: Any
    language: Any
    drawn: Mapping[str, float | None]
    features: Any

    @classmethod
    def of(cls, style: Any) -> TextSetup:
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
    """As `Layout.setup`, with what the style has setup."""
    # Texts in drawings have styles of another class.
    setup: TextSetup | None = getattr(style, "text_setup", None)
    if setup is None:
        setup = style.text_setup = TextSetup.of(style)
    words.style = style
    words.first_line_direction = 0
    words.language = setup.language
    vars(words).update(setup.drawn)
    words.layout = ffi.gc(pango.pango_layout_new(setup.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(words.layout, False)
    pango.pango_layout_set_font_description(words.layout, setup.font)
    if setup.features is not None:
        # Setting the text adds to this list.
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, setup.features)
        pango.pango_layout_set_attributes(words.layout, attributes)


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
    is_ready = words.style is style and not words.justification_spacing
    if words.shared is not None:
        # Drawing may shorten the line that Pango holds, and the next one has to be whole.
        is_ready = is_ready and not words.shared.is_drawn
        words.shared.is_drawn = True
    if not is_ready or not _ENDS.isdisjoint(words.text):
        words.setup(style)
        words.set_text(words.text, justify=True)
    words.is_drawn = True

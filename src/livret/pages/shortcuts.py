"""Shortcuts through the engine: what it works out anew for every galley is kept by a worker from one to the next.

The cards of a book share their style sheets, and mostly their elements and classes, so that nearly all computed styles
of one are those of another; the same pictograms stand on each. Pages are the same to the byte with and without this:
a test typesets both ways.

Functions of the engine are replaced, so this is for the versions that it was written for; others run without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from re import compile as pattern
from typing import Any
from xml.etree.ElementTree import Element, tostring

import tinyhtml5.inputstream  # type: ignore[import-untyped]
import weasyprint
from weasyprint import css, layout, svg
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import inline
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango

from livret.project import digest

VERSIONS = frozenset({"70.0"})

# A computed style takes up to 20 kB, mostly less than 1, because each element has several that nobody asks for; a
# drawing takes up to 100 kB. Beyond so many they are forgotten.
STYLES, DRAWINGS = 30_000, 500


def take() -> None:
    """Replace what can be replaced in the engine that is loaded; nothing in a version that is not known."""
    if weasyprint.__version__ not in VERSIONS:
        return
    css.StyleFor = _SharedStyles
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


# --- computed styles ---

SVG = "{http://www.w3.org/2000/svg}svg"
_HIDDEN = {"display": ("none",)}


@dataclass
class _Tree:
    """Computed styles by what decides about them: those of root elements, below each those of its children.

    `sheets` is what they were computed from; it is held here because the names of trees are made from its identity.
    """

    sheets: Any
    count: int = 0
    roots: dict[Any, _Kept] = field(default_factory=dict)
    pages: dict[Any, Any] = field(default_factory=dict)
    sizes: _Sizes = field(default_factory=lambda: _Sizes())


class _Sizes(dict[str, Any]):
    """The sizes of the first page of a galley, for units of the viewport; knows whether anybody asked for one."""

    is_asked = False

    def __getitem__(self, name: str) -> Any:
        self.is_asked = True
        return super().__getitem__(name)


@dataclass(frozen=True)
class _Kept:
    """The style of an element and those of its pseudo-elements; those of the elements below it."""

    style: Any
    pseudo: Mapping[str, Any]
    below: dict[Any, _Kept] = field(default_factory=dict)


_trees: dict[Any, _Tree] = {}


class _PageStyle(ComputedStyle):  # type: ignore[misc]
    """The style of one page, with what all pages of its kind have in common; the engine writes into it."""

    common: Any

    def __missing__(self, name: str) -> Any:
        value = self[name] = self.common[name]
        return value


class _SharedStyles(StyleFor):  # type: ignore[misc]
    """The engine's styles, taken from a galley before where the same declarations apply to the same ancestors."""

    def __init__(self, html: Any, sheets: Any, hints: bool, font_config: Any, target_collector: Any) -> None:
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._sheets = sheets
        self.font_config = font_config
        tree = self._shared = self._tree(html, sheets, hints)
        self.initial_page_sizes = tree.sizes
        self.initial_page_sizes.update(box=None, area=None)
        kept: dict[Any, _Kept] = {}
        for wrapper in self._styled(html.wrapper_element):
            element = wrapper.etree_element
            parent = kept[wrapper.parent.etree_element] if wrapper.parent else None
            own = kept[element] = self._kept(wrapper, parent, kept.get(html.etree_element), tree, html, hints)
            style = own.style
            name = element.get("id") or (element.tag == "a" and element.get("name"))
            # The engine writes into the styles of these two.
            if name or parent is None or element.tag == "body":
                style = style.copy()
                if name:
                    style["anchor"] = name
            self._computed_styles[element, None] = style
            if style["anchor"]:
                target_collector.collect_anchor(style["anchor"])
            for pseudo, its_style in own.pseudo.items():
                self._computed_styles[element, pseudo] = its_style
        self._root = kept[html.etree_element].style

    def set_computed_styles(
        self, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None, base_url: Any = None, **more: Any
    ) -> None:
        """As the engine sets the style of a page; elements have theirs."""
        if pseudo_type is not None:
            super().set_computed_styles(element, parent, root, pseudo_type, base_url, **more)
            return
        cascaded = self._cascaded_styles.get((element, None), {})
        key = (id(self._root), base_url, *((name, id(value)) for name, (value, _) in cascaded.items()))
        given = (self._root, cascaded, None, self._root, base_url, self.font_config, self.initial_page_sizes)
        if key not in self._shared.pages:
            self._shared.pages[key] = ComputedStyle(*given)
        own = self._computed_styles[element, None] = _PageStyle(*given)
        own.common = self._shared.pages[key]

    def _styled(self, wrapper: Any) -> Any:
        """An element and those below it; what is within a drawing is hidden, for it has styles of its own kind.

        The engine would make boxes of it and throw them away. Drawings that name anything are left to it: names are
        anchors.
        """
        yield wrapper
        element = wrapper.etree_element
        if element.tag != SVG or any(node.get("id") for node in element.iter()):
            for child in wrapper.iter_children():
                yield from self._styled(child)
        else:
            within = (node for node in element.iter() if node is not element)
            self._computed_styles.update(((node, None), _HIDDEN) for node in within)

    def _tree(self, html: Any, sheets: Any, hints: bool) -> _Tree:
        if sum(tree.count for tree in _trees.values()) > STYLES:
            _trees.clear()
        name = (id(self.font_config), html.base_url, hints, *((id(sheet), origin) for sheet, origin, _ in sheets))
        tree = _trees.get(name)
        # Values in units of the viewport hold for the first page of one galley only.
        if tree is None or tree.sizes.is_asked:
            tree = _trees[name] = _Tree(sheets)
        return tree

    def _kept(
        self, wrapper: Any, parent: _Kept | None, root: _Kept | None, tree: _Tree, html: Any, hints: bool
    ) -> _Kept:
        matched = [
            (sheet, origin, sheet_specificity or specificity, pseudo, declarations, layer)
            for sheet, origin, sheet_specificity in self._sheets
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper)
        ]
        key = (_said(wrapper.etree_element, hints), *((id(sheet), id(told)) for sheet, _, _, _, told, _ in matched))
        below = parent.below if parent else tree.roots
        if key not in below:
            cascaded: dict[Any, dict[str, Any]] = {None: {}}
            _cascade(cascaded[None], _attributes(wrapper.etree_element, html, hints))
            for sheet, origin, specificity, pseudo, declarations, layer in matched:
                order = inf if layer is None else sheet.layers.index(layer)
                _cascade(cascaded.setdefault(pseudo, {}), [(declarations, origin, order, specificity)])
            parent_style = parent.style if parent else None
            root_style = root.style if root else InitialStyle(self.font_config)
            own = self._computed(parent_style, cascaded.pop(None), None, root_style, html)
            top = root.style if root else own
            pseudos = {name: self._computed(own, found, name, top, html) for name, found in cascaded.items()}
            below[key] = _Kept(own, pseudos)
            tree.count += 1 + len(pseudos)
        return below[key]

    def _computed(self, parent: Any, cascaded: Any, pseudo: str | None, root: Any, html: Any) -> Any:
        sizes = self.initial_page_sizes
        return ComputedStyle(parent, cascaded, pseudo, root, html.base_url, self.font_config, sizes)


def _said(element: Any, hints: bool) -> Any:
    """What attributes of an element say of its style, as `css.find_style_attributes` reads them; `id` apart."""
    if hints:
        return tuple(sorted((name, value) for name, value in element.attrib.items() if name not in {"id", "name"}))
    names = ("style", "lang", "width", "height") if element.tag == SVG else ("style", "lang")
    return tuple(map(element.get, names))


def _attributes(element: Any, html: Any, hints: bool) -> Any:
    """The declarations in these attributes, each group with its origin, its layer and its specificity."""
    alone = Element(element.tag, {name: value for name, value in element.attrib.items() if name not in {"id", "name"}})
    for specificity, _, declarations, base_url in css.find_style_attributes(alone, hints, html.base_url):
        yield css.preprocess_declarations(base_url, declarations), "author", inf, specificity


def _cascade(style: dict[str, Any], groups: Any) -> None:
    """Add groups of declarations to a style, where nothing weighs more (CSS Cascading and Inheritance 5, 6.1)."""
    for declarations, origin, order, specificity in groups:
        for name, values, importance in declarations:
            weight = (css.declaration_precedence(origin, importance), order, specificity)
            if name not in style or style[name][1] <= weight:
                style[name] = values, weight


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

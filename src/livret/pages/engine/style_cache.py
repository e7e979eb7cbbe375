"""Computed styles that a worker keeps from one galley to the next.

The cards of a book share their style sheets, and mostly their elements and classes: so the same declarations apply to
the same ancestors, and give the same style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import css
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor

# A style takes up to 20 kB, mostly less than 1, because each element has several that nobody asks for. Beyond so many
# they are forgotten.
STYLES = 30_000

SVG = "{http://www.w3.org/2000/svg}svg"
_HIDDEN = {"display": ("none",)}


@dataclass
class _Tree:
    """Computed styles by what decides about them: those of root elements, below each those of its children.

    `sheets` is what they were computed from; it is held here because the names of trees are made from its identity.
    """

    sheets: Any
    count: int = 0
    roots: dict[Any, _KeptStyles] = field(default_factory=dict)
    pages: dict[Any, Any] = field(default_factory=dict)
    sizes: _FirstPageSizes = field(default_factory=lambda: _FirstPageSizes())


class _FirstPageSizes(dict[str, Any]):
    """The sizes of the first page of a galley, for units of the viewport. `is_asked`: a size was used."""

    is_asked = False

    def __getitem__(self, name: str) -> Any:
        self.is_asked = True
        return super().__getitem__(name)


@dataclass(frozen=True)
class _KeptStyles:
    """The style of an element and those of its pseudo-elements; those of the elements below it."""

    style: Any
    pseudo: Mapping[str, Any]
    below: dict[Any, _KeptStyles] = field(default_factory=dict)


def apply() -> None:
    """Replace how the styles of a galley's elements are worked out."""
    css.StyleFor = partial(SharedStyles, {})


class _PageStyle(ComputedStyle):  # type: ignore[misc]
    """The style of one page, with what all pages of its kind have in common; the engine writes into it."""

    common: Any

    def __missing__(self, name: str) -> Any:
        value = self[name] = self.common[name]
        return value


class SharedStyles(StyleFor):  # type: ignore[misc]
    """The engine's styles, taken from a galley before where the same declarations apply to the same ancestors."""

    def __init__(
        self, trees: dict[Any, _Tree], html: Any, sheets: Any, hints: bool, font_config: Any, target_collector: Any
    ) -> None:
        """`trees` are those of the galleys before; the other arguments are the engine's."""
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._sheets = sheets
        self.font_config = font_config
        self._shared = self._tree(trees, html, sheets, hints)
        self.initial_page_sizes = self._shared.sizes
        self.initial_page_sizes.update(box=None, area=None)
        kept: dict[Any, _KeptStyles] = {}
        for wrapper in self._styled(html.wrapper_element):
            element = wrapper.etree_element
            parent = kept[wrapper.parent.etree_element] if wrapper.parent else None
            own = kept[element] = self._kept(wrapper, parent, kept.get(html.etree_element), html, hints)
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

    def _tree(self, trees: dict[Any, _Tree], html: Any, sheets: Any, hints: bool) -> _Tree:
        if sum(tree.count for tree in trees.values()) > STYLES:
            trees.clear()
        name = (id(self.font_config), html.base_url, hints, *((id(sheet), origin) for sheet, origin, _ in sheets))
        tree = trees.get(name)
        # Values in units of the viewport hold for the first page of one galley only.
        if tree is None or tree.sizes.is_asked:
            tree = trees[name] = _Tree(sheets)
        return tree

    def _kept(
        self, wrapper: Any, parent: _KeptStyles | None, root: _KeptStyles | None, html: Any, hints: bool
    ) -> _KeptStyles:
        matched = [
            (sheet, origin, sheet_specificity or specificity, pseudo, declarations, layer)
            for sheet, origin, sheet_specificity in self._sheets
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper)
        ]
        key = (_said(wrapper.etree_element, hints), *((id(sheet), id(told)) for sheet, _, _, _, told, _ in matched))
        below = parent.below if parent else self._shared.roots
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
            below[key] = _KeptStyles(own, pseudos)
            self._shared.count += 1 + len(pseudos)
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

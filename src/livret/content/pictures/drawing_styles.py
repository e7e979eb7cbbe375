"""Style sheets and attributes of a drawing, as the engine reads them, and what it drops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import cssselect2  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]

from livret.content.pictures.drawing import local_name
from livret.translation import say

STYLE = "{http://www.w3.org/2000/svg}style"

# The engine takes its first word for the size, and the others for the family.
SHORTHAND = "font"

Own = Mapping[str, str]


@dataclass(frozen=True)
class Dropped:
    """A part of a style sheet that the engine does not read: the number of its element, and what it is."""

    element: int
    what: str


class Styles:
    """The styles of one drawing."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.dropped: list[Dropped] = []
        # The families that the drawing brings with it.
        self.families: set[str] = set()
        self._matcher = cssselect2.Matcher()
        self._important = cssselect2.Matcher()
        self._has_rules = False
        for number, node in enumerate(root.iter()):
            if local_name(node) == "style":
                self._sheet(node, number)
        # Most drawings have no rules; to find those of an element takes longer than all else that is looked at.
        tree = cssselect2.ElementWrapper.from_xml_root(root) if self._has_rules else None
        self._wrappers = {wrapper.etree_element: wrapper for wrapper in tree.iter_subtree()} if tree is not None else {}

    def own(self, node: ElementTree.Element) -> dict[str, str]:
        """What is said of an element itself: attributes, then rules, then its style, as the engine reads them."""
        found = {name: value.strip() for name, value in node.items() if not name.startswith("{")}
        style = node.get("style", "")
        normal, important = _declarations(tinycss2.parse_blocks_contents(style)) if style else ({}, {})
        wrapper = self._wrappers.get(node)
        for declared in (
            *self._rules(self._matcher, wrapper),
            normal,
            *self._rules(self._important, wrapper),
            important,
        ):
            found.update(declared)
        size, _, family = found.get(SHORTHAND, "").partition(" ")
        if family:
            found |= {"font-size": size, "font-family": family}
        return found

    @staticmethod
    def _rules(matcher: Any, wrapper: Any) -> list[Own]:
        """What rules say of an element."""
        return [match[-1] for match in matcher.match(wrapper)] if wrapper is not None else []

    def _sheet(self, node: ElementTree.Element, number: int) -> None:
        if not (node.text or "").strip():
            return
        if node.tag != STYLE or node.get("type", "text/css") != "text/css":
            self.dropped.append(Dropped(number, say("a style sheet that is not CSS of this SVG")))
            return
        rules = tinycss2.parse_stylesheet(node.text, skip_comments=True, skip_whitespace=True)
        for place, rule in enumerate(rules):
            if rule.type == "at-rule":
                self._at_rule(rule, number)
            elif rule.type == "qualified-rule":
                normal, important = _declarations(tinycss2.parse_blocks_contents(rule.content))
                try:
                    selectors = cssselect2.compile_selector_list(rule.prelude)
                except cssselect2.parser.SelectorError:
                    # The engine stops here.
                    name = tinycss2.serialize(rule.prelude).strip()[:60]
                    told = (
                        say('the rule for "{selector}" with all rules after it', selector=name)
                        if rules[place + 1 :]
                        else say('the rule for "{selector}"', selector=name)
                    )
                    self.dropped.append(Dropped(number, told))
                    return
                for selector in selectors:
                    self._has_rules = True
                    self._matcher.add_selector(selector, normal)
                    self._important.add_selector(selector, important)

    def _at_rule(self, found: Any, number: int) -> None:
        if found.lower_at_keyword == "font-face":
            normal, _ = _declarations(tinycss2.parse_blocks_contents(found.content or []))
            if family := families(normal.get("font-family", "")):
                self.families.add(family[0].casefold())
        elif found.lower_at_keyword not in ("charset", "namespace", "keyframes", "-webkit-keyframes"):
            self.dropped.append(Dropped(number, say("@{name}", name=found.at_keyword)))


def _declarations(parsed: list[Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The declarations of a block, normal and important, by name."""
    normal: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in parsed:
        if declaration.type == "declaration" and not declaration.name.startswith("-"):
            value = tinycss2.serialize(declaration.value).strip()
            (important if declaration.important else normal)[declaration.lower_name] = value
    return normal, important


def families(value: str) -> tuple[str, ...]:
    """The names in a `font-family`, without their quotation marks."""
    return tuple(name for part in value.split(",") if (name := part.strip().strip("\"'").strip()))


# What children do not take from their parents.
NOT_INHERITED = frozenset(
    "clip clip-path filter height id mask opacity overflow rotate stop-color stop-opacity style transform width x y dx "
    "dy viewBox class d r rx ry cx cy points href mix-blend-mode text-decoration vector-effect font".split()
)


def inherited(parent: Own, own: Own) -> dict[str, str]:
    """The values of an element: its own, and those it takes from its parent."""
    taken = {name: value for name, value in parent.items() if name not in NOT_INHERITED}
    return taken | {name: value for name, value in own.items() if value != "inherit"}


def walk(
    node: ElementTree.Element, styles: Styles, parent: Own | None = None
) -> Iterator[tuple[ElementTree.Element, dict[str, str], dict[str, str]]]:
    """Each element that is not hidden, with what is said of it itself and with what it inherits too."""
    own = styles.own(node)
    values = inherited(parent or {}, own)
    if values.get("display") == "none":
        return
    yield node, own, values
    for child in node:
        if isinstance(child.tag, str):
            yield from walk(child, styles, values)

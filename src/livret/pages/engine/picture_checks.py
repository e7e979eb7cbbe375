"""What is wrong with a picture before the engine sees it: what it would raise on, print blank, or never finish."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

from PIL import Image

# The engine draws what a drawing refers to once more for each reference, and takes memory for each pixel.
ELEMENTS = 100_000
# It sets each character of a drawing by itself, which takes some tenths of a millisecond.
CHARACTERS = 20_000
DEPTH = 200
PIXELS = 60_000_000

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
VIEWBOX = re.compile(rf"\s*{NUMBER}(?:\s*,\s*|\s+){NUMBER}(?:(?:\s*,\s*|\s+){NUMBER}){{2}}\s*")
REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')]+)")
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def refusal(content: bytes, is_svg: bool) -> str:
    """Why a picture cannot be set, in words that follow its name; empty when nothing is known against it.

    What is no picture (a font, a style sheet) passes. `is_svg` tells that the name of the file says so.
    """
    if is_svg or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _svg_refusal(content)
    # What Pillow cannot read, the engine reports itself.
    with suppress(Exception), Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > PIXELS:
            return f"{picture.width} x {picture.height} pixels, over {PIXELS // 10**6} million"
    return ""


def _svg_refusal(content: bytes) -> str:
    if content.count(b"<") > 2 * ELEMENTS:
        return f"more than {ELEMENTS} elements"
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - expat limits the growth of entities
    except ElementTree.ParseError as problem:
        return f"not well-formed: {problem}"
    name = root.tag.rpartition("}")[2]
    if name != "svg":
        return f"not an SVG drawing, its outermost element is <{name}>"
    if _depth(root) > DEPTH:
        return f"elements are nested more than {DEPTH} deep"
    for node in root.iter():
        box = node.get("viewBox")
        if box is not None and not VIEWBOX.fullmatch(box):
            return f'viewBox="{box[:40]}" is not four numbers without units'
    letters = sum(len("".join(node.itertext())) for node in root.iter() if str(node.tag).rpartition("}")[2] == "text")
    if letters > CHARACTERS:
        return f"{letters} characters of text, over {CHARACTERS}"
    drawn = _Drawing(root).drawn()
    if drawn is None:
        return "an element refers to itself"
    return f"more than {ELEMENTS} elements, each reference counted" if drawn > ELEMENTS else ""


def _depth(root: ElementTree.Element) -> int:
    """How deep elements are nested, found without recursion."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for node in level for child in node]
    return deepest


class _Drawing:
    """Counts what a drawing draws, with what it refers to as often as it does."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root
        self._named = {name: node for node in root.iter() if (name := node.get("id"))}
        # None while an element is being counted.
        self._counts: dict[ElementTree.Element, int | None] = {}

    def drawn(self) -> int | None:
        """The elements drawn; None when one refers to itself."""
        try:
            return self._count(self._root)
        except RecursionError:
            return None

    def _count(self, node: ElementTree.Element) -> int:
        if node in self._counts:
            known = self._counts[node]
            if known is None:
                raise RecursionError
            return known
        self._counts[node] = None
        total = 1 + sum(map(self._count, node)) + sum(map(self._count, self._referred(node)))
        self._counts[node] = total
        return total

    def _referred(self, node: ElementTree.Element) -> Iterator[ElementTree.Element]:
        for name, value in node.items():
            found = [value[1:]] if name in HREFS and value.startswith("#") else REFERENCE.findall(value)
            yield from (self._named[target] for target in found if target in self._named)

"""The logical structure of a fragment: what a screen reader reads, and in what order.

The engine tags every box of its layout. This file reduces that tree to the elements that have a meaning (ISO 32000-1,
14.8.4): headings, paragraphs, lists, figures, links, tables. All functions are pure. `engine.tagging` reads the
engine's own objects, and `book.binding.structure_writer` writes the structure of the whole book.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from livret.content.language.headings import Levels

# Boxes that are there only for the layout. Their kids replace them, unless they have attributes of their own.
SPLICED = frozenset({"NonStruct", "Span", "Div"})
# The tag that `tagging` gives to content that screen readers must skip.
HIDDEN = "Hidden"
# Elements that a page, a column or a line may break into pieces. The pieces are still one element.
BROKEN = frozenset(
    "Sect Art Part BlockQuote P H1 H2 H3 H4 H5 H6 L LI LBody Table THead TBody TR TD TH Link Caption".split()
)
# Groups of blocks. Words that stand directly in a group are a paragraph.
GROUPS = frozenset({"Sect", "Art", "BlockQuote"})
HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})


@dataclass(frozen=True)
class Content:
    """A marked-content sequence: its page in the fragment, from 0, and its identifier there."""

    page: int
    mcid: int


@dataclass(frozen=True)
class Annotation:
    """A link annotation: its page in the fragment and its place in that page's list, both from 0."""

    page: int
    index: int


@dataclass(frozen=True)
class Element:
    """A structure element.

    `box` is the rectangle of a figure, in points on PDF axes. `table` has the attributes of a table cell. `language` is
    set only if it differs from that of the text around. While a tree is read, pieces with the same `source` are one
    element; 0 is no source.
    """

    tag: str
    kids: tuple[Element | Content | Annotation, ...] = ()
    alt: str | None = None
    box: tuple[float, float, float, float] | None = None
    page: int = 0
    table: dict[str, Any] = field(default_factory=dict)
    source: int = 0
    language: str | None = None

    def holding(self, kids: tuple[Element | Content | Annotation, ...], tag: str = "") -> Element:
        """The element with these kids, and with this tag if one is given. It is fast: a book has many thousands."""
        made = object.__new__(Element)
        vars(made).update(vars(self), kids=kids, tag=tag or self.tag)
        return made

    def as_data(self) -> list[Any]:
        """The element as nested lists."""
        names = ("alt", "box", "page", "table", "language")
        attributes = {name: getattr(self, name) for name in names}
        kept = {name: value for name, value in attributes.items() if value}
        return [self.tag, kept, [_as_data(kid) for kid in self.kids]]

    @classmethod
    def from_data(cls, data: list[Any]) -> Element:
        """The inverse of `as_data`. Raises TypeError or ValueError on anything else."""
        tag, kept, kids = data
        box = tuple(kept["box"]) if "box" in kept else None
        kids = tuple(_from_data(kid) for kid in kids)
        language = kept.get("language")
        return cls(tag, kids, kept.get("alt"), box, kept.get("page", 0), kept.get("table", {}), language=language)


def _as_data(kid: Element | Content | Annotation) -> list[Any]:
    if isinstance(kid, Element):
        return kid.as_data()
    return [kid.page, kid.mcid] if isinstance(kid, Content) else ["@", kid.page, kid.index]


def _from_data(data: list[Any]) -> Element | Content | Annotation:
    if isinstance(data[0], int):
        return Content(*data)
    return Annotation(*data[1:]) if data[0] == "@" else Element.from_data(data)


def packed(elements: Iterable[Element]) -> bytes:
    """Elements as compressed JSON, a tenth of the size, because a long book keeps those of all parts in memory."""
    data = json.dumps([element.as_data() for element in elements], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(data.encode())


def unpacked(data: bytes) -> tuple[Element, ...]:
    """The elements that `packed` made into bytes."""
    return tuple(map(Element.from_data, json.loads(zlib.decompress(data))))


def contents(elements: Iterable[Element]) -> Iterator[Content]:
    """All marked content of some elements, in reading order."""
    for element in elements:
        for kid in element.kids:
            if isinstance(kid, Content):
                yield kid
            elif isinstance(kid, Element):
                yield from contents([kid])


def linked(elements: Iterable[Element]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each link element as (page, places of its annotations in that page's list), once for each page it is on."""
    for element in elements:
        if element.tag == "Link":
            own = [kid for kid in element.kids if isinstance(kid, Annotation)]
            for page in dict.fromkeys(kid.page for kid in own):
                yield page, tuple(kid.index for kid in own if kid.page == page)
        else:
            yield from linked(kid for kid in element.kids if isinstance(kid, Element))


def renumbered(elements: Iterable[Element], numbers: Mapping[Content, int]) -> tuple[Element, ...]:
    """The elements with a new number for each marked-content sequence."""

    def renumber(kid: Element | Content | Annotation) -> Element | Content | Annotation:
        if isinstance(kid, Element):
            return kid.holding(tuple(map(renumber, kid.kids)))
        return Content(kid.page, numbers[kid]) if isinstance(kid, Content) else kid

    return tuple(kid for element in elements if isinstance(kid := renumber(element), Element))


def once(elements: Iterable[Element]) -> tuple[tuple[Element, ...], int]:
    """The elements with each content only where it first stands, and the number of elements that become empty by that.

    Elements that become empty are left out. Links stay, because they hold annotations.
    """
    seen: set[Content] = set()
    gone = 0

    def keep(element: Element) -> Iterator[Element]:
        nonlocal gone
        kids: list[Element | Content | Annotation] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids += keep(kid)
            elif isinstance(kid, Annotation) or kid not in seen:
                kids.append(kid)
            if isinstance(kid, Content):
                seen.add(kid)
        had_words = any(isinstance(kid, Content) for kid in element.kids)
        gone += had_words and all(isinstance(kid, Annotation) for kid in kids)
        if kids or not element.kids:
            yield element.holding(tuple(kids))

    return tuple(kept for element in elements for kept in keep(element)), gone


def simplified(elements: Iterable[Element]) -> tuple[Element, ...]:
    """The elements that have a meaning.

    A wrapper is replaced by what it holds. A link holds only its text and its annotations. A figure without an
    alternative text is left out, and its content becomes an artifact. Empty elements are left out.
    """
    whole = _joined(elements)
    kept = [kid for element in whole if isinstance(element, Element) for kid in _simple(element)]
    return tuple(kid for kid in _paragraphs(kept) if isinstance(kid, Element))


def _joined(kids: Iterable[Element | Content | Annotation]) -> list[Element | Content | Annotation]:
    """The kids, with the pieces of each broken element joined at the place of the first piece."""
    whole: list[Element | Content | Annotation] = []
    first: dict[tuple[int, str], int] = {}
    for kid in kids:
        if isinstance(kid, Element) and kid.source and kid.tag in BROKEN:
            place = first.setdefault((kid.source, kid.tag), len(whole))
            before = whole[place] if place < len(whole) else None
            if isinstance(before, Element):
                whole[place] = before.holding((*before.kids, *kid.kids))
                continue
        whole.append(kid)
    return [kid.holding(tuple(_joined(kid.kids))) if isinstance(kid, Element) else kid for kid in whole]


def _paragraphs(kids: Iterable[Element | Content | Annotation]) -> list[Element | Content | Annotation]:
    """The kids of a group. Words and links in a row that stand in no paragraph are put into one."""
    grouped: list[Element | Content | Annotation] = []
    run: list[Element | Content | Annotation] = []
    for kid in [*kids, None]:
        if isinstance(kid, Content) or (isinstance(kid, Element) and kid.tag == "Link"):
            run.append(kid)
            continue
        if run:
            grouped.append(Element("P", tuple(run), page=run[0].page))
            run = []
        if isinstance(kid, Element):
            grouped.append(kid)
    return grouped


def _simple(element: Element) -> list[Element | Content | Annotation]:
    if element.tag == HIDDEN or (element.tag == "Figure" and not element.alt):
        return []
    kids: list[Element | Content | Annotation] = []
    for kid in element.kids:
        kids += _simple(kid) if isinstance(kid, Element) else [kid]
    if element.tag in SPLICED and (element.language is None or not kids):
        return kids
    if element.tag == "Link":
        if not any(isinstance(kid, Annotation) for kid in kids):
            # A link without a target: the number of a footnote, or an address that was refused.
            return kids
        kids = [*(kid for kid in kids if not isinstance(kid, Annotation)), *_annotations(kids)]
    if element.tag == "L":
        kids = [_item(kid) for column in kids for kid in _column(column)]
    if element.tag in GROUPS:
        kids = _paragraphs(kids)
    if element.tag in BLOCKS:
        kids = [kid for kid in kids if not isinstance(kid, Annotation)]
    if not any(not isinstance(kid, Annotation) for kid in kids) and element.tag not in ("TD", "TH"):
        return list(kids) if element.tag == "Link" else []
    return [element.holding(tuple(kids))]


# Blocks own no annotation. One found in a block was made for a box around a link, and the link has its own.
BLOCKS = frozenset({*HEADINGS, "P", "L", "Sect", "Art", "BlockQuote", "Table", "TR"})


def _column(kid: Element | Content | Annotation) -> Iterable[Element | Content | Annotation]:
    """The kids of a list inside a list, which is only a column of the layout; any other kid alone."""
    return kid.kids if isinstance(kid, Element) and kid.tag == "L" else (kid,)


def _item(kid: Element | Content | Annotation) -> Element | Annotation:
    """The kid as a list item: words that stand directly in a list get an item of their own."""
    if isinstance(kid, Content):
        return Element("LI", (Element("LBody", (kid,), page=kid.page),), page=kid.page)
    return kid


def _annotations(kids: Iterable[Element | Content | Annotation]) -> list[Annotation]:
    return list(dict.fromkeys(kid for kid in kids if isinstance(kid, Annotation)))


def headed(elements: Iterable[Element], first: int) -> tuple[Element, ...]:
    """The elements with their first heading at level `first`; lower headings follow without skipping a level."""
    levels = Levels(first)

    def shift(element: Element) -> Element:
        tag = element.tag
        if tag in HEADINGS:
            tag = f"H{levels.shifted(int(tag[1:]))}"
        kids = tuple(shift(kid) if isinstance(kid, Element) else kid for kid in element.kids)
        return element.holding(kids, tag)

    return tuple(shift(element) for element in elements)


def as_contents(elements: Iterable[Element]) -> tuple[Element, ...]:
    """The elements, with lists turned into tables of contents and items into entries (ISO 32000-1, 14.8.4.3.2)."""
    names = {"L": "TOC", "LI": "TOCI"}

    def turn(element: Element) -> list[Element | Content | Annotation]:
        kids = [inner for kid in element.kids for inner in (turn(kid) if isinstance(kid, Element) else [kid])]
        if element.tag == "LBody":
            return kids
        return [element.holding(tuple(kids), names.get(element.tag, ""))]

    return tuple(kid for element in elements for kid in turn(element) if isinstance(kid, Element))

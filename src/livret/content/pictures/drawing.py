"""Reading SVG drawings: the one door, with limits on what the engine would raise on, print blank, or never finish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from livret.findings import Finding, Location, error
from livret.translation import Text, foreign, say

# The engine draws what a drawing refers to once more for each reference, and takes memory for each pixel.
ELEMENTS = 100_000
# It sets each character of a drawing by itself, which takes some tenths of a millisecond.
CHARACTERS = 20_000
DEPTH = 200
# It draws a marker at each corner of a line, each as an element of its own.
MARKED = 20_000

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
VIEWBOX = re.compile(rf"\s*{NUMBER}(?:\s*,\s*|\s+){NUMBER}(?:(?:\s*,\s*|\s+){NUMBER}){{2}}\s*")
CORNER = re.compile(NUMBER)
MID_MARKERS = re.compile(rb"marker(?:-mid)?[\s\"']*[=:]")
REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')]+)")
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


SAVE_AGAIN = say("save it again as plain SVG in the program that drew it")


# What the reader of XML finds, in its own words, by its codes; the most frequent.
_SAYINGS = {
    expat.errors.codes[said]: words
    for said, words in (
        (expat.errors.XML_ERROR_SYNTAX, say("syntax error")),
        (expat.errors.XML_ERROR_NO_ELEMENTS, say("no element found")),
        (expat.errors.XML_ERROR_INVALID_TOKEN, say("not well-formed (invalid token)")),
        (expat.errors.XML_ERROR_UNCLOSED_TOKEN, say("unclosed token")),
        (expat.errors.XML_ERROR_PARTIAL_CHAR, say("partial character")),
        (expat.errors.XML_ERROR_TAG_MISMATCH, say("mismatched tag")),
        (expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE, say("duplicate attribute")),
        (expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, say("junk after document element")),
        (expat.errors.XML_ERROR_UNDEFINED_ENTITY, say("undefined entity")),
        (expat.errors.XML_ERROR_UNKNOWN_ENCODING, say("unknown encoding")),
        (expat.errors.XML_ERROR_INCORRECT_ENCODING, say("encoding specified in XML declaration is incorrect")),
        (expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION, say("unclosed CDATA section")),
        (expat.errors.XML_ERROR_UNBOUND_PREFIX, say("unbound prefix")),
        (expat.errors.XML_ERROR_MISPLACED_XML_PI, say("XML or text declaration not at start of entity")),
    )
}


class BadDrawing(ValueError):
    """A drawing that cannot be set, with the reason in words that follow its name; `line` where XML says one."""

    def __init__(self, reason: Text, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line

    def finding(self, where: Location, *hints: Text) -> Finding:
        """The error of a drawing in a file, with further hints."""
        told = say("this drawing cannot be printed: {problem}", problem=self)
        return error("bad-drawing", told, where, SAVE_AGAIN, *hints)


def is_drawing(content: bytes) -> bool:
    """Whether a file that is a picture begins like XML."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(content: bytes) -> ElementTree.Element:
    """The outermost element of a drawing. Raises BadDrawing, before more time is spent than a large drawing takes."""
    if content.count(b"<") > 2 * ELEMENTS:
        raise BadDrawing(say("more than {elements} elements", elements=ELEMENTS))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - expat limits the growth of entities
    except (ElementTree.ParseError, LookupError, ValueError) as problem:
        line = problem.position[0] if isinstance(problem, ElementTree.ParseError) else None
        raise BadDrawing(say("not well-formed: {problem}", problem=_in_words(problem)), line) from None
    name = local_name(root)
    if name != "svg":
        raise BadDrawing(say("not an SVG drawing, its outermost element is <{name}>", name=name))
    if _depth(root) > DEPTH:
        raise BadDrawing(say("elements are nested more than {depth} deep", depth=DEPTH))
    for node in root.iter():
        box = node.get("viewBox")
        if box is not None and not VIEWBOX.fullmatch(box):
            raise BadDrawing(say('viewBox="{box}" is not four numbers without units', box=box[:40]))
    letters = sum(len("".join(node.itertext())) for node in root.iter() if local_name(node) == "text")
    if letters > CHARACTERS:
        raise BadDrawing(say("{letters} characters of text, over {characters}", letters=letters, characters=CHARACTERS))
    if MID_MARKERS.search(content):
        corners = sum(len(CORNER.findall(node.get("d", "") + node.get("points", ""))) for node in root.iter()) // 2
        if corners > MARKED:
            raise BadDrawing(
                say("markers at {corners} corners of lines, over {marked}", corners=corners, marked=MARKED)
            )
    drawn = _Counted(root).drawn()
    if drawn is None:
        raise BadDrawing(say("an element refers to itself"))
    if drawn > ELEMENTS:
        raise BadDrawing(say("more than {elements} elements, each reference counted", elements=ELEMENTS))
    return root


def _in_words(problem: Exception) -> Text:
    """What the reader of XML says, with its line and column."""
    known = _SAYINGS.get(problem.code) if isinstance(problem, ElementTree.ParseError) else None
    if known is None or not isinstance(problem, ElementTree.ParseError):
        return foreign(problem)
    line, column = problem.position
    return say("{problem}: line {line}, column {column}", problem=known, line=line, column=column)


def lines(content: bytes) -> list[int]:
    """The line on which each element of a drawing begins, in the order of `iter()`. For a drawing that was read."""
    found: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: found.append(parser.CurrentLineNumber)
    parser.Parse(content, True)
    return found


def local_name(node: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def target(node: ElementTree.Element) -> str:
    """What an element refers to with `href`; empty without one."""
    return next((found.strip() for name in HREFS if (found := node.get(name))), "")


def named(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """The elements of a drawing that have an id. The engine takes the first of equal ids."""
    return {name: node for node in reversed(list(root.iter())) if (name := node.get("id"))}


def _depth(root: ElementTree.Element) -> int:
    """How deep elements are nested, found without recursion."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for node in level for child in node]
    return deepest


class _Counted:
    """Counts what a drawing draws, with what it refers to as often as it does."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._root = root
        self._named = named(root)
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

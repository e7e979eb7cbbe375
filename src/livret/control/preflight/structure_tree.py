"""The structure tree of a PDF as elements, with its role map, its IDs and its ParentTree.

Reading follows ISO 32000-1, 14.7. A tree may have any error. An element that occurs twice is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from livret.control.preflight.pdf_objects import (
    LONGEST_CHAIN,
    Pdf,
    entry,
    identity,
    is_dictionary,
    leaves,
    listed,
    name,
    number,
    raw,
    resolve,
    text,
    whole,
)
from livret.translation import Text, say, verbatim

# The standard structure types (ISO 32000-1, 14.8.4).
STANDARD = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form".split()
)
DIVIDING = frozenset({"NonStruct", "Div", "Span"})


@dataclass(frozen=True)
class OwnedContent:
    """Marked content as a kid of an element: the page or form that holds it, the page, and its MCID."""

    holder: int
    page: int | None
    mcid: int


@dataclass(frozen=True)
class Thing:
    """An object as a kid of an element, usually an annotation, and the page that is named with it."""

    key: int
    page: int | None


@dataclass(eq=False)
class TreeElement:
    """A structure element. `kind` is its standard type after the role map, `tag` its type as written."""

    key: int
    number: int
    entries: object
    tag: str
    kind: str
    parent: TreeElement | None
    page: int | None
    # The nearest element above that has a meaning of its own; elements that only divide are passed over.
    holder: TreeElement | None
    kids: list[TreeElement | OwnedContent | Thing] = field(default_factory=list)

    @property
    def elements(self) -> tuple[TreeElement, ...]:
        """The kids that are elements, in order."""
        return tuple(kid for kid in self.kids if isinstance(kid, TreeElement))

    def string(self, key: str) -> str | None:
        """A string among its entries, such as `/Alt`."""
        return text(raw(self.entries, key))

    def attribute(self, key: str) -> object:
        """An entry of its attribute objects, None if none has it; the last one counts (ISO 32000-1, 14.7.5)."""
        found = None
        for attributes in listed(raw(self.entries, "/A")):
            # The array may also hold the revision of an attribute object, a number.
            value = entry(attributes, key)
            found = found if value is None else value
        return found

    @property
    def place(self) -> Text:
        """The element as a message names it."""
        named = verbatim(self.tag if self.tag == self.kind else f"{self.tag} ({self.kind})")
        if self.page is not None:
            named = say("{place}: {what}", place=say("page {number}", number=self.page + 1), what=named)
        return say("{what} (object {number})", what=named, number=self.number) if self.number else named


@dataclass
class StructureTree:
    """The structure tree of a file. `elements` are in reading order, each before its kids."""

    root: object
    top: list[TreeElement] = field(default_factory=list)
    elements: list[TreeElement] = field(default_factory=list)
    parents: dict[int, object] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    met_again: list[str] = field(default_factory=list)
    wrong_parents: list[TreeElement] = field(default_factory=list)
    unknown: dict[str, TreeElement] = field(default_factory=dict)
    by_key: dict[int, TreeElement] = field(default_factory=dict)

    def kind(self, tag: str) -> str:
        """The standard type of a tag after the role map; the tag itself if the map gives none."""
        roles, found = entry(self.root, "/RoleMap"), tag
        for _ in range(LONGEST_CHAIN):
            if found in STANDARD:
                return found
            found = name(raw(roles, f"/{found}"))
        return tag


def tree(pdf: Pdf) -> StructureTree | None:
    """The structure tree of a file, or None if it has none."""
    root = entry(pdf.root, "/StructTreeRoot")
    if not is_dictionary(root):
        return None
    found = StructureTree(root)
    for key, value in leaves(raw(root, "/ParentTree"), "/Nums"):
        index = whole(key)
        if index is not None:
            found.parents[index] = value
    for key, value in leaves(raw(root, "/IDTree"), "/Names"):
        found.ids[text(key) or ""] = identity(value)
    _grow(found, pdf, identity(raw(pdf.root, "/StructTreeRoot")))
    return found


def _grow(found: StructureTree, pdf: Pdf, root: int) -> None:
    """Read the kids of the root and of every element, depth first, without recursion."""
    kinds: dict[str, str] = {}
    pending: list[tuple[object, TreeElement | None]] = [(kid, None) for kid in reversed(listed(raw(found.root, "/K")))]
    while pending:
        reference, parent = pending.pop()
        kid = resolve(reference)
        if isinstance(kid, int):
            if parent is not None:
                _add_content(parent, pdf, raw(parent.entries, "/Pg"), reference)
            continue
        if not is_dictionary(kid):
            continue
        kind = name(raw(kid, "/Type"))
        if kind == "MCR" and parent is not None:
            page = raw(kid, "/Pg") or raw(parent.entries, "/Pg")
            _add_content(parent, pdf, page, raw(kid, "/MCID"), raw(kid, "/Stm"))
            continue
        if kind == "OBJR" and parent is not None:
            page = raw(kid, "/Pg") or raw(parent.entries, "/Pg")
            parent.kids.append(Thing(identity(raw(kid, "/Obj")), pdf.page_index(page)))
            continue
        key = identity(reference)
        if key in found.by_key:
            found.met_again.append(found.by_key[key].place)
            continue
        tag = name(raw(kid, "/S"))
        kinds.setdefault(tag, found.kind(tag))
        page = pdf.page_index(raw(kid, "/Pg"))
        holder = parent.holder if parent is not None and parent.kind in DIVIDING else parent
        element = TreeElement(key, number(reference), kid, tag, kinds[tag], parent, page, holder)
        found.by_key[key] = element
        found.elements.append(element)
        (found.top if parent is None else parent.kids).append(element)
        if element.kind not in STANDARD:
            found.unknown.setdefault(tag, element)
        if identity(raw(kid, "/P")) != (root if parent is None else parent.key):
            found.wrong_parents.append(element)
        pending += [(below, element) for below in reversed(listed(raw(kid, "/K")))]
    # An element that names no page is on the page of its first content.
    for element in reversed(found.elements):
        if element.page is None:
            pages = (kid.page for kid in element.kids)
            element.page = next((page for page in pages if page is not None), None)


def _add_content(parent: TreeElement, pdf: Pdf, page: object, mcid: object, stream: object = None) -> None:
    index = whole(mcid)
    if index is not None:
        holder = identity(page if stream is None else stream)
        parent.kids.append(OwnedContent(holder, pdf.page_index(page), index))


def kept_in_order(element: TreeElement) -> Iterator[OwnedContent | Thing]:
    """The content and the objects of an element and of those below it, in reading order."""
    pending: list[TreeElement | OwnedContent | Thing] = [element]
    while pending:
        one = pending.pop()
        if isinstance(one, TreeElement):
            pending += reversed(one.kids)
        else:
            yield one

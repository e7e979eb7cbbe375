"""Reads the links on the pages of fragments, and prepares them as annotations of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from pikepdf import Array, Page

from livret.book.binding.assemble import Leaf
from livret.book.binding.pdf_syntax import Reference, dictionary, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import BookPlan
from livret.content.language.markdown import REFERENCE_SCHEME
from livret.findings import Finding, error
from livret.measure import Rect
from livret.translation import say

# Galleys write links to other parts with this scheme, because the engine drops links to anchors it cannot find.
LINK_SCHEME = f"{REFERENCE_SCHEME}:"


@dataclass(frozen=True)
class Link:
    """A link on a page.

    `target` is where it leads. `lines` has a rectangle in points for each line of its text. `places` are the indexes of
    its annotations in the page of the fragment.
    """

    target: str
    lines: tuple[Rect, ...]
    places: tuple[int, ...]

    def moved(self, x: float, y: float) -> Link:
        """The same link at another place: so many points to the right, and up."""
        return replace(self, lines=tuple(Rect(a.x0 + x, a.y0 + y, a.x1 + x, a.y1 + y) for a in self.lines))


@dataclass(frozen=True)
class LinkAnnotation:
    """A link of the book that is not written yet: its reference, and its entries so far."""

    reference: Reference
    entries: dict[str, bytes]


# Annotations by (index of the page in the book, index in the annotation list of the fragment's page).
Annotations = dict[tuple[int, int], LinkAnnotation]


def read_links(source: Page, elements: Iterable[tuple[int, ...]]) -> Iterator[Link]:
    """Yield the links of a page, one for each link element.

    Each item of `elements` holds the indexes of one link in the annotation list of the page. The engine writes one
    annotation for every box in a link, and some have no width.
    """
    # A list, because pikepdf searches its own array at every access.
    annotations = list(source.obj.get("/Annots", Array()))
    for places in elements:
        first = annotations[places[0]]
        # A /Dest is a link inside the part. The book has no destination of that name.
        target = str(first.A.URI) if "/A" in first else f"#{first.get('/Dest')}"
        lines: list[Rect] = []
        for place in places:
            x0, y0, x1, y1 = map(float, annotations[place].Rect)
            rect = Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            if rect.width > 0 and rect.height > 0:
                lines = _with_line(lines, rect)
        if lines:
            yield Link(target, tuple(lines), places)


def _with_line(lines: list[Rect], rect: Rect) -> list[Rect]:
    """Add a rectangle to the lines of a link: to the line at its height, or else as a new line."""
    for index, line in enumerate(lines):
        if min(line.y1, rect.y1) - max(line.y0, rect.y0) > 0.5 * min(line.height, rect.height):
            return [*lines[:index], line.around(rect), *lines[index + 1 :]]
    return [*lines, rect]


def link_pages(
    plan: BookPlan, leaves: Sequence[Leaf], elements: Mapping[int, Sequence[tuple[int, ...]]], writer: Writer
) -> tuple[Annotations, list[Finding]]:
    """Give pages their links. `elements` holds the link elements of each page, by its index in the book.

    Return the annotations, which the caller must write, and an error for each link that leads to no part of the book.
    """
    annotations: Annotations = {}
    findings = []
    for leaf in leaves:
        for link in read_links(leaf.source, elements.get(leaf.index, ())) if leaf.source else ():
            entries = link_entries(link.moved(0, -leaf.down), plan, plan.anchor(leaf.index) or "")
            if entries is None:
                target = link.target.removeprefix(LINK_SCHEME)
                findings.append(
                    error(
                        "unknown-reference",
                        say('a link leads to "{target}", which is not in this edition', target=target),
                    )
                )
                continue
            annotation = LinkAnnotation(writer.reserve(), entries)
            leaf.annotations.append(annotation.reference)
            annotations |= {(leaf.index, place): annotation for place in link.places}
    return annotations, findings


def link_entries(link: Link, plan: BookPlan, part: str) -> dict[str, bytes] | None:
    """Return the entries of a link annotation: a name for a part, an address for the web.

    Return None when the part is not in the book. `part` is the anchor of the part that contains the link. The title of
    this part goes into the description, because an address alone does not say whose it is.
    """
    around = reduce(Rect.around, link.lines)
    entries = {
        "Type": b"/Annot",
        "Subtype": b"/Link",
        "Rect": numbers(around.x0, around.y0, around.x1, around.y1),
        "Border": numbers(0, 0, 0),
        # Printed, so that PDF/A and PDF/UA accept it (ISO 32000-2, table 167).
        "F": b"4",
    }
    if len(link.lines) > 1:
        corners = ((line.x0, line.y1, line.x1, line.y1, line.x0, line.y0, line.x1, line.y0) for line in link.lines)
        entries["QuadPoints"] = numbers(*(value for corner in corners for value in corner))
    if link.target.startswith("#"):
        return None
    if link.target.startswith(LINK_SCHEME):
        anchor = link.target.removeprefix(LINK_SCHEME)
        if anchor not in plan.starts:
            return None
        entries["Dest"] = text(anchor)
        told = plan.titles.get(anchor, anchor)
    else:
        entries["A"] = dictionary(S=b"/URI", URI=text(link.target))
        address = link.target.removeprefix("mailto:").removeprefix("tel:")
        address = address.removeprefix("https://").removeprefix("http://").rstrip("/")
        told = say("{title}, {address}", title=plan.titles.get(part) or plan.metadata.title, address=address)
    # What a screen reader says for the link (ISO 14289-1, 7.18.5).
    return entries | {"Contents": text(told)}

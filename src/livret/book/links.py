"""Links: read from the pages of fragments, written as annotations of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pypdf import PageObject, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, TextStringObject

from livret.book.pdf import dictionary, name, numbers
from livret.book.plan import BookPlan
from livret.content.prose import REFERENCE_SCHEME
from livret.findings import Finding, error
from livret.measure import Rect

# How galleys write links to other parts: an engine drops links to anchors it cannot see.
LINK_SCHEME = f"{REFERENCE_SCHEME}:"

# Annotations by page of the book and place in the list of the fragment's page.
Annotations = dict[tuple[int, int], IndirectObject]


@dataclass(frozen=True)
class Link:
    """A link on a page: where it leads, the rectangle of each of its lines in points, its places in the source."""

    target: str
    lines: tuple[Rect, ...]
    places: tuple[int, ...]


def read_links(source: PageObject, elements: Iterable[tuple[int, ...]]) -> Iterator[Link]:
    """The links of a page, one for each link element, which is given by its places in the page's list.

    The engine writes one annotation for every box in a link, some without any width.
    """
    annotations = [reference.get_object() for reference in source.get("/Annots") or ()]
    for places in elements:
        first = annotations[places[0]]
        # A destination is a link within the part; nothing in the book answers to its name.
        target = str((first.get("/A") or {}).get("/URI") or f"#{first.get('/Dest')}")
        lines: list[Rect] = []
        for place in places:
            x0, y0, x1, y1 = (float(value) for value in annotations[place]["/Rect"])
            rect = Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            if rect.width > 0 and rect.height > 0:
                lines = _with_line(lines, rect)
        if lines:
            yield Link(target, tuple(lines), places)


def _with_line(lines: list[Rect], rect: Rect) -> list[Rect]:
    """Lines of a link with one more rectangle: joined to the line it stands on, else a line of its own."""
    for index, line in enumerate(lines):
        if min(line.y1, rect.y1) - max(line.y0, rect.y0) > 0.5 * min(line.height, rect.height):
            return [*lines[:index], line.around(rect), *lines[index + 1 :]]
    return [*lines, rect]


def _annotation(link: Link, starts: Mapping[str, int], titles: Mapping[str, str], part: str) -> DictionaryObject | None:
    """The annotation of the book: to a part by name, to the web by address; None when the part is not in the book.

    `part` is the title of the part the link stands in: an address alone would not say whose it is.
    """
    around = reduce(Rect.around, link.lines)
    annotation = dictionary(
        Type=name("/Annot"),
        Subtype=name("/Link"),
        Rect=numbers(around.x0, around.y0, around.x1, around.y1),
        Border=ArrayObject([NumberObject(0)] * 3),
        # Printed, so that PDF/A and PDF/UA accept it (ISO 32000-2, table 167).
        F=NumberObject(4),
    )
    if len(link.lines) > 1:
        corners = ((line.x0, line.y1, line.x1, line.y1, line.x0, line.y0, line.x1, line.y0) for line in link.lines)
        annotation[name("/QuadPoints")] = numbers(*(value for corner in corners for value in corner))
    if link.target.startswith("#"):
        return None
    if link.target.startswith(LINK_SCHEME):
        anchor = link.target.removeprefix(LINK_SCHEME)
        if anchor not in starts:
            return None
        annotation[name("/Dest")] = TextStringObject(anchor)
        told = titles.get(anchor, anchor)
    else:
        annotation[name("/A")] = dictionary(S=name("/URI"), URI=TextStringObject(link.target))
        address = link.target.removeprefix("mailto:").removeprefix("tel:")
        told = f"{part}, {address.removeprefix('https://').removeprefix('http://').rstrip('/')}"
    # Read aloud for the link (ISO 14289-1, 7.18.5).
    annotation[name("/Contents")] = TextStringObject(told)
    return annotation


def write_links(
    writer: PdfWriter, plan: BookPlan, pages: Sequence[PageObject], links: Iterable[tuple[int, Link]]
) -> tuple[Annotations, list[Finding]]:
    """Write the links, each given with its page; gives the annotations, and a finding for each that leads nowhere."""
    titles = {line.anchor: line.title for entry in plan.outline for line in (entry, *entry.children)}
    annotations: Annotations = {}
    made: dict[int, list[IndirectObject]] = {}
    findings = []
    for index, link in links:
        anchor = plan.pages[index].anchor or ""
        annotation = _annotation(link, plan.starts, titles, titles.get(anchor) or plan.metadata.title)
        if annotation is None:
            anchor = link.target.removeprefix(LINK_SCHEME)
            findings.append(error("unknown-reference", f'a link to "{anchor}", which is no part of this edition'))
            continue
        reference = writer._add_object(annotation)
        made.setdefault(index, []).append(reference)
        annotations |= {(index, place): reference for place in link.places}
    for index, references in made.items():
        pages[index][name("/Annots")] = ArrayObject(references)
    return annotations, findings

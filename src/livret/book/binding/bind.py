"""Binding: joins fragments into one PDF, with links, outline, page labels, metadata and furniture.

What concerns the whole book is made here: links between parts, their destinations, the outline and the tag tree
(`structure_writer`). Only one part is open at a time. It is closed as soon as its pages are written, so a long book
needs hardly more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from livret.book.binding.assemble import Assembly, Leaf
from livret.book.binding.attachments import attach
from livret.book.binding.links import link_pages
from livret.book.binding.metadata import describe
from livret.book.binding.pdf_syntax import Reference, array, dictionary, number, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.book.binding.structure_writer import Tags
from livret.book.plan import BookPlan, OutlineEntry, PartStructure
from livret.findings import Finding
from livret.pages.structure_tree import linked


def bind(plan: BookPlan, target: Path) -> tuple[Finding, ...]:
    """Write the screen edition of a book to `target`: pages cropped to the trim, in RGB, with working links.

    The same plan gives the same bytes. Return an error for each link to a part that is not in the book. Raises OSError
    when a file cannot be read or written, and LivretError when an archive lacks the sRGB profile.
    """
    findings: list[Finding] = []
    with target.open("wb") as file:
        writer = Writer(file)
        assembly = Assembly(plan, writer)
        tags = Tags(writer, assembly.surfaces, assembly.forms)
        parts = {part.anchor: part for part in plan.structure}
        for anchor, leaves in assembly.sections():
            findings += _bind_part(plan, parts.get(anchor or ""), leaves, writer, tags)
            for leaf in leaves:
                assembly.write(leaf)
        catalog = {"Type": b"/Catalog", **assembly.close(), **tags.close(parts, plan.metadata.title)}
        names: dict[str, bytes] = {"Dests": _destinations(plan, assembly.pages, writer)}
        if plan.sources:
            names["EmbeddedFiles"], catalog["AF"] = attach(writer, plan.sources, plan.metadata.date)
        catalog["Names"] = dictionary(**names)
        if plan.outline:
            catalog |= {"Outlines": _outline(plan.outline, writer), "PageMode": b"/UseOutlines"}
        catalog["PageLayout"] = _page_layout(plan)
        catalog["Lang"] = text(plan.metadata.language)
        catalog["ViewerPreferences"] = dictionary(DisplayDocTitle=b"true")
        info, described = describe(writer, plan.metadata, is_archive=plan.is_archive)
        root = writer.add(dictionary(**catalog, **described))
        writer.close(root, info)
    return tuple(dict.fromkeys(findings))


def _page_layout(plan: BookPlan) -> bytes:
    """How a viewer opens the book (ISO 32000-1, table 28).

    One bound on the right is opened page by page. Only `Direction` would turn its spreads, and where a file has that,
    PDFium reads telephone numbers and addresses backwards.
    """
    if plan.binding == "right":
        return b"/SinglePage"
    return b"/TwoPageRight" if plan.first == "recto" else b"/TwoPageLeft"


def _bind_part(
    plan: BookPlan, part: PartStructure | None, leaves: Sequence[Leaf], writer: Writer, tags: Tags
) -> list[Finding]:
    """Complete the pages of a part, cropped to the trim; write their links and their branch of the tag tree."""
    elements = part.elements() if part else ()
    places: dict[int, list[tuple[int, ...]]] = {}
    if part:
        for page, own in linked(elements):
            places.setdefault(part.pages[page], []).append(own)
    annotations, findings = link_pages(plan, leaves, places, writer)
    if part and elements:
        tags.add(part, elements, leaves, annotations)
    for annotation in {annotation.reference: annotation for annotation in annotations.values()}.values():
        writer.add(dictionary(**annotation.entries), annotation.reference)
    trim = numbers(plan.trim.x0, plan.trim.y0, plan.trim.x1, plan.trim.y1)
    for leaf in leaves:
        if leaf.card is None:
            leaf.entries.update(MediaBox=trim, CropBox=trim, TrimBox=trim, BleedBox=trim)
    return findings


def _destinations(plan: BookPlan, pages: Sequence[Reference], writer: Writer) -> Reference:
    """Write a named destination for each part: the top of its first page, or of a card below others on its page.

    A name tree is sorted by bytes.
    """
    tops = {card.anchor: number(card.top - card.down) for card in plan.shared}
    names: list[bytes] = []
    for anchor in sorted(plan.starts, key=str.encode):
        top = tops.get(anchor) or number(plan.trim.y1)
        names += [text(anchor), array([pages[plan.starts[anchor]], b"/XYZ", b"0", top, b"null"])]
    return writer.add(dictionary(Names=array(names)))


def _outline(outline: Sequence[OutlineEntry], writer: Writer) -> Reference:
    """Write the outline tree. Sections are open, so that every card is visible."""

    def add(lines: Sequence[OutlineEntry], parent: Reference) -> tuple[int, dict[str, bytes]]:
        """Write lines and those below them. Return their number, and the entries for the line above."""
        own = [writer.reserve() for _ in lines]
        beside: dict[Reference, dict[str, bytes]] = {reference: {} for reference in own}
        for first, second in pairwise(own):
            beside[first]["Next"], beside[second]["Prev"] = second, first
        shown = len(lines)
        for line, reference in zip(lines, own, strict=True):
            entries = {"Title": text(line.title), "Dest": text(line.anchor), "Parent": parent, **beside[reference]}
            if line.children:
                count, below = add(line.children, reference)
                shown += count
                entries |= below
            writer.add(dictionary(**entries), reference)
        return shown, {"First": own[0], "Last": own[-1], "Count": b"%d" % shown}

    root = writer.reserve()
    return writer.add(dictionary(Type=b"/Outlines", **add(outline, root)[1]), root)

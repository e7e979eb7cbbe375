"""Binding: fragments joined into one PDF, with links, outline, page labels, metadata and furniture.

Pages are taken over whole, content streams as they are. What only makes sense for the whole book is
made here: named destinations, links between parts, the outline, labels, the tag tree (in `tags`), and the
furniture layer, which is stamped on each page as a form XObject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from livret.book.attach import attach
from livret.book.identity import write_metadata
from livret.book.links import Link, read_links, write_links
from livret.book.pdf import dictionary, entries, name, numbers, stream
from livret.book.plan import BookPlan, BoundPage, OutlineEntry
from livret.book.tags import Tags
from livret.findings import Finding
from livret.pages.structure import linked


def bind(plan: BookPlan, target: Path) -> tuple[Finding, ...]:
    """Write the screen edition of a book: pages cropped to the trim, RGB, links alive.

    The same plan gives the same bytes. Gives a finding for each link whose part is not in the book.
    """
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    pages = [writer.add_blank_page(plan.trim.width, plan.trim.height) for _ in plan.pages]
    links = _import_pages(writer, plan, pages)
    if plan.furniture is not None:
        _stamp(writer, plan.furniture, plan.pages, pages)
    for page in pages:
        for box in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox"):
            page[name(box)] = numbers(plan.trim.x0, plan.trim.y0, plan.trim.x1, plan.trim.y1)
    root = writer.root_object
    root[name("/Names")] = dictionary(Dests=_destinations(writer, plan, pages))
    if plan.outline:
        root[name("/Outlines")] = _outline(writer, plan.outline)
        root[name("/PageMode")] = name("/UseOutlines")
    root[name("/PageLabels")] = _page_labels(page.label for page in plan.pages)
    root[name("/PageLayout")] = name("/TwoPageRight" if plan.first == "recto" else "/TwoPageLeft")
    root[name("/Lang")] = TextStringObject(plan.metadata.language)
    root[name("/ViewerPreferences")] = dictionary(DisplayDocTitle=BooleanObject(True))
    write_metadata(writer, plan.metadata, is_archive=plan.is_archive)
    _retag_fonts(writer)
    writer.compress_identical_objects()
    # Annotations and structure elements belong to one place each: made now, none is taken for another like it.
    annotations, findings = write_links(writer, plan, pages, links)
    Tags(writer, pages, annotations).write(plan.structure, plan.metadata.title)
    if plan.sources:
        attach(writer, plan.sources, plan.metadata.date)
    identifier = ByteStringObject(hashlib.sha256(plan.key.encode()).digest()[:16])
    writer._ID = ArrayObject([identifier, identifier])
    # Given a path, pypdf would write without a buffer, in a hundred thousand small pieces.
    with target.open("wb") as file:
        writer.write(file)
    return tuple(dict.fromkeys(findings))


def _import_pages(writer: PdfWriter, plan: BookPlan, pages: Sequence[PageObject]) -> list[tuple[int, Link]]:
    """Take over contents and resources, fragment by fragment, each read once and let go; gives the links found."""
    by_fragment: dict[Path, list[int]] = {}
    for index, bound in enumerate(plan.pages):
        if bound.fragment is not None:
            by_fragment.setdefault(bound.fragment, []).append(index)
    elements: dict[int, list[tuple[int, ...]]] = {}
    for part in plan.structure:
        for number, places in linked(part.elements):
            elements.setdefault(part.pages[number], []).append(places)
    found: list[tuple[int, Link]] = []
    for path, indexes in by_fragment.items():
        reader = PdfReader(path, strict=True)
        # WeasyPrint gives one resource dictionary to all pages of a file.
        for index in indexes:
            source, page = reader.pages[plan.pages[index].page], pages[index]
            page[name("/Contents")] = source.raw_get("/Contents").clone(writer)
            page[name("/Resources")] = source.raw_get("/Resources").clone(writer)
            found += ((index, link) for link in read_links(source, elements.get(index, ())))
        writer._id_translated.pop(id(reader), None)
    return found


def _stamp(writer: PdfWriter, furniture: Path, bound: Sequence[BoundPage], pages: Sequence[PageObject]) -> None:
    """Draw one furniture page over each page that has contents or a label, as a pagination artifact."""
    reader = PdfReader(furniture, strict=True)
    before = writer._add_object(stream(b"q\n"))
    for index, (layer, page) in enumerate(zip(reader.pages, pages, strict=True)):
        if bound[index].fragment is None:
            continue
        drawing = layer.raw_get("/Contents").clone(writer).get_object()
        form = StreamObject()
        form._data = drawing._data
        form.update({name("/Filter"): drawing["/Filter"]} if "/Filter" in drawing else {})
        form.update(
            dictionary(
                Type=name("/XObject"),
                Subtype=name("/Form"),
                BBox=numbers(*(float(value) for value in layer.mediabox)),
                Resources=layer.raw_get("/Resources").clone(writer),
            )
        )
        label = f"/Furniture{index}"
        resources = entries(page["/Resources"])
        if "/XObject" not in resources:
            resources[name("/XObject")] = DictionaryObject()
        entries(resources["/XObject"])[name(label)] = writer._add_object(form)
        after = b"\nQ /Artifact <</Type /Pagination>> BDC q %s Do Q EMC\n" % label.encode()
        page[name("/Contents")] = ArrayObject([before, page.raw_get("/Contents"), writer._add_object(stream(after))])


def _destinations(writer: PdfWriter, plan: BookPlan, pages: Sequence[PageObject]) -> IndirectObject:
    """A name for each part, leading to the top of its first page. A name tree is sorted by bytes."""
    names = ArrayObject()
    for anchor in sorted(plan.starts, key=str.encode):
        page = pages[plan.starts[anchor]].indirect_reference
        assert page is not None
        top = FloatObject(round(plan.trim.y1, 4))
        spot = ArrayObject([page, name("/XYZ"), NumberObject(0), top, NullObject()])
        names.extend([TextStringObject(anchor), spot])
    return writer._add_object(dictionary(Names=names))


def _outline(writer: PdfWriter, outline: Sequence[OutlineEntry]) -> IndirectObject:
    """The outline tree; sections with cards are open, so that every card is in sight."""
    tree = dictionary(Type=name("/Outlines"))
    root = writer._add_object(tree)

    def add(lines: Sequence[OutlineEntry], parent: IndirectObject, above: DictionaryObject) -> int:
        made: list[IndirectObject] = []
        shown = len(lines)
        for line in lines:
            node = dictionary(Title=TextStringObject(line.title), Dest=TextStringObject(line.anchor), Parent=parent)
            reference = writer._add_object(node)
            made.append(reference)
            if line.children:
                shown += add(line.children, reference, node)
        for first, second in pairwise(made):
            entries(first)[name("/Next")] = second
            entries(second)[name("/Prev")] = first
        above[name("/First")], above[name("/Last")] = made[0], made[-1]
        above[name("/Count")] = NumberObject(shown)
        return shown

    add(outline, root, tree)
    return root


def _page_labels(labels: Iterable[str]) -> DictionaryObject:
    """Page labels as ranges: running decimal numbers together, any other label alone (ISO 32000-2, 12.4.2)."""
    ranges = ArrayObject()
    expected: int | None = None
    for index, label in enumerate(labels):
        if label.isdecimal():
            if int(label) != expected:
                style = dictionary(S=name("/D"), St=NumberObject(int(label)))
                ranges.extend([NumberObject(index), style])
            expected = int(label) + 1
        else:
            ranges.extend([NumberObject(index), dictionary(P=TextStringObject(label))])
            expected = None
    return dictionary(Nums=ranges)


def _retag_fonts(writer: PdfWriter) -> None:
    """Give each font subset a tag of its own.

    The engine derives the six letters from the font file, so that different subsets of one font carry one
    name, and viewers that trust the name mix their glyphs (ISO 32000-2, 9.9.2).
    """
    for item in writer._objects:
        if not isinstance(item, DictionaryObject) or item.get("/Type") != "/Font" or "/DescendantFonts" not in item:
            continue
        descendant = entries(cast(ArrayObject, item["/DescendantFonts"])[0])
        descriptor = entries(descendant["/FontDescriptor"])
        program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor), None)
        if not isinstance(program, StreamObject):
            continue
        letters = hashlib.sha256(program._data).digest()[:6]
        tag = "".join(chr(ord("A") + letter % 26) for letter in letters)
        plain = str(item["/BaseFont"]).lstrip("/").split("+")[-1]
        for owner, key in ((item, "/BaseFont"), (descendant, "/BaseFont"), (descriptor, "/FontName")):
            owner[name(key)] = name(f"/{tag}+{plain}")

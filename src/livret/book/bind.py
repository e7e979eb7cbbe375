"""Binding: fragments joined into one PDF, with links, outline, page labels, metadata and furniture.

Pages are taken over whole, content streams as they are. What only makes sense for the whole book is
made here: named destinations, links between parts, the outline, labels, and the furniture layer, which
is stamped on each page as a form XObject. The tag trees of the fragments are not carried over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import cast
from xml.sax.saxutils import escape

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from livret import __version__
from livret.findings import Finding, error
from livret.measure import Rect

# The scheme under which galleys write links to other parts: an engine drops links to anchors it cannot see.
LINK_SCHEME = "livret:"


@dataclass(frozen=True)
class BoundPage:
    """A page of the book: the page of a fragment (both None for a blank page) and its printed label."""

    fragment: Path | None
    page: int
    anchor: str | None
    label: str


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline: its title, the anchor it opens, and the lines below it."""

    title: str
    anchor: str
    children: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True)
class Metadata:
    """What the file says of itself."""

    title: str
    author: str | None
    subject: str | None
    language: str
    date: datetime


@dataclass(frozen=True)
class BookPlan:
    """Everything binding needs. `starts` gives the page index of each part's anchor; `trim` is in points."""

    pages: tuple[BoundPage, ...]
    starts: Mapping[str, int]
    outline: tuple[OutlineEntry, ...]
    metadata: Metadata
    trim: Rect
    furniture: Path | None
    key: str


def _name(text: str) -> NameObject:
    return NameObject(text)


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(round(value, 4)) for value in values])


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({_name(f"/{key}"): value for key, value in entries.items()})


def _entries(value: PdfObject | None) -> DictionaryObject:
    """A dictionary, also behind a reference."""
    found = value.get_object() if value is not None else None
    assert isinstance(found, DictionaryObject)
    return found


def bind(plan: BookPlan, target: Path) -> tuple[Finding, ...]:
    """Write the screen edition of a book: pages cropped to the trim, RGB, links alive.

    The same plan gives the same bytes. Gives a finding for each link whose part is not in the book.
    """
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    pages = [writer.add_blank_page(plan.trim.width, plan.trim.height) for _ in plan.pages]
    findings = list(_import_pages(writer, plan, pages))
    if plan.furniture is not None:
        _stamp(writer, plan.furniture, plan.pages, pages)
    for page in pages:
        for box in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox"):
            page[_name(box)] = _numbers(plan.trim.x0, plan.trim.y0, plan.trim.x1, plan.trim.y1)
    root = writer.root_object
    root[_name("/Names")] = _dictionary(Dests=_destinations(writer, plan, pages))
    if plan.outline:
        root[_name("/Outlines")] = _outline(writer, plan.outline)
        root[_name("/PageMode")] = _name("/UseOutlines")
    root[_name("/PageLabels")] = _page_labels(page.label for page in plan.pages)
    root[_name("/PageLayout")] = _name("/TwoPageRight")
    root[_name("/Lang")] = TextStringObject(plan.metadata.language)
    root[_name("/ViewerPreferences")] = _dictionary(DisplayDocTitle=BooleanObject(True))
    _write_metadata(writer, plan.metadata)
    _retag_fonts(writer)
    writer.compress_identical_objects()
    identifier = ByteStringObject(hashlib.sha256(plan.key.encode()).digest()[:16])
    writer._ID = ArrayObject([identifier, identifier])
    # Given a path, pypdf would write without a buffer, in a hundred thousand small pieces.
    with target.open("wb") as file:
        writer.write(file)
    return tuple(dict.fromkeys(findings))


def _import_pages(writer: PdfWriter, plan: BookPlan, pages: Sequence[PageObject]) -> Iterable[Finding]:
    """Take over contents, resources and links, fragment by fragment, each read once and let go."""
    by_fragment: dict[Path, list[int]] = {}
    for index, bound in enumerate(plan.pages):
        if bound.fragment is not None:
            by_fragment.setdefault(bound.fragment, []).append(index)
    for path, indexes in by_fragment.items():
        reader = PdfReader(path, strict=True)
        # WeasyPrint gives one resource dictionary to all pages of a file.
        for index in indexes:
            source, page = reader.pages[plan.pages[index].page], pages[index]
            page[_name("/Contents")] = source.raw_get("/Contents").clone(writer)
            page[_name("/Resources")] = source.raw_get("/Resources").clone(writer)
            links, findings = _links(writer, source, plan)
            if links:
                page[_name("/Annots")] = ArrayObject(links)
            yield from findings
        writer._id_translated.pop(id(reader), None)


def _links(writer: PdfWriter, source: PageObject, plan: BookPlan) -> tuple[list[IndirectObject], list[Finding]]:
    """The link annotations of a page made anew: to parts by name, to the web by address."""
    links, findings = [], []
    seen = set()
    for reference in source.get("/Annots") or ():
        old = reference.get_object()
        uri = str((old.get("/A") or {}).get("/URI", ""))
        x0, y0, x1, y1 = (float(value) for value in old["/Rect"])
        rect = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        # The engine writes some links twice, for an element and again for its line, and some without any width.
        if (uri, rect) in seen or rect[0] == rect[2] or rect[1] == rect[3]:
            continue
        seen.add((uri, rect))
        link = _dictionary(
            Type=_name("/Annot"),
            Subtype=_name("/Link"),
            Rect=_numbers(*rect),
            Border=ArrayObject([NumberObject(0)] * 3),
            # Printed, so that PDF/A and PDF/UA accept it (ISO 32000-2, table 167).
            F=NumberObject(4),
        )
        if uri.startswith(LINK_SCHEME):
            anchor = uri.removeprefix(LINK_SCHEME)
            if anchor not in plan.starts:
                findings.append(error("unknown-reference", f'a link to "{anchor}", which is not in this edition'))
                continue
            link[_name("/Dest")] = TextStringObject(anchor)
        elif uri:
            link[_name("/A")] = _dictionary(S=_name("/URI"), URI=TextStringObject(uri))
        else:
            continue
        links.append(writer._add_object(link))
    return links, findings


def _stamp(writer: PdfWriter, furniture: Path, bound: Sequence[BoundPage], pages: Sequence[PageObject]) -> None:
    """Draw one furniture page over each page that has contents or a label, as a pagination artifact."""
    reader = PdfReader(furniture, strict=True)
    before = writer._add_object(_stream(b"q\n"))
    for index, (layer, page) in enumerate(zip(reader.pages, pages, strict=True)):
        if bound[index].fragment is None:
            continue
        drawing = layer.raw_get("/Contents").clone(writer).get_object()
        form = StreamObject()
        form._data = drawing._data
        form.update({_name("/Filter"): drawing["/Filter"]} if "/Filter" in drawing else {})
        form.update(
            _dictionary(
                Type=_name("/XObject"),
                Subtype=_name("/Form"),
                BBox=_numbers(*(float(value) for value in layer.mediabox)),
                Resources=layer.raw_get("/Resources").clone(writer),
            )
        )
        name = f"/Furniture{index}"
        resources = _entries(page["/Resources"])
        if "/XObject" not in resources:
            resources[_name("/XObject")] = DictionaryObject()
        _entries(resources["/XObject"])[_name(name)] = writer._add_object(form)
        after = b"\nQ /Artifact <</Type /Pagination>> BDC q %s Do Q EMC\n" % name.encode()
        page[_name("/Contents")] = ArrayObject([before, page.raw_get("/Contents"), writer._add_object(_stream(after))])


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream._data = data
    return stream


def _destinations(writer: PdfWriter, plan: BookPlan, pages: Sequence[PageObject]) -> IndirectObject:
    """A name for each part, leading to the top of its first page. A name tree is sorted by bytes."""
    names = ArrayObject()
    for anchor in sorted(plan.starts, key=str.encode):
        page = pages[plan.starts[anchor]].indirect_reference
        assert page is not None
        top = FloatObject(round(plan.trim.y1, 4))
        spot = ArrayObject([page, _name("/XYZ"), NumberObject(0), top, NullObject()])
        names.extend([TextStringObject(anchor), spot])
    return writer._add_object(_dictionary(Names=names))


def _outline(writer: PdfWriter, entries: Sequence[OutlineEntry]) -> IndirectObject:
    """The outline tree; sections with cards are open, so that every card is in sight."""
    tree = _dictionary(Type=_name("/Outlines"))
    root = writer._add_object(tree)

    def add(lines: Sequence[OutlineEntry], parent: IndirectObject, above: DictionaryObject) -> int:
        made: list[IndirectObject] = []
        shown = len(lines)
        for line in lines:
            node = _dictionary(Title=TextStringObject(line.title), Dest=TextStringObject(line.anchor), Parent=parent)
            reference = writer._add_object(node)
            made.append(reference)
            if line.children:
                shown += add(line.children, reference, node)
        for first, second in pairwise(made):
            _entries(first)[_name("/Next")] = second
            _entries(second)[_name("/Prev")] = first
        above[_name("/First")], above[_name("/Last")] = made[0], made[-1]
        above[_name("/Count")] = NumberObject(shown)
        return shown

    add(entries, root, tree)
    return root


def _page_labels(labels: Iterable[str]) -> DictionaryObject:
    """Page labels as ranges: running decimal numbers together, any other label alone (ISO 32000-2, 12.4.2)."""
    ranges = ArrayObject()
    expected: int | None = None
    for index, label in enumerate(labels):
        if label.isdecimal():
            if int(label) != expected:
                style = _dictionary(S=_name("/D"), St=NumberObject(int(label)))
                ranges.extend([NumberObject(index), style])
            expected = int(label) + 1
        else:
            ranges.extend([NumberObject(index), _dictionary(P=TextStringObject(label))])
            expected = None
    return _dictionary(Nums=ranges)


def _write_metadata(writer: PdfWriter, metadata: Metadata) -> None:
    """Title, author, subject, language and dates in Info and, the same, in XMP."""
    moment = metadata.date.strftime("D:%Y%m%d%H%M%S+00'00'")
    tool = f"Livret {__version__}"
    info = {"/Title": metadata.title, "/Author": metadata.author, "/Subject": metadata.subject, "/Creator": tool}
    info |= {"/Producer": tool, "/CreationDate": moment, "/ModDate": moment}
    writer.metadata = {key: value for key, value in info.items() if value}
    stream = _stream(_xmp(metadata, tool).encode())
    stream.update(_dictionary(Type=_name("/Metadata"), Subtype=_name("/XML")))
    writer.root_object[_name("/Metadata")] = writer._add_object(stream)


def _xmp(metadata: Metadata, tool: str) -> str:
    """The XMP packet (ISO 16684-1), uncompressed as PDF/A and PDF/X want it."""
    moment = metadata.date.isoformat()
    language = escape(metadata.language)
    alternatives = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(metadata.title)}</rdf:li></rdf:Alt>'
    properties = [
        "<dc:format>application/pdf</dc:format>",
        f"<dc:title>{alternatives}</dc:title>",
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>",
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>",
        f"<xmp:MetadataDate>{moment}</xmp:MetadataDate><xmp:CreatorTool>{tool}</xmp:CreatorTool>",
        f"<pdf:Producer>{tool}</pdf:Producer>",
    ]
    if metadata.author:
        properties.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(metadata.author)}</rdf:li></rdf:Seq></dc:creator>")
    if metadata.subject:
        subject = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(metadata.subject)}</rdf:li></rdf:Alt>'
        properties.append(f"<dc:description>{subject}</dc:description>")
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces}>{"".join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>\n'
        '<?xpacket end="r"?>'
    )


def _retag_fonts(writer: PdfWriter) -> None:
    """Give each font subset a tag of its own.

    The engine derives the six letters from the font file, so that different subsets of one font carry one
    name, and viewers that trust the name mix their glyphs (ISO 32000-2, 9.9.2).
    """
    for item in writer._objects:
        if not isinstance(item, DictionaryObject) or item.get("/Type") != "/Font" or "/DescendantFonts" not in item:
            continue
        descendant = _entries(cast(ArrayObject, item["/DescendantFonts"])[0])
        descriptor = _entries(descendant["/FontDescriptor"])
        program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor), None)
        if not isinstance(program, StreamObject):
            continue
        letters = hashlib.sha256(program._data).digest()[:6]
        tag = "".join(chr(ord("A") + letter % 26) for letter in letters)
        plain = str(item["/BaseFont"]).lstrip("/").split("+")[-1]
        for owner, key in ((item, "/BaseFont"), (descendant, "/BaseFont"), (descriptor, "/FontName")):
            owner[_name(key)] = _name(f"/{tag}+{plain}")

"""Binds a proof: the pages of a part in the frames of its slip, on sheets larger than the trim.

The content stream of each page is copied unchanged, into a form XObject that is cropped to the trim. So it is, byte for
byte, what the booklet binds. Its marked content keeps its numbers, and the tags lead to it through the form
(ISO 32000-1, 14.7.4.2). Links to the web work; links of the slip become form fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Dictionary, Pdf

from livret.book.binding.assemble import Layer, Leaf, contents_of, form_entries, named, opened, write_form
from livret.book.binding.form_fields import AnswerForm, FormWriter
from livret.book.binding.links import Annotations, Link, LinkAnnotation, link_entries, read_links
from livret.book.binding.metadata import describe
from livret.book.binding.object_copier import Carrier
from livret.book.binding.pdf_syntax import Reference, array, dictionary, number, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.book.binding.structure_writer import Tags
from livret.book.plan import BookPlan, PartStructure, SharedCard
from livret.pages.galley import Spot
from livret.pages.structure_tree import Annotation, Content, Element, linked

# Links of the slip with this scheme become form fields.
FIELD_SCHEME = "livret-field:"
_SLIP = "slip"


@dataclass(frozen=True)
class ProofPlan:
    """What binding a proof needs.

    `book` is the plan of the pages that are proofed. `slip` is the typeset slip and `structure` its packed structure;
    `frames` are by page of the book the upper left corners of its frame. Without `form` nobody can fill anything in.
    """

    book: BookPlan
    slip: Path
    structure: bytes
    language: str
    frames: Mapping[int, Spot]
    form: AnswerForm | None


def bind_proof(plan: ProofPlan, target: Path) -> None:
    """Write a proof. The same plan gives the same bytes. Raises OSError when a file cannot be read or written."""
    with target.open("wb") as file, ExitStack() as stack:
        sheets = _Sheets(plan, Writer(file), stack)
        sheets.write()


class _Sheets:
    """The sheets of one proof while they are written.

    Tags count surfaces: first the pages of the book and the cards below others, which are forms on sheets, then the
    sheets themselves.
    """

    def __init__(self, plan: ProofPlan, writer: Writer, stack: ExitStack) -> None:
        self._plan, self._book, self._writer, self._stack = plan, plan.book, writer, stack
        self._slip = stack.enter_context(opened(plan.slip))
        self._carrier = Carrier(self._slip, writer)
        self._count = len(self._book.pages) + len(self._book.shared)
        self._tree = writer.reserve()
        self._sheets = tuple(writer.reserve() for _ in self._slip.pages)
        self._forms = tuple(writer.reserve() for _ in range(self._count))
        surfaces = (*(self._sheets[self._frame(index).page] for index in range(self._count)), *self._sheets)
        self._tags = Tags(writer, surfaces, dict(enumerate(self._forms)))
        self._annotations: list[list[Reference]] = [[] for _ in self._sheets]

    def write(self) -> None:
        """Write everything, from the pages of the book to the catalog."""
        writer, plan, book = self._writer, self._plan, self._book
        form = FormWriter(writer, plan.form) if plan.form else None
        # What is read first is written first: the slip, then the pages.
        leaves = self._write_slip(form)
        parts = {part.anchor: part for part in book.structure}
        files = [self._stack.enter_context(opened(path)) for path in book.furniture]
        layer = Layer(files, writer) if files else None
        for anchor, indexes in self._indexes().items():
            self._write_part(parts.get(anchor or ""), indexes)
        for number_of_sheet, leaf in enumerate(leaves):
            self._write_sheet(number_of_sheet, leaf, layer)
        order = {_SLIP: None, **dict.fromkeys(parts)}
        pages = dictionary(Type=b"/Pages", Kids=array(self._sheets), Count=b"%d" % len(self._sheets))
        writer.add(pages, self._tree)
        catalog = {"Type": b"/Catalog", "Pages": self._tree, **self._tags.close(order, book.metadata.title)}
        if form:
            catalog["AcroForm"] = form.close()
        catalog["Names"] = dictionary(Dests=self._destinations())
        catalog |= {"PageLayout": b"/SinglePage", "Lang": text(book.metadata.language)}
        catalog["ViewerPreferences"] = dictionary(DisplayDocTitle=b"true")
        info, described = describe(writer, book.metadata)
        writer.close(writer.add(dictionary(**catalog, **described)), info)

    def _indexes(self) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for index in range(self._count):
            found.setdefault(self._book.anchor(index), []).append(index)
        return found

    def _card(self, surface: int) -> SharedCard | None:
        """The card on a surface that stands below others on its page."""
        pages = len(self._book.pages)
        return self._book.shared[surface - pages] if surface >= pages else None

    def _frame(self, surface: int) -> Spot:
        """The upper left corner of the page that a surface is on, or is."""
        card = self._card(surface)
        return self._plan.frames[card.page if card else surface]

    def _origin(self, surface: int) -> tuple[float, float]:
        """The lower left corner of a surface on its sheet."""
        spot, card = self._frame(surface), self._card(surface)
        return spot.x, spot.y - self._book.trim.height - (card.down if card else 0)

    def _write_part(self, part: PartStructure | None, indexes: Sequence[int]) -> None:
        card = self._card(indexes[0])
        path = card.fragment if card else self._book.pages[indexes[0]].fragment
        if part is None or path is None:
            for index in indexes:
                empty = dictionary(Type=b"/XObject", Subtype=b"/Form", BBox=self._box(None))
                self._writer.add_stream(b"", empty, self._forms[index])
            return
        elements = part.elements()
        places: dict[int, list[tuple[int, ...]]] = {}
        for page, own in linked(elements):
            places.setdefault(part.pages[page], []).append(own)
        with opened(path) as fragment:
            carrier = Carrier(fragment, self._writer)
            leaves = [self._leaf(index, fragment, carrier) for index in indexes]
            annotations: Annotations = {}
            for leaf in leaves:
                annotations |= self._links(leaf, places.get(leaf.index, ()))
            self._tags.add(part, elements, leaves, annotations)
            self._write_annotations(annotations)
            for leaf in leaves:
                write_form(self._writer, leaf)

    def _box(self, card: SharedCard | None) -> bytes:
        """What is drawn of a page: its trim, or of a card below others its room."""
        trim = self._book.trim
        bottom, top = (card.bottom, card.top) if card else (trim.y0, trim.y1)
        return numbers(trim.x0, bottom, trim.x1, top)

    def _leaf(self, index: int, fragment: Pdf, carrier: Carrier) -> Leaf:
        card = self._card(index)
        page = fragment.pages[0 if card else self._book.pages[index].page]
        return Leaf(index, self._forms[index], form_entries(page, carrier, self._box(card)), page)

    def _links(self, leaf: Leaf, elements: Sequence[tuple[int, ...]]) -> Annotations:
        """The links of a page, at their places on the sheet. One to a page that is not in the proof leads nowhere."""
        assert leaf.source is not None
        x, y = self._origin(leaf.index)
        found: Annotations = {}
        for link in read_links(leaf.source, elements):
            entries = link_entries(link.moved(x, y), self._book, self._book.anchor(leaf.index) or "")
            if entries:
                annotation = LinkAnnotation(self._writer.reserve(), entries)
                self._annotations[self._frame(leaf.index).page].append(annotation.reference)
                found |= {(leaf.index, place): annotation for place in link.places}
        return found

    def _write_slip(self, form: FormWriter | None) -> list[Leaf]:
        """The sheets, not yet written, with the tags and the fields of the slip."""
        pages = tuple(range(self._count, self._count + len(self._sheets)))
        part = PartStructure(_SLIP, "Sect", self._plan.language, self._plan.structure, 1, False, pages)
        sheets = zip(pages, self._sheets, self._slip.pages, strict=True)
        leaves = [Leaf(index, reference, {}, page) for index, reference, page in sheets]
        elements = part.elements()
        annotations: Annotations = {}
        for page_number, own in linked(elements):
            source = leaves[page_number].source
            assert source is not None
            link = next(read_links(source, [own[:1]]), None)
            widget = self._field(form, link, self._sheets[page_number]) if form and link else None
            if widget:
                annotations[pages[page_number], own[0]] = widget
                self._annotations[page_number].append(widget.reference)
        self._tags.add(part, tuple(_as_forms(elements, has_form=form is not None)), leaves, annotations)
        self._write_annotations(annotations)
        return leaves

    def _field(self, form: FormWriter, link: Link, sheet: Reference) -> LinkAnnotation | None:
        if not link.target.startswith(FIELD_SCHEME):
            return None
        return form.widget(link.target.removeprefix(FIELD_SCHEME), link.lines[0], sheet)

    def _write_annotations(self, annotations: Annotations) -> None:
        for annotation in {one.reference: one for one in annotations.values()}.values():
            self._writer.add(dictionary(**annotation.entries), annotation.reference)

    def _write_sheet(self, sheet: int, leaf: Leaf, layer: Layer | None) -> None:
        """Write a sheet: what the slip draws, then the pages in their frames with what the booklet draws over them."""
        assert leaf.source is not None
        page = leaf.source
        resources = page.obj.get("/Resources", Dictionary())
        entries = {key: self._carrier.carry(value) for key, value in resources.items() if key != "/XObject"}
        objects = {key: self._carrier.carry(value) for key, value in resources.get("/XObject", Dictionary()).items()}
        drawn = []
        for index in (index for index in range(self._count) if self._frame(index).page == sheet):
            corner = b" ".join(map(number, self._origin(index)))
            objects[f"/Page{index}"] = self._forms[index]
            drawn.append(b"q 1 0 0 1 %s cm /Page%d Do Q" % (corner, index))
            if layer and self._card(index) is None:
                objects[f"/Over{index}"] = layer.form(index)
                trim = b" ".join(map(number, (0, 0, self._book.trim.width, self._book.trim.height)))
                drawn.append(b"/Artifact BMC q 1 0 0 1 %s cm %s re W n /Over%d Do Q EMC" % (corner, trim, index))
        entries["/XObject"] = named(objects)
        contents = map(self._carrier.carry, contents_of(page))
        before, after = self._writer.add_stream(b"q\n"), self._writer.add_stream(b"\nQ\n" + b"\n".join(drawn) + b"\n")
        box = numbers(*map(float, page.mediabox))
        leaf.entries.update(
            Type=b"/Page", Parent=self._tree, MediaBox=box, TrimBox=box, Resources=named(entries),
            Contents=array([before, *contents, after]),
        )  # fmt: skip
        if self._annotations[sheet]:
            leaf.entries["Annots"] = array(self._annotations[sheet])
        self._writer.add(dictionary(**leaf.entries), leaf.reference)

    def _destinations(self) -> Reference:
        """A named destination for each part: the top of the sheet with its first page."""
        names: list[bytes] = []
        for anchor in sorted(self._book.starts, key=str.encode):
            sheet = self._sheets[self._plan.frames[self._book.starts[anchor]].page]
            names += [text(anchor), array([sheet, b"/Fit"])]
        return self._writer.add(dictionary(Names=array(names)))


def _as_forms(elements: Sequence[Element | Content | Annotation], *, has_form: bool) -> Iterator[Element]:
    """The elements, each link as its words and then a form field, which holds its annotation alone (table 340).

    Without a form there are only the words.
    """
    for element in elements:
        if isinstance(element, Element):
            yield element.holding(tuple(_kids(element, has_form=has_form)))


def _kids(element: Element, *, has_form: bool) -> Iterator[Element | Content | Annotation]:
    for kid in element.kids:
        if isinstance(kid, Element) and kid.tag == "Link":
            own = [one for one in kid.kids if isinstance(one, Annotation)]
            yield from (one for one in kid.kids if not isinstance(one, Annotation))
            if has_form:
                yield Element("Form", tuple(own[:1]), page=kid.page)
        elif isinstance(kid, Element):
            yield kid.holding(tuple(_kids(kid, has_form=has_form)))
        else:
            yield kid

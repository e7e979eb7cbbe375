"""Assembling: takes the pages of a book from its fragments and draws the furniture on each page.

The screen edition and the press edition both use this. `bind` (screen) and `pressfile.finish` (press) then set the page
boxes and add what concerns the whole book. The content of pages is not changed. The lower left corner of the trim is at
0 0, and artwork may go beyond the trim, as in the fragment.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir

from pikepdf import AccessMode, Array, Dictionary, Name, Object, Page, Pdf, Stream

from livret.book.binding.archive import make_archivable
from livret.book.binding.object_copier import Carrier
from livret.book.binding.pdf_syntax import Reference, array, dictionary, name, number, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import BookPlan, SharedCard
from livret.findings import OutputError
from livret.pages.flatplan import FURNITURE_PAGES
from livret.translation import say, system_reason

# What is kept of a page of a fragment: its boxes, and the colour space in which its transparency is blended.
_KEPT = ("/MediaBox", "/BleedBox", "/TrimBox", "/Group")


@dataclass(frozen=True)
class Leaf:
    """A page of the book that is not written yet: its index, its reference, and its entries and annotations so far.

    `source` is the page of the fragment, or None for a blank page. Use it only while `Assembly.sections` is at this
    part: the fragment is closed afterwards.
    """

    index: int
    reference: Reference
    entries: dict[str, bytes]
    source: Page | None
    # The card that this is, when it stands below others on a page; its entries are then those of a form XObject.
    card: SharedCard | None = None
    annotations: list[Reference] = field(default_factory=list)

    @property
    def down(self) -> float:
        """How far below its own place the page of the fragment is drawn, in points."""
        return self.card.down if self.card else 0


class Assembly:
    """Collects the pages of a book for a writer. `pages` holds the reference of each page.

    `forms` holds the references of the cards that stand below others, by their surfaces.
    """

    def __init__(self, plan: BookPlan, writer: Writer) -> None:
        self._plan = plan
        self._writer = writer
        self._cmyk = plan.cmyk_profile.read_bytes() if plan.cmyk_profile else None
        self._tree = writer.reserve()
        self.pages = tuple(writer.reserve() for _ in plan.pages)
        self.forms = {len(plan.pages) + at: writer.reserve() for at in range(len(plan.shared))}
        self._below: dict[int, list[int]] = {}
        for surface, card in zip(self.forms, plan.shared, strict=True):
            self._below.setdefault(card.page, []).append(surface)
        # The annotations of pages with several cards, which are known when their last card is written.
        self._links: dict[int, tuple[Reference, list[Reference]]] = {}

    @property
    def surfaces(self) -> tuple[Reference, ...]:
        """The page of each surface: all pages, then those with a card below others."""
        return (*self.pages, *(self.pages[card.page] for card in self._plan.shared))

    def sections(self) -> Iterator[tuple[str | None, tuple[Leaf, ...]]]:
        """Yield (anchor, pages) for each part, in the order of the book. The anchor is None for blank pages.

        Cards below others follow their page. A fragment is open only until the next part is asked for. The caller must
        write the leaves with `write`.
        """
        parts: dict[tuple[str | None, Path | None], list[int]] = {}
        for index, bound in enumerate(self._plan.pages):
            parts.setdefault((bound.anchor, bound.fragment), []).append(index)
        with ExitStack() as stack:
            files = [stack.enter_context(self._open(path)) for path in self._plan.furniture]
            furniture = Layer(files, self._writer, self._plan.knocked_out) if files else None
            for (anchor, path), indexes in parts.items():
                if path is None:
                    yield anchor, tuple(self._blank(index, furniture) for index in indexes)
                    continue
                with self._open(path) as fragment:
                    carrier = Carrier(fragment, self._writer)
                    yield anchor, tuple(self._filled(index, fragment, carrier, furniture) for index in indexes)
                for surface in (surface for index in indexes for surface in self._below.get(index, ())):
                    card = self._plan.shared[surface - len(self._plan.pages)]
                    with self._open(card.fragment) as fragment:
                        yield card.anchor, (self._card(surface, card, fragment),)

    def write(self, leaf: Leaf) -> None:
        """Write a page, or a card below others as a form XObject."""
        page = leaf.card.page if leaf.card else leaf.index
        below = self._below.get(page, [])
        if below:
            if leaf.card is None:
                self._links[page] = (self._writer.reserve(), [])
                leaf.entries["Annots"] = self._links[page][0]
            reference, links = self._links[page]
            links += leaf.annotations
            if leaf.index == below[-1]:
                self._writer.add(array(links), reference)
        elif leaf.annotations:
            leaf.entries["Annots"] = array(leaf.annotations)
        if leaf.card is None:
            self._writer.add(dictionary(**leaf.entries), leaf.reference)
            return
        write_form(self._writer, leaf)

    def _card(self, surface: int, card: SharedCard, fragment: Pdf) -> Leaf:
        """A card that stands below others on a page, cropped to its room."""
        carrier, page = Carrier(fragment, self._writer), fragment.pages[0]
        left, _, right, _ = map(float, page.mediabox)
        entries = form_entries(page, carrier, numbers(left, card.bottom, right, card.top))
        return Leaf(surface, self.forms[surface], entries, page, card)

    def _drawn_below(self, index: int) -> tuple[dict[str, bytes], bytes]:
        """The names of the cards below others on a page, and what draws them."""
        names: dict[str, bytes] = {}
        commands = []
        for surface in self._below.get(index, ()):
            key, down = f"/Card{surface}", self._plan.shared[surface - len(self.pages)].down
            names[key] = self.forms[surface]
            commands.append(b"q 1 0 0 1 0 %s cm %s Do Q" % (number(-down), name(key)))
        return names, b"\n".join(commands)

    def _open(self, path: Path) -> Pdf:
        """Open a fragment. For an archive, also make it fit PDF/A."""
        fragment = opened(path)
        if self._cmyk is not None:
            make_archivable(fragment, self._cmyk)
        return fragment

    def _leaf(self, index: int, source: Page | None = None) -> Leaf:
        trim = self._plan.trim
        box = numbers(trim.x0, trim.y0, trim.x1, trim.y1)
        entries = {"Type": b"/Page", "Parent": self._tree, "MediaBox": box, "Resources": b"<<>>"}
        return Leaf(index, self.pages[index], entries, source)

    def _blank(self, index: int, furniture: Layer | None) -> Leaf:
        leaf = self._leaf(index)
        if furniture is not None:
            drawn = named({"/XObject": named({"/Furniture": furniture.form(index)})})
            leaf.entries.update(Contents=array([furniture.before, furniture.after]), Resources=drawn)
        return leaf

    def _filled(self, index: int, fragment: Pdf, carrier: Carrier, furniture: Layer | None) -> Leaf:
        page = fragment.pages[self._plan.pages[index].page]
        leaf = self._leaf(index, page)
        leaf.entries.update({key[1:]: carrier.carry(page.obj[key]) for key in _KEPT if key in page.obj})
        contents, resources = contents_of(page), page.obj.get("/Resources", Dictionary())
        cards, commands = self._drawn_below(index)
        if furniture is None and not cards:
            leaf.entries.update(Contents=array(map(carrier.carry, contents)), Resources=carrier.carry(resources))
            return leaf
        entries = {key: carrier.carry(value) for key, value in resources.items() if key != "/XObject"}
        drawn = {key: carrier.carry(value) for key, value in resources.get("/XObject", Dictionary()).items()}
        own = [*map(carrier.carry, contents)]
        if cards:
            own = [self._writer.add_stream(b"q\n"), *own, self._writer.add_stream(b"\nQ\n%s\n" % commands)]
        if furniture is not None:
            drawn["/Furniture"] = furniture.form(index)
            own = [furniture.before, *own, furniture.after]
        entries["/XObject"] = named({**drawn, **cards})
        leaf.entries.update(Contents=array(own), Resources=named(entries))
        return leaf

    def close(self) -> dict[str, bytes]:
        """Write the page tree. Return its entries in the catalog."""
        count = b"%d" % len(self.pages)
        self._writer.add(dictionary(Type=b"/Pages", Kids=array(self.pages), Count=count), self._tree)
        return {"Pages": self._tree, "PageLabels": _page_labels(page.label for page in self._plan.pages)}


class Layer:
    """The furniture: one page for each page of the book, drawn on top of it as a pagination artifact."""

    def __init__(self, files: Sequence[Pdf], writer: Writer, knocked_out: frozenset[int] = frozenset()) -> None:
        """Take the furniture files, of FURNITURE_PAGES pages each. They must stay open until all pages are written.

        On the pages `knocked_out`, nothing overprints.
        """
        self._files = files
        self._knocked_out = knocked_out
        self._carriers = [Carrier(pdf, writer) for pdf in files]
        # A list, because pikepdf copies its page list at every access.
        self._pages = [page for pdf in files for page in pdf.pages]
        self.before = writer.add_stream(b"q\n")
        self.after = writer.add_stream(b"\nQ /Artifact <</Type /Pagination>> BDC q /Furniture Do Q EMC\n")

    def form(self, index: int) -> bytes:
        """Write the furniture of a page as a form XObject. Return the reference to it."""
        page = self._pages[index]
        page.contents_coalesce()
        form = page.obj.Contents
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox, form.Resources = page.obj.MediaBox, page.obj.Resources
        if index in self._knocked_out:
            form.Resources = knocking_out(self._files[index // FURNITURE_PAGES], page.obj.Resources)
        return self._carriers[index // FURNITURE_PAGES].carry(form)


def knocking_out(pdf: Pdf, resources: Object) -> Dictionary:
    """Return a copy of resources in which nothing overprints, in its forms neither."""
    copy = _without(resources)
    if "/ExtGState" in resources:
        copy.ExtGState = Dictionary(
            {name: _without(state, "/OP", "/op", "/OPM") for name, state in resources.ExtGState.items()}
        )
    if "/XObject" in resources:
        copy.XObject = Dictionary({name: _form_knocking_out(pdf, one) for name, one in resources.XObject.items()})
    return copy


def _form_knocking_out(pdf: Pdf, drawn: Object) -> Object:
    if drawn.get("/Subtype") != Name.Form or "/Resources" not in drawn:
        return drawn
    entries = _without(drawn, "/Length")
    entries.Resources = knocking_out(pdf, drawn.Resources)
    return pdf.make_indirect(Stream(pdf, drawn.read_raw_bytes(), entries))


def _without(entries: Object, *left_out: str) -> Dictionary:
    return Dictionary({name: value for name, value in entries.items() if name not in left_out})


def assemble(plan: BookPlan) -> Pdf:
    """Return the pages of a book as an open PDF, without links, tags or outline. Boxes are those of the fragments.

    The PDF is in a temporary file, so that its streams take no memory. The file is already deleted but stays readable.
    Raises OutputError when there is no room for it.
    """
    try:
        with NamedTemporaryFile(suffix=".pdf") as file:
            writer = Writer(file)
            assembly = Assembly(plan, writer)
            for _, leaves in assembly.sections():
                for leaf in leaves:
                    assembly.write(leaf)
            root = writer.add(dictionary(Type=b"/Catalog", **assembly.close()))
            writer.close(root, writer.add(b"<<>>"))
            file.flush()
            return opened(Path(file.name))
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        # It may be another disk than that of the book.
        reason = system_reason(problem)
        told = say("there is no room for temporary files in {folder}: {reason}", folder=gettempdir(), reason=reason)
        raise OutputError(told, say("make room there, or set TMPDIR to a folder on another disk")) from problem


def form_entries(page: Page, carrier: Carrier, box: bytes) -> dict[str, bytes]:
    """Return the entries of a page that becomes a form XObject, cropped to a box."""
    entries = {"Type": b"/XObject", "Subtype": b"/Form", "BBox": box}
    entries["Resources"] = carrier.carry(page.obj.get("/Resources", Dictionary()))
    if "/Group" in page.obj:
        entries["Group"] = carrier.carry(page.obj.Group)
    return entries


def write_form(writer: Writer, leaf: Leaf) -> None:
    """Write a page as a form XObject. Its content stays as it is, byte for byte."""
    assert leaf.source is not None
    leaf.source.contents_coalesce()
    data = leaf.source.obj.Contents
    filters = {"Filter": data.Filter.unparse()} if "/Filter" in data else {}
    writer.add_stream(data.read_raw_bytes(), dictionary(**leaf.entries, **filters), leaf.reference)


def opened(path: Path) -> Pdf:
    """Open a file for reading. It is memory-mapped: this is twice as fast, and the file may be deleted while open."""
    return Pdf.open(path, access_mode=AccessMode.mmap)


def contents_of(page: Page) -> tuple[Object, ...]:
    """Return the content streams of a page."""
    contents = page.obj.get("/Contents", Array())
    return tuple(contents) if isinstance(contents, Array) else (contents,)


def named(entries: dict[str, bytes]) -> bytes:
    """Return a dictionary whose keys come from the fragment and begin with a slash."""
    return b"<<%s>>" % b" ".join(b"%s %s" % (name(key), value) for key, value in entries.items())


def _page_labels(labels: Iterable[str]) -> bytes:
    """Return page labels as ranges (ISO 32000-2, 12.4.2).

    Decimal numbers that follow each other share a range. Any other label has a range of its own.
    """
    ranges: list[bytes] = []
    expected: int | None = None
    for index, label in enumerate(labels):
        if label.isdecimal():
            if int(label) != expected:
                ranges += [b"%d" % index, dictionary(S=b"/D", St=b"%d" % int(label))]
            expected = int(label) + 1
        else:
            ranges += [b"%d" % index, dictionary(P=text(label))]
            expected = None
    return dictionary(Nums=array(ranges))

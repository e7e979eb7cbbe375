"""Writes the tag tree of the book: one structure, in reading order, for the marked content of all fragments.

The facts of a fragment contain its structure. It is written here part by part, with the parent tree, which leads from
content and annotations back to their elements (ISO 32000-1, 14.7.4.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from livret.book.binding.assemble import Leaf
from livret.book.binding.links import Annotations, LinkAnnotation
from livret.book.binding.pdf_syntax import Reference, array, dictionary, name, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import PartStructure
from livret.pages.structure_tree import Annotation, Content, Element


class Tags:
    """Writes the tag tree of a book. It keeps only references to what is written."""

    def __init__(
        self, writer: Writer, pages: Sequence[Reference], forms: Mapping[int, Reference] = MappingProxyType({})
    ) -> None:
        """Take the reference of each page; of a page that is a form XObject on another page, also that of the form."""
        self._writer = writer
        self._pages = pages
        self._forms = forms
        self._root, self._document = writer.reserve(), writer.reserve()
        self._parts: dict[str, Reference] = {}
        self._rows: dict[int, Reference] = {}
        self._owners: list[Reference] = []
        self._names: list[tuple[str, Reference]] = []

    def add(
        self, part: PartStructure, elements: Iterable[Element], leaves: Sequence[Leaf], annotations: Annotations
    ) -> None:
        """Write the elements of a part, and give its pages and annotations their keys in the parent tree.

        The key of a page is its index in the book. The keys of annotations follow those of all pages.
        """
        downs = {leaf.index: leaf.down for leaf in leaves if leaf.down}
        branch = _Branch(self._writer, self._pages, self._forms, part, annotations, downs)
        self._parts[part.anchor] = branch.write(elements, self._document)
        self._names += branch.names
        for leaf in leaves:
            owners = branch.owners.get(leaf.index)
            if owners:
                leaf.entries["StructParents"] = b"%d" % leaf.index
                if leaf.index not in self._forms:
                    leaf.entries["Tabs"] = b"/S"
                row = (owners.get(mcid, b"null") for mcid in range(max(owners) + 1))
                self._rows[leaf.index] = self._writer.add(array(row))
        for annotation, owner in branch.links.values():
            annotation.entries["StructParent"] = b"%d" % (len(self._pages) + len(self._owners))
            self._owners.append(owner)

    def close(self, order: Iterable[str], title: str) -> dict[str, bytes]:
        """Write the top of the tree. Return its entries in the catalog.

        `order` holds the anchors of the parts in reading order. `title` is the title of the book.
        """
        parts = array(self._parts[anchor] for anchor in order if anchor in self._parts)
        document = dictionary(Type=b"/StructElem", S=b"/Document", P=self._root, T=text(title), K=parts)
        self._writer.add(document, self._document)
        numbered = [*sorted(self._rows.items()), *enumerate(self._owners, len(self._pages))]
        flat = array(value for key, owner in numbered for value in (b"%d" % key, owner))
        entries = {
            "Type": b"/StructTreeRoot",
            "K": array([self._document]),
            "ParentTree": self._writer.add(dictionary(Nums=flat)),
            "ParentTreeNextKey": b"%d" % (len(self._pages) + len(self._owners)),
        }
        if self._names:
            flat = array(value for key, owner in sorted(self._names) for value in (text(key), owner))
            entries["IDTree"] = self._writer.add(dictionary(Names=flat))
        self._writer.add(dictionary(**entries), self._root)
        return {"StructTreeRoot": self._root, "MarkInfo": dictionary(Marked=b"true")}


class _Branch:
    """Writes the elements of one part."""

    def __init__(
        self,
        writer: Writer,
        pages: Sequence[Reference],
        forms: Mapping[int, Reference],
        part: PartStructure,
        annotations: Annotations,
        downs: Mapping[int, float],
    ) -> None:
        # How far below their places the pages of the part are drawn.
        self._downs = downs
        self._writer = writer
        self._pages = pages
        self._forms = forms
        self._part = part
        self._annotations = annotations
        # For each page of the book, the element of each marked-content sequence. Then each annotation with its element.
        self.owners: dict[int, dict[int, Reference]] = {}
        self.links: dict[Reference, tuple[LinkAnnotation, Reference]] = {}
        self.names: list[tuple[str, Reference]] = []

    def write(self, elements: Iterable[Element], parent: Reference) -> Reference:
        """Write the element around the part and all elements in it. Return the reference to it."""
        own = self._writer.reserve()
        entries = {"Type": b"/StructElem", "S": name(f"/{self._part.tag}"), "P": parent}
        if self._part.language:
            entries["Lang"] = text(self._part.language)
        entries["K"] = array([self._element(element, own) for element in elements])
        return self._writer.add(dictionary(**entries), own)

    def _element(self, element: Element, parent: Reference) -> Reference:
        own = self._writer.reserve()
        page = self._part.pages[element.page]
        entries = {"Type": b"/StructElem", "S": name(f"/{element.tag}"), "P": parent, "Pg": self._pages[page]}
        if element.alt:
            entries["Alt"] = text(element.alt)
        if element.language:
            entries["Lang"] = text(element.language)
        if element.box:
            x0, y0, x1, y1 = element.box
            down = self._downs.get(page, 0)
            box = numbers(x0, y0 - down, x1, y1 - down)
            entries["A"] = dictionary(O=b"/Layout", BBox=box, Placement=b"/Block")
        if element.table:
            entries |= self._cell(element, own)
        kids: list[bytes] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(self._element(kid, own))
            elif isinstance(kid, Content):
                at = self._part.pages[kid.page]
                self.owners.setdefault(at, {})[kid.mcid] = own
                is_here = at == page and at not in self._forms
                kids.append(b"%d" % kid.mcid if is_here else self._elsewhere(kid.mcid, at))
            else:
                kids += self._object(kid, own)
        entries["K"] = array(kids)
        return self._writer.add(dictionary(**entries), own)

    def _elsewhere(self, mcid: int, at: int) -> Reference:
        """Write a reference to marked content on another page than the element's own, or in a form (table 324).

        Content on the element's own page needs only its number.
        """
        entries = {"Type": b"/MCR", "Pg": self._pages[at], "MCID": b"%d" % mcid}
        if at in self._forms:
            entries["Stm"] = self._forms[at]
        return self._writer.add(dictionary(**entries))

    def _object(self, kid: Annotation, owner: Reference) -> list[Reference]:
        """Return the reference to an annotation, or nothing when it was dropped or already has an element."""
        at = self._part.pages[kid.page]
        annotation = self._annotations.get((at, kid.index))
        if annotation is None or annotation.reference in self.links:
            return []
        self.links[annotation.reference] = (annotation, owner)
        return [self._writer.add(dictionary(Type=b"/OBJR", Obj=annotation.reference, Pg=self._pages[at]))]

    def _cell(self, element: Element, own: Reference) -> dict[str, bytes]:
        """Return the attributes of a table cell. The anchor of the part makes its ID unique in the book."""
        entries, attributes = {}, {"O": b"/Table"}
        if "ID" in element.table:
            key = f"{self._part.anchor}-{element.table['ID']}"
            entries["ID"] = text(key)
            self.names.append((key, own))
        for span in ("ColSpan", "RowSpan"):
            if span in element.table:
                attributes[span] = b"%d" % element.table[span]
        if "Headers" in element.table:
            keys = (f"{self._part.anchor}-{header}" for header in element.table["Headers"])
            attributes["Headers"] = array(map(text, keys))
        if element.tag == "TH":
            attributes["Scope"] = b"/Column"
        return {**entries, "A": dictionary(**attributes)}

"""The tag tree of the book: one structure, in reading order, over the marked content of all fragments.

Fragments bring their structure along as facts (see `pages.structure`); here it is written once for the
whole book, with the parent tree that leads from content and annotations back to it (ISO 32000-1, 14.7.4.4).
"""

from __future__ import annotations

from collections.abc import Sequence

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    IndirectObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from livret.book.links import Annotations
from livret.book.pdf import dictionary, name, numbers
from livret.book.plan import PartStructure
from livret.pages.structure import Annotation, Content, Element


class Tags:
    """Writes the tag tree into a book whose pages and annotations are there."""

    def __init__(self, writer: PdfWriter, pages: Sequence[PageObject], annotations: Annotations) -> None:
        self._writer = writer
        self._pages = [page.indirect_reference for page in pages]
        self._annotations = annotations
        self._owners: list[dict[int, IndirectObject]] = [{} for _ in pages]
        self._links: dict[IndirectObject, IndirectObject] = {}
        self._names: list[tuple[str, IndirectObject]] = []

    def write(self, parts: Sequence[PartStructure], title: str) -> None:
        """Write the structure of all parts, in the order of the book."""
        root = dictionary(Type=name("/StructTreeRoot"))
        top = self._writer._add_object(root)
        document = dictionary(Type=name("/StructElem"), S=name("/Document"), P=top, T=TextStringObject(title))
        reference = self._writer._add_object(document)
        root[name("/K")] = ArrayObject([reference])
        document[name("/K")] = ArrayObject([self._part(part, reference) for part in parts if part.elements])
        root[name("/ParentTree")], following = self._parent_tree()
        root[name("/ParentTreeNextKey")] = NumberObject(following)
        if self._names:
            pairs = sorted(self._names)
            flat = ArrayObject(item for key, owner in pairs for item in (TextStringObject(key), owner))
            root[name("/IDTree")] = self._writer._add_object(dictionary(Names=flat))
        catalog = self._writer.root_object
        catalog[name("/StructTreeRoot")] = top
        catalog[name("/MarkInfo")] = dictionary(Marked=BooleanObject(True))

    def _part(self, part: PartStructure, parent: IndirectObject) -> IndirectObject:
        made = dictionary(Type=name("/StructElem"), S=name(f"/{part.tag}"), P=parent)
        if part.language:
            made[name("/Lang")] = TextStringObject(part.language)
        reference = self._writer._add_object(made)
        made[name("/K")] = ArrayObject([self._element(element, part, reference) for element in part.elements])
        return reference

    def _element(self, element: Element, part: PartStructure, parent: IndirectObject) -> IndirectObject:
        made = dictionary(Type=name("/StructElem"), S=name(f"/{element.tag}"), P=parent)
        reference = self._writer._add_object(made)
        own = part.pages[element.page]
        page = self._pages[own]
        assert page is not None
        made[name("/Pg")] = page
        if element.alt:
            made[name("/Alt")] = TextStringObject(element.alt)
        if element.language:
            made[name("/Lang")] = TextStringObject(element.language)
        if element.box:
            layout = dictionary(O=name("/Layout"), BBox=numbers(*element.box), Placement=name("/Block"))
            made[name("/A")] = layout
        self._cell(element, part, made, reference)
        kids = ArrayObject()
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(self._element(kid, part, reference))
            elif isinstance(kid, Content):
                at = part.pages[kid.page]
                self._owners[at][kid.mcid] = reference
                kids.append(self._marked(kid.mcid, at, own))
            else:
                kids += self._object(kid, part, reference)
        made[name("/K")] = kids
        return reference

    def _marked(self, mcid: int, at: int, own: int) -> NumberObject | IndirectObject:
        """Content on the element's own page is a number; on another page it says which (table 324)."""
        if at == own:
            return NumberObject(mcid)
        page = self._pages[at]
        assert page is not None
        return self._writer._add_object(dictionary(Type=name("/MCR"), Pg=page, MCID=NumberObject(mcid)))

    def _object(self, kid: Annotation, part: PartStructure, owner: IndirectObject) -> list[IndirectObject]:
        """The reference to an annotation; nothing when it was dropped, or has its owner already."""
        at = part.pages[kid.page]
        annotation = self._annotations.get((at, kid.index))
        page = self._pages[at]
        if annotation is None or page is None or annotation in self._links:
            return []
        self._links[annotation] = owner
        return [self._writer._add_object(dictionary(Type=name("/OBJR"), Obj=annotation, Pg=page))]

    def _cell(self, element: Element, part: PartStructure, made: object, reference: IndirectObject) -> None:
        """What a table cell says of itself; names are made unique by the anchor of the part."""
        if not element.table:
            return
        assert isinstance(made, dict)
        if "ID" in element.table:
            key = f"{part.anchor}-{element.table['ID']}"
            made[name("/ID")] = TextStringObject(key)
            self._names.append((key, reference))
        attributes = dictionary(O=name("/Table"))
        for span in ("ColSpan", "RowSpan"):
            if span in element.table:
                attributes[name(f"/{span}")] = NumberObject(element.table[span])
        if "Headers" in element.table:
            keys = (TextStringObject(f"{part.anchor}-{header}") for header in element.table["Headers"])
            attributes[name("/Headers")] = ArrayObject(keys)
        if element.tag == "TH":
            attributes[name("/Scope")] = name("/Column")
        made[name("/A")] = attributes

    def _parent_tree(self) -> tuple[IndirectObject, int]:
        """Keys: first the pages, in order, each with the owners of its sequences; then the annotations."""
        flat = ArrayObject()
        for index, owners in enumerate(self._owners):
            if not owners:
                continue
            page = self._writer.pages[index]
            page[name("/StructParents")] = NumberObject(index)
            page[name("/Tabs")] = name("/S")
            row = ArrayObject(owners.get(mcid, NullObject()) for mcid in range(max(owners) + 1))
            flat += [NumberObject(index), self._writer._add_object(row)]
        key = len(self._owners)
        for annotation, owner in self._links.items():
            entry = annotation.get_object()
            assert isinstance(entry, dict)
            entry[name("/StructParent")] = NumberObject(key)
            flat += [NumberObject(key), owner]
            key += 1
        return self._writer._add_object(dictionary(Nums=flat)), key

"""Reads the tag tree that the engine made, mends it in place, and gives the structure that binding carries on.

Runs while a fragment is being written: the objects are pydyf's, before anything is compressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]

from livret.measure import POINTS_PER_PIXEL
from livret.pages.structure_tree import HIDDEN, Annotation, Content, Element, contents, once, renumbered, simplified


class Tagged:
    """The tag tree of one document that is about to be written."""

    def __init__(self, pdf: Any, page_heights: Iterable[float]) -> None:
        """`page_heights` are those of the trimmed pages, in points."""
        self._pdf = pdf
        self._heights = tuple(page_heights)
        self._references = pdf.page_references
        self._pages = {reference: index for index, reference in enumerate(self._references)}
        self._page_objects = [self._object(reference) for reference in self._references]
        self._replaced: list[Any] = []
        self._annotations = {
            bytes(reference): (page, index)
            for page, entries in enumerate(self._page_objects)
            for index, reference in enumerate(entries.get("Annots", ()))
        }
        # Sequences without a glyph.
        self._blanks: set[Content] = set()
        # The sequence that stands for each one inside a transparency group.
        self._lifted: dict[Content, Content] = {}
        # The element of each sequence, by page and number; the element of each annotation.
        self._rows: list[dict[int, bytes]] = [{} for _ in self._page_objects]
        self._owners: dict[bytes, bytes] = {}
        self.merged = 0

    def mend(self) -> tuple[Element, ...]:
        """Write the document's structure anew, reduced to what means something; gives it.

        What belongs to no element (drawings without a text, page margins) becomes an artifact, and the
        sequences that are left are numbered without gaps. What is drawn together under one opacity is one sequence;
        `merged` then counts the elements that have been read with the one before.
        """
        self._lift()
        self._blanks = {content for content, operations, index in self._sequences() if _is_blank(operations, index)}
        root = self._object(self._pdf.catalog["StructTreeRoot"])
        document = self._object(root["K"][0])
        kept = simplified(self._element(reference) for reference in document["K"])
        kept, self.merged = once(kept) if self._lifted else (kept, 0)
        kept = renumbered(kept, self._number(set(contents(kept))))
        for entries in self._replaced:
            entries.free = "f"
        document["K"] = pydyf.Array([self._write(element, document.reference) for element in kept])
        self._object(root["ParentTree"])["Nums"] = self._parent_tree()
        return kept

    def _sequences(self) -> Iterator[tuple[Content, list[Any], int]]:
        """Every marked-content sequence, with the operations of its page and its place among them.

        `/Tag <</MCID n>> BDC` stands in three entries, of which the first is at that place.
        """
        for page, entries in enumerate(self._page_objects):
            operations = self._object(entries["Contents"]).stream
            for index in range(len(operations) - 2):
                marks = operations[index + 1]
                if operations[index + 2] == b"BDC" and isinstance(marks, dict) and "MCID" in marks:
                    yield Content(page, marks["MCID"]), operations, index

    def _lift(self) -> None:
        """Mark what draws a transparency group, instead of what is marked in it.

        A sequence in a group would have to say so in every book it is bound into (ISO 32000-1, 14.7.4.2); the engine
        numbers it as if it stood on the page.
        """
        for page, entries in enumerate(self._page_objects):
            operations = self._object(entries["Contents"]).stream
            drawn = self._drawn(operations, entries["Resources"])
            for index, group in reversed(list(drawn)):
                inside = [Content(page, mcid) for mcid in self._unmarked(group)]
                if inside:
                    self._lifted |= dict.fromkeys(inside, inside[0])
                    operations[index : index + 1] = [
                        "/Div", pydyf.Dictionary({"MCID": inside[0].mcid}), b"BDC", operations[index], b"EMC",
                    ]  # fmt: skip

    def _drawn(self, operations: list[Any], resources: bytes) -> Iterator[tuple[int, Any]]:
        """The transparency groups that operations draw, with their places among them."""
        named = self._object(resources)["XObject"]
        for index, operation in enumerate(operations):
            if isinstance(operation, bytes) and operation.endswith(b" Do"):
                drawn = self._object(named[operation[1:-3].decode()])
                if "Group" in drawn.extra:
                    yield index, drawn

    def _unmarked(self, group: Any) -> list[int]:
        """Take the numbers from the marked sequences of a group, and those in it; gives them as they are drawn."""
        within = dict(self._drawn(group.stream, group.extra["Resources"]))
        numbers = []
        for index, operation in enumerate(group.stream):
            if isinstance(operation, dict) and "MCID" in operation:
                numbers.append(operation.pop("MCID"))
            elif index in within:
                numbers += self._unmarked(within[index])
        return numbers

    def _number(self, kept: set[Content]) -> dict[Content, int]:
        """Number the sequences of every page anew, in the order they are drawn; the others become artifacts."""
        numbers: dict[Content, int] = {}
        counts = [0] * len(self._page_objects)
        for content, operations, index in self._sequences():
            if content in kept:
                numbers[content] = operations[index + 1]["MCID"] = counts[content.page]
                counts[content.page] += 1
            else:
                operations[index : index + 3] = ["/Artifact", b"BMC", b""]
        return numbers

    def _add(self, entries: dict[str, Any]) -> Any:
        made = pydyf.Dictionary(entries)
        self._pdf.add_object(made)
        return made

    def _write(self, element: Element, parent: bytes) -> bytes:
        page = self._references[element.page]
        made = self._add({"Type": "/StructElem", "S": f"/{element.tag}", "P": parent, "Pg": page})
        if element.alt:
            made["Alt"] = pydyf.String(element.alt)
        if element.language:
            made["Lang"] = pydyf.String(element.language)
        if element.box:
            made["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(element.box)})
        made["K"] = pydyf.Array([self._kid(kid, element, made.reference) for kid in element.kids])
        return bytes(made.reference)

    def _kid(self, kid: Element | Content | Annotation, element: Element, owner: bytes) -> Any:
        if isinstance(kid, Element):
            return self._write(kid, owner)
        page = self._references[kid.page]
        if isinstance(kid, Content):
            self._rows[kid.page][kid.mcid] = owner
            if kid.page == element.page:
                return kid.mcid
            return self._add({"Type": "/MCR", "Pg": page, "MCID": kid.mcid}).reference
        annotation = self._page_objects[kid.page]["Annots"][kid.index]
        self._owners[bytes(annotation)] = owner
        return self._add({"Type": "/OBJR", "Obj": annotation, "Pg": page}).reference

    def _parent_tree(self) -> Any:
        """The pages first, by number, each with the owners of its sequences; then the annotations."""
        numbers = pydyf.Array()
        for page, row in enumerate(self._rows):
            numbers.extend([page, pydyf.Array([row[mcid] for mcid in range(len(row))])])
        for annotation in self._annotations:
            self._object(annotation).pop("StructParent", None)
        for key, (annotation, owner) in enumerate(self._owners.items(), start=len(self._rows)):
            self._object(annotation)["StructParent"] = key
            numbers.extend([key, owner])
        return numbers

    def _object(self, reference: bytes | str) -> Any:
        text = reference if isinstance(reference, str) else reference.decode()
        return self._pdf.objects[int(text.split()[0])]

    def _element(self, reference: bytes) -> Element:
        entries = self._object(reference)
        self._replaced.append(entries)
        page = self._pages[entries["Pg"]]
        kids: list[Element | Content | Annotation] = []
        for kid in entries["K"]:
            if isinstance(kid, int):
                content = self._lifted.get(Content(page, kid), Content(page, kid))
                if content not in self._blanks:
                    kids.append(content)
                continue
            below = self._object(kid)
            if below["Type"] == "/OBJR":
                self._replaced.append(below)
                if bytes(below["Obj"]) in self._annotations:
                    kids.append(Annotation(*self._annotations[bytes(below["Obj"])]))
            else:
                kids.append(self._element(kid))
        tag = HIDDEN if getattr(entries, "is_hidden", False) else entries["S"].lstrip("/")
        alt = entries["Alt"].string if "Alt" in entries else None
        source, language = getattr(entries, "source", 0), getattr(entries, "language", None)
        return Element(tag, tuple(kids), alt, self._box(entries, page), page, _cell(entries), source, language)

    def _box(self, entries: Any, page: int) -> tuple[float, float, float, float] | None:
        """A figure's rectangle: the engine gives CSS pixels from the top of the page (seen with WeasyPrint 70)."""
        attributes = entries.get("A") or {}
        if "BBox" not in attributes:
            return None
        left, top, right, bottom = (float(value) * POINTS_PER_PIXEL for value in attributes["BBox"])
        height = self._heights[page]
        return (round(left, 2), round(height - bottom, 2), round(right, 2), round(height - top, 2))


def _is_blank(operations: list[Any], index: int) -> bool:
    """Whether a sequence is text without a glyph: the engine also sets empty lines."""
    inside = operations[index + 3 : operations.index(b"EMC", index)]
    is_text = operations[index] == "/Span"
    return is_text and not any(isinstance(drawn, bytes) and b"TJ" in drawn for drawn in inside)


def _cell(entries: Any) -> dict[str, Any]:
    """What a table cell says of itself: its name, the names of its headers, how many columns and rows it spans."""
    attributes = entries.get("A") or {}
    cell: dict[str, Any] = {name: attributes[name] for name in ("ColSpan", "RowSpan") if name in attributes}
    if attributes.get("Headers"):
        cell["Headers"] = [header.string for header in attributes["Headers"]]
    if "ID" in entries:
        cell["ID"] = entries["ID"].string
    return cell

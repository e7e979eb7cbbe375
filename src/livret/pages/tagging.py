"""Reads the tag tree that the engine made, mends it in place, and gives the structure that binding carries on.

Runs while a fragment is being written: the objects are pydyf's, before anything is compressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.pdf.stream import Stream

from livret.measure import POINTS_PER_PIXEL
from livret.pages.structure import Annotation, Content, Element, contents, simplified

# The HTML element that the engine tags as `structure.HIDDEN`, and none other.
_HIDDEN_TAG = "main"

HYPHEN = "\u2010"


def hide(boxes: Iterable[Any]) -> None:
    """Have boxes of elements with `aria-hidden="true"` tagged as hidden, before a document is written."""
    for box in boxes:
        if box.element is None:
            continue
        if box.element.get("aria-hidden") == "true":
            box.element_tag = _HIDDEN_TAG
        elif box.element_tag == _HIDDEN_TAG:
            box.element_tag = "section"


def join_words(boxes: Iterable[Any]) -> None:
    """Give text boxes that a hyphen of the engine's parts from the next one their whole word to be read and copied.

    The first line then reads `une formation professionnelle,` and the next ` les premiers pas`, whatever is
    seen. The engine writes U+2010 where it hyphenates; a hyphen that was typed is U+002D.
    """
    before = None
    for box in boxes:
        text = box.text
        if before is not None:
            rest = text.split(maxsplit=1)[0] if text and not text[0].isspace() else ""
            rest = rest.removesuffix(HYPHEN)
            before.actual_text = before.actual_text.removesuffix(HYPHEN) + rest
            # An empty text would be passed over by readers, and what is seen read again.
            text = text[len(rest) :] or " "
            box.actual_text = text
        before = None
        if text.endswith(HYPHEN):
            box.actual_text = text
            before = box
        elif "-" in text:
            # Fonts draw both hyphens with one glyph, which can stand for one character only.
            box.actual_text = text


@contextmanager
def _marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """The engine's `Stream.marked`, with the text to be read where a box has one (ISO 32000-1, 14.9.4)."""
    with _engine_marked(stream, box, tag):
        if getattr(box, "actual_text", None) is not None and stream.stream and stream.stream[-1] == b"BDC":
            stream.stream[-2]["ActualText"] = pydyf.String(box.actual_text)
        yield


# There is no other way to reach the property list of a sequence while it is being written (WeasyPrint 70).
_engine_marked = Stream.marked
Stream.marked = _marked


class Tagged:
    """The tag tree of one document that is about to be written."""

    def __init__(self, pdf: Any, page_heights: Iterable[float]) -> None:
        """`page_heights` are those of the trimmed pages, in points."""
        self._pdf = pdf
        self._heights = tuple(page_heights)
        self._pages = {reference: index for index, reference in enumerate(pdf.page_references)}
        self._page_objects = [self._object(reference) for reference in pdf.page_references]
        self._annotations = {
            bytes(reference): (page, index)
            for page, entries in enumerate(self._page_objects)
            for index, reference in enumerate(entries.get("Annots", ()))
        }

    def mend(self) -> tuple[Element, ...]:
        """Turn drawings without a text into artifacts, and give what is left as the structure of the document."""
        root = self._object(self._pdf.catalog["StructTreeRoot"])
        document = self._object(root["K"][0])
        raw = [self._element(reference) for reference in document["K"]]
        kept = simplified(raw)
        silent = set(contents(raw)) - set(contents(kept))
        for page in {content.page for content in silent}:
            self._silence(page, {content.mcid for content in silent if content.page == page})
        self._forget(root, silent)
        return kept

    def _object(self, reference: bytes | str) -> Any:
        text = reference if isinstance(reference, str) else reference.decode()
        return self._pdf.objects[int(text.split()[0])]

    def _element(self, reference: bytes) -> Element:
        entries = self._object(reference)
        page = self._pages[entries["Pg"]]
        kids: list[Element | Content | Annotation] = []
        target = None
        for kid in entries["K"]:
            if isinstance(kid, int):
                kids.append(Content(page, kid))
                continue
            below = self._object(kid)
            if below["Type"] == "/OBJR":
                if bytes(below["Obj"]) in self._annotations:
                    kids.append(Annotation(*self._annotations[bytes(below["Obj"])]))
                    target = self._target(below["Obj"])
            else:
                kids.append(self._element(kid))
        alt = entries["Alt"].string if "Alt" in entries else None
        tag = entries["S"].lstrip("/")
        box = self._box(entries, page)
        return Element(tag, tuple(kids), alt, box, page, _cell(entries), target if tag == "Link" else None)

    def _target(self, annotation: bytes) -> str | None:
        action = self._object(annotation).get("A") or {}
        return action["URI"].string if "URI" in action else None

    def _box(self, entries: Any, page: int) -> tuple[float, float, float, float] | None:
        """A figure's rectangle: the engine gives CSS pixels from the top of the page (seen with WeasyPrint 70)."""
        attributes = entries.get("A") or {}
        if "BBox" not in attributes:
            return None
        left, top, right, bottom = (float(value) * POINTS_PER_PIXEL for value in attributes["BBox"])
        height = self._heights[page]
        return (round(left, 2), round(height - bottom, 2), round(right, 2), round(height - top, 2))

    def _silence(self, page: int, mcids: set[int]) -> None:
        """Mark these sequences of a page as artifacts."""
        stream = self._object(self._page_objects[page]["Contents"])
        operations = stream.stream
        for index in range(len(operations) - 2):
            marks = operations[index + 1]
            # `/Tag <</MCID n>> BDC`, as three entries, becomes `/Artifact BMC`.
            if operations[index + 2] == b"BDC" and isinstance(marks, dict) and marks.get("MCID") in mcids:
                operations[index : index + 3] = ["/Artifact", b"BMC", b""]

    def _forget(self, root: Any, silent: set[Content]) -> None:
        """Take the elements of artifacts out of the document's own tree, so that the fragment is right by itself."""
        numbers = self._object(root["ParentTree"])["Nums"]
        for content in silent:
            owners = numbers[2 * content.page + 1]
            owner = self._object(owners[content.mcid])
            owner["K"] = type(owner["K"])([kid for kid in owner["K"] if kid != content.mcid])
            owners[content.mcid] = "null"
            if owner["S"] == "/Figure":
                above = self._object(owner["P"])
                above["K"] = type(above["K"])([kid for kid in above["K"] if kid != owner.reference])


def _cell(entries: Any) -> dict[str, Any]:
    """What a table cell says of itself: its name, the names of its headers, how many columns and rows it spans."""
    attributes = entries.get("A") or {}
    cell: dict[str, Any] = {name: attributes[name] for name in ("ColSpan", "RowSpan") if name in attributes}
    if attributes.get("Headers"):
        cell["Headers"] = [header.string for header in attributes["Headers"]]
    if "ID" in entries:
        cell["ID"] = entries["ID"].string
    return cell

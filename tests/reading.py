"""A PDF's tag tree as a reader that speaks would go through it: one line an element, with its text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader
from pypdf.generic import ArrayObject, IndirectObject, NumberObject


class Reading:
    """The structure of a PDF with the text of its marked content."""

    def __init__(self, path: Path) -> None:
        self._reader = PdfReader(path)
        self._document = pypdfium2.PdfDocument(path)
        self._pages = {page.indirect_reference.idnum: index for index, page in enumerate(self._reader.pages)}  # type: ignore[union-attr]
        self._texts: dict[int, dict[int, str]] = {}

    @property
    def parts(self) -> list[Any]:
        """The elements right below the document, one a part of the book."""
        root: Any = self._reader.root_object
        return [kid.get_object() for kid in root["/StructTreeRoot"]["/K"][0]["/K"]]

    def lines(self, element: Any, depth: int = 0) -> Iterator[str]:
        """`Tag {alt} text`, indented by depth; a link says where it leads."""
        page = element.raw_get("/Pg") if "/Pg" in element else None
        told, below = [], []
        for kid in _kids(element):
            found: Any = kid.get_object() if isinstance(kid, IndirectObject) else kid
            if isinstance(found, NumberObject):
                told.append(self._text(page, int(found)))
            elif found.get("/Type") == "/MCR":
                told.append(self._text(found.raw_get("/Pg"), int(found["/MCID"])))
            elif found.get("/Type") == "/OBJR":
                annotation = found["/Obj"]
                target = annotation["/Dest"] if "/Dest" in annotation else annotation["/A"]["/URI"]
                told.append(f"-> {target}")
            else:
                below.append(found)
        alt = f" {{{element['/Alt']}}}" if "/Alt" in element else ""
        language = f" [{element['/Lang']}]" if "/Lang" in element else ""
        text = " ".join(" ".join(told).split())
        yield f"{'  ' * depth}{str(element['/S'])[1:]}{language}{alt}{' ' + text if text else ''}"
        for found in below:
            yield from self.lines(found, depth + 1)

    def _text(self, page: Any, mcid: int) -> str:
        index = self._pages[page.idnum]
        if index not in self._texts:
            self._texts[index] = self._marked(index)
        return self._texts[index].get(mcid, "")

    def _marked(self, index: int) -> dict[int, str]:
        """The text of each marked-content sequence of a page, as it is drawn."""
        page = self._document[index]
        words = page.get_textpage()
        texts: dict[int, str] = {}
        for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
            mcid = pdfium.FPDFPageObj_GetMarkedContentID(drawn.raw)
            if mcid < 0:
                continue
            size = pdfium.FPDFTextObj_GetText(drawn.raw, words.raw, None, 0)
            buffer = (pdfium.FPDF_WCHAR * size)()
            pdfium.FPDFTextObj_GetText(drawn.raw, words.raw, buffer, size)
            texts[mcid] = texts.get(mcid, "") + bytes(buffer).decode("utf-16-le").rstrip("\0")
        return texts


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(list.__iter__(kids)) if isinstance(kids, ArrayObject) else [kids]

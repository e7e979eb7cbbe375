"""Pages of fragments as pictures for a screen: a page, and over it the layer with folios and heads."""

from __future__ import annotations

import io
import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

# Documents that stay open: the furniture of a booklet, and the parts that were drawn last.
OPEN = 12
# JPEG without chroma subsampling keeps coloured text sharp, and takes a tenth of the time of PNG.
QUALITY = 90
# Wider pictures are not drawn: they would take more memory than they are worth.
WIDEST = 4096


@dataclass(frozen=True)
class PageLayer:
    """A page of a PDF, from 0."""

    pdf: Path
    page: int


class PageDrawer:
    """Draws pages. pdfium does one thing at a time, so a drawer belongs to one thread."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, pypdfium2.PdfDocument] = OrderedDict()

    def draw(self, layers: tuple[PageLayer, ...], width: int) -> bytes:
        """The pages on top of each other, bleed included, as a JPEG of this many pixels across.

        Raises OSError when a file is gone or is no PDF, or has no such page.
        """
        bitmap: pypdfium2.PdfBitmap | None = None
        try:
            for layer in layers:
                page = self._page(layer)
                try:
                    bitmap = _drawn(page, bitmap, min(width, WIDEST))
                finally:
                    page.close()
            if bitmap is None:
                raise FileNotFoundError("there is nothing to draw")
            picture = Image.frombuffer(
                "RGB", (bitmap.width, bitmap.height), bitmap.buffer, "raw", "BGRX", bitmap.stride, 1
            )
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
            return out.getvalue()
        except (pypdfium2.PdfiumError, IndexError, ValueError) as problem:
            raise OSError(str(problem)) from None

    def close(self) -> None:
        """Close every file."""
        while self._open:
            self._open.popitem()[1].close()

    def _page(self, layer: PageLayer) -> pypdfium2.PdfPage:
        document = self._open.pop(layer.pdf, None)
        if document is None:
            document = pypdfium2.PdfDocument(layer.pdf.read_bytes())
        self._open[layer.pdf] = document
        while len(self._open) > OPEN:
            self._open.popitem(last=False)[1].close()
        return document[layer.page]


def _drawn(page: pypdfium2.PdfPage, below: pypdfium2.PdfBitmap | None, width: int) -> pypdfium2.PdfBitmap:
    """Draw a page over what is there, or on white paper."""
    bitmap = below
    if bitmap is None:
        height = math.ceil(page.get_height() / page.get_width() * width)
        bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, bitmap.width, bitmap.height, 0, pdfium.FPDF_ANNOT)
    return bitmap

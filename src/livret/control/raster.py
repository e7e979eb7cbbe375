"""Proofs: pages of a PDF as pictures, by pdfium."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from livret.project import replacing

# A contact sheet shows how pages follow each other; its text need not be readable. At this width a page is a thumbnail.
THUMBNAIL_WIDTH = 132
SPREADS_ACROSS = 6
GAP = 14
# With more pages, the picture is too large to look at, and for most viewers too large to open.
SHEET_PAGES = 240
DESK = "#8a8a8a"
# Around what a finding points at: a colour that is rare in print.
FRAME = "#e6007e"


def rasterise(pdf: Path, stem: Path, ppi: int) -> tuple[Path, ...]:
    """Write each page of a PDF as `STEM-1.png`, `STEM-2.png` ... at `ppi` pixels an inch; gives the files.

    Raises OutputError when a picture cannot be written.
    """
    written = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, start=1):
            picture = page.render(scale=ppi / 72).to_pil()
            path = stem.with_name(f"{stem.name}-{number}.png")
            with replacing(path) as beside:
                picture.save(beside, format="PNG", dpi=(ppi, ppi))
            written.append(path)
    finally:
        document.close()
    return tuple(written)


def contact_sheet(pdf: Path, target: Path) -> None:
    """Write the pages of a book as one PNG, laid out as spreads: the first page is a recto.

    A book longer than SHEET_PAGES is shown up to that page.

    Raises OutputError when the picture cannot be written.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = min(len(document), SHEET_PAGES)
        spreads = pages // 2 + 1
        across = min(spreads, SPREADS_ACROSS)
        rows = -(-spreads // SPREADS_ACROSS)
        scale = THUMBNAIL_WIDTH / document[0].get_width()
        width, height = THUMBNAIL_WIDTH, round(document[0].get_height() * scale)
        sheet = Image.new("RGB", (GAP + across * (2 * width + GAP), GAP + rows * (height + GAP)), DESK)
        for number, page in enumerate(islice(document, pages), start=1):
            row, column = divmod(number // 2, SPREADS_ACROSS)
            left = GAP + column * (2 * width + GAP) + number % 2 * width
            sheet.paste(page.render(scale=scale).to_pil(), (left, GAP + row * (height + GAP)))
            page.close()
    finally:
        document.close()
    with replacing(target) as beside:
        # The sheet is made with every build. This level is faster than the default, and no larger for pages.
        sheet.save(beside, format="PNG", compress_level=3)


@dataclass(frozen=True)
class Cut:
    """A part of a page to show: the page from 1, the part in points of its default user space, what is framed in it."""

    page: int
    part: tuple[float, float, float, float]
    frame: tuple[float, float, float, float] | None = None


def cut_out(pdf: Path, cuts: Sequence[Cut], width: int) -> tuple[bytes, ...]:
    """Each cut as a PNG that is at most `width` pixels wide and high, its place framed; empty where there is none.

    The file may be of any program: what pdfium cannot open or draw has no picture.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except (pypdfium2.PdfiumError, OSError):
        return tuple(b"" for _ in cuts)
    try:
        return tuple(_cut(document, one, width) for one in cuts)
    finally:
        document.close()


def _cut(document: pypdfium2.PdfDocument, cut: Cut, width: int) -> bytes:
    x0, y0, x1, y1 = cut.part
    try:
        page = document[cut.page - 1]
        page_box = page.get_mediabox()
        page.set_cropbox(*page_box)
        scale = width / max(x1 - x0, y1 - y0, 1)
        left, bottom, right, top = page_box
        margins = (max(x0 - left, 0), max(y0 - bottom, 0), max(right - x1, 0), max(top - y1, 0))
        picture = page.render(scale=scale, crop=tuple(margin for margin in margins)).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError):
        return b""
    if cut.frame:
        origin = max(x0, left), min(y1, top)
        corners = [
            ((cut.frame[0] - origin[0]) * scale - 2, (origin[1] - cut.frame[3]) * scale - 2),
            ((cut.frame[2] - origin[0]) * scale + 2, (origin[1] - cut.frame[1]) * scale + 2),
        ]
        ImageDraw.Draw(picture).rectangle(corners, outline=FRAME, width=3)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG")
    return out.getvalue()

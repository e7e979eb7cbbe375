"""Proofs: pages of a PDF as pictures, by pdfium."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image

from livret.project import replacing

# A contact sheet shows how pages follow each other; its text need not be readable. At this width a page is a thumbnail.
THUMBNAIL_WIDTH = 132
SPREADS_ACROSS = 6
GAP = 14
# With more pages, the picture is too large to look at, and for most viewers too large to open.
SHEET_PAGES = 240
DESK = "#8a8a8a"


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

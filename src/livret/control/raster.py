"""Proofs: pages of a PDF as pictures, by pdfium."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image

from livret.project import replacing

# A contact sheet is looked at for rhythm, not read: at this width a page is a thumbnail.
THUMBNAIL_WIDTH = 132
SPREADS_ACROSS = 6
GAP = 14
# More than these nobody takes in at once, and no viewer opens the picture.
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

    Of a book longer than SHEET_PAGES, the pages up to there.

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
        # Made with every build: faster than the default level, and no larger for pages.
        sheet.save(beside, format="PNG", compress_level=3)

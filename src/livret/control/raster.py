"""Proofs: pages of a PDF as pictures, by pdfium."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from livret.project import replacing, write

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


@dataclass(frozen=True)
class KnownSheet:
    """A contact sheet that was made before: its file, the SHA-256 of that, and what each of its pages shows."""

    path: Path
    digest: str
    pages: tuple[str, ...]

    def picture(self) -> Image.Image | None:
        """The sheet; None when its file is not what was written."""
        try:
            content = self.path.read_bytes()
            if hashlib.sha256(content).hexdigest() != self.digest:
                return None
            return Image.open(io.BytesIO(content), formats=("PNG",)).convert("RGB")
        except (OSError, ValueError):
            return None


class ContactSheet:
    """The pages of a book as one PNG, laid out as spreads: the first page is a recto.

    The spreads of a book that `is_from_right` run from right to left. A second thread unpacks the sheet `before` while
    the book is bound, and packs the new one after `draw`.
    """

    def __init__(self, before: KnownSheet | None = None, *, is_from_right: bool = False) -> None:
        self._is_from_right = is_from_right
        self._thread = ThreadPoolExecutor(1)
        self._known = before.pages if before else ()
        self._old = self._thread.submit(before.picture) if before else None
        self._packed: Future[bytes] | None = None

    def draw(self, pdf: Path, shown: Sequence[str] = ()) -> None:
        """Draw the pages of a book. `shown` names what each page shows: it is taken from a sheet that has it."""
        old = self._old.result() if self._old else None
        picture = _drawn(pdf, shown, self._known, old, is_from_right=self._is_from_right)
        self._packed = self._thread.submit(_png, picture)

    def write(self, target: Path) -> None:
        """Write what was drawn. Raises OutputError when it cannot be written."""
        assert self._packed is not None
        write(target, self._packed.result())
        self._thread.shutdown()


def _drawn(
    pdf: Path, shown: Sequence[str], before: Sequence[str], old: Image.Image | None, *, is_from_right: bool
) -> Image.Image:
    """The pages of a book, up to SHEET_PAGES; those that the sheet `old` shows, by the names `before`, from there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = min(len(document), SHEET_PAGES)
        spreads = pages // 2 + 1
        across = min(spreads, SPREADS_ACROSS)
        rows = -(-spreads // SPREADS_ACROSS)
        scale = THUMBNAIL_WIDTH / document[0].get_width()
        width, height = THUMBNAIL_WIDTH, round(document[0].get_height() * scale)
        sheet = Image.new("RGB", (GAP + across * (2 * width + GAP), GAP + rows * (height + GAP)), DESK)
        if old is not None and old.size != sheet.size:
            old = None
        placed = partial(_place, size=(width, height), from_right=across if is_from_right else 0)
        known = {name: at for at, name in enumerate(before[:SHEET_PAGES])}
        for number in range(1, pages + 1):
            place = placed(number)
            found = known.get(shown[number - 1]) if number <= len(shown) else None
            if old is not None and found is not None:
                left, top = placed(found + 1)
                sheet.paste(old.crop((left, top, left + width, top + height)), place)
                continue
            page = document[number - 1]
            sheet.paste(page.render(scale=scale).to_pil(), place)
            page.close()
    finally:
        document.close()
    return sheet


def _png(sheet: Image.Image) -> bytes:
    """A sheet as a PNG. It is made with every build: this level is the fastest, and pages hardly become larger."""
    packed = io.BytesIO()
    sheet.save(packed, format="PNG", compress_level=1)
    return packed.getvalue()


def _place(number: int, size: tuple[int, int], from_right: int = 0) -> tuple[int, int]:
    """The left and top edge of a page on the sheet. `from_right` is how many spreads stand beside each other, if so."""
    width, height = size
    row, column = divmod(number // 2, SPREADS_ACROSS)
    hand = number % 2
    if from_right:
        column, hand = from_right - 1 - column, 1 - hand
    return GAP + column * (2 * width + GAP) + hand * width, GAP + row * (height + GAP)


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

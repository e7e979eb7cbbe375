"""The pages of a file as a printer sees them: their boxes, and the folio that stands on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from livret.control.preflight.pdf_objects import (
    LONGEST_CHAIN,
    Page,
    Pdf,
    entry,
    leaves,
    name,
    numbers,
    raw,
    resolve,
    text,
    whole,
)
from livret.control.preflight.print.breach import Box

# Boxes that lie closer together than this, in points, are the same: programs round to one or two decimals.
SAME = 0.1
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True)
class PrintPage:
    """A page: its number from 1, its dictionary, its folio, and its boxes; a box that is missing is None.

    A box that is there but is none (wrong type, no area) is named in `wrong_boxes`. `media` is then the size that pypdf
    takes, so that a page always has one.
    """

    number: int
    page: Page
    folio: str
    boxes: Mapping[str, Box]
    wrong_boxes: tuple[str, ...]
    rotation: object
    user_unit: object

    @property
    def media(self) -> Box:
        """The whole sheet of the page."""
        return self.boxes.get("MediaBox") or (0, 0, 612, 792)

    @property
    def trim(self) -> Box | None:
        """What is left after cutting: TrimBox, in its absence ArtBox."""
        return self.boxes.get("TrimBox") or self.boxes.get("ArtBox")

    @property
    def printed(self) -> Box:
        """The part of the page that may be seen on paper: the bleed, in its absence the trim, else the whole page."""
        return self.boxes.get("BleedBox") or self.trim or self.media


def print_pages(pdf: Pdf) -> tuple[PrintPage, ...]:
    """All pages of a file, in order."""
    folios = labels(pdf.root, len(pdf.pages))
    return tuple(_page(page, folios[page.index]) for page in pdf.pages)


def _page(page: Page, folio: str) -> PrintPage:
    boxes: dict[str, Box] = {}
    wrong = []
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        value = _found(page, key)
        if resolve(value) is None:
            continue
        box = normal(numbers(value))
        if box is None:
            wrong.append(key[1:])
        else:
            boxes[key[1:]] = box
    rotation = resolve(_found(page, "/Rotate"))
    return PrintPage(page.index + 1, page, folio, boxes, tuple(wrong), rotation, entry(page.reference, "/UserUnit"))


def _found(page: Page, key: str) -> object:
    """An entry of a page as it is written, also where the page inherits it."""
    node = page.reference
    for _ in range(LONGEST_CHAIN):
        value = raw(node, key)
        if value is not None or key not in _INHERITED:
            return value
        node = raw(node, "/Parent")
        if resolve(node) is None:
            return None
    return None


def normal(corners: tuple[float, ...]) -> Box | None:
    """A rectangle with its lower left corner first; None when it is none or has no area."""
    if len(corners) != 4:
        return None
    x0, y0, x1, y1 = corners
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return box if box[2] > box[0] and box[3] > box[1] else None


def holds(outer: Box, inner: Box) -> bool:
    """Whether a box holds another."""
    return all(outer[side] <= inner[side] + SAME and outer[side + 2] >= inner[side + 2] - SAME for side in (0, 1))


def equal(one: Box, other: Box) -> bool:
    """Whether two boxes are the same."""
    return all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes have a part in common."""
    return all(one[side] < other[side + 2] and other[side] < one[side + 2] for side in (0, 1))


def labels(root: object, count: int) -> list[str]:
    """The label of each page as viewers show it; page numbers where the file gives none (ISO 32000-1, 12.4.2)."""
    starts: dict[int, object] = {}
    for key, value in leaves(raw(root, "/PageLabels"), "/Nums"):
        index = whole(key)
        if index is not None and 0 <= index < count:
            starts[index] = value
    found = []
    style, prefix, number = "D", "", 1
    for index in range(count):
        if index in starts:
            style, prefix = name(raw(starts[index], "/S")), text(raw(starts[index], "/P")) or ""
            number = whole(raw(starts[index], "/St")) or 1
        found.append(prefix + _numbered(number, style))
        number += 1
    return found


def _numbered(number: int, style: str) -> str:
    if style == "D":
        return str(number)
    if style in ("r", "R") and 0 < number < 10_000:
        roman = "".join(_roman(number))
        return roman.upper() if style == "R" else roman
    if style in ("a", "A") and 0 < number < 10_000:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if style == "A" else letters
    return ""


def _roman(number: int) -> Iterator[str]:
    for value, letters in _ROMAN:
        while number >= value:
            yield letters
            number -= value


def sizes(pages: tuple[PrintPage, ...]) -> list[tuple[float, float]]:
    """Width and height of each page after cutting."""
    found = []
    for page in pages:
        box = page.trim or page.media
        found.append((box[2] - box[0], box[3] - box[1]))
    return found

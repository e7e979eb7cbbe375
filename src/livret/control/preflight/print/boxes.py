"""The boxes of the pages: by PDF/X-4 (6.12), by GWG 2022 (R0002 to R0004, R0006), and the bleed of a press profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from livret.control.preflight.print.breach import Box, Breach
from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.pages import SAME, PrintPage, equal, holds, sizes
from livret.measure import POINTS_PER_MM
from livret.translation import joined, say, say_number

# A box must lie inside every one of these that the page has (ISO 32000-1, 14.11.2.1; ISO 15930-7, 6.12). What a viewer
# shows may be less than the bleed, but not less than the product.
_INSIDE = {
    "CropBox": ("MediaBox",),
    "BleedBox": ("MediaBox",),
    "TrimBox": ("MediaBox", "CropBox", "BleedBox"),
    "ArtBox": ("MediaBox", "CropBox", "BleedBox"),
}
_SIDES = ("left", "bottom", "right", "top")


def check_boxes(pages: tuple[PrintPage, ...], limits: PrintLimits) -> Iterator[Breach]:
    """Everything about the boxes of a file."""
    for page in pages:
        yield from _boxes(page)
        if page.user_unit is not None:
            yield Breach("user-unit", say("UserUnit is {value}", value=page.user_unit), page.number)
        crop = page.boxes.get("CropBox")
        if crop and not equal(crop, page.media):
            yield Breach(
                "crop-box",
                say("CropBox ({crop}) is not MediaBox ({media})", crop=_mm(crop), media=_mm(page.media)),
                page.number,
            )
        if limits.bleed:
            yield from _bleed(page, limits)
    yield from _one_size(pages)
    if limits.pages_most is not None and len(pages) > limits.pages_most:
        yield Breach(
            "too-many-pages",
            say("the file has {number} pages; {most} is allowed", number=len(pages), most=limits.pages_most),
        )
    if limits.page_multiple and len(pages) % limits.page_multiple:
        more = limits.page_multiple - len(pages) % limits.page_multiple
        told = say_number(
            "{number} page is no multiple of {multiple}",
            "{number} pages are no multiple of {multiple}",
            number=len(pages),
            multiple=limits.page_multiple,
        )
        message = say_number(
            "{told}: {number} more is needed", "{told}: {number} more are needed", number=more, told=told
        )
        yield Breach("page-multiple", message)


def _boxes(page: PrintPage) -> Iterator[Breach]:
    for wrong in page.wrong_boxes:
        yield Breach("bad-box", say("{wrong} is no rectangle with an area", wrong=wrong), page.number)
    if "MediaBox" not in page.boxes and "MediaBox" not in page.wrong_boxes:
        yield Breach("no-media-box", say("the page has no MediaBox"), page.number)
    if "TrimBox" in page.boxes and "ArtBox" in page.boxes:
        yield Breach("trim-and-art-box", say("the page has both TrimBox and ArtBox"), page.number)
    if not {"TrimBox", "ArtBox"} & {*page.boxes, *page.wrong_boxes}:
        yield Breach("no-trim-box", say("the page has neither TrimBox nor ArtBox"), page.number)
    for inner, outers in _INSIDE.items():
        for outer in outers:
            if inner in page.boxes and outer in page.boxes and not holds(page.boxes[outer], page.boxes[inner]):
                message = say(
                    "{inner} ({inner_size}) is not inside {outer} ({outer_size})",
                    inner=inner,
                    inner_size=_mm(page.boxes[inner]),
                    outer=outer,
                    outer_size=_mm(page.boxes[outer]),
                )
                yield Breach("box-nesting", message, page.number, page.boxes[inner])
                break


def _one_size(pages: tuple[PrintPage, ...]) -> Iterator[Breach]:
    """Pages that are turned, and pages of another size than most."""
    for page in pages:
        turned = page.rotation
        if isinstance(turned, int | float) and turned % 360:
            yield Breach(
                "page-rotated", say("the page is turned by {angle} degrees (Rotate)", angle=turned), page.number
            )
    every = [(round(width, 1), round(height, 1)) for width, height in sizes(pages)]
    if not every:
        return
    usual = Counter(every).most_common(1)[0][0]
    for page, size in zip(pages, every, strict=True):
        if any(abs(one - other) > 1.5 * SAME for one, other in zip(size, usual, strict=True)):
            message = say(
                "the page is {size} after cutting, the others are {usual}", size=_size(size), usual=_size(usual)
            )
            yield Breach("page-size", message, page.number)


def _bleed(page: PrintPage, limits: PrintLimits) -> Iterator[Breach]:
    """Whether the bleed is wide enough on each edge that is cut: all but the one at the fold."""
    trim = page.trim
    if trim is None:
        return
    # A page without BleedBox has the bleed of what is visible of it (ISO 32000-1, 14.11.2.1).
    outer = page.boxes.get("BleedBox") or page.boxes.get("CropBox") or page.media
    fold = limits.fold(page.number)
    given = (trim[0] - outer[0], trim[1] - outer[1], outer[2] - trim[2], outer[3] - trim[3])
    wanted = limits.bleed or 0
    short = [side for side, width in zip(_SIDES, given, strict=True) if width < wanted - SAME and side != fold]
    if short:
        least = min(width for side, width in zip(_SIDES, given, strict=True) if side in short)
        message = say(
            "the bleed is {width:.1f} mm at the {sides}; {wanted:.1f} mm are needed",
            width=max(least, 0) / POINTS_PER_MM,
            sides=joined(map(say, short), " / "),
            wanted=wanted / POINTS_PER_MM,
        )
        yield Breach("no-bleed", message, page.number, trim)


def _mm(box: Box) -> str:
    left, bottom, right, top = (side / POINTS_PER_MM for side in box)
    return say("{left:.1f} {bottom:.1f} {right:.1f} {top:.1f} mm", left=left, bottom=bottom, right=right, top=top)


def _size(size: tuple[float, float]) -> str:
    width, height = (side / POINTS_PER_MM for side in size)
    return say("{width:.1f} x {height:.1f} mm", width=width, height=height)

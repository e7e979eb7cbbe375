"""Rules for the resolution of pictures on paper (GWG 2022, R0031 to R0033)."""

from __future__ import annotations

from livret.control.preflight.print.content.geometry import inside
from livret.control.preflight.print.content.page_items import PageItem, PageItems, PaintedPicture
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.told import PageBreaches, rounded
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import say


def is_rasterized(page: PageItems, sight: Sight) -> bool:
    """Whether all that a page has is one picture, not of one bit, that covers the trim."""
    elements: list[PageItem] = []
    for item in page.items:
        if sight.seen(item):
            elements.append(item)
        if len(elements) > 1:
            return False
    if not elements:
        return False
    picture = elements[0].picture
    return picture is not None and not picture.one_bit and inside(page.trim, elements[0].box, 0.5)


def check_picture(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits, *, rasterized: bool) -> None:
    """Tell when a picture has too few pixels for its size on paper."""
    picture = item.picture
    if picture is None or max(picture.width, picture.height) <= limits.image_small_pixels or picture.resolution <= 0:
        return
    resolution = int(rounded(picture.resolution, 0))
    kind, least, wanted = _limits(picture, limits, rasterized=rasterized)
    if least is not None and resolution < least:
        rule, limit = f"low-{kind}-resolution", least
    elif wanted is not None and resolution < wanted:
        rule, limit = f"doubtful-{kind}-resolution", wanted
    else:
        return
    if sight.seen(item):
        what = say("a picture of one bit") if picture.one_bit else say("a picture")
        if kind == "page-image":
            what = say("the page is one picture and")
        told.add(
            rule,
            say(
                "{what} has {resolution} ppi on paper, less than {limit}", what=what, resolution=resolution, limit=limit
            ),
            item.box,
        )


def _limits(picture: PaintedPicture, limits: PrintLimits, *, rasterized: bool) -> tuple[str, int | None, int | None]:
    if picture.one_bit:
        return "one-bit", limits.one_bit_least, limits.one_bit_wanted
    if rasterized and limits.page_image_wanted is not None:
        return "page-image", limits.page_image_least, limits.page_image_wanted
    return "image", limits.image_least, limits.image_wanted

"""Rules for text: overprint, size in white and in several inks, rich black, Courier (GWG 2022, R0007 to R0017)."""

from __future__ import annotations

from livret.control.preflight.print.content.colour import PROCESS, InkPaint
from livret.control.preflight.print.content.page_items import PageItem
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.told import PageBreaches, percent, points, quoted, rounded
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import say

_SUBTRACTIVE = frozenset({"DeviceCMYK", "ICCBasedCMYK", "DeviceN"})


def check_text(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits) -> None:
    """Tell what is wrong with one text."""
    size = rounded(item.size, 1)
    _overprint(told, item, sight, limits, size)
    _colours(told, item, sight, limits, size)
    if item.font is not None and item.font.family == "Courier" and not item.font.type3 and sight.seen(item):
        told.add("courier-font", say("{text} is set in Courier", text=quoted(item.text)), item.box, kind="courier")
    least = limits.text_least
    if least is not None and size < least and sight.seen(item):
        told.add("small-text", _small(item, size, least), item.box, kind=f"{size}")


def _small(item: PageItem, size: float, least: float, how: str = "") -> str:
    return f"{quoted(item.text)}{how} is {points(size, 1)} high, less than {least:g} pt"


def _parts(item: PageItem) -> list[tuple[InkPaint, float, bool, str]]:
    """What a text is painted in: the colour, its alpha, whether it overprints, and how it is painted."""
    found = []
    if item.fill is not None:
        found.append((item.fill, item.fill_alpha, item.fill_overprints, ""))
    if item.stroke is not None:
        found.append((item.stroke, item.stroke_alpha, item.stroke_overprints, " (its outline)"))
    return found


def _overprint(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits, size: float) -> None:
    below = limits.black_text_below
    for paint, alpha, overprints, how in _parts(item):
        if paint.pattern is not None:
            continue
        grey = paint.space.kind == "DeviceGray"
        found: list[tuple[str, str]] = []
        if paint.white and overprints:
            found.append(("white-text-overprints", f"{quoted(item.text)}{how} is white and overprints"))
        if grey and overprints:
            found.append(("grey-overprints", f"{quoted(item.text)}{how} is in DeviceGray and overprints"))
        if below is not None and size < below:
            if grey:
                found.append(("grey-text", f"{_sized(item, how, size)}, is in DeviceGray"))
            elif knocks_out(item, paint, alpha, overprints):
                message = f"{_sized(item, how, size)}, is black and does not overprint"
                found.append(("black-text-knocks-out", message))
        if found and sight.seen(item) and sight.overlaps(item):
            for rule, message in found:
                told.add(rule, message, item.box, kind=rule)


def _sized(item: PageItem, how: str, size: float) -> str:
    return f"{quoted(item.text)}{how}, {points(size, 1)}"


def knocks_out(item: PageItem, paint: InkPaint, alpha: float, overprints: bool) -> bool:
    """Whether a colour is pure black, but takes out what lies under it (GWG 2022, D0014 and R0009)."""
    if not paint.black or alpha < 1 or not item.plain or paint.space.kind == "DeviceGray":
        return False
    return not overprints or (paint.space.kind == "DeviceCMYK" and item.overprint_mode != 1)


def _colours(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits, size: float) -> None:
    fill = item.fill
    if fill is not None and fill.pattern is None:
        least = limits.text_white_least
        if fill.white and least is not None and size < least and sight.seen(item) and sight.overlaps(item):
            told.add("small-white-text", _small(item, size, least, say(" in white")), item.box, kind=f"{size}")
        _rich_black(told, item, fill, sight, limits)
    least = limits.text_inks_least
    if least is None or size >= least:
        return
    for paint, _, _, how in _parts(item):
        if paint.space.kind in _SUBTRACTIVE and paint.several > 1 and sight.seen(item):
            inks = f"{how} in {paint.several} inks"
            told.add("small-text-in-inks", _small(item, size, least, inks), item.box, kind=f"{size}{inks}")
            return


def _rich_black(told: PageBreaches, item: PageItem, fill: InkPaint, sight: Sight, limits: PrintLimits) -> None:
    black, most = limits.rich_black_from, limits.rich_black_most
    if black is None or most is None or fill.inks is None or fill.space.kind not in {"DeviceCMYK", "DeviceN"}:
        return
    process = {key: value for key, value in fill.inks.items() if key in PROCESS}
    total = sum(process.values())
    if len(process) < 2 or process.get("Black", 0.0) < black - 1e-6 or total <= most + 1e-6 or not sight.seen(item):
        return
    message = say(
        "{text} is in rich black: {percent} of ink, more than {limit}",
        text=quoted(item.text),
        percent=percent(total),
        limit=percent(most),
    )
    told.add("rich-black-text", message, item.box, kind=percent(total))

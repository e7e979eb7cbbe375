"""Rules for text: overprint, size in white and in several inks, rich black, Courier (GWG 2022, R0007 to R0017)."""

from __future__ import annotations

from livret.control.preflight.print.content.colour import PROCESS, InkPaint
from livret.control.preflight.print.content.page_items import PageItem
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.told import PageBreaches, percent, quoted, rounded
from livret.control.preflight.print.content_rules.told import size as points
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import Text, say

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
        told.add("small-text", _small(quoted(item.text), size, least), item.box, kind=f"{size}")


def _small(what: Text, size: float, least: float) -> Text:
    return say("{what} is {size} high, less than {least:g} pt", what=what, size=points(size), least=least)


def _parts(item: PageItem) -> list[tuple[InkPaint, float, bool]]:
    """What a text is painted in: the colour, its alpha, and whether it overprints."""
    found = []
    if item.fill is not None:
        found.append((item.fill, item.fill_alpha, item.fill_overprints))
    if item.stroke is not None:
        found.append((item.stroke, item.stroke_alpha, item.stroke_overprints))
    return found


def _called(item: PageItem, paint: InkPaint) -> Text:
    """How messages call a text in one of its colours. Letters are read only for a message."""
    text = quoted(item.text)
    return say("{text} (its outline)", text=text) if paint is item.stroke and paint is not item.fill else text


def _overprint(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits, size: float) -> None:
    below = limits.black_text_below
    for paint, alpha, overprints in _parts(item):
        if paint.pattern is not None:
            continue
        grey = paint.space.kind == "DeviceGray"
        found: list[tuple[str, Text]] = []
        if paint.white and overprints:
            found.append(("white-text-overprints", say("{what} is white and overprints", what=_called(item, paint))))
        if grey and overprints:
            found.append(("grey-overprints", say("{what} is in DeviceGray and overprints", what=_called(item, paint))))
        if below is not None and size < below:
            if grey:
                message = say("{what}, {size}, is in DeviceGray", what=_called(item, paint), size=points(size))
                found.append(("grey-text", message))
            elif knocks_out(item, paint, alpha, overprints):
                what, high = _called(item, paint), points(size)
                message = say("{what}, {size}, is black and does not overprint", what=what, size=high)
                found.append(("black-text-knocks-out", message))
        if found and sight.seen(item) and sight.overlaps(item):
            for rule, message in found:
                told.add(rule, message, item.box, kind=rule)


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
            told.add(
                "small-white-text",
                _small(say("{text} in white", text=quoted(item.text)), size, least),
                item.box,
                kind=f"{size}",
            )
        _rich_black(told, item, fill, sight, limits)
    least = limits.text_inks_least
    if least is None or size >= least:
        return
    for paint, _, _ in _parts(item):
        if paint.space.kind in _SUBTRACTIVE and paint.several > 1 and sight.seen(item):
            inks = say("{what} in {number} inks", what=_called(item, paint), number=paint.several)
            kind = f"{size}{paint is item.stroke}{paint.several}"
            told.add("small-text-in-inks", _small(inks, size, least), item.box, kind=kind)
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

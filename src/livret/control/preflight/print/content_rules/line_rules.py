"""Rules for lines and shapes: overprint, and how thin lines may be (GWG 2022, R0008 to R0019, and press profiles)."""

from __future__ import annotations

from livret.control.preflight.print.content.colour import InkPaint
from livret.control.preflight.print.content.page_items import PageItem
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.text_rules import knocks_out
from livret.control.preflight.print.content_rules.told import PageBreaches, rounded
from livret.control.preflight.print.content_rules.told import width as wide
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import say

_SUBTRACTIVE = frozenset({"DeviceCMYK", "ICCBasedCMYK", "DeviceN"})
# A line: its colour, its alpha, whether it overprints, and its width.
_Line = tuple[InkPaint, float, bool, float]

# What is told of a shape and of a line that overprints: in white, and in DeviceGray.
_SHAPE = (say("a white shape overprints"), say("a shape in DeviceGray overprints"))
_LINE = (say("a white line overprints"), say("a line in DeviceGray overprints"))


def check_path(told: PageBreaches, item: PageItem, sight: Sight, limits: PrintLimits) -> None:
    """Tell what is wrong with one path. A filled shape that looks like a line is judged as a line too."""
    for paint, overprints, white_told, grey_told in (
        (item.fill, item.fill_overprints, *_SHAPE),
        (item.stroke, item.stroke_overprints, *_LINE),
    ):
        if paint is None or paint.pattern is not None or not overprints:
            continue
        white, grey = paint.white, paint.space.kind == "DeviceGray"
        if (white or grey) and sight.seen(item) and sight.overlaps(item):
            if white:
                told.add("white-path-overprints", white_told, item.box, kind="white")
            if grey:
                told.add("grey-overprints", grey_told, item.box)
    if item.line_width is not None and item.stroke is not None:
        line = (item.stroke, item.stroke_alpha, item.stroke_overprints, rounded(item.line_width, 3))
        _check_line(told, item, line, sight, limits)
    if item.thickness is not None and item.fill is not None:
        line = (item.fill, item.fill_alpha, item.fill_overprints, rounded(item.thickness, 3))
        _check_line(told, item, line, sight, limits)


def check_stencil(told: PageBreaches, item: PageItem, sight: Sight) -> None:
    """Tell when a picture that is a mask for a colour is painted in DeviceGray and overprints."""
    fill = item.fill
    if fill is None or fill.pattern is not None or fill.space.kind != "DeviceGray" or not item.fill_overprints:
        return
    if sight.seen(item) and sight.overlaps(item):
        told.add("grey-overprints", say("a picture of one bit in DeviceGray overprints"), item.box)


def _check_line(told: PageBreaches, item: PageItem, line: _Line, sight: Sight, limits: PrintLimits) -> None:
    _, alpha, _, width = line
    found = [*_on_others(item, line, limits), *_anywhere(line, limits)]
    if alpha <= 0 or not found or not sight.seen(item):
        return
    lies_on = None
    for rule, message, least in found:
        if rule in _ONLY_ON_OTHERS:
            lies_on = sight.overlaps(item) if lies_on is None else lies_on
            if not lies_on:
                continue
        told.add(
            rule,
            say("{message} is {width} wide{least}", message=message, width=wide(width), least=least),
            item.box,
            kind=f"{message}{width}",
        )


_ONLY_ON_OTHERS = frozenset({"black-line-knocks-out", "grey-line", "thin-white-line"})


def _on_others(item: PageItem, line: _Line, limits: PrintLimits) -> list[tuple[str, str, str]]:
    """What is wrong with a line only where it lies on something: a rule, what the line is, and what it lacks."""
    paint, alpha, overprints, width = line
    found: list[tuple[str, str, str]] = []
    if paint.pattern is not None:
        return found
    below = limits.black_lines_below
    if below is not None and width < below:
        if paint.space.kind == "DeviceGray":
            found.append(("grey-line", say("a line in DeviceGray"), ""))
        elif knocks_out(item, paint, alpha, overprints):
            found.append(("black-line-knocks-out", say("a black line that does not overprint"), ""))
    least = limits.line_white_least
    if least is not None and width < least and paint.white:
        found.append(("thin-white-line", say("a white line"), say(", less than {least:g} pt", least=least)))
    return found


def _anywhere(line: _Line, limits: PrintLimits) -> list[tuple[str, str, str]]:
    paint, _, _, width = line
    found: list[tuple[str, str, str]] = []
    least = limits.line_inks_least
    if least is not None and width < least and paint.space.kind in _SUBTRACTIVE and paint.several > 1:
        inks = say("a line in {number} inks", number=paint.several)
        found.append(("thin-line-in-inks", inks, say(", less than {least:g} pt", least=least)))
    least = limits.line_least
    if least is not None and width < least:
        found.append(("hairline", say("a line"), say(", less than {least:g} pt", least=least)))
    return found

"""Rules for colour spaces: what may be RGB, the colour All, transparency groups (GWG 2022, R0024, R0027 to R0030)."""

from __future__ import annotations

from livret.control.preflight.print.content.colour import ColourSpace, InkPaint, nested
from livret.control.preflight.print.content.page_items import PageItem, PageItems
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.told import PageBreaches
from livret.translation import say

_ICC = frozenset({"ICCBasedGray", "ICCBasedRGB", "ICCBasedCMYK", "ICCBasedLab"})
# R0027: everything is in CMYK, grey or spot colours.
_EARLY_ALTERNATE = frozenset({"DeviceRGB", "CalRGB", "CalGray"}) | _ICC
_EARLY = _EARLY_ALTERNATE | {"Lab"}
# R0028: pictures may be in RGB or Lab with a profile, nothing else may.
_LATER_ALTERNATE = frozenset({"DeviceRGB", "CalGray", "ICCBasedGray", "ICCBasedCMYK"})
# These are as they should be for every printer of GWG 2022.
_HARMLESS = frozenset({"DeviceCMYK", "DeviceGray"})
_NAMES = {
    "ICCBasedGray": say("grey with an ICC profile"),
    "ICCBasedRGB": say("RGB with an ICC profile"),
    "ICCBasedCMYK": say("CMYK with an ICC profile"),
    "ICCBasedLab": say("Lab with an ICC profile"),
}
# The device colours that each printing condition defines.
_CHARACTERISED = {"CMYK": ("DeviceCMYK", "DeviceGray"), "RGB": ("DeviceRGB",), "GRAY": ("DeviceGray",)}
_KINDS = {
    "text": say("text"),
    "path": say("a drawing"),
    "image": say("a picture"),
    "shading": say("a gradient"),
}


def spaces_of(item: PageItem) -> tuple[ColourSpace, ...]:
    """The colour spaces that an item uses."""
    own = () if item.picture is None or item.picture.space is None else (item.picture.space,)
    return (*own, *(paint.space for paint in item.paints if _counts(paint)))


def _counts(paint: InkPaint) -> bool:
    """The colour of a coloured pattern is in its cell, whose items are items of the page."""
    return paint.space.kind not in {"", "Pattern"}


def check_colours(told: PageBreaches, item: PageItem, sight: Sight, spaces: tuple[ColourSpace, ...]) -> None:
    """Tell which colour spaces of one item no printer of this kind takes; `spaces` are all that it uses."""
    for space in spaces:
        if space.kind in _HARMLESS:
            continue
        if "All" in space.counted.names and sight.seen(item):
            told.add("registration-colour", say("{what} is in the colour All", what=_KINDS[item.kind]), item.box)
        for stands_in, one in nested(space):
            early = _EARLY_ALTERNATE if stands_in else _EARLY
            if one.kind not in early and one.kind not in _later(item, stands_in):
                continue
            if not sight.seen(item):
                continue
            named = _NAMES.get(one.kind, one.kind)
            message = say("{what} is in {space}", what=_KINDS[item.kind], space=named)
            if stands_in:
                message = say(
                    "{what} is in a spot colour that falls back on {space}", what=_KINDS[item.kind], space=named
                )
            if one.kind in early:
                told.add("not-early-binding", message, item.box)
            if one.kind in _later(item, stands_in):
                told.add("not-intermediate-binding", message, item.box)


def check_device_colours(
    told: PageBreaches, item: PageItem, sight: Sight, spaces: tuple[ColourSpace, ...], intent: str
) -> None:
    """Tell which device colours the printing condition says nothing of (ISO 15930-7, 6.4.3.2).

    `intent` is the colour space of the output intent. A default space of the resources has already taken the place of
    its device space.
    """
    if intent not in _CHARACTERISED:
        return
    for space in spaces:
        if space.kind in _CHARACTERISED[intent]:
            continue
        for _, one in nested(space):
            if one.kind.startswith("Device") and one.kind != "DeviceN" and one.kind not in _CHARACTERISED[intent]:
                if sight.seen(item):
                    message = say(
                        "{what} is in {kind}; the printing condition is in {intent}",
                        what=_KINDS[item.kind],
                        kind=one.kind,
                        intent=intent,
                    )
                    told.add("device-colour", message, item.box)
                return


def _later(item: PageItem, stands_in: bool) -> frozenset[str]:
    if stands_in:
        return _LATER_ALTERNATE
    if item.picture is not None and not item.picture.mask:
        return _LATER_ALTERNATE
    return _EARLY


def check_groups(told: PageBreaches, page: PageItems) -> None:
    """Tell which transparency groups are blended in another space than DeviceCMYK."""
    for group in page.groups:
        what = say("a soft mask") if group.in_mask else say("a transparency group")
        named = _NAMES.get(group.space, group.space)
        told.add(
            "group-colour-space",
            say("{what} is blended in {space}, not in DeviceCMYK", what=what, space=named),
            group.box,
        )

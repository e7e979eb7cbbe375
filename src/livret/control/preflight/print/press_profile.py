"""A press profile of the project as a profile of preflight: its own limits over those of the variant it builds on."""

from __future__ import annotations

from dataclasses import replace

from livret.content.press.profile import PressProfile
from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.profiles import VARIANTS, PrintProfile
from livret.findings import Severity
from livret.translation import say

USUAL_VARIANT = "sheetcmyk-cmyk"
# What a profile in RGB asks for by its limits, though it belongs to no variant.
_WITHOUT_VARIANT = {
    "low-image-resolution": Severity.ERROR,
    "doubtful-image-resolution": Severity.WARNING,
    "low-one-bit-resolution": Severity.ERROR,
    "doubtful-one-bit-resolution": Severity.WARNING,
    "small-white-text": Severity.WARNING,
    "thin-white-line": Severity.WARNING,
    "empty-page": Severity.NOTE,
}


def print_profile(press: PressProfile) -> PrintProfile:
    """What preflight judges by for a press profile."""
    variant = VARIANTS.get(press.variant or (USUAL_VARIANT if press.colour == "cmyk" else ""))
    limits = replace(
        variant.limits if variant else PrintLimits(),
        image_least=round(press.pictures.least),
        image_wanted=round(press.pictures.wanted),
        one_bit_least=round(press.pictures.one_bit_least),
        one_bit_wanted=round(press.pictures.one_bit_wanted),
        text_least=press.text.least,
        text_white_least=press.text.least_reversed,
        line_least=press.lines.least,
        line_white_least=press.lines.least_reversed,
        bleed=press.bleed_points,
        safe_margin=press.safe_margin_points,
        page_multiple=press.pages.multiple,
        facing_pages=True,
    )
    title = say("press profile {name}", name=press.id)
    if variant is None:
        return PrintProfile(press.id, title, limits=limits, severities=_WITHOUT_VARIANT, is_pdfx=False)
    limits = replace(
        limits,
        text_inks_least=press.text.least_reversed,
        line_inks_least=press.lines.least_reversed,
        ink_mean_most=press.ink_limit,
        ink_peak_most=press.ink_limit,
    )
    title = say("{title} ({variant})", title=title, variant=variant.title)
    return PrintProfile(press.id, title, variant.family, variant.colours, limits)

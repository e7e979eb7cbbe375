"""Printed forms of single values: addresses, link targets, dates, directions."""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup, escape

from livret.content.ending import RIGHT_TO_LEFT
from livret.content.model import website_url

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}

# Where an address may break: after these marks (Imprimerie nationale, Lexique, « Adresses »), never within a word.
ADDRESS_BREAKS = re.compile(r"([/@?&=])|(?=[.])")


def direction(language: str) -> str:
    """`rtl` or `ltr`, as HTML says it."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def long_date(day: date, language: str) -> str:
    """30 avril 2019, 1er mai 2019; 30 April 2019; ISO in other languages."""
    language = language.split("-")[0]
    if language not in MONTHS:
        return day.isoformat()
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTHS[language][day.month - 1]} {day.year}"


def address(value: str) -> Markup:
    """An e-mail or web address as printed: no scheme, no trailing slash, a break opportunity at each mark."""
    shown = re.sub(r"^https?://", "", value, flags=re.IGNORECASE).rstrip("/")
    pieces = ADDRESS_BREAKS.sub(lambda match: f"{match[1] or ''}\0", shown).split("\0")
    return Markup("<wbr>").join(escape(piece) for piece in pieces if piece)


def href(value: str) -> str:
    """The target of a link for an e-mail address, a telephone number or a website."""
    if "@" in value and "/" not in value:
        return f"mailto:{value}"
    if re.fullmatch(r"[+\d\s().-]+", value):
        digits = re.sub(r"[^\d+]", "", value)
        return "tel:" + (f"+33{digits[1:]}" if re.fullmatch(r"0\d{9}", digits) else digits)
    return website_url(value)

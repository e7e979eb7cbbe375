"""The micro-typography of English, as rules for a `Draft`. `typography` explains them and names the sources."""

from __future__ import annotations

import re

from livret.content.language.rules import NBSP, SP, TypographyRule, quotes

_OPENING = "([{“‘—–-/"
# Words that begin with an apostrophe, where an opening quotation mark would be wrong.
_CLIPPED = re.compile(r"(?:\d\ds?|tis|twas|em|n|cause|til|till|round|bout)\b", re.IGNORECASE)


def _single_quote(match: re.Match[str]) -> str | None:
    text, offset = match.string, match.start()
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    if before.isdigit() and not after.isalpha():
        # 5'30 is minutes and seconds; 5' alone may be feet, minutes or the end of a quotation.
        return match[0] if after.isdigit() else None
    if (not before or before.isspace() or before in _OPENING) and after.isalnum():
        return "’" if _CLIPPED.match(text, offset + 1) else "‘"
    return "’" if before.strip() else None


def _range(match: re.Match[str]) -> str:
    """2010-2015, not 2019-04, 3-1 or 05-13."""
    first, last = match[1], match[2]
    if int(last) <= int(first) or first[0] == "0" or last[0] == "0":
        return match[0]
    return f"{first}–{last}"


_UNITS = "km/h|km[²³]?|kg|cm|mm|m[²³]?|ha|g|mg|t|l|L|[cm][lL]|h|min|s|ms|[kKMGT]B|[kMG]?Wh?|[kMG]?Hz|dB|[ap]m|°[CF]"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

RULES = (
    TypographyRule(re.compile(rf"{SP}(?=[,;!?](?!\w)|:(?![\w)(-])|\.(?![\w.+]))"), "", needs=",;:!?."),
    TypographyRule(re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…", needs="."),
    TypographyRule(re.compile(rf"(?<=[^\s-]){SP}--{SP}(?=[^\s-])|(?<=\w)--(?=\w)"), "—", "dash", needs="-"),
    quotes(("“", "”"), ("‘", "’")),
    TypographyRule(re.compile(rf"(?<=“){SP}|{SP}(?=”)"), "", needs="“”"),
    TypographyRule(re.compile("'"), _single_quote, "apostrophe", sure=True, needs="'"),
    TypographyRule(
        re.compile(rf"(?<![\w.,/+–-])(?<!\d{SP})(\d{{1,4}})-(\d{{1,4}})(?![\w/–-]|[.,:]\d|{SP}\d)"),
        _range,
        "range",
        needs="-",
    ),
    TypographyRule(re.compile(rf"(?<=\d){SP}(?=(?:{_UNITS})(?![\w’])|[%‰€£$])"), NBSP, needs="0123456789"),
    TypographyRule(
        re.compile(rf"\b((?:No|pp?|art|fig|vol|ch)\.|n°){SP}(?=\d)", re.IGNORECASE),
        lambda match: f"{match[1]}{NBSP}",
        needs=".°",
    ),
    TypographyRule(re.compile(rf"(?<=\d){SP}(?=(?:{_MONTHS})\b)"), NBSP, needs="0123456789"),
    TypographyRule(
        re.compile(rf"\b({_MONTHS}){SP}(?=\d{{1,2}}\b)"), lambda match: f"{match[1]}{NBSP}", needs="0123456789"
    ),
    TypographyRule(
        re.compile(rf"(?<![\w.])((?:Mrs?|Ms|Dr|Prof|St|[A-Z])\.|Mrs?|Ms|Dr){SP}(?=[A-Z])"),
        lambda match: f"{match[1]}{NBSP}",
    ),
)

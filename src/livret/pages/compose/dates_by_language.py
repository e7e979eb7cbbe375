"""Dates in words, in languages other than French and English, by the Unicode Common Locale Data Repository."""

from __future__ import annotations

from datetime import date, time

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from livret.content.language_tags import canonical, main_subtag, with_main_subtags

# Several days, and the times of one, as they are said in a sentence of their own.
_DAYS = {
    "de": "{first} bis {last}",
    "es": "del {first} al {last}",
    "it": "dal {first} al {last}",
    "ar": "من {first} إلى {last}",
    "fa": "از {first} تا {last}",
}
_TIMES = {"de": "{days}, {times} Uhr", "ar": "{days}، {times}", "fa": "{days}، {times}"}
# Dari is the Persian of Afghanistan: its months have names of their own.
_SAME = {"prs": "fa_AF", "fa": "fa_AF"}


def long_date(day: str, language: str) -> str:
    """A day or a month: 1. Mai 2019, mayo de 2019, 1 травня 2019 р. ISO in a language that is not known."""
    locale = _locale(language)
    if locale is None:
        return day
    year, month, *days = map(int, day.split("-"))
    if not days:
        return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale))
    # The first of a month is an ordinal in Italian.
    printed = format_date(date(year, month, *days), "long", locale)
    return f"1º{printed[1:]}" if locale.language == "it" and days == [1] else printed


def days_between(first: date, last: date, language: str) -> str:
    """Several days; the first says only what differs from the last: del 12 al 14 de junio de 2027."""
    locale = _locale(language)
    if locale is None:
        return f"{first}/{last}"
    begin = long_date(str(first), language)
    if first.year == last.year:
        begin = str(format_skeleton("MMMMd", first, locale=locale))
        if first.month == last.month:
            begin = f"{first.day}{'.' if locale.language == 'de' else ''}"
    is_short = begin.rstrip(".").isdigit()
    pattern = _DAYS.get(locale.language, "{first}–{last}" if is_short else "{first} – {last}")
    return pattern.format(first=begin, last=long_date(str(last), language))


def with_times(days: str, starts: time, ends: time | None, language: str) -> str:
    """A day with its times: 12. Juni 2027, 14:00–18:00 Uhr."""
    locale = _locale(language)
    times = f"{starts:%H:%M}–{ends:%H:%M}" if ends else f"{starts:%H:%M}"
    return _TIMES.get(locale.language if locale else "", "{days}, {times}").format(days=days, times=times)


def _locale(language: str) -> Locale | None:
    """The locale of a language tag, or of its main subtag, if it is known."""
    if main_subtag(language) in _SAME:
        return Locale.parse(_SAME[main_subtag(language)])
    for tag in with_main_subtags((canonical(language.replace("_", "-")),)):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None

"""Dates as people type them: a day, several days, with or without times; and months.

ISO 8601 is what files should hold. What people type in the languages of the labels is read too, always day before
month.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from livret.content.messages import quoted
from livret.content.schema.date_words import MONTHS, plain_date
from livret.content.schema.validators import BadValueError, clean, plain
from livret.translation import Text, say

_WEEKDAYS = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "monday tuesday wednesday thursday friday saturday sunday".split(),
)

_WEEKDAY = re.compile(rf"\b(?:{'|'.join(name for names in _WEEKDAYS for name in names)}),? (?:the )?")

# Longer than any date, and short enough for every search below.
_LENGTH = 100

_SMALL_HOURS = time(6)
# A date in other years is a slip, or of another calendar: in that of Afghanistan 2027 is 1406.
_YEARS = range(1900, 2200)
_DASH = "[-\u2010-\u2015]"
_TIME = r"(?:\d{1,2} ?h ?(?:\d{2})?|\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|midi|noon|minuit|midnight)"
# 14h-18h, de 14 à 18 h, from 2 pm to 6 pm, 14:00/18:00 at the end of what was typed.
_TIMES = re.compile(
    rf"(?:,? +(?:(?:de|from|a|at|des|between|entre) +)?|t)"
    rf"(?P<start>{_TIME}|\d{{1,2}}(?= ?(?:{_DASH}|a|at|to) ?{_TIME}))"
    rf"(?: ?(?:{_DASH}|/|a|at|to|until|and|et) ?(?P<end>{_TIME}))?\.?"
)
# A day with a time and another day with a time: 2027-06-12T19:00/13T01:00, du 12 juin à 19 h au 13 juin 2027 à 1 h.
_AT = r"(?:,? +(?:(?:a|at) +)?|t)"
_MOMENTS = re.compile(
    rf"(?P<first>.+?){_AT}(?P<start>{_TIME}) ?(?:/|{_DASH}|,? (?:au|to|until|till|jusqu'au|et|and|&) (?:the )?) ?"
    rf"(?P<last>.+?){_AT}(?P<end>{_TIME})\.?"
)
_SECONDS = re.compile(r"(?<=t\d\d:\d\d):00\b")
_HOUR = re.compile(r"(\d{1,2})(?: ?[h:.] ?(\d{2})?)?(?: ?([ap])\.?m\.?)?")
_BETWEEN = re.compile(rf" ?(?:/|{_DASH}) ?| (au|to|until|till|jusqu'au|et|and|&) ")
# Words that join two days, which must then follow each other: the 12th and the 14th are not three days.
_BOTH = frozenset({"et", "and", "&"})
_ISO = re.compile(r"(?:(?:(\d{4})-)?(\d{2})-)?(\d{2})")
_FIGURES = re.compile(r"(\d{1,2})(?:([/.-])(\d{1,2})(?:\2(\d{4}))?)?")
_DAY_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:er|st|nd|rd|th)?(?: (?:of )?([a-z]+)\.?(?:,? (\d{4}))?)?")
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
# 1er au 3 mai 2027, 12th to 14th June 2027.
_ORDINAL = re.compile(r"(?:the )?(\d{1,2})(?:er|st|nd|rd|th)")
_DAY_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


@dataclass(frozen=True)
class EventDate:
    """When an event takes place: its first day; the last one, if there are several; the times, if they are known.

    `last` is None for one day. `starts` is on the first day, `ends` on the last; only if `is_at_once`, all the time
    between is meant, else these hours of each day.
    """

    first: date
    last: date | None = None
    starts: time | None = None
    ends: time | None = None
    is_at_once: bool = False

    def __str__(self) -> str:
        """As ISO 8601 writes it: 2027-06-12, 2027-06-12/2027-06-14, 2027-06-12T14:00/18:00."""
        start = f"{self.first}T{self.starts:%H:%M}" if self.starts else str(self.first)
        end = [str(self.last)] if self.last else []
        end += [f"{self.ends:%H:%M}"] if self.ends else []
        return f"{start}/{'T'.join(end)}" if end else start


@dataclass(frozen=True)
class _Piece:
    """A day as far as one piece of the text says it."""

    day: int
    month: int | None
    year: int | None


def day(value: Any) -> Any:
    """A date from what was typed; for other types the model decides. Rule bad-date."""
    if not isinstance(value, str):
        return value
    event = _event(clean(value))
    if event.last or event.starts:
        hint = say("write one day: {first}", first=event.first)
        raise BadValueError("bad-date", say("{text} is more than a day", text=quoted(clean(value))), hint)
    return event.first


def event_date(value: Any) -> Any:
    """One day or several, with or without times, from what was typed. Rule bad-date."""
    if isinstance(value, date):
        return EventDate(value)
    return _event(clean(value)) if isinstance(value, str) else value


def understood(text: str) -> EventDate | None:
    """What a date was read as, where it was not typed as ISO 8601 writes it; else None. Never raises."""
    try:
        event = _event(clean(text))
    except BadValueError:
        return None
    return None if re.match(r"\d{4}-", clean(text)) else event


def _event(text: str) -> EventDate:
    if len(text) > _LENGTH:
        raise BadValueError(
            "bad-date", say("a text of {number:,} characters is not a date", number=len(text)), _hint("")
        )
    words, starts, ends, is_at_once = _with_times(_simplified(text), text)
    days = _days(words)
    if days is None:
        if _WEEKDAY.search(words) and _days(_WEEKDAY.sub("", words)):
            message = say("the day of the week in {text} is not that of the date", text=quoted(text))
            raise BadValueError("bad-date", message, say("correct one of the two, or leave out the day of the week"))
        raise BadValueError("bad-date", say("{text} is not a date", text=quoted(text)), _hint(words))
    first, last = days
    for year in (first.year, last.year):
        if year not in _YEARS:
            message = say("{text} is in the year {year}", text=quoted(text), year=str(year))
            raise BadValueError("bad-date", message, say("write the year with four digits, in the calendar of 2027"))
    if last < first:
        raise BadValueError(
            "bad-date",
            say("{text} ends before it begins", text=quoted(text)),
            say("write the first day before the last"),
        )
    # An evening may end in the small hours, also of the next day, which then is not named; 14h-13h is a slip.
    if is_at_once and starts and ends and (last - first).days == 1 and ends <= min(_SMALL_HOURS, starts):
        last = first
    if starts and ends and first == last and _SMALL_HOURS < ends <= starts:
        raise BadValueError(
            "bad-date",
            say("{text} ends before it begins", text=quoted(text)),
            say("write the first time before the last"),
        )
    is_at_once = is_at_once and last != first
    return EventDate(first, last if last != first else None, starts, ends, is_at_once)


def _with_times(words: str, text: str) -> tuple[str, time | None, time | None, bool]:
    """The words that tell the days, the times, and whether each belongs to a day of its own."""
    words = _SECONDS.sub("", words)
    moments = _MOMENTS.fullmatch(words)
    if moments and _days(days := f"{moments['first']} to {moments['last']}"):
        return days, _hour(moments["start"], text), _end_hour(moments["end"], text), True
    times = _TIMES.search(words)
    while times and times.end() != len(words):
        times = _TIMES.search(words, times.start() + 1)
    starts, ends = _hours(times["start"], times["end"], text) if times else (None, None)
    return words[: times.start()] if times else words, starts, ends, False


def _simplified(text: str) -> str:
    """In small letters, in English or French, without accents, doubled spaces and the words that only lead in."""
    return re.sub(r"^(?:(?:le|les|du|del|from|on|the) )+(?=\S)", "", plain_date(text))


def _days(words: str) -> tuple[date, date] | None:
    """The first and the last day. None if the words are no date."""
    for piece in _pieces(words):
        if alone := _date(piece, words):
            return alone, alone
    for between in _BETWEEN.finditer(words):
        before, after = words[: between.start()], words[between.end() :]
        for last in _pieces(after):
            for first in _pieces(before):
                year, month = last.year or first.year, last.month or first.month
                end = _date(_Piece(last.day, month, year), after)
                begin = _date(_Piece(first.day, first.month or month, first.year or year), before)
                if begin and end and not (between[1] in _BOTH and (end - begin).days != 1):
                    return begin, end
    return None


def _pieces(words: str) -> Iterator[_Piece]:
    """What a piece of text may say of a day: 2027-06-12, 12/06/2027, 12, 12 juin, juin 12, 14, 2027."""
    words = words[leading.end() :] if (leading := _WEEKDAY.match(words)) else words
    if found := _ISO.fullmatch(words):
        yield _Piece(int(found[3]), _number(found[2]), _number(found[1]))
    if found := _FIGURES.fullmatch(words):
        yield _Piece(int(found[1]), _number(found[3]), _number(found[4]))
    if (found := _DAY_MONTH.fullmatch(words)) and (month := _month_number(found[2])):
        yield _Piece(int(found[1]), month, _number(found[3]))
    if (found := _MONTH_DAY.fullmatch(words)) and (month := _month_number(found[1])):
        yield _Piece(int(found[2]), month, _number(found[3]))
    if found := _ORDINAL.fullmatch(words):
        yield _Piece(int(found[1]), None, None)
    if found := _DAY_YEAR.fullmatch(words):
        yield _Piece(int(found[1]), None, int(found[2]))


def _date(piece: _Piece, words: str) -> date | None:
    """The date; None if something of it is missing, if there is no such day, or if it is another day of the week."""
    if piece.month is None or piece.year is None:
        return None
    try:
        found = date(piece.year, piece.month, piece.day)
    except ValueError:
        return None
    said = re.match(r"[a-z]+", words)
    names = [names.index(said[0]) for names in _WEEKDAYS if said and said[0] in names]
    return found if not names or found.weekday() == names[0] else None


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _month_number(word: str | None) -> int | None:
    """The number of a month from its name or from an abbreviation that only one month has: sept, avr, juil."""
    if not word or len(word) < 3:
        return None
    names = [(_plain_letters(name), number) for list_ in MONTHS.values() for number, name in enumerate(list_, 1)]
    numbers = {number for name, number in names if name.startswith(word)}
    return numbers.pop() if len(numbers) == 1 else None


def _plain_letters(word: str) -> str:
    """A word in small letters without accents."""
    return unicodedata.normalize("NFD", word.casefold()).encode("ascii", "ignore").decode()


def _hours(start: str, end: str | None, text: str) -> tuple[time | None, time | None]:
    """The two times. In 2-6pm the afternoon is said once and meant twice; in 10-2pm it is not."""
    if end and end.rstrip(".").endswith(("pm", "p.m")) and re.fullmatch(r"\d{1,2}(?:[:.]\d{2})?", start):
        afternoon, until = (_hour(f"{start}pm", text), _hour(end, text)) if _clock(start) <= 12 else (None, None)
        if afternoon and until and afternoon < until:
            return afternoon, until
    return _hour(start, text), _end_hour(end, text)


def _end_hour(words: str | None, text: str) -> time | None:
    """The time at which something ends, which may be 24:00."""
    return _hour("midnight" if words and re.fullmatch(r"24(?: ?h(?: ?00)?|[:.]00)", words) else words, text)


def _clock(start: str) -> int:
    return int(re.split("[:.]", start)[0])


def _hour(words: str | None, text: str) -> time | None:
    if words is None:
        return None
    if words in ("midi", "noon", "minuit", "midnight"):
        return time(12 if words in ("midi", "noon") else 0)
    found = _HOUR.fullmatch(words)
    assert found
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise BadValueError(
            "bad-date", say("{text} has a time that does not exist", text=quoted(text)), say("hours go from 0 to 23")
        ) from None


def _hint(words: str) -> Text:
    """The nearest that would be read."""
    short = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})", words)
    if short:
        date = f"20{short[3]}-{int(short[2]):02}-{int(short[1]):02}"
        return say("write the year with four digits: {date}", date=date)
    turned = re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", words)
    if turned:
        date = f"{turned[1]}-{int(turned[2]):02}-{int(turned[3]):02}"
        return say("write it with hyphens: {date}", date=date)
    if any(piece.month and piece.year for piece in _pieces(words)):
        return say("there is no such day; the day comes before the month")
    if any(_days(f"{_WEEKDAY.sub('', words)}{end}") for end in (" 2000", "/2000")):
        return say("add the year with four digits")
    return say("write year, month and day as 2019-04-30, or the first and the last day as 2019-04-30/2019-05-02")


def month(text: str) -> str:
    """A month as ISO 8601 writes it, 2019-04; it may be typed as `avril 2019`, and so printed. Rule bad-month."""
    text = plain(text)
    found = _month(text)
    if found is None:
        raise BadValueError("bad-month", say("{text} is not a month", text=quoted(text)), _month_hint(text))
    return found


def printing_date(text: str) -> str:
    """A month or a day as ISO 8601 writes it, 2019-04 or 2019-04-26. Rule bad-month."""
    text = plain(text)
    found = _month(text)
    if found is None and not _is_day(text):
        raise BadValueError(
            "bad-month", say("{text} is neither a month nor a date", text=quoted(text)), _month_hint(text)
        )
    return found or text


def _month(text: str) -> str | None:
    typed = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if typed:
        year, number = typed[1], int(typed[2])
    else:
        words = re.fullmatch(r"(?:depot legal ?:? ?)?([a-z]+) (\d{4})", plain_date(text))
        year, number = (words[2], _month_number(words[1]) or 0) if words else ("", 0)
    return f"{year}-{number:02}" if 1 <= number <= 12 else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _month_hint(text: str) -> Text:
    turned = re.fullmatch(r"(?:\d{1,2}[/.-])?(\d{1,2})[/.-](\d{4})", text)
    if turned and 1 <= int(turned[1]) <= 12:
        return say("write year and month: {month}", month=f"{turned[2]}-{int(turned[1]):02}")
    if _is_day(text):
        return say("write year and month: {month}", month=text[:7])
    return say("write year and month as 2019-04")

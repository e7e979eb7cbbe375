"""Turns single values into printed text: addresses, link targets, dates, sizes, directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from types import ModuleType
from unicodedata import bidirectional

from markupsafe import Markup, escape

from livret.content.language.addresses import breakable
from livret.content.language.bidi import is_right_to_left
from livret.content.language.rules import NBSP
from livret.content.language_tags import main_subtag
from livret.content.schema.contacts import contact_url
from livret.content.schema.date_words import MONTHS
from livret.content.schema.dates import EventDate
from livret.content.schema.model import Legal
from livret.content.schema.validators import FREE

# The spaces of a telephone number: it is one piece, and at other spaces PDFium reads its groups in Arabic text the
# other way round.
PHONE_SPACES = re.compile(r"(?<=[\d)])[ \u2009\u202f](?=[\d(])")


def direction(language: str) -> str:
    """The direction of a language as HTML writes it: `rtl` or `ltr`."""
    return "rtl" if is_right_to_left(language) else "ltr"


def direction_of(text: str) -> str:
    """The direction of a text by its first letter, as `dir="auto"` in HTML has it."""
    kinds = (bidirectional(sign) for sign in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def _by_language() -> ModuleType:
    """The dates of other languages. Babel is loaded only for them: a booklet in French does not wait for it."""
    from livret.pages.compose import dates_by_language

    return dates_by_language


def long_date(day: date | str, language: str) -> str:
    """A day or a month in words: 30 avril 2019, 1er mai 2019, 30 April 2019, avril 2019. Others by their locale."""
    if main_subtag(language) not in MONTHS:
        return str(_by_language().long_date(str(day), language))
    language = main_subtag(language)
    year, month, *days = map(int, str(day).split("-"))
    number = ["1er" if language == "fr" and day == 1 else str(day) for day in days]
    return " ".join([*number, MONTHS[language][month - 1], str(year)])


def event_date(when: EventDate, language: str) -> str:
    """When an event is, in words: du 12 au 14 juin 2027; 12–14 June 2027, 14:00–18:00."""
    days = _days(when.first, when.last, language) if when.last else long_date(when.first, language)
    if when.starts is None:
        return days
    if when.is_at_once and when.last and when.ends:
        return _from_to(when.first, when.last, (_hour(when.starts, language), _hour(when.ends, language)), language)
    if main_subtag(language) not in MONTHS:
        return str(_by_language().with_times(days, when.starts, when.ends, language))
    language = main_subtag(language)
    starts, ends = (_hour(moment, language) if moment else "" for moment in (when.starts, when.ends))
    if language == "fr":
        return f"{days}, de {starts} à {ends}" if ends else f"{days}, à {starts}"
    return f"{days}, {starts}–{ends}" if ends else f"{days}, {starts}"


def _from_to(first: date, last: date, hours: tuple[str, str], language: str) -> str:
    """Two days, each with a time: du 12 juin à 19 h au 13 juin 2027 à 9 h."""
    begin, end = long_date(first, language), long_date(last, language)
    if first.year == last.year and main_subtag(language) in MONTHS:
        begin = begin.removesuffix(f" {first.year}")
    words = "du {} à {} au {} à {}" if main_subtag(language) == "fr" else "{}, {} – {}, {}"
    return words.format(begin, hours[0], end, hours[1])


def _days(first: date, last: date, language: str) -> str:
    """Two days in words; the first says only what differs from the last."""
    if main_subtag(language) not in MONTHS:
        return str(_by_language().days_between(first, last, language))
    language = main_subtag(language)
    end, begin = long_date(last, language), long_date(first, language)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
        begin = begin.removesuffix(f" {MONTHS[language][first.month - 1]}") if first.month == last.month else begin
    if language == "fr":
        # Two days in a row are both named: a weekend is no stretch of time.
        return f"{begin} et {end}" if (last - first).days == 1 else f"du {begin} au {end}"
    return f"{begin}–{end}" if begin.isdigit() else f"{begin} – {end}"


def _hour(moment: time, language: str) -> str:
    language = main_subtag(language)
    if moment == time(0) and language in MONTHS:
        return "minuit" if language == "fr" else "midnight"
    if language == "fr":
        return f"{moment.hour}{NBSP}h{f'{NBSP}{moment.minute:02}' if moment.minute else ''}"
    return f"{moment:%H:%M}"


def megabytes(size: int, mark: str) -> str:
    """A size in bytes as megabytes, with the decimal mark of the language: 1,2."""
    return f"{size / 1_000_000:.1f}".replace(".", mark)


def mentions(legal: Legal, labels: Mapping[str, str], language: str) -> tuple[str, ...]:
    """The legal mentions of a booklet as they are printed, a line each, from who is responsible to the price.

    Raises KeyError for a word that the labels lack.
    """
    lines = []
    if legal.responsible:
        who = ", ".join(filter(None, (legal.responsible.name, legal.responsible.address)))
        lines.append(labels["responsible"].replace("%s", who))
    if legal.printer or legal.printed:
        when = legal.printed or ""
        # A day has two hyphens.
        line = labels["printed_on" if when.count("-") == 2 else "printed_in"] if when else labels["printed"]
        line = line.replace("%s", long_date(when, language)) if when else line
        if legal.printer:
            line += f" {labels['printed_by']} {legal.printer.name}"
            line += f"{labels.get('comma', ', ')}{legal.printer.address}" if legal.printer.address else ""
        lines.append(line)
    if legal.deposit:
        lines.append(labels["deposit"].replace("%s", long_date(legal.deposit, language)))
    lines += [f"{name}{NBSP}{number}" for name, number in (("ISBN", legal.isbn), ("ISSN", legal.issn)) if number]
    if legal.price:
        lines.append(labels["free"] if legal.price == FREE else labels["price"].replace("%s", legal.price))
    return tuple(lines)


def address(value: str) -> Markup:
    """An e-mail or web address as printed: no scheme, no last slash, and a break opportunity after each mark."""
    shown = re.sub(r"^https?://", "", value, flags=re.IGNORECASE).rstrip("/")
    shown = PHONE_SPACES.sub(NBSP, shown)
    if not any(map(str.isalpha, shown)):
        return escape(shown)
    return Markup(breakable(shown))  # noqa: S704 - it is escaped


def href(value: str) -> str:
    """The link target for an e-mail address, a telephone number or a website; empty if the value cannot be a link."""
    return contact_url(value) or ""


def linked(value: str, rel: str = "") -> Markup:
    """A contact as `address` prints it, inside a link if `href` has a target for it."""
    target, printed = href(value), address(value)
    attribute = Markup(' rel="{}"').format(rel) if rel else ""
    return Markup('<a href="{}"{}>{}</a>').format(target, attribute, printed) if target else printed


def part_view(kind: str, identifier: str, anchor: str, language: str, side: str = "", hand: str = "") -> dict[str, str]:
    """The variable `part` of templates."""
    shown = {"kind": kind, "id": identifier, "anchor": anchor, "side": side, "hand": hand}
    return shown | {"language": language, "direction": direction(language)}

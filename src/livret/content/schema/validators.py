"""Checks on one value: what a field may hold, and the message when it holds something else.

Each check takes the typed text and returns the value for the model, or raises BadValueError.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationInfo

from livret.content.language_tags import canonical, main_subtag
from livret.content.messages import quoted
from livret.content.territories import Territories, Territory, shipped
from livret.translation import Text, say

# A plain field is a name, a title or a line: the longest real one (the full name of Aidaphi) has 118 characters.
TEXT_LENGTH = 500
# A whole card of the 2019 booklet has at most 3,600 characters; five times that is no longer a field.
MARKDOWN_LENGTH = 20_000

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
# Windows opens a device in place of a file of one of these names, whatever its ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_OWN_TERRITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
# The greatest column and row of a tile map; a map of more squares is no map on a card.
_MOST_TILES = 60
_ARABIC = re.compile("[\u0600-\u06ff]")
_PERCENT = re.compile(r"\d{1,3}(\.\d+)?")
_SHARE = re.compile(r"0|1|0?\.[0-9]+|[01]\.0*")
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# The shape of BCP 47: a language of 2 or 3 letters, then an optional script, an optional region and variants.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*",
    re.IGNORECASE,
)
_LANGUAGE_NAMES = {"français": "fr", "francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
FREE = "gratuit"
_FREE = frozenset({FREE, "gratuite", "free", "free of charge", "0", "0 €", "0€"})
YES = frozenset({"true", "yes", "oui"})
NO = frozenset({"false", "no", "non"})


@dataclass(frozen=True)
class Kind:
    """What sort of value a field holds: `one` and `many` in words for messages, `example` as one would type it."""

    name: str
    one: str
    many: str
    example: str


class BadValueError(ValueError):
    """A value that its field refuses: the rule of the finding, what is wrong, and hints."""

    def __init__(self, rule: str, message: Text, *hints: Text) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hints = hints


def clean(text: str) -> str:
    """Text in Unicode normal form C, without white space around it."""
    return unicodedata.normalize("NFC", text).strip()


def is_id(text: str) -> bool:
    """Whether `text` may name a file or a theme."""
    return id_fault(text) is None


def country(text: str) -> str:
    """A country by its two letters (ISO 3166-1), whatever their case. Rule bad-country."""
    code = clean(text).upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        hint = say("write its two letters: FR for France, BE for Belgium, CH for Switzerland")
        raise BadValueError("bad-country", say("{text} is not the code of a country", text=quoted(text)), hint)
    return code


def id_fault(text: str) -> Text | None:
    """Why `text` may not name a file or a theme, in words; None when it may."""
    if _DEVICES.fullmatch(text):
        return say("Windows keeps this name for a device")
    if _ID.fullmatch(text):
        return None
    if _ID.fullmatch(text.lstrip("-")):
        return say("it may not begin with a hyphen: a command would read it as an option")
    return say("use lower-case letters without accents, digits and hyphens")


def as_id(text: str) -> str:
    """The id nearest to any text: `Été 2019` gives `ete-2019`, `Разом` gives `razom`; may be empty."""
    plain = "".join(map(_in_ascii, unicodedata.normalize("NFC", text.casefold())))
    nearest = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{nearest}-1" if _DEVICES.fullmatch(nearest) else nearest


@lru_cache(1024)
def _in_ascii(sign: str) -> str:
    """A character without its accents, a letter of another script in Latin letters; empty for any other."""
    plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    if plain or not sign.isalpha():
        return plain
    from anyascii import anyascii

    # Signs such as that of ayin would part a word.
    return re.sub(r"[^a-z0-9]", "", anyascii(sign).lower())


def address(text: str) -> str:
    """A plain field whose lines are those of an envelope: they are printed one after the other, with commas between."""
    lines = [line.strip() for line in plain(text).splitlines() if line.strip()]
    commas = ("" if line[-1] in ",،;:-–" else "،" if _ARABIC.search(line) else "," for line in lines[:-1])
    return " ".join([*map(str.__add__, lines[:-1], commas), *lines[-1:]])


def plain(text: str) -> str:
    """A plain field: `clean`, and not longer than a line or two. Rule too-long."""
    text = clean(text)
    if len(text) > TEXT_LENGTH:
        raise BadValueError(
            "too-long",
            say(
                "this text has {number:,} characters, the limit is {limit}",
                number=len(text),
                limit=TEXT_LENGTH,
            ),
            say("long text belongs in a Markdown field such as description or body"),
        )
    return text


def markdown(text: str) -> str:
    """A Markdown field: normal form C, without empty lines around it. Rule too-long."""
    # Only line ends are stripped: a first line that is indented means something in Markdown.
    text = unicodedata.normalize("NFC", text).strip("\r\n").rstrip()
    if len(text) > MARKDOWN_LENGTH:
        raise BadValueError(
            "too-long",
            say(
                "this text has {number:,} characters, the limit is {limit:,}",
                number=len(text),
                limit=MARKDOWN_LENGTH,
            ),
        )
    return text


def new_id(text: str) -> str:
    """An id that a file defines. Rule bad-id."""
    text = plain(text)
    fault = id_fault(text)
    if fault:
        nearest = as_id(text)
        raise BadValueError(
            "bad-id",
            say("{text} cannot be an id: {fault}", text=quoted(text), fault=fault),
            *([say('for example "{nearest}"', nearest=nearest)] if nearest else []),
        )
    return text


def color(text: str) -> str:
    """A CSS colour in hexadecimal, 3 or 6 digits. Rule bad-color."""
    text = plain(text)
    if not _COLOR.fullmatch(text):
        raise BadValueError(
            "bad-color",
            say("{text} is not a colour", text=quoted(text)),
            say('write it as "#17704f", a hash sign and 3 or 6 digits from 0 to f, in quotes'),
        )
    return text


def language(text: str) -> str:
    """A language code in its usual letters, `fr-CA` for `FR-ca`. Rule bad-language."""
    text = plain(text)
    if not _LANGUAGE.fullmatch(text):
        nearest = _LANGUAGE_NAMES.get(text.lower()) or text.replace("_", "-")
        known = _LANGUAGE.fullmatch(nearest) is not None
        raise BadValueError(
            "bad-language",
            say("{text} is not a language code", text=quoted(text)),
            say('did you mean "{canonical}"?', canonical=canonical(nearest))
            if known
            else say("write a BCP 47 code such as fr, en or fr-CA"),
        )
    return canonical(text)


def languages(found: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a booklet: two that differ, or none. Rule bad-language."""
    number = len({main_subtag(one) for one in found})
    if found and (number != 2 or len(found) != 2):
        raise BadValueError(
            "bad-language",
            say("a booklet can be in two languages; here are {number}", number=number),
            say("name two that differ, such as [fr, ar]; for one language, write language: fr"),
        )
    return found


def is_language(text: str) -> bool:
    """Whether a text is a language code (BCP 47)."""
    return _LANGUAGE.fullmatch(text) is not None


def territory(value: Any, given: ValidationInfo) -> Any:
    """The territory of a code, among those of the catalogue that is read. Rule unknown-territory.

    The context of the validation holds them as `territories`; without it they are those shipped.
    """
    if not isinstance(value, str):
        return value
    text = plain(value)
    known: Territories | None = (given.context or {"territories": shipped()})["territories"]
    # territories.yaml has errors of its own: what it would add is not known.
    found = known.find(text) if known else Territory(text, "", text)
    if found is None:
        nearest = known.nearest(text) if known else None
        raise BadValueError(
            "unknown-territory",
            say("{text} is not the code of a territory", text=quoted(text)),
            *([say('did you mean "{code}" ({nearest})?', code=nearest.code, nearest=nearest.name)] if nearest else []),
            *_example_codes(known),
            say("docs/content.md lists the codes that are shipped; catalogue/territories.yaml can add others"),
        )
    return found


def _example_codes(known: Territories | None) -> list[Text]:
    places = known.examples if known else ()
    if len(places) > 1:
        first, second = places
        told = say(
            "codes are like {first} ({first_name}) and {second} ({second_name})",
            first=first.code,
            first_name=first.name,
            second=second.code,
            second_name=second.name,
        )
        return [told]
    return [say("codes are like {code} ({name})", code=place.code, name=place.name) for place in places]


def own_territory(text: str) -> str:
    """The code of a territory that a catalogue adds. Rule bad-id."""
    text = plain(text)
    if not _OWN_TERRITORY.fullmatch(text):
        raise BadValueError(
            "bad-id",
            say("{text} cannot be the code of a territory", text=quoted(text)),
            say("use letters without accents, digits and hyphens, at most 40, for example saint-denis"),
        )
    return text


def tile(value: object) -> object:
    """The column and the row of a square of a tile map, whole numbers from 0 to 60. Rule bad-tile."""
    numbers = [str(one).strip() for one in value] if isinstance(value, (list, tuple)) else []
    if len(numbers) != 2 or not all(one.isdecimal() and int(one) <= _MOST_TILES for one in numbers):
        typed = quoted(", ".join(numbers) if numbers else str(value))
        message = say(
            "{typed} is not a place in the tile map, two whole numbers from 0 to {most}", typed=typed, most=_MOST_TILES
        )
        hint = say("write [2, 0]: third column from the west, first row from the north")
        raise BadValueError("bad-tile", message, hint)
    return tuple(int(one) for one in numbers)


def flag(value: Any) -> Any:
    """True or false from a word in English or French; for other types the model decides. Rule wrong-type."""
    if isinstance(value, str):
        word = clean(value).lower()
        if word in YES or word in NO:
            return word in YES
        raise BadValueError("wrong-type", say("{value} is neither true nor false", value=quoted(value)))
    return value


def price(text: str) -> str:
    """A price with its currency as it is typed, or FREE. Rule bad-price."""
    text = plain(text)
    if text.casefold() in _FREE:
        return FREE
    if not re.search(r"\d", text) or not re.search(r"[^\d\s.,]", text):
        hint = say("write {text} €", text=text) if re.fullmatch(r"[\d\s.,]+", text) else say("write 12 €, or gratuit")
        raise BadValueError("bad-price", say("{text} is not a price", text=quoted(text)), hint)
    return text


def focus(value: object) -> object:
    """The two numbers of a point in a picture, each from 0 to 1."""
    numbers = [str(one).strip() for one in value] if isinstance(value, (list, tuple)) else []
    if len(numbers) != 2 or not all(_SHARE.fullmatch(one) for one in numbers):
        typed = quoted(", ".join(numbers) if numbers else str(value))
        message = say("{typed} is not a point in a picture, two numbers from 0 to 1", typed=typed)
        raise BadValueError("bad-focus", message, say("write [0.5, 0.3]: half way from the left, a third from the top"))
    return tuple(float(one) for one in numbers)


def inks(value: object) -> object:
    """The percent of cyan, magenta, yellow and black. Rule bad-inks."""
    numbers = [str(one).strip() for one in value] if isinstance(value, (list, tuple)) else []
    if len(numbers) != 4 or not all(_PERCENT.fullmatch(one) and float(one) <= 100 for one in numbers):
        typed = quoted(", ".join(numbers) if numbers else str(value))
        message = say("{typed} is not four shares of ink, each from 0 to 100", typed=typed)
        hint = say("write the percent of cyan, magenta, yellow and black: [100, 80, 0, 45]")
        raise BadValueError("bad-inks", message, hint)
    return tuple(float(one) for one in numbers)

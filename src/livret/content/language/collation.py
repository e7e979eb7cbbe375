"""The alphabetical order: the Unicode Collation Algorithm, with what libraries and indexes expect on top.

Words are compared one by one, so that "La Cimade" comes before "Lab". Punctuation does not count: hyphens and
apostrophes only part words, and the dots of an abbreviation vanish, so that S.O.S. stands beside SOS. A number at the
beginning of a name sorts by its value. Accents and case decide between names that are otherwise the same, and never
before. Ligatures sort as their two letters.

Where PyICU is installed, it gives each language its own order (Swedish å, Spanish ñ). Elsewhere pyuca gives the default
order of Unicode (DUCET). For French and English both give the same order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from pyuca import Collator
from pyuca.collator import COLL_ELEMENT_PATTERN

from livret.content.schema.model import Initiative

# Unicode gives most ligatures the weight of their letters, but æ and ß one of their own in some versions.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ĳ": "ij", "Ĳ": "IJ"})

# Single letters, each with a dot: S.O.S., and S.O.S without the last.
_ABBREVIATION = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")

# A number at the beginning, its thousands parted or not. With zeros before, it sorts by value.
_NUMBER = re.compile(r"\A(?:\d{1,3}(?: \d{3})+|\d+)(?!\d)")
_DIGITS = 12

# So many names keep their keys: while somebody writes, the same cards are put in order at every save.
_KEPT = 5000

# Latin, Greek, Cyrillic, Hebrew, Arabic and their accents stand before this letter, in Unicode as in the table.
_END = "\u0700"
_BEGINNING = re.compile(r"^(0[0-6][0-9A-F]{2}(?: [0-9A-F]{4,6})*) *;([^#\n]*)", re.MULTILINE)


class _Beginning(Collator):  # type: ignore[misc]
    """The same collator with the first part of the table alone: what begins with a letter before U+0700."""

    def load(self, filename: str) -> None:
        for letters, weights in _BEGINNING.findall(Path(filename).read_text(encoding="utf-8")):
            elements = [[int(weight, 16) for weight in found] for found in COLL_ELEMENT_PATTERN.findall(weights)]
            self.table.add([int(letter, 16) for letter in letters.split()], elements)


@cache
def _collator(whole: bool) -> Collator:
    # The whole table takes about 0.2 s to read, its first part a tenth of that. Each is read when something is sorted.
    return Collator() if whole else _Beginning()


@cache
def _tailored(language: str) -> Callable[[str], bytes] | None:
    """The sort keys of PyICU for a language; None where PyICU is not installed."""
    try:
        import icu  # type: ignore[import-not-found]
    except ImportError:
        return None
    collator = icu.Collator.createInstance(icu.Locale(language))
    key: Callable[[str], bytes] = collator.getSortKey
    return key


@lru_cache(_KEPT)
def sort_key(text: str, language: str) -> tuple[int, ...]:
    """What to sort `text` by; keys of one language compare as the names stand in an index.

    In: a name and the catalogue's language (BCP 47). Never raises.
    """
    letters = comparable(text)
    if tailored := _tailored(language):
        return tuple(tailored(letters))
    key: tuple[int, ...] = _collator(max(unicodedata.normalize("NFD", letters), default="") >= _END).sort_key(letters)
    return key


def comparable(text: str) -> str:
    """A name as it is compared: ligatures as two letters, punctuation as single spaces, a first number with zeros."""
    letters = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), unicodedata.normalize("NFC", text))
    letters = letters.translate(_LIGATURES)
    # P and S are Unicode's categories of punctuation and symbols.
    spaced = "".join(" " if unicodedata.category(sign)[0] in "PSZC" else sign for sign in letters)
    return _NUMBER.sub(_padded, re.sub(r" +", " ", spaced).strip())


def _padded(match: re.Match[str]) -> str:
    return match[0].replace(" ", "").zfill(_DIGITS)


def cards_in_order(initiatives: list[Initiative], language: str) -> tuple[Initiative, ...]:
    """Cards in the order of the booklet; cards filed under the same name stand in the order of their ids."""
    if len(initiatives) < 2:
        return tuple(initiatives)
    return tuple(sorted(initiatives, key=lambda card: (sort_key(card.filing_name, language), card.id)))

"""The alphabetical order: the Unicode Collation Algorithm, with what libraries and indexes expect on top.

Words are compared one by one, so that "La Cimade" comes before "Lab"; punctuation only parts words; accents and
case decide between names that are otherwise the same, and never before. Ligatures sort as their two letters.
The order is the default table of Unicode (DUCET), which is right for French, English and other languages that
sort accented letters with their base letter; languages with letters of their own (Swedish å, Spanish ñ) are sorted
by the same table, because pyuca carries no tailoring.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from pyuca import Collator
from pyuca.collator import COLL_ELEMENT_PATTERN

from livret.content.schema.model import Initiative

# Unicode gives most ligatures the weight of their letters, but æ and ß one of their own in some versions.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ĳ": "ij", "Ĳ": "IJ"})

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


def sort_key(text: str, language: str) -> tuple[int, ...]:
    """What to sort `text` by; keys compare as the names stand in an index.

    In: a name and the catalogue's language (BCP 47; no language changes the order yet, see above). Never raises.
    """
    letters = comparable(text)
    key: tuple[int, ...] = _collator(max(unicodedata.normalize("NFD", letters), default="") >= _END).sort_key(letters)
    return key


def comparable(text: str) -> str:
    """A name as it is compared: ligatures as two letters, punctuation and symbols as single spaces."""
    letters = unicodedata.normalize("NFC", text).translate(_LIGATURES)
    # P and S are Unicode's categories of punctuation and symbols.
    spaced = "".join(" " if unicodedata.category(sign)[0] in "PSZC" else sign for sign in letters)
    return re.sub(r" +", " ", spaced).strip()


def cards_in_order(initiatives: list[Initiative], language: str) -> tuple[Initiative, ...]:
    """Cards in the order of the booklet; cards filed under the same name stand in the order of their ids."""
    if len(initiatives) < 2:
        return tuple(initiatives)
    return tuple(sorted(initiatives, key=lambda card: (sort_key(card.filing_name, language), card.id)))

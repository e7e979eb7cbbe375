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

from pyuca import Collator

from livret.content.schema.model import Initiative

# Unicode gives most ligatures the weight of their letters, but æ and ß one of their own in some versions.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ĳ": "ij", "Ĳ": "IJ"})


@cache
def _collator() -> Collator:
    # Reading the table takes about 0.1 s, so it is read when something is sorted and not on import.
    return Collator()


def sort_key(text: str, language: str) -> tuple[int, ...]:
    """What to sort `text` by; keys compare as the names stand in an index.

    In: a name and the catalogue's language (BCP 47; no language changes the order yet, see above). Never raises.
    """
    key: tuple[int, ...] = _collator().sort_key(comparable(text))
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

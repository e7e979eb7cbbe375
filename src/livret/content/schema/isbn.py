"""Standard numbers: ISBN and ISSN, whose last digit is computed from the others (ISO 2108, ISO 3297)."""

from __future__ import annotations

import re
from collections.abc import Callable

from livret.content.messages import quoted
from livret.content.schema.validators import BadValueError, plain
from livret.translation import say

# Hyphens of all kinds, and the spaces that some type in their place.
_SEPARATORS = re.compile(r"[-\u2010-\u2015\s]")
# What the International ISBN Agency gives to no country (its range message: 978, 6600000 to 6999999).
_UNASSIGNED = re.compile(r"9786[6-9]")


def isbn(text: str) -> str:
    """An ISBN of 13 or 10 digits, with the hyphens that were typed. Rule bad-isbn."""
    from stdnum.isbn import is_valid

    text, digits = _typed(text, "isbn")
    if not re.fullmatch(r"97[89]\d{10}|\d{9}[\dX]", digits):
        hint = say("an ISBN has 13 digits and begins with 978 or 979, for example 978-67-00000-00-7")
        raise BadValueError("bad-isbn", say("{text} is not an ISBN", text=quoted(text)), hint)
    return _checked(text, digits, is_valid, "ISBN")


def issn(text: str) -> str:
    """An ISSN, four digits, a hyphen and four more. Rule bad-issn."""
    from stdnum.issn import is_valid

    text, digits = _typed(text, "issn")
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        hint = say("an ISSN has 8 digits, the last may be X, for example 1234-5679")
        raise BadValueError("bad-issn", say("{text} is not an ISSN", text=quoted(text)), hint)
    return _checked(f"{digits[:4]}-{digits[4:]}", digits, is_valid, "ISSN")


def is_unassigned(text: str) -> bool:
    """Whether an ISBN begins as no country's does, so that no book has it: for examples and demonstrations."""
    return _UNASSIGNED.match(re.sub(r"\D", "", text)) is not None


def _typed(text: str, prefix: str) -> tuple[str, str]:
    """The number with plain hyphens and without the word before it, and its digits alone."""
    text = re.sub(rf"^{prefix}[\s:]*", "", plain(text), flags=re.IGNORECASE).upper()
    text = re.sub(r"[\u2010-\u2015]", "-", " ".join(text.split()))
    return text, _SEPARATORS.sub("", text)


def _checked(text: str, digits: str, is_valid: Callable[[str], bool], name: str) -> str:
    """The text, when its last digit agrees with the others."""
    if not is_valid(digits):
        right = next(digit for digit in "0123456789X" if is_valid(digits[:-1] + digit))
        raise BadValueError(
            "bad-isbn" if name == "ISBN" else "bad-issn",
            say(
                "{text} is not an {name}: after these digits the last one would be {right}, not {digits}",
                text=quoted(text),
                name=name,
                right=right,
                digits=digits[-1],
            ),
            say("compare it with the letter that gave the number, digit by digit"),
        )
    return text

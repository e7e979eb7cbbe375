"""Standard numbers: ISBN and ISSN, whose last digit proves the others (ISO 2108, ISO 3297)."""

from __future__ import annotations

import re

from livret.content.messages import shown
from livret.content.schema.validators import BadValueError, plain

# Hyphens of all kinds, and the spaces that some type in their place.
_PARTING = re.compile(r"[-\u2010-\u2015\s]")
# What the International ISBN Agency leaves without a country (its range message: 978, 6600000 to 6999999).
_UNASSIGNED = re.compile(r"9786[6-9]")


def isbn(text: str) -> str:
    """An ISBN of 13 or 10 digits, parted as it was typed. Rule bad-isbn."""
    text, digits = _typed(text, "isbn")
    if re.fullmatch(r"97[89]\d{10}", digits):
        proof = _check_13(digits)
    elif re.fullmatch(r"\d{9}[\dX]", digits):
        proof = _check_11(digits)
    else:
        hint = "an ISBN has 13 digits and begins with 978 or 979, for example 978-67-00000-00-7"
        raise BadValueError("bad-isbn", f"{shown(text)} is not an ISBN", hint)
    return _proved(text, digits, proof, "ISBN")


def issn(text: str) -> str:
    """An ISSN, four digits, a hyphen and four more. Rule bad-issn."""
    text, digits = _typed(text, "issn")
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        hint = "an ISSN has 8 digits, the last may be X, for example 1234-5679"
        raise BadValueError("bad-issn", f"{shown(text)} is not an ISSN", hint)
    return _proved(f"{digits[:4]}-{digits[4:]}", digits, _check_11(digits), "ISSN")


def is_unassigned(text: str) -> bool:
    """Whether an ISBN begins as no country's does, so that it can be nobody's: for examples and demonstrations."""
    return _UNASSIGNED.match(re.sub(r"\D", "", text)) is not None


def _typed(text: str, prefix: str) -> tuple[str, str]:
    """The number with plain hyphens and without the word before it, and its digits alone."""
    text = re.sub(rf"^{prefix}[\s:]*", "", plain(text), flags=re.IGNORECASE).upper()
    text = re.sub(r"[\u2010-\u2015]", "-", " ".join(text.split()))
    return text, _PARTING.sub("", text)


def _proved(text: str, digits: str, proof: str, name: str) -> str:
    if digits[-1] != proof:
        raise BadValueError(
            f"bad-{name.lower()}",
            f"{shown(text)} is not an {name}: after these digits the last one would be {proof}, not {digits[-1]}",
            "compare it with the letter that gave the number, digit by digit",
        )
    return text


def _check_13(digits: str) -> str:
    """The last digit: with weights 1 and 3 in turn, all thirteen add up to a multiple of 10."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:-1])) % 10)


def _check_11(digits: str) -> str:
    """The last digit: with weights that fall to 1, all add up to a multiple of 11; ten is written X."""
    rest = -sum(int(digit) * (len(digits) - place) for place, digit in enumerate(digits[:-1])) % 11
    return "X" if rest == 10 else str(rest)

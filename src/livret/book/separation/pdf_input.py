"""Reads numbers and streams of a PDF that may be damaged, and defines the error for parts that cannot be separated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

from livret.translation import Text, say, say_number

# The exceptions of pikepdf and this code when a part of a PDF has a wrong type, length or range.
FAULTS = (pikepdf.PdfError, ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Inseparable(ValueError):
    """Raised for a part that cannot be separated. It has the rule id of the finding and the message."""

    def __init__(self, rule: str, message: Text) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def floats(values: Any, number: int | None = None) -> tuple[float, ...]:
    """Return the numbers of an array. Raises Inseparable when it is no array, or does not have `number` of them."""
    try:
        found = tuple(map(float, values))
    except FAULTS as fault:
        raise Inseparable("damaged-part", say("numbers are missing")) from fault
    if number is not None and len(found) != number:
        raise Inseparable(
            "damaged-part",
            say_number(
                "an array has {number} number instead of {wanted}",
                "an array has {number} numbers instead of {wanted}",
                number=len(found),
                wanted=number,
            ),
        )
    return found


def pairs(values: Any) -> tuple[tuple[float, float], ...]:
    """Return the intervals of an array such as /Domain or /Decode. Raises Inseparable when its length is odd."""
    flat = floats(values)
    if len(flat) % 2:
        raise Inseparable("damaged-part", say("an array of intervals has an odd number of values"))
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def plain_bytes(stream: Any) -> bytes:
    """Return the decoded bytes of a stream. Raises Inseparable when they cannot be decoded."""
    try:
        return bytes(stream.read_bytes())
    except FAULTS as fault:
        raise Inseparable("damaged-part", say("a stream cannot be decoded: {fault}", fault=fault)) from fault


def filters(stream: Any) -> tuple[str, ...]:
    """Return the names of the filters of a stream, in the order of decoding."""
    named = stream.get("/Filter")
    if named is None:
        return ()
    return tuple(str(name) for name in (named if isinstance(named, pikepdf.Array) else [named]))


def is_same(values: Sequence[float], others: Sequence[float]) -> bool:
    """Whether numbers are equal to the precision of a PDF."""
    return len(values) == len(others) and all(abs(a - b) < 1e-6 for a, b in zip(values, others, strict=True))


def between(value: float, low: float, high: float) -> float:
    """Return the value, limited to an interval."""
    return min(max(value, low), high)


def along(value: float, source: tuple[float, float], goal: tuple[float, float]) -> float:
    """Map a value linearly from one interval to another (ISO 32000-1, 7.10.2)."""
    if source[1] == source[0]:
        return goal[0]
    return goal[0] + (value - source[0]) * (goal[1] - goal[0]) / (source[1] - source[0])

"""Reads what a PDF holds with suspicion: numbers, streams, and the fault that says which part cannot be separated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

# What pikepdf and this code raise on a file whose parts are not of the type, length or range that PDF asks for.
FAULTS = (pikepdf.PdfError, ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Inseparable(ValueError):
    """A part that cannot be separated: the rule of the finding, and what is wrong."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def floats(values: Any, number: int | None = None) -> tuple[float, ...]:
    """The numbers of an array. Raises Inseparable when it is none, or has not so many."""
    try:
        found = tuple(map(float, values))
    except FAULTS as fault:
        raise Inseparable("damaged-part", "numbers are missing") from fault
    if number is not None and len(found) != number:
        raise Inseparable("damaged-part", f"an array has {len(found)} numbers instead of {number}")
    return found


def pairs(values: Any) -> tuple[tuple[float, float], ...]:
    """The intervals of an array such as /Domain or /Decode."""
    flat = floats(values)
    if len(flat) % 2:
        raise Inseparable("damaged-part", "an array of intervals has an odd number of values")
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def plain_bytes(stream: Any) -> bytes:
    """What a stream holds, decoded. Raises Inseparable when its filters cannot be undone."""
    try:
        return bytes(stream.read_bytes())
    except FAULTS as fault:
        raise Inseparable("damaged-part", f"a stream cannot be decoded: {fault}") from fault


def filters(stream: Any) -> tuple[str, ...]:
    """The names of a stream's filters in the order of decoding."""
    named = stream.get("/Filter")
    if named is None:
        return ()
    return tuple(str(name) for name in (named if isinstance(named, pikepdf.Array) else [named]))


def is_same(values: Sequence[float], others: Sequence[float]) -> bool:
    """Whether numbers agree as far as a PDF writes them."""
    return len(values) == len(others) and all(abs(a - b) < 1e-6 for a, b in zip(values, others, strict=True))


def between(value: float, low: float, high: float) -> float:
    """The value, held inside an interval."""
    return min(max(value, low), high)


def along(value: float, source: tuple[float, float], goal: tuple[float, float]) -> float:
    """A value of one interval, at the same place of another (ISO 32000-1, 7.10.2)."""
    if source[1] == source[0]:
        return goal[0]
    return goal[0] + (value - source[0]) * (goal[1] - goal[0]) / (source[1] - source[0])

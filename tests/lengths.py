"""Lengths as the tests know them, stated anew, so that a wrong length of the code does not agree with itself."""

from __future__ import annotations


def mm(millimetres: float) -> float:
    """Millimetres in PDF points: an inch is 25.4 mm and 72 points."""
    return millimetres * 72 / 25.4

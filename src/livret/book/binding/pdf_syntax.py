"""PDF objects as bytes, for the modules of this room that write them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NewType

from pikepdf import Name, String

# An object by its number in the file that is being written: b"12 0 R".
Reference = NewType("Reference", bytes)


@lru_cache(1024)
def name(text: str) -> bytes:
    """A name, given with its slash."""
    return Name(text).unparse()


def text(content: str | bytes) -> bytes:
    """A text string in the encoding that holds it (ISO 32000-1, 7.9.2.2); bytes as they are."""
    return String(content).unparse()


def number(value: float) -> bytes:
    """A number, to a ten-thousandth, as short as it can be written."""
    return (f"{value:.4f}".rstrip("0").rstrip(".") if round(value, 4) else "0").encode()


def numbers(*values: float) -> bytes:
    """An array of numbers."""
    return array(map(number, values))


def array(values: Iterable[bytes]) -> bytes:
    """An array of objects."""
    return b"[%s]" % b" ".join(values)


def dictionary(**entries: bytes) -> bytes:
    """A dictionary; keys are given without their slash, and need no escape."""
    return b"<<%s>>" % b" ".join(b"/%s %s" % (key.encode(), value) for key, value in entries.items())

"""Writes PDF objects as bytes, for the modules of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NewType

from pikepdf import Name, String

# A reference to an object of the file that is being written, such as b"12 0 R".
Reference = NewType("Reference", bytes)


@lru_cache(1024)
def name(text: str) -> bytes:
    """Return a name. `text` begins with its slash."""
    return Name(text).unparse()


def text(content: str | bytes) -> bytes:
    """Return a text string in an encoding that can hold it (ISO 32000-1, 7.9.2.2). Bytes are not encoded."""
    return String(content).unparse()


def number(value: float) -> bytes:
    """Return a number with at most four decimals, without zeros at the end."""
    return (f"{value:.4f}".rstrip("0").rstrip(".") if round(value, 4) else "0").encode()


def numbers(*values: float) -> bytes:
    """Return an array of numbers."""
    return array(map(number, values))


def array(values: Iterable[bytes]) -> bytes:
    """Return an array of objects."""
    return b"[%s]" % b" ".join(values)


def dictionary(**entries: bytes) -> bytes:
    """Return a dictionary. Keys come without their slash and must need no escape."""
    return b"<<%s>>" % b" ".join(b"/%s %s" % (key.encode(), value) for key, value in entries.items())

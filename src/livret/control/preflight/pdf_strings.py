"""Strings as a PDF writes them (ISO 32000-1, 7.3.4)."""

from __future__ import annotations

import re

# What ends a literal string, nests in it, or begins an escape.
_BRACKET = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r\n|\r|\n|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def unescaped(literal: bytes) -> bytes:
    """The bytes of a literal string without its brackets (7.3.4.2)."""
    return _ESCAPE.sub(_byte, literal) if b"\\" in literal else literal


def _byte(escape: re.Match[bytes]) -> bytes:
    """The byte that an escape stands for; none for an escaped line end."""
    letter = escape[1]
    if letter[0] in b"01234567":
        return bytes([int(letter, 8) & 255])
    return b"" if letter in {b"\n", b"\r", b"\r\n"} else _PLAIN.get(letter, letter)


def string_end(source: bytes, place: int) -> int | None:
    """Where a literal string ends whose opening bracket stands before `place`; None if it does not."""
    depth = 1
    while True:
        found = _BRACKET.search(source, place)
        if found is None:
            return None
        place = found.end()
        if found[0] == b"\\":
            place += 1
        else:
            depth += 1 if found[0] == b"(" else -1
            if depth == 0:
                return place

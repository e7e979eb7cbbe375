"""The six letters before the name of a font subset (ISO 32000-1, 9.6.4)."""

from __future__ import annotations

import hashlib


def subset_tag(program: bytes) -> str:
    """Return the tag of a font program, such as `ABCDEF`. It depends only on the bytes of the program."""
    letters = hashlib.sha256(program).digest()[:6]
    return "".join(chr(ord("A") + letter % 26) for letter in letters)

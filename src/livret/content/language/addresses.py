"""Where e-mail and web addresses may break: after their marks, without a hyphen; within a word if it is very long."""

from __future__ import annotations

import re
from html import escape

# Imprimerie nationale, Lexique, « Adresses »; a mark stays at the end of its line.
_BREAKS = re.compile(r"(?<=[/@?&=.])(?=[^/@?&=.])(?<!://)")

# A piece that is longer than the narrowest column of text may break anywhere.
_LONG = re.compile(r"\S{25,}")


def breakable(address: str) -> str:
    """An address as HTML: escaped, with `<wbr>` where it may break. `https://` stays with what follows it."""
    return "<wbr>".join(_piece(piece) for piece in _BREAKS.split(address))


def _piece(text: str) -> str:
    return f'<span class="long-piece">{escape(text)}</span>' if _LONG.fullmatch(text) else escape(text)

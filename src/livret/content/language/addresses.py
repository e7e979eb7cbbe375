"""Where e-mail and web addresses may break: after their marks, without a hyphen, never within a word."""

from __future__ import annotations

import re
from html import escape

# Imprimerie nationale, Lexique, « Adresses »; a mark stays at the end of its line.
_BREAKS = re.compile(r"(?<=[/@?&=.])(?=[^/@?&=.])(?<!://)")


def breakable(address: str) -> str:
    """An address as HTML: escaped, with `<wbr>` where it may break. `https://` stays with what follows it."""
    return "<wbr>".join(escape(piece) for piece in _BREAKS.split(address))

"""How many lines a text will take, reckoned from the usual widths of letters, before anything is typeset.

Templates choose by it how they arrange a card. It is an estimate, a little too high rather than too low: nothing is
hyphenated, and letters that it does not know are wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Widths in ems of a common serif for text. A text in another face is measured by a longer or shorter line.
_BY_WIDTH = {
    0.2: "’'\u202f",
    0.26: " \u00a0",
    0.3: "ijl.,:;-!|·",
    0.36: "ftIJ()[]îï",
    0.44: "rs?",
    0.5: "czeéèêëç0123456789«»–",
    0.55: "agovxySZàâôùûü",
    0.61: "bdkpquFLPTnhBCEXYÉÈÊ",
    0.72: "AGKRV&DNOQUÀÂÔ",
    0.82: "wHæ",
    0.95: "mMœW",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_UNKNOWN = 0.6
# Where a line may break; not at a no-break space.
_BREAKS = re.compile(r"[ \t]+")


def line_count(text: str, ems: float) -> int:
    """The lines of a text, paragraph after paragraph, on a line of so many ems. Words too long for it are broken."""
    return sum(_lines_of(_BREAKS.split(paragraph.strip()), ems) for paragraph in text.splitlines() if paragraph.strip())


def _lines_of(words: Sequence[str], ems: float) -> int:
    lines, filled = 1, 0.0
    for word in words:
        width = sum(_WIDTHS.get(letter, _UNKNOWN) for letter in word)
        if filled and width <= ems < filled + _WIDTHS[" "] + width:
            lines, filled = lines + 1, 0.0
        filled += (_WIDTHS[" "] if filled else 0) + width
        lines, filled = lines + int(filled // ems), filled % ems
    return lines


def rows_hold(heights: Sequence[float], across: int, room: float) -> int:
    """How many of some blocks fit in a height, so many beside each other; a row is as high as its highest block."""
    filled = 0.0
    for start in range(0, len(heights), across):
        filled += max(heights[start : start + across])
        if filled > room:
            return start
    return len(heights)


def columns_hold(heights: Sequence[float], columns: int, room: float) -> int:
    """How many of some blocks, one after the other, fit in columns of a height; none is parted."""
    column, filled = 0, 0.0
    for number, height in enumerate(heights):
        if filled + height > room:
            column, filled = column + 1, 0.0
        if column == columns or height > room:
            return number
        filled += height
    return len(heights)

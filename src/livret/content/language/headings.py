"""The levels of headings when a text becomes a part of another: they start at a given level, and none is skipped."""

from __future__ import annotations

# The deepest heading there is, in HTML as in PDF (ISO 32000-1, table 333).
DEEPEST = 6


class Levels:
    """Renumbers headings in the order they come: the first gets level `first`, a deeper one the next level down."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._open: list[int] = []

    def shifted(self, level: int) -> int:
        """The level that a heading of `level` gets; 6 at most."""
        while self._open and self._open[-1] >= level:
            self._open.pop()
        self._open.append(level)
        return min(DEEPEST, self._first + len(self._open) - 1)

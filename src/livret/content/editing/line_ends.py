"""A file as text whose lines all end in a line feed, and back to bytes with the ends of lines that were there.

Positions are counted in that text. A splice changes some characters and leaves every other byte as it is: a byte order
mark, lines that end in different ways, no end of the last line.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class TypedFile:
    """The bytes of a file, which must be UTF-8."""

    raw: bytes

    @property
    def text(self) -> str:
        """What was typed, with a line feed after each line."""
        return _END.sub("\n", self._typed)

    @property
    def _typed(self) -> str:
        return self.raw.decode("utf-8-sig")

    def spliced(self, start: int, end: int, new: str) -> TypedFile:
        """The file with `new` in place of the characters from `start` to `end` of its text."""
        typed = self._typed
        ends = [(found.end() - found.start() - 1, found.start()) for found in _END.finditer(typed)]
        begin, stop = (_typed_place(ends, place) for place in (start, end))
        # New lines end as the one does that they stand on, or else the last one.
        following = _END.search(typed, begin) or (_END.match(typed, ends[-1][1]) if ends else None)
        written = new.replace("\n", following[0] if following else "\n")
        mark = codecs.BOM_UTF8 if self.raw.startswith(codecs.BOM_UTF8) else b""
        return TypedFile(mark + (typed[:begin] + written + typed[stop:]).encode())


def _typed_place(ends: list[tuple[int, int]], place: int) -> int:
    """A place of the text in what was typed. In: for each end of a line its further characters, and where it is."""
    for further, start in ends:
        if start >= place:
            break
        place += further
    return place

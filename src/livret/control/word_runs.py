"""Words that two texts share or not. A light module: PDFs are compared without the content format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WordRun:
    """Words in a row: in both texts (`old` equals `new`), or `new` in one text where the other has `old`."""

    old: str
    new: str

    @property
    def is_same(self) -> bool:
        """Whether both texts have these words."""
        return self.old == self.new

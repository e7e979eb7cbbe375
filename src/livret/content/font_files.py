"""What font files say of themselves: the families they belong to, and the characters they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import fontTools.ttLib  # type: ignore[import-untyped]


@dataclass(frozen=True)
class KnownFonts:
    """The families (in lower case) and the characters of a project's fonts."""

    families: frozenset[str]
    characters: frozenset[int]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> KnownFonts:
        """Read from font files."""
        families: set[str] = set()
        characters: set[int] = set()
        for path in paths:
            face = fontTools.ttLib.TTFont(path, lazy=True)
            families |= {str(face["name"].getDebugName(number)).casefold() for number in (1, 16)}
            characters |= face["cmap"].getBestCmap().keys()
        return cls(frozenset(families), frozenset(characters))

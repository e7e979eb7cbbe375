"""What font files say of themselves: the families they belong to, and the characters they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import fontTools.ttLib


@dataclass(frozen=True)
class NamedFace:
    """The family, weight and slope of one font file."""

    family: str
    weight: int
    is_italic: bool


@dataclass(frozen=True)
class KnownFonts:
    """The families (in lower case) and the characters of a project's fonts.

    `named` has each font by its own names in lower case, which drawing programs write where a family should stand:
    SourceSans3-Bold, Source Sans 3 Bold.
    """

    families: frozenset[str]
    characters: frozenset[int]
    named: Mapping[str, NamedFace]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> KnownFonts:
        """Read from font files."""
        families: set[str] = set()
        characters: set[int] = set()
        named: dict[str, NamedFace] = {}
        for path in paths:
            face = fontTools.ttLib.TTFont(path, lazy=True)
            names = {number: str(face["name"].getDebugName(number)) for number in (1, 4, 6, 16)}
            families |= {names[number].casefold() for number in (1, 16)}
            own = NamedFace(
                str(face["name"].getBestFamilyName()),
                int(face["OS/2"].usWeightClass),
                bool(face["OS/2"].fsSelection & 1),
            )
            named |= {names[number].casefold(): own for number in (4, 6)}
            characters |= face["cmap"].getBestCmap().keys()
        own_names = {name: face for name, face in named.items() if name not in families}
        return cls(frozenset(families), frozenset(characters), own_names)

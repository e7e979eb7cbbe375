"""Fonts of the web edition: the faces that the style sheets name, compressed as WOFF 2.0.

The fonts are whole, not cut to the characters that are used. The licence of the Source fonts (OFL 1.1 with a reserved
name) allows a font to be compressed under its name, but not to be cut.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import fontTools.ttLib

from livret.findings import LivretError
from livret.pages.pool.store_files import Damaged, StoreFiles
from livret.project import Project, digest
from livret.translation import say

# A custom property that lists families, the first of them in quotation marks.
STACK = re.compile(r"--[\w-]+:\s*(\"[^;}]+)")
FAMILY = re.compile(r'"([^"]+)"')
LICENCES = ("OFL*", "LICENSE*")


@dataclass(frozen=True)
class Face:
    """One font file."""

    path: Path

    @cached_property
    def _font(self) -> fontTools.ttLib.TTFont:
        return fontTools.ttLib.TTFont(self.path, lazy=True, recalcTimestamp=False, recalcBBoxes=False)

    @cached_property
    def family(self) -> str:
        """The typographic family (name ID 16), else the family (name ID 1)."""
        return str(self._font["name"].getBestFamilyName())

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points that it has glyphs for."""
        return frozenset(self._font.getBestCmap())

    @property
    def weight(self) -> int:
        """The weight that the font states, 100 to 900."""
        return int(self._font["OS/2"].usWeightClass)

    @property
    def style(self) -> str:
        """`italic` or `normal` (OS/2 fsSelection, bit 0)."""
        return "italic" if self._font["OS/2"].fsSelection & 1 else "normal"

    def packed(self, files: StoreFiles) -> bytes:
        """The font as WOFF 2.0, from the store if it was packed before."""
        key = digest(self.path.read_bytes(), *(f"{name} {version(name)}" for name in ("fonttools", "brotli")))
        name = "web-fonts", f"{key}.woff2"
        with suppress(Damaged):
            if content := files.read(*name):
                return content
        packed = io.BytesIO()
        font = fontTools.ttLib.TTFont(self.path, recalcTimestamp=False, recalcBBoxes=False)
        font.flavor = "woff2"
        font.save(packed)
        files.write(packed.getvalue(), *name)
        return packed.getvalue()

    def rule(self) -> str:
        """The CSS rule (`@font-face`) that makes the font usable."""
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; font-style: {self.style}; '
            f'font-display: swap; src: url("fonts/{self.path.stem}.woff2") format("woff2") }}'
        )


def stacks(css: str) -> Iterator[tuple[str, ...]]:
    """The lists of families in the custom properties of a style sheet, in order."""
    for match in STACK.finditer(css):
        yield tuple(FAMILY.findall(match[1]))


def needed(faces: Sequence[Face], css: str, characters: frozenset[int]) -> tuple[Face, ...]:
    """The faces of the families that `css` names. A later family in a list is used only for characters still missing.

    Raises LivretError when no font has a family that is named.
    """
    by_family: dict[str, list[Face]] = {}
    for face in faces:
        by_family.setdefault(face.family, []).append(face)
    chosen: dict[Path, Face] = {}
    for families in stacks(css):
        left = characters
        for family in families:
            if family not in by_family:
                raise LivretError(
                    say('no font of the family "{family}", which the web layout names', family=family),
                    say("add it to fonts/"),
                )
            covered = frozenset().union(*(face.characters for face in by_family[family]))
            if left & covered or family == families[0]:
                chosen |= {face.path: face for face in by_family[family]}
            left -= covered
    return tuple(chosen[path] for path in sorted(chosen))


def files(project: Project, faces: Sequence[Face]) -> Mapping[str, bytes]:
    """The packed fonts and their licences, by their path in the folder."""
    kept = StoreFiles(project.output / ".store")
    found = {f"fonts/{face.path.stem}.woff2": face.packed(kept) for face in faces}
    for folder in sorted({face.path.parent for face in faces}):
        for path in (path for pattern in LICENCES for path in sorted(folder.glob(pattern))):
            found[f"fonts/{folder.name}-{path.name}"] = path.read_bytes()
    return found


def faces_of(project: Project) -> tuple[Face, ...]:
    """Every font that a layout may use. The project's own replaces an installed one of the same file name."""
    found: dict[str, Face] = {}
    for path in project.fonts:
        found.setdefault(path.stem, Face(path))
    return tuple(found.values())

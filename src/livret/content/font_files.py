"""What font files say of themselves: the families they belong to, and the characters they have."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontTools.ttLib

from livret.findings import Finding, Location, error
from livret.project import Project, installed
from livret.translation import say, system_reason

# The platform and encoding of tables that map Unicode, the one to be preferred first, as HarfBuzz does.
_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))

# More fonts than a project has.
FILES_KEPT = 200


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
            state = path.stat()
            face = _face(path, state.st_size, state.st_mtime_ns)
            families |= face.families
            named |= dict.fromkeys(face.own_names, face.named)
            characters |= face.characters
        own_names = {name: face for name, face in named.items() if name not in families}
        return cls(frozenset(families), frozenset(characters), own_names)


@dataclass(frozen=True)
class _FontFacts:
    """One font file: its families, its own names, and the characters that it has."""

    families: frozenset[str]
    own_names: tuple[str, ...]
    named: NamedFace
    characters: frozenset[int]


@lru_cache(maxsize=FILES_KEPT)
def _face(path: Path, size: int, changed: int) -> _FontFacts:
    face = fontTools.ttLib.TTFont(path, lazy=True)
    if any(table.offset + table.length > size for table in face.reader.tables.values()):
        raise ValueError("the file is cut short")
    names = {number: str(face["name"].getDebugName(number)).casefold() for number in (1, 4, 6, 16)}
    named = NamedFace(
        str(face["name"].getBestFamilyName()),
        int(face["OS/2"].usWeightClass),
        bool(face["OS/2"].fsSelection & 1),
    )
    return _FontFacts(frozenset((names[1], names[16])), (names[4], names[6]), named, frozenset(glyphs(face)))


def bad_fonts(project: Project) -> Iterator[Finding]:
    """An error for each font of the project's own that is none, or that is damaged."""
    for path in project.fonts:
        if path.is_relative_to(project.root) and not path.is_relative_to(installed("fonts")):
            where = Location(project.shown(path))
            try:
                state = path.stat()
                _face(path, state.st_size, state.st_mtime_ns)
            except OSError as problem:
                told = say("this file cannot be read: {reason}", reason=system_reason(problem))
                yield error("unreadable-file", told, where)
            except Exception:
                # fontTools has no one error for what it cannot read.
                told = say("this is no font, or it is damaged")
                yield error("bad-font", told, where, say("put the font there again, or delete the file"))


def glyphs(face: fontTools.ttLib.TTFont) -> Mapping[int, int]:
    """The number of the glyph of each character that a font has; empty for a font without Unicode.

    fontTools gives names of glyphs, and reads those of all glyphs first: for a few fonts that takes a tenth of a second
    in every worker. The two formats that nearly all fonts have are read here.
    """
    data: bytes = face.reader["cmap"]
    (count,) = struct.unpack_from(">2xH", data)
    records = (struct.unpack_from(">HHL", data, 4 + 8 * number) for number in range(count))
    offsets = {(platform, encoding): offset for platform, encoding, offset in records}
    offset = next((offsets[one] for one in _UNICODE if one in offsets), None)
    if offset is None:
        return {}
    (kind,) = struct.unpack_from(">H", data, offset)
    if kind == 4:
        pairs = _of_segments(data, offset)
    elif kind == 12:
        pairs = _of_groups(data, offset)
    else:
        pairs = ((code, face.getGlyphID(name)) for code, name in face["cmap"].getBestCmap().items())
    # Glyph 0 stands for what a font does not have.
    return {code: glyph for code, glyph in pairs if glyph}


def _of_segments(data: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 4 of the OpenType specification: segments, each with a difference or with glyphs of its own."""
    (double,) = struct.unpack_from(">H", data, offset + 6)
    count = double // 2
    numbers = f">{count}H"
    ends, starts, deltas, ranges = (
        struct.unpack_from(numbers, data, offset + 14 + place * double + (2 if place else 0)) for place in range(4)
    )
    for segment, (start, end, delta, distance) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        # The last segment is there to end a search, and has no character.
        if start > end or start == 0xFFFF:
            continue
        if not distance:
            yield from ((code, (code + delta) & 0xFFFF) for code in range(start, end + 1))
            continue
        first = offset + 16 + 3 * double + 2 * segment + distance
        own = struct.unpack_from(f">{end + 1 - start}H", data, first)
        yield from ((start + at, (glyph + delta) & 0xFFFF) for at, glyph in enumerate(own) if glyph)


def _of_groups(data: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 12: runs of characters whose glyphs follow each other."""
    (count,) = struct.unpack_from(">L", data, offset + 12)
    for number in range(count):
        start, end, glyph = struct.unpack_from(">LLL", data, offset + 16 + 12 * number)
        yield from zip(range(start, end + 1), range(glyph, glyph + end + 1 - start), strict=True)

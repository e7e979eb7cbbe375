"""Copies objects from fragments, with everything they refer to.

Equal objects are written only once. Each font subset gets its own name.
"""

from __future__ import annotations

import re
import zlib

from pikepdf import Dictionary, Name, Object, Pdf, Stream

from livret.book.binding.pdf_syntax import Reference
from livret.book.binding.pdf_writer import Writer
from livret.book.subset_tag import subset_tag

# Finds references in an object as qpdf writes it. It matches strings too, since a string may look like a reference.
_REFERENCES = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|(\d+) (\d+) R", re.DOTALL)
_PROGRAMS = (Name.FontFile2, Name.FontFile3)


class Carrier:
    """Copies objects of one open file into the file that is being written."""

    def __init__(self, source: Pdf, writer: Writer) -> None:
        self._source = source
        self._writer = writer
        self._carried: dict[tuple[int, int], Reference] = {}
        self._begun: set[tuple[int, int]] = set()

    def carry(self, value: Object) -> bytes:
        """Copy an object. Return its bytes in the new file: a reference when it was an indirect object."""
        return self._renumbered(value.unparse())

    def _renumbered(self, value: bytes) -> bytes:
        def new(match: re.Match[bytes]) -> bytes:
            return match[0] if match[1] is None else self._reference((int(match[1]), int(match[2])))

        return _REFERENCES.sub(new, value)

    def _reference(self, key: tuple[int, int]) -> Reference:
        if key in self._carried:
            return self._carried[key]
        if key in self._begun:
            # The object refers back to itself. It has no digest yet, so it is not compared with others.
            self._carried[key] = self._writer.reserve()
            return self._carried[key]
        self._begun.add(key)
        found = self._source.get_object(key)
        if isinstance(found, Dictionary) and "/DescendantFonts" in found:
            _name_subset(found)
        data = None
        if isinstance(found, Stream):
            data, found = found.read_raw_bytes(), found.stream_dict
            if "/Filter" not in found:
                data, found.Filter = zlib.compress(data), Name.FlateDecode
            if "/Length" in found:
                del found.Length
        value = self._renumbered(found.unparse(resolved=True))
        if key not in self._carried:
            self._carried[key] = self._writer.share(value, data)
        elif data is None:
            self._writer.add(value, self._carried[key])
        else:
            self._writer.add_stream(data, value, self._carried[key])
        return self._carried[key]


def _name_subset(font: Dictionary) -> None:
    """Give a font subset its own tag (ISO 32000-2, 9.9.2).

    The engine makes the six letters from the font file, so different subsets of one font have the same name. Some
    viewers rely on the name and then show wrong glyphs.
    """
    descendant = font.DescendantFonts[0]
    descriptor = descendant.FontDescriptor
    program = next((descriptor[key] for key in _PROGRAMS if key in descriptor), None)
    if not isinstance(program, Stream):
        return
    tag = subset_tag(program.read_raw_bytes())
    plain = str(font.BaseFont).lstrip("/").split("+")[-1]
    font.BaseFont = descendant.BaseFont = descriptor.FontName = Name(f"/{tag}+{plain}")

"""Attaches the source files of the catalogue to the archive (ISO 19005-3, 6.8)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime

from livret.book.binding.pdf_syntax import Reference, array, dictionary, name, text
from livret.book.binding.pdf_writer import Writer
from livret.book.xmp import pdf_date


def attach(writer: Writer, files: Sequence[tuple[str, bytes]], date: datetime) -> tuple[bytes, bytes]:
    """Embed files, given as (name, content), as the source of the document.

    Return the sorted name tree of embedded files, and the array of associated files.
    """
    moment = text(pdf_date(date))
    found: list[tuple[bytes, Reference]] = []
    for label, content in sorted(files):
        parameters = dictionary(
            Size=b"%d" % len(content),
            ModDate=moment,
            # ISO 32000-1, table 46, asks for MD5. It is not used for security.
            CheckSum=text(hashlib.md5(content, usedforsecurity=False).digest()),
        )
        entries = dictionary(
            Type=b"/EmbeddedFile", Subtype=name("/text/yaml"), Filter=b"/FlateDecode", Params=parameters
        )
        embedded = writer.add_stream(zlib.compress(content, 9), entries)
        title = text(label)
        specification = dictionary(
            Type=b"/Filespec",
            F=title,
            UF=title,
            Desc=title,
            AFRelationship=b"/Source",
            EF=dictionary(F=embedded, UF=embedded),
        )
        found.append((title, writer.add(specification)))
    names = array(value for pair in found for value in pair)
    return dictionary(Names=names), array(reference for _, reference in found)

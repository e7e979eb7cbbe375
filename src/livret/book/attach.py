"""The catalogue's own files, carried along in the archive (ISO 19005-3, 6.8)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, NumberObject, TextStringObject

from livret.book.pdf import dictionary, entries, name, stream


def attach(writer: PdfWriter, files: Sequence[tuple[str, bytes]], date: datetime) -> None:
    """Embed files, given as (name, content), as the source of the document. Names are sorted, as a name tree is."""
    moment = TextStringObject(date.strftime("D:%Y%m%d%H%M%S+00'00'"))
    names, associated = ArrayObject(), ArrayObject()
    for label, content in sorted(files):
        embedded = stream(zlib.compress(content, 9))
        parameters = dictionary(
            Size=NumberObject(len(content)),
            ModDate=moment,
            # The digest that ISO 32000-1, table 46, asks for; not used for safety.
            CheckSum=ByteStringObject(hashlib.md5(content, usedforsecurity=False).digest()),
        )
        # A MIME type as a name, its slash written #2F.
        embedded.update(
            dictionary(
                Type=name("/EmbeddedFile"), Subtype=name("/text/yaml"), Filter=name("/FlateDecode"), Params=parameters
            )
        )
        reference = writer._add_object(embedded)
        specification = dictionary(
            Type=name("/Filespec"),
            F=TextStringObject(label),
            UF=TextStringObject(label),
            Desc=TextStringObject(label),
            AFRelationship=name("/Source"),
            EF=dictionary(F=reference, UF=reference),
        )
        made = writer._add_object(specification)
        names.extend([TextStringObject(label), made])
        associated.append(made)
    root = writer.root_object
    entries(root["/Names"])[name("/EmbeddedFiles")] = dictionary(Names=names)
    root[name("/AF")] = associated

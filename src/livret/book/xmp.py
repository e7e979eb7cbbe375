"""Metadata that the screen edition and the press edition share: Info entries, PDF dates and the XMP packet.

pikepdf makes the packet. It must not add the date of today or its own name, so that the same metadata gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pikepdf
from pikepdf.models.metadata import PdfMetadata

from livret import __version__
from livret.book.plan import Metadata

# The program that wrote the file.
TOOL = f"Livret {__version__}"

# A list keeps its order (rdf:Seq). A set has no order (rdf:Bag).
Properties = Mapping[str, str | list[str] | set[str]]


def pdf_date(moment: datetime) -> str:
    """Return a moment in UTC as a PDF date (ISO 32000-1, 7.9.4)."""
    return moment.strftime("D:%Y%m%d%H%M%S+00'00'")


def info_entries(metadata: Metadata) -> dict[str, str]:
    """Return the text entries of Info (ISO 32000-1, 14.3.3) that have a value."""
    moment = pdf_date(metadata.date)
    entries = {"Title": metadata.title, "Author": metadata.author, "Subject": metadata.subject, "Creator": TOOL}
    entries |= {"Producer": TOOL, "CreationDate": moment, "ModDate": moment}
    return {key: value for key, value in entries.items() if value}


def xmp_packet(metadata: Metadata, properties: Properties, base: bytes = b"") -> bytes:
    """Return the XMP packet (ISO 16684-1): the values of Info, then `properties`.

    `base` is a packet to start from. It holds structures that pikepdf cannot write.
    """
    moment = metadata.date.isoformat(timespec="seconds")
    shared: dict[str, str | list[str] | set[str]] = {
        "dc:format": "application/pdf",
        "dc:title": metadata.title,
        "dc:language": {metadata.language},
        "xmp:CreateDate": moment,
        "xmp:ModifyDate": moment,
        "xmp:MetadataDate": moment,
        "xmp:CreatorTool": TOOL,
        "pdf:Producer": TOOL,
    }
    if metadata.author:
        shared["dc:creator"] = [metadata.author]
    if metadata.subject:
        shared["dc:description"] = metadata.subject
    with pikepdf.new() as pdf:
        if base:
            pdf.Root.Metadata = pdf.make_stream(base)
        with PdfMetadata(pdf, pikepdf_mark=False, sync_docinfo=False) as written:
            for name, value in (shared | dict(properties)).items():
                written[name] = value
        return pdf.Root.Metadata.read_bytes()

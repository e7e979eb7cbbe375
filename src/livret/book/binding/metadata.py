"""Writes the metadata of a book: Info, XMP, and the output intent of an archive (ISO 14289-1, ISO 19005-3)."""

from __future__ import annotations

import zlib
from importlib.util import find_spec
from pathlib import Path

from livret.book.binding.pdf_syntax import Reference, array, dictionary, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import Metadata
from livret.book.xmp import info_entries, xmp_packet
from livret.findings import LivretError
from livret.translation import say

# PDF/A accepts the schema of PDF/UA only when the packet describes it (ISO 19005-3, 6.6.2.3.1).
_UA_SCHEMA = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def describe(writer: Writer, metadata: Metadata, *, is_archive: bool = False) -> tuple[Reference, dict[str, bytes]]:
    """Write title, author, subject, language and dates, with the same values in Info and in XMP.

    Return the reference to Info, and the entries for the catalog. Raises LivretError when an archive is asked for and
    the sRGB profile is missing.
    """
    info = writer.add(dictionary(**{key: text(value) for key, value in info_entries(metadata).items()}))
    properties = {"pdfuaid:part": "1"}
    if is_archive:
        properties |= {"pdfaid:part": "3", "pdfaid:conformance": "U"}
    packet = xmp_packet(metadata, properties, _UA_SCHEMA if is_archive else b"")
    # PDF/A requires that it is not compressed.
    described: dict[str, bytes] = {
        "Metadata": writer.add_stream(packet, dictionary(Type=b"/Metadata", Subtype=b"/XML"))
    }
    if is_archive:
        described["OutputIntents"] = array([_colours(writer)])
    return info, described


def _colours(writer: Writer) -> bytes:
    """Return the output intent: the colours of the book are sRGB (ISO 19005-3, 6.2.3).

    The profile comes with the engine. Raises LivretError when the engine does not have it.
    """
    engine = find_spec("weasyprint")
    profile = Path(engine.origin or "").parent / "pdf" / "sRGB2014.icc" if engine else Path()
    if not profile.is_file():
        raise LivretError(say("WeasyPrint has no sRGB profile, and an archive needs one"), say("install WeasyPrint 70"))
    colours = zlib.compress(profile.read_bytes(), 9)
    condition = text("sRGB IEC61966-2.1")
    return dictionary(
        Type=b"/OutputIntent",
        S=b"/GTS_PDFA1",
        OutputConditionIdentifier=condition,
        Info=condition,
        DestOutputProfile=writer.add_stream(colours, dictionary(Filter=b"/FlateDecode", N=b"3")),
    )

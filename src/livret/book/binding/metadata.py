"""What a book says of itself: Info, XMP, and for the archive its colours (ISO 14289-1, ISO 19005-3)."""

from __future__ import annotations

import zlib
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from livret import __version__
from livret.book.binding.pdf_syntax import Reference, array, dictionary, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import Metadata
from livret.findings import LivretError

# PDF/A knows the schema of PDF/UA only when it is described (ISO 19005-3, 6.6.2.3.1).
_UA_SCHEMA = """<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"""
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def describe(writer: Writer, metadata: Metadata, *, is_archive: bool = False) -> tuple[Reference, dict[str, bytes]]:
    """Write title, author, subject, language and dates into Info and, the same, into XMP.

    Gives Info, and what the catalog says of these things.
    """
    moment = metadata.date.strftime("D:%Y%m%d%H%M%S+00'00'")
    tool = f"Livret {__version__}"
    info = {"Title": metadata.title, "Author": metadata.author, "Subject": metadata.subject, "Creator": tool}
    info |= {"Producer": tool, "CreationDate": moment, "ModDate": moment}
    told = writer.add(dictionary(**{key: text(value) for key, value in info.items() if value}))
    packet = _xmp(metadata, tool, is_archive).encode()
    described: dict[str, bytes] = {
        "Metadata": writer.add_stream(packet, dictionary(Type=b"/Metadata", Subtype=b"/XML"))
    }
    if is_archive:
        described["OutputIntents"] = array([_colours(writer)])
    return told, described


def _colours(writer: Writer) -> bytes:
    """Say that the book's colours are sRGB (ISO 19005-3, 6.2.3), by the profile that comes with the engine.

    Raises LivretError when the engine has it no more.
    """
    engine = find_spec("weasyprint")
    profile = Path(engine.origin or "").parent / "pdf" / "sRGB2014.icc" if engine else Path()
    if not profile.is_file():
        raise LivretError("the engine brings no sRGB profile, which an archive needs", "install WeasyPrint 70")
    colours = zlib.compress(profile.read_bytes(), 9)
    condition = text("sRGB IEC61966-2.1")
    return dictionary(
        Type=b"/OutputIntent",
        S=b"/GTS_PDFA1",
        OutputConditionIdentifier=condition,
        Info=condition,
        DestOutputProfile=writer.add_stream(colours, dictionary(Filter=b"/FlateDecode", N=b"3")),
    )


def _xmp(metadata: Metadata, tool: str, is_archive: bool) -> str:
    """The XMP packet (ISO 16684-1), uncompressed as PDF/A and PDF/X want it."""
    moment = metadata.date.isoformat()
    language = escape(metadata.language)
    alternatives = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(metadata.title)}</rdf:li></rdf:Alt>'
    properties = [
        "<dc:format>application/pdf</dc:format>",
        f"<dc:title>{alternatives}</dc:title>",
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>",
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>",
        f"<xmp:MetadataDate>{moment}</xmp:MetadataDate><xmp:CreatorTool>{tool}</xmp:CreatorTool>",
        f"<pdf:Producer>{tool}</pdf:Producer>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ]
    if metadata.author:
        properties.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(metadata.author)}</rdf:li></rdf:Seq></dc:creator>")
    if metadata.subject:
        subject = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(metadata.subject)}</rdf:li></rdf:Alt>'
        properties.append(f"<dc:description>{subject}</dc:description>")
    if is_archive:
        properties += ["<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>", _UA_SCHEMA]
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _SPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces}>{"".join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>\n'
        '<?xpacket end="r"?>'
    )

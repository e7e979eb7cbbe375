"""What makes a PDF a PDF/X-4 (ISO 15930-7): what it says of itself, and the printing condition it is made for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, String

from livret import __version__

# Of the catalog: all else is for readers on a screen, or forbidden.
KEPT = frozenset({"/Type", "/Pages", "/PageLabels", "/Lang"})

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
}


@dataclass(frozen=True)
class OutputIntent:
    """The printing condition: its name in a registry (`FOGRA39`, `http://www.color.org`), in words, and as ICC profile.

    A condition that no registry knows, such as a printer's own, has no registry. The profile is one of an output device
    in CMYK.
    """

    identifier: str
    description: str
    registry: str | None
    profile: bytes


@dataclass(frozen=True)
class Identity:
    """Which file this is. `key` is the digest of all it is made of; `date` has a time zone, UTC."""

    title: str
    edition: str
    language: str
    date: datetime
    key: str
    author: str | None = None


def declare(pdf: Pdf, identity: Identity, intent: OutputIntent) -> None:
    """Make a PDF say that it is PDF/X-4, and remove from its catalog whatever is not for the press.

    Info and XMP tell the same, and /ID begins with the key.
    """
    for name in set(pdf.Root.keys()) - KEPT:
        del pdf.Root[name]
    pdf.Root.Lang = String(identity.language)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(_intent(pdf, intent))])
    tool = f"Livret {__version__}"
    xmp = _xmp(identity, tool).encode()
    pdf.Root.Metadata = pdf.make_stream(xmp, Type=Name.Metadata, Subtype=Name.XML)
    moment = String(identity.date.strftime("D:%Y%m%d%H%M%S+00'00'"))
    info = Dictionary(Title=String(identity.title), Creator=String(tool), Producer=String(tool), Trapped=Name.False_)
    info.CreationDate = info.ModDate = moment
    if identity.author:
        info.Author = String(identity.author)
    pdf.trailer.Info = pdf.make_indirect(info)
    permanent = String(_uuid("file", identity).bytes)
    pdf.trailer.ID = Array([permanent, permanent])


def _intent(pdf: Pdf, intent: OutputIntent) -> Dictionary:
    """The output intent (ISO 32000-1, 14.11.5), its profile aboard even when a registry knows the condition."""
    told = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(intent.identifier),
        OutputCondition=String(intent.description),
        Info=String(intent.description),
        DestOutputProfile=pdf.make_stream(intent.profile, N=4),
    )
    if intent.registry:
        told.RegistryName = String(intent.registry)
    return told


def _uuid(use: str, identity: Identity) -> uuid.UUID:
    """An identifier that follows from the key alone."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"livret:{use}:{identity.key}")


def _xmp(identity: Identity, tool: str) -> str:
    """The XMP packet (ISO 16684-1) with all that ISO 15930-7 asks for."""
    moment = identity.date.isoformat(timespec="seconds")
    title = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(identity.title)}</rdf:li></rdf:Alt>'
    properties = [
        "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>",
        "<dc:format>application/pdf</dc:format>",
        f"<dc:title>{title}</dc:title>",
        f"<dc:language><rdf:Bag><rdf:li>{escape(identity.language)}</rdf:li></rdf:Bag></dc:language>",
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>",
        f"<xmp:MetadataDate>{moment}</xmp:MetadataDate><xmp:CreatorTool>{tool}</xmp:CreatorTool>",
        f"<xmpMM:DocumentID>uuid:{_uuid('document', identity)}</xmpMM:DocumentID>",
        f"<xmpMM:InstanceID>uuid:{_uuid('instance', identity)}</xmpMM:InstanceID>",
        "<xmpMM:VersionID>1</xmpMM:VersionID><xmpMM:RenditionClass>default</xmpMM:RenditionClass>",
        f"<pdf:Producer>{tool}</pdf:Producer><pdf:Trapped>False</pdf:Trapped>",
    ]
    if identity.author:
        properties.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(identity.author)}</rdf:li></rdf:Seq></dc:creator>")
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _SPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces}>{"".join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>\n'
        '<?xpacket end="r"?>'
    )

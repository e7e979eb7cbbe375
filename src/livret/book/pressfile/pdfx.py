"""Declares a PDF as PDF/X-4 (ISO 15930-7): its metadata and its output intent."""

from __future__ import annotations

import uuid

from pikepdf import Array, Dictionary, Name, Pdf, String
from pikepdf.models.metadata import PdfMetadata

from livret.book.plan import Metadata
from livret.book.xmp import info_entries, xmp_packet
from livret.content.press.profile import PressProfile
from livret.content.schema.field_types import Binding

# The entries of the catalog that are kept. All others are for screens, or not allowed in PDF/X-4.
KEPT = frozenset({"/Type", "/Pages", "/PageLabels", "/Lang"})

PdfMetadata.register_xml_namespace("http://www.npes.org/pdfx/ns/id/", "pdfxid")


def declare(pdf: Pdf, metadata: Metadata, identity: str, profile: PressProfile, binding: Binding = "left") -> None:
    """Declare a PDF as PDF/X-4, in place, and remove from its catalog everything that is not for the press.

    Info and XMP have the same values. `identity` is unique for this file. The document ids and /ID are made from it.
    """
    for name in set(pdf.Root.keys()) - KEPT:
        del pdf.Root[name]
    pdf.Root.Lang = String(metadata.language)
    if binding == "right":
        # For whoever looks at spreads before they are printed, and for preflight: ISO 32000-1, table 150.
        pdf.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(_intent(pdf, profile))])
    properties = {
        "pdfxid:GTS_PDFXVersion": "PDF/X-4",
        "pdf:Trapped": "False",
        "xmpMM:DocumentID": f"uuid:{_uuid('document', identity)}",
        "xmpMM:InstanceID": f"uuid:{_uuid('instance', identity)}",
        "xmpMM:VersionID": "1",
        "xmpMM:RenditionClass": "default",
    }
    packet = xmp_packet(metadata, properties)
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    entries = {f"/{key}": String(value) for key, value in info_entries(metadata).items()}
    pdf.trailer.Info = pdf.make_indirect(Dictionary({**entries, "/Trapped": Name("/False")}))
    permanent = String(_uuid("file", identity).bytes)
    pdf.trailer.ID = Array([permanent, permanent])


def _intent(pdf: Pdf, profile: PressProfile) -> Dictionary:
    """Return the output intent (ISO 32000-1, 14.11.5).

    It always contains the ICC profile, even when the printing condition is in a registry.
    """
    condition = profile.condition
    assert condition is not None, "a profile that separates has a printing condition"
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(condition.identifier),
        OutputCondition=String(condition.description),
        Info=String(condition.description),
        DestOutputProfile=pdf.make_stream(profile.icc_bytes(), N=4),
    )
    if condition.registry:
        intent.RegistryName = String(condition.registry)
    return intent


def _uuid(use: str, identity: str) -> uuid.UUID:
    """Return an identifier that depends only on its use and the identity."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"livret:{use}:{identity}")

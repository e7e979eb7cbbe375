"""Looks into press files for tests, by pikepdf and pdfium: what keeps one from being a PDF/X-4 with true boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
from PIL import Image

from livret.measure import Rect

# Boxes are held to a hundredth of a point.
EXACT = 0.01
CATALOG = {"/Type", "/Pages", "/PageLabels", "/Lang", "/OutputIntents", "/Metadata"}
PAGE = {"/Type", "/Parent", "/Contents", "/Resources", "/Group", "/MediaBox", "/BleedBox", "/TrimBox"}
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
}


def faults(path: Path, width: float, height: float, bleed: float) -> tuple[str, ...]:
    """What is wrong with a press file whose pages are to be trimmed to `width` by `height`, in points."""
    with pikepdf.open(path) as pdf:
        found = [*_file_faults(path.read_bytes(), pdf), *_identity_faults(pdf), *_intent_faults(pdf)]
        found += _object_faults(pdf)
        for number, page in enumerate(pdf.pages, start=1):
            found += (f"page {number}: {fault}" for fault in _page_faults(page, width, height, bleed))
        if len({tuple(map(float, page.obj.get("/TrimBox", ()))) for page in pdf.pages}) > 1:
            found.append("trims differ")
    return tuple(found)


def _file_faults(content: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    if not content.startswith(b"%PDF-1.6\n"):
        yield "not PDF 1.6"
    if b"/ObjStm" in content or not re.search(rb"\nxref\n0 ", content):
        yield "no plain cross-reference table"
    if pdf.is_encrypted:
        yield "encrypted"
    if problems := pdf.check_pdf_syntax():
        yield f"syntax: {problems}"
    for name in sorted(set(pdf.Root.keys()) - CATALOG):
        yield f"{name} in the catalog"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "no /ID"


def _identity_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    packet = pdf.Root.get("/Metadata")
    if packet is None or "/Info" not in pdf.trailer:
        yield "no XMP or no Info"
        return
    if "/Filter" in packet:
        yield "XMP is compressed"
    told = ElementTree.fromstring(packet.read_bytes())
    wanted = {
        "pdfxid:GTS_PDFXVersion": "PDF/X-4",
        "pdf:Trapped": "False",
        "xmpMM:RenditionClass": "default",
        "xmpMM:VersionID": "1",
        "dc:format": "application/pdf",
    }
    for name, value in wanted.items():
        if told.findtext(f".//{name}", namespaces=PREFIXES) != value:
            yield f"{name} is not {value}"
    for name in ("xmpMM:DocumentID", "xmpMM:InstanceID"):
        if not re.fullmatch(r"uuid:[0-9a-f-]{36}", told.findtext(f".//{name}", "", PREFIXES)):
            yield f"{name} is no UUID"
    info = pdf.trailer.Info
    if str(info.get("/Trapped")) not in ("/True", "/False"):
        yield "Info does not say whether it is trapped"
    pairs = {
        "/Title": "dc:title//rdf:li",
        "/CreationDate": "xmp:CreateDate",
        "/ModDate": "xmp:ModifyDate",
        "/Creator": "xmp:CreatorTool",
        "/Producer": "pdf:Producer",
    }
    for key, name in pairs.items():
        said, also = str(info.get(key, "")), told.findtext(f".//{name}", "", PREFIXES)
        if key.endswith("Date"):
            # D:20190430000000+00'00' and 2019-04-30T00:00:00+00:00, as digits.
            said, also = (re.sub(r"\D", "", text) for text in (said, also))
        if not said or said != also:
            yield f"{key} is {said!r}, {name} {also!r}"


def _intent_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents: Any = pdf.Root.get("/OutputIntents", [])
    if len(intents) != 1:
        yield f"{len(intents)} output intents"
        return
    intent = intents[0]
    if intent.get("/S") != "/GTS_PDFX":
        yield "output intent is not for PDF/X"
    for name in ("/OutputConditionIdentifier", "/Info"):
        if not str(intent.get(name, "")):
            yield f"output intent has no {name}"
    profile = intent.get("/DestOutputProfile")
    if profile is None or profile.get("/N") != 4 or profile.read_bytes()[12:20] != b"prtrCMYK":
        yield "no CMYK profile embedded"


def _object_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            continue
        kind, use = item.get("/Type"), item.get("/S")
        if kind in ("/Annot", "/Action", "/StructTreeRoot", "/StructElem") or use in ("/JavaScript", "/URI"):
            yield f"an object {kind or use}"
        if kind == "/Font" and item.get("/Subtype") not in ("/Type0", "/Type3"):
            descriptor: Any = item.get("/FontDescriptor", {})
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield f"font {item.get('/BaseFont')} is not embedded"


def _page_faults(page: pikepdf.Page, width: float, height: float, bleed: float) -> Iterator[str]:
    for name in sorted(set(page.obj.keys()) - PAGE):
        yield f"{name} on the page"
    missing = {"/MediaBox", "/BleedBox", "/TrimBox"} - set(page.obj.keys())
    if missing:
        yield f"no {', '.join(sorted(missing))}"
        return
    media, bleeds, trim = (box(page, name) for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
    if not (_same(media.x0, 0) and _same(media.y0, 0)):
        yield "origin is not the corner of the MediaBox"
    if not (_same(trim.width, width) and _same(trim.height, height)):
        yield f"trimmed to {trim.width} x {trim.height}"
    grown = trim.grown(bleed)
    if not all(_same(*pair) for pair in zip(_sides(bleeds), _sides(grown), strict=True)):
        yield f"bleeds to {bleeds}"
    if media.around(bleeds) != media:
        yield "the MediaBox does not hold the BleedBox"
    if "/Group" in page.obj and page.obj.Group.get("/CS") != "/DeviceCMYK":
        yield "blends in another space than CMYK"


def box(page: pikepdf.Page, name: str) -> Rect:
    """A page box by its name."""
    values: Any = page.obj[name]
    return Rect(*map(float, values))


def _sides(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x0, rect.y0, rect.x1, rect.y1


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= EXACT


def picture(path: Path, page: int, scale: float = 2) -> Image.Image:
    """A page as pdfium draws it, `scale` pixels a point."""
    pdf = pypdfium2.PdfDocument(path.read_bytes())
    try:
        drawn: Image.Image = pdf[page].render(scale=scale).to_pil()
        return drawn.convert("RGB")
    finally:
        pdf.close()


def within(image: Image.Image, media: Rect, part: Rect, scale: float = 2) -> Image.Image:
    """What a picture of a whole sheet shows inside a part of it; pixels that are half inside are left out."""
    left, right = -(-(part.x0 - media.x0) * scale // 1), (part.x1 - media.x0) * scale // 1
    top, bottom = -(-(media.y1 - part.y1) * scale // 1), (media.y1 - part.y0) * scale // 1
    return image.crop((int(left), int(top), int(right), int(bottom)))

"""Makes small PDFs that are right for print in every detail, for tests to break.

Names and numbers are written as in the standards.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontTools.subset
import fontTools.ttLib
import pikepdf
from pikepdf import Array, Dictionary, Name, String

TOP = Path(__file__).resolve().parents[1]
# A5 and 3 mm of bleed, in points.
TRIM = [28.346, 28.346, 447.874, 623.622]
BLEED = [19.842, 19.842, 456.378, 632.126]
MEDIA = [0, 0, 476.22, 651.968]
DATE = "D:20190430120000+02'00'"

Change = Callable[[pikepdf.Pdf], None]


@lru_cache
def font_program() -> bytes:
    """Source Sans 3 with the letters of "Livret"."""
    font = fontTools.ttLib.TTFont(TOP / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf", recalcTimestamp=False)
    options = fontTools.subset.Options(layout_features=[], notdef_outline=True, glyph_names=False)
    subsetter = fontTools.subset.Subsetter(options)
    subsetter.populate(text="Livret")
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def composite_font(pdf: pikepdf.Pdf) -> Any:
    """The font of `font_program` with codes of two bytes, which are the numbers of its glyphs."""
    font = fontTools.ttLib.TTFont(io.BytesIO(font_program()))
    numbers = {letter: font.getGlyphID(font.getBestCmap()[ord(letter)]) for letter in "Livret"}
    units = font["head"].unitsPerEm
    widths = [metric[0] * 1000 / units for metric in (font["hmtx"][name] for name in font.getGlyphOrder())]
    lines = "".join(f"<{number:04X}> <{ord(letter):04X}>\n" for letter, number in numbers.items())
    table = f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(numbers)} beginbfchar\n{lines}endbfchar\n"
    descriptor = _descriptor(pdf, "FontFile2", pdf.make_stream(font_program()))
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/AAAAAA+SourceSans3"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=descriptor,
        CIDToGIDMap=Name.Identity,
        W=Array([0, Array([round(width, 3) for width in widths])]),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/AAAAAA+SourceSans3"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(table.encode()),
        )
    )


def shown(text: str = "Livret") -> str:
    """The codes of a text in the font of `composite_font`."""
    font = fontTools.ttLib.TTFont(io.BytesIO(font_program()))
    return "<" + "".join(f"{font.getGlyphID(font.getBestCmap()[ord(letter)]):04X}" for letter in text) + ">"


def _descriptor(pdf: pikepdf.Pdf, key: str, program: Any) -> Any:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/AAAAAA+SourceSans3"),
            Flags=4,
            FontBBox=Array([-200, -300, 1200, 1000]),
            ItalicAngle=0,
            Ascent=984,
            Descent=-273,
            CapHeight=660,
            StemV=80,
            **{key: program},
        )
    )


def simple_font(pdf: pikepdf.Pdf) -> Any:
    """The font of `font_program` with codes of one byte, in WinAnsiEncoding."""
    font = fontTools.ttLib.TTFont(io.BytesIO(font_program()))
    units, cmap = font["head"].unitsPerEm, font.getBestCmap()
    widths = [font["hmtx"][cmap[code]][0] * 1000 / units if code in cmap else 0 for code in range(32, 127)]
    descriptor = _descriptor(pdf, "FontFile2", pdf.make_stream(font_program()))
    descriptor.Flags = 32
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/AAAAAA+SourceSans3"),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=126,
            Widths=Array([round(width, 3) for width in widths]),
            FontDescriptor=descriptor,
        )
    )


PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Livret</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>2019-04-30T12:00:00+02:00</xmp:CreateDate><xmp:ModifyDate>2019-04-30T12:00:00+02:00</xmp:ModifyDate>
<xmp:MetadataDate>2019-04-30T12:00:00+02:00</xmp:MetadataDate>
<pdf:Trapped>False</pdf:Trapped><pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmpMM:DocumentID>uuid:00000000-0000-4000-8000-000000000001</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:00000000-0000-4000-8000-000000000002</xmpMM:InstanceID>
<xmpMM:VersionID>1</xmpMM:VersionID><xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def clean(pages: int = 1, content: str = "", resources: dict[str, Any] | None = None) -> pikepdf.Pdf:
    """A PDF/X-4 of A5 pages in CMYK with 3 mm of bleed, with a coloured ground and one line of text, or `content`."""
    pdf = pikepdf.new()
    font = composite_font(pdf)
    usual = f"0 0 0.2 0 k {BLEED[0]} {BLEED[1]} 436.536 612.284 re f "
    usual += f"0 0 0 1 k /GS gs BT /F1 14 Tf 80 300 Td {shown()} Tj ET"
    overprint = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(MEDIA[2], MEDIA[3]))
        page.TrimBox, page.BleedBox = Array(TRIM), Array(BLEED)
        page.Resources = Dictionary(Font=Dictionary(F1=font), ExtGState=Dictionary(GS=overprint), **(resources or {}))
        page.Contents = pdf.make_stream((content or usual).encode())
    profile = pdf.make_stream((TOP / "press" / "FOGRA39L_coated.icc").read_bytes(), N=4)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFX,
                OutputConditionIdentifier=String("FOGRA39"),
                RegistryName=String("http://www.color.org"),
                Info=String("FOGRA39"),
                DestOutputProfile=profile,
            )
        ]
    )
    pdf.Root.Metadata = pdf.make_stream(PACKET.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(Title=String("Livret"), CreationDate=String(DATE), ModDate=String(DATE), Trapped=Name("/False"))
    )
    return pdf


def written(pdf: pikepdf.Pdf, path: Path, version: str = "1.6") -> Path:
    """The file, as it was made; its id is made from its content."""
    pdf.save(path, force_version=version, fix_metadata_version=False, deterministic_id=True, compress_streams=False)
    return path


def broken(path: Path, change: Change, **how: Any) -> Path:
    """A clean file with one change."""
    pdf = clean(**how)
    change(pdf)
    return written(pdf, path)

"""Preflight for print: each fault is told by its rule and by no other, and clean files are clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf.generic
import pytest
from pikepdf import Array, Dictionary, Name, String

import printable
from livret.control import preflight
from livret.findings import Severity
from press import livret_here
from printable import broken, clean, written

Found = set[tuple[str, str]]


def found(path: Path, profile: str = "pdfx4") -> Found:
    """Which rules a file breaks, and how severe each is."""
    judged, wrong = preflight.print_profile_named(profile)
    assert judged is not None, wrong
    return {(one.rule, one.severity.value) for one in preflight.judge(path, judged).findings}


@pytest.mark.parametrize("profile", ["pdfx4", *sorted(preflight.PRINT_PROFILES), "coated-fogra39", "digital", "office"])
def test_a_clean_file_has_no_finding(profile: str, tmp_path: Path) -> None:
    pages = 4 if profile in ("coated-fogra39", "digital", "office") else 1
    assert found(written(clean(pages), tmp_path / "clean.pdf"), profile) == set()


def test_the_profiles_have_the_usual_short_names() -> None:
    names = """pdfx4 sheetcmyk-cmyk sheetcmyk-cmyk-plus-rgb sheetspot-cmyk sheetspot-cmyk-plus-rgb webcmyk-cmyk
        webcmyk-cmyk-plus-rgb webcmyknews-cmyk webcmyknews-cmyk-plus-rgb webspot-cmyk webspot-cmyk-plus-rgb
        magazine-ads-cmyk magazine-ads-cmyk-plus-rgb newspaper-ads-cmyk newspaper-ads-cmyk-plus-rgb digital-print"""
    assert set(preflight.PRINT_PROFILES) == set(names.split())


def info(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        if value is None:
            del pdf.trailer.Info[key]
        else:
            pdf.trailer.Info[key] = value

    return change


def xmp(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        assert old in printable.PACKET
        pdf.Root.Metadata = pdf.make_stream(printable.PACKET.replace(old, new).encode())

    return change


def page(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        if value is None:
            del pdf.pages[0].obj[key]
        else:
            pdf.pages[0].obj[key] = value

    return change


def root(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = value

    return change


def intent(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        holder = pdf.Root.OutputIntents[0]
        if value is None:
            del holder[key]
        else:
            holder[key] = value

    return change


def profile(at: int, value: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Some bytes of the ICC profile changed."""

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.Root.OutputIntents[0].DestOutputProfile
        raw = stream.read_bytes()
        stream.write(raw[:at] + value + raw[at + len(value) :])

    return change


def state(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[0].Resources.ExtGState.GS[f"/{key}"] = value

    return change


def drawn(raw: bytes = b"", **entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """A form on the page, with these entries."""

    def change(pdf: pikepdf.Pdf) -> None:
        given = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 10, 10])} | entries
        pdf.pages[0].Resources.XObject = Dictionary(Form=pdf.make_stream(raw, **given))

    return change


def pictured(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    given = {"Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceCMYK}
    return drawn(b"\x00\x00\x00\x00", **{**given, "BBox": None, **entries})


def note(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        given = {"Type": Name.Annot, "Subtype": Name.Text, "Rect": Array([100, 100, 120, 120])} | entries
        pdf.pages[0].obj.Annots = Array([Dictionary(**given)])

    return change


def layers(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Text")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), **entries)

    return change


NAMED = Dictionary(Name=String("Print"))
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
OUTSIDE = Array([1, 1, 10, 10])

FAULTS: dict[str, tuple[Callable[[pikepdf.Pdf], None], Found]] = {
    # What the file says of itself
    "Trapped is missing": (info("/Trapped", None), {("trapped", "error")}),
    "Trapped has a wrong name": (info("/Trapped", Name("/False_")), {("trapped", "error")}),
    "Trapped is unknown": (info("/Trapped", Name("/Unknown")), {("trapped", "error")}),
    "Trapped is a boolean": (info("/Trapped", False), {("trapped", "error")}),
    "Trapped is a string": (info("/Trapped", String("False")), {("trapped", "error")}),
    "Trapped is true in Info alone": (info("/Trapped", Name("/True")), {("metadata-differs", "error")}),
    "another title in Info": (info("/Title", String("Other")), {("metadata-differs", "error")}),
    "another date in Info": (
        info("/CreationDate", String("D:20190430120100+02'00'")),
        {("metadata-differs", "error")},
    ),
    "the same date in another time zone": (info("/CreationDate", String("D:20190430100000Z")), set()),
    "the same date without a time zone": (info("/CreationDate", String("D:20190430100000")), set()),
    "another date without a time zone": (
        info("/CreationDate", String("D:20190430120100")),
        {("metadata-differs", "error")},
    ),
    "no title in Info": (info("/Title", None), set()),
    "no title in the metadata": (
        xmp('<rdf:li xml:lang="x-default">Livret</rdf:li>', ""),
        {("no-document-title", "error")},
    ),
    "no date in the metadata": (
        xmp("<xmp:CreateDate>2019-04-30T12:00:00+02:00</xmp:CreateDate>", ""),
        {("no-document-date", "error")},
    ),
    "no mark of PDF/X": (
        xmp("<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>", ""),
        {("no-pdfx-mark", "error")},
    ),
    "the mark of PDF/X-3": (xmp(">PDF/X-4<", ">PDF/X-3:2003<"), {("no-pdfx-mark", "error")}),
    "no id of the document": (
        xmp("<xmpMM:VersionID>1</xmpMM:VersionID>", ""),
        {("no-document-id", "warning")},
    ),
    "metadata that is no XML": (xmp("</rdf:RDF>", ""), {("bad-xmp", "error")}),
    # The printing condition
    "no condition": (intent("/OutputConditionIdentifier", None), {("intent-without-condition", "error")}),
    "an empty condition": (intent("/OutputConditionIdentifier", String(" ")), {("intent-without-condition", "error")}),
    "no profile": (intent("/DestOutputProfile", None), {("no-output-profile", "error")}),
    "an intent for PDF/A": (intent("/S", Name.GTS_PDFA1), {("no-output-intent", "error")}),
    "the profile of a screen": (profile(12, b"mntr"), {("output-profile-class", "error")}),
    "the profile of a scanner": (profile(12, b"scnr"), {("output-profile-class", "error")}),
    "the profile of six inks": (profile(16, b"6CLR"), {("output-profile-colours", "error")}),
    "a profile of version 5": (profile(8, b"\x05"), {("output-profile-version", "error")}),
    "a profile of version 4": (profile(8, b"\x04\x20"), set()),
    "no profile but text": (profile(36, b"text"), {("bad-output-profile", "error")}),
    # Pages
    "no TrimBox": (page("/TrimBox", None), {("no-trim-box", "error")}),
    "ArtBox beside TrimBox": (page("/ArtBox", Array(printable.TRIM)), {("trim-and-art-box", "error")}),
    "TrimBox outside BleedBox": (page("/BleedBox", Array([40, 40, 400, 600])), {("box-nesting", "error")}),
    "TrimBox just outside BleedBox": (
        page("/BleedBox", Array([28.5, 28.346, 447.874, 623.622])),
        {("box-nesting", "error")},
    ),
    "BleedBox as small as TrimBox": (page("/BleedBox", Array(printable.TRIM)), set()),
    "BleedBox outside MediaBox": (page("/BleedBox", Array([-10, 0, 476, 651])), {("box-nesting", "error")}),
    "BleedBox outside CropBox": (page("/CropBox", Array([25, 25, 450, 630])), set()),
    "TrimBox outside CropBox": (page("/CropBox", Array([30, 25, 450, 630])), {("box-nesting", "error")}),
    "a box with two numbers": (page("/BleedBox", Array([1, 2])), {("bad-box", "error")}),
    "a box without area": (page("/BleedBox", Array([20, 20, 20, 600])), {("bad-box", "error")}),
    "UserUnit": (page("/UserUnit", 2), set()),
    # What has no place on paper
    "a note on the page": (note(), {("annotation-in-print-area", "error")}),
    "a note in the bleed": (note(Rect=Array([20, 20, 26, 26])), {("annotation-in-print-area", "error")}),
    "a note outside the bleed": (note(Rect=OUTSIDE), set()),
    "a printer's mark": (note(Subtype=Name.PrinterMark), set()),
    "a link": (
        note(Rect=OUTSIDE, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org"))),
        {("action", "error")},
    ),
    "a note with JavaScript": (note(Rect=OUTSIDE, A=SCRIPT), {("javascript", "error")}),
    "JavaScript at the start": (root("/OpenAction", SCRIPT), {("javascript", "error")}),
    "named JavaScript": (
        root("/Names", Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))),
        {("javascript", "error")},
    ),
    "an action at the start": (
        root("/OpenAction", Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
        {("action", "error")},
    ),
    "a view at the start": (root("/OpenAction", Array([0, Name.Fit])), set()),
    "a page that acts": (page("/AA", Dictionary(O=SCRIPT)), {("javascript", "error")}),
    "an attachment": (
        root("/Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), Dictionary(F=String("a"))])))),
        {("embedded-file", "error")},
    ),
    "a form field": (
        root("/AcroForm", Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("a"))]))),
        {("form-fields", "error")},
    ),
    "a form without fields": (root("/AcroForm", Dictionary(Fields=Array([]))), set()),
    "an XFA form": (
        root("/AcroForm", Dictionary(Fields=Array([]), XFA=String("<xdp/>"))),
        {("xfa-form", "error")},
    ),
    "layers": (layers(D=NAMED), set()),
    "layers without a name": (layers(D=Dictionary()), {("layers-without-name", "warning")}),
    "layers without a setting": (layers(), {("no-layer-setting", "error")}),
    "a second setting without a name": (
        layers(D=NAMED, Configs=Array([Dictionary()])),
        {("layer-without-name", "error")},
    ),
    # What cannot be printed surely
    "a transfer curve": (state(TR=Name.Identity), {("transfer-curve", "error")}),
    "a second transfer curve": (state(TR2=Name.Identity), {("transfer-curve", "error")}),
    "the default transfer curve": (state(TR2=Name.Default), set()),
    "a moved halftone": (state(HTP=Array([1, 1])), {("halftone", "error")}),
    "a named halftone": (
        state(HT=Dictionary(HalftoneType=1, Frequency=60, Angle=45, SpotFunction=Name.Round, HalftoneName=String("a"))),
        {("halftone", "error")},
    ),
    "a halftone": (state(HT=Dictionary(HalftoneType=1, Frequency=60, Angle=45, SpotFunction=Name.Round)), set()),
    "an unknown blend mode": (state(BM=Name("/Glow")), {("unknown-blend-mode", "error")}),
    "a blend mode": (state(BM=Name.Multiply), set()),
    "an unknown rendering intent": (state(RI=Name("/Pretty")), {("unknown-rendering-intent", "error")}),
    "a rendering intent": (state(RI=Name.Perceptual), set()),
    "PostScript": (drawn(b"showpage", Subtype=Name.PS), {("postscript-object", "error")}),
    "a form that is PostScript": (drawn(Subtype2=Name.PS), {("postscript-object", "error")}),
    "OPI": (drawn(OPI=Dictionary()), {("opi", "error")}),
    "a form that refers to another file": (
        drawn(Ref=Dictionary(F=String("a.pdf"), Page=0)),
        {("reference-object", "error")},
    ),
    "other versions of a picture": (
        pictured(Alternates=Array([Dictionary(DefaultForPrinting=True)])),
        {("alternate-image", "error")},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_by_its_rule_alone(name: str, tmp_path: Path) -> None:
    change, rules = FAULTS[name]
    assert found(broken(tmp_path / "fault.pdf", change)) == rules


@pytest.mark.parametrize(
    ("version", "rules"),
    [
        ("1.4", {("pdf-version", "error")}),
        ("1.5", {("pdf-version", "error")}),
        ("1.6", set()),
        ("1.7", {("newer-pdf-version", "warning")}),
        ("2.0", {("pdf-version", "error")}),
    ],
)
def test_the_version_is_that_of_pdfx4(version: str, rules: Found, tmp_path: Path) -> None:
    assert found(written(clean(), tmp_path / "file.pdf", version)) == rules


def test_lzw_is_told(tmp_path: Path) -> None:
    # "-----A---B" of the PDF reference, as LZW.
    packed = bytes.fromhex("800B6050220C0C8501")

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"", Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
        stream.write(packed, filter=Name.LZWDecode)
        pdf.pages[0].Resources.XObject = Dictionary(Form=stream)

    pdf = clean()
    change(pdf)
    pdf.save(
        tmp_path / "file.pdf",
        force_version="1.6",
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=False,
        deterministic_id=True,
    )
    assert found(tmp_path / "file.pdf") == {("lzw-compression", "error")}


def test_a_protected_file_is_told(tmp_path: Path) -> None:
    clean().save(tmp_path / "file.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    assert found(tmp_path / "file.pdf") == {("encrypted-file", "error")}


def test_a_file_without_an_id_is_told(tmp_path: Path) -> None:
    path = written(clean(), tmp_path / "file.pdf")
    path.write_bytes(path.read_bytes().replace(b"/ID [", b"/Id ["))
    assert found(path) == {("no-file-id", "error")}


@pytest.mark.parametrize("bytes_", [b"", b"hello", b"%PDF-1.6\n", b"%PDF-1.6\ntrailer << /Root 1 0 R >>\n%%EOF"])
def test_what_is_no_pdf_is_told(bytes_: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.pdf").write_bytes(bytes_)
    assert found(tmp_path / "file.pdf") == {("unusable-file", "error")}


# --- Fonts ---


def font(change: Callable[[pikepdf.Pdf, Any], None], make: Callable[..., Any] = printable.composite_font) -> Any:
    def changed(pdf: pikepdf.Pdf) -> None:
        own = make(pdf)
        change(pdf, own)
        pdf.pages[0].Resources.Font.F1 = own

    return changed


def widths(add: float) -> Callable[[pikepdf.Pdf, Any], None]:
    def change(pdf: pikepdf.Pdf, own: Any) -> None:
        if "/Widths" in own:
            own.Widths[ord("L") - 32] = float(own.Widths[ord("L") - 32]) + add
        else:
            own.DescendantFonts[0].W[1][1] = float(own.DescendantFonts[0].W[1][1]) + add

    return change


def test_right_widths_of_one_byte_codes_are_right(tmp_path: Path) -> None:
    path = broken(
        tmp_path / "file.pdf", font(lambda pdf, own: None, printable.simple_font), content="BT /F1 14 Tf (L) Tj ET"
    )
    assert found(path) == set()


@pytest.mark.parametrize("make", [printable.composite_font, printable.simple_font])
@pytest.mark.parametrize(("add", "rules"), [(1, set()), (-1, set()), (1.1, {("wrong-glyph-widths", "error")})])
def test_widths_may_differ_by_a_thousandth(make: Any, add: float, rules: Found, tmp_path: Path) -> None:
    path = broken(tmp_path / "file.pdf", font(widths(add), make), content="BT /F1 14 Tf (L) Tj ET")
    assert found(path) == rules


def test_what_is_broken_in_an_array_of_widths_is_passed_over(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        font = pdf.pages[0].Resources.Font.F1.DescendantFonts[0]
        right = [float(one) for one in font.W[1]]
        font.W = Array([Name.Wrong, 0, Array(right), 60000, 60001, Array([500]), 2, 2, right[2] + 3])

    assert found(printable.broken(tmp_path / "widths.pdf", change)) == {("wrong-glyph-widths", "error")}


@pytest.mark.parametrize("form", ["utf-8", "utf-16-be", "utf-16-le", "utf-16", "utf-32-be", "utf-32-le"])
def test_the_metadata_may_be_in_any_form_of_unicode(form: str, tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(printable.PACKET.encode(form))

    assert found(broken(tmp_path / "file.pdf", change)) == set()


def test_the_title_in_info_may_name_its_language(tmp_path: Path) -> None:
    title = String(b"\xfe\xff\x00\x1b\x00f\x00r\x00\x1b" + "Livret".encode("utf-16-be"))
    assert found(broken(tmp_path / "file.pdf", info("/Title", title))) == set()


def test_a_font_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf, own: Any) -> None:
        del own.DescendantFonts[0].FontDescriptor.FontFile2

    assert found(broken(tmp_path / "file.pdf", font(change))) == {("unembedded-font", "error")}


def test_a_font_that_no_text_uses_may_be_missing(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].Resources.Font.F2 = helvetica

    assert found(broken(tmp_path / "file.pdf", change)) == set()


def test_a_standard_font_has_to_be_embedded(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf, own: Any) -> None:
        for key in list(own.keys()):
            del own[key]
        own.update(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )

    assert found(broken(tmp_path / "file.pdf", font(change))) == {("unembedded-font", "error")}


def test_a_truetype_font_with_long_offsets_is_read(tmp_path: Path) -> None:
    """A large font gives the places of its glyphs in four bytes each (head: indexToLocFormat 1)."""
    program = (printable.TOP / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf").read_bytes()
    tables = {program[at : at + 4]: int.from_bytes(program[at + 8 : at + 12], "big") for at in range(12, 300, 16)}
    assert program[tables[b"head"] + 50 :][:2] == b"\x00\x01"

    def change(pdf: pikepdf.Pdf) -> None:
        font = pdf.pages[0].Resources.Font.F1.DescendantFonts[0]
        font.W = Array([])
        font.FontDescriptor.FontFile2 = pdf.make_stream(program)

    assert found(broken(tmp_path / "file.pdf", change)) == set()


@pytest.mark.parametrize(
    "damaged",
    [
        lambda program: b"\x00\x01\x00\x00 no font",
        lambda program: b"no font at all",
        lambda program: program[:200],
        lambda program: program.replace(b"hmtx", b"none", 1),
        lambda program: program[: int.from_bytes(program[program.index(b"hmtx") + 8 :][:4], "big") + 3],
    ],
    ids=["only its start", "something else", "its head", "no widths", "half of its widths"],
)
def test_a_font_that_cannot_be_read_is_told(tmp_path: Path, damaged: Callable[[bytes], bytes]) -> None:
    def change(pdf: pikepdf.Pdf, own: Any) -> None:
        descriptor = own.DescendantFonts[0].FontDescriptor
        descriptor.FontFile2 = pdf.make_stream(damaged(bytes(descriptor.FontFile2.read_bytes())))

    assert found(broken(tmp_path / "file.pdf", font(change))) == {("broken-font", "error")}


def test_a_font_without_unicode_is_doubtful(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf, own: Any) -> None:
        del own.ToUnicode

    assert found(broken(tmp_path / "file.pdf", font(change))) == {("font-without-tounicode", "warning")}


# --- Device colours ---


def rgb_intent(pdf: pikepdf.Pdf) -> None:
    stream = pdf.Root.OutputIntents[0].DestOutputProfile
    raw = stream.read_bytes()
    stream.write(raw[:16] + b"RGB " + raw[20:])
    stream.N = 3


def gray_intent(pdf: pikepdf.Pdf) -> None:
    stream = pdf.Root.OutputIntents[0].DestOutputProfile
    raw = stream.read_bytes()
    stream.write(raw[:16] + b"GRAY" + raw[20:])
    stream.N = 1


def no_change(pdf: pikepdf.Pdf) -> None:
    return None


@pytest.mark.parametrize(
    ("paint", "change", "told"),
    [
        ("1 0 0 rg", no_change, True),
        ("0.5 g", no_change, False),
        ("1 0 0 0 k", no_change, False),
        ("1 0 0 0 k", rgb_intent, True),
        ("0.5 g", rgb_intent, True),
        ("1 0 0 rg", rgb_intent, False),
        ("0.5 g", gray_intent, False),
        ("1 0 0 0 k", gray_intent, True),
    ],
)
def test_a_device_colour_has_to_be_that_of_the_printing_condition(
    paint: str, change: Callable[[pikepdf.Pdf], None], told: bool, tmp_path: Path
) -> None:
    path = broken(tmp_path / "file.pdf", change, content=f"{paint} 100 100 50 50 re f")
    assert found(path) == ({("device-colour", "error")} if told else set())


# --- The variants of GWG 2022 ---

# Which family takes what as an error (E), a warning (W), or does not look (-): magazine ads, newspaper ads, sheet,
# sheet with spot colours, web, web with spot colours, newsprint, digital. From the workbook "GWG 2022", Variants.
FAMILIES = "magazine-ads newspaper-ads sheetcmyk sheetspot webcmyk webspot webcmyknews".split()
WORDS = {"E": "error", "W": "warning"}


def both(family: str) -> tuple[str, ...]:
    return (f"{family}-cmyk", f"{family}-cmyk-plus-rgb")


def smaller_second(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.TrimBox = Array([28.346, 28.346, 447.874, 620])


GWG_FAULTS: dict[str, tuple[Callable[[pikepdf.Pdf], None], int, str, str, str]] = {
    "UserUnit": (page("/UserUnit", 1), 1, "user-unit", "R0002", "EEEEEEEE"),
    "CropBox": (page("/CropBox", Array([1, 0, 476.22, 651.968])), 1, "crop-box", "R0003", "EEEEEEEE"),
    "Rotate": (page("/Rotate", 90), 1, "page-rotated", "R0004", "--WWEEEW"),
    "sizes": (smaller_second, 3, "page-size", "R0004", "--WWEEEW"),
    "pages": (lambda pdf: None, 2, "too-many-pages", "R0006", "EE------"),
    "configs": (layers(D=NAMED, Configs=Array([NAMED])), 1, "optional-content-configs", "R0034", "EE------"),
    "intent": (rgb_intent, 1, "output-intent-not-cmyk", "R0035", "EEEEEEEE"),
}


@pytest.mark.parametrize("name", GWG_FAULTS)
def test_variants_of_gwg_weigh_a_fault_as_the_workbook_says(name: str, tmp_path: Path) -> None:
    change, pages, rule, clause, letters = GWG_FAULTS[name]
    path = broken(tmp_path / "fault.pdf", change, pages=pages)
    variants = [variant for family in FAMILIES for variant in both(family)] + ["digital-print"]
    for variant in variants:
        letter = letters[FAMILIES.index(variant.partition("-cmyk")[0])] if variant != "digital-print" else letters[-1]
        # Fifteen variants: Ghostscript need not measure the ink for each.
        asked = preflight.Asked(with_ink=False)
        findings = preflight.judge(path, preflight.PRINT_PROFILES[variant], asked=asked).findings
        told = {(one.rule, one.severity.value, one.standard, one.clause) for one in findings}
        # A file of several pages is one fault more for an advertisement.
        told -= {("too-many-pages", "error", "GWG 2022", "R0006")} if name == "sizes" else set()
        wanted = {(rule, WORDS[letter], "GWG 2022", clause)} if letter != "-" else set()
        assert told == wanted, variant


def test_a_box_that_is_the_same_to_a_tenth_of_a_point_is_the_same(tmp_path: Path) -> None:
    path = broken(tmp_path / "file.pdf", page("/CropBox", Array([0, 0, 476.2, 652])))
    assert found(path, "sheetcmyk-cmyk") == set()


def test_a_variant_tells_that_the_base_is_broken(tmp_path: Path) -> None:
    path = broken(tmp_path / "file.pdf", info("/Trapped", Name("/False_")))
    assert found(path, "sheetcmyk-cmyk") == {("trapped", "error"), ("not-pdfx4", "error")}


# --- Press profiles ---


def bleed(left: float) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for one in pdf.pages:
            one.obj.BleedBox = Array([28.346 - left, 19.842, 456.378, 632.126])

    return change


@pytest.mark.parametrize(
    ("left", "rules"), [(8.504, set()), (8.3, {("no-bleed", "error")}), (0, {("no-bleed", "error")})]
)
def test_the_bleed_of_a_press_profile_is_checked(left: float, rules: Found, tmp_path: Path) -> None:
    # 3 mm are 8.504 points. The left edge of an even page is cut, that of an odd page lies at the fold.
    assert found(broken(tmp_path / "file.pdf", bleed(left), pages=4), "coated-fogra39") == rules


@pytest.mark.parametrize(
    ("pages", "rules"), [(3, {("page-multiple", "error")}), (4, set()), (5, {("page-multiple", "error")})]
)
def test_the_number_of_pages_can_be_bound(pages: int, rules: Found, tmp_path: Path) -> None:
    assert found(written(clean(pages), tmp_path / "file.pdf"), "coated-fogra39") == rules


def test_a_press_profile_names_the_variant_it_builds_on(catalogue_folder: Any) -> None:
    own = (printable.TOP / "press" / "coated-fogra39.yaml").read_text()
    folder = Path(catalogue_folder.root)
    (folder / "press").mkdir(exist_ok=True)
    (folder / "press" / "web.yaml").write_text(own.replace("colour: cmyk", "colour: cmyk\nvariant: webcmyk-cmyk"))
    path = broken(folder / "file.pdf", page("/Rotate", 180), pages=4)
    judged, wrong = preflight.print_profile_named("web", folder)
    assert judged is not None, wrong
    assert [(one.rule, one.severity) for one in preflight.judge(path, judged).findings] == [
        ("page-rotated", Severity.ERROR)
    ]


# --- What a finding says ---


def test_a_finding_says_where_it_is_for_people_and_for_programs(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 2, Dictionary(S=Name.D, St=1)]))
        note(Rect=Array([56.693, 509.0, 85.039, 566.929]))(pdf)
        pdf.pages[2].obj.Annots = pdf.pages[0].obj.Annots
        del pdf.pages[0].obj.Annots

    path = broken(tmp_path / "file.pdf", change, pages=4)
    (one,) = preflight.judge(path, preflight.PRINT_PROFILES["pdfx4"], "file.pdf").findings
    told = one.as_dict()
    assert (told["page"], told["folio"], told["box"]) == (3, "1", [56.693, 509.0, 85.039, 566.929])
    assert told["box_mm"] == [10.0, 20.0, 10.0, 20.44]
    assert (told["standard"], told["clause"], told["file"]) == ("ISO 15930-7", "6.17", "file.pdf")
    assert "page 3 (folio 1), 10 x 20 mm at 10, 20 mm from the top left" in one.text()


def test_findings_of_a_file_begin_with_the_most_serious(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        page("/Rotate", 90)(pdf)
        page("/UserUnit", 2)(pdf)

    path = broken(tmp_path / "file.pdf", change, pages=2)
    run = livret_here("preflight", path, "--profile", "sheetcmyk-cmyk")
    lines = [line for line in run.err.splitlines() if "hint" not in line]
    assert [line.partition(": ")[2].partition(":")[0] for line in lines[:2]] == ["error", "warning"]


def test_preflight_ends_with_1_on_errors_alone(tmp_path: Path) -> None:
    warned = broken(tmp_path / "warned.pdf", page("/Rotate", 90))
    wrong = broken(tmp_path / "wrong.pdf", page("/UserUnit", 2))
    assert livret_here("preflight", warned, "--profile", "sheetcmyk-cmyk").code == 0
    assert livret_here("preflight", warned, "--profile", "sheetcmyk-cmyk", "--strict").code == 1
    assert livret_here("preflight", wrong, "--profile", "sheetcmyk-cmyk").code == 1


def test_an_unknown_profile_is_a_wrong_call(tmp_path: Path) -> None:
    run = livret_here("preflight", written(clean(), tmp_path / "a.pdf"), "--profile", "sheetcmyk-cmik")
    assert run.code == 2
    assert "sheetcmyk-cmyk" in run.err


def test_an_allowed_rule_is_told_with_its_reason(tmp_path: Path) -> None:
    path = broken(tmp_path / "file.pdf", page("/UserUnit", 2))
    said = ("--allow", "user-unit", "--because", "the poster is printed at 200 %")
    run = livret_here("preflight", path, "--profile", "sheetcmyk-cmyk", *said, "--format", "json")
    (one,) = run.told["findings"]
    assert run.code == 0
    assert (one["rule"], one["severity"], one["allowed_because"]) == (
        "user-unit",
        "note",
        "the poster is printed at 200 %",
    )


def test_a_rule_that_is_allowed_and_not_broken_is_told(tmp_path: Path) -> None:
    path = written(clean(), tmp_path / "file.pdf")
    run = livret_here("preflight", path, "--profile", "pdfx4", "--allow", "trapped", "--because", "they trap")
    assert 'nothing in the file breaks the rule "trapped"' in run.err


def test_a_reason_has_to_be_given(tmp_path: Path) -> None:
    run = livret_here("preflight", written(clean(), tmp_path / "a.pdf"), "--profile", "pdfx4", "--allow", "trapped")
    assert run.code == 2


def test_a_rule_that_is_broken_often_is_counted(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for one in pdf.pages:
            one.obj.UserUnit = 2

    path = broken(tmp_path / "file.pdf", change, pages=60)
    findings = preflight.judge(path, preflight.PRINT_PROFILES["sheetcmyk-cmyk"]).findings
    assert len(findings) == 51
    assert findings[-1].message.startswith("and 10 more of this kind")


def test_a_file_that_was_saved_twice_by_adding_to_its_end_is_not_damaged(tmp_path: Path) -> None:
    path = written(clean(2), tmp_path / "file.pdf")
    for day in (1, 2):
        writer = pypdf.PdfWriter(str(path), incremental=True)
        writer.pages[0][pypdf.generic.NameObject("/LastModified")] = pypdf.generic.TextStringObject(f"D:2019050{day}")
        writer.write(str(path))
    assert path.read_bytes().count(b"%%EOF") == 3
    assert preflight.judge(path, preflight.PRINT_PROFILES["sheetcmyk-cmyk"]).findings == ()

"""Makes small PDFs by hand, with pikepdf, for the tests of preflight for print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from livret.control.preflight.pdf_objects import opened
from livret.control.preflight.print.content_rules.checking import ContentCheck
from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.profiles import VARIANTS

# A page of 300 x 400 points with a bleed of 3 mm, in a medium with room for marks.
MEDIA = (0, 0, 360, 460)
TRIM = (30, 30, 330, 430)
BLEED = (21.5, 21.5, 338.5, 438.5)
# Grey that fills page and bleed, so that what follows lies on something.
GROUND = b"0 0 0 0.2 k 0 0 360 460 re f\n"


def font(pdf: Pdf, base: str = "ABCDEF+Some-Sans") -> Dictionary:
    """A simple font, each letter half as wide as the font is high."""
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/" + base),
        Encoding=Name.WinAnsiEncoding,
        FirstChar=0,
        LastChar=255,
        Widths=Array([500] * 256),
    )


def tint(pdf: Pdf, names: int = 1) -> Any:
    """A function from tints to CMYK."""
    if names == 1:
        return Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 0.5, 0])
    body = b"{ " + b"pop " * names + b"0 0 0 0 }"
    return Stream(pdf, body, FunctionType=4, Domain=[0, 1] * names, Range=[0, 1] * 4)


def separation(pdf: Pdf, name: str, alternate: Any = None, function: Any = None) -> Array:
    """A Separation colour space."""
    return Array([Name.Separation, Name("/" + name), alternate or Name.DeviceCMYK, function or tint(pdf)])


def device_n(pdf: Pdf, *names: str) -> Array:
    """A DeviceN colour space."""
    return Array(
        [Name.DeviceN, Array([Name("/" + one) for one in names]), Name.DeviceCMYK, tint(pdf, max(2, len(names)))]
    )


def icc(pdf: Pdf, parts: int) -> Array:
    """An ICCBased colour space, with a profile that says no more than its number of colours."""
    signature = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}[parts]
    return Array([Name.ICCBased, Stream(pdf, bytes(16) + signature + bytes(108), N=parts)])


def image(pdf: Pdf, width: int = 10, height: int = 10, space: Any = None, bits: int = 8, **more: Any) -> Stream:
    """A picture with empty samples."""
    row = (width * (4 if space is None else 1) * bits + 7) // 8
    return Stream(
        pdf,
        b"\x40" * row * height,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceCMYK if space is None else space,
        BitsPerComponent=bits,
        **more,
    )


def form(pdf: Pdf, content: bytes, **more: Any) -> Stream:
    """A form XObject that covers the page."""
    return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 360, 460], **more)


class Maker:
    """A file in the making. Its resources are shared by all pages."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.resources = Dictionary(
            Font=Dictionary(F1=font(self.pdf)),
            ExtGState=Dictionary(
                Over=Dictionary(OP=True, op=True, OPM=1),
                OverMode0=Dictionary(OP=True, op=True, OPM=0),
                Knock=Dictionary(OP=False, op=False),
                Half=Dictionary(CA=0.5, ca=0.5),
                Multiply=Dictionary(BM=Name.Multiply),
            ),
            ColorSpace=Dictionary(),
            XObject=Dictionary(),
            Pattern=Dictionary(),
            Shading=Dictionary(),
            Properties=Dictionary(),
        )

    def put(self, kind: str, name: str, value: Any) -> None:
        """Add a resource."""
        self.resources[Name("/" + kind)][Name("/" + name)] = value

    def page(self, content: bytes, **more: Any) -> None:
        """Add a page."""
        boxes: Mapping[str, Sequence[float]] = {"MediaBox": MEDIA, "TrimBox": TRIM, "BleedBox": BLEED}
        page = Dictionary(Type=Name.Page, Resources=self.resources, Contents=self.pdf.make_stream(content), **more)
        for key, value in boxes.items():
            if key not in more:
                page[Name("/" + key)] = Array(list(value))
        self.pdf.pages.append(pikepdf.Page(page))

    def save(self, folder: Path) -> Path:
        """Write the file."""
        path = folder / "made.pdf"
        self.pdf.save(path)
        return path


def told(path: Path, profile: str = "sheetcmyk-cmyk", limits: PrintLimits | None = None) -> list[tuple[str, str]]:
    """The rules that the content of a file breaks, each with its severity in a profile, sorted, each once."""
    judged = VARIANTS[profile]
    pdf = opened(path)
    check = ContentCheck(pdf, limits or judged.limits)
    found = [breach for page in pdf.pages for breach in check.page(page)]
    found += check.end()
    severities = ((one.rule, judged.severity(one.rule)) for one in found)
    return sorted({(rule, severity.name.lower()) for rule, severity in severities if severity is not None})


def bytes_of(maker: Maker) -> bytes:
    """The file as bytes."""
    out = BytesIO()
    maker.pdf.save(out)
    return out.getvalue()

"""A table of pictures of every kind that people send, each with the colours that a reader should see.

Each has four fields: above left, above right, below left, below right. Values in other spaces than sRGB were worked out
from the definitions of these spaces (Adobe RGB 1998, SMPTE EG 432-1 with D65, IEC 61966-2-1), and CMYK with FOGRA39L.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, TiffImagePlugin

TOP = Path(__file__).resolve().parents[1]
FOGRA39 = (TOP / "press" / "FOGRA39L_coated.icc").read_bytes()
FOGRA29 = (TOP / "press" / "FOGRA29L_uncoated.icc").read_bytes()

# Pixels of a field: whole blocks of JPEG, also where colours have half the pixels.
FIELD = 32

Colours = Sequence[tuple[int, ...]]

SRGB = ((190, 80, 60), (90, 150, 80), (60, 90, 160), (200, 190, 170))
ADOBE = ((166, 81, 63), (111, 149, 85), (72, 90, 156), (196, 189, 169))
P3 = ((177, 87, 67), (104, 148, 88), (67, 89, 155), (198, 190, 172))
P3_GAMMA = ((175, 87, 69), (104, 147, 88), (68, 90, 154), (197, 189, 171))
LINEAR = ((131, 20, 12), (26, 78, 20), (12, 26, 90), (147, 131, 103))
LAB = ((125, 172, 163), (145, 97, 158), (99, 134, 86), (197, 129, 140))
INKS_39 = ((10, 190, 181, 62), (169, 33, 207, 37), (210, 156, 0, 32), (67, 59, 89, 1))
INKS_29 = ((25, 210, 210, 27), (165, 23, 214, 21), (227, 183, 3, 5), (52, 48, 76, 10))
# The inks on coated paper as the profile says that they look, with its black as the black of the screen.
INKS_ON_SCREEN = ((189, 80, 60), (89, 148, 80), (59, 90, 155), (198, 190, 169))
INKS_29_ON_SCREEN = ((191, 80, 61), (91, 151, 79), (56, 91, 155), (200, 189, 169))
GREYS = ((60, 60, 60), (120, 120, 120), (180, 180, 180), (230, 230, 230))
GREY_SRGB, GREY_22, GREY_18 = (60, 120, 180, 230), (62, 119, 179, 229), (46, 101, 165, 224)
BITS = ((0, 0, 0), (255, 255, 255), (255, 255, 255), (0, 0, 0))


@dataclass(frozen=True)
class PictureKind:
    """A picture as a file, and the colours of its fields in sRGB."""

    name: str
    content: bytes
    colours: Colours = SRGB


# --- profiles ---

_D50 = (0.9642, 1.0, 0.8249)
ADOBE_COLUMNS = ((0.60974, 0.31111, 0.01947), (0.20527, 0.62568, 0.06087), (0.14919, 0.06321, 0.74456))
P3_COLUMNS = ((0.51512, 0.24119, -0.00105), (0.29198, 0.69224, 0.04188), (0.1571, 0.06657, 0.78407))


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": b"desc" + struct.pack(">II", 0, 5) + b"test\0" + bytes(78), b"cprt": b"text\0\0\0\0none\0"} | tags
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02100000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H4s", 2020, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _xyz(_D50)[8:]
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * value) for value in values))


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(256 * value))


def _srgb_curve() -> bytes:
    steps = [value / 4095 for value in range(4096)]
    light = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in steps]
    return b"curv\0\0\0\0" + struct.pack(">I4096H", 4096, *(round(65535 * one) for one in light))


def _rgb_profile(columns: Sequence[Sequence[float]], curve: bytes) -> bytes:
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    tags = {name: _xyz(column) for name, column in zip(names, columns, strict=True)}
    return _profile(b"RGB ", {b"wtpt": _xyz(_D50), **tags, **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)})


ADOBE_PROFILE = _rgb_profile(ADOBE_COLUMNS, _gamma(563 / 256))
P3_PROFILE = _rgb_profile(P3_COLUMNS, _srgb_curve())
GREY_18_PROFILE = _profile(b"GRAY", {b"wtpt": _xyz(_D50), b"kTRC": _gamma(1.8)})


# --- pictures ---


def fields(mode: str, colours: Sequence[Any]) -> Image.Image:
    """A picture of four fields."""
    made = Image.new(mode, (2 * FIELD, 2 * FIELD))
    for number, colour in enumerate(colours):
        made.paste(
            colour, (number % 2 * FIELD, number // 2 * FIELD, (number % 2 + 1) * FIELD, (number // 2 + 1) * FIELD)
        )
    return made


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def jpeg(mode: str, colours: Sequence[Any], **options: Any) -> bytes:
    return saved(fields(mode, colours), "JPEG", quality=98, **options)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_chunks(content: bytes, *chunks: bytes) -> bytes:
    """A PNG with chunks after its header."""
    return content[:33] + b"".join(chunks) + content[33:]


def png_in_16_bits(colours: Colours, colour_type: int) -> bytes:
    """A PNG with 16 bits a channel; Pillow writes none in colour."""
    rows = bytearray()
    for y in range(2 * FIELD):
        row = (colours[y // FIELD * 2], colours[y // FIELD * 2 + 1])
        rows += b"\0" + b"".join(b"".join(bytes((value, 77)) for value in colour) * FIELD for colour in row)
    header = struct.pack(">IIBBBBB", 2 * FIELD, 2 * FIELD, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )


def interlaced_png(colours: Colours) -> bytes:
    """A PNG whose pixels come in the seven passes of Adam7."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    picture, rows = fields("RGB", colours), bytearray()
    for left, top, across, down in passes:
        for y in range(top, 2 * FIELD, down):
            rows += b"\0" + b"".join(bytes(picture.getpixel((x, y))) for x in range(left, 2 * FIELD, across))  # type: ignore[arg-type]
    header = struct.pack(">IIBBBBB", 2 * FIELD, 2 * FIELD, 8, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )


def without_marker(content: bytes) -> bytes:
    """A JPEG without Adobe's marker."""
    return re.sub(rb"\xff\xee\x00\x0eAdobe.{7}", b"", content, count=1, flags=re.DOTALL)


def ycck(inks: Colours) -> bytes:
    """A JPEG in YCCK: light and colour of the inverted inks, and black, as Adobe writes it."""
    *inked, black = fields("CMYK", inks).split()
    light = Image.merge("RGB", inked).convert("YCbCr")
    # Pillow inverts what it writes as CMYK; the marker then says that it is YCCK.
    bands = [*map(ImageChops.invert, light.split()), black]
    content = saved(Image.merge("CMYK", bands), "JPEG", quality=98)
    at = content.index(b"Adobe") + 11
    return content[:at] + b"\x02" + content[at + 1 :]


# --- turned pictures ---

# What has to be done to an upright picture so that it is stored as orientation 1 to 8 says.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def turned(number: int, form: str, colours: Colours = SRGB, **options: Any) -> bytes:
    """A picture that lies on its side, and says so by EXIF."""
    exif = Image.Exif()
    exif[0x0112] = number
    picture = fields("RGB", colours).transpose(_TURNS[number])
    return saved(picture, form, exif=exif, **({"quality": 98} if form in ("JPEG", "WEBP") else {}), **options)


def turned_by_xmp(number: int) -> bytes:
    told = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="{number}"/></x:xmpmeta>'.encode()
    return saved(fields("RGB", SRGB).transpose(_TURNS[number]), "JPEG", quality=98, xmp=told)


def turned_tiff(number: int) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = number
    return saved(fields("RGB", SRGB).transpose(_TURNS[number]), "TIFF", tiffinfo=tags)


# --- the table ---


def _in_colour() -> list[PictureKind]:
    made = []
    for space, colours, profile in (("plain", SRGB, b""), ("adobe", ADOBE, ADOBE_PROFILE), ("p3", P3, P3_PROFILE)):
        named = {"icc_profile": profile} if profile else {}
        picture = fields("RGB", colours)
        made += [
            PictureKind(f"{space}.jpg", jpeg("RGB", colours, **named)),
            PictureKind(f"{space}-progressive.jpg", jpeg("RGB", colours, progressive=True, subsampling=2, **named)),
            PictureKind(f"{space}.png", saved(picture, "PNG", **named)),
            PictureKind(f"{space}-palette.png", saved(picture.quantize(4), "PNG", **named)),
            PictureKind(f"{space}-alpha.png", saved(picture.convert("RGBA"), "PNG", **named)),
            PictureKind(f"{space}.tif", saved(picture, "TIFF", **named)),
            PictureKind(f"{space}-lzw.tif", saved(picture, "TIFF", compression="tiff_lzw", **named)),
            PictureKind(f"{space}-jpeg.tif", saved(picture, "TIFF", compression="jpeg", quality=98, **named)),
            PictureKind(f"{space}.webp", saved(picture, "WEBP", quality=98, **named)),
            PictureKind(f"{space}-lossless.webp", saved(picture, "WEBP", lossless=True, **named)),
            PictureKind(f"{space}.avif", saved(picture, "AVIF", quality=100, subsampling="4:4:4", **named)),
        ]
    gamma, linear = (chunk(b"gAMA", struct.pack(">I", value)) for value in (45455, 100000))
    places = struct.pack(">8I", *(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
    return [
        *made,
        PictureKind("plain.gif", saved(fields("RGB", SRGB).quantize(4), "GIF")),
        PictureKind("plain-interlaced.png", interlaced_png(SRGB)),
        PictureKind("plain-16.png", png_in_16_bits(SRGB, 2)),
        PictureKind("linear-gama.png", with_chunks(saved(fields("RGB", LINEAR), "PNG"), linear)),
        PictureKind("p3-chrm.png", with_chunks(saved(fields("RGB", P3_GAMMA), "PNG"), gamma, chunk(b"cHRM", places))),
        PictureKind("p3-cicp.png", with_chunks(saved(fields("RGB", P3), "PNG"), chunk(b"cICP", bytes((12, 13, 0, 1))))),
        PictureKind("lab.tif", saved(fields("LAB", LAB), "TIFF")),
    ]  # fmt: skip


def _in_grey() -> list[PictureKind]:
    grey = fields("L", GREY_22)
    says_srgb = chunk(b"sRGB", b"\0")
    bits = fields("1", (0, 1, 1, 0))
    # Only the size of the values counts: a field of 62 has 62.3 in 16 bits.
    wide = [(value,) for value in GREY_22]
    deep = png_in_16_bits(wide, 0)
    return [
        PictureKind("grey.jpg", jpeg("L", GREY_22), GREYS),
        PictureKind("grey.png", saved(grey, "PNG"), GREYS),
        PictureKind("grey-alpha.png", saved(grey.convert("LA"), "PNG"), GREYS),
        PictureKind("grey.tif", saved(grey, "TIFF"), GREYS),
        PictureKind("grey-16.png", deep, GREYS),
        PictureKind("grey-16.tif", saved(Image.open(io.BytesIO(deep)), "TIFF"), GREYS),
        PictureKind("grey-srgb.png", with_chunks(saved(fields("L", GREY_SRGB), "PNG"), says_srgb), GREYS),
        PictureKind("grey-profile.jpg", jpeg("L", GREY_18, icc_profile=GREY_18_PROFILE), GREYS),
        PictureKind("grey-profile.tif", saved(fields("L", GREY_18), "TIFF", icc_profile=GREY_18_PROFILE), GREYS),
        PictureKind("bits.png", saved(bits, "PNG"), BITS),
        PictureKind("bits-g4.tif", saved(bits, "TIFF", compression="group4"), BITS),
    ]


def _in_inks() -> list[PictureKind]:
    picture = fields("CMYK", INKS_39)
    return [
        PictureKind("inks.jpg", jpeg("CMYK", INKS_39), INKS_ON_SCREEN),
        PictureKind(
            "inks-unmarked.jpg", without_marker(saved(ImageChops.invert(picture), "JPEG", quality=98)), INKS_ON_SCREEN
        ),
        PictureKind("inks-ycck.jpg", ycck(INKS_39), INKS_ON_SCREEN),
        PictureKind("inks-ycck-unmarked.jpg", unmarked_ycck(INKS_39), INKS_ON_SCREEN),
        PictureKind("inks-other-press.jpg", jpeg("CMYK", INKS_29, icc_profile=FOGRA29), INKS_29_ON_SCREEN),
        PictureKind("inks.tif", saved(picture, "TIFF"), INKS_ON_SCREEN),
        PictureKind(
            "inks-other-press.tif", saved(fields("CMYK", INKS_29), "TIFF", icc_profile=FOGRA29), INKS_29_ON_SCREEN
        ),
    ]


def unmarked_ycck(inks: Colours) -> bytes:
    """A JPEG in YCCK without Adobe's marker: inks are not inverted, and colours have half the pixels."""
    *inked, black = fields("CMYK", inks).split()
    light = Image.merge("RGB", [ImageChops.invert(one) for one in inked]).convert("YCbCr")
    bands = [ImageChops.invert(one) for one in (*light.split(), black)]
    return without_marker(saved(Image.merge("CMYK", bands), "JPEG", quality=98, subsampling=2))


def _on_their_sides() -> list[PictureKind]:
    return [
        *(PictureKind(f"turned-{number}.jpg", turned(number, "JPEG")) for number in range(2, 9)),
        PictureKind("turned-p3-6.jpg", turned(6, "JPEG", P3, icc_profile=P3_PROFILE)),
        PictureKind("turned-adobe-8.png", turned(8, "PNG", ADOBE, icc_profile=ADOBE_PROFILE)),
        PictureKind("turned-6.png", turned(6, "PNG")),
        PictureKind("turned-5.webp", turned(5, "WEBP")),
        PictureKind("turned-xmp-8.jpg", turned_by_xmp(8)),
        PictureKind("turned-6.tif", turned_tiff(6)),
    ]


def table() -> list[PictureKind]:
    """All pictures; no two have the same name."""
    return [*_in_colour(), *_in_grey(), *_in_inks(), *_on_their_sides()]

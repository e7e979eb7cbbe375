"""What kind of file a picture is, read from its first bytes and never from its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livret.translation import say

# How far into a file the first element of a drawing or a page may begin, after declarations and comments.
_HEAD = 64 * 1024


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how messages call it, the endings its files have, and whether Livret takes it as a picture."""

    name: str
    endings: tuple[str, ...] = ()
    is_raster: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether a file of this kind can be printed."""
        return self.is_raster or self is SVG


SVG = FileKind(say("an SVG drawing"), ("svg",))
JPEG = FileKind(say("a JPEG picture"), ("jpg", "jpeg", "jpe", "jfif"), True)
PNG = FileKind(say("a PNG picture"), ("png",), True)
TIFF = FileKind(say("a TIFF picture"), ("tif", "tiff"), True)
GIF = FileKind(say("a GIF picture"), ("gif",), True)
WEBP = FileKind(say("a WebP picture"), ("webp",), True)
HEIC = FileKind(say("a HEIC picture"), ("heic", "heif", "hif"), True)
AVIF = FileKind(say("an AVIF picture"), ("avif", "avifs"), True)
EMPTY = FileKind(say("an empty file"))
HTML = FileKind(say("a web page"))
XML = FileKind(say("an XML file"))
TEXT = FileKind(say("a text file"))
UNKNOWN = FileKind(say("a file that Livret does not know as a picture"))

TAKEN = (SVG, PNG, JPEG, TIFF, WEBP, HEIC, AVIF, GIF)

# What is often given for a picture and cannot be taken, by its first bytes.
_OTHERS = (
    (b"%PDF-", FileKind(say("a PDF"))),
    (b"%!PS", FileKind(say("an EPS drawing"))),
    (b"\xc5\xd0\xd3\xc6", FileKind(say("an EPS drawing"))),
    (b"8BPS", FileKind(say("a Photoshop file"))),
    (b"BM", FileKind(say("a BMP picture"))),
    (b"\x00\x00\x01\x00", FileKind(say("an icon file"))),
    (b"\x1f\x8b", FileKind(say("a compressed file"))),
    (b"PK\x03\x04", FileKind(say("a ZIP or Office file"))),
    (b"\xd0\xcf\x11\xe0", FileKind(say("an old Office file"))),
    (b"\xd7\xcd\xc6\x9a", FileKind(say("a WMF drawing"))),
    (b"\x01\x00\x00\x00", FileKind(say("an EMF drawing"))),
    (b"\x00\x00\x00\x0cjP  ", FileKind(say("a JPEG 2000 picture"))),
    (b"\xff\x4f\xff\x51", FileKind(say("a JPEG 2000 picture"))),
    (b"\x00\x00\x00\x0cJXL ", FileKind(say("a JPEG XL picture"))),
    (b"\xff\x0a", FileKind(say("a JPEG XL picture"))),
    (b"gimp xcf", FileKind(say("a GIMP file"))),
    (b"II\x2b\x00", FileKind(say("a BigTIFF picture"))),
    (b"MM\x00\x2b", FileKind(say("a BigTIFF picture"))),
)
_RASTERS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II\x2a\x00", TIFF),
    (b"MM\x00\x2a", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
# Brands of files in the ISO base media format (ISO/IEC 14496-12): the first that is known here decides.
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), HEIC),
}
# What stands before the first element of a file in XML, and the name of that element.
# Nothing in it can match in two ways, so that no file takes long. It has no atomic group: before 3.11.5, Python
# matches those wrongly.
_FIRST_ELEMENT = re.compile(
    rb"(?:\s++|<\?[^?]*+(?:\?(?!>)[^?]*+)*\?>|<!--[^-]*+(?:-(?!->)[^-]*+)*-->"
    rb"|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*<([\w.:-]++)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def kind_of(content: bytes) -> FileKind:
    """The kind of a file; `UNKNOWN` when nothing is known about it."""
    for start, kind in _RASTERS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return _media_kind(content)
    for start, kind in _OTHERS:
        if content.startswith(start):
            return kind
    return _text_kind(content)


def _media_kind(content: bytes) -> FileKind:
    """Which picture is in a file of the ISO base media format. A film is none."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, length - 3, 4))]
    for brand in brands:
        if brand in _BRANDS:
            return _BRANDS[brand]
    return HEIC if {b"mif1", b"msf1"} & set(brands) else FileKind(say("a film"))


def _text_kind(content: bytes) -> FileKind:
    head = content[:_HEAD]
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            head = head[len(mark) :].decode(encoding, "replace").encode()
            break
    if not head.strip():
        return EMPTY
    element = _FIRST_ELEMENT.match(head)
    if element:
        name = element[1].rpartition(b":")[2].lower()
        return {b"svg": SVG, b"html": HTML, b"head": HTML, b"body": HTML}.get(name, XML)
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return HTML
    return UNKNOWN if _CONTROLS.search(head) else TEXT

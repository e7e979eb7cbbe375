"""What the headers of pictures say, read without decoding a pixel, and the limits that they must keep.

A small file can unpack into gigabytes, or lead a reader in circles. So sizes, chunks and pages are counted first.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from livret.translation import Text, say

# The most pixels of a picture: A3 with bleed at 550 ppi. Each takes 4 bytes, some times over.
PIXELS = 60_000_000
# The most chunks of a PNG, and pages of a TIFF. A PNG of 60 million pixels in chunks of 8 kB has 30,000.
CHUNKS = 100_000
PAGES = 1000

# Start of frame: baseline, extended and progressive, all in Huffman codes (ITU-T T.81, table B.1).
HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers without a length.
_BARE = frozenset({0x01, *range(0xD0, 0xDA)})


class PictureFault(Exception):
    """Why a picture cannot be printed: the rule, words that follow the name of the picture, and what to do."""

    def __init__(self, rule: str, message: Text, *hints: Text) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hints = hints


def cut_short() -> PictureFault:
    """The fault of a file that ends too early."""
    return PictureFault(
        "damaged-picture", say("is cut short: a part of it is missing"), say("copy or download the file again")
    )


def damaged(told: str) -> PictureFault:
    """The fault of a file whose content is wrong; `told` says what."""
    return PictureFault(
        "damaged-picture", say("is damaged: {told}", told=told), say("save it again from its program, or copy it again")
    )


def check_size(width: int, height: int) -> None:
    """Raise PictureFault for a picture with no pixels, or with more than Livret decodes."""
    if min(width, height) < 1:
        raise damaged(say("it has no pixels"))
    if width * height > PIXELS:
        told = say(
            "has {width} x {height} pixels, over {pixels} million", width=width, height=height, pixels=PIXELS // 10**6
        )
        raise PictureFault(
            "picture-too-large", told, say("save it smaller: 300 pixels an inch of its printed size are enough")
        )


@dataclass(frozen=True)
class JpegHeader:
    """The frame of a JPEG. `components` has the id and the sampling, across and down, of each component.

    `transform` is what Adobe's marker says about the colours, None where there is no such marker. The coded pixels
    begin at `scan`.
    """

    marker: int
    bits: int
    components: tuple[tuple[int, int, int], ...]
    transform: int | None
    scan: int = 0

    @property
    def is_unmarked_ycck(self) -> bool:
        """Whether four components without Adobe's marker can only be YCCK: the second and third have fewer samples."""
        samples = [across * down for _, across, down in self.components]
        return self.transform is None and len(samples) == 4 and samples[0] > samples[1] == samples[2]

    @property
    def is_plain_rgb(self) -> bool:
        """Whether its colours are stored as red, green and blue, which not every reader of a PDF sees."""
        return self.transform is None and bytes(name for name, _, _ in self.components) == b"RGB"


def jpeg_header(content: bytes) -> JpegHeader:
    """The header of a JPEG. Raises PictureFault when there is none."""
    at, transform = 2, None
    frame: JpegHeader | None = None
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise damaged(say("its header is wrong"))
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + 2 + length]
        if len(body) + 2 < length:
            break
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            transform = body[11]
        elif marker in _FRAMES and len(body) >= 6:
            number = body[5]
            parts = [body[6 + 3 * index : 9 + 3 * index] for index in range(number)]
            if any(len(part) < 3 for part in parts):
                raise damaged(say("its header is wrong"))
            named = tuple((part[0], part[1] >> 4, part[1] & 15) for part in parts)
            frame = JpegHeader(marker, body[0], named, None)
        elif marker == 0xDA and frame is not None:
            return JpegHeader(frame.marker, frame.bits, frame.components, transform, at + 2 + length)
        at += 2 + length
    raise cut_short()


@dataclass(frozen=True)
class PngHeader:
    """What is read of a PNG beside its pixels. `cicp` gives colours by the numbers of ITU-T H.273, empty for none."""

    bits: int
    is_animated: bool
    cicp: tuple[int, ...]


def png_header(content: bytes) -> PngHeader:
    """Look at the chunks of a PNG. Raises PictureFault when one is wrong, or when they are too many."""
    bits, is_animated, has_pixels = 0, False, False
    cicp: tuple[int, ...] = ()
    for name, body in _chunks(content):
        if name == b"IHDR":
            if len(body) != 13:
                raise damaged(say("its header is wrong"))
            check_size(*struct.unpack(">II", body[:8]))
            bits = body[8]
        elif name == b"acTL":
            is_animated = True
        elif name == b"cICP":
            cicp = tuple(body)
        has_pixels |= name == b"IDAT"
    if not bits or not has_pixels:
        raise damaged(say("it has no pixels"))
    return PngHeader(bits, is_animated, cicp)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Name and content of each chunk of a PNG, until the last."""
    whole = memoryview(content)
    at = 8
    for _ in range(CHUNKS):
        if at + 12 > len(content):
            raise cut_short()
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(content):
            raise cut_short()
        name = content[at + 4 : at + 8]
        # A capital begins the names of chunks that a reader must understand.
        if name[:1].isupper() and zlib.crc32(whole[at + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            raise damaged(say("some of its bytes have changed"))
        if name == b"IEND":
            return
        yield name, whole[at + 8 : end]
        at = end + 4
    raise PictureFault(
        "picture-too-large", say("has more than {chunks} parts", chunks=CHUNKS), say("save it again from its program")
    )


def is_lossless_webp(content: bytes) -> bool:
    """Whether the pixels of a WebP were compressed without loss (RFC 9649, 2.4 to 2.7)."""
    at = 12
    while at + 8 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name in (b"VP8 ", b"VP8L"):
            return name == b"VP8L"
        # Frames of an animation hold their pixels inside.
        at += 24 if name == b"ANMF" else 8 + length + length % 2
    return False


def tiff_pages(content: bytes) -> int:
    """The number of pages of a TIFF. Raises PictureFault when they lead in a circle, or are too many."""
    order = "<" if content[:2] == b"II" else ">"
    seen: set[int] = set()
    at = struct.unpack_from(f"{order}I", content, 4)[0] if len(content) >= 8 else 0
    while at:
        if at in seen:
            raise damaged(say("its pages lead in a circle"))
        if len(seen) >= PAGES:
            raise PictureFault(
                "picture-too-large",
                say("has more than {pages} pages", pages=PAGES),
                say("save the page that is meant alone"),
            )
        seen.add(at)
        try:
            entries = struct.unpack_from(f"{order}H", content, at)[0]
            at = struct.unpack_from(f"{order}I", content, at + 2 + 12 * entries)[0]
        except struct.error:
            if len(seen) == 1:
                raise cut_short() from None
            # Only the first page is printed.
            break
    if not seen:
        raise damaged(say("it has no page"))
    return len(seen)

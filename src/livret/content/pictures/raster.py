"""Opens a picture made of pixels: what it is by its bytes, and whether all of it is there."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageChops, features

from livret.content.pictures import headers, jpeg_data
from livret.content.pictures.headers import PictureFault, check_size, cut_short, damaged
from livret.content.pictures.kinds import AVIF, GIF, HEIC, JPEG, PNG, TIFF, WEBP, FileKind, kind_of
from livret.translation import say

# A JPEG with more pixels is decoded at half its size, across and down: phones make pictures of 48 and more million.
HALVED = 40_000_000
# The most pixels of a JPEG, which is decoded at half its size then. Pillow refuses more than 178 million.
JPEG_PIXELS = 160_000_000

_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", GIF: "GIF", WEBP: "WEBP", HEIC: "HEIF", AVIF: "AVIF"}
_MODES = frozenset("1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr LAB I;16 I;16L I;16B".split())
_ORIENTATION = 0x0112
# The end of the coded pixels of a JPEG: a marker that is neither a byte of them nor a restart.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# So many bytes are first taken from the end of a JPEG, to see what they hold.
END_BYTES = 64
# A picture with a shorter side cannot be decoded in an eighth of its size.
SMALL = 64


@dataclass(frozen=True)
class Raster:
    """What is known of a picture. Width and height are those of the upright picture.

    `pages` is 1, or more when only the first picture in the file is printed.
    """

    kind: FileKind
    width: int
    height: int
    mode: str
    orientation: int
    pages: int

    @property
    def is_halved(self) -> bool:
        """Whether it is printed with half its pixels, across and down."""
        return self.kind is JPEG and self.width * self.height > HALVED


def examine(content: bytes) -> Raster:
    """What a picture is, after decoding all of it. Raises PictureFault when it cannot be printed."""
    kind = kind_of(content)
    with opened(content, kind) as picture:
        pages = _pages(picture, content, kind)
        orientation = orientation_of(picture)
        width, height = picture.size
        if kind is not TIFF and orientation > 4:
            width, height = height, width
        found = Raster(kind, width, height, picture.mode, orientation, pages)
        if kind is JPEG:
            _check_pixels(picture, content, (width, height))
        else:
            if kind is not TIFF and pages > 1:
                picture.seek(0)
            picture.load()
    return found


def _check_pixels(picture: Image.Image, content: bytes, size: tuple[int, int]) -> None:
    """Raise PictureFault for a JPEG whose pixels are damaged or not all there."""
    is_small = size[0] * size[1] <= HALVED and headers.jpeg_header(content).marker in headers.HUFFMAN
    if is_small and not jpeg_data.is_damaged(content):
        return
    # Every byte is read so, in a third of the time. Pillow knows why a picture ends early.
    picture.draft("L", _eighth(picture))
    picture.load()
    if is_small:
        raise damaged(say("some of its bytes have changed"))
    # All of its pixels would take too much memory.
    if min(size) >= SMALL and _ends_early(picture, content):
        raise cut_short()


def _eighth(picture: Image.Image) -> tuple[int, int]:
    return max(1, picture.width // 8), max(1, picture.height // 8)


def _ends_early(decoded: Image.Image, content: bytes) -> bool:
    """Whether a JPEG has an end, and too few bytes before it for all its pixels; the reader fills up the rest.

    `decoded` is the picture in an eighth of its size, in grey. It is compared with the picture without its last bytes.
    What differs first was coded in these bytes, and so was all below it. Each of the blocks of 8 x 8 pixels takes at
    least two bits, one for its mean and one for the rest (ITU-T T.81, F.1.2); less in progressive pictures.
    """
    header = headers.jpeg_header(content)
    end = _SCAN_END.search(content, header.scan)
    if header.marker not in (0xC0, 0xC1) or end is None:
        return False
    size, taken = decoded.size, END_BYTES
    while taken < end.start() - header.scan:
        shorter = content[: end.start() - taken] + b"\xff\xd9"
        with Image.open(io.BytesIO(shorter), formats=["JPEG"]) as other:
            other.draft("L", _eighth(other))
            other.load()
        if other.size != size:
            return False
        differs = ImageChops.difference(decoded, other).getbbox()
        if differs is not None:
            # A row of the file has up to four rows of blocks.
            below = size[0] * max(0, size[1] - differs[1] - 4)
            return 2 * below > 8 * (taken + 8)
        taken *= 16
    return False


@contextmanager
def opened(content: bytes, kind: FileKind) -> Iterator[Image.Image]:
    """A picture whose header was read and is within the limits; it is decoded when it is first used.

    Raises PictureFault, also for what goes wrong while it is used.
    """
    _check_header(content, kind)
    try:
        with warnings.catch_warnings():
            # Sizes and damage are told here, in other words.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
                if kind is JPEG and picture.width * picture.height <= JPEG_PIXELS:
                    check_size(min(picture.width, 1), min(picture.height, 1))
                else:
                    check_size(*picture.size)
                if picture.mode not in _MODES:
                    raise _unknown_pixels(picture.mode)
                yield picture
    except PictureFault:
        raise
    except Image.DecompressionBombError:
        hint = say("save it smaller: 300 pixels an inch of its printed size are enough")
        raise PictureFault("picture-too-large", say("has more pixels than Livret reads"), hint) from None
    except MemoryError:
        raise
    except Exception as problem:
        # Pillow's readers raise errors of many kinds for bytes that they do not expect, in words that help nobody.
        if "truncated" in str(problem).lower():
            raise cut_short() from None
        raise damaged(say("its bytes cannot be read as a picture")) from None


def orientation_of(picture: Image.Image) -> int:
    """How a picture is turned, 1 to 8, as EXIF, XMP or a TIFF tag says it; 1 when none does."""
    try:
        said = picture.getexif().get(_ORIENTATION, 1)
    except Exception:
        # Damaged EXIF raises errors of many kinds; the picture can be printed without it.
        return 1
    return said if said in range(1, 9) else 1


def _check_header(content: bytes, kind: FileKind) -> None:
    """Raise PictureFault for what can be seen before Pillow reads the file."""
    if kind is JPEG:
        header = headers.jpeg_header(content)
        if header.bits != 8:
            told = say("is a JPEG with {bits} bits a colour, which printers cannot read", bits=header.bits)
            raise PictureFault("picture-format", told, say("save it as JPEG with 8 bits a colour, or as PNG or TIFF"))
    elif kind is PNG:
        headers.png_header(content)
    elif kind is TIFF:
        headers.tiff_pages(content)
    elif kind is HEIC:
        _need_heif()
    elif kind is AVIF and not features.check("avif"):
        raise PictureFault(
            "picture-format", say("is an AVIF picture, which this Pillow cannot read"), say("save it as JPEG")
        )
    elif kind not in _FORMATS:
        raise PictureFault(
            "picture-format", say("is {kind}, not a picture", kind=kind.name), say("save it as JPEG, PNG or TIFF")
        )


def _need_heif() -> None:
    """Have Pillow read HEIC. Raises PictureFault when the extra is not installed."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        hint = say('run: pip install "livret[heif]"; or save the picture as JPEG')
        raise PictureFault("picture-format", say("is a HEIC picture, which Livret reads with an extra"), hint) from None
    register_heif_opener(thumbnails=False)


def _unknown_pixels(mode: str) -> PictureFault:
    match mode:
        case "I":
            told = say("has 32 bits a colour")
        case "F":
            told = say("has 32 bits a colour, as fractions")
        case _:
            told = say("has pixels of the kind {mode}", mode=mode)
    return PictureFault("picture-format", told, say("save it with 8 or 16 bits a colour"))


def _pages(picture: Image.Image, content: bytes, kind: FileKind) -> int:
    """How many pictures a file has, as far as that is found quickly. A second one for other devices does not count."""
    if kind is TIFF:
        return headers.tiff_pages(content)
    if kind is PNG:
        return 2 if headers.png_header(content).is_animated else 1
    if kind is GIF:
        return 2 if getattr(picture, "is_animated", False) else 1
    return int(getattr(picture, "n_frames", 1)) if kind in (WEBP, AVIF) else 1

"""What the engine is given of a picture: upright, in sRGB, in JPEG or PNG; and what the press is separated from.

A JPEG that is right as it is stays as it is, to the byte. What was compressed with loss is saved once, at a quality
that loses nothing one can see; all else is saved without loss.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps

from livret.content.pictures import colour, headers
from livret.content.pictures.kinds import AVIF, HEIC, JPEG, PNG, TIFF, WEBP, FileKind, kind_of
from livret.content.pictures.raster import HALVED, opened, orientation_of

# Part of every key. Increase it whenever a change of the code gives other pictures.
VERSION = "1"
QUALITY = 92
# The engine packs every PNG anew, so this one only has to be quick.
PNG_LEVEL = 1
_GREYS = frozenset("1 L LA La I;16 I;16L I;16B".split())
_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0


@dataclass(frozen=True, eq=False)
class Pixels:
    """An upright picture in its own colours: L, RGB, CMYK or LAB, 8 bits a channel.

    `profile` is usable for it, or empty when it has none. `is_lossy` says that it was compressed with loss.
    """

    picture: Image.Image
    alpha: Image.Image | None
    profile: bytes
    is_lossy: bool


def for_screen(content: bytes, inks: bytes = b"") -> bytes:
    """The bytes that the engine is given for a picture; what is no picture made of pixels stays as it is.

    `inks` is the ICC profile of the press, for CMYK without one; empty for offset on coated paper.
    Raises PictureFault when it cannot be printed.
    """
    kind = kind_of(content)
    if not kind.is_raster:
        return content
    with opened(content, kind) as picture:
        if (kind is JPEG and _is_right_jpeg(picture, content)) or (kind is PNG and _is_right_png(picture, content)):
            return content
        pixels = _decoded(picture, content, kind)
        made = colour.to_srgb(pixels.picture, pixels.profile, inks)
        saved = io.BytesIO()
        if pixels.alpha is not None:
            made.putalpha(pixels.alpha)
        elif pixels.is_lossy:
            made.save(saved, "JPEG", quality=QUALITY, subsampling=0, icc_profile=None)
            return saved.getvalue()
        made.save(saved, "PNG", compress_level=PNG_LEVEL, icc_profile=None)
        return saved.getvalue()


def for_press(content: bytes) -> Pixels | None:
    """The pixels that the press is separated from; None when what the engine was given has the same colours.

    Raises PictureFault when it cannot be printed.
    """
    kind = kind_of(content)
    with opened(content, kind) as picture:
        if picture.mode not in ("CMYK", "LAB"):
            profile = _profile(picture, "RGB", content, kind)
            # Greys are the same greys in sRGB, and are printed in black alone.
            if picture.mode in _GREYS or not profile or colour.is_srgb(profile):
                return None
        return _decoded(picture, content, kind)


def _is_right_jpeg(picture: Image.Image, content: bytes) -> bool:
    """Whether a JPEG can stand in a PDF as it is. The engine turns it without touching its pixels."""
    header = headers.jpeg_header(content)
    is_common = header.marker in headers.HUFFMAN and not header.is_plain_rgb
    if not is_common or picture.mode not in ("L", "RGB") or picture.width * picture.height > HALVED:
        return False
    profile = _profile(picture, picture.mode, content, JPEG)
    return colour.is_srgb(profile) if profile else picture.mode == "RGB"


def _is_right_png(picture: Image.Image, content: bytes) -> bool:
    """Whether the engine reads a PNG as it is meant."""
    if picture.width * picture.height > HALVED or orientation_of(picture) != 1 or picture.mode.startswith("I;16"):
        return False
    mode = "L" if picture.mode in ("1", "L", "LA") else "RGB"
    profile = _profile(picture, mode, content, PNG)
    if profile:
        return colour.is_srgb(profile)
    return mode == "RGB" or picture.mode == "1" or _says_srgb(picture)


def _says_srgb(picture: Image.Image) -> bool:
    """Whether a PNG says in numbers that its greys are those of sRGB."""
    gamma = picture.info.get("gamma")
    return "srgb" in picture.info or (gamma is not None and abs(gamma - colour.SRGB_GAMMA) < 0.005)


# --- pixels ---


def _decoded(picture: Image.Image, content: bytes, kind: FileKind) -> Pixels:
    """Decode a picture, turn it upright, and set its transparency apart."""
    is_white_zero = kind is TIFF and getattr(picture, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    is_lossy = _is_lossy(picture, content, kind)
    if kind is JPEG and picture.width * picture.height > HALVED:
        picture.draft(None, ((picture.width + 1) // 2, (picture.height + 1) // 2))
    info = dict(picture.info)
    picture.load()
    if orientation_of(picture) != 1:
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = _high_bytes(picture, is_white_zero)
    picture, alpha = _without_alpha(picture)
    if picture.mode == "CMYK" and kind is JPEG:
        picture = _inks_of_jpeg(picture, content)
    if picture.width * picture.height > HALVED:
        picture, alpha = picture.reduce(2), alpha.reduce(2) if alpha else None
    picture.info = info
    profile = _profile(picture, picture.mode, content, kind)
    picture.info = {}
    return Pixels(picture, alpha, profile, is_lossy)


def _without_alpha(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A picture in L, RGB, CMYK or LAB, and its transparency if it has any."""
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("LA" if picture.mode in ("1", "L", "LA", "La") else "RGBA")
        alpha = picture.getchannel("A")
        picture = picture.convert(picture.mode[:-1])
        if alpha.getextrema() == (255, 255):
            alpha = None
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode not in ("L", "RGB", "CMYK", "LAB"):
        picture = picture.convert("RGB")
    return picture, alpha


def _high_bytes(picture: Image.Image, is_inverted: bool) -> Image.Image:
    """A grey picture of 16 bits with the high 8 of each pixel."""
    raw = picture.tobytes()
    made = Image.frombytes("L", picture.size, raw[0::2] if picture.mode == "I;16B" else raw[1::2])
    return ImageChops.invert(made) if is_inverted else made


def _inks_of_jpeg(picture: Image.Image, content: bytes) -> Image.Image:
    """The inks of a JPEG in CMYK. Pillow takes each for inverted, as Adobe writes them; others write them as such."""
    header = headers.jpeg_header(content)
    if header.transform is not None:
        return picture
    picture = ImageChops.invert(picture)
    if header.is_unmarked_ycck:
        *bands, black = picture.split()
        light = Image.merge("YCbCr", bands).convert("RGB")
        picture = Image.merge("CMYK", [*ImageChops.invert(light).split(), black])
    return picture


def _is_lossy(picture: Image.Image, content: bytes, kind: FileKind) -> bool:
    """Whether a picture was compressed with loss."""
    if kind is WEBP:
        return not headers.is_lossless_webp(content)
    return kind in (JPEG, HEIC, AVIF) or (kind is TIFF and "jpeg" in str(picture.info.get("compression")))


def _profile(picture: Image.Image, mode: str, content: bytes, kind: FileKind) -> bytes:
    """The profile that counts for the pixels of a picture; empty when it has none that can be used."""
    if mode == "LAB":
        return b""
    cicp = headers.png_header(content).cicp if kind is PNG else ()
    if cicp[:2] in ((1, 13), (12, 13)):
        return colour.srgb_profile() if cicp[0] == 1 else colour.p3_profile()
    embedded = picture.info.get("icc_profile") or b""
    if embedded and colour.is_usable(embedded, mode):
        return bytes(embedded)
    if kind is not PNG or mode == "CMYK":
        return b""
    numbered = b""
    if "srgb" not in picture.info:
        numbered = colour.numbered_profile(picture.info.get("gamma"), picture.info.get("chromaticity"))
    # A grey picture without a profile would be given another gamma.
    return numbered or (colour.srgb_profile() if mode == "L" and _says_srgb(picture) else b"")

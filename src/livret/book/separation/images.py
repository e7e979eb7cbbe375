"""Separates pictures. Pictures that already fit are copied. Others are converted once, and the result is kept.

A picture that was converted to sRGB for the screen is separated from its original, which may hold more colours.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pikepdf
from PIL import Image

from livret.book.separation import image_data
from livret.book.separation.colour_spaces import Space, device
from livret.book.separation.pdf_input import Inseparable, filters, pairs
from livret.book.separation.targets import Target
from livret.content.pictures import colour, prepare
from livret.content.pictures.headers import PictureFault
from livret.findings import LivretError
from livret.project import digest
from livret.translation import say

# Part of every key. Increase it whenever a change of the code gives other pictures.
VERSION = "5"
# The most pixels of one picture: A3 with bleed at 450 ppi. Converting needs about 12 bytes a pixel.
PIXELS = 40_000_000
# OVER: how far a pixel may be over the ink limit after rounding. SPARE: how far the limit is lowered at most. Percent.
OVER = 1.0
SPARE = 40.0
# Rounding in a JPEG adds less ink than NEAR, in percent: 12 in pure noise. Pictures are looked at in squares of TILE
# pixels a side, whole blocks of 8.
NEAR, TILE = 15.0, 256


class Kept(Protocol):
    """A store that keeps converted pictures between runs. Their key names everything they depend on."""

    def get(self, key: str) -> bytes | None:
        """Return the value of a key, or None when there is none."""

    def put(self, key: str, value: bytes) -> None:
        """Store a value under a key."""


@dataclass(frozen=True)
class Converted:
    """A converted picture: its colour space, the filter of its bytes, and its mask.

    `mask` is `/Mask` (one bit a pixel), `/SMask` (one byte a pixel), or empty.
    """

    space: str
    filter: str
    raw: bytes
    mask: str = ""
    mask_raw: bytes = b""

    def pack(self) -> bytes:
        """Return the picture as bytes for the store."""
        told = {"space": self.space, "filter": self.filter, "mask": self.mask, "size": len(self.raw)}
        body = self.raw + self.mask_raw
        return json.dumps(told | {"digest": digest(body)}).encode() + b"\n" + body

    @classmethod
    def unpack(cls, kept: bytes) -> Converted | None:
        """Return the picture that was packed, or None when the bytes are damaged."""
        head, _, body = kept.partition(b"\n")
        try:
            told = json.loads(head)
            size = told["size"]
            whole = told["digest"] == digest(body)
            made = cls(told["space"], told["filter"], body[:size], told["mask"], body[size:])
        except (ValueError, TypeError, KeyError):
            return None
        return made if whole else None


@dataclass(frozen=True)
class OriginalPicture:
    """The file that a picture of a PDF was converted from for the screen, and the digest that it had."""

    path: Path
    digest: str

    def read(self) -> bytes:
        """What the file holds. Raises LivretError when it has changed since."""
        try:
            content = self.path.read_bytes()
        except OSError:
            content = b""
        if digest(content) != self.digest:
            raise LivretError(
                say("{path} has changed while Livret was building", path=self.path), say("build once more")
            )
        return content


# OriginalPictures by the digest of the stream that stands for them in the PDF.
OriginalPictures = Mapping[str, OriginalPicture]
NONE: OriginalPictures = MappingProxyType({})
# Pictures whose files are not known.
NAMELESS: Mapping[str, str] = MappingProxyType({})


class Pictures:
    """Separates the pictures of one PDF.

    `originals` are files that some of them stand for, `names` the names of files by resource, without its first and
    last letter.
    """

    def __init__(
        self,
        pdf: pikepdf.Pdf,
        kept: Kept | None,
        originals: OriginalPictures = NONE,
        names: Mapping[str, str] = NAMELESS,
    ) -> None:
        self._pdf = pdf
        self._names = names
        self._kept = kept
        self._originals = originals

    def separate(self, source: Any, space: Space | None, stays: Any, target: Target) -> Any:
        """Return a picture for this target, as a new stream. Stencils are copied.

        `space` is its colour space, or None when only the picture names it (JPEG 2000). `stays` is the PDF object of
        the space in which it may stay, or None to convert it. Raises Inseparable when it cannot be read or is too
        large.
        """
        size = (int(source["/Width"]), int(source["/Height"]))
        bits = int(source.get("/BitsPerComponent", 8))
        if min(size) < 1:
            raise Inseparable("damaged-picture", say("a picture has no pixels"))
        if size[0] * size[1] > PIXELS:
            told = say(
                "a picture has {across} x {down} pixels, more than {pixels} million",
                across=size[0],
                down=size[1],
                pixels=PIXELS // 10**6,
            )
            raise Inseparable("picture-too-large", told)
        if source.get("/ImageMask", False):
            return self._finished(self._copy(source), source, size, None)
        if (original := self._original(source, target)) and (
            converted := self._from_original(original, source, target)
        ):
            made = self._written(converted, size)
            return self._finished(made, source, size, made["/ColorSpace"])
        if "/SMask" in source and "/Matte" in source["/SMask"]:
            raise Inseparable("matted-picture", say("a picture is mixed with its matte, which cannot be separated"))
        if stays is None and space is not None:
            if space.family == "/Indexed":
                stays = _indexed(space, target)
            elif space.key == "grey" and (bits == 1 or target.tones is None):
                stays = pikepdf.Name("/DeviceGray")
        if (
            stays is not None
            and not _is_foreign(source, space, target)
            and not _is_over(source, size, bits, space, target)
        ):
            made = self._copy(source)
            if isinstance(source.get("/Mask"), pikepdf.Array):
                made["/Mask"] = source["/Mask"]
            return self._finished(made, source, size, stays)
        made = self._written(self._converted(source, size, bits, space, target), size)
        return self._finished(made, source, size, made["/ColorSpace"])

    def told(self, source: Any, resources: Any) -> str:
        """Return the description of a picture for messages: its file, where it is known, and its size."""
        size = f"{source.get('/Width', '?')} x {source.get('/Height', '?')} pixels"
        parts = resources.get("/XObject") if resources is not None else None
        for name, part in parts.items() if isinstance(parts, pikepdf.Dictionary) else ():
            if part.objgen == source.objgen and name[2:-1] in self._names:
                return f"{self._names[name[2:-1]]}, {size}"
        return size

    def _copy(self, source: Any) -> Any:
        """Copy a picture without a change of its pixels."""
        made = self._pdf.make_stream(source.read_raw_bytes())
        for name in ("/Filter", "/DecodeParms", "/BitsPerComponent", "/Decode", "/ImageMask"):
            if name in source:
                made[name] = source[name]
        return made

    def _finished(self, made: Any, source: Any, size: image_data.Size, space: Any) -> Any:
        """Add size, colour space and masks. Masks come from the source when the picture has none yet."""
        made["/Type"], made["/Subtype"] = pikepdf.Name("/XObject"), pikepdf.Name("/Image")
        made["/Width"], made["/Height"] = size
        if space is not None:
            made["/ColorSpace"] = space
        if "/Interpolate" in source:
            made["/Interpolate"] = source["/Interpolate"]
        for name, own in (("/SMask", pikepdf.Name("/DeviceGray")), ("/Mask", None)):
            mask = source.get(name)
            if isinstance(mask, pikepdf.Stream) and name not in made:
                # The values of a mask are opacity, not ink.
                wide = (int(mask["/Width"]), int(mask["/Height"]))
                made[name] = self._finished(self._copy(mask), {}, wide, own)
        return made

    def _original(self, source: Any, target: Target) -> OriginalPicture | None:
        """Return the original of a picture. In a soft mask, what the screen has is meant."""
        if not self._originals or target.channels == 1:
            return None
        return self._originals.get(digest(bytes(source.read_raw_bytes())))

    def _from_original(self, original: OriginalPicture, source: Any, target: Target) -> Converted | None:
        """Take the separated original from the store, or separate it and store it.

        Return None when the picture in the PDF has the same colours.
        """
        is_lossy = filters(source)[-1:] == ("/DCTDecode",)
        key = digest(VERSION, prepare.VERSION, target.key, original.digest, str(is_lossy))
        found = Converted.unpack(self._kept.get(key) or b"") if self._kept else None
        if found is None:
            try:
                pixels = prepare.for_press(original.read())
            except PictureFault as fault:
                raise Inseparable("damaged-picture", say("a picture {message}", message=fault.message)) from fault
            if pixels is None:
                return None
            picture = _on_press(pixels, target)
            # A photograph takes 50 MB, and so does what is made of it.
            del pixels
            found = _encoded(picture, is_lossy, target)
            if self._kept:
                self._kept.put(key, found.pack())
        return found

    def _converted(
        self, source: Any, size: image_data.Size, bits: int, space: Space | None, target: Target
    ) -> Converted:
        """Take the converted picture from the store, or convert it and store it."""
        # A space without a key cannot be compared with others. Such a picture is converted every time.
        kept = self._kept if space is None or space.key else None
        told = [str(source.get(name)) for name in ("/Filter", "/DecodeParms", "/Decode", "/SMaskInData")]
        told.append(str(source["/Mask"]) if isinstance(source.get("/Mask"), pikepdf.Array) else "")
        raw = bytes(source.read_raw_bytes())
        key = digest(VERSION, target.key, space.key if space else "", f"{size} {bits}", *told, raw)
        found = Converted.unpack(kept.get(key) or b"") if kept else None
        if found is None:
            found = _convert(source, size, bits, space, target)
            if kept:
                kept.put(key, found.pack())
        return found

    def _written(self, converted: Converted, size: image_data.Size) -> Any:
        channels = 4 if converted.space == "/DeviceCMYK" else 1
        made = self._pdf.make_stream(converted.raw)
        made["/Filter"] = pikepdf.Name(converted.filter)
        made["/ColorSpace"] = pikepdf.Name(converted.space)
        made["/BitsPerComponent"] = 8
        if converted.filter == "/FlateDecode":
            made["/DecodeParms"] = _png_rows(size, channels, 8)
        elif channels == 4:
            # CMYK JPEGs are inverted, as Adobe writes them.
            made["/Decode"] = pikepdf.Array([1, 0] * 4)
        if converted.mask:
            bits = 1 if converted.mask == "/Mask" else 8
            mask = self._pdf.make_stream(converted.mask_raw)
            mask["/Filter"], mask["/DecodeParms"] = pikepdf.Name("/FlateDecode"), _png_rows(size, 1, bits)
            mask["/BitsPerComponent"] = bits
            if bits == 1:
                mask["/ImageMask"] = True
            made[converted.mask] = self._finished(mask, {}, size, None if bits == 1 else pikepdf.Name("/DeviceGray"))
        return made


def _png_rows(size: image_data.Size, channels: int, bits: int) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Predictor=15, Colors=channels, BitsPerComponent=bits, Columns=size[0])


def _is_foreign(source: Any, space: Space | None, target: Target) -> bool:
    """Whether a CMYK JPEG contains the profile of another printing condition, and the PDF names no profile."""
    if filters(source)[-1:] != ("/DCTDecode",) or space is None or space.components != 4 or space.profile:
        return False
    profile = _embedded(source, 4)
    return bool(profile) and not target.is_own(profile)


def _is_over(source: Any, size: image_data.Size, bits: int, space: Space | None, target: Target) -> bool:
    """Whether a picture is in CMYK and has more ink than the limit of the printing condition."""
    if space is None or space.family == "/Indexed" or space.components != 4 or target.channels == 1:
        return False
    components, _ = image_data.bands(source, size, bits, 4)
    decode = pairs(source["/Decode"]) if "/Decode" in source else ()
    return target.over(Image.merge("CMYK", image_data.decoded(components, space, decode))) > 0


def _convert(source: Any, size: image_data.Size, bits: int, space: Space | None, target: Target) -> Converted:
    """Decode, convert and encode a picture."""
    components, alpha = image_data.bands(source, size, bits, space.components if space else None)
    if space is None:
        space = device({1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}[len(components)])
    mask, mask_raw = "", b""
    if isinstance(source.get("/Mask"), pikepdf.Array) and "/SMask" not in source:
        mask, mask_raw = "/Mask", image_data.rows(image_data.masked(components, source["/Mask"], bits))
    elif alpha is not None and int(source.get("/SMaskInData", 0)):
        mask, mask_raw = "/SMask", image_data.rows(alpha)
    decode = pairs(source["/Decode"]) if "/Decode" in source else ()
    profile = space.profile
    if filters(source)[-1:] == ("/DCTDecode",) and not profile:
        profile = _embedded(source, len(components))
    components = image_data.decoded(components, space, decode)
    picture = image_data.on_plates(components, space, profile, target)
    is_lossy = bool(filters(source)[-1:]) and filters(source)[-1] in image_data.LOSSY
    made = _encoded(picture, is_lossy, target)
    return replace(made, mask=mask, mask_raw=mask_raw)


def _encoded(picture: Image.Image, is_lossy: bool, target: Target) -> Converted:
    """Encode a picture that was converted."""
    name = "/DeviceCMYK" if picture.mode == "CMYK" else "/DeviceGray"
    if not is_lossy:
        return Converted(name, "/FlateDecode", image_data.rows(picture))
    raw = image_data.jpeg(picture)
    spare = 0.0
    # JPEG rounding may put pixels over the ink limit. Then lower the limit by as much.
    while picture.mode == "CMYK" and spare < SPARE and (over := _over(picture, raw, target)) > OVER:
        spare += math.ceil(over)
        picture = target.picture(picture, spare=spare)
        raw = image_data.jpeg(picture)
    return Converted(name, "/DCTDecode", raw)


def _over(picture: Image.Image, raw: bytes, target: Target) -> float:
    """Return by how many percent the pixel with the most ink is over the limit in the JPEG of a picture.

    Where there is much less ink, rounding does no harm. So if a few parts of the picture have much, only these are
    looked at: whole blocks of the JPEG, which become the same pixels wherever they stand.
    """
    boxes = [
        (left, top, min(left + TILE, picture.width), min(top + TILE, picture.height))
        for left, top in itertools.product(range(0, picture.width, TILE), range(0, picture.height, TILE))
    ]
    near = [tile for tile in map(picture.crop, boxes) if target.over(tile, NEAR)]
    if 2 * len(near) > len(boxes):
        return target.over(image_data.unpacked(raw))
    return max((target.over(image_data.unpacked(image_data.jpeg(tile))) for tile in near), default=0.0)


def _on_press(pixels: prepare.Pixels, target: Target) -> Image.Image:
    """Convert the pixels of an original: into black ink alone when all are grey."""
    picture = pixels.picture
    if picture.mode == "RGB" and target.tones is not None and image_data.are_alike(picture.split()):
        return colour.to_srgb(picture.getchannel("G"), pixels.profile).point(target.tones)
    return target.picture(picture, pixels.profile)


def _embedded(source: Any, channels: int) -> bytes:
    """Return the profile inside a JPEG if it has the right number of channels, or else empty bytes.

    The profile of a camera is more exact than the sRGB that the engine names.
    """
    profile = image_data.opened(source).info.get("icc_profile") or b""
    return profile if profile[16:20] == {3: b"RGB ", 4: b"CMYK"}.get(channels) else b""


def _indexed(space: Space, target: Target) -> pikepdf.Array:
    """Convert an indexed space: its table is converted like a picture of up to 256 pixels."""
    assert space.base is not None
    number = space.base.components
    size = (len(space.table) // number, 1)
    entries = [Image.frombytes("L", size, space.table[band::number]) for band in range(number)]
    made = image_data.on_plates(image_data.decoded(entries, space.base), space.base, space.base.profile, target)
    name = pikepdf.Name("/DeviceCMYK" if made.mode == "CMYK" else "/DeviceGray")
    return pikepdf.Array([pikepdf.Name("/Indexed"), name, size[0] - 1, pikepdf.String(made.tobytes())])

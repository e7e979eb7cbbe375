"""Reads the pixels of a picture from its stream, converts them, and writes them as JPEG or as deflated rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from PIL import Image, ImageChops

from livret.book.separation.colour_spaces import Space
from livret.book.separation.functions import Intervals
from livret.book.separation.pdf_input import FAULTS, Inseparable, along, filters, floats, pairs, plain_bytes
from livret.book.separation.targets import Target
from livret.translation import say, say_number

# The most pixels when each colour is converted alone, in Python.
SLOW_PIXELS = 4_000_000
# Up to so many pixels a JPEG gets codes of its own.
SMALL_PIXELS = 1_000_000
# The mean error is below 1 CIE76, even for a picture with much grain. CMYK is never subsampled, because each of its
# channels has fine detail.
QUALITY = 92

LOSSY = ("/DCTDecode", "/JPXDecode")

Size = tuple[int, int]


def opened(source: Any) -> Image.Image:
    """Open the JPEG or JPEG 2000 in a stream, without reading its pixels. Raises Inseparable when it is neither."""
    names = filters(source)
    raw = bytes(source.read_raw_bytes())
    try:
        if len(names) > 1:
            # There are other filters around that of the picture, such as an ASCII filter.
            outer = pikepdf.Pdf.new().make_stream(raw)
            outer["/Filter"] = pikepdf.Array([pikepdf.Name(name) for name in names[:-1]])
            raw = bytes(outer.read_bytes())
        return Image.open(io.BytesIO(raw), formats=["JPEG", "JPEG2000"])
    except (*FAULTS, OSError, Image.DecompressionBombError) as fault:
        raise Inseparable("damaged-picture", say("a picture cannot be read: {fault}", fault=fault)) from fault


def bands(source: Any, size: Size, bits: int, number: int | None) -> tuple[list[Image.Image], Image.Image | None]:
    """Return the components of a picture, each as a picture of 8 bits, and the transparency inside a JPEG 2000.

    `number` is the expected number of components, or None when only the picture says it. Raises Inseparable when they
    cannot be read.
    """
    if filters(source)[-1:] and filters(source)[-1] in LOSSY:
        return _compressed(source, size, number)
    if number is None or bits not in (1, 2, 4, 8, 16):
        raise Inseparable("damaged-picture", say("a picture does not declare its pixels"))
    raw = plain_bytes(source)
    row = (size[0] * number * bits + 7) // 8
    if len(raw) < row * size[1]:
        raise Inseparable(
            "damaged-picture",
            say_number(
                "a picture has {number} byte of {row}",
                "a picture has {number} bytes of {row}",
                number=len(raw),
                row=row * size[1],
            ),
        )
    raw = raw[: row * size[1]]
    if bits == 16:
        # Drop the low byte: it is finer than a printing press can print.
        raw = raw[::2]
    elif bits < 8:
        wide = (size[0] * number, size[1])
        mode, layout = ("1", "1") if bits == 1 else ("L", f"L;{bits}")
        raw = Image.frombytes(mode, wide, raw, "raw", layout).convert("L").tobytes()
    return [Image.frombytes("L", size, raw[band::number]) for band in range(number)], None


def _compressed(source: Any, size: Size, number: int | None) -> tuple[list[Image.Image], Image.Image | None]:
    picture = opened(source)
    if picture.size != size:
        raise Inseparable(
            "damaged-picture",
            say(
                "a picture has {width} x {height} pixels, and the PDF declares {across} x {down}",
                width=picture.width,
                height=picture.height,
                across=size[0],
                down=size[1],
            ),
        )
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as fault:
        raise Inseparable("damaged-picture", say("a picture cannot be read: {fault}", fault=fault)) from fault
    alpha = None
    if picture.mode in ("LA", "RGBA"):
        alpha = picture.getchannel("A")
        picture = picture.convert(picture.mode[:-1])
    if picture.mode not in ("L", "RGB", "CMYK") or number not in (None, len(picture.getbands())):
        raise Inseparable(
            "damaged-picture", say("a picture in {mode} does not fit its colour space", mode=picture.mode)
        )
    if picture.mode == "CMYK" and picture.format == "JPEG":
        # Pillow inverts every CMYK JPEG, as if Adobe had written it. PDF says this with /Decode, so undo it.
        picture = ImageChops.invert(picture)
    return list(picture.split()), alpha


def masked(components: Sequence[Image.Image], ranges: Sequence[float], bits: int) -> Image.Image:
    """Return a stencil, one bit a pixel, for colour-key masking. A pixel with all components in their ranges is hidden.

    Ranges are in the units of the file, before /Decode. A 1 in the stencil hides the pixel.
    """
    limits = pairs(floats(ranges, 2 * len(components)))
    top = 2 ** min(bits, 8) - 1
    hidden: Image.Image | None = None
    for band, (low, high) in zip(components, limits, strict=True):
        if bits == 16:
            # The components have only their high byte left.
            low, high = low // 256, high // 256
        inside = band.point([255 if low <= round(value / 255 * top) <= high else 0 for value in range(256)])
        hidden = inside if hidden is None else ImageChops.darker(hidden, inside)
    assert hidden is not None
    return hidden.convert("1", dither=Image.Dither.NONE)


def decoded(components: Sequence[Image.Image], space: Space, decode: Intervals = ()) -> list[Image.Image]:
    """Apply /Decode. Return components scaled to 8 bits (LAB: lightness from 0 to 100, a and b from -128)."""
    found = []
    for index, (band, limits) in enumerate(zip(components, space.ranges, strict=True)):
        low, high = decode[index] if decode else limits
        goal = limits if space.family != "/Lab" else (0.0, 100.0) if index == 0 else (-128.0, 127.0)
        if (low, high) == goal:
            found.append(band)
            continue
        table = (along(low + (high - low) * value / 255, goal, (0, 255)) for value in range(256))
        found.append(band.point([min(max(round(value), 0), 255) for value in table]))
    return found


def darkest(components: Sequence[Image.Image], read: Sequence[Image.Image] = ()) -> tuple[int, ...]:
    """Return the components of `read` at the pixel where the sum of `components` is greatest, nearly."""
    share = len(components)
    parts = [band.point([value // share for value in range(256)]) for band in components]
    total = parts[0]
    for part in parts[1:]:
        total = ImageChops.add(total, part)
    most = max(value for value, number in enumerate(total.histogram()) if number)
    box = total.point([255 * (value == most) for value in range(256)]).getbbox() or (0, 0, 1, 1)
    row = total.crop((0, box[1], total.width, box[1] + 1)).tobytes()
    at = row.index(most)
    return tuple(band.crop((at, box[1], at + 1, box[1] + 1)).tobytes()[0] for band in read or components)


def on_plates(components: Sequence[Image.Image], space: Space, profile: bytes, target: Target) -> Image.Image:
    """Convert decoded components for the target: into a CMYK picture, or an L picture when all pixels are grey.

    `profile` is the ICC profile of the components.
    """
    if space.tint is not None or space.family == "/CalRGB":
        return _looked_up(components, space, target)
    if space.kind == "lab":
        return target.picture(Image.merge("LAB", components))
    if len(components) == 4:
        return target.picture(Image.merge("CMYK", components), profile)
    if len(components) == 3 and not are_alike(components):
        return target.picture(Image.merge("RGB", components), profile)
    return components[0].point(target.tones) if target.tones else components[0]


def are_alike(components: Sequence[Image.Image]) -> bool:
    """Return whether all components of a picture are equal, so that it has only greys."""
    width, height = components[0].size
    # Most pictures show in a few rows that they have colours.
    boxes = ((0, height // 2, width, min(height // 2 + 8, height)), (0, 0, width, height))
    return all(
        ImageChops.difference(components[0].crop(box), band.crop(box)).getbbox() is None
        for box in boxes
        for band in components[1:]
    )


def _looked_up(components: Sequence[Image.Image], space: Space, target: Target) -> Image.Image:
    """Convert each colour of a picture alone, like a fill in this space."""
    size = components[0].size
    if size[0] * size[1] > SLOW_PIXELS:
        raise Inseparable(
            "picture-too-large",
            say(
                "a picture in {family} has {across} x {down} pixels",
                family=space.family[1:],
                across=size[0],
                down=size[1],
            ),
        )
    known: dict[tuple[int, ...], bytes] = {}
    made = bytearray()
    for pixel in zip(*(band.tobytes() for band in components), strict=True):
        if pixel not in known:
            values = [along(value, (0, 255), limits) for value, limits in zip(pixel, space.ranges, strict=True)]
            known[pixel] = bytes(round(255 * value) for value in target.flat(space.original(values)))
        made += known[pixel]
    return Image.frombytes("CMYK" if target.channels == 4 else "L", size, bytes(made))


# --- writing ---


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture (L or CMYK) as JPEG. CMYK is inverted, as Adobe writes it."""
    file = io.BytesIO()
    # Better codes make a photograph 4 % smaller, and take twice as long as all the rest of writing it.
    is_small = picture.width * picture.height <= SMALL_PIXELS
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=is_small, icc_profile=None)
    return file.getvalue()


def unpacked(raw: bytes) -> Image.Image:
    """Read a JPEG that `jpeg` wrote. Pillow removes the inversion of CMYK."""
    return Image.open(io.BytesIO(raw))


def rows(picture: Image.Image) -> bytes:
    """Return the deflated rows of a picture (1, L or CMYK) with PNG prediction: /FlateDecode with /Predictor 15.

    PNG has no CMYK, so the four bands are written as RGBA. The bytes are the same.
    """
    if picture.mode == "CMYK":
        picture = Image.frombytes("RGBA", picture.size, picture.tobytes())
    file = io.BytesIO()
    picture.save(file, "PNG")
    raw = file.getvalue()
    found, at = [], 8
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 4], "big")
        if raw[at + 4 : at + 8] == b"IDAT":
            found.append(raw[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(found)

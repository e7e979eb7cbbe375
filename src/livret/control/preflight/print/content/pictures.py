"""Pictures as they are placed: image XObjects and inline images (ISO 32000-1, 8.9)."""

from __future__ import annotations

from math import hypot

from livret.control.preflight.pdf_objects import (
    entry,
    flag,
    identity,
    listed,
    name,
    raw,
    undecoded,
    whole,
)
from livret.control.preflight.print.content import colour
from livret.control.preflight.print.content.colour import ColourSpace
from livret.control.preflight.print.content.geometry import Matrix
from livret.control.preflight.print.content.lexer import Operand, inline_dictionary, name_of, numbers_of
from livret.control.preflight.print.content.page_items import PaintedPicture
from livret.control.preflight.print.content.resources import StreamResources

_ONE_BIT_FILTERS = frozenset({"CCITTFaxDecode", "JBIG2Decode", "CCF"})
# The enumerated colour spaces of JPEG 2000 (ISO 15444-1 and 15444-2, annex M).
_JPX_SPACES = {12: "ICCBasedCMYK", 16: "ICCBasedRGB", 17: "ICCBasedGray", 14: "ICCBasedLab", 18: "ICCBasedRGB"}


def image(value: object, ctm: Matrix, resources: StreamResources) -> PaintedPicture:
    """An image XObject where the matrix puts it."""
    width, height = (max(0, whole(raw(value, key)) or 0) for key in ("/Width", "/Height"))
    mask = flag(raw(value, "/ImageMask"))
    filters = {name(one) for one in listed(raw(value, "/Filter"))}
    bits = whole(raw(value, "/BitsPerComponent"))
    one_bit = mask or bits == 1 or bool(filters & _ONE_BIT_FILTERS)
    space = None
    if not mask:
        stated = entry(value, "/ColorSpace")
        if stated is not None:
            space = resources.shared.spaces.find(stated, resources.value)
        elif "JPXDecode" in filters:
            space = _jpx_space(undecoded(value))
    masks = (entry(value, "/SMask"), entry(value, "/Mask"))
    see_through = any(one is not None and not name(one) for one in masks) or bool(whole(raw(value, "/SMaskInData")))
    resolution = _resolution(width, height, ctm)
    return PaintedPicture(width, height, one_bit, mask, space, resolution, ctm, identity(value), see_through, value)


def inline_image(operands: list[Operand], ctm: Matrix, resources: StreamResources) -> PaintedPicture:
    """An inline image, from the operands between BI and ID."""
    entries = inline_dictionary(operands)

    def whole_of(short: str, long: str) -> int | None:
        found = entries.get(short, entries.get(long))
        values = numbers_of(found[1]) if found is not None and found[0] == "run" else ()
        return int(values[0]) if values and abs(values[0]) < 1e7 else None

    mask = entries.get("IM", entries.get("ImageMask")) == ("constant", b"true")
    width, height = (max(0, whole_of(*keys) or 0) for keys in (("W", "Width"), ("H", "Height")))
    written = entries.get("F", entries.get("Filter"))
    one_bit = mask or whole_of("BPC", "BitsPerComponent") == 1 or _one_bit_filter(written)
    space = None if mask else _inline_space(entries.get("CS", entries.get("ColorSpace")), resources)
    return PaintedPicture(width, height, one_bit, mask, space, _resolution(width, height, ctm), ctm, 0, False)


def _one_bit_filter(written: Operand | None) -> bool:
    return written is not None and any(one.encode() in written[1] for one in _ONE_BIT_FILTERS)


def _inline_space(written: Operand | None, resources: StreamResources) -> ColourSpace | None:
    """The colour space of an inline image: a name, or an Indexed space over one (ISO 32000-1, 8.9.7)."""
    if written is None:
        return None
    kind, token = written
    if kind == "name":
        named = name_of(token)
        return resources.space(colour.SHORT.get(named, named))
    parts = [name_of(one) for one in token.strip(b"[]").split() if one.startswith(b"/")]
    parts = [part for one in parts for part in one.split("/")]
    if len(parts) >= 2 and colour.SHORT.get(parts[0], parts[0]) == "Indexed":
        return ColourSpace("Indexed", 1, base=resources.space(colour.SHORT.get(parts[1], parts[1])))
    return None


def _resolution(width: int, height: int, ctm: Matrix) -> float:
    """Pixels an inch on the weaker axis; 0 when the picture has no size on paper."""
    a, b, c, d = ctm[:4]
    across, up = hypot(a, b), hypot(c, d)
    found = [72 * pixels / length for pixels, length in ((width, across), (height, up)) if length > 1e-9]
    return min(found, default=0.0)


def _jpx_space(source: bytes) -> ColourSpace | None:
    """The colour space that JPEG 2000 data state for themselves, from the first `colr` box."""
    at = source.find(b"colr", 0, 1 << 16)
    if at < 0:
        return None
    method = source[at + 4 : at + 5]
    if method == b"\x01":
        kind = _JPX_SPACES.get(int.from_bytes(source[at + 7 : at + 11], "big"), "")
    else:
        head = source[at + 7 + 16 : at + 7 + 20]
        kind = {b"GRAY": "ICCBasedGray", b"RGB ": "ICCBasedRGB", b"CMYK": "ICCBasedCMYK"}.get(head, "")
    if kind == "ICCBasedCMYK" and method == b"\x01":
        return colour.CMYK
    parts = {"ICCBasedCMYK": 4, "ICCBasedGray": 1}.get(kind, 3)
    return ColourSpace(kind, parts) if kind else None

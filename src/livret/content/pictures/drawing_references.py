"""What a drawing takes from elsewhere, and the pictures that stand inside it as data addresses."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

from livret.content.messages import quoted
from livret.content.pictures import drawing
from livret.content.pictures.drawing_styles import Own
from livret.content.pictures.kinds import kind_of
from livret.findings import Finding, error, warning
from livret.translation import say

if TYPE_CHECKING:
    from livret.content.font_files import KnownFonts

_OUTSIDE = re.compile(r"url\(\s*[\"']?(?!#|data:)([^\"')\s]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_DATA = re.compile(r"data:", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """What is known beside a drawing: its path as findings show it, the fonts, and which other files there are.

    `picture` gives the findings of a picture made of pixels: their messages follow its name.
    """

    shown: str
    fonts: Callable[[], KnownFonts]
    exists: Callable[[str], bool]
    picture: Callable[[bytes], tuple[Finding, ...]]


def references(node: ElementTree.Element, own: Own, given: Given) -> Iterator[Finding]:
    """Yield the findings of what one element refers to."""
    name, address = drawing.local_name(node), drawing.target(node)
    is_inside = bool(_DATA.match(address))
    hint = say("put the picture itself into the drawing (embed it)")
    if name in ("image", "feImage") and is_inside:
        yield from _inside(address, given)
    elif name == "feImage" and not address.startswith("#"):
        message = say("what a filter takes from {address} is not printed", address=quoted(address))
        yield warning("drawing-reference", message, None, hint)
    elif name == "image" and not address.startswith("#"):
        if not address or _ADDRESS.match(address) or not given.exists(address):
            yield error(
                "missing-picture",
                say("this drawing shows {address}, which is not there", address=quoted(address)),
                None,
                hint,
            )
        else:
            message = say(
                "this drawing shows another file, {address}; the web edition refuses it", address=quoted(address)
            )
            yield warning("drawing-reference", message, None, hint)
    elif name in ("use", "tref") and not address.startswith("#"):
        message = say("what a drawing takes from {address} is not printed", address=quoted(address))
        yield warning("drawing-reference", message, None, say("put it into the drawing itself"))
    for value in own.values():
        if found := _OUTSIDE.search(value):
            message = say("what a drawing takes from {address} is not printed", address=quoted(found[1]))
            yield warning("drawing-reference", message, None, say("put it into the drawing itself"))


def _inside(address: str, given: Given) -> Iterator[Finding]:
    """Yield the findings of a picture inside a drawing. The same limits hold for it as for a file."""
    content = _of_data(address)
    kind = kind_of(content)
    if kind.is_raster:
        for one in given.picture(content):
            yield replace(one, message=say("a picture in this drawing {is_wrong}", is_wrong=one.message))
    elif drawing.is_drawing(content):
        try:
            drawing.read(content)
        except drawing.BadDrawing as problem:
            message = say("a drawing in this drawing cannot be printed: {problem}", problem=problem)
            yield error("bad-drawing", message, None, drawing.SAVE_AGAIN)
    else:
        yield error(
            "missing-picture",
            say("a picture in this drawing cannot be printed: it is {kind}", kind=kind.name),
            None,
            say("embed it again as PNG or JPEG"),
        )


def _of_data(address: str) -> bytes:
    """Return what a data address holds (RFC 2397), or nothing where it is damaged."""
    head, _, body = address.partition(",")
    content = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return content
    content = b"".join(content.split())
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4))
    except binascii.Error:
        return b""

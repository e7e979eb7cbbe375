"""How light the colours of a picture are."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import tinycss2.color5  # type: ignore[import-untyped]

from livret.content.contrast import relative_luminance
from livret.content.pictures import drawing
from livret.content.pictures.drawing_box import shapes
from livret.content.pictures.drawing_styles import Styles
from livret.content.pictures.kinds import kind_of

# A picture is looked at in this many pixels a side.
_SIDE = 48
# The share of the pixels that may be lighter or darker than what is told.
_STRAY = 20


def luminances(content: bytes) -> tuple[float, ...]:
    """The relative luminances (WCAG 2.1) of the colours of a drawing; the darkest and lightest of other pictures.

    Empty when they are not known, and where nothing is opaque.
    """
    if drawing.is_drawing(content):
        try:
            root = drawing.read(content)
        except drawing.BadDrawing:
            return ()
        return tuple(sorted({tone for tone in _drawn(root) if tone is not None}))
    kind = kind_of(content)
    return _of_pixels(content) if kind.is_raster else ()


def _drawn(root: ElementTree.Element) -> Iterator[float | None]:
    """The luminances of what a drawing paints; a picture inside it may have any."""
    styles = Styles(root)
    for node in root.iter():
        if drawing.local_name(node) == "stop":
            yield _tone(styles.own(node).get("stop-color", "black"))
    for shape in shapes(root, styles):
        if drawing.local_name(shape.node) == "image":
            yield from (0.0, 1.0)
            continue
        yield _tone(shape.values.get("fill", "black"))
        yield _tone(shape.values.get("stroke", "none"))


def _tone(colour: str) -> float | None:
    found = tinycss2.color5.parse_color(colour) if colour not in ("none", "currentColor") else None
    if found is None or found.alpha < 0.5:
        return None
    red, green, blue = (max(0.0, min(1.0, channel)) for channel in found.to("srgb").coordinates)
    return relative_luminance(red, green, blue)


def _of_pixels(content: bytes) -> tuple[float, ...]:
    from livret.content.pictures.headers import PictureFault
    from livret.content.pictures.raster import opened

    try:
        with opened(content, kind_of(content)) as picture:
            picture.draft("RGB", (_SIDE, _SIDE))
            picture.thumbnail((_SIDE, _SIDE))
            pixels = list(picture.convert("RGBA").getdata())
    except (PictureFault, OSError, ValueError):
        return ()
    tones = sorted(relative_luminance(r / 255, g / 255, b / 255) for r, g, b, alpha in pixels if alpha > 127)
    stray = len(tones) // _STRAY
    return (tones[stray], tones[-1 - stray]) if tones else ()

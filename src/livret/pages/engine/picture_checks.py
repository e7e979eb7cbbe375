"""What is wrong with a picture before the engine sees it: what it would raise on, print blank, or never finish."""

from __future__ import annotations

import io
from contextlib import suppress

from PIL import Image

from livret.content.pictures import drawing

# The engine takes memory for each pixel.
PIXELS = 60_000_000


def refusal(content: bytes, is_svg: bool) -> str:
    """Why a picture cannot be set, in words that follow its name; empty when nothing is known against it.

    What is no picture (a font, a style sheet) passes. `is_svg` tells that the name of the file says so.
    """
    if is_svg or drawing.is_drawing(content):
        return drawing.refusal(content)
    # What Pillow cannot read, the engine reports itself.
    with suppress(Exception), Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > PIXELS:
            return f"{picture.width} x {picture.height} pixels, over {PIXELS // 10**6} million"
    return ""

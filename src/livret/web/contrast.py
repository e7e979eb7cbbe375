"""Readable colours: the contrast of WCAG 2.1, and the nearest shade with enough contrast."""

from __future__ import annotations

BLACK, WHITE = "#000000", "#ffffff"

# WCAG 2.1, 1.4.3 Contrast (Minimum), level AA, for text of any size.
ENOUGH = 4.5


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` (WCAG 2.1, definition of relative luminance)."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on(ground: str) -> str:
    """The text colour on this ground: white if it can be read there, else black."""
    return WHITE if contrast(WHITE, ground) >= ENOUGH else BLACK


def readable(colour: str, *grounds: str) -> str:
    """The colour itself if it can be read as text on all these grounds, else the first darker shade that can."""
    shade = colour
    for step in range(20):
        share = 1 - step / 20
        shade = "#" + "".join(f"{round(int(colour[index : index + 2], 16) * share):02x}" for index in (1, 3, 5))
        if all(contrast(shade, ground) >= ENOUGH for ground in grounds):
            break
    return shade

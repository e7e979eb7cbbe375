"""What eyes make of colours: contrast, colour blindness, difference."""

from __future__ import annotations

import math
from collections.abc import Sequence

Triple = tuple[float, float, float]

# Linear sRGB to XYZ, D65 (IEC 61966-2-1).
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)

# Brettel, Viénot and Mollon, 1997: for linear sRGB, a matrix for each side of a plane, and the plane's normal.
BLINDNESS: dict[str, tuple[tuple[Triple, ...], tuple[Triple, ...], Triple]] = {
    "protanopia": (
        ((0.14980, 1.19548, -0.34528), (0.10764, 0.84864, 0.04372), (0.00384, -0.00540, 1.00156)),
        ((0.14570, 1.16172, -0.30742), (0.10816, 0.85291, 0.03892), (0.00386, -0.00524, 1.00139)),
        (0.00048, 0.00393, -0.00441),
    ),
    "deuteranopia": (
        ((0.36477, 0.86381, -0.22858), (0.26294, 0.64245, 0.09462), (-0.02006, 0.02728, 0.99278)),
        ((0.37298, 0.88166, -0.25464), (0.25954, 0.63506, 0.10540), (-0.01980, 0.02784, 0.99196)),
        (-0.00281, -0.00611, 0.00892),
    ),
    "tritanopia": (
        ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911)),
        ((0.93678, 0.18979, -0.12657), (0.06154, 0.81526, 0.12320), (-0.37562, 1.12767, 0.24796)),
        (0.03901, -0.02788, -0.01113),
    ),
}


def linear(colour: str) -> Triple:
    """`#rrggbb` as linear light, 0 to 1."""
    values = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21."""
    dark, light = sorted(_times((XYZ[1],), linear(colour))[0] + 0.05 for colour in (first, second))
    return light / dark


def seen(colour: str, how: str) -> Triple:
    """Linear light as it is seen with this blindness; as it is for `normal`."""
    light = linear(colour)
    if how == "normal":
        return light
    above, below, normal = BLINDNESS[how]
    side = above if sum(a * b for a, b in zip(normal, light, strict=True)) >= 0 else below
    red, green, blue = (min(max(value, 0), 1) for value in _times(side, light))
    return red, green, blue


def difference(first: Triple, second: Triple) -> float:
    """CIEDE2000 (CIE 142-2001) between two colours in linear light; about 1 is just seen."""
    (l1, a1, b1), (l2, a2, b2) = _lab(first), _lab(second)
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue_apart = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    shape = 1 + sum(size * math.cos(math.radians(times * hue + shift)) for size, times, shift in waves)
    for_lightness = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    for_chroma, for_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * shape
    bend = math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * bend
    dl, dc, dh = (l2 - l1) / for_lightness, (c2 - c1) / for_chroma, hue_apart / for_hue
    return math.sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh)


def _lab(light: Triple) -> Triple:
    ratios = (value / white for value, white in zip(_times(XYZ, light), WHITE, strict=True))
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: Sequence[Triple], vector: Triple) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

"""The colours of pictures: which profile counts, and how pixels become sRGB.

LittleCMS converts, relative colorimetric with black point compensation, as for the press.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms

from livret.project import installed

INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION

# What inks without a profile mean on a screen where no press profile says so: offset on coated paper.
INKS = "FOGRA39L_coated.icc"
# Without a profile, a grey picture has this gamma.
GREY_GAMMA = 2.2
# A profile whose colours differ from sRGB by no more than this, of 255, is sRGB.
SAME = 3
# What stands in a PNG for sRGB, by its specification (W3C, 11.3.2.2 and 11.3.2.5).
SRGB_GAMMA = 0.45455
SRGB_PLACES = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
P3_PLACES = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)

_BANDS = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
_D50 = (0.9642, 1.0, 0.8249)
# The cone responses of Bradford, by which the ICC adapts white (ICC.1:2010, annex E).
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))

Triple = tuple[float, float, float]


# --- which profile counts ---


@lru_cache(maxsize=32)
def is_usable(profile: bytes, mode: str) -> bool:
    """Whether a profile can be read and is for pixels of this mode. A grey picture may have a profile for RGB."""
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = _BANDS.get(profile[16:20].decode("latin-1"), "")
        if space != mode and (mode, space) != ("L", "RGB"):
            return False
        ImageCms.buildTransform(read, _srgb(), space, "RGB", INTENT, FLAGS)
    except (OSError, ImageCms.PyCMSError, TypeError, ValueError):
        return False
    return True


@lru_cache(maxsize=32)
def is_srgb(profile: bytes) -> bool:
    """Whether a usable profile for RGB gives the colours of sRGB, or one for grey those of its greys."""
    steps = bytes(range(0, 256, 15))
    if profile[16:20] == b"GRAY":
        pixels = Image.frombytes("L", (len(steps), 1), steps)
        made = _transformed(pixels, profile)
        return _farthest(made, Image.merge("RGB", [pixels] * 3)) <= SAME
    if profile[16:20] != b"RGB ":
        return False
    grid = steps[::3] + steps[-1:]
    raw = bytes(value for red in grid for green in grid for blue in grid for value in (red, green, blue))
    pixels = Image.frombytes("RGB", (len(raw) // 3, 1), raw)
    return _farthest(_transformed(pixels, profile), pixels) <= SAME


def _farthest(one: Image.Image, other: Image.Image) -> int:
    return max(max(band.tobytes()) for band in ImageChops.difference(one, other).split())


# --- into sRGB ---


def to_srgb(picture: Image.Image, profile: bytes, inks: bytes = b"") -> Image.Image:
    """A picture (L, RGB, CMYK or LAB) in sRGB: as L when it is grey, else as RGB.

    `profile` is a usable one, or empty. Without one CMYK is that of `inks`, or of coated paper when that is empty; RGB
    is sRGB, and grey has a gamma of 2.2.
    """
    if picture.mode == "L":
        return picture.point(grey_table(profile))
    if picture.mode == "RGB":
        if profile and not is_srgb(profile):
            # In place: a photograph takes 50 MB.
            ImageCms.applyTransform(picture, _transform(profile, "RGB"), inPlace=True)
        return picture
    return _transformed(picture, profile or ((inks or _inks()) if picture.mode == "CMYK" else b""))


@lru_cache(maxsize=32)
def grey_table(profile: bytes) -> tuple[int, ...]:
    """What each of the 256 values of a grey picture is in sRGB."""
    if not profile:
        return tuple(round(255 * _encoded((value / 255) ** GREY_GAMMA)) for value in range(256))
    if is_srgb(profile):
        return tuple(range(256))
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    if profile[16:20] == b"RGB ":
        ramp = Image.merge("RGB", [ramp] * 3)
    return tuple(_transformed(ramp, profile).getchannel("G").tobytes())


def _encoded(light: float) -> float:
    """Light, 0 to 1, as sRGB writes it (IEC 61966-2-1)."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _transformed(picture: Image.Image, profile: bytes) -> Image.Image:
    """The pixels in sRGB, as RGB."""
    made = ImageCms.applyTransform(picture, _transform(profile, picture.mode))
    assert made is not None
    made.info.pop("icc_profile", None)
    return made


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(source, _srgb(), mode, "RGB", INTENT, FLAGS)


@lru_cache(maxsize=1)
def _inks() -> bytes:
    return (installed("press") / INKS).read_bytes()


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """A profile of sRGB, for pictures that say in another way that they are in it."""
    return _srgb().tobytes()


# --- profiles for what a PNG says in numbers ---


def numbered_profile(gamma: float | None, places: Sequence[float] | None) -> bytes:
    """The profile of what a PNG says by `gAMA` (such as 0.45455) and `cHRM`; empty when that is sRGB, or nonsense.

    `places` gives x and y of white, red, green and blue.
    """
    places = tuple(places or SRGB_PLACES)
    gamma = gamma or SRGB_GAMMA
    has_srgb_places = all(abs(a - b) < 0.002 for a, b in zip(places, SRGB_PLACES, strict=True))
    if has_srgb_places and abs(gamma - SRGB_GAMMA) < 0.005:
        return b""
    # A curve with one entry is a gamma, in 256ths.
    curve = struct.pack(">4sIIH", b"curv", 0, 1, min(max(round(256 / gamma), 1), 0xFFFF)) if gamma > 0.01 else b""
    return _matrix_profile(places, curve) if curve else b""


def p3_profile() -> bytes:
    """The profile of Display P3: its primaries, with the curve of sRGB."""
    entries = [round(65535 * _decoded(index / 1023)) for index in range(1024)]
    return _matrix_profile(P3_PLACES, struct.pack(">4sII1024H", b"curv", 0, 1024, *entries))


def _matrix_profile(places: Sequence[float], curve: bytes) -> bytes:
    """An ICC profile, version 2, of three primaries and one curve; empty when the primaries make no colours."""
    columns = _primaries(places)
    if columns is None:
        return b""
    numbers = {b"rXYZ": columns[0], b"gXYZ": columns[1], b"bXYZ": columns[2], b"wtpt": _D50}
    tags = {
        name: struct.pack(">4sI3i", b"XYZ ", 0, *(round(65536 * one) for one in xyz)) for name, xyz in numbers.items()
    }
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    told = b"numbers of a PNG\0"
    tags[b"desc"] = struct.pack(">4sII", b"desc", 0, len(told)) + told + bytes(78)
    tags[b"cprt"] = b"text" + bytes(4) + b"none\0"
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02200000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2000, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", *(round(65536 * one) for one in _D50))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _primaries(places: Sequence[float]) -> tuple[Triple, Triple, Triple] | None:
    """XYZ of red, green and blue for white of D50; None when the places lie on a line."""
    pairs = [(places[at], places[at + 1]) for at in range(0, 8, 2)]
    if any(y <= 0.0 or not math.isfinite(x + y) for x, y in pairs):
        return None
    white, *corners = [(x / y, 1.0, (1 - x - y) / y) for x, y in pairs]
    shares = _solved(corners, white)
    if shares is None or min(shares) <= 0:
        return None
    cones = [sum(row[at] * white[at] for at in range(3)) for row in _BRADFORD]
    goal = [sum(row[at] * _D50[at] for at in range(3)) for row in _BRADFORD]
    adapted: list[Triple] = []
    for corner, share in zip(corners, shares, strict=True):
        seen = [sum(row[at] * corner[at] for at in range(3)) * share for row in _BRADFORD]
        wanted = [one * new / old for one, new, old in zip(seen, goal, cones, strict=True)]
        columns = [(_BRADFORD[0][at], _BRADFORD[1][at], _BRADFORD[2][at]) for at in range(3)]
        solved = _solved(columns, (wanted[0], wanted[1], wanted[2]))
        assert solved is not None
        adapted.append(solved)
    return adapted[0], adapted[1], adapted[2]


def _solved(columns: Sequence[Triple], goal: Triple) -> Triple | None:
    """The shares of three columns that make the goal, by Cramer's rule."""

    def determinant(one: Triple, two: Triple, three: Triple) -> float:
        return (
            one[0] * (two[1] * three[2] - two[2] * three[1])
            - two[0] * (one[1] * three[2] - one[2] * three[1])
            + three[0] * (one[1] * two[2] - one[2] * two[1])
        )

    whole = determinant(columns[0], columns[1], columns[2])
    if abs(whole) < 1e-9:
        return None
    first = determinant(goal, columns[1], columns[2]) / whole
    second = determinant(columns[0], goal, columns[2]) / whole
    third = determinant(columns[0], columns[1], goal) / whole
    return first, second, third

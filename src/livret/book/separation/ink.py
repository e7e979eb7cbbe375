"""Converts colours into ink: by the recipes of the palette, black ink alone for neutrals, ICC for everything else.

LittleCMS converts with the profiles: relative colorimetric, with black point compensation. It uses 8 bits a channel,
which is finer than any printing press. The result is kept under the ink limit.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, Protocol

from PIL import Image, ImageCms, features

from livret.book.separation.ink_limit import InkLimit
from livret.book.separation.pdf_input import Inseparable
from livret.findings import Finding, LivretError, warning
from livret.project import digest
from livret.translation import say

# Shares of each ink, 0 to 1: cyan, magenta, yellow, black.
Cmyk = tuple[float, float, float, float]
Mode = Literal["RGB", "LAB", "CMYK"]

BLACK: Cmyk = (0.0, 0.0, 0.0, 1.0)
PAPER: Cmyk = (0.0, 0.0, 0.0, 0.0)

# Black ink alone is never as dark as four inks. Up to this share of black, greys are matched by lightness. Darker greys
# are spread evenly from there to full black, so that no two of them print the same.
TOE = 0.9
# Two CMYK profiles describe the same condition when the same inks have nearly the same colour in both: the mean
# difference is below this, in CIE76.
SAME_CONDITION = 2.0

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


class PaletteColour(Protocol):
    """A colour of a layout: `rgb` is `#rrggbb`, `cmyk` is the percent of each ink."""

    @property
    def rgb(self) -> str: ...  # noqa: D102

    @property
    def cmyk(self) -> tuple[float, float, float, float]: ...  # noqa: D102


class Inks:
    """Converts colours for one printing condition: a palette, an output profile and an ink limit."""

    def __init__(self, palette: Mapping[str, PaletteColour], profile: bytes, limit: float) -> None:
        """Take a palette by name, the bytes of a CMYK output profile (ICC), and the ink limit in percent (such as 300).

        Raises LivretError when the profile cannot be read, or is not for CMYK.
        """
        self.limit = limit
        output = read_profile(profile)
        if output is None:
            raise LivretError(say("the output profile is not an ICC profile"))
        if output.profile.xcolor_space.strip() != "CMYK":
            raise LivretError(
                say("the output profile is for {space}, not for CMYK", space=output.profile.xcolor_space.strip())
            )
        self._output = output
        self._profile = profile
        self._limit = InkLimit(output, limit)
        self._recipes: dict[tuple[int, int, int], Cmyk] = {}
        self.findings: tuple[Finding, ...] = tuple(self._read(palette))
        self._flat: dict[tuple[int, int, int], Cmyk] = {}
        self._transforms: dict[tuple[str, bytes | None], ImageCms.ImageCmsTransform] = {}
        # The result for a picture depends on these. It does not depend on the palette.
        self.key = digest(profile, f"{limit:g}", features.version("littlecms2") or "")

    def _read(self, palette: Mapping[str, PaletteColour]) -> Iterable[Finding]:
        """Read the recipes. Warn when two colours have the same rgb and different inks."""
        owners: dict[tuple[int, int, int], str] = {}
        for name, colour in palette.items():
            red, green, blue = (int(colour.rgb[start : start + 2], 16) for start in (1, 3, 5))
            cyan, magenta, yellow, black = (round(share / 100, 4) for share in colour.cmyk)
            # A recipe over the limit is an error in a build, which tells the line of the palette.
            recipe = self.held((cyan, magenta, yellow, black))
            first = owners.setdefault((red, green, blue), name)
            if self._recipes.setdefault((red, green, blue), recipe) != recipe:
                message = say(
                    '"{first}" and "{name}" have the same rgb and different inks; both get the inks of the first',
                    first=first,
                    name=name,
                )
                yield warning(
                    "ambiguous-palette",
                    message,
                    None,
                    say("give {name} another rgb than {rgb}", name=name, rgb=colour.rgb),
                )

    # --- single colours ---

    def rgb(self, values: Sequence[float]) -> Cmyk:
        """Return the inks of an sRGB colour (0 to 1): its recipe, or black alone when neutral, or from the profile."""
        red, green, blue = eighths(values)
        key = (red, green, blue)
        if key not in self._flat:
            if key in self._recipes:
                self._flat[key] = self._recipes[key]
            elif red == green == blue:
                self._flat[key] = (0.0, 0.0, 0.0, round(self.black(red / 255), 4))
            else:
                self._flat[key] = self.through([key], "RGB")[0]
        return self._flat[key]

    def black(self, grey: float) -> float:
        """Return the share of black ink for a neutral (0 is black, 1 is white).

        It is as light as the four inks that the profile gives for this neutral.
        """
        place = min(max(grey, 0.0), 1.0) * 255
        low = min(int(place), 254)
        return self._blacks[low] + (place - low) * (self._blacks[low + 1] - self._blacks[low])

    def through(self, pixels: Sequence[tuple[int, ...]], mode: Mode, profile: bytes | None = None) -> list[Cmyk]:
        """Convert colours with the output profile, and keep them under the ink limit.

        `pixels` have 8 bits a channel. In LAB, lightness is 0 to 255, and an a or b of 128 is neutral. `profile` is the
        ICC profile of the pixels, by default sRGB for RGB. Raises Inseparable when it cannot be used.
        """
        bands = [
            Image.frombytes("L", (len(pixels), 1), bytes(channel)) for channel in zip(*pixels, strict=True)
        ]  # one band each, because the bytes of a LAB image are signed
        raw = self.picture(Image.merge(mode, bands), profile).tobytes()
        return [
            (
                round(raw[at] / 255, 4),
                round(raw[at + 1] / 255, 4),
                round(raw[at + 2] / 255, 4),
                round(raw[at + 3] / 255, 4),
            )
            for at in range(0, len(raw), 4)
        ]

    def held(self, shares: Cmyk) -> Cmyk:
        """Return inks unchanged when they are under the limit, or else inks of nearly the same colour that are."""
        if not self.is_over(shares):
            return shares
        one = Image.frombytes("CMYK", (1, 1), bytes(eighths(shares)))
        cyan, magenta, yellow, black = (round(value / 255, 4) for value in self._limit.held(one).tobytes())
        return (cyan, magenta, yellow, black)

    def is_over(self, shares: Sequence[float]) -> bool:
        """Whether inks (0 to 1) are over the limit."""
        return sum(shares) * 100 > self.limit + 0.01

    # --- pictures ---

    def picture(self, picture: Image.Image, profile: bytes | None = None, spare: float = 0) -> Image.Image:
        """Convert a picture (RGB, LAB or CMYK) with the output profile into CMYK under the ink limit.

        CMYK without a profile is already for this printing condition. `spare` lowers the limit, in percent. Raises
        Inseparable when `profile`, the profile of the picture, cannot be used.
        """
        if picture.mode == "CMYK" and not profile:
            return self._limit.held(picture.copy(), spare)
        key = (picture.mode, profile)
        if key not in self._transforms:
            source = ImageCms.createProfile("LAB") if picture.mode == "LAB" else ImageCms.createProfile("sRGB")
            own = read_profile(profile) or source
            try:
                made = ImageCms.buildTransform(own, self._output, picture.mode, "CMYK", _INTENT, _FLAGS)
            except ImageCms.PyCMSError as fault:
                raise Inseparable(
                    "unknown-colour-space", say("a colour profile cannot be used: {fault}", fault=fault)
                ) from fault
            self._transforms[key] = made
        converted = ImageCms.applyTransform(picture, self._transforms[key])
        assert converted is not None
        converted.info.clear()
        return self._limit.held(converted, spare)

    @cached_property
    def tones(self) -> list[int]:
        """The new value for each of the 256 values of a grey picture that prints in black ink alone."""
        return [round(255 * (1 - share)) for share in self._blacks]

    def is_same_condition(self, profile: bytes) -> bool:
        """Whether another CMYK profile describes the same printing condition. Then its inks may stay unchanged."""
        if profile == self._profile:
            return True
        other = read_profile(profile)
        if other is None or other.profile.xcolor_space.strip() != "CMYK":
            return False
        grid = bytes(itertools.chain.from_iterable(itertools.product((0, 85, 170, 255), repeat=4)))
        ours, theirs = (_lab(grid, one) for one in (self._output, other))
        apart = [math.dist(a, b) for a, b in zip(ours, theirs, strict=True)]
        return sum(apart) / len(apart) < SAME_CONDITION

    # --- neutrals ---

    @cached_property
    def _blacks(self) -> list[float]:
        """The share of black for each of 256 greys.

        It is as light as the same grey in four inks, after black point compensation. Above TOE it is linear.
        """
        greys = self.picture(Image.merge("RGB", [Image.frombytes("L", (256, 1), bytes(range(256)))] * 3))
        wanted = [colour[0] for colour in _lab(greys.tobytes(), self._output)]
        ramp = [colour[0] for colour in _lab(bytes(itertools.chain(*((0, 0, 0, k) for k in range(256)))), self._output)]
        # Lightness has steps of 100/255. Shares with the same lightness are replaced by their mean.
        steps: dict[float, list[int]] = {}
        for share, lightness in enumerate(ramp):
            steps.setdefault(lightness, []).append(share)
        known = sorted((lightness, sum(shares) / len(shares) / 255) for lightness, shares in steps.items())
        matched = [_interpolated(known, lightness) for lightness in wanted]
        smooth = [sum(matched[max(g - 2, 0) : g + 3]) / len(matched[max(g - 2, 0) : g + 3]) for g in range(256)]
        knee = next((grey for grey, share in enumerate(smooth) if share <= TOE), 1)
        dark = [1 - (1 - smooth[knee]) * grey / knee for grey in range(knee)]
        return [*dark, *smooth[knee:255], 0.0]


def eighths(values: Sequence[float]) -> tuple[int, ...]:
    """Convert shares from 0 to 1 into whole numbers from 0 to 255."""
    return tuple(min(max(round(value * 255), 0), 255) for value in values)


def read_profile(raw: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """Read an ICC profile. Return None when there is none, or it cannot be read."""
    if not raw:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(raw))
    except OSError:
        return None


def _lab(raw: bytes, profile: ImageCms.ImageCmsProfile) -> list[tuple[float, float, float]]:
    """Return the colours of inks in a profile as CIE L*a*b*, relative to the paper."""
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "CMYK", "LAB", _INTENT)
    made = ImageCms.applyTransform(Image.frombytes("CMYK", (len(raw) // 4, 1), raw), transform)
    assert made is not None
    lightness, a, b = (band.tobytes() for band in made.split())
    return [(one / 2.55, two - 128, three - 128) for one, two, three in zip(lightness, a, b, strict=True)]


def _interpolated(known: Sequence[tuple[float, float]], place: float) -> float:
    """Interpolate the value at a place. `known` holds (place, value), sorted by place."""
    if place <= known[0][0]:
        return known[0][1]
    for (left, low), (right, high) in itertools.pairwise(known):
        if place <= right:
            return low + (place - left) / (right - left) * (high - low)
    return known[-1][1]

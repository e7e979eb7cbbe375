"""Colours as ink: the recipes of the palette, black ink alone for neutrals, ICC for everything else.

Conversion through profiles is LittleCMS's, relative colorimetric with black point compensation; 8 bits a channel, which
is finer than any printing press. What a profile gives is held under the ink limit.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, Protocol

from PIL import Image, ImageCms, ImageMath, features

from livret.book.separation.pdf_input import Inseparable
from livret.findings import Finding, LivretError, warning
from livret.project import digest

# Shares of each ink, 0 to 1: cyan, magenta, yellow, black.
Cmyk = tuple[float, float, float, float]
Mode = Literal["RGB", "LAB", "CMYK"]

BLACK: Cmyk = (0.0, 0.0, 0.0, 1.0)
PAPER: Cmyk = (0.0, 0.0, 0.0, 0.0)

# Black ink alone is never as dark as four inks. Greys are matched by lightness up to this share of black; the few that
# are darker share out what is left, so that no two of them print alike.
TOE = 0.9
# Two CMYK profiles describe the same condition when the same inks look the same through both, in mean CIE76.
SAME_CONDITION = 2.0
# Rows of a picture that are limited at once, as pixels: 4 MB for each of about ten intermediate bands.
STRIP = 2**20

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


class PaletteColour(Protocol):
    """A colour of a layout: `#rrggbb`, and percent of each ink."""

    @property
    def rgb(self) -> str: ...  # noqa: D102

    @property
    def cmyk(self) -> tuple[float, float, float, float]: ...  # noqa: D102


class Inks:
    """What colours become in one printing condition: a palette, an output profile and the most ink that paper takes."""

    def __init__(self, palette: Mapping[str, PaletteColour], profile: bytes, limit: float) -> None:
        """A palette by name, the bytes of an ICC profile for CMYK output, and the ink limit in percent (say 300).

        Raises LivretError when the profile cannot be read, or is of another colour space.
        """
        self.limit = limit
        output = read_profile(profile)
        if output is None:
            raise LivretError("the output profile is not an ICC profile")
        if output.profile.xcolor_space.strip() != "CMYK":
            raise LivretError(f"the output profile is for {output.profile.xcolor_space.strip()}, not for CMYK")
        self._output = output
        self._profile = profile
        self._recipes: dict[tuple[int, int, int], Cmyk] = {}
        self.findings: tuple[Finding, ...] = tuple(self._read(palette))
        self._flat: dict[tuple[int, int, int], Cmyk] = {}
        self._transforms: dict[tuple[str, bytes | None], ImageCms.ImageCmsTransform] = {}
        # What pictures depend on; the palette is not part of it.
        self.key = digest(profile, f"{limit:g}", features.version("littlecms2") or "")

    def _read(self, palette: Mapping[str, PaletteColour]) -> Iterable[Finding]:
        """Take the recipes; two of them for one screen colour cannot be told apart."""
        owners: dict[tuple[int, int, int], str] = {}
        for name, colour in palette.items():
            red, green, blue = (int(colour.rgb[start : start + 2], 16) for start in (1, 3, 5))
            cyan, magenta, yellow, black = (round(share / 100, 4) for share in colour.cmyk)
            recipe = (cyan, magenta, yellow, black)
            first = owners.setdefault((red, green, blue), name)
            if self._recipes.setdefault((red, green, blue), recipe) != recipe:
                message = f'"{first}" and "{name}" have the same rgb and different inks; both get the inks of the first'
                yield warning("ambiguous-palette", message, None, f"give {name} another rgb than {colour.rgb}")

    # --- single colours ---

    def rgb(self, values: Sequence[float]) -> Cmyk:
        """The inks of a screen colour (0 to 1): its recipe, else black alone when neutral, else through the profile."""
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
        """The share of black ink that prints a neutral (0 is black, 1 white) as light as the profile would in four."""
        place = min(max(grey, 0.0), 1.0) * 255
        low = min(int(place), 254)
        return self._blacks[low] + (place - low) * (self._blacks[low + 1] - self._blacks[low])

    def through(self, pixels: Sequence[tuple[int, ...]], mode: Mode, profile: bytes | None = None) -> list[Cmyk]:
        """Colours of 8 bits a channel through the profile, under the limit; `profile` is theirs, by default sRGB.

        Of LAB: lightness 0 to 255, a and b with 128 for neutral.
        """
        bands = [
            Image.frombytes("L", (len(pixels), 1), bytes(channel)) for channel in zip(*pixels, strict=True)
        ]  # merged, since the bytes of a LAB image are signed
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
        """Inks as they are, but for those over the limit, which lose cyan, magenta and yellow in equal parts."""
        if sum(shares) * 100 <= self.limit + 0.01:
            return shares
        one = Image.frombytes("CMYK", (1, 1), bytes(eighths(shares)))
        cyan, magenta, yellow, _ = (round(value / 255, 4) for value in under_limit(one, self.limit).tobytes())
        return (cyan, magenta, yellow, shares[3])

    # --- pictures ---

    def picture(self, picture: Image.Image, profile: bytes | None = None, spare: float = 0) -> Image.Image:
        """A picture (RGB, LAB or CMYK) through the profile, as CMYK under the limit.

        CMYK without a profile is of this printing condition already. `spare` percent are left below the limit.
        """
        if picture.mode == "CMYK" and not profile:
            return under_limit(picture.copy(), self.limit - spare)
        key = (picture.mode, profile)
        if key not in self._transforms:
            source = ImageCms.createProfile("LAB") if picture.mode == "LAB" else ImageCms.createProfile("sRGB")
            own = read_profile(profile) or source
            try:
                made = ImageCms.buildTransform(own, self._output, picture.mode, "CMYK", _INTENT, _FLAGS)
            except ImageCms.PyCMSError as fault:
                raise Inseparable("unknown-colour-space", f"a colour profile cannot be used: {fault}") from fault
            self._transforms[key] = made
        converted = ImageCms.applyTransform(picture, self._transforms[key])
        assert converted is not None
        converted.info.clear()
        return under_limit(converted, self.limit - spare)

    @cached_property
    def tones(self) -> list[int]:
        """For a grey picture of 8 bits that prints in black alone: the value of each of the 256 values."""
        return [round(255 * (1 - share)) for share in self._blacks]

    def is_same_condition(self, profile: bytes) -> bool:
        """Whether another CMYK profile describes the same printing condition, so that its inks may stay as they are."""
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
        """The share of black for each of 256 greys: as light as the grey separated in four inks, which is lightness
        after black point compensation; beyond TOE in proportion to the grey.
        """
        greys = self.picture(Image.merge("RGB", [Image.frombytes("L", (256, 1), bytes(range(256)))] * 3))
        wanted = [colour[0] for colour in _lab(greys.tobytes(), self._output)]
        ramp = [colour[0] for colour in _lab(bytes(itertools.chain(*((0, 0, 0, k) for k in range(256)))), self._output)]
        # Lightness comes in steps of 100/255: shares of one step count as their mean.
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
    """Shares of 0 to 1 as whole numbers of 0 to 255; the engine writes six decimals of them."""
    return tuple(min(max(round(value * 255), 0), 255) for value in values)


def read_profile(raw: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """An ICC profile; None when there is none, or it cannot be read."""
    if not raw:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(raw))
    except OSError:
        return None


def most_ink(picture: Image.Image) -> int:
    """The most ink of any pixel of a CMYK picture, as a sum of 8-bit values."""
    highest = 0
    rows = max(1, STRIP // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        highest = max(highest, int(_total(strip).getextrema()[1]))
    return highest


def _total(strip: Image.Image) -> Any:
    bands = dict(zip("cmyk", strip.split(), strict=True))
    return ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **bands)


def under_limit(picture: Image.Image, limit: float) -> Image.Image:
    """A CMYK picture without a pixel over the limit in percent. Black stays.

    What is too much is taken from cyan, magenta and yellow in equal parts, which is nearly their grey component; where
    one of them has not so much, all three are scaled to the room left. With FOGRA39L this moves colours of a 33-step
    grid of sRGB that are over 300, 280, 260 and 240 % by 0.4, 0.7, 1.4 and 2.3 CIE76 in the mean; scaling alone
    moves them by 0.5, 0.7, 1.5 and 2.7.
    """
    most = round(limit * 2.55)
    if most >= 4 * 255:
        return picture
    rows = max(1, STRIP // picture.width)
    for top in range(0, picture.height, rows):
        box = (0, top, picture.width, min(top + rows, picture.height))
        strip = picture.crop(box)
        lighter = _lighter(strip, most)
        if lighter is not None:
            picture.paste(lighter, box)
    return picture


def _lighter(strip: Image.Image, most: int) -> Image.Image | None:
    """A strip with at most so much ink, as a sum of 8-bit values; None when it has no more already."""
    bands = dict(zip("cmyk", strip.split(), strict=True))
    total = _total(strip)
    if total.getextrema()[1] <= most:
        return None

    def limited(of: dict[str, Any]) -> list[Image.Image]:
        third = (of["max"](of["t"] - most, 0) + 2) / 3
        cut = [of["max"](of[name] - third, 0) for name in "cmy"]
        left = cut[0] + cut[1] + cut[2]
        room = of["min"](left, of["max"](most - of["k"], 0))
        return [of["convert"](ink * room / of["max"](left, 1), "L").im for ink in cut]

    return Image.merge("CMYK", [*ImageMath.lambda_eval(limited, t=total, **bands), bands["k"]])


def _lab(raw: bytes, profile: ImageCms.ImageCmsProfile) -> list[tuple[float, float, float]]:
    """How inks look through a profile: CIE L*a*b*, relative to the paper."""
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "CMYK", "LAB", _INTENT)
    made = ImageCms.applyTransform(Image.frombytes("CMYK", (len(raw) // 4, 1), raw), transform)
    assert made is not None
    lightness, a, b = (band.tobytes() for band in made.split())
    return [(one / 2.55, two - 128, three - 128) for one, two, three in zip(lightness, a, b, strict=True)]


def _interpolated(known: Sequence[tuple[float, float]], place: float) -> float:
    """The value at a place between known ones, which are sorted by place."""
    if place <= known[0][0]:
        return known[0][1]
    for (left, low), (right, high) in itertools.pairwise(known):
        if place <= right:
            return low + (place - left) / (right - left) * (high - low)
    return known[-1][1]

"""The two targets of separation: the plates of a printing press, or the grey of a soft mask."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from PIL import Image, ImageCms

from livret.book.separation.colour_spaces import Original, Space, lab_to_screen
from livret.book.separation.functions import Values
from livret.book.separation.ink import Inks, eighths
from livret.book.separation.ink_limit import most_ink

# A gradient may begin or end in a colour with a recipe, or in black ink alone. It changes from these inks to the inks
# of the profile over this distance in sRGB (a cube with a side of 1). Between all pairs of the house palette, with
# FOGRA39L, the mean error is 0.8 CIE76 and no ink jumps. With 0.25 it is 1.4, with 1 it is 4.3.
FADE = 0.1


class Target(Protocol):
    """The goal of separation: a device space, its channels, and the operators that fill and stroke in it."""

    space: str
    channels: int
    fill: str
    stroke: str
    key: str

    def flat(self, original: Original) -> Values:
        """Convert the colour of text, a line or a fill."""

    def path(self, originals: Sequence[Original], ends: bool = True) -> list[Values]:
        """Convert a row of colours, such as a gradient, without jumps.

        `ends` says that the first and the last colour are colours of the design, which get the inks of `flat`.
        """

    def picture(self, picture: Image.Image, profile: bytes = b"", spare: float = 0) -> Image.Image:
        """Convert a picture in RGB, LAB or CMYK. `profile` is its own ICC profile, empty when it has none.

        `spare` lowers the ink limit, in percent.
        """

    def over(self, picture: Image.Image, spare: float = 0) -> float:
        """Return by how many percent the pixel with the most ink is over the ink limit, or 0 when none is.

        `spare` lowers the limit, in percent.
        """

    def is_over(self, original: Original) -> bool:
        """Whether a colour in CMYK of this printing condition is over the ink limit."""

    def keeps(self, space: Space) -> bool:
        """Whether colours of this space may stay as they are."""

    def is_own(self, profile: bytes) -> bool:
        """Whether CMYK with this profile needs no conversion."""

    @property
    def tones(self) -> list[int] | None:
        """The new value for each of the 256 values of a grey picture, or None when they stay."""


def of_design(space: Space, values: Values, target: Target, reduced: Callable[[str, Values], None]) -> Values:
    """Convert a colour that somebody wrote. When its inks are over the limit, they are given to `reduced`."""
    original = space.original(values)
    if target.is_over(original):
        shares = " ".join(f"{round(100 * share, 2):g}%" for share in original.values)
        reduced(f"device-cmyk({shares})", original.values)
    return target.flat(original)


class PrintTarget:
    """The plates of a printing press."""

    space = "/DeviceCMYK"
    channels = 4
    fill = "k"
    stroke = "K"

    def __init__(self, inks: Inks) -> None:
        self._inks = inks
        self._same: dict[bytes, bool] = {}
        self.key = inks.key

    def flat(self, original: Original) -> Values:
        """Convert a colour: by its recipe, into black ink alone, or with the profile."""
        values = original.values
        if original.kind == "rgb":
            return self._inks.rgb(values)
        if original.kind == "cmyk":
            return self._inks.held((values[0], values[1], values[2], values[3]))
        if original.kind == "lab":
            # An a and b below half a unit is a grey that a style sheet wrote in another space.
            if math.hypot(values[1], values[2]) < 0.5:
                return self._inks.rgb(lab_to_screen((values[0], 0, 0)))
            lightness, a, b = (round(values[0] * 2.55), round(values[1]) + 128, round(values[2]) + 128)
            return self._inks.through([(lightness, min(max(a, 0), 255), min(max(b, 0), 255))], "LAB")[0]
        if len(values) == 4:
            if self.is_own(original.profile) or not any(values[:3]):
                return self._inks.held((values[0], values[1], values[2], values[3]))
            return self._inks.through([eighths(values)], "CMYK", original.profile)[0]
        if len(set(eighths(values))) == 1:
            return self._inks.rgb(values)
        return self._inks.through([eighths(values)], "RGB", original.profile)[0]

    def path(self, originals: Sequence[Original], ends: bool = True) -> list[Values]:
        """Convert a row of colours with the profile, or into black ink alone when all are neutral."""
        if all(original.kind == "rgb" for original in originals):
            if all(original.is_neutral for original in originals):
                return [(0.0, 0.0, 0.0, self._inks.black(original.values[0])) for original in originals]
            return self._coloured([original.values for original in originals], ends)
        return [self.flat(original) for original in originals]

    def _coloured(self, colours: Sequence[Values], ends: bool) -> list[Values]:
        made: list[Values] = list(self._inks.through([eighths(colour) for colour in colours], "RGB"))
        if ends:
            whole = list(made)
            for place in (0, -1):
                offset = [a - b for a, b in zip(self._inks.rgb(colours[place]), whole[place], strict=True)]
                if any(offset):
                    for index, colour in enumerate(colours):
                        part = max(0.0, 1 - math.dist(colour, colours[place]) / FADE)
                        moved = (one + part * step for one, step in zip(made[index], offset, strict=True))
                        cyan, magenta, yellow, black = (min(max(value, 0.0), 1.0) for value in moved)
                        made[index] = self._inks.held((cyan, magenta, yellow, black))
        return made

    def picture(self, picture: Image.Image, profile: bytes = b"", spare: float = 0) -> Image.Image:
        """Convert a picture with the profile, and keep it under the ink limit.

        CMYK of this printing condition is only limited.
        """
        is_own = picture.mode == "CMYK" and (not profile or self.is_own(profile))
        return self._inks.picture(picture, None if is_own else profile or None, spare)

    def over(self, picture: Image.Image, spare: float = 0) -> float:
        """Return by how many percent the pixel with the most ink is over the ink limit, or 0."""
        limit = self._inks.limit - spare
        return max(0.0, most_ink(picture, limit * 2.55) / 2.55 - limit)

    def is_over(self, original: Original) -> bool:
        """Whether a colour in CMYK of this printing condition is over the ink limit."""
        is_own = original.kind == "cmyk" or (len(original.values) == 4 and self.is_own(original.profile))
        return is_own and self._inks.is_over(original.values)

    def keeps(self, space: Space) -> bool:
        """Whether colours stay: CMYK of this printing condition and spot colours do."""
        if space.profile and space.components == 4:
            return self.is_own(space.profile)
        return space.family == "/Separation" or (
            space.family != "/DeviceN" and space.convert(space.initial).kind == "cmyk"
        )

    def is_own(self, profile: bytes) -> bool:
        """Whether a profile describes this printing condition. Then its inks stay unchanged."""
        if profile not in self._same:
            self._same[profile] = self._inks.is_same_condition(profile)
        return self._same[profile]

    @property
    def tones(self) -> list[int] | None:
        """The new value of each grey: black ink alone, as light as the profile prints it with four inks."""
        return self._inks.tones


class Luminosity:
    """The grey of a soft mask. It is not an ink: it says how much of the artwork is visible (ISO 32000-1, 11.5.3)."""

    space = "/DeviceGray"
    channels = 1
    fill = "g"
    stroke = "G"
    key = "luminosity"
    tones = None

    def flat(self, original: Original) -> Values:
        """Return the luminosity that a viewer computes from the device colour."""
        values = original.values
        if original.kind == "lab":
            values = lab_to_screen(values)
        elif len(values) == 4:
            values = tuple((1 - ink) * (1 - values[3]) for ink in values[:3])
        red, green, blue = values
        return (round(0.3 * red + 0.59 * green + 0.11 * blue, 4),)

    def path(self, originals: Sequence[Original], ends: bool = True) -> list[Values]:
        """Convert each colour with `flat`. This is enough, because luminosity is linear in the device colour."""
        return [self.flat(original) for original in originals]

    def over(self, picture: Image.Image, spare: float = 0) -> float:
        """Return 0, because a mask has no ink."""
        return 0.0

    def picture(self, picture: Image.Image, profile: bytes = b"", spare: float = 0) -> Image.Image:
        """Return the luminosity of every pixel."""
        if picture.mode == "LAB":
            screen = ImageCms.profileToProfile(picture, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"))
            assert screen is not None
            picture = screen
        elif picture.mode == "CMYK":
            picture = picture.convert("RGB")
        return picture.convert("L")

    def is_over(self, original: Original) -> bool:
        """Return False, because a mask has no ink."""
        return False

    def keeps(self, space: Space) -> bool:
        """Whether colours stay: only greys do."""
        return space.key == "grey"

    def is_own(self, profile: bytes) -> bool:
        """Whether CMYK needs no conversion. The profile has no effect on the luminosity of a device colour."""
        return True

"""Brings inks under the ink limit and keeps their colour: black replaces the grey in cyan, magenta and yellow.

This is grey component replacement (GCR). The output profile says which other inks print the same colour. Only colours
over the limit change, and only as far as the limit asks, so that no edge appears between them and their neighbours.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageMath

# Colours in CIE L*a*b* and inks in steps of 8 bits.
Lab = tuple[float, float, float]
Mixture = list[float]

# Pictures are limited in squares of so many pixels a side. Most of a photograph is under the limit and stays as it is.
TILE = 512
# The table has so many colours in each direction of CIE L*a*b*.
NODES = 17
# The inks in the table are this far under the limit, in percent, so that colours just over it change little.
SPARE = 30.0
# Black is raised in so many steps, while the colour stays this near to the one wanted, in CIE76.
STEPS, NEAR = 12, 3.0
# To see what an ink does to a colour, it is changed by this, of 255. A smaller change is lost in the rounding.
PROBE = 48
# Keeps corrections small where an ink has nearly no effect.
DAMPING = 5e-4

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC


class InkLimit:
    """The ink limit of a printing condition, in percent."""

    def __init__(self, profile: ImageCms.ImageCmsProfile, limit: float) -> None:
        self.limit = limit
        self._profile = profile

    def held(self, picture: Image.Image, spare: float = 0) -> Image.Image:
        """Change a CMYK picture so that no pixel is over the limit, and return it. `spare` lowers the limit."""
        most = round((self.limit - spare) * 2.55)
        if most >= 4 * 255:
            return picture
        for left, top in itertools.product(range(0, picture.width, TILE), range(0, picture.height, TILE)):
            box = (left, top, min(left + TILE, picture.width), min(top + TILE, picture.height))
            tile = picture.crop(box)
            if most_ink(tile, most) > most:
                picture.paste(cut(self._replaced(tile, most), most), box)
        return picture

    def _replaced(self, strip: Image.Image, most: int) -> Image.Image:
        """Mix the inks of pixels over the limit with those of the table, which have the same colour and less ink.

        Half of each prints lighter than either, so the mix is looked at, and mixed once more with what it lacks.
        """
        bands = dict(zip("cmyk", strip.split(), strict=True)) | dict(
            zip("CMYK", self._other(strip).split(), strict=True)
        )
        lacking = dict.fromkeys("efgh", Image.new("I", strip.size))
        first = Image.merge("CMYK", ImageMath.lambda_eval(_mixed, most=most, **bands, **lacking))
        lacking = dict(zip("efgh", _signed(self._other(strip), self._other(first)), strict=True))
        return Image.merge("CMYK", ImageMath.lambda_eval(_mixed, most=most, **bands, **lacking))

    def _other(self, strip: Image.Image) -> Image.Image:
        """Return the inks of the table for the colours of a picture."""
        seen = ImageCms.applyTransform(strip, self._to_lab)
        assert seen is not None
        return Image.merge("RGB", seen.split()).filter(self._table)

    # --- the table ---

    @cached_property
    def _to_lab(self) -> ImageCms.ImageCmsTransform:
        return ImageCms.buildTransform(self._profile, ImageCms.createProfile("LAB"), "CMYK", "LAB", _INTENT)

    @cached_property
    def _table(self) -> ImageFilter.Color3DLUT:
        """For each colour, inks that print it: those of the profile, or with more black where these are too much."""
        axis = [round(255 * step / (NODES - 1)) for step in range(NODES)]
        nodes = [(lightness, a, b) for b, a, lightness in itertools.product(axis, repeat=3)]
        bands = [Image.frombytes("L", (len(nodes), 1), bytes(band)) for band in zip(*nodes, strict=True)]
        to_inks = ImageCms.buildTransform(ImageCms.createProfile("LAB"), self._profile, "LAB", "CMYK", _INTENT)
        printed = ImageCms.applyTransform(Image.merge("LAB", bands), to_inks)
        assert printed is not None
        raw = printed.tobytes()
        found = [list(map(float, raw[at : at + 4])) for at in range(0, len(raw), 4)]
        goal = (self.limit - SPARE) * 2.55
        heavy = [index for index, inks in enumerate(found) if sum(inks) > goal]
        for index, inks in zip(heavy, self._blacker([found[index] for index in heavy], goal), strict=True):
            found[index] = inks
        # Pillow's type for the table asks for tuples or a flat list.
        flat = [ink / 255 for inks in found for ink in inks]
        return ImageFilter.Color3DLUT(NODES, flat, channels=4, target_mode="CMYK")

    def _blacker(self, given: Sequence[Mixture], goal: float) -> list[Mixture]:
        """Return inks of the same colours with more black, until their sum is at the goal."""
        if not given:
            return []
        wanted = self._seen(given)
        best, now = [list(inks) for inks in given], [list(inks) for inks in given]
        live = list(range(len(given)))
        for step in range(1, STEPS + 1):
            for index in live:
                now[index][3] = given[index][3] + (255 - given[index][3]) * step / STEPS
            for _ in range(2):
                probes = self._seen([probe for index in live for probe in _probes(now[index])])
                for place, index in enumerate(live):
                    _correct(now[index], probes[4 * place : 4 * place + 4], wanted[index])
            seen = self._seen([now[index] for index in live])
            off = {index: math.dist(colour, wanted[index]) for index, colour in zip(live, seen, strict=True)}
            for index in live:
                if off[index] <= NEAR and sum(now[index]) < sum(best[index]):
                    best[index] = list(now[index])
            live = [index for index in live if sum(best[index]) > goal and off[index] <= 2 * NEAR]
            if not live:
                break
        return best

    def _seen(self, inks: Sequence[Mixture]) -> list[Lab]:
        """Return the colours that inks print."""
        raw = bytes(round(ink) for one in inks for ink in one)
        made = ImageCms.applyTransform(Image.frombytes("CMYK", (len(inks), 1), raw), self._to_lab)
        assert made is not None
        bands = (band.tobytes() for band in made.split())
        return [(lightness / 2.55, a - 128, b - 128) for lightness, a, b in zip(*bands, strict=True)]


def _signed(wanted: Image.Image, printed: Image.Image) -> list[Any]:
    """Return the differences of two pictures, a band each, as numbers with a sign."""
    pairs = zip(wanted.split(), printed.split(), strict=True)
    return [ImageMath.lambda_eval(lambda of: of["int"](of["a"]) - of["int"](of["b"]), a=a, b=b) for a, b in pairs]


def _mixed(of: dict[str, Any]) -> list[Image.Image]:
    """Mix the inks `cmyk` with `CMYK` until they and the lacking inks `efgh` have the sum `most`."""
    inks = of["c"] + of["m"] + of["y"] + of["k"]
    gain = of["max"](inks - (of["C"] + of["M"] + of["Y"] + of["K"]), 1)
    more = of["e"] + of["f"] + of["g"] + of["h"]
    over = of["max"](inks - of["most"], 0)
    is_over = of["min"](over, 1)
    # Two steps more, for rounding.
    part = of["min"]((over + 2 + of["max"](more, 0)) * is_over, gain)
    made = (
        of[ink] + (of[ink.upper()] - of[ink]) * part / gain + of[lacks] * is_over
        for ink, lacks in zip("cmyk", "efgh", strict=True)
    )
    return [of["convert"](of["min"](of["max"](ink, 0), 255), "L").im for ink in made]


def _probe(ink: float) -> int:
    """Return the change of an ink that shows its effect: towards the middle."""
    return -PROBE if ink >= 128 else PROBE


def _probes(inks: Mixture) -> list[Mixture]:
    """Return the inks, and the inks with cyan, magenta or yellow changed."""
    return [inks, *([*inks[:at], inks[at] + _probe(inks[at]), *inks[at + 1 :]] for at in range(3))]


def _correct(inks: Mixture, seen: Sequence[Lab], wanted: Lab) -> None:
    """Change cyan, magenta and yellow so that the colour comes nearer to the one wanted (least squares, damped).

    `seen` are the colours of `_probes`.
    """
    here = seen[0]
    missing = [goal - value for goal, value in zip(wanted, here, strict=True)]
    effects = [
        [(value - base) / _probe(inks[at]) for value, base in zip(seen[at + 1], here, strict=True)] for at in range(3)
    ]
    matrix = [
        [sum(a * b for a, b in zip(one, two, strict=True)) + DAMPING * (one is two) for two in effects]
        for one in effects
    ]
    aim = [sum(a * b for a, b in zip(effect, missing, strict=True)) for effect in effects]
    whole = _determinant(matrix)
    for at in range(3):
        replaced = [[*row[:at], goal, *row[at + 1 :]] for row, goal in zip(matrix, aim, strict=True)]
        inks[at] = min(max(inks[at] + _determinant(replaced) / whole, 0.0), 255.0)


def _determinant(rows: Sequence[Sequence[float]]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def most_ink(picture: Image.Image, above: float = 0) -> int:
    """Return the largest amount of ink of any pixel of a CMYK picture, as a sum of 8-bit values.

    What is not more than `above` may come back as 0, which is found much sooner.
    """
    highest = 0
    rows = max(1, TILE * TILE // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        # A quarter of the sum, in 8 bits. Each of the three additions drops half a step at most.
        cyan, magenta, yellow, black = strip.split()
        halves = ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2)
        quarter = int(ImageChops.add(*halves, 2).getextrema()[1])  # type: ignore[arg-type]
        if 4 * quarter + 4 > max(above, highest):
            highest = max(highest, int(total(strip).getextrema()[1]))
    return highest


def total(strip: Image.Image) -> Any:
    """Return the sum of the four inks of each pixel."""
    bands = dict(zip("cmyk", strip.split(), strict=True))
    return ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **bands)


def cut(strip: Image.Image, most: int) -> Image.Image:
    """Take what is over `most`, a sum of 8-bit values, from cyan, magenta and yellow. Black does not change.

    This is for colours that no other inks can print. Ink is taken in equal parts, because equal parts are nearly grey.
    When one of the three has too little for this, all three are scaled.
    """
    bands = dict(zip("cmyk", strip.split(), strict=True))
    inks = total(strip)
    if inks.getextrema()[1] <= most:
        return strip

    def limited(of: dict[str, Any]) -> list[Image.Image]:
        third = (of["max"](of["t"] - most, 0) + 2) / 3
        less = [of["max"](of[name] - third, 0) for name in "cmy"]
        left = less[0] + less[1] + less[2]
        room = of["min"](left, of["max"](most - of["k"], 0))
        return [of["convert"](ink * room / of["max"](left, 1), "L").im for ink in less]

    return Image.merge("CMYK", [*ImageMath.lambda_eval(limited, t=inks, **bands), bands["k"]])

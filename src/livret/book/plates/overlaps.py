"""How much ink things have together where they mix: by a blend mode, or because black overprints what is below.

Boxes are compared, not shapes, and a picture or a gradient is looked at in samples. So this says how much there may be.
What covers the things below it has at most the ink of either, which the separation has limited.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from livret.book.plates.painted import PLAIN, Painted, meet, shared
from livret.book.separation import colour_spaces, functions, image_data
from livret.book.separation.pdf_input import FAULTS, floats, pairs

Inks = tuple[float, ...]

PAPER: Inks = (0.0, 0.0, 0.0, 0.0)
# A picture is looked at in so many points a side, and a gradient in so many places.
POINTS, PLACES = 48, 33
# Of Pillow: take the nearest pixel, and no mean of several.
NEAREST = 0
# So many mixtures are followed for one thing: those with the most ink.
MIXTURES = 24


@dataclass(frozen=True)
class Overlap:
    """The most ink that things have together on a page, as a share of one ink, and what mixes."""

    ink: float
    blend: str
    kind: str


def most_ink(things: Iterable[Painted], below: Iterable[Painted] = ()) -> Overlap | None:
    """Return where things on a page may have the most ink together, or None when none mix.

    Things that are `below` them are not asked.
    """
    stack: list[_Stacked] = []
    for one in below:
        stack.append(_stacked(one, stack))
    most: Overlap | None = None
    for one in things:
        layer = _stacked(one, stack)
        if layer.inks is not None:
            ink = max(map(sum, layer.inks), default=0.0)
            if most is None or ink > most.ink:
                most = Overlap(ink, "" if one.blend in PLAIN else one.blend[1:], one.kind)
        stack.append(layer)
    return most


def too_dark(things: Iterable[Painted], limit: float) -> list[Painted]:
    """Return what overprints on a page and may have more ink than the limit with what is below it.

    `limit` is a share of one ink. What is below and not known may be dark. When these things knock out, their ink is
    all that is there.
    """
    stack: list[_Stacked] = []
    unknown: list[_Stacked] = []
    found = []
    for one in things:
        layer = _stacked(one, stack)
        if one.overprints and one.blend in PLAIN:
            ink = max(map(sum, layer.inks or ()), default=0.0)
            if ink > limit or any(meet(one.box, other.thing.box) for other in unknown):
                found.append(one)
                layer = _stacked(replace(one, overprints=False), stack)
        if one.inks is None and not layer.own:
            unknown.append(layer)
        stack.append(layer)
    return found


def _stacked(one: Painted, below: Sequence[_Stacked]) -> _Stacked:
    layer = _Stacked(one)
    if one.blend not in PLAIN or one.overprints:
        layer.inks = _heaviest(_mixed(one, layer.own, list(_under(one, below))))
    return layer


class _Stacked:
    """A thing, and the inks that it may have on the page. They are looked at only when something mixes with it."""

    def __init__(self, thing: Painted) -> None:
        self.thing = thing
        self.inks: list[Inks] | None = None
        self._own: list[Inks] | None = None

    @property
    def own(self) -> list[Inks]:
        """The inks that the object paints; none when they are not known."""
        if self._own is None:
            self._own = [self.thing.inks] if self.thing.inks is not None else _sampled(self.thing.source)
        return self._own

    @property
    def seen(self) -> list[Inks]:
        """The inks on the page."""
        return self.own if self.inks is None else self.inks

    @property
    def covers(self) -> bool:
        """Whether nothing is seen through it."""
        one = self.thing
        return one.is_whole and one.opacity == 1 and one.blend in PLAIN and not one.overprints


def _under(one: Painted, below: Sequence[_Stacked]) -> Iterator[Inks | None]:
    """Yield the inks below a thing, down to what covers all that is under it, or to None: there, nothing is painted."""
    for layer in reversed(below):
        if meet(one.box, layer.thing.box):
            yield from layer.seen
            if layer.covers and shared(one.box, layer.thing.box) == one.box:
                return
    yield None


def _heaviest(inks: Iterable[Inks]) -> list[Inks]:
    return sorted(set(inks), key=lambda one: (-sum(one), one))[:MIXTURES]


def _mixed(one: Painted, own: Sequence[Inks], below: Sequence[Inks | None]) -> Iterator[Inks]:
    backs = list(dict.fromkeys(inks for inks in below if inks is not None))
    if None in below:
        # A thing on bare paper does not mix (ISO 32000-1, 11.3.6).
        yield from own
    if len(own) * len(backs) > MIXTURES * POINTS * POINTS:
        own, backs = _heaviest(own), _heaviest(backs)
    for source, back in itertools.product(own, backs):
        if one.blend in PLAIN:
            # With mode 1, an ink of 0 leaves what is below (ISO 32000-1, 8.6.7).
            full = tuple(mine or theirs for mine, theirs in zip(source, back, strict=True))
        else:
            full = tuple(_blended(one.blend, mine, theirs) for mine, theirs in zip(source, back, strict=True))
        yield tuple(round(theirs + one.opacity * (whole - theirs), 4) for whole, theirs in zip(full, back, strict=True))


def _blended(mode: str, mine: float, theirs: float) -> float:
    """Blend two shares of one ink (ISO 32000-1, 11.3.5). PDF blends light, which is 1 less the ink.

    For the modes that mix several inks, and those that give less, the greater of the two is a bound.
    """
    if mode == "/Multiply":
        return mine + theirs - mine * theirs
    if mode == "/ColorBurn":
        return 0.0 if not theirs else 1.0 if mine >= 1 else min(1.0, theirs / (1 - mine))
    if mode == "/Difference":
        return 1 - abs(mine - theirs)
    if mode == "/Exclusion":
        return 1 - (mine + theirs - 2 * mine * theirs)
    if mode in ("/HardLight", "/Overlay", "/SoftLight"):
        # Where the light is under a half these multiply.
        return mine + theirs - mine * theirs
    return max(mine, theirs)


# --- samples ---


def _sampled(source: Any) -> list[Inks]:
    """Return inks of a separated picture, gradient or pattern. Of what cannot be looked at, return nothing."""
    try:
        if isinstance(source, pikepdf.Stream) and source.get("/Subtype") == "/Image":
            return _of_picture(source)
        shading = source.get("/Shading", source) if source is not None else None
        return _of_gradient(shading) if shading is not None and "/ShadingType" in shading else []
    except FAULTS:
        return []


def _of_picture(source: Any) -> list[Inks]:
    space = colour_spaces.read(source["/ColorSpace"])
    size = (int(source["/Width"]), int(source["/Height"]))
    bands, _ = image_data.bands(source, size, int(source.get("/BitsPerComponent", 8)), space.components)
    if space.family == "/Indexed":
        small = [band.resize(_smaller(size), NEAREST) for band in bands]
        return [_inks(space, (float(value),)) for value in set(small[0].tobytes())]
    decode = pairs(source["/Decode"]) if "/Decode" in source else ()
    small = [band.resize(_smaller(size), NEAREST) for band in image_data.decoded(bands, space, decode)]
    values = set(zip(*(band.tobytes() for band in small), strict=True))
    whole = image_data.decoded(bands, space, decode)
    values |= {image_data.darkest(whole), image_data.darkest(whole[:3], whole)}
    return [_inks(space, tuple(value / 255 for value in one)) for one in values]


def _smaller(size: tuple[int, int]) -> tuple[int, int]:
    return min(size[0], POINTS), min(size[1], POINTS)


def _of_gradient(shading: Any) -> list[Inks]:
    space = colour_spaces.read(shading["/ColorSpace"])
    if "/Function" not in shading:
        return []
    function = functions.read(shading["/Function"])
    if len(function.domain) != 1:
        return []
    low, high = floats(shading["/Domain"], 2) if "/Domain" in shading else function.domain[0]
    places = (low + (high - low) * step / (PLACES - 1) for step in range(PLACES))
    return list({_inks(space, function(place)) for place in places})


def _inks(space: colour_spaces.Space, values: Sequence[float]) -> Inks:
    """Return the inks of a colour of a separated page: CMYK, or grey, which is black ink."""
    original = space.original(values)
    if original.kind == "cmyk":
        return original.values
    return (0.0, 0.0, 0.0, 1 - original.values[0]) if original.is_neutral else PAPER

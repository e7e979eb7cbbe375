"""The colours of a layout: its palette, and what a catalogue chooses in its place.

A designer answers for the palette: its colours are used as they are. A colour that a catalogue chooses is used only
where it can be read: as an area always, for text in a shade that can be read, and white on it only if it can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from livret.content.contrast import WHITE, on, readable, six_digits, tint
from livret.content.messages import did_you_mean
from livret.content.schema.design import Colours
from livret.findings import LivretError
from livret.translation import say

HexColour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Percent = Annotated[float, Field(ge=0, le=100)]


class Strict(BaseModel):
    """What all models of a layout's files share: frozen, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Colour(Strict):
    """A palette colour: the RGB that the screen shows, and the percent of each ink that the press prints."""

    rgb: HexColour
    cmyk: tuple[Percent, Percent, Percent, Percent]


# The name of a file, or the colours themselves. A message about an error depends on which of the two it is.
Palette = Annotated[
    Annotated[str, Tag("file")] | Annotated[dict[str, Colour], Tag("colours")],
    Discriminator(lambda value: "file" if isinstance(value, str) else "colours"),
]


class CoverGround(Strict):
    """The palette colour that is the ground of cover, openers and back cover, and the one that is its tint.

    A catalogue may choose its own in place of both.
    """

    solid: str
    tint: str | None = None


@dataclass(frozen=True)
class ThemeColours:
    """A theme's colour for areas, its tint for panels, a shade for text, and the colour of what stands on it."""

    color: str
    tint: str
    text: str
    on: str


@dataclass(frozen=True)
class ChosenPalette:
    """The palette as it is used: `rgb` by name, and the recipes of those colours that have one.

    `cover` is the ground of the cover, `on_cover` the colour of text on it; `is_chosen` says that a catalogue chose it.
    """

    rgb: Mapping[str, str]
    recipes: Mapping[str, Colour]
    cover: str
    on_cover: str
    is_chosen: bool = False


def choose(palette: Mapping[str, Colour], ground: CoverGround | None, chosen: Colours) -> ChosenPalette:
    """A palette with the ground that a catalogue chooses.

    Titles and labels in that colour are a shade of it that can be read. A colour without a recipe is separated by the
    press profile, like a colour of a picture.
    """
    rgb = {name: colour.rgb for name, colour in palette.items()}
    paper = rgb.get("paper", WHITE)
    if ground is None or ground.solid not in palette:
        return ChosenPalette(rgb, palette, rgb.get("black", "#000000"), paper)
    if chosen.ground is None:
        return ChosenPalette(rgb, palette, rgb[ground.solid], paper)
    cover = six_digits(chosen.ground)
    own = {ground.solid: readable(cover, WHITE, tint(cover))}
    recipes = {name: colour for name, colour in palette.items() if name not in (ground.solid, ground.tint)}
    if ground.tint:
        own[ground.tint] = tint(cover)
    if chosen.ground_inks:
        recipes |= _recipes(cover, chosen.ground_inks, ground)
    return ChosenPalette(rgb | own, recipes, cover, on(cover), is_chosen=True)


def _recipes(cover: str, inks: Sequence[float], ground: CoverGround) -> dict[str, Colour]:
    """The inks of a chosen ground and of its tint, which has 12 % of each."""
    made = {ground.solid: Colour(rgb=cover, cmyk=_four(inks))}
    if ground.tint:
        made[ground.tint] = Colour(rgb=tint(cover), cmyk=_four(round(ink * 0.12, 1) for ink in inks))
    return made


def _four(inks: Iterable[float]) -> tuple[float, float, float, float]:
    cyan, magenta, yellow, black = inks
    return cyan, magenta, yellow, black


def colours_of_themes(
    themes: Iterable[tuple[str, str | None]], palette: Mapping[str, str], order: Sequence[str], layout: str
) -> dict[str, ThemeColours]:
    """For each (theme id, own colour or None) its colours, all `#rrggbb`.

    The theme's own colour comes first, then a palette colour with the theme's id as its name, then the next of `order`
    (the layout's `theme_colours`). Raises LivretError when the palette of the layout lacks a colour of `order`.
    """
    names = tuple(order) or tuple(name for name in palette if f"{name}-tint" in palette)
    chosen = {}
    for number, (theme, own) in enumerate(themes):
        if own:
            colour = six_digits(own)
            pale = tint(colour)
            chosen[theme] = ThemeColours(colour, pale, readable(colour, pale, WHITE), on(colour))
            continue
        name = theme if f"{theme}-tint" in palette else names[number % len(names)] if names else "black"
        if name not in palette:
            message = say(
                'the palette of the layout {layout} has no colour "{name}", which theme_colours needs',
                layout=layout,
                name=name,
            )
            raise LivretError(message, *did_you_mean(name, palette))
        colour = palette[name]
        pale = palette.get(f"{name}-tint") or tint(colour)
        chosen[theme] = ThemeColours(colour, pale, colour, palette.get("paper", WHITE))
    return chosen

"""What a layout draws for a catalogue that names no drawings: a wall of squares in the colours of its themes.

Squares stand on the foot of the page in columns of different heights. Some carry the sign of their theme, the top of
some is round. Nothing in it is left to chance: the same themes give the same wall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from livret.content.contrast import BLACK, contrast, tint
from livret.pages.compose.navigation import ThemeView

# A square has this many units a side; its sign this many.
SIDE, SIGN = 100, 56
# A shape can be seen on its ground from this contrast on (WCAG 2.1, 1.4.11).
SEEN = 3.0
# So far a square reaches under those at its right and below, so that no hairline shows between them.
OVERLAP = 0.4

# How many squares stand on each other, by column, from the left; a wider wall begins again.
SKYLINE = (3, 1, 2, 3, 4, 2, 1, 2, 3, 1, 2, 4)


# Draws a sign: its name, its colour, left, top and side of its square.
Place = Callable[[str, str, float, float, float], str]


@dataclass(frozen=True)
class Tone:
    """How a theme is drawn: its squares with a sign and without, its round tops, its sign and the sign's colour."""

    square: str
    plain: str
    round: str
    pictogram: str | None
    sign: str


@dataclass(frozen=True)
class Wall:
    """The wall: columns of squares from the left, and how far squares at the edges reach beyond the page."""

    heights: Sequence[int]
    bleed: float = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in units, with the bleed at the sides and at the foot."""
        return SIDE * len(self.heights) + 2 * self.bleed, SIDE * max(self.heights) + self.bleed


def skyline(columns: int, highest: int, start: int = 0) -> tuple[int, ...]:
    """The heights of a wall of so many columns, none higher than `highest`."""
    return tuple(min(highest, SKYLINE[(start + column) % len(SKYLINE)]) for column in range(columns))


def drawn(wall: Wall, tones: Sequence[Tone], place: Place) -> str:
    """The wall as SVG. `place` draws the signs."""
    width, height = wall.size
    last = len(wall.heights) - 1
    foot = SIDE * max(wall.heights)
    chosen = _themes(wall, len(tones))
    shapes, signs = [], []
    for (column, row), theme in sorted(chosen.items()):
        tone = tones[theme]
        left, top = SIDE * column, foot - SIDE * (row + 1)
        rounded = _rounded(wall, column, row)
        is_signed = _is_signed(wall, column, row)
        has_neighbour = column < last and row < wall.heights[column + 1]
        beyond = (wall.bleed if column == 0 else 0, wall.bleed if column == last else OVERLAP * has_neighbour)
        fill = tone.round if rounded else tone.square if is_signed else tone.plain
        shapes.append(_square(left, top, beyond, wall.bleed if row == 0 else OVERLAP, rounded, fill))
        if tone.pictogram and is_signed:
            inset = (SIDE - SIGN) / 2
            signs.append(place(tone.pictogram, tone.sign, left + inset, top + inset, SIGN))
    box = f"{-wall.bleed:g} 0 {width:g} {height:g}"
    within = "".join((*shapes, *signs))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" aria-hidden="true">{within}</svg>'


def _themes(wall: Wall, count: int) -> dict[tuple[int, int], int]:
    """Which theme each square has, by column and row: signs in the order of the themes, so that all of them are there.

    The squares between them have a theme that no square beside them has, where there are enough themes.
    """
    squares = [(column, row) for column, height in enumerate(wall.heights) for row in range(height)]
    signed = [square for square in squares if _is_signed(wall, *square)]
    chosen = {square: number % count for number, square in enumerate(signed)}
    for column, row in squares:
        if (column, row) not in chosen:
            around = ((column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1))
            beside = {chosen.get(one) for one in around}
            wishes = [(column + 2 * row + step) % count for step in range(count)]
            chosen[column, row] = next((wish for wish in wishes if wish not in beside), wishes[0])
    return chosen


def _is_signed(wall: Wall, column: int, row: int) -> bool:
    return (column + row) % 2 == 0 and not _rounded(wall, column, row)


def _rounded(wall: Wall, column: int, row: int) -> str:
    """How a square is rounded; empty where it is not the top of its column."""
    return _round(column, len(wall.heights) - 1) if row == wall.heights[column] - 1 else ""


def _round(column: int, last: int) -> str:
    """How the top of a column is rounded: left, right, both or not. At the edges of the page it is not."""
    if column in (0, last):
        return ""
    return ("", "left", "", "right", "both")[column % 5]


def _square(left: float, top: float, beyond: tuple[float, float], down: float, rounded: str, fill: str) -> str:
    west, east, south = left - beyond[0], left + SIDE + beyond[1], top + SIDE + down
    if not rounded:
        path = f"M{west:g} {top:g}H{east:g}V{south:g}H{west:g}z"
    elif rounded == "left":
        path = f"M{west:g} {south:g}V{top + SIDE:g}A{SIDE} {SIDE} 0 0 1 {left + SIDE:g} {top:g}V{south:g}z"
    elif rounded == "right":
        path = f"M{west:g} {south:g}V{top:g}A{SIDE} {SIDE} 0 0 1 {left + SIDE:g} {top + SIDE:g}V{south:g}z"
    else:
        half = SIDE / 2
        path = f"M{west:g} {south:g}V{top + half:g}A{half:g} {half:g} 0 0 1 {left + SIDE:g} {top + half:g}V{south:g}z"
    return f'<path fill="{fill}" d="{path}"/>'


def in_colours(themes: Sequence[ThemeView]) -> tuple[Tone, ...]:
    """Themes in their colours; where there are one or two, squares without a sign are in their tints."""
    few = len(themes) < 3
    return tuple(
        Tone(theme.color, theme.tint if few else theme.color, theme.tint, theme.pictogram, theme.on) for theme in themes
    )


def in_two_inks(themes: Sequence[ThemeView], cover: str, on_cover: str) -> tuple[Tone, ...]:
    """Themes in the colour of text on the cover, and in black; or in a tint where black could not be seen there."""
    plain = BLACK if contrast(BLACK, cover) >= SEEN and on_cover != BLACK else tint(cover)
    return tuple(Tone(on_cover, plain, plain, theme.pictogram, cover) for theme in themes)

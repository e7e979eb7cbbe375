"""The colours of the layouts: legible, told apart by colour-blind readers, printable with few inks."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from colour import BLINDNESS, contrast, difference, linear, seen
from livret.pages.layout import Layout
from livret.pages.palette import Colour
from livret.project import Project
from press import TOP


def palette(layout: str) -> dict[str, Colour]:
    return dict(Layout(Project(TOP, TOP / "output"), layout).palette)


def themes() -> dict[str, Colour]:
    """The colours of themes, which are those that have a tint."""
    colours = palette("forum")
    return {name: colour for name, colour in colours.items() if f"{name}-tint" in colours}


def test_the_measures_are_those_of_the_books() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert difference(linear("#ff0000"), linear("#ff0000")) == 0
    # Red and green of one lightness are nearly one colour to a deuteranope, and far apart to others.
    red, green = "#a64b2a", "#5f6b1f"
    assert difference(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < 12
    assert difference(seen(red, "normal"), seen(green, "normal")) > 25


def test_there_are_seven_themes() -> None:
    assert len(themes()) == 7


@pytest.mark.parametrize("layout", sorted(path.parent.name for path in Path(TOP / "layouts").glob("*/layout.yaml")))
def test_each_colour_has_a_value_of_its_own(layout: str) -> None:
    values = [colour.rgb for colour in palette(layout).values()]
    assert len(set(values)) == len(values)


def test_white_is_legible_on_a_theme_and_black_on_its_tint() -> None:
    colours = palette("forum")
    for name, colour in themes().items():
        assert contrast(colour.rgb, "#ffffff") >= 4.5, name
        assert contrast(colours[f"{name}-tint"].rgb, "#000000") >= 15, name
        # Titles and pictograms, not small print.
        assert contrast(colours[f"{name}-tint"].rgb, colour.rgb) >= 3, name


def test_a_theme_takes_two_inks_and_black_at_most() -> None:
    for name, colour in themes().items():
        assert sum(ink > 0 for ink in colour.cmyk[:3]) <= 2, name


@pytest.mark.parametrize(("how", "least"), [("normal", 15), *((how, 7) for how in BLINDNESS)])
def test_themes_are_told_apart(how: str, least: float) -> None:
    for (one, first), (other, second) in combinations(themes().items(), 2):
        assert difference(seen(first.rgb, how), seen(second.rgb, how)) >= least, f"{one} and {other}"

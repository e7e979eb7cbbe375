"""Contrast: WCAG 2.1 in numbers, what of a colour can be read, and the nearest shade that can."""

from __future__ import annotations

import pytest

from livret.content.contrast import contrast, doubts, nearest_good, on, readable, tint
from livret.content.schema.design import Colours
from livret.pages.palette import Colour, CoverGround, choose, colours_of_themes


# By the formula of WCAG 2.1: (L1 + 0.05) / (L2 + 0.05), L = 0.2126 R + 0.7152 G + 0.0722 B of linear channels.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),  # (1 + 0.05) / (0 + 0.05)
        ("#ffffff", "#ffffff", 1.0),
        ("#ff0000", "#ffffff", 3.998),  # L = 0.2126: 1.05 / 0.2626
        ("#00ff00", "#ffffff", 1.372),  # L = 0.7152: 1.05 / 0.7652
        ("#0000ff", "#ffffff", 8.592),  # L = 0.0722: 1.05 / 0.1222
        ("#ffffff", "#0000ff", 8.592),
        ("#777777", "#ffffff", 4.478),  # L = 0.1845: the grey that just fails
        ("#767676", "#ffffff", 4.542),  # L = 0.1812: the grey that just passes
        ("#ff0000", "#0000ff", 2.149),  # 0.2626 / 0.1222
    ],
)
def test_the_contrast_of_two_colours(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)


@pytest.mark.parametrize(
    ("colour", "wrong"),
    [
        ("#000000", {}),
        ("#0c2d64", {}),
        # Dark enough on white (4.63), not on its tint.
        ("#008285", {"text on its tint": 3.95}),
        ("#e8501e", {"text on paper": 3.75, "text on its tint": 3.22, "white on it": 3.75}),
        ("#ffd700", {"text on paper": 1.40, "text on its tint": 1.34, "white on it": 1.40}),
        ("#ffffff", {"text on paper": 1.0, "text on its tint": 1.0, "white on it": 1.0}),
    ],
)
def test_each_use_of_a_colour_is_looked_at(colour: str, wrong: dict[str, float]) -> None:
    assert doubts(colour) == pytest.approx(wrong, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "nearest"),
    [
        ("#0c2d64", "#0c2d64"),
        ("#008285", "#00777a"),
        ("#e8501e", "#bc4118"),
        ("#ffd700", "#7e6a00"),
        ("#ffffff", "#6b6b6b"),
    ],
)
def test_the_nearest_colour_is_a_darker_one_of_the_same_hue(colour: str, nearest: str) -> None:
    assert nearest_good(colour) == nearest
    assert not doubts(nearest)
    lighter = {"#00777a": "#00787b", "#bc4118": "#bd4118", "#7e6a00": "#7f6b00", "#6b6b6b": "#6c6c6c"}
    if nearest != colour:
        assert doubts(lighter[nearest])


@pytest.mark.parametrize(("ground", "text"), [("#0c2d64", "#ffffff"), ("#767676", "#ffffff"), ("#777777", "#000000"),
                                              ("#ffd700", "#000000")])  # fmt: skip
def test_text_on_a_ground_is_white_where_white_can_be_read(ground: str, text: str) -> None:
    assert on(ground) == text


def test_text_is_black_where_no_shade_can_be_read() -> None:
    assert readable("#3a3a00", "#303030") == "#000000"


@pytest.mark.parametrize(("colour", "pale"), [("#000000", "#e0e0e0"), ("#ffffff", "#ffffff"), ("#ff0000", "#ffe0e0")])
def test_a_tint_is_a_little_of_the_colour_on_white(colour: str, pale: str) -> None:
    assert tint(colour) == pale


# --- what a layout makes of it ---

PALETTE = {
    "paper": Colour(rgb="#ffffff", cmyk=(0, 0, 0, 0)),
    "black": Colour(rgb="#000000", cmyk=(0, 0, 0, 100)),
    "ink": Colour(rgb="#0c2d64", cmyk=(100, 80, 0, 45)),
    "cream": Colour(rgb="#fff7ea", cmyk=(0, 4, 10, 0)),
    "lien": Colour(rgb="#008285", cmyk=(90, 0, 38, 30)),
    "lien-tint": Colour(rgb="#e0f1f1", cmyk=(15, 0, 7, 0)),
}
GROUND = CoverGround(solid="ink", tint="cream")


def test_a_theme_colour_that_cannot_be_read_is_an_area_with_black_on_it_and_text_in_a_darker_shade() -> None:
    rgb = {name: colour.rgb for name, colour in PALETTE.items()}
    found = colours_of_themes([("sport", "#FD0")], rgb, (), "plain")["sport"]
    assert (found.color, found.tint, found.on) == ("#ffdd00", "#fffbe0", "#000000")
    assert found.text == "#857300"


def test_a_palette_colour_is_used_as_its_designer_chose_it() -> None:
    rgb = {name: colour.rgb for name, colour in PALETTE.items()}
    found = colours_of_themes([("lien", None)], rgb, (), "plain")["lien"]
    assert (found.color, found.tint, found.text, found.on) == ("#008285", "#e0f1f1", "#008285", "#ffffff")


def test_a_catalogue_that_chooses_no_ground_has_the_palette() -> None:
    found = choose(PALETTE, GROUND, Colours())
    assert (found.cover, found.on_cover, found.recipes) == ("#0c2d64", "#ffffff", PALETTE)


def test_a_chosen_ground_takes_the_place_of_the_colour_and_of_its_tint() -> None:
    found = choose(PALETTE, GROUND, Colours(ground="#5a1a4e", ground_inks=(50, 100, 0, 50)))
    assert (found.cover, found.on_cover) == ("#5a1a4e", "#ffffff")
    assert (found.rgb["ink"], found.rgb["cream"]) == ("#5a1a4e", "#ebe4ea")
    assert found.recipes["ink"] == Colour(rgb="#5a1a4e", cmyk=(50, 100, 0, 50))
    assert found.recipes["cream"] == Colour(rgb="#ebe4ea", cmyk=(6, 12, 0, 6))
    assert found.recipes["lien"].cmyk == (90, 0, 38, 30)


def test_a_chosen_ground_without_inks_is_left_to_the_press_profile() -> None:
    found = choose(PALETTE, GROUND, Colours(ground="#5a1a4e"))
    assert sorted(found.recipes) == ["black", "lien", "lien-tint", "paper"]


def test_titles_are_a_darker_shade_of_a_light_ground_and_the_cover_has_black_on_it() -> None:
    found = choose(PALETTE, GROUND, Colours(ground="#ffd700"))
    assert (found.cover, found.on_cover, found.rgb["ink"]) == ("#ffd700", "#000000", "#877200")

"""Colours as ink: recipes win, neutrals are black ink alone, the rest goes through the profile, under the limit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from PIL import Image, ImageCms

import softproof
from livret.book.separation.colour_spaces import Original
from livret.book.separation.ink import Inks
from livret.book.separation.ink_limit import cut
from livret.book.separation.targets import Luminosity, PrintTarget
from livret.findings import LivretError
from livret.pages.palette import Colour

Shares = tuple[float, ...]
# Cyan, magenta, yellow and black.
BLACK, PAPER = (0, 0, 0, 1), (0, 0, 0, 0)


def screen(colour: str) -> Shares:
    """`#rrggbb` as the engine writes it: three numbers of six decimals."""
    return tuple(round(int(colour[at : at + 2], 16) / 255, 6) for at in (1, 3, 5))


def looks(colours: Sequence[Shares]) -> list[Shares]:
    """How inks look on coated paper, in L*a*b*."""
    raw = bytes(round(255 * ink) for colour in colours for ink in colour)
    made = softproof.seen(Image.frombytes("CMYK", (len(colours), 1), raw))
    lightness, a, b = (band.tobytes() for band in made.split())
    return [(one / 2.55, two - 128, three - 128) for one, two, three in zip(lightness, a, b, strict=True)]


def meant(colours: Sequence[Shares]) -> list[Shares]:
    """How screen colours look when they are proofed for that paper."""
    raw = bytes(round(255 * value) for colour in colours for value in colour)
    made = softproof.proofed(Image.frombytes("RGB", (len(colours), 1), raw))
    lightness, a, b = (band.tobytes() for band in made.split())
    return [(one / 2.55, two - 128, three - 128) for one, two, three in zip(lightness, a, b, strict=True)]


def apart(ones: Sequence[Shares], others: Sequence[Shares]) -> list[float]:
    return [math.dist(one, other) for one, other in zip(ones, others, strict=True)]


# --- single colours ---


@pytest.mark.parametrize("name", softproof.PALETTE)
def test_a_palette_colour_is_printed_by_its_recipe(name: str) -> None:
    colour = softproof.PALETTE[name]
    assert softproof.inks().rgb(screen(colour.rgb)) == tuple(share / 100 for share in colour.cmyk)


def test_black_and_paper_need_no_palette() -> None:
    plain = Inks({}, softproof.PROFILE.read_bytes(), 300)
    assert plain.rgb((0, 0, 0)) == (0, 0, 0, 1)
    assert plain.rgb((1, 1, 1)) == (0, 0, 0, 0)


def test_neutrals_are_black_ink_alone_and_as_light_as_they_were() -> None:
    greys = [(level / 255,) * 3 for level in range(256)]
    plain = Inks({}, softproof.PROFILE.read_bytes(), 300)
    made = [plain.rgb(grey) for grey in greys]
    assert all(colour[:3] == (0, 0, 0) for colour in made)
    # The four darkest tenths of the scale apart, where black ink alone cannot follow.
    off = apart(looks(made), meant(greys))
    assert max(off[64:]) < 2.5
    assert sum(off) / len(off) < 2


def test_no_two_neutrals_change_places() -> None:
    shares = [softproof.inks().black(level / 255) for level in range(256)]
    assert all(dark > light for dark, light in itertools.pairwise(shares[:26])), "nor fall together in the dark"
    assert all(dark >= light for dark, light in itertools.pairwise(shares))


def test_the_greys_of_the_palette_lie_on_the_same_scale() -> None:
    plain = Inks({}, softproof.PROFILE.read_bytes(), 300)
    for name in ("grey", "rule"):
        colour = softproof.PALETTE[name]
        assert plain.rgb(screen(colour.rgb))[3] == pytest.approx(colour.cmyk[3] / 100, abs=0.01)


def test_other_colours_go_through_the_profile() -> None:
    colours = [(r / 4, g / 4, b / 4) for r in range(5) for g in range(5) for b in range(5) if len({r, g, b}) > 1]
    made = [softproof.inks(400).rgb(colour) for colour in colours]
    assert max(apart(looks(made), meant(colours))) < 1


def test_lab_goes_through_the_profile_and_its_neutrals_to_black() -> None:
    target = PrintTarget(softproof.inks())
    asked = (55.0, 30.0, 20.0)
    (got,) = looks([target.flat(Original("lab", asked))])
    # Black point compensation makes dark colours lighter: L* 55 by 2.
    assert math.dist(got, asked) < 4
    assert target.flat(Original("lab", (60.0, 0.1, -0.2)))[:3] == (0, 0, 0)


# --- the ink limit ---


@pytest.mark.parametrize(("limit", "moved"), [(300, 0.5), (260, 1.0), (240, 1.8)])
def test_no_colour_of_the_screen_is_over_the_limit_and_colours_stay(limit: float, moved: float) -> None:
    steps = [round(255 * step / 16) for step in range(17)]
    raw = bytes(itertools.chain(*itertools.product(steps, steps, steps)))
    grid = Image.frombytes("RGB", (17, 17 * 17), raw)
    free = list(zip(*(band.tobytes() for band in softproof.inks(400).picture(grid).split()), strict=True))
    held = list(zip(*(band.tobytes() for band in softproof.inks(limit).picture(grid).split()), strict=True))
    heavy = [index for index, pixel in enumerate(free) if sum(pixel) > limit * 2.55]
    assert heavy, "the profile goes over the limit"
    assert max(sum(pixel) for pixel in held) <= limit * 2.55 + 0.5
    assert all(held[index] == free[index] for index in set(range(len(free))) - set(heavy))
    before, after = ([tuple(v / 255 for v in pixels[index]) for index in heavy] for pixels in (free, held))
    off = apart(looks(before), looks(after))
    assert sum(off) / len(off) < moved


@pytest.mark.parametrize(
    ("given", "limit"),
    [((1, 0.9, 0.9, 0.4), 280), ((0.9, 0.9, 0.9, 0.2), 260), ((1, 0.8, 0.4, 0.6), 260), ((0.5, 1, 1, 0.5), 260),
     ((0.6, 0.9, 0.9, 0.4), 240)],
)  # fmt: skip
def test_black_takes_the_place_of_the_grey_in_colours_over_the_limit(given: Shares, limit: float) -> None:
    """With less of the other inks and the same black, these colours move by 2.4 to 7 CIE76."""
    held = softproof.inks(limit).held((given[0], given[1], given[2], given[3]))
    assert limit - 5 < sum(held) * 100 <= limit + 0.5
    assert held[3] > given[3] + 0.05
    (off,) = apart(looks([given]), looks([held]))
    assert off < 1.5


def test_inks_change_steadily_where_a_ramp_crosses_the_limit() -> None:
    ramp = bytes(value for step in range(256) for value in (step, step * 9 // 10, step * 9 // 10, step * 7 // 10))
    made = softproof.inks(260).picture(Image.frombytes("CMYK", (256, 1), ramp)).tobytes()
    steps = [made[at : at + 4] for at in range(0, len(made), 4)]
    assert max(abs(a - b) for one, other in itertools.pairwise(steps) for a, b in zip(one, other, strict=True)) <= 8


@pytest.mark.parametrize(
    ("inks", "limit", "held"),
    [
        # 93 steps of 255 too many, 31 from each of the three coloured inks; black stays.
        ((200, 150, 100, 255), 240, (169, 119, 69, 255)),
        # 135 too many, 45 from each: yellow has not so much, so the other two are scaled to the room left.
        ((255, 255, 12, 225), 240, (194, 194, 0, 225)),
        ((100, 100, 100, 255), 300, (100, 100, 100, 255)),
    ],
)
def test_what_no_other_inks_can_print_is_taken_from_the_coloured_inks_in_equal_parts(
    inks: tuple[int, ...], limit: float, held: tuple[int, ...]
) -> None:
    made = cut(Image.new("CMYK", (1, 1), inks), round(limit * 2.55)).getpixel((0, 0))
    assert isinstance(made, tuple)
    assert sum(made) <= limit * 2.55
    assert made == pytest.approx(held, abs=1)


@pytest.mark.parametrize(("spare", "most"), [(0, 300), (12, 288), (40, 260)])
def test_a_picture_may_be_kept_further_below_the_limit(spare: float, most: float) -> None:
    dark = Image.merge("RGB", [Image.new("L", (8, 8), level) for level in (5, 2, 2)])
    made = softproof.inks().picture(dark, spare=spare)
    ink = sum(made.getpixel((0, 0)))  # type: ignore[arg-type]
    assert most - 5 < ink / 2.55 <= most + 0.2


def test_the_limit_holds_in_every_strip_of_a_large_picture() -> None:
    # Two strips and a bit, of a brown that the profile prints with far more.
    dark = Image.new("RGB", (2048, 1100), (28, 16, 16))
    for limit, is_over in ((400, True), (240, False)):
        made = softproof.inks(limit).picture(dark)
        pixel = made.getpixel((0, 0))
        assert made.getcolors() == [(2048 * 1100, pixel)]
        assert isinstance(pixel, tuple)
        assert (sum(pixel) > 240 * 2.55) is is_over


def test_a_picture_and_a_fill_of_one_colour_agree() -> None:
    one = (18, 140, 90)
    pixel = softproof.inks().picture(Image.new("RGB", (3, 2), one)).getpixel((2, 1))
    assert isinstance(pixel, tuple)
    assert softproof.inks().rgb([value / 255 for value in one]) == tuple(round(value / 255, 4) for value in pixel)


# --- gradients and masks ---


def path(first: str, last: str, number: int = 65) -> list[Original]:
    """The colours of a gradient on screen."""
    a, b = screen(first), screen(last)
    steps = (step / (number - 1) for step in range(number))
    return [Original("rgb", tuple(x + (y - x) * step for x, y in zip(a, b, strict=True))) for step in steps]


def test_a_gradient_begins_and_ends_with_the_recipes_and_follows_its_path_between() -> None:
    palette = softproof.PALETTE
    for first, last in itertools.combinations(("ink", "culture", "lien", "emploi-tint", "paper", "logement"), 2):
        asked = path(palette[first].rgb, palette[last].rgb)
        made = PrintTarget(softproof.inks()).path(asked)
        assert made[0] == pytest.approx([share / 100 for share in palette[first].cmyk], abs=1e-4)
        assert made[-1] == pytest.approx([share / 100 for share in palette[last].cmyk], abs=1e-4)
        off = apart(looks(made), meant([one.values for one in asked]))
        assert sum(off) / len(off) < 2.5, (first, last)


def test_no_ink_jumps_in_a_gradient() -> None:
    made = PrintTarget(softproof.inks()).path(path("#0c2d64", "#fff7ea", 257))
    assert max(abs(a - b) for x, y in itertools.pairwise(made) for a, b in zip(x, y, strict=True)) < 0.05


def test_a_grey_gradient_is_black_ink_alone() -> None:
    made = PrintTarget(softproof.inks()).path(path("#000000", "#ffffff"))
    assert all(colour[:3] == (0, 0, 0) for colour in made)
    assert (made[0], made[-1]) == ((0, 0, 0, 1), (0, 0, 0, 0))


def test_luminosity_is_the_sum_of_the_standard() -> None:
    mask = Luminosity()
    assert mask.flat(Original("rgb", (1, 0, 0))) == (0.3,)
    assert mask.flat(Original("rgb", (0.5, 0.5, 0.5))) == (0.5,)
    assert mask.flat(Original("cmyk", (1, 0, 0, 0.5))) == (0.35,)


# --- what an output profile must be ---


def test_a_profile_that_is_none_or_not_for_cmyk_is_refused() -> None:
    with pytest.raises(LivretError, match="not an ICC profile"):
        Inks({}, b"nothing", 300)
    with pytest.raises(LivretError, match="not for CMYK"):
        Inks({}, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), 300)


def test_two_recipes_for_one_screen_colour_are_told() -> None:
    twice = {"one": Colour(rgb="#123456", cmyk=(90, 60, 0, 40)), "two": Colour(rgb="#123456", cmyk=(100, 50, 0, 40))}
    made = Inks(twice, softproof.PROFILE.read_bytes(), 300)
    assert [finding.rule for finding in made.findings] == ["ambiguous-palette"]
    assert made.rgb(screen("#123456")) == (0.9, 0.6, 0, 0.4), "the first is printed"
    again = {**twice, "two": twice["one"]}
    assert Inks(again, softproof.PROFILE.read_bytes(), 300).findings == ()


def test_a_profile_of_the_same_press_is_known_again() -> None:
    assert softproof.inks().is_same_condition(softproof.PROFILE.read_bytes())
    assert not softproof.inks().is_same_condition(softproof.UNCOATED.read_bytes())
    assert not softproof.inks().is_same_condition(b"nothing")


def test_what_pictures_depend_on_is_the_profile_and_the_limit() -> None:
    raw = softproof.PROFILE.read_bytes()
    key = Inks({}, raw, 300).key
    assert key == Inks(softproof.PALETTE, raw, 300).key
    assert key != Inks({}, raw, 280).key
    assert key != Inks({}, softproof.UNCOATED.read_bytes(), 300).key

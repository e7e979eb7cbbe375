"""Gradients: functions are evaluated as PDF says, written with no more samples than needed; meshes have no gap."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary

import softproof
from handmade import RGB, Hand, mesh, power
from livret.book.separation import functions, meshes, postscript
from livret.book.separation.colour_spaces import device
from livret.book.separation.functions import stitched, straight, table
from livret.book.separation.meshes import Patch, Triangle
from livret.book.separation.pdf_input import Inseparable
from livret.book.separation.shading import Gradients, thinned
from livret.book.separation.targets import PrintTarget

# Parts live as long as the file they are of.
HAND = Hand()
Share = st.floats(min_value=0, max_value=1)


def sampled(**entries: Any) -> Any:
    """A table of 2 inputs and 1 output: 0, 51, 102, 255 at the corners."""
    made: dict[str, Any] = {
        "FunctionType": 0,
        "Domain": [0, 1, 0, 1],
        "Range": [0, 1],
        "Size": [2, 2],
        "BitsPerSample": 8,
    }
    return HAND.stream(bytes([0, 51, 102, 255]), **(made | entries))


# --- functions ---


@pytest.mark.parametrize(
    ("inputs", "value"), [((0, 0), 0), ((1, 0), 0.2), ((0, 1), 0.4), ((1, 1), 1), ((0.5, 0), 0.1), ((0.5, 0.5), 0.4)]
)
def test_a_table_is_linear_between_its_samples(inputs: tuple[float, float], value: float) -> None:
    assert functions.read(sampled())(*inputs) == pytest.approx((value,))


def test_a_table_minds_encode_decode_and_range() -> None:
    assert functions.read(sampled(Encode=[1, 0, 0, 1]))(0, 0) == pytest.approx((0.2,))
    assert functions.read(sampled(Decode=[0, 2]))(1, 1) == pytest.approx((1,)), "held inside the range"
    assert functions.read(sampled(Decode=[1, 0]))(0, 0) == pytest.approx((1,))
    assert functions.read(sampled(Domain=[0, 10, 0, 10]))(10, 0) == pytest.approx((0.2,))


@pytest.mark.parametrize(("bits", "raw"), [(1, b"\x40"), (4, b"\x0f"), (12, b"\x00\x0f\xff"), (16, b"\0\0\xff\xff")])
def test_samples_have_any_width(bits: int, raw: bytes) -> None:
    made = HAND.stream(raw, FunctionType=0, Domain=[0, 1], Range=[0, 1], Size=[2], BitsPerSample=bits)
    assert functions.read(made)(0.25) == pytest.approx((0.25,))


def test_a_stitched_function_belongs_to_the_next_part_at_a_bound() -> None:
    parts = Array([power([0], [1]), power([5], [7], 2)])
    made = Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 1, 0], Functions=parts)
    read = functions.read(made)
    assert [read(place)[0] for place in (0, 0.25, 0.4999, 0.5, 0.75, 1)] == pytest.approx(
        [0, 0.5, 1, 7, 5.5, 5], abs=1e-3
    )
    assert read.breaks == (0.5,)


def test_breaks_are_found_below_other_functions() -> None:
    two = Array([power([0], [1])] * 2)
    inner = Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[0.25], Encode=[0, 1] * 2, Functions=two)
    outer = Dictionary(FunctionType=3, Domain=[0, 2], Bounds=[1], Encode=[0, 1, 1, 0], Functions=Array([inner] * 2))
    assert functions.read(outer).breaks == pytest.approx((0.25, 1, 1.75))


@pytest.mark.parametrize(
    ("program", "inputs", "value"),
    [
        ("{add 2 div}", (0.2, 0.6), 0.4),
        ("{2 copy gt {pop} {exch pop} ifelse}", (0.2, 0.6), 0.6),
        ("{exch sub abs}", (0.2, 0.6), 0.4),
        ("{3 1 roll pop}", (0.1, 0.2, 0.3), 0.1),
        ("{3 -1 roll 3 1 roll pop pop}", (0.1, 0.2, 0.3), 0.1),
        ("{pop 360 mul sin 2 div 0.5 add}", (0.25, 0), 1.0),
        ("{pop 10 mul cvi 3 mod 4 div}", (0.8, 0), 0.5),
        ("{1 index 0.5 lt {pop} {exch pop} ifelse}", (0.2, 0.6), 0.2),
        ("{pop sqrt 2 exp}", (0.3, 0), 0.3),
        ("{pop 0.5 ge true and not {0.25} {0.75} ifelse}", (0.7, 0), 0.75),
        ("{pop 8 mul cvi 1 bitshift 16 div}", (0.5, 0), 0.5),
        ("{pop pop 1 1 atan 360 div}", (0, 0), 0.125),
        ("{pop pop 0.3 % a comment } {\n}", (0, 0), 0.3),
        ("{pop 0.5 ge {1} if 1}", (0.2, 0), 1),
    ],
)
def test_the_calculator_follows_postscript(program: str, inputs: tuple[float, ...], value: float) -> None:
    assert postscript.run(postscript.parse(program.encode()), inputs, 1) == pytest.approx((value,))


@pytest.mark.parametrize("program", ["{", "}", "{add}}", "{frobnicate}", "1 2 add", "{" * 50 + "}" * 50, ""])
def test_a_program_that_is_none_is_refused(program: str) -> None:
    with pytest.raises(Inseparable):
        postscript.parse(program.encode())


@pytest.mark.parametrize(
    "program", ["{pop pop}", "{0 div}", "{pop pop pop}", "{-1 sqrt}", "{9 roll}", "{dup 900 copy}"]
)
def test_a_program_that_fails_is_refused(program: str) -> None:
    with pytest.raises(Inseparable):
        postscript.run(postscript.parse(program.encode()), (0.5, 0.5), 1)


@given(st.lists(st.tuples(Share, Share), min_size=2, max_size=9))
def test_a_table_that_is_written_is_read_back(samples: list[tuple[float, float]]) -> None:
    read = functions.read(table(HAND.pdf, ((0, 1),), [len(samples)], samples))
    for at, sample in enumerate(samples):
        assert read(at / (len(samples) - 1)) == pytest.approx(sample, abs=2e-5)


def test_stitched_stretches_are_read_back() -> None:
    parts = [straight((0, 1), (1, 0)), straight((0.5, 0.5), (0.25, 0.75))]
    read = functions.read(stitched((2, 4), [3], parts))
    assert read(2.5) == pytest.approx((0.5, 0.5))
    assert read(4) == pytest.approx((0.25, 0.75))


# --- thinning ---


def test_a_straight_path_needs_its_ends_alone() -> None:
    path = [(index / 64, 1 - index / 64) for index in range(65)]
    assert thinned(path) == [path[0], path[-1]]


@given(st.floats(min_value=0.2, max_value=5))
def test_thinning_stays_close_to_every_sample(exponent: float) -> None:
    path = [((index / 64) ** exponent,) for index in range(65)]
    few = thinned(path)
    step = 64 // (len(few) - 1)
    for at, (value,) in enumerate(path):
        low = min(at // step, len(few) - 2)
        assert abs(few[low][0] + (few[low + 1][0] - few[low][0]) * (at / step - low) - value) <= 0.5 / 255 + 1e-9


# --- what is written ---


def separated(source: Any, hand: Hand) -> Any:
    """A gradient in RGB, on the plates."""
    return Gradients(hand.pdf).separate(source, device("/DeviceRGB"), None, PrintTarget(softproof.inks()))


def test_equal_stretches_of_a_repeating_gradient_are_written_once() -> None:
    hand = Hand()
    bounds = [place / 40 for place in range(1, 40)]
    parts = Array([power([1, 0, 0], [0, 0, 1])] * 40)
    function = Dictionary(FunctionType=3, Domain=[0, 1], Bounds=bounds, Encode=[0, 1] * 40, Functions=parts)
    made = separated(Dictionary(ShadingType=2, ColorSpace=RGB, Coords=[0, 0, 1, 0], Function=function), hand)
    assert len(made["/Function"]["/Functions"]) == 40
    assert len({part.objgen for part in made["/Function"]["/Functions"].as_list()}) == 1


def test_a_hard_stop_stays_hard() -> None:
    hand = Hand()
    parts = Array([power([1, 0, 0], [1, 0, 0]), power([0, 0, 1], [0, 0, 1])])
    function = Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1] * 2, Functions=parts)
    made = separated(Dictionary(ShadingType=2, ColorSpace=RGB, Coords=[0, 0, 1, 0], Function=function), hand)
    read = functions.read(made["/Function"])
    red, blue = (softproof.inks().rgb(colour) for colour in ((1, 0, 0), (0, 0, 1)))
    assert read(0.4999) == pytest.approx(red, abs=1e-3)
    assert read(0.5001) == pytest.approx(blue, abs=1e-3)


# --- meshes ---


def area(points: Sequence[tuple[float, float]]) -> float:
    """The area of a triangle."""
    (a, b), (c, d), (e, f) = points
    return abs((c - a) * (f - b) - (e - a) * (d - b)) / 2


@pytest.mark.parametrize("cuts", [1, 2, 8])
def test_a_triangle_is_cut_without_a_gap(cuts: int) -> None:
    whole = Triangle(((0, 0), (8, 1), (3, 7)), ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    parts = list(meshes._cut_triangle(whole, cuts))
    assert len(parts) == cuts * cuts
    assert sum(area(part.points) for part in parts) == pytest.approx(area(whole.points))
    # The colour of a corner is what it was at that place of the whole.
    for part in parts:
        for (x, y), colour in zip(part.points, part.colours, strict=True):
            assert x == pytest.approx(8 * colour[1] + 3 * colour[2], abs=1e-3)
            assert y == pytest.approx(colour[1] + 7 * colour[2], abs=1e-3)


def surface(patch: Patch, u: float, v: float) -> tuple[float, float]:
    """A place on a patch (ISO 32000-1, 8.7.4.5.8): u along rows of points, v across them."""
    weights = [[math.comb(3, i) * t**i * (1 - t) ** (3 - i) for i in range(4)] for t in (u, v)]
    x, y = (
        sum(patch.points[i][j][axis] * weights[0][i] * weights[1][j] for i, j in itertools.product(range(4), repeat=2))
        for axis in (0, 1)
    )
    return x, y


def test_a_patch_is_cut_into_patches_of_the_same_surface() -> None:
    points = tuple(
        tuple((3 * i + math.sin(5 * j + i), 3 * j + math.cos(3 * i - j)) for j in range(4)) for i in range(4)
    )
    corners = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))
    # Colours that say where on the whole a corner lies.
    parts = meshes._cut_patch(Patch(points, corners), 4)
    assert len(parts) == 16
    whole = Patch(points, corners)
    for part in parts:
        for (i, j), (u, v) in zip(((0, 0), (0, 3), (3, 3), (3, 0)), part.colours, strict=True):
            assert part.points[i][j] == pytest.approx(surface(whole, u, v))
        (u0, v0), (u1, v1) = part.colours[0], part.colours[2]
        assert surface(part, 0.5, 0.5) == pytest.approx(surface(whole, (u0 + u1) / 2, (v0 + v1) / 2))


def meshed(hand: Hand, kind: int, raw: bytes, **entries: Any) -> Any:
    """A mesh in RGB whose coordinates are 0 to 100."""
    widths = {"BitsPerCoordinate": 16, "BitsPerComponent": 8, "BitsPerFlag": 8}
    decode = Array([0, 100, 0, 100] + [0, 1] * 3)
    return hand.stream(raw, ShadingType=kind, ColorSpace=RGB, Decode=decode, **widths, **entries)


def test_triangles_that_share_a_side_are_read_by_their_flags() -> None:
    red, green, blue = [1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]
    raw = mesh([([0, 0], red), ([100, 0], green), ([0, 100], blue)])
    for flag, shared in ((1, ((100, 0), (0, 100))), (2, ((0, 0), (0, 100)))):
        more = bytearray(mesh([([100, 100], red)]))
        more[0] = flag
        source = meshed(HAND, 4, raw + bytes(more))
        found = list(meshes._triangles(source, ((0, 100), (0, 100), (0, 1), (0, 1), (0, 1)), 4))
        assert len(found) == 2
        assert [tuple(map(round, point)) for point in found[1].points] == [*shared, (100, 100)]


def test_patches_that_share_a_side_are_read_by_their_flags() -> None:
    edge = [0, 0, 0, 33, 0, 66, 0, 100, 33, 100, 66, 100, 100, 100, 100, 66, 100, 33, 100, 0, 66, 0, 33, 0]
    colours = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [1.0, 1.0, 0]]
    raw = mesh([(edge, list(itertools.chain(*colours)))])
    for flag, start in ((1, (0, 100)), (2, (100, 100)), (3, (100, 0))):
        more = bytearray(mesh([([50] * 16, colours[0] * 2)]))
        more[0] = flag
        source = meshed(HAND, 6, raw + bytes(more))
        found = list(meshes._patches(source, ((0, 100), (0, 100), (0, 1), (0, 1), (0, 1)), 6))
        assert tuple(map(round, found[1].points[0][0])) == start
        assert [[round(value) for value in colour] for colour in found[1].colours[:2]] == [
            colours[flag],
            colours[(flag + 1) % 4],
        ]


def test_a_mesh_of_one_colour_is_not_cut() -> None:
    hand = Hand()
    grey = [0.5, 0.5, 0.5]
    made = separated(meshed(hand, 4, mesh([([0, 0], grey), ([100, 0], grey), ([0, 100], grey)])), hand)
    assert len(bytes(made.read_bytes())) == 3 * (1 + 8 + 8)
    assert bytes(made.read_bytes())[9:15] == bytes(6), "black ink alone"


@pytest.mark.parametrize("kind", [4, 5, 6, 7])
def test_a_mesh_that_ends_too_soon_is_refused(kind: int) -> None:
    hand = Hand()
    raw = mesh([([0, 0], [1, 0, 0])] * 3)[:20]
    with pytest.raises(Inseparable):
        separated(meshed(hand, kind, raw if kind < 6 else raw[:1] + bytes(60)[:30], VerticesPerRow=2), hand)

"""The map on a card: tiles and drawings, in the states of the places that the card names."""

from __future__ import annotations

import re

import pytest

from livret.content.pictures.drawing import BadDrawing
from livret.content.territories import Tile, shipped
from livret.pages.compose.maps import States, drawn_map, tile_map, tiles_for

KNOWN = shipped()
TILES = (Tile("FR-13", 1, 1), Tile("FR-83", 2, 1), Tile("FR-77", 0, 0))
COLOURS = {"off": "OFF", "on": "ON"}


def states(*codes: str) -> States:
    return States(KNOWN, [KNOWN.table[code] for code in codes])


@pytest.mark.parametrize(
    ("places", "squares"),
    [
        ((), {"off": 3}),
        (("FR-13",), {"off": 1, "region": 1, "on": 1}),
        (("FR-PAC", "FR-13"), {"off": 1, "region": 1, "on": 1}),
        (("FR-PAC",), {"off": 1, "on": 2}),
        (("FR-13", "FR-77"), {"region": 1, "on": 2}),
        (("FR",), {"on": 3}),
        (("BE-WLG",), {"off": 3}),
    ],
)
def test_every_tile_is_drawn_once_in_its_state(places: tuple[str, ...], squares: dict[str, int]) -> None:
    svg = tile_map(TILES, states(*places), COLOURS)
    drawn = {"off": 'fill="OFF"', "region": 'fill="none" stroke="ON"', "on": 'fill="ON"'}
    paths = re.findall(r'<path ([^>]*) d="([^"]+)"', svg)
    found = {state: path.count("M") for style, path in paths for state, told in drawn.items() if style.startswith(told)}
    assert found == squares
    assert len(paths) == len(squares)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box
    assert (round(float(box[1]), -1), round(float(box[2]), -1)) == (30, 20)


def test_places_that_share_a_tile_are_one_square() -> None:
    tiles = [*TILES, Tile("FR-69M", 1, 1)]
    assert tile_map(tiles, states("FR-69M", "FR-13"), COLOURS) == tile_map(TILES, states("FR-13"), COLOURS)


def test_a_layout_may_draw_a_place_with_another_region() -> None:
    tiles = (*TILES, Tile("FR-30", 3, 1, "FR-PAC"))
    (outlined,) = re.findall(r'stroke="ON"[^>]* d="([^"]+)"', tile_map(tiles, states("FR-13"), COLOURS))
    assert outlined.count("M") == 2


@pytest.mark.parametrize(
    ("place", "country"), [("FR-13", "FR"), ("BE-WAL", "BE"), ("CH-GE", "CH"), ("LU", "LU"), ("CA-QC-06", "CA-QC")]
)
def test_a_place_is_shown_on_the_map_of_its_country(place: str, country: str) -> None:
    tiles = tiles_for(KNOWN, [KNOWN.table[place]])
    assert {tile.code.rpartition("-")[0] for tile in tiles} == {country}


def test_the_tiles_of_a_layout_serve_its_own_places_alone() -> None:
    assert tiles_for(KNOWN, [KNOWN.table["FR-13"]], TILES) == TILES
    assert len(tiles_for(KNOWN, [KNOWN.table["BE-WLG"]], TILES)) == 11


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200">
<style>path { fill: red }</style><script>alert(1)</script>
<g id="FR-PAC" transform="translate(5 5)"><path id="FR-13" d="M0 0h9v9z" fill="red" onclick="alert(1)"/>
<rect id="fr-83" x="9" y="0" width="9" height="9" style="fill: blue"/></g>
<circle id="FR-77" cx="50" cy="50" r="4"/><path d="M1 1h2" id="frame"/>
<image href="https://example.org/a.png" width="9" height="9"/></svg>"""


def test_a_drawing_lends_its_shapes_and_nothing_else() -> None:
    svg = drawn_map(DRAWING.encode(), states("FR-13"), COLOURS)
    assert svg.startswith('<svg class="locator" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"')
    assert '<g fill="ON"><g transform="translate(5 5)"><path d="M0 0h9v9z"/></g></g>' in svg
    assert '<g transform="translate(5 5)"><rect x="9" y="0" width="9" height="9"/></g></g>' in svg
    assert '<g fill="OFF"><circle cx="50" cy="50" r="4"/><path d="M1 1h2"/></g>' in svg
    for word in ("script", "style", "onclick", "image", "red", "example.org", " id="):
        assert word not in svg


def test_a_group_lends_its_code_to_the_shapes_in_it() -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="30px" height="20"><g id="BE-WLG"><path d="M1 1h2"/></g></svg>'
    )
    svg = drawn_map(drawing, states("BE-WAL"), COLOURS)
    assert 'viewBox="0 0 30 20"' in svg
    assert '<g fill="ON"><path d="M1 1h2"/></g>' in svg


@pytest.mark.parametrize("head", ["", 'viewBox="0 0 0 0"', 'width="100%" height="50"'])
def test_a_drawing_without_a_size_gives_no_map(head: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><path d="M1 1h2"/></svg>'
    assert drawn_map(drawing.encode(), states("FR-13"), COLOURS) == ""


def test_a_picture_that_is_no_drawing_is_refused() -> None:
    with pytest.raises(BadDrawing):
        drawn_map(b"<html>", states("FR-13"), COLOURS)

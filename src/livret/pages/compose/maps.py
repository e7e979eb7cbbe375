"""The map on a card: tiles of the shipped or the catalogue's own territories, or a drawing of the catalogue. Pure.

A place that the card names is full, in the theme's colour. A place beside it in the same region is outlined in that
colour. Any other is pale. So the map can be read without colour too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from xml.etree import ElementTree

from livret.content.pictures import drawing
from livret.content.territories import Territories, Territory, Tile

_SHAPES = frozenset("path circle ellipse rect line polyline polygon".split())
# What places a shape; colours and everything else of the drawing are left out.
_GEOMETRY = frozenset("d points x y width height rx ry cx cy r x1 y1 x2 y2 transform".split())
_MARKS = {
    "off": "M{x:g} {y:g}m2.5 2.5h4v4h-4z",
    "region": "M{x:g} {y:g}m.6 .6h7.8v7.8h-7.8z",
    "on": "M{x:g} {y:g}h9v9h-9z",
}
_RANK = list(_MARKS)


class States:
    """How the places of a map are drawn for a card: `on`, `region` or `off`."""

    def __init__(self, known: Territories, named: Collection[Territory]) -> None:
        self._known = known
        self._on = known.covered(named)
        self._regions = {place.region.code for place in named}

    def is_known(self, code: str) -> bool:
        """Whether there is a territory of this code."""
        return self._known.find(code) is not None

    def of(self, code: str, region: str = "") -> str:
        """The state of the territory of a code; `region` is the one it is drawn with, if the map says so."""
        place = self._known.find(code)
        if place and place.code in self._on:
            return "on"
        around = {region} if region or place is None else {outer.code for outer in place.around}
        return "region" if around & self._regions else "off"


def tiles_for(known: Territories, named: Iterable[Territory], of_layout: tuple[Tile, ...] = ()) -> tuple[Tile, ...]:
    """The tiles of the map on which these places lie: the catalogue's own, the layout's, or those of their country.

    Places in two countries are shown on the map of the first. Nothing where no map has them.
    """
    for place in named:
        own = tuple(tile for tile in known.tiles if _is_own(known, tile))
        country = place.land.code if place.land else ""
        shipped = tuple(tile for tile in known.tiles if not _is_own(known, tile) and _country(known, tile) == country)
        for tiles in (own, of_layout, shipped):
            if any(_meet(known, tile, place) for tile in tiles):
                return tiles
    return ()


def _is_own(known: Territories, tile: Tile) -> bool:
    return known.table[tile.code].kind == "own"


def _country(known: Territories, tile: Tile) -> str:
    land = known.table[tile.code].land
    return land.code if land else ""


def _meet(known: Territories, tile: Tile, place: Territory) -> bool:
    """Whether a tile is a place, lies in it, or holds it."""
    tiled = known.find(tile.code)
    return tiled is not None and (tiled.inside(place) or place.inside(tiled))


def tile_map(tiles: Iterable[Tile], states: States, colours: Mapping[str, str]) -> str:
    """A tile map as inline SVG, one square of 10 units a place, in the colours `on` and `off`.

    A named place is a full square, one beside it in its region an outlined one, any other a dot. Places that share a
    tile (the Rhône and the Métropole de Lyon) are one square.
    """
    found: dict[tuple[int, int], str] = {}
    for tile in tiles:
        spot = (tile.column, tile.row)
        found[spot] = max(found.get(spot, "off"), states.of(tile.code, tile.region), key=_RANK.index)
    paths = {state: "".join(mark.format(x=x * 10, y=y * 10) for (x, y), told in found.items() if told == state)
             for state, mark in _MARKS.items()}  # fmt: skip
    drawn = "".join(f'<path {_style(state, colours, 1.2)} d="{path}"/>' for state, path in paths.items() if path)
    width, height = (max(spot[axis] for spot in found) * 10 + 9 for axis in (0, 1))
    return _svg(f"0 0 {width} {height}", drawn)


def drawn_map(content: bytes, states: States, colours: Mapping[str, str]) -> str:
    """A drawing as a map: its shapes in the colours of the card. Empty where nothing can be drawn.

    Only shapes and where they stand are taken over. A shape belongs to the territory whose code its `id`, or that of a
    group around it, is. Raises drawing.BadDrawing when the file is not SVG.
    """
    root = drawing.read(content)
    box = _view_box(root)
    if box is None:
        return ""
    layers: dict[str, list[str]] = {state: [] for state in _RANK}
    for state, shape in _shapes(root, "off", "", states):
        layers[state].append(shape)
    width = float(box.split()[2]) / 150
    drawn = "".join(
        f"<g {_style(state, colours, width)}>{''.join(found)}</g>" for state, found in layers.items() if found
    )
    return _svg(box, drawn) if drawn else ""


def _shapes(node: ElementTree.Element, state: str, moved: str, states: States) -> Iterator[tuple[str, str]]:
    """Each shape with its state, inside groups that move it as in the drawing."""
    if not isinstance(node.tag, str):
        return
    code = node.get("id", "")
    name = drawing.local_name(node)
    state = states.of(code) if code and states.is_known(code) else state
    if name in _SHAPES:
        given = "".join(f' {key}="{escape(value)}"' for key, value in node.attrib.items() if key in _GEOMETRY)
        opened = moved.count("<g ")
        yield state, f"{moved}<{name}{given}/>" + "</g>" * opened
    elif name in ("svg", "g"):
        own = node.get("transform")
        inner = f'{moved}<g transform="{escape(own)}">' if own and name == "g" else moved
        for child in node:
            yield from _shapes(child, state, inner, states)


def _view_box(root: ElementTree.Element) -> str | None:
    numbers = (root.get("viewBox") or "").replace(",", " ").split()
    if len(numbers) != 4:
        numbers = ["0", "0", *((root.get(name) or "").removesuffix("px") for name in ("width", "height"))]
    try:
        x, y, width, height = (float(number) for number in numbers)
    except ValueError:
        return None
    return f"{x:g} {y:g} {width:g} {height:g}" if width > 0 and height > 0 else None


def _style(state: str, colours: Mapping[str, str], width: float) -> str:
    if state == "region":
        return f'fill="none" stroke="{colours["on"]}" stroke-width="{width:g}"'
    return f'fill="{colours[state]}"'


def _svg(box: str, drawn: str) -> str:
    return f'<svg class="locator" xmlns="http://www.w3.org/2000/svg" viewBox="{box}" aria-hidden="true">{drawn}</svg>'


def reach(
    known: Territories, scope: str, language: str, places: Iterable[Territory], label: str | None
) -> tuple[str, ...]:
    """What is printed of a scope, in a language: `France entière`, `En ligne`; nothing for others.

    The `label` of the layout or of the project for this scope comes first. A national card whose places lie in another
    country is told with that country.
    """
    lands = dict.fromkeys(place.land.code for place in places if place.land)
    if scope == "national" and any(land != known.country for land in lands):
        return known.whole_country(language, lands)
    return (label,) if label else known.words(scope, language)

"""What is wrong with territories.yaml as a whole, and the country of a catalogue that names none."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from livret.content.catalogue.folder import Folder
from livret.content.messages import listed, quoted
from livret.content.pictures import drawing
from livret.content.schema.model import Initiative
from livret.content.schema.own_territories import OwnTerritory, TerritoriesFile
from livret.content.schema.validators import clean
from livret.content.territories import COUNTRIES, Territories, Territory
from livret.content.yaml.tree import Mapping, Scalar, Sequence, place_of
from livret.findings import Finding, Location, error, warning
from livret.project import PICTURE_LIMIT, OutsideProject, Project, TooLarge
from livret.translation import say


def own_faults(
    tree: Mapping, own: TerritoriesFile, known: Territories, lost: Iterable[OwnTerritory]
) -> Iterator[Finding]:
    """An error for each territory whose parent is not known, and for each that lies inside itself."""
    ids = {one.id for one in own.territories}

    def place(one: OwnTerritory) -> Location:
        return place_of(tree, ("territories", own.territories.index(one), "parent"))

    unplaced = {one.id: one.parent or "" for one in lost}
    for one in lost:
        parent = one.parent or ""
        if parent in ids:
            if not _circles(one.id, unplaced):
                # The parent has a finding of its own.
                continue
            message = say("{name} is inside itself, by the parents that are named", name=quoted(one.id))
            yield error("territory-in-itself", message, place(one), say("name a parent that does not lie in it"))
            continue
        nearest = known.nearest(parent)
        hint = [say('did you mean "{code}" ({name})?', code=nearest.code, name=nearest.name)] if nearest else []
        others = say("name a territory of this file, or of its tables: {tables}", tables=listed(_tables(own), "or"))
        message = say("{name} is not the code of a territory", name=quoted(parent))
        yield error("unknown-territory", message, place(one), *hint, others)


def _circles(code: str, parents: dict[str, str]) -> bool:
    passed: set[str] = set()
    while code in parents and code not in passed:
        passed.add(code)
        code = parents[code]
    return code in passed


def map_faults(project: Project, folder: Folder, known: Territories) -> Iterator[Finding]:
    """An error where the map of territories.yaml is no drawing, a warning where none of its shapes has a code."""
    source = next(iter(folder.of("territories")), None)
    scalar = source.tree.value("map") if source and source.tree else None
    path = posixpath.normpath(clean(scalar.text)) if isinstance(scalar, Scalar) else ""
    if not isinstance(scalar, Scalar) or path not in folder.paths:
        return
    try:
        content = project.read(project.inside_catalogue(path), PICTURE_LIMIT)
        if not drawing.is_drawing(content):
            message = say("the map {name} is no drawing (SVG)", name=quoted(path))
            yield error("map-not-drawing", message, scalar.where, say("draw it in a program that saves SVG"))
            return
        codes = {node.get("id", "") for node in drawing.read(content).iter()}
    except (OutsideProject, TooLarge, OSError, drawing.BadDrawing):
        # The checks of pictures and of drawings tell of these.
        return
    if not any(known.find(code) for code in codes if code):
        example = next(iter(known.table))
        message = say("no shape of the map {name} bears the code of a territory", name=quoted(path))
        yield warning(
            "map-without-territories", message, scalar.where, say('write id="{code}" in the shape', code=example)
        )


def _tables(own: TerritoriesFile) -> tuple[str, ...]:
    return COUNTRIES if own.tables is None else own.tables or ("none",)


def in_its_country(known: Territories, cards: Iterable[Initiative]) -> Territories:
    """The territories with the country in which most cards lie, if the catalogue does not name one."""
    return _in_most_named(known, (card.territories for card in cards))


def in_country_of_files(known: Territories, folder: Folder) -> Territories:
    """The same before cards are read: from the codes that stand in their files."""
    return _in_most_named(known, (_named(source.tree, known) for source in folder.of("initiatives")))


def _named(tree: Mapping | None, known: Territories) -> tuple[Territory, ...]:
    places = tree.value("territories") if tree else None
    codes = [one.text for one in places.items if isinstance(one, Scalar)] if isinstance(places, Sequence) else []
    return tuple(filter(None, map(known.find, codes)))


def _in_most_named(known: Territories, named: Iterable[Iterable[Territory]]) -> Territories:
    lands = Counter(land for places in named for land in {place.land.code for place in places if place.land})
    if known.country_is_named or not lands:
        return known
    most = max(lands.values())
    # Of several that are alike, the one that it is anyway.
    return known if lands[known.country] == most else replace(known, country=lands.most_common(1)[0][0])

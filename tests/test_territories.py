"""The tables of territories and what is accepted for their codes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from livret.content.territories import named_alone, shipped, under_regions

KNOWN = shipped()


def test_the_table_is_whole() -> None:
    assert len(KNOWN.regions("FR")) == 18
    places = [place for region in KNOWN.regions("FR") for place in KNOWN.parts(region)]
    assert Counter(place.kind for place in places) == {"departement": 101, "metropole": 1}
    numbers = {place.code.removeprefix("FR-") for place in places}
    metropolitan = {f"{n:02}" for n in range(1, 96)} - {"20", "75"}
    assert numbers == metropolitan | {"2A", "2B", "75C", "69M", "971", "972", "973", "974", "976"}


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("FR-ARA", 13), ("FR-BFC", 8), ("FR-BRE", 4), ("FR-CVL", 6), ("FR-20R", 2), ("FR-GES", 10), ("FR-HDF", 5),
        ("FR-IDF", 8), ("FR-NOR", 5), ("FR-NAQ", 12), ("FR-OCC", 13), ("FR-PDL", 5), ("FR-PAC", 6), ("FR-GUA", 1),
        ("FR-MTQ", 1), ("FR-GUF", 1), ("FR-LRE", 1), ("FR-MAY", 1),
    ],
)  # fmt: skip
def test_each_region_has_its_departements(region: str, number: int) -> None:
    assert len(KNOWN.parts(KNOWN.table[region])) == number


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("FR-13", "Bouches-du-Rhône", "FR-PAC"),
        ("FR-75C", "Paris", "FR-IDF"),
        ("FR-69M", "Métropole de Lyon", "FR-ARA"),
        ("FR-2A", "Corse-du-Sud", "FR-20R"),
        ("FR-95", "Val-d'Oise", "FR-IDF"),
        ("FR-976", "Mayotte", "FR-MAY"),
        ("FR-PAC", "Provence-Alpes-Côte d'Azur", ""),
    ],
)
def test_names_and_parents(code: str, name: str, parent: str) -> None:
    found = KNOWN.table[code]
    assert (found.code, found.name, found.parent.code if found.parent else "") == (code, name, parent)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" fr-pac ", "FR-PAC"), ("FR-75", "FR-75C"), ("FR-COR", "FR-20R"), ("FR-RE", "FR-974"), ("FR-GP", "FR-971"),
        # INSEE's regions, three of which are numbered like a département elsewhere
        ("84", "FR-ARA"), ("27", "FR-BFC"), ("53", "FR-BRE"), ("24", "FR-CVL"), ("94", "FR-20R"), ("44", "FR-GES"),
        ("32", "FR-HDF"), ("11", "FR-IDF"), ("28", "FR-NOR"), ("75", "FR-NAQ"), ("76", "FR-OCC"), ("52", "FR-PDL"),
        ("93", "FR-PAC"), ("01", "FR-GUA"), ("02", "FR-MTQ"), ("03", "FR-GUF"), ("04", "FR-LRE"), ("06", "FR-MAY"),
        ("13", None), ("971", None), ("fr", "FR"), ("be-wlg", "BE-WLG"), ("Paris", None), ("", None), ("FR-20", None),
    ],
)  # fmt: skip
def test_what_is_accepted(typed: str, code: str | None) -> None:
    found = KNOWN.find(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("code", "container", "expected"),
    [
        ("FR-13", "FR-PAC", True), ("FR-PAC", "FR-PAC", True), ("FR-PAC", "FR-13", False), ("FR-75", "11", True),
        ("FR-69M", "FR-69", False),
        ("FR-13", "FR", True), ("BE-WLG", "BE-WAL", True), ("BE-WLG", "BE", True),
        ("BE-WLG", "FR", False), ("CH-GE", "CH", True), ("CA-QC-06", "CA-QC", True),
        ("FR-69M", "FR-ARA", True), ("FR-971", "FR-GUA", True), ("FR-13", "FR-ARA", False),
    ],
)  # fmt: skip
def test_inside(code: str, container: str, expected: bool) -> None:
    inner, outer = KNOWN.find(code), KNOWN.find(container)
    assert inner
    assert outer
    assert inner.inside(outer) is expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [("FR-PCA", "FR-PAC"), ("PACA", "FR-PAC"), ("bouches du rhone", "FR-13"), ("13", "FR-13"), ("La Reunion", "FR-LRE"),
     ("Ile de France", "FR-IDF"), ("Liege", "BE-WLG"), ("Luik", "BE-WLG"), ("Genf", "CH-GE"), ("Montreal", "CA-QC-06"),
     ("HDF", "FR-HDF"), ("idf", "FR-IDF"), ("Bouche du Rhone", "FR-13"), ("FR-BREE", "FR-BRE"), ("Lausanne", None),
     ("FR-ZZ", None),  ("Bruges", None), ("DE-BY", None), ("Berlin", None), ("x" * 10_000, None), ("", None)],
)  # fmt: skip
def test_suggestions(typed: str, code: str | None) -> None:
    found = KNOWN.nearest(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("country", "typed", "code"), [("CH", "GE", "CH-GE"), ("CH", "vs", "CH-VS"), ("FR", "GES", "FR-GES")]
)
def test_the_end_of_a_code_is_one_of_the_catalogues_country(country: str, typed: str, code: str) -> None:
    found = replace(KNOWN, country=country).nearest(typed)
    assert found
    assert found.code == code


@pytest.mark.parametrize(
    ("country", "regions", "parts"), [("BE", 3, 10), ("CH", 26, 0), ("LU", 12, 0), ("CA-QC", 17, 0)]
)
def test_the_tables_of_other_countries_are_whole(country: str, regions: int, parts: int) -> None:
    found = KNOWN.regions(country)
    assert len(found) == regions
    assert sum(len(KNOWN.parts(region)) for region in found) == parts


def test_each_smallest_place_has_a_tile_of_its_own() -> None:
    # The Métropole de Lyon stands on the tile of the Rhône.
    for country in ("FR", "BE", "CH", "LU", "CA-QC"):
        within = {place.code for place in KNOWN.table.values() if place.country and place.country.code == country}
        parents = {place.parent.code for place in KNOWN.table.values() if place.parent}
        spots = {tile.code: (tile.column, tile.row) for tile in KNOWN.tiles if tile.code in within}
        assert spots.keys() == within - parents, country
        spots.pop("FR-69M", None)
        assert len(set(spots.values())) == len(spots), country


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("BE-WLG", "fr", "Liège"), ("BE-WLG", "nl-BE", "Luik"), ("BE-WLG", "de", "Lüttich"), ("CH-GE", "it", "Ginevra"),
        ("CH-GE", "ar", "Genève"), ("FR-13", "en", "Bouches-du-Rhône"), ("CH", "fa-AF", "سویس"),
        ("BE", "uk", "Бельгія"),
    ],
)  # fmt: skip
def test_names_follow_the_language(code: str, language: str, name: str) -> None:
    assert KNOWN.table[code].in_language(language).name == name


def test_a_parent_is_named_in_the_language_too() -> None:
    (area,) = under_regions([KNOWN.table["BE-WLG"].in_language("nl")])
    assert (area.region.name, [place.name for place in area.places]) == ("Wallonië", ["Luik"])


@pytest.mark.parametrize(
    ("country", "language", "told"),
    [
        ("FR", "fr", "France entière"), ("BE", "fr", "Toute la Belgique"), ("CH", "de-CH", "Ganze Schweiz"),
        ("CA-QC", "fr-CA", "Tout le Québec"), ("", "fr", "Tout le pays"), ("LU", "fa-AF", "سراسر لوکزامبورگ"),
    ],
)  # fmt: skip
def test_the_whole_country_has_words_in_each_language(country: str, language: str, told: str) -> None:
    assert shipped(country=country).whole_country(language) == (told,)


def test_a_place_is_covered_with_all_inside_it_unless_some_of_that_is_named() -> None:
    wallonia, liege = KNOWN.table["BE-WAL"], KNOWN.table["BE-WLG"]
    provinces = {"BE-WBR", "BE-WHT", "BE-WLG", "BE-WLX", "BE-WNA"}
    assert KNOWN.covered([wallonia]) == {"BE-WAL"} | provinces
    assert KNOWN.covered([wallonia, liege]) == {"BE-WAL", "BE-WLG"}
    assert len(KNOWN.covered([KNOWN.table["CH"]])) == 27
    assert named_alone([wallonia, liege]) == {"BE-WLG"}

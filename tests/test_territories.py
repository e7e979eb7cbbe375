"""The table of French territories and what is accepted for its codes."""

from __future__ import annotations

from collections import Counter

import pytest

from livret.content.territories import Territory, departements, inside, nearest, normalise, regions, territory


def test_the_table_is_whole() -> None:
    assert len(regions()) == 18
    places = [place for region in regions() for place in departements(region.code)]
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
    assert len(departements(region)) == number


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
    found = territory(code)
    assert (found.code, found.name, found.parent) == (code, name, parent)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" fr-pac ", "FR-PAC"), ("FR-75", "FR-75C"), ("FR-COR", "FR-20R"), ("FR-RE", "FR-974"), ("FR-GP", "FR-971"),
        # INSEE's regions, three of which are numbered like a département elsewhere
        ("84", "FR-ARA"), ("27", "FR-BFC"), ("53", "FR-BRE"), ("24", "FR-CVL"), ("94", "FR-20R"), ("44", "FR-GES"),
        ("32", "FR-HDF"), ("11", "FR-IDF"), ("28", "FR-NOR"), ("75", "FR-NAQ"), ("76", "FR-OCC"), ("52", "FR-PDL"),
        ("93", "FR-PAC"), ("01", "FR-GUA"), ("02", "FR-MTQ"), ("03", "FR-GUF"), ("04", "FR-LRE"), ("06", "FR-MAY"),
        ("13", None), ("971", None), ("FR", None), ("Paris", None), ("", None), ("FR-20", None),
    ],
)  # fmt: skip
def test_what_is_accepted(typed: str, code: str | None) -> None:
    assert normalise(typed) == code


@pytest.mark.parametrize(
    ("code", "container", "expected"),
    [
        ("FR-13", "FR-PAC", True), ("FR-PAC", "FR-PAC", True), ("FR-PAC", "FR-13", False), ("FR-75", "11", True),
        ("FR-69M", "FR-69", False), ("FR-69M", "FR-ARA", True), ("FR-971", "FR-GUA", True), ("FR-13", "FR-ARA", False),
    ],
)  # fmt: skip
def test_inside(code: str, container: str, expected: bool) -> None:
    assert inside(code, container) is expected


def test_unknown_codes_raise() -> None:
    with pytest.raises(KeyError):
        territory("FR-99")
    with pytest.raises(KeyError):
        inside("FR-13", "FR-99")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("FR-PCA", "FR-PAC"), ("PACA", "FR-PAC"), ("bouches du rhone", "FR-13"), ("13", "FR-13"), ("La Reunion", "FR-LRE"),
     ("Ile de France", "FR-IDF"), ("x" * 10_000, None), ("", None)],
)  # fmt: skip
def test_suggestions(typed: str, code: str | None) -> None:
    found: Territory | None = nearest(typed)
    assert (found.code if found else None) == code

"""The index as a reader sees it: one entry for an organisation, one folio for a card, places under their region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from livret.content.schema.model import Initiative
from livret.pages.compose.index import CardFolio, Index, PlaceEntry, index
from livret.pages.compose.navigation import ThemeView
from livret.pages.flatplan import Part, Side
from livret.pages.pagination import paginate

THEMES = [
    ThemeView(name, name.title(), None, "#000000", "#eeeeee", "#000000", "#ffffff", n)
    for n, name in enumerate(("toit", "mots", "art"))
]


def card(organisation: str, *territories: str, themes: str = "toit", **more: Any) -> dict[str, Any]:
    scope = more.pop("scope", "regional")
    pilot = {"name": organisation, "about": "Un mot.", **more}
    return {"pilot": pilot, "territories": list(territories), "themes": themes.split(), "scope": scope}


def made(cards: Sequence[dict[str, Any]], pages: int = 2) -> Index:
    """The index of a book that has a cover, an imprint, then the cards in this order, each of so many pages."""
    known = [Initiative.model_validate({"id": f"card-{n}", **values}) for n, values in enumerate(cards)]
    front = [Part("cover", "", "recto"), Part("imprint", "", "verso"), Part("foreword", "", "recto")]
    parts = [*front, *(Part("card", one.id, "any", one) for one in known)]
    sides: dict[str, Sequence[Side]] = {part.anchor: ["any"] * (pages if part.subject else 1) for part in parts}
    pagination = paginate(parts, sides)
    return index(known, THEMES, "fr", pagination, lambda anchor: str(pagination.folio(anchor)))


def line(name: str | None, folios: Iterable[CardFolio]) -> str:
    return f"{name} {', '.join(folio.text for folio in folios)}"


def places(entries: Iterable[PlaceEntry], indent: str = "") -> list[str]:
    return [
        told
        for entry in entries
        for told in (indent + line(entry.place.name, entry.folios), *places(entry.children, indent + "- "))
    ]


def test_cards_on_neighbouring_pages_are_two_folios_and_no_range() -> None:
    # 4–5, 6–7, 8–9.
    found = made([card("Adoma", "FR-BRE"), card("Coallia", "FR-PAC"), card("Elia", "FR-BRE", "FR-PAC")])
    assert places(found.territories) == ["Bretagne 4, 8", "Provence-Alpes-Côte d'Azur 6, 8"]


def test_a_card_of_many_pages_is_the_folio_it_begins_on() -> None:
    found = made([card("Adoma", "FR-BRE"), card("Coallia", "FR-BRE", scope="national")], pages=5)
    assert places(found.territories) == ["Bretagne 4, 9"]
    assert line("France entière", found.national) == "France entière 9"
    assert [line(one.title, one.folios) for one in found.pilots] == ["Adoma 4", "Coallia 9"]


@pytest.mark.parametrize(
    ("cards", "entries"),
    [
        ([card("Habitat"), card("Habitat"), card("Habitat")], ["Habitat 4, 6, 8"]),
        ([card("Habitat"), card("Le Refuge"), card("habitat")], ["Habitat 4, 8", "Le Refuge 6"]),
        ([card("S.O.S. Voisins"), card("SOS Voisins")], ["S.O.S. Voisins 4, 6"]),
        ([card("Foyer, Lyon"), card("Foyer, Paris")], ["Foyer, Lyon 4", "Foyer, Paris 6"]),
        # The same letters stand for two organisations.
        ([card("Centre d'aide", acronym="CA"), card("Club alpin", acronym="CA")], ["CA 4", "CA 6"]),
    ],
)  # fmt: skip
def test_cards_of_one_organisation_are_one_entry(cards: list[dict[str, Any]], entries: list[str]) -> None:
    assert [line(one.title, one.folios) for one in made(cards).pilots] == entries


def test_the_own_name_stands_where_another_is_filed() -> None:
    found = made([card("Association d'aide", acronym="AAJT"), card("Elia")])
    assert [(one.title, one.name) for one in found.pilots] == [("AAJT", "Association d'aide"), ("Elia", None)]


def test_themes_list_organisations_by_the_same_rule_and_only_themes_that_have_any() -> None:
    found = made([card("Habitat", themes="mots toit"), card("Elia", themes="toit"), card("Habitat", themes="toit")])
    told = {one.theme.name: [line(entry.title, entry.folios) for entry in one.entries] for one in found.themes}
    assert told == {"Toit": ["Habitat 4, 8", "Elia 6"], "Mots": ["Habitat 4"]}


@pytest.mark.parametrize(
    ("territories", "told"),
    [
        ([["FR-13"]], ["Provence-Alpes-Côte d'Azur 4", "- Bouches-du-Rhône 4"]),
        ([["FR-31", "FR-67", "FR-GES"]], ["Grand Est 4", "- Bas-Rhin 4", "Occitanie 4", "- Haute-Garonne 4"]),
        ([["FR-PDL"], ["FR-72", "FR-53"], ["FR-72"]], ["Pays de la Loire 4, 6, 8", "- Mayenne 6", "- Sarthe 6, 8"]),
        # A département that has the name of its region is said once.
        ([["FR-971"], ["FR-GUA"], ["FR-GUA", "FR-971"]], ["Guadeloupe 4, 6, 8"]),
        ([["FR-75"], ["FR-75C"], ["75"]], ["Île-de-France 4, 6", "- Paris 4, 6", "Nouvelle-Aquitaine 8"]),
        ([["FR-2A", "FR-2B"]], ["Corse 4", "- Corse-du-Sud 4", "- Haute-Corse 4"]),
        # By name, whatever the accents.
        ([["FR-91", "FR-95"], ["FR-HDF"]], ["Hauts-de-France 6", "Île-de-France 4", "- Essonne 4", "- Val-d'Oise 4"]),
    ],
)  # fmt: skip
def test_departements_stand_under_their_own_region(territories: list[list[str]], told: list[str]) -> None:
    assert places(made([card("Elia", *codes) for codes in territories]).territories) == told

"""The flatplan: which cards an edition keeps, its parts and their sides, and where blank pages fall."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conftest import CatalogueFolder
from livret.content.model import EditionFile, Initiative, Pilot
from livret.pages.flatplan import (
    Edition,
    Part,
    Side,
    edition_names,
    flatplan,
    keeps,
    merge_ranges,
    paginate,
    select,
)

PILOT = Pilot(name="Kodiko", about="Une association.")


def card(name: str = "kodiko", themes: str = "emploi", scope: str = "regional", places: str = "") -> Initiative:
    values: dict[str, Any] = {"id": name, "pilot": PILOT, "themes": themes.split(), "scope": scope}
    return Initiative.model_validate(values | {"territories": places.split()})


MARSEILLE = card("aajt", "emploi logement", places="FR-13")
PACA = card("paca", "droits", places="FR-PAC")
PARIS = card("elia", "logement", places="FR-75C")
TWO_PLACES = card("coallia", "soins", places="FR-NAQ FR-13")
NATIONAL = card("kodiko", "emploi", "national")
NATIONAL_IN_PARIS = card("samu", "soins", "national", "FR-75C")
CARDS = (MARSEILLE, PACA, PARIS, TWO_PLACES, NATIONAL, NATIONAL_IN_PARIS)
ALL = "aajt paca elia coallia kodiko samu"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, ALL),
        ({"national": False}, "aajt paca elia coallia"),
        # A region keeps what is in it or anywhere inside it; a département not the cards of its whole region.
        ({"territories": ["FR-PAC"]}, "aajt paca coallia kodiko samu"),
        ({"territories": ["FR-13"]}, "aajt coallia kodiko samu"),
        ({"territories": ["FR-PAC"], "national": False}, "aajt paca coallia"),
        ({"territories": ["FR-IDF"], "national": False}, "elia samu"),
        ({"territories": ["FR-IDF", "FR-NAQ"], "national": False}, "elia coallia samu"),
        ({"territories": ["FR-971"], "national": False}, ""),
        ({"themes": ["logement"]}, "aajt elia"),
        ({"themes": ["logement", "soins"]}, "aajt elia coallia samu"),
        # Filters that are given must all agree; national cards too have to have the theme.
        ({"themes": ["emploi"], "territories": ["FR-PAC"]}, "aajt kodiko"),
        ({"themes": ["emploi"], "territories": ["FR-PAC"], "national": False}, "aajt"),
        ({"territories": ["FR-971"], "national": False, "include": ["elia", "kodiko"]}, "elia kodiko"),
        ({"exclude": ["aajt", "kodiko"]}, "paca elia coallia samu"),
        ({"include": ["aajt"], "exclude": ["aajt"]}, "paca elia coallia kodiko samu"),
    ],
)
def test_an_edition_keeps(fields: dict[str, Any], kept: str) -> None:
    edition = EditionFile.model_validate(fields)
    assert [one.id for one in CARDS if keeps(edition, one)] == kept.split()


# --- select ---


def test_without_editions_there_is_one_with_every_card(catalogue_folder: CatalogueFolder) -> None:
    catalogue = catalogue_folder.catalogue()
    assert edition_names(catalogue) == ("full",)
    edition = select(catalogue, "full")
    assert [one.id for one in edition.initiatives] == ["aajt", "kodiko"]
    assert (edition.id, edition.title, edition.layout) == ("full", "Le forum", "forum")
    assert [partner.id for partner in edition.partners] == ["diair"]


def test_an_edition_overrides_what_it_names_and_inherits_the_rest(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue_folder
    folder.write("foreword.yaml", "title: Éditorial\nbody: Bonjour.\n")
    folder.write("editions/forewords/paca.yaml", "title: Avant-propos\nbody: Bienvenue.\n")
    folder.write(
        "editions/paca.yaml",
        "title: Le forum en Provence\nplace: Marseille\npartners: []\nsections: [cover, initiatives]\n"
        "territories: [FR-PAC]\nnational: false\nforeword: editions/forewords/paca.yaml\n",
    )
    folder.write("editions/full.yaml", "subtitle: Toutes les fiches\nexclude: [aajt]\n")
    catalogue = folder.catalogue()
    assert edition_names(catalogue) == ("full", "paca")
    paca, full = select(catalogue, "paca"), select(catalogue, "full")
    assert (paca.title, paca.place, paca.partners, paca.sections) == (
        "Le forum en Provence", "Marseille", (), ("cover", "initiatives"),
    )  # fmt: skip
    assert (paca.date, paca.publisher, paca.themes) == (full.date, full.publisher, full.themes)
    assert [one.id for one in paca.initiatives] == ["aajt"]
    assert [one.id for one in full.initiatives] == ["kodiko"]
    assert (full.title, full.subtitle) == ("Le forum", "Toutes les fiches")
    assert paca.foreword is not None
    assert full.foreword is not None
    assert (paca.foreword.title, full.foreword.title) == ("Avant-propos", "Éditorial")


def test_an_unknown_edition_is_a_key_error(catalogue_folder: CatalogueFolder) -> None:
    with pytest.raises(KeyError, match="paca"):
        select(catalogue_folder.catalogue(), "paca")


# --- flatplan ---


def full(folder: CatalogueFolder) -> Edition:
    return select(folder.catalogue(), "full")


def test_parts_stand_in_the_order_of_the_sections_on_their_sides(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("foreword.yaml", "title: Éditorial\nbody: Bonjour.\n")
    catalogue_folder.write("pages/note.yaml", "title: Note\nbody: À lire.\n")
    parts = flatplan(full(catalogue_folder))
    assert [(part.anchor, part.side) for part in parts] == [
        ("cover", "recto"),
        ("imprint", "verso"),
        ("foreword", "recto"),
        ("page-note", "any"),
        ("partner-diair", "any"),
        ("legend", "verso"),
        ("contents", "any"),
        ("card-aajt", "verso"),
        ("card-kodiko", "verso"),
        ("index", "any"),
        ("back-cover", "verso"),
    ]
    assert [part.id for part in parts if part.subject] == ["", "note", "diair", "aajt", "kodiko"]


def test_sections_may_stand_in_another_order_and_empty_ones_have_no_part(catalogue_folder: CatalogueFolder) -> None:
    edition = replace(full(catalogue_folder), sections=("initiatives", "foreword", "pages", "cover"), foreword=None)
    assert [part.anchor for part in flatplan(edition)] == ["card-aajt", "card-kodiko", "cover"]


def test_cards_of_one_page_start_on_any_side(catalogue_folder: CatalogueFolder) -> None:
    parts = flatplan(full(catalogue_folder), cards_per_spread=2)
    assert {part.side for part in parts if part.kind == "card"} == {"any"}


# --- paginate ---

LETTERS: dict[str, Side] = {"v": "verso", "r": "recto", "a": "any"}


def laid_out(plan: str) -> str:
    """`COVER:r=a CARD:v=vr` (name:starting side=side of each page) as the pages of the book, `-` for a blank one."""
    parts, sides = [], {}
    for word in plan.split():
        name, _, rest = word.partition(":")
        start, _, pages = rest.partition("=")
        parts.append(Part(name, "", LETTERS[start]))
        sides[name] = tuple(LETTERS[page] for page in pages)
    pagination = paginate(parts, sides)
    assert [sheet.index for sheet in pagination.sheets] == list(range(len(pagination.sheets)))
    return " ".join(f"{sheet.part.kind}{sheet.page}" if sheet.part else "-" for sheet in pagination.sheets)


@pytest.mark.parametrize(
    ("plan", "pages"),
    [
        ("", ""),
        ("a:r=a", "a0"),
        ("a:v=a", "- a0"),
        ("a:a=aaa b:a=a", "a0 a1 a2 b0"),
        # Cards are spreads: versos follow each other without blanks, after an odd number of pages only.
        ("c:r=a a:v=vr b:v=vr", "c0 a0 a1 b0 b1"),
        ("c:r=aa a:v=vr b:v=vr", "c0 c1 - a0 a1 b0 b1"),
        # An overset card: pages already interleaved; what lacks its partner leaves a blank.
        ("c:r=a a:v=vrv b:v=vr", "c0 a0 a1 a2 - b0 b1"),
        ("c:r=a a:v=vrr b:v=vr", "c0 a0 a1 - a2 b0 b1"),
        ("c:r=a a:v=vrvr b:v=vr", "c0 a0 a1 a2 a3 b0 b1"),
        ("c:r=a a:v=vrvrvv b:a=a", "c0 a0 a1 a2 a3 a4 - a5 b0"),
        # The starting side wins over what the first page demands, and counts for it alone.
        ("c:r=a a:v=aa b:r=a", "c0 a0 a1 - b0"),
        ("c:r=a a:a=r", "c0 - a0"),
        ("c:r=a d:v=v", "c0 d0"),
    ],
)
def test_blank_pages_stand_only_where_a_side_demands_them(plan: str, pages: str) -> None:
    assert laid_out(plan) == pages


def test_folios_are_even_on_versos_and_count_blank_pages() -> None:
    parts = [Part("cover", "", "recto"), Part("card", "a", "verso"), Part("card", "b", "verso")]
    pagination = paginate(parts, {"cover": ("any", "any"), "card-a": ("verso", "recto", "recto"), "card-b": ("verso",)})
    assert [sheet.folio for sheet in pagination.sheets] == list(range(1, 9))
    assert [sheet.side for sheet in pagination.sheets] == ["recto", "verso"] * 4
    assert pagination.folio("card-a") == 4
    assert list(pagination.folios("card-a")) == [4, 5, 6, 7], "the blank page within a part is its own"
    assert pagination.folio("card-b") == 8
    assert (pagination.side("cover"), pagination.side("card-b")) == ("recto", "verso")
    assert pagination.folio("card-c") is None


# --- merge_ranges ---


@pytest.mark.parametrize(
    ("anchors", "ranges"),
    [
        ("", []),
        ("card-a", [("2–3", "card-a")]),
        ("card-b card-a", [("2–5", "card-a")]),
        ("card-a card-c", [("2–3", "card-a"), ("6–7", "card-c")]),
        ("card-c card-a card-b", [("2–7", "card-a")]),
        ("card-d card-a", [("2–3", "card-a"), ("9", "card-d")]),
        ("card-d card-c", [("6–7", "card-c"), ("9", "card-d")]),
        ("card-a card-a", [("2–3", "card-a")]),
    ],
)
def test_neighbouring_folios_make_one_range(anchors: str, ranges: list[tuple[str, str]]) -> None:
    parts = [Part("cover", "", "recto"), *(Part("card", name, "verso") for name in "abc"), Part("card", "d", "recto")]
    sides: dict[str, tuple[Side, ...]] = {f"card-{name}": ("verso", "recto") for name in "abc"}
    pagination = paginate(parts, sides | {"cover": ("any",), "card-d": ("any",)})
    assert [(one.text, one.anchor) for one in merge_ranges(pagination, anchors.split())] == ranges

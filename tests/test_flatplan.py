"""The flatplan: which cards an edition keeps, its parts and their sides, and where blank pages fall."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import CatalogueFolder
from livret.content.schema.field_types import Filler
from livret.content.schema.model import EditionFile, Initiative, Pilot
from livret.pages.flatplan import (
    Edition,
    Part,
    Side,
    edition_names,
    flatplan,
    keeps,
    select,
    sources,
)
from livret.pages.pagination import Sheet, paginate

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


def test_press_filler_and_allowed_rules_of_an_edition(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue_folder
    folder.change("catalogue.yaml", "language: fr\n", "language: fr\nallow: [{rule: missing-isbn, reason: Dépliant}]\n")
    folder.write("editions/paca.yaml", "press: office\nfiller: blank\nallow: [{rule: no-contact, reason: Projets}]\n")
    catalogue = folder.catalogue()
    full, paca = select(catalogue, "full"), select(catalogue, "paca")
    assert (full.press, full.filler, [one.rule for one in full.allow]) == ("coated-fogra39", "notes", ["missing-isbn"])
    assert (paca.press, paca.filler) == ("office", "blank")
    assert [(one.rule, one.reason) for one in paca.allow] == [("missing-isbn", "Dépliant"), ("no-contact", "Projets")]


def test_the_sources_of_an_edition_are_the_files_it_prints(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("foreword.yaml", "body: Bonjour.\n")
    catalogue_folder.write("pages/note.yaml", "body: À lire.\n")
    catalogue_folder.write("editions/paca.yaml", "exclude: [kodiko]\nsections: [cover, foreword, initiatives]\n")
    assert sources(flatplan(select(catalogue_folder.catalogue(), "paca"))) == {
        "catalogue/foreword.yaml", "catalogue/initiatives/aajt.yaml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "shown"),
    [(["kodiko"], ["emploi"]), (["aajt"], ["logement", "emploi"]), (["aajt", "kodiko"], ["logement", "emploi"])],
)
def test_an_edition_shows_the_themes_of_its_cards(
    catalogue_folder: CatalogueFolder, kept: list[str], shown: list[str]
) -> None:
    catalogue = catalogue_folder.catalogue()
    whole = select(catalogue, "full")
    some = replace(whole, initiatives=tuple(one for one in whole.initiatives if one.id in kept))
    assert [theme.id for theme in some.themes_shown] == shown


def test_an_edition_without_cards_shows_all_themes(catalogue_folder: CatalogueFolder) -> None:
    empty = replace(select(catalogue_folder.catalogue(), "full"), initiatives=())
    assert [theme.id for theme in empty.themes_shown] == ["logement", "emploi"]


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


def laid_out(plan: str, multiple: int = 1, filler: Filler = "notes") -> str:
    """`COVER:r=a CARD:v=vr` (name:starting side=side of each page) as the pages of the book.

    `-` is a blank page, `=` a blank one that is a filler, `*` a notes page.
    """
    parts, sides = [], {}
    for word in plan.split():
        name, _, rest = word.partition(":")
        start, _, pages = rest.partition("=")
        parts.append(Part(name, "", LETTERS[start]))
        sides[name] = tuple(LETTERS[page] for page in pages)
    pagination = paginate(parts, sides, multiple, filler)
    assert [sheet.index for sheet in pagination.sheets] == list(range(len(pagination.sheets)))
    assert [sheet for sheet in pagination.sheets if sheet.is_filler] == list(pagination.fillers)
    return " ".join(map(drawn, pagination.sheets))


def drawn(sheet: Sheet) -> str:
    if sheet.part is None:
        return "=" if sheet.is_filler else "-"
    assert sheet.is_filler == sheet.part.is_filler
    return "*" if sheet.is_filler else f"{sheet.part.kind}{sheet.page}"


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


BACK = "back-cover:v=a"


@pytest.mark.parametrize(
    ("plan", "multiple", "pages"),
    [
        ("", 4, ""),
        ("c:r=a", 1, "c0"),
        ("c:r=a", 4, "c0 * * *"),
        ("c:r=aaaa", 4, "c0 c1 c2 c3"),
        ("c:r=aaaaa", 4, "c0 c1 c2 c3 c4 * * *"),
        # The back cover stays last, on a verso, with the fillers before it.
        (f"c:r=aaa {BACK}", 4, "c0 c1 c2 back-cover0"),
        (f"c:r=aa {BACK}", 4, "c0 c1 * back-cover0"),
        (f"c:r=a {BACK}", 4, "c0 * * back-cover0"),
        (f"c:r=aaaa {BACK}", 4, "c0 c1 c2 c3 * * * back-cover0"),
        (f"c:r=a {BACK}", 8, "c0 * * * * * * back-cover0"),
        # Blank pages that sides demand elsewhere stay blank; only that before the back cover is filled.
        (f"c:r=aa a:v=vr {BACK}", 4, "c0 c1 - a0 a1 * * back-cover0"),
        (f"c:r=a a:v=vv {BACK}", 4, "c0 a0 - a1 * * * back-cover0"),
        # An odd multiple, too, ends on a verso.
        (f"c:r=a {BACK}", 3, "c0 * * * * back-cover0"),
        # A back cover that runs over ends on a recto: what is lacking follows it, blank.
        ("c:r=a back-cover:v=va", 4, "c0 back-cover0 back-cover1 ="),
        # Only a back cover that comes last is one.
        (f"{BACK} c:r=a", 4, "- back-cover0 c0 *"),
    ],
)
def test_fillers_make_a_multiple(plan: str, multiple: int, pages: str) -> None:
    assert laid_out(plan, multiple) == pages
    assert laid_out(plan, multiple, "blank") == pages.replace("*", "=")


def test_notes_pages_are_parts_with_a_folio() -> None:
    parts = [Part("cover", "", "recto"), Part("back-cover", "", "verso")]
    pagination = paginate(parts, {"cover": ("any",), "back-cover": ("any",)}, 4)
    assert [part.anchor for part in pagination.parts] == ["cover", "notes-1", "notes-2", "back-cover"]
    assert [(pagination.folio(name), pagination.side(name)) for name in ("notes-1", "notes-2")] == [
        (2, "verso"), (3, "recto"),
    ]  # fmt: skip
    assert [sheet.folio for sheet in pagination.fillers] == [2, 3]
    assert paginate(parts, {"cover": ("any",), "back-cover": ("any",)}, 4, "blank").parts == tuple(parts)


@given(
    pages=st.lists(st.lists(st.sampled_from("vra"), min_size=1, max_size=4), max_size=6),
    has_back=st.booleans(),
    multiple=st.sampled_from([2, 4, 8, 16]),
)
def test_any_book_reaches_its_multiple_with_the_fewest_pages(
    pages: list[list[str]], has_back: bool, multiple: int
) -> None:
    parts = [Part("page", str(number), "any") for number in range(len(pages))]
    sides = {part.anchor: tuple(LETTERS[side] for side in wanted) for part, wanted in zip(parts, pages, strict=True)}
    if has_back:
        parts.append(Part("back-cover", "", "verso"))
        sides["back-cover"] = ("any",)
    plain, filled = paginate(parts, sides), paginate(parts, sides, multiple)
    assert len(filled.sheets) % multiple == 0
    assert len(filled.sheets) - len(plain.sheets) < multiple
    assert [part for part in filled.parts if not part.is_filler] == parts
    inside = [part for part in parts if part.kind == "page"]
    assert [filled.starts[part.anchor] for part in inside] == [plain.starts[part.anchor] for part in inside]
    if has_back:
        assert filled.sheets[-1].part is parts[-1]
        assert filled.sheets[-1].side == "verso"
        assert filled.sheets[-2].part is not None or len(filled.sheets) == 2


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

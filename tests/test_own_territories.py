"""territories.yaml: places of a catalogue's own, and catalogues of other countries than France."""

from __future__ import annotations

import re

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.territories import under_regions
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Side, flatplan, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate

CATALOGUE = """\
title: Essai
language: fr
demonstration: true
themes: [{id: a, name: Thème}]
"""


def card(name: str, places: str, more: str = "") -> str:
    contact = "contacts: [{name: A, email: a@example.org}]"
    return f"pilot: {{name: {name}, about: Texte.}}\nthemes: [a]\nterritories: [{places}]\n{contact}\n{more}"


def catalogue(folder: CatalogueFolder, files: dict[str, str]) -> CatalogueFolder:
    for name in ("aajt", "kodiko"):
        folder.remove(f"initiatives/{name}.yaml")
    folder.remove("partners/diair.yaml") if folder.path("partners/diair.yaml").exists() else None
    for name, text in {"catalogue.yaml": CATALOGUE, **files}.items():
        folder.write(name, text)
    return folder


def told(folder: CatalogueFolder) -> set[tuple[str, str]]:
    return {(str(finding.where), finding.rule) for finding in folder.findings() if finding.severity.value != "note"}


COMMUNES = """\
national: Tout le département
territories:
  - {id: saint-denis, name: Saint-Denis, parent: plaine, tile: [0, 0]}
  - {id: plaine, name: {fr: Plaine Commune, en: Plain of Saint-Denis}, parent: FR-93}
  - {id: aubervilliers, name: Aubervilliers, parent: plaine, tile: [1, 0]}
"""


def test_communes_lie_in_their_departement_and_are_told_in_the_language(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue(catalogue_folder, {"territories.yaml": COMMUNES, "initiatives/c.yaml": card("C", "SAINT-DENIS")})
    read = folder.catalogue()
    (place,) = read.initiatives[0].territories
    assert [outer.code for outer in place.around] == ["plaine", "FR-93", "FR-IDF", "FR"]
    assert place.in_language("en").region.name == "Plain of Saint-Denis"
    assert read.geography.whole_country("fr") == ("Tout le département",)


def test_an_edition_of_a_territory_of_ones_own_keeps_what_lies_in_it(catalogue_folder: CatalogueFolder) -> None:
    files = {
        "territories.yaml": COMMUNES,
        "initiatives/in.yaml": card("A", "saint-denis"),
        "initiatives/out.yaml": card("B", "FR-13"),
        "initiatives/online.yaml": card("C", "", "scope: online\n"),
        "initiatives/unbound.yaml": card("D", "", "scope: none\n"),
        "editions/plaine.yaml": "territories: [plaine]\n",
        "editions/strict.yaml": "territories: [FR-93]\nnational: false\n",
    }
    read = catalogue(catalogue_folder, files).catalogue()
    assert [one.id for one in select(read, "plaine").initiatives] == ["in", "online", "unbound"]
    assert [one.id for one in select(read, "strict").initiatives] == ["in"]


NESTED = """\
territories:
  - {id: plaine, name: Plaine Commune, parent: FR-93}
  - {id: est, name: Est Ensemble, parent: FR-93}
  - {id: pantin, name: Pantin, parent: est}
  - {id: saint-denis, name: Saint-Denis, parent: plaine}
  - {id: bobigny, name: Bobigny, parent: FR-93}
"""


@pytest.mark.parametrize(
    ("named", "printed"),
    [
        ("pantin", {"Est Ensemble": ["Pantin"]}),
        ("est", {"Est Ensemble": []}),
        ("est, pantin, saint-denis", {"Est Ensemble": ["Pantin"], "Plaine Commune": ["Saint-Denis"]}),
        ("FR-93", {"Seine-Saint-Denis": []}),
        ("FR-93, bobigny", {"Seine-Saint-Denis": ["Bobigny"]}),
        ("FR-92", {"Île-de-France": ["Hauts-de-Seine"]}),
    ],
)
def test_a_place_in_which_others_lie_heads_them_and_stands_under_nothing(
    catalogue_folder: CatalogueFolder, named: str, printed: dict[str, list[str]]
) -> None:
    files = {"territories.yaml": NESTED, "initiatives/a.yaml": card("A", named)}
    (one,) = catalogue(catalogue_folder, files).catalogue().initiatives
    found = {area.region.name: [place.name for place in area.places] for area in under_regions(one.territories)}
    assert found == printed


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("territories:\n  - {id: a, name: A, parent: FR-99}\n", "unknown-territory", 2),
        ("territories:\n  - {id: a, name: A, parent: b}\n  - {id: b, name: B, parent: a}\n", "territory-in-itself", 2),
        ("territories:\n  - {id: a, name: A, tile: [1, far]}\n", "bad-tile", 2),
        ("territories:\n  - {id: à, name: A}\n", "bad-id", 2),
        ("territories:\n  - {id: a, name: A}\n  - {id: a, name: B}\n", "duplicate-id", 3),
        ("territories:\n  - {id: a}\n", "missing-field", 2),
        ("country: DE\n", "unknown-country", 1),
        ("map: no.svg\n", "missing-picture", 1),
    ],
)
def test_what_is_wrong_is_told_at_its_line(catalogue_folder: CatalogueFolder, text: str, rule: str, line: int) -> None:
    # A card that names what the broken file would add has no finding of its own.
    files = {"territories.yaml": text, "initiatives/c.yaml": card("C", "a")}
    assert (f"catalogue/territories.yaml:{line}", rule) in told(catalogue(catalogue_folder, files))


def test_a_broken_file_says_nothing_of_the_cards(catalogue_folder: CatalogueFolder) -> None:
    files = {"territories.yaml": "territories: 5\n", "initiatives/c.yaml": card("C", "a")}
    assert {place for place, _ in told(catalogue(catalogue_folder, files))} == {"catalogue/territories.yaml:1"}


def test_only_the_tables_that_are_asked_for_can_be_named(catalogue_folder: CatalogueFolder) -> None:
    files = {"territories.yaml": "tables: [BE]\n", "initiatives/c.yaml": card("C", "BE-WLG, FR-13")}
    assert told(catalogue(catalogue_folder, files)) == {("catalogue/initiatives/c.yaml:3", "unknown-territory")}


def test_a_map_without_codes_and_one_that_is_no_drawing_are_told(catalogue_folder: CatalogueFolder) -> None:
    files = {
        "territories.yaml": "map: images/map.svg\n",
        "images/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="x" d="M0 0h9z"/></svg>',
        "initiatives/c.yaml": card("C", "FR-13"),
    }
    folder = catalogue(catalogue_folder, files)
    assert told(folder) == {("catalogue/territories.yaml:1", "map-without-territories")}
    folder.change("images/map.svg", 'id="x"', 'id="FR-13"')
    assert told(folder) == set()
    folder.write("images/map.svg", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    assert ("catalogue/territories.yaml:1", "map-not-drawing") in told(folder)


@pytest.mark.parametrize(
    ("cards", "printed"),
    [
        ({"a": ("BE-WLG", "scope: national\n"), "b": ("BE-WAL", "")}, "Toute la Belgique"),
        ({"a": ("CH-GE", "scope: national\n"), "b": ("CH-VD", "")}, "Toute la Suisse"),
        ({"a": ("", "scope: national\n"), "b": ("LU-ES", "")}, "Tout le Luxembourg"),
        ({"a": ("", "scope: national\n"), "b": ("FR-13", "")}, "France entière"),
        # A card of another country in a French catalogue.
        ({"a": ("BE", "scope: national\n"), "b": ("FR-13", ""), "c": ("FR-83", "")}, "Toute la Belgique"),
        ({"a": ("BE-WLG", "scope: international\n"), "b": ("FR-13", "")}, "International"),
        ({"a": ("", "scope: online\n"), "b": ("FR-13", "")}, "En ligne"),
    ],
)
@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_a_card_says_how_far_it_reaches(
    catalogue_folder: CatalogueFolder, cards: dict[str, tuple[str, str]], printed: str, layout: str
) -> None:
    files = {f"initiatives/{name}.yaml": card(name, *given) for name, given in cards.items()}
    folder = catalogue(catalogue_folder, files)
    html = card_html(folder, "a", layout)
    assert printed in html
    assert ("France entière" in html) == (printed == "France entière")


def test_a_card_bound_to_no_place_prints_none(catalogue_folder: CatalogueFolder) -> None:
    html = card_html(catalogue(catalogue_folder, {"initiatives/a.yaml": card("A", "", "scope: none\n")}), "a", "forum")
    assert 'class="block where"' not in html
    assert "France" not in html


def test_a_project_names_the_whole_country_as_it_likes(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue(catalogue_folder, {"initiatives/a.yaml": card("A", "", "scope: national\n")})
    labels = folder.root / "layouts" / "forum" / "labels.yaml"
    labels.parent.mkdir(parents=True)
    labels.write_text("fr: {national: Hexagone et outre-mer}\n", encoding="utf-8")
    html = card_html(folder, "a", "forum")
    assert "Hexagone et outre-mer" in html
    assert "France entière" not in html


def test_the_map_of_a_card_is_that_of_its_country_or_of_the_catalogue(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue(catalogue_folder, {"initiatives/a.yaml": card("A", "BE-WAL")})
    on = re.search(r'<path fill="#[0-9a-f]{6}" d="([^"]+)"/></svg>', card_html(folder, "a", "forum"))
    assert on
    # The five provinces of Wallonia.
    assert on[1].count("M") == 5
    folder.write("territories.yaml", COMMUNES)
    folder.write("initiatives/a.yaml", card("A", "saint-denis"))
    assert 'viewBox="0 0 19 9"' in card_html(folder, "a", "forum")


def card_html(folder: CatalogueFolder, name: str, layout: str) -> str:
    edition = select(folder.catalogue(), "full")
    composer = Composer(folder.project, edition, Layout(folder.project, layout))
    parts = {part.anchor: part for part in flatplan(edition)}
    sides: dict[str, tuple[Side, ...]] = {
        anchor: ("verso", "recto") if part.kind == "card" else ("any",) for anchor, part in parts.items()
    }
    return composer.galley(parts[f"card-{name}"], paginate(tuple(parts.values()), sides))[0].html


# --- what is suggested for a name that is no code ---


def hints(folder: CatalogueFolder, rule: str) -> list[str]:
    """The hints of the one finding of a rule, in English."""
    _, findings = read_catalogue(folder.project)
    (found,) = (one for one in findings if one.rule == rule)
    return [*found.hints]


BELGIAN = {"initiatives/a.yaml": card("A", "BE-WLG"), "initiatives/b.yaml": card("B", "BE-BRU")}


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        (BELGIAN, "codes are like BE-WAL (Wallonie) and BE-WLG (Liège)"),
        ({"territories.yaml": "tables: [CH]\n"}, "codes are like CH-GE (Genève) and CH-VD (Vaud)"),
        ({"territories.yaml": "country: LU\n"}, "codes are like LU-LU (Luxembourg) and LU-ES (Esch-sur-Alzette)"),
        (
            {"territories.yaml": "country: CA-QC\n"},
            "codes are like CA-QC-03 (Capitale-Nationale) and CA-QC-06 (Montréal)",
        ),
        ({"territories.yaml": COMMUNES}, "codes are like plaine (Plaine Commune) and aubervilliers (Aubervilliers)"),
        (
            {"territories.yaml": "tables: []\nterritories: [{id: nord, name: Section Nord}]\n"},
            "codes are like nord (Section Nord)",
        ),
        ({}, "codes are like FR-PAC (Provence-Alpes-Côte d'Azur) and FR-13 (Bouches-du-Rhône)"),
    ],
)
def test_an_unknown_name_is_answered_with_codes_of_the_catalogue(
    catalogue_folder: CatalogueFolder, files: dict[str, str], codes: str
) -> None:
    folder = catalogue(catalogue_folder, {**files, "initiatives/x.yaml": card("X", "Nulle part")})
    assert hints(folder, "unknown-territory") == [
        codes,
        "docs/content.md lists the codes that are shipped; catalogue/territories.yaml can add others",
    ]


def test_a_card_without_territory_is_answered_with_codes_of_its_country(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue(catalogue_folder, {**BELGIAN, "initiatives/x.yaml": card("X", "")})
    assert (
        hints(folder, "missing-territory")[0] == "add territories: [BE-WAL, BE-WLG] with the codes of its territories"
    )


@pytest.mark.parametrize(
    ("files", "typed", "meant"),
    [
        ({"territories.yaml": "country: BE\n"}, "Luxembourg", "BE-WLX"),
        ({"territories.yaml": "country: LU\n"}, "Luxembourg", "LU"),
        (BELGIAN, "Anvers", "BE-VAN"),
        (BELGIAN, "Limbourg", "BE-VLI"),
        ({"territories.yaml": COMMUNES}, "St-Denis", "saint-denis"),
        ({"territories.yaml": COMMUNES}, "Saint Denis", "saint-denis"),
    ],
)
def test_of_places_with_one_name_that_of_the_catalogues_country_is_meant(
    catalogue_folder: CatalogueFolder, files: dict[str, str], typed: str, meant: str
) -> None:
    folder = catalogue(catalogue_folder, {**files, "initiatives/x.yaml": card("X", typed)})
    assert hints(folder, "unknown-territory")[0].startswith(f'did you mean "{meant}" (')


def test_a_name_in_a_language_that_is_not_given_is_that_of_the_catalogue(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue(catalogue_folder, {"territories.yaml": COMMUNES, "initiatives/c.yaml": card("C", "plaine")})
    (place,) = folder.catalogue().initiatives[0].territories
    assert place.in_language("de").name == "Plaine Commune"
    assert place.in_language("en").name == "Plain of Saint-Denis"

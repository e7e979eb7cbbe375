"""Editions side by side: what each selects, the table, the matrix, what is wrong with them; and the demonstration's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.schema.model import Catalogue, EditionFile, Initiative, Pilot
from livret.control.editions import coverage, filters, findings, left_out, matrix, only_in_full, table
from livret.control.languages import shown
from livret.findings import Finding
from livret.pages.flatplan import edition_names, keeps, select
from livret.pages.pool.store import Store
from livret.project import Project
from press import TOP, Done, livret, livret_here

FULL = (
    "aajt ab-refugies-social adoma aidaphi coallia cos ddcspp-correze elia fit forum-refugies france-terre-d-asile caec"
)
FULL += (
    " habitat-et-humanisme kodiko la-cimade le-refuge mission-locale-troyes mjc-brianconnais primo-levi samusocial sos"
)


@pytest.fixture(scope="module")
def demonstration() -> Catalogue:
    catalogue, found = read_catalogue(Project(TOP, TOP / "output"))
    assert catalogue is not None, "\n".join(finding.text() for finding in found)
    return catalogue


def selected(catalogue: Catalogue, name: str) -> list[str]:
    return [card.id for card in select(catalogue, name).initiatives]


# --- the demonstration ---


@pytest.mark.parametrize(
    ("name", "cards"),
    [
        ("full", FULL),
        ("english", FULL),
        # The region's own cards (Marseille twice, Briançon) and those of national scope.
        ("paca", "aajt coallia elia fit france-terre-d-asile mjc-brianconnais"),
        # Without those of national scope.
        ("ile-de-france", "habitat-et-humanisme kodiko primo-levi samusocial"),
        # A national card that names the region stands once.
        ("centre-val-de-loire", "aidaphi coallia fit france-terre-d-asile kodiko"),
        # With a card of the neighbouring region that it includes by name.
        ("bourgogne-franche-comte", "adoma coallia fit france-terre-d-asile mission-locale-troyes"),
        ("droits", "aidaphi elia forum-refugies la-cimade le-refuge mjc-brianconnais"),
        # Cards of the theme, whether it is their main one or not, without one that is excluded by name.
        ("emploi", "aajt adoma cos fit forum-refugies caec kodiko mission-locale-troyes"),
    ],
)
def test_an_edition_of_the_demonstration_has_its_cards(demonstration: Catalogue, name: str, cards: str) -> None:
    assert selected(demonstration, name) == cards.split()


# The codes of ISO 3166-2:FR and of INSEE, with the name that the State prints: a region, then the départements and the
# metropolis in it that the cards name.
REGIONS = {
    "FR-ARA": ("Auvergne-Rhône-Alpes", "FR-69 FR-69M"),
    "FR-BFC": ("Bourgogne-Franche-Comté", "FR-25"),
    "FR-CVL": ("Centre-Val de Loire", "FR-36 FR-37 FR-41 FR-45"),
    "FR-GES": ("Grand Est", "FR-10 FR-54"),
    "FR-HDF": ("Hauts-de-France", "FR-02 FR-59 FR-60 FR-62 FR-80"),
    "FR-IDF": ("Île-de-France", "FR-75C FR-77"),
    "FR-NAQ": ("Nouvelle-Aquitaine", "FR-19 FR-33"),
    "FR-NOR": ("Normandie", "FR-76"),
    "FR-OCC": ("Occitanie", "FR-30 FR-34"),
    "FR-PAC": ("Provence-Alpes-Côte d'Azur", "FR-05 FR-13"),
    "FR-PDL": ("Pays de la Loire", "FR-44 FR-49"),
}


def test_every_region_that_has_cards_has_an_edition(demonstration: Catalogue) -> None:
    cards = demonstration.initiatives
    inside = {code: {code, *parts.split()} for code, (_, parts) in REGIONS.items()}
    assert {place.code for card in cards for place in card.territories} == set().union(*inside.values())
    files = {place.code: file for file in demonstration.editions for place in file.territories}
    assert set(files) == set(REGIONS)
    for region, file in files.items():
        own = {card.id for card in cards if inside[region].intersection(place.code for place in card.territories)}
        national = {card.id for card in cards if card.scope == "national"} if file.national else set()
        assert set(selected(demonstration, file.id)) == own | national | set(file.include)
        assert file.title is not None
        assert REGIONS[region][0] in file.title


def test_every_theme_with_three_cards_has_an_edition(demonstration: Catalogue) -> None:
    counted = Counter(theme for card in demonstration.initiatives for theme in card.themes)
    files = {file.themes[0]: file for file in demonstration.editions if file.themes}
    assert set(files) == {theme for theme, number in counted.items() if number >= 3}
    for theme, file in files.items():
        wanted = [card.id for card in demonstration.initiatives if theme in card.themes and card.id not in file.exclude]
        assert selected(demonstration, file.id) == wanted


def test_the_demonstration_shows_every_kind_of_override_and_filter(demonstration: Catalogue) -> None:
    given_fields = {name for file in demonstration.editions for name in file.model_fields_set}
    # One set of drawings and one ground serve every edition of it; it has no translation, and needs no other binding.
    assert given_fields >= set(EditionFile.model_fields) - {"allow", "art", "binding", "colours", "languages"}
    assert {select(demonstration, name).language for name in edition_names(demonstration)} == {"fr", "en"}
    assert {select(demonstration, name).layout for name in edition_names(demonstration)} == {"forum", "pocket"}


def test_the_editions_of_the_demonstration_are_without_findings(demonstration: Catalogue) -> None:
    assert findings(demonstration) == ()
    assert coverage(demonstration) == ()
    titles = [select(demonstration, name).title for name in edition_names(demonstration)]
    assert len(set(titles)) == len(titles)


# --- selection ---


def test_a_region_goes_by_its_insee_number_too(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/iso.yaml", "territories: [FR-PAC]\nnational: false\n")
    catalogue_folder.write("editions/insee.yaml", "territories: [93]\nnational: false\n")
    catalogue = catalogue_folder.catalogue()
    assert selected(catalogue, "insee") == selected(catalogue, "iso") == ["aajt"]
    (told,) = catalogue_folder.findings()
    assert (told.rule, told.where and told.where.path) == ("insee-number", "catalogue/editions/insee.yaml")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("include: [ajat]", "unknown-initiative"),
        ("exclude: [ajat]", "unknown-initiative"),
        ("themes: [logment]", "unknown-theme"),
        ("territories: [FR-PACA]", "unknown-territory"),
        ("partners: [dair]", "unknown-partner"),
        ("foreword: editions/none.yaml", "missing-file"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_its_line(
    catalogue_folder: CatalogueFolder, line: str, rule: str
) -> None:
    catalogue_folder.write("editions/paca.yaml", f"title: Le forum\n{line}\n")
    (told,) = catalogue_folder.findings()
    assert (told.rule, str(told.where)) == (rule, "catalogue/editions/paca.yaml:2")


CODES = ("FR-PAC", "FR-13", "FR-IDF", "FR-75C", "FR-LRE", "FR-974")
THEMES = ("logement", "emploi", "soins")
SOME_CARDS = st.builds(
    lambda name, themes, scope, places: Initiative(
        id=name,
        pilot=Pilot(name="Kodiko", about="Une association."),
        themes=tuple(themes),
        scope=scope,
        territories=tuple(places),
    ),
    st.sampled_from("abc"),
    st.sets(st.sampled_from(THEMES), min_size=1),
    st.sampled_from(("regional", "national")),
    st.sets(st.sampled_from(CODES)),
)
SOME_EDITIONS = st.builds(
    lambda themes, places, national, include, exclude: EditionFile(
        themes=tuple(themes),
        territories=tuple(places),
        national=national,
        include=tuple(include),
        exclude=tuple(exclude),
    ),
    st.sets(st.sampled_from(THEMES)),
    st.sets(st.sampled_from(CODES)),
    st.booleans(),
    st.sets(st.sampled_from("abc")),
    st.sets(st.sampled_from("abc")),
)


@given(SOME_EDITIONS, SOME_CARDS)
def test_a_card_is_left_out_exactly_when_there_is_a_reason(edition: EditionFile, card: Initiative) -> None:
    assert bool(left_out(edition, card)) is not keeps(edition, card)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ()),
        ({"national": False}, ("not national",)),
        ({"territories": ("FR-PAC",)}, ("in Provence-Alpes-Côte d'Azur or national",)),
        ({"territories": ("FR-13", "FR-2A"), "national": False}, ("in Bouches-du-Rhône or Corse-du-Sud",)),
        ({"themes": ("logement",)}, ("theme logement",)),
        ({"themes": ("logement", "emploi"), "exclude": ("aajt",)}, ("themes logement or emploi", "without aajt")),
        ({"include": ("a", "b", "c", "d", "e")}, ("with a, b, c and 2 more",)),
    ],
)
def test_filters_are_told_in_words(fields: dict[str, Any], words: tuple[str, ...]) -> None:
    assert filters(EditionFile.model_validate(fields)) == words


def test_every_filter_that_rejects_a_card_is_told() -> None:
    card = Initiative(id="a", pilot=Pilot(name="A", about="A."), themes=("soins",), scope="national")
    edition = EditionFile(themes=("emploi", "langue"), territories=("FR-PAC",), national=False)
    assert left_out(edition, card) == ("no themes emploi or langue", "not in Provence-Alpes-Côte d'Azur")
    assert left_out(EditionFile(national=False), card) == ("national",)
    assert left_out(EditionFile(exclude=("a",), include=("a",)), card) == ("excluded by name",)
    assert left_out(None, card) == ()


# --- findings ---


def told(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(str(finding.where), finding.rule) for finding in findings(catalogue)]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("title: A\nterritories: [FR-971]\nnational: false\n", 2, "no card is in Guadeloupe"),
        ("themes: [logement]\nterritories: [FR-IDF]\nnational: false\n", 2, "no card is in Île-de-France"),
        ("exclude: [aajt, kodiko]\n", 1, "every card is excluded by name"),
        ("national: false\nexclude: [aajt]\n", 2, "every card that meets the filters is excluded by name"),
        ("title: A\nsections: [cover, legend]\n", 2, "its sections have no initiatives"),
    ],
)
def test_an_edition_without_a_card_is_told_with_the_filter(
    catalogue_folder: CatalogueFolder, text: str, line: int, hint: str
) -> None:
    catalogue_folder.write("editions/a.yaml", text)
    (found,) = findings(catalogue_folder.catalogue())
    assert (found.rule, str(found.where)) == ("empty-edition", f"catalogue/editions/a.yaml:{line}")
    assert found.hints[0] == hint


def test_filters_that_never_agree_are_told_as_such(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change("initiatives/kodiko.yaml", "scope: national", "territories: [FR-IDF]")
    catalogue_folder.write("editions/a.yaml", "themes: [logement]\nterritories: [FR-IDF]\n")
    (found,) = findings(catalogue_folder.catalogue())
    assert "all filters" in found.hints[0]


def test_a_card_that_no_edition_shows_is_told(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/full.yaml", "exclude: [aajt]\n")
    assert told(catalogue_folder.catalogue()) == [("catalogue/initiatives/aajt.yaml", "card-in-no-edition")]
    catalogue_folder.write("editions/paca.yaml", "territories: [FR-PAC]\n")
    assert told(catalogue_folder.catalogue()) == []


def test_cards_in_full_alone_are_told_together(catalogue_folder: CatalogueFolder) -> None:
    assert coverage(catalogue_folder.catalogue()) == (), "there is no other edition"
    catalogue_folder.write("editions/full.yaml", "title: Tout\n")
    assert coverage(catalogue_folder.catalogue()) == (), "there is no other edition"
    catalogue_folder.write("editions/paca.yaml", "territories: [FR-PAC]\nnational: false\n")
    catalogue = catalogue_folder.catalogue()
    (found,) = coverage(catalogue)
    assert (found.rule, found.message) == ("card-only-in-full", "1 card is in no edition but full: kodiko")
    assert [card.id for card in only_in_full(catalogue)] == ["kodiko"]
    assert findings(catalogue) == ()


def test_a_card_both_included_and_excluded_is_told(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/a.yaml", "exclude: [aajt]\ninclude: [aajt, kodiko]\n")
    catalogue = catalogue_folder.catalogue()
    assert told(catalogue) == [("catalogue/editions/a.yaml:2", "included-and-excluded")]
    assert selected(catalogue, "a") == ["kodiko"], "exclude wins"


@pytest.mark.parametrize("name", ["catalogue.yaml", "editions/a.yaml"])
def test_what_is_allowed_is_a_note(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.write("editions/a.yaml", "territories: [FR-971]\nnational: false\n")
    text = catalogue_folder.path(name).read_text(encoding="utf-8")
    catalogue_folder.write(name, f"{text}allow:\n  - {{rule: empty-edition, reason: Les fiches viendront}}\n")
    (found,) = findings(catalogue_folder.catalogue())
    assert found.severity.value == "note"
    assert "Les fiches viendront" in found.message


# --- the table ---


def rows(folder: CatalogueFolder, *names: str) -> dict[str, dict[str, Any]]:
    catalogue = folder.catalogue()
    made, found = table(folder.project, catalogue, names or edition_names(catalogue))
    assert found == ()
    return {row.edition.id: row.as_dict() for row in made}


def test_the_table_tells_what_differs_from_full(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("foreword.yaml", "body: Bonjour.\n")
    catalogue_folder.write("editions/forewords/paca.yaml", "body: Bienvenue.\n")
    catalogue_folder.write(
        "editions/paca.yaml",
        "title: Le forum en Provence\ndate: 2019-04-30\nforeword: editions/forewords/paca.yaml\npartners: []\n"
        "territories: [FR-PAC]\nnational: false\nexclude: [kodiko]\n",
    )
    told = rows(catalogue_folder)
    assert list(told) == ["full", "paca"]
    assert (told["full"]["file"], told["full"]["overrides"], told["full"]["filters"]) == (None, [], [])
    paca = told["paca"]
    assert paca["file"] == "catalogue/editions/paca.yaml"
    assert set(paca["overrides"]) == {"title", "foreword", "partners"}, "a date that is the same does not differ"
    assert paca["filters"] == ["in Provence-Alpes-Côte d'Azur", "without kodiko"]
    assert paca["selection"] == {
        "themes": [], "territories": ["FR-PAC"], "national": False, "include": [], "exclude": ["kodiko"],
    }  # fmt: skip
    assert (paca["cards"], paca["title"]) == (1, "Le forum en Provence")


def test_what_full_says_for_itself_makes_the_others_differ(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/full.yaml", "subtitle: Toutes les fiches\nfiller: blank\n")
    catalogue_folder.write("editions/paca.yaml", "filler: blank\n")
    told = rows(catalogue_folder)
    assert (told["full"]["overrides"], told["paca"]["overrides"]) == ([], ["subtitle"])


def note(folder: CatalogueFolder, edition: str, **sides: object) -> None:
    """What a build notes of the sides of an edition's parts."""
    named = {anchor.replace("_", "-"): kept for anchor, kept in sides.items()}
    Store(folder.project).remember(f"sides-{edition}-forum", named)


# A book of both cards: cover, imprint, partner, legend, contents, an opening spread, two cards, index, back cover.
SIDES: dict[str, object] = {
    "cover": ["any"], "imprint": ["verso"], "partner_diair": ["any"], "legend": ["any"], "contents": ["any", "any"],
    "opener_initiatives": ["verso", "recto"], "card_aajt": ["verso", "recto"],
    "card_kodiko": ["verso", "recto", "verso", "recto"], "index": ["any"] * 3, "back_cover": ["any"],
}  # fmt: skip


@pytest.fixture
def loose(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """The folder with a printer who takes any number of pages."""
    press = catalogue_folder.root / "press"
    press.mkdir()
    office = (TOP / "press" / "office.yaml").read_text(encoding="utf-8")
    (press / "loose.yaml").write_text(re.sub(r"multiple: \d+", "multiple: 1", office), encoding="utf-8")
    catalogue_folder.change("catalogue.yaml", "language: fr", "language: fr\npress: loose")
    return catalogue_folder


def test_pages_are_those_of_the_last_build(loose: CatalogueFolder) -> None:
    assert rows(loose)["full"]["estimated"]
    note(loose, "full", **SIDES)
    full = rows(loose)["full"]
    assert not full["estimated"]
    loose.write("initiatives/new.yaml", loose.path("initiatives/kodiko.yaml").read_text())
    more = rows(loose)["full"]
    assert more["estimated"], "it was never built with this card"
    assert more["pages"] == full["pages"] + 2


def test_pages_never_built_are_reckoned_from_full(loose: CatalogueFolder) -> None:
    loose.write("editions/a.yaml", "include: [aajt]\nnational: false\n")
    loose.write("editions/b.yaml", "exclude: [aajt]\n")
    bare = {name: row["pages"] for name, row in rows(loose).items()}
    note(loose, "full", **SIDES)
    told = rows(loose)
    assert (told["a"]["estimated"], told["b"]["estimated"]) == (True, True)
    # Kodiko runs over to a second spread in any edition; with half of the cards, half of the index.
    assert told["b"]["pages"] == told["a"]["pages"] + 2
    assert told["full"]["pages"] > told["b"]["pages"] > bare["b"]


def test_pages_are_filled_up_to_what_the_printer_of_the_edition_needs(loose: CatalogueFolder) -> None:
    loose.write("editions/fours.yaml", "press: coated-fogra39\n")
    longer = SIDES | {"index": ["any"] * 5}
    note(loose, "full", **longer, notes_1=["any"])
    note(loose, "fours", **longer)
    told = rows(loose)
    assert (told["full"]["estimated"], told["fours"]["estimated"]) == (False, False), "fillers are no parts"
    assert told["full"]["pages"] % 4
    assert 0 < told["fours"]["pages"] - told["full"]["pages"] < 4
    assert told["fours"]["pages"] % 4 == 0


def test_a_press_profile_that_cannot_be_read_is_told(loose: CatalogueFolder) -> None:
    note(loose, "full", **SIDES)
    (loose.root / "press" / "loose.yaml").write_text("title: [\n", encoding="utf-8")
    catalogue = loose.catalogue()
    (row,), found = table(loose.project, catalogue, ("full",))
    assert row.pages.is_estimate
    assert {finding.where.path for finding in found if finding.where} == {"press/loose.yaml"}


@pytest.mark.parametrize("wrong", [{"cover": "any"}, {"cover": ["left"]}, {"cover": []}, {"cover": 3}])
def test_a_note_that_cannot_be_read_is_no_note(catalogue_folder: CatalogueFolder, wrong: dict[str, object]) -> None:
    note(catalogue_folder, "full", **(SIDES | wrong))
    assert rows(catalogue_folder)["full"]["estimated"]


# --- the command ---

MANY = ("auvergne-rhone-alpes", "bourgogne-franche-comte", "pays-de-la-loire")


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """Two cards and four editions besides `full`; every card is in one of them."""
    catalogue_folder.write("editions/paca.yaml", "title: Le forum en Provence\nterritories: [FR-PAC]\n")
    for name in MANY:
        catalogue_folder.write(f"editions/{name}.yaml", f"title: {name}\nplace: Lyon\nexclude: [aajt]\n")
    return catalogue_folder


def run(folder: CatalogueFolder, *arguments: str, columns: int | None = None) -> Done:
    return livret_here("-C", folder.root, *arguments, more={"COLUMNS": str(columns or 0)})


@pytest.mark.parametrize("columns", [120, 80, 70])
def test_the_columns_of_the_table_are_aligned_in_any_terminal(folder: CatalogueFolder, columns: int) -> None:
    done = run(folder, "editions", columns=columns)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= columns
    start = lines[0].index("differs from full")
    end = lines[0].index("pages") + len("pages")
    for name, cards in {"full": "2", "paca": "2", **dict.fromkeys(MANY, "1")}.items():
        (line,) = (line for line in lines if line.startswith(f"{name} "))
        assert re.fullmatch(rf"{name} +{cards} +~\d+", line[:end])
    further = [line for line in lines if line.startswith(" ")]
    assert all(line[:start].isspace() and line[start] != " " for line in further)
    flat = " ".join(" ".join(line[start:] for line in lines[1:-1]).split())
    assert "title; in Provence-Alpes-Côte d'Azur or national" in flat
    assert lines[-1].startswith("~ estimated")


def test_a_narrow_terminal_has_what_differs_below_each_edition(folder: CatalogueFolder) -> None:
    lines = run(folder, "editions", columns=40).out.splitlines()
    assert max(map(len, lines)) <= 40
    place = next(number for number, line in enumerate(lines) if line.startswith("paca"))
    assert lines[place + 1].startswith("  title; in")


def test_a_pipe_gets_a_line_an_edition(folder: CatalogueFolder) -> None:
    lines = run(folder, "editions").out.splitlines()
    assert [line.split()[0] for line in lines] == ["edition", "full", *sorted([*MANY, "paca"]), "~"]


def test_the_table_as_json(folder: CatalogueFolder) -> None:
    told = run(folder, "editions", "paca", "full", "--format", "json").told
    assert [one["edition"] for one in told["editions"]] == ["paca", "full"]
    assert (told["exit_code"], told["findings"], told["only_in_full"]) == (0, [], [])
    names = "edition file title language layout cards pages estimated overrides filters selection translated"
    assert list(told["editions"][0]) == [*names.split(), "translated_in_part", "languages"]


def test_warnings_of_editions_are_findings(folder: CatalogueFolder) -> None:
    folder.write("editions/empty.yaml", "title: Rien\nterritories: [FR-971]\nnational: false\n")
    done = run(folder, "editions")
    assert done.code == 0
    assert "NO CARD" in done.out
    assert "catalogue/editions/empty.yaml:2: warning: this edition shows no card [empty-edition]" in done.err
    strict = run(folder, "editions", "--strict", "--format", "json")
    assert strict.code == 1
    assert [one["rule"] for one in strict.told["findings"]] == ["empty-edition"]
    assert strict.told["editions"][0]["edition"] == "full", "the table is told all the same"


def test_an_unknown_edition_is_exit_2(folder: CatalogueFolder) -> None:
    done = run(folder, "editions", "pcaa")
    assert done.code == 2
    assert 'did you mean "paca"?' in done.err


def test_errors_of_the_catalogue_are_told_instead(folder: CatalogueFolder) -> None:
    folder.write("editions/paca.yaml", "partners: [dair]\n")
    done = run(folder, "editions")
    assert (done.code, done.out) == (1, "")
    assert "catalogue/editions/paca.yaml:1: error:" in done.err
    assert "[unknown-partner]" in done.err


# --- the matrix ---


def test_the_matrix_marks_what_an_edition_shows(demonstration: Catalogue) -> None:
    names = edition_names(demonstration)
    made = matrix(demonstration, names)
    assert [card.id for card, _ in made.rows] == FULL.split()
    for place, name in enumerate(names):
        marked = {card.id for card, marks in made.rows if marks[place]}
        assert marked == {card.id for card in shown(select(demonstration, name))}


def read_matrix(text: str) -> dict[str, set[str]]:
    """The editions that a printed matrix marks for each card, from the places of names and marks alone."""
    found: dict[str, set[str]] = {}
    for block in text.strip("\n").split("\n\n"):
        lines = block.splitlines()
        heads = [line for line in lines if re.match(r" +(?:\| )*[\w-]+$", line)]
        columns = {line.rindex(" ") + 1: line.split()[-1] for line in heads}
        for line in lines[len(heads) :]:
            marked = {name for column, name in columns.items() if line[column] == "x"}
            assert all(line[column] in "x." for column in columns)
            found.setdefault(line.split()[0], set()).update(marked)
    return found


@pytest.mark.parametrize(("columns", "blocks"), [(120, 1), (80, 1), (60, 2), (30, 5)])
def test_a_printed_matrix_is_read_back_in_any_terminal(folder: CatalogueFolder, columns: int, blocks: int) -> None:
    done = run(folder, "editions", "--matrix", columns=columns)
    assert done.code == 0, done.err
    if columns > 30:
        assert max(map(len, done.out.splitlines())) <= columns
    assert done.out.count("\n\n") + 1 <= blocks
    told = run(folder, "editions", "--matrix", "--format", "json").told["matrix"]
    assert told["editions"] == ["full", *sorted([*MANY, "paca"])]
    assert read_matrix(done.out) == {card["id"]: set(card["editions"]) for card in told["cards"]}
    assert read_matrix(done.out)["aajt"] == {"full", "paca"}


# --- what is loaded ---

LOADED = """
import json, sys
from livret.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("command", [["editions"], ["editions", "--matrix"], ["compare", "paca"]])
def test_looking_at_editions_loads_no_engine(folder: CatalogueFolder, command: list[str]) -> None:
    code = LOADED.format(arguments=["-C", str(folder.root), *command])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert "livret" in loaded
    assert not loaded & {"weasyprint", "cffi", "fontTools", "PIL", "pikepdf", "pypdf", "pypdfium2"}
    assert not (Path(folder.root) / "output").exists(), "and writes nothing"


@pytest.mark.parametrize("command", ["editions", "compare"])
def test_the_help_has_examples(command: str) -> None:
    done = livret_here(command, "--help")
    assert f"livret {command}" in done.out.partition("Examples:")[2]


def test_findings_are_told_in_a_stable_order(folder: CatalogueFolder) -> None:
    catalogue = folder.catalogue()
    once: tuple[Finding, ...] = findings(catalogue)
    assert once == findings(catalogue)
    # In two processes, whose sets have two orders.
    # In processes of their own, which order sets differently.
    told = [livret("-C", folder.root, "editions", "--format", "json").out for _ in range(2)]
    assert told[0] == told[1]

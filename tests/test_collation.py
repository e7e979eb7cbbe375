"""The alphabetical order of the booklet."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyuca import Collator

from livret.content.language.collation import cards_in_order, comparable, sort_key
from livret.content.schema.model import Initiative, Pilot

# The order in which the 2019 booklet prints its cards, by the name each is filed under.
PRINTED = [
    "AAJT", "AB Réfugiés - Social", "Adoma", "Aidaphi", "Coallia", "COS", "DDCSPP", "Elia", "Fit", "Forum réfugiés",
    "France terre d'asile", "GIP", "Habitat et Humanisme", "Kodiko", "La Cimade", "Le Refuge", "Mission locale", "MJC",
    "Primo Levi", "Samusocial", "SOS",
]  # fmt: skip

WHOLE = Collator()


def in_alphabet(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: sort_key(name, "fr"))


def test_the_printed_order() -> None:
    shuffled = PRINTED.copy()
    random.Random(2019).shuffle(shuffled)
    assert in_alphabet(shuffled) == PRINTED


@pytest.mark.parametrize(
    "names",
    [
        ["Édition", "Emploi", "Été", "Étude"],
        ["Île", "Image", "Insertion"],
        ["Obole", "Œuvre", "Offre"],
        ["Adulte", "Æther", "Afrique"],
        # Word by word: a short first word comes before all longer ones.
        ["L'Étape", "La Cimade", "Laboratoire", "Le Refuge", "Lecture"],
        ["Saint-Denis", "Saint Michel", "Sainte", "Saintes"],
        ["Entraide solidaire", "Entraide & Solidarité", "Entraides"],
        # Accents and capitals decide only between names that are otherwise the same.
        ["cote", "coté", "côte", "côté"],
        ["cote", "Cote", "coteau"],
        ["ECOLE", "École buissonnière", "ÉCOLE des parents"],
        ["« Agir »", "Aider", "(Aimer)"],
        # A number at the beginning sorts by its value.
        ["12 h", "2019", "A"],
        ["2 rives", "12 mois", "100 pour 1", "1 000 femmes", "1 001 nuits", "2019"],
        ["2019", "10 000 pas", "1 000 000 de mots"],
        ["SMS", "S.O.S. Voisins", "SOS Zone", "Sot"],
        ["SOS Accueil", "S.O.S. Amitié", "SOS Voisins"],
    ],
)
def test_tricky_names(names: list[str]) -> None:
    assert in_alphabet(names[::-1]) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L'Étape", "L’Étape"),
        ("Saint-Denis", "Saint Denis"),
        ("A.A.J.T.", "AAJT"),
        ("S.O.S", "SOS"),
        ("  a ", "a"),
        ("Un + un", "Un un"),
    ],
)
def test_punctuation_makes_no_difference(one: str, other: str) -> None:
    assert sort_key(one, "fr") == sort_key(other, "fr")


@pytest.mark.parametrize(
    ("one", "other"), [("Cœur", "Coeur"), ("ŒUVRE", "OEUVRE"), ("Lætitia", "Laetitia"), ("Großmann", "Grossmann")]
)
def test_a_ligature_is_two_letters(one: str, other: str) -> None:
    assert sort_key(one, "fr") == sort_key(other, "fr")


# Debian's package for its own Python; the compiled part loads where the versions agree.
DEBIAN = Path("/usr/lib/python3/dist-packages/icu")

SORT = """
import json, sys
from livret.content.language.collation import sort_key
names, languages = json.loads(sys.stdin.read())
print(json.dumps([sorted(names, key=lambda name: sort_key(name, language)) for language in languages]))
"""


@pytest.fixture(scope="module")
def with_icu(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process that has PyICU."""
    folder = tmp_path_factory.mktemp("icu")
    if DEBIAN.is_dir():
        (folder / "icu").symlink_to(DEBIAN)
    environment = os.environ | {"PYTHONPATH": str(folder)}
    if subprocess.run([sys.executable, "-c", "import icu"], env=environment, capture_output=True).returncode:
        pytest.skip("PyICU does not load here")
    return environment


def orders(names: list[str], languages: list[str], environment: dict[str, str]) -> list[list[str]]:
    told = json.dumps([names, languages])
    command = [sys.executable, "-c", SORT]
    done = subprocess.run(command, env=environment, input=told, capture_output=True, text=True, check=True)
    answer: list[list[str]] = json.loads(done.stdout)
    return answer


def test_icu_and_the_table_give_french_and_english_the_same_order(with_icu: dict[str, str]) -> None:
    names = [
        *PRINTED, "cote", "coté", "côte", "côté", "Cote", "École", "ECOLE", "L'Étape", "Œuvre", "Offre", "Æther",
        "S.O.S.", "100 pour 1", "2 rives", "Saint-Denis", "Sainte", "Ñandú", "Ål", "Zébulon", "« Agir »",
        "Straße", "Strasse",
    ]  # fmt: skip
    random.Random(7).shuffle(names)
    french, english = orders(names, ["fr", "en"], with_icu)
    assert french == in_alphabet(names)
    assert english == sorted(names, key=lambda name: sort_key(name, "en"))


def test_icu_gives_other_languages_their_own_order(with_icu: dict[str, str]) -> None:
    assert orders(["Ål", "Zon", "Al"], ["sv"], with_icu) == [["Al", "Zon", "Ål"]]
    assert orders(["ñu", "nube", "nz"], ["es"], with_icu) == [["nube", "nz", "ñu"]]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(in_alphabet(names)) == sorted(names)


@given(st.text(st.characters(max_codepoint=0x7FF, exclude_categories=["Cs"]), max_size=12))
def test_a_key_is_that_of_the_whole_table(name: str) -> None:
    """Only the first part of the table is read for names in Latin, Greek, Cyrillic, Hebrew and Arabic letters."""
    assert sort_key(name, "fr") == WHOLE.sort_key(comparable(name))


def card(card_id: str, name: str, acronym: str | None = None, sort_as: str | None = None) -> Initiative:
    pilot = Pilot(name=name, acronym=acronym, sort_as=sort_as, about="Texte.")
    return Initiative(id=card_id, pilot=pilot, themes=("emploi",))


def test_a_card_is_filed_under_the_first_name_it_gives() -> None:
    assert card("a", "Association", "AAJT", "Zèbre").filing_name == "Zèbre"
    assert card("a", "Association", "AAJT").filing_name == "AAJT"
    assert card("a", "Association").filing_name == "Association"


def test_equal_names_stand_by_their_ids() -> None:
    cards = [card("c", "Même nom"), card("a", "Même nom"), card("b", "Autre")]
    assert [each.id for each in cards_in_order(cards, "fr")] == ["b", "a", "c"]

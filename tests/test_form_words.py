"""What findings say in a form of the proof room: its labels in place of the names that a file has."""

from __future__ import annotations

import pytest

import messages
from conftest import FILES, CatalogueFolder
from livret.content.editing import form_words
from livret.content.editing.form_words import in_form, named
from livret.findings import Finding
from livret.translation import in_language

CARD = "initiatives/aajt.yaml"
TEXT = str(FILES[CARD])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("path", "english", "french"),
    [
        ("title", "Title", "Titre"),
        ("contacts.address", "Contacts, Address", "Contacts, Adresse"),
        ("contacts[2].phones", "Contacts 2, Telephones", "Contacts 2, Téléphones"),
        ("nothing_known", "nothing_known", "nothing_known"),
        ("", "", ""),
    ],
)
def test_a_field_is_named_by_its_labels(path: str, english: str, french: str) -> None:
    assert (in_language(named(path), "en"), in_language(named(path), "fr")) == (english, french)


def found(folder: CatalogueFolder, rule: str, text: str) -> Finding:
    folder.write(CARD, text)
    return in_form(next(one for one in folder.findings() if one.rule == rule))


SAID = [
    (
        "missing-field",
        TEXT.replace("  name: Association d'aide aux jeunes travailleurs\n", ""),
        'the field "Name" is missing in "Organisation"',
        'fill in "Name"',
        "le champ « Nom » manque dans « Organisme »",
        "remplir « Nom »",
    ),
    (
        "missing-territory",
        TEXT.replace("territories: [FR-PAC, FR-13]\n", ""),
        "this card names no territory, and its scope is regional",
        'choose its territories in "Territories"',
        "cette fiche ne nomme aucun territoire, et sa portée est régionale",
        "choisir ses territoires dans « Territoires »",
    ),
    (
        "missing-alt",
        TEXT.replace(", caption: Un atelier", ""),
        "this picture has no description for readers who cannot see it",
        'write what is seen, in a sentence, in "Description for those who cannot see it"',
        "cette image n’a pas de description pour les lecteurs qui ne peuvent pas la voir",
        "écrire ce qu’on voit, en une phrase, dans « Description pour qui ne la voit pas »",
    ),
]


@pytest.mark.parametrize(
    ("rule", "text", "message", "hint", "french", "french_hint"), SAID, ids=[one[0] for one in SAID]
)
def test_a_finding_says_what_to_do_in_the_form(
    catalogue_folder: CatalogueFolder, rule: str, text: str, message: str, hint: str, french: str, french_hint: str
) -> None:
    told = found(catalogue_folder, rule, text)
    assert (told.message, told.hints[0]) == (message, hint)
    assert (plain(in_language(told.message, "fr")), plain(in_language(told.hints[0], "fr"))) == (french, french_hint)


def test_every_sentence_with_other_words_in_the_form_is_said_somewhere() -> None:
    said = {entry.one for _, _, entry in messages.said()}
    assert {*form_words._HINTS, *form_words._MESSAGES} - said == set()

"""Content in further languages: files beside those that they translate, and editions of a language."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue.rereading import read as read_live
from livret.content.catalogue.rereading import reread
from livret.content.catalogue.single_file import findings_of
from livret.content.catalogue.translations import place_of_text
from livret.control import editions as control
from livret.control.languages import Share
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import flatplan, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate

CATALOGUE = """\
title: Le forum
subtitle: Fiches
language: fr
demonstration: true
partners: [diair]
themes:
  - {id: logement, name: Logement}
  - {id: emploi, name: Emploi}
"""
CARD = """\
pilot:
  name: Association d'essai
  about: Texte sur le pilote.
title: Un toit
summary: Un toit pour chacun.
figures:
  - {value: 97 %, label: de réussite}
contacts:
  - {role: Accueil, name: Secrétariat, email: a@example.org}
themes: [logement]
territories: [FR-PAC]
"""
ENGLISH = """\
pilot: {about: About the pilot.}
title: A roof
summary: A roof for everybody.
figures: [{label: of success}]
contacts: [{role: Front desk}]
"""


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """A catalogue in French, a card with its English translation, and an English edition."""
    for name in ("aajt", "kodiko"):
        catalogue_folder.remove(f"initiatives/{name}.yaml")
    catalogue_folder.write("partners/diair.yaml", "name: Diair\nbody: Texte.\n")
    catalogue_folder.write("catalogue.yaml", CATALOGUE)
    catalogue_folder.write("catalogue.en.yaml", "title: The forum\nthemes: [{id: emploi, name: Work}]\n")
    catalogue_folder.write("initiatives/toit.yaml", CARD)
    catalogue_folder.write("initiatives/toit.en.yaml", ENGLISH)
    catalogue_folder.write("editions/english.yaml", "language: en\n")
    return catalogue_folder


def told(folder: CatalogueFolder) -> set[tuple[str, str]]:
    return {(str(finding.where), finding.rule) for finding in folder.findings()}


def test_an_edition_takes_the_texts_of_its_language(folder: CatalogueFolder) -> None:
    edition = select(folder.catalogue(), "english")
    (card,) = edition.initiatives
    assert (card.title, card.summary, card.pilot.about) == ("A roof", "A roof for everybody.", "About the pilot.")
    assert (card.figures[0].value, card.figures[0].label) == ("97 %", "of success")
    assert (card.contacts[0].role, card.contacts[0].email) == ("Front desk", "a@example.org")
    assert (card.pilot.name, card.themes) == ("Association d'essai", ("logement",))
    # It is in the language of the edition, so nothing on it is marked.
    assert card.language is None
    assert (edition.title, edition.subtitle) == ("The forum", "Fiches")
    assert [theme.name for theme in edition.themes] == ["Logement", "Work"]


def test_the_edition_of_the_catalogue_keeps_its_own(folder: CatalogueFolder) -> None:
    edition = select(folder.catalogue(), "full")
    assert (edition.title, edition.initiatives[0].title, edition.initiatives[0].language) == (
        "Le forum",
        "Un toit",
        None,
    )


def test_a_text_that_is_not_translated_keeps_its_language(folder: CatalogueFolder) -> None:
    folder.change("initiatives/toit.en.yaml", "summary: A roof for everybody.\n", "")
    folder.change("initiatives/toit.en.yaml", "figures: [{label: of success}]\n", "")
    edition = select(folder.catalogue(), "english")
    (card,) = edition.initiatives
    texts = (card.title, card.summary, card.pilot.about, card.figures[0].label, card.pilot.name, edition.subtitle)
    assert texts == (
        *("A roof", "Un toit pour chacun.", "About the pilot.", "de réussite", "Association d'essai", "Fiches"),
    )
    # Names are the same in all languages: they are not marked.
    assert [getattr(text, "language", None) for text in texts] == [None, "fr", None, "fr", None, "fr"]
    assert card.language is None
    assert [getattr(theme.name, "language", None) for theme in edition.themes] == ["fr", None]
    found = [one for one in folder.findings() if one.rule == "untranslated-field"]
    shown = {str(one.where): str(one.message) for one in found}
    assert "summary" in shown["catalogue/initiatives/toit.en.yaml"]
    assert "subtitle" in shown["catalogue/catalogue.en.yaml"]
    assert "themes.1.name" in shown["catalogue/catalogue.en.yaml"]


def test_a_card_of_which_nothing_is_translated_keeps_its_language(folder: CatalogueFolder) -> None:
    folder.write("initiatives/toit.en.yaml", "pilot: {name: The association}\n")
    (card,) = select(folder.catalogue(), "english").initiatives
    assert (card.language, card.pilot.name) == ("fr", "Association d'essai")


def test_a_text_in_another_language_is_marked_in_html(folder: CatalogueFolder) -> None:
    folder.write("catalogue.yaml", CATALOGUE.replace("language: fr", "language: ar"))
    folder.change("initiatives/toit.yaml", "summary: Un toit pour chacun.", "summary: سكن للجميع.")
    folder.change("initiatives/toit.yaml", "title: Un toit", "title: سكن")
    folder.write("initiatives/toit.en.yaml", "pilot: {about: About the pilot.}\ncontacts: [{role: Desk}]\n")
    edition = select(folder.catalogue(), "english")
    composer = Composer(folder.project, edition, Layout(folder.project, edition.layout))
    (part,) = (part for part in composer.layout.flatplan(composer.edition) if part.kind == "card")
    html = composer.galley(part, paginate([part], {part.anchor: ["verso", "recto"]}))[0].html
    # A block tells its direction, words inside a line are isolated.
    assert '<p lang="ar" dir="rtl">سكن للجميع.</p>' in html
    assert '<span lang="ar">\u2067سكن\u2069</span>' in html


def test_a_card_without_a_translation_is_noted(folder: CatalogueFolder) -> None:
    folder.write("initiatives/autre.yaml", CARD.replace("Un toit", "Autre"))
    catalogue = folder.catalogue()
    found = [one for one in control.findings(catalogue) if one.rule == "untranslated-card"]
    assert [str(one.where) for one in found] == ["catalogue/initiatives/autre.yaml"]
    assert "initiatives/autre.en.yaml" in found[0].hints[0]
    rows, _ = control.table(folder.project, catalogue, ["full", "english"])
    assert [(row.shares, row.cards) for row in rows] == [((), 2), ((Share("en", 1, 0),), 2)]
    folder.change("initiatives/toit.en.yaml", "title: A roof\n", "")
    rows, _ = control.table(folder.project, folder.catalogue(), ["english"])
    assert [(row.shares, row.cards) for row in rows] == [((Share("en", 0, 1),), 2)]


def test_another_form_of_the_language_serves_it_too(folder: CatalogueFolder) -> None:
    folder.write("editions/english.yaml", "language: en-GB\n")
    assert select(folder.catalogue(), "english").initiatives[0].title == "A roof"
    folder.write("initiatives/toit.en-GB.yaml", ENGLISH.replace("A roof\n", "A British roof\n"))
    assert select(folder.catalogue(), "english").initiatives[0].title == "A British roof"


def test_cards_are_sorted_in_the_language_of_the_edition(folder: CatalogueFolder) -> None:
    for name, swedish in (("a", "Ämne"), ("b", "Zon")):
        folder.write(f"initiatives/{name}.yaml", CARD.replace("Association d'essai", name.upper()))
        folder.write(f"initiatives/{name}.en.yaml", ENGLISH.replace("{about", f"{{name: {swedish}, about"))
    names = [card.filing_name for card in select(folder.catalogue(), "english").initiatives]
    assert names == ["Ämne", "Association d'essai", "Zon"]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("themes: [emploi]\n", "not-a-text", 1),
        ("title: A\nscope: national\n", "not-a-text", 2),
        ("contacts: [{role: A}, {role: B}]\n", "lost-translation", 1),
        ("contacts:\n  - {phones: [01 99 00 12 34]}\n", "not-a-text", 2),
        ("titel: A\n", "unknown-field", 1),
        ("title: [A]\n", "wrong-type", 1),
        ("summary: |\n  [A](card:none)\n", "unknown-reference", 2),
    ],
)
def test_what_is_wrong_is_told_at_the_line_of_the_translation(
    folder: CatalogueFolder, text: str, rule: str, line: int
) -> None:
    folder.write("initiatives/toit.en.yaml", text)
    assert (f"catalogue/initiatives/toit.en.yaml:{line}", rule) in told(folder)
    assert not [place for place, _ in told(folder) if place.startswith("catalogue/initiatives/toit.yaml")]


def test_a_translation_of_nothing_is_told(folder: CatalogueFolder) -> None:
    folder.write("initiatives/none.en.yaml", "title: A\n")
    assert ("catalogue/initiatives/none.en.yaml", "lost-translation") in told(folder)


def test_a_file_can_be_checked_before_it_is_written(folder: CatalogueFolder) -> None:
    found = findings_of(folder.project, "initiatives/toit.en.yaml", b"scope: national\n")
    assert [one.rule for one in found] == ["not-a-text"]
    assert findings_of(folder.project, "initiatives/toit.en.yaml", ENGLISH.encode()) == ()


def test_a_live_reading_follows_a_translation_and_keeps_its_last_good_state(folder: CatalogueFolder) -> None:
    first = read_live(folder.project)
    folder.change("initiatives/toit.en.yaml", "A roof\n", "A house\n")
    # Its base is read with it, and so is the whole folder.
    assert reread(folder.project, first, "initiatives/toit.yaml") is None
    second = read_live(folder.project, first)
    assert second.changed == {"catalogue/initiatives/toit.en.yaml"}
    assert second.catalogue
    assert select(second.catalogue, "english").initiatives[0].title == "A house"
    folder.write("initiatives/toit.en.yaml", "title: [\n")
    third = read_live(folder.project, second)
    assert third.catalogue
    assert select(third.catalogue, "english").initiatives[0].title == "A house"
    assert read_live(folder.project, third).changed == frozenset()


def test_in_two_languages_each_is_counted_and_what_is_missing_noted(folder: CatalogueFolder) -> None:
    folder.write("initiatives/autre.yaml", CARD.replace("Un toit", "Autre"))
    folder.write("editions/both.yaml", "languages: [fr, en]\n")
    folder.write("editions/english.yaml", "themes: [logement]\n")
    catalogue = folder.catalogue()
    rows, _ = control.table(folder.project, catalogue, ["both"])
    assert rows[0].shares == (Share("en", 1, 0),)
    assert rows[0].as_dict()["languages"] == [{"language": "en", "translated": 1, "in_part": 0}]
    (found,) = (one for one in control.findings(catalogue) if one.rule == "untranslated-card")
    assert found.message == "the edition both is in English, and this card is printed in French"


@pytest.mark.parametrize("languages", ["[fr]", "[fr, fr-CA]", "[fr, en, ar]"])
def test_a_booklet_has_two_languages_at_most(folder: CatalogueFolder, languages: str) -> None:
    folder.write("editions/both.yaml", f"languages: {languages}\n")
    assert ("catalogue/editions/both.yaml:1", "bad-language") in told(folder)


def test_an_edition_of_two_languages_has_each_part_in_both(folder: CatalogueFolder) -> None:
    folder.write("editions/both.yaml", "languages: [fr, en]\n")
    folder.write("initiatives/autre.yaml", CARD.replace("Un toit", "Autre").replace("d'essai", "autre"))
    parts = {part.anchor: part for part in flatplan(select(folder.catalogue(), "both"))}
    card = parts["card-toit"]
    assert (card.side, card.is_double) == ("verso", True)
    assert card.second
    assert [getattr(one.subject, "title", "") for one in (card, card.second)] == ["Un toit", "A roof"]
    assert [name for name, part in parts.items() if not part.is_double] == [
        *("cover", "partner-diair", "card-autre", "back-cover"),
    ]


@pytest.mark.parametrize(
    ("file", "path", "there", "own"),
    [
        ("initiatives/toit.en", ("title",), "initiatives/toit.en", ("title",)),
        ("initiatives/toit.en", ("pilot", "about"), "initiatives/toit.en", ("pilot", "about")),
        ("initiatives/toit.en", ("pilot", "name"), "initiatives/toit", ("pilot", "name")),
        ("initiatives/toit.en", ("contacts", 0, "email"), "initiatives/toit", ("contacts", 0, "email")),
        ("initiatives/toit.en", ("description",), "initiatives/toit", ("description",)),
        ("initiatives/toit", ("title",), "initiatives/toit", ("title",)),
        ("catalogue.en", ("themes", 1, "name"), "catalogue.en", ("themes", 0, "name")),
        ("catalogue.en", ("themes", 0, "name"), "catalogue", ("themes", 0, "name")),
    ],
)
def test_words_that_a_translation_does_not_give_stand_in_the_file_that_it_translates(
    folder: CatalogueFolder, file: str, path: tuple[str | int, ...], there: str, own: tuple[str | int, ...]
) -> None:
    read = read_live(folder.project).folder
    assert place_of_text(read, f"catalogue/{file}.yaml", path) == (f"catalogue/{there}.yaml", own)

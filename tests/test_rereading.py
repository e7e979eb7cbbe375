"""A catalogue that is read again while somebody writes in it."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue import rereading
from livret.content.catalogue.reader import read_catalogue
from livret.findings import Severity

CARD = "initiatives/aajt.yaml"


def test_a_card_that_is_read_alone_gives_what_reading_everything_gives(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    catalogue_folder.change(CARD, "Une aide ponctuelle.", "Une aide durable.")
    alone = rereading.reread(catalogue_folder.project, before, CARD)
    assert alone is not None
    assert alone.catalogue == catalogue_folder.catalogue()
    assert alone.changed == {"catalogue/initiatives/aajt.yaml"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("themes: [emploi, logement]", "themes: [emploi, sante]"),
        ("title: Coup de Pouce", "titel: Coup de Pouce"),
        ("title: Coup de Pouce", 'title: "Coup'),
        ("[Kodiko](card:kodiko)", "[Kodiko](card:nobody)"),
        ("caption: Un atelier", "credit: Moi"),
        ("territories: [FR-PAC, FR-13]\n", ""),
        ("Une aide ponctuelle.", "• une aide"),
    ],
)
def test_the_findings_of_one_file_are_those_of_a_whole_reading(
    catalogue_folder: CatalogueFolder, old: str, new: str
) -> None:
    before = rereading.read(catalogue_folder.project)
    catalogue_folder.change(CARD, old, new)
    alone = rereading.reread(catalogue_folder.project, before, CARD)
    assert alone is not None
    assert alone.findings == read_catalogue(catalogue_folder.project)[1]
    assert alone.findings != before.findings


def test_a_broken_card_keeps_its_last_good_state_and_recovers(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    assert before.catalogue is not None
    catalogue_folder.change(CARD, "title: Coup de Pouce", 'title: "Coup')
    broken = rereading.reread(catalogue_folder.project, before, CARD)
    assert broken is not None
    assert broken.catalogue is before.catalogue
    assert [one.where.path for one in broken.findings if one.severity is Severity.ERROR and one.where] == [
        "catalogue/initiatives/aajt.yaml"
    ]
    catalogue_folder.change(CARD, 'title: "Coup', "title: Coup de main")
    mended = rereading.read(catalogue_folder.project, broken)
    assert mended.findings == ()
    assert mended.catalogue is not None
    assert [card.title for card in mended.catalogue.initiatives] == ["Coup de main", None]


def test_a_card_that_was_never_good_is_left_out_and_the_others_are_there(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write(CARD, "pilot: [\n")
    found = rereading.read(catalogue_folder.project)
    assert found.catalogue is not None
    assert [card.id for card in found.catalogue.initiatives] == ["kodiko"]
    assert any(one.severity is Severity.ERROR for one in found.findings)


def test_a_broken_catalogue_file_keeps_the_whole_as_it_was(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    catalogue_folder.change("catalogue.yaml", "title: Le forum", "title: [")
    assert rereading.reread(catalogue_folder.project, before, "catalogue.yaml") is None
    assert rereading.read(catalogue_folder.project, before).catalogue is before.catalogue


def test_a_new_file_asks_for_a_whole_reading(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    catalogue_folder.write("initiatives/neuf.yaml", catalogue_folder.path(CARD).read_bytes())
    assert rereading.reread(catalogue_folder.project, before, "initiatives/neuf.yaml") is None


def test_a_partner_that_goes_away_leaves_the_last_good_whole(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    catalogue_folder.remove("partners/diair.yaml")
    assert rereading.reread(catalogue_folder.project, before, "partners/diair.yaml") is None
    after = rereading.read(catalogue_folder.project, before)
    assert after.catalogue is before.catalogue
    assert "unknown-partner" in {one.rule for one in after.findings}


def test_nothing_that_did_not_change_becomes_another_object(catalogue_folder: CatalogueFolder) -> None:
    before = rereading.read(catalogue_folder.project)
    again = rereading.read(catalogue_folder.project, before)
    assert again.changed == frozenset()
    assert all(again.good[path] is entity for path, entity in before.good.items())

"""The date of a booklet: that of its issue, and a note where only that of the event is known."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue.issue_date import issue_date_findings
from livret.pages.flatplan import select


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def told(folder: CatalogueFolder, name: str = "full") -> list[tuple[str, str, str]]:
    found = issue_date_findings(folder.catalogue(), name)
    return [(str(each.where), each.severity.value, each.message) for each in found]


def test_without_a_day_of_issue_a_note_says_which_date_is_taken(catalogue_folder: CatalogueFolder) -> None:
    message = "the files are dated 2019-04-30, the date of the event"
    assert told(catalogue_folder) == [("catalogue/catalogue.yaml:2", "note", message)]
    catalogue_folder.write("editions/paca.yaml", "title: PACA\ndate: 2019-06-01\n")
    message = "the files are dated 2019-06-01, the date of the event"
    assert told(catalogue_folder, "paca") == [("catalogue/editions/paca.yaml:2", "note", message)]
    catalogue_folder.change("catalogue.yaml", "date: 2019-04-30\n", "")
    assert told(catalogue_folder) == [("catalogue/catalogue.yaml:1", "note", "the files are dated 2000-01-01")]


def test_a_day_of_issue_says_it_for_every_edition_and_an_edition_may_have_its_own(
    catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue_folder.change("catalogue.yaml", "date: 2019-04-30", "date: 2019-04-30\nissued: 2019-03-15")
    catalogue_folder.write("editions/paca.yaml", "issued: 2019-05-02\n")
    catalogue_folder.write("editions/idf.yaml", "title: IDF\n")
    catalogue = catalogue_folder.catalogue()
    assert [str(select(catalogue, name).dated) for name in ("full", "paca", "idf")] == [
        "2019-03-15",
        "2019-05-02",
        "2019-03-15",
    ]
    assert [told(catalogue_folder, name) for name in ("full", "paca", "idf")] == [[], [], []]


def test_source_date_epoch_says_it_too(catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1556582400")
    assert told(catalogue_folder) == []

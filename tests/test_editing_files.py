"""Saving what was edited: conflicts, undo, dropped pictures, the form, and the field of a finding."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from livret.content.catalogue import rereading
from livret.content.catalogue.reader import read_catalogue
from livret.content.editing.dropped_pictures import keep_picture
from livret.content.editing.edit import CannotEdit, edited
from livret.content.editing.form import FormField, form
from livret.content.editing.labels import LABELS
from livret.content.editing.places import field_at
from livret.content.editing.saving import Journal, save, text_digest
from livret.content.editing.validation import check_text
from livret.content.schema import design, introspection, model
from livret.content.schema.base import Entity, Model
from livret.content.schema.model import CatalogueFile, Initiative
from livret.findings import OutputError
from livret.project import Project
from livret.translation import in_language

ONE, TWO, THREE = b"title: one\nscope: a\n", b"title: two\nscope: a\n", b"title: one\nscope: b\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_a_file_is_saved_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_bytes(ONE)
    path.chmod(0o640)
    assert save(path, TWO, text_digest(ONE)) is None
    assert path.read_bytes() == TWO
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["card.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(ONE)
    (tmp_path / "card.yaml").symlink_to("real.yaml")
    assert save(tmp_path / "card.yaml", TWO, text_digest(ONE)) is None
    assert (tmp_path / "card.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == TWO


def test_a_file_that_was_changed_elsewhere_is_not_written_and_told_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_bytes(THREE)
    conflict = save(path, TWO, text_digest(ONE))
    assert conflict is not None
    assert path.read_bytes() == THREE
    assert (conflict.mine, conflict.there) == (TWO, THREE)
    assert [(one.path, one.here, one.there) for one in conflict.differences] == [
        (("title",), "two", "one"),
        (("scope",), "a", "b"),
    ]


def test_a_file_that_is_gone_is_a_conflict_and_stays_gone(tmp_path: Path) -> None:
    conflict = save(tmp_path / "card.yaml", TWO, text_digest(ONE))
    assert conflict is not None
    assert conflict.there is None
    assert not (tmp_path / "card.yaml").exists()


def test_changes_are_undone_and_done_again_to_the_byte(tmp_path: Path) -> None:
    path, journal = tmp_path / "card.yaml", Journal()
    path.write_bytes(ONE)
    for before, after in ((ONE, TWO), (TWO, THREE)):
        assert save(path, after, text_digest(before)) is None
        journal.enter(path, before, after)
    seen = []
    for step in (journal.undo, journal.undo, journal.undo, journal.redo, journal.redo, journal.redo):
        assert step(path) is None
        seen.append(path.read_bytes())
    assert seen == [TWO, ONE, ONE, TWO, THREE, THREE]


def test_undo_never_overwrites_what_somebody_else_wrote(tmp_path: Path) -> None:
    path, journal = tmp_path / "card.yaml", Journal()
    path.write_bytes(ONE)
    save(path, TWO, text_digest(ONE))
    journal.enter(path, ONE, TWO)
    path.write_bytes(THREE)
    conflict = journal.undo(path)
    assert conflict is not None
    assert path.read_bytes() == THREE
    assert journal.can_undo(path)


def test_a_new_change_ends_what_can_be_done_again(tmp_path: Path) -> None:
    path, journal = tmp_path / "card.yaml", Journal()
    path.write_bytes(TWO)
    journal.enter(path, ONE, TWO)
    journal.undo(path)
    journal.enter(path, ONE, THREE)
    assert not journal.can_redo(path)


def test_five_hundred_changes_undone_give_the_first_file(tmp_path: Path) -> None:
    path, journal = tmp_path / "card.yaml", Journal()
    first = "# seen by Léa\r\ntitle: 'one'   # short\r\nabout: >-\r\n   two\r\n   words\r\n".encode()
    path.write_bytes(first)
    for number in range(500):
        before = path.read_bytes()
        after = edited(before, Initiative, ("title",), f"Été {number}: l'an #{number}")
        assert save(path, after, text_digest(before)) is None
        journal.enter(path, before, after)
    last = "# seen by Léa\r\ntitle: 'Été 499: l''an #499'   # short\r\nabout: >-\r\n   two\r\n   words\r\n".encode()
    assert path.read_bytes() == last
    while journal.can_undo(path):
        assert journal.undo(path) is None
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("name: Association d'aide aux jeunes travailleurs\n  ", "", ("pilot", "name")),
        ("themes: [emploi, logement]", "themes: [emploi, logment]", ("themes", 1)),
        ("themes: [emploi, logement]\n", "", ("themes",)),
        ("territories: [FR-PAC, FR-13]\n", "", ("territories",)),
        ("territories: [FR-PAC", "territories: [FR-XXX", ("territories", 0)),
        ("email: direction@aajt.example.org", "email: nobody", ("contacts", 0, "email")),
        ("card:kodiko", "card:nobody", ("description",)),
        ("caption: Un atelier", "credit: Un atelier", ("images", 0)),
        ("images/atelier.svg", "images/none.svg", ("images", 0, "file")),
        ("title: Coup", "titel: Coup", ("titel",)),
        ("title: Coup", "title: [Coup", ()),
    ],
)
def test_a_text_that_is_not_saved_has_the_findings_of_the_check_at_their_fields(
    catalogue_folder: CatalogueFolder, old: str, new: str, path: tuple[str | int, ...]
) -> None:
    project = Project.at(catalogue_folder.root)
    reading = rereading.read(project)
    source = next(one for one in reading.folder.sources if one.id == "aajt")
    file = project.catalogue / source.path
    text = file.read_text(encoding="utf-8")
    assert old in text
    raw = text.replace(old, new, 1).encode()
    _, found = check_text(project, reading, source, raw)
    file.write_bytes(raw)
    _, checked = read_catalogue(project)
    assert {one.finding for one in found} == {one for one in checked if one.where and one.where.path == source.shown}
    assert path in [one.path for one in found]


def test_a_translation_is_checked_with_the_card_that_it_translates(catalogue_folder: CatalogueFolder) -> None:
    project = Project.at(catalogue_folder.root)
    file = project.catalogue / "initiatives" / "aajt.en.yaml"
    file.write_text("title: A helping hand\n", encoding="utf-8")
    reading = rereading.read(project)
    (source,) = reading.folder.translations
    raw = b"title: A helping hand\nscope: national\n"
    entity, found = check_text(project, reading, source, raw)
    assert [one.path for one in found if one.finding.rule == "not-a-text"] == [("scope",)]
    file.write_bytes(raw)
    _, checked = read_catalogue(project)
    assert {one.finding for one in found} == {one for one in checked if one.where and one.where.path == source.shown}
    entity, _ = check_text(project, reading, source, b"title: A helping hand\n")
    assert isinstance(entity, Initiative)
    assert entity.title == "A helping hand"


CARD = b"""\
pilot:
  name: A
  about: |
    One

    two
contacts:
  - role: x
    phones: ["1", "2"]
  - email: y
themes: [a, b]
"""


@pytest.mark.parametrize(
    ("line", "column", "path"),
    [
        (2, 0, ("pilot", "name")),
        (6, 0, ("pilot", "about")),
        (9, 0, ("contacts", 0, "phones", 1)),
        (9, 14, ("contacts", 0, "phones", 0)),
        (10, 5, ("contacts", 1, "email")),
        (11, 1, ("themes",)),
        (11, 13, ("themes", 1)),
        (1, 1, ("pilot",)),
        (99, 1, ()),
    ],
)
def test_the_field_of_a_line_is_found(line: int, column: int, path: tuple[str | int, ...]) -> None:
    assert field_at(CARD, line, column) == path


def walk(fields: tuple[FormField, ...]) -> list[FormField]:
    return [inner for one in fields for inner in (one, *walk(one.fields))]


def test_the_form_of_a_card_has_its_fields_in_the_order_of_the_format() -> None:
    fields = form(Initiative)
    assert [(one.name, one.widget) for one in fields] == [
        ("pilot", "group"),
        ("partners", "markdown"),
        ("contacts", "rows"),
        ("title", "line"),
        ("summary", "markdown"),
        ("description", "markdown"),
        ("results", "markdown"),
        ("figures", "rows"),
        ("themes", "list"),
        ("scope", "choice"),
        ("territories", "list"),
        ("images", "rows"),
        ("language", "line"),
    ]
    assert [one.name for one in fields if one.is_required] == ["pilot", "themes"]
    about = next(one for one in walk(fields) if one.name == "about")
    assert (about.widget, about.limit, about.is_required) == ("markdown", 20_000, True)
    assert in_language(about.label, "fr") == "L\N{RIGHT SINGLE QUOTATION MARK}organisation en quelques mots"


def test_every_field_of_the_content_has_a_name_in_english_and_french() -> None:
    found = [getattr(module, name) for module in (design, model) for name in dir(module)]
    models = [one for one in found if isinstance(one, type) and issubclass(one, Model) and one not in (Model, Entity)]
    names = {name for one in models for name in introspection.fields(one)}
    assert names <= LABELS.keys()
    assert {name for name in names if not in_language(LABELS[name], "fr")} == set()


def test_a_dropped_picture_gets_a_safe_name_and_replaces_nothing(catalogue_folder: CatalogueFolder) -> None:
    project = Project.at(catalogue_folder.root)
    assert keep_picture(project, "C:\\Été\\Logo d'Adoma.SVG", SVG) == "images/logo-d-adoma.svg"
    assert keep_picture(project, "../logo-d-adoma.svg", SVG) == "images/logo-d-adoma.svg"
    assert keep_picture(project, "logo d adoma.svg", SVG + b"\n") == "images/logo-d-adoma-2.svg"
    assert (project.catalogue / "images" / "logo-d-adoma.svg").read_bytes() == SVG
    assert not [name for name in os.listdir(project.catalogue / "images") if name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.png", b"%PDF-1.7", "is a PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20, "a.png"),
        ("a.jpg", b"", "is an empty file"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_leaves_nothing(
    catalogue_folder: CatalogueFolder, name: str, content: bytes, told: str
) -> None:
    project = Project.at(catalogue_folder.root)
    before = sorted(os.listdir(project.catalogue / "images"))
    with pytest.raises(CannotEdit, match=told):
        keep_picture(project, name, content)
    assert sorted(os.listdir(project.catalogue / "images")) == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "images").write_text("no folder")
    with pytest.raises(OutputError, match="cannot write"):
        keep_picture(Project.at(tmp_path), "a.svg", SVG)


def test_the_form_of_the_catalogue_knows_dates_and_themes() -> None:
    widgets = {one.name: one.widget for one in form(CatalogueFile)}
    assert (widgets["date"], widgets["themes"], widgets["imprint"], widgets["sections"]) == (
        "date",
        "rows",
        "markdown",
        "list",
    )

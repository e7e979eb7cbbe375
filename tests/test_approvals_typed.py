"""Sign-offs: what people type in commands, and registers that were edited by hand or lie elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from press import Done, livret_here


def enter(folder: CatalogueFolder, *arguments: str) -> Done:
    return livret_here("-C", folder.root, *arguments, "--on", "2019-05-04")


def state(folder: CatalogueFolder, *arguments: str) -> tuple[str, str | None, int]:
    told = json.loads(livret_here("-C", folder.root, "status", "aajt", *arguments, "--format", "json").out)
    (part,) = told["parts"]
    return part["state"], part["note"], part["version"]


@pytest.mark.parametrize(
    ("by", "note", "told"),
    [
        ("  ", "x", "'--by': nothing is written here"),
        ("Luc", "", "'--note': nothing is written here"),
        ("a\x01b", "x", "'--by': there is an invisible character here (U+0001)"),
        ("Luc", "a\u2028b", "'--note': there is an invisible character here (U+2028)"),
        ("\ufeffLuc", "x", "'--by': there is an invisible character here (U+FEFF)"),
        ("a\udcffb", "x", "'--by': a character here is not UTF-8"),
        ("x" * 501, "x", "'--by': this text has 501 characters, the limit is 500"),
        ("Luc", "x" * 20_001, "'--note': this text has 20,001 characters, the limit is 20,000"),
    ],
)
def test_a_text_that_the_register_could_not_give_back_is_refused(
    catalogue_folder: CatalogueFolder, by: str, note: str, told: str
) -> None:
    done = enter(catalogue_folder, "correct", "aajt", "--by", by, "--note", note)
    assert done.code == 2
    assert told in done.err
    assert not catalogue_folder.path("approvals.yaml").exists()


def test_what_is_refused_is_told_in_french_too(catalogue_folder: CatalogueFolder) -> None:
    done = enter(catalogue_folder, "correct", "aajt", "--by", " ", "--note", "x", "--lang", "fr")
    assert "rien n’est écrit ici\u202f; écrire un texte" in done.err


@pytest.mark.parametrize("note", ["l'Œil \"d'Été\" : #1 \\ {x}", "Un\r\nDeux\t- x: y\nTrois", "mot " * 1000 + "fin"])
def test_a_note_may_hold_quotes_and_lines_and_be_long(catalogue_folder: CatalogueFolder, note: str) -> None:
    assert enter(catalogue_folder, "correct", "aajt", "--by", "Zoé", "--note", note).code == 0
    assert state(catalogue_folder) == ("corrections", note, 1)


def test_an_empty_digest_is_not_taken_for_none(catalogue_folder: CatalogueFolder) -> None:
    done = enter(catalogue_folder, "approve", "aajt", "--by", "Luc", "--digest", "")
    assert done.code == 1
    assert not catalogue_folder.path("approvals.yaml").exists()


def test_what_was_said_later_is_told_to_still_count(catalogue_folder: CatalogueFolder) -> None:
    assert livret_here("-C", catalogue_folder.root, "approve", "aajt", "--by", "Luc", "--on", "2019-05-05").code == 0
    done = enter(catalogue_folder, "correct", "aajt", "--by", "Luc", "--note", "x")
    assert "what was said later, on 2019-05-05, still counts" in done.out


@pytest.mark.parametrize(
    "edited",
    [
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: b"\xef\xbb\xbf" + raw[raw.index(b"initiatives/") :],
        lambda raw: raw.rstrip(),
    ],
    ids=["ends of lines of Windows", "byte order mark", "byte order mark before a part", "no last end of line"],
)
def test_a_register_that_another_editor_saved_is_added_to(catalogue_folder: CatalogueFolder, edited: object) -> None:
    assert callable(edited)
    enter(catalogue_folder, "approve", "aajt", "--by", "Luc")
    register = catalogue_folder.path("approvals.yaml")
    register.write_bytes(edited(register.read_bytes()))
    assert enter(catalogue_folder, "correct", "aajt", "--by", "Luc", "--note", "x").code == 0
    assert state(catalogue_folder) == ("corrections", "x", 1)
    raw = register.read_bytes()
    assert raw.count(b"\r\n") in (0, raw.count(b"\n"))


def test_a_register_that_cannot_be_added_to_is_told_at_its_part(catalogue_folder: CatalogueFolder) -> None:
    enter(catalogue_folder, "approve", "aajt", "--by", "Luc")
    catalogue_folder.change("approvals.yaml", "initiatives/aajt:", '"initiatives/aajt":')
    before = catalogue_folder.path("approvals.yaml").read_bytes()
    done = enter(catalogue_folder, "approve", "aajt", "--by", "Luc")
    assert (done.code, "catalogue/approvals.yaml:4: error: nothing can be added" in done.err) == (1, True)
    assert catalogue_folder.path("approvals.yaml").read_bytes() == before


def test_a_register_behind_a_link_stays_behind_it(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    shared = tmp_path / "shared.yaml"
    shared.write_text("# Ours.\n", encoding="utf-8")
    link = catalogue_folder.path("approvals.yaml")
    link.symlink_to(shared)
    assert enter(catalogue_folder, "approve", "aajt", "--by", "Luc").code == 0
    assert link.is_symlink()
    assert "initiatives/aajt:\n  - {state: approved, " in shared.read_text(encoding="utf-8")


def test_a_merge_that_was_not_finished_is_told(catalogue_folder: CatalogueFolder) -> None:
    enter(catalogue_folder, "approve", "aajt", "--by", "Luc")
    catalogue_folder.change(
        "approvals.yaml", "initiatives/aajt:\n", "initiatives/aajt:\n<<<<<<< HEAD\n=======\n>>>>>>> o\n"
    )
    done = enter(catalogue_folder, "approve", "aajt", "--by", "Luc")
    assert done.code == 1
    assert "catalogue/approvals.yaml:5: error: two versions of this file were merged, and both are here" in done.err
    assert "keep the events of both" in done.err


def test_an_edition_in_another_language_shows_the_same_version_of_a_card(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/english.yaml", "title: In English\nlanguage: en\n")
    assert enter(catalogue_folder, "approve", "aajt", "--by", "Luc").code == 0
    assert state(catalogue_folder, "--edition", "english") == ("approved", None, 1)
    assert enter(catalogue_folder, "approve", "aajt", "--by", "Luc", "--edition", "english").code == 0
    assert state(catalogue_folder) == ("approved", None, 1)

"""The options that every command has do the same in each: those that read the catalogue and typeset nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import CatalogueFolder, two_cards
from press import Done, livret_here

COMMANDS = [["check"], ["editions"], ["compare", "full", "other"], ["status"]]
TABLE = "  Une aide ponctuelle.\n\n  | a | b |\n  |---|---|\n  | c | d |\n"
WARNING = "a table is printed as running text [pasted-table]"


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> CatalogueFolder:
    """A catalogue with one warning and two editions."""
    folder = two_cards(tmp_path_factory.mktemp("options") / "project")
    folder.change("initiatives/aajt.yaml", "  Une aide ponctuelle.\n", TABLE)
    folder.write("editions/other.yaml", "title: Autre\n")
    return folder


@pytest.fixture(params=COMMANDS, ids=lambda command: command[0])
def command(request: pytest.FixtureRequest) -> list[str]:
    found: list[str] = request.param
    return found


def done(folder: CatalogueFolder, *words: str) -> Done:
    return livret_here("-C", folder.root, *words)


def test_without_options_there_is_a_warning_and_a_result(doubtful: CatalogueFolder, command: list[str]) -> None:
    plain = done(doubtful, *command)
    assert plain.code == 0
    assert f"catalogue/initiatives/aajt.yaml:15: warning: {WARNING}" in plain.err
    assert plain.out


def test_quiet_leaves_the_result_and_no_warning(doubtful: CatalogueFolder, command: list[str]) -> None:
    quiet = done(doubtful, *command, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, done(doubtful, *command).out, "")


def test_strict_makes_the_warning_an_error(doubtful: CatalogueFolder, command: list[str]) -> None:
    strict = done(doubtful, *command, "--strict")
    assert strict.code == 1
    assert f"error: {WARNING}" in strict.err


def test_json_is_all_that_is_printed_and_has_the_warning(doubtful: CatalogueFolder, command: list[str]) -> None:
    answer = done(doubtful, *command, "--format", "json")
    found = json.loads(answer.out)
    assert (found["exit_code"], answer.err) == (0, "")
    assert "pasted-table" in {finding["rule"] for finding in found["findings"]}


def test_french_is_spoken_on_demand(doubtful: CatalogueFolder, command: list[str]) -> None:
    french = done(doubtful, *command, "--lang", "fr")
    assert french.code == 0
    assert "un tableau est imprimé comme du texte courant [pasted-table]" in french.err
    assert french.err.endswith("1 avertissement\n")


@pytest.mark.parametrize("wrong", [["--jobs", "0"], ["--format", "xml"], ["--lang", "xx"], ["--jobs", "many"]])
def test_a_value_that_is_not_possible_is_a_matter_of_usage(
    doubtful: CatalogueFolder, command: list[str], wrong: list[str]
) -> None:
    refused = done(doubtful, *command, *wrong)
    assert (refused.code, refused.out) == (2, "")
    assert f"Invalid value for '{wrong[0]}'" in refused.err


def test_another_folder_is_worked_in_from_anywhere(
    doubtful: CatalogueFolder, command: list[str], tmp_path: Path
) -> None:
    there = livret_here("-C", doubtful.root, *command, cwd=tmp_path)
    inside = livret_here(*command, cwd=doubtful.root)
    assert (there.code, there.out, there.err) == (inside.code, inside.out, inside.err)
    assert livret_here(*command, cwd=tmp_path).code != 0, "there is no catalogue here"


def test_what_only_reads_writes_nothing(doubtful: CatalogueFolder, command: list[str]) -> None:
    assert done(doubtful, *command, "--verbose").code == 0
    assert not (doubtful.root / "output").exists()

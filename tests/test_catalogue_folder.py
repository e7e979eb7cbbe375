"""The folder of a catalogue: nothing in it is passed over in silence, nothing hangs or ends in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from livret.findings import ExitCode, LivretError, OutputError
from livret.project import Project


def errors(folder: CatalogueFolder) -> list[tuple[str, str]]:
    return [(str(found.where), found.rule) for found in folder.findings() if found.severity.value == "error"]


def moved(folder: CatalogueFolder, name: str, to: Path) -> None:
    """The folder `name` of the catalogue stands elsewhere, and a link leads there."""
    folder.path(name).rename(to)
    folder.path(name).symlink_to(to, target_is_directory=True)


def test_a_folder_of_cards_that_is_a_link_to_elsewhere_is_an_error(
    catalogue_folder: CatalogueFolder, tmp_path: Path
) -> None:
    moved(catalogue_folder, "initiatives", tmp_path / "cards")
    assert ("catalogue/initiatives", "outside-project") in errors(catalogue_folder)


def test_a_folder_of_cards_that_is_a_link_to_another_folder_of_the_catalogue_is_read(
    catalogue_folder: CatalogueFolder,
) -> None:
    moved(catalogue_folder, "initiatives", catalogue_folder.path("cards-2019"))
    assert errors(catalogue_folder) == []
    assert [card.id for card in catalogue_folder.catalogue().initiatives] == ["aajt", "kodiko"]


@pytest.mark.parametrize("name", ["initiatives", "pages", "partners", "editions"])
def test_a_folder_that_is_a_link_to_itself_or_to_nothing_is_an_error(
    catalogue_folder: CatalogueFolder, name: str
) -> None:
    if catalogue_folder.path(name).exists():
        catalogue_folder.path(name).rename(catalogue_folder.root / "away")
    catalogue_folder.path(name).symlink_to(name, target_is_directory=True)
    assert (f"catalogue/{name}", "unreadable-file") in errors(catalogue_folder)
    catalogue_folder.path(name).unlink()
    catalogue_folder.path(name).symlink_to("nowhere", target_is_directory=True)
    assert (f"catalogue/{name}", "unreadable-file") in errors(catalogue_folder)


def test_a_file_in_the_place_of_a_folder_is_an_error(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("pages", "title: x\n")
    assert errors(catalogue_folder) == [("catalogue/pages", "unreadable-file")]


@pytest.mark.parametrize("name", ["initiatives", "initiatives/more", "."])
def test_a_folder_that_may_not_be_read_is_an_error(
    catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # Where tests run as root, no mode of a folder keeps them from reading it.
    catalogue_folder.path("initiatives/more").mkdir()
    closed, scandir = catalogue_folder.path(name), os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (found,) = [each for each in catalogue_folder.findings() if each.rule == "unreadable-file"]
    assert str(found.where) == str(Path("catalogue") / name)
    assert found.message == "this folder cannot be read: Permission denied"


@pytest.mark.parametrize(
    "name", ["initiatives/x.yaml", "partners/y.yml", "catalogue.yml", "foreword.yaml", "pages/Z.YAML"]
)
def test_a_folder_with_the_name_of_a_content_file_is_an_error(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.path(name).mkdir(parents=True)
    assert errors(catalogue_folder) == [(f"catalogue/{name}", "unreadable-file")]


def test_a_linked_folder_inside_a_folder_of_content_is_told(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.path("initiatives/more").symlink_to("../partners", target_is_directory=True)
    assert [(str(each.where), each.rule) for each in catalogue_folder.findings()] == [
        ("catalogue/initiatives/more", "unexpected-file")
    ]


@pytest.mark.parametrize("name", ["initiatives/pipe.yaml", "catalogue.yaml", "foreword.yaml", "images/atelier.svg"])
def test_a_pipe_is_an_error_and_does_not_hang(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.path(name).unlink(missing_ok=True)
    os.mkfifo(catalogue_folder.path(name))
    code = "import sys; from livret.cli import main; main(['-C', sys.argv[1], 'check'])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(catalogue_folder.root)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "[unreadable-file]" in done.stderr or "[missing-picture]" in done.stderr
    assert "not an ordinary file" in done.stderr
    assert "accents" not in done.stderr


@pytest.mark.parametrize("name", ["initiatives/loop.yaml", "catalogue.yaml", "images/atelier.svg"])
def test_a_loop_of_links_is_an_error(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.path(name).unlink(missing_ok=True)
    other = catalogue_folder.path(name).with_name("other")
    catalogue_folder.path(name).symlink_to("other")
    other.symlink_to(Path(name).name)
    assert {rule for _, rule in errors(catalogue_folder)} <= {"unreadable-file", "missing-picture", "missing-file"}
    assert errors(catalogue_folder)


@pytest.mark.parametrize(
    ("name", "says", "hint"),
    [
        ("-aajt", "hyphen", "rename it to aajt.yaml"),
        ("--", "hyphen", None),
        ("con", "Windows keeps this name", "rename it to con-1.yaml"),
        ("nul", "Windows keeps this name", "rename it to nul-1.yaml"),
        ("com1", "Windows keeps this name", "rename it to com1-1.yaml"),
        ("lpt9", "Windows keeps this name", "rename it to lpt9-1.yaml"),
        ("aux", "Windows keeps this name", "rename it to aux-1.yaml"),
        ("Été", "lower-case", "rename it to ete.yaml"),
    ],
)
def test_a_name_that_a_command_or_windows_takes_for_something_else_is_no_id(
    catalogue_folder: CatalogueFolder, name: str, says: str, hint: str | None
) -> None:
    text = catalogue_folder.path("initiatives/kodiko.yaml").read_text(encoding="utf-8")
    catalogue_folder.write(f"initiatives/{name}.yaml", text)
    (found,) = [each for each in catalogue_folder.findings() if each.rule == "bad-id"]
    assert says in found.message
    assert found.hints == ((hint,) if hint else ())


@pytest.mark.parametrize("name", ["a", "0", "console", "con-1", "com10", "a-", "2019-04"])
def test_names_that_are_like_those_are_ids(catalogue_folder: CatalogueFolder, name: str) -> None:
    text = catalogue_folder.path("initiatives/kodiko.yaml").read_text(encoding="utf-8")
    catalogue_folder.write(f"initiatives/{name}.yaml", text)
    assert errors(catalogue_folder) == []


def test_a_theme_may_not_have_the_name_of_a_device(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change("catalogue.yaml", "partners: [diair]", "  - {id: prn, name: P}\npartners: [diair]")
    assert [rule for _, rule in errors(catalogue_folder)] == ["bad-id"]


# --- the path of the project ---


def test_a_project_whose_path_is_not_utf_8_is_refused_in_words(
    catalogue_folder: CatalogueFolder, tmp_path: Path
) -> None:
    latin = os.fsencode(tmp_path) + b"/caf\xe9"
    os.rename(os.fsencode(catalogue_folder.root), latin)
    with pytest.raises(LivretError, match="not written in UTF-8") as refused:
        Project.at(Path(os.fsdecode(latin)))
    assert refused.value.exit_code is ExitCode.FINDINGS
    assert r"caf\udce9" in refused.value.message
    str(refused.value).encode("utf-8")


def test_an_output_folder_whose_path_is_not_utf_8_is_refused_in_words(
    catalogue_folder: CatalogueFolder, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="not written in UTF-8"):
        Project.at(catalogue_folder.root, Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")))


def test_a_project_that_is_a_loop_of_links_has_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(LivretError, match="no catalogue in"):
        Project.at(tmp_path / "loop")


def test_a_folder_given_for_a_drawing_is_told_as_a_folder(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.path("catalogue.yaml").open("a", encoding="utf-8").write("art:\n  page: images\n")
    told = [found.message for found in catalogue_folder.findings() if found.rule == "missing-picture"]
    assert told == ['"images" is a folder, not a picture']

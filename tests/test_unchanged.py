"""A build in which nothing changed: the last one is told again; whatever changed is noticed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import press
from conftest import CatalogueFolder
from damages import DAMAGES
from livret import pipeline
from livret.findings import Finding, LivretError, Location, Report, Severity, error, note, warning
from livret.pages.pool import forkserver
from livret.pipeline import unchanged
from livret.pipeline.built import Built
from livret.project import installed
from livret.translation import say, verbatim

ASKED: dict[str, object] = {"editions": ["full"], "purpose": "screen", "strict": False}
FOUND = (
    warning("small-text", verbatim("7.5 pt"), Location("catalogue/initiatives/aajt.yaml", 3, 7), verbatim("take 8 pt")),
    note("typography-guess", verbatim("a space")),
)


SPOILS: list[Callable[[Path], object]] = [lambda path: path.write_bytes(b"x"), Path.unlink]


def made(folder: CatalogueFolder) -> Built:
    """What a build makes, as if it were built."""
    output = folder.project.output / "full"
    for name in ("full-screen.pdf", "full-sheet.png", "report.json", "report.html"):
        folder.write(f"../output/full/{name}", name)
    files = {"screen": output / "full-screen.pdf"}
    return Built("full", Report(), files, ["screen"], 60, 21, typeset=30, reused=2, galleys=29)


def remembered(folder: CatalogueFolder, *findings: Finding) -> Built:
    built = made(folder)
    before = unchanged.inputs(folder.project, ASKED)
    assert before is not None
    unchanged.remember(folder.project, before, findings, (built,))
    return built


def told(
    folder: CatalogueFolder, asked: dict[str, object] = ASKED
) -> tuple[tuple[Finding, ...], tuple[Built, ...]] | None:
    now = unchanged.inputs(folder.project, asked)
    assert now is not None
    return unchanged.told_again(folder.project, now)


def test_the_last_build_is_told_again_with_its_findings_in_their_places(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder, *FOUND)
    again = told(catalogue_folder)
    assert again is not None
    assert again[0] == FOUND
    (one,) = again[1]
    pdf = catalogue_folder.project.output / "full" / "full-screen.pdf"
    assert (one.edition, one.pages, one.cards, one.files) == ("full", 60, 21, {"screen": pdf})
    assert (one.typeset, one.reused, one.written) == (0, 29, []), "nothing is typeset, every part is used again"


def test_nothing_is_told_before_anything_was_built(catalogue_folder: CatalogueFolder) -> None:
    assert told(catalogue_folder) is None


INPUTS = {
    "a card": "catalogue/initiatives/aajt.yaml",
    "the bytes of a picture": "catalogue/images/aajt.svg",
    "the register of sign-offs": "catalogue/approvals.yaml",
    "a new card": "catalogue/initiatives/zz-new.yaml",
    "the palette": "layouts/forum/palette.yaml",
    "the labels": "layouts/forum/labels.yaml",
    "a template": "layouts/forum/card.html",
    "a style sheet": "layouts/forum/card.css",
    "a font": "fonts/SourceSans3/SourceSans3-Regular.ttf",
    "a pictogram": "pictograms/new.svg",
    "a press profile": "press/printer.yaml",
}


@pytest.mark.parametrize("name", INPUTS.values(), ids=INPUTS)
def test_a_change_is_noticed(catalogue_folder: CatalogueFolder, name: str) -> None:
    path = catalogue_folder.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    top = name.split("/")[0]
    if top != "catalogue":
        shutil.copytree(installed(top), catalogue_folder.root / top, dirs_exist_ok=True)
    remembered(catalogue_folder)
    assert told(catalogue_folder) is not None
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + b"\n")
    assert told(catalogue_folder) is None
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)
    assert told(catalogue_folder) is not None, "put back, it is the last build's again; its date does not count"


def test_a_file_that_is_gone_is_noticed(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder)
    catalogue_folder.remove("images/aajt.svg")
    assert told(catalogue_folder) is None


@pytest.mark.parametrize("name", ["SOURCE_DATE_EPOCH", "LIVRET_GALLEY_SECONDS", "LANG", "LC_ALL"])
def test_another_environment_is_noticed(
    catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    remembered(catalogue_folder)
    assert told(catalogue_folder) is not None
    monkeypatch.setenv(name, "2")
    assert told(catalogue_folder) is None


@pytest.mark.parametrize(("name", "value"), [("editions", ["paca"]), ("purpose", "both"), ("strict", True)])
def test_another_command_is_not_answered_by_it(catalogue_folder: CatalogueFolder, name: str, value: object) -> None:
    remembered(catalogue_folder)
    assert told(catalogue_folder, ASKED | {name: value}) is None


def test_another_version_of_a_package_is_noticed(
    catalogue_folder: CatalogueFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    remembered(catalogue_folder)
    assert told(catalogue_folder) is not None
    (tmp_path / "weasyprint-1.0.dist-info").rename(tmp_path / "weasyprint-2.0.dist-info")
    assert told(catalogue_folder) is None


def test_another_pango_is_noticed(catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(catalogue_folder)
    monkeypatch.setattr(unchanged, "system_versions", lambda: (("Pango", "1.0"),))
    assert told(catalogue_folder) is None


@pytest.mark.parametrize("name", ["full-screen.pdf", "full-sheet.png", "report.json", "report.html"])
@pytest.mark.parametrize("change", SPOILS)
def test_a_file_that_was_made_and_is_not_as_it_was_is_made_again(
    catalogue_folder: CatalogueFolder, name: str, change: Callable[[Path], object]
) -> None:
    remembered(catalogue_folder)
    change(catalogue_folder.project.output / "full" / name)
    assert told(catalogue_folder) is None


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_note_counts_as_none(catalogue_folder: CatalogueFolder, damage: Callable[[Path], object]) -> None:
    remembered(catalogue_folder)
    (path,) = (catalogue_folder.project.output / ".store" / "notes").glob("build-*.json")
    damage(path)
    assert told(catalogue_folder) is None
    remembered(catalogue_folder)
    assert told(catalogue_folder) is not None, "the next build mends it"


def test_a_build_with_an_error_is_done_again(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder, error("missing-picture", verbatim("no such file")))
    assert told(catalogue_folder) is None


def test_a_build_with_an_edition_that_failed_is_done_again(catalogue_folder: CatalogueFolder) -> None:
    built = made(catalogue_folder)
    built.problem = LivretError(verbatim("a worker died"))
    before = unchanged.inputs(catalogue_folder.project, ASKED)
    assert before is not None
    unchanged.remember(catalogue_folder.project, before, (), (built,))
    assert told(catalogue_folder) is None


def test_what_was_damaged_in_the_store_is_told_once(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder, note("damaged-store", verbatim("made again")))
    again = told(catalogue_folder)
    assert again is not None
    assert again[0] == ()


def test_a_file_that_is_saved_during_the_build_is_built_next_time(catalogue_folder: CatalogueFolder) -> None:
    before = unchanged.inputs(catalogue_folder.project, ASKED)
    assert before is not None
    catalogue_folder.write("initiatives/new.yaml", "title: new\n")
    built = made(catalogue_folder)
    unchanged.remember(catalogue_folder.project, before, (), (built,))
    catalogue_folder.remove("initiatives/new.yaml")
    assert told(catalogue_folder) is None, "the book may hold the card that is gone again"


def test_a_folder_that_is_a_link_is_read_by_every_build(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    (catalogue_folder.root / "catalogue" / "more").symlink_to(tmp_path)
    assert unchanged.inputs(catalogue_folder.project, ASKED) is None


def test_severities_are_told_as_they_were(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder, *FOUND)
    again = told(catalogue_folder)
    assert again is not None
    assert [one.severity for one in again[0]] == [Severity.WARNING, Severity.NOTE]


def test_findings_can_still_be_shown_in_french(catalogue_folder: CatalogueFolder) -> None:
    remembered(catalogue_folder, warning("unknown-key", say('did you mean "{word}"?', word="title")))
    again = told(catalogue_folder)
    assert again is not None
    assert again[0][0].as_dict("fr")["message"] == "vouliez-vous dire «\u00a0title\u00a0»\u202f?"


def test_the_engine_is_loaded_before_a_changed_catalogue_is_read(
    catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Reading the note of the last build marks it as used just now, after the card was saved.
    remembered(catalogue_folder)
    catalogue_folder.write("initiatives/zz-new.yaml", "")
    (catalogue_folder.project.output / ".store" / "notes" / "last").touch()
    done = []

    def read(*_: object) -> None:
        done.append("read")
        sys.exit(7)

    monkeypatch.setattr(forkserver, "start", lambda *_: done.append("engine"))
    monkeypatch.setattr(pipeline, "read", read)
    assert press.livret_here("-C", catalogue_folder.root, "build").code == 7
    assert done == ["engine", "read"]

"""The fragment store: what is unchanged is found again, what is damaged is made anew, what is old is thrown away."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from importlib.metadata import version
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from damages import DAMAGES
from livret.findings import Location, OutputError, note, warning
from livret.pages.galley import Facts, Galley, Spot, Stylesheet
from livret.pages.pool import store as module
from livret.pages.pool import versions
from livret.pages.pool.store import Store
from livret.pages.structure_tree import Element, packed
from livret.project import Project, digest, write
from livret.translation import verbatim

FACTS = Facts(
    sides=("verso", "recto"),
    words=(10, 20),
    anchors={"card-aajt": Spot(0, 1.5, 2.5)},
    width=419.53,
    height=595.28,
    bleed=8.5,
    fit="tight",
    over={"verso": 3},
    structure=packed([Element("P", (Element("Span"),), alt="a")]),
    footnotes=("une note",),
    findings=(
        warning("stylesheet", verbatim("odd"), Location("card.css", 3), verbatim("mend it")),
        note("x", verbatim("y")),
    ),
)
PDF = b"%PDF-1.7 a fragment"
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def project(catalogue_folder: CatalogueFolder) -> Project:
    return catalogue_folder.project


@pytest.fixture
def galley(project: Project) -> Galley:
    sheet = Stylesheet("card.css", "p { color: red }", None)
    return Galley("card-aajt", "catalogue/initiatives/aajt.yaml", "<p>a</p>", (sheet,), project.catalogue, ())


def keep(project: Project, galley: Galley, pdf: bytes = PDF) -> Path:
    """Store a fragment that read one picture, as a build does; gives its file."""
    picture = project.catalogue / "images" / "aajt.svg"
    files = ((str(picture), digest(picture.read_bytes())),)
    return Store(project).keep(galley, pdf, FACTS, files).path


def stored(project: Project, folder: str) -> list[Path]:
    return sorted(path for path in (project.output / ".store" / folder).rglob("*") if path.is_file())


def test_what_was_kept_is_found_by_the_next_build(project: Project, galley: Galley) -> None:
    assert Store(project).find(galley) is None
    path = keep(project, galley)
    found = Store(project).find(galley)
    assert found is not None
    assert found.facts == FACTS
    assert (found.path, found.reused) == (path, True)
    assert found.path.read_bytes() == PDF
    assert found.key == path.stem


@pytest.mark.parametrize(
    "change",
    [
        lambda galley: replace(galley, html="<p>b</p>"),
        lambda galley: replace(galley, stylesheets=(Stylesheet("card.css", "p { color: blue }", None),)),
        lambda galley: replace(galley, stylesheets=()),
        lambda galley: replace(galley, place="catalogue/initiatives/other.yaml"),
        lambda galley: replace(galley, anchor="card-b"),
        lambda galley: replace(galley, room=1),
        lambda galley: replace(galley, fit=("tight",)),
        lambda galley: replace(galley, sides=(("card", "verso"),)),
    ],
)
def test_another_galley_is_not_found(project: Project, galley: Galley, change: Callable[[Galley], Galley]) -> None:
    keep(project, galley)
    assert Store(project).find(change(galley)) is None


def test_another_font_is_another_fragment(project: Project, galley: Galley) -> None:
    keep(project, galley)
    write(project.root / "fonts" / "Own.ttf", project.fonts[0].read_bytes())
    assert Store(Project.at(project.root)).find(galley) is None


@pytest.mark.parametrize(
    "engine", ["weasyprint", "pillow", "tinycss2", "tinyhtml5", "cssselect2", "pydyf", "pyphen", "fonttools", "zopfli"]
)
def test_another_engine_is_another_fragment(
    project: Project, galley: Galley, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    keep(project, galley)
    monkeypatch.setattr(metadata, "version", lambda name: "0.0" if name == engine else version(name))
    # As a new process does, which alone can have another engine.
    monkeypatch.setattr(versions, "package_version", versions.package_version.__wrapped__)
    assert Store(project).find(galley) is None


def test_without_replacements_in_the_engine_it_is_another_fragment(
    project: Project, galley: Galley, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(project, galley)
    monkeypatch.setenv("LIVRET_NO_PATCHES", "1")
    assert Store(project).find(galley) is None


def test_other_code_makes_another_fragment(project: Project, galley: Galley, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(project, galley)
    monkeypatch.setattr(versions, "code_digest", lambda *places: "of other code")
    assert Store(project).find(galley) is None


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b"9" * 5000, b"[]", b"null", b'{"files": [], "key": "a/../b"}', b"\xff"]
)
def test_what_somebody_else_sealed_is_made_again(project: Project, galley: Galley, content: bytes) -> None:
    """Whoever can write to the store can also name a content by its digest."""
    keep(project, galley)
    store = Store(project)
    (manifest,) = stored(project, "galleys")
    store.files.write(content, *manifest.relative_to(store.folder).parts)
    store.files.write(content, "notes", "a.json")
    assert store.find(galley) is None
    assert store.recall("a").get("key", "") in ("", "a/../b")


# --- pictures ---


def change_picture(picture: Path) -> None:
    picture.write_text("<svg/>")


@pytest.mark.parametrize("change", [change_picture, Path.unlink])
def test_a_changed_picture_is_noticed(project: Project, galley: Galley, change: Callable[[Path], None]) -> None:
    keep(project, galley)
    change(project.catalogue / "images" / "aajt.svg")
    assert Store(project).find(galley) is None


def test_a_picture_touched_but_not_changed_is_the_same(project: Project, galley: Galley) -> None:
    keep(project, galley)
    os.utime(project.catalogue / "images" / "aajt.svg", (0, 0))
    assert Store(project).find(galley) is not None


def test_a_missing_picture_that_comes_is_noticed(project: Project, galley: Galley) -> None:
    coming = project.catalogue / "images" / "coming.svg"
    Store(project).keep(galley, PDF, FACTS, ((str(coming), "missing"),))
    assert Store(project).find(galley) is not None
    coming.write_text("<svg/>")
    assert Store(project).find(galley) is None


def test_the_name_of_a_fragment_does_not_tell_where_it_was_made(project: Project, galley: Galley) -> None:
    one = Store(project).keep(galley, PDF, FACTS, (("/here/a.svg", "1"),))
    other = Store(project).keep(galley, PDF, FACTS, (("/there/a.svg", "1"),))
    assert one.key == other.key
    assert Store(project).keep(galley, PDF + b"!", FACTS, ()).key != one.key


# --- damage ---


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "12", "{}", '{"key": "x"}', '{"key": "x", "files": [["a"]], "facts": {}}', "\udcff"],
)
def test_a_damaged_manifest_is_a_miss(project: Project, galley: Galley, content: str) -> None:
    keep(project, galley)
    (manifest,) = stored(project, "galleys")
    manifest.write_bytes(content.encode(errors="surrogateescape"))
    assert Store(project).find(galley) is None
    keep(project, galley)
    assert Store(project).find(galley) is not None


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("folder", ["galleys", "fragments"])
def test_what_is_damaged_is_a_miss_and_is_kept_anew(project: Project, galley: Galley, folder: str, how: str) -> None:
    keep(project, galley)
    (path,) = stored(project, folder)
    DAMAGES[how](path)
    store = Store(project)
    assert store.find(galley) is None
    if how != "gone" and not how.startswith("folder is"):
        (finding,) = store.findings()
        assert (finding.rule, finding.severity.value) == ("damaged-store", "note")
        assert path.name in finding.message
    keep(project, galley)
    healed = Store(project)
    assert healed.find(galley) is not None
    assert healed.findings() == ()


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_note_is_forgotten_and_written_anew(project: Project, how: str) -> None:
    Store(project).remember("sides", {"cover": ["any"]})
    (path,) = stored(project, "notes")
    DAMAGES[how](path)
    assert Store(project).recall("sides") == {}
    Store(project).remember("sides", {"cover": ["recto"]})
    assert Store(project).recall("sides") == {"cover": ["recto"]}


def test_a_note_moved_to_another_name_is_damaged(project: Project) -> None:
    Store(project).remember("sides", {"cover": ["any"]})
    (path,) = stored(project, "notes")
    path.rename(path.with_name("book-full.json"))
    assert Store(project).recall("book-full") == {}


def test_nothing_is_said_of_a_store_that_is_whole_or_not_there(project: Project, galley: Galley) -> None:
    store = Store(project)
    store.find(galley)
    store.recall("sides")
    keep(project, galley)
    store.find(galley)
    assert store.findings() == ()


@pytest.mark.parametrize("damaged", [b"", PDF[:-1], b"%PDF-1.7 a fragmenT", PDF + b" "])
def test_a_damaged_fragment_is_a_miss(project: Project, galley: Galley, damaged: bytes) -> None:
    keep(project, galley).write_bytes(damaged)
    assert Store(project).find(galley) is None


def test_a_missing_fragment_is_a_miss(project: Project, galley: Galley) -> None:
    keep(project, galley).unlink()
    assert Store(project).find(galley) is None


def test_the_whole_folder_may_be_deleted_between_builds(project: Project, galley: Galley) -> None:
    keep(project, galley)
    store = Store(project)
    shutil.rmtree(store.folder)
    assert store.find(galley) is None
    assert store.prune() == 0
    keep(project, galley)
    assert Store(project).find(galley) is not None


def test_a_store_that_cannot_be_written_is_an_output_error(project: Project, galley: Galley) -> None:
    write(project.output / ".store", "in the way")
    with pytest.raises(OutputError, match="cannot write"):
        keep(project, galley)


# --- two at once ---


def keep_many(root: Path, galley: Galley, start: str) -> None:
    """Write the same fragments as the other process, again and again."""
    project = Project.at(root)
    for number in range(60):
        one = replace(galley, html=f"<p>{number % 15}</p>")
        path = keep(project, one, PDF + bytes(20_000))
        found = Store(project).find(one)
        assert found is not None, start
        assert path.read_bytes() == PDF + bytes(20_000)


def test_two_processes_may_write_the_same_fragment(project: Project, galley: Galley) -> None:
    both = [
        multiprocessing.get_context("spawn").Process(target=keep_many, args=(project.root, galley, name))
        for name in ("one", "other")
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(stored(project, "galleys")) == 15
    assert len(stored(project, "fragments")) == 1, "nothing is left beside"


# --- pruning ---


def aged(path: Path, age: float, size: int = 1000) -> Path:
    write(path, bytes(size))
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def test_what_was_not_used_for_a_month_goes(project: Project) -> None:
    store = Store(project)
    old = aged(store.folder / "fragments" / "aa" / "old.pdf", 31 * DAY)
    recent = aged(store.folder / "fragments" / "aa" / "recent.pdf", 29 * DAY)
    left = aged(store.folder / "galleys" / "bb" / ".left.json.x1", 31 * DAY)
    assert store.prune() == 2
    assert not old.exists()
    assert not left.exists()
    assert recent.exists()


def test_finding_a_fragment_keeps_it(project: Project, galley: Galley) -> None:
    path = keep(project, galley)
    for one in (path, *stored(project, "galleys")):
        os.utime(one, (0, 0))
    assert Store(project).find(galley) is not None
    assert Store(project).prune() == 0
    assert Store(project).find(galley) is not None


@pytest.mark.parametrize(
    ("limit", "stay"),
    [(10_000, "1 2 3 5"), (3_500, "1 2 3"), (2_500, "1 2"), (500, "1")],
)
def test_when_there_is_too_much_the_oldest_goes_but_never_what_is_young(
    project: Project, monkeypatch: pytest.MonkeyPatch, limit: int, stay: str
) -> None:
    monkeypatch.setattr(module, "KEEP_BYTES", limit)
    store = Store(project)
    ages = {"5": 5 * DAY, "3": 3 * DAY, "2": 2 * DAY, "1": HOUR / 2}
    paths = {name: aged(store.folder / "fragments" / f"{name}.pdf", age) for name, age in ages.items()}
    assert store.prune() == 4 - len(stay.split())
    assert {name for name, path in paths.items() if path.exists()} == set(stay.split())

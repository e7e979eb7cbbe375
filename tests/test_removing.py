"""A card, a partner or an edition is taken out of the catalogue in the page, and put back: byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from conftest import CatalogueFolder, two_cards
from livret.content.catalogue import rereading
from livret.content.catalogue.folder import read_folder
from livret.content.editing.edit import CannotEdit
from livret.content.editing.removal import can_be_removed, linking, put_back, remove
from livret.content.editing.saving import text_digest
from livret.proofroom.editor import Editor, FormRequest
from livret.proofroom.events import Hub
from livret.proofroom.pictures import PagePictures
from livret.proofroom.session import Session
from livret.translation import in_language
from serving import Served, ask_for_form, serve
from web import Browser, Tab

ALERTS = "document.getElementById('alerts').innerText"
DIALOG = "document.querySelector('dialog[open]')"


def all_files(root: Path) -> dict[str, bytes]:
    folder = root / "catalogue"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def taken(folder: CatalogueFolder, name: str, state: bytes | None = None):  # type: ignore[no-untyped-def]
    """Remove the file of this name, in the state that it has."""
    found, _ = read_folder(folder.project)
    source = next(one for one in found.sources if one.path == name)
    raw = folder.path(name).read_bytes() if state is None else state
    return remove(folder.project, found, source, text_digest(raw))


def test_a_partner_goes_with_its_name_in_every_list_and_comes_back_as_it_was(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("partners/fonds.yaml", "name: Fonds\nbody: Il aide.\n")
    catalogue_folder.change("catalogue.yaml", "partners: [diair]", "partners: [diair, fonds] # dans cet ordre")
    catalogue_folder.write("editions/paca.yaml", "title: En Provence\npartners:\n  - fonds\n  - diair\n")
    before = all_files(catalogue_folder.root)
    changes = taken(catalogue_folder, "partners/diair.yaml")
    assert not catalogue_folder.path("partners/diair.yaml").exists()
    assert "partners: [fonds] # dans cet ordre\n" in catalogue_folder.path("catalogue.yaml").read_text(encoding="utf-8")
    assert catalogue_folder.path("editions/paca.yaml").read_text() == "title: En Provence\npartners:\n  - fonds\n"
    kept = catalogue_folder.root / "output" / "removed" / "partners" / "diair.yaml"
    assert kept.read_bytes() == before["partners/diair.yaml"]
    put_back(changes)
    assert all_files(catalogue_folder.root) == before


def test_a_card_goes_with_its_translations_and_its_name_in_editions(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("initiatives/kodiko.en.yaml", "pilot: {about: It unites.}\n")
    catalogue_folder.write("editions/paca.yaml", "title: En Provence\ninclude: [kodiko, aajt]\nexclude: [kodiko]\n")
    taken(catalogue_folder, "initiatives/kodiko.yaml")
    assert not list((catalogue_folder.root / "catalogue" / "initiatives").glob("kodiko*"))
    assert catalogue_folder.path("editions/paca.yaml").read_text() == "title: En Provence\ninclude: [aajt]\n"
    names = [path.name for path in (catalogue_folder.root / "output" / "removed" / "initiatives").iterdir()]
    assert sorted(names) == ["kodiko.en.yaml", "kodiko.yaml"]


def test_a_file_that_was_changed_meanwhile_stays(catalogue_folder: CatalogueFolder) -> None:
    before = all_files(catalogue_folder.root)
    with pytest.raises(CannotEdit, match="changed elsewhere"):
        taken(catalogue_folder, "initiatives/kodiko.yaml", b"pilot: {}\n")
    assert all_files(catalogue_folder.root) == before
    assert not (catalogue_folder.root / "output" / "removed").exists()


def test_files_that_another_program_has_just_deleted_are_no_fault(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/paca.yaml", "title: En Provence\n")
    catalogue_folder.write("initiatives/kodiko.en.yaml", "pilot: {about: It unites.}\n")
    found, _ = read_folder(catalogue_folder.project)
    for name in ("editions/paca.yaml", "initiatives/kodiko.en.yaml"):
        catalogue_folder.remove(name)
    source = next(one for one in found.sources if one.path == "initiatives/kodiko.yaml")
    digest = text_digest(catalogue_folder.path("initiatives/kodiko.yaml").read_bytes())
    remove(catalogue_folder.project, found, source, digest)
    assert not catalogue_folder.path("initiatives/kodiko.yaml").exists()
    with pytest.raises(CannotEdit, match="changed elsewhere"):
        remove(catalogue_folder.project, found, source, digest)


def test_nothing_is_put_over_a_file_that_has_the_name_now(catalogue_folder: CatalogueFolder) -> None:
    changes = taken(catalogue_folder, "initiatives/kodiko.yaml")
    catalogue_folder.write("initiatives/kodiko.yaml", "pilot: {name: Autre, about: Autre.}\n")
    with pytest.raises(CannotEdit, match="another file of this name"):
        put_back(changes)
    assert "Autre" in catalogue_folder.path("initiatives/kodiko.yaml").read_text()


def test_what_is_removed_twice_is_kept_twice(catalogue_folder: CatalogueFolder) -> None:
    put_back(taken(catalogue_folder, "initiatives/kodiko.yaml"))
    taken(catalogue_folder, "initiatives/kodiko.yaml")
    names = [path.name for path in (catalogue_folder.root / "output" / "removed" / "initiatives").iterdir()]
    assert sorted(names) == ["kodiko-2.yaml", "kodiko.yaml"]


def test_catalogue_and_foreword_cannot_be_removed(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("foreword.yaml", "body: Un mot.\n")
    found, _ = read_folder(catalogue_folder.project)
    names = {one.path for one in found.sources if can_be_removed(one)}
    assert names == {"initiatives/aajt.yaml", "initiatives/kodiko.yaml", "partners/diair.yaml"}


def test_a_link_to_what_was_removed_says_so_and_where_the_copy_is(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("pages/note.yaml", "title: Note\nbody: Voir [eux](partner:diair).\n")
    taken(catalogue_folder, "initiatives/kodiko.yaml")
    changes = taken(catalogue_folder, "partners/diair.yaml")
    told = [one for one in catalogue_folder.findings() if one.rule == "unknown-reference"]
    assert [(one.message, one.hints[0]) for one in told] == [
        (
            'the link to "card:kodiko" leads to no card',
            "it was removed: take its name out here too, or put it back from output/removed/initiatives/kodiko.yaml",
        ),
        (
            'the link to "partner:diair" leads to no partner',
            "it was removed: take its name out here too, or put it back from output/removed/partners/diair.yaml",
        ),
    ]
    assert in_language(told[0].message, "fr").endswith("ne mène à aucune fiche")
    put_back(changes)
    assert [one.message for one in catalogue_folder.findings() if one.rule == "unknown-reference"] == [told[0].message]


def test_files_that_link_to_it_are_counted_once_each_and_never_its_own(catalogue_folder: CatalogueFolder) -> None:
    twice = "[Kodiko](card:kodiko), et [encore](card:kodiko)"
    catalogue_folder.change("initiatives/aajt.yaml", "[Kodiko](card:kodiko)", twice)
    catalogue_folder.change("initiatives/kodiko.yaml", "réfugiés.", "réfugiés, comme [nous](card:kodiko).")
    catalogue_folder.write("initiatives/kodiko.en.yaml", "pilot: {about: 'It unites, as [we](card:kodiko) do.'}\n")
    catalogue_folder.write("pages/note.yaml", "title: Note\nbody: Voir [eux](card:kodiko-2) et card:kodiko.\n")
    found, _ = read_folder(catalogue_folder.project)
    source = next(one for one in found.sources if one.path == "initiatives/kodiko.yaml")
    assert linking(found, source) == ("catalogue/initiatives/aajt.yaml",)


def test_what_was_put_back_can_be_put_back_again_before_the_catalogue_is_read(
    catalogue_folder: CatalogueFolder,
) -> None:
    """The answer may have been lost, and the button pressed again."""
    project, file = catalogue_folder.project, "catalogue/initiatives/kodiko.yaml"
    before = all_files(catalogue_folder.root)
    session = Session(project, Hub(), PagePictures())
    session.reading = rereading.read(project)
    editor = Editor(session)
    editor.remove(FormRequest(file, "en", {}), text_digest(before["initiatives/kodiko.yaml"]))
    session.reading = rereading.read(project)
    for _ in range(2):
        assert editor.put_back(file) == {"file": file}
    assert all_files(catalogue_folder.root) == before


def test_what_was_removed_or_written_just_now_is_known_before_the_catalogue_is_read(
    catalogue_folder: CatalogueFolder,
) -> None:
    """On a slow machine, somebody may ask for the next thing before."""
    catalogue_folder.write("editions/paca.yaml", "title: En Provence\n")
    project, file = catalogue_folder.project, "catalogue/initiatives/kodiko.yaml"
    session = Session(project, Hub(), PagePictures())
    session.reading = rereading.read(project)
    editor = Editor(session)

    def done(job: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        """What a job answers; the catalogue is read when the job is done, or waits for that."""
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(job, *given)
            wait([answer], 0.3)
            while not answer.done():
                session.desk.give_way()
        return answer.result()

    edition, card = (FormRequest(name, "en", {}) for name in ("catalogue/editions/paca.yaml", file))
    assert done(editor.remove, edition, text_digest(b"title: En Provence\n"))["role"] == "editions"
    assert done(editor.remove, card, text_digest(all_files(catalogue_folder.root)["initiatives/kodiko.yaml"]))
    session.desk.give_way()
    editor.put_back(file)
    assert done(editor.load, card)["file"] == file


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("removing") / "project")
    folder.change("initiatives/aajt.yaml", "[Kodiko](card:kodiko)", "Kodiko")
    folder.write("editions/paca.yaml", "title: En Provence\n")
    with serve(folder.root) as started:
        started.until_settled()
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[Tab]:
    tab = chromium.tab()
    tab.size(1280, 900)
    yield tab
    chromium.close()


def removing(tab: Tab, served: Served, address: str) -> None:
    """Ask for the removal below the form of a part."""
    tab.open(served.address + address)
    ask_for_form(tab)
    tab.until("document.querySelector('.removal button') !== null")
    tab.run("document.querySelector('.removal button').click()")
    tab.until(f"{DIALOG} !== null")


def test_a_card_is_removed_in_the_page_and_put_back(tab: Tab, served: Served) -> None:
    before = all_files(served.folder)
    removing(tab, served, "#/full/forum/card-kodiko")
    said = tab.run(f"{DIALOG}.innerText")
    assert "Kodiko\n" in said
    assert "kodiko.yaml will be taken out of the catalogue" in said
    assert tab.violations() == []
    tab.run(f"{DIALOG}.querySelector('.buttons button:last-child').click()")
    assert all_files(served.folder) == before
    tab.run("document.querySelector('.removal button').click()")
    tab.until(f"{DIALOG} !== null")
    tab.run(f"{DIALOG}.querySelector('.main').click()")
    tab.until(f"location.hash === '#/full/forum' && {ALERTS}.includes('kodiko.yaml was removed')")
    tab.until("document.querySelector('.wall') && !document.querySelector('.wall [data-part=card-kodiko]')")
    assert all_files(served.folder) == {name: raw for name, raw in before.items() if name != "initiatives/kodiko.yaml"}
    tab.run("document.querySelector('.removed button').click()")
    tab.until("document.querySelector('.wall [data-part=card-kodiko]') !== null")
    assert all_files(served.folder) == before
    tab.until(f"{ALERTS} === ''")


def test_an_edition_is_removed_on_its_cover(tab: Tab, served: Served) -> None:
    removing(tab, served, "#/paca/forum/cover")
    tab.run(f"{DIALOG}.querySelector('.main').click()")
    tab.until("[...document.getElementById('edition').options].every((one) => one.value !== 'paca')")
    assert not (served.folder / "catalogue" / "editions" / "paca.yaml").exists()


def test_before_a_card_is_removed_it_is_told_what_links_to_it(tab: Tab, served: Served) -> None:
    page = served.folder / "catalogue" / "pages" / "note.yaml"
    page.parent.mkdir(exist_ok=True)
    page.write_text("title: Note\nbody: Voir [eux](card:kodiko).\n", encoding="utf-8")
    tab.open(served.address)
    asked = "/api/links?edition=full&layout=forum&file=catalogue/initiatives/kodiko.yaml"
    tab.until(f"fetch('{asked}').then((one) => one.json()).then((one) => one.number === 1)")
    removing(tab, served, "#/full/forum/card-kodiko")
    said = tab.run(f"{DIALOG}.innerText")
    assert "Files with a link to it, which will lead nowhere: 1\n\ncatalogue/pages/note.yaml" in said
    assert tab.violations() == []
    page.unlink()

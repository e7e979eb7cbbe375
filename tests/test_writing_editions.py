"""The forms of editions in the proof room: what is typed on the cover of an edition is that edition's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import two_cards
from serving import Served, ask_for_form, control, serve, until_file, until_printed
from web import Browser, Tab

FORM = "document.querySelector('.edit-form')"
FILES = "[...document.querySelectorAll('.edit-languages button')]"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("editions") / "project")
    folder.write("editions/paca.yaml", "title: En Provence\nterritories: [FR-PAC]\n")
    with serve(folder.root) as started:
        started.until_settled("paca")
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[Tab]:
    tab = chromium.tab()
    tab.size(1280, 900)
    tab.open(served.address)
    tab.until("document.querySelectorAll('.wall img').length > 0")
    yield tab
    chromium.close()


def title(tab: Tab, text: str) -> None:
    """Type a title over the one that stands in the form."""
    box = f"{FORM}.querySelector('[data-path=\\'[\"title\"]\\'] input')"
    tab.until(f"{box} !== null")
    tab.run(f"{box}.focus(); {box}.select()")
    tab.ask("Input.insertText", text=text)


def write(tab: Tab, address: str) -> None:
    """Open a part for writing."""
    tab.run(f"location.hash = {address!r}")
    ask_for_form(tab)
    tab.until(f"{FORM}?.childElementCount > 5")


def catalogue(served: Served) -> Path:
    return served.folder / "catalogue"


def test_a_title_typed_on_the_cover_of_an_edition_is_the_edition_s(tab: Tab, served: Served) -> None:
    before = (catalogue(served) / "catalogue.yaml").read_bytes()
    write(tab, "#/paca/forum/cover")
    title(tab, "Dans le Sud")
    until_printed(tab, served, "Dans le Sud")
    assert (catalogue(served) / "editions" / "paca.yaml").read_text() == "title: Dans le Sud\nterritories: [FR-PAC]\n"
    assert (catalogue(served) / "catalogue.yaml").read_bytes() == before


def test_what_all_editions_have_in_common_is_a_click_away_and_the_form_follows_the_edition(
    tab: Tab, served: Served
) -> None:
    write(tab, "#/paca/forum/cover")
    assert tab.run(f"{FILES}.map((one) => one.innerText + one.ariaPressed)") == [
        "This editiontrue",
        "All editionsfalse",
    ]
    tab.run(f"{FILES}[1].click()")
    themes = "document.querySelector('[data-path=\\'[\"themes\"]\\']')"
    tab.until(f"{themes}?.querySelector('.rows > li') !== null && {FILES}[1].ariaPressed === 'true'")
    tab.run("location.hash = '#/full/forum/cover'")
    tab.until(f"{FILES}.length === 0 && {FORM}?.childElementCount > 5")


def test_a_theme_gets_its_id_from_its_name(tab: Tab, served: Served) -> None:
    write(tab, "#/full/forum/cover")
    themes = "document.querySelector('[data-path=\\'[\"themes\"]\\']')"
    tab.run(f"{themes}.closest('details').open = true; {themes}.querySelector(':scope > button').click()")
    row = f"[...{themes}.querySelectorAll('.rows > li')].at(-1)"
    tab.until(f"document.activeElement === {row}.querySelector('input')")
    tab.ask("Input.insertText", text="Santé & bien-être à l’œuvre")
    assert tab.run(f"[...{row}.querySelectorAll('input')][1].value") == "sante-bien-etre-a-l-oeuvre"
    end = time.monotonic() + 60
    new = "  - id: sante-bien-etre-a-l-oeuvre\n    name: Santé & bien-être à l’œuvre\n"
    while new not in (catalogue(served) / "catalogue.yaml").read_text(encoding="utf-8"):
        assert time.monotonic() < end
        time.sleep(0.02)
    # A theme that cards may have keeps its id.
    first = f"{themes}.querySelector('.rows > li')"
    tab.run(f"{first}.querySelector('input').focus()")
    tab.ask("Input.insertText", text="Et ")
    assert tab.run(f"[...{first}.querySelectorAll('input')][1].value") == "logement"


def test_a_field_stays_in_sight_when_an_error_is_told_above_the_pages(tab: Tab, served: Served) -> None:
    write(tab, "#/full/forum/card-aajt")
    box = f"{FORM}.querySelector('[data-path=\\'[\"title\"]\\'] input')"
    tab.run(f"{box}.focus({{ preventScroll: true }}); {box}.scrollIntoView({{ block: 'end' }})")
    card = served.card("kodiko")
    good = card.read_text(encoding="utf-8")
    card.write_text(good.replace("name: Kodiko", "nom: Kodiko"), encoding="utf-8")
    tab.until("document.querySelector('#alerts .errors') !== null")
    tab.until(f"{box}.getBoundingClientRect().bottom <= innerHeight")
    card.write_text(good, encoding="utf-8")
    tab.until("document.querySelector('#alerts .errors') === null")


def test_a_catalogue_that_cannot_be_shown_is_mended_in_its_form(chromium: Browser, tmp_path: Path) -> None:
    folder = two_cards(tmp_path / "project")
    folder.change("catalogue.yaml", "id: emploi\n", "id: L'Emploi\n")
    with serve(folder.root) as served:
        tab = chromium.tab()
        tab.open(served.address)
        tab.until("document.querySelector('#alerts .place') !== null")
        tab.run("document.querySelector('#alerts .place').click()")
        tab.until('document.activeElement.value === "L\'Emploi"')
        tab.run("document.activeElement.select()")
        tab.ask("Input.insertText", text="emploi")
        tab.until("document.querySelectorAll('.wall a').length > 5")
        assert "id: emploi\n" in folder.path("catalogue.yaml").read_text(encoding="utf-8")
        chromium.close()


def test_a_click_on_an_error_above_the_pages_goes_to_its_field(tab: Tab, served: Served) -> None:
    card = served.card("kodiko")
    good = card.read_text(encoding="utf-8")
    card.write_text(good + "language: anglais\n", encoding="utf-8")
    tab.until("document.querySelector('#alerts .place') !== null")
    tab.run("document.querySelector('#alerts .place').click()")
    tab.until("document.activeElement.value === 'anglais'")
    assert "card-kodiko" in tab.run("location.hash")
    card.write_text(good, encoding="utf-8")
    tab.until("document.querySelector('#alerts .errors') === null")


def test_a_new_edition_opens_where_it_is_said_which_cards_it_has(tab: Tab, served: Served) -> None:
    tab.run("document.getElementById('new').click()")
    tab.until("document.querySelector('dialog[open] select') !== null")
    label = "document.querySelector('dialog input').closest('label').innerText.trim()"
    assert tab.run(label) == "Name of the organisation"
    tab.run("document.querySelector('dialog select').value = 'edition'")
    tab.run("document.querySelector('dialog select').dispatchEvent(new Event('change'))")
    assert tab.run(label) == "Title of the edition"
    tab.run("document.querySelector('dialog input').value = 'Logement'; document.querySelector('dialog .main').click()")
    tab.until("location.hash === '#/logement/forum/cover'")
    tab.until(f"{FORM}?.childElementCount > 5 && {FILES}.length === 2")
    names = tab.run(f"[...{FORM}.querySelectorAll('.field')].map((one) => JSON.parse(one.dataset.path)[0])")
    assert list(dict.fromkeys(names))[:7] == [
        "title", "subtitle", "territories", "themes", "national", "include", "exclude",
    ]  # fmt: skip
    title(tab, "Le logement")
    until_printed(tab, served, "Le logement")
    assert "title: Le logement\n" in (catalogue(served) / "editions" / "logement.yaml").read_text()


def test_an_edition_gets_a_foreword_of_its_own_from_the_one_of_all(tab: Tab, served: Served) -> None:
    """Who writes in the foreword of an edition is told that it stands in all of them."""
    shared = served.folder / "catalogue" / "foreword.yaml"
    shared.write_text("title: À tous\nbody: Pour toutes les régions.\n", encoding="utf-8")
    edition = served.folder / "catalogue" / "editions" / "paca.yaml"
    before = edition.read_text(encoding="utf-8")
    tab.run("location.hash = '#/paca/forum'")
    tab.until("document.querySelector('.wall [data-part=foreword]') !== null")
    write(tab, "#/paca/forum/foreword")
    tab.until("document.querySelector('.shared button') !== null")
    assert tab.run("document.querySelector('.shared p').textContent").startswith("These words stand in all editions")
    tab.run("document.querySelector('.shared button').click()")
    until_file(edition, f"{before}foreword: editions/forewords/paca.yaml\n")
    tab.until("document.querySelector('.shared') === null && document.querySelectorAll('.edit-form .field').length > 2")
    body = control("body")
    tab.until(f"{body} !== null")
    tab.run(f"{body}.focus(); {body}.select()")
    tab.ask("Input.insertText", text="Pour la nôtre.")
    own = served.folder / "catalogue" / "editions" / "forewords" / "paca.yaml"
    until_file(own, "title: À tous\nbody: Pour la nôtre.\n")
    assert shared.read_text(encoding="utf-8") == "title: À tous\nbody: Pour toutes les régions.\n"
    # The main booklet has the shared one, and nothing to tell.
    write(tab, "#/full/forum/foreword")
    assert tab.run("document.querySelector('.shared') === null")
    edition.write_text(before, encoding="utf-8")

"""The forms of editions in the proof room: what is typed on the cover of an edition is that edition's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import two_cards
from serving import Served, serve, until_printed
from web import Browser, Tab, browser

FORM = "document.querySelector('.edit-form')"
FILES = "[...document.querySelectorAll('.edit-languages button')]"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("editions") / "project")
    folder.write("editions/paca.yaml", "title: En Provence\nterritories: [FR-PAC]\n")
    with serve(folder.root) as started:
        started.until_settled("paca")
        yield started


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser(["--accept-lang=en"]) as started:
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
    tab.until("document.querySelectorAll('.panes button').length > 1")
    tab.run("document.querySelectorAll('.panes button')[1].click()")
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


def test_a_new_edition_opens_where_it_is_said_which_cards_it_has(tab: Tab, served: Served) -> None:
    tab.run("document.getElementById('new').click()")
    tab.until("document.querySelector('dialog[open] select') !== null")
    tab.run("document.querySelector('dialog select').value = 'edition'")
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

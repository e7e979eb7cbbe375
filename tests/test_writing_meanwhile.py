"""Writing in the proof room while the file changes elsewhere or answers come late: words and cursor stay in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import FILES, two_cards
from serving import (
    ANSWER_HELD,
    HELD,
    Served,
    control,
    fate,
    open_form,
    serve,
    until_file,
    until_listening,
    write,
)
from web import Browser, Tab

TEXT = FILES["initiatives/aajt.yaml"]
assert isinstance(TEXT, str)
UNDO, REDO = (f"document.querySelectorAll('.edit-top button')[{at}]" for at in (0, 1))
STATUS = "document.querySelector('.saved').textContent"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(two_cards(tmp_path_factory.mktemp("meanwhile") / "project").root) as started:
        started.remember("aajt")
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served, card: Path) -> Iterator[Tab]:
    """The form of the card, once the page listens to the server and is quiet."""
    tab = chromium.tab()
    tab.size(1280, 900)
    open_form(tab, f"{served.address}#/full/forum/card-aajt")
    until_listening(tab)
    yield tab
    chromium.close()


def test_an_answer_from_before_a_save_does_not_take_back_what_was_typed(tab: Tab, card: Path) -> None:
    fate(tab, f"what.startsWith('GET /api/form') && !window.release ? {ANSWER_HELD} : go()")
    card.write_text(TEXT.replace("role: Direction", "role: Accueil"), encoding="utf-8")
    tab.until("typeof release === 'function'")
    write(tab, "Un autre titre", "title")
    tab.until(f"{STATUS} === 'Saved'")
    tab.run(f"{control('title')}.setSelectionRange(3, 3)")
    tab.run("release()")
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Accueil'")
    assert tab.run(f"[{control('title')}.value, {control('title')}.selectionStart]") == ["Un autre titre", 3]


@pytest.mark.parametrize("half", ["", 'title: "Coup de'])
def test_the_cursor_stays_where_it_is_while_another_program_empties_a_file_to_save_it(
    tab: Tab, card: Path, half: str
) -> None:
    # What is emptied is seen once; it is asked for again when the file is whole.
    second = "what.startsWith('GET /api/form') && seen.filter((one) => one.startsWith('GET /api/form')).length === 2"
    fate(tab, f"{second} ? {HELD} : go()")
    tab.run(f"{control('title')}.focus(); {control('title')}.setSelectionRange(5, 7)")
    card.write_text(half, encoding="utf-8")
    tab.until("typeof release === 'function'")
    card.write_text(TEXT.replace("title: Coup", "title: Un coup"), encoding="utf-8")
    tab.run("release()")
    tab.until(f"{control('title')}.value === 'Un coup de Pouce'")
    title = control("title")
    told = f"[document.activeElement === {title}, {title}.selectionStart, {title}.selectionEnd]"
    # Behind "Coup ", as before, and "de" is marked.
    assert tab.run(told) == [True, 8, 10]


def test_the_cursor_comes_back_when_a_file_that_could_not_be_read_is_mended_elsewhere(tab: Tab, card: Path) -> None:
    title = control("title")
    tab.run(f"{title}.focus(); {title}.setSelectionRange(5, 7)")
    card.write_text('title: "Coup de', encoding="utf-8")
    tab.until("document.querySelector('.mend')?.hidden === false && document.activeElement === document.body")
    card.write_text(TEXT.replace("title: Coup", "title: Un coup"), encoding="utf-8")
    tab.until(f"document.activeElement === {title}")
    assert tab.run(f"[{title}.value, {title}.selectionStart, {title}.selectionEnd]") == ["Un coup de Pouce", 8, 10]


def test_the_cursor_stays_in_its_field_when_another_field_of_the_row_changes(tab: Tab, card: Path) -> None:
    email = control("contacts", 0, "email")
    tab.run(f"{email}.focus(); {email}.setSelectionRange(4, 4)")
    card.write_text(TEXT.replace("role: Direction", "role: Accueil"), encoding="utf-8")
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Accueil'")
    assert tab.run(f"[document.activeElement === {email}, {email}.selectionStart]") == [True, 4]


def test_undo_waits_for_what_is_being_saved(tab: Tab, card: Path) -> None:
    fate(tab, f"what.startsWith('PUT') ? {ANSWER_HELD} : go()")
    write(tab, "Un autre titre", "title")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until("typeof release === 'function'")
    # The last change that the page knows of is another one.
    tab.run(f"{UNDO}.disabled = false; {UNDO}.click()")
    tab.run("new Promise((done) => setTimeout(done, 500))")
    assert tab.run("seen.filter((one) => one.includes('/api/undo')).length") == 0
    tab.run("release()")
    until_file(card, TEXT)
    tab.until(f"{control('title')}.value === 'Coup de Pouce' && !{REDO}.disabled")


def test_what_is_typed_while_something_is_undone_stays_and_is_saved(tab: Tab, card: Path) -> None:
    fate(tab, f"what.endsWith('/api/undo') && !window.release ? {ANSWER_HELD} : go()")
    write(tab, "Un autre titre", "title")
    tab.until(f"{STATUS} === 'Saved'")
    tab.run(f"{UNDO}.click()")
    tab.until("typeof release === 'function'")
    write(tab, "AJT", "pilot", "acronym")
    # Longer than what is typed waits before it is saved.
    tab.run("new Promise((done) => setTimeout(done, 600))")
    tab.run("release()")
    until_file(card, TEXT.replace("acronym: AAJT", "acronym: AJT"))
    assert tab.run(f"[{control('title')}.value, {control('pilot', 'acronym')}.value]") == ["Coup de Pouce", "AJT"]


def test_two_quick_clicks_undo_two_changes(tab: Tab, card: Path) -> None:
    for text in ("Un autre titre", "Encore un autre"):
        write(tab, text, "title")
        until_file(card, TEXT.replace("Coup de Pouce", text))
    tab.until(f"{STATUS} === 'Saved'")
    tab.run(f"{UNDO}.click(); {UNDO}.click()")
    until_file(card, TEXT)
    tab.until(f"{control('title')}.value === 'Coup de Pouce'")

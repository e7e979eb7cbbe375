"""Writing in the proof room on a bad connection: answers are lost, late or refused, and no word is."""

from __future__ import annotations

import json
import time
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
from web import PATIENCE, Browser, Tab

TEXT = FILES["initiatives/aajt.yaml"]
OTHER = FILES["initiatives/kodiko.yaml"]
assert isinstance(TEXT, str)
assert isinstance(OTHER, str)
STATUS = "document.querySelector('.saved').textContent"
ALERTS = "document.getElementById('alerts').textContent"
FORM = "document.querySelector('.edit-form')"
BOUND = "document.getElementById('progress').dataset.what === 'bound'"
WALL = "fetch('/api/wall?edition=full&layout=forum').then((one) => one.json())"
SAVE = "what.startsWith('PUT /api/form')"
LEFT = "document.querySelector('#alerts .unsaved button')"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("lost") / "project")
    folder.write("editions/court.yaml", "title: Court\nexclude: []\n")
    with serve(folder.root) as started:
        started.until_settled()
        started.until_settled("court")
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
    assert tab.events("Runtime.exceptionThrown") == []
    chromium.close()


def go_to(tab: Tab, name: str) -> None:
    """Go to another card, and to its form."""
    tab.run(f"location.hash = '#/full/forum/card-{name}'")
    start = {"aajt": "Association", "kodiko": "Kodiko"}[name]
    tab.until(f"{control('pilot', 'name')}?.value.startsWith({start!r}) && !document.querySelector('.beside').inert")


def test_words_that_could_not_be_saved_when_the_card_was_left_are_told_and_are_there_again(
    tab: Tab, card: Path
) -> None:
    fate(tab, f"{SAVE} ? lose() : go()")
    write(tab, "Un autre titre", "title")
    go_to(tab, "kodiko")
    tab.until(f"{LEFT}?.textContent === 'catalogue/initiatives/aajt.yaml'")
    tab.run(f"{LEFT}.click()")
    tab.until(f"{control('title')}?.value === 'Un autre titre'")
    assert tab.run(LEFT) is None
    fate(tab, "go()")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until(f"{STATUS} === 'Saved'")


def test_words_of_a_card_that_was_left_are_saved_as_soon_as_the_server_answers(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} ? lose() : go()")
    write(tab, "Un autre titre", "title")
    go_to(tab, "kodiko")
    tab.until(f"{LEFT} !== null")
    fate(tab, "go()")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until(f"{LEFT} === null")


def test_words_in_a_conflict_stay_when_another_card_is_looked_at(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} ? {HELD} : go()")
    write(tab, "Mon titre", "title")
    tab.until("typeof release === 'function'")
    theirs = TEXT.replace("title: Coup", "title: Un coup")
    card.write_text(theirs, encoding="utf-8")
    tab.run("release()")
    tab.until("document.querySelector('.differences') !== null")
    fate(tab, "go()")
    go_to(tab, "kodiko")
    go_to(tab, "aajt")
    assert tab.run(f"{control('title')}.value") == "Mon titre"
    tab.run("document.querySelector('.edit-alert .main').click()")
    until_file(card, TEXT.replace("title: Coup de Pouce", "title: Mon titre"))


def test_words_in_a_window_that_is_closed_before_they_are_saved_are_told_too(tab: Tab, served: Served) -> None:
    path = served.folder / "catalogue" / "editions" / "court.yaml"
    good = path.read_text(encoding="utf-8")
    dialog = "document.querySelector('dialog.file[open]')"
    path.write_text(good + "language: anglais\n", encoding="utf-8")
    tab.until("document.querySelector('#alerts .errors .place') !== null")
    tab.run("document.querySelector('#alerts .errors .place').click()")
    box = f"{dialog}?.querySelector('[data-path=\\'[\"title\"]\\'] input')"
    tab.until(f"Boolean({box})")
    fate(tab, f"{SAVE} ? lose() : go()")
    tab.run(f"{box}.focus(); {box}.select()")
    tab.ask("Input.insertText", text="Bref")
    tab.run(f"[...{dialog}.querySelectorAll('.buttons button')].at(-1).click()")
    tab.until(f"{LEFT}?.textContent === 'catalogue/editions/court.yaml'")
    fate(tab, "go()")
    until_file(path, good.replace("Court", "Bref") + "language: anglais\n")
    tab.until(f"{LEFT} === null")
    path.write_text(good, encoding="utf-8")
    tab.until(f"{ALERTS} === ''")


def test_a_save_whose_answer_is_lost_is_no_conflict(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} ? go().then(lose) : go()")
    write(tab, "Un autre titre", "title")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until(f"{STATUS} === 'Not saved'")
    tab.ask("Input.insertText", text=" encore")
    fate(tab, "go()")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre encore"))
    tab.until(f"{STATUS} === 'Saved'")
    assert tab.run("document.querySelector('.edit-alert').textContent") == ""


def test_a_save_that_a_busy_server_refuses_is_sent_again_and_the_cursor_stays(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} && seen.filter((one) => one === what).length < 3 ? busy() : go()")
    write(tab, "Un autre titre", "title")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until(f"{STATUS} === 'Saved'")
    assert tab.run(f"[document.activeElement === {control('title')}, {control('title')}.selectionStart]") == [True, 14]


def test_what_others_save_while_an_answer_is_late_is_shown_after_it(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} ? {ANSWER_HELD} : go()")
    write(tab, "Un autre titre", "title")
    tab.until("typeof release === 'function'")
    theirs = TEXT.replace("Coup de Pouce", "Un autre titre").replace("role: Direction", "role: Accueil")
    tab.run("document.getElementById('progress').dataset.what = ''")
    card.write_text(theirs, encoding="utf-8")
    # The page has heard of it, and of all that follows.
    tab.until(BOUND)
    tab.run("new Promise((done) => setTimeout(done, 700))")
    tab.run("release()")
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Accueil'")


def test_a_field_in_which_the_cursor_is_shows_what_others_saved_while_another_field_was_saved(
    tab: Tab, card: Path
) -> None:
    fate(tab, f"{SAVE} ? {HELD} : go()")
    write(tab, "Un autre titre", "title")
    tab.run(f"{control('pilot', 'acronym')}.focus()")
    tab.until("typeof release === 'function'")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: AJT"), encoding="utf-8")
    tab.run("release()")
    tab.until(f"{control('pilot', 'acronym')}.value === 'AJT'")
    until_file(card, TEXT.replace("acronym: AAJT", "acronym: AJT").replace("Coup de Pouce", "Un autre titre"))


def test_a_question_for_a_form_that_is_refused_is_asked_again(tab: Tab, card: Path) -> None:
    fate(tab, "what.startsWith('GET /api/form') ? busy() : go()")
    tab.run("document.getElementById('progress').dataset.what = ''")
    card.write_text(TEXT.replace("role: Direction", "role: Accueil"), encoding="utf-8")
    tab.until(BOUND)
    tab.run("new Promise((done) => setTimeout(done, 700))")
    fate(tab, "go()")
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Accueil'")


def test_a_form_whose_file_is_not_there_yet_comes_as_soon_as_it_is(tab: Tab, card: Path) -> None:
    """On a slow machine, a page may be seen before its file has been put back."""
    gone = "new Response('{}', { status: 404, headers: { 'content-type': 'application/json' } })"
    fate(tab, f"what.startsWith('GET /api/form') ? {gone} : go()")
    tab.run("location.hash = '#/full/forum/card-kodiko'")
    tab.until("document.querySelector('.edit-alert strong')?.textContent === 'This file is no longer there.'")
    fate(tab, "go()")
    card.write_text(TEXT.replace("role: Direction", "role: Accueil"), encoding="utf-8")
    tab.until(f"{control('pilot', 'name')}?.value === 'Kodiko'")
    assert tab.run("document.querySelector('.edit-alert').textContent") == ""


def test_the_cursor_stays_in_the_field_to_which_it_was_moved_while_something_is_undone(tab: Tab, card: Path) -> None:
    write(tab, "Un autre titre", "title")
    until_file(card, TEXT.replace("Coup de Pouce", "Un autre titre"))
    tab.until(f"{STATUS} === 'Saved'")
    fate(tab, f"what.includes('/api/undo') ? {ANSWER_HELD} : go()")
    tab.run("document.querySelector('.edit-top button').click()")
    tab.until("typeof release === 'function'")
    email = control("contacts", 0, "email")
    tab.run(f"{email}.focus(); {email}.setSelectionRange(4, 4); release()")
    tab.until(f"{control('title')}.value === 'Coup de Pouce'")
    assert tab.run(f"[document.activeElement === {email}, {email}.selectionStart]") == [True, 4]


def test_nobody_writes_in_a_form_while_another_takes_its_place(tab: Tab, card: Path) -> None:
    fate(tab, f"what.includes('/api/spread') ? {HELD} : go()")
    tab.run("location.hash = '#/full/forum/card-kodiko'")
    tab.until("typeof release === 'function'")
    assert tab.run("document.querySelector('.beside').inert")
    fate(tab, "go()")
    tab.run("release()")
    tab.until(f"{control('pilot', 'name')}?.value === 'Kodiko'")
    assert not tab.run("document.querySelector('.beside').inert")


def test_two_quick_clicks_save_a_mended_text_once(tab: Tab, card: Path) -> None:
    box = "document.querySelector('.mend:not([hidden]) textarea')"
    card.write_text(TEXT.replace("title: Coup", 'title: "Coup'), encoding="utf-8")
    tab.until(f"{box}?.value.includes('\"Coup')")
    tab.run(f"{box}.value = {box}.value.replace('\"Coup', 'Coup')")
    fate(tab, f"what === 'PUT /api/text' ? {ANSWER_HELD} : go()")
    tab.run("document.querySelector('.mend .main').click(); document.querySelector('.mend .main').click()")
    tab.until("typeof release === 'function'")
    # What would be typed now would be in no file.
    assert tab.run(f"{box}.readOnly")
    tab.run("release()")
    tab.until(f"!{FORM}.hidden")
    until_file(card, TEXT)
    assert tab.run("seen.filter((one) => one === 'PUT /api/text').length") == 1
    assert tab.run("document.querySelector('.edit-alert').textContent") == ""


def test_a_text_that_somebody_has_begun_to_mend_is_there_again_after_another_card(tab: Tab, card: Path) -> None:
    box = "document.querySelector('.mend:not([hidden]) textarea')"
    card.write_text(TEXT.replace("title: Coup", 'title: "Coup'), encoding="utf-8")
    tab.until(f"{box}?.value.includes('\"Coup')")
    tab.run(f"{box}.value = {box}.value.replace('\"Coup', 'Mon coup')")
    go_to(tab, "kodiko")
    tab.until(f"{LEFT} !== null")
    tab.run("location.hash = '#/full/forum/card-aajt'")
    tab.until(f"{box}?.value.includes('Mon coup')")


def test_two_quick_clicks_begin_one_card(tab: Tab, served: Served) -> None:
    tab.run("document.getElementById('new').click()")
    tab.until("document.querySelector('dialog[open]') !== null")
    tab.ask("Input.insertText", text="Les Ateliers")
    fate(tab, f"what === 'POST /api/new' ? {ANSWER_HELD} : go()")
    tab.run("document.querySelector('dialog .main').click(); document.querySelector('dialog .main').click()")
    tab.until("typeof release === 'function'")
    tab.run("document.querySelector('dialog .buttons button:last-child').click()")
    assert tab.run("document.querySelector('dialog[open]') !== null")
    tab.run("release()")
    tab.until("document.querySelector('dialog') === null")
    assert tab.run("seen.filter((one) => one === 'POST /api/new').length") == 1
    assert sorted(path.stem for path in served.card("aajt").parent.glob("les-*.yaml")) == ["les-ateliers"]


def test_who_goes_to_another_card_before_a_new_one_is_there_stays_there(tab: Tab, served: Served) -> None:
    tab.run("document.getElementById('new').click()")
    tab.until("document.querySelector('dialog[open]') !== null")
    tab.ask("Input.insertText", text="Lumière")
    fate(tab, f"what.includes('/api/wall') ? {HELD} : go()")
    tab.run("document.querySelector('dialog .main').click()")
    tab.until("document.querySelector('dialog') === null && typeof release === 'function'")
    go_to(tab, "kodiko")
    fate(tab, "go()")
    tab.run("release()")
    tab.until(f"{WALL}.then((wall) => 'card-lumiere' in wall.parts)")
    served.until_settled()
    tab.run("new Promise((done) => setTimeout(done, 700))")
    assert tab.run("location.hash") == "#/full/forum/card-kodiko"


def test_a_removal_is_asked_for_though_the_form_is_built_anew_meanwhile(tab: Tab, card: Path) -> None:
    fate(tab, f"{SAVE} ? {HELD} : go()")
    write(tab, "Mon titre", "title")
    tab.until("typeof release === 'function'")
    card.write_text(TEXT.replace("title: Coup", "title: Un coup"), encoding="utf-8")
    tab.run("window.save = release")
    fate(tab, f"what.includes('/api/links') ? {ANSWER_HELD} : go()")
    tab.run("save()")
    tab.until("document.querySelector('.differences') !== null")
    tab.run("window.release = null; document.querySelector('.removal button').click()")
    tab.until("typeof release === 'function'")
    tab.run("[...document.querySelectorAll('.edit-alert .buttons button')].at(-1).click()")
    tab.until(f"{control('title')}.value === 'Un coup de Pouce'")
    tab.run("release()")
    tab.until("document.querySelector('dialog[open] .main')?.textContent === 'Remove'")
    tab.run("[...document.querySelectorAll('dialog[open] .buttons button')].at(-1).click()")
    tab.until("document.querySelector('dialog') === null && document.activeElement.matches('.removal button')")


def test_a_removal_whose_answer_is_lost_is_put_back_after_a_second_click(tab: Tab, served: Served, card: Path) -> None:
    question = "document.querySelector('dialog[open]')"
    for path in ("/api/remove", "/api/put-back"):
        fate(tab, f"what === 'POST {path}' ? go().then(lose) : go()")
        if path == "/api/remove":
            tab.run("document.querySelector('.removal button').click()")
            button, told = f"{question}?.querySelector('.main')", f"{question}.querySelector('.problem').textContent"
        else:
            button, told = "document.querySelector('#alerts .removed button')", ALERTS
        tab.until(f"Boolean({button})")
        tab.run(f"{button}.click()")
        tab.until(f"{told}.includes('does not answer')")
        fate(tab, "go()")
        tab.run(f"{button}.click()")
        tab.until(f"{button} {'===' if path == '/api/put-back' else '=='} null || !{question}")
    until_file(card, TEXT)
    tab.until(f"!{ALERTS}.includes('removed')")


def test_a_file_that_was_broken_at_a_conflict_and_is_mended_since_takes_the_words(served: Served, card: Path) -> None:
    names = {"edition": "full", "layout": "forum", "file": "catalogue/initiatives/aajt.yaml"}
    headers = {"content-type": "application/json", "origin": f"http://127.0.0.1:{served.port}"}

    def put(digest: str) -> tuple[int, dict[str, dict[str, str]]]:
        content = {**names, "digest": digest, "changes": [{"path": ["title"], "value": "Mon titre"}]}
        status, body, _ = served.ask("/api/form", "PUT", json.dumps(content).encode(), headers)
        return status, json.loads(body)

    digest = served.json("/api/form", **names)["digest"]
    card.write_text(TEXT.replace("title: Coup", 'title: "Coup'), encoding="utf-8")
    status, told = put(digest)
    assert status == 409
    card.write_text(TEXT, encoding="utf-8")
    status, told = put(told["conflict"]["digest"])
    assert (status, list(told)) == (409, ["conflict"])
    assert put(told["conflict"]["digest"])[0] == 200
    assert card.read_text(encoding="utf-8") == TEXT.replace("Coup de Pouce", "Mon titre")


# A third of all saves is refused, or lost before or after the file has it; every answer comes late, in any order.
RANDOM = """new Promise((done) => setTimeout(done, 300 * chance())).then(() => {
  const fates = what.startsWith("PUT") ? [lose, busy, () => go().then(lose), go, go, go, go, go, go] : [go];
  return fates[Math.floor(fates.length * chance())]();
})"""


@pytest.mark.parametrize("seed", [7, 1848])
def test_the_last_words_of_each_field_are_in_the_files_whatever_becomes_of_requests(
    tab: Tab, served: Served, card: Path, seed: int
) -> None:
    other = served.card("kodiko")
    try:
        tab.run(f"(() => {{ let at = {seed}; window.chance = () => (at = (at * 48271) % 2147483647) / 2147483647 }})()")
        fate(tab, RANDOM)
        for number in range(12):
            go_to(tab, ("aajt", "kodiko")[number // 2 % 2])
            write(tab, f"Mot {number}", *(("title",), ("pilot", "acronym"))[number % 2])
        fate(tab, "go()")
        end = time.monotonic() + PATIENCE
        wanted = [
            (card, "title: Mot 8\n"),
            (card, "acronym: Mot 9\n"),
            (other, "title: Mot 10\n"),
            (other, "acronym: Mot 11\n"),
        ]
        while missing := [line for path, line in wanted if line not in path.read_text(encoding="utf-8")]:
            assert time.monotonic() < end, missing
            time.sleep(0.05)
        tab.until(f"{STATUS} === 'Saved' && {LEFT} === null")
    finally:
        other.write_text(str(OTHER), encoding="utf-8")

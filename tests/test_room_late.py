"""The page of the proof room when answers come late, in another order, or only after some tries."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from conftest import FILES, two_cards
from serving import ANSWER_HELD, HELD, Served, fate, open_watched, serve, until_listening
from web import PATIENCE, Browser, Tab

TEXT = FILES["initiatives/aajt.yaml"]
assert isinstance(TEXT, str)
CARD = "#/full/forum/card-aajt"
SIGN = "document.querySelector('.sign_off .main')"
NOTE = "document.querySelector('.signing textarea')"
ALERTS = "document.getElementById('alerts').textContent"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("late") / "project")
    with serve(folder.root) as started:
        started.until_settled()
        started.until_settled("full", "pocket")
        started.remember("aajt")
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[Tab]:
    """A card, once the page listens to the server and is quiet."""
    tab = chromium.tab()
    tab.size(1280, 900)
    open_watched(tab, served.address + CARD)
    tab.until(f"{SIGN} !== null")
    until_listening(tab)
    yield tab
    assert tab.events("Runtime.exceptionThrown") == []
    chromium.close()
    served.restore("aajt", str(TEXT))


def later(tab: Tab, path: str) -> None:
    """The first answer to a question of this path comes when `release()` is called, all others at once."""
    fate(
        tab,
        f"what.includes({path!r}) && seen.filter((one) => one.includes({path!r})).length < 2 ? {ANSWER_HELD} : go()",
    )


def test_a_finding_that_was_mended_does_not_come_back_with_an_older_answer(tab: Tab, served: Served) -> None:
    later(tab, "/api/room")
    card = served.card("aajt")
    card.write_text(TEXT + "language: anglais\n", encoding="utf-8")
    tab.until("typeof release === 'function'")
    before = tab.run("seen.length")
    card.write_text(TEXT, encoding="utf-8")
    tab.until(f"seen.slice({before}).some((one) => one.includes('/api/room'))")
    served.until_settled()
    # All other answers are there.
    tab.until("pending === 1")
    tab.run("release()")
    tab.until(f"pending === 0 && {ALERTS} === ''")


def test_what_stands_beside_a_spread_is_not_that_of_an_older_answer(tab: Tab, served: Served) -> None:
    shown = "document.querySelector('#part-title').textContent"
    later(tab, "/api/spread")
    card = served.card("aajt")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: Avant"), encoding="utf-8")
    tab.until("typeof release === 'function'")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: Après"), encoding="utf-8")
    tab.until(f"{shown} === 'Après'")
    tab.run("release()")
    tab.until("pending === 0")
    assert tab.run(shown) == "Après"


@pytest.mark.parametrize("path", ["/api/spread", "/api/room"])
def test_a_question_that_a_busy_server_refuses_is_asked_again(tab: Tab, served: Served, path: str) -> None:
    fate(tab, f"what.includes({path!r}) && (window.times = (window.times ?? 0) + 1) < 3 ? busy() : go()")
    card = served.card("aajt")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: Après").replace("e: Coup", "e: '"), encoding="utf-8")
    tab.until(f"{ALERTS}.includes('aajt.yaml')")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: Après"), encoding="utf-8")
    tab.until("document.querySelector('#part-title').textContent === 'Après'")
    tab.until(f"{ALERTS} === ''")


def test_an_edition_is_offered_though_a_problem_is_told_before_the_answer_that_has_it(tab: Tab, served: Served) -> None:
    hold = "go().then((answer) => new Promise((done) => (window.held ??= []).push(() => done(answer))))"
    fate(tab, f"what.includes('/api/room') && (window.rooms = (window.rooms ?? 0) + 1) < 3 ? {hold} : go()")
    edition = served.folder / "catalogue" / "editions" / "neuf.yaml"
    template = served.folder / "layouts" / "forum" / "card.html"
    try:
        edition.parent.mkdir(exist_ok=True)
        edition.write_text("title: Neuf\n", encoding="utf-8")
        tab.until("window.held?.length >= 1")
        # That a file of the layout is another is told before what is wrong with it.
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text("{% if", encoding="utf-8")
        tab.until(f"{ALERTS}.includes('card.html') && window.held.length === 2 && window.rooms > 2")
        tab.run("held.forEach((one) => one())")
        tab.until("[...document.querySelectorAll('#edition option')].some((one) => one.value === 'neuf')")
    finally:
        template.unlink(missing_ok=True)
        edition.unlink()


def test_an_older_wall_does_not_bring_back_an_older_picture(tab: Tab, served: Served) -> None:
    image = "document.querySelector('.sheet-pair img')"
    tab.until(f"{image}.src.includes('/picture/')")
    before = tab.run(f"{image}.src")
    later(tab, "/api/wall")
    # The sign-off asks for the wall, which does not know yet what is written next.
    entry = {"edition": "full", "layout": "forum", "part": "card-aajt"}
    status, end = 0, time.monotonic() + PATIENCE
    while status != 200:
        # Sign-offs are looked at after the pages are set.
        assert time.monotonic() < end
        digest = served.json("/api/spread", **entry)["sign_off"]["digest"]
        status = served.post("/api/approve", {**entry, "by": "Ada", "note": "", "digest": digest})[0]
    tab.until("typeof release === 'function'")
    served.card("aajt").write_text(TEXT.replace("acronym: AAJT", "acronym: Après"), encoding="utf-8")
    tab.until(f"{image}.dataset.wanted !== {before!r}.slice(location.origin.length)")
    tab.until(f"{image}.src !== {before!r}")
    tab.run(
        f"window.back = 0; new MutationObserver(() => {{ back += {image}.src === {before!r}; }})"
        ".observe(document.querySelector('.sheets'), { attributes: true, subtree: true, childList: true })"
    )
    tab.run("window.first = release")
    fate(tab, f"what.includes('/api/wall') ? {HELD} : go()")
    tab.run("first()")
    tab.run("new Promise((done) => setTimeout(done, 500))")
    assert tab.run(f"[back, {image}.src === {before!r}]") == [0, False]
    fate(tab, "go()")
    tab.run("release()")


def test_keys_and_clicks_between_two_layouts_do_nothing_wrong(tab: Tab) -> None:
    fate(tab, f"what.includes('/api/wall') ? {HELD} : go()")
    tab.run("location.hash = '#/full/pocket/card-aajt'")
    tab.until("typeof release === 'function'")
    tab.run("document.getElementById('main').focus()")
    tab.press("ArrowRight", "+", "ArrowLeft")
    tab.run("document.querySelector('.sheets .page[data-folio]').click()")
    tab.run("document.querySelectorAll('.panes button')[1].click()")
    fate(tab, "go()")
    tab.run("release()")
    tab.until("document.querySelector('.back').href.includes('/pocket')")


def test_two_quick_clicks_sign_once(tab: Tab, served: Served) -> None:
    tab.run(f"{SIGN}.click(); document.querySelector('.signing input').value = 'Ada'")
    fate(tab, f"what === 'POST /api/approve' ? {ANSWER_HELD} : go()")
    tab.run("for (const time of [1, 2]) document.querySelector('.signing').requestSubmit()")
    tab.until("typeof release === 'function'")
    tab.run("document.querySelector('.signing .buttons button:last-child').click()")
    assert tab.run("document.querySelector('.signing') !== null")
    tab.run("release()")
    tab.until("document.querySelector('.standing')?.textContent.includes('Approved by Ada')")
    assert tab.run("seen.filter((one) => one === 'POST /api/approve').length") == 1


def test_a_note_that_is_not_sent_yet_is_there_again_after_another_pane_and_another_card(tab: Tab) -> None:
    tab.run("document.querySelector('.sign_off .buttons button:last-child').click()")
    tab.run(f"{NOTE}.focus()")
    tab.ask("Input.insertText", text="Le logo est ancien.")
    tab.run("document.querySelectorAll('.panes button')[1].click()")
    tab.until("document.querySelector('.edit-form') !== null")
    tab.run("location.hash = '#/full/forum/card-kodiko'")
    tab.until("document.querySelector('#part-title').textContent === 'Kodiko'")
    tab.run("document.querySelectorAll('.panes button')[0].click()")
    tab.until(f"{SIGN} !== null && {NOTE} === null")
    tab.run(f"location.hash = {CARD!r}")
    tab.until(f"{NOTE}?.value === 'Le logo est ancien.'")
    # What is not wanted any more is gone.
    tab.run("document.querySelector('.signing .buttons button:last-child').click()")
    assert tab.run(NOTE) is None


def test_a_note_that_could_not_be_sent_is_told_and_there_again(tab: Tab) -> None:
    tab.run("document.querySelector('.sign_off .buttons button:last-child').click()")
    tab.run("document.querySelector('.signing input').value = 'Ada'")
    tab.run(f"{NOTE}.focus()")
    tab.ask("Input.insertText", text="Le logo est ancien.")
    fate(tab, f"what === 'POST /api/correct' ? {HELD}.then(lose) : go()")
    tab.run("document.querySelector('.signing').requestSubmit()")
    tab.until("typeof release === 'function'")
    tab.run("document.querySelectorAll('.panes button')[1].click()")
    fate(tab, "go()")
    tab.run("release()")
    tab.until(f"{ALERTS}.includes('does not answer')")
    tab.run("document.querySelectorAll('.panes button')[0].click()")
    tab.until(f"{NOTE}?.value === 'Le logo est ancien.'")

"""The page of the proof room when answers are late, lost or refused: what is shown stays, and it recovers by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from conftest import FILES, two_cards
from serving import SOON, Served, serve
from web import PATIENCE, Browser, Tab

TEXT = FILES["initiatives/aajt.yaml"]
assert isinstance(TEXT, str)
WALL = "document.querySelectorAll('.wall a').length > 5"
SEEN = "[...document.querySelectorAll('.wall li:first-child img')].every((one) => one.naturalWidth > 0)"

IN_INKS = (
    "[...document.querySelectorAll('.wall li')].slice(0, 3).flatMap((one) => [...one.querySelectorAll('img')])"
    ".every((one) => one.src.includes('press') && one.naturalWidth > 0)"
)

# Answers to the page pass here: `changed(address, answer)` may hold one back or give another.
BETWEEN = """
const real = window.fetch;
window.fetch = async (...asked) => changed(String(asked[0]), await real(...asked));
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("faults") / "project")
    folder.write("editions/court.yaml", "title: Court\nexclude: [aajt]\n")
    with serve(folder.root) as started:
        started.until_settled()
        started.until_settled("full", "pocket")
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[Tab]:
    """The wall, after the page has asked for the second time, which it does when it can listen to the server."""
    tab = chromium.tab()
    tab.size(1280, 900)
    tab.open(served.address)
    tab.until(WALL)
    asked = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/wall'))"
    tab.until(f"{asked}.length > 1")
    yield tab
    chromium.close()


@pytest.fixture
def new(chromium: Browser) -> Iterator[Tab]:
    """A window that has not been opened, and whose page asks again soon."""
    tab = chromium.tab()
    script = tab.ask("Page.addScriptToEvaluateOnNewDocument", source=f"(() => {{ {SOON} }})()")["identifier"]
    yield tab
    tab.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    chromium.close()


def refuse(tab: Tab, pattern: str, begin: str) -> None:
    """The first request for an address like this, after `begin` was run, is not answered; all others are.

    Only one may be asked for at a time: Chromium can lose those that wait beside it.
    """
    tab.ask("Fetch.enable", patterns=[{"urlPattern": pattern}])
    tab.run(begin)
    first = tab.pipe.wait("Fetch.requestPaused", tab.session)["params"]
    tab.ask("Fetch.failRequest", requestId=first["requestId"], errorReason="TimedOut")
    second = tab.pipe.wait("Fetch.requestPaused", tab.session)["params"]
    tab.ask("Fetch.continueRequest", requestId=second["requestId"])
    tab.ask("Fetch.disable")


def first_picture(served: Served) -> str:
    """The beginning of the address of the first page's picture."""
    wall = served.wall()
    return f"*/picture/{wall['parts'][wall['pages'][0]['part']]['fragment']}-0.jpg*"


def test_a_picture_that_does_not_come_is_asked_for_again(new: Tab, served: Served) -> None:
    refuse(new, first_picture(served), f"location.href = '{served.address}'")
    new.until(WALL)
    new.until(SEEN)


def test_a_newer_picture_that_does_not_come_is_asked_for_again(tab: Tab, served: Served) -> None:
    tab.until(SEEN)
    tab.run(f"(() => {{ {SOON} }})()")
    refuse(tab, f"{first_picture(served)}view=press*", "document.querySelector('#press input[value=press]').click()")
    tab.until(IN_INKS)


@pytest.mark.parametrize("decode", ["new Promise(() => {})", "Promise.reject(new Error('too busy'))"])
def test_a_newer_picture_is_shown_even_if_the_browser_does_not_decode_it_beforehand(tab: Tab, decode: str) -> None:
    tab.until(SEEN)
    tab.run(f"HTMLImageElement.prototype.decode = () => {decode}; undefined")
    tab.run("document.querySelector('#press input[value=press]').click()")
    tab.until(IN_INKS)


def test_a_picture_that_is_lost_for_long_comes_when_it_can(tab: Tab, served: Served) -> None:
    tab.until(SEEN)
    tab.ask("Network.enable")
    tab.ask("Network.setBlockedURLs", urls=[f"{first_picture(served)}view=press*"])
    tab.run("const wait = setTimeout; window.setTimeout = (job, time) => wait(job, Math.min(time, 50)); undefined")
    tab.run("document.querySelector('#press input[value=press]').click()")
    end = time.monotonic() + PATIENCE
    while len([one for one in tab.events("Network.loadingFailed") if one["type"] == "Image"]) < 8:
        assert time.monotonic() < end
    tab.ask("Network.setBlockedURLs", urls=[])
    tab.until(IN_INKS)


@pytest.mark.parametrize("question", ["words", "room"])
def test_a_page_whose_first_question_is_not_answered_shows_the_wall_as_soon_as_it_can(
    new: Tab, served: Served, question: str
) -> None:
    refuse(new, f"*/api/{question}", f"location.href = '{served.address}'")
    new.until(WALL)


def test_a_wall_that_is_refused_is_asked_for_again_though_nothing_happens(tab: Tab) -> None:
    tab.run(f"""(() => {{
        let times = 0;
        const changed = (address, answer) => {{
          if (!address.includes("/api/wall") || times++) return answer;
          return new Response("{{}}", {{ status: 503, headers: {{ "content-type": "application/json" }} }});
        }};
        {SOON}
        {BETWEEN}
        location.hash = "#/full/pocket";
    }})()""")
    tab.until("document.querySelector('.wall a')?.href.includes('/pocket/')")


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(tab: Tab, served: Served) -> None:
    card, name = served.card("aajt"), "document.querySelector('.wall [data-part=card-aajt]').getAttribute('aria-label')"
    tab.run(f"""(() => {{
        window.walls = [];
        const changed = async (address, answer) => {{
          if (!address.includes("/api/wall")) return answer;
          const number = walls.push(false) - 1;
          if (!number) await new Promise((done) => {{ window.release = done; }});
          setTimeout(() => {{ walls[number] = true; }}, 200);
          return answer;
        }};
        {BETWEEN}
        location.hash = "#/full/pocket";
    }})()""")
    tab.until("walls.length >= 1")
    card.write_text(TEXT.replace("acronym: AAJT", "acronym: Les Amis"), encoding="utf-8")
    tab.until("walls[1]")
    served.until_settled("full", "pocket")
    tab.until(f"{name}.includes('Les Amis')")
    tab.run("release()")
    tab.until("walls[0]")
    assert "Les Amis" in tab.run(name)
    card.write_text(TEXT, encoding="utf-8")
    tab.until(f"!{name}.includes('Les Amis')")


def test_the_wall_stays_while_a_server_that_begins_again_reads_the_catalogue(tab: Tab, served: Served) -> None:
    tab.run(f"""(() => {{
        window.rooms = 0;
        const changed = (address, answer) => {{
          if (!address.includes("/api/room") || rooms++) return answer;
          const nothing = {{ title: null, editions: [], layouts: [], findings: [], is_read: false, problem: null }};
          return new Response(JSON.stringify(nothing), {{ headers: {{ "content-type": "application/json" }} }});
        }};
        {BETWEEN}
        window.lost = 0;
        const look = new MutationObserver(() => {{ lost += !document.querySelector(".wall"); }});
        look.observe(document.body, {{ childList: true, subtree: true }});
    }})()""")
    card = served.card("aajt")
    card.write_text(TEXT.replace("themes: [emploi", "themes: [emplois"), encoding="utf-8")
    tab.until("rooms > 0")
    card.write_text(TEXT, encoding="utf-8")
    tab.until("rooms > 1 && document.getElementById('alerts').textContent === ''")
    assert tab.run("lost") == 0
    assert tab.run(WALL)


def test_words_that_are_searched_are_found_in_another_edition_too(tab: Tab) -> None:
    shown = "[...document.querySelectorAll('.wall a[data-part^=card]:not(.dim)')].map((one) => one.dataset.part)"
    tab.run("location.hash = '#/court/forum'")
    tab.until("document.querySelector('.wall a').href.includes('/court/')")
    tab.press("/", *"kodiko")
    tab.until("document.querySelector('.count').textContent.startsWith('Found')")
    assert tab.run(shown) == ["card-kodiko"]
    tab.run("location.hash = '#/full/forum'")
    tab.until(f"{shown}.length === 2")


def test_pages_in_sight_that_are_not_set_yet_are_asked_for_first(tab: Tab) -> None:
    tab.run(f"""(() => {{
        window.looks = [];
        const changed = async (address, answer) => {{
          if (!address.includes("/api/wall")) return answer;
          const wall = await answer.json();
          wall.settled = false;
          wall.parts["card-kodiko"].fragment = null;
          return new Response(JSON.stringify(wall), {{ headers: {{ "content-type": "application/json" }} }});
        }};
        {BETWEEN}
        const passed = window.fetch;
        window.fetch = (...asked) => {{
          if (String(asked[0]) === "/api/look") looks.push(JSON.parse(asked[1].body).part);
          return passed(...asked);
        }};
        location.hash = "#/full/pocket";
    }})()""")
    tab.until("looks.includes('card-kodiko')")
    tab.run("looks.length = 0; document.dispatchEvent(new Event('scroll'))")
    tab.until("looks.includes('card-kodiko')")


def test_an_address_of_a_card_that_is_not_there_yet_shows_it_as_soon_as_it_is(new: Tab, served: Served) -> None:
    card = served.card("aajt")
    card.unlink()
    try:
        while "card-aajt" in served.wall()["parts"]:
            time.sleep(0.02)
        new.open(f"{served.address}#/full/forum/card-aajt")
        new.until(WALL)
    finally:
        card.write_text(str(TEXT), encoding="utf-8")
    new.until("document.querySelectorAll('.panes button').length > 1 && document.title.startsWith('AAJT')")

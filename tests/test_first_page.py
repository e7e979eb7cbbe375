"""`livret serve` in an empty folder: the page begins a catalogue, and the proof room takes its place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from livret.project import Project
from livret.proofroom.first_page import FirstPage
from livret.proofroom.server import ProofRoom, Serving, bound
from press import livret_here
from serving import Served, serve
from web import Browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "booklet"
    folder.mkdir()
    with serve(folder) as started:
        yield started


def test_a_catalogue_begins_in_the_page(chromium: Browser, served: Served) -> None:
    tab = chromium.tab()
    tab.size(1024, 768)
    tab.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": "fr"})
    tab.open(served.address)
    tab.until("document.documentElement.lang === 'fr'")
    assert tab.run("document.querySelector('h2').textContent") == "Ce dossier n’a pas encore de catalogue"
    assert tab.violations() == []
    tab.run("document.getElementById('title').value = 'Fête du sport'")
    tab.run("document.querySelector('#begin button').click()")
    # The proof room stands where the page was.
    tab.until("document.querySelectorAll('.wall a').length > 3")
    assert tab.run("document.getElementById('home').textContent") == "Fête du sport"
    text = (served.folder / "catalogue" / "catalogue.yaml").read_text(encoding="utf-8")
    assert "Fête du sport" in text
    done = livret_here("-C", str(served.folder), "check")
    assert done.code == 0, done.out + done.err
    chromium.close()


def test_a_page_that_waits_long_for_the_room_says_so_and_goes_on(chromium: Browser, served: Served) -> None:
    tab = chromium.tab().open(served.address)
    tab.until("document.activeElement.id === 'title'")
    tab.run("""(() => {
        const wait = setTimeout, real = fetch;
        window.setTimeout = (job) => wait(job, 1);
        let rooms = 0;
        const isEarly = (address) => address === "/api/room" && (rooms += 1) < 151;
        window.fetch = async (...asked) => isEarly(asked[0]) ? new Response("", { status: 503 }) : real(...asked);
        const alerts = document.getElementById("alerts");
        new MutationObserver(() => { sessionStorage.said = alerts.textContent; }).observe(alerts, { childList: true });
    })()""")
    tab.run("document.getElementById('title').value = 'Sport'; document.querySelector('#begin button').click()")
    tab.until("document.querySelectorAll('.wall a').length > 3")
    assert tab.run("sessionStorage.said").startswith("The catalogue was written, but its page does not open")
    chromium.close()


def test_nobody_takes_the_port_of_the_page_before_the_room_has_it(tmp_path: Path) -> None:
    said: list[str] = []
    serving = Serving("127.0.0.1", 18700, 1, said.append)
    first = FirstPage(tmp_path, serving)
    with ThreadPoolExecutor(1) as pool:
        is_begun = pool.submit(first.run)
        while not said:
            assert not is_begun.done()
            time.sleep(0.02)
        headers = {"Content-Type": "application/json", "Origin": first.address.rstrip("/")}
        begin = Request(f"{first.address}api/begin", b'{"title": "Sport", "language": "fr"}', headers)
        with urlopen(begin) as answer:
            assert answer.status == 200
        assert is_begun.result()
    serving = replace(serving, port=first.door.port)
    other = bound(serving)
    assert other.getsockname()[1] > first.door.port
    other.close()
    room = ProofRoom(Project.at(tmp_path), replace(serving, taken=first.socket))
    assert room.door.port == first.door.port
    room.close()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"title": "", "language": "fr", "demonstration": False}, 422),
        ({"title": "A", "language": "not a language", "demonstration": False}, 422),
        ({"title": 5}, 400),
        ({"title": "A", "more": 1}, 400),
    ],
)
def test_what_cannot_begin_is_refused_and_nothing_is_written(
    served: Served, content: dict[str, object], status: int
) -> None:
    assert served.post("/api/begin", content)[0] == status
    assert list(served.folder.iterdir()) == []
    assert served.ask("/")[0] == 200


def test_another_page_cannot_begin_a_catalogue(served: Served) -> None:
    headers = {"content-type": "application/json", "origin": "http://example.org"}
    assert served.ask("/api/begin", "POST", b'{"title": "A"}', headers)[0] == 403
    assert served.ask("/api/begin", "POST", b'{"title": "A"}', {**headers, "host": "example.org"})[0] in {400, 403, 421}
    assert served.ask("/static/../server.py")[0] == 404
    assert list(served.folder.iterdir()) == []


def test_others_than_this_machine_begin_none(tmp_path: Path) -> None:
    done = livret_here("-C", str(tmp_path), "serve", "--no-open", "--host", "0.0.0.0", "--port", "18500")
    assert done.code == 1
    assert "there is no catalogue" in done.err
    assert "livret new catalogue" in done.err

"""What the proof room sets first: the edition and the part that somebody looks at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

import stress
from conftest import two_cards
from livret.proofroom.desk import Desk
from serving import PATIENCE, Served, serve


def test_a_background_job_that_is_put_first_goes_before_those_that_were_ordered_earlier() -> None:
    done: list[str] = []

    def job(name: str) -> Iterator[float | None]:
        for _ in range(2):
            done.append(name)
            yield None

    desk = Desk(lambda problem: None)
    desk.background("one", lambda: job("one"))
    desk.background("two", lambda: job("two"))
    desk.first = "two"
    assert desk.is_waiting("two")
    desk.start()
    end = time.monotonic() + PATIENCE
    while len(done) < 4 and time.monotonic() < end:
        time.sleep(0.01)
    desk.close()
    assert done == ["two", "two", "one", "one"]


def test_a_picture_with_few_pixels_is_told_beside_its_spread_at_once_and_once_all_is_set(tmp_path: Path) -> None:
    folder = two_cards(tmp_path / "project")
    images = folder.root / "catalogue" / "images"
    images.mkdir(exist_ok=True)
    Image.new("RGB", (200, 120), "#336699").save(images / "small.png")
    names = {"edition": "full", "layout": "forum", "part": "card-aajt"}

    def told(served: Served) -> list[str]:
        found = served.json("/api/spread", **names)["findings"]
        return [one["message"].partition(" pixels")[0] for one in found if one["rule"] == "low-resolution"]

    with serve(folder.root) as served:
        served.until_settled()
        assert told(served) == []
        served.listen()
        card = served.card("aajt")
        text = card.read_text(encoding="utf-8")
        card.write_text(text.replace("images/atelier.svg", "images/small.png"), encoding="utf-8")
        served.event("part", anchor="card-aajt")
        # 200 pixels on the 116 mm of the frame are 44 an inch.
        assert told(served) == ['the picture "images/small.png" has 44']
        served.until_settled()
        assert told(served) == ['the picture "images/small.png" has 44']


def test_the_edition_and_the_card_that_are_opened_are_set_before_all_others(tmp_path: Path) -> None:
    folder = stress.write(tmp_path / "project", 16)
    (folder / "catalogue" / "editions").mkdir(exist_ok=True)
    (folder / "catalogue" / "editions" / "later.yaml").write_text("title: Plus tard\n", encoding="utf-8")
    with serve(folder) as served:
        served.listen()
        while served.ask("/api/wall?edition=full&layout=forum")[0] != 200:
            time.sleep(0.05)
        later = served.wall("later")
        # The main one began first, and has as many cards to set. On a slow machine it may be set before this was asked.
        is_late = served.wall("full")["settled"]
        last = [key for key, part in later["parts"].items() if part["kind"] == "card"][-1]
        assert served.post("/api/look", {"edition": "later", "layout": "forum", "part": last})[0] == 200
        told: list[tuple[str, str]] = []
        while not {("settled", "full"), ("settled", "later")} <= set(told):
            event = served.events.get(timeout=PATIENCE * 4)
            told.append((event.get("what", event.get("anchor", event["kind"])), event.get("edition", "")))
        assert is_late or told.index(("settled", "later")) < told.index(("settled", "full"))
        # Nothing is told of a card alone that was set in its turn before it was asked for.
        assert (last, "later") not in told or told.index((last, "later")) < told.index(("settled", "later"))


def test_a_part_that_is_begun_is_shown_before_the_whole_is_set_again(tmp_path: Path) -> None:
    """Contents, index and folios of 400 cards take seconds: what was begun is not shown only after them."""
    with serve(two_cards(tmp_path / "project").root) as served:
        before = served.until_settled()
        served.listen()
        status, made = served.post("/api/new", {"kind": "partner", "name": "Fonds d'essai"})
        assert status == 200
        anchor = f"partner-{made['id']}"
        seen: list[dict[str, Any]] = []
        while not seen or seen[-1].get("what") != "settled":
            seen.append(served.events.get(timeout=PATIENCE))
        first = next(one for one in seen if one["kind"] == "book")
        assert first["version"] > before["version"]
        after = served.until_settled()
        assert after["version"] > first["version"]
        assert after["parts"][anchor]["pages"] == 1
        # The running heads behind it are those of the new order.
        assert all(page["over"] for page in after["pages"] if page["part"])

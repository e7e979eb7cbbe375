"""Pictures of pages in the proof room: what is kept of them while somebody edits."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pypdfium2
import pytest
from PIL import Image

from conftest import two_cards
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pool.store_files import StoreFiles
from livret.proofroom.pictures import PagePictures, PictureOrder
from livret.proofroom.press_view import SoftProofs

# Nobody waits as long as this unless something is wrong.
PATIENCE = 90.0


@pytest.fixture
def pictures() -> Iterator[PagePictures]:
    drawn = PagePictures()
    drawn.start()
    yield drawn
    drawn.close()


def page(path: Path, width: int) -> Path:
    """A PDF of one empty page, 50 points deep."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, 50)
    document.save(path)
    return path


def ratio(picture: bytes) -> float:
    width, height = Image.open(io.BytesIO(picture)).size
    return width / height


def test_a_page_that_was_shown_is_drawn_again_after_an_edit_and_its_old_picture_is_not_kept(
    pictures: PagePictures, tmp_path: Path
) -> None:
    shown = page(tmp_path / "0.pdf", 50)
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 100)).result(PATIENCE)) == 1
    for number in range(1, 20):
        edited = page(tmp_path / f"{number}.pdf", 100)
        pictures.follow(shown, edited)
        shown.unlink()
        shown = edited
        assert ratio(pictures.order(PictureOrder(((shown, 0),), 100)).result(PATIENCE)) == 2
    # Its file is not open any more either: only the last twelve are.
    with pytest.raises(OSError, match=r"0\.pdf"):
        pictures.order(PictureOrder(((tmp_path / "0.pdf", 0),), 100)).result(PATIENCE)


def test_a_page_that_stayed_the_same_is_not_drawn_again(pictures: PagePictures, tmp_path: Path) -> None:
    shown = page(tmp_path / "0.pdf", 50)
    pictures.order(PictureOrder(((shown, 0),), 100)).result(PATIENCE)
    pictures.follow(shown, shown)
    assert pictures.order(PictureOrder(((shown, 0),), 100)).done()


def test_pictures_are_drawn_on_after_somebody_has_given_some_up(pictures: PagePictures, tmp_path: Path) -> None:
    shown = page(tmp_path / "0.pdf", 50)
    begun, go = threading.Event(), threading.Event()

    def hold() -> bool:
        begun.set()
        return go.wait(PATIENCE)

    held = pictures.call(hold)
    assert begun.wait(PATIENCE)
    given_up = [pictures.order(PictureOrder(((shown, 0),), width)) for width in (100, 120)]
    assert [one.cancel() for one in given_up] == [True, True]
    # The first of them is asked for again before its turn.
    again = pictures.order(PictureOrder(((shown, 0),), 100))
    go.set()
    held.result(PATIENCE)
    assert ratio(again.result(PATIENCE)) == 1
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 140)).result(PATIENCE)) == 1
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 120)).result(PATIENCE)) == 1


class Waiting:
    """A press room in which nothing is done: what it was given waits."""

    def __init__(self, folder: Path) -> None:
        self.store = SimpleNamespace(files=StoreFiles(folder), note_damage=None)
        self.given: list[Future[Any]] = []

    def submit(self, *_: Any, is_seen: bool) -> Future[Any]:
        assert is_seen
        self.given.append(Future())
        return self.given[-1]


def test_a_soft_proof_is_made_once_for_all_who_wait_and_again_when_it_failed(tmp_path: Path) -> None:
    folder = two_cards(tmp_path / "project")
    edition = select(folder.catalogue(), "full")
    facts = SimpleNamespace(pictures=())
    fragment = SimpleNamespace(key="a" * 64, path=tmp_path / "a.pdf", facts=facts)
    composer = SimpleNamespace(layout=Layout.of(folder.project, edition))
    view = cast(
        "Any", SimpleNamespace(fragments={"card-a": fragment}, furniture=(), edition=edition, composer=composer)
    )
    press_room = Waiting(tmp_path / "store")
    proofs = SoftProofs(folder.project, cast("Any", press_room))
    one, other = proofs.order(view, "a" * 64), proofs.order(view, "a" * 64)
    assert one is not None
    assert one is other
    assert len(press_room.given) == 1
    press_room.given[0].set_exception(OSError("no room"))
    assert isinstance(one.exception(1), OSError)
    again = proofs.order(view, "a" * 64)
    assert again is not None
    press_room.given[1].set_result(())
    assert again.result(1).name.endswith("-seen.pdf")
    assert proofs.order(view, "b" * 64) is None

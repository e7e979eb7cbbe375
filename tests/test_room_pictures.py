"""Pictures of pages in the proof room: what is kept of them while somebody edits."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from livret.proofroom.pictures import PagePictures, PictureOrder


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
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 100)).result(10)) == 1
    for number in range(1, 20):
        edited = page(tmp_path / f"{number}.pdf", 100)
        pictures.follow(shown, edited)
        shown.unlink()
        shown = edited
        assert ratio(pictures.order(PictureOrder(((shown, 0),), 100)).result(10)) == 2
    # Its file is not open any more either: only the last twelve are.
    with pytest.raises(OSError, match=r"0\.pdf"):
        pictures.order(PictureOrder(((tmp_path / "0.pdf", 0),), 100)).result(10)


def test_a_page_that_stayed_the_same_is_not_drawn_again(pictures: PagePictures, tmp_path: Path) -> None:
    shown = page(tmp_path / "0.pdf", 50)
    pictures.order(PictureOrder(((shown, 0),), 100)).result(10)
    pictures.follow(shown, shown)
    assert pictures.order(PictureOrder(((shown, 0),), 100)).done()


def test_pictures_are_drawn_on_after_somebody_has_given_some_up(pictures: PagePictures, tmp_path: Path) -> None:
    shown = page(tmp_path / "0.pdf", 50)
    begun, go = threading.Event(), threading.Event()

    def hold() -> bool:
        begun.set()
        return go.wait(10)

    held = pictures.call(hold)
    assert begun.wait(10)
    given_up = [pictures.order(PictureOrder(((shown, 0),), width)) for width in (100, 120)]
    assert [one.cancel() for one in given_up] == [True, True]
    # The first of them is asked for again before its turn.
    again = pictures.order(PictureOrder(((shown, 0),), 100))
    go.set()
    held.result(10)
    assert ratio(again.result(10)) == 1
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 140)).result(10)) == 1
    assert ratio(pictures.order(PictureOrder(((shown, 0),), 120)).result(10)) == 1

"""Contact sheets: pages that an earlier sheet shows are taken from it, and the sheet is the same as a new one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from livret.control.raster import ContactSheet, KnownSheet
from livret.pipeline.outputs import is_shown

RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 200, 30), (30, 30, 200), (90, 90, 90)
# 132 points wide, as a page on the sheet has pixels: a page is one pixel a point.
PAGE = (132, 186)
Colour = tuple[int, int, int]


def book(path: Path, colours: Sequence[Colour]) -> Path:
    """A PDF with a page of each colour."""
    pages = [Image.new("RGB", PAGE, colour) for colour in colours]
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], quality=100, resolution=72)
    return path


def shown_colours(sheet: Path, pages: int) -> list[Colour]:
    """The colour in the middle of each page; the first page is a recto, and six spreads stand beside each other."""
    picture = Image.open(sheet)
    found = []
    for number in range(1, pages + 1):
        row, column = divmod(number // 2, 6)
        place = (14 + column * (2 * 132 + 14) + number % 2 * 132 + 66, 14 + row * (186 + 14) + 93)
        pixel = picture.getpixel(place)
        assert isinstance(pixel, tuple)
        near = [
            one for one in (RED, GREEN, BLUE, GREY) if all(abs(a - b) < 12 for a, b in zip(one, pixel, strict=True))
        ]
        found += near
    return found


def write_sheet(pdf: Path, target: Path, shown: Sequence[str] = (), known: KnownSheet | None = None) -> None:
    sheet = ContactSheet(known)
    sheet.draw(pdf, shown)
    sheet.write(target)


@pytest.fixture
def known(tmp_path: Path) -> KnownSheet:
    """The sheet of a book of three pages: red, green, blue."""
    sheet = tmp_path / "sheet.png"
    write_sheet(book(tmp_path / "first.pdf", (RED, GREEN, BLUE)), sheet)
    return KnownSheet(sheet, hashlib.sha256(sheet.read_bytes()).hexdigest(), ("red", "green", "blue"))


def test_a_page_that_the_sheet_before_shows_is_taken_from_it(tmp_path: Path, known: KnownSheet) -> None:
    # The pages are grey, so that what is taken from the sheet before can be told from what is drawn.
    pdf = book(tmp_path / "second.pdf", (GREY, GREY, GREY))
    write_sheet(pdf, tmp_path / "new.png", ("blue", "other", "green"), known)
    assert shown_colours(tmp_path / "new.png", 3) == [BLUE, GREY, GREEN]


def test_a_sheet_with_pages_of_the_one_before_has_the_bytes_of_a_new_one(tmp_path: Path, known: KnownSheet) -> None:
    pdf = book(tmp_path / "second.pdf", (BLUE, GREY, GREEN))
    write_sheet(pdf, tmp_path / "alone.png")
    write_sheet(pdf, known.path, ("blue", "other", "green"), known)
    assert known.path.read_bytes() == (tmp_path / "alone.png").read_bytes()


@pytest.mark.parametrize("damage", ["other-digest", "gone", "no-picture", "other-size"])
def test_nothing_is_taken_from_a_sheet_that_is_not_what_was_written(
    tmp_path: Path, known: KnownSheet, damage: str
) -> None:
    if damage == "other-digest":
        known = replace(known, digest="0" * 64)
    elif damage == "gone":
        known.path.unlink()
    else:
        content = b"no picture"
        if damage == "other-size":
            Image.new("RGB", (5, 5)).save(known.path)
            content = known.path.read_bytes()
        known.path.write_bytes(content)
        known = replace(known, digest=hashlib.sha256(content).hexdigest())
    pdf = book(tmp_path / "second.pdf", (GREY, GREY, GREY))
    write_sheet(pdf, tmp_path / "new.png", ("red", "green", "blue"), known)
    assert shown_colours(tmp_path / "new.png", 3) == [GREY, GREY, GREY]


def test_a_sheet_that_shows_the_same_pages_is_left_alone(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    sheet.write_bytes(b"a sheet")
    known = hashlib.sha256(b"a sheet").hexdigest()
    assert is_shown(sheet, ("red", "green"), (known, ("red", "green")))
    assert not is_shown(sheet, ("red", "blue"), (known, ("red", "green")))
    assert not is_shown(sheet, ("red",), (known, ("red", "green")))
    assert not is_shown(sheet, (), (known, ()))
    assert not is_shown(sheet, ("red", "green"), None)
    sheet.write_bytes(b"another")
    assert not is_shown(sheet, ("red", "green"), (known, ("red", "green")))
    sheet.unlink()
    assert not is_shown(sheet, ("red", "green"), (known, ("red", "green")))


def test_a_sheet_is_a_whole_png(tmp_path: Path) -> None:
    write_sheet(book(tmp_path / "book.pdf", (RED, GREEN)), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as read:
        # Two spreads of 2 x 132 pixels, 14 around each.
        assert (read.format, read.mode, read.size) == ("PNG", "RGB", (14 + 2 * (264 + 14), 14 + 186 + 14))
        read.verify()

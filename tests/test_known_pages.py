"""Preflight of a press file that is made again: pages on which nothing was found are not read a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pikepdf import Name

from livret.control.preflight import Asked, judge
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.page_items import PageItems
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.checking import ContentCheck
from livret.control.preflight.print.known_pages import KnownPages
from livret.control.preflight.print.profiles import VARIANTS
from print_pages import GROUND, Maker, image, separation

GOOD = GROUND + b"0 0 0 1 k 100 300 99 99 re f"
OTHER = GROUND + b"0 0 0 1 k 100 300 88 88 re f"
# Colours in RGB do not print.
WRONG = GROUND + b"1 0 0 rg 100 300 99 99 re f"
USUAL = VARIANTS["sheetspot-cmyk"]
FACING = replace(USUAL, limits=replace(USUAL.limits, facing_pages=True, spot_colours_most=2))


def found(folder: Path, pages: list[bytes], names: str, known: tuple[str, ...] = ()) -> tuple[list[str], KnownPages]:
    """The rules that pages break, each with its page, and what judging says of the pages by their names."""
    maker = Maker()
    maker.put("XObject", "Wide", image(maker.pdf, 2600, 1800, Name.DeviceGray))
    maker.put("ColorSpace", "Gold", separation(maker.pdf, "Gold"))
    for page in pages:
        maker.page(page)
    told = KnownPages(list(names), known)
    verdict = judge(maker.save(folder), FACING, "made.pdf", Asked(with_ink=False, pages=told))
    return [f"{one.rule} {one.page}" for one in verdict.findings if one.page], told


def test_only_pages_that_changed_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, told = found(tmp_path, [GOOD] * 6, "abcdef")
    assert len(told.sound) == 6
    read: list[int] = []

    check = ContentCheck.check

    def checked(self: ContentCheck, page: PageItems, sight: Sight) -> Iterator[Breach]:
        read.append(page.number)
        return check(self, page, sight)

    monkeypatch.setattr(ContentCheck, "check", checked)
    breaches, again = found(tmp_path, [GOOD, GOOD, GOOD, WRONG, GOOD, GOOD], "abcXef", told.sound)
    # The first page is always checked, and page 5 faces page 4.
    assert read == [1, 4, 5]
    assert breaches == ["not-early-binding 4"]
    assert len(again.sound) == 5


def test_a_page_with_a_finding_is_read_again_and_tells_it_again(tmp_path: Path) -> None:
    first, told = found(tmp_path, [GOOD, WRONG, GOOD], "abc")
    again, _ = found(tmp_path, [GOOD, WRONG, OTHER], "abX", told.sound)
    assert first == again == ["not-early-binding 2"]


def test_what_runs_over_the_fold_is_compared_with_the_page_that_did_not_change(tmp_path: Path) -> None:
    left, right = b"q 400 0 0 276.9 130 100 cm /Wide Do Q", b"q 400 0 0 276.9 -170 100 cm /Wide Do Q"
    before, told = found(tmp_path, [GOOD, GROUND + left, GROUND + right], "abc")
    assert "fold-disagrees 3" not in before
    jumps = right.replace(b"100 cm", b"104 cm")
    assert "fold-disagrees 3" in found(tmp_path, [GOOD, GROUND + left, GROUND + jumps], "abX", told.sound)[0]
    lower = left.replace(b"100 cm", b"104 cm")
    assert "fold-disagrees 3" in found(tmp_path, [GOOD, GROUND + lower, GROUND + right], "aXc", told.sound)[0]


def test_a_page_that_moves_to_the_other_side_is_read_again() -> None:
    told = KnownPages("abcd")
    told.keep(())
    moved = KnownPages("aXbcd", told.sound)
    assert [moved.has(number) for number in range(1, 6)] == [False, False, False, False, False]
    same = KnownPages("abcd", told.sound)
    assert [same.has(number) for number in range(1, 5)] == [False, True, True, True]


def test_pages_with_spot_colours_are_always_counted(tmp_path: Path) -> None:
    gold = GROUND + b"/Gold cs 1 scn 100 300 99 99 re f"
    _, told = found(tmp_path, [GOOD, gold, GOOD], "abc")
    assert [KnownPages("abc", told.sound).has(number) for number in (2, 3)] == [False, True]


def test_after_a_fault_of_a_font_every_page_is_read(tmp_path: Path) -> None:
    maker = Maker()
    # The font of these pages is not in the file. Of one that pages share, it is told at the first of them alone.
    for _ in range(3):
        maker.page(GROUND + b"0 0 0 1 k BT /F1 14 Tf 100 300 Td (Words) Tj ET")
    told = KnownPages("abc")
    verdict = judge(maker.save(tmp_path), FACING, "made.pdf", Asked(with_ink=False, pages=told))
    assert "unembedded-font" in {one.rule for one in verdict.findings}
    assert told.sound == ()

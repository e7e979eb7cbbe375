"""Settling: what is typeset in which order, so that little is typeset twice and no worker waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from conftest import CatalogueFolder, two_cards
from inspector import Inspector
from livret.book.plan import Setting
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.galley import Galley
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom, TypesettingOrder
from livret.pages.pool.store import Store
from livret.pipeline.settle import settle


class Diary(PressRoom):
    """A press room that writes down what is ordered: whether it is urgent, and the anchors."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.orders: list[tuple[bool, list[str]]] = []

    def order(
        self, galleys: Iterable[Galley], progress: Callable[[str, bool], None] | None = None, *, is_urgent: bool = True
    ) -> TypesettingOrder:
        ordered = super().order(galleys, progress, is_urgent=is_urgent)
        self.orders.append((is_urgent, [galley.anchor for galley in ordered.galleys]))
        return ordered


def settled(folder: CatalogueFolder, layout: str) -> tuple[Setting, list[tuple[bool, list[str]]]]:
    """The full edition settled, and what was ordered for it."""
    project = folder.project
    edition = select(folder.catalogue(), "full")
    store, report = Store(project), Report()
    with Diary(project, store) as press:
        setting = settle(Composer(project, edition, Layout(project, layout)), 4, press, report)
    assert not report.has_errors
    return setting, press.orders


def orders(folder: CatalogueFolder, layout: str) -> list[tuple[bool, list[str]]]:
    """What settling the full edition orders."""
    return settled(folder, layout)[1]


@dataclass(frozen=True)
class First:
    """A catalogue, and what its first settling ordered."""

    folder: CatalogueFolder
    orders: list[tuple[bool, list[str]]]


@pytest.fixture(scope="module")
def firsts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, First]:
    """The catalogue of two cards, settled once in each layout; nobody changes it."""
    found = {}
    for layout in ("forum", "pocket"):
        folder = two_cards(tmp_path_factory.mktemp(layout) / "project")
        found[layout] = First(folder, orders(folder, layout))
    return found


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_each_card_is_typeset_once_and_contents_as_often_as_folios_move(firsts: dict[str, First], layout: str) -> None:
    counts = Counter(anchor for _, anchors in firsts[layout].orders for anchor in anchors)
    # A reference to another card prints its folio.
    assert {counts["card-kodiko"], counts["cover"], counts["furniture-1"]} == {1}
    assert counts["contents"] <= 2


def test_cards_are_typeset_while_the_length_of_the_contents_is_measured(firsts: dict[str, First]) -> None:
    (is_urgent, measured), (is_next_urgent, background), *rest = firsts["forum"].orders
    assert is_urgent
    assert {"cover", "contents", "imprint"} <= set(measured)
    assert not is_next_urgent
    assert background == ["opener-initiatives", "card-aajt", "card-kodiko"]
    assert "furniture-1" in rest[2][1]


def test_what_depends_on_the_pages_before_it_is_typeset_when_they_are_known(firsts: dict[str, First]) -> None:
    measured, _, (are_urgent, partners), (_, parts), *_ = firsts["forum"].orders
    assert partners == ["partner-diair"]
    assert are_urgent
    assert not {"index", "partner-diair"} & set(measured[1])
    assert "index" in parts
    assert "partner-diair" not in parts


def test_cards_that_begin_on_any_side_wait_until_the_others_are_measured(firsts: dict[str, First]) -> None:
    (_, measured), background, *rest = firsts["pocket"].orders
    assert "contents" in measured
    assert background == (False, [])
    assert {"card-aajt", "card-kodiko"} <= set(rest[1][1])


def test_when_lengths_are_known_everything_is_ordered_at_once(firsts: dict[str, First]) -> None:
    first = firsts["forum"]
    parts, furniture = orders(first.folder, "forum")
    assert set(parts[1]) == {anchor for _, anchors in first.orders for anchor in anchors} - {"furniture-1"}
    assert furniture == (True, ["furniture-1"])


@pytest.mark.parametrize(("layout", "guessed"), [("forum", 2), ("pocket", 1)])
def test_a_card_that_is_longer_than_was_guessed_moves_those_behind_it(
    catalogue_folder: CatalogueFolder, layout: str, guessed: int
) -> None:
    more = "".join(f"\n  La phrase numéro {number} dit encore une fois la même chose.\n" for number in range(70))
    catalogue_folder.change("initiatives/aajt.yaml", "description: |\n", f"description: |{more}\n")
    for known in (False, True):
        setting, ordered = settled(catalogue_folder, layout)
        assert len(setting.fragments["card-aajt"].facts.sides) > guessed
        counts = Counter(anchor for _, anchors in ordered for anchor in anchors)
        if layout == "forum" and not known:
            assert (counts["contents"], counts["index"], counts["furniture-1"]) == (2, 1, 1)
        for part in setting.parts:
            sides = setting.fragments[part.anchor].facts.sides
            sheets = [sheet for sheet in setting.pagination.sheets if sheet.part == part]
            assert [sheet.page for sheet in sheets] == list(range(len(sides))), (part.anchor, known)
            assert all(side in ("any", sheet.side) for side, sheet in zip(sides, sheets, strict=True)), part.anchor
        contents = Inspector(setting.fragments["contents"].path)
        printed = " ".join(contents.text(page) for page in range(len(contents))).split()
        assert {str(setting.pagination.folio(f"card-{name}")) for name in ("aajt", "kodiko")} <= set(printed)


def test_a_card_that_was_made_shorter_is_settled_too(catalogue_folder: CatalogueFolder) -> None:
    more = "".join(f"\n  La phrase numéro {number} dit encore une fois la même chose.\n" for number in range(90))
    catalogue_folder.change("initiatives/aajt.yaml", "description: |\n", f"description: |{more}\n")
    before, _ = settled(catalogue_folder, "forum")
    catalogue_folder.change("initiatives/aajt.yaml", more, "")
    after, _ = settled(catalogue_folder, "forum")
    assert list(after.pagination.folios("card-aajt")) == list(before.pagination.folios("card-aajt"))[:2]
    assert after.pagination.folio("card-kodiko") == after.pagination.folios("card-aajt")[-1] + 1

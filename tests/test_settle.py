"""Settling: what is typeset in which order, so that little is typeset twice and no worker waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from conftest import CatalogueFolder
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


def orders(folder: CatalogueFolder, layout: str) -> list[tuple[bool, list[str]]]:
    """What settling the full edition orders."""
    project = folder.project
    edition = select(folder.catalogue(), "full")
    store, report = Store(project), Report()
    with Diary(project, store) as press:
        settle(Composer(project, edition, Layout(project, layout)), 4, press, report)
    assert not report.has_errors
    return press.orders


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_each_card_is_typeset_once_and_contents_as_often_as_folios_move(
    catalogue_folder: CatalogueFolder, layout: str
) -> None:
    counts = Counter(anchor for _, anchors in orders(catalogue_folder, layout) for anchor in anchors)
    # A reference to another card prints its folio.
    assert {counts["card-kodiko"], counts["cover"], counts["furniture-1"]} == {1}
    assert counts["contents"] <= 2


def test_cards_are_typeset_while_the_length_of_the_contents_is_measured(catalogue_folder: CatalogueFolder) -> None:
    (is_urgent, measured), (is_next_urgent, background), *rest = orders(catalogue_folder, "forum")
    assert is_urgent
    assert {"cover", "contents", "index", "imprint"} <= set(measured)
    assert not is_next_urgent
    assert background == ["opener-initiatives", "card-aajt", "card-kodiko"]
    assert "furniture-1" in rest[1][1]


def test_cards_that_begin_on_any_side_wait_until_the_others_are_measured(catalogue_folder: CatalogueFolder) -> None:
    (_, measured), background, *rest = orders(catalogue_folder, "pocket")
    assert "contents" in measured
    assert background == (False, [])
    assert {"card-aajt", "card-kodiko"} <= set(rest[0][1])


def test_when_lengths_are_known_everything_is_ordered_at_once(catalogue_folder: CatalogueFolder) -> None:
    first = orders(catalogue_folder, "forum")
    parts, furniture = orders(catalogue_folder, "forum")
    assert set(parts[1]) == {anchor for _, anchors in first for anchor in anchors} - {"furniture-1"}
    assert furniture == (True, ["furniture-1"])

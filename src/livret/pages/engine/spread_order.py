"""The pages of a galley in the order of the book: which faces which, and of which flow and language each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint.document import Document, Page

    # Not imported when the program runs: see `livret.pages.galley`.
    from livret.pages.flatplan import PageFlow, Side

# The class of the element around what a galley has in a second language.
SECOND = "half-second"


@dataclass(frozen=True, eq=False)
class Placed:
    """A page, the side it must stand on, and its number among the pages of its flow.

    In a galley of one language a flow is all that stands on one side. In one of two languages `flow` tells the first
    flow of each language from the second.
    """

    page: Page
    side: Side
    number: int
    flow: PageFlow | None = None

    def is_over(self, room: int) -> bool:
        """Whether this page is one too many for its flow. A `room` of 0 sets no limit."""
        return self.number >= room > 0

    @property
    def side_in_one_language(self) -> Side:
        """The side that a page of this flow has in a booklet of one language."""
        if self.flow is None or self.side == "any":
            return self.side
        return "recto" if self.flow[0] else "verso"


def in_spread_order(document: Document, sides: dict[str, Side]) -> list[Placed]:
    """Pages in the order of the book.

    Flows that stand on one side each (a card's organisation on versos, its project on rectos) are laid
    out one after the other; here their pages are interleaved, spread by spread. Of several flows on a side, the first
    on versos faces the first on rectos, the second the second. A flow in one language is another than in the other.
    """
    pages = [(page, page._page_box.page_type.name, _is_in_second_language(page)) for page in document.pages]
    has_two = any(is_second for _, _, is_second in pages)
    left: dict[tuple[str, bool], list[Placed]] = {}
    right: dict[tuple[str, bool], list[Placed]] = {}
    others: list[Placed] = []
    names: dict[bool, list[str]] = {False: [], True: []}
    counts: dict[tuple[str, bool], int] = {}
    for page, name, is_second in pages:
        if name not in names[is_second]:
            names[is_second].append(name)
        side = sides.get(name, "any")
        among = (name if has_two else side, is_second)
        number = counts.get(among, 0)
        counts[among] = number + 1
        placed = Placed(page, side, number, (names[is_second].index(name), is_second) if has_two else None)
        if side == "any":
            others.append(placed)
        else:
            (left if side == "verso" else right).setdefault((name, is_second), []).append(placed)
    spreads = (_facing(*both) for both in zip_longest(left.values(), right.values(), fillvalue=()))
    return [*chain.from_iterable(spreads), *others]


def _facing(left: Sequence[Placed], right: Sequence[Placed]) -> Iterator[Placed]:
    for spread in zip_longest(left, right):
        yield from filter(None, spread)


def _is_in_second_language(page: Page) -> bool:
    """Whether what stands on a page is in the second language; each begins on a page of its own."""
    (root,) = (child for child in page._page_box.children if child.element_tag == "html")
    halves = (half for body in root.children for half in body.children)
    return any(half.element is not None and SECOND in (half.element.get("class") or "").split() for half in halves)

"""Which pages are so dark below the furniture that black over it would pass the ink limit.

Small black text and thin black lines overprint. On a page of a part, the separation knows what is below them. The
furniture is separated alone and stamped on the pages of others. Where both may have more ink than the profile takes,
the furniture of that page has to knock out.

A page is looked at once, when it is separated: its places that may be dark are kept. Only where black furniture stands
on such a place are both pages read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from livret.book.plan import BookPlan
from livret.book.plates.overlaps import most_ink
from livret.book.plates.painted import PLAIN, Painted, meet, painted, shared
from livret.measure import Rect
from livret.pages.flatplan import FURNITURE_PAGES

# Of each page its boxes, as a note of the store keeps them.
Numbers = Sequence[Sequence[Sequence[float]]]

# Rounding may add so much ink, as a share of one ink.
OVER = 0.02


@dataclass(frozen=True)
class PageGrounds:
    """Boxes on a separated page: where black over it may pass the ink limit, and where it overprints itself."""

    dark: tuple[Rect, ...]
    black: tuple[Rect, ...]

    def meets(self, layer: PageGrounds) -> bool:
        """Whether something that overprints in a layer above stands where this page may be dark."""
        return any(meet(dark, black) for dark in self.dark for black in layer.black)


def grounds(things: Iterable[Painted], limit: float, is_layer: bool) -> PageGrounds:
    """Return the boxes of one page. `limit` is in percent. Only of a layer it is asked where black overprints."""
    room = limit / 100 + OVER - 1
    dark: list[Rect] = []
    black = []
    for one in things:
        # A picture or a gradient may be: it is looked at where something stands on it.
        may_be_dark = one.inks is None or one.blend not in PLAIN or sum(one.inks[:3]) > room
        covers = one.is_whole and one.opacity == 1 and one.blend in PLAIN and not one.overprints
        if may_be_dark:
            dark.append(one.box)
        elif covers:
            dark = [box for box in dark if shared(one.box, box) != box]
        if is_layer and one.overprints:
            black.append(one.box)
    return PageGrounds(tuple(dark), tuple(black))


def knocked_out(plan: BookPlan, kept: Mapping[Path, Numbers], limit: float) -> frozenset[int]:
    """Return the pages of a book whose furniture has to knock out, by their index.

    `kept` are the grounds of each separated file, as `numbers_of` gives them; `limit` is in percent.
    """
    read = {path: from_numbers(pages) for path, pages in kept.items()}
    found = set()
    for index, page in enumerate(plan.pages):
        layer, at = divmod(index, FURNITURE_PAGES)
        if page.fragment is None or layer >= len(plan.furniture):
            continue
        file = plan.furniture[layer]
        here, above = read.get(page.fragment, ())[page.page :][:1], read.get(file, ())[at:][:1]
        meets = any(one.meets(other) for one in here for other in above)
        if meets and _is_too_dark((page.fragment, page.page), (file, at), limit):
            found.add(index)
    return frozenset(found)


def _is_too_dark(page: tuple[Path, int], layer: tuple[Path, int], limit: float) -> bool:
    with pikepdf.open(page[0]) as below, pikepdf.open(layer[0]) as above:
        things, over = list(painted(below.pages[page[1]])), painted(above.pages[layer[1]])
        overlap = most_ink([one for one in over if one.overprints], things)
    return overlap is not None and overlap.ink > limit / 100 + OVER


def numbers_of(pages: Iterable[PageGrounds]) -> Numbers:
    """Return the boxes of some pages as numbers, to be kept: of each page first the dark ones, then the black ones."""
    return [[_numbers(page.dark), _numbers(page.black)] for page in pages]


def from_numbers(pages: Numbers) -> tuple[PageGrounds, ...]:
    """The other way."""
    return tuple(PageGrounds(tuple(_boxes(dark)), tuple(_boxes(black))) for dark, black in pages)


def _numbers(boxes: Iterable[Rect]) -> list[float]:
    return [round(number, 2) for box in boxes for number in (box.x0, box.y0, box.x1, box.y1)]


def _boxes(numbers: Sequence[float]) -> Iterator[Rect]:
    for at in range(0, len(numbers), 4):
        x0, y0, x1, y1 = map(float, numbers[at : at + 4])
        yield Rect(x0, y0, x1, y1)

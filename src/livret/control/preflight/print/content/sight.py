"""What of a page can be seen, and what lies on something else (GWG 2022, D0003, D0030 and D0031)."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from livret.control.preflight.print.content.geometry import (
    common,
    crosses,
    encloses,
    grown,
    holds,
    inside,
    is_empty,
    misses,
    overlap,
)
from livret.control.preflight.print.content.page_items import PageItem, PageItems

# The side of a field of the page, in points; what lies in the same field is compared.
FIELD = 36.0
MOST_FIELDS = 4096
# Letters reach into the boxes of the lines and letters beside them by less than this part of their size.
NEIGHBOURS = 0.2


class Sight:
    """Answers for one page which items are seen, and which lie on others."""

    def __init__(self, page: PageItems) -> None:
        self.page = page
        self._seen: dict[int, bool] = {}

    def seen(self, item: PageItem) -> bool:
        """Whether an item is a page element: on the product, not clipped away, not hidden by what is painted later."""
        if item.order not in self._seen:
            self._seen[item.order] = self._is_seen(item)
        return self._seen[item.order]

    def painted(self, item: PageItem) -> bool:
        """Whether an item is seen, wherever it lies on the medium, so outside the bleed too."""
        visible = common(item.box, self.page.media)
        if is_empty(visible) or not item.clip.shows(visible):
            return False
        if item.kind == "text" and item.blank:
            return False
        if not _leaves_something(item):
            return False
        return not any(
            other.order > item.order
            and other is not item
            and inside(visible, other.box)
            and (other.upright or (other.outline is not None and holds(other.outline, visible)))
            and other.clip.holds(visible)
            for other in self._covers
        )

    def _is_seen(self, item: PageItem) -> bool:
        surface = self.page.surface
        visible = common(item.box, surface)
        return not is_empty(visible) and not _only_touches(item, surface) and self.painted(item)

    @cached_property
    def _covers(self) -> list[PageItem]:
        """The items that hide what lies under their outlines."""
        return [item for item in self.page.items if item.may_hide]

    def overlaps(self, item: PageItem) -> bool:
        """Whether an item lies on another one that is seen."""
        for field in _fields(item, self.page):
            for other in self._fields.get(field, ()):
                if other.order >= item.order:
                    break
                depth = 0.01
                if item.kind == other.kind == "text":
                    depth = NEIGHBOURS * min(item.size, other.size)
                if overlap(item.box, other.box, depth) and not _misses(other, item) and self.seen(other):
                    return True
        return False

    @cached_property
    def _fields(self) -> dict[tuple[int, int], list[PageItem]]:
        found: dict[tuple[int, int], list[PageItem]] = defaultdict(list)
        for item in self.page.items:
            for field in _fields(item, self.page):
                found[field].append(item)
        return found


def _fields(item: PageItem, page: PageItems) -> list[tuple[int, int]]:
    """The fields of the page that an item lies in."""
    x0, y0, x1, y1 = common(item.box, page.media)
    if x1 < x0 or y1 < y0:
        return []
    wide = max(FIELD, (page.media[2] - page.media[0]) / 64)
    high = max(FIELD, (page.media[3] - page.media[1]) / 64)
    return [
        (column, row)
        for column in range(int(x0 // wide), int(x1 // wide) + 1)
        for row in range(int(y0 // high), int(y1 // high) + 1)
    ][:MOST_FIELDS]


def _misses(under: PageItem, over: PageItem) -> bool:
    """Whether what an item paints surely has nothing in common with the box of another."""
    if under.runs:
        box = grown(over.box, (under.line_width or 0) / 2)
        if any(crosses(run, box) for run in under.runs):
            return False
        centre = ((over.box[0] + over.box[2]) / 2, (over.box[1] + over.box[3]) / 2)
        even_odd = under.shape is not None and under.shape.even_odd
        return under.fill is None or not encloses(under.runs, centre, even_odd=even_odd)
    return under.outline is not None and misses(under.outline, over.box)


def _only_touches(item: PageItem, surface: tuple[float, float, float, float]) -> bool:
    """Whether an item with an area only touches the edge of the surface from outside."""
    x0, y0, x1, y1 = common(item.box, surface)
    return (x1 - x0 <= 0.01 < item.box[2] - item.box[0] and not inside(item.box, surface)) or (
        y1 - y0 <= 0.01 < item.box[3] - item.box[1] and not inside(item.box, surface)
    )


def _leaves_something(item: PageItem) -> bool:
    """Whether an item is painted at all: not with alpha 0, and not in the colorant None alone."""
    if item.kind == "shading" or (item.picture is not None and not item.picture.mask):
        return item.fill_alpha > 0
    fills = item.fill is not None and item.fill_alpha > 0 and item.fill.inks != {}
    strokes = item.stroke is not None and item.stroke_alpha > 0 and item.stroke.inks != {}
    return fills or strokes

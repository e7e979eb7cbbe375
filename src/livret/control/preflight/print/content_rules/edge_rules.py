"""Rules of press profiles for the edges of a page: filled bleed, safe margin, and the fold between facing pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from livret.control.preflight.print.content.geometry import Box, grown
from livret.control.preflight.print.content.page_items import PageItem, PageItems
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.told import PageBreaches, quoted
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import say

# What ends this near to an edge ends at it: a tenth of a millimetre.
NEAR = 0.3
# A gap in the bleed that is shorter than a millimetre is not told.
SHORTEST_GAP = 2.83
# How far apart two ends at a fold may be and still be meant to meet: five millimetres.
MEANT_TO_MEET = 14.2
MM = 72 / 25.4
_EDGES = {"left": say("left"), "right": say("right"), "bottom": say("bottom"), "top": say("top")}

_Span = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """An edge of the trim. Distances from it count outwards, places along it as on the page."""

    name: str
    axis: int
    way: int
    at: float

    def reach(self, box: Box) -> _Span:
        """How far a box reaches over the edge: from, to; negative inside the trim."""
        one, other = self.way * (box[self.axis] - self.at), self.way * (box[self.axis + 2] - self.at)
        return min(one, other), max(one, other)

    def along(self, box: Box) -> _Span:
        """From where to where a box lies along the edge."""
        return box[1 - self.axis], box[3 - self.axis]

    def strip(self, span: _Span, depth: float) -> Box:
        """The box between the edge and a line outside it, for a part of the edge."""
        low, high = sorted((self.at, self.at + self.way * depth))
        return (low, span[0], high, span[1]) if self.axis == 0 else (span[0], low, span[1], high)


def edges(page: PageItems, limits: PrintLimits) -> Iterator[Edge]:
    """The edges of a page that are cut: all but the one at the fold of facing pages."""
    x0, y0, x1, y1 = page.trim
    found = {
        "left": Edge("left", 0, -1, x0),
        "right": Edge("right", 0, 1, x1),
        "bottom": Edge("bottom", 1, -1, y0),
        "top": Edge("top", 1, 1, y1),
    }
    fold = limits.fold(page.number)
    yield from (edge for name, edge in found.items() if name != fold)


def near_edges(page: PageItems, limits: PrintLimits) -> list[PageItem]:
    """The items that lie at an edge of the trim or outside it: the rules here say nothing of all others."""
    x0, y0, x1, y1 = grown(page.trim, -max(NEAR, limits.safe_margin or 0.0))
    return [item for item in page.items if item.box[0] < x0 or item.box[1] < y0 or item.box[2] > x1 or item.box[3] > y1]


def check_bleed(told: PageBreaches, page: PageItems, items: list[PageItem], sight: Sight, limits: PrintLimits) -> None:
    """Tell where a colour or picture ends at the trim, or in the bleed, and no ink follows."""
    if limits.bleed is None:
        return
    for edge in edges(page, limits):
        ends: list[_Span] = []
        inked: list[_Span] = []
        for item in items:
            if item.kind == "text":
                continue
            start, stop = edge.reach(item.box)
            span = edge.along(item.box)
            if stop < -NEAR or start > limits.bleed - 2 * NEAR:
                continue
            if stop >= limits.bleed - NEAR:
                if item.prints and sight.seen(item):
                    inked = _joined([*inked, span])
                elif item.upright and item.opaque:
                    if start > -2 * NEAR:
                        # White over the bleed alone: the colour that was there now ends at the trim.
                        ends += [both for one in inked if (both := _both(one, span))[0] < both[1]]
                    inked = _without(inked, span)
            elif start < -2 * NEAR and item.prints and _straight(item, edge, stop) and sight.seen(item):
                ends.append(span)
        low, high = edge.along(page.trim)
        for span in _joined(ends):
            for gap in _gaps((max(span[0], low), min(span[1], high)), inked):
                if gap[1] - gap[0] > SHORTEST_GAP:
                    message = say(
                        "the bleed at the {edge} edge is not filled where colour reaches the trim", edge=edge.name
                    )
                    told.add("unfilled-bleed", message, edge.strip(gap, limits.bleed))


def _straight(item: PageItem, edge: Edge, stop: float) -> bool:
    """Whether an item ends in a straight line at `stop`: an upright shape, or one cut off there by a clip."""
    if item.upright or item.kind == "shading":
        return True
    return abs(edge.reach(item.clip.box)[1] - stop) < NEAR


def _joined(spans: list[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + NEAR:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _both(one: _Span, other: _Span) -> _Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _without(spans: list[_Span], hole: _Span) -> list[_Span]:
    return [gap for span in spans for gap in _gaps(span, [hole])]


def _gaps(span: _Span, covered: list[_Span]) -> list[_Span]:
    """The parts of a span that others do not cover; `covered` is in order."""
    found: list[_Span] = []
    low, high = span
    for first, last in covered:
        if last <= low or first >= high:
            continue
        if first > low:
            found.append((low, first))
        low = max(low, last)
    if low < high:
        found.append((low, high))
    return found


def _without_blank(item: PageItem) -> Box:
    """The box of an item; of a text that goes from left to right, without the blanks that it ends with."""
    if item.kind != "text" or item.font is None or item.font.vertical or item.text == item.text.rstrip():
        return item.box
    x0, y0, x1, y1 = item.box
    codes = item.font.codes(item.shown)
    # A glyph may stand for several letters, but never together with a blank.
    blanks = codes[len(codes) - (len(item.text) - len(item.text.rstrip())) :]
    return x0, y0, x1 - (x1 - x0) * item.font.advance(blanks) / (item.font.advance(codes) or 1), y1


def check_margin(told: PageBreaches, page: PageItems, items: list[PageItem], sight: Sight, limits: PrintLimits) -> None:
    """Report each text that is nearer to a cut edge than is safe, and each such picture that does not bleed."""
    safe = limits.safe_margin
    if safe is None:
        return
    for edge in edges(page, limits):
        for item in items:
            start, stop = edge.reach(item.box)
            if stop <= -safe + NEAR or start >= 0 or item.kind not in {"text", "image"}:
                continue
            start, stop = edge.reach(_without_blank(item))
            if stop <= -safe + NEAR or start >= 0:
                continue
            if item.kind == "image" and (stop >= -NEAR or not item.upright):
                continue
            if not item.prints and item.kind == "image":
                continue
            if sight.seen(item):
                what = quoted(item.text) if item.kind == "text" else say("a picture")
                near = say("over")
                if stop <= 0:
                    near = say("{distance:.1f} mm from", distance=max(0.0, -stop) / MM)
                message = say(
                    "{what} is {near} the {edge} edge of the trim; {safe:g} mm are safe",
                    what=what,
                    near=near,
                    edge=_EDGES[edge.name],
                    safe=safe / MM,
                )
                told.add("unsafe-content", message, item.box, kind=f"{edge.name}{item.kind}")


def check_fold(
    told: PageBreaches, verso: PageItems, page: PageItems, sights: tuple[Sight, Sight], limits: PrintLimits
) -> None:
    """Tell what runs over the fold of a spread and does not meet: a picture laid on both pages, and bands of colour."""
    left, right = Edge("left", 0, -1, verso.trim[0]), Edge("right", 0, 1, verso.trim[2])
    fold = (right, Edge("left", 0, -1, page.trim[0]))
    if limits.fold(page.number) == "right":
        fold = (left, Edge("right", 0, 1, page.trim[2]))
    here, there = (
        [item for item in one.items if edge.reach(item.box)[1] >= -NEAR and edge.reach(item.box)[0] < -NEAR]
        for one, edge in zip((verso, page), fold, strict=True)
    )
    across, up = fold[1].at - fold[0].at, page.trim[1] - verso.trim[1]
    for item in here:
        for other in there:
            if not _apart(item, other, (across, up), fold, limits.bleed or 0):
                continue
            if sights[0].seen(item) and sights[1].seen(other):
                what = say("a picture") if item.picture is not None else say("a band of colour")
                message = say(
                    "{what} runs over the fold from page {number}, but its two parts do not meet",
                    what=what,
                    number=verso.number,
                )
                told.add("fold-disagrees", message, other.box)


def _apart(item: PageItem, other: PageItem, shift: tuple[float, float], fold: tuple[Edge, Edge], bleed: float) -> bool:
    """Whether two items on facing pages are parts of one thing, and do not meet."""
    across, up = shift
    if item.picture is not None and other.picture is not None:
        if item.picture.number != other.picture.number or not item.picture.number:
            return False
        one, two = item.picture.placed, other.picture.placed
        over = [edge.reach(_whole(placed))[1] for edge, placed in zip(fold, (one, two), strict=True)]
        if min(over) < bleed + 1:
            # It ends at the fold, or in the bleed there, so it is one picture beside another.
            return False
        expected = (*one[:4], one[4] + across, one[5] + up)
        return max(abs(a - b) for a, b in zip(expected, two, strict=True)) > NEAR
    if item.fill is None or other.fill is None or not (item.upright and other.upright):
        return False
    if item.fill.space.kind != other.fill.space.kind or item.fill.values != other.fill.values or not item.fill.prints:
        return False
    ends = [abs(item.box[at] + up - other.box[at]) for at in (1, 3)]
    return max(ends) > NEAR and max(ends) < MEANT_TO_MEET and min(ends) < NEAR


def _whole(placed: tuple[float, ...]) -> Box:
    a, b, c, d, e, f = placed
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)

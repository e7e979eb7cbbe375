"""Framing: how large a picture is set, what of it is cut off, and how several stand together on a card.

All measures are in millimetres. Frames, and how much may be cut off, are the layout's: `pictures:` in `layout.yaml`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from livret.content.schema.design import Framing
from livret.pages.layout_file import Frame

# What a row that does not fill the width costs beside one of another height than is wished; more so where it would
# fill it if the rows were not too deep.
_NARROW, _LOWERED = 0.5, 0.8
_MOST_IN_A_ROW = 4
# So many ways to place some of the pictures are followed.
_MOST_WAYS = 60


@dataclass(frozen=True)
class FramedSize:
    """A picture in its frame: its size there, and the shares of it that are cut off."""

    width: float
    height: float
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    @property
    def most_lost(self) -> float:
        """The largest share that is cut off at one side."""
        return max(self.left, self.right, self.top, self.bottom)

    @property
    def position(self) -> tuple[float, float]:
        """Where the part in sight lies, as CSS says it: 0 at the left or top, 1 at the right or bottom."""
        across, down = self.left + self.right, self.top + self.bottom
        return (self.left / across if across else 0.5, self.top / down if down else 0.5)


@dataclass(frozen=True)
class PictureRow:
    """Pictures that stand side by side, equally tall; narrow ones have their captions below the row, in their order."""

    pictures: tuple[tuple[Framing, FramedSize], ...]
    captions_below: bool = False


def placed(ratio: float, framing: Framing, frame: Frame, crop: float) -> FramedSize:
    """How a picture of this ratio (width by height) stands in a frame.

    Without a wish of the author the frame is filled when that cuts off no more than `crop` at each side, or when it
    must be filled. Otherwise the picture is shown whole.
    """
    if framing.fit == "contain" or frame.area:
        return whole(ratio, frame)
    if frame.whole and not frame.whole[0] <= ratio <= frame.whole[1] and not (framing.fit or framing.focus):
        return whole(ratio, frame)
    filled = cut(ratio, frame.width, frame.height, framing.focus)
    is_wished = framing.fit == "cover" or framing.focus is not None
    return filled if is_wished or frame.fills or _evenly(filled) <= crop else whole(ratio, frame)


def _evenly(found: FramedSize) -> float:
    """What is cut off at each side, on the average of the two that lie opposite."""
    return max(found.left + found.right, found.top + found.bottom) / 2


def whole(ratio: float, frame: Frame) -> FramedSize:
    """The whole picture in a frame; in one with an area, so large that all pictures look equally large."""
    width = min(frame.width, frame.height * ratio)
    if frame.area:
        width = min(width, math.sqrt(frame.area * ratio))
    return FramedSize(width, width / ratio)


def cut(ratio: float, width: float, height: float, focus: tuple[float, float] | None) -> FramedSize:
    """A picture that fills a frame, with its focus as near to the middle as can be."""
    across, down = min(1.0, width / height / ratio), min(1.0, ratio * height / width)
    x, y = focus or (0.5, 0.5)
    left, top = max(0.0, min(x - across / 2, 1 - across)), max(0.0, min(y - down / 2, 1 - down))
    return FramedSize(width, height, left, 1 - across - left, top, 1 - down - top)


def rows(pictures: Sequence[tuple[Framing, float]], frame: Frame, crop: float, step: float) -> tuple[PictureRow, ...]:
    """Pictures, each with its ratio, in rows that fill the width of a frame. `step` is a line of the text beside.

    Pictures of a row are equally tall, so their widths follow from their ratios, and none is cut. If no more than
    `crop` is lost, rows are as tall as whole lines.
    """
    shapes = [(framing, frame.width / frame.height if framing.fit == "cover" else ratio) for framing, ratio in pictures]
    groups, tallest = _best([shape for _, shape in shapes], frame)
    frame = frame.model_copy(update={"height": tallest})
    found, start = [], 0
    for count in groups:
        found.append(_row(pictures[start : start + count], shapes[start : start + count], frame, crop, step))
        start += count
    return tuple(found)


def _row(
    pictures: Sequence[tuple[Framing, float]],
    shapes: Sequence[tuple[Framing, float]],
    frame: Frame,
    crop: float,
    step: float,
) -> PictureRow:
    tall = _height([shape for _, shape in shapes], frame)
    widths = [math.floor(tall * shape * 100) / 100 for _, shape in shapes]
    lines = max(1, math.floor(tall / step + 0.02)) * step
    is_cut = (
        lines < tall and (1 - lines / tall) / 2 <= crop and all(framing.fit != "contain" for framing, _ in pictures)
    )
    height = lines if is_cut else tall
    if len(pictures) == 1 and widths[0] < frame.width:
        # A picture that is nearly as wide as the text fills it.
        filled = cut(pictures[0][1], frame.width, height, pictures[0][0].focus)
        if _evenly(filled) <= crop and pictures[0][0].fit is None:
            return PictureRow(((pictures[0][0], filled),))
    found = tuple(
        (framing, cut(ratio, width, height, framing.focus))
        for (framing, ratio), width in zip(pictures, widths, strict=True)
    )
    return PictureRow(found, len(found) > 1 and min(widths) < frame.caption)


def _height(shapes: Sequence[float], frame: Frame) -> float:
    """How tall a row of these ratios is."""
    return min(frame.height, (frame.width - (len(shapes) - 1) * frame.gutter) / sum(shapes))


def _best(shapes: Sequence[float], frame: Frame) -> tuple[tuple[int, ...], float]:
    """How many pictures stand in each row, so that rows are about as tall as the frame wishes, and how tall rows are.

    Where the rows would be deeper than the frame, the tallest of them are made as tall as one another.
    """
    # By number of pictures placed: the ways to place them, as cost and counts.
    ways: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(shapes) + 1):
        found = []
        for count in range(1, min(_MOST_IN_A_ROW, end) + 1):
            row = shapes[end - count : end]
            cost = _cost(row, _height(row, frame), frame)
            found += [(before + cost, (*counts, count)) for before, counts in ways[end - count]]
        found.sort()
        ways.append(found[:_MOST_WAYS])

    def total(counts: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        groups = _groups(shapes, counts)
        tallest = _tallest([_height(row, frame) for row in groups], frame)
        return round(sum(_cost(row, min(_height(row, frame), tallest), frame) for row in groups), 6), counts

    chosen = min((counts for _, counts in ways[-1]), key=total)
    return chosen, _tallest([_height(row, frame) for row in _groups(shapes, chosen)], frame)


def _groups(shapes: Sequence[float], counts: Sequence[int]) -> list[Sequence[float]]:
    ends = list(itertools.accumulate(counts))
    return [shapes[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _cost(row: Sequence[float], tall: float, frame: Frame) -> float:
    """How far a row of this height is from what the frame wishes."""
    used = tall * sum(row) + (len(row) - 1) * frame.gutter
    narrow = _LOWERED if tall < _height(row, frame) else _NARROW
    return math.log(tall / (frame.row or frame.height)) ** 2 + narrow * (1 - used / frame.width)


def _tallest(heights: Sequence[float], frame: Frame) -> float:
    """How tall a row may be, so that all together are not deeper than the frame."""
    left = frame.depth or math.inf
    for place, tall in enumerate(sorted(heights)):
        share = left / (len(heights) - place)
        if tall > share:
            return share
        left -= tall
    return frame.height

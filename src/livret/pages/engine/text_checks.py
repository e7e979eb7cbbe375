"""Texts on the pages of a galley that a reader would not see: cut off, under something else, or without a colour.

Lengths are in CSS pixels. Texts that are turned, or that end in an ellipsis, are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import category

from weasyprint.document import Page
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import InlineBox, LineBox, ParentBox, ReplacedBox, TextBox
from weasyprint.images import RasterImage

from livret.findings import Finding, Location, error
from livret.measure import POINTS_PER_MM, POINTS_PER_PIXEL
from livret.pages.galley import Galley
from livret.translation import say

# So many pixels may a text reach beyond an edge: the space after its last letter, or rounding.
SLACK = 1.0
# Where the ink of letters is, above and below the baseline, in sizes of the font; accents reach further.
ABOVE, BELOW = 0.66, 0.12
# Two texts lie over each other when they share this much of the lower one's height, and this much of a letter's width.
SHARED, WIDE = 0.3, 0.3
# How much of a text must lie under something for it not to be seen.
COVERED = 0.3
SHOWN = 40
# Each of these sets what is in it further in. From so many in each other on, a text that runs out is told so.
NESTING = frozenset({"blockquote", "ul", "ol"})
DEEP = 5

# Where in the order of painting something stands (CSS 2.1, appendix E): by layer, `z-index`, and place in the text.
Rank = tuple[tuple[int, int, int], ...]
BACKGROUNDS, FLOATS, TEXTS, POSITIONED = range(4)


@dataclass(frozen=True)
class Area:
    """A rectangle, from the top left corner of the trimmed page."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Area) -> tuple[float, float]:
        """The width and the height that both cover; negative where they are apart."""
        width = min(self.right, other.right) - max(self.left, other.left)
        return width, min(self.bottom, other.bottom) - max(self.top, other.top)

    def reaches_beyond(self, other: Area) -> bool:
        """Whether it is not inside another one."""
        is_beside = self.left < other.left - SLACK or self.right > other.right + SLACK
        return is_beside or self.top < other.top - SLACK or self.bottom > other.bottom + SLACK


@dataclass(frozen=True)
class PaintedText:
    """A run of text on a page: where its ink is, what it is cut to, and when it is painted."""

    words: str
    ink: Area
    clips: tuple[Area, ...]
    rank: Rank
    colour: Any
    is_faded: bool
    line: int
    around: frozenset[int]
    nested: int


@dataclass(frozen=True)
class Paint:
    """Something painted that is no text; `colour` is None for a picture. Only what is opaque covers what is below."""

    area: Area
    rank: Rank
    colour: Any
    is_opaque: bool
    box: int


@dataclass(frozen=True)
class _Around:
    """What the boxes around a box do to it."""

    rank: Rank = ()
    layer: int = TEXTS
    clips: tuple[Area, ...] = ()
    # What an absolutely positioned box is cut to.
    clips_of_positioned: tuple[Area, ...] = ()
    opacity: float = 1.0
    line: int = 0
    boxes: frozenset[int] = frozenset()
    # In how many quotations and lists it stands.
    nested: int = 0


@dataclass
class Seen:
    """What is painted on a page."""

    texts: list[PaintedText] = field(default_factory=list)
    paints: list[Paint] = field(default_factory=list)
    _count: int = 0

    def read(self, box: Any, around: _Around | None = None) -> Seen:
        """Read all boxes inside a box."""
        around = around or _Around()
        for child in box.all_children():
            # A box that is placed elsewhere stands behind another object.
            child = getattr(child, "_box", child)
            style = child.style
            if style["transform"] or getattr(child, "text_overflow", "clip") == "ellipsis":
                continue
            self._count += 1
            if isinstance(child, TextBox):
                if _has_ink(child.text) and style["visibility"] == "visible":
                    self.texts.append(self._text(child, around))
                continue
            inside = self._inside(child, around)
            self._paint(child, inside)
            if isinstance(child, ParentBox):
                self.read(child, inside)
        return self

    def _text(self, box: TextBox, around: _Around) -> PaintedText:
        size, baseline = box.style["font_size"], box.position_y + box.baseline
        ink = Area(box.position_x, baseline - ABOVE * size, box.position_x + box.width, baseline + BELOW * size)
        colour = box.style["color"]
        is_faded = around.opacity == 0 or colour.alpha == 0
        rank = (*around.rank, (around.layer, 0, self._count))
        return PaintedText(
            box.text.strip(), ink, around.clips, rank, colour, is_faded, around.line, around.boxes, around.nested
        )

    def _inside(self, box: Any, around: _Around) -> _Around:
        """What a box does to those in it, and to itself."""
        style = box.style
        is_positioned = style["position"] != "static"
        z = style["z_index"] if isinstance(style["z_index"], int) else 0
        rank, layer, clips = around.rank, around.layer, around.clips
        if is_positioned or style["opacity"] < 1:
            rank, layer = (*rank, (POSITIONED if z >= 0 else -1, z, self._count)), TEXTS
        elif style["float"] in ("left", "right"):
            rank, layer = (*rank, (FLOATS, 0, self._count)), TEXTS
        if style["position"] in ("absolute", "fixed"):
            clips = around.clips_of_positioned
        below = clips
        if style["overflow"] != "visible" and box.element_tag not in ("html", "body"):
            left, top = box.padding_box_x(), box.padding_box_y()
            below = (*clips, Area(left, top, left + box.padding_width(), top + box.padding_height()))
        return replace(
            around,
            rank=rank,
            layer=layer,
            clips=below,
            clips_of_positioned=below if is_positioned else around.clips_of_positioned,
            opacity=around.opacity * style["opacity"],
            line=self._count if isinstance(box, LineBox) else around.line,
            boxes=around.boxes | {id(box)},
            nested=around.nested + (box.element_tag in NESTING),
        )

    def _paint(self, box: Any, inside: _Around) -> None:
        """Write down what a box paints behind those in it, or as a picture."""
        style = box.style
        if style["visibility"] != "visible" or inside.opacity == 0 or isinstance(box, LineBox):
            return
        if isinstance(box, ReplacedBox):
            left, top = box.content_box_x(), box.content_box_y()
            area = Area(left, top, left + box.width, top + box.height)
            picture = box.replacement
            # A drawing may leave most of its box free.
            is_opaque = isinstance(picture, RasterImage) and picture.mode in ("RGB", "L", "CMYK")
            is_opaque = is_opaque and style["object_fit"] in ("fill", "cover") and inside.opacity == 1
            self.paints.append(Paint(area, (*inside.rank, (TEXTS, 0, self._count)), None, is_opaque, id(box)))
            return
        ground = get_color(style, "background_color")
        has_picture = any(kind != "none" for kind, _ in style["background_image"])
        if ground.alpha == 0 and not has_picture:
            return
        left, top = box.border_box_x(), box.border_box_y()
        area = Area(left, top, left + box.border_width(), top + box.border_height())
        is_opaque = ground.alpha == 1 and inside.opacity == 1
        layer = TEXTS if isinstance(box, InlineBox) else BACKGROUNDS
        colour = None if has_picture or not is_opaque else ground
        self.paints.append(Paint(area, (*inside.rank, (layer, 0, self._count)), colour, is_opaque, id(box)))


def _has_ink(text: str) -> bool:
    return any(not character.isspace() and category(character) != "Cf" for character in text)


def check_texts(pages: Iterable[Page], galley: Galley) -> Iterator[Finding]:
    """An error for each text that is cut off, lies over or under something, or has the colour of what is below it.

    Text that is drawn over pages may stand near the trim, and be cut to its room.
    """
    where = Location(galley.place)
    for number, page in enumerate(pages, 1):
        seen = Seen().read(page._page_box)
        on = say("on page {number} of the part", number=number)
        trim = Area(0, 0, page.width, page.height)
        edge = galley.safe_margin / POINTS_PER_PIXEL if galley.tagged else 0
        safe = Area(edge, edge, page.width - edge, page.height - edge)
        for text in seen.texts:
            if text.ink.reaches_beyond(trim):
                yield _clipped(text, say("reaches beyond the trim {on}", on=on), where)
            elif any(text.ink.reaches_beyond(clip) for clip in text.clips):
                yield _clipped(text, say("is cut off by a box with overflow: hidden {on}", on=on), where)
            elif text.ink.reaches_beyond(safe):
                told = say(
                    "is less than {margin:g} mm from the trim {on}",
                    margin=galley.safe_margin / POINTS_PER_MM,
                    on=on,
                )
                yield _clipped(text, told, where)
        if galley.tagged:
            yield from _overlapping(seen, on, where)
            yield from _unseen(seen, on, where)


def _clipped(text: PaintedText, told: str, where: Location) -> Finding:
    hint = say("shorten the text, or give it more room in the layout")
    if text.nested >= DEEP:
        hint = say("write it outside some of the {number} quotations and lists that it stands in", number=text.nested)
    return error("clipped-text", say('"{text}" {told}', text=_shown(text), told=told), where, hint)


def _shown(text: PaintedText) -> str:
    return f"{text.words[:SHOWN]}…" if len(text.words) > SHOWN else text.words


def _overlapping(seen: Seen, on: str, where: Location) -> Iterator[Finding]:
    """Texts that lie over other texts, or under something that is painted later."""
    hint = say("shorten the text, or place it elsewhere in the layout")
    active: list[PaintedText] = []
    for text in sorted(seen.texts, key=lambda text: (text.ink.top, text.rank)):
        active = [other for other in active if other.ink.bottom > text.ink.top]
        for other in active:
            if _is_over(text, other):
                first, second = sorted((text, other), key=lambda one: one.rank)
                yield error(
                    "overlapping-text",
                    say('"{text}" and "{other}" overlap {on}', text=_shown(first), other=_shown(second), on=on),
                    where,
                    hint,
                )
                break
        active.append(text)
    for cover in (paint for paint in seen.paints if paint.is_opaque):
        for text in seen.texts:
            if cover.rank > text.rank and cover.box not in text.around and _is_covered(text, cover):
                what = say("a picture") if cover.colour is None else say("another box")
                yield error(
                    "overlapping-text",
                    say('"{text}" is covered by {what} {on}', text=_shown(text), what=what, on=on),
                    where,
                    hint,
                )


def _is_over(text: PaintedText, other: PaintedText) -> bool:
    width, height = text.ink.shared(other.ink)
    if width <= 0 or height <= 0 or text.line == other.line != 0:
        return False
    least = min(text.ink.bottom - text.ink.top, other.ink.bottom - other.ink.top)
    return height > SHARED * least and width > WIDE * least


def _is_covered(text: PaintedText, paint: Paint) -> bool:
    width, height = text.ink.shared(paint.area)
    size = (text.ink.right - text.ink.left) * (text.ink.bottom - text.ink.top)
    return width > 0 and height > 0 and width * height > COVERED * size


def _unseen(seen: Seen, on: str, where: Location) -> Iterator[Finding]:
    """Texts without a colour, or in the colour of what is below them."""
    for text in seen.texts:
        if text.is_faded or _is_in_colour_of_ground(text, seen.paints):
            why = say("nothing is painted for it") if text.is_faded else say("it has the colour of what is below it")
            hint = say("give it a colour that can be seen, or take it out of the layout")
            yield error(
                "unseen-text",
                say('"{text}" cannot be seen {on}: {why}', text=_shown(text), on=on, why=why),
                where,
                hint,
            )


def _is_in_colour_of_ground(text: PaintedText, paints: Sequence[Paint]) -> bool:
    """Whether a text has the colour of all that is below it; unknown, and so not, where that is a picture."""
    ground: Any = None
    for paint in sorted(paints, key=lambda paint: paint.rank):
        width, height = text.ink.shared(paint.area)
        if paint.rank < text.rank and width > 0 and height > 0:
            if paint.colour is None:
                return False
            ground = paint.colour
    return _rgb(text.colour) == (_rgb(ground) if ground else (255, 255, 255))


def _rgb(colour: Any) -> tuple[Any, ...]:
    """A colour as it is compared: in whole steps of sRGB, or as it is where that has no meaning."""
    if colour.space.startswith("device"):
        return (colour.space, *colour.coordinates)
    return tuple(round(value * 255) for value in colour.to("srgb").coordinates)

"""Turns what a stream paints into items of the page: paths, shadings, pictures and patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livret.control.preflight.pdf_objects import entry, flag, numbers, raw, whole
from livret.control.preflight.print.content import pictures, showing
from livret.control.preflight.print.content.colour import InkPaint
from livret.control.preflight.print.content.geometry import (
    NOWHERE,
    TOUCH,
    Box,
    Matrix,
    Point,
    common,
    corners,
    grown,
    is_empty,
    matrix,
    multiply,
    ordered,
    scales,
)
from livret.control.preflight.print.content.graphics_state import GraphicsState
from livret.control.preflight.print.content.lexer import Operand
from livret.control.preflight.print.content.page_items import Clip, Kind, PageItem, PaintedPicture
from livret.control.preflight.print.content.paths import PathShape, shape
from livret.control.preflight.print.content.print_fonts import PrintFont

if TYPE_CHECKING:
    from livret.control.preflight.print.content.interpreter import StreamRun

_UNIT: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class DrawnGlyph:
    """The text of a Type 3 font whose glyph is being run."""

    font: PrintFont
    size: float
    shown: bytes


@dataclass(frozen=True)
class PathPaint:
    """How a path is painted."""

    fill: bool = False
    stroke: bool = False
    even_odd: bool = False
    close: bool = False


_PAINTERS = {
    b"f": PathPaint(fill=True),
    b"F": PathPaint(fill=True),
    b"f*": PathPaint(fill=True, even_odd=True),
    b"S": PathPaint(stroke=True),
    b"s": PathPaint(stroke=True, close=True),
    b"B": PathPaint(fill=True, stroke=True),
    b"B*": PathPaint(fill=True, stroke=True, even_odd=True),
    b"b": PathPaint(fill=True, stroke=True, close=True),
    b"b*": PathPaint(fill=True, stroke=True, even_odd=True, close=True),
    b"n": PathPaint(),
}


def clipped(clip: Clip, box: Sequence[float], ctm: Matrix) -> Clip:
    """A region held to a box of user space as well."""
    straight = ordered(box)
    return clip if straight is None else held(clip, corners(straight, ctm))


def held(clip: Clip, outline: Sequence[Point], *, exact: bool = True) -> Clip:
    """A region held to a convex outline as well; to its box, when it is not known exactly."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    box = (min(xs), min(ys), max(xs), max(ys))
    upright = exact and all(
        min(abs(x - box[0]), abs(x - box[2])) < 0.01 and min(abs(y - box[1]), abs(y - box[3])) < 0.01
        for x, y in outline
    )
    inner = common(clip.box, box)
    if upright and clip.rectangular:
        return Clip(inner)
    return Clip(inner, None if upright or not exact else tuple(outline), exact, clip)


def add(run: StreamRun, kind: Kind, box: Box, state: GraphicsState) -> PageItem | None:
    """A new item of the page; None when it is hidden, or clipped away."""
    clip, items = state.clip, run.run.page.items
    visible = common(clip.box, run.region or box)
    if run.hidden or is_empty(visible):
        return None
    if run.region is None and not clip.is_box and not clip.shows(box):
        return None
    item = PageItem(len(items), kind, visible, clip)
    item.fill_alpha = state.fill_alpha * state.group_alpha
    item.stroke_alpha = state.stroke_alpha * state.group_alpha
    item.plain = state.plain
    item.overprint_mode = state.overprint_mode
    items.append(item)
    return item


def colour_item(item: PageItem, state: GraphicsState, *, fill: bool, stroke: bool) -> None:
    """Give an item the colours it is painted in."""
    if fill:
        item.fill, item.fill_overprints = state.fill, state.fill_overprints
    if stroke:
        item.stroke, item.stroke_overprints = state.stroke, state.stroke_overprints


def _paint_path(run: StreamRun, operator: bytes) -> None:
    """InkPaint the path that was built, then let it clip if W asked for that."""
    how = _PAINTERS[operator]
    path = run.path
    if how.close and path.operators:
        path.add(b"h", ())
    found = None
    if path.operators and (how.fill or how.stroke or run.pending_clip):
        found = shape(path, run.state.ctm, even_odd=how.even_odd)
    if found is not None and (how.fill or how.stroke):
        _add_path(run, found, how)
    if run.pending_clip:
        _clip(run, found)
        run.pending_clip = b""
    path.clear()


def _add_path(run: StreamRun, found: PathShape, how: PathPaint) -> None:
    state = run.state
    box = found.box
    width = None
    if how.stroke and found.moved:
        least, greatest = scales(state.ctm)
        width = state.line_width * least
        if not how.fill or state.line_width * greatest > 0:
            box = _with_line(box, state.line_width * greatest / 2, single=found.segments == 2)
    if width is None and not how.fill:
        return
    item = add(run, "path" if run.glyph is None else "text", box, state)
    if item is None:
        return
    colour_item(item, state, fill=how.fill, stroke=width is not None)
    # A glyph and its colours are part of a text; a path is what it looks like.
    if run.glyph is not None:
        item.size, item.font, item.shown = run.glyph.size, run.glyph.font, run.glyph.shown
    else:
        item.line_width = width
    item.shape, item.fills = found, how.fill and run.region is None
    if how.fill:
        run_pattern(run, state.fill, item.box)
    if width is not None:
        run_pattern(run, state.stroke, item.box)


def _with_line(box: Box, by: float, *, single: bool) -> Box:
    """A box with the width of the line along it. A single upright line is not longer for that."""
    if single and box[2] - box[0] < TOUCH < box[3] - box[1]:
        return box[0] - by, box[1], box[2] + by, box[3]
    if single and box[3] - box[1] < TOUCH < box[2] - box[0]:
        return box[0], box[1] - by, box[2], box[3] + by
    return grown(box, by)


def _clip(run: StreamRun, found: PathShape | None) -> None:
    state = run.state
    if found is None:
        state.clip = Clip(NOWHERE, around=state.clip)
    elif found.outline is not None:
        state.clip = held(state.clip, found.outline)
    else:
        x0, y0, x1, y1 = found.box
        # A path without area clips everything away, and so does its box.
        state.clip = held(state.clip, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), exact=False)


def run_pattern(run: StreamRun, colour: InkPaint, region: Box) -> None:
    """Run the cell of a tiling pattern that paints a region (ISO 32000-1, 8.7.3)."""
    pattern = colour.pattern
    if pattern is None or whole(raw(pattern, "/PatternType")) != 1 or not run.run.may_read(pattern):
        return
    uncoloured = whole(raw(pattern, "/PaintType")) == 2
    state = GraphicsState()
    # A pattern is laid out in the space of the stream that uses it, whatever cm has done there since.
    state.ctm = matrix(multiply(matrix(numbers(raw(pattern, "/Matrix"))), run.base))
    state.clip = Clip(region)
    state.group_alpha, state.group_plain = run.state.fill_alpha * run.state.group_alpha, run.state.plain
    if uncoloured:
        flat = InkPaint(colour.space, colour.values, colour.inks, colour.white, colour.black, colour.prints)
        state.fill = state.stroke = flat
    run.run_inside(pattern, state, raw(pattern, "/Resources"), region=region, fixed_colours=uncoloured)


def _shade(run: StreamRun, operands: list[Operand]) -> None:
    """sh: paint a shading on all of the clip."""
    named = showing.last_name(operands)
    shading = run.resources.other("/Shading", named)
    space = run.run.shared.spaces.find(entry(shading, "/ColorSpace"), run.resources.value)
    box = run.state.clip.box
    own = numbers(raw(shading, "/BBox"))
    if len(own) == 4:
        box = common(box, clipped(Clip(), own, run.state.ctm).box)
    item = add(run, "shading", box, run.state)
    if item is not None:
        colour_item(item, run.state, fill=True, stroke=False)
        item.fill = InkPaint(space, (), None, False, False, pattern=shading)


def place_image(run: StreamRun, value: object) -> None:
    """Do, for an image XObject."""
    _add_image(run, pictures.image(value, run.state.ctm, run.resources), flag(raw(value, "/ImageMask")))


def _inline_image(run: StreamRun, operands: list[Operand]) -> None:
    picture = pictures.inline_image(operands, run.state.ctm, run.resources)
    _add_image(run, picture, picture.mask)


def _add_image(run: StreamRun, picture: PaintedPicture, mask: bool) -> None:
    state = run.state
    outline = corners(_UNIT, state.ctm)
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    item = add(run, "image", (min(xs), min(ys), max(xs), max(ys)), state)
    if item is None:
        return
    item.picture = picture
    if mask:
        colour_item(item, state, fill=True, stroke=False)
        run_pattern(run, state.fill, item.box)
    else:
        item.fill_overprints = state.fill_overprints
    if run.region is None:
        item.corners = outline


def _path_painter(operator: bytes) -> Callable[[StreamRun, bytes, list[Operand]], None]:
    return lambda run, written, operands: _paint_path(run, operator)


def _pend(operator: bytes) -> Callable[[StreamRun, bytes, list[Operand]], None]:
    def pend(run: StreamRun, _written: bytes, _operands: list[Operand]) -> None:
        run.pending_clip = operator

    return pend


HANDLERS: dict[bytes, Callable[[StreamRun, bytes, list[Operand]], None]] = {
    **{word: _path_painter(word) for word in _PAINTERS},
    b"W": _pend(b"W"),
    b"W*": _pend(b"W*"),
    b"sh": lambda run, written, operands: _shade(run, operands),
    b"ID": lambda run, written, operands: _inline_image(run, operands),
    **showing.HANDLERS,
}

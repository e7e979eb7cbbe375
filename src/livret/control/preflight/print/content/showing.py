"""Text operators (ISO 32000-1, 9): where text is, how large it is on paper, and in what it is painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from livret.control.preflight.print.content.geometry import (
    Box,
    common,
    is_empty,
    matrix,
    multiply,
    placed_box,
)
from livret.control.preflight.print.content.lexer import Operand, name_of, numbers_of, shown_array, string_of
from livret.control.preflight.print.content.page_items import Clip
from livret.control.preflight.print.content.print_fonts import PrintFont
from livret.control.preflight.print.content.text_state import TextPosition, size_on_paper
from livret.translation import say

if TYPE_CHECKING:
    from livret.control.preflight.print.content.interpreter import StreamRun

# How far letters reach below and above the base line; what is between lines of text set without leading.
BELOW, ABOVE = -0.2, 0.75
# How many different glyphs of a Type 3 font are run for one string.
MOST_GLYPHS = 64
_FILLS = frozenset({0, 2, 4, 6})
_STROKES = frozenset({1, 2, 5, 6})


def last_name(operands: list[Operand]) -> str:
    """The last name among operands."""
    return next((name_of(token) for kind, token in reversed(operands) if kind == "name"), "")


def _begin(run: StreamRun, _written: bytes, _operands: list[Operand]) -> None:
    """BT"""
    run.text = TextPosition()


def _end(run: StreamRun, _written: bytes, _operands: list[Operand]) -> None:
    """ET: text shown in a clipping mode clips from here on."""
    if run.text_clip:
        boxes, state = run.text_clip, run.state
        xs, ys = [one for box in boxes for one in box[::2]], [one for box in boxes for one in box[1::2]]
        inner = common(state.clip.box, (min(xs), min(ys), max(xs), max(ys)))
        state.clip = Clip(inner, exact=False, around=state.clip)
        run.text_clip = []


def _font(run: StreamRun, written: bytes, operands: list[Operand]) -> None:
    """Tf"""
    named = last_name(operands)
    found = run.resources.font(named)
    if found is None:
        run.run.tell(say("no font is named /{name}", name=named))
    else:
        run.state.font = found
    size = numbers_of(written)
    if size:
        run.state.font_size = size[-1]


def _number(field: str, factor: float = 1.0) -> Callable[[StreamRun, bytes, list[Operand]], None]:
    def change(run: StreamRun, written: bytes, _operands: list[Operand]) -> None:
        given = numbers_of(written)
        if given:
            setattr(run.state, field, given[-1] * factor)

    return change


def _mode(run: StreamRun, written: bytes, _operands: list[Operand]) -> None:
    """Tr"""
    given = numbers_of(written)
    if given and 0 <= given[-1] <= 7:
        run.state.render = int(given[-1])


def _move(run: StreamRun, written: bytes, _operands: list[Operand]) -> None:
    """Td"""
    given = numbers_of(written)
    if len(given) >= 2:
        run.text.move(given[-2], given[-1])


def _move_leading(run: StreamRun, written: bytes, operands: list[Operand]) -> None:
    """TD"""
    given = numbers_of(written)
    if len(given) >= 2:
        run.state.leading = -given[-1]
    _move(run, written, operands)


def _set(run: StreamRun, written: bytes, _operands: list[Operand]) -> None:
    """Tm"""
    given = numbers_of(written)
    if len(given) >= 6:
        run.text.set(given[-6:])


def _next_line(run: StreamRun, _written: bytes, _operands: list[Operand]) -> None:
    """T*"""
    run.text.move(0, -run.state.leading)


def _show(run: StreamRun, _written: bytes, operands: list[Operand]) -> None:
    """Tj"""
    for kind, token in operands:
        if kind == "string":
            show(run, string_of(token), 0.0)


def _show_line(run: StreamRun, written: bytes, operands: list[Operand]) -> None:
    """' and \": a new line, the latter with spacing."""
    spacing = [numbers_of(token) for kind, token in operands if kind == "run"]
    if spacing and len(spacing[0]) >= 2:
        run.state.word_spacing, run.state.spacing = spacing[0][-2:]
    _next_line(run, written, operands)
    _show(run, written, operands)


def _show_pieces(run: StreamRun, _written: bytes, operands: list[Operand]) -> None:
    """TJ"""
    strings, move = [], 0.0
    for kind, token in operands:
        if kind == "array":
            shown, moved = shown_array(token)
            strings.append(shown)
            move += moved
        elif kind == "string":
            strings.append(string_of(token))
        elif kind == "run":
            move += sum(numbers_of(token))
    show(run, b"".join(strings), move)


def show(run: StreamRun, string: bytes, move: float) -> None:
    """Show a string, with moves inside it that come to `move`: add the item, and set the pen behind it."""
    state = run.state
    font, size = state.font, state.font_size
    codes = font.codes(string)
    if font.vertical:
        pen = -len(codes) * (size + state.spacing) - move / 1000 * size
    else:
        spaces = string.count(b" ") if font.bytes_a_code == 1 and state.word_spacing else 0
        length = font.advance(codes) * size + len(codes) * state.spacing + spaces * state.word_spacing
        pen = (length - move / 1000 * size) * state.stretch
    if string and state.render != 3 and not run.hidden:
        _add_text(run, string, _box(run, min(0.0, pen), max(0.0, pen)), size_on_paper(state, run.text.matrix))
    if font.vertical:
        run.text.advance(0.0, pen)
    else:
        run.text.advance(pen)


def _box(run: StreamRun, low: float, high: float) -> Box:
    state = run.state
    size = state.font_size * (state.font.em if state.font.type3 else 1)
    below, above = sorted((BELOW * size + state.rise, ABOVE * size + state.rise))
    text_box = (low, below, high, above)
    if state.font.vertical:
        half = abs(state.font_size) / 2
        text_box = (-half, low, half, high)
    return placed_box(text_box, multiply(run.text.matrix, state.ctm))


def _add_text(run: StreamRun, shown: bytes, box: Box, size: float) -> None:
    from livret.control.preflight.print.content import painting

    state = run.state
    if state.render >= 4:
        run.text_clip.append(box)
    fill, stroke = state.render in _FILLS, state.render in _STROKES
    if not (fill or stroke) and not state.font.type3:
        return
    if state.font.type3 and _run_glyphs(run, state.font, shown, size):
        return
    item = painting.add(run, "text", box, state)
    if item is None:
        return
    item.size, item.font, item.shown = size, state.font, shown
    painting.colour_item(item, state, fill=fill or state.font.type3, stroke=stroke and not state.font.type3)
    if fill:
        painting.run_pattern(run, state.fill, item.box)
    if stroke:
        painting.run_pattern(run, state.stroke, item.box)


def _run_glyphs(run: StreamRun, font: PrintFont, shown: bytes, size: float) -> bool:
    """Run the glyphs of a Type 3 font that have colours of their own; whether there is one."""
    from livret.control.preflight.print.content.painting import DrawnGlyph

    coloured = False
    done: set[int] = set()
    pen = 0.0
    for code in shown:
        glyph = font.glyphs.get(code)
        if glyph is not None and code not in done and len(done) < MOST_GLYPHS:
            done.add(code)
            # d1 at its start says that a glyph is a shape alone, painted in the colour of the text.
            own = b"d0" in run.run.shared.stream(glyph)[:200]
            coloured = coloured or own
            if own and run.run.may_read(glyph):
                state = run.state.copy()
                to_text = (run.state.font_size * state.stretch, 0.0, 0.0, state.font_size, pen, state.rise)
                placed = multiply(multiply(matrix(font.to_text), matrix(to_text)), run.text.matrix)
                state.ctm = matrix(multiply(placed, state.ctm))
                if not is_empty(state.clip.box):
                    run.run_inside(glyph, state, font.resources, region=run.region, glyph=DrawnGlyph(font, size, shown))
        pen += (font.widths.get(code, 0.0) * run.state.font_size + run.state.spacing) * run.state.stretch
    return coloured


HANDLERS: dict[bytes, Callable[[StreamRun, bytes, list[Operand]], None]] = {
    b"BT": _begin,
    b"ET": _end,
    b"Tf": _font,
    b"Tc": _number("spacing"),
    b"Tw": _number("word_spacing"),
    b"Tz": _number("stretch", 0.01),
    b"TL": _number("leading"),
    b"Ts": _number("rise"),
    b"Tr": _mode,
    b"Td": _move,
    b"TD": _move_leading,
    b"Tm": _set,
    b"T*": _next_line,
    b"Tj": _show,
    b"TJ": _show_pieces,
    b"'": _show_line,
    b'"': _show_line,
}

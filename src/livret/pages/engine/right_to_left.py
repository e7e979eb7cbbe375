"""Text from right to left is written letter by letter, in the order in which it is read (ISO 32000-1, 14.8.2.3.3).

The engine writes the glyphs of a line from left to right. Screen readers and MuPDF then read each word backwards.
Poppler and PDFium turn the letters round by themselves, whatever their order in the file, but they turn the letters of
a ligature, too. So each glyph is placed alone, and each letter of a ligature has its own glyph. Poppler puts a space
or a comma after a number on the wrong side of it, and so after an Arabic word in a French line; an invisible mark
tells it the right one. docs/accessibility.md says what each reader gives.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any
from unicodedata import bidirectional, category, combining, normalize

import fontTools.ttLib
import pydyf  # type: ignore[import-untyped]
from weasyprint.draw import text as engine_text
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import line_size

LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"
NO_BREAK = frozenset("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
# How many CSS pixels further left a glyph is placed that would stand at the place of the one before: readers that sort
# by place must know which comes first.
STEP = 0.03
# Glyphs stand at exact places, but a PDF has their widths in whole thousandths of the size. So letters that touch may
# seem to stand so far apart, as a share of the size, and Poppler takes that for a space. They are placed so that they
# overlap a little.
SEAM, OVERLAP = 0.002, 0.0002
# How much of its ligature a letter that is not seen may cover.
COVER = 0.9

_engine_draw = engine_text.draw_first_line


def apply() -> None:
    """Replace how a line of text is drawn on a page; text in drawings is left as it is."""
    TextBox.ends_word = False
    TextBox.turns = False
    engine_text.draw_first_line = _draw


def reads_from_right(text: str) -> bool:
    """Whether a text has letters that are read from right to left."""
    return not text.isascii() and any(bidirectional(character) in {"R", "AL"} for character in text)


@dataclass(frozen=True)
class _Glyph:
    """A glyph: the text it stands for, its place in the text and on the line, its advance, its bidi level.

    `font` is what the engine writes into the PDF, `face` Pango's font.
    """

    glyph: int
    text: str
    order: tuple[int, int]
    level: int
    font: Any
    face: Any
    size: float
    x: float
    rise: float
    advance: float
    is_hidden: bool = False
    actual: str | None = None

    def goes_on(self, before: _Glyph) -> bool:
        """Whether it is written in one go with the glyph before; one that is read from the right is written alone."""
        is_alike = (self.font.hash, self.size, self.level) == (before.font.hash, before.size, before.level)
        return is_alike and not self.level % 2 and not self.rise and not before.rise and self.x >= before.x


def _draw(stream: Any, box: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
    """As `draw_first_line`; letters that are read from right to left are written in that order."""
    layout = box.pango_layout
    if not isinstance(box, TextBox):
        # Text in a drawing, which sets how its letters are filled.
        return _engine_draw(stream, box, text_overflow, block_ellipsis, matrix)
    is_drawn = layout.text.strip() and box.style["font_size"] >= 1e-6 and block_ellipsis == "none"
    is_ours = is_drawn and (box.ends_word or box.turns or _is_turned(layout.text, box.style["direction"]))
    if is_ours and not (text_overflow == "ellipsis" and _is_too_long(layout, box.style)):
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        glyphs = list(_glyphs(stream, layout, box.style))
        if glyphs and None not in glyphs:
            _write(stream, _in_order([glyph for glyph in glyphs if glyph], stream, box), matrix)
            return []
    return _engine_draw(stream, box, text_overflow, block_ellipsis, matrix)


def _is_turned(text: str, direction: str) -> bool:
    """Whether readers would put a text into another order: letters from the right, or a number in groups among them."""
    return reads_from_right(text) or (direction == "rtl" and not NO_BREAK.isdisjoint(text))


def _is_too_long(layout: Any, style: Any) -> bool:
    """Whether the engine will shorten a line to its room."""
    first_line, index = layout.get_first_line()
    return bool(index) or line_size(first_line, style)[0] > layout.max_width


def _glyphs(stream: Any, layout: Any, style: Any) -> Iterator[_Glyph | None]:
    """The glyphs of a line from left to right; None for one that only the engine can draw."""
    text, x = layout.text.encode(), 0.0
    first_line, _ = layout.get_first_line()
    run = first_line.runs[0]
    while run != ffi.NULL:
        item, glyphs, run = run.data.item, run.data.glyphs, run.next
        font, size = stream.add_font(item.analysis.font)
        if font.bitmap or font.svg or font.png or font.colr:
            yield None
            return
        if pango.pango_version() < 14802:
            size = style["font_size"]
        level, starts = item.analysis.level, list(glyphs.log_clusters[0 : glyphs.num_glyphs])
        ends = [*sorted(set(starts))[1:], item.length]
        until = dict(zip(sorted(set(starts)), ends, strict=True))
        for start, numbers in groupby(range(glyphs.num_glyphs), starts.__getitem__):
            cluster = []
            for number in numbers:
                glyph, geometry = glyphs.glyphs[number].glyph, glyphs.glyphs[number].geometry
                if glyph != pango.PANGO_GLYPH_EMPTY and glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                    yield None
                    return
                if glyph != pango.PANGO_GLYPH_EMPTY:
                    _measure(stream, font, item.analysis.font, glyph, size)
                    cluster.append(
                        _Glyph(
                            glyph, "", (item.offset + start, 0), level, font, item.analysis.font, size,
                            x + geometry.x_offset * FROM_UNITS, geometry.y_offset / 1000, geometry.width * FROM_UNITS,
                        )
                    )  # fmt: skip
                x += geometry.width * FROM_UNITS
            letters = text[item.offset + start : item.offset + until[start]].decode()
            yield from _lettered(cluster[::-1] if level % 2 else cluster, _visible(letters), stream)


def _measure(stream: Any, font: Any, pango_font: Any, glyph: int, size: float) -> None:
    """Write down the width of a glyph, as the engine does."""
    if glyph not in font.widths:
        pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
        font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)


def _visible(text: str) -> str:
    """The characters of a text that can be seen, letters and their marks composed where there is a character."""
    return normalize("NFC", "".join(character for character in text if category(character) != "Cf"))


def _lettered(cluster: list[_Glyph], letters: str, stream: Any) -> Iterator[_Glyph]:
    """The glyphs of one cluster in the order of reading, each with its letters."""
    if not cluster:
        return
    marks = [letter for letter in letters if combining(letter)]
    bases = [letter for letter in letters if not combining(letter)]
    # Where letters are spaced, a mark has an advance, too.
    without_width = [glyph for glyph in cluster if not (glyph.advance and glyph.font.widths[glyph.glyph])]
    above = without_width[-len(marks) :] if marks else []
    below = [glyph for glyph in cluster if glyph not in above]
    if len(above) < len(marks) or not below:
        below, above, bases, marks = cluster, [], list(letters), []
    if len(below) == 1 and len(bases) > 1:
        parts = list(_parts(below[0], bases, stream))
    else:
        ends = [*bases[: len(below) - 1], "".join(bases[len(below) - 1 :])]
        parts = [
            replace(glyph, text=text) for glyph, text in zip(below, ends + [""] * (len(below) - len(ends)), strict=True)
        ]
    parts += [replace(glyph, text=mark) for glyph, mark in zip(above, marks, strict=True)]
    for number, part in enumerate(parts):
        yield _mapped(replace(part, order=(part.order[0], number)))


def _parts(ligature: _Glyph, bases: list[str], stream: Any) -> Iterator[_Glyph]:
    """A ligature as its last letter; each letter before it as a glyph at its place that is not seen."""
    font = ligature.font
    forms = _forms(font.file_content, font.index)
    if not ligature.level % 2 or not ligature.advance or any(letter not in forms for letter in bases[:-1]):
        yield replace(ligature, text="".join(bases))
        return
    for number, letter in enumerate(bases[:-1]):
        # The letters share the width, from the right.
        room = ligature.advance * (len(bases) - number) / len(bases)
        width, glyph = forms[letter][0]
        _measure(stream, font, ligature.face, glyph, ligature.size)
        shrunk = min(1.0, COVER * room / (width * ligature.size))
        advance = width * ligature.size * shrunk
        yield replace(
            ligature, glyph=glyph, text=letter, size=ligature.size * shrunk, advance=advance,
            x=ligature.x + room - advance, rise=0.0, is_hidden=True,
        )  # fmt: skip
    dict.__setitem__(font.to_unicode, ligature.glyph, bases[-1])
    yield replace(ligature, text=bases[-1])


@lru_cache(maxsize=64)
def _forms(face: bytes, index: int) -> dict[str, tuple[tuple[float, int], ...]]:
    """The forms of each letter in a font, the narrowest first: the width at a size of 1, and the glyph."""
    font = fontTools.ttLib.TTFont(io.BytesIO(face), fontNumber=index, lazy=True)
    widths, units = font["hmtx"], font["head"].unitsPerEm
    found: dict[str, set[tuple[float, int]]] = {}
    for code, name in font.getBestCmap().items():
        letter, width = normalize("NFKC", chr(code)), widths[name][0]
        if width and len(letter) == 1:
            found.setdefault(letter, set()).add((width / units, font.getGlyphID(name)))
    return {letter: tuple(sorted(forms)) for letter, forms in found.items()}


def _mapped(glyph: _Glyph) -> _Glyph:
    """The glyph, its letters in the font's map, or with it where the map says something else."""
    shown = glyph.font.to_unicode
    if glyph.glyph not in shown:
        shown[glyph.glyph] = glyph.text
    is_same = normalize("NFKC", shown[glyph.glyph]) == normalize("NFKC", glyph.text)
    if glyph.text in NO_BREAK:
        # Fonts show it by the glyph of a space, at which PDFium turns groups of digits round.
        return replace(glyph, actual="\N{NO-BREAK SPACE}")
    return glyph if is_same or not glyph.text else replace(glyph, actual=glyph.text)


def turns(before: str, text: str, direction: str) -> bool:
    """Whether a text begins with signs that belong to a line, right after a text that runs against the line."""
    end = [character for character in before if category(character) != "Cf"][-1:]
    return bool(end) and bool(text) and _runs_against(end[0], direction) and _is_neutral(text[0])


def _runs_against(character: str, direction: str) -> bool:
    """Whether a letter or digit is read in the other direction than its line."""
    return bidirectional(character) in ({"L", "EN", "AN"} if direction == "rtl" else {"R", "AL"})


def _is_neutral(text: str) -> bool:
    """Whether a sign has no direction of its own, such as a space or a comma."""
    return bool(text) and bidirectional(text[0]) not in {"L", "R", "AL", "EN", "AN"} and not combining(text[0])


def _is_of_numbers(text: str) -> bool:
    """Whether a sign stands in numbers, such as a comma or a percent sign."""
    return len(text) == 1 and bidirectional(text) in {"CS", "ES", "ET"}


def _in_order(glyphs: list[_Glyph], stream: Any, box: Any) -> list[_Glyph]:
    """The glyphs in the order of reading, none at the place of the one before."""
    ordered: list[_Glyph] = []
    # The last one that is no mark over another.
    beside: _Glyph | None = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.order):
        before = ordered[-1] if ordered else None
        placed = glyph
        if before and glyph.level % 2 and before.level % 2 and glyph.x >= before.x:
            placed = replace(placed, x=before.x - STEP)
        if beside and glyph.level % 2 and beside.level % 2 and glyph.advance:
            placed = _touching(placed, beside)
        ordered.append(placed)
        beside = placed if placed.advance else beside
    ordered = _with_marks(ordered, box.turns)
    return ordered + _space(ordered[-1], stream) if box.ends_word else ordered


def _with_marks(glyphs: list[_Glyph], turns: bool) -> list[_Glyph]:
    """The glyphs in the order of reading, with invisible marks at signs that Poppler would put on the wrong side.

    `turns` says whether the first of them turns from what stands before. Poppler takes a line for one from the right
    when most of its letters are, so each end of what turns has its mark. It takes signs such as a comma for a part of
    a number, also before or after a space.
    """
    marked = list(glyphs)

    def mark(at: int, before: str = "", after: str = "") -> None:
        glyph = marked[at]
        text = glyph.text if glyph.actual is None else glyph.actual
        marked[at] = replace(glyph, actual=before + text + after)

    for at, glyph in enumerate(glyphs):
        is_turn = glyphs[at - 1].level % 2 != glyph.level % 2 if at else turns
        if is_turn and _is_neutral(glyph.text):
            end = at
            while not glyph.level % 2 and end + 1 < len(glyphs) and _is_neutral(glyphs[end + 1].text):
                end += 1
            mark(end, after=RIGHT_TO_LEFT_MARK)
            mark(at, before=LEFT_TO_RIGHT_MARK)
        after = "".join(glyph.text for glyph in glyphs[at + 1 : at + 3])
        if glyph.level % 2 and _is_of_numbers(glyph.text) and after[:1].isspace() and (is_turn or after[1:].isdigit()):
            mark(at, before=RIGHT_TO_LEFT_MARK)
    return marked


def _touching(glyph: _Glyph, right: _Glyph) -> _Glyph:
    """The glyph, without the seam that rounding leaves between it and the letter on its right."""
    end = glyph.x + glyph.font.widths[glyph.glyph] * glyph.size / 1000
    is_seam = -OVERLAP * glyph.size < right.x - end < SEAM * glyph.size
    x = glyph.x + right.x - end + OVERLAP * glyph.size
    # In letters that are spaced, an alef drawn over its lam has no width.
    if not is_seam or x >= right.x or glyph.text.isspace() or right.text.isspace():
        return glyph
    return replace(glyph, x=x)


def _space(last: _Glyph, stream: Any) -> list[_Glyph]:
    """A space after the last glyph of a line."""
    spaces = _forms(last.font.file_content, last.font.index).get(" ")
    if last.text.isspace() or not spaces:
        return []
    glyph = spaces[-1][1]
    _measure(stream, last.font, last.face, glyph, last.size)
    advance = last.font.widths[glyph] * last.size / 1000
    x = last.x - advance if last.level % 2 else last.x + last.advance
    order = (last.order[0] + 1, 0)
    return [_mapped(replace(last, glyph=glyph, text=" ", order=order, x=x, advance=advance, rise=0.0, actual=None))]


def _write(stream: Any, glyphs: list[_Glyph], matrix: Any) -> None:
    """Write glyphs in their order, each run at its place."""
    runs: list[list[_Glyph]] = []
    for glyph in glyphs:
        if runs and glyph.goes_on(runs[-1][-1]):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    a, b, c, d, e, f = matrix.values
    for run in runs:
        first = run[0]
        is_told = any(glyph.actual is not None for glyph in run)
        if is_told:
            actual = "".join(glyph.text if glyph.actual is None else glyph.actual for glyph in run)
            stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(actual)}))
        stream.set_font_size(first.font.hash, first.size)
        stream.set_text_matrix(a, b, c, d, e + a * first.x, f + b * first.x)
        if first.is_hidden:
            stream.set_text_rendering(3)
        if first.rise:
            stream.set_text_rise(-first.rise)
        stream.show_text(_shown(run))
        if first.rise:
            stream.set_text_rise(0)
        if first.is_hidden:
            stream.set_text_rendering(0)
        if is_told:
            stream.end_marked_content()


def _shown(run: list[_Glyph]) -> str:
    """The glyphs of a run as the operator TJ takes them, each at its place."""
    shown, pen = "", run[0].x
    for glyph in run:
        if back := round((pen - glyph.x) * 1000 / glyph.size):
            shown += str(back)
        shown += f"<{glyph.glyph:04x}>"
        pen = glyph.x + glyph.font.widths[glyph.glyph] * glyph.size / 1000
    return shown

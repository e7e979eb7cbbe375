"""Where words are not broken: at the end of a page or a column, in a third line in a row, after a space at any letter.

The engine knows neither `hyphenate-limit-last` nor `hyphenate-limit-lines`. A line that ends in a hyphen is now kept
for the next page, as lines are kept for `widows`. After two lines that end in a hyphen, the next one is not hyphenated.
A word that may break at any letter (`overflow-wrap`) does so at the beginning of a line alone. The engine takes each
text of an element for such a beginning, though others stand before it on the line.
"""

from __future__ import annotations

from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure.boxes import LineBox, ParentBox, TextBox
from weasyprint.layout import LayoutContext, block, inline

from livret.pages.engine.words import HYPHEN

# The engine's hyphen, and one that was typed: "rendez-" is a part of a word too.
HYPHENS = (HYPHEN, "-")
MOST_IN_A_ROW = 2
WHOLE_LINE = Dimension(100, "%")

_engine_break_line = block._break_line
_engine_next_line = inline.get_next_linebox
_engine_split_first_line = inline.split_first_line
_engine_split_inline_box = inline.split_inline_box
_split_text_box = inline.split_text_box


def apply() -> None:
    """Replace how paragraphs break between pages, and how their lines are filled. Call it after `words.apply`."""
    global _split_text_box
    LineBox.hyphens_before = None
    LayoutContext.keeps_words_whole = False
    LayoutContext.ends_in_space = False
    _split_text_box = inline.split_text_box
    inline.split_text_box = _split_text
    inline.split_inline_box = _split_inline_box
    block._break_line = _break_line
    inline.get_next_linebox = _next_line
    inline.split_first_line = _split_first_line


def _break_line(
    context: Any, box: Any, line: Any, new_children: list[Any], needed: int, page_is_empty: bool, *rest: Any
) -> Any:
    """As `_break_line`; more lines are needed after the break while the last one before it ends in a hyphen.

    A paragraph too short for that moves whole, as one that is too short for `orphans` and `widows`; the first one of
    a page cannot.
    """
    more = needed
    while more < len(new_children) and _ends_in_hyphen(new_children[-1 - more]):
        more += 1
    is_possible = more <= len(new_children) - box.style["orphans"]
    if not page_is_empty or is_possible:
        needed = more
    return _engine_break_line(context, box, line, new_children, needed, page_is_empty, *rest)


def _next_line(context: Any, paragraph: Any, position_y: Any, bottom_space: Any, skip: Any, *rest: Any) -> Any:
    """As `get_next_linebox`; a paragraph remembers, for each place where a line may begin, the hyphens just before."""
    if paragraph.hyphens_before is None:
        paragraph.hyphens_before = {}
    in_a_row = paragraph.hyphens_before.get(repr(skip), 0)
    # A line may hold a block with lines of its own.
    outside, context.keeps_words_whole = context.keeps_words_whole, in_a_row >= MOST_IN_A_ROW
    line, resume_at = _engine_next_line(context, paragraph, position_y, bottom_space, skip, *rest)
    context.keeps_words_whole = outside
    if line and resume_at:
        paragraph.hyphens_before[repr(resume_at)] = in_a_row + 1 if _ends_in_hyphen(line) else 0
    return line, resume_at


def _split_first_line(text: Any, style: Any, context: Any, *rest: Any, **more: Any) -> Any:
    """Like `split_first_line`. Where words must stay whole, it breaks a word only if it is too long for a line."""
    if not getattr(context, "keeps_words_whole", False):
        return _engine_split_first_line(text, style, context, *rest, **more)
    zone = style["hyphenate_limit_zone"]
    style["hyphenate_limit_zone"] = WHOLE_LINE
    width, *others = rest
    try:
        while True:
            split = _engine_split_first_line(text, style, context, width, *others, **more)
            _, length, resume_at, line_width, *_ = split
            line = text.encode()[:length].decode(errors="replace").rstrip()
            # A word that was typed with a hyphen stays whole as well, where the line has another place to end.
            if resume_at is None or not line.endswith("-") or " " not in line or width is None:
                return split
            width = line_width - 0.01
    finally:
        style["hyphenate_limit_zone"] = zone


def _split_inline_box(context: Any, box: Any, *rest: Any) -> Any:
    """As `split_inline_box`; at first no space stands on a line."""
    if not isinstance(box, LineBox):
        return _engine_split_inline_box(context, box, *rest)
    # A line may hold a block with lines of its own.
    outside, context.ends_in_space = context.ends_in_space, False
    try:
        return _engine_split_inline_box(context, box, *rest)
    finally:
        context.ends_in_space = outside


def _split_text(context: Any, box: Any, available_width: Any, skip: Any, is_line_start: bool = True) -> Any:
    """As `split_text_box`; a text after a space is not at the start of its line, which can break before it."""
    split = _split_text_box(context, box, available_width, skip, is_line_start and not context.ends_in_space)
    made, resume_at, _ = split
    if made is not None and made.text:
        has_words = context.ends_in_space or bool(made.text.strip())
        context.ends_in_space = has_words and resume_at is None and made.text[-1].isspace()
    return split


def _ends_in_hyphen(line: Any) -> bool:
    last = line
    while isinstance(last, ParentBox) and last.children:
        last = last.children[-1]
    return isinstance(last, TextBox) and last.text.rstrip().endswith(HYPHENS)

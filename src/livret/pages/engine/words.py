"""The words of a page as they are read aloud and copied: broken words whole, a space after each word.

The engine draws no space at the end of a line, and none that stands alone between two elements. Readers that do not
guess from positions would join the words on both sides (ISO 32000-1, 14.8.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import InlineLevelBox, LineBox, ParentBox, TextBox
from weasyprint.layout import inline

from livret.pages.engine.right_to_left import reads_from_right, turns

HYPHEN = "\u2010"
# What begins and ends a text that keeps its own order (UAX 9, section 2.4).
BEGINS, END = "\u2066\u2067\u2068", "\u2069"
_ISOLATE = re.compile(f"[{BEGINS}{END}]")
# The dash of a range of numbers.
RANGE = re.compile(r"(?<=\d)[\u2010\u2011\u2013](?=\d)")


def join_words(boxes: Iterable[Any]) -> None:
    """Give text boxes that a hyphen of the engine's parts from the next one their whole word to be read and copied.

    The first line then reads `une formation professionnelle,` and the next ` les premiers pas`, whatever is
    seen. The engine writes U+2010 where it hyphenates; a hyphen that was typed is U+002D.
    """
    before = None
    for box in boxes:
        text = box.text
        if before is not None:
            rest = text.split(maxsplit=1)[0] if text and not text[0].isspace() else ""
            rest = rest.removesuffix(HYPHEN)
            before.actual_text = before.actual_text.removesuffix(HYPHEN) + rest
            # An empty text would be passed over by readers, and what is seen read again.
            text = text[len(rest) :] or " "
            box.actual_text = text
        before = None
        if text.endswith(HYPHEN):
            box.actual_text = text
            before = box
        elif "-" in text and not reads_from_right(text):
            # Fonts draw both hyphens with one glyph, which can stand for one character only.
            box.actual_text = text


_engine_remove_last_whitespace = inline.remove_last_whitespace
_engine_split_text_box = inline.split_text_box


def apply() -> None:
    """Replace how texts are split between lines, and how the space at the end of a line is taken away."""
    TextBox.had_space = False
    TextBox.actual_text = None
    inline.split_text_box = _split_text_box
    inline.remove_last_whitespace = _remove_last_whitespace


def _split_text_box(context: Any, box: Any, available_width: Any, skip: Any, is_line_start: bool = True) -> Any:
    """As `split_text_box`; the text of one line remembers whether a space or a line break of the author follows.

    Without one a line may end within a word: after a hyphen that was typed, in Chinese, at a soft break.
    """
    made, resume, is_broken = _split_isolated(context, box, available_width, skip, is_line_start)
    if made is not None and resume is not None:
        made.had_space = bool(is_broken) or box.text.encode()[resume - 1 : resume].isspace()
    return made, resume, is_broken


def _split_isolated(context: Any, box: Any, available_width: Any, skip: Any, is_line_start: bool) -> Any:
    """As `split_text_box`; what a line breaks within an isolate is isolated on the next line, too.

    The engine sets each line as a text of its own. The rest of "13002 Marseille" would follow the direction around it.
    """
    marks = _open_isolates(box.text.encode()[:skip].decode()) if skip else ""
    if marks:
        rest = box.copy_with_text(marks + box.text.encode()[skip:].decode())
        made, resume, is_broken = _engine_split_text_box(context, rest, available_width, 0, is_line_start)
        if resume is None:
            return made, None, is_broken
        resume -= len(marks.encode())
        # Where there is room for no letter, a line might end after the marks.
        if resume > 0:
            return made, skip + resume, is_broken
    return _engine_split_text_box(context, box, available_width, skip, is_line_start)


def _open_isolates(text: str) -> str:
    """The signs that begin isolates which do not end in a text."""
    marks = ""
    for sign in _ISOLATE.findall(text):
        marks = marks[:-1] if sign == END else marks + sign
    return marks


def _remove_last_whitespace(context: Any, line: Any) -> None:
    """As `remove_last_whitespace`; the text that loses its space remembers that it had one."""
    box = line
    while isinstance(box, ParentBox) and box.children:
        box = box.children[-1]
    before = box.text if isinstance(box, TextBox) else ""
    _engine_remove_last_whitespace(context, line)
    if isinstance(box, TextBox) and box.text != before:
        box.had_space = True


def end_words(page: Page) -> None:
    """Have a space drawn after each text where a word ends and nothing says so.

    Without `apply`, as with an engine of another version, no text remembers its space, and the page is left as it is.
    """
    if not hasattr(TextBox, "had_space"):
        return
    for block in page._page_box.descendants(placeholders=True):
        lines = [child for child in getattr(block, "children", ()) if isinstance(child, LineBox)]
        for number, line in enumerate(lines):
            # Words of a block in a line go on beside it.
            is_end = number == len(lines) - 1 and not isinstance(block, InlineLevelBox)
            _mark_turns(line)
            _hold_ranges(line)
            # A line that the engine shortens while it draws would be shortened more.
            if line.text_overflow != "ellipsis" and line.block_ellipsis == "none":
                for text in _ends(line, is_end):
                    _add_space(text)


def _mark_turns(line: LineBox) -> None:
    """Let each text know whether it goes on, in its own direction, after a text of the other one."""
    texts = [box for box in _in_line(line) if isinstance(box, TextBox) and box.text]
    for before, box in pairwise(texts):
        box.turns = turns(before.text, box.text, box.style["direction"])


def _hold_ranges(line: LineBox) -> None:
    """Have ranges of numbers beside a text from the right read with a hyphen, at which PDFium does not turn them."""
    texts = [box for box in _in_line(line) if isinstance(box, TextBox) and box.text]
    if line.style["direction"] == "ltr" and any(reads_from_right(box.text) for box in texts):
        for box in texts:
            if RANGE.search(box.text) and not reads_from_right(box.text):
                box.actual_text = RANGE.sub("-", box.text if box.actual_text is None else box.actual_text)


def _ends(line: LineBox, is_end: bool) -> Iterator[TextBox]:
    """The texts of one line after which a space is missing; `is_end` of the last line of its block."""
    before: TextBox | None = None
    for box in _in_line(line):
        if box.element_tag == "br":
            is_end = True
        elif box.text.strip():
            before = None if box.text[-1].isspace() else box
        elif before is not None and (box.text or box.had_space):
            # The engine does not draw a text that is only a space.
            yield before
            before = None
    if before is not None and not before.text.endswith(HYPHEN) and (is_end or before.had_space):
        yield before


def _in_line(box: Any) -> Iterator[Any]:
    """The texts and line breaks of a line in their order, those of blocks within it too."""
    for child in box.children:
        if not child.is_in_normal_flow():
            continue
        if isinstance(child, TextBox) or child.element_tag == "br":
            yield child
        elif isinstance(child, ParentBox):
            yield from _in_line(child)


def _add_space(box: TextBox) -> None:
    """Draw one space more, which nobody sees, after what a box draws."""
    layout = box.pango_layout
    if layout.text[-1].isspace():
        return
    if box.style["direction"] == "rtl":
        # Set by Pango, it would move the line.
        box.ends_word = True
        return
    layout.text += " "
    # It has to be set again.
    vars(layout).pop("style", None)
    if box.actual_text is not None:
        box.actual_text += " "

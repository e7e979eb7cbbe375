"""No page and no column ends within a word.

The engine knows no `hyphenate-limit-last`: it takes the last line of a page as it comes. A line that ends in a hyphen
is now kept for the next page, as lines are kept for `widows`.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import ParentBox, TextBox
from weasyprint.layout import block

from livret.pages.engine.words import HYPHEN

_engine_break_line = block._break_line

# The engine's hyphen, and one that was typed: "rendez-" is a part of a word too.
HYPHENS = (HYPHEN, "-")


def apply() -> None:
    """Replace where the engine breaks a paragraph between two pages or two columns."""
    block._break_line = _break_line


def _break_line(
    context: Any, box: Any, line: Any, new_children: list[Any], needed: int, page_is_empty: bool, *rest: Any
) -> Any:
    """As `_break_line`; more lines are needed after the break while the last one before it ends in a hyphen.

    A paragraph too short for that moves whole, as one that is too short for `orphans` and `widows`; the first one of
    a page cannot.
    """
    more = needed
    while more < len(new_children) and _text(new_children[-1 - more]).endswith(HYPHENS):
        more += 1
    is_possible = more <= len(new_children) - box.style["orphans"]
    if not page_is_empty or is_possible:
        needed = more
    return _engine_break_line(context, box, line, new_children, needed, page_is_empty, *rest)


def _text(line: Any) -> str:
    """The last run of text of a line."""
    last = line
    while isinstance(last, ParentBox) and last.children:
        last = last.children[-1]
    return last.text.rstrip() if isinstance(last, TextBox) else ""

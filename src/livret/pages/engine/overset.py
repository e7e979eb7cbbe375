"""How full pages are, and how many words do not fit on those that a galley may take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import LineBox, MarginBox, TextBox

from livret.pages.engine.page_checks import word_count

# A line with less than this part of the words of the longest is none of running text: a label, an entry of a list.
RUNNING = 3
# What lines tell is this near to what is counted when nothing stays together.
NEARLY = 0.15


def words_in_flow(page: Page) -> int:
    """The number of words on a page, without those in its margins, which it repeats."""
    return word_count(box.text for box in _texts(_flow(page)))


def filled(page: Page) -> float:
    """The share of a page's text area that stands above the lower edge of its lowest text."""
    box = page._page_box
    return float(_depth(box.content_box_y(), _flow(page)) / box.height)


def words_over(fitting: Page | None, beyond: Sequence[Page]) -> int:
    """How many words have to go from a flow for it to end on its last `fitting` page; `beyond` are its pages after it.

    They are mostly those that stand beyond. But what stays together may have left a part of the fitting page free, and
    a panel of figures has few words for its height. Then they are as many as running text has on so many lines.
    """
    words = sum(map(words_in_flow, beyond))
    lines = [line for page in (*beyond, *([fitting] if fitting else [])) for line in _lines(page)]
    if fitting is None or not lines:
        return words
    line_height = median(line.height for line in lines)
    rooms = [(bottom - top - depth) // line_height for top, bottom, depth in _strips(fitting)]
    needed = sum(depth for page in beyond for _, _, depth in _strips(page)) / line_height
    counts = [word_count(_text(line)) for line in lines]
    running = [count for count in counts if count > max(counts) / RUNNING]
    in_line = sum(running) / len(running) if running else 1
    # What would fit into all the room there is goes on because it stays together: it needs the room in one column.
    lacking = needed - sum(rooms) if needed > sum(rooms) else needed - max(rooms)
    by_lines = round(max(1, lacking) * in_line)
    return words if abs(by_lines - words) <= max(in_line, words * NEARLY) else by_lines


def _strips(page: Page) -> Iterator[tuple[float, float, float]]:
    """The columns of a page, or the page as one: top, bottom of the text area, and how deep it is filled."""
    bottom = page._page_box.content_box_y() + page._page_box.height
    columns = [box for part in _flow(page) for box in part.descendants() if getattr(box, "is_column", False)]
    if not columns:
        top = page._page_box.content_box_y()
        yield top, bottom, _depth(top, _flow(page))
    for column in columns:
        yield column.position_y, bottom, _depth(column.position_y, [column])


def _depth(top: float, boxes: Sequence[Any]) -> float:
    edges = (text.position_y + text.height for text in _texts(boxes) if text.text.strip())
    return max(edges, default=top) - top


def _flow(page: Page) -> list[Any]:
    return [child for child in page._page_box.children if not isinstance(child, MarginBox)]


def _texts(boxes: Sequence[Any]) -> Iterator[TextBox]:
    return (box for part in boxes for box in part.descendants(placeholders=True) if isinstance(box, TextBox))


def _lines(page: Page) -> list[LineBox]:
    """The lines of text; blocks beside each other, such as contacts in a row, are no line but have some."""
    boxes = (box for part in _flow(page) for box in part.descendants(placeholders=True))
    lines = (box for box in boxes if isinstance(box, LineBox) and box.height and any(map(str.strip, _text(box))))
    return [
        line for line in lines if not any(isinstance(box, LineBox) for box in line.descendants() if box is not line)
    ]


def _text(line: LineBox) -> list[str]:
    return [box.text for box in _texts([line])]

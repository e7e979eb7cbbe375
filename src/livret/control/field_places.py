"""Where the fields of a part stand on its pages, so that a click on a paragraph can lead to the field it comes from.

A layout need not mark anything: the paragraphs are found by their letters, as the gate finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livret.content.language.markdown import plain_text
from livret.content.schema import introspection
from livret.content.schema.base import Entity, Model
from livret.content.schema.introspection import Shape
from livret.control.printed_search import Paragraph, Search
from livret.control.printed_text import LettersInOrder, OpenPages, is_right_to_left

FieldPath = tuple[str | int, ...]

_READ_KINDS = frozenset({"text", "markdown", "email", "phone", "website", "price"})
# Reaches from the top of a letter to the bottom of its line, and past the right end of the last letter, in points.
_LINE = 9.0
_ABOVE = 3.0
_LETTER = 6.0
# A letter so much higher than the one before begins another column; the mark of a note is less.
_COLUMN = 16.0
# So many words of a paragraph tell which one it is.
_WORDS = 6


@dataclass(frozen=True)
class FieldPlace:
    """A box with a paragraph of a field; `paragraph` counts from 0. Page from 0, box in points on PDF axes."""

    path: FieldPath
    paragraph: int
    page: int
    box: tuple[float, float, float, float]
    words: str


def field_places(
    pdf: Path, subject: Entity, themes: Mapping[str, str], pages: Sequence[int] | None = None
) -> tuple[FieldPlace, ...]:
    """The places of all fields of a part that are found in its pages.

    In: the file of its pages, what they were made from, and the names of themes by id; in two languages `pages` are
    those in the language of the fields. Raises OSError. Only one thread
    may use PDFium at a time.
    """
    import pypdfium2

    texts = list(printed_fields(subject, themes))
    paragraphs = [
        (path, number, Paragraph(text, 1 + typed.count("](")))
        for path, typed, is_markdown in texts
        for number, text in enumerate(plain_text(typed).splitlines() if is_markdown else [typed])
    ]
    try:
        document = pypdfium2.PdfDocument(pdf.read_bytes())
    except pypdfium2.PdfiumError as problem:
        raise OSError(str(problem)) from None
    try:
        has_right_to_left = any(is_right_to_left(one.text) for _, _, one in paragraphs)
        wanted = range(len(document)) if pages is None else pages
        with OpenPages(document, wanted, ()) as opened:
            printed = opened.read(has_right_to_left)
            search = Search(printed.order)
            # Long texts first: a short one may stand inside a longer one by chance.
            for _, _, one in sorted(paragraphs, key=lambda known: -len(known[2].letters)):
                search.take(one)
            found = []
            for path, number, one in paragraphs:
                words = " ".join(one.text.split()[:_WORDS])
                for page, box in _boxes(printed.order, search.pieces(one)):
                    found.append(FieldPlace(path, number, wanted[page], box, words))
    finally:
        document.close()
    return tuple(found)


def printed_fields(subject: Entity, themes: Mapping[str, str]) -> Iterator[tuple[FieldPath, str, bool]]:
    """Each text of a part: its path, as it is printed, and whether it is Markdown."""
    yield from _fields(Shape(model=type(subject)), subject, (), themes)


def _fields(
    shape: Shape, value: Any, path: FieldPath, themes: Mapping[str, str]
) -> Iterator[tuple[FieldPath, str, bool]]:
    if isinstance(value, Model) and shape.model:
        for name, inner in introspection.fields(shape.model).items():
            yield from _fields(inner, getattr(value, name), (*path, name), themes)
    elif isinstance(value, tuple) and shape.item:
        for number, item in enumerate(value):
            yield from _fields(shape.item, item, (*path, number), themes)
    elif isinstance(value, str) and shape.kind:
        kind = shape.kind.name
        if kind == "theme":
            yield path, themes.get(value, ""), False
        elif kind in _READ_KINDS and value and path[-1] not in ("alt", "sort_as"):
            # An address is printed without its scheme.
            yield path, value.partition("://")[2] or value if kind == "website" else value, kind == "markdown"


def _boxes(
    order: LettersInOrder, pieces: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """The boxes of a paragraph: one for each column and page that it stands in."""
    box: list[float] = []
    page, last_top = -1, 0.0
    for start, end in pieces:
        for at in range(start, end):
            place = order.place(at)
            if place is None:
                continue
            if box and (place.page != page or place.top > last_top + _COLUMN):
                yield page, (box[0], box[1], box[2], box[3])
                box = []
            page, last_top = place.page, place.top
            if not box:
                box = [place.left, place.top - _LINE, place.left + _LETTER, place.top + _ABOVE]
            box = [
                min(box[0], place.left),
                min(box[1], place.top - _LINE),
                max(box[2], place.left + _LETTER),
                max(box[3], place.top + _ABOVE),
            ]
    if box:
        yield page, (box[0], box[1], box[2], box[3])

"""Replacements that tagged PDF needs: without them fragments are wrong, not only slower. See docs/engine.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

# The signs that isolate a text from the direction around it. They have no glyph; a search would stumble over them.
ISOLATES = dict.fromkeys(range(0x2066, 0x206A))

_engine_marked = Stream.marked
_engine_build = tags._build_box_tree


def apply() -> None:
    """Replace how marked content is written, and how the tag tree is built from boxes."""
    Stream.marked = _marked
    tags._build_box_tree = _build


@contextmanager
def _marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """As `Stream.marked`, with the text to be read where a box has one (ISO 32000-1, 14.9.4).

    There is no other way to reach the property list of a sequence while it is being written.
    """
    with _engine_marked(stream, box, tag):
        if getattr(box, "actual_text", None) is not None and stream.stream and stream.stream[-1] == b"BDC":
            stream.stream[-2]["ActualText"] = pydyf.String(box.actual_text.translate(ISOLATES) or " ")
        yield


def _build(box: Any, *arguments: Any) -> Iterator[Any]:
    """As `tags._build_box_tree`; each structure element is given what its HTML element says of it.

    The engine forgets which element a structure element comes from, its language and `aria-hidden`.
    """
    for made in _engine_build(box, *arguments):
        # Elements of boxes further in come through here again, and have been given theirs.
        if box.element is not None and not hasattr(made, "source"):
            made.source = id(box.element)
            # The root says the language of the part; the book knows that one.
            made.language = None if box.element_tag in ("html", "body") else box.element.get("lang")
            made.is_hidden = box.element.get("aria-hidden") == "true"
        yield made

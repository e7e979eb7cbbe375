"""Lines of text that were found before: the engine asks for the same line many times.

A line is set once to learn how narrow its paragraph can be, once for each height that columns are tried at, and once
for each copyfitting step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text.line_break import Layout

# Lines that are kept, those of some twenty galleys; then all are forgotten.
LINES = 2_000


def keep_lines() -> None:
    """Replace how the first line of a text is found, where widths are measured and where lines are filled."""
    lines: dict[Any, _Line] = {}
    inline.split_first_line = _kept(lines, inline.split_first_line)
    preferred.split_first_line = _kept(lines, preferred.split_first_line)


@dataclass
class SharedLine:
    """A line that Pango holds for several texts: the first that is drawn takes it as it is."""

    is_drawn: bool = False


@dataclass(frozen=True)
class _Line:
    """What the engine found: what its `Layout` says, and the numbers beside it.

    The style is held so that no other gets its identity.
    """

    style: Any
    words: dict[str, Any]
    numbers: tuple[Any, ...]

    def again(self) -> tuple[Any, ...]:
        """As the engine found it; each text has a `Layout` of its own, which is changed before it is drawn."""
        layout = Layout.__new__(Layout)
        layout.__dict__.update(self.words)
        return (layout, *self.numbers)


def _kept(lines: dict[Any, _Line], find: Callable[..., Any]) -> Callable[..., Any]:
    """As `split_first_line`, for each text, style and width once."""

    def split(text: str, style: Any, context: Any, *rest: Any, **more: Any) -> Any:
        whole = getattr(context, "keeps_words_whole", False)
        key = (find, text, id(style), whole, rest, *more.items())
        line = lines.get(key)
        if line is not None:
            return line.again()
        layout, *numbers = find(text, style, context, *rest, **more)
        layout.shared = SharedLine()
        if len(lines) >= LINES:
            lines.clear()
        lines[key] = _Line(style, vars(layout).copy(), tuple(numbers))
        return (layout, *numbers)

    return split

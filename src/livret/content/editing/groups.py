"""How new groups of fields and new lists are written, in the order of the content format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from livret.content.editing.scalars import ScalarPlace, written
from livret.content.schema import introspection
from livret.content.schema.introspection import Shape

# A value as a form gives it: text, a list, or fields by name. What is empty is absent.
Value = str | Sequence["Value"] | Mapping[str, "Value"]

# Kinds of values that YAML may take for a number or a date, and that are written without quotes all the same.
_UNQUOTED = frozenset({"day", "event-date", "month", "printing-date", "flag", "focus", "inks", "tile"})
# Kinds that are one value of several numbers.
_NUMBERS = frozenset({"focus", "inks", "tile"})
# Kinds that are always in quotes, as docs/content.md shows them.
_QUOTED = frozenset({"phone", "color"})
# How far what is new is indented.
STEP = 2
# The longest list in brackets.
_SHORT = 70


def is_text(shape: Shape | None) -> bool:
    """Whether a value of this shape must be text to other programs that read the file."""
    return shape is None or shape.kind is None or shape.kind.name not in _UNQUOTED


def shape_of(shape: Shape | None, step: str | int) -> Shape | None:
    """The shape of a field or an item, None for what the content format does not know."""
    if shape is None:
        return None
    if isinstance(step, int):
        return shape.item or (shape if shape.kind and shape.kind.name in _NUMBERS else None)
    return introspection.fields(shape.model).get(step) if shape.model else None


def in_order(names: Iterable[str], shape: Shape | None) -> list[str]:
    """Names of fields in the order of the content format; unknown ones last."""
    known = list(introspection.fields(shape.model)) if shape and shape.model else []
    return sorted(names, key=lambda name: known.index(name) if name in known else len(known))


@dataclass(frozen=True)
class NewNodes:
    """Writes new values. With `is_careful` every text is in double quotes, which all texts can be."""

    is_careful: bool = False

    def after_colon(self, value: Value, column: int, shape: Shape | None, is_flow: bool) -> str:
        """A value with what parts it from the colon after its name. `column` is where the name stands."""
        if isinstance(value, str) or is_flow or (not isinstance(value, Mapping) and _is_short(value)):
            return " " + self.node(value, column, shape, is_flow or not isinstance(value, str))
        inside = column + STEP
        return "\n" + " " * inside + self.node(value, inside, shape, False)

    def node(self, value: Value, column: int, shape: Shape | None, is_flow: bool) -> str:
        """A new value. A group or list without braces begins at `column`; its further lines are indented to it."""
        if isinstance(value, str):
            if self.is_careful:
                return json.dumps(value, ensure_ascii=False)
            style = '"' if shape and shape.kind and shape.kind.name in _QUOTED else ""
            return next(written(value, ScalarPlace(column, column + STEP, is_flow, is_text(shape)), style))
        if isinstance(value, Mapping):
            names = in_order((name for name, inner in value.items() if inner), shape)
            parts = [
                name + ":" + self.after_colon(value[name], column, shape_of(shape, name), is_flow) for name in names
            ]
            return "{" + ", ".join(parts) + "}" if is_flow else ("\n" + " " * column).join(parts)
        items = [self.item(inner, column, shape_of(shape, 0), is_flow) for inner in value]
        return "[" + ", ".join(items) + "]" if is_flow else ("\n" + " " * column).join(items)

    def item(self, value: Value, column: int, shape: Shape | None, is_flow: bool) -> str:
        """An item of a list whose hyphens are at `column`."""
        if is_flow:
            return self.node(value, column, shape, True)
        # What follows the hyphen on its line is indented as far as it.
        inner = column if isinstance(value, str) else column + STEP
        return "- " + self.node(value, inner, shape, False)


def _is_short(value: Sequence[Value]) -> bool:
    """Whether a list is written in brackets: ids, codes, telephone numbers."""
    texts = [item for item in value if isinstance(item, str)]
    return len(texts) == len(value) and all("\n" not in text for text in texts) and sum(map(len, texts)) < _SHORT

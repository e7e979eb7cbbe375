"""What a model expects in each field, and a walk through every value of a file with its kind.

Reader, checks and field tables all use this, so that a new field in the model needs no other change.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from livret.content.messages import listed
from livret.content.schema.base import SET_BY_READER, Model
from livret.content.schema.validators import Kind
from livret.content.yaml.tree import Mapping, Node, Scalar, Sequence
from livret.translation import Text, joined, say


@dataclass(frozen=True)
class Shape:
    """What stands in a field: a value of some kind, a group of fields (`model`), or a list (`item`).

    With both a kind and a model, either may stand there: `logo: images/a.svg` or `logo: {file: images/a.svg}`.
    """

    kind: Kind | None = None
    model: type[Model] | None = None
    item: Shape | None = None
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def words(self) -> Text:
        """What is expected, as a message says it: `a list of theme ids, for example [logement]`."""
        if self.item:
            return say("a list of {items}, for example {example}", items=self.item.many, example=self.example)
        if self.model and not self.kind:
            return say("a group with the fields {names}", names=listed(fields(self.model)))
        assert self.kind
        if self.kind.example in ("|", '"..."'):
            return joined([self.kind.one])
        return say("{what}, for example {example}", what=self.kind.one, example=self.kind.example)

    @property
    def short(self) -> Text:
        """What is expected, as a table says it: `list of theme ids`."""
        if self.item:
            return say("list of {items}", items=self.item.many)
        names = [one.one for one in (self.kind, self.model) if one and one.one]
        return say("{one}, or {other}", one=names[0], other=names[1]) if len(names) > 1 else joined(names)

    @property
    def many(self) -> str:
        """Several of these, in words."""
        return self.kind.many if self.kind else self.model.many if self.model else say("lists")

    @property
    def example(self) -> str:
        """What one would type."""
        if self.item:
            return f"[{self.item.example}]"
        if self.model and not self.kind:
            # Two fields are enough to show how a group is written.
            shown = [(name, shape) for name, shape in fields(self.model).items() if not (shape.item or shape.model)]
            return "{" + ", ".join(f"{name}: {shape.example}" for name, shape in shown[:2]) + "}"
        return self.kind.example.replace("|", "...") if self.kind else "..."


@dataclass(frozen=True)
class FoundValue:
    """A value met by `walk`: its shape, the names on the way to it, and the scalar."""

    shape: Shape
    path: tuple[str | int, ...]
    scalar: Scalar


@cache
def fields(model: type[Model]) -> dict[str, Shape]:
    """The fields a file may give, by name, in the order of the model."""
    hints = typing.get_type_hints(model, include_extras=True)
    return {
        name: _shape(hints[name], info.is_required())
        for name, info in model.model_fields.items()
        if name not in SET_BY_READER or "source" not in model.model_fields
    }


def _shape(hint: object, required: bool) -> Shape:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _shape(next(part for part in arguments if part is not types.NoneType), required)
    if origin is tuple:
        return Shape(item=_shape(arguments[0], False), required=required)
    if origin is typing.Annotated:
        kind = next(part for part in arguments[1:] if isinstance(part, Kind))
        model = arguments[0] if isinstance(arguments[0], type) and issubclass(arguments[0], Model) else None
        choices = typing.get_args(arguments[0]) if typing.get_origin(arguments[0]) is typing.Literal else ()
        return Shape(kind=kind, model=model, choices=choices, required=required)
    if isinstance(hint, type) and issubclass(hint, Model):
        return Shape(model=hint, required=required)
    raise TypeError(f"a field of the model has no kind: {hint!r}")


def at(model: type[Model], path: tuple[str | int, ...]) -> Shape:
    """The shape at a path of field names and list positions. Raises KeyError when the model has no such path."""
    shape = Shape(model=model)
    for step in path:
        if isinstance(step, int):
            if shape.item is None:
                raise KeyError(step)
            shape = shape.item
        else:
            if shape.model is None:
                raise KeyError(step)
            shape = fields(shape.model)[step]
    return shape


def walk(model: type[Model], tree: Mapping) -> Iterator[FoundValue]:
    """Every value that is filled in and stands where the model expects one, whatever else is wrong in the file."""
    yield from _walk(Shape(model=model), tree, ())


def _walk(shape: Shape, node: Node, path: tuple[str | int, ...]) -> Iterator[FoundValue]:
    if shape.model and isinstance(node, Mapping):
        known = fields(shape.model)
        for name, entry in node.entries.items():
            if name in known and not entry.value.is_empty:
                yield from _walk(known[name], entry.value, (*path, name))
    elif shape.item and isinstance(node, Sequence):
        for position, item in enumerate(node.items):
            yield from _walk(shape.item, item, (*path, position))
    elif shape.kind and isinstance(node, Scalar):
        yield FoundValue(shape, path, node)

"""The form of a file: its fields in the order of the content format, each with its kind, its words and its limits."""

from __future__ import annotations

from dataclasses import dataclass

from livret.content.editing.labels import help_text, label
from livret.content.schema import introspection
from livret.content.schema.base import Model
from livret.content.schema.introspection import Shape
from livret.content.schema.model import EditionFile, Theme
from livret.content.schema.validators import MARKDOWN_LENGTH, TEXT_LENGTH

# How a kind of value is asked for, where it is not a line of text.
_WIDGETS = {
    "text": "line",
    "markdown": "markdown",
    "picture": "picture",
    "theme": "theme",
    "territory": "territory",
    "partner": "partner",
    "initiative": "card",
    "pictogram": "pictogram",
    "layout": "layout",
    "press-profile": "press-profile",
    "email": "email",
    "phone": "phone",
    "website": "website",
    "flag": "flag",
    "day": "date",
    "event-date": "date",
    "focus": "numbers",
    "inks": "numbers",
    "tile": "numbers",
}
# What is asked for first: which cards an edition has, and the name of a theme, from which its id is made.
_FIRST: dict[type[Model], tuple[str, ...]] = {
    EditionFile: ("title", "subtitle", "territories", "themes", "national", "include", "exclude"),
    Theme: ("name",),
}
# Where another example than that of the kind says more.
_EXAMPLES = {"logo": "images/logo.svg"}
# Texts that are long enough to be written on several lines, though they are no Markdown.
_TALL = frozenset({"address", "offices", "alt"})


@dataclass(frozen=True)
class FormField:
    """One field of a form.

    `widget` says how it is asked for: `line`, `markdown`, `numbers`, `choice`, `theme`, ..., `group` with `fields`,
    `rows` with `fields`, or `list` of values that `item` describes. `label` and `help` are said in English and know
    their French.
    """

    name: str
    widget: str
    label: str
    help: str = ""
    example: str = ""
    is_required: bool = False
    limit: int = 0
    choices: tuple[str, ...] = ()
    fields: tuple[FormField, ...] = ()
    item: str = ""


def form(model: type[Model]) -> tuple[FormField, ...]:
    """The fields of a file of this model."""
    fields = introspection.fields(model)
    names = dict.fromkeys((*_FIRST.get(model, ()), *fields))
    return tuple(_field(model, name, fields[name]) for name in names)


def _field(model: type[Model], name: str, shape: Shape) -> FormField:
    words = (label(model, name), help_text(model, name))
    if shape.item:
        inner = shape.item
        if inner.model and not inner.kind:
            return FormField(name, "rows", *words, is_required=shape.required, fields=form(inner.model))
        return FormField(
            name, "list", *words, _example(inner), shape.required, TEXT_LENGTH, inner.choices, item=_widget(inner, name)
        )
    if shape.model and not shape.kind:
        return FormField(name, "group", *words, is_required=shape.required, fields=form(shape.model))
    limit = MARKDOWN_LENGTH if shape.kind and shape.kind.name == "markdown" else TEXT_LENGTH
    fields = form(shape.model) if shape.model else ()
    return FormField(
        name, _widget(shape, name), *words, _example(shape, name), shape.required, limit, shape.choices, fields
    )


def _widget(shape: Shape, name: str) -> str:
    if shape.choices:
        return "choice"
    widget = _WIDGETS.get(shape.kind.name, "line") if shape.kind else "line"
    return "lines" if widget == "line" and name in _TALL else widget


def _example(shape: Shape, name: str = "") -> str:
    example = _EXAMPLES.get(name) or (shape.kind.example if shape.kind else "")
    return "" if example in ('"..."', "|") else example.strip('"[]')

"""Writes the tables of docs/content.md from the model, so that the page is always up to date.

    python -m livret.content.schema.field_tables --write docs/content.md
    python -m livret.content.schema.field_tables --check docs/content.md

A page whose name ends in .fr.md gets them in French.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`, where NAME is a model or a country (`FR`).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from livret.content.messages import listed
from livret.content.schema import design, introspection, model, own_territories
from livret.content.schema.base import Model
from livret.content.territories import COUNTRIES, Territory, shipped
from livret.findings import ExitCode
from livret.translation import Text, in_language, say

MODULE = "livret.content.schema.field_tables"
# The head of a table and its rows.
_Table = tuple[Sequence[str], Sequence[Sequence[str]]]
_TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str, language: str = "en") -> str:
    """The page with every table written anew in a language. Raises KeyError for a table whose name is no model's."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{table(found[2], language)}\n{found[3]}", page)


def table(name: str, language: str = "en") -> str:
    """One table in Markdown. Raises KeyError when there is none of this name."""
    if name in COUNTRIES:
        return _written(_territories(name, language), language)
    return fields_table(_models()[name], language)


def fields_table(described: type[Model], language: str = "en") -> str:
    """The table of the fields of one model in Markdown."""
    return _written(_fields(described), language)


def _written(table: _Table, language: str) -> str:
    head, rows = table
    return markdown([[in_language(cell, language) for cell in row] for row in (head, *rows)])


def descriptions(page: str) -> list[str]:
    """What is said of the fields in the tables of a page, once each."""
    models = _models()
    return descriptions_of(models[found[2]] for found in _TABLE.finditer(page) if found[2] in models)


def descriptions_of(models: Iterable[type[Model]]) -> list[str]:
    """What is said of the fields of models, once each."""
    texts = (model.model_fields[name].description for model in models for name in introspection.fields(model))
    return list(dict.fromkeys(text for text in texts if text))


def _models() -> dict[str, type[Model]]:
    found = (getattr(module, name) for module in (design, model, own_territories) for name in dir(module))
    return {each.__name__: each for each in found if isinstance(each, type) and issubclass(each, Model)}


def _fields(described: type[Model]) -> _Table:
    rows = [
        (
            f"`{name}`",
            _what(expected),
            say("**required**") if expected.required else _default(described, name),
            Text(described.model_fields[name].description or "", {}),
        )
        for name, expected in introspection.fields(described).items()
    ]
    return (say("Field"), say("What to write"), say("Without it"), say("Meaning")), rows


def _what(expected: introspection.Shape) -> str:
    if expected.choices:
        return listed([f"`{choice}`" for choice in expected.choices], "or")
    if expected.model or expected.item or not expected.kind or expected.kind.name in ("text", "markdown", "flag"):
        return expected.short
    return say("{what}: `{example}`", what=expected.short, example=expected.example)


def _default(described: type[Model], name: str) -> str:
    default = described.model_fields[name].default
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, str):
        return f"`{default}`"
    if isinstance(default, tuple) and default:
        return say("the order below")
    return ""


def _territories(country: str, language: str) -> _Table:
    known = shipped()

    def name(place: Territory) -> str:
        return place.name if language == "en" else place.in_language(language).name

    rows = [
        (
            f"`{region.code}`",
            name(region),
            ", ".join(f"`{place.code}` {name(place)}" for place in known.parts(region)),
        )
        for region in known.regions(country)
    ]
    if not any(row[2] for row in rows):
        return (say("Code"), say("Name")), [row[:2] for row in rows]
    return (say("Region"), say("Name"), say("What it contains")), rows


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first row is its head."""
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def main(arguments: list[str] | None = None) -> ExitCode:
    """Write the tables of a page, or check them. Out: CLEAN, or FINDINGS when `--check` finds a stale table."""
    parser = argparse.ArgumentParser(prog="python -m livret.content.schema.field_tables", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="PAGE")
    what.add_argument("--check", type=Path, metavar="PAGE")
    chosen = parser.parse_args(arguments)
    page: Path = chosen.write or chosen.check
    old = page.read_text(encoding="utf-8")
    new = with_tables(old, "fr" if page.name.endswith(".fr.md") else "en")
    if chosen.write:
        page.write_text(new, encoding="utf-8")
        return ExitCode.CLEAN
    if new != old:
        sys.stderr.write(f"{page} is out of date: run python -m {MODULE} --write {page}\n")
        return ExitCode.FINDINGS
    return ExitCode.CLEAN


if __name__ == "__main__":
    sys.exit(main())

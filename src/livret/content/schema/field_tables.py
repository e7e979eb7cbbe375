"""Writes the tables of docs/content.md from the model, so that the page is always up to date.

    python -m livret.content.schema.field_tables --write docs/content.md
    python -m livret.content.schema.field_tables --check docs/content.md

A table stands between `<!-- table: NAME -->` and `<!-- end -->`, where NAME is a model or a country (`FR`).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from livret.content.schema import design, introspection, model, own_territories
from livret.content.schema.base import Model
from livret.content.territories import COUNTRIES, shipped
from livret.findings import ExitCode

MODULE = "livret.content.schema.field_tables"
_TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with every table written anew. Raises KeyError for a table whose name is no model's."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{table(found[2])}\n{found[3]}", page)


def table(name: str) -> str:
    """One table in Markdown. Raises KeyError when there is none of this name."""
    return _territories(name) if name in COUNTRIES else _fields(_models()[name])


def _models() -> dict[str, type[Model]]:
    found = (getattr(module, name) for module in (design, model, own_territories) for name in dir(module))
    return {each.__name__: each for each in found if isinstance(each, type) and issubclass(each, Model)}


def _fields(described: type[Model]) -> str:
    rows = [
        (
            f"`{name}`",
            _what(expected),
            "**required**" if expected.required else _default(described, name),
            described.model_fields[name].description or "",
        )
        for name, expected in introspection.fields(described).items()
    ]
    return _markdown(("Field", "What to write", "Without it", "Meaning"), rows)


def _what(expected: introspection.Shape) -> str:
    if expected.choices:
        return "`" + "` or `".join(expected.choices) + "`"
    if expected.model or expected.item or not expected.kind or expected.kind.name in ("text", "markdown", "flag"):
        return expected.short
    return f"{expected.short}: `{expected.example}`"


def _default(described: type[Model], name: str) -> str:
    default = described.model_fields[name].default
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, str):
        return f"`{default}`"
    if isinstance(default, tuple) and default:
        return "the order below"
    return ""


def _territories(country: str) -> str:
    known = shipped()
    rows = [
        (
            f"`{region.code}`",
            region.name,
            ", ".join(f"`{place.code}` {place.name}" for place in known.parts(region)),
        )
        for region in known.regions(country)
    ]
    if not any(row[2] for row in rows):
        return _markdown(("Code", "Name"), [row[:2] for row in rows])
    return _markdown(("Region", "Name", "What lies inside it"), rows)


def _markdown(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
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
    new = with_tables(old)
    if chosen.write:
        page.write_text(new, encoding="utf-8")
        return ExitCode.CLEAN
    if new != old:
        sys.stderr.write(f"{page} is out of date: run python -m {MODULE} --write {page}\n")
        return ExitCode.FINDINGS
    return ExitCode.CLEAN


if __name__ == "__main__":
    sys.exit(main())

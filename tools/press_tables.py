"""The tables of docs/printers.md and docs/printers.fr.md, from the model of press profiles. `make docs` writes them.

The table of the profiles that come with Livret is written by hand in French; tests/test_printers.py compares its
figures.
"""

from __future__ import annotations

import re
from pathlib import Path

from livret.content.press import profile, profile_fields
from livret.content.press.profile import PressProfile, read_press_profile
from livret.content.schema import field_tables
from livret.content.schema.base import Model
from livret.project import Project

TOP = Path(__file__).resolve().parents[1]
PAGES = {TOP / "docs" / "printers.md": "en", TOP / "docs" / "printers.fr.md": "fr"}
BUILT_IN = ("coated-fogra39", "uncoated", "digital", "office")


def with_tables(page: str, language: str) -> str:
    """The page with its tables written anew in a language. Raises AttributeError for a table of no model."""

    def anew(found: re.Match[str]) -> str:
        written = field_tables.fields_table(getattr(profile, found[2]), language) if found[2] else overview()
        return f"{found[1]}\n{written}\n<!-- end -->"

    made = "<!-- table: (\\w+) -->" if language != "en" else "<!-- (?:table: (\\w+)|profiles) -->"
    page = re.sub(f"({made})\n.*?<!-- end -->", anew, page, flags=re.DOTALL)
    return re.sub(r"(?<=<!-- sheets -->).*?(?=<!-- end -->)", ", ".join(profile_fields.SHEETS), page)


def pages() -> dict[Path, str]:
    """Both pages as they have to be."""
    return {path: with_tables(path.read_text(encoding="utf-8"), language) for path, language in PAGES.items()}


def descriptions() -> list[str]:
    """What is said of the fields of a press profile, once each."""
    models = [each for each in vars(profile).values() if isinstance(each, type) and issubclass(each, Model)]
    return field_tables.descriptions_of(each for each in models if each.__module__ == profile.__name__)


def overview() -> str:
    """The table of the profiles that come with Livret, in English."""
    profiles = [_built_in(name) for name in BUILT_IN]

    def row(head: str, *cells: str) -> tuple[str, ...]:
        return (head, *cells)

    rows = [
        row("Printing condition", *(one.condition.identifier if one.condition else "none" for one in profiles)),
        row("ICC file", *(f"`{one.icc.name}`" if one.icc else "none" for one in profiles)),
        row("Ink limit", *(f"{one.ink_limit:g} %" if one.ink_limit else "none" for one in profiles)),
        row("Bleed, safe margin", *(f"{one.bleed:g} mm, {one.safe_margin:g} mm" for one in profiles)),
        row("Marks", *map(_marks, profiles)),
        row(
            "Pictures, error and warning below", *(f"{p.pictures.least:g}, {p.pictures.wanted:g} ppi" for p in profiles)
        ),
        row(
            "One-bit pictures",
            *(f"{p.pictures.one_bit_least:g}, {p.pictures.one_bit_wanted:g} ppi" for p in profiles),
        ),
        row(
            "Least text; white or in several inks",
            *(f"{p.text.least:g}; {p.text.least_reversed:g} pt" for p in profiles),
        ),
        row(
            "Least line; white or in several inks",
            *(f"{p.lines.least:g}; {p.lines.least_reversed:g} pt" for p in profiles),
        ),
        row("Sheet", *map(_sheet, profiles)),
        row("Paper", *(f"{one.paper.weight:g} g/m2, bulk {one.paper.bulk:g}" for one in profiles)),
        row("Pages", *(f"multiple of {p.pages.multiple}, stitched up to {p.pages.stitched}" for p in profiles)),
    ]
    return field_tables.markdown([("", *(f"`{name}`" for name in BUILT_IN)), *rows])


def _built_in(name: str) -> PressProfile:
    found, findings = read_press_profile(Project.at(TOP), name)
    assert found is not None, findings
    return found


def _marks(one: PressProfile) -> str:
    named = {"crop": "crop", "registration": "registration", "colour_bar": "colour bar", "slug": "slug"}
    shown = [words for name, words in named.items() if getattr(one.marks, name)]
    return f"{', '.join(shown)}; at {one.marks.offset:g} mm" if shown else "none"


def _sheet(one: PressProfile) -> str:
    names = [name for name, size in profile_fields.SHEETS.items() if size == one.sheet]
    return names[0] if names else "{:g} x {:g} mm".format(*one.sheet)

"""Filler pages: pages that are added because the printer asks for a multiple of pages.

`flatplan.paginate` decides where they stand. This file says what kind they are, and what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from livret.content.messages import listed
from livret.content.schema.field_types import Filler
from livret.findings import Finding, Location, error, warning
from livret.pages.flatplan import NOTES, Edition
from livret.pages.galley import Fragment
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination
from livret.translation import say

TEMPLATE = f"{NOTES}.html"


@dataclass(frozen=True)
class Fillers:
    """The filler pages of a book, for reports."""

    kind: Filler
    folios: tuple[int, ...]

    @property
    def text(self) -> str:
        """The pages in words, such as `2 notes pages, 58 and 59`."""
        pages = f"{len(self.folios)} {self.kind} page{'s' if len(self.folios) > 1 else ''}"
        return f"{pages}, {listed(map(str, self.folios))}"

    def as_dict(self) -> dict[str, Any]:
        """The pages as plain values, for report.json."""
        return {"kind": self.kind, "folios": list(self.folios)}


def fillers_of(pagination: Pagination) -> Fillers | None:
    """The filler pages of a book; None when it has none."""
    sheets = pagination.fillers
    if not sheets:
        return None
    return Fillers(NOTES if any(sheet.part for sheet in sheets) else "blank", tuple(sheet.folio for sheet in sheets))


def filler_of(edition: Edition, layout: Layout) -> Filler:
    """The kind of filler pages: what the edition asks for, or blank pages if the layout has no notes.html."""
    return edition.filler if layout.find(TEMPLATE) else "blank"


def filler_findings(
    edition: Edition, layout: Layout, pagination: Pagination, fragments: Mapping[str, Fragment]
) -> Iterator[Finding]:
    """What is wrong with the filler pages of a typeset book: no template for them, or one that takes several pages."""
    fillers = fillers_of(pagination)
    if fillers is None:
        return
    if fillers.kind != edition.filler:
        yield warning(
            "no-notes-page",
            say(
                "{fillers}: the layout {layout} has no {template}",
                fillers=fillers.text,
                layout=layout.name,
                template=TEMPLATE,
            ),
            Location(edition.id),
            say("write {template}, see docs/layouts.md; or filler: blank in catalogue.yaml", template=TEMPLATE),
        )
    for part in pagination.parts:
        pages = len(fragments[part.anchor].facts.sides) if part.is_filler else 1
        if pages > 1:
            path = layout.find(TEMPLATE)
            yield error(
                "long-notes-page",
                say(
                    "the notes page of the layout {layout} takes {pages} pages, it has room for one",
                    layout=layout.name,
                    pages=pages,
                ),
                Location(layout.project.shown(path)) if path else None,
                say("draw fewer lines"),
            )

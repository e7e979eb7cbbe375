"""A breach as a finding: how severe it is in a profile, and where it is, in the words of printers and editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from livret.control.preflight.print.breach import Box
from livret.findings import Finding
from livret.measure import POINTS_PER_MM
from livret.translation import say


@dataclass(frozen=True)
class PrintFinding(Finding):
    """A finding with its source and its place.

    `page` counts from 1, `folio` is what stands on the page, `box` is in points of the page's default user space.
    `placed` is the same box in millimetres from the top left corner of the page after cutting: left, top, width,
    height. `field` is the field of a card whose text stands there. `file` is the PDF, where the finding points at the
    card. `because` is why a rule is allowed; then the finding is a note.
    """

    standard: str = ""
    clause: str = ""
    page: int | None = None
    folio: str = ""
    box: Box | None = None
    placed: Box | None = None
    field: str = ""
    file: str = ""
    because: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """By file, the most serious first, then by rule and page."""
        where = str(self.where or "")
        if self.file:
            # The findings of one PDF stay together, whichever card they point at.
            where = self.file
        return (where, 0, 0, self.severity.rank, self.rule, f"{self.page or 0:06} {self.message}")

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """The finding for `--format json`; keys are stable and stand in docs/preflight.schema.json."""
        told = super().as_dict(language)
        told |= {"standard": self.standard, "clause": self.clause, "page": self.page, "folio": self.folio or None}
        told |= {"box": _rounded(self.box, 3), "box_mm": _rounded(self.placed, 2)}
        told |= {"field": self.field or None, "allowed_because": self.because or None}
        return told


def _rounded(box: Box | None, digits: int) -> list[float] | None:
    return [round(side, digits) for side in box] if box else None


def placed(box: Box | None, trim: Box) -> Box | None:
    """A box in millimetres from the top left corner of the trimmed page: left, top, width, height."""
    if box is None:
        return None
    x0, y0, x1, y1 = box
    left, top = x0 - trim[0], trim[3] - y1
    return tuple(length / POINTS_PER_MM for length in (left, top, x1 - x0, y1 - y0))  # type: ignore[return-value]


def told_place(page: int | None, folio: str, box: Box | None) -> str:
    """Where a finding is, as a message says it: `page 12 (folio 10), 24 x 8 mm at 10, 31 mm`; empty for the file."""
    if page is None:
        return ""
    told = say("page {page}", page=page)
    if folio and folio != str(page):
        told = say("page {page} (folio {folio})", page=page, folio=folio)
    if box is None:
        return told
    left, top, width, height = box
    return say(
        "{page}, {width:.0f} x {height:.0f} mm at {left:.0f}, {top:.0f} mm from the top left",
        page=told,
        width=width,
        height=height,
        left=left,
        top=top,
    )

"""Breaches of one page on their way to the report: those of one kind are told once, with how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor, isfinite

from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.geometry import Box, common

LONGEST_TEXT = 40


@dataclass
class PageBreaches:
    """Collects what is told of one page."""

    page: int
    surface: Box
    _found: dict[tuple[str, str], list[tuple[str, Box | None]]] = field(default_factory=dict)

    def add(self, rule: str, message: str, box: Box | None, *, kind: str = "") -> None:
        """Tell a breach. Breaches of a rule with the same `kind`, else the same message, are told together."""
        visible = None if box is None else common(box, self.surface)
        self._found.setdefault((rule, kind or message), []).append((message, visible))

    def breaches(self) -> Iterator[Breach]:
        """Each kind once: at its first place, with how many places there are."""
        for (rule, _), places in self._found.items():
            message, box = places[0]
            more = len(places) - 1
            also = "" if not more else f", and {more} more place{'s' if more > 1 else ''} on this page"
            yield Breach(rule, message + also, self.page, box)


def rounded(value: float, digits: int) -> float:
    """A number as it would be printed with so many decimals, halves upwards."""
    if not isfinite(value):
        # Sizes beyond all measure come from broken matrices.
        return value
    scale: float = 10**digits
    # What is half a step but for the last bit is half a step.
    return floor(value * scale + 0.5 + 1e-6) / scale


def points(value: float, digits: int) -> str:
    """A length in points as it is printed."""
    return f"{rounded(value, digits):.{digits}f} pt"


def quoted(text: str) -> str:
    """The start of a text, in quotation marks; empty where it cannot be read."""
    plain = " ".join("".join(letter for letter in text if letter.isprintable() and letter != "\ufffd").split())
    if not plain:
        return "text"
    return f'"{plain[:LONGEST_TEXT].rstrip()}…"' if len(plain) > LONGEST_TEXT else f'"{plain}"'


def percent(value: float) -> str:
    """A share as percent, without decimals where there are none."""
    return f"{rounded(100 * value, 1):g} %"

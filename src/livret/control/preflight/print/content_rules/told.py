"""Breaches of one page on their way to the report: those of one kind are told once, with how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor, isfinite

from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.geometry import Box, common
from livret.translation import Text, say, say_number

LONGEST_TEXT = 40


@dataclass
class PageBreaches:
    """Collects what is told of one page."""

    page: int
    surface: Box
    _found: dict[tuple[str, str], list[tuple[Text, Box | None]]] = field(default_factory=dict)

    def add(self, rule: str, message: Text, box: Box | None, *, kind: str = "") -> None:
        """Tell a breach. Breaches of a rule with the same `kind`, else the same message, are told together."""
        visible = None if box is None else common(box, self.surface)
        self._found.setdefault((rule, kind or message), []).append((message, visible))

    def breaches(self) -> Iterator[Breach]:
        """Each kind once: at its first place, with how many places there are."""
        for (rule, _), places in self._found.items():
            message, box = places[0]
            more = len(places) - 1
            if more:
                message = say_number(
                    "{message}, and {number} more place on this page",
                    "{message}, and {number} more places on this page",
                    number=more,
                    message=message,
                )
            yield Breach(rule, message, self.page, box)


def rounded(value: float, digits: int) -> float:
    """A number as it would be printed with so many decimals, halves upwards."""
    if not isfinite(value):
        # Such large sizes come from broken matrices.
        return value
    scale: float = 10**digits
    # What is half a step but for the last bit is half a step.
    return floor(value * scale + 0.5 + 1e-6) / scale


def size(value: float) -> Text:
    """A size of type as it is printed."""
    return say("{value:.1f} pt", value=rounded(value, 1))


def width(value: float) -> Text:
    """A width of a line as it is printed."""
    return say("{value:.3f} pt", value=rounded(value, 3))


def quoted(text: str) -> Text:
    """The start of a text, in quotation marks; empty where it cannot be read."""
    plain = " ".join("".join(letter for letter in text if letter.isprintable() and letter != "\ufffd").split())
    if not plain:
        return say("text")
    return say('"{text}"', text=f"{plain[:LONGEST_TEXT].rstrip()}…" if len(plain) > LONGEST_TEXT else plain)


def percent(value: float) -> Text:
    """A share as percent, without decimals where there are none."""
    return say("{value:g} %", value=rounded(100 * value, 1))

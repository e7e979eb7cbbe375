"""Estimates how much text fits on the pages of a card, before anything is typeset.

A layout may say in `layout.yaml`, for each flow of a card, how many lines of text a page has and how many characters
fit on a line. The estimate counts whole lines for each paragraph. `livret check -v` prints it. It is only an estimate:
typesetting shows whether the text fits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from livret.content.language.markdown import plain_text
from livret.content.schema.model import Catalogue, Initiative
from livret.findings import Finding, note
from livret.pages.layout import CopyRoom, Flow, Layout

# Characters in a word of French text, with its space, as measured on the demonstration catalogue.
CHARACTERS_PER_WORD = 6.2
# A heading takes its own line and a blank one above it.
HEADING_LINES = 2


@dataclass(frozen=True)
class Budget:
    """The number of words in one flow of a card, and about how many fit on its page."""

    flow: Flow
    words: int
    room: int


def budgets(card: Initiative, rooms: Mapping[Flow, CopyRoom]) -> tuple[Budget, ...]:
    """The budget of each flow for which `rooms`, the layout's `copy_room`, has measures."""
    found = []
    for flow, texts, headings, panels in _flows(card):
        if flow not in rooms:
            continue
        room = rooms[flow]
        words = sum(len(text.split()) for text in texts)
        lines = sum(_lines(text, room.characters) for text in texts) + headings * HEADING_LINES
        lines += math.ceil(panels / room.panel) * room.panel_lines
        free = (room.lines - lines) * room.characters / CHARACTERS_PER_WORD
        found.append(Budget(flow, words, max(0, round((words + free) / 5) * 5)))
    return tuple(found)


def findings(catalogue: Catalogue, layout: Layout) -> Iterator[Finding]:
    """A note for each page of each card: its number of words, and about how many fit."""
    names: dict[Flow, str] = {"organisation": "left page", "project": "right page"}
    for card in catalogue.initiatives:
        for budget in budgets(card, layout.file.copy_room):
            told = f"{names[budget.flow]}: {budget.words} words, room for about {budget.room}"
            hints = (f"about {budget.words - budget.room} words too many",) if budget.words > budget.room else ()
            yield note("copy-budget", told, card.source, *hints)


def _flows(card: Initiative) -> Iterable[tuple[Flow, list[str], int, int]]:
    """Each flow with its running texts, its headings below the first text, and the figures in its panel."""
    left = [plain_text(text) for text in (card.pilot.about, card.partners) if text]
    right = [plain_text(text) for text in (card.description, card.results) if text]
    yield "organisation", left, len(left) - 1, 0
    yield "project", right, int(bool(card.results or card.figures)), len(card.figures)


def _lines(text: str, characters: float) -> int:
    return sum(math.ceil(len(paragraph) / characters) for paragraph in text.splitlines())

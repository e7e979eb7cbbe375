"""Estimates how much text fits on the pages of a card, before anything is typeset.

A layout may say in `layout.yaml`, for each flow of a card, how many lines of text a page has and how many characters
fit on a line. The estimate counts whole lines for each paragraph. `livret check -v` prints it. It is only an estimate:
typesetting shows whether the text fits.

With it, `likely_fit` says at which step of copyfitting a composed card probably fits. Typesetting tries this one first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from html import unescape

from livret.content.language.markdown import plain_text
from livret.content.schema.model import Catalogue, Initiative
from livret.findings import Finding, note
from livret.pages.layout import Layout
from livret.pages.layout_file import CopyRoom, Flow
from livret.translation import Text, say, say_number

# Characters in a word of French text, with its space, as measured on the demonstration catalogue.
CHARACTERS_PER_WORD = 6.2
# A heading takes its own line and a blank one above it.
HEADING_LINES = 2
# Short entries of lists often stand beside each other, so a line that is not full counts as less.
ENTRY_LINES = 0.4
# The class of a list of figures.
PANEL = "figures"

_TAG_OR_TEXT = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>|([^<]+)")
_SAID = re.compile(r'<(?:article|section) [^>]*data-fit="([^"]*)"')
_FIRST_CLASS = re.compile(r'class="([\w-]+)')
_LINES_OF_THEIR_OWN = frozenset("p li br h1 h2 h3 h4 h5 h6 section aside header div".split())


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
    names: dict[Flow, Text] = {"organisation": say("page of the organisation"), "project": say("page of the project")}
    for card in catalogue.initiatives:
        for budget in budgets(card, layout.file.copy_room):
            told = say_number(
                "{page}: {number} word, room for about {room}",
                "{page}: {number} words, room for about {room}",
                page=names[budget.flow],
                number=budget.words,
                room=budget.room,
            )
            hints = (
                (
                    say_number(
                        "about {number} word too many",
                        "about {number} words too many",
                        number=budget.words - budget.room,
                    ),
                )
                if budget.words > budget.room
                else ()
            )
            yield note("copy-budget", told, card.source, *hints)


def _flows(card: Initiative) -> Iterable[tuple[Flow, list[str], int, int]]:
    """Each flow with its running texts, its headings below the first text, and the figures in its panel."""
    left = [plain_text(text) for text in (card.pilot.about, card.partners) if text]
    right = [plain_text(text) for text in (card.description, card.results) if text]
    yield "organisation", left, len(left) - 1, 0
    yield "project", right, int(bool(card.results or card.figures)), len(card.figures)


def _lines(text: str, characters: float) -> int:
    return sum(math.ceil(len(paragraph) / characters) for paragraph in text.splitlines())


def likely_fit(html: str, figures: Sized, rooms: Mapping[Flow, CopyRoom], steps: Sequence[str]) -> str:
    """The step of copyfitting, one of `steps` or empty for none, at which a composed card with these figures fits.

    It is counted in the HTML, because a layout decides by the card's lengths what stands where. A flow is a `<section>`
    of the body, named by its first class; what is in `<aside>` stands beside it. A template that counts itself says it
    in `data-fit`.
    """
    if (said := _SAID.search(html)) and said[1] in ("", *steps):
        return said[1]
    if not steps or not any(room.fits for room in rooms.values()):
        return ""
    body = html[html.find("<body") :]
    counted = ((room, _lines_of_flow(body, flow, room)) for flow, room in rooms.items())
    needed = 0
    for room, lines in counted:
        if room.panel_lines:
            lines += math.ceil(len(figures) / room.panel) * room.panel_lines
        needed = max(needed, sum(lines > most for most in room.fits))
    return ("", *steps)[min(needed, len(steps))]


def _lines_of_flow(body: str, flow: str, room: CopyRoom) -> float:
    """About how many lines the texts of a flow take, by its HTML; those of a panel of figures are counted elsewhere."""
    lines, length, block = 0.0, 0, "p"
    sections = beside = drawn = 0
    is_inside = is_in_panel = False
    for closing, tag, attributes, text in _TAG_OR_TEXT.findall(body):
        step = -1 if closing else 1
        if text:
            length += 0 if drawn or beside or is_in_panel or not is_inside else len(" ".join(unescape(text).split()))
            continue
        drawn += step * (tag == "svg")
        if tag == "ul" and room.panel_lines:
            is_in_panel = not closing and (is_in_panel or _first_class(attributes) == PANEL)
        if tag not in _LINES_OF_THEIR_OWN:
            continue
        if length:
            lines += _lines_of_block(block, length, room.characters)
        length = 0
        # The paragraphs of an entry are lines of the entry.
        if not closing and not (block == "li" and tag == "p"):
            block = tag
        elif closing and tag == "li":
            block = "p"
        beside += step * (tag == "aside")
        if tag == "section":
            sections += step
            if sections == 1 and not closing:
                is_inside = _first_class(attributes) == flow
    return lines


def _first_class(attributes: str) -> str:
    found = _FIRST_CLASS.search(attributes)
    return found[1] if found else ""


def _lines_of_block(tag: str, length: int, characters: float) -> float:
    if tag == "li":
        return length / characters + ENTRY_LINES
    return HEADING_LINES if tag[0] == "h" and tag[1:].isdigit() else math.ceil(length / characters)

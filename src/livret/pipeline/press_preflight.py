"""Preflight of a press file before it replaces the last good one: what it finds, at the card that stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from livret.book.plan import BookPlan
from livret.content.press.profile import PressProfile
from livret.control.completeness import Expected
from livret.control.printed_text import letters_of
from livret.findings import Finding, Location, Severity, note
from livret.project import code_digest, digest
from livret.translation import say

if TYPE_CHECKING:
    from livret.control.preflight.print.known_pages import KnownPages

_QUOTED = re.compile(r'"([^"]+)"')
# Words that are shorter than this stand in too many fields.
_LEAST_LETTERS = 4


def preflight_digest(profile: PressProfile) -> str:
    """A digest of what judges a file: when it changes, a file is judged again."""
    code = code_digest(Path(__file__).parents[1] / "control" / "preflight")
    return digest("preflight", code, profile.model_dump_json(exclude={"source"}))


def preflight_findings(
    path: Path, profile: PressProfile, plan: BookPlan, expected: Sequence[Expected], shown: str, known: KnownPages
) -> tuple[Finding, ...]:
    """What preflight finds in a press file by its profile. A finding on a page of a card points at the card.

    Pages that are `known` are not read.

    Ink is not measured: the separation keeps every colour under the limit, and plates take a tenth of a second a page.
    """
    from livret.control.preflight import Asked, judge
    from livret.control.preflight.print.press_profile import print_profile

    cards: dict[int, list[Expected]] = {}
    for one in expected:
        for page in one.pages:
            cards.setdefault(page + 1, []).append(one)
    blank = {number for number, page in enumerate(plan.pages, start=1) if page.fragment is None}
    found = []
    for finding in judge(path, print_profile(profile), shown, Asked(with_ink=False, pages=known)).findings:
        card, field, words = _meant(finding.message, cards.get(finding.page or 0, ()))
        message = say('"{field}" on {message}', field=field, message=finding.message) if field else finding.message
        severity, hints = finding.severity, finding.hints
        if finding.rule == "empty-page" and finding.page in blank:
            severity, hints = Severity.NOTE, (say("Livret left it blank, so that the next part begins on its side"),)
        where = Location(shown)
        if card:
            where = card.place_of(field, words) if field else replace(card.source, column=0)
        found.append(Finding(severity, finding.rule, message, where, hints))
    return tuple(found)


def _meant(message: str, cards: Sequence[Expected]) -> tuple[Expected | None, str, str]:
    """The card of a page that a message is about, its field and words; of several cards, the one that it quotes."""
    quoted = [(card, *found) for card in cards if (found := _field(message, card))]
    if len(quoted) == 1:
        return quoted[0]
    return (cards[0] if len(cards) == 1 else None), "", ""


def _field(message: str, card: Expected) -> tuple[str, str] | None:
    """The one field of a card that holds the words that a message quotes, and they; None where that is not certain."""
    for words in _QUOTED.findall(message):
        letters = letters_of(words)
        if len(letters) < _LEAST_LETTERS:
            continue
        names = [one.name for one in card.fields if letters in letters_of(" ".join(one.paragraphs))]
        if len(names) == 1:
            return names[0], words
    return None


def not_preflighted(shown: str) -> Finding:
    """The note that a press file was written without preflight."""
    hint = say("leave out --no-preflight before the file goes to the printer")
    return note("not-preflighted", say("this press file was not judged before it was written"), Location(shown), hint)

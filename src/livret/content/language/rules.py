"""Applies typography rules to a text, one after the other, and can remember where each character came from.

The rules themselves are in `french` and `english`; the functions for the rest of the program are in `typography`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Unicode names: NO-BREAK SPACE and NARROW NO-BREAK SPACE, the "espace mots insécable" and "espace fine insécable".
NBSP = "\u00a0"
THIN = "\u202f"
# OBJECT REPLACEMENT CHARACTER stands for a piece that no rule may touch while the rules run.
HELD = "\ufffc"
# The horizontal spaces of Unicode (category Zs) and the tab, as the inside of a character class.
SPACES = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
SP = f"[{SPACES}]"

_OPENING = frozenset("([{«“‘‹'’-–—/")
_QUOTES = re.compile('["«»]|\n{2,}')


@dataclass(frozen=True)
class Guess:
    """Where a rule may be wrong: what stood there and what is printed (the same text when it was left alone)."""

    rule: str
    before: str
    after: str
    offset: int


Replacement = str | Callable[[re.Match[str]], str | None]


class TypographyRule(NamedTuple):
    """A pattern and what to put in its place.

    The replacement is a literal text or a function. A function returns None when it cannot decide; the text then stays
    as it is. `guess` names the rule in `Guess`: every change is reported, or only what was left alone when changes are
    `sure`. `needs` are pieces of which a text must have one: that saves running most patterns on most texts.
    """

    pattern: re.Pattern[str]
    replacement: Replacement
    guess: str = ""
    sure: bool = False
    needs: Sequence[str] = ""


class Draft:
    """One text and the changes made to it.

    When `traced`, every character knows its offset in the text as it was typed, and guesses are collected.
    """

    def __init__(self, text: str, *, traced: bool = False) -> None:
        self.typed = text
        self.text = text
        self.guesses: list[Guess] = []
        self.origins: list[int] | None = [*range(len(text) + 1)] if traced else None
        self._held: list[str] = []

    def apply(self, rules: Iterable[TypographyRule | Callable[[Draft], None]]) -> None:
        """Run the rules in their order."""
        for rule in rules:
            if not isinstance(rule, TypographyRule):
                rule(self)
                continue
            # This runs for every rule of every text, so it is a plain loop: a generator would cost more than a pattern.
            text = self.text
            for piece in rule.needs or ("",):
                if piece in text:
                    self.change(rule)
                    break

    def change(self, rule: TypographyRule) -> None:
        """Put the replacement in every place where the pattern matches."""
        if self.origins is not None:
            self._change_traced(self.origins, rule)
            return
        replacement = rule.replacement
        if isinstance(replacement, str):
            self.text = rule.pattern.sub(replacement, self.text)
            return

        def answer(match: re.Match[str]) -> str:
            new = replacement(match)
            return match[0] if new is None else new

        self.text = rule.pattern.sub(answer, self.text)

    def hold(self, pattern: re.Pattern[str], tidy: Callable[[re.Match[str]], str]) -> None:
        """Take every match, tidied, out of the text until `release`. Called once, before the rules."""

        def take(match: re.Match[str]) -> str:
            self._held.append(tidy(match))
            return HELD

        self.change(TypographyRule(pattern, take))

    def release(self) -> None:
        """Put back what was held. No rule adds, removes or reorders the signs that stand for it."""
        if self._held:
            held = iter(self._held)
            self.change(TypographyRule(re.compile(HELD), lambda match: next(held, None)))

    def _change_traced(self, origins: list[int], rule: TypographyRule) -> None:
        text: list[str] = []
        traced: list[int] = []
        end = 0
        for match in rule.pattern.finditer(self.text):
            old = match[0]
            answer = rule.replacement if isinstance(rule.replacement, str) else rule.replacement(match)
            new = old if answer is None else answer
            if rule.guess and (answer is None or (new != old and not rule.sure)):
                start, stop = origins[match.start()], origins[match.end()]
                before = self.typed[start:stop]
                self.guesses.append(Guess(rule.guess, before, before if answer is None else new, start))
            text += (self.text[end : match.start()], new)
            traced += origins[end : match.start()]
            traced += _carried(old, new, origins[match.start() : match.end() + 1])
            end = match.end()
        if text:
            self.text = "".join(text) + self.text[end:]
            self.origins = traced + origins[end:]


def _carried(old: str, new: str, origins: list[int]) -> Iterator[int]:
    """The origins of the characters of `new`: head and tail shared with `old` keep theirs, an insertion points on."""
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    last = max(head, len(old) - tail - 1)
    for i in range(len(new)):
        yield origins[len(old) - (len(new) - i) if i >= len(new) - tail else min(i, last)]


def quotes(outer: tuple[str, str], inner: tuple[str, str]) -> Callable[[Draft], None]:
    """A rule that pairs straight double quotes: `outer` marks around them, `inner` within other quotes.

    Guillemets already typed count as a level. A quote without a partner stays as it is, and is reported.
    """

    def pair(draft: Draft) -> None:
        if '"' not in draft.text and "«" not in draft.text and "»" not in draft.text:
            return
        marks = _paired(draft.text, outer, inner)
        draft.change(TypographyRule(_QUOTES, lambda match: marks.get(match.start()), "quotes", sure=True))

    return pair


def _paired(text: str, outer: tuple[str, str], inner: tuple[str, str]) -> dict[int, str]:
    """For each offset of a quote that has a partner (and of a paragraph's end), what to print there."""
    marks: dict[int, str] = {}
    pairs: list[tuple[int, int]] = []
    waiting: list[re.Match[str]] = []
    for match in _QUOTES.finditer(text):
        if match[0].isspace():
            marks[match.start()] = match[0]
            waiting.clear()
            continue
        if match[0] == "«" or (match[0] == '"' and _opens(text, match.start(), waiting)):
            waiting.append(match)
            continue
        partner = "«" if match[0] == "»" else '"'
        # A guillemet closes over straight quotes left open inside it; a straight quote never closes over a guillemet.
        while waiting and match[0] == "»" and waiting[-1][0] != partner:
            waiting.pop()
        if waiting and waiting[-1][0] == partner:
            pairs.append((waiting.pop().start(), match.start()))
    ends: list[int] = []
    for start, stop in sorted(pairs):
        while ends and ends[-1] < start:
            ends.pop()
        opening, closing = inner if ends else outer
        ends.append(stop)
        marks[start] = text[start] if text[start] == "«" else opening
        marks[stop] = text[stop] if text[stop] == "»" else closing
    return marks


def _opens(text: str, offset: int, waiting: list[re.Match[str]]) -> bool:
    """Whether a straight quote opens: its surroundings tell, or else whether one is open already."""
    before = text[offset - 1 : offset]
    after = text[offset + 1 : offset + 2]
    opening = before.isspace() or before == "" or before in _OPENING
    closing = after.isspace() or after == "" or not (after.isalnum() or after in _OPENING or after == HELD)
    if opening != closing:
        return opening
    return not (waiting and waiting[-1][0] == '"')

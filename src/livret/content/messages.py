"""How messages quote values, list words and suggest the nearest known one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

from livret.translation import Text, joined, say

# What difflib calls similar enough to suggest; below it, suggestions become guesses.
_SIMILAR = 0.6
# Longer texts are not compared: difflib is quadratic, and no name is that long.
_LONGEST = 80


def quoted(text: str, length: int = 60) -> Text:
    """A value as messages quote it: on one line, cut after `length` characters."""
    line = " ".join(text[: 4 * length].split())
    is_whole = len(line) <= length and len(text) <= 4 * length
    return say('"{text}"', text=line if is_whole else f"{line[:length]}…")


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known word most like `text`, whatever its case; None when nothing is alike."""
    by_folded = {word.casefold(): word for word in known}
    found = difflib.get_close_matches(text[:_LONGEST].casefold(), by_folded, n=1, cutoff=_SIMILAR)
    return by_folded[found[0]] if found else None


def did_you_mean(text: str, known: Iterable[str]) -> tuple[Text, ...]:
    """The hint `did you mean "..."?`, or no hint."""
    found = nearest(text, known)
    return (say('did you mean "{word}"?', word=found),) if found else ()


def listed(words: Iterable[str], last: Literal["and", "or", "nor"] = "and") -> Text:
    """`a, b and c`."""
    *first, end = list(words) or [""]
    if not first:
        return joined([end])
    if last == "or":
        return say("{words} or {last}", words=joined(first), last=end)
    if last == "nor":
        return joined([*first, end], say(" nor "))
    return say("{words} and {last}", words=joined(first), last=end)

"""The end of a paragraph: the last word is not hyphenated, and a short last word is not alone on its line.

Without this, the engine may leave one syllable on the last line. The style sheets need `.last { hyphens: manual }`.
"""

from __future__ import annotations

import re

from livret.content.language.bidi import FROM_THE_RIGHT, is_right_to_left
from livret.content.language.rules import NBSP
from livret.content.language.typography import markup

# A word with fewer characters, its punctuation counted, does not stand on a line alone.
SHORT = 7

# After these a line may break, even before U+00A0 (UAX 14, LB12a).
_BREAKS = "-\u2010–—|"

# The blocks of Hebrew, Arabic and their neighbours, and their presentation forms.
_FROM_THE_RIGHT = re.compile(f"[{FROM_THE_RIGHT}]")


def is_left_to_right(text: str, language: str) -> bool:
    """Whether the whole text runs from left to right. In other text an element would split words at the wrong place."""
    return not (is_right_to_left(language) or _FROM_THE_RIGHT.search(text))


def mark_last_word(text: str, language: str) -> str:
    """`markup` of a text already set, its last word in `<span class="last"> word</span>`.

    A short word is joined to the one before by U+00A0. The space stands inside the element: before one that starts
    after a space the engine may break a line far too early. Without a space to put there, or with nothing to join a
    short word to (a dash, the first word of all), nothing is done.
    """
    head, space, last = text.rpartition(" ")
    if last and len(last) < SHORT:
        head, space, before = head.rpartition(" ")
        last = f"{before}{NBSP}{last}" if before and before[-1] not in _BREAKS else ""
    plain = markup(text, language)
    # Do not cut a telephone number, or anything else that is marked as one piece.
    if not (space and last) or markup(head, language) + markup(text[len(head) :], language) != plain:
        return plain
    return f'{markup(head, language)}<span class="last">{markup(f" {last}", language)}</span>'

"""The words that somebody typed in a Markdown text, found without the parser that prints it.

Printing reads Markdown with markdown-it-py. A word that the parser drops would be missing on the page, and missing as
well in every list that the same parser makes. So this module finds words by simple patterns of its own. In doubt it
leaves a word out: each word that it gives must be on the page.
"""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W_]+")
# What stands before the text on a line: quotation marks, bullets and numbers of lists.
_MARKERS = re.compile(r"[ \t]*(?:(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)|o\t)[ \t]*)*")
# The opening line of a code block with one word, the programming language.
_CODE_LANGUAGE = re.compile(r"(?:`{3,}|~{3,})[ \t]*\S+[ \t]*$")
# What links have besides their words: a target with an optional title, or a label; and the definition of a label.
_TARGET = re.compile(
    r"\]\(\s*+(?:<[^<>\n]*+>|[^\s()<]*+(?:\([^\s()]*+\)[^\s()]*+)*)"
    r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\))|)\s*+\)"""
)
_LABEL = re.compile(r"\]\[[^\]\[]*\]")
_DEFINITION = re.compile(r"\[[^\]\[]++\]:\s*+<?(?:https?:|mailto:|card:|partner:|page:|lang:)[^\n]*", re.IGNORECASE)
_SPACES = re.compile(r"(\s+)")


def typed_words(text: str) -> list[str]:
    """The words of a text as they were typed, each letter kept; without targets of links and numbers of lists."""
    text = _LABEL.sub("] ", _TARGET.sub("] ", _DEFINITION.sub(" ", text)))
    # Character references are left out, with what is joined to them: `caf&eacute;` is one word on the page.
    text = "".join(piece for piece in _SPACES.split(text) if "&" not in piece)
    words = []
    for line in text.split("\n"):
        rest = line[_MARKERS.match(line).end() :]  # type: ignore[union-attr]
        if not _CODE_LANGUAGE.match(rest):
            words += _WORD.findall(rest)
    return words


def lost_words(text: str, printed: str) -> list[str]:
    """The words of a Markdown text that are not among those printed, in their order; `printed` is plain text."""
    left = Counter(_WORD.findall(printed))
    lost = []
    for word in typed_words(text):
        if left[word]:
            left[word] -= 1
        else:
            lost.append(word)
    return lost

"""Markdown whose lines are broken in the file: joined for a form, and broken again when it is saved.

In a file, the lines of a text often end at the margin of an editor. In a form they end at the edge of the field, so
there each paragraph is one line. When it is saved, paragraphs that stayed are written with the lines that they had, and
new ones with lines as long as the others. What is printed is the same: an end of a line is a space in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from livret.content.language.markdown import to_html

# Where a line begins that cannot be joined to the one before: a list, a heading, a quotation, a table, a rule, code.
_BEGINS = re.compile(
    r"\s*(?:[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|#{1,6}(?:\s|$)|>|\||`{3}|~{3}|={2,}\s*$|-{2,}\s*$|\*{3}|<)"
)
_FENCE = re.compile(r"\s*(?:`{3}|~{3})")
_CODE = re.compile(r" {4}|\t")
# Two spaces or a backslash at the end of a line are an end of a line in print too.
_HARD = re.compile(r"(?: {2}|\\)$")
# What the first line of a list's entry or a quotation begins with; further lines are indented as far.
_MARK = re.compile(r"(\s*)([-+*]|\d{1,9}[.)])(\s+)")
# A text whose lines are shorter than this was broken for another reason.
_NARROW = 50


def joined_lines(text: str) -> str:
    """A text as a form shows it: each paragraph and each entry of a list on one line."""
    shown = "\n".join(_joined(text.split("\n")))
    return shown if _printed(shown) == _printed(text) else text


def usual_width(texts: Iterable[str]) -> int:
    """How long the longest line is of those texts of a file whose lines are broken; 0 when none is."""
    broken = (text for text in texts if joined_lines(text) != text)
    return max((len(line) for text in broken for line in text.split("\n")), default=0)


def broken_lines(shown: str, typed: str, usual: int = 0) -> str:
    """What a form gave, with lines as they stood in the file: the inverse of `joined_lines` where nothing was changed.

    In: the text of the form, the text in the file, and the width of lines where that text has none that are broken.
    """
    before = joined_lines(typed)
    if shown == before:
        return typed
    width = usual_width([typed]) or usual
    if width < _NARROW:
        return shown
    pieces = _pieces(typed)
    lines: list[str] = []
    for line in shown.split("\n"):
        kept = pieces.get(line, [])
        lines += kept.pop(0) if kept else _broken(line, width)
    text = "\n".join(lines)
    return text if _printed(text) == _printed(shown) else shown


def _printed(text: str) -> str:
    """What is printed, in which an end of a line is a space."""
    return " ".join(to_html(text).split())


def _joined(lines: list[str]) -> list[str]:
    found: list[str] = []
    for group in _groups(lines):
        found.append(" ".join([group[0], *(line.strip() for line in group[1:])]) if len(group) > 1 else group[0])
    return found


def _groups(lines: list[str]) -> list[list[str]]:
    """Lines that are one line in a form stand in one group."""
    found: list[list[str]] = [[lines[0]]]
    is_code = bool(_FENCE.match(lines[0]))
    for before, line in pairwise(lines):
        is_fence = bool(_FENCE.match(line))
        is_apart = not before.strip() or not line.strip() or _BEGINS.match(line) or _HARD.search(before)
        # Indented lines are code, but not those of an entry of a list.
        is_indented = _CODE.match(line) and not (before.strip() and (_MARK.match(found[-1][0]) or len(found[-1]) > 1))
        after_heading = re.match(r"\s*#{1,6}\s", found[-1][0])
        if is_code or is_fence or is_apart or is_indented or after_heading or "|" in found[-1][0]:
            found.append([line])
        else:
            found[-1].append(line)
        if is_fence:
            is_code = not is_code
    return found


def _pieces(typed: str) -> dict[str, list[list[str]]]:
    """The lines that each line of the form stood on, in their order."""
    found: dict[str, list[list[str]]] = {}
    for group in _groups(typed.split("\n")):
        found.setdefault(_joined(group)[0] if len(group) > 1 else group[0], []).append(group)
    return found


def _broken(line: str, width: int) -> list[str]:
    """A line of the form as lines of the file; no line begins with what Markdown would take for a mark."""
    if len(line) <= width or _FENCE.match(line) or _CODE.match(line) or re.match(r"\s*(?:#{1,6}\s|\||>)", line):
        return [line]
    mark = _MARK.match(line)
    indent = " " * (len(mark[0]) if mark else len(line) - len(line.lstrip(" ")))
    found: list[str] = []
    for word in re.split(r"(?<=\S) (?=\S)", line):
        is_over = bool(found) and len(found[-1]) + 1 + len(word) > width
        if not found:
            found.append(word)
        elif is_over and not _BEGINS.match(word) and not _HARD.search(found[-1]):
            found.append(indent + word)
        else:
            found[-1] += " " + word
    return found

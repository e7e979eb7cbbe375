"""Text pasted from a word processor or a web page: what was a list there becomes a list, tied words come apart.

Word processors write bullets as letters of private fonts, and web pages tie words with no-break spaces. Both are set
as they were meant, and told. Tables and marks of notes cannot be set; they are told with their line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from livret.content.language.problems import TextProblem
from livret.translation import say, say_number

# The middle dot, which Word's Symbol bullet becomes, is a bullet before a blank only: Catalan has it in words.
# Bullets: of Unicode, and of Symbol and Wingdings as Word writes them, in the private use area.
_BULLETS = "\u2022\u2023\u2043\u2219\u25a0\u25aa\u25ab\u25cf\u25cb\u25e6\u25ba\u25b8\u27a2\u27a4\u2713\u2714\u2756"
_PRIVATE = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf02d\uf0e0\uf0f0"
_BULLET = re.compile(rf"([ \t]*)(?:[{_BULLETS}{_PRIVATE}][ \t\u00a0\u202f]*|o\t|-\t|·[ \t\u00a0\u202f]+(?!·))(?=\S)")
# Word pastes the number or letter of an entry with a tab. Markdown has numbers; entries with letters keep their lines.
_NUMBERED = re.compile(r"[ \t]*(?:\d{1,3}|[A-Za-z])[.)]\t")
_LETTERED = re.compile(r" {0,3}[A-Za-z][.)]\t[ \t]*[^\s\\](?:.*[^\s\\])?$")
# A dash begins an entry where the line before or after begins with one, too.
_DASH = re.compile(r"([ \t]*)[–—][ \t\u00a0\u202f]+(?=\S)")
_FENCE = re.compile(r" {0,3}(?:`{3}|~{3})")

TIE = re.compile(r"(?<=[^\W\d_])\u00a0(?=[^\W\d_])")
# A text with so many no-break spaces, and at least half of its spaces of this kind, was pasted and not typed.
TIES = 5

_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$")
# "mot[^1]"; "mot[1]", which is no link; "mot²", which is no unit.
_NOTE_MARK = re.compile(
    r"\[\^[^\]\s]{1,20}\]|(?<=[^\W_])\[\d{1,3}\](?![(\[:])|(?<=[^\W\d_]{4})[\u00b9\u00b2\u00b3\u2074-\u2079]+(?!\w)"
)


def with_lists(text: str) -> str:
    """A Markdown text in which each line that begins with a bullet is an entry of a list; as many lines as before."""
    if not _may_hold(text):
        return text
    lines = text.split("\n")
    for number, (match, depth) in _entries(lines).items():
        lines[number] = f"{'  ' * depth}- {lines[number][match.end() :]}"
    for number, (line, below) in enumerate(pairwise(lines)):
        if _LETTERED.match(line) and _LETTERED.match(below):
            lines[number] = f"{line}\\"
    return "\n".join(lines)


def problems(text: str, is_markdown: bool = True) -> Iterator[TextProblem]:
    """What was pasted into a text: `pasted-list`, `no-break-spaces`, `pasted-table`, `footnote-mark`."""
    if many := ties(text):
        place = TIE.search(text)
        first = text.count("\n", 0, place.start()) if place else 0
        message = say_number(
            "there is {number} no-break space between words: it is set as a plain space",
            "there are {number} no-break spaces between words: they are set as plain spaces",
            number=many,
        )
        yield TextProblem("no-break-spaces", message, first, say("paste the text without formatting"), is_mended=True)
    if not is_markdown:
        return
    lines = text.split("\n")
    if entries := _entries(lines) if _may_hold(text) else {}:
        first = min(entries)
        message = say("{number} lines begin with a bullet: they are set as a list", number=len(entries))
        if len(entries) == 1:
            message = say("this line begins with a bullet: it is set as an entry of a list")
        hint = say("a list is typed with a hyphen and a space: - first entry")
        yield TextProblem("pasted-list", message, first, hint, is_mended=True)
    yield from _tables(lines, entries)
    for number, line in enumerate(lines):
        if mark := _NOTE_MARK.search(line):
            message = say("the mark of a note {mark} is printed as it is typed: text has no notes", mark=mark[0])
            yield TextProblem("footnote-mark", message, number, say("put the words of the note into the sentence"))


def _may_hold(text: str) -> bool:
    return any(sign in text for sign in "–—·\t") or any(sign in text for sign in _BULLETS + _PRIVATE)


def _entries(lines: list[str]) -> dict[int, tuple[re.Match[str], int]]:
    """The lines that are entries by their bullets: where the bullet ends, and how deep the entry is nested."""
    found: dict[int, tuple[re.Match[str], int]] = {}
    dashes = [_DASH.match(line) for line in lines]
    is_code = False
    for number, line in enumerate(lines):
        is_code ^= bool(_FENCE.match(line))
        if is_code:
            continue
        match = _BULLET.match(line)
        dash = dashes[number]
        if match is None and dash is not None:
            near = dashes[max(0, number - 2) : number] + dashes[number + 1 : number + 3]
            match = dash if any(near) else None
        if match is not None:
            # Word marks the second level with a round letter; a tab before the bullet tells the same.
            is_inner = line.lstrip().startswith("o\t") or "\t" in match[1] or len(match[1]) > 3
            found[number] = (match, int(is_inner and bool(found)))
    return found


def ties(text: str) -> int:
    """How many no-break spaces stand between words; 0 where they may be meant."""
    if "\u00a0" not in text:
        return 0
    found = len(TIE.findall(text))
    return found if found >= TIES and found >= text.count(" ") else 0


def _tables(lines: list[str], entries: dict[int, tuple[re.Match[str], int]]) -> Iterator[TextProblem]:
    hint = say("write it as a list, or give numbers in figures:")
    is_before = False
    for number, line in enumerate(lines):
        is_row = number not in entries and (
            bool(_TABLE_RULE.match(line)) if "|" in line else _has_cells(_unnumbered(line))
        )
        below = lines[number + 1] if number + 1 < len(lines) else ""
        is_tabbed = is_row and "\t" in line and _has_cells(below) and number + 1 not in entries
        if is_row and not is_before and ("|" in line or is_tabbed):
            first = number - 1 if "|" in line and number else number
            yield TextProblem("pasted-table", say("a table is printed as running text"), first, hint)
        is_before = is_row


def _unnumbered(line: str) -> str:
    match = _NUMBERED.match(line) if "\t" in line else None
    return line[match.end() :] if match else line


def _has_cells(line: str) -> bool:
    """Whether two cells of a line, with tabs between them, hold something."""
    # Most lines have no tab, and are long: a regular expression would look at each of their letters again and again.
    return "\t" in line and any(map(all, pairwise(cell.strip() for cell in line.split("\t") if cell)))

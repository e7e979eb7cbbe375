"""How often words are printed, and how often the texts of a part need them.

Where texts repeat their words and go on overleaf, they can be read in more ways than can be tried. Then words are
counted instead: every few letters in a row must be printed as often as all texts together hold them. Only where a page
ends, the rows that span one place between two letters may be printed less often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from livret.control.printed_search import Paragraph
from livret.control.printed_text import LettersInOrder

# So many letters in a row are counted.
ROW = 8
# A shorter text is counted whole.
SHORT = 3 * ROW
# So many rows span one place between two letters, and so many at most one of two places that are less than a row apart.
ONE_BREAK = ROW - 1
TWO_BREAKS = 2 * ONE_BREAK - 1


def counted(
    gone: dict[Paragraph, tuple[str, str]], paragraphs: Sequence[tuple[str, Paragraph]], order: LettersInOrder
) -> dict[Paragraph, tuple[str, str]]:
    """What is still missing, if words are counted, of paragraphs that were not found in places of their own.

    `gone` gives the field of each and its words from the first missing, `paragraphs` all of a part with their fields.
    """
    counts = Counts([paragraph.letters for _, paragraph in paragraphs], order)
    missing = {paragraph: told for paragraph, told in gone.items() if not counts.suffice(paragraph.letters)}
    if len(missing) < len(gone):
        # A short one may have been found inside one that had no place of its own.
        for name, paragraph in paragraphs:
            if 0 < len(paragraph.letters) < SHORT and not counts.suffice(paragraph.letters):
                missing.setdefault(paragraph, (name, paragraph.text))
    return missing


class Counts:
    """The letters of all paragraphs of a part, and those of its pages."""

    def __init__(self, paragraphs: Sequence[str], order: LettersInOrder) -> None:
        self._paragraphs = paragraphs
        self._pages = [page.letters for page in order.pages]
        self._needed = Counter(row for letters in paragraphs for row in _rows(letters))
        self._printed = Counter(row for page in self._pages for row in _rows(page))

    def suffice(self, letters: str) -> bool:
        """Whether what a paragraph says is printed as often as all paragraphs together say it."""
        if len(letters) < SHORT:
            needed = sum(_count(letters, paragraph) for paragraph in self._paragraphs)
            return sum(_count(letters, page) for page in self._pages) >= needed
        last = len(letters) - ROW
        for start, end in self._lacking(letters):
            # Of a place near the first or the last letter, the rows beyond are seen only in another paragraph.
            near_end = not start or end > last
            known = all(letters[at : at + ROW] in self._broken for at in range(start, end))
            if not (known if near_end else self._is_break(letters, start, end)):
                return False
        return True

    @cached_property
    def _broken(self) -> frozenset[str]:
        """The rows that span a place where a paragraph is broken."""
        whole = (
            (letters, start, end)
            for letters in set(self._paragraphs)
            for start, end in self._lacking(letters)
            if end - start == ONE_BREAK and self._is_break(letters, start, end)
        )
        return frozenset(letters[at : at + ROW] for letters, start, end in whole for at in range(start, end))

    def _lacking(self, letters: str) -> Iterator[tuple[int, int]]:
        """Which rows of a paragraph are not printed often enough: from which to before which."""
        rows = groupby(enumerate(_rows(letters)), key=lambda pair: self._printed[pair[1]] < self._needed[pair[1]])
        for is_lacking, run in rows:
            places = [at for at, _ in run]
            if is_lacking:
                yield places[0], places[-1] + 1

    def _is_break(self, letters: str, start: int, end: int) -> bool:
        """Whether a page may end between two letters that these rows span."""
        return end - start <= TWO_BREAKS and any(self._turns(letters, at + ROW - 1) for at in range(start, end))

    def _turns(self, letters: str, place: int) -> bool:
        """Whether what follows a place in some letters is printed on a page after what comes before."""
        before, after = letters[max(0, place - ROW) : place], letters[place : place + ROW]
        first = next((number for number, page in enumerate(self._pages) if before in page), len(self._pages))
        return any(after in page for page in self._pages[first + 1 :])


def _rows(letters: str) -> Iterator[str]:
    return (letters[at : at + ROW] for at in range(len(letters) - ROW + 1))


def _count(letters: str, text: str) -> int:
    """How often some letters stand in a text; they may overlap."""
    return sum(text.startswith(letters, at) for at in range(len(text) - len(letters) + 1))

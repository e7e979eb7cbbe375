"""Which page of one book is which page of another, through pages that were added, taken out or moved. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from livret.control.comparison.pages import ComparedPage

# Pages that share less than this part of their words are not the same page with changes.
ALIKE = 0.4
# Runs of pages that differ are matched page by page; of longer ones only pages that are near each other.
_LONGEST = 160
# For pages without words: how near they may look, as the mean difference of their pixels out of 255.
_NEAR = 24


@dataclass(frozen=True)
class Pair:
    """A page of the first book and the page of the second that it became, from 0; None where one has no such page."""

    first: int | None
    second: int | None
    is_moved: bool = False


def match(first: Sequence[ComparedPage], second: Sequence[ComparedPage]) -> tuple[Pair, ...]:
    """The pages of both books in pairs, in the order of the second; pages taken out stand where they were.

    Pages that are equal but for their folio are matched first, then those between them that are most alike, in order.
    What is left is moved where a page of the other book is alike, else added or taken out.
    """
    pairs: list[Pair] = []
    equal = SequenceMatcher(None, [page.sign for page in first], [page.sign for page in second], autojunk=False)
    at_first = at_second = 0
    for a, b, size in equal.get_matching_blocks():
        pairs += _between(first, second, (at_first, a), (at_second, b))
        pairs += [Pair(a + step, b + step) for step in range(size)]
        at_first, at_second = a + size, b + size
    return tuple(_with_moves(first, second, pairs))


def likeness(one: ComparedPage, other: ComparedPage) -> float:
    """How alike two pages are, from 0 to 1: by their words, or, where neither has any, by how they look."""
    if not one.keys and not other.keys:
        return _looks(one, other)
    shared = sum((Counter(one.keys) & Counter(other.keys)).values())
    return 2 * shared / (len(one.keys) + len(other.keys))


def _looks(one: ComparedPage, other: ComparedPage) -> float:
    if one.look == other.look:
        return 1
    if one.grey.size != other.grey.size:
        return 0
    small = (16, 24)
    pixels = zip(one.grey.resize(small).tobytes(), other.grey.resize(small).tobytes(), strict=True)
    apart = sum(abs(a - b) for a, b in pixels) / (small[0] * small[1])
    return max(0.0, 1 - apart / _NEAR / 2)


def _between(
    first: Sequence[ComparedPage], second: Sequence[ComparedPage], run: tuple[int, int], other: tuple[int, int]
) -> list[Pair]:
    """The pages of two runs, aligned so that the sum of likeness is largest."""
    (a0, a1), (b0, b1) = run, other
    rows, columns = a1 - a0, b1 - b0
    if not rows or not columns:
        return [*(Pair(a, None) for a in range(a0, a1)), *(Pair(None, b) for b in range(b0, b1))]
    is_long = max(rows, columns) > _LONGEST
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for a in range(rows - 1, -1, -1):
        for b in range(columns - 1, -1, -1):
            is_near = not is_long or abs(a * columns - b * rows) < _LONGEST * max(rows, columns) / 2
            alike = likeness(first[a0 + a], second[b0 + b]) if is_near else 0
            taken = best[a + 1][b + 1] + alike if alike >= ALIKE else 0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], taken)
    pairs, a, b = [], 0, 0
    while a < rows and b < columns:
        if best[a][b] == best[a + 1][b]:
            pairs.append(Pair(a0 + a, None))
            a += 1
        elif best[a][b] == best[a][b + 1]:
            pairs.append(Pair(None, b0 + b))
            b += 1
        else:
            pairs.append(Pair(a0 + a, b0 + b))
            a, b = a + 1, b + 1
    pairs += [Pair(a0 + left, None) for left in range(a, rows)]
    return pairs + [Pair(None, b0 + left) for left in range(b, columns)]


def _with_moves(first: Sequence[ComparedPage], second: Sequence[ComparedPage], pairs: list[Pair]) -> list[Pair]:
    """The pairs, in which a page that was taken out and stands elsewhere again is moved. Blank pages do not move."""
    gone = [pair.first for pair in pairs if pair.second is None and pair.first is not None and first[pair.first].keys]
    moved: dict[int, int] = {}
    for pair in pairs:
        if pair.first is None and pair.second is not None and second[pair.second].keys:
            page = second[pair.second]
            found = max(gone, key=lambda number: likeness(first[number], page), default=None)
            if found is not None and likeness(first[found], page) >= ALIKE:
                moved[pair.second] = found
                gone.remove(found)
    taken = set(moved.values())
    return [
        Pair(moved[pair.second], pair.second, is_moved=True) if pair.second in moved else pair
        for pair in pairs
        if not (pair.second is None and pair.first in taken)
    ]

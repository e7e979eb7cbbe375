"""Finds paragraphs in the letters of some pages, each in a place of its own.

Two things may stand inside a paragraph. One is a few letters: a printed folio, the mark of a note, or the letters that
stand for a logo. The other is the text at the end of one page and at the start of the next, or all of a facing page
between two pages of the same text.

The same words may stand in more than one text. A paragraph takes the first place that is free. If none is free, another
paragraph moves to another place, if it has one. Equal paragraphs are taken from the first page on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from livret.control.printed_text import PAGE_END, LettersInOrder, letters_of

# Replaces letters that were found.
TAKEN = "\0"
# The most letters of a printed folio or of the mark of a note: "voir p. 124".
REFERENCE = 16
# The most letters of notes at the foot of a page and of the start of the next page.
FOOT = 2000
# This many equal letters show where a text goes on.
TAIL = 8
# Facing pages may hold a text each, which both go on overleaf.
FLOWS = 2
# In so many ways a text that is broken may be read.
WAYS = 8
# After so many pieces, only the likeliest way is followed.
DEEPEST = 50
# How often paragraphs may be moved for others; a text that is made to have no end of places is told as missing.
MOVES = 200
# So many pieces are looked at in all, for the texts of one part.
STEPS = 2_000

# The pieces of the printed letters that a paragraph takes: where each begins and ends.
Pieces = tuple[tuple[int, int], ...]


# Equal texts are different paragraphs.
@dataclass(frozen=True, eq=False)
class Paragraph:
    """A paragraph to be found. `breaks` says how often a few letters may stand inside it."""

    text: str
    breaks: int

    @cached_property
    def letters(self) -> str:
        """Its letters, as they are compared."""
        return letters_of(self.text)


class Search:
    """The letters of a part in one order, and the paragraphs that were found in them."""

    def __init__(self, order: LettersInOrder) -> None:
        self._all = order.letters
        # Without the letters that were found.
        self._left = self._all
        self._found: dict[Paragraph, Pieces] = {}
        self._moves = MOVES
        self._steps = iter(range(STEPS))

    def take(self, paragraph: Paragraph) -> str:
        """Take the letters of a paragraph away; gives its words from the first that is missing."""
        if not paragraph.letters:
            return ""
        best = 0
        for pieces, done in _places_of(paragraph, self._left, self._steps):
            if done == len(paragraph.letters):
                self._keep(paragraph, pieces)
                return ""
            best = max(best, done)
        return "" if self._move_others(paragraph, frozenset()) else _from(paragraph.text, best)

    def take_in_order(self, equal: Sequence[Paragraph]) -> bool:
        """Take paragraphs of the same letters one after the other; takes none if there is no place for all.

        A text that repeats a sentence has a place at each of them: what begins in the middle of one paragraph leaves no
        place for the next.
        """
        tries = iter(range(MOVES))

        def take(number: int, start: int) -> bool:
            if number == len(equal):
                return True
            paragraph, before = equal[number], (dict(self._found), self._left)
            for place in _places(paragraph.letters[:TAIL], self._left, start):
                for pieces, done in _follow(paragraph.letters, self._left, place, paragraph.breaks, self._steps):
                    if done < len(paragraph.letters):
                        continue
                    if next(tries, None) is None:
                        return False
                    self._keep(paragraph, pieces)
                    if take(number + 1, pieces[0][1]):
                        return True
                    self._found, self._left = dict(before[0]), before[1]
            return False

        return take(0, 0)

    def place(self, paragraph: Paragraph) -> int | None:
        """Where a paragraph begins; None if it was not found or could stand in more than one place."""
        letters = paragraph.letters
        if paragraph not in self._found or self._all.count(letters) > 1:
            return None
        # The other text that holds the same words may be broken where a page ends.
        if any(other is not paragraph and letters in other.letters for other in self._found):
            return None
        if letters not in self._all and len({pieces[0] for pieces in _whole(paragraph, self._all, self._steps)}) > 1:
            return None
        return self._found[paragraph][0][0]

    def pieces(self, paragraph: Paragraph) -> Pieces:
        """Where the letters of a paragraph stand; none if it was not found."""
        return self._found.get(paragraph, ())

    def _keep(self, paragraph: Paragraph, pieces: Pieces) -> None:
        self._found[paragraph] = pieces
        for start, end in pieces:
            self._left = self._left[:start] + TAKEN * (end - start) + self._left[end:]

    def _move_others(self, paragraph: Paragraph, moved: frozenset[Paragraph]) -> bool:
        """Give a paragraph the place of others that can stand elsewhere, except those in `moved`. False if none can."""
        before = self._found, self._left
        for pieces in _whole(paragraph, self._all, self._steps) if self._found else ():
            in_the_way = [other for other, taken in self._found.items() if _overlap(pieces, taken)]
            # The place of an equal text is as good as any other.
            if any(other in moved or other.letters == paragraph.letters for other in in_the_way):
                continue
            if self._moves <= 0:
                return False
            self._moves -= 1
            kept = {other: taken for other, taken in self._found.items() if other not in in_the_way}
            self._found, self._left = {}, self._all
            for other, taken in (*kept.items(), (paragraph, pieces)):
                self._keep(other, taken)
            if all(self._move(other, moved | {paragraph}) for other in in_the_way):
                return True
            self._found, self._left = before
        return False

    def _move(self, paragraph: Paragraph, moved: frozenset[Paragraph]) -> bool:
        """Give a paragraph another place: a free one, or that of others that can move."""
        pieces = next(_whole(paragraph, self._left, self._steps), None)
        if pieces is None:
            return self._move_others(paragraph, moved)
        self._keep(paragraph, pieces)
        return True


def _overlap(pieces: Pieces, others: Pieces) -> bool:
    return any(start < other_end and other < end for start, end in pieces for other, other_end in others)


def _whole(paragraph: Paragraph, printed: str, steps: Iterator[int]) -> Iterator[Pieces]:
    """Every place that holds a whole paragraph."""
    return (pieces for pieces, done in _places_of(paragraph, printed, steps) if done == len(paragraph.letters))


def _places_of(paragraph: Paragraph, printed: str, steps: Iterator[int]) -> Iterator[tuple[Pieces, int]]:
    """Every place that holds the beginning of a paragraph, and how many of its letters; first the unbroken ones."""
    letters = paragraph.letters
    for place in _places(letters, printed):
        yield ((place, place + len(letters)),), len(letters)
    # The end of a page, or a reference, may stand within the first letters.
    for head in (letters[:TAIL], letters[:2]):
        for place in _places(head, printed):
            yield from _follow(letters, printed, place, paragraph.breaks, steps)


def _follow(letters: str, printed: str, start: int, links: int, steps: Iterator[int]) -> Iterator[tuple[Pieces, int]]:
    """The pieces of a printed text that match the letters from `start` on, and how many of the letters match.

    A text that repeats its words may go on in several places: the likeliest come first, and only so many. Each piece
    costs one of `steps`; without any left, nothing is found.
    """
    # Where no way leads to the end: a place, how many letters were found before it, and how many links were left.
    dead: set[tuple[int, int, int]] = set()

    def ways(begin: int, done: int, links: int, before: Pieces) -> Iterator[tuple[Pieces, int]]:
        state, pieces = (begin, done, links), list(before)
        while True:
            if next(steps, None) is None:
                return
            equal = _equal_letters(letters[done:], printed, begin)
            pieces.append((begin, begin + equal))
            done += equal
            further = list(_beyond(letters[done:], printed, begin + equal, links)) if done < len(letters) else []
            if not further:
                if done < len(letters):
                    dead.add(state)
                yield tuple(pieces), done
                return
            if len(further) > 1 and len(pieces) < DEEPEST:
                break
            begin, links = further[0]
        is_whole = False
        for place, left in further:
            for way in ways(place, done, left, tuple(pieces)) if (place, done, left) not in dead else ():
                is_whole |= way[1] == len(letters)
                yield way
        if not is_whole:
            dead.add(state)

    return islice(ways(start, 0, links, ()), WAYS)


def _beyond(rest: str, printed: str, at: int, links: int) -> Iterator[tuple[int, int]]:
    """Where `rest` of a text may go on: after a reference, if `links` are left, or on a later page.

    Gives the places, the likeliest first, in `printed`, and how many links are left at each.
    """
    linked = printed.find(rest[:TAIL], at, at + REFERENCE + TAIL) if links else -1
    if linked >= 0 and _equal_letters(rest, printed, linked) == len(rest):
        yield linked, links - 1
    places = [linked] if linked >= 0 else []
    page_end = printed.find(PAGE_END, at, at + FOOT)
    # A text of left-hand pages goes on after the whole right-hand page between them.
    for _ in range(FLOWS):
        if page_end >= 0:
            places += _places(rest[:TAIL], printed[: page_end + FOOT], page_end)
            page_end = printed.find(PAGE_END, page_end + 1)
    # Where a text repeats its words, the right place is the one that the same words do not come before.
    last = printed[max(0, at - TAIL) : at]

    def fitness(place: int) -> tuple[bool, bool, int, bool]:
        """A few equal letters may stand in a wrong place; more of the text follows in the right one."""
        equal = _equal_letters(rest, printed, place)
        is_to_end = equal == len(rest) or printed.startswith(PAGE_END, place + equal)
        begins_page = printed.endswith(PAGE_END, 0, place)
        return is_to_end and begins_page, is_to_end, equal, not printed.endswith(last, 0, place)

    likely = sorted(dict.fromkeys(places), key=fitness, reverse=True)
    # Inside a page only the likeliest place counts: where words are repeated, the end of a page has many.
    likely = [place for rank, place in enumerate(likely) if not rank or printed.endswith(PAGE_END, 0, place)]
    yield from ((place, links - (place == linked)) for place in likely)


def _places(letters: str, printed: str, start: int = 0) -> Iterator[int]:
    """Every place of some letters, from `start` on."""
    place = printed.find(letters, start)
    while place >= 0:
        yield place
        place = printed.find(letters, place + 1)


def _equal_letters(rest: str, printed: str, place: int) -> int:
    """How many letters of `rest` stand in `printed` from a place on."""
    low, high = 0, 1
    # Whole stretches are compared at once, each twice as long as the last; then the last is halved.
    while high < len(rest) and printed.startswith(rest[low:high], place + low):
        low, high = high, 2 * high
    high = min(high, len(rest))
    while low < high:
        middle = (low + high + 1) // 2
        if printed.startswith(rest[low:middle], place + low):
            low = middle
        else:
            high = middle - 1
    return low


def _from(paragraph: str, letters: int) -> str:
    """The words of a paragraph without those that its first `letters` letters fill."""
    words = paragraph.split()
    for place, word in enumerate(words):
        letters -= len(letters_of(word))
        if letters < 0:
            return " ".join(words[place:])
    return paragraph

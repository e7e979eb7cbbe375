"""What differs on two pages that are one page before and after: words, and places that look different.

A page that only has another folio is the same. So is a page number in text (contents, index, "p. 42") that follows the
page that it names. One that stays as it was although its page moved is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from PIL import ImageChops, ImageDraw

from livret.control.comparison.matching import Pair, match
from livret.control.comparison.pages import Box, ComparedFile, ComparedPage, Word
from livret.control.comparison.references import StaleReference, may_name_moved, references, stale, written
from livret.control.word_runs import WordRun

# A pixel that differs by so much of 255 is another; less is the softening of edges that moved by a hair.
_DIFFERENT = 48
# Pixels are looked at in squares of this side; squares that touch are one place.
_CELL = 4
# So many places of a page are framed; of more, all are framed as one.
_MOST_PLACES = 12

Kind = Literal["changed", "added", "removed", "moved"]


@dataclass(frozen=True)
class PageChange:
    """A page that differs. `first` and `second` are its numbers before and after, from 1, and None where it is not.

    `runs` are the words, in which numbers of pages that only follow are the same. `places` are boxes in points on the
    page after (of one that is gone, before), and `places_before` those of words on the page before. `stale` are numbers
    of pages that did not follow: as they are printed, and the number now, None for a page that is gone.
    """

    kind: Kind
    first: int | None
    second: int | None
    folios: tuple[str, str]
    runs: tuple[WordRun, ...] = ()
    places_before: tuple[Box, ...] = ()
    places: tuple[Box, ...] = ()
    stale: tuple[tuple[str, str | None], ...] = ()
    part: str = ""

    @property
    def changed_words(self) -> int:
        """The number of words that were added, removed or replaced."""
        changed = (max(len(run.old.split()), len(run.new.split())) for run in self.runs if not run.is_same)
        return sum(changed) + len(self.stale)

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable, boxes in points from the lower left."""
        changed = [run for run in self.runs if not run.is_same]
        return {
            "kind": self.kind,
            "first": self.first,
            "second": self.second,
            "first_folio": self.folios[0] or None,
            "second_folio": self.folios[1] or None,
            "part": self.part or None,
            "removed": [run.old for run in changed if run.old],
            "added": [run.new for run in changed if run.new],
            "stale_page_numbers": [{"text": text, "now": now} for text, now in self.stale],
            "places_before": [[round(edge, 1) for edge in box] for box in self.places_before],
            "places": [[round(edge, 1) for edge in box] for box in self.places],
        }


@dataclass(frozen=True)
class BookChange:
    """The difference of two PDFs: how many pages each has, how many are the same, and those that differ."""

    first: str
    second: str
    pages: tuple[int, int]
    same: int
    changes: tuple[PageChange, ...] = field(default=())

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.changes)

    def by_part(self) -> dict[str, tuple[PageChange, ...]]:
        """The changes by the part of the book they are in (the entry of the outline), in the order of the book."""
        found: dict[str, tuple[PageChange, ...]] = {}
        for change in self.changes:
            found[change.part] = (*found.get(change.part, ()), change)
        return found

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        return {
            "first": self.first,
            "second": self.second,
            "pages": {"first": self.pages[0], "second": self.pages[1]},
            "same": self.same,
            "differs": self.differs,
            "changes": [change.as_dict() for change in self.changes],
        }


def changes(first: ComparedFile, second: ComparedFile) -> BookChange:
    """What differs between two files. Raises LivretError when a page cannot be read."""
    before = [first.page(number) for number in range(len(first))]
    after = [second.page(number) for number in range(len(second))]
    pairs = match(before, after)
    follows = _follows(pairs, before, after)
    parts = _parts(first, len(before)), _parts(second, len(after))
    found = []
    for pair in pairs:
        change = _change(first, second, pair, before, after, follows)
        if change:
            part = parts[1][pair.second] if pair.second is not None else parts[0][pair.first or 0]
            found.append(replace(change, part=part))
    both = sum(pair.first is not None and pair.second is not None for pair in pairs)
    differing = sum(change.first is not None and change.second is not None for change in found)
    return BookChange(str(first.path), str(second.path), (len(before), len(after)), both - differing, tuple(found))


def _follows(
    pairs: Sequence[Pair], before: Sequence[ComparedPage], after: Sequence[ComparedPage]
) -> Mapping[str, str | None]:
    """The label that each page has now, by its label before; None where it was taken out. Of two pages, none."""
    found: dict[str, str | None] = {}
    twice = {label for label, number in Counter(page.label for page in before).items() if number > 1}
    for pair in pairs:
        if pair.first is not None and before[pair.first].label not in twice:
            found[before[pair.first].label] = None if pair.second is None else after[pair.second].label
    return found


def _parts(file: ComparedFile, pages: int) -> list[str]:
    """For each page the entry of the outline it stands under; empty before the first."""
    outline = dict(file.outline())
    found, part = [], ""
    for number in range(pages):
        part = outline.get(number, part)
        found.append(part)
    return found


def _change(
    first: ComparedFile,
    second: ComparedFile,
    pair: Pair,
    before: Sequence[ComparedPage],
    after: Sequence[ComparedPage],
    follows: Mapping[str, str | None],
) -> PageChange | None:
    if pair.first is None and pair.second is not None:
        return PageChange("added", None, pair.second + 1, ("", after[pair.second].label))
    if pair.second is None and pair.first is not None:
        return PageChange("removed", pair.first + 1, None, (before[pair.first].label, ""))
    assert pair.first is not None
    assert pair.second is not None
    one, other = before[pair.first], after[pair.second]
    kind: Kind = "moved" if pair.is_moved and one.label != other.label else "changed"
    numbers = (pair.first + 1, pair.second + 1)
    if (
        one.keys == other.keys
        and one.look == other.look
        and not pair.is_moved
        and not may_name_moved(one.words, follows)
    ):
        return None
    words = _words(one, other, follows)
    left = tuple(found.word for found in words.stale)
    places_before = first.boxes(pair.first, words.gone)
    # Where words changed, the words are framed, and not all that moved with them.
    places = second.boxes(pair.second, (*words.come, *left))
    if not (places or places_before):
        hidden = (*first.boxes(pair.first, words.following[0]), *second.boxes(pair.second, words.following[1]))
        places = _places(one, other, hidden)
    if not (places or places_before or pair.is_moved):
        return None
    told = tuple((found.told, found.now) for found in words.stale)
    return PageChange(kind, *numbers, (one.label, other.label), words.runs, places_before, places, told)


@dataclass(frozen=True)
class _Worded:
    """The words of two pages in runs; those that went and that came; page numbers that follow, and that did not."""

    runs: tuple[WordRun, ...]
    gone: tuple[Word, ...]
    come: tuple[Word, ...]
    following: tuple[tuple[Word, ...], tuple[Word, ...]]
    stale: tuple[StaleReference, ...]


def _words(one: ComparedPage, other: ComparedPage, follows: Mapping[str, str | None]) -> _Worded:
    """How the words of a page changed. A number that names a page counts as the one that this page has now."""
    known = {**follows, one.label: other.label}
    named = references(one.words, known, one.label)
    plain = [written(word) for word in one.words]
    followed = [written(word, known) if at in named else plain[at] for at, word in enumerate(one.words)]
    after = [written(word) for word in other.words]
    # A number may be no page after all: the reading with fewer changes is the right one.
    matched = max(
        (SequenceMatcher(None, keys, after, autojunk=False) for keys in (plain, followed)), key=SequenceMatcher.ratio
    )
    runs: list[WordRun] = []
    gone: list[Word] = []
    come: list[Word] = []
    same: list[tuple[int, int]] = []
    for _, a, b, c, d in matched.get_opcodes():
        new = _joined(other.words[c:d])
        both = list(zip(range(a, b), range(c, d), strict=False))
        if b - a == d - c and all(after[to] in (plain[at], followed[at]) for at, to in both):
            same += both
            runs.append(WordRun(new, new))
            continue
        gone += one.words[a:b]
        come += other.words[c:d]
        runs.append(WordRun(_joined(one.words[a:b]), new))
    moved = [(at, to) for at, to in same if plain[at] != after[to]]
    following = tuple(one.words[at] for at, _ in moved), tuple(other.words[to] for _, to in moved)
    left = tuple(stale(same, (one.words, named), other.words, known))
    return _Worded(tuple(runs), tuple(gone), tuple(come), following, left)


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _places(one: ComparedPage, other: ComparedPage, hidden: Sequence[Box] = ()) -> tuple[Box, ...]:
    """Where two pages look different, in points on the second, outside of some boxes; all of it if sizes differ."""
    whole = (0.0, 0.0, other.width, other.height)
    if one.grey.size != other.grey.size:
        return (whole,)
    apart = ImageChops.difference(one.grey, other.grey).point(lambda value: 255 if value >= _DIFFERENT else 0)
    width, height = apart.size
    scale = other.height / height
    draw = ImageDraw.Draw(apart)
    for left, bottom, right, top in hidden:
        # Edges of letters are a little outside of their boxes.
        box = (
            left / scale - _CELL,
            height - top / scale - _CELL,
            right / scale + _CELL,
            height - bottom / scale + _CELL,
        )
        draw.rectangle(box, fill=0)
    if apart.getbbox() is None:
        return ()
    across, down = -(-width // _CELL), -(-height // _CELL)
    # A square is hit where any of its pixels is; the mean of the square is then over 0.
    cells = apart.resize((across, down), box=(0, 0, width, height), resample=4).point(lambda value: 255 * (value > 0))
    groups = _groups(cells.tobytes(), across, down)
    boxes = tuple(
        (x0 * _CELL * scale, other.height - y1 * _CELL * scale, x1 * _CELL * scale, other.height - y0 * _CELL * scale)
        for x0, y0, x1, y1 in groups
    )
    if len(boxes) <= _MOST_PLACES:
        return boxes
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return ((min(lefts), min(bottoms), max(rights), max(tops)),)


def _groups(cells: bytes, across: int, down: int) -> list[tuple[int, int, int, int]]:
    """Squares that touch, also at a corner or over a gap of one, as boxes in squares."""
    left = {at for at, value in enumerate(cells) if value}
    found = []
    while left:
        waiting = [left.pop()]
        x0 = y0 = max(across, down)
        x1 = y1 = 0
        while waiting:
            y, x = divmod(waiting.pop(), across)
            x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x + 1), max(y1, y + 1)
            near = {
                (y + dy) * across + x + dx
                for dy in (-2, -1, 0, 1, 2)
                for dx in (-2, -1, 0, 1, 2)
                if 0 <= x + dx < across
            } & left
            left -= near
            waiting += near
        found.append((x0, y0, x1, y1))
    return sorted(found, key=lambda box: (box[1], box[0]))

"""Checks what a screen reader reads from the tree: the text of elements, empty elements, the order of pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from livret.control.preflight.content_stream import Mark, Scan
from livret.control.preflight.parent_tree import Key, drawn
from livret.control.preflight.rules import Remarks
from livret.control.preflight.structure_tree import OwnedContent, StructureTree, Thing, TreeElement, kept_in_order
from livret.translation import say, say_number

# Cells may be empty. NonStruct and Private have no meaning of their own.
MAY_BE_EMPTY = frozenset({"TD", "TH", "NonStruct", "Private"})
MOST_PIECES = 1000
FEWEST_TORN = 2
LONGEST_SAMPLE = 40


class Reading:
    """The text of a file, read through its structure tree."""

    def __init__(self, tree: StructureTree, scans: Iterable[Scan]) -> None:
        self._marks: dict[Key, list[Mark]] = drawn(scans)
        self._filled: dict[int, bool] = {}
        for element in reversed(tree.elements):
            self._filled[element.key] = any(self._is_filled(kid) for kid in element.kids) or self._replaced(element)

    @staticmethod
    def _replaced(element: TreeElement) -> bool:
        return bool((element.string("/ActualText") or element.string("/Alt") or "").strip())

    def _is_filled(self, kid: TreeElement | OwnedContent | Thing) -> bool:
        if isinstance(kid, TreeElement):
            return self._filled.get(kid.key, True)
        if isinstance(kid, OwnedContent):
            # Content that is on no page has a rule of its own.
            return any(mark.painted for mark in self._marks.get((kid.holder, kid.mcid), ())) or (
                (kid.holder, kid.mcid) not in self._marks
            )
        return True

    def is_filled(self, element: TreeElement) -> bool:
        """Whether an element has any text or any picture."""
        return self._filled[element.key]

    def text(self, element: TreeElement) -> str:
        """The text of an element. A replacement or an alternative text counts in place of the content."""
        found: list[str] = []
        pending: list[TreeElement | OwnedContent | Thing] = [element]
        for _ in range(MOST_PIECES):
            if not pending:
                break
            one = pending.pop()
            if isinstance(one, OwnedContent):
                found += [mark.text for mark in self._marks.get((one.holder, one.mcid), ())[:1]]
            elif isinstance(one, TreeElement):
                spoken = next((said for key in ("/ActualText", "/Alt") if (said := one.string(key)) is not None), None)
                if spoken is None:
                    pending += reversed(one.kids)
                else:
                    found.append(spoken)
        return "".join(found)


def check_reading(remarks: Remarks, tree: StructureTree, reading: Reading) -> None:
    """Check that no element is empty, paragraphs are whole, and pages go forward within a part."""
    for element in tree.elements:
        if element.kind in MAY_BE_EMPTY or reading.is_filled(element):
            continue
        if element.parent is None or reading.is_filled(element.parent) or element.parent.kind in MAY_BE_EMPTY:
            remarks.add("empty-tag", say("{place} is empty", place=element.place))
    for parent in tree.elements:
        torn = [
            first
            for first, second in pairwise(parent.elements)
            if first.kind == second.kind == "P" and _goes_on(reading.text(first), reading.text(second))
        ]
        # A single break may be meant, as between the lines of an address.
        if len(torn) >= FEWEST_TORN:
            told = " ".join(reading.text(torn[0]).split())[-LONGEST_SAMPLE:]
            remarks.add(
                "torn-paragraph",
                say_number(
                    '{place}: {number} paragraph goes on in the next, "{told}"',
                    '{place}: {number} paragraphs go on in the next, first "{told}"',
                    place=torn[0].place,
                    number=len(torn),
                    told=told,
                ),
            )
    for part in _parts(tree):
        page = -1
        for kid in kept_in_order(part):
            if kid.page is None:
                continue
            if kid.page < page:
                remarks.add(
                    "reading-order",
                    say(
                        "{place} goes back from page {page} to page {other}",
                        place=part.place,
                        page=page + 1,
                        other=kid.page + 1,
                    ),
                )
                break
            page = kid.page


def _goes_on(text: str, following: str) -> bool:
    """Whether a text stops inside a sentence that the following text continues."""
    end, start = text.rstrip()[-1:], following[:1]
    return (end.isalpha() or end in {",", "-", "\u2010", "\u00ad"}) and (start.islower() or start in {" ", "\u00a0"})


def _parts(tree: StructureTree) -> list[TreeElement]:
    """The elements that divide the file: those below the one or few elements that hold everything."""
    level = tree.top
    while len(level) == 1 and level[0].elements and level[0].kind in {"Document", "Part", "Div", "NonStruct"}:
        level = list(level[0].elements)
    return level

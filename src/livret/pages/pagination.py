"""The pages of a book in order: which part stands on which, and how they are counted.

All functions are pure. `paginate` puts the pages of parts in order. It adds the blank pages that their sides need, and
the filler pages that the printer's multiple needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from livret.content.language_tags import main_subtag
from livret.content.schema.field_types import Filler
from livret.pages.flatplan import NOTES, PageFlow, Part, Side


@dataclass(frozen=True)
class Sheet:
    """One page of the book: the page of a part, or a blank one (part is None).

    A filler page is there only because the printer asks for a multiple of pages. `below` are the cards that stand on
    the same page below the part.
    """

    index: int
    part: Part | None
    page: int
    is_filler: bool = False
    below: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts on the page, from its head to its foot."""
        return (self.part, *self.below) if self.part else ()

    @property
    def side(self) -> Side:
        """The side of the page. The first page of a book is a recto."""
        return "verso" if self.index % 2 else "recto"

    @property
    def folio(self) -> int:
        """The printed number: the cover counts as page 1, so that folios are even on versos."""
        return self.index + 1

    def with_state(self, part: Part) -> Sheet:
        """The same page, with this state of a part if it is on it."""
        if self.part and self.part.anchor == part.anchor:
            return replace(self, part=part)
        if not self.below:
            return self
        return replace(self, below=tuple(part if one.anchor == part.anchor else one for one in self.below))


@dataclass(frozen=True)
class Sharing:
    """How many cards share a page, and how far one begins below another, in points.

    `room` is where each is drawn before it is moved down: the distances of the foot of its text, and of the space above
    it, from the foot of the page. Cards whose anchors are `alone` need more room, and have pages of their own.
    """

    cards: int = 1
    step: float = 0
    room: tuple[float, float] = (0, 0)
    alone: Collection[str] = frozenset()

    def may(self, part: Part) -> bool:
        """Whether a part shares its page."""
        return self.cards > 1 and part.kind == "card" and not part.is_double and part.anchor not in self.alone


NOT_SHARED = Sharing()


@dataclass(frozen=True)
class Extents:
    """What is known of the pages of each part, by anchor: their sides, and the cards that must not share a page.

    `flows` are those of the pages of parts in two languages.
    """

    sides: Mapping[str, tuple[Side, ...]]
    alone: frozenset[str] = frozenset()
    flows: Mapping[str, tuple[PageFlow, ...]] = field(default_factory=dict)

    def learnt(self, found: Extents, pagination: Pagination, card_sides: tuple[Side, ...]) -> Extents:
        """What is known after parts were typeset for a pagination. A card that was too long to share will stand alone.

        Alone it takes `card_sides`, until it is typeset again.
        """
        too_long = {anchor for anchor in pagination.downs if len(found.sides.get(anchor, ())) > 1}
        sides = {**self.sides, **found.sides, **dict.fromkeys(too_long, card_sides)}
        return Extents(sides, self.alone | too_long, {**self.flows, **found.flows})


@dataclass(frozen=True)
class Pagination:
    """The pages of the book in order. `downs` says of each card that shares its page how far below it stands.

    `flows` are those of the pages of parts in two languages, as far as they are known.
    """

    sheets: tuple[Sheet, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    downs: Mapping[str, float] = field(default_factory=dict)
    sharing: Sharing = NOT_SHARED
    flows: Mapping[str, tuple[PageFlow, ...]] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part, notes pages too, in the order of their first pages."""
        return tuple(part for sheet in self.sheets if not sheet.page for part in sheet.parts)

    @cached_property
    def second_starts(self) -> Mapping[str, int]:
        """By anchor, the index of the first page in the second language, of each part that has one."""
        found: dict[str, int] = {}
        for sheet in self.sheets:
            if sheet.part and self.flow(sheet)[1]:
                found.setdefault(sheet.part.anchor, sheet.index)
        return found

    @cached_property
    def in_second_language(self) -> Pagination:
        """The same pages as the second language has them: each part in it, and where its pages in it start."""
        second = (replace(sheet, part=sheet.part and (sheet.part.second or sheet.part)) for sheet in self.sheets)
        return replace(self, sheets=tuple(second), starts={**self.starts, **self.second_starts})

    def with_state(self, part: Part) -> Pagination:
        """The same pages, with this state of a part."""
        return replace(self, sheets=tuple(sheet.with_state(part) for sheet in self.sheets))

    def flow(self, sheet: Sheet) -> PageFlow:
        """The flow that a page of a part in two languages belongs to."""
        flows = self.flows.get(sheet.part.anchor, ()) if sheet.part else ()
        return flows[sheet.page] if sheet.page < len(flows) else (0, False)

    def goes_on(self, sheet: Sheet) -> bool:
        """Whether the flow of a page of a part in two languages has had a page before."""
        assert sheet.part is not None
        return self.flow(sheet) in self.flows.get(sheet.part.anchor, ())[: sheet.page]

    @property
    def fillers(self) -> tuple[Sheet, ...]:
        """The filler pages, which are all of one kind."""
        return tuple(sheet for sheet in self.sheets if sheet.is_filler)

    def folio(self, anchor: str) -> int | None:
        """The folio of the first page of a part; None when the part is not in the book."""
        start = self.starts.get(anchor)
        return None if start is None else start + 1

    def folios(self, anchor: str) -> range:
        """All folios of a part, also those of blank pages inside it."""
        return range(self.starts[anchor] + 1, self.ends[anchor] + 2)

    def side(self, anchor: str) -> Side:
        """The side a part starts on."""
        return self.sheets[self.starts[anchor]].side


def second_anchor(anchor: str, language: str) -> str:
    """The name in links of the pages of a part in the second language. No card is called so: a name has no dot."""
    return f"{anchor}.{main_subtag(language)}"


def paginate(
    parts: Sequence[Part],
    sides: Mapping[str, Sequence[Side]],
    multiple: int = 1,
    filler: Filler = "notes",
    sharing: Sharing = NOT_SHARED,
    flows: Mapping[str, tuple[PageFlow, ...]] | None = None,
) -> Pagination:
    """Put the pages of all parts in order.

    `sides` gives, by anchor, the side that each page of a part must stand on; `any` for both. The first page of a part
    must also stand on the part's starting side. If the next page of the book has the wrong side, a blank page comes
    first.

    Filler pages make the number of pages a multiple of `multiple`; 1 asks for none. They stand before the back cover,
    or at the end if there is none. They are parts of one page, `notes-1`, `notes-2` ..., or blank pages. A blank page
    before the back cover counts as a filler page too.

    Cards that share pages, as `sharing` says, follow each other on a page. A card of more than one page does not.
    `flows` are those of the pages of parts in two languages.
    """
    last = 1 if parts and parts[-1].kind == "back-cover" else 0
    inside, back = parts[: len(parts) - last], parts[len(parts) - last :]
    before = _laid([], inside, sides, sharing)
    sheets = _filled(before, back, sides, multiple, filler) if multiple > 1 else _laid(before, back, sides)
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    downs: dict[str, float] = {}
    for sheet in sheets:
        for place, part in enumerate(sheet.parts):
            starts.setdefault(part.anchor, sheet.index)
            ends[part.anchor] = sheet.index
            if sharing.may(part):
                downs[part.anchor] = place * sharing.step
    return Pagination(tuple(sheets), starts, ends, downs, sharing, flows or {})


def _laid(
    before: Sequence[Sheet],
    parts: Sequence[Part],
    sides: Mapping[str, Sequence[Side]],
    sharing: Sharing = NOT_SHARED,
) -> list[Sheet]:
    """The pages `before`, then those of the parts, with the blank pages that their sides need."""
    sheets = list(before)
    # How many more cards the last page can take.
    room = 0
    for part in parts:
        shares = sharing.may(part) and len(sides[part.anchor]) == 1
        if shares and room:
            sheets[-1] = replace(sheets[-1], below=(*sheets[-1].below, part))
            room -= 1
            continue
        room = sharing.cards - 1 if shares else 0
        for number, wanted in enumerate(sides[part.anchor]):
            demanded = part.side if number == 0 and part.side != "any" else wanted
            if demanded != "any" and Sheet(len(sheets), None, 0).side != demanded:
                sheets.append(Sheet(len(sheets), None, 0))
            sheets.append(Sheet(len(sheets), part, number))
    return sheets


def _filled(
    inside: Sequence[Sheet], back: Sequence[Part], sides: Mapping[str, Sequence[Side]], multiple: int, filler: Filler
) -> list[Sheet]:
    """The inside pages, the back cover, and between them the fewest filler pages that make a multiple of the whole."""
    start = len(inside)
    # Twice the multiple is an even number of pages: after that many filler pages the same cases come again.
    for count in range(2 * multiple):
        parts = [Part(NOTES, str(number + 1), "any") if filler == NOTES else None for number in range(count)]
        fillers = [Sheet(start + number, part, 0, is_filler=True) for number, part in enumerate(parts)]
        sheets = _laid([*inside, *fillers], back, sides)
        leads = not back or sheets[start + count].part is back[0]
        if leads and len(sheets) % multiple == 0:
            return sheets
    # With a back cover of several pages there may be no fitting number. Then the missing pages follow it.
    sheets = _laid(inside, back, sides)
    lacking = -len(sheets) % multiple
    return [*sheets, *(Sheet(len(sheets) + number, None, 0, is_filler=True) for number in range(lacking))]

"""The plan of a book: all that binding needs to know, made from typeset parts.

This module imports nothing that is slow to load.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from livret.content.schema.field_types import Binding
from livret.measure import Rect
from livret.pages.compose.navigation import SECTIONS, Navigation
from livret.pages.flatplan import Part, Side
from livret.pages.galley import Fragment
from livret.pages.pagination import Pagination, second_anchor
from livret.pages.structure_tree import Element, as_contents, headed, unpacked


@dataclass(frozen=True)
class PartStructure:
    """The structure of one part of the book.

    `tag` is the element around the part. `language` is None when the part is in the language of the book. `packed` is
    the structure as typesetting gave it. `level` is the level of its first heading in the book. `pages` holds the
    surface in the book of each page of the fragment: the index of a page, or for a card below others its index in
    `BookPlan.shared`, counted after all pages.
    """

    anchor: str
    tag: str
    language: str | None
    packed: bytes
    level: int
    is_contents: bool
    pages: tuple[int, ...]

    def elements(self) -> tuple[Element, ...]:
        """Return the elements with their heading levels in the book.

        They are made again at each call, because the elements of a whole book would take too much memory.
        """
        elements = unpacked(self.packed)
        return headed(as_contents(elements) if self.is_contents else elements, self.level)


@dataclass(frozen=True)
class BoundPage:
    """A page of the book: its fragment, the page number in it, its part and its page label.

    `fragment` and `anchor` are None for a blank page.
    """

    fragment: Path | None
    page: int
    anchor: str | None
    label: str


@dataclass(frozen=True)
class SharedCard:
    """A card below others on a page: the index of the page, its fragment, its part, and how far below it stands.

    Its room reaches on the page of the fragment from `bottom` to `top`. All lengths are in points.
    """

    page: int
    fragment: Path
    anchor: str
    down: float
    bottom: float
    top: float


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline: its title, the anchor it leads to, and the lines below it."""

    title: str
    anchor: str
    children: tuple[OutlineEntry, ...] = ()
    # What a screen reader says for a link to it, when the title alone is not clear.
    description: str = ""


@dataclass(frozen=True)
class Metadata:
    """The metadata of the file. `date` is in UTC."""

    title: str
    author: str | None
    subject: str | None
    language: str
    date: datetime


@dataclass(frozen=True)
class BookPlan:
    """Everything binding needs.

    `starts` maps the anchor of each part to the index of its first page. In two languages the pages of a part in the
    second have an anchor of their own, and `second_titles` has what a link to them says. `trim` is in points.
    `sources` are attached files, as (name, content). Only an archive may have attached files.
    """

    pages: tuple[BoundPage, ...]
    structure: tuple[PartStructure, ...]
    starts: Mapping[str, int]
    outline: tuple[OutlineEntry, ...]
    metadata: Metadata
    trim: Rect
    # One furniture page for each page of the book, in order, in files of FURNITURE_PAGES pages.
    furniture: tuple[Path, ...]
    # The pages, by index, whose furniture must not overprint: black over what is below would pass the ink limit.
    knocked_out: frozenset[int] = frozenset()
    # A book begins with a single recto. The proof of a card is a spread.
    first: Side = "recto"
    # The side it is bound on.
    binding: Binding = "left"
    # The ICC file that defines the CMYK colours. When it is given, the book is an archive.
    cmyk_profile: Path | None = None
    sources: tuple[tuple[str, bytes], ...] = ()
    # The cards that stand below others on their pages, in the order of the book.
    shared: tuple[SharedCard, ...] = ()
    second_titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_archive(self) -> bool:
        """Whether the screen edition is written as PDF/A-3."""
        return self.cmyk_profile is not None

    def anchor(self, surface: int) -> str | None:
        """Return the anchor of the part on a surface: a page, or a card below others."""
        count = len(self.pages)
        return self.pages[surface].anchor if surface < count else self.shared[surface - count].anchor

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What a screen reader says for a link to each part, by anchor. A card has its pilot and its title."""
        lines = [line for entry in self.outline for line in (entry, *entry.children)]
        return {line.anchor: line.description or line.title for line in lines} | dict(self.second_titles)


@dataclass(frozen=True)
class Setting:
    """An edition with all its parts typeset and its pages in order."""

    parts: tuple[Part, ...]
    pagination: Pagination
    fragments: Mapping[str, Fragment]
    furniture: tuple[Fragment, ...]
    # How many galleys were typeset in this run, and how many fragments were reused.
    typeset: int = 0
    reused: int = 0

    def fragment(self, index: int) -> Fragment | None:
        """Return the fragment that a page of the book comes from, or None for a blank page."""
        part = self.pagination.sheets[index].part
        return self.fragments[part.anchor] if part else None

    def on_page(self, index: int) -> tuple[Fragment, ...]:
        """Return the fragments of all parts that stand on a page."""
        return tuple(self.fragments[part.anchor] for part in self.pagination.sheets[index].parts)


def book_plan(navigation: Navigation, setting: Setting, date: datetime, second: Navigation | None = None) -> BookPlan:
    """Return the plan of a typeset edition: every page with its label, the structure, the outline and the metadata.

    `date` is the date in the metadata, in UTC. `second` has the titles in the second language, where there is one.
    """
    edition = navigation.edition
    pages = []
    for sheet, label in zip(setting.pagination.sheets, labels(setting.pagination), strict=True):
        fragment = setting.fragment(sheet.index)
        anchor = sheet.part.anchor if sheet.part else None
        pages.append(BoundPage(fragment.path if fragment else None, sheet.page, anchor, label))
    facts = setting.fragments[setting.parts[0].anchor].facts
    author = edition.publisher.name if edition.publisher else None
    return BookPlan(
        pages=tuple(pages),
        structure=tuple(_structure(setting)),
        shared=tuple(_shared(setting)),
        starts={**setting.pagination.starts, **(_second_starts(second, setting) if second else {})},
        second_titles=dict(_second_titles(second, setting)) if second else {},
        outline=outline(navigation, setting.parts),
        metadata=Metadata(edition.title, author, edition.subtitle, edition.language, date),
        trim=Rect(0, 0, facts.width, facts.height),
        furniture=tuple(fragment.path for fragment in setting.furniture),
        first="verso" if facts.sides[0] == "verso" else "recto",
        binding=edition.binding,
    )


def _second_starts(second: Navigation, setting: Setting) -> dict[str, int]:
    """Return the index of the first page in the second language, by the anchor of these pages."""
    starts = setting.pagination.second_starts
    return {second_anchor(anchor, second.edition.language): index for anchor, index in starts.items()}


def _second_titles(second: Navigation, setting: Setting) -> Iterator[tuple[str, str]]:
    """Yield what a link to the pages of a part in the second language says, by the anchor of these pages."""
    for part in setting.parts:
        if part.second and part.anchor in setting.pagination.second_starts:
            yield second_anchor(part.anchor, second.edition.language), second.description(part.second)


def _shared(setting: Setting) -> Iterator[SharedCard]:
    """Yield the cards that stand below others."""
    bottom, top = setting.pagination.sharing.room
    for sheet in setting.pagination.sheets:
        for part in sheet.below:
            down = setting.pagination.downs[part.anchor]
            yield SharedCard(sheet.index, setting.fragments[part.anchor].path, part.anchor, down, bottom, top)


def _structure(setting: Setting) -> Iterator[PartStructure]:
    """Yield the structure of each part.

    Only the title of the book has a heading of level 1. A card is one level below its section.
    """
    opened = {part.id for part in setting.parts if part.kind == "opener"}
    pages: dict[str, list[int]] = {part.anchor: [] for part in setting.parts}
    surfaces = itertools.count(len(setting.pagination.sheets))
    for sheet in setting.pagination.sheets:
        if sheet.part:
            pages[sheet.part.anchor].append(sheet.index)
        for part in sheet.below:
            pages[part.anchor].append(next(surfaces))
    for part in setting.parts:
        yield PartStructure(
            anchor=part.anchor,
            tag="Art" if part.kind == "card" else "Sect",
            language=getattr(part.subject, "language", None),
            packed=setting.fragments[part.anchor].facts.structure,
            level=1 if part is setting.parts[0] else 3 if SECTIONS.get(part.kind) in opened else 2,
            is_contents=part.kind == "contents",
            pages=tuple(pages[part.anchor]),
        )


def outline(navigation: Navigation, parts: Sequence[Part]) -> tuple[OutlineEntry, ...]:
    """Return the outline, in the order of the parts.

    Cards that follow each other go below a line for their section. So do partners.
    """
    entries: list[OutlineEntry] = []
    group: list[OutlineEntry] = []
    opener: str | None = None
    for index, part in enumerate(parts):
        if part.kind == "opener":
            opener = part.anchor
            continue
        if part.is_filler:
            continue
        entry = OutlineEntry(navigation.title(part), part.anchor, description=navigation.description(part))
        section = navigation.section_title(part.kind)
        if section is None:
            entries.append(entry)
            continue
        group.append(entry)
        if index + 1 == len(parts) or parts[index + 1].kind != part.kind:
            entries.append(OutlineEntry(section, opener or group[0].anchor, tuple(group)))
            group, opener = [], None
    return tuple(entries)


def labels(pagination: Pagination) -> list[str]:
    """Return the page labels: the folio, or C1 and C4 (printers' names) for the outer sides of the cover."""
    covers = {"cover": "C1", "back-cover": "C4"}
    return [covers.get(sheet.part.kind if sheet.part else "", str(sheet.folio)) for sheet in pagination.sheets]

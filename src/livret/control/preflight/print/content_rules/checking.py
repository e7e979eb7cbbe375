"""Runs all content rules over the pages of a file, one walk for each page."""

from __future__ import annotations

from collections.abc import Iterator

from livret.control.preflight.pdf_objects import Page, Pdf
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.page_items import PageItem, PageItems
from livret.control.preflight.print.content.reading import page_items
from livret.control.preflight.print.content.resources import Shared
from livret.control.preflight.print.content.sight import Sight
from livret.control.preflight.print.content_rules.colour_rules import (
    check_colours,
    check_device_colours,
    check_groups,
    spaces_of,
)
from livret.control.preflight.print.content_rules.edge_rules import (
    check_bleed,
    check_fold,
    check_margin,
    near_edges,
)
from livret.control.preflight.print.content_rules.image_rules import check_picture, is_rasterized
from livret.control.preflight.print.content_rules.line_rules import check_path, check_stencil
from livret.control.preflight.print.content_rules.spots import SpotColours
from livret.control.preflight.print.content_rules.text_rules import check_text
from livret.control.preflight.print.content_rules.told import PageBreaches
from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.output_intent import intent_space
from livret.translation import say

MOST_PROBLEMS = 5


class ContentCheck:
    """The content rules for one file. Pages are given in order, then `end`.

    Breaches of rules that a profile does not check are given too; who asks leaves them out.
    """

    def __init__(self, pdf: Pdf, limits: PrintLimits) -> None:
        self._limits = limits
        self._shared = Shared(pdf.root)
        self._spots = SpotColours()
        self._intent = intent_space(pdf)
        self._before: tuple[PageItems, Sight] | Page | None = None
        # The pages with spot colours, which are counted in the whole file.
        self.spotted: set[int] = set()

    def page(self, page: Page) -> Iterator[Breach]:
        """What is wrong with the content of one page."""
        found, sight = self._read(page)
        yield from self.check(found, sight)
        self._before = (found, sight) if self._limits.facing_pages else None

    def pass_over(self, page: Page) -> None:
        """Leave out a page that is known to be right. It is read if the page that faces it is checked."""
        self._before = page if self._limits.facing_pages else None

    def forget(self) -> None:
        """Let go of what was read of the file."""
        self._shared.forget()

    def _read(self, page: Page) -> tuple[PageItems, Sight]:
        found = page_items(page, self._shared)
        return found, Sight(found)

    def check(self, page: PageItems, sight: Sight) -> Iterator[Breach]:
        """What is wrong with what a page paints."""
        told = PageBreaches(page.number, page.surface)
        for problem in [*page.problems][:MOST_PROBLEMS]:
            told.add("unread-content", say("the content of the page is broken: {problem}", problem=problem), None)
        rasterized = self._limits.page_image_wanted is not None and is_rasterized(page, sight)
        for item in page.items:
            self._item(told, item, sight, rasterized=rasterized)
        if not _has_ink(page, sight):
            told.add("empty-page", say("nothing is printed on the page"), None)
        check_groups(told, page)
        near = near_edges(page, self._limits)
        check_bleed(told, page, near, sight, self._limits)
        check_margin(told, page, near, sight, self._limits)
        if self._before is not None and page.number % 2:
            verso, verso_sight = self._read(self._before) if isinstance(self._before, Page) else self._before
            check_fold(told, verso, page, (verso_sight, sight), self._limits)
        yield from told.breaches()

    def _item(self, told: PageBreaches, item: PageItem, sight: Sight, *, rasterized: bool) -> None:
        if item.kind == "text":
            check_text(told, item, sight, self._limits)
        elif item.kind == "path":
            check_path(told, item, sight, self._limits)
        elif item.kind == "image":
            check_picture(told, item, sight, self._limits, rasterized=rasterized)
            check_stencil(told, item, sight)
        spaces = spaces_of(item)
        check_colours(told, item, sight, spaces)
        check_device_colours(told, item, sight, spaces, self._intent)
        for space in spaces:
            if space.counted.names and space.counted.spots and sight.painted(item):
                self._spots.add(space, told.page, item.box)
                self.spotted.add(told.page)

    def end(self) -> Iterator[Breach]:
        """What is wrong with the content of the file as a whole."""
        yield from self._spots.breaches(self._limits)


def _has_ink(page: PageItems, sight: Sight) -> bool:
    """Whether a page prints anything. Pictures are looked into only when nothing else does."""
    pictures = []
    for item in page.items:
        if item.prints and sight.seen(item):
            if item.picture is None:
                return True
            pictures.append(item.picture)
    return any(not picture.blank for picture in pictures)

"""Opens the pages of a file for the content rules: their boxes, and what they paint."""

from __future__ import annotations

from livret.control.preflight.pdf_objects import Page, entry, listed, numbers, raw
from livret.control.preflight.print.content.geometry import Box, common, is_empty, ordered
from livret.control.preflight.print.content.interpreter import run_page
from livret.control.preflight.print.content.page_items import PageItems
from livret.control.preflight.print.content.resources import Shared


def page_items(page: Page, shared: Shared) -> PageItems:
    """What a page paints. `shared` is kept from page to page of one file."""
    media = ordered(page.media) or (0.0, 0.0, 612.0, 792.0)
    trim = _box(page, "/TrimBox") or _box(page, "/ArtBox") or media
    bleed = _box(page, "/BleedBox") or trim
    found = PageItems(page.index + 1, media, _within(trim, media), _within(bleed, media))
    run_page(found, shared, listed(raw(page.reference, "/Contents")), page.resources, entry(page.reference, "/Group"))
    return found


def _box(page: Page, key: str) -> Box | None:
    return ordered(numbers(raw(page.reference, key)))


def _within(box: Box, media: Box) -> Box:
    """A box cut to the medium; the medium where it lies outside."""
    cut = common(box, media)
    return media if is_empty(cut) else cut

"""The pages of a part in two languages as one galley: first all in the one, then all in the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from livret.content.language.markdown import REFERENCE_SCHEME
from livret.pages.compose.formatting import direction
from livret.pages.compose.kept import Composition
from livret.pages.compose.navigation import FurnitureSheet, Navigation
from livret.pages.flatplan import Edition, Part
from livret.pages.galley import Stylesheet
from livret.pages.layout_file import LayoutFile
from livret.pages.pagination import Pagination, second_anchor

HALVES = Stylesheet("second language", "body { margin: 0 } .half-second { break-before: page }", None)

_BODY = re.compile(r"(<body\b[^>]*?)( class=\"[^\"]*\")?([^>]*>)(.*)(</body>)", re.DOTALL)
_LINK = re.compile(rf'(\bhref="{REFERENCE_SCHEME}:)([^"]+)"')
_ROOT_DIRECTION = re.compile(r"(<html\b[^>]*?) dir=\"rtl\"")


def in_two_languages(
    pages: tuple[Composition, Composition], languages: tuple[str, str], layout: LayoutFile
) -> Composition:
    """Two compositions as the first one, with the bodies of both inside.

    Each half is an element with its language and direction, of the classes `half-first` or `half-second` and the order
    that the layout has them in; in it an element has the classes of the body, so that style sheets find all as on a
    page of one language. The book itself runs from the left, whatever the direction of its first language.
    """
    first, second = (_BODY.search(page.html) for page in pages)
    if first is None or second is None:
        return pages[0]
    halves = (
        f'<div class="half-{name} {layout.second_language}" lang="{language}" dir="{direction(language)}">'
        f"<div{body[2] or ''}>{body[4]}</div></div>"
        for name, language, body in zip(("first", "second"), languages, (first, second), strict=True)
    )
    whole = pages[0].html
    whole = whole[: first.start()] + "\n".join((first[1] + first[3], *halves, first[5])) + whole[first.end() :]
    # The step that holds more.
    fit = max((page.likely_fit for page in pages), key=("", *layout.fit).index)
    folios = {**pages[0].folios, **pages[1].folios}
    return Composition(_ROOT_DIRECTION.sub(r'\1 dir="ltr"', whole, count=1), fit, folios)


def to_second_pages(page: Composition, starts: Mapping[str, int], language: str) -> Composition:
    """A composition in the second language whose links lead to the pages in that language, where parts have some."""

    def led(match: re.Match[str]) -> str:
        return f'{match[1]}{second_anchor(match[2], language)}"' if match[2] in starts else match[0]

    return replace(page, html=_LINK.sub(led, page.html))


def second_view(edition: Edition, labels: Mapping[str, str]) -> Mapping[str, Any]:
    """What pages that stand once print in the second language too."""
    view = {name: getattr(edition, name) for name in ("title", "subtitle", "place", "date", "publisher", "language")}
    return view | {"direction": direction(edition.language), "labels": labels}


def furniture_sheets(
    both: tuple[Navigation, Navigation | None], pagination: Pagination, layout: LayoutFile, part: Part | None = None
) -> list[FurnitureSheet]:
    """What is printed over the pages, or over those of one part; in two languages each has that of its own."""
    first, second = both
    following = (*pagination.sheets[1:], None)
    others = pagination.in_second_language.sheets if second else pagination.sheets
    faces = layout.second_language == "facing" and layout.card.pages == 2
    found = []
    for sheet, after, other in zip(pagination.sheets, following, others, strict=True):
        if part and part not in sheet.parts:
            continue
        if not (second and sheet.part and sheet.part.is_double):
            found.append(first.furniture(sheet, after))
            continue
        flow, is_second = pagination.flow(sheet)
        # Where pages face each other, those of the organisation are on both sides.
        is_pilot = not flow if faces and sheet.part.kind == "card" else None
        shown = second.furniture(other, None, is_pilot) if is_second else first.furniture(sheet, after, is_pilot)
        found.append(replace(shown, goes_on=pagination.goes_on(sheet)))
    return found

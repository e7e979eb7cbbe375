"""The pages of a part in two languages as one galley: first all in the one, then all in the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from livret.pages.compose.formatting import direction
from livret.pages.compose.kept import Composition
from livret.pages.compose.navigation import FurnitureSheet, Navigation
from livret.pages.flatplan import Edition
from livret.pages.galley import Stylesheet
from livret.pages.layout_file import LayoutFile
from livret.pages.pagination import Pagination

HALVES = Stylesheet("second language", "body { margin: 0 } .half-second { break-before: page }", None)

_BODY = re.compile(r"(<body\b[^>]*?)( class=\"[^\"]*\")?([^>]*>)(.*)(</body>)", re.DOTALL)
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


def second_view(edition: Edition, labels: Mapping[str, str]) -> Mapping[str, Any]:
    """What pages that stand once print in the second language too."""
    view = {name: getattr(edition, name) for name in ("title", "subtitle", "place", "date", "publisher", "language")}
    return view | {"direction": direction(edition.language), "labels": labels}


def furniture_in_both(
    sheets: Sequence[FurnitureSheet], pagination: Pagination, second: Navigation, layout: LayoutFile
) -> list[FurnitureSheet]:
    """The furniture with that of the second language over its pages: those on the right, or the second half."""
    found = []
    for sheet, shown, other in zip(pagination.sheets, sheets, pagination.in_second_language.sheets, strict=True):
        is_second = False
        if sheet.part and sheet.part.is_double:
            count = len(pagination.folios(sheet.part.anchor))
            faces = layout.second_language == "facing" and sheet.part.kind == "card" and layout.card.pages == 2
            is_second = sheet.side == "recto" if faces else sheet.page >= count / 2
        found.append(second.furniture(other) if is_second else shown)
    return found

"""The completeness gate: every card that was selected is composed, bound, and found again in the text of the PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livret.content.language.markdown import plain_text
from livret.findings import Finding, Location, error

if TYPE_CHECKING:
    import pypdfium2

# Of the words of a card that was lost, its pages have few by chance.
SHARE = 0.5

_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Expected:
    """A card that must be in the book: its anchor, what its pages print (Markdown), their indexes in the book."""

    anchor: str
    words: str
    source: Location
    pages: tuple[int, ...]


def unbound(selected: Mapping[str, Location], bound: Collection[str]) -> list[Finding]:
    """An error for each selected card, its source by its anchor, that is not among the anchors bound."""
    return [
        error("missing-card", f"{anchor} was selected and has no page in the book", source)
        for anchor, source in selected.items()
        if anchor not in bound
    ]


def unfound(pdf: Path, expected: Sequence[Expected]) -> list[Finding]:
    """An error for each card of whose words less than half are in the text of its pages.

    A word is found when its letters and digits are, whatever hyphens and line ends stand between them. All of them
    cannot be asked for: layouts may shorten. The heading alone would not do: running heads print it too.
    """
    # Loaded only where there is a new file to look at.
    import pypdfium2

    findings = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for card in expected:
            words = {letters for word in plain_text(card.words).split() if (letters := _letters(word))}
            printed, found = "", 0
            # Mostly the first page says enough.
            for page in card.pages:
                if found < len(words) * SHARE and page < len(document):
                    printed += _letters(_text(document, page))
                    found = sum(word in printed for word in words)
            if found < len(words) * SHARE:
                told = f"{card.anchor}: {found} of {len(words)} words are in the text of its pages"
                hint = "does the layout's card.html print the heading and what the organisation is?"
                findings.append(error("missing-card", told, card.source, hint))
    finally:
        document.close()
    return findings


def _text(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    lines = page.get_textpage()
    try:
        return str(lines.get_text_range())
    finally:
        lines.close()
        page.close()


def _letters(text: str) -> str:
    """Hyphens, quotation marks and case change with the line: what is left is compared."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKD", text).casefold())

"""What is printed of references to other parts, and of the numbers of lists, in HTML that Markdown gave."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import escape

from livret.content.language.markdown import REFERENCE_SCHEME
from livret.pages.compose.navigation import Folio

# A numbered list that does not begin at 1.
_NUMBERED = re.compile(r'<ol start="(\d+)"([^>]*)>')
# A reference in the HTML that `content/language/markdown` writes: its anchor and its words.
REFERENCE = re.compile(rf'<a class="reference" href="{REFERENCE_SCHEME}:([^"]+)">(.*?)</a>', re.DOTALL)


def with_folios(folio: Folio, labels: Mapping[str, str], html: str) -> str:
    """Print the folio after each reference. A reference to a part outside this edition becomes plain text."""

    def printed(match: re.Match[str]) -> str:
        anchor, text = match[1], match[2]
        number = folio(anchor)
        if not number:
            return text
        page = escape(labels["page_short"])
        return (
            f'<a class="reference" href="{REFERENCE_SCHEME}:{anchor}">{text} '
            f'<span class="folio">({page} {number})</span></a>'
        )

    return _NUMBERED.sub(_counted, REFERENCE.sub(printed, html))


def _counted(match: re.Match[str]) -> str:
    """Set the CSS counter of a numbered list that does not begin at 1 to the number before its first."""
    return f'<ol start="{match[1]}" style="--before: {int(match[1]) - 1}"{match[2]}>'

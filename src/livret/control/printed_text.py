"""The text of the pages of a part as PDFium reads it: its letters, and where on the page each stands.

Only letters and digits are compared, because typesetting changes hyphens at line ends, ligatures, spaces, quotation
marks and case.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pypdfium2

# Stands between pages; the rest of the text is only letters and digits.
PAGE_END = "\f"
# The signs of all scripts that are read from right to left come after this one: Hebrew is the first.
FIRST_RIGHT_TO_LEFT = "\u0590"

_NO_LETTERS = re.compile(r"[\W_]+")
# Signs for "number" and for ordinals, of which some are printed as letters; and a letter that stands for an apostrophe.
_SIGNS = re.compile("[°º\u1d52ª\u1d43\u02bc]")
# French typesetting prints "2ème" as "2e" and "1ère" as "1re"; the groups are the letters that it may leave out.
_ORDINALS = re.compile(
    "(?<!\\w)(?:[1I](i?[eèé][\u0300\u0301]?)res?|(?:\\d{1,4}|[IVX]+)(i?)[eèé][\u0300\u0301]?(me)s?)\\b", re.IGNORECASE
)
_ALIKE = str.maketrans({"œ": "oe", "æ": "ae"})


def letters_of(text: str) -> str:
    """The letters and digits of a text, in the form in which texts are compared."""
    return _letters(_with_short_ordinals(text))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _SIGNS.sub("", text)).casefold().translate(_ALIKE)
    return _NO_LETTERS.sub("", plain)


def _with_short_ordinals(text: str) -> str:
    """A text with blanks for the letters that an ordinal may lose: every other sign keeps its place."""
    return _ORDINALS.sub(_short_ordinal, text)


def _short_ordinal(match: re.Match[str]) -> str:
    signs = list(match[0])
    for group in range(1, len(match.groups()) + 1):
        start, end = (at - match.start() for at in match.span(group))
        if match[group]:
            signs[start:end] = " " * (end - start)
    return "".join(signs)


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters that are read from right to left."""
    # Most texts have no sign of any of these scripts, which is quickly seen.
    if not text or max(text) < FIRST_RIGHT_TO_LEFT:
        return False
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in set(text))


@dataclass(frozen=True)
class Place:
    """Where a letter stands: its page among those of its part, from 0, and its left and top edge, on PDF axes."""

    page: int
    left: float
    top: float


@dataclass(frozen=True)
class PageLetters:
    """The letters of one page in an order, and what gives the left and top edge of the letter at some place."""

    letters: str
    edges: Callable[[int], tuple[float, float] | None] = lambda _: None


@dataclass(frozen=True)
class PrintedText:
    """The letters of the pages of a part: in the order of lines, and in the order in which they are drawn."""

    lines: tuple[PageLetters, ...]
    # Text from right to left is drawn in the order of reading; lines with both directions have no order of their own.
    drawn: tuple[PageLetters, ...] = ()

    @cached_property
    def order(self) -> LettersInOrder:
        """The letters in the order of reading.

        On pages with text from the right that is the order in which they are drawn: in a line there, PDFium may turn
        words from the left, too.
        """
        return LettersInOrder(self.drawn or self.lines)

    @classmethod
    def plain(cls, text: str) -> PrintedText:
        """A text whose pages end in a form feed; nobody knows where its letters stand."""
        return cls(tuple(PageLetters(letters_of(page)) for page in text.split(PAGE_END)))


@dataclass(frozen=True)
class LettersInOrder:
    """The letters of pages, one page after the other."""

    pages: tuple[PageLetters, ...]

    @cached_property
    def letters(self) -> str:
        """All letters; pages are parted by PAGE_END."""
        return PAGE_END.join(page.letters for page in self.pages)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(page.letters) + 1 for page in self.pages)]

    def place(self, at: int) -> Place | None:
        """Where the letter at a place in `letters` stands."""
        page = bisect_right(self._starts, at) - 1
        edges = self.pages[page].edges(at - self._starts[page])
        return Place(page, *edges) if edges else None


@dataclass
class OpenPages:
    """The pages of a part, open in PDFium; `heads` gives the letters of their running heads, which are left out."""

    document: pypdfium2.PdfDocument
    pages: Sequence[int]
    heads: Sequence[str]
    _open: list[Any] = field(default_factory=list)

    def __enter__(self) -> OpenPages:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in reversed(self._open):
            opened.close()

    def read(self, has_right_to_left: bool) -> PrintedText:
        """The text of the pages; a page that is not in the file has none."""
        lines, drawn = [], []
        has_right_to_left = has_right_to_left or self._is_read_from_right
        for number in self.pages:
            if number >= len(self.document):
                lines.append(PageLetters(""))
                drawn.append(PageLetters(""))
                continue
            page = self.document[number]
            text = page.get_textpage()
            self._open += [page, text]
            head = self.heads[number] if number < len(self.heads) else ""
            lines.append(_in_lines(text, head))
            if has_right_to_left:
                drawn.append(_as_drawn(page, text, bool(head)))
        return PrintedText(tuple(lines), tuple(drawn))

    @property
    def _is_read_from_right(self) -> bool:
        """Whether the file says so, as a press file does that is bound on the right; PDFium then turns every line."""
        import pypdfium2.raw as pdfium

        name = ctypes.create_string_buffer(8)
        pdfium.FPDF_VIEWERREF_GetName(self.document, b"Direction", name, len(name))
        return name.value == b"R2L"


def _in_lines(text: Any, head: str) -> PageLetters:
    """The letters of a page in the order in which PDFium puts its lines together."""
    import pypdfium2.raw as pdfium

    whole = str(text.get_text_range())
    letters = letters_of(whole)
    ends: list[int] = []

    def edges(at: int) -> tuple[float, float] | None:
        if not ends:
            counted = _with_short_ordinals(whole)
            lengths = {character: len(_letters(character)) for character in set(counted)}
            ends.extend(accumulate(map(lengths.__getitem__, counted)))
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(text, bisect_right(ends, at))
        if index < 0:
            return None
        left, _, _, top = text.get_charbox(index)
        return left, top

    # Running heads are drawn last, so they are the end of the page's text.
    return PageLetters(letters[: letters.rfind(head)] if head and head in letters else letters, edges)


def _as_drawn(page: Any, text: Any, has_head: bool) -> PageLetters:
    """The letters of a page in the order in which they are drawn."""
    import pypdfium2.raw as pdfium

    groups = [list(_texts(one)) for one in _objects(page)]
    if has_head and groups:
        # The furniture is one form, drawn last.
        groups.pop()
    characters = _Characters(text)
    pieces = [(letters_of(characters.text_of(one)), one) for group in groups for one in group]
    starts = [0, *accumulate(len(letters) for letters, _ in pieces)]

    def edges(at: int) -> tuple[float, float] | None:
        bounds = [ctypes.c_float() for _ in range(4)]
        one = pieces[bisect_right(starts, at) - 1][1]
        if not pdfium.FPDFPageObj_GetBounds(one, *bounds):
            return None
        return bounds[0].value, bounds[3].value

    return PageLetters("".join(letters for letters, _ in pieces), edges)


def _objects(page: Any) -> list[Any]:
    """What a page of the book draws. In a press file that is one form, before the marks and the slug."""
    import pypdfium2.raw as pdfium

    objects = [pdfium.FPDFPage_GetObject(page, at) for at in range(pdfium.FPDFPage_CountObjects(page))]
    if objects and page.get_trimbox() != page.get_mediabox():
        artwork = objects[0]
        return [pdfium.FPDFFormObj_GetObject(artwork, at) for at in range(pdfium.FPDFFormObj_CountObjects(artwork))]
    return objects


def _texts(one: Any) -> Iterator[Any]:
    """The texts of a page object, those in a form too."""
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFPageObj_GetType(one)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield one
    elif kind == pdfium.FPDF_PAGEOBJ_FORM:
        for at in range(pdfium.FPDFFormObj_CountObjects(one)):
            yield from _texts(pdfium.FPDFFormObj_GetObject(one, at))


class _Characters:
    """The characters of the texts of a page."""

    def __init__(self, text: Any) -> None:
        self._text = text

    def text_of(self, one: Any) -> str:
        """The characters of a text of the page.

        In a line that is read from the right, PDFium turns the order of words that are read from the left, and of the
        parts of a word or an address between other signs. They are one text, drawn from left to right.
        """
        found = _text_of(one, self._text)
        if not _NO_LETTERS.search(found.strip()) or is_right_to_left(found):
            return found
        return self._from_left(one) or found

    def _from_left(self, one: Any) -> str:
        import pypdfium2.raw as pdfium

        own = sorted((self._text.get_charbox(at)[0], at) for at in self._of.get(_address(one), ()))
        return "".join(chr(pdfium.FPDFText_GetUnicode(self._text, at)) for _, at in own)

    @cached_property
    def _of(self) -> dict[int, list[int]]:
        """By the address of a text, the numbers of its characters."""
        import pypdfium2.raw as pdfium

        found: dict[int, list[int]] = {}
        for at in range(self._text.count_chars()):
            found.setdefault(_address(pdfium.FPDFText_GetTextObject(self._text, at)), []).append(at)
        return found


def _address(one: Any) -> int:
    return ctypes.cast(one, ctypes.c_void_p).value or 0


def _text_of(one: Any, text: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFTextObj_GetText(one, text, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFTextObj_GetText(one, text, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "ignore")

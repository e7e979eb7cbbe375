"""The pages of a PDF as they are compared: words with their places, and a small picture, by PDFium.

The file may come from any program. So there are limits on its size, its pages, its text and its pictures.
"""

from __future__ import annotations

import errno
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from livret.findings import LivretError
from livret.project import digest
from livret.translation import say, system_reason

# A book of 2,000 pages has some 200 MB.
LARGEST = 1_000_000_000
MOST_PAGES = 5_000
# No page of a book has so many characters; of a page that has more, the first are compared.
MOST_CHARACTERS = 60_000
# Pixels an inch of the pictures that are compared: a stem of text at 9 points is half a pixel wide, and still grey.
PPI = 60
# The longer side of a picture, whatever the size of the page.
WIDEST = 1_600
# How PDFium gives a hyphen at the end of a line whose word goes on in the next.
_BROKEN = re.compile("[\x02\ufffe\u00ad\u2010-](\\s*\r?\n\\s*)(?=\\w)")
_WORD = re.compile(r"\S+")
# A gap of this share of the height of digits parts columns; groups of a telephone number are closer.
_COLUMN = 0.7
# What may differ without a difference to a reader: hyphens come and go with line ends.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\x02\ufffe‐-]")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Word:
    """A word as it is printed; `key` is what is compared, `first` and `last` its characters on the page.

    `begins_line` and `ends_line` say whether it is the first and the last of a line. `is_apart` says that a number is
    well away from a number before it, as in another column.
    """

    text: str
    key: str
    first: int
    last: int
    begins_line: bool = False
    ends_line: bool = False
    is_apart: bool = False


@dataclass(frozen=True)
class ComparedPage:
    """A page: its number from 0, its label (folio), its size in points, its words, and a digest of its picture."""

    number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    look: str
    grey: Image.Image = field(repr=False, compare=False)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The words as they are compared, without the page's own folio."""
        return tuple(word.key for word in self.words if word.key != self.label)

    @cached_property
    def sign(self) -> str:
        """The same for two pages that have the same words and look the same, but for their folios."""
        return digest(" ".join(self.keys), "" if self.keys else self.look, f"{self.width:.1f} {self.height:.1f}")


class ComparedFile:
    """A PDF that is compared. Use it in a `with` statement."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises LivretError when it cannot be read, is no PDF, has a password or is too large."""
        self.path = path
        try:
            if path.exists() and not path.is_file():
                raise OSError(errno.EINVAL, say("it is not an ordinary file"))
            if path.stat().st_size > LARGEST:
                raise LivretError(
                    say("{file} is too large to compare: over {most} MB", file=path, most=LARGEST // 10**6)
                )
            self._document = pypdfium2.PdfDocument(path)
        except OSError as problem:
            reason = system_reason(problem)
            raise LivretError(say("{file} cannot be read: {reason}", file=path, reason=reason)) from None
        except pypdfium2.PdfiumError as problem:
            if "password" in str(problem).lower():
                raise LivretError(say("{file} has a password; compare a copy without one", file=path)) from None
            raise LivretError(say("{file} is no PDF, or is damaged", file=path)) from None
        if len(self._document) > MOST_PAGES:
            self._document.close()
            raise LivretError(say("{file} has more than {most} pages", file=path, most=MOST_PAGES))

    def __enter__(self) -> ComparedFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def page(self, number: int) -> ComparedPage:
        """One page, from 0. Raises LivretError when PDFium cannot read it."""
        page = self._opened(number)
        try:
            text = page.get_textpage()
            words = tuple(_apart(text, _words(str(text.get_text_range(0, min(text.count_chars(), MOST_CHARACTERS))))))
            text.close()
            width, height = page.get_size()
            grey = _picture(page, PPI, grayscale=True)
            # Without labels pages are counted from 1, as they are printed then.
            label = self._document.get_page_label(number) or str(number + 1)
            return ComparedPage(number, label.strip(), width, height, words, digest(grey.tobytes()), grey)
        except pypdfium2.PdfiumError:
            raise self._unreadable(number) from None
        finally:
            page.close()

    def boxes(self, number: int, words: tuple[Word, ...]) -> tuple[Box, ...]:
        """Where words of a page stand, in points from the lower left of the page; words side by side are one box."""
        if not words:
            return ()
        page = self._opened(number)
        text = page.get_textpage()
        try:
            return _in_lines(box for word in words for box in _boxes(text, word))
        finally:
            text.close()
            page.close()

    def picture(self, number: int, ppi: int) -> Image.Image:
        """A page in colour, at most WIDEST pixels on its longer side. Raises LivretError."""
        page = self._opened(number)
        try:
            return _picture(page, ppi).convert("RGB")
        except pypdfium2.PdfiumError:
            raise self._unreadable(number) from None
        finally:
            page.close()

    def size(self, number: int) -> tuple[float, float]:
        """The width and height of a page in points."""
        width, height = self._document.get_page_size(number)
        return width, height

    def outline(self) -> tuple[tuple[int, str], ...]:
        """The entries of the outline that no other entry of the same page follows: page from 0, and title."""
        found: dict[int, str] = {}
        for entry in self._document.get_toc(max_depth=6):
            place = entry.get_dest()
            index = place.get_index() if place else None
            if index is not None:
                found[index] = entry.get_title()
        return tuple(sorted(found.items()))

    def _opened(self, number: int) -> Any:
        try:
            return self._document[number]
        except pypdfium2.PdfiumError:
            raise self._unreadable(number) from None

    def _unreadable(self, number: int) -> LivretError:
        return LivretError(say("page {page} of {file} cannot be read", page=number + 1, file=self.path))


def _words(text: str) -> tuple[Word, ...]:
    # A word that a hyphen divides over two lines is one; its length stays, so that its characters can be found.
    whole = _BROKEN.sub(lambda found: "\x02" * len(found[0]), text)
    words: list[Word] = []
    end = 0
    for found in _WORD.finditer(whole):
        begins_line = not words or "\n" in whole[end : found.start()]
        end = found.end()
        gap = whole[end : end + 2].strip(" ")
        shown = found[0].replace("\x02", "")
        key = _UNSEEN.sub("", unicodedata.normalize("NFKC", shown))
        if key:
            words.append(Word(shown, key, found.start(), end - 1, begins_line, not gap or gap[0] in "\r\n"))
    return tuple(words)


def _apart(text: Any, words: Sequence[Word]) -> Iterator[Word]:
    """The words, those of numbers that are well away from a number before them marked: they are of another column."""
    for before, word in pairwise((None, *words)):
        assert word is not None
        is_number = word.key[:1].isdecimal() and not word.begins_line
        if before and is_number and before.key[-1:].isdecimal():
            boxes = _boxes(text, before)[-1:] + _boxes(text, word)[:1]
            if len(boxes) == 2 and boxes[1][0] - boxes[0][2] > _COLUMN * (boxes[0][3] - boxes[0][1]):
                yield replace(word, is_apart=True)
                continue
        yield word


def _picture(page: Any, ppi: int, *, grayscale: bool = False) -> Image.Image:
    width, height = page.get_size()
    scale = min(ppi / 72, WIDEST / max(width, height, 1))
    picture: Image.Image = page.render(scale=scale, rev_byteorder=not grayscale, grayscale=grayscale).to_pil()
    return picture


def _boxes(text: Any, word: Word) -> tuple[Box, ...]:
    found: list[Box] = []
    for at in range(word.first, word.last + 1):
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(text, at)
        if index < 0:
            continue
        left, bottom, right, top = text.get_charbox(index)
        if right <= left or top <= bottom:
            continue
        if found and bottom < found[-1][3] and top > found[-1][1]:
            a, b, c, d = found[-1]
            found[-1] = (min(a, left), min(b, bottom), max(c, right), max(d, top))
        else:
            found.append((left, bottom, right, top))
    return tuple(found)


def _in_lines(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes of words, those that follow each other on a line put together."""
    found: list[Box] = []
    for left, bottom, right, top in boxes:
        if found:
            a, b, c, d = found[-1]
            if bottom < d and top > b and -1 < left - c < 0.7 * (top - bottom):
                found[-1] = (a, min(b, bottom), max(c, right), max(d, top))
                continue
        found.append((left, bottom, right, top))
    return tuple(found)


def as_png(picture: Image.Image, colours: int = 128) -> bytes:
    """A picture as a small PNG for a report."""
    out = io.BytesIO()
    # Six times as fast as the best choice of colours, and pages have few.
    picture.quantize(colours, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=False)
    return out.getvalue()

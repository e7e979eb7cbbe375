"""What a reader sees of a bound PDF, measured: lines, paragraphs, bands of colour, and what is wrong with them.

A judge: it reads where pdfium found each letter, and the tags as pypdf reads them. It shares no code with Livret.
Lengths are points; heights are measured from the foot of the page, as in the file.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader

# What a line ends in that was broken inside a word: pdfium gives some hyphens as control characters.
HYPHENS = ("-", "\u2010", "\u00ad", "\x02", "\ufffe")
BLOCKS = {"P", "LBody", "TOCI", "H1", "H2", "H3", "H4", "H5", "H6", "Caption"}


@dataclass(frozen=True)
class Letter:
    """A printed character: its ink, its baseline, and the number of the marked content that it is part of."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    start: float
    baseline: float
    size: float
    font: str
    mark: int


@dataclass(frozen=True)
class Line:
    """Letters side by side on one baseline, without a gap as wide as a gutter."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """What it says, with a space where there is a gap."""
        gaps = [""] + [" " if b.x0 - a.x1 > 0.13 * b.size else "" for a, b in pairwise(self.letters)]
        return "".join(gap + letter.text for gap, letter in zip(gaps, self.letters, strict=True))

    @property
    def baseline(self) -> float:
        return self.letters[0].baseline

    @property
    def start(self) -> float:
        return min(letter.start for letter in self.letters)

    @property
    def end(self) -> float:
        return max(letter.x1 for letter in self.letters)

    @property
    def size(self) -> float:
        return max(letter.size for letter in self.letters)

    @property
    def font(self) -> str:
        return self.letters[0].font

    @property
    def is_furniture(self) -> bool:
        """Whether no part of it is read aloud: folios, running heads, what only decorates."""
        return all(letter.mark < 0 for letter in self.letters)

    @property
    def is_hyphenated(self) -> bool:
        return self.text.endswith(HYPHENS)


@dataclass(frozen=True)
class Page:
    """A page of the book. `band` is the foot of the colour that runs over its head; the top of the page without one."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    band: float

    @property
    def text(self) -> tuple[Line, ...]:
        """The lines that are read, without furniture."""
        return tuple(line for line in self.lines if not line.is_furniture)

    @property
    def below_band(self) -> tuple[Line, ...]:
        return tuple(line for line in self.text if line.baseline < self.band)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, a heading or an entry of a list: (index of page, number of marked content) in reading order."""

    kind: str
    marks: tuple[tuple[int, int], ...]


def pages(path: Path) -> tuple[Page, ...]:
    """All pages of a file."""
    document = pypdfium2.PdfDocument(path)
    return tuple(_page(document[index], index + 1) for index in range(len(document)))


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    lines: list[list[Letter]] = []
    for letter in _letters(page):
        if lines and _goes_on(lines[-1][-1], letter):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return Page(number, width, height, tuple(Line(tuple(line)) for line in lines), _band(page, width, height))


def _goes_on(last: Letter, letter: Letter) -> bool:
    """Whether a letter stands on the line of the one before, nearer than the narrowest gutter (3 mm or so)."""
    is_level = abs(last.baseline - letter.baseline) < 0.3
    return is_level and -letter.size < letter.x0 - last.x1 < 0.85 * letter.size


def _letters(page: pypdfium2.PdfPage) -> Iterator[Letter]:
    """The printed characters in the order in which they are drawn."""
    textpage = page.get_textpage()
    x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
    matrix = pdfium.FS_MATRIX()
    known: dict[int, tuple[int, str]] = {}
    name = ctypes.create_string_buffer(128)
    for index in range(textpage.count_chars()):
        text = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        shown = pdfium.FPDFText_GetTextObject(textpage, index)
        if text.isspace() or not shown:
            continue
        address = ctypes.addressof(shown.contents)
        if address not in known:
            pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, None)
            known[address] = (pdfium.FPDFPageObj_GetMarkedContentID(shown), name.value.decode())
        mark, font = known[address]
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        pdfium.FPDFText_GetMatrix(textpage, index, matrix)
        size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        ink = (left.value, bottom.value, right.value, top.value)
        yield Letter(text, *ink, x.value, y.value, round(size, 2), font, mark)


def _band(page: pypdfium2.PdfPage, width: float, height: float) -> float:
    """The foot of the path that fills the head of a page from edge to edge, where there is one."""
    feet = [height]
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if left <= 0 and right >= width and top >= height and height / 2 < bottom:
            feet.append(bottom)
    return min(feet)


def paragraphs(path: Path) -> tuple[Paragraph, ...]:
    """The paragraphs of a tagged file, in the order in which they are read."""
    reader = PdfReader(path)
    numbers = {page.indirect_reference.idnum: index for index, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    root: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    found: list[tuple[str, list[tuple[int, int]]]] = []

    def walk(element: Any, page: int, block: list[tuple[int, int]] | None) -> None:
        page = numbers[element.raw_get("/Pg").idnum] if "/Pg" in element else page
        kind = str(element.get("/S", ""))[1:]
        if kind in BLOCKS:
            block = []
            found.append((kind, block))
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, int):
                if block is not None:
                    block.append((page, int(kid)))
            elif kid.get("/Type") == "/MCR":
                if block is not None:
                    place = numbers[kid.raw_get("/Pg").idnum] if "/Pg" in kid else page
                    block.append((place, int(kid["/MCID"])))
            elif "/S" in kid:
                walk(kid, page, block)

    walk(root, -1, None)
    return tuple(Paragraph(kind, tuple(marks)) for kind, marks in found)


# --- what is wrong ---


def beyond(page: Page, margin: float = 0) -> list[str]:
    """Lines that reach nearer to the trim than a margin."""
    return [
        line.text
        for line in page.lines
        if any(
            letter.x0 < margin
            or letter.y0 < margin
            or letter.x1 > page.width - margin
            or letter.y1 > page.height - margin
            for letter in line.letters
        )
    ]


def overlaps(page: Page, more: float = 0.6) -> list[tuple[str, str]]:
    """Lines whose letters lie over letters of another line, by more than so many points in both directions."""
    found = []
    ordered = sorted(page.lines, key=lambda line: -line.baseline)
    for place, line in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if line.baseline - other.baseline > line.size + other.size:
                break
            if line.start < other.end and other.start < line.end and _touch(line, other, more):
                found.append((line.text, other.text))
    return found


def _touch(line: Line, other: Line, more: float) -> bool:
    return any(
        min(a.x1, b.x1) - max(a.x0, b.x0) > more and min(a.y1, b.y1) - max(a.y0, b.y0) > more
        for a in line.letters
        for b in other.letters
    )


def ladders(page: Page, most: int = 2) -> list[str]:
    """Where more than so many lines in a row, one under the other, end in a hyphen."""
    found = []
    for line in page.text:
        run = [line]
        while run[-1].is_hyphenated and (below := _below(page, run[-1])):
            run.append(below)
        if len([rung for rung in run if rung.is_hyphenated]) > most:
            found.append(line.text)
    return found


def _below(page: Page, line: Line) -> Line | None:
    """The next line of the same column."""
    near = [
        other
        for other in page.text
        if 0 < line.baseline - other.baseline < 2 * line.size and other.start < line.end and line.start < other.end
    ]
    return max(near, key=lambda other: other.baseline, default=None)


def lone_lines(book: Sequence[Page], texts: Sequence[Paragraph]) -> list[tuple[int, str]]:
    """Page and text of lines that stand alone at the turn of a page or column, while their paragraph goes on."""
    found = []
    for pieces in _broken(book, texts):
        for piece in pieces:
            heights = sorted(letter.baseline for _, letter in piece)
            # Raised letters stand a little above their line.
            if 1 + sum(after - before > 5 for before, after in pairwise(heights)) < 2:
                found.append((book[piece[0][0]].number, "".join(letter.text for _, letter in piece)))
    return found


def broken_words(book: Sequence[Page], texts: Sequence[Paragraph]) -> list[tuple[int, str]]:
    """Page and end of the paragraphs that a turn of page or column breaks within a word."""
    return [
        (book[piece[0][0]].number, "".join(letter.text for _, letter in piece[-20:]))
        for pieces in _broken(book, texts)
        for piece in pieces[:-1]
        if piece[-1][1].text in HYPHENS
    ]


def _broken(book: Sequence[Page], texts: Sequence[Paragraph]) -> Iterator[list[list[tuple[int, Letter]]]]:
    """The letters, with the indexes of their pages, of the pieces of each paragraph that goes on elsewhere."""
    by_mark: dict[tuple[int, int], list[Letter]] = {}
    for index, page in enumerate(book):
        for line in page.text:
            for letter in line.letters:
                by_mark.setdefault((index, letter.mark), []).append(letter)
    # In an entry of the contents, words may stand beside each other.
    for text in (text for text in texts if text.kind != "TOCI"):
        letters = [(index, letter) for index, mark in text.marks for letter in by_mark.get((index, mark), ())]
        pieces: list[list[tuple[int, Letter]]] = []
        for index, letter in letters:
            last = pieces[-1][-1] if pieces else None
            if last is None or last[0] != index or letter.baseline - last[1].baseline > letter.size:
                pieces.append([])
            pieces[-1].append((index, letter))
        if len(pieces) > 1:
            yield pieces


def stranded_headings(book: Sequence[Page], texts: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Headings that close a page, while what they head begins on the next: indexes of both pages."""
    filled = [text for text in texts if text.marks]
    return [
        (heading.marks[-1][0], after.marks[0][0])
        for heading, after in pairwise(filled)
        if heading.kind.startswith("H") and after.kind[0] != "H" and heading.marks[-1][0] != after.marks[0][0]
    ]

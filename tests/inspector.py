"""Looks into PDFs for tests: boxes, text, links, outline, labels, metadata and fonts, by pypdf and pdfium."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from livret.measure import Rect

# What stands between the halves of a word: hyphens, soft hyphens, and what pdfium makes of a hyphen at the end of a
# line. A hyphen that parts two words in the content and one at the end of a printed line cannot be told apart, so
# both sides of a comparison lose all of them.
_JOINTS = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011\ufffe\x02](?:\r?\n)?(?=\w)")
# The same number, ordinal or hour, typed and set.
_NUMBERS = (
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=\d) ?(?:ème|eme|e)(s?)\b"), r"e\1"),
    (re.compile(r"(?<=\d) ?(?:ère|re)(s?)\b"), r"re\1"),
    (re.compile(r"(?<=\d) ?(?=(?:er|nd|nde|st|th)\b)"), ""),
    (re.compile(r"(?<=\d) ?h ?(?=\d|\b)"), "h"),
)


# The same texts are asked for again and again.
@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, such that content and its printed form compare equal.

    Case, ligatures, quotation marks, apostrophes, dashes, dots of suspension and every kind of space are folded, and
    the accent of a first letter; hyphenation is undone; ordinals, hours and thousands are joined to their numbers.
    """
    flat = unicodedata.normalize("NFKC", text).casefold().replace("œ", "oe").replace("æ", "ae")
    flat = re.sub(r"\s+", " ", _JOINTS.sub("", flat))
    for typed, folded in _NUMBERS:
        flat = typed.sub(folded, flat)
    return tuple(unicodedata.normalize("NFD", word[0])[0] + word[1:] for word in re.findall(r"[^\W_]+", flat))


def stands_in(wanted: Sequence[str], printed: Sequence[str], strays: int = 0) -> bool:
    """Whether words stand in a text in their order, with at most so many foreign words between them."""
    return strays_in(wanted, printed, strays) is not None


def strays_in(wanted: Sequence[str], printed: Sequence[str], strays: int) -> int | None:
    """The smallest number of foreign words between the wanted words; None when over `strays` or not all are there."""
    best: int | None = None
    for start, word in enumerate(printed):
        if wanted and word != wanted[0]:
            continue
        number, place = 0, start
        for sought in wanted:
            while place < len(printed) and printed[place] != sought:
                number, place = number + 1, place + 1
                if number > strays:
                    break
            if place >= len(printed) or number > strays:
                break
            place += 1
        else:
            best = number if best is None else min(best, number)
            if best == 0:
                break
    return 0 if not wanted else best


@dataclass(frozen=True)
class Link:
    """A link annotation: where it is, and the page index or the address it leads to."""

    rect: Rect
    page: int | None
    uri: str | None


@dataclass(frozen=True)
class Heading:
    """A line of the outline with the index of its page and the lines below it."""

    title: str
    page: int
    children: tuple[Heading, ...]


@dataclass(frozen=True)
class Font:
    """A font as a file names it; `program` is the digest of what is embedded, empty when nothing is."""

    name: str
    tag: str
    program: str


@dataclass(frozen=True)
class Character:
    """A printed character and its box in points."""

    text: str
    box: Rect


class Inspector:
    """One PDF, opened for reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reader = PdfReader(path)
        self._pdfium = pypdfium2.PdfDocument(path.read_bytes())

    def __len__(self) -> int:
        return len(self.reader.pages)

    # --- pages ---

    def box(self, page: int, name: str) -> Rect:
        """A page box by its name in the file (`/TrimBox`). Raises KeyError when the page has none."""
        values: Any = self.reader.pages[page][name]
        return Rect(*map(float, values))

    def text(self, page: int) -> str:
        """All text of a page in the order it is drawn."""
        return str(self._pdfium[page].get_textpage().get_text_range())

    def drawn(self, page: int) -> str:
        """The text of a page as it is drawn: with the hyphens that readers are not told."""
        return self.reader.pages[page].extract_text()

    def text_in(self, page: int, rect: Rect) -> str:
        """The text of a page inside a rectangle."""
        textpage = self._pdfium[page].get_textpage()
        return str(textpage.get_text_bounded(left=rect.x0, bottom=rect.y0, right=rect.x1, top=rect.y1))

    def text_above(self, page: int, y: float) -> str:
        """The text of a page above a height, which leaves out a running foot."""
        trim = self.box(page, "/TrimBox")
        return self.text_in(page, Rect(trim.x0 - 99, y, trim.x1 + 99, trim.y1 + 99))

    def words(self, pages: Iterator[int] | range, above: float = -99) -> tuple[str, ...]:
        """The words of some pages, one after the other."""
        return words("\n".join(self.text_above(page, above) for page in pages))

    def characters(self, page: int) -> tuple[Character, ...]:
        """Every printed character with its box."""
        textpage = self._pdfium[page].get_textpage()
        text = textpage.get_text_range()
        if len(text) != textpage.count_chars():
            raise AssertionError("pdfium left characters out of the text")
        return tuple(
            Character(letter, Rect(*textpage.get_charbox(number)))
            for number, letter in enumerate(text)
            if not letter.isspace()
        )

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The label of each page."""
        return tuple(self.reader.page_labels)

    def index_of(self, label: str) -> int:
        """The index of the page with a label."""
        return self.labels.index(label)

    # --- links and outline ---

    def links(self, page: int) -> tuple[Link, ...]:
        """The links of a page, in the file's order."""
        found = []
        notes: Any = self.reader.pages[page].get("/Annots") or ()
        for reference in notes:
            note = reference.get_object()
            x0, y0, x1, y1 = (float(value) for value in note["/Rect"])
            rect = Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            action = note.get("/A")
            if action is not None:
                found.append(Link(rect, None, str(action["/URI"])))
            else:
                found.append(Link(rect, self._destination(str(note["/Dest"])), None))
        return tuple(found)

    def _destination(self, name: str) -> int:
        target = self.reader.named_destinations[name]
        number = self.reader.get_destination_page_number(target)
        assert number is not None, f"{name} leads nowhere"
        return number

    @property
    def outline(self) -> tuple[Heading, ...]:
        """The outline, nested."""
        return tuple(self._headings(self.reader.outline))

    def _headings(self, entries: Sequence[Any]) -> Iterator[Heading]:
        for number, entry in enumerate(entries):
            if isinstance(entry, list):
                continue
            below = entries[number + 1] if number + 1 < len(entries) and isinstance(entries[number + 1], list) else []
            page = self.reader.get_destination_page_number(entry)
            assert page is not None
            yield Heading(str(entry.title), page, tuple(self._headings(below)))

    # --- the file ---

    @property
    def info(self) -> dict[str, str]:
        """The Info dictionary."""
        return {str(key): str(value) for key, value in (self.reader.metadata or {}).items()}

    @property
    def xmp(self) -> str:
        """The XMP packet as it stands in the file."""
        stream: Any = self.reader.root_object["/Metadata"].get_object()
        return bytes(stream.get_data()).decode()

    @property
    def language(self) -> str | None:
        """The language of the file."""
        return str(self.reader.root_object["/Lang"]) if "/Lang" in self.reader.root_object else None

    @property
    def fonts(self) -> tuple[Font, ...]:
        """Every font of the file, those used only in form XObjects too; one a font object."""
        return tuple(
            _font(item) for item in _objects(self.reader) if item.get("/Type") == "/Font" and "/BaseFont" in item
        )

    @property
    def streams(self) -> tuple[bytes, ...]:
        """The data of every stream, decoded where that can be done."""
        return tuple(
            item.get_data()
            for item in _objects(self.reader)
            if isinstance(item, StreamObject) and item.get("/Subtype") != "/Image"
        )


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary and stream of a file that stands as an object of its own."""
    numbers = {number for generation in reader.xref.values() for number in generation} | set(reader.xref_objStm)
    for number in sorted(numbers - {0}):
        item = reader.get_object(number)
        if isinstance(item, DictionaryObject):
            yield item


def _font(item: DictionaryObject) -> Font:
    """Descendants of a composite font count as fonts of their own, with the descriptor they share with it."""
    tag, _, name = str(item["/BaseFont"]).lstrip("/").rpartition("+")
    holder: Any = item
    if "/DescendantFonts" in item:
        holder = holder["/DescendantFonts"][0].get_object()
    descriptor = holder.get("/FontDescriptor")
    streams = [] if descriptor is None else [descriptor.get(key) for key in ("/FontFile", "/FontFile2", "/FontFile3")]
    program = next((stream for stream in streams if stream is not None), None)
    data = b"" if program is None else program.get_object().get_data()
    return Font(name, tag, hashlib.sha256(data).hexdigest() if data else "")

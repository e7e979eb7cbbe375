"""The completeness check: every field of every selected part must be found in the text of the PDF.

The text is that of the pages of the part, without running heads and folios. Each paragraph must be there whole, its
words in order, and the paragraphs of a field one below the other. Two paragraphs cannot be found in the same place: a
name inside a longer text does not count as the heading.

What may stand inside a paragraph is said in printed_search.py, and what is done where words are repeated too often for
that in printed_counts.py. The name of a theme may stand in the description of its pictogram.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from livret.content.language.markdown import plain_text
from livret.content.schema.model import CardContact, EditorialPage, Initiative, Partner
from livret.control.field_lines import field_line
from livret.control.printed_counts import counted
from livret.control.printed_search import Paragraph, Search
from livret.control.printed_text import (
    LettersInOrder,
    OpenPages,
    Place,
    PrintedText,
    is_right_to_left,
    letters_of,
)
from livret.findings import Finding, Location, error
from livret.pages.structure_tree import Element, unpacked
from livret.project import digest
from livret.translation import Text, say

if TYPE_CHECKING:
    import pypdfium2

# How many words of a missing text a message shows.
SHOWN = 8
# Paragraphs whose left edges are further apart, in points, may stand in two columns.
COLUMN = 40.0
# So many points higher a letter may be than one of the line before.
SLACK = 2.0


@dataclass(frozen=True)
class PrintedField:
    """A field as it is written. It is divided into paragraphs only when a new file is checked."""

    name: str
    text: str
    is_markdown: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its text, paragraph by paragraph."""
        return tuple(plain_text(self.text).splitlines()) if self.is_markdown else (self.text,)

    @property
    def breaks(self) -> int:
        """How often a few letters may stand inside a paragraph: after each link, and once anywhere."""
        return 1 + (self.text.count("](") if self.is_markdown else 0)


@dataclass(frozen=True)
class Expected:
    """A part that must be in the book: its anchor, its fields, its source, and its pages in the book, from 0.

    `structure` is its structure as typesetting gave it: it holds the descriptions of pictograms. `fragment` is the key
    of the fragment that was bound, empty when nobody knows it. `footnotes` has the words that its layout sets at the
    foot of a page. `files` are those that it is written in, by the names that findings show: they tell the line of a
    field.
    """

    anchor: str
    fields: tuple[PrintedField, ...]
    source: Location
    pages: tuple[int, ...]
    structure: bytes = b""
    fragment: str = ""
    footnotes: tuple[str, ...] = ()
    # Where they lie on this machine changes nothing in a book.
    files: Mapping[str, Path] = with_default(default_factory=dict, repr=False, compare=False)

    def place_of(self, name: str, words: str) -> Location:
        """Where these words of a field stand in its file."""
        return field_line(self.files, name, words) or self.source

    def printed_as(self, printed: PrintedText) -> str:
        """A name for these fields, in the text that a file has on these pages, set as in this fragment."""
        pages = [page.letters for page in (*printed.lines, *printed.drawn)]
        shape = f"{self.anchor} {len(printed.lines)} {len(printed.drawn)}"
        return digest(self.fragment, shape, repr(self.fields), self.structure, *pages)

    def bound_as(self, digests: Sequence[str]) -> str:
        """A name for these fields, on pages with these digests."""
        own = (digests[page] if page < len(digests) else "" for page in self.pages)
        return digest(self.anchor, repr(self.fields), self.structure, repr(self.footnotes), *own)

    @cached_property
    def descriptions(self) -> frozenset[str]:
        """The letters of each description of a figure."""
        return frozenset(_descriptions(unpacked(self.structure))) if self.structure else frozenset()


def fields_of(
    subject: Initiative | Partner | EditorialPage, themes: Mapping[str, str], leaves_out: Collection[str] = ()
) -> tuple[PrintedField, ...]:
    """The fields that a part must print. `themes` gives theme names by id; `leaves_out` names what the layout omits."""
    if isinstance(subject, Initiative):
        found = _card(subject, themes)
    elif isinstance(subject, Partner):
        found = iter((_plain("name", subject.name), _markdown("body", subject.body)))
    else:
        signature = subject.signature
        signed = (signature.name, signature.role) if signature else ()
        signs = (_plain("signature", line) for line in signed)
        found = iter((_plain("title", subject.title), _markdown("body", subject.body), *signs))
    left_out = set(leaves_out)
    return tuple(one for one in found if one.text and not {one.name, one.name.partition(".")[0]} & left_out)


def field_with(words: str, subject: Initiative | Partner | EditorialPage) -> str | None:
    """The name of the first field of a part that holds these words; None if no field does.

    A field that holds them as they stand goes before one that holds the same words with other punctuation, and that
    before one that holds their letters inside longer words, as where a word is broken.
    """
    letters, separate = letters_of(words), _words(words)
    if not letters:
        return None
    as_typed = re.compile(rf"(?<!\w){re.escape(_plain_signs(words))}(?!\w)")

    def ways(paragraph: str) -> Iterator[bool]:
        yield bool(as_typed.search(_plain_signs(paragraph)))
        yield separate in _words(paragraph)
        yield letters in letters_of(paragraph)

    found = [
        (next((way for way, is_held in enumerate(ways(paragraph)) if is_held), None), one.name)
        for one in fields_of(subject, {})
        for paragraph in (*one.paragraphs, " ".join(one.paragraphs))
    ]
    return min(((way, name) for way, name in found if way is not None), key=lambda pair: pair[0], default=(0, None))[1]


def _plain_signs(text: str) -> str:
    """A text with the spaces and apostrophes that people type."""
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).casefold()


def _words(text: str) -> str:
    """The letters of each word of a text, between blanks."""
    return f" {' '.join(filter(None, map(letters_of, text.split())))} "


def _card(card: Initiative, themes: Mapping[str, str]) -> Iterator[PrintedField]:
    yield _plain("pilot.name", card.pilot.name)
    yield _markdown("pilot.about", card.pilot.about)
    yield _markdown("partners", card.partners)
    for contact in card.contacts:
        yield from _contact(contact)
    yield _plain("title", card.title)
    yield _markdown("summary", card.summary)
    yield _markdown("description", card.description)
    yield _markdown("results", card.results)
    for figure in card.figures:
        yield _plain("figures.value", figure.value)
        yield _plain("figures.label", figure.label)
    for theme in card.themes:
        yield _plain("themes", themes.get(theme))
    for picture in card.images:
        yield _markdown("images.caption", picture.caption)
        yield _plain("images.credit", picture.credit)


def _contact(contact: CardContact) -> Iterator[PrintedField]:
    for name in ("name", "role", "organisation", "address", "email"):
        yield _plain(f"contacts.{name}", getattr(contact, name))
    for phone in contact.phones:
        yield _plain("contacts.phones", phone)
    # Printed without its scheme.
    yield _plain("contacts.website", (contact.website or "").partition("://")[2] or contact.website)


def _plain(name: str, text: str | None) -> PrintedField:
    return PrintedField(name, text or "")


def _markdown(name: str, text: str | None) -> PrintedField:
    return PrintedField(name, text or "", is_markdown=True)


def unbound(selected: Mapping[str, Location], bound: Collection[str]) -> list[Finding]:
    """An error for each selected card that is not bound. `selected` gives sources by anchor, `bound` the anchors."""
    return [
        error("missing-card", say("{anchor} was selected and has no page in the book", anchor=anchor), source)
        for anchor, source in selected.items()
        if anchor not in bound
    ]


def sought(
    pdf: Path,
    expected: Sequence[Expected],
    furniture: Sequence[Path] = (),
    known: Collection[str] = (),
    digests: Sequence[str] = (),
) -> tuple[list[Finding], tuple[str, ...]]:
    """An error for each field that is not whole in the text of its pages, or one if nothing of a part is there.

    Also the names of the parts that are whole, as they are bound and as they are printed here. `furniture` lists the
    files with running heads and folios, one page for each page of the book; their text is left out.

    A part is not searched for again if the same fields were found whole on the same pages, or in the same text of the
    same fragment: then its name is among those that are `known`. `digests` names each page by all that its text depends
    on, if somebody has worked that out; the text of such pages is not read again either.
    """
    bound = {part.anchor: part.bound_as(digests) for part in expected if digests}
    whole = [name for name in bound.values() if name in known]
    unknown = [part for part in expected if bound.get(part.anchor) not in known]
    findings = []
    for part, name, found in _searched(pdf, unknown, furniture, known):
        findings += found
        if not found:
            whole += [one for one in (name, bound.get(part.anchor)) if one]
    return findings, tuple(whole)


def _searched(
    pdf: Path, expected: Sequence[Expected], furniture: Sequence[Path], known: Collection[str]
) -> Iterator[tuple[Expected, str, list[Finding]]]:
    """Each part, the name of its text, and what is missing of it; the text of its pages is read from the file."""
    if not expected:
        return
    # Imported here because it is slow, and needed only when a new file is checked.
    import pypdfium2

    heads = [letters_of(text) for path in furniture for text in _texts(pypdfium2.PdfDocument(path))]
    document = pypdfium2.PdfDocument(pdf)
    try:
        for part in expected:
            with OpenPages(document, part.pages, heads) as pages:
                printed = pages.read(any(is_right_to_left(one.text) for one in part.fields))
                name = part.printed_as(printed) if part.fragment else ""
                yield part, name, [] if name in known else list(lost(part, printed))
    finally:
        document.close()


def lost(part: Expected, printed: PrintedText) -> Iterator[Finding]:
    """The findings for one part, from the text of its pages."""
    search = Search(printed.order)
    fields = [(field, [Paragraph(text, field.breaks) for text in field.paragraphs]) for field in part.fields]
    paragraphs = [(field, paragraph) for field, own in fields for paragraph in own]
    gone = _gone(part, paragraphs, search, printed.order)
    if len(gone) == len({field.name for field in part.fields}):
        told = say("{anchor}: none of its texts is in its pages", anchor=part.anchor)
        yield error("missing-card", told, part.source, _in_layout())
        return
    for name, words in sorted(gone.items()):
        yield error(
            "missing-text",
            say(
                '{anchor}: the field "{name}" is not printed whole; missing from "{shown}" on',
                anchor=part.anchor,
                name=name,
                shown=_shown(words),
            ),
            part.place_of(name, words),
            say("look at these words in the file: a sign or a mark that is seldom used may be printed in another way"),
            say("type them again in a simple way; if they are still missing, report it to the maker of the layout"),
            _in_layout(),
        )
    notes = set(map(letters_of, part.footnotes))
    for field, own in fields:
        in_text = [one for one in own if one.letters not in notes]
        early = _out_of_order(in_text, search, printed.order)
        if early and field.name not in gone:
            told = say('"{shown}" comes too early', shown=_shown(early))
            message = say(
                '{anchor}: the field "{field}" is not printed in order; {told}',
                anchor=part.anchor,
                field=field.name,
                told=told,
            )
            where = part.place_of(field.name, early)
            hints = (
                say("report it to the maker of the layout: nothing is wrong in the file of the content"),
                say("in a layout of your own, print its paragraphs one below the other"),
            )
            yield error("missing-text", message, where, *hints)


def _gone(
    part: Expected, paragraphs: Sequence[tuple[PrintedField, Paragraph]], search: Search, order: LettersInOrder
) -> dict[str, str]:
    """The fields that are not printed whole, and the words of each from the first missing."""
    # The longest first, so that a short text is not found inside a long one.
    by_length = sorted(paragraphs, key=lambda pair: (-len(pair[1].letters), pair[1].letters))
    gone: dict[Paragraph, tuple[str, str]] = {}
    for letters, pairs in groupby(by_length, key=lambda pair: pair[1].letters):
        equal = list(pairs)
        if len(equal) > 1 and search.take_in_order([paragraph for _, paragraph in equal]):
            continue
        for field, paragraph in equal:
            missing = _missing(paragraph, part.footnotes, search)
            if missing and not (field.name == "themes" and letters in part.descriptions):
                gone[paragraph] = field.name, missing
    if gone:
        described = part.descriptions
        named = [
            (field.name, one) for field, one in by_length if field.name != "themes" or one.letters not in described
        ]
        gone = counted(gone, named, order)
    return dict(reversed(gone.values()))


def _in_layout() -> Text:
    return say(
        "in a layout of your own, print the field; if it is left out on purpose, name it in leaves_out: in layout.yaml"
    )


def _missing(paragraph: Paragraph, footnotes: Sequence[str], search: Search) -> str:
    """Take a paragraph, in one piece or with some words of it at the foot; gives its words from the first missing."""
    missing = search.take(paragraph)
    if not missing or not (notes := _places_of_notes(paragraph.text, footnotes)):
        return missing
    rest, parts, end = "", [], 0
    for start, stop in notes:
        rest, end = rest + paragraph.text[end:start], stop
        parts.append(Paragraph(paragraph.text[start:stop], 1))
    # Where words are set at the foot, their mark stands in the text.
    parts.append(Paragraph(rest + paragraph.text[end:], paragraph.breaks + len(notes)))
    gone = [words for part in sorted(parts, key=lambda part: -len(part.letters)) if (words := search.take(part))]
    return gone[0] if gone else ""


def _places_of_notes(text: str, footnotes: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words of footnotes stand in a text: the beginning and end of each, one after the other."""
    if not footnotes:
        return []
    ends = list(accumulate(len(letters_of(sign)) for sign in text))
    letters, found, done = letters_of(text), [], 0
    for note in map(letters_of, footnotes):
        at = letters.find(note, done) if note else -1
        if at >= 0 and len(note) < len(letters):
            done = at + len(note)
            found.append((bisect_right(ends, at), bisect_left(ends, done) + 1))
    return found


def _out_of_order(paragraphs: Sequence[Paragraph], search: Search, order: LettersInOrder) -> str:
    """The first paragraph of a field that stands above the one before; one that may stand twice is passed over."""
    found = [(one.text, at) for one in paragraphs if (at := search.place(one)) is not None]
    for (_, before), (text, at) in pairwise(found):
        place, above = order.place(at), order.place(before)
        if place and above and _is_above(place, above):
            return text
    return ""


def _shown(words: str) -> str:
    return " ".join(words.split()[:SHOWN])


def _is_above(place: Place, other: Place) -> bool:
    """Whether a letter stands on a page before another one, or above it in the same column."""
    if place.page != other.page:
        return place.page < other.page
    return abs(place.left - other.left) < COLUMN and place.top > other.top + SLACK


def _descriptions(elements: Iterable[object]) -> Iterator[str]:
    for element in elements:
        if isinstance(element, Element):
            if element.alt:
                yield letters_of(element.alt)
            yield from _descriptions(element.kids)


def _texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """The text of each page; closes the document."""
    try:
        for page in document:
            lines = page.get_textpage()
            yield str(lines.get_text_range())
            lines.close()
            page.close()
    finally:
        document.close()

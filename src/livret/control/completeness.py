"""The completeness check: every field of every selected part must be found in the text of the PDF.

The text is that of the pages of the part, without running heads and folios. Each paragraph must be there whole, its
words in order. Two paragraphs cannot be found in the same place: a name inside a longer text does not count as the
heading. The order of paragraphs is not checked, because a page may draw its lists after its other text.

Only letters and digits are compared, because typesetting changes hyphens at line ends, ligatures, spaces, quotation
marks and case. Two things may stand inside a paragraph. One is a few letters: a printed folio, the mark of a note, or
the letters that stand for a logo. The other is the text at the end of one page and at the start of the next, or all of
a facing page between two pages of the same text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from livret.content.language.markdown import plain_text
from livret.content.schema.model import CardContact, EditorialPage, Initiative, Partner
from livret.findings import Finding, Location, error

if TYPE_CHECKING:
    import pypdfium2

# Stands between pages; the rest of the text is only letters and digits.
PAGE_END = "\f"
# Replaces letters that were found.
TAKEN = "\0"
# The most letters of a printed folio or of the mark of a note: "voir p. 124".
REFERENCE = 16
# The most letters of notes at the foot of a page and of the start of the next page.
FOOT = 2000
# This many equal letters show where a text goes on.
TAIL = 8
# Facing pages may hold a text each, which both go on overleaf.
FLOWS = 2
# How many words of a missing text a message shows.
SHOWN = 8

_NO_LETTERS = re.compile(r"[\W_]+")
# Signs for "number" and for ordinals; some of them are printed as letters.
_ORDINALS = re.compile("[°º\u1d52ª\u1d43]")
_ALIKE = str.maketrans({"œ": "oe", "æ": "ae"})


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
    """A part that must be in the book: its anchor, its fields, its source, and its pages in the book, from 0."""

    anchor: str
    fields: tuple[PrintedField, ...]
    source: Location
    pages: tuple[int, ...]


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
    # The further themes may be printed as pictograms only.
    yield _plain("themes", themes[card.themes[0]])
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
        error("missing-card", f"{anchor} was selected and has no page in the book", source)
        for anchor, source in selected.items()
        if anchor not in bound
    ]


def unfound(pdf: Path, expected: Sequence[Expected], furniture: Sequence[Path] = ()) -> list[Finding]:
    """An error for each field that is not whole in the text of its pages; one error if nothing of a part is there.

    `furniture` lists the files with running heads and folios, one page for each page of the book; their text is left
    out.
    """
    # Imported here because it is slow, and needed only when a new file is checked.
    import pypdfium2

    findings: list[Finding] = []
    heads = [letters_of(text) for path in furniture for text in _texts(pypdfium2.PdfDocument(path), None)]
    pages = sorted({page for one in expected for page in one.pages})
    read = dict(zip(pages, _texts(pypdfium2.PdfDocument(pdf), pages), strict=False))
    for part in expected:
        texts = []
        for page in part.pages:
            text = letters_of(read.get(page, ""))
            head = heads[page] if page < len(heads) else ""
            # Running heads are drawn last, so they are the end of the page's text.
            texts.append(text[: text.rfind(head)] if head and head in text else text)
        words = [word for page in part.pages for word in read.get(page, "").split()]
        findings += lost(part, PAGE_END.join(texts), words)
    return findings


def lost(part: Expected, printed: str, words: Collection[str] = ()) -> Iterator[Finding]:
    """The findings for one part. `printed` holds the letters of its pages, `words` the words as they are read there."""
    paragraphs = [(field, paragraph) for field in part.fields for paragraph in field.paragraphs]
    # The longest first, so that a short text is not found inside a long one.
    paragraphs.sort(key=lambda pair: -len(letters_of(pair[1])))
    printed_words = {_sorted_letters(word) for word in words}
    gone: dict[str, str] = {}
    for field, paragraph in paragraphs:
        if _is_right_to_left(paragraph):
            missing = _not_among(paragraph, printed, printed_words)
        else:
            printed, missing = _taken(field, paragraph, printed)
        if missing:
            gone.setdefault(field.name, missing)
    if len(gone) == len({field.name for field in part.fields}):
        yield error("missing-card", f"{part.anchor}: none of its texts is in its pages", part.source)
        return
    for name, words in sorted(gone.items()):
        told = " ".join(words.split()[:SHOWN])
        yield error(
            "missing-text",
            f'{part.anchor}: the field "{name}" is not printed whole; missing from "{told}" on',
            part.source,
            "print it in the layout; or name it in leaves_out: in layout.yaml if it is left out on purpose",
        )


def _taken(field: PrintedField, paragraph: str, printed: str) -> tuple[str, str]:
    """The letters left after those of a paragraph are taken away, and its words from the first that is missing."""
    letters = letters_of(paragraph)
    if not letters:
        return printed, ""
    place = printed.find(letters)
    if place >= 0:
        return printed[:place] + TAKEN * len(letters) + printed[place + len(letters) :], ""
    best = 0
    # The end of a page, or a reference, may stand within the first letters.
    for head in (letters[:TAIL], letters[:2]):
        place = printed.find(head)
        while place >= 0:
            pieces, done = _follow(letters, printed, place, field.breaks)
            if done == len(letters):
                for start, end in pieces:
                    printed = printed[:start] + TAKEN * (end - start) + printed[end:]
                return printed, ""
            best = max(best, done)
            place = printed.find(head, place + 1)
    return printed, _from(paragraph, best)


def _not_among(paragraph: str, printed: str, printed_words: Collection[str]) -> str:
    """The words of a right-to-left paragraph that are not printed.

    Such lines are stored from left to right, and the letters of a ligature in them the other way round; readers of PDFs
    part words at vowel marks. So words are compared alone, by their letters in any order. Those that are still not
    found must at least have their letters among those that the found words leave.
    """
    words = paragraph.split()
    gone = [word for word in words if letters_of(word) not in printed and _sorted_letters(word) not in printed_words]
    left = Counter(printed)
    left.subtract(letters_of(" ".join(word for word in words if word not in gone)))
    missing = Counter(letters_of(" ".join(gone)))
    return "" if all(left[letter] >= count for letter, count in missing.items()) else " ".join(gone)


def _sorted_letters(word: str) -> str:
    return "".join(sorted(letters_of(word)))


def _follow(letters: str, printed: str, start: int, links: int) -> tuple[list[tuple[int, int]], int]:
    """The pieces of a printed text that match the letters from `start` on, and how many of the letters match."""
    pieces, done, at = [], 0, start
    while done < len(letters):
        begin = at
        while at < len(printed) and done < len(letters) and printed[at] == letters[done]:
            at, done = at + 1, done + 1
        pieces.append((begin, at))
        if done < len(letters):
            at, links = _beyond(letters[done:], printed, at, links)
            if at < 0:
                break
    return pieces, done


def _beyond(rest: str, printed: str, at: int, links: int) -> tuple[int, int]:
    """Where `rest` of a text goes on: after a reference, if `links` are left, or on a later page.

    Gives the place in `printed`, -1 if there is none, and how many links are left.
    """
    if links and (found := printed.find(rest[:TAIL], at, at + REFERENCE + TAIL)) >= 0:
        return found, links - 1
    places = []
    page_end = printed.find(PAGE_END, at, at + FOOT)
    # A text of left-hand pages goes on after the whole right-hand page between them.
    for _ in range(FLOWS):
        if page_end >= 0:
            places.append(printed.find(rest[:TAIL], page_end, page_end + FOOT))
            page_end = printed.find(PAGE_END, page_end + 1)
    found_on = [place for place in places if place >= 0]
    # A few equal letters may stand on a wrong page; more of the text follows on the right one.
    return max(found_on, key=lambda place: _equal_letters(rest, printed, place), default=-1), links


def _equal_letters(rest: str, printed: str, place: int) -> int:
    pairs = zip(rest, printed[place : place + len(rest)], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _from(paragraph: str, letters: int) -> str:
    """The words of a paragraph without those that its first `letters` letters fill."""
    words = paragraph.split()
    for place, word in enumerate(words):
        letters -= len(letters_of(word))
        if letters < 0:
            return " ".join(words[place:])
    return paragraph


def letters_of(text: str) -> str:
    """The letters and digits of a text, in the form in which texts are compared."""
    plain = unicodedata.normalize("NFKD", _ORDINALS.sub("", text)).casefold().translate(_ALIKE)
    return _NO_LETTERS.sub("", plain)


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in text)


def _texts(document: pypdfium2.PdfDocument, pages: Sequence[int] | None) -> list[str]:
    """The text of each of these pages, from 0, or of all pages; closes the document."""
    try:
        found = []
        for index in range(len(document)) if pages is None else pages:
            if index >= len(document):
                break
            page = document[index]
            lines = page.get_textpage()
            found.append(str(lines.get_text_range()))
            lines.close()
            page.close()
        return found
    finally:
        document.close()

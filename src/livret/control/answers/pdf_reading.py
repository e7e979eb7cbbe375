"""Reads one PDF that came back, in a process of its own: `python -m livret.control.answers.pdf_reading FILE`.

The file may come from anybody. This process may use little time and memory, runs no script of the file, and ends
without harm to the one that started it. It prints JSON: `fault` alone, or the `forms` with their names and values, the
`notes` on the pages, each with the number of the form that it belongs to, and `codes`, the words that look like the
digest of a version.
"""

from __future__ import annotations

import html
import io
import json
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from livret.control.answers.form_reading import LENGTH, PAGES, FoundForm, forms, kids, text

SECONDS, MEMORY = 20, 1 << 30
NOTES = 300
# What people put on a page to say something (ISO 32000-1, table 169); a popup only shows the text of another one.
KINDS = frozenset(
    "Text FreeText Highlight Underline Squiggly StrikeOut Caret Stamp Ink Line Square Circle Polygon PolyLine"
    " FileAttachment Redact".split()
)
# A reader looks for the header in the first bytes (ISO 32000-1, implementation note 13).
_HEADER, _HEADER_WITHIN, _ZIP = b"%PDF-", 1024, b"PK\x03\x04"
_MARKUP = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"</p>|<br */?>", re.IGNORECASE)
_CODE = re.compile(r"\b[0-9a-f]{8}\b")
# Marks that stand on words, and how far from the others words are looked for, in points.
_MARKED = frozenset({"Highlight", "Underline", "Squiggly", "StrikeOut"})
_NEAR = 60
# A page of text has some thousand characters. pdfium gives a hyphen that ends a line as one of the others.
_CHARACTERS = 20_000
# The key of a text that is read in place of letters, and a key that nobody knows.
_ACTUAL, _UNKNOWN = b"/ActualText", b"/PrintedText"
_LINE_END_HYPHENS = str.maketrans("", "", "\x02\ufffe")


def read(path: Path) -> dict[str, Any]:
    """What is in a PDF. Never raises for what a file holds, but may run out of time or memory."""
    import pikepdf

    try:
        with path.open("rb") as file:
            begin = file.read(_HEADER_WITHIN)
            # qpdf would find a PDF inside of a ZIP.
            if begin.startswith(_ZIP) or _HEADER not in begin:
                return {"fault": "damaged"}
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                return {"fault": "encrypted"}
            found = forms(pdf)
            noted = list(_notes(pdf))
            placed = _with_words(_as_printed(pdf, path), noted) if noted else []
            notes = [note | {"form": _form_at(note["page"], found)} for note in placed]
            return {"forms": [form.as_dict() for form in found], "notes": notes, "codes": sorted(_codes(path))}
    except pikepdf.PasswordError:
        return {"fault": "encrypted"}
    except (pikepdf.PdfError, OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError):
        return {"fault": "damaged"}


def _form_at(page: int, found: Sequence[FoundForm]) -> int:
    """The number of the form that a page belongs to: of several proofs in one file, the last that begins before it."""
    return max([number for number, form in enumerate(found) if form.page <= page], default=0)


def _notes(pdf: Any) -> Iterator[dict[str, Any]]:
    """What was put on the pages; `answers` is the number of the note that it answers."""
    numbers: dict[tuple[int, int], int] = {}
    count = 0
    for index in range(min(len(pdf.pages), PAGES)):
        page = pdf.pages[index].obj
        for note in kids(page, "/Annots"):
            kind = text(note.get("/Subtype")).removeprefix("/")
            # "Accepted", "Marked" and the like are states of a note, and say nothing of the card (12.5.6.3).
            if kind not in KINDS or "/StateModel" in note:
                continue
            if count == NOTES:
                return
            numbers[note.objgen] = count
            count += 1
            above = note.get("/IRT")
            yield {
                "page": index,
                "kind": kind,
                "text": text(note.get("/Contents")) or _plain(text(note.get("/RC"))),
                "by": text(note.get("/T"))[:200],
                "answers": numbers.get(above.objgen) if above is not None and above.objgen != (0, 0) else None,
                "boxes": _boxes(note, kind),
            }


def _plain(rich: str) -> str:
    """The words of a rich text, which is XHTML; a paragraph is a line."""
    return html.unescape(_MARKUP.sub("", _PARAGRAPH.sub("\n", rich))).strip()


def _boxes(note: Any, kind: str) -> list[list[float]]:
    """The rectangles of the words that a mark stands on; else the rectangle of the note."""
    quads = _numbers(note.get("/QuadPoints")) if kind in _MARKED else []
    corners = [quads[start : start + 8] for start in range(0, min(len(quads), 800) // 8 * 8, 8)]
    if not corners:
        rectangle = _numbers(note.get("/Rect"))
        corners = [[*rectangle[:4]]] if len(rectangle) >= 4 else []
    return [[min(one[0::2]), min(one[1::2]), max(one[0::2]), max(one[1::2])] for one in corners]


def _numbers(value: Any) -> list[float]:
    import pikepdf

    if not isinstance(value, pikepdf.Array):
        return []
    found = []
    for index in range(min(len(value), 1000)):
        try:
            found.append(float(value[index]))
        except (TypeError, ValueError, OverflowError):
            return []
    return [one for one in found if abs(one) < 1e6] if all(abs(one) < 1e6 for one in found) else []


def _as_printed(pdf: Any, path: Path) -> bytes:
    """The file without what is read in place of its letters: pdfium spreads such words over a place of its own."""
    import pikepdf

    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") in (None, "/Form"):
            with suppress(pikepdf.PdfError):
                content = one.read_bytes()
                if _ACTUAL in content:
                    one.write(content.replace(_ACTUAL, _UNKNOWN))
    with io.BytesIO() as held, suppress(pikepdf.PdfError, RuntimeError, ValueError):
        pdf.save(held)
        return held.getvalue()
    return path.read_bytes()


def _with_words(content: bytes, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The notes, each with the words that it stands on or near."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        texts: dict[int, Any] = {}
        characters: dict[int, list[_Character]] = {}
        for note in notes:
            if note["page"] not in texts:
                texts[note["page"]] = document[note["page"]].get_textpage()
            words = []
            for left, low, right, top in note.pop("boxes"):
                if note["kind"] in _MARKED:
                    # A line's box reaches into its neighbours: its middle does not.
                    inset = (top - low) / 4
                    found = texts[note["page"]].get_text_bounded(left + 0.5, low + inset, right - 0.5, top - inset)
                else:
                    if note["page"] not in characters:
                        characters[note["page"]] = _characters(texts[note["page"]])
                    found = _near(characters[note["page"]], (left + right) / 2, (low + top) / 2)
                words.append(found[:LENGTH])
            note["words"] = " ".join(" ".join(words).split())[:500]
    return notes


# A character, and the middle of its box; a space that pdfium adds between words has a box without extent.
_Character = tuple[str, float, float]


def _characters(page: Any) -> list[_Character]:
    """The characters of a page, in the order of reading."""
    from pypdfium2.raw import FPDFText_GetUnicode

    found = []
    for number in range(min(page.count_chars(), _CHARACTERS)):
        left, low, right, top = page.get_charbox(number)
        found.append((chr(FPDFText_GetUnicode(page, number)), (left + right) / 2, (low + top) / 2))
    return found


def _near(characters: Sequence[_Character], across: float, middle: float) -> str:
    """The words around a place on its line, none of them cut."""
    chosen: set[int] = set()
    for number, (character, x, y) in enumerate(characters):
        if abs(x - across) > _NEAR or abs(y - middle) > 6 or character.isspace() or number in chosen:
            continue
        first = last = number
        while first and not characters[first - 1][0].isspace():
            first -= 1
        while last + 1 < len(characters) and not characters[last + 1][0].isspace():
            last += 1
        chosen.update(range(first, last + 1))
    words = [characters[number][0] if number in chosen else " " for number in range(len(characters))]
    return "".join(words).translate(_LINE_END_HYPHENS)


def _codes(path: Path) -> set[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage().get_text_bounded() if len(document) else ""
    return set(_CODE.findall(text[:200_000])[:20])


def main() -> None:
    """Read the file that is named on the command line, and print what is in it."""
    limits = ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0))
    for kind, most in limits:
        # macOS knows no limit of memory.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    print(json.dumps(read(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()

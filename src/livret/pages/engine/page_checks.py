"""What the engine said of a galley, and what can be seen on its pages, as findings."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import FootnoteAreaBox, LineBox, TextBox

from livret.content import missing_glyphs
from livret.content.font_files import KnownFonts
from livret.content.messages import quoted
from livret.findings import Finding, Location, error, note, warning
from livret.pages.engine.files import Refused
from livret.pages.engine.style_words import hints, in_our_words
from livret.pages.engine.text_checks import check_texts
from livret.pages.engine.words import HYPHEN
from livret.pages.galley import Galley, Stylesheet
from livret.translation import Text, foreign, say, system_reason

GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit"})

# The rule of each record that WeasyPrint logs; the first pattern that matches decides.
RULES = (
    (re.compile(r"Failed to load image at"), "missing-picture"),
    (re.compile(r"Failed to load stylesheet at"), "missing-stylesheet"),
    (re.compile(r"(No anchor|Content discarded|target-)"), "unknown-reference"),
    (re.compile(r"(Ignored|Invalid|Parse error|Unsupported|Unknown)| at \d+:\d+"), "stylesheet"),
)


# An address of `files.Fetcher`; a message shows it as the path that was written.
ADDRESS = re.compile(r"'?file:///\d+/([^\s']*)'?")
# A data address holds a whole file: a message shows its beginning.
DATA_ADDRESS = re.compile(r"'?(data:[^\s',]{0,40})[^\s']*'?")

# A picture or a style sheet, and why it is not there: the name of an exception, then its words.
_LOST_FILE = re.compile(r'Failed to load (image|stylesheet) at (?:"([^"]*)"|\'([^\']*)\') ?: (?:\w+: )?(.*)')

# What the engine quotes where it gives no line: a selector, and the end of the address of a style sheet.
SELECTOR = re.compile(r"Invalid or unsupported selector, ['\"](.*?)['\"](?:, (?:unknown|ignored).*)?$", re.DOTALL)
IMPORT = re.compile(r"Failed to load stylesheet at \S*?([^/\s]+) : ")

# What may stand between signs of a style sheet, and how far before a value its name is looked for.
_GAP = r"(?:\s|/\*.*?\*/)"
_FAR = 400

# These records are dropped: `missing-glyph` and `missing-alt` below say the same with more detail, and a further record
# says where a medium stands that is not known.
TOLD_BETTER = re.compile(r"\.notdef glyph|Image .* has no required alt description|Expected a media type")


# From so many hyphenated lines in a row on, there is a note.
LADDER = 3


def from_record(record: logging.LogRecord, place: str, sheets: Sequence[Stylesheet] = ()) -> Finding:
    """A record of the engine as a finding: an error when something is missing on the page, else a warning.

    `sheets` are the style sheets that it may be about: the one that was read, or all of a galley that was laid out.
    """
    message = ADDRESS.sub(lambda address: f'"{unquote(address[1])}"', " ".join(record.getMessage().split()))
    message = DATA_ADDRESS.sub(r'"\1,..."', message)
    rule = next((name for pattern, name in RULES if pattern.search(message)), "engine")
    where = _place_in(sheets, record, message if rule == "stylesheet" else "") or Location(place)
    lost = rule in {"missing-picture", "missing-stylesheet", "unknown-reference"} or record.levelno >= logging.ERROR
    told = _lost_file(message, record) or in_our_words(record) or foreign(message.rstrip("."))
    return (error if lost else warning)(rule, told, where, *hints(record))


def _lost_file(message: str, record: logging.LogRecord) -> Text | None:
    """What the engine says of a file that it cannot load, in the words of the check; None for any other record."""
    found = _LOST_FILE.match(message)
    if found is None:
        return None
    name, is_there = quoted(found[2] or found[3]), found[4] != "no such file"
    reason = _refusal(record) or foreign(found[4])
    if found[1] == "stylesheet":
        if is_there:
            return say("the style sheet {text} cannot be read: {reason}", text=name, reason=reason)
        return say("the style sheet {text} does not exist", text=name)
    if is_there:
        return say("the picture {text} cannot be printed: {reason}", text=name, reason=reason)
    return say("the picture {text} does not exist", text=name)


def _refusal(record: logging.LogRecord) -> Text | None:
    """Why a file was not given to the engine, in our words: the engine keeps the English of it alone."""
    problem = record.args[-1] if isinstance(record.args, tuple) else None
    while isinstance(problem, BaseException):
        if isinstance(problem, Refused):
            return problem.reason
        if isinstance(problem, OSError) and problem.errno:
            return system_reason(problem)
        problem = problem.__cause__ or problem.__context__
    return None


def _place_in(sheets: Sequence[Stylesheet], record: logging.LogRecord, message: str) -> Location | None:
    """Where in a style sheet the fault of a record stands; None when that cannot be told."""
    told = re.search(r" at (\d+):(\d+)", message)
    if told is None:
        found = ((sheet.name, _line_in(sheet.text, record.getMessage())) for sheet in sheets)
        return next((Location(name, line) for name, line in found if line), None)
    line, column = int(told[1]), int(told[2])
    for sheet in sheets:
        # A value with a variable is read when the page is laid out: the engine then knows the line, and no file.
        if len(sheets) == 1 or _is_there(sheet.text, line, column, record):
            return Location(sheet.name, line, column)
    return None


def _is_there(text: str, line: int, column: int, record: logging.LogRecord) -> bool:
    """Whether a style sheet has the value of a property, or the function, of a record at this place.

    The engine reads border as border-top, border-right and so on: the record is told the name that was typed.
    """
    values = record.args if isinstance(record.args, tuple) else ()
    name = next((str(value) for value in values if isinstance(value, str)), "")
    lines = text.split("\n")[:line]
    if len(lines) < line:
        return False
    if function := re.match(r"[\w-]+\(", name):
        return lines[-1].startswith(function[0], column - 1)
    before = "\n".join([*lines[:-1], lines[-1][: column - 1]])[-_FAR:]
    parts = name.split("-")
    names = "|".join(re.escape("-".join(parts[:count])) for count in range(len(parts), 0, -1) if parts[count - 1])
    typed = re.search(rf"(?<![\w-])({names})\s*:{_GAP}*\Z", before, re.DOTALL)
    if typed and len(values) > 1:
        record.args = (typed[1], *values[1:])
    return typed is not None


def _line_in(text: str, message: str) -> int:
    """The line of a selector or an @import of which the engine gives none; 0 if it is not found."""
    if selector := SELECTOR.search(message):
        words = map(re.escape, selector[1].split())
        pattern = rf"(?:\A|[{{}};/\s])({f'{_GAP}+'.join(words)}){_GAP}*\{{"
    elif address := IMPORT.search(message):
        # It may have been typed with the signs of addresses, or without.
        typed = "|".join(map(re.escape, {address[1], unquote(address[1])}))
        pattern = rf"(@import[^;]*(?:{typed}))"
    else:
        return 0
    found = re.search(pattern, text, re.DOTALL)
    return text.count("\n", 0, found.start(1)) + 1 if found else 0


def check_pages(pages: Sequence[Page], html: Any, fonts: KnownFonts, galley: Galley) -> Iterator[Finding]:
    """All that can be seen on the laid out pages of a galley and in its HTML tree."""
    where = Location(galley.place)
    for picture in html.iter("img"):
        if "alt" not in picture.attrib:
            message = say('picture "{picture}" has no alternative text', picture=picture.get("src"))
            yield warning("missing-alt", message, where, say('write alt="" for a picture that only decorates'))
    boxes = [box for page in pages for box in texts(page)]
    missing = missing_glyphs.without_glyph((box.text for box in boxes), fonts.characters)
    if missing:
        yield error("missing-glyph", missing_glyphs.told(missing), where, *missing_glyphs.hints(missing))
    yield from _missing_families({family for box in boxes for family in box.style["font_family"]}, fonts, galley)
    yield from _ladders(pages, where)
    yield from check_texts(pages, galley)


def _missing_families(used: Iterable[str], fonts: KnownFonts, galley: Galley) -> Iterator[Finding]:
    """Families that no font has, at the line of a style sheet: the engine takes another one and says nothing."""
    for family in sorted(name for name in used if name.casefold() not in GENERIC_FAMILIES | fonts.families):
        sheet = next((sheet for sheet in galley.stylesheets if family in sheet.text), None)
        line = sheet.text.count("\n", 0, sheet.text.index(family)) + 1 if sheet else 0
        where = Location(sheet.name, line) if sheet else Location(galley.place)
        yield error("missing-font", say('no font of the family "{family}"', family=family), where)


def _ladders(pages: Iterable[Page], where: Location) -> Iterator[Finding]:
    """Blocks with many lines in a row that the engine ended in a hyphen. The engine has no limit for this."""
    for number, page in enumerate(pages, 1):
        for block in page._page_box.descendants(placeholders=True):
            lines = [child for child in getattr(block, "children", ()) if isinstance(child, LineBox)]
            texts = ("".join(box.text for box in line.descendants() if isinstance(box, TextBox)) for line in lines)
            for is_hyphenated, run in groupby(texts, lambda text: text.endswith(HYPHEN)):
                rungs = list(run)
                if is_hyphenated and len(rungs) >= LADDER:
                    start = " ".join(rungs[0].removesuffix(HYPHEN).split()[-3:])
                    message = say(
                        '{number} lines in a row end in a hyphen on page {page} of the part, from "…{start}-" on',
                        number=len(rungs),
                        page=number,
                        start=start,
                    )
                    yield note("hyphen-ladder", message, where, say("change a word or two before it"))


def texts(page: Page) -> Iterator[TextBox]:
    """Every run of text on a page, those of absolutely positioned boxes too."""
    return (box for box in page._page_box.descendants(placeholders=True) if isinstance(box, TextBox))


def footnotes(page: Page) -> Iterator[str]:
    """The words of each footnote at the foot of a page, without the mark before them."""
    for area in page._page_box.children:
        if isinstance(area, FootnoteAreaBox):
            yield from ("".join(_without_mark(note)) for note in area.children)


def _without_mark(box: Any) -> Iterator[str]:
    if isinstance(box, TextBox):
        yield box.text
    elif not (box.element_tag or "").endswith("::footnote-marker"):
        for child in getattr(box, "children", ()):
            yield from _without_mark(child)


def word_count(runs: Iterable[str]) -> int:
    """Runs between blanks that hold a letter or a digit."""
    return sum(any(map(str.isalnum, word)) for run in runs for word in run.split())

"""Typesetting: one galley in, one PDF fragment and its facts out, by WeasyPrint.

The only module that imports WeasyPrint. It runs in worker processes, whose environment must carry
FONTCONFIG_FILE before it is imported, so that only the project's fonts exist.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import fontTools.ttLib  # type: ignore[import-untyped]
import weasyprint
from weasyprint.document import Document, Page
from weasyprint.formatting_structure.boxes import LineBox, TextBox
from weasyprint.logger import LOGGER
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from livret.findings import Finding, Location, error, note, warning
from livret.measure import POINTS_PER_PIXEL
from livret.pages.engine import patches
from livret.pages.engine.tagging import HYPHEN, Tagged, join_words
from livret.pages.galley import Facts, Galley, Spot, Stylesheet
from livret.pages.structure_tree import Element, packed
from livret.project import PICTURE_LIMIT, digest

if TYPE_CHECKING:
    from livret.pages.flatplan import Side

if harfbuzz_subset is None:
    # WeasyPrint would go on with a subsetter that is many times slower and gives other bytes.
    raise OSError("cannot load library 'libharfbuzz-subset'")

GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit"})

# What WeasyPrint logs, and the rule each record becomes; the first pattern that matches decides.
RULES = (
    (re.compile(r"Failed to load image at"), "missing-picture"),
    (re.compile(r"Failed to load stylesheet at"), "missing-stylesheet"),
    (re.compile(r"(No anchor|Content discarded|target-)"), "unknown-reference"),
    (re.compile(r"(Ignored|Invalid|Parse error|Unsupported|Unknown)"), "stylesheet"),
)


# An address of `_Fetcher`, shown as the path that was written.
ADDRESS = re.compile(r"'?file:///\d+/([^\s']*)'?")

# What this module tells better itself: `missing-glyph`, and `missing-alt` for pictures that do not merely decorate.
TOLD_BETTER = re.compile(r"\.notdef glyph|Image .* has no required alt description")


# So many lines in a row that end in a hyphen are told.
LADDER = 3


class _Refused(ValueError):
    """An address that content or a layout may not read."""


class _Records(logging.Handler):
    """Collects what the engine logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not TOLD_BETTER.match(record.getMessage()):
            self.records.append(record)

    def drain(self) -> tuple[logging.LogRecord, ...]:
        """Hand over what was collected and start anew."""
        records, self.records = tuple(self.records), []
        return records


class Files(Protocol):
    """Where files are read: on this machine, or as they are on the one that a galley comes from."""

    def resolve(self, path: Path) -> Path:
        """A path without links in it."""
        ...

    def size(self, path: Path) -> int | None:
        """The bytes that a file holds; None when there is no such file."""
        ...

    def read(self, path: Path) -> bytes:
        """What a file holds."""
        ...


class Disk:
    """The files of this machine."""

    def resolve(self, path: Path) -> Path:
        """A path without links in it."""
        return path.resolve()

    def size(self, path: Path) -> int | None:
        """The bytes that a file holds; None when there is no such file."""
        return path.stat().st_size if path.is_file() else None

    def read(self, path: Path) -> bytes:
        """What a file holds."""
        return path.read_bytes()


@dataclass
class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Reads files below the given folders and nothing else, and writes down what it read.

    Addresses are `file:///NUMBER/PATH`, with the number of a folder: the engine names pictures after their
    addresses, and a fragment shall not tell where it was made.
    """

    roots: tuple[Path, ...]
    disk: Files
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def address(self, folder: Path) -> str:
        """The address of a folder at or below one of the roots; one that nothing is read from, for any other."""
        for number, root in enumerate(self.roots):
            if folder.is_relative_to(root):
                return f"file:///{number}/{quote(folder.relative_to(root).as_posix())}/"
        return "file:///outside/"

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url)
        if parts.scheme != "file":
            raise _Refused(f"no network: {url}")
        _, number, *names = unquote(parts.path).split("/")
        if not (number.isdecimal() and int(number) < len(self.roots)):
            raise _Refused("outside the project")
        path = self.disk.resolve(self.roots[int(number)].joinpath(*names))
        if not any(path.is_relative_to(self.disk.resolve(root)) for root in self.roots):
            raise _Refused("outside the project")
        size = self.disk.size(path)
        if size is None:
            self.files[str(path)] = "missing"
            raise FileNotFoundError("no such file")
        if size > PICTURE_LIMIT:
            raise _Refused(f"over {PICTURE_LIMIT // 2**20} MB")
        content = self.disk.read(path)
        self.files[str(path)] = digest(content)
        return URLFetcherResponse(url, content)


@dataclass(frozen=True)
class Engine:
    """What a worker keeps from one galley to the next: fonts and parsed style sheets."""

    fonts: FontConfiguration
    records: _Records
    families: frozenset[str]
    characters: frozenset[int]
    sheets: dict[str, tuple[weasyprint.CSS, tuple[Finding, ...], dict[str, str]]] = field(default_factory=dict)

    def stylesheet(self, sheet: Stylesheet, fetcher: _Fetcher) -> tuple[weasyprint.CSS, tuple[Finding, ...]]:
        """A style sheet parsed once a worker, with the findings its parsing gave.

        Each galley that uses it is written down as a reader of the files that it imports.
        """
        base = fetcher.address(sheet.base) if sheet.base else None
        name = digest(sheet.name, sheet.text, base or "")
        if name not in self.sheets:
            self.records.drain()
            own = _Fetcher(fetcher.roots, fetcher.disk)
            css = weasyprint.CSS(string=sheet.text, base_url=base, font_config=self.fonts, url_fetcher=own)
            findings = tuple(_finding(record, sheet.name) for record in self.records.drain())
            self.sheets[name] = (css, findings, own.files)
        css, findings, files = self.sheets[name]
        fetcher.files.update(files)
        return css, findings


@lru_cache(maxsize=1)
def engine(fonts: tuple[Path, ...]) -> Engine:
    """The engine of this process. Pango is first used here, so never in a process that will fork."""
    patches.take()
    records = _Records()
    LOGGER.handlers[:] = [records]
    LOGGER.setLevel(logging.WARNING)
    LOGGER.propagate = False
    families, characters = set(), set()
    for path in fonts:
        face = fontTools.ttLib.TTFont(path, lazy=True)
        families |= {str(face["name"].getDebugName(number)).casefold() for number in (1, 16)}
        characters |= face["cmap"].getBestCmap().keys()
    return Engine(FontConfiguration(), records, frozenset(families), frozenset(characters))


def typeset(
    galley: Galley, fonts: tuple[Path, ...], disk: Files | None = None
) -> tuple[bytes, Facts, tuple[tuple[str, str], ...]]:
    """Typeset a galley; its files are read from `disk`, on this machine unless said otherwise.

    Gives the PDF (tagged, RGB, with bleed), its facts, and the files read as (path, digest) pairs
    sorted by path. What the engine logs is among the findings of the facts; nothing is raised for it.
    """
    press = engine(fonts)
    fetcher = _Fetcher(galley.roots, disk or Disk())
    parsed = [press.stylesheet(sheet, fetcher) for sheet in galley.stylesheets]
    findings = [finding for _, found in parsed for finding in found]
    sides = dict(galley.sides)
    for step in ("", *galley.fit):
        press.records.drain()
        # Read anew for each step: selectors keep the classes they have seen on an element.
        html = weasyprint.HTML(string=galley.html, base_url=fetcher.address(galley.base), url_fetcher=fetcher)
        html.etree_element.set("class", step)
        document = html.render(stylesheets=[css for css, _ in parsed], font_config=press.fonts)
        pages = _spread_order(document, sides)
        overset = [page for page in pages if page.number >= galley.room > 0]
        if not overset:
            break
    document.pages[:] = [page.page for page in pages]
    for page in document.pages:
        join_words(_texts(page))
    structure: list[Element] = []
    merged = 0

    def finish(document: Document, pdf: Any) -> None:
        nonlocal merged
        if galley.tagged:
            tree = Tagged(pdf, [page.height * POINTS_PER_PIXEL for page in document.pages])
            structure.extend(tree.mend())
            merged = tree.merged
        _without_object_streams(pdf)

    pdf = document.write_pdf(pdf_variant="pdf/ua-1" if galley.tagged else None, finisher=finish)
    where = Location(galley.place)
    findings += [_finding(record, galley.place) for record in press.records.drain()]
    if merged:
        told = f"under one opacity, {merged} element{'s' * (merged > 1)} will be read aloud with the one before"
        findings.append(warning("opacity", told, where, "give each paragraph the opacity, or a lighter colour"))
    for picture in html.etree_element.iter("img"):
        if "alt" not in picture.attrib:
            message = f'picture "{picture.get("src")}" has no alternative text'
            findings.append(warning("missing-alt", message, where, 'write alt="" for a picture that only decorates'))
    text = [[box.text for box in _texts(page)] for page in document.pages]
    missing = sorted(_uncovered((run for runs in text for run in runs), press.characters))
    if missing:
        shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
        findings.append(error("missing-glyph", f"no font has {shown}", where, "add a font that has it to fonts/"))
    families = {family for page in document.pages for box in _texts(page) for family in box.style["font_family"]}
    findings += _missing_families(families, press.families, galley)
    findings += _ladders(document.pages, where)
    words = tuple(_words(runs) for runs in text)
    first = document.pages[0]
    facts = Facts(
        sides=tuple(page.side for page in pages),
        words=words,
        anchors=dict(_spots(document)),
        width=first.width * POINTS_PER_PIXEL,
        height=first.height * POINTS_PER_PIXEL,
        bleed=first.bleed["left"] * POINTS_PER_PIXEL,
        fit=step,
        overset=sum(words[index] for index, page in enumerate(pages) if page in overset),
        structure=packed(structure),
        findings=tuple(dict.fromkeys(findings)),
    )
    return pdf, facts, tuple(sorted(fetcher.files.items()))


def _without_object_streams(pdf: Any) -> None:
    """Have objects written one by one: binding reads few of them, and from an object stream it has to read all."""
    pdf.write = lambda output, version, identifier, _compress: type(pdf).write(pdf, output, version, identifier)


@dataclass(frozen=True, eq=False)
class _Placed:
    """A page, the side it must stand on, and its number among the pages of that side."""

    page: Page
    side: Side
    number: int


def _spread_order(document: Document, sides: dict[str, Side]) -> list[_Placed]:
    """Pages in the order of the book.

    Flows that stand on one side each (a card's organisation on versos, its project on rectos) are laid
    out one after the other; here their pages are interleaved, spread by spread.
    """
    flows: dict[Side, list[_Placed]] = {"verso": [], "recto": [], "any": []}
    for page in document.pages:
        side = sides.get(page._page_box.page_type.name, "any")
        flows[side].append(_Placed(page, side, len(flows[side])))
    spreads = zip_longest(flows["verso"], flows["recto"])
    return [page for spread in spreads for page in spread if page] + flows["any"]


def _finding(record: logging.LogRecord, place: str) -> Finding:
    """An engine's record as a finding: an error when something is lost from the page, else a warning."""
    message = ADDRESS.sub(lambda address: f'"{unquote(address[1])}"', " ".join(record.getMessage().split()))
    rule = next((name for pattern, name in RULES if pattern.search(message)), "engine")
    line = re.search(r" at (\d+):(\d+)", message) if rule == "stylesheet" else None
    where = Location(place, int(line[1]), int(line[2])) if line else Location(place)
    lost = rule in {"missing-picture", "missing-stylesheet", "unknown-reference"} or record.levelno >= logging.ERROR
    return (error if lost else warning)(rule, message.rstrip("."), where)


def _missing_families(used: Iterable[str], known: frozenset[str], galley: Galley) -> Iterator[Finding]:
    """A family that no font has would be replaced without a word; say so instead, where a style sheet names it."""
    for family in sorted(name for name in used if name.casefold() not in GENERIC_FAMILIES | known):
        sheet = next((sheet for sheet in galley.stylesheets if family in sheet.text), None)
        line = sheet.text.count("\n", 0, sheet.text.index(family)) + 1 if sheet else 0
        where = Location(sheet.name, line) if sheet else Location(galley.place)
        yield error("missing-font", f'no font of the family "{family}"', where)


def _ladders(pages: Iterable[Page], where: Location) -> Iterator[Finding]:
    """Lines of one block that end, one after the other, in hyphens of the engine: it knows no limit to them."""
    for number, page in enumerate(pages, 1):
        for block in page._page_box.descendants(placeholders=True):
            lines = [child for child in getattr(block, "children", ()) if isinstance(child, LineBox)]
            texts = ("".join(box.text for box in line.descendants() if isinstance(box, TextBox)) for line in lines)
            for is_hyphenated, run in groupby(texts, lambda text: text.endswith(HYPHEN)):
                rungs = list(run)
                if is_hyphenated and len(rungs) >= LADDER:
                    start = " ".join(rungs[0].removesuffix(HYPHEN).split()[-3:])
                    message = (
                        f'{len(rungs)} lines in a row end in a hyphen on page {number} of the part, from "…{start}-" on'
                    )
                    yield note("hyphen-ladder", message, where, "change a word or two before it")


def _texts(page: Page) -> Iterator[TextBox]:
    """Every run of text on a page, those of absolutely positioned boxes too."""
    return (box for box in page._page_box.descendants(placeholders=True) if isinstance(box, TextBox))


def _words(runs: Iterable[str]) -> int:
    """Runs between blanks that hold a letter or a digit."""
    return sum(any(map(str.isalnum, word)) for run in runs for word in run.split())


def _uncovered(runs: Iterable[str], characters: frozenset[int]) -> set[str]:
    """Characters that no font covers; controls and invisible format characters need no glyph."""
    used = {character for run in runs for character in run}
    return {
        character
        for character in used
        if ord(character) not in characters and unicodedata.category(character) not in {"Cc", "Cf"}
    }


def _spots(document: Document) -> Iterator[tuple[str, Spot]]:
    seen = set()
    for index, page in enumerate(document.pages):
        for name, (x, y, *_) in page.anchors.items():
            if name not in seen:
                seen.add(name)
                yield name, Spot(index, round(x * POINTS_PER_PIXEL, 2), round((page.height - y) * POINTS_PER_PIXEL, 2))

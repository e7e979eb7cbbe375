"""Typesetting: one galley in, one PDF fragment and its facts out, by WeasyPrint.

Runs in worker processes, whose environment must carry FONTCONFIG_FILE before this module is imported, so that only the
project's fonts exist.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import weasyprint
from PIL import Image
from weasyprint.document import Document, Page
from weasyprint.logger import LOGGER
from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, harfbuzz_subset, pango
from weasyprint.text.fonts import FontConfiguration

from livret.content.font_files import KnownFonts
from livret.findings import Finding, LivretError, Location, warning
from livret.measure import POINTS_PER_PIXEL
from livret.pages.engine import patches, tagging, words
from livret.pages.engine.files import Disk, Fetcher, Files, KeptPictures, ReadyPictures
from livret.pages.engine.overset import filled, words_in_flow, words_over
from livret.pages.engine.page_checks import TOLD_BETTER, check_pages, footnotes, from_record, texts
from livret.pages.engine.spread_order import Placed, in_spread_order
from livret.pages.galley import Facts, Galley, PlacedPicture, Spot, Stylesheet
from livret.pages.structure_tree import Element, packed
from livret.project import digest
from livret.translation import say, say_number

if TYPE_CHECKING:
    from livret.pages.flatplan import Side

if harfbuzz_subset is None:
    # WeasyPrint would go on with a subsetter that is many times slower and gives other bytes.
    raise OSError("cannot load library 'libharfbuzz-subset'")

CMYK_GRADIENT = re.compile(r"gradient\([^;{}]*device-cmyk", re.IGNORECASE)

# The C types that the engine asks cffi for while it typesets; cffi parses each when it is first asked for.
C_TYPES = (
    "PangoFcFontMap *",
    "PangoLogAttr[]",
    "PangoRectangle *",
    "char[]",
    "char[4]",
    "hb_codepoint_t[]",
    "hb_tag_t[100]",
    "unsigned int *",
)


def prepare(fonts: tuple[Path, ...] = ()) -> None:
    """Do once, in the process that workers are forked from, what each worker would do on first use.

    Modules are imported, declarations and font files are read. No function of Pango is called, for a process that has
    used Pango must not fork.
    """
    patches.load()
    # Else all readers of pictures are imported when the engine is asked for the first drawing.
    Image.init()
    # A font that cannot be read is met again by the worker, which says so.
    with suppress(Exception):
        KnownFonts.of(fonts)
    for name in C_TYPES:
        ffi.typeof(name)
    for library in (pango, harfbuzz, harfbuzz_subset, fontconfig):
        for name in dir(library):
            # An older library may lack functions that are declared.
            with suppress(AttributeError, NotImplementedError):
                getattr(library, name)


class _Records(logging.Handler):
    """Collects what the engine logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not TOLD_BETTER.match(record.getMessage()):
            self.records.append(record)

    def findings(self, place: str, sheets: Sequence[Stylesheet]) -> list[Finding]:
        """What was collected, as findings at a place or in one of these style sheets; the list is then empty again."""
        records, self.records = self.records, []
        return [from_record(record, place, sheets) for record in records]


@dataclass(frozen=True)
class Engine:
    """What a worker keeps from one galley to the next: fonts, parsed style sheets and prepared pictures."""

    configuration: FontConfiguration
    fonts: KnownFonts
    records: _Records
    sheets: dict[str, tuple[weasyprint.CSS, list[Finding], dict[str, str]]] = field(default_factory=dict)
    pictures: ReadyPictures = field(default_factory=ReadyPictures)

    def stylesheet(self, sheet: Stylesheet, fetcher: Fetcher) -> tuple[weasyprint.CSS, list[Finding]]:
        """A style sheet, parsed once a worker, and the findings of its parsing.

        The files that it imports are written down for each galley that uses it.
        """
        base = fetcher.address(sheet.base) if sheet.base else None
        name = digest(sheet.name, sheet.text, base or "")
        if name not in self.sheets:
            self.records.records.clear()
            own = Fetcher(fetcher.roots, fetcher.disk, self.pictures)
            css = weasyprint.CSS(string=sheet.text, base_url=base, font_config=self.configuration, url_fetcher=own)
            self.sheets[name] = (css, self.records.findings(sheet.name, (sheet,)), own.files)
        css, findings, files = self.sheets[name]
        fetcher.files.update(files)
        return css, findings


@lru_cache(maxsize=1)
def engine(fonts: tuple[Path, ...]) -> Engine:
    """The engine of this process. Pango is first used here, so never in a process that will fork."""
    known = KnownFonts.of(fonts)
    patches.apply(known.named)
    records = _Records()
    LOGGER.handlers[:] = [records]
    LOGGER.setLevel(logging.WARNING)
    LOGGER.propagate = False
    return Engine(FontConfiguration(), known, records)


def typeset(
    galley: Galley, fonts: tuple[Path, ...], disk: Files | None = None, kept: KeptPictures | None = None
) -> tuple[bytes, Facts, tuple[tuple[str, str], ...]]:
    """Typeset a galley; its files are read from `disk`, on this machine unless said otherwise.

    `kept` has pictures that were converted in earlier builds, if there is such a place.
    The PDF is tagged and RGB, with bleed. What the engine logs is among the findings of the facts; nothing is raised
    for it.
    """
    press = engine(fonts)
    fetcher = Fetcher(galley.roots, disk or Disk(), press.pictures, kept, galley.inks)
    parsed = [press.stylesheet(sheet, fetcher) for sheet in galley.stylesheets]
    found = [finding for _, findings in parsed for finding in findings]
    laid_out = _lay_out(galley, press, fetcher, [css for css, _ in parsed])
    pages = [placed.page for placed in laid_out.pages]
    laid_out.document.pages[:] = pages
    written = _write(laid_out.document, galley, fetcher)
    found += press.records.findings(galley.place, galley.stylesheets)
    found += written.findings
    found += patches.findings()
    found += check_pages(pages, laid_out.html, press.fonts, galley)
    counts = tuple(words_in_flow(page) for page in pages)
    facts = Facts(
        sides=tuple(placed.side for placed in laid_out.pages),
        words=counts,
        anchors=dict(_spots(pages)),
        width=pages[0].width * POINTS_PER_PIXEL,
        height=pages[0].height * POINTS_PER_PIXEL,
        bleed=pages[0].bleed["left"] * POINTS_PER_PIXEL,
        fit=laid_out.step,
        over=laid_out.over[0],
        over_in_second=laid_out.over[1],
        flows=tuple(placed.flow for placed in laid_out.pages if placed.flow),
        structure=packed(written.structure),
        findings=tuple(dict.fromkeys(found)),
        pictures=written.pictures,
        layouts=laid_out.tried,
        footnotes=tuple(note for page in pages for note in footnotes(page)),
    )
    return written.pdf, facts, tuple(sorted(fetcher.files.items()))


@dataclass(frozen=True, eq=False)
class _LaidOut:
    """A galley in pages, in the order of the book; its HTML tree, and the copyfitting step it was set at.

    `over` is by side the number of words on the pages beyond those that it may take, of the first language and of the
    second. `told` is what the engine logged; `tried` is the number of layouts that it took to find the step.
    """

    document: Document
    html: Any
    pages: list[Placed]
    step: str
    told: tuple[logging.LogRecord, ...]
    over: tuple[dict[Side, int], dict[Side, int]]
    tried: int = 1


def _lay_out(galley: Galley, press: Engine, fetcher: Fetcher, sheets: list[weasyprint.CSS]) -> _LaidOut:
    """Lay a galley out, by the first copyfitting step at which it fits its room, or else as a card of more pages.

    Each step holds at least what the one before holds, so the search begins where the galley probably fits. Where it
    begins stands in the galley: what was typeset before changes nothing. A step that fills its pages is the first that
    fits, by what the layout says. What is overset is counted at the last step: so many words would have to go for it
    to fit.
    """
    records = press.records.records
    records.clear()
    html = weasyprint.HTML(string=galley.html, base_url=fetcher.address(galley.base), url_fetcher=fetcher)
    told = tuple(records)
    steps = ("", *galley.fit)
    tried = 0

    def set_at(step: str) -> _LaidOut:
        nonlocal tried
        tried += 1
        records[:] = told
        html.etree_element.set("class", step)
        # Selectors keep what they have seen of an element, its classes too, so the elements are wrapped anew.
        html.wrapper_element = type(html.wrapper_element).from_html_root(html.etree_element)
        document = html.render(stylesheets=sheets, font_config=press.configuration)
        pages = in_spread_order(document, dict(galley.sides))
        over = _over(pages, galley.room)
        return _LaidOut(document, html.etree_element, pages, step, tuple(records), over)

    # The first that fits of those that were tried, or else the one that was tried last.
    best: _LaidOut | None = None

    def fits(index: int) -> tuple[bool, bool]:
        nonlocal best
        laid_out = set_at(steps[index])
        fits_here = not any(laid_out.over)
        if fits_here or best is None or any(best.over):
            best = laid_out
        full = galley.full[index - 1] if fits_here and 0 < index <= len(galley.full) else None
        return fits_here, full is not None and any(filled(placed.page) > full for placed in laid_out.pages)

    find_first_that_fits(len(steps), steps.index(galley.likely_fit), fits)
    assert best is not None
    over, classes = best.over, best.step
    if any(over) and galley.continued:
        # The sides that are over tell the style sheet what can stand on further pages. Both languages are set alike.
        sides = sorted({*over[0], *over[1]})
        classes = " ".join((galley.continued, *(f"{galley.continued}-{side}" for side in sides)))
        going_on = set_at(classes)
        depths = _depths(going_on.pages)
        if depths[0] > 2 * galley.room and depths[0] > depths[-1]:
            # A spread after the further one, with an empty page: the style sheet may save it.
            closer = set_at(f"{classes} {galley.continued}-closer")
            if _depths(closer.pages)[0] < depths[0]:
                going_on, classes = closer, f"{classes} {galley.continued}-closer"
        best = replace(going_on, step=galley.continued, over=over if any(going_on.over) else ({}, {}))
    html.etree_element.set("class", classes)
    records[:] = best.told
    return replace(best, tried=tried)


def _depths(pages: list[Placed]) -> list[int]:
    """How many pages the flows of a galley have, the most first."""
    flows = Counter((placed.flow and placed.flow[1], placed.side_in_one_language) for placed in pages)
    return sorted(flows.values(), reverse=True)


def _over(pages: list[Placed], room: int) -> tuple[dict[Side, int], dict[Side, int]]:
    """By side the number of words that are over there, of the first language and of the second."""
    over: tuple[dict[Side, int], dict[Side, int]] = ({}, {})
    flows: dict[tuple[bool, Side], list[Placed]] = {}
    for placed in pages:
        flow = bool(placed.flow and placed.flow[1]), placed.side_in_one_language
        flows.setdefault(flow, []).append(placed)
    for (is_second, side), flow_pages in flows.items():
        beyond = [placed.page for placed in flow_pages if placed.is_over(room)]
        if beyond:
            fitting = [placed.page for placed in flow_pages if not placed.is_over(room)]
            over[is_second][side] = words_over(fitting[-1] if fitting else None, beyond)
    return over


def find_first_that_fits(count: int, start: int, fits: Callable[[int], tuple[bool, bool]]) -> None:
    """Ask `fits` until the first of `count` steps that fits is known, when each after it fits, too.

    It says of a step whether it fits, and if so whether it is full: the one before cannot fit then. It is asked for
    `start`, then for its neighbour, then halves what is left. Where none fits, it is asked for the last at the end.
    """
    too_little, enough, at = -1, count, start
    while True:
        fits_here, is_full = fits(at)
        if fits_here:
            enough = at
            if is_full:
                return
        else:
            too_little = at
        if enough - too_little == 1:
            return
        at = at - 1 if enough == start else at + 1 if too_little == start else (too_little + enough) // 2


@dataclass(frozen=True)
class _Written:
    pdf: bytes
    structure: tuple[Element, ...]
    findings: list[Finding]
    pictures: tuple[PlacedPicture, ...]


def _write(document: Document, galley: Galley, fetcher: Fetcher) -> _Written:
    """Write a document as PDF, its tag tree reduced to what means something."""
    for page in document.pages:
        words.join_words(texts(page))
        words.end_words(page)
    trees: list[tagging.Tagged] = []
    structure: list[Element] = []
    pictures: list[PlacedPicture] = []

    def finish(document: Document, pdf: Any) -> None:
        if galley.tagged:
            trees.append(tagging.Tagged(pdf, [page.height * POINTS_PER_PIXEL for page in document.pages]))
            structure.extend(trees[0].mend())
        pictures.extend(_placed_pictures(pdf, fetcher))
        # Have objects written one by one: binding reads few of them, and from an object stream it has to read all.
        pdf.write = lambda output, version, identifier, _compress: type(pdf).write(pdf, output, version, identifier)

    try:
        pdf = document.write_pdf(pdf_variant="pdf/ua-1" if galley.tagged else None, finisher=finish)
    except NotImplementedError as problem:
        # The engine raises it for a gradient of CSS between colours in CMYK, which it cannot convert to sRGB.
        told = say(
            "{place}: a gradient of CSS cannot have colours in device-cmyk()",
            place=_cmyk_gradient(galley),
        )
        hint = say("write colours of the palette, which print by their recipes, or draw the gradient in an SVG")
        raise LivretError(told, hint) from problem
    findings = []
    if merged := sum(tree.merged for tree in trees):
        told = say_number(
            "under one opacity, {number} element will be read aloud with the one before",
            "under one opacity, {number} elements will be read aloud with the one before",
            number=merged,
        )
        hint = say("give each paragraph the opacity, or a lighter colour")
        findings.append(warning("opacity", told, Location(galley.place), hint))
    return _Written(pdf, tuple(structure), findings, tuple(sorted(pictures, key=repr)))


def _cmyk_gradient(galley: Galley) -> str:
    """The file and the line of the first gradient in CMYK; the file of the galley, where no style sheet has one."""
    for sheet in galley.stylesheets:
        if found := CMYK_GRADIENT.search(sheet.text):
            return f"{sheet.name}:{sheet.text.count(chr(10), 0, found.start()) + 1}"
    return galley.place


def _placed_pictures(pdf: Any, fetcher: Fetcher) -> Iterator[PlacedPicture]:
    """The pictures made of pixels that a PDF has, where they are known to `raster_patches`."""
    for made in pdf.objects:
        raster = getattr(made, "raster", None)
        read = fetcher.pictures.get(raster.ready) if raster else None
        if raster and read:
            stream = digest(b"\n".join(part.data for part in made.stream))
            yield PlacedPicture(read.path, read.digest, round(raster.ppi, 1), stream, not read.is_original, raster.id)


def _spots(pages: list[Page]) -> Iterator[tuple[str, Spot]]:
    """Where each anchor stands first."""
    seen = set()
    for index, page in enumerate(pages):
        for name, (x, y, *_) in page.anchors.items():
            if name not in seen:
                seen.add(name)
                yield name, Spot(index, round(x * POINTS_PER_PIXEL, 2), round((page.height - y) * POINTS_PER_PIXEL, 2))

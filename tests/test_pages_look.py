"""How the pages of the demonstration look: typographic faults looked for in the real PDF, and pictures of six pages.

The pictures of tests/pictures/ are pages at 60 pixels an inch. After a change of the layout or the demonstration that
was meant, write them anew, and look at what changed before committing it:

    LIVRET_PICTURES=write .venv/bin/python -m pytest tests/test_pages_look.py

A picture fails when a page looks different, not when it is drawn a little differently: pages are blurred before they
are compared, so that another version of the rasteriser does not matter. Text is drawn with the fonts inside the PDF;
only another line break can move it.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import random
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import yaml
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from livret.pages.layout import Layout
from livret.project import Project
from press import TOP, livret_here
from raw_content import blocks as blocks_in
from raw_content import raw_content

PICTURES = TOP / "tests" / "pictures"
PPI = 60
# The share of pixels that may differ by more than so many levels of 255, and the mean difference in levels.
LEVELS, SHARE, MEAN = 40, 0.001, 1.5

HYPHENS = "-\u00ad\u2010\u2011\ufffe\x02"


@dataclass(frozen=True)
class Glyph:
    """A printed character: its page, the point it stands on, its size and its width to the right, in points."""

    text: str
    page: int
    x: float
    y: float
    size: float
    right: float


Line = Sequence[Glyph]


@dataclass(frozen=True)
class Book:
    """A project whose edition `full` has been built."""

    root: Path

    @property
    def project(self) -> Project:
        return Project.at(self.root)

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.project, "forum")

    @cached_property
    def parts(self) -> dict[str, dict[str, Any]]:
        """What the report tells of each part, by its anchor."""
        report = json.loads((self.root / "output/full/report.json").read_text(encoding="utf-8"))
        return {part["anchor"]: part for part in report["parts"]}

    @cached_property
    def pdf(self) -> pypdfium2.PdfDocument:
        return pypdfium2.PdfDocument((self.root / "output/full/full-screen.pdf").read_bytes())

    def pages(self, anchor: str) -> range:
        """The indexes of a part's pages."""
        first, last = self.parts[anchor]["folios"]
        return range(first - 1, last)

    @cached_property
    def glyphs(self) -> tuple[tuple[Glyph, ...], ...]:
        """The printed characters of each page in the order they are drawn."""
        return tuple(tuple(_glyphs(self.pdf, page)) for page in range(len(self.pdf)))

    def text_glyphs(self, page: int) -> list[Glyph]:
        """Those of the text area: the running foot stands below it, over it the head that a spread repeats."""
        foot = self.layout.file.margins.foot * 72 / 25.4 - 3
        is_further = any(
            anchor.startswith("card-") and page in self.pages(anchor)[2:] for anchor in self.parts if self.pages(anchor)
        )
        # The head takes four lines of 12 points below the margin of 12 mm.
        head = self.pdf[page].get_height() - 12 * 72 / 25.4 - 48 if is_further else math.inf
        return [glyph for glyph in self.glyphs[page] if foot < glyph.y < head]

    def picture(self, page: int, ppi: int = PPI) -> Image.Image:
        image: Image.Image = self.pdf[page].render(scale=ppi / 72).to_pil().convert("RGB")
        return image


def _glyphs(pdf: pypdfium2.PdfDocument, page: int) -> Iterator[Glyph]:
    textpage = pdf[page].get_textpage()
    text = textpage.get_text_range()
    assert len(text) == textpage.count_chars()
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    for number, character in enumerate(text):
        if character.isspace() or pdfium.FPDFText_IsGenerated(textpage.raw, number) == 1:
            continue
        pdfium.FPDFText_GetCharOrigin(textpage.raw, number, x, y)
        pdfium.FPDFText_GetMatrix(textpage.raw, number, matrix)
        size = pdfium.FPDFText_GetFontSize(textpage.raw, number) * matrix.a
        yield Glyph(character, page, x.value, y.value, size, textpage.get_charbox(number)[2])


@pytest.fixture(scope="module")
def book(built_demonstration: Path) -> Book:
    """The demonstration catalogue, built; nobody changes it."""
    return Book(built_demonstration)


def _built(root: Path, change: Callable[[Path], None]) -> Book:
    for folder in ("catalogue", "layouts", "pictograms"):
        shutil.copytree(TOP / folder, root / folder)
    # Tests take cards away that editions name.
    shutil.rmtree(root / "catalogue" / "editions")
    change(root)
    done = livret_here("-C", root, "build")
    assert done.code == 0, done.out + done.err
    return Book(root)


# --- lines and paragraphs ---


def lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters in reading order cut into lines: a new one where the next stands further left, or on another page."""
    found: list[list[Glyph]] = []
    for glyph in glyphs:
        last = found[-1][-1] if found else None
        if last is None or glyph.page != last.page or glyph.x < last.x - 1 or abs(glyph.y - last.y) > 20:
            found.append([])
        found[-1].append(glyph)
    return found


def shown(line: Line) -> str:
    return "".join(glyph.text for glyph in line)


def folded(text: str) -> str:
    """Letters and signs without blanks and dashes, so that content and its printed form compare equal."""
    flat = unicodedata.normalize("NFKC", text).replace("’", "'").replace("–", "").replace("œ", "oe")
    return "".join(character for character in flat if not character.isspace() and character not in HYPHENS)


def set_as(paragraph: str, glyphs: Sequence[Glyph]) -> list[list[Glyph]] | None:
    """The lines a paragraph is set in; None when it is not among the characters."""
    letters, places = [], []
    for place, glyph in enumerate(glyphs):
        for letter in folded(glyph.text):
            letters.append(letter)
            places.append(place)
    wanted = folded(paragraph)
    start = "".join(letters).find(wanted)
    if start < 0:
        return None
    stop = places[start + len(wanted) - 1] + 1
    return lines(glyphs[places[start] : stop])


def texts_of(book: Book) -> dict[str, list[str]]:
    """The paragraphs of running text of each part."""
    content = raw_content(book.root / "catalogue")
    texts = {
        f"card-{name}": [card["pilot"]["about"], *(card.get(field) for field in ("partners", "description", "results"))]
        for name, card in content.cards.items()
    }
    texts |= {f"partner-{name}": [partner["body"]] for name, partner in content.partners.items()}
    texts |= {f"page-{name}": [page["body"]] for name, page in content.pages.items()}
    if content.foreword:
        texts["foreword"] = [content.foreword["body"]]
    return {
        anchor: [block for text in fields for block in blocks_in(text or "")]
        for anchor, fields in texts.items()
        if anchor in book.parts
    }


@pytest.fixture(scope="module")
def settings(book: Book) -> dict[str, list[list[Line]]]:
    """The lines of every paragraph of running text, by part."""
    found: dict[str, list[list[Line]]] = {}
    for anchor, blocks in texts_of(book).items():
        glyphs = [glyph for page in book.pages(anchor) for glyph in book.text_glyphs(page)]
        for block in blocks:
            setting = set_as(block, glyphs)
            assert setting is not None, f"{anchor}: not printed: {block}"
            found.setdefault(anchor, []).append(list(setting))
    return found


def glyph_line(text: str, y: float = 100, page: int = 0) -> list[Glyph]:
    return [Glyph(letter, page, 50 + 5 * place, y, 9, 54 + 5 * place) for place, letter in enumerate(text)]


# --- the rules, each with what breaks it ---


def scrap(setting: Sequence[Line]) -> bool:
    """Whether the last line of a paragraph is only a syllable or fewer than 4 letters."""
    if len(setting) < 2:
        return False
    words = re.sub(r"[^\w]", "", shown(setting[-1]))
    # Two short words ("que ça") are no scrap, one line that a hyphen left over is.
    rest = shown(setting[-2])[-1] in HYPHENS and len(words) < 10
    return len(words) < 4 or rest


def ladder(setting: Sequence[Line]) -> int:
    """The longest run of lines that end in a hyphen."""
    longest = run = 0
    for line in setting:
        run = run + 1 if shown(line)[-1] in HYPHENS else 0
        longest = max(longest, run)
    return longest


def alone(setting: Sequence[Line]) -> bool:
    """Whether one line of a paragraph stands alone at the foot or at the head of a page."""
    by_page: dict[int, int] = {}
    for line in setting:
        by_page[line[0].page] = by_page.get(line[0].page, 0) + 1
    return len(by_page) > 1 and min(by_page.values()) == 1


def early(setting: Sequence[Line]) -> bool:
    """Whether a line ends far too early: it leaves over a third of the measure, where the next word had room."""
    left, right = setting[0][0].x, max(line[-1].right for line in setting)
    for line, after in pairwise(setting):
        word = next((one for one, two in pairwise(after) if two.x - one.right > 1.2), after[-1])
        room = right - line[-1].right
        if room > (right - left) / 3 and room > word.right - after[0].x + line[0].size / 2:
            return True
    return False


SETTINGS: list[tuple[list[str], bool, int]] = [
    (["comme dans le monde du tra\u2010", "vail."], True, 1),
    (["comme dans le monde du", "travail."], False, 0),
    (["de la DRJSCS Région", "Sud."], True, 0),
    (["de la DRJSCS", "Région Sud."], False, 0),
    (["une\u2010", "deux\u00ad", "trois\u2010", "quatre lignes de texte"], False, 3),
    (["une\u2010", "deux\u2010", "trois", "quatre\u2010", "cinq lignes de texte"], False, 2),
    (["Un seul"], False, 0),
]


@pytest.mark.parametrize(("text", "is_scrap", "hyphens"), SETTINGS)
def test_the_rules_see_what_breaks_them(text: list[str], is_scrap: bool, hyphens: int) -> None:
    setting = [glyph_line(line, 100 - 12 * number) for number, line in enumerate(text)]
    assert scrap(setting) is is_scrap
    assert ladder(setting) == hyphens
    assert lines(glyph for line in setting for glyph in line) == setting


def test_a_line_that_breaks_too_early_is_seen() -> None:
    full, rest = glyph_line("le texte va jusqu'au bout", 100), glyph_line("de la ligne.", 76)
    assert early([full, glyph_line("près", 88), rest])
    assert not early([full, full, rest])


def test_a_line_alone_on_a_page_is_seen() -> None:
    assert alone([glyph_line("une", 90), glyph_line("deux", 78), glyph_line("trois", 400, 1)])
    assert not alone([glyph_line("une", 90), glyph_line("deux", 78)])
    assert not alone([glyph_line(text, page=page) for page in (0, 1) for text in ("une", "deux")])


def test_no_paragraph_ends_in_a_scrap(settings: dict[str, list[list[Line]]]) -> None:
    assert sum(map(len, settings.values())) > 150
    faults = [f"{anchor}: {shown(found[-1])}" for anchor, all_ in settings.items() for found in all_ if scrap(found)]
    assert faults == []


def test_no_more_than_two_lines_in_a_row_end_in_a_hyphen(settings: dict[str, list[list[Line]]]) -> None:
    faults = [
        f"{anchor}: {shown(found[0])}" for anchor, all_ in settings.items() for found in all_ if ladder(found) > 2
    ]
    assert faults == []
    assert any(ladder(found) for all_ in settings.values() for found in all_)


def test_no_line_ends_far_too_early(settings: dict[str, list[list[Line]]]) -> None:
    faults = [f"{anchor}: {shown(found[0])}" for anchor, all_ in settings.items() for found in all_ if early(found)]
    assert faults == []


def test_no_line_stands_alone_on_a_page_and_no_heading_at_its_foot(tmp_path: Path) -> None:
    # Nothing of the demonstration runs over; two cards whose texts are set seven times do, in both flows.
    def lengthen(root: Path) -> None:
        for path in (root / "catalogue" / "initiatives").glob("*.yaml"):
            if path.stem not in {"kodiko", "caec"}:
                path.unlink()
                continue
            card = yaml.safe_load(path.read_text(encoding="utf-8"))
            card["pilot"]["about"] = sevenfold(card["pilot"]["about"])
            card["description"] = sevenfold(card["description"])
            path.write_text(yaml.safe_dump(card, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def sevenfold(text: str) -> str:
        # One long paragraph each time, its words in another order, so that none is found in the place of another.
        flat = re.sub(r"[*_()«»]", "", " ".join(blocks_in(text))).split()
        return "\n\n".join(
            f"Texte {number}. {' '.join(random.Random(number).sample(flat, len(flat)))}" for number in range(1, 8)
        )

    long = _built(tmp_path, lengthen)
    headings = {folded(word) for word in long.layout.labels("fr").values()}
    spread_over = 0
    for anchor, blocks in texts_of(long).items():
        if not anchor.startswith("card-"):
            continue
        flows = (long.pages(anchor)[::2], long.pages(anchor)[1::2])
        assert len(long.pages(anchor)) > 2, f"{anchor} does not run over"
        for flow in flows:
            glyphs = [glyph for page in flow for glyph in long.text_glyphs(page)]
            for block in blocks:
                setting = set_as(block, glyphs)
                assert setting is None or not alone(setting), block
                spread_over += setting is not None and len({line[0].page for line in setting}) > 1
        for page in long.pages(anchor):
            lowest = sorted(lines(long.text_glyphs(page)), key=lambda line: line[0].y)[:1]
            assert not lowest or folded(shown(lowest[0])) not in headings
    assert spread_over


def test_no_page_ends_in_a_heading(book: Book) -> None:
    headings = {folded(word) for word in book.layout.labels("fr").values()}
    for anchor in book.parts:
        if anchor in {"cover", "back-cover", "legend"} or anchor.startswith(("opener", "notes")):
            continue
        for page in book.pages(anchor):
            lowest = min(lines(book.text_glyphs(page)), key=lambda line: line[0].y)
            assert folded(shown(lowest)) not in headings, f"page {page + 1} ends in {shown(lowest)}"


def test_no_text_is_too_small(book: Book) -> None:
    sizes = {round(glyph.size, 1) for page in book.glyphs for glyph in page}
    assert min(sizes) >= 7
    assert max(sizes) <= 40


def test_cards_fit_their_spreads_at_a_readable_size(book: Book, settings: dict[str, list[list[Line]]]) -> None:
    cards = [part for anchor, part in book.parts.items() if anchor.startswith("card-")]
    assert len(cards) == 21
    assert [part["anchor"] for part in cards if part["overset"] or len(book.pages(part["anchor"])) != 2] == []
    body = [glyph for setting in settings.values() for found in setting for line in found for glyph in line]
    # Ordinals are set in the superior letters of the font, at the size of their line.
    assert min(glyph.size for glyph in body) >= 8


def test_lines_of_facing_pages_stand_on_one_grid(book: Book, settings: dict[str, list[list[Line]]]) -> None:
    """Running text stands on the grid. A list has half a line before and after it, so it may stand between."""
    step = book.layout.file.baseline
    files = "\n".join(path.read_text(encoding="utf-8") for path in (book.root / "catalogue").rglob("*.yaml"))
    for anchor, found in settings.items():
        if book.parts[anchor]["fit"] in {"fit-2", "fit-3"}:
            continue
        text_offsets: list[float] = []
        list_offsets: list[float] = []
        for block, setting in zip(texts_of(book)[anchor], found, strict=True):
            entry = re.search(r"^ *(?:[-*]|\d+\.) +[*_]*" + re.escape(block[:6]), files, re.MULTILINE)
            # Serif and sans sit a hair apart on the same line, by the rounding of their ascents.
            # The larger text of a short card has two lines for three of the grid.
            feet = [glyph.y for line in setting for glyph in line if glyph.size < 11]
            (list_offsets if entry else text_offsets).extend(feet)
        assert _spread(text_offsets, step) < 0.3, anchor
        assert _spread([*text_offsets, *list_offsets], step / 2) < 0.3, anchor


def _spread(feet: Sequence[float], step: float) -> float:
    """How far lines are apart from one grid of this step."""
    if not feet:
        return 0
    offsets = [(foot - feet[0] + step / 2) % step for foot in feet]
    return max(offsets) - min(offsets)


def test_text_keeps_clear_of_the_edges(book: Book) -> None:
    width, height = book.pdf[0].get_size()
    edge = 5 * 72 / 25.4
    for number, page in enumerate(book.glyphs, 1):
        for glyph in page:
            inside = edge <= glyph.x and glyph.right <= width - edge and edge <= glyph.y <= height - edge
            assert inside, f"page {number}: {glyph.text} at {glyph.x:.0f}, {glyph.y:.0f}"


def test_the_opener_is_one_spread_before_the_first_card(book: Book) -> None:
    pages = book.pages("opener-initiatives")
    first = next(anchor for anchor in book.parts if anchor.startswith("card-"))
    assert len(pages) == 2
    assert pages[0] % 2 == 1
    assert pages[1] + 1 == book.pages(first)[0]
    assert len(book.pdf) == 60


# --- pictures ---


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The share of pixels that clearly differ and the mean difference in levels, both after a blur of two pixels."""
    assert one.size == other.size
    soft = (image.convert("RGB").filter(ImageFilter.GaussianBlur(2)) for image in (one, other))
    apart = ImageChops.difference(*soft)
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    clear = sum(most.histogram()[LEVELS:])
    return clear / (one.width * one.height), ImageStat.Stat(most).mean[0]


def looks_like(one: Image.Image, other: Image.Image) -> bool:
    share, mean = difference(one, other)
    return share <= SHARE and mean <= MEAN


# Name of the picture, part, page of the part.
PAGES = [
    ("cover", "cover", 0),
    ("card-left", "card-aajt", 0),
    ("card-right", "card-aajt", 1),
    ("card-empty", "card-mjc-brianconnais", 1),
    ("contents", "contents", 0),
    ("index", "index", 0),
]


@pytest.mark.parametrize(("name", "anchor", "number"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_look_as_they_did(book: Book, name: str, anchor: str, number: int, tmp_path: Path) -> None:
    now = book.picture(book.pages(anchor)[number])
    path = PICTURES / f"{name}.png"
    if os.environ.get("LIVRET_PICTURES") == "write":
        PICTURES.mkdir(exist_ok=True)
        now.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    then = Image.open(path)
    share, mean = difference(now, then)
    seen = tmp_path / f"{name}.png"
    now.save(seen)
    assert looks_like(now, then), f"{share:.2%} of the page differs, {mean:.2f} levels on average; it is now {seen}"


def _colour(image: Image.Image, at: tuple[int, int]) -> tuple[int, int, int]:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return int(red), int(green), int(blue)


def _moved(image: Image.Image) -> None:
    """A block of text, 30 mm by 25 mm, two millimetres lower."""
    box = (130, 220, 200, 280)
    block = image.crop(box)
    image.paste(_colour(image, (205, 400)), box)
    image.paste(block, (box[0], box[1] + 5))


def _lost(image: Image.Image) -> None:
    """The sign of the theme in the head of the page."""
    image.paste(_colour(image, (5, 5)), (38, 27, 61, 50))


def _recoloured(image: Image.Image) -> None:
    """The tint of the head, a shade of the same lightness."""
    red, green, blue = _colour(image, (5, 5))
    ImageDraw.floodfill(image, (5, 5), (blue, green, red))


@pytest.mark.parametrize("change", [_moved, _lost, _recoloured])
def test_the_comparison_sees_a_change(book: Book, change: Callable[[Image.Image], None]) -> None:
    page = book.picture(book.pages("card-aajt")[0 if change is _moved else 1])
    changed = page.copy()
    change(changed)
    assert not looks_like(page, changed)


def test_the_comparison_forgives_another_rasteriser(book: Book) -> None:
    for name, anchor, number in PAGES:
        page = book.pages(anchor)[number]
        other = book.pdf[page].render(scale=PPI / 72, optimize_mode="lcd").to_pil().convert("RGB")
        assert other.tobytes() != book.picture(page).tobytes()
        assert looks_like(book.picture(page), other), name

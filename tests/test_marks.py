from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from hypothesis import given
from hypothesis import strategies as some

from lengths import mm
from livret.book.pressfile.marks import PrintersMarks
from livret.book.pressfile.slug import Lettering, Slug
from livret.content.press.profile import read_press_profile
from livret.findings import LivretError
from livret.measure import Rect
from livret.project import Project
from press import TOP

FONT = (TOP / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf").read_bytes()
A5, A6 = Rect(0, 0, mm(148), mm(210)), Rect(0, 0, mm(105), mm(148))
BLEED = mm(3)
# Of the slug line, in points.
SIZE = 6.0
ELLIPSIS = "\u2026"

Ink = tuple[float, float, float, float]
# Cyan, magenta, yellow, black, as the bar has them outwards from the middle of the page.
LEFT: tuple[Ink, ...] = (
    (0, 0, 0, 1),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (0, 0, 1, 0),
    (0, 1, 1, 0),
    (1, 0, 1, 0),
    (1, 1, 0, 0),
)
# Half black beside its grey balance of ISO 12647-2:2004, then half of each chromatic ink.
RIGHT: tuple[Ink, ...] = ((0, 0, 0, 0.5), (0.5, 0.4, 0.4, 0), (0.5, 0, 0, 0), (0, 0.5, 0, 0), (0, 0, 0.5, 0))

COATED, _ = read_press_profile(Project.at(TOP), "coated-fogra39")


def marks(bleed: float = BLEED, offset: float = mm(3), **wanted: bool) -> PrintersMarks:
    """All marks, at 3 mm and around a bleed of 3 mm, but for what is said otherwise; in points."""
    assert COATED is not None
    own = COATED.marks.model_copy(update={"offset": offset / mm(1), **wanted})
    return PrintersMarks(COATED.model_copy(update={"bleed": bleed / mm(1), "marks": own}))


NONE = marks(crop=False, registration=False, colour_bar=False, slug=False)


@dataclass(frozen=True)
class Drawn:
    """A painted path: its box with the width of its line, how it is painted, and in which colour."""

    box: Rect
    operator: str
    colour: tuple[float, ...]


def drawn(of: PrintersMarks, trim: Rect) -> tuple[Drawn, ...]:
    """What the marks paint."""
    return tuple(_paths(of.drawn(trim)))


def _paths(content: bytes) -> Iterator[Drawn]:
    with pikepdf.new() as pdf:
        points: list[tuple[float, float]] = []
        stroke: tuple[float, ...] = ()
        fill: tuple[float, ...] = ()
        line = 1.0
        for operation in pikepdf.parse_content_stream(pdf.make_stream(content)):
            values = [float(value) for value in operation.operands if not isinstance(value, pikepdf.Name)]
            match str(operation.operator):
                case "m" | "l" | "c":
                    points += zip(values[::2], values[1::2], strict=True)
                case "re":
                    x, y, width, height = values
                    points += [(x, y), (x + width, y + height)]
                case "w":
                    line = values[0]
                case "CS":
                    assert [str(name) for name in operation.operands] == ["/Registration"]
                case "SCN":
                    stroke = tuple(values)
                case "k":
                    fill = tuple(values)
                case "S" | "s" | "f" as operator:
                    xs, ys = zip(*points, strict=True)
                    box = Rect(min(xs), min(ys), max(xs), max(ys))
                    # A butt cap adds nothing to the length of a line, half its width to each side.
                    if operator != "f":
                        across = Rect(line / 2, 0, line / 2, 0) if box.width == 0 else Rect(0, line / 2, 0, line / 2)
                        across = Rect(line / 2, line / 2, line / 2, line / 2) if operator == "s" else across
                        box = Rect(box.x0 - across.x0, box.y0 - across.y0, box.x1 + across.x1, box.y1 + across.y1)
                    yield Drawn(box, operator, fill if operator == "f" else stroke)
                    points = []
                case other:
                    raise AssertionError(f"unexpected operator {other}")


def overlap(first: Rect, second: Rect) -> bool:
    """Whether two boxes share more than a hundredth of a point."""
    return (
        min(first.x1, second.x1) - max(first.x0, second.x0) > 0.01
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 0.01
    )


def holds(outer: Rect, inner: Rect) -> bool:
    return outer.grown(0.01).around(inner) == outer.grown(0.01)


def patches(trim: Rect) -> tuple[tuple[Ink, ...], tuple[Ink, ...]]:
    """The colours of the bar on a page, outwards from its middle: to the left, and to the right."""
    bar = [path for path in drawn(marks(), trim) if path.operator == "f"]
    middle = (trim.x0 + trim.x1) / 2
    sides = sorted(bar, key=lambda path: abs(path.box.x0 - middle))
    left = tuple(path.colour for path in sides if path.box.x1 < middle)
    right = tuple(path.colour for path in sides if path.box.x0 > middle)
    assert len(left) + len(right) == len(bar)
    return left, right  # type: ignore[return-value]


SIZES = some.floats(min_value=60, max_value=1200)
LENGTHS = some.floats(min_value=0, max_value=30)
SHEETS = some.builds(Rect, LENGTHS, LENGTHS, SIZES, SIZES).map(lambda r: Rect(r.x0, r.y0, r.x0 + r.x1, r.y0 + r.y1))


@given(trim=SHEETS, bleed=LENGTHS, offset=LENGTHS)
def test_marks_stay_between_the_bleed_and_the_edge_of_the_sheet(trim: Rect, bleed: float, offset: float) -> None:
    every = marks(bleed, offset)
    sheet, art = trim.grown(every.room), trim.grown(max(bleed, offset))
    for path in drawn(every, trim):
        assert not overlap(path.box, art), path
        assert holds(sheet, path.box), path


@given(trim=SHEETS, bleed=LENGTHS)
def test_no_mark_covers_another(trim: Rect, bleed: float) -> None:
    every = marks(bleed)
    x, y, width = every.slug_place(trim)
    # As high as the tallest capital, an accent on it, and as deep as the longest descender.
    slug = Rect(x, y - 0.25 * SIZE, x + width, y + 0.95 * SIZE)
    assert holds(trim.grown(every.room), slug)
    boxes = [path.box for path in drawn(every, trim)]
    crosses = [set(pair) for pair in combinations(range(len(boxes)), 2) if overlap(boxes[pair[0]], boxes[pair[1]])]
    # Eight crop marks come first; then, four times, two lines and the ring that they cross.
    rings = [set(pair) for first in range(8, 20, 3) for pair in combinations(range(first, first + 3), 2)]
    assert sorted(map(sorted, crosses)) == sorted(map(sorted, rings))
    assert not [box for box in boxes if overlap(box, slug)]


@pytest.mark.parametrize("trim", [A5, A6])
def test_crop_marks_show_all_four_edges_at_both_ends(trim: Rect) -> None:
    lines = drawn(marks(registration=False, colour_bar=False), trim)
    assert len(lines) == 8
    assert all(min(path.box.width, path.box.height) == pytest.approx(0.25) for path in lines)
    assert all(max(path.box.width, path.box.height) == pytest.approx(mm(5), abs=0.002) for path in lines)
    upright = sorted((path.box.x0 + 0.125, path.box.y1 < trim.y0) for path in lines if path.box.width < 1)
    level = sorted((path.box.y0 + 0.125, path.box.x1 < trim.x0) for path in lines if path.box.height < 1)
    for found, ends in ((upright, (trim.x0, trim.x1)), (level, (trim.y0, trim.y1))):
        wanted = [(end, below) for end in ends for below in (False, True)]
        assert [below for _, below in found] == [below for _, below in wanted]
        assert [edge for edge, _ in found] == pytest.approx([edge for edge, _ in wanted], abs=0.001)


def test_register_marks_stand_in_the_middle_of_each_side() -> None:
    rings = [path.box for path in drawn(marks(crop=False, colour_bar=False), A5) if path.operator == "s"]
    away = BLEED + mm(2.5)
    places = [((ring.x0 + ring.x1) / 2, (ring.y0 + ring.y1) / 2) for ring in rings]
    wanted = [(A5.x1 / 2, -away), (A5.x1 / 2, A5.y1 + away), (-away, A5.y1 / 2), (A5.x1 + away, A5.y1 / 2)]
    assert [value for place in places for value in place] == pytest.approx(
        [value for place in wanted for value in place], abs=0.002
    )
    assert all(ring.width == pytest.approx(mm(3) + 0.25, abs=0.003) for ring in rings)


def test_marks_print_in_every_ink_and_the_bar_in_its_own() -> None:
    paths = drawn(marks(), A5)
    assert {path.colour for path in paths if path.operator != "f"} == {(1.0,)}
    assert {path.colour for path in paths if path.operator == "f"} == {*LEFT, *RIGHT}


@pytest.mark.parametrize("trim", [A5, A6])
def test_the_bar_is_whole_on_a_page_of_the_usual_sizes(trim: Rect) -> None:
    assert patches(trim) == (LEFT, RIGHT)


@pytest.mark.parametrize(("width", "fitting"), [(90, 7), (80, 6), (60, 4), (40, 2), (20, 0), (10, 0)])
def test_a_narrow_page_drops_overprints_before_solids(width: float, fitting: int) -> None:
    left, right = patches(Rect(0, 0, mm(width), mm(100)))
    assert left == LEFT[:fitting]
    assert right == RIGHT[:fitting]


def test_each_mark_can_be_left_out() -> None:
    whole = set(drawn(marks(), A5))
    for off, number in ((marks(crop=False), 8), (marks(registration=False), 12), (marks(colour_bar=False), 12)):
        rest = set(drawn(off, A5))
        assert rest < whole
        assert len(whole) - len(rest) == number
    assert drawn(NONE, A5) == ()


def test_a_sheet_has_room_for_the_marks_that_are_on() -> None:
    assert NONE.room == pytest.approx(BLEED)
    assert marks(slug=False).room == 23, "3 mm of bleed and 5 mm of marks"
    assert marks().room == 32, "and 9 points of slug"
    only = marks(crop=False, registration=False, colour_bar=False)
    assert only.room == 18
    assert only.slug_place(A5)[1] > marks().slug_place(A5)[1] > -32


def test_marks_begin_where_the_printer_wants_but_never_in_the_bleed() -> None:
    assert marks(offset=mm(5)).start == pytest.approx(mm(5))
    assert marks(offset=0).start == pytest.approx(BLEED)


# --- the slug line ---

FRENCH = "« Œuvrer là-bas : l’été, déjà ! » — ÀÂÇÉÈÊËÎÏÔÙÛÜŸ àâçéèêëîïôùûüÿ æ œ €  n° 3…"
REST = " · full · page C1 (1/60) · 2019-04-30 · a1b2c3d4e5f6 · coated-fogra39"


def width(lettering: Lettering, line: str) -> float:
    """The width of a line at the size of slugs, measured by the widths that the PDF tells."""
    with pikepdf.new() as pdf:
        font = lettering.embedded(pdf)
        flat = list(font.DescendantFonts[0].W)
        widths = {int(glyph): float(flat[2 * n + 1][0]) for n, glyph in enumerate(flat[::2])}
    codes = lettering.codes(Slug(line, ""), SIZE, 10_000)
    glyphs = [int(codes[place : place + 4], 16) for place in range(0, len(codes), 4)]
    return sum(widths[glyph] for glyph in glyphs) * SIZE / 1000


def test_french_is_set_as_it_is_written() -> None:
    line = Slug(FRENCH, REST)
    lettering = Lettering(FONT, [line])
    assert lettering.set(line, SIZE, 10_000) == FRENCH + REST
    decomposed = Slug(unicodedata.normalize("NFD", FRENCH), REST)
    assert decomposed != line
    assert Lettering(FONT, [decomposed]).set(decomposed, SIZE, 10_000) == FRENCH + REST


@pytest.mark.parametrize("room", [*range(160, 420, 20)])
def test_a_long_title_is_shortened_and_nothing_else(room: float) -> None:
    line = Slug("Les initiatives pour l’accueil des réfugiés " * 4, REST)
    lettering = Lettering(FONT, [line])
    shown = lettering.set(line, SIZE, room)
    assert width(lettering, shown) <= room
    if room > 200:
        assert shown.endswith(ELLIPSIS + REST)
        assert line.title.startswith(shown.removesuffix(ELLIPSIS + REST))
        assert width(lettering, shown + "és") > room, "two letters more would not fit"
        assert not shown.removesuffix(ELLIPSIS + REST).endswith(" ")


def test_where_even_the_rest_has_no_room_the_line_is_cut() -> None:
    line = Slug("Forum", REST)
    lettering = Lettering(FONT, [line])
    shown = lettering.set(line, SIZE, 80)
    assert shown.startswith(f"{ELLIPSIS} · full · page")
    assert shown.endswith(ELLIPSIS)
    assert width(lettering, shown) <= 80
    assert lettering.set(line, SIZE, 1) == ELLIPSIS


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Mar\u00adseille\u200b\nA\tB", "Marseille A B"),
        ("دليل المدينة", "dlyl almdynt"),
        ("שלום", "shlvm"),
        ("Διαδρομή, Дорога", "Διαδρομή, Дорога"),
        ("कमल", "kamala"),
        ("ひらがな", "hiragana"),
        ("한국", "hangug"),
        ("中", "U+4E2D"),
        ("Qui êtes-vous ?", "Qui êtes-vous ?"),
    ],
)
def test_letters_that_the_font_does_not_have_are_written_in_latin_letters(title: str, printed: str) -> None:
    line = Slug(title, "")
    assert Lettering(FONT, [line]).set(line, SIZE, 999) == printed


def test_the_font_is_cut_down_and_says_what_its_codes_mean() -> None:
    line = Slug(FRENCH, REST)
    with pikepdf.new() as pdf:
        font = Lettering(FONT, [line]).embedded(pdf)
        program = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
        assert len(program) < 20_000 < len(FONT)
        cmap = font.ToUnicode.read_bytes().decode()
        assert "<0153>" in cmap, "œ"
        assert cmap.count("beginbfchar") == cmap.count("endbfchar") > 0
        assert str(font.BaseFont)[7:] == "+SourceSans3-Regular"


def test_spaces_that_share_a_glyph_read_as_a_space() -> None:
    line = Slug("12\u00a0000\u202f€ en tout", "")
    with pikepdf.new() as pdf:
        cmap = Lettering(FONT, [line]).embedded(pdf).ToUnicode.read_bytes().decode()
    assert [code in cmap for code in ("> <0020>", "> <202F>", "> <00A0>")] == [True, True, False]


def test_a_cmap_of_many_letters_stands_in_blocks_of_a_hundred() -> None:
    line = Slug("".join(map(chr, range(0x41, 0x17E))), "")
    with pikepdf.new() as pdf:
        cmap = Lettering(FONT, [line]).embedded(pdf).ToUnicode.read_bytes().decode()
    sizes = [int(row.split()[0]) for row in cmap.splitlines() if row.endswith("beginbfchar")]
    assert len(sizes) > 1
    assert max(sizes) == 100
    assert sum(sizes) == len(re.findall(r"^<[0-9A-F]{4}> <[0-9A-F]{4}>$", cmap, re.MULTILINE)) - 1, "and the range"


def test_the_same_lines_make_the_same_font() -> None:
    def program(lines: list[Slug]) -> bytes:
        with pikepdf.new() as pdf:
            stream: pikepdf.Object = Lettering(FONT, lines).embedded(pdf).DescendantFonts[0].FontDescriptor.FontFile2
            return stream.read_bytes()

    first, second = Slug("abc", "d"), Slug("dcb", "a")
    assert program([first]) == program([second])
    assert program([first]) != program([Slug("abcž", "d")])


def test_a_font_without_truetype_outlines_is_refused() -> None:
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupCFF("Plain", {}, {".notdef": T2CharStringPen(500, None).getCharString()}, {})
    builder.setupNameTable({"psName": "Plain"})
    font = io.BytesIO()
    builder.save(font)
    with pytest.raises(LivretError, match="no TrueType outlines"):
        Lettering(font.getvalue(), [])


def test_an_old_font_may_set_the_slug_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its table OS/2 says nothing of capitals, and a program for drawing fonts left a table of its own."""
    font = TTFont(io.BytesIO(FONT))
    del font["OS/2"].sCapHeight, font["OS/2"].sxHeight, font["OS/2"].usMaxContext
    font["OS/2"].version = 1
    font["FFTM"] = DefaultTable("FFTM")
    font["FFTM"].data = bytes(28)
    old = tmp_path / "old.ttf"
    font.save(old)
    line = Slug("Le forum", REST)
    with pikepdf.new() as pdf:
        (made,) = Lettering(old.read_bytes(), [line]).fonts(pdf).values()
        (below,) = made.DescendantFonts
        assert below.FontDescriptor.CapHeight > 0
    assert caplog.messages == []


ARABIC = (TOP / "fonts" / "NotoSansArabic" / "NotoSansArabic-Regular.ttf",)


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        # kaf initial, teh medial, alef final, beh isolated; drawn from the left.
        ("\u0643\u062a\u0627\u0628", "\ufe8f\ufe8e\ufe98\ufedb"),
        # seen initial, lam with alef final, meem isolated.
        ("\u0633\u0644\u0627\u0645", "\ufee1\ufefc\ufeb3"),
        # dal joins nothing after it; a vowel sign is left out.
        ("\u062f\u064e\u0627\u0631", "\ufead\ufe8d\ufea9"),
        # The number keeps its order, and Latin words stay where they are.
        (
            "Le \u062f\u0627\u0631 2019 \u062f\u0627\u0631 d\u2019ici",
            "Le \ufead\ufe8d\ufea9 2019 \ufead\ufe8d\ufea9 d\u2019ici",
        ),
        ("(\u062f\u0627\u0631) 12", "(\ufead\ufe8d\ufea9) 12"),
        # No font here has Hebrew.
        ("\u05e9\u05dc\u05d5\u05dd", "shlvm"),
    ],
)
def test_arabic_in_the_slug_line_is_set_in_a_font_that_has_it(title: str, drawn: str) -> None:
    line = Slug(title, REST)
    assert Lettering(FONT, [line], ARABIC).set(line, SIZE, 9999) == drawn + REST


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        # The font has Greek and Cyrillic.
        ("\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1"),
        ("\u0423\u043a\u0440\u0430\u0457\u043d\u0430", "\u0423\u043a\u0440\u0430\u0457\u043d\u0430"),
        # Hebrew: bet, yod, tav; the number stands where it is read.
        ("\u05d1\u05d9\u05ea 2019", "byt 2019"),
        # Devanagari: ka, sa with a sign; Bengali: ba, la with a sign; Hangul: han, gug.
        ("\u0915\u0938\u0941", "kasa"),
        ("\u09ac\u09b2\u09be", "bala"),
        ("\ud55c\uad6d", "hangug"),
        # Ethiopic: ha, la, ma. Tamil: ka, pa.
        ("\u1200\u1208\u1218", "halama"),
        ("\u0b95\u0baa", "kapa"),
        # What has no name as a letter is told by its number, so that it can be looked up.
        ("\u4e2d 3", "U+4E2D 3"),
        ("\U0001f600", "U+1F600"),
        # A space without width and the end of a direction are no letters.
        ("a\u200bb\u202cc", "abc"),
    ],
)
def test_a_script_without_a_font_is_written_in_latin_letters_in_the_slug_line(title: str, drawn: str) -> None:
    line = Slug(title, REST)
    assert Lettering(FONT, [line]).set(line, SIZE, 9999) == drawn + REST


def test_each_run_of_the_slug_line_names_its_font_and_can_be_searched() -> None:
    line = Slug("Le \u062f\u0627\u0631", " p. 3")
    lettering = Lettering(FONT, [line], ARABIC)
    assert [name for name, _ in lettering.runs(line, SIZE, 9999)] == ["Slug", "Slug1", "Slug"]
    with pikepdf.new() as pdf:
        fonts = lettering.fonts(pdf)
        assert [str(font.BaseFont)[8:] for font in fonts.values()] == ["SourceSans3-Regular", "NotoSansArabic-Regular"]
        cmap = fonts["/Slug1"].ToUnicode.read_bytes().decode()
    assert all(f"<{letter}>" in cmap for letter in ("062F", "0627", "0631")), "as the letters are typed"


def test_a_long_arabic_title_is_cut_at_its_end_and_not_at_its_beginning() -> None:
    line = Slug("\u0643\u062a\u0627\u0628 " * 30, "")
    shown = Lettering(FONT, [line], ARABIC).set(line, SIZE, 60)
    assert shown.endswith("\ufe8f\ufe8e\ufe98\ufedb" + ELLIPSIS)

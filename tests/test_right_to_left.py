"""Arabic and Hebrew are found by other programs as they were written, and are drawn as the engine draws them."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from livret.pages.galley import Galley, Stylesheet
from livret.pages.pool.forkserver import fonts_conf
from livret.project import Project

pytestmark = pytest.mark.usefixtures("engine")

# Each letter of Hebrew is a box, so that no font has to come with the tests. Final letters are letters of their own.
HEBREW = {
    "שלום עולם": ["שלום", "עולם"],
    "הבית פתוח מאז 2015, גם בשבת": ["הבית", "פתוח", "מאז", "2015", "גם", "בשבת"],
    "משרד (OFII) בעיר": ["משרד", "OFII", "בעיר"],
    "טלפון \u206601\u00a099\u00a000\u00a012\u00a034\u2069 משרד": ["טלפון", "01", "99", "00", "12", "34", "משרד"],
    "דרך ארץ, עץ וכף": ["דרך", "ארץ", "עץ", "וכף"],
}
FAMILIES = ("Noto Naskh Arabic", "Noto Sans Arabic")
# Lines and their words. Both fonts draw the letters ل and ا as one ligature, in two ways.
LINES = {
    "دار": ["دار"],
    "بيت الضيافة": ["بيت", "الضيافة"],
    "مكتب الاستقبال أولا": ["مكتب", "الاستقبال", "أولا"],
    "اللاجئين منذ عام 2015، مع الأسبوع": ["اللاجئين", "منذ", "عام", "2015", "مع", "الأسبوع"],
    "فيهما 40 سريرا.": ["فيهما", "40", "سريرا"],
    "والاندماج (OFII) إلى": ["والاندماج", "OFII", "إلى"],
    "هاتف \u206601\u00a099\u00a000\u00a012\u00a034\u2069 مكتب": ["هاتف", "01", "99", "00", "12", "34", "مكتب"],
    "وجد \u206697\u00a0%\u2069 منهم عملا خلال": ["وجد", "97", "منهم", "عملا", "خلال"],
}
VOWELS = "مَرْحَبًا بِكُمْ"


def typeset(folder: Path, family: str, *lines: str, more: str = "", css: str = "") -> Path:
    """A page with these lines, each a paragraph."""
    from livret.pages.engine.typeset import typeset

    (folder / "catalogue").mkdir(exist_ok=True)
    body = "".join(f"<p>{line}</p>" for line in lines) + more
    html = f'<html lang="ar" dir="rtl"><head><title>x</title></head><body>{body}</body></html>'
    style = f'@page {{ size: 120mm 120mm }} body {{ font: 9pt "{family}", "Source Sans 3"; direction: rtl }}{css}'
    sheets = (Stylesheet("base.css", style, None),)
    project = Project.at(folder)
    pdf, facts, _ = typeset(Galley("card-x", "x.yaml", html, sheets, folder, (folder,)), project.fonts)
    assert not facts.findings
    path = folder / "set.pdf"
    path.write_bytes(pdf)
    return path


def poppler(path: Path) -> str:
    return subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, text=True, check=True).stdout


def mupdf(path: Path) -> str:
    command = ["mutool", "draw", "-q", "-F", "txt", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def pdfium(path: Path) -> str:
    return str(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range())


READERS = (poppler, mupdf, pdfium)


def visible(text: str) -> str:
    """A text without the marks that say a direction."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def words(text: str) -> list[str]:
    """Words without the marks that say a direction."""
    return re.findall(r"[^\W_]+", visible(text))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("reader", READERS)
def test_every_word_is_found_whole_and_in_its_place(tmp_path: Path, reader: Callable[[Path], str], family: str) -> None:
    path = typeset(tmp_path, family, *LINES)
    assert words(reader(path)) == [word for line in LINES.values() for word in line]


@pytest.mark.parametrize("family", FAMILIES)
def test_letters_stand_in_the_file_in_the_order_of_reading(tmp_path: Path, family: str) -> None:
    """MuPDF gives them in the order of the file; the vowel marks, too."""
    assert mupdf(typeset(tmp_path, family, VOWELS)).strip() == VOWELS


@pytest.mark.parametrize("spacing", ["0", "-0.1pt", "0.2pt"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_ligature_with_a_vowel_mark_keeps_both_letters(tmp_path: Path, family: str, spacing: str) -> None:
    """In a press file there is no ActualText: the letters must stand in the fonts' maps."""
    path = typeset(tmp_path, family, "وجدوا عملًا خلال", css=f"p {{ letter-spacing: {spacing} }}")
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            content = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(re.sub(rb"/Span\s*<<[^>]*>>\s*BDC", b"/Span BMC", content))
        pdf.save(tmp_path / "bare.pdf")
    letters = [sign for sign in mupdf(tmp_path / "bare.pdf") if sign.isalpha()]
    assert sorted(letters) == sorted("وجدواعملاخلال")


@pytest.mark.parametrize("reader", READERS)
def test_words_in_elements_of_their_own_stay_apart(tmp_path: Path, reader: Callable[[Path], str]) -> None:
    """A telephone number or a link in an Arabic line; an Arabic name in a French line."""
    number = "<span>\u206601\u00a099\u00a000\u00a012\u00a034\u2069</span>"
    french = '<div style="direction: ltr"><span>بيت</span> 26</div><div style="direction: ltr">Le « بيت » au port</div>'
    path = typeset(
        tmp_path, FAMILIES[0], f"هاتف {number} مكتب", "كتب <a href='https://x.example'>OFII</a> دار", more=french
    )
    lines = [["هاتف", "01", "99", "00", "12", "34", "مكتب"], ["كتب", "OFII", "دار"]]
    read = words(reader(path))
    assert read[:10] == lines[0] + lines[1]
    assert sorted(read[10:]) == ["26", "Le", "au", "port", "بيت", "بيت"]


# French titles with an Arabic name and years, as `typography` marks them.
YEARS = '<span style="white-space: nowrap">2019\u20132023</span>'
TITLES = {
    f"Le projet \u2067بيت\u2069 {YEARS}": ["Le", "projet", "بيت", "2019", "2023"],
    f"Bilan {YEARS} du projet \u2067بيت\u2069": ["Bilan", "2019", "2023", "du", "projet", "بيت"],
    f"\u2067بيت الضيافة\u2069 {YEARS}": ["بيت", "الضيافة", "2019", "2023"],
    f"{YEARS}\u00a0: \u2067بيت الضيافة\u2069": ["2019", "2023", "بيت", "الضيافة"],
    f"«\u00a0\u2067بيت\u2069\u00a0» {YEARS} (suite)": ["بيت", "2019", "2023", "suite"],
    # Poppler asks of which direction most letters of a paragraph are.
    "Une ligne en lettres latines": ["Une", "ligne", "en", "lettres", "latines"],
}


def test_a_range_of_years_beside_an_arabic_name_is_read_in_its_order(tmp_path: Path) -> None:
    css = 'p { direction: ltr; font-family: "Source Sans 3", "Noto Naskh Arabic" }'
    path = typeset(tmp_path, FAMILIES[0], *TITLES, css=css)
    assert words(poppler(path)) == words(mupdf(path)) == [word for line in TITLES.values() for word in line]
    read = [words(line) for line in pdfium(path).splitlines()]
    assert [sorted(line) for line in read] == [sorted(line) for line in TITLES.values()]
    # PDFium reads lines without a Latin word from the right, but each range is in its order.
    assert all(line.index("2023") == line.index("2019") + 1 for line in read[:-1])
    assert "«\u00a0بيت\u00a0» 2019" in visible(poppler(path))
    assert "«\u00a0بيت\u00a0» 2019" in visible(pdfium(path))


@pytest.mark.parametrize(
    "line", ["بيت, 2015 سنة", "بيت. 2015", "في 12, 15 و 18 مايو", "من 2019 إلى 2023, ثم", "بيت (2015), 40 سريرا"]
)
def test_a_comma_before_a_number_stays_before_its_space(tmp_path: Path, line: str) -> None:
    """Poppler takes a comma for a part of the number that follows."""
    path = typeset(tmp_path, FAMILIES[0], line)
    assert visible(poppler(path)).strip() == line
    assert words(mupdf(path)) == words(pdfium(path)) == words(line)


@pytest.mark.parametrize("address", ["https://www.example.org/a-b", "contact@accueil.example.org", "www.example.org"])
@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_an_address_in_arabic_text_is_drawn_in_its_order(tmp_path: Path, layout: str, address: str) -> None:
    """It is in pieces, between which a line may break."""
    from livret.content.language.typography import typeset_html
    from livret.pages.layout import Layout

    (tmp_path / "catalogue").mkdir()
    tokens = Layout(Project.at(tmp_path), layout).tokens().text
    css = f"{tokens} @page {{ size: 120mm 120mm; margin: 5mm }}"
    path = typeset(tmp_path, FAMILIES[0], typeset_html(f"انظر {address} الآن", "ar"), css=css)
    text = pypdfium2.PdfDocument(path)[0].get_textpage()
    signs = sorted((text.get_charbox(at)[0], text.get_text_range(at, 1)) for at in range(text.count_chars()))
    assert address in visible("".join(sign for _, sign in signs)).replace(" ", "")
    assert "\u2069" not in poppler(path) + mupdf(path) + pdfium(path)


@pytest.mark.parametrize("text", ["3, rue Caisserie, 13002 Marseille", "في 3, rue Caisserie, 13002 Marseille في"])
def test_the_rest_of_an_address_keeps_its_order_on_the_next_line(tmp_path: Path, text: str) -> None:
    from livret.content.language.typography import typeset_html

    path = typeset(tmp_path, FAMILIES[0], typeset_html(text, "ar"), css="p { width: 30mm }")
    read = pypdfium2.PdfDocument(path)[0].get_textpage()
    places = {read.get_text_range(at, 1): read.get_charbox(at) for at in range(read.count_chars())}
    # Each of these signs stands once.
    assert places["1"][3] < places["C"][1]
    assert places["1"][0] < places["M"][0]


@pytest.mark.parametrize("width", [28, 31, 34, 37, 40, 43])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "أو زيارة الموقع {} أو الكتابة إلى {}. يعمل معنا"),
        ("fr", "Une phrase qui mène au site {} ou bien à écrire {}. Voilà"),
    ],
)
def test_an_address_in_running_text_breaks_after_its_marks_alone(
    tmp_path: Path, language: str, words: str, width: int
) -> None:
    from livret.content.language.typography import typeset_html
    from livret.pages.layout import Layout

    (tmp_path / "catalogue").mkdir()
    tokens = Layout(Project.at(tmp_path), "pocket").tokens().text
    side = "rtl" if language == "ar" else "ltr"
    css = f"{tokens} @page {{ size: {width + 2}mm 120mm; margin: 1mm }} p {{ direction: {side}; margin: 0 }}"
    html = typeset_html(words.format("example.org", "accueil@example.org"), language)
    path = typeset(tmp_path, "Source Sans 3", html, css=css + ' p { font-family: "Source Sans 3", "Noto Sans Arabic" }')
    # The letters of both addresses, line by line.
    pieces = re.findall(r"(?:accueil|example|org|[@.](?=[a-z]))[a-z@.]*", mupdf(path))
    assert re.fullmatch(r"example\.org(accueil@example\.org)\.?", "".join(pieces).replace(".accueil", "accueil"))
    ends = ("accueil@", "accueil@example.", "accueil@example.org", "example.", "example.org", "org")
    assert all(piece.removesuffix(".") in {end.removesuffix(".") for end in ends} for piece in pieces), pieces


def test_latin_words_of_several_elements_are_read_in_their_order(tmp_path: Path) -> None:
    from livret.content.language.markdown import to_html

    html = to_html("مع **OFII** (Office *français* de la ville) في **Cap vers** l'emploi و", 3, "ar")
    place = '<p><span dir="ltr"><span class="place-name">Provence-Alpes</span> Azur</span></p>'
    # Poppler asks of which direction most letters of a paragraph are.
    before = "تستقبل الجمعية اللاجئين في مرسيليا وتدير الجمعية دارين للسكن وتعمل مع البلدية منذ ذلك الوقت وإلى الآن"
    path = typeset(tmp_path, FAMILIES[0], before, more=html + place, css="body { font-size: 7pt }")
    wanted = f"{before} مع OFII Office français de la ville في Cap vers l emploi و Provence Alpes Azur".split()
    assert words(poppler(path)) == words(mupdf(path)) == wanted


@pytest.mark.parametrize("text", ["**بيت** *الضيافة*", "بيت **الضيافة**", "[بيت](https://x.example) الضيافة"])
def test_arabic_words_of_several_elements_are_drawn_from_the_right_in_a_french_line(tmp_path: Path, text: str) -> None:
    from livret.content.language.markdown import to_html

    css = 'p { direction: ltr; font-family: "Source Sans 3", "Noto Naskh Arabic" }'
    path = typeset(tmp_path, FAMILIES[0], more=to_html(f"Voir {text} ici.", 3, "fr"), css=css)
    read = pypdfium2.PdfDocument(path)[0].get_textpage()
    lefts = {read.get_text_range(at, 1): read.get_charbox(at)[0] for at in range(read.count_chars())}
    # Letters that one of the words has, and the other has not; the French words stand around them.
    assert lefts["V"] < lefts["ض"] < lefts["ت"] < lefts["c"]


@pytest.mark.parametrize("reader", READERS)
def test_letters_that_are_spaced_stay_in_one_word(tmp_path: Path, reader: Callable[[Path], str]) -> None:
    """Spacing parts the ligature of lam and alef into two glyphs, of which one has no width."""
    css = "p { font-size: 20pt; font-weight: 600; letter-spacing: -0.005em }"
    assert words(reader(typeset(tmp_path, FAMILIES[0], "السكن أولا", css=css))) == ["السكن", "أولا"]


def test_brackets_are_told_as_they_were_typed(tmp_path: Path) -> None:
    path = typeset(tmp_path, FAMILIES[0], "المكتب (OFII)")
    assert "(OFII)" in "".join(sign for sign in poppler(path) if unicodedata.category(sign) != "Cf")


def test_a_title_that_has_room_is_found_though_it_could_be_shortened(tmp_path: Path) -> None:
    css = "p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }"
    for reader in READERS:
        assert words(reader(typeset(tmp_path, FAMILIES[1], "السكن أولا", css=css))) == ["السكن", "أولا"]


def test_words_of_two_lines_and_elements_are_parted(tmp_path: Path) -> None:
    """Readers that do not guess from places find a space where a word ends."""
    path = typeset(tmp_path, FAMILIES[0], "بيت <b>الضيافة</b>", "مكتب<br>أولا")
    assert mupdf(path).split("\n")[0].startswith("بيت")
    assert re.sub(r"\n+", "", mupdf(path)).split() == ["بيت", "الضيافة", "مكتب", "أولا"]


@pytest.mark.parametrize("family", FAMILIES)
def test_letters_are_drawn_where_the_engine_draws_them(
    tmp_path: Path, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weasyprint.draw import text

    from livret.pages.engine import right_to_left

    def picture() -> object:
        return pypdfium2.PdfDocument(typeset(tmp_path, family, *LINES))[0].render(scale=4).to_pil().convert("L")

    ours = picture()
    monkeypatch.setattr(text, "draw_first_line", right_to_left._engine_draw)
    difference = ImageChops.difference(ours, picture())  # type: ignore[arg-type]
    assert sum(1 for value in difference.tobytes() if value > 128) == 0


# --- Hebrew ---


def box_font(path: Path) -> None:
    """A font of boxes, each of its own width, for Hebrew, numbers and signs; Latin letters come from another."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    codes = [0x20, 0xA0, *range(0x28, 0x3A), *range(0x5D0, 0x5EB)]
    names = {code: f"uni{code:04X}" for code in codes}
    glyphs, widths = {}, {}
    for at, name in enumerate([".notdef", *names.values()]):
        pen, width = TTGlyphPen(None), 400 + 7 * at
        if name not in ("uni0020", "uni00A0"):
            pen.moveTo((40, 0))
            for point in ((40, 600), (width - 40, 600), (width - 40, 0)):
                pen.lineTo(point)
            pen.closePath()
        glyphs[name], widths[name] = pen.glyph(), (width, 40)
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": "Boxes-Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    path.parent.mkdir(parents=True)
    builder.save(path)


@pytest.fixture
def hebrew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose own font has Hebrew."""
    (tmp_path / "catalogue").mkdir()
    box_font(tmp_path / "fonts" / "Boxes" / "Boxes-Regular.ttf")
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts_conf(Project.at(tmp_path))))
    return tmp_path


def test_hebrew_is_read_in_its_order_by_every_program_and_drawn_from_the_right(hebrew: Path) -> None:
    path = typeset(hebrew, "Boxes", *HEBREW)
    wanted = [word for line in HEBREW.values() for word in line]
    for reader in READERS:
        assert words(reader(path)) == wanted, reader.__name__
    text = pypdfium2.PdfDocument(path)[0].get_textpage()
    said = text.get_text_range()
    places = [text.get_charbox(said.index(word))[0] for word in ("שלום", "עולם")]
    assert places[0] > places[1], "the first word stands on the right"
    letters = [text.get_charbox(said.index("שלום") + at)[0] for at in range(4)]
    assert letters == sorted(letters, reverse=True)
    digits = [text.get_charbox(said.index("2015") + at)[0] for at in range(4)]
    assert digits == sorted(digits), "a number is drawn from the left"

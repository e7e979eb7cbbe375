"""A booklet in Arabic is bound on the right: its versos are the right pages of the spreads, everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from conftest import CatalogueFolder
from livret.pages.flatplan import select
from press import livret_here

MM = 72 / 25.4
CATALOGUE = """\
title: منتدى المبادرات
date: 2027-05-01
language: ar
demonstration: true
publisher: {name: جمعية الجسور}
legal: {printed: 2027-04, price: gratuit}
themes:
  - {id: logement, name: السكن}
"""
CARD = """\
pilot:
  name: بيت الضيافة
  about: |
    جمعية محلية فيها متطوعون يستقبلون اللاجئين كل يوم ويرافقونهم إلى البلدية والمدرسة والطبيب.
contacts: [{role: منسقة, phones: ["01 99 00 12 34"], email: bayt@jusur.example.org}]
title: سكن لدى العائلات
description: |
  تستضيف العائلات اللاجئين في بيوتها عدة أشهر وتساعدهم في كل ما يحتاجون إليه كل يوم.
themes: [logement]
territories: [FR-ARA]
"""


@pytest.mark.parametrize(
    ("catalogue", "edition", "side"),
    [
        ("language: fr\n", "", "left"),
        ("language: ar\n", "", "right"),
        ("language: he\n", "", "right"),
        ("language: ar\nbinding: left\n", "", "left"),
        ("language: fr\nbinding: right\n", "", "right"),
        ("language: fr\n", "language: ar\n", "right"),
        ("language: ar\n", "language: fr\n", "left"),
        ("language: fr\n", "languages: [ar, fr]\n", "right"),
        ("language: fr\n", "languages: [fr, ar]\n", "left"),
        ("language: fr\n", "languages: [fr, ar]\nbinding: right\n", "right"),
    ],
)
def test_the_first_language_says_where_a_booklet_is_bound(
    catalogue_folder: CatalogueFolder, catalogue: str, edition: str, side: str
) -> None:
    text = (catalogue_folder.root / "catalogue/catalogue.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("language:")]
    catalogue_folder.write("catalogue.yaml", "".join(lines) + catalogue)
    catalogue_folder.write("editions/full.yaml", edition or "title: Un titre\n")
    chosen = select(catalogue_folder.catalogue(), "full")
    assert chosen.binding == side
    assert chosen.second is None or chosen.second.binding == side


def test_another_side_is_refused_with_its_line(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/full.yaml", "title: A\nbinding: rechts\n")
    done = livret_here("-C", catalogue_folder.root, "check")
    assert done.code == 1
    assert "catalogue/editions/full.yaml:2: error:" in done.out + done.err
    assert "[unknown-binding]" in done.out + done.err


@pytest.fixture(scope="module")
def booklets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a booklet in Arabic in both layouts, with press files, and of the same bound on the left."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("right"))
    folder.write("catalogue.yaml", CATALOGUE)
    for number in range(3):
        folder.write(f"initiatives/bayt-{number}.yaml", CARD.replace("سكن", "سكن " * (number + 1)))
    folder.write("editions/pocket.yaml", "layout: pocket\n")
    folder.write("editions/left.yaml", "binding: left\n")
    for edition in ("full", "pocket", "left"):
        done = livret_here("-C", folder.root, "build", edition, "--for", "both")
        assert done.code == 0, done.out + done.err
    return folder.root / "output"


def made(booklets: Path, edition: str, end: str) -> Path:
    (path,) = (booklets / edition).glob(f"*-{end}.pdf")
    return path


def catalog(path: Path) -> tuple[str | None, str | None]:
    """Of a file: how pages follow each other, and how a viewer opens it."""
    with pikepdf.open(path) as pdf:
        root: Any = pdf.Root
        direction, opened = root.get("/ViewerPreferences", {}).get("/Direction"), root.get("/PageLayout")
        return direction and str(direction), opened and str(opened)


@pytest.mark.parametrize("edition", ["full", "pocket"])
def test_a_press_file_says_that_it_is_read_from_right_to_left(booklets: Path, edition: str) -> None:
    """ISO 32000-1, table 150."""
    assert catalog(made(booklets, edition, "press")) == ("/R2L", None)
    assert catalog(made(booklets, "left", "press")) == (None, None)


def test_a_screen_edition_is_opened_page_by_page(booklets: Path) -> None:
    """Spreads would be the wrong way round; and with a direction, PDFium turns telephone numbers."""
    assert catalog(made(booklets, "full", "screen")) == (None, "/SinglePage")
    assert catalog(made(booklets, "left", "screen")) == (None, "/TwoPageRight")
    document = pypdfium2.PdfDocument(made(booklets, "full", "screen"))
    text = document[card_page(made(booklets, "full", "screen")) - 1].get_textpage().get_text_range()
    document.close()
    assert "01 99 00 12 34" in text.replace("\xa0", " ")
    assert "bayt@jusur.example.org" in text


def folios(path: Path) -> list[tuple[int, float, float]]:
    """Of each page that has a folio: its number, and how far the folio is from both edges, in millimetres."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for index, page in enumerate(document):
        text, wide = page.get_textpage(), page.get_width()
        signs = text.get_text_range()
        wanted = str(index + 1)
        # The furniture is drawn last.
        at = signs.rfind(wanted)
        if at >= 0:
            boxes = [text.get_charbox(at + n) for n in range(len(wanted))]
            left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
            found.append((index + 1, left / MM, (wide - right) / MM))
    document.close()
    return found


@pytest.mark.parametrize(
    ("edition", "outer", "versos_on"), [("full", 15, "right"), ("left", 15, "left"), ("pocket", 7.5, "right")]
)
def test_folios_stand_at_the_outer_edge(booklets: Path, edition: str, outer: float, versos_on: str) -> None:
    # The cover and the back cover have none.
    found = folios(made(booklets, edition, "screen"))[1:-1]
    assert len(found) > 4
    for number, left, right in found:
        is_right = (number % 2 == 0) == (versos_on == "right")
        near, far = (right, left) if is_right else (left, right)
        assert near < far, number
        assert near == pytest.approx(outer, abs=1.5), number


def inked(path: Path, page: int) -> tuple[float, float]:
    """How far the first and the last letter of the text of a page are from its left and right edge, in millimetres."""
    document = pypdfium2.PdfDocument(path)
    sheet = document[page - 1]
    text = sheet.get_textpage()
    boxes = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).isalpha()]
    wide = sheet.get_width()
    document.close()
    return min(box[0] for box in boxes) / MM, (wide - max(box[2] for box in boxes)) / MM


def card_page(path: Path) -> int:
    """The number of the first page of the first card."""
    with pikepdf.open(path) as pdf:
        names = pdf.Root.Names.Dests.Names
        (place,) = (names[n + 1][0] for n in range(0, len(names), 2) if str(names[n]) == "card-bayt-0")
        return 1 + next(at for at, page in enumerate(pdf.pages) if page.objgen == place.objgen)


def test_text_keeps_the_inner_margin_at_the_spine(booklets: Path) -> None:
    """Margins of forum: 17 mm at the spine, 15 mm outside. Arabic begins at the right edge of its column."""
    verso = card_page(made(booklets, "full", "screen"))
    assert verso % 2 == 0
    bound_right = [inked(made(booklets, "full", "screen"), page)[1] for page in (verso, verso + 1)]
    bound_left = [inked(made(booklets, "left", "screen"), page)[1] for page in (verso, verso + 1)]
    assert bound_right == pytest.approx([15, 17], abs=0.6)
    assert bound_left == pytest.approx([17, 15], abs=0.6)


@pytest.mark.parametrize("edition", ["full", "pocket"])
def test_the_tab_of_a_theme_bleeds_off_the_outer_edge(booklets: Path, edition: str) -> None:
    document = pypdfium2.PdfDocument(made(booklets, edition, "press"))
    number = card_page(made(booklets, edition, "screen"))
    for page in (number, number + 1):
        sheet = document[page - 1]
        left, _, right, _ = sheet.get_trimbox()
        picture = sheet.render(scale=2).to_pil().convert("RGB")
        x0 = sheet.get_mediabox()[0]

        def colour(x: float, drawn: Image.Image = picture, x0: float = x0) -> int:
            """How many rows of the page are coloured at this place."""
            column = drawn.crop((round((x - x0) * 2), 0, round((x - x0) * 2) + 1, drawn.height)).convert("HSV")
            return sum(column.getchannel("S").histogram()[60:])

        sides = {"left": colour(left + 1.5 * MM), "right": colour(right - 1.5 * MM)}
        outer = "right" if page % 2 == 0 else "left"
        inner = "left" if outer == "right" else "right"
        assert sides[outer] > 20 > sides[inner], (page, sides)
    document.close()


@pytest.mark.parametrize(("is_from_right", "order"), [(False, ["0", "1", "2", "3"]), (True, ["3", "2", "1", "0"])])
def test_the_contact_sheet_runs_as_the_book_does(tmp_path: Path, is_from_right: bool, order: list[str]) -> None:
    from livret.control.raster import ContactSheet

    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
    with pikepdf.new() as pdf:
        for colour in colours:
            page = pdf.add_blank_page(page_size=(100, 150))
            fill = " ".join(str(part / 255) for part in colour)
            page.Contents = pdf.make_stream(f"{fill} rg 0 0 100 150 re f".encode())
        pdf.save(tmp_path / "a.pdf")
    made_sheet = ContactSheet(is_from_right=is_from_right)
    made_sheet.draw(tmp_path / "a.pdf")
    made_sheet.write(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as sheet:
        row: list[Any] = [sheet.getpixel((x, sheet.height // 2)) for x in range(sheet.width)]
    seen = [str(colours.index(colour)) for colour in row if colour in colours]
    assert list(dict.fromkeys(seen)) == order


def test_preflight_knows_where_the_fold_is(booklets: Path) -> None:
    """Cut off the bleed at the fold of each page: fine; the same file without its direction is short of bleed."""
    path = made(booklets, "full", "press")
    cut = path.with_name("cut.pdf")
    for direction, code in (("/R2L", 0), (None, 1)):
        with pikepdf.open(path) as pdf:
            for number, page in enumerate(pdf.pages, start=1):
                left, bottom, right, top = (float(side) for side in page.BleedBox)
                trim = [float(side) for side in page.TrimBox]
                if number % 2:
                    right = trim[2]
                else:
                    left = trim[0]
                page.BleedBox = pikepdf.Array([left, bottom, right, top])
            if direction is None:
                del pdf.Root.ViewerPreferences
            pdf.save(cut)
        done = livret_here("-C", booklets.parent, "preflight", cut, "--profile", "coated-fogra39")
        assert ("[no-bleed]" in done.out + done.err) == bool(code), done.err
    cut.unlink()


def test_a_proof_shows_the_verso_on_the_right(booklets: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(booklets.parent, root)
    places = {}
    for edition in ("full", "left"):
        done = livret_here("-C", root, "proof", "bayt-0", "--edition", edition)
        assert done.code == 0, done.out + done.err
        (path,) = (root / "output" / "proofs").glob("*bayt-0*.pdf")
        document = pypdfium2.PdfDocument(path)
        text = document[0].get_textpage()
        # A word of what the organisation says of itself, which stands on the verso.
        places[edition] = text.get_charbox(text.get_text_range().index("جمعية"))[0] / MM
        document.close()
        path.unlink()
    # A page further, and 2 mm: its outer margin is 15 mm, the one at the spine 17 mm.
    assert places["full"] - places["left"] == pytest.approx(148 + 2, abs=0.5)


# One half red, the other blue: a drawing over the two pages of the opener.
OPENER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 302 216" width="302mm" height="216mm">'
    '<rect width="151" height="216" fill="#f00"/><rect x="151" width="151" height="216" fill="#00f"/></svg>'
)
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30"><rect width="60" height="30" fill="#080"/></svg>'


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The screen edition of a booklet in Arabic with a drawing over its opener, a logo and a page with a contact."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("pictured"))
    folder.write("catalogue.yaml", CATALOGUE + "art: {opener: images/opener.svg}\npartners: [nour]\n")
    folder.write("images/opener.svg", OPENER)
    folder.write("images/logo.svg", LOGO)
    folder.write("initiatives/bayt-0.yaml", CARD.replace("  about:", "  logo: images/logo.svg\n  about:"))
    body = "تعمل المؤسسة منذ سنوات مع البلدية والمدارس والأطباء في المدينة من أجل استقبال العائلات. " * 12
    folder.write("partners/nour.yaml", f"name: مؤسسة النور\nwebsite: https://www.example.org\nbody: |\n  {body}\n")
    done = livret_here("-C", folder.root, "build")
    assert done.code == 0, done.out + done.err
    return folder.root / "output" / "full" / "full-screen.pdf"


def pages_of(path: Path) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(path)
    pages = [page.render(scale=1).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def test_a_drawing_over_two_pages_shows_each_half_once(pictured: Path) -> None:
    """The first page of the opener is the right one of its spread."""
    pages = pages_of(pictured)
    first = card_page(pictured) - 2
    assert [page.getpixel((200, 500)) for page in pages[first - 1 : first + 1]] == [(0, 0, 255), (255, 0, 0)]


def test_a_logo_stands_in_its_place(pictured: Path) -> None:
    """Beside the name, which begins at the right: 15 mm from the edge, and two of six columns wide (36 mm)."""
    page = pages_of(pictured)[card_page(pictured) - 1]
    green = [x for x in range(page.width) if (0, 136, 0) in {page.getpixel((x, y)) for y in range(40, 110, 5)}]
    assert green
    assert page.width - green[-1] >= 15 * MM
    assert page.width - green[0] <= (15 + 36) * MM


def test_text_keeps_its_column_below_what_stands_beside_it(pictured: Path) -> None:
    """On a partner's page, all lines begin at one right edge."""
    document = pypdfium2.PdfDocument(pictured)
    (text,) = (found for page in document if "تعمل المؤسسة" in (found := page.get_textpage()).get_text_range())
    lines: dict[int, float] = {}
    for at in range(text.count_chars()):
        left, bottom, right, _ = text.get_charbox(at)
        if text.get_text_range(at, 1).isalpha() and left < 90 * MM:
            line = round((bottom + 4) / 12)
            lines[line] = max(lines.get(line, 0), right)
    document.close()
    edges = sorted(lines.values())[2:]
    assert len(edges) > 5
    # Letters end differently; the code beside is 36 mm wide.
    assert max(edges) - min(edges) < 10


def test_a_booklet_in_french_may_be_bound_on_the_right(catalogue_folder: CatalogueFolder) -> None:
    """In its press file PDFium turns every line; each text is found all the same."""
    text = "Au foyer Abbé-Pierre, avant-propos de 2023-2024, https://www.example.org/a-b/1 et a.b-1@example.org."
    card = f"pilot:\n  name: Abbé-Pierre\n  about: >-\n    {text}\nthemes: [logement]\nscope: national\n"
    catalogue_folder.write("initiatives/abbe.yaml", card)
    catalogue_folder.write("editions/full.yaml", "binding: right\n")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "both")
    assert done.code == 0, done.out + done.err

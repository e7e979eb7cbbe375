"""The press edition of the demonstration, as a printer's preflight and RIP see it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from conftest import CatalogueFolder
from inspector import Inspector
from lengths import mm
from livret.measure import Rect
from plates import heaviest
from press import copied, livret, livret_here
from press_walk import Walk, walk
from presscheck import faults, picture

BLACK = (0.0, 0.0, 0.0, 1.0)
TRIM = Rect(0, 0, mm(148), mm(210))
# GWG 2022, R0009 and R0010: text below 12 pt and lines below 2 pt in black ink alone overprint.
TEXT_OVERPRINTS, LINE_OVERPRINTS = 12, 2


@pytest.fixture(scope="module")
def built(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the demonstration, both ends of `full`; nobody changes it."""
    root = copied(built_demonstration, tmp_path_factory.mktemp("press") / "project")
    done = livret_here("-C", root, "build", "full", "--for", "both")
    assert done.code == 0, done.err
    return root / "output" / "full"


@pytest.fixture(scope="module")
def press(built: Path) -> Path:
    return built / "full-press.pdf"


@pytest.fixture(scope="module")
def walked(press: Path) -> Walk:
    with pikepdf.open(press) as pdf:
        return walk(pdf)


def test_the_boxes_the_intent_and_the_identity_are_those_of_a_pdf_x_4(press: Path) -> None:
    assert faults(press, TRIM.width, TRIM.height, mm(3)) == ()


def test_every_stream_resource_and_picture_is_ink(walked: Walk) -> None:
    assert walked.strangers == {}
    assert walked.visited["page"] >= 60
    assert walked.visited["form"] > 60, "artwork, marks and furniture were looked at"
    assert {"DeviceCMYK", "Separation"} <= set(walked.spaces)


def test_no_pixel_of_any_page_has_more_ink_than_the_limit(press: Path, tmp_path: Path) -> None:
    """The limit of coated paper is 300 %; rounding may add 2 %. Ghostscript makes the plates."""
    pages = heaviest(press, tmp_path)
    assert len(pages) >= 60
    assert max(pages) <= 302
    assert max(pages) > 150, "and there is ink"


def test_text_is_black_ink_alone(walked: Walk) -> None:
    colours = [one.colour for one in walked.of("text") if one.space == "DeviceCMYK"]
    black = [colour for colour in colours if colour == BLACK]
    assert len(black) > len(colours) / 2
    neutral = {colour for colour in colours if colour and not any(colour[:3])}
    assert BLACK in neutral
    assert all(colour is not None for colour in colours)


def test_black_overprints_where_it_is_small_and_white_never(walked: Walk) -> None:
    told = {"small text": 0, "large text": 0, "line": 0, "white": 0}
    for one in walked.painted:
        if one.space != "DeviceCMYK":
            continue
        if one.colour == (0, 0, 0, 0):
            told["white"] += 1
            assert not one.overprints
        elif one.colour == BLACK and one.kind == "text":
            is_small = one.size < TEXT_OVERPRINTS
            told["small text" if is_small else "large text"] += 1
            assert one.overprints == is_small, one
        elif one.colour == BLACK and one.kind == "line" and one.size < LINE_OVERPRINTS:
            told["line"] += 1
            assert one.overprints, one
    assert all(told[name] for name in ("small text", "large text", "white")), told


def test_both_ends_have_the_same_lines(built: Path, press: Path, tmp_path: Path) -> None:
    """Every character stands at the same place within the trim, page by page."""
    screen, printed = Inspector(_as_drawn(built / "full-screen.pdf", tmp_path)), Inspector(press)
    assert len(screen) == len(printed) == 60
    for page in range(len(screen)):
        trim = printed.box(page, "/TrimBox")
        inside = [
            (one.text, one.box.x0 - trim.x0, one.box.y0 - trim.y0)
            for one in printed.characters(page)
            if one.box.y0 > trim.y0 - mm(3)
        ]
        wanted = [(one.text, one.box.x0, one.box.y0) for one in screen.characters(page)]
        assert [letter for letter, _, _ in inside] == [letter for letter, _, _ in wanted], page
        for (letter, x, y), (_, wanted_x, wanted_y) in zip(inside, wanted, strict=True):
            assert (x, y) == pytest.approx((wanted_x, wanted_y), abs=0.02), (page, letter)


def test_the_outline_lists_no_page_for_notes(built: Path) -> None:
    """docs/layouts.md: such pages have a line in neither contents, index nor outline."""
    with pikepdf.open(built / "full-screen.pdf") as pdf, pdf.open_outline() as outline:
        titles = [line.title for entry in outline.root for line in (entry, *entry.children)]
    assert "Index" in titles
    assert "Notes" not in titles


def _as_drawn(path: Path, folder: Path) -> Path:
    """A copy whose words broken at the ends of lines are not told whole (ActualText)."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            page.Contents.write(page.Contents.read_bytes().replace(b"/ActualText", b"/Unread"))
        pdf.save(folder / "drawn.pdf")
    return folder / "drawn.pdf"


def test_artwork_fills_the_bleed(press: Path) -> None:
    """The cover is coloured all over: so are the 3 mm around its trim, on all four sides."""
    shown = picture(press, 0, 4)
    with pikepdf.open(press) as pdf:
        height = float(pdf.pages[0].MediaBox[3])
        x0, y0, x1, y1 = (float(value) * 4 for value in pdf.pages[0].BleedBox)
    left, top, right, bottom = (round(value) for value in (x0, height * 4 - y1, x1, height * 4 - y0))
    deep = int(mm(3) * 4) - 2
    bands = {
        "left": (left + 2, top + 2, left + deep, bottom - 2),
        "right": (right - deep, top + 2, right - 2, bottom - 2),
        "top": (left + 2, top + 2, right - 2, top + deep),
        "bottom": (left + 2, bottom - deep, right - 2, bottom - 2),
    }
    for side, band in bands.items():
        assert (255, 255, 255) not in {colour for _, colour in shown.crop(band).getcolors(10**6) or ()}, side


@pytest.mark.parametrize(
    "command",
    [
        ("qpdf", "--check", "{file}"),
        ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage", "-o", "{folder}/nothing", "{file}"),
        ("pdftoppm", "-r", "20", "-q", "{file}", "{folder}/page"),
        ("pdffonts", "{file}"),
    ],
)
def test_other_programs_open_it_without_a_complaint(press: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    words = [word.format(file=press, folder=tmp_path) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "warning" not in done.stdout.lower()


def test_on_the_plates_text_is_black_alone(press: Path, tmp_path: Path) -> None:
    """A page of the foreword by Ghostscript, plate by plate: below its heading only the black plate prints."""
    page = 3
    subprocess.run(
        ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r100", f"-dFirstPage={page}", f"-dLastPage={page}",
         "-o", str(tmp_path / "plate.tif"), str(press)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    body = (60, 250, 420, 560)
    inks = {}
    for ink in ("Cyan", "Magenta", "Yellow", "Black"):
        with Image.open(tmp_path / f"plate({ink}).tif") as plate:
            darkest, _ = plate.convert("L").crop(body).getextrema()
            inks[ink] = darkest
    assert inks == {"Cyan": 255, "Magenta": 255, "Yellow": 255, "Black": 0}


def test_the_press_file_is_the_same_bytes_from_a_build_of_its_own(
    built_demonstration: Path, press: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Typeset already, which test_build looks at, but separated and bound anew, in one process.
    root = copied(built_demonstration, tmp_path_factory.mktemp("again") / "elsewhere")
    # In a process of its own, which orders sets differently.
    done = livret("-C", root, "build", "full", "--for", "press", "--jobs", "1")
    assert done.code == 0, done.err
    first, second = (
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (press, root / "output/full/full-press.pdf")
    )
    assert first == second


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_no_text_of_a_shipped_layout_is_near_the_trim_or_too_small_for_its_inks(
    catalogue_folder: CatalogueFolder, layout: str
) -> None:
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press", "--layout", layout)
    assert done.code == 0, done.err
    assert [line for line in done.err.splitlines() if "[unsafe-" in line or "[small-" in line] == []


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_a_line_between_two_parts_of_a_text_is_thin(catalogue_folder: CatalogueFolder, layout: str) -> None:
    catalogue_folder.write("foreword.yaml", "title: Avant-propos\nbody: |\n  Une.\n\n  ***\n\n  Deux.\n")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press", "--layout", layout)
    assert done.code == 0, done.err
    assert [line for line in done.err.splitlines() if "[black-line-knocks-out]" in line] == []

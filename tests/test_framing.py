"""Framing: pictures keep their shape, side by side where they are narrow; what is cut off or not seen is told."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from conftest import CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.pictures.size import size_of
from livret.content.schema.design import Framing
from livret.pages.compose.composer import Composer
from livret.pages.compose.framing import FramedSize, placed, rows
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.layout_file import Frame
from livret.pages.pagination import paginate
from press import livret_here

PORTRAIT = Frame(width=36, height=48)
CARD = Frame(width=116, height=68, row=40, gutter=4, depth=85, caption=40)
LINE = 4.2333
A_PICTURE = Framing(file="a.jpg")


def told(folder: CatalogueFolder, field: str) -> list[tuple[str, str, int]]:
    """The rules of the findings where the logo of the card aajt is `field`, with severity and line."""
    text = folder.path("initiatives/aajt.yaml").read_text().replace("logo: images/aajt.svg", field)
    folder.write("initiatives/aajt.yaml", text)
    _, found = read_catalogue(folder.project)
    mine = [one for one in found if one.where and one.where.path.endswith("aajt.yaml")]
    return [(one.rule, one.severity.value, one.where.line) for one in mine if one.where]


# --- the content format ---


@pytest.mark.parametrize(
    "field",
    [
        "logo: images/aajt.svg",
        "logo: {file: images/aajt.svg}",
        "logo: {file: images/aajt.svg, focus: [0, 1.0], fit: cover}",
        "logo: {file: images/aajt.svg, focus: [.5, 0.25], fit: contain}",
    ],
)
def test_a_path_may_have_its_framing_beside_it(catalogue_folder: CatalogueFolder, field: str) -> None:
    assert told(catalogue_folder, field) == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("logo: {file: images/none.svg}", "missing-picture"),
        ("logo: {focus: [0.5, 0.5]}", "missing-field"),
        ("logo: {file: images/aajt.svg, focus: [50, 50]}", "bad-focus"),
        ("logo: {file: images/aajt.svg, focus: [0.5]}", "bad-focus"),
        ("logo: {file: images/aajt.svg, focus: center}", "bad-focus"),
        ("logo: {file: images/aajt.svg, fit: crop}", "unknown-fit"),
        ("logo: {file: images/aajt.svg, focsu: [0, 0]}", "unknown-field"),
        ("logo: [images/aajt.svg]", "wrong-type"),
    ],
)
def test_a_framing_that_cannot_be_meant_is_an_error(catalogue_folder: CatalogueFolder, field: str, rule: str) -> None:
    assert told(catalogue_folder, field) == [(rule, "error", 4)]


# --- one picture in a frame ---


@pytest.mark.parametrize(
    ("size", "framing", "expected"),
    [
        # As the frame, or nearly: it is filled.
        ((3, 4), {}, (36, 48)),
        ((4, 5), {}, (36, 48)),
        # More than a tenth at each side would be lost: the whole picture.
        ((3, 2), {}, (36, 24)),
        ((1, 3), {}, (16, 48)),
        # As the author wishes.
        ((4, 5), {"fit": "contain"}, (36, 45)),
        ((3, 2), {"fit": "cover"}, (36, 48)),
        ((3, 2), {"focus": (0.2, 0.5)}, (36, 48)),
    ],
)
def test_a_picture_fills_its_frame_or_is_whole(
    size: tuple[int, int], framing: dict[str, object], expected: tuple[float, float]
) -> None:
    found = placed(size[0] / size[1], Framing.model_validate({"file": "a.jpg"} | framing), PORTRAIT, 0.1)
    assert (found.width, found.height) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("focus", "left", "right"),
    [((0.5, 0.5), 0.25, 0.25), ((0.1, 0.5), 0, 0.5), ((0.9, 0), 0.5, 0), ((0.6, 0), 0.35, 0.15)],
)
def test_the_focus_stays_in_sight(focus: tuple[float, float], left: float, right: float) -> None:
    # Twice as wide as the frame: half of it is seen.
    found = placed(1.5, Framing(file="a.jpg", focus=focus, fit="cover"), PORTRAIT, 0.1)
    assert (found.left, found.right, found.top, found.bottom) == pytest.approx((left, right, 0, 0))


def test_logos_look_equally_large() -> None:
    frame = Frame(width=30.3, height=21.8, area=190)
    sizes = [placed(ratio, A_PICTURE, frame, 0.1) for ratio in (0.5, 1, 2, 4)]
    assert [size.width * size.height for size in sizes] == pytest.approx([190, 190, 190, 190])
    widest = placed(8, A_PICTURE, frame, 0.1)
    assert (widest.width, widest.height) == pytest.approx((30.3, 30.3 / 8))


# --- several pictures ---


@pytest.mark.parametrize(
    ("ratios", "counts"),
    [
        ([1.5], [1]),
        ([1.5, 1.5], [2]),
        ([0.67, 0.75], [2]),
        ([0.67, 1.5], [2]),
        ([1.5, 1, 0.75], [3]),
        ([1.5] * 3, [3]),
        ([3.4, 0.67], [2]),
        ([1.5] * 6, [3, 3]),
        ([1.5, 0.67, 1, 1.5, 1.33, 0.75], [3, 3]),
    ],
)
def test_pictures_stand_side_by_side_in_the_width_of_the_text(ratios: list[float], counts: list[int]) -> None:
    found = rows([(A_PICTURE, ratio) for ratio in ratios], CARD, 0.1, LINE)
    assert [len(row.pictures) for row in found] == counts
    for row in found:
        sizes = [size for _, size in row.pictures]
        assert len({size.height for size in sizes}) == 1
        assert sum(size.width for size in sizes) + 4 * (len(sizes) - 1) <= 116
        assert max(size.most_lost for size in sizes) <= 0.1
        # As deep as whole lines of the text beside them.
        assert sizes[0].height / LINE == pytest.approx(round(sizes[0].height / LINE))


@pytest.mark.parametrize(
    ("ratios", "counts"),
    [
        ([1] * 5, [2, 3]),
        ([0.75] * 5, [2, 3]),
        ([1.33] * 4, [2, 2]),
        ([4, 0.75, 1], [1, 2]),
        ([1.5] * 3, [3]),
        ([1.5] * 9, [3, 3, 3]),
    ],
)
def test_rows_that_would_be_too_deep_are_lower_and_as_tall_as_one_another(
    ratios: list[float], counts: list[int]
) -> None:
    small = Frame(width=89, height=40, row=26, gutter=3.5, depth=55, caption=40)
    found = rows([(A_PICTURE, ratio) for ratio in ratios], small, 0.1, 4.2)
    heights = [row.pictures[0][1].height for row in found]
    assert [len(row.pictures) for row in found] == counts
    assert sum(heights) <= 55
    assert max(heights) < 1.5 * min(heights)


def test_pictures_in_a_row_fill_its_width() -> None:
    [row] = rows([(A_PICTURE, 1.5), (A_PICTURE, 0.67), (A_PICTURE, 1)], CARD, 0.1, LINE)
    assert sum(size.width for _, size in row.pictures) + 8 == pytest.approx(116, abs=0.05)


def test_a_picture_that_must_be_whole_is_whole_in_its_row() -> None:
    contained = Framing(file="a.jpg", fit="contain")
    [row] = rows([(contained, 1.5), (A_PICTURE, 1)], CARD, 0.1, LINE)
    assert row.pictures[0][1].most_lost == pytest.approx(0, abs=0.001)


def test_narrow_pictures_have_their_captions_below_the_row() -> None:
    [wide] = rows([(A_PICTURE, 1.5)] * 2, CARD, 0.1, LINE)
    [narrow] = rows([(A_PICTURE, 1.5)] * 3, CARD, 0.1, LINE)
    assert (wide.captions_below, narrow.captions_below) == (False, True)


# --- sizes ---


@pytest.mark.parametrize(("orientation", "expected"), [(1, (30, 20)), (6, (20, 30))])
def test_a_photograph_is_as_large_as_it_is_looked_at(orientation: int, expected: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    saved = io.BytesIO()
    Image.new("RGB", (30, 20)).save(saved, "JPEG", exif=exif)
    assert size_of(saved.getvalue()) == expected


def test_what_is_no_picture_has_no_size() -> None:
    assert size_of(b"hello") is None
    assert size_of(b"<svg/>") is None


# --- on the page ---

LANDSCAPE, UPRIGHT = (300, 200), (200, 300)


@pytest.fixture
def pictures(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """The card aajt with two photographs, a portrait of the foreword, and a wide picture on the cover."""
    for name, size in {"land": LANDSCAPE, "up": UPRIGHT, "wide": (600, 320)}.items():
        saved = io.BytesIO()
        Image.new("RGB", size, (120, 140, 90)).save(saved, "JPEG")
        catalogue_folder.write(f"images/{name}.jpg", saved.getvalue())
    catalogue_folder.write(
        "images/dark.svg", '<svg viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#101a40"/></svg>'
    )
    card = catalogue_folder.path("initiatives/aajt.yaml").read_text()
    shown = "{file: images/land.jpg, caption: L'atelier}\n  - {file: images/up.jpg, caption: Le jardin, credit: A. B.}"
    card = card.replace("{file: images/atelier.svg, caption: Un atelier}", shown)
    catalogue_folder.write("initiatives/aajt.yaml", card)
    text = catalogue_folder.path("catalogue.yaml").read_text()
    text = text.replace("publisher:\n", "cover:\n  image: images/wide.jpg\npublisher:\n  logo: images/dark.svg\n")
    catalogue_folder.write("catalogue.yaml", text)
    catalogue_folder.write("foreword.yaml", "body: Bonjour.\nportrait: images/land.jpg\n")
    return catalogue_folder


def findings_of(folder: CatalogueFolder) -> str:
    done = livret_here("-C", folder.root, "check")
    return done.out + done.err


def boxes(path: Path) -> list[tuple[int, float, float, float, float]]:
    """The pictures of a PDF: page, left, top, width and height, in millimetres from the trimmed corner."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        page = document[number]
        trim = page.get_trimbox()
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = item.get_bounds()
            place = (left - trim[0], trim[3] - top, right - left, top - bottom)
            found.append((number, *(round(length * 25.4 / 72, 1) for length in place)))
    return found


def test_pictures_stand_where_they_should_and_the_cover_tells_what_it_cuts(pictures: CatalogueFolder) -> None:
    done = livret_here("-C", pictures.root, "build")
    assert re.search(
        r'catalogue\.yaml:5: warning: the picture "images/wide.jpg" loses about 34 %', (done.out + done.err)
    )
    assert re.search(
        r'catalogue\.yaml:7: warning: the logo "images/dark.svg" can hardly be seen', (done.out + done.err)
    )
    found = boxes(pictures.root / "output" / "full" / "full-screen.pdf")
    [left, right] = [box for box in found if box[0] == max(number for number, *_ in found)]
    # 1.5 and 0.67 of one height fill 116 mm with 4 mm between them, 17 mm from the spine. Both are 112 / 2.17 mm deep,
    # of which 12 lines are in sight.
    assert left[1] == 17.0
    assert right[1] + right[3] == pytest.approx(133.0, abs=0.2)
    assert right[1] - (left[1] + left[3]) == pytest.approx(4.0, abs=0.2)
    assert left[4] == right[4] == pytest.approx(51.7, abs=0.1)
    assert left[2] == right[2]
    # The portrait is whole: as wide as its frame, two thirds as deep.
    assert any((box[3], box[4]) == (36.0, 24.0) for box in found)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (3.0, FramedSize(154.0, 154 / 3)),  # a panorama: as wide as the frame
        (0.5, FramedSize(62.5, 125.0)),  # a portrait: as tall
        (1.232, FramedSize(154.0, 125.0)),
    ],
)
def test_a_portrait_and_a_panorama_are_shown_whole_on_the_cover(ratio: float, expected: FramedSize) -> None:
    frame = Frame(width=154, height=125, fills=True, whole=(0.8, 2))
    assert placed(ratio, Framing(file="a.jpg"), frame, 0.1) == expected


def test_an_author_may_have_a_panorama_fill_the_cover() -> None:
    frame = Frame(width=154, height=125, fills=True, whole=(0.8, 2))
    found = placed(3.0, Framing(file="a.jpg", focus=(0.0, 0.5)), frame, 0.1)
    assert (found.width, found.height, found.left) == (154, 125, 0)
    assert found.right == pytest.approx(1 - 154 / 125 / 3)


def test_an_author_who_gives_the_focus_is_told_nothing(pictures: CatalogueFolder) -> None:
    text = pictures.path("catalogue.yaml").read_text()
    framed = text.replace("image: images/wide.jpg", "image: {file: images/wide.jpg, focus: [0.2, 0.5]}")
    pictures.write("catalogue.yaml", framed)
    assert "cut-picture" not in findings_of(pictures)


def test_a_layout_may_allow_that_more_is_cut_off(pictures: CatalogueFolder) -> None:
    layout = pictures.root / "layouts" / "forum" / "layout.yaml"
    layout.parent.mkdir(parents=True)
    shipped = (Path(__file__).parents[1] / "layouts" / "forum" / "layout.yaml").read_text()
    layout.write_text(shipped.replace("crop: 0.1", "crop: 0.3"))
    assert Layout(pictures.project, "forum").pictures.crop == 0.3
    assert "cut-picture" not in findings_of(pictures)


def test_the_pictures_of_a_card_are_a_row_in_html(pictures: CatalogueFolder) -> None:
    edition = select(pictures.catalogue(), "full")
    layout = Layout(pictures.project, "forum")
    parts = layout.flatplan(edition)
    pages = paginate(parts, {part.anchor: ("any",) for part in parts}, 1)
    card = next(part for part in parts if part.anchor == "card-aajt")
    html = Composer(pictures.project, edition, layout).galley(card, pages)[0].html
    [block] = re.findall(r'<div class="images">.*?</div>\s*</div>', html, re.DOTALL)
    sized = "calc(var(--picture, 1) * {}mm)"
    seen = "object-fit: cover; object-position: 50% 50%"
    assert re.sub(r">\s+<", "><", block) == (
        '<div class="images"><div class="row">'
        f'<figure style="width: {sized.format("77.53")}">'
        f'<img src="images/land.jpg" style="width: {sized.format("77.53")}; height: {sized.format("50.80")}; {seen}" '
        'alt="L’atelier"></figure>'
        f'<figure style="width: {sized.format("34.46")}">'
        f'<img src="images/up.jpg" style="width: {sized.format("34.46")}; height: {sized.format("50.80")}; {seen}" '
        'alt="Le jardin"></figure>'
        '<p class="note together always">L’atelier <span class="then">·</span> Le jardin – Photo\u00a0: A.\u00a0B.</p>'
        "</div></div>"
    )


def test_a_layout_file_from_before_frames_has_those_of_livret(pictures: CatalogueFolder) -> None:
    own = pictures.root / "layouts" / "forum" / "layout.yaml"
    own.parent.mkdir(parents=True)
    shipped = (Path(__file__).parents[1] / "layouts" / "forum" / "layout.yaml").read_text()
    before, rest = shipped.split("pictures:\n")
    own.write_text(before + rest[rest.index("# What `livret check -v`") :])
    assert Layout(pictures.project, "forum").pictures.frames["portrait"].width == 36

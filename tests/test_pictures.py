"""Pictures of every kind that people send, built once for the screen and the press: they have the same colours.

The screen edition is looked at by pdfium, the press edition by Ghostscript with the profile of the press. Differences
are CIE76, which is stricter than later formulas for colours like these.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

import softproof
from conftest import CatalogueFolder, two_cards
from engine_bench import Bench
from livret.content.catalogue.reader import read_catalogue
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from picture_kinds import FOGRA39, GREYS, SRGB, PictureKind, fields, jpeg, saved, table
from press import change, livret, livret_here, plain_layout
from verapdf import assert_compliant

KINDS = {kind.name: kind for kind in table()}
NAMES = list(KINDS)
TURNED_JPEGS = [name for name in NAMES if name.startswith("turned-") and name.endswith(".jpg")]

# The card has them in nine columns, each 9 mm wide, from 5 mm within the trim on.
COLUMNS, SIDE, STEP, MARGIN = 9, 9.0, 10.0, 5.0
CSS = f"""
.project img {{ position: absolute; width: {SIDE}mm; height: {SIDE}mm }}
.project {{ padding: 90mm 5mm 0 }}
@page project {{ margin: 0 }}
"""
IMAGE = '<img src="{{ picture(image.file) }}" alt="{{ image.caption|plain }}">'
PLACED = IMAGE.replace(
    " alt=", ' style="left: {{ 5 + loop.index0 % 9 * 10 }}mm; top: {{ 5 + loop.index0 // 9 * 10 }}mm" alt='
)

Lab = tuple[float, float, float]


@dataclass(frozen=True)
class Built:
    """The project, and what a reader sees of each picture: its four fields, in CIE L*a*b*."""

    root: Path
    screen: Mapping[str, list[Lab]]
    press: Mapping[str, list[Lab]]
    inks: Mapping[str, list[tuple[int, ...]]]


def cards() -> str:
    listed = "".join(f"  - {{file: images/{name}, caption: Image}}\n" for name in NAMES)
    return f"""\
pilot: {{name: Images, about: Des images.}}
contacts: [{{email: images@example.org}}]
themes: [emploi]
scope: national
images:
{listed}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = two_cards(tmp_path_factory.mktemp("pictures") / "project")
    layout = plain_layout(folder)
    change(layout / "card.html", IMAGE, PLACED)
    css = layout / "base.css"
    css.write_text(css.read_text(encoding="utf-8") + CSS, encoding="utf-8")
    for kind in KINDS.values():
        folder.write(f"images/{kind.name}", kind.content)
    folder.write("initiatives/kodiko.yaml", cards())
    done = livret("-C", folder.root, "build", "--for", "both", "--archive", "-v")
    assert done.code == 0, done.err
    output = folder.root / "output" / "full"
    scratch = tmp_path_factory.mktemp("press")
    page = _page_of_pictures(output / "full-screen.pdf")
    screen = _on_screen(output / "full-screen.pdf", page)
    return Built(folder.root, screen, *_on_press(output / "full-press.pdf", page, scratch))


def _page_of_pictures(path: Path) -> int:
    """The page that draws the most."""
    with pikepdf.open(path) as pdf:
        drawn = [sum(str(one.operator) == "Do" for one in pikepdf.parse_content_stream(page)) for page in pdf.pages]
    return drawn.index(max(drawn))


def _fields(raster: Image.Image, scale: float) -> dict[str, Image.Image]:
    """Of each picture, four pixels: the means of its fields away from their edges. `scale` is pixels a millimetre."""
    found = {}
    for number, name in enumerate(NAMES):
        left, top = MARGIN + number % COLUMNS * STEP, MARGIN + number // COLUMNS * STEP
        fields = Image.new(raster.mode, (4, 1))
        for field in range(4):
            x, y = left + SIDE * (0.25 + field % 2 / 2), top + SIDE * (0.25 + field // 2 / 2)
            box = [round(scale * side) for side in (x - 0.8, y - 0.8, x + 0.8, y + 0.8)]
            part = raster.crop((box[0], box[1], box[2], box[3]))
            fields.paste(part.resize((1, 1), Image.Resampling.BOX), (field, 0))
        found[name] = fields
    return found


def _on_screen(path: Path, number: int) -> dict[str, list[Lab]]:
    raster = pypdfium2.PdfDocument(path)[number].render(scale=3).to_pil().convert("RGB")
    fields = _fields(raster, raster.width / 100)
    return {name: [lab(_pixel(one, at)) for at in range(4)] for name, one in fields.items()}


def _pixel(picture: Image.Image, at: int) -> tuple[int, ...]:
    pixel = picture.getpixel((at, 0))
    assert isinstance(pixel, tuple)
    return pixel


def _on_press(path: Path, number: int, scratch: Path) -> tuple[dict[str, list[Lab]], dict[str, list[tuple[int, ...]]]]:
    with pikepdf.open(path) as pdf:
        media, trim = ([float(side) for side in pdf.pages[number].obj[name]] for name in ("/MediaBox", "/TrimBox"))
        page = pikepdf.new()
        page.pages.append(pdf.pages[number])
        page.save(scratch / "page.pdf")
    [raster] = softproof.ghostscript(
        scratch / "page.pdf", scratch, "tiff32nc", f"-sDefaultCMYKProfile={softproof.PROFILE}",
        f"-sOutputICCProfile={softproof.PROFILE}", "-r216", scale=1,
    )  # fmt: skip
    scale = raster.width / (media[2] - media[0])
    left, top = round((trim[0] - media[0]) * scale), round((media[3] - trim[3]) * scale)
    fields = _fields(raster.crop((left, top, raster.width, raster.height)), scale * 72 / 25.4)
    inks = {name: [_pixel(one, at) for at in range(4)] for name, one in fields.items()}
    return {name: _labs(softproof.seen(one)) for name, one in fields.items()}, inks


def _labs(picture: Image.Image) -> list[Lab]:
    lightness, a, b = (band.tobytes() for band in picture.split())
    return [(one / 2.55, two - 128, three - 128) for one, two, three in zip(lightness, a, b, strict=True)]


def lab(colour: tuple[int, ...]) -> Lab:
    """An sRGB colour in CIE L*a*b* for its own white (IEC 61966-2-1, CIE 15)."""
    red, green, blue = (one / 3294.6 if one <= 10.31475 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in colour)
    x, y, z = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def wanted(kind: PictureKind) -> Image.Image:
    picture = Image.new("RGB", (4, 1))
    for at, colour in enumerate(kind.colours):
        picture.putpixel((at, 0), colour)
    return picture


def test_the_table_has_pictures_of_every_kind() -> None:
    assert len(KINDS) == len(table()) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_its_colours_on_the_screen(built: Built, name: str) -> None:
    for seen, colour in zip(built.screen[name], KINDS[name].colours, strict=True):
        # The encoders of WebP and AVIF shift the colours of these fields by up to two steps of 255.
        assert math.dist(seen, lab(colour)) <= (2.5 if name.endswith((".webp", ".avif")) else 2)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_its_colours_on_the_press(built: Built, name: str) -> None:
    kind = KINDS[name]
    for seen, right in zip(built.press[name], _labs(softproof.proofed(wanted(kind))), strict=True):
        if kind.colours is GREYS:
            # Greys are black ink alone, which is as light as the four inks, not of their very hue.
            assert seen[0] == pytest.approx(right[0], abs=1.5)
        elif not name.startswith("bits"):
            # Both were rounded to whole units, and colours of JPEG to whole steps.
            assert math.dist(seen, right) <= 3


@pytest.mark.parametrize("space", ["adobe", "p3"])
def test_a_wide_picture_is_the_same_on_the_press_in_every_format(built: Built, space: str) -> None:
    forms = (".jpg", "-progressive.jpg", ".png", "-palette.png", "-alpha.png", ".tif", "-lzw.tif", "-lossless.webp")
    for one, other in itertools.combinations([f"{space}{form}" for form in forms], 2):
        for first, second in zip(built.press[one], built.press[other], strict=True):
            # Each was rounded to whole units of a and b.
            assert math.dist(first, second) <= 1.1, (one, other)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("grey", "bits"))])
def test_grey_is_black_ink_alone(built: Built, name: str) -> None:
    assert {inks[:3] for inks in built.inks[name]} == {(0, 0, 0)}
    if KINDS[name].colours is GREYS:
        assert len({inks[3] for inks in built.inks[name]}) == 4


@pytest.mark.parametrize("name", ["inks.tif", "inks.jpg", "inks-unmarked.jpg"])
def test_inks_without_a_profile_are_those_of_the_press(built: Built, name: str) -> None:
    right = ((10, 190, 181, 62), (169, 33, 207, 37), (210, 156, 0, 32), (67, 59, 89, 1))
    for seen, inks in zip(built.inks[name], right, strict=True):
        assert seen == pytest.approx(inks, abs=4)


def test_the_archive_with_all_of_them_is_pdf_a_and_pdf_ua(built: Built) -> None:
    path = built.root / "output" / "full" / "full-archive.pdf"
    assert_compliant([path], "3u")
    assert_compliant([path], "ua1")


def test_check_tells_the_resolution_that_a_picture_had_in_the_last_build(built: Built) -> None:
    done = livret_here("-C", built.root, "check", "-v")
    # 64 pixels on 9 mm. The turned pictures are as large.
    told = '"images/adobe.png" has 181 pixels an inch, as edition full was built last [picture-resolution]'
    lines = (built.root / "catalogue" / "initiatives" / "kodiko.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "images/adobe.png" in text)
    assert f"catalogue/initiatives/kodiko.yaml:{line}: note: {told}" in done.err
    assert '"images/turned-6.jpg" has 181 pixels an inch' in done.err


def test_before_a_build_check_says_that_resolutions_are_not_known(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("images/photo.jpg", KINDS["plain.jpg"].content)
    assert "is known when the booklet was built once" in livret_here("-C", catalogue_folder.root, "check", "-v").err


def test_a_picture_with_few_pixels_is_a_warning_at_its_line(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    small = fields("RGB", SRGB).resize((48, 48))
    catalogue_folder.write("images/small.png", saved(small, "PNG"))
    catalogue_folder.write("images/enough.png", saved(fields("RGB", SRGB), "PNG"))
    both = "file: images/small.png, caption: Un}\n  - {file: images/enough.png, caption: Deux"
    catalogue_folder.change("initiatives/aajt.yaml", "file: images/atelier.svg, caption: Un atelier", both)
    done = livret_here("-C", catalogue_folder.root, "build")
    lines = catalogue_folder.path("initiatives/aajt.yaml").read_text(encoding="utf-8").splitlines()
    line = lines.index("  - {file: images/small.png, caption: Un}") + 1
    # 48 pixels on the 10 mm that the layout gives each picture.
    told = 'the picture "images/small.png" has 122 pixels an inch at the size it is set [low-resolution]'
    assert f"catalogue/initiatives/aajt.yaml:{line}: warning: {told}" in done.err
    assert "enough.png" not in done.err


def shown(bench: Bench, content: bytes, inks: Path | None) -> list[tuple[int, ...]]:
    """The four fields of a picture on a page whose inks are those of a press."""
    (bench.catalogue / "a.jpg").write_bytes(content)
    galley = replace(bench.galley('<img src="a.jpg" alt="" style="width: 80mm; height: 80mm">'), inks=inks)
    page = pypdfium2.PdfDocument(bench.set(galley).path)[0].render(scale=2).to_pil().convert("RGB")
    found = [
        page.getpixel((int((13 + x) * 144 / 25.4), int((13 + y) * 144 / 25.4))) for y in (20, 60) for x in (20, 60)
    ]
    return [one for one in found if isinstance(one, tuple)]


def test_inks_without_a_profile_are_shown_as_the_press_of_the_edition_prints_them(bench: Bench) -> None:
    # The same inks, on uncoated paper and on coated.
    inks = ((25, 210, 210, 27), (165, 23, 214, 21), (227, 183, 3, 5), (52, 48, 76, 10))
    content = jpeg("CMYK", inks)
    uncoated = bench.project.folders("press")[0] / "FOGRA29L_uncoated.icc"
    for seen, right in zip(
        shown(bench, content, uncoated), ((191, 80, 61), (91, 151, 79), (56, 91, 155), (200, 189, 169)), strict=True
    ):
        assert seen == pytest.approx(right, abs=4)
    for seen, other in zip(
        shown(bench, content, None), ((191, 80, 61), (91, 151, 79), (56, 91, 155), (200, 189, 169)), strict=True
    ):
        assert seen != pytest.approx(other, abs=4)


def test_a_profile_in_the_picture_counts_more_than_that_of_the_press(bench: Bench) -> None:
    content = jpeg("CMYK", ((189, 80, 60, 0),) * 4, icc_profile=FOGRA39)
    uncoated = bench.project.folders("press")[0] / "FOGRA29L_uncoated.icc"
    assert shown(bench, content, uncoated) == shown(bench, content, None)


def test_the_press_of_an_edition_says_how_inks_are_shown(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/other.yaml", "title: Autre\npress: uncoated\n")
    catalogue, _ = read_catalogue(catalogue_folder.project)
    assert catalogue is not None
    found = []
    for name in ("full", "other"):
        edition = select(catalogue, name)
        composer = Composer(catalogue_folder.project, edition, Layout(catalogue_folder.project, edition.layout))
        assert composer.inks is not None
        found.append(composer.inks.name)
    assert found == ["FOGRA39L_coated.icc", "FOGRA29L_uncoated.icc"]

"""What a printer demands, held to the pages: ink, pictures, text, lines, the safe margin, the sheet, the binding."""

from __future__ import annotations

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageMath

from conftest import CatalogueFolder
from livret.book.plates.limits import check_file
from livret.book.separation.separate import separate
from livret.content.press.profile import PressProfile, read_press_profile
from livret.findings import Finding
from livret.pipeline.press_checks import binding_findings
from livret.project import Project
from press import TOP, livret_here, plain_layout
from softproof import inks


def coated() -> PressProfile:
    """Ink 300 %, bleed and safe margin 3 mm, pictures 150 and 225 ppi, text 5 and 8 pt, lines 0.13 and 0.25 pt."""
    profile, _ = read_press_profile(Project.at(TOP), "coated-fogra39")
    assert profile is not None
    return profile


def page(content: bytes, **pictures: tuple[int, int]) -> pikepdf.Pdf:
    """A page of 200 by 300 points with pictures in CMYK of so many pixels."""
    pdf = pikepdf.new()
    made = pdf.add_blank_page(page_size=(200, 300))
    made.obj.TrimBox = Array([0, 0, 200, 300])
    made.obj.Contents = pdf.make_stream(content)
    drawn = Dictionary()
    for name, (width, height) in pictures.items():
        picture = pdf.make_stream(bytes(4 * width * height), Type=Name.XObject, Subtype=Name.Image)
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
        picture.ColorSpace = Name.DeviceCMYK
        drawn[f"/{name}"] = picture
    made.obj.Resources = Dictionary(XObject=drawn, Font=Dictionary(F=Dictionary(Type=Name.Font)))
    return pdf


def found(content: bytes, **pictures: tuple[int, int]) -> list[tuple[str, str]]:
    """Severity and rule of what is found on a page."""
    with page(content, **pictures) as pdf:
        return [(one.severity.value, one.rule) for one in findings(pdf)]


def findings(pdf: pikepdf.Pdf) -> tuple[Finding, ...]:
    """What is found in a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.pdf"
        pdf.save(path)
        return check_file(path, coated())[0]


# --- pictures, text, lines, margin ---


def photograph(size: tuple[int, int], kind: str = "PNG", **options: Any) -> bytes:
    """A photograph in RGB."""
    raw = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(raw, kind, **options)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [("photo.png", "PNG", {}), ("photo.jpg", "JPEG", {}), ("Été 2019 (1).JPG", "JPEG", {"quality": 80})],
)
def test_a_low_resolution_is_told_with_the_file_and_the_line_of_the_card(
    catalogue_folder: CatalogueFolder, name: str, kind: str, options: dict[str, Any]
) -> None:
    """The layout prints pictures 10 mm high: 36 pixels are 91 an inch."""
    plain_layout(catalogue_folder)
    catalogue_folder.write(f"images/{name}", photograph((48, 36), kind, **options))
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", f'"images/{name}"')
    catalogue_folder.write("images/logo.png", photograph((200, 200)))
    catalogue_folder.change("initiatives/aajt.yaml", "images/aajt.svg", "images/logo.png")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    (line,) = (line for line in done.err.splitlines() if "[low-print-resolution]" in line)
    assert line == (
        f"catalogue/initiatives/aajt.yaml:21: error: page 2: catalogue/images/{name} of 48 x 36 pixels is printed "
        "13 x 10 mm large, at 91 pixels an inch; the press profile coated-fogra39 takes 150 or more "
        "[low-print-resolution]"
    )
    assert done.code == 1


def test_two_cards_with_one_picture_are_each_told(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    catalogue_folder.write("images/photo.png", photograph((48, 36)))
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/photo.png")
    catalogue_folder.write(
        "initiatives/kodiko.yaml",
        catalogue_folder.path("initiatives/kodiko.yaml").read_text("utf-8")
        + "images:\n  - {file: images/photo.png, caption: Un atelier}\n",
    )
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    told = [line.split(": error")[0] for line in done.err.splitlines() if "[low-print-resolution]" in line]
    assert told == ["catalogue/initiatives/aajt.yaml:21", "catalogue/initiatives/kodiko.yaml:11"]


@pytest.mark.parametrize(
    ("pixels", "told"),
    [(149, [("error", "low-print-resolution")]), (150, [("warning", "low-print-resolution")]),
     (224, [("warning", "low-print-resolution")]), (225, [])],
)  # fmt: skip
def test_pictures_are_judged_at_the_size_they_are_printed(pixels: int, told: list[tuple[str, str]]) -> None:
    """One inch large; and the same drawn by a form that is scaled."""
    assert found(b"q 72 0 0 72 50 50 cm /P Do Q", P=(pixels, pixels)) == told
    with page(b"q 36 0 0 36 50 50 cm /Form Do Q", P=(pixels, pixels)) as pdf:
        resources = pdf.pages[0].obj.Resources
        form = pdf.make_stream(b"/P Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 2, 2])
        form.Matrix, form.Resources = Array([2, 0, 0, 2, 0, 0]), Dictionary(XObject=Dictionary(P=resources.XObject.P))
        resources.XObject.Form = form
        assert [(one.severity.value, one.rule) for one in findings(pdf)] == told


def test_a_finding_of_a_picture_says_how_large_it_is_printed() -> None:
    with page(b"q 144 0 0 72 20 20 cm /P Do Q", P=(200, 100)) as pdf:
        (one,) = findings(pdf)
    assert one.message == (
        "page 1: a picture of 200 x 100 pixels is printed 51 x 25 mm large, at 100 pixels an inch; "
        "the press profile coated-fogra39 takes 150 or more"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"0 0 0 1 k BT /F 4.9 Tf 50 50 Td <00> Tj ET", [("warning", "small-text")]),
        (b"0 0 0 1 k BT /F 5 Tf 50 50 Td <00> Tj ET", []),
        (b"0 0 0 1 k q 0.5 0 0 0.5 0 0 cm BT /F 9 Tf 100 100 Td <00> Tj ET Q", [("warning", "small-text")]),
        (b"0 0 0 0 k BT /F 7.9 Tf 50 50 Td <00> Tj ET", [("warning", "small-text")]),
        (b"1 1 0 0 k BT /F 7.9 Tf 50 50 Td <00> Tj ET", [("warning", "small-text")]),
        (b"1 1 0 0 k BT /F 8 Tf 50 50 Td <00> Tj ET", []),
        (b"1 1 0 0 k BT 3 Tr /F 2 Tf 50 50 Td <00> Tj ET", []),
    ],
)
def test_text_below_the_least_size_is_told(content: bytes, told: list[tuple[str, str]]) -> None:
    assert found(content) == told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"0 0 0 1 K 0.1 w 50 50 m 90 50 l S", [("error", "thin-line")]),
        (b"0 0 0 1 K 0 w 50 50 m 90 50 l S", [("error", "thin-line")]),
        (b"0 0 0 1 K 0.13 w 50 50 m 90 50 l S", []),
        (b"1 1 0 0 K 0.2 w 50 50 m 90 50 l S", [("warning", "thin-line")]),
        (b"0 0 0 1 k 50 50 40 0.1 re f", [("error", "thin-line")]),
        (b"0 0 0 1 k 50 50 40 10 re f", []),
    ],
)
def test_lines_below_the_least_width_are_told(content: bytes, told: list[tuple[str, str]]) -> None:
    assert found(content) == told


# The safe margin of 3 mm is 8.5 points; half a point less passes. The page has 200 by 300 points.
WIDE_FONT = Dictionary(Type=Name.Font, Subtype=Name.TrueType, FirstChar=0, LastChar=0, Widths=[500])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("/F 9 Tf 6 50 Td <00> Tj", "text is 2.1 mm"),
        ("/F 9 Tf 9 50 Td <00> Tj", ""),
        # Ten letters of half an em of 10 points: 50 points wide.
        ("/F 10 Tf 145 50 Td <00000000000000000000> Tj", "text is 1.8 mm"),
        ("/F 10 Tf 140 50 Td <00000000000000000000> Tj", ""),
        ("/F 10 Tf 140 50 Td [<0000000000> -500 <0000000000>] TJ", "text is 1.8 mm"),
        ("1 Tc /F 10 Tf 135 50 Td <00000000000000000000> Tj", "text is 1.8 mm"),
        ("50 Tz /F 10 Tf 145 50 Td <00000000000000000000> Tj", ""),
        ("/F 10 Tf 9 50 Td <0000000000> Tj 131 0 Td <00000000000000000000> Tj", ""),
        # From the lowest letters to the highest, and turned by a quarter.
        ("/F 20 Tf 50 5 Td <00> Tj", "text is 0.4 mm"),
        ("/F 10 Tf 50 290 Td <00> Tj", "text is 1.2 mm"),
        ("/F 10 Tf 0 1 -1 0 196 100 Tm <00000000> Tj", "text is 0.7 mm"),
        ("/F 10 Tf 0 1 -1 0 150 275 Tm <0000000000> Tj", "text is 0.0 mm"),
    ],
)
def test_the_whole_extent_of_a_text_stays_inside_the_safe_margin(content: str, told: str) -> None:
    with page(f"0 0 0 1 k BT {content} ET".encode()) as pdf:
        pdf.pages[0].obj.Resources.Font.F = WIDE_FONT
        messages = [one.message for one in findings(pdf) if one.rule == "unsafe-margin"]
    assert messages == ([f"page 1: {told} from the trim and does not bleed"] if told else [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("q 50 0 0 50 145 50 cm /P Do Q", "a picture is 1.8 mm"),
        ("q 80 0 0 80 150 50 cm /P Do Q", ""),
        # It bleeds to the right, and not at the top.
        ("q 80 0 0 80 150 218 cm /P Do Q", "a picture is 0.7 mm"),
        # Only what its window shows of a picture counts.
        ("q 100 50 90 50 re W n 200 0 0 200 50 0 cm /P Do Q", ""),
        ("q 100 50 97 50 re W n 200 0 0 200 50 0 cm /P Do Q", "a picture is 1.1 mm"),
        # Rules and frames, with the width of the line.
        ("1 w 5 50 m 5 200 l S", "a line is 1.6 mm"),
        ("3 w 10 50 m 10 200 l S", ""),
        ("5 w 10 50 m 10 200 l S", "a line is 2.6 mm"),
        ("1 w -9 4 m 209 4 l S", "a line is 1.2 mm"),
        ("20 295 160 1 re f", "a shape is 1.4 mm"),
        ("20 200 m 60 296 l 100 200 l h f", "a shape is 1.4 mm"),
        ("20 200 m 20 297 100 297 100 200 c h f", "a shape is 1.1 mm"),
        # Colour that ends at the trim shows paper when the knife goes beside it.
        ("0 0 200 300 re f", "a shape is 0.0 mm"),
        ("-9 -9 218 318 re f 0 0 200 300 re f", ""),
        ("0 0 200 300 re f 1 0 0 0 k -9 -9 218 318 re f", ""),
        ("0 0 0 0 k 3 3 20 20 re f", ""),
        # Parts of a drawing that bleeds, and of one that does not.
        ("q -9 -9 218 318 re W n 3 3 20 20 re f Q", ""),
        ("q 2 2 100 100 re W n 3 3 20 20 re f Q", "a shape is 1.1 mm"),
        ("q 2 0 0 2 0 0 cm /Form Do Q", "a shape is 1.4 mm"),
    ],
)
def test_pictures_rules_fills_and_drawings_stay_inside_the_safe_margin_or_bleed(content: str, told: str) -> None:
    with page(f"0 0 0 1 k {content}".encode(), P=(900, 900)) as pdf:
        form = pdf.make_stream(b"2 20 30 30 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 60, 60])
        pdf.pages[0].obj.Resources.XObject.Form = form
        messages = [one.message for one in findings(pdf) if one.rule == "unsafe-margin"]
    assert messages == ([f"page 1: {told} from the trim and does not bleed"] if told else [])


def test_a_rule_of_a_layout_near_the_trim_is_told_with_its_card(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    sheet = layout / "base.css"
    rule = "{ content: ''; position: absolute; left: -9mm; height: 9mm; border-left: 2pt solid #000 }"
    sheet.write_text(f"{sheet.read_text('utf-8')}\n.organisation::before {rule}\n", "utf-8")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    assert done.code == 0, done.err
    told = [line for line in done.err.splitlines() if "a shape is" in line]
    assert told == [
        f"catalogue/initiatives/{card}.yaml: warning: page 1: a shape is 1.0 mm from the trim and does not bleed "
        "[unsafe-margin]"
        for card in ("aajt", "kodiko")
    ]


def test_a_booklet_of_too_many_pages_needs_a_spine_and_a_page_its_sheet() -> None:
    profile = coated()
    assert binding_findings(64, (420, 595), profile) == ()
    (one,) = binding_findings(68, (420, 595), profile)
    assert (one.severity.value, one.rule) == ("warning", "too-many-pages-to-stitch")
    # 34 leaves of 115 g/m2 x 0.85 = 97.75 micrometres.
    assert one.hints == ("ask for a glued binding: its spine is 3.3 mm thick on this paper",)
    small = profile.model_copy(update={"sheet": (148.0, 210.0)})
    (one,) = binding_findings(8, (420, 595), small)
    assert (one.severity.value, one.rule) == ("error", "too-small-sheet")
    assert binding_findings(8, (595, 420), profile) == ()


# --- ink ---


def noise(size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A picture with all the ink there is, and grain in every ink."""
    return Image.merge("CMYK", [Image.effect_noise(size, 60).point(lambda v: min(255, v + 100)) for _ in range(4)])


def most(pdf: pikepdf.Pdf) -> float:
    """The most ink, in percent, of a pixel of the picture on the page."""
    picture = Image.open(io.BytesIO(pdf.pages[0].obj.Resources.XObject.P.read_raw_bytes()))
    inks = dict(zip("cmyk", picture.split(), strict=True))
    total = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **inks)
    return float(total.getextrema()[1]) / 2.55


@pytest.mark.parametrize("limit", [300, 260])
@pytest.mark.parametrize("picture", [Image.new("CMYK", (64, 64), (255,) * 4), noise()], ids=["solid", "grain"])
def test_a_jpeg_in_cmyk_is_brought_under_the_ink_limit(picture: Image.Image, limit: float) -> None:
    raw = io.BytesIO()
    picture.save(raw, "JPEG", quality=90, subsampling=0)
    with page(b"q 20 0 0 20 50 50 cm /P Do Q", P=picture.size) as pdf:
        drawn = pdf.pages[0].obj.Resources.XObject.P
        drawn.write(raw.getvalue(), filter=Name.DCTDecode)
        drawn.Decode = Array([1, 0] * 4)
        assert most(pdf) > 380
        assert separate(pdf, inks(limit)) == ()
        assert limit - 60 < most(pdf) <= limit + 2


def test_a_jpeg_under_the_limit_stays_as_it_is() -> None:
    raw = io.BytesIO()
    Image.new("CMYK", (64, 64), (200, 200, 200, 100)).save(raw, "JPEG", quality=90)
    with page(b"q 20 0 0 20 50 50 cm /P Do Q", P=(64, 64)) as pdf:
        drawn = pdf.pages[0].obj.Resources.XObject.P
        drawn.write(raw.getvalue(), filter=Name.DCTDecode)
        drawn.Decode = Array([1, 0] * 4)
        separate(pdf, inks(300))
        assert pdf.pages[0].obj.Resources.XObject.P.read_raw_bytes() == raw.getvalue()


def test_a_colour_in_ink_over_the_limit_is_brought_under_it() -> None:
    with page(b"1 1 0.9 0.95 k 10 10 50 50 re f 0.2 0.1 0 1 k 10 10 50 50 re f") as pdf:
        separate(pdf, inks(300))
        content = pdf.pages[0].obj.Contents.read_bytes().decode()
    heavy, light = (list(map(float, one.split())) for one in re.findall(r"((?:[\d.]+ ){4})k", content)[-2:])
    assert sum(heavy) <= 3.0
    assert sum(heavy) > 2.9
    assert heavy[3] >= 0.95, "black is not taken away"
    assert light == [0.2, 0.1, 0, 1]


def overprinted(content: bytes) -> bool:
    """Whether the last fill or line of a page overprints, after separation."""
    with page(content) as pdf:
        separate(pdf, inks(300))
        states = pdf.pages[0].obj.Resources.get("/ExtGState", Dictionary())
        is_on = False
        for one in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(one.operator) == "gs":
                is_on = bool(states[str(one.operands[0])]["/op"])
    return is_on


@pytest.mark.parametrize(
    ("content", "overprints"),
    [
        (b"0 g 10 10 100 1.9 re f", True),
        (b"0 g 10 10 1.9 100 re f", True),
        (b"0 g 10 10 100 2.1 re f", False),
        (b"0 g 10 10 100 100 re 11 11 98 98 re f*", True),
        (b"0 g 10 10 100 100 re 10 11.5 100 98.5 re f*", True),
        (b"0 g 10 10 100 100 re 13 13 94 94 re f*", False),
        # A double border, whose two lines are thin, or one of them is not.
        (b"0 g 10 10 100 100 re 11 11 98 98 re 12 12 96 96 re 13 13 94 94 re f*", True),
        (b"0 g 12 12 96 96 re 10 10 100 100 re 13 13 94 94 re 11 11 98 98 re f*", True),
        (b"0 g 10 10 100 100 re 11 11 98 98 re 12 12 96 96 re 15 15 90 90 re f*", False),
        (b"0 g 10 10 100 100 re 11 11 98 98 re 12 12 96 96 re f*", False),
        # By the other rule the inner rectangle is painted too, unless it turns the other way.
        (b"0 g 10 10 100 100 re 11 11 98 98 re f", False),
        (b"0 g 10 10 100 100 re 11 109 98 -98 re f", True),
        (b"0 g 10 10 m 110 10 l 110 11 l 10 11 l h f", True),
        (b"0 g q 4 0 0 4 0 0 cm 10 10 100 1 re f Q", False),
        (b"1 g 10 10 100 1 re f", False),
        (b"1 0 0 rg 10 10 100 1 re f", False),
    ],
)
def test_filled_black_rules_and_borders_under_2_points_overprint(content: bytes, overprints: bool) -> None:
    assert overprinted(content) is overprints


@pytest.mark.parametrize(("opacity", "rules"), [(0.5, ["transparent-colour"]), (1, []), (0, [])])
def test_transparent_shapes_are_told(opacity: float, rules: list[str]) -> None:
    with page(b"/Half gs 1 0 0 rg 10 10 50 50 re f") as pdf:
        pdf.pages[0].obj.Resources.ExtGState = Dictionary(Half=Dictionary(ca=opacity))
        assert [one.rule for one in separate(pdf, inks(300))] == rules


def test_a_recipe_over_the_limit_is_an_error_at_its_line(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    (layout / "palette.yaml").write_text(
        'black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}\nnight: {rgb: "#101018", cmyk: [100, 100, 90, 95]}\n', "utf-8"
    )
    text = (layout / "layout.yaml").read_text("utf-8")
    text = re.sub(r"(?m)^palette:.*(\n[ ].*)*\n?", "", text) + "\npalette: palette.yaml\n"
    (layout / "layout.yaml").write_text(text, "utf-8")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    assert done.code == 1
    assert (
        'layouts/plain/palette.yaml:2: error: the colour "night" has 385 % of ink; the press profile coated-fogra39 '
        "takes 300 % [too-much-ink]"
    ) in done.err


def test_a_colour_of_a_layout_that_is_reduced_is_told_once_at_its_line(catalogue_folder: CatalogueFolder) -> None:
    """Both cards have it; a colour in a comment, or under the limit, is not told."""
    layout = plain_layout(catalogue_folder)
    sheet = layout / "base.css"
    own = (
        "/* device-cmyk(1 1 1 1)\n*/ h1 { color: device-cmyk(100% 100% 90% 95%); background: device-cmyk(0 0.5 1 0) }\n"
    )
    sheet.write_text(own + sheet.read_text("utf-8"), "utf-8")
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    assert done.code == 0, done.err
    told = [line for line in done.err.splitlines() if "[reduced-ink]" in line]
    assert told == [
        "layouts/plain/base.css:2: warning: device-cmyk(100% 100% 90% 95%) has 385 % of ink, over the limit of 300 %; "
        "inks that look nearly the same are printed [reduced-ink]"
    ]


def test_a_gradient_of_css_in_ink_is_told_with_its_line(catalogue_folder: CatalogueFolder) -> None:
    sheet = plain_layout(catalogue_folder) / "base.css"
    gradient = "h1 {\n  background: linear-gradient(device-cmyk(1 1 1 1), device-cmyk(0 0 0 0))\n}\n"
    sheet.write_text(gradient + sheet.read_text("utf-8"), "utf-8")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    assert "layouts/plain/base.css:2: a gradient of CSS cannot have colours in device-cmyk()" in done.err
    assert "Traceback" not in done.err

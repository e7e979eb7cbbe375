from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, String
from PIL import Image, ImageChops, ImageStat

from lengths import mm
from livret.book.plan import BookPlan, BoundPage, Metadata
from livret.book.pressfile.finish import finish, save
from livret.content.press.profile import PressProfile, read_press_profile
from livret.measure import Rect
from livret.project import Project
from press import TOP
from presscheck import box, faults, picture, within

FONT = TOP / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf"
PROFILE = (TOP / "press" / "FOGRA39L_coated.icc").read_bytes()
TITLE = "Le forum : « œuvrer ensemble » & l’accès à l’emploi"
AUTHOR = "Délégation à l’accueil <Diair>"
LABELS = ("C1", "2", "C3", "C4")
# Of whole points, so that a page and its copy on a sheet fall on the same pixels.
TRIM, BLEED = Rect(0, 0, 400, 560), 9.0


def profile(name: str = "coated-fogra39", **marks: Any) -> PressProfile:
    """A profile that comes with Livret, with a bleed of 9 points, and `marks` in place of its own."""
    found, findings = read_press_profile(Project.at(TOP), name)
    assert found is not None, findings
    millimetres = BLEED * 25.4 / 72
    own = found.marks.model_copy(update={"offset": millimetres, **marks})
    return found.model_copy(update={"bleed": millimetres, "marks": own})


NONE: dict[str, Any] = {"crop": False, "registration": False, "colour_bar": False, "slug": False}
ALL: dict[str, Any] = {"crop": True, "registration": True, "colour_bar": True, "slug": True}
COATED = profile()


def plan(trim: Rect = TRIM, labels: Sequence[str] = LABELS, title: str = TITLE) -> BookPlan:
    """The plan of a book with so many pages; where they come from does not matter here."""
    return BookPlan(
        pages=tuple(BoundPage(None, 0, None, label) for label in labels),
        structure=(),
        starts={},
        outline=(),
        metadata=Metadata(title, AUTHOR, None, "fr", datetime(2019, 4, 30, tzinfo=UTC)),
        trim=trim,
        furniture=(),
    )


# One drawing of everything whose place does not follow the matrix of the page by itself. What is opened in the first
# half of the contents is closed in the second.
TORTURE = (
    b"""
0.1 0.05 0 0 k -60 -60 600 800 re f
q /Pattern cs /Tiles scn 20 20 100 100 re f
/Blend scn 140 20 100 100 re f Q
q 260 20 100 100 re W n /Axial sh Q
q /Multiply gs 0 0 1 0 k 60 60 250 120 re f Q
/Inner Do
q 1 0 0 1 140 140 cm /Faded gs 0 1 0 0 k 0 0 100 100 re f Q
q 100 0 0 100 260 140 cm /Picture Do Q
q 0.7 0.7 -0.7 0.7 200 300 cm""",
    b"""/Inner Do /Faded gs /Pattern cs /Blend scn 0 0 100 100 re f Q
1 0 0 1 K 3 w 1.5 1.5 397 557 re S""",
)


def torture(trim: Rect = TRIM, bleed: float = BLEED) -> Pdf:
    """Four pages as they come from separating: a drawing, nothing, and two that share contents but not resources."""
    pdf = pikepdf.new()
    end = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 0, 0, 0], C1=[0, 0, 1, 0], N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=[140, 20, 240, 120], Function=end)
    axial.Extend = [True, True]
    resources = Dictionary(Pattern=patterns(pdf, axial), Shading=Dictionary(Axial=axial))
    inner = form(pdf, b"/Pattern cs /Tiles scn 0 0 50 100 re f /Blend scn 50 0 50 100 re f", [0, 0, 90, 90])
    inner.Matrix, inner.Resources = Array([1, 0, 0, 1, 20, 140]), Dictionary(Pattern=patterns(pdf, axial))
    fade = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1], N=1)
    grey = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=[0, 0, 100, 100], Function=fade)
    group = form(pdf, b"/Fade sh", [10, 10, 95, 95])
    group.Resources = Dictionary(Shading=Dictionary(Fade=grey))
    group.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    image = pdf.make_stream(bytes(range(0, 256, 4)), Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4)
    image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
    image.SMask = pdf.make_stream(bytes(range(0, 256, 16)), Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4)
    image.SMask.ColorSpace, image.SMask.BitsPerComponent = Name.DeviceGray, 8
    resources.XObject = Dictionary(Inner=inner, Picture=image)
    resources.ExtGState = Dictionary(
        Multiply=Dictionary(BM=Name.Multiply, ca=0.6),
        Faded=Dictionary(SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=group)),
    )
    media = trim.grown(bleed)
    for _ in LABELS:
        pdf.add_blank_page(page_size=(trim.width, trim.height))
    for page in pdf.pages:
        page.obj.MediaBox = page.obj.CropBox = Array([media.x0, media.y0, media.x1, media.y1])
        page.obj.ArtBox = page.obj.TrimBox = Array([trim.x0, trim.y0, trim.x1, trim.y1])
    drawing, empty, *twins = pdf.pages
    drawing.obj.Resources = pdf.make_indirect(resources)
    drawing.obj.Contents = Array([pdf.make_stream(part) for part in TORTURE])
    drawing.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
    del empty.obj.Contents, empty.obj.Resources
    shared = pdf.make_stream(b"/Sign Do")
    for twin, colour in zip(twins, (b"1 0 0 0 k", b"0 1 0 0 k"), strict=True):
        sign = form(pdf, colour + b" 100 100 200 200 re f", [0, 0, 400, 560])
        twin.obj.Contents, twin.obj.Resources = shared, Dictionary(XObject=Dictionary(Sign=sign))
        twin.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    return pdf


def patterns(pdf: Pdf, axial: Object) -> Object:
    """A tiling and a shading pattern; made anew for each form, since pdfium takes one used in two for one place."""
    tiles = pdf.make_stream(b"0 0.6 0.9 0 k 0 0 9 5 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1)
    tiles.update(Dictionary(BBox=[0, 0, 16, 16], XStep=16, YStep=16, Resources=Dictionary(), Matrix=[1, 0, 0, 1, 5, 3]))
    blend = Dictionary(PatternType=2, Shading=axial, Matrix=[0.5, 0, 0, 0.5, 70, 10])
    return Dictionary(Tiles=tiles, Blend=pdf.make_indirect(blend))


def form(pdf: Pdf, content: bytes, bounds: Sequence[float]) -> Object:
    return pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=list(bounds), Resources=Dictionary())


def for_screens(pdf: Pdf) -> None:
    """Give a PDF all that a screen edition has and a press file must not."""
    page = pdf.pages[0].obj
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    page.Annots = Array(
        [pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action))]
    )
    page.StructParents, page.Tabs, page.UserUnit, page.Rotate = 0, Name.S, 1, 0
    page.AA = Dictionary(O=action)
    root = pdf.Root
    root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.MarkInfo, root.ViewerPreferences = Dictionary(Marked=True), Dictionary(DisplayDocTitle=True)
    root.Names, root.Dests = Dictionary(JavaScript=Dictionary(Names=[String("a"), action])), Dictionary()
    root.OpenAction, root.AA = action, Dictionary(WC=action)
    root.AcroForm, root.Outlines = Dictionary(Fields=[]), Dictionary(Type=Name.Outlines, Count=0)
    root.OCProperties, root.PageMode = Dictionary(OCGs=[], D=Dictionary()), Name.UseOutlines
    root.PageLabels = Dictionary(Nums=[0, Dictionary(P=String("C1")), 1, Dictionary(S=Name.D, St=2)])
    root.Version = Name("/1.7")
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String("draft"), Keywords=String("draft")))


def pressed(
    target: Path,
    press: PressProfile = COATED,
    *,
    pdf: Pdf | None = None,
    made: BookPlan | None = None,
    pages: bytes = b"0123456789abcdef",
) -> Path:
    """A press file of the torture pages; `pages` is the digest of the assembled pages, as their /ID has it."""
    made = made or plan()
    with pdf or torture(made.trim) as open_pdf:
        open_pdf.trailer.ID = Array([String(pages), String(pages)])
        finish(open_pdf, made, press, "full", (FONT,))
        save(open_pdf, target)
    return target


def slugs(file: Path) -> list[str]:
    """The text of each page, which is its slug line."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file.read_bytes())]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The torture pages with all marks, and before that with all that screens want."""
    folder = tmp_path_factory.mktemp("press")
    with torture() as pdf:
        for_screens(pdf)
        pdf.save(folder / "screen.pdf", min_version="1.7", object_stream_mode=ObjectStreamMode.generate)
    return pressed(folder / "file.pdf", pdf=pikepdf.open(folder / "screen.pdf"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The torture pages as they were, bleed and all."""
    path = tmp_path_factory.mktemp("press") / "source.pdf"
    with torture() as pdf:
        pdf.save(path)
    return path


def differences(first: Image.Image, second: Image.Image, level: int = 0) -> int:
    """How many pixels differ by more than a level, 0 to 255."""
    assert first.size == second.size
    apart = ImageChops.difference(first, second).convert("L")
    return sum(apart.histogram()[level + 1 :])


def run(*command: str | Path) -> str:
    """What a program prints; fails when it complains."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


# --- boxes and identity ---


def test_a_press_file_is_a_pdf_x_4_with_true_boxes(file: Path) -> None:
    assert faults(file, TRIM.width, TRIM.height, BLEED) == ()


@pytest.mark.parametrize("size", [(148, 210), (105, 148), (74, 105), (210, 210)])
@pytest.mark.parametrize(
    ("marks", "room"),
    [({}, 33), (NONE, 9), (NONE | {"crop": True, "offset": 5}, 29), ({"slug": False}, 24)],
)
def test_boxes_are_true_for_every_trim_and_choice_of_marks(
    tmp_path: Path, size: tuple[float, float], marks: dict[str, Any], room: float
) -> None:
    """9 points of bleed, 14.17 of marks, 9 of slug, rounded up to whole points."""
    trim = Rect(0, 0, mm(size[0]), mm(size[1]))
    path = pressed(tmp_path / "file.pdf", profile("digital", **{**ALL, **marks}), made=plan(trim))
    assert faults(path, trim.width, trim.height, BLEED) == ()
    with pikepdf.open(path) as pdf:
        media = box(pdf.pages[0], "/MediaBox")
    assert media.width - trim.width == pytest.approx(2 * room, abs=0.001)


def test_a_trim_that_does_not_begin_at_the_origin_is_moved_there(tmp_path: Path, file: Path) -> None:
    pdf = torture()
    for page in pdf.pages:
        if Name.Contents in page.obj:
            page.contents_add(b"q 1 0 0 1 30 20 cm", prepend=True)
    path = pressed(tmp_path / "moved.pdf", pdf=pdf, made=plan(Rect(30, 20, 430, 580)))
    assert faults(path, TRIM.width, TRIM.height, BLEED) == ()
    assert differences(picture(path, 2), picture(file, 2)) == 0


def test_info_xmp_and_intent_tell_what_they_were_given(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        info, xmp, intent = pdf.trailer.Info, pdf.Root.Metadata.read_bytes().decode(), pdf.Root.OutputIntents[0]
        assert str(info.Title) == TITLE
        assert str(info.CreationDate) == "D:20190430000000+00'00'"
        assert Name.Keywords not in info
        assert ">2019-04-30T00:00:00+00:00</xmp:CreateDate>" in xmp
        assert "Délégation à l’accueil &lt;Diair&gt;" in xmp
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        said = "Offset on gloss or matt coated paper, 115 g/m2, ISO 12647-2:2004/Amd 1"
        assert str(intent.OutputCondition) == str(intent.Info) == said
        assert str(intent.RegistryName) == "http://www.color.org"
        assert intent.DestOutputProfile.read_bytes() == PROFILE
        assert intent.DestOutputProfile.Filter == Name.FlateDecode
        assert str(pdf.Root.Lang) == "fr"
        assert [page.label for page in pdf.pages][:2] == ["C1", "2"], "page labels stay"


def test_the_bytes_of_the_file_say_that_it_is_not_trapped(file: Path) -> None:
    """ISO 15930-7, 6.11: the name True or False, here as a reader of the bytes finds it."""
    assert re.findall(rb"/Trapped\s*(/[^\s/>]+)", file.read_bytes()) == [b"/False"]


def test_a_condition_of_the_printers_own_names_no_registry(tmp_path: Path) -> None:
    assert COATED.condition is not None
    own = COATED.model_copy(update={"condition": COATED.condition.model_copy(update={"registry": None})})
    with pikepdf.open(pressed(tmp_path / "file.pdf", own)) as pdf:
        assert Name.RegistryName not in pdf.Root.OutputIntents[0]


def names(file: Path) -> tuple[bytes, bytes, str, str]:
    """Both halves of /ID, and the DocumentID and InstanceID of XMP."""
    with pikepdf.open(file) as pdf:
        first, second = (bytes(part) for part in pdf.trailer.ID)
        packet = pdf.Root.Metadata.read_bytes().decode()
    found = [re.search(rf"<xmpMM:{tag}[^>]*>([^<]+)<", packet) for tag in ("DocumentID", "InstanceID")]
    document, instance = (one[1] for one in found if one)
    return first, second, document, instance


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    first = pressed(tmp_path / "first.pdf")
    # What would come from the clock counts in seconds.
    time.sleep(1.1)
    second = pressed(tmp_path / "second.pdf")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("change", ["pages", "title", "profile"])
def test_other_content_gives_another_identity_in_id_xmp_and_slug(tmp_path: Path, file: Path, change: str) -> None:
    limited = COATED.model_copy(update={"ink_limit": 280.0})
    path = pressed(
        tmp_path / "file.pdf",
        limited if change == "profile" else COATED,
        made=plan(title="Autre") if change == "title" else None,
        pages=b"fedcba9876543210" if change == "pages" else b"0123456789abcdef",
    )
    assert all(mine != theirs for mine, theirs in zip(names(path), names(file), strict=True))
    digests = [re.findall(r" · ([0-9a-f]{12}) · ", slugs(one)[0])[0] for one in (path, file)]
    assert digests[0] != digests[1]


def test_there_must_be_a_label_for_every_page(tmp_path: Path) -> None:
    for labels in (LABELS[:3], (*LABELS, "5")):
        with pytest.raises(ValueError, match="zip"):
            pressed(tmp_path / "file.pdf", made=plan(labels=labels))


# --- what is drawn ---


def test_inside_the_bleed_a_page_looks_as_it_did(file: Path, source: Path) -> None:
    with pikepdf.open(file) as pdf:
        media, bleeds = box(pdf.pages[0], "/MediaBox"), box(pdf.pages[0], "/BleedBox")
    for page in range(len(LABELS)):
        before, after = picture(source, page), within(picture(file, page), media, bleeds)
        assert differences(before, after, level=1) == 0, f"page {page + 1}"
    assert len(picture(source, 0).getcolors(1 << 20) or ()) > 500, "there was something to see"


@pytest.mark.parametrize(
    "command",
    ["gs -q -sDEVICE=png16m -r72 -dLastPage=1 -o {out}.png {pdf}", "pdftoppm -png -r 72 -l 1 -singlefile {pdf} {out}"],
    ids=["ghostscript", "poppler"],
)
def test_other_programs_see_it_in_the_same_place(tmp_path: Path, file: Path, source: Path, command: str) -> None:
    seen = []
    for path in (source, file):
        assert run(*command.format(pdf=path, out=tmp_path / path.stem).split()) == ""
        seen.append(Image.open(tmp_path / f"{path.stem}.png").convert("RGB"))
    with pikepdf.open(file) as pdf:
        media, bleeds = box(pdf.pages[0], "/MediaBox"), box(pdf.pages[0], "/BleedBox")
    before, after = seen[0], within(seen[1], media, bleeds, 1)
    # On some edges a pixel is rounded to the other side; a shape moved by a point would change thousands.
    assert differences(before, after, level=2) < 200
    moved = ImageChops.offset(after, 1, 0)
    assert differences(before, moved, level=2) > 2000


def test_outside_the_bleed_there_are_marks_alone(tmp_path: Path, file: Path) -> None:
    """The drawing overflows the bleed; the page that draws nothing shows what the marks are."""
    labels = ("2",) * len(LABELS)
    path = pressed(tmp_path / "file.pdf", made=plan(labels=labels))
    with pikepdf.open(path) as pdf:
        bleeds = box(pdf.pages[0], "/BleedBox")
    drawn, empty = picture(path, 0), picture(path, 1)
    # The slug tells the pages apart by their number, so it is compared in its own test.
    sheet = picture(file, 1)
    side = round(bleeds.x0 * 2)
    inside = Image.new("RGB", (drawn.width - 2 * side, drawn.height - 2 * side), "white")
    below = Image.new("RGB", (drawn.width, 20), "white")
    for image in (drawn, empty, sheet):
        image.paste(inside, (side, side))
        image.paste(below, (0, image.height - 20))
    assert differences(drawn, empty) == 0
    assert sum(1 for pixel in empty.convert("L").tobytes() if pixel < 128) > 500, "there are marks"


def test_artwork_fills_the_bleed(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        media, bleeds, trim = (box(pdf.pages[0], name) for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
    page = picture(file, 0)
    bands = (
        Rect(bleeds.x0, bleeds.y0, trim.x0, bleeds.y1),
        Rect(trim.x1, bleeds.y0, bleeds.x1, bleeds.y1),
        Rect(bleeds.x0, bleeds.y0, bleeds.x1, trim.y0),
        Rect(bleeds.x0, trim.y1, bleeds.x1, bleeds.y1),
    )
    for band in bands:
        shades = within(page, media, band).getcolors(4)
        assert shades is not None, band
        assert all(shade != (255, 255, 255) for _, shade in shades), band


def test_marks_print_on_every_plate_and_outside_the_bleed_nothing_else_does(tmp_path: Path, file: Path) -> None:
    separate = ("gs", "-q", "-sDEVICE=tiffsep", "-r144", "-dFirstPage=2", "-dLastPage=2", "-o")
    assert run(*separate, tmp_path / "p.tif", file) == ""
    with pikepdf.open(file) as pdf:
        media, trim = box(pdf.pages[0], "/MediaBox"), box(pdf.pages[0], "/TrimBox")
    corner = Rect(trim.x0 - 1, trim.y0 - BLEED - mm(5), trim.x0 + 1, trim.y0 - BLEED)
    lines = []
    for ink in ("Cyan", "Magenta", "Yellow", "Black"):
        plate = Image.open(tmp_path / f"p({ink}).tif").convert("L")
        lines.append(within(plate, media, corner).tobytes())
        assert ImageStat.Stat(within(plate, media, corner)).extrema[0][0] < 10, ink
    assert len(set(lines)) == 1, "the plates register"
    assert len(list(tmp_path.glob("p(*).tif"))) == 4, "there is no fifth ink"


def test_the_slug_tells_the_page_the_file_and_the_press(file: Path) -> None:
    digest = re.findall(r" · ([0-9a-f]{12}) · ", slugs(file)[0])[0]
    rest = f" · 2019-04-30 · {digest} · coated-fogra39"
    pages = ("C1 (1/4)", "2/4", "C3 (3/4)", "C4 (4/4)")
    assert slugs(file) == [f"{TITLE} · full · page {page}{rest}" for page in pages]


def test_without_marks_nothing_stands_beside_the_artwork(tmp_path: Path) -> None:
    path = pressed(tmp_path / "file.pdf", profile(**NONE))
    content = path.read_bytes()
    assert b"/Separation" not in content
    assert b"/Font" not in content
    with pikepdf.open(path) as pdf:
        assert [sorted(page.obj.Resources.XObject.keys()) for page in pdf.pages] == [
            ["/Artwork"],
            [],
            *[["/Artwork"]] * 2,
        ]


def test_marks_of_all_pages_are_drawn_once(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        drawings = {page.obj.Resources.XObject.Marks.objgen for page in pdf.pages}
        fonts = {page.obj.Resources.Font.objgen for page in pdf.pages}
    assert len(drawings) == len(fonts) == 1


def test_pages_blend_in_the_space_of_the_press(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        groups = [page.obj.get("/Group") for page in pdf.pages]
        assert [group and group.CS for group in groups] == ["/DeviceCMYK", None, "/DeviceCMYK", "/DeviceCMYK"]
        assert pdf.pages[0].obj.Group.I, "the group is the one that the page had"


# --- no complaint ---


@pytest.mark.parametrize(
    "command",
    [
        ("gs", "-q", "-sDEVICE=nullpage", "-dPDFSTOPONERROR", "-dPDFSTOPONWARNING", "-o", "/dev/null"),
        ("pdffonts",),
        ("pdfinfo", "-box"),
    ],
    ids=lambda command: command[0],
)
def test_no_program_complains(file: Path, command: tuple[str, ...]) -> None:
    assert "warning" not in run(*command, file).lower()


# --- the check itself ---


def broken(
    file: Path,
    target: Path,
    breaking: Callable[[Pdf], object],
    version: str = "1.6",
    streams: ObjectStreamMode = ObjectStreamMode.disable,
) -> tuple[str, ...]:
    """What the check says of a press file after a fault was put into it."""
    with pikepdf.open(file) as pdf:
        breaking(pdf)
        pdf.save(target, force_version=version, object_stream_mode=streams, fix_metadata_version=False)
    return faults(target, TRIM.width, TRIM.height, BLEED)


def shifted(name: str, number: int, by: float) -> Callable[[Pdf], None]:
    def shift(pdf: Pdf) -> None:
        values = [float(value) for value in pdf.pages[2].obj[name]]
        values[number] += by
        pdf.pages[2].obj[name] = Array(values)

    return shift


def packet(old: str, new: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        text = pdf.Root.Metadata.read_bytes().decode()
        assert old in text
        pdf.Root.Metadata.write(text.replace(old, new).encode())

    return change


def put(where: Callable[[Pdf], Object], name: str, value: object) -> Callable[[Pdf], None]:
    """Set an entry, or remove it with None."""

    def change(pdf: Pdf) -> None:
        if value is None:
            del where(pdf)[name]
        else:
            where(pdf)[name] = value

    return change


def loose_font(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Resources.Font.Slug.DescendantFonts[0].FontDescriptor.FontFile2


def add_note(pdf: Pdf) -> None:
    pdf.pages[1].obj.Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text))])


@pytest.mark.parametrize(
    ("breaking", "said"),
    [
        (shifted("/TrimBox", 2, 0.02), "trimmed to"),
        (shifted("/BleedBox", 0, 0.02), "bleeds to"),
        (shifted("/MediaBox", 0, -1), "origin"),
        (shifted("/MediaBox", 3, -30), "does not hold the BleedBox"),
        (put(lambda pdf: pdf.pages[0].obj, "/Rotate", 90), "/Rotate on the page"),
        (put(lambda pdf: pdf.pages[0].obj, "/CropBox", Array([0, 0, 9, 9])), "/CropBox on the page"),
        (put(lambda pdf: pdf.pages[0].obj, "/TrimBox", None), "no /TrimBox"),
        (put(lambda pdf: pdf.pages[0].obj.Group, "/CS", Name.DeviceRGB), "blends in another space"),
        (put(lambda pdf: pdf.Root, "/OpenAction", Dictionary()), "/OpenAction in the catalog"),
        (put(lambda pdf: pdf.Root, "/OutputIntents", None), "0 output intents"),
        (put(lambda pdf: pdf.Root.OutputIntents[0], "/S", Name.GTS_PDFA1), "not for PDF/X"),
        (put(lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile, "/N", 3), "no CMYK profile"),
        (put(lambda pdf: pdf.Root.OutputIntents[0], "/Info", None), "has no /Info"),
        (put(lambda pdf: pdf.trailer.Info, "/Trapped", None), "trapped"),
        (put(lambda pdf: pdf.trailer.Info, "/Trapped", Name("/False_")), "trapped"),
        (put(lambda pdf: pdf.trailer.Info, "/Title", String("Autre")), "/Title is"),
        (put(lambda pdf: pdf.trailer.Info, "/ModDate", String("D:20200101")), "/ModDate is"),
        (packet("PDF/X-4", "PDF/X-3"), "GTS_PDFXVersion"),
        (packet(">uuid:", ">"), "no UUID"),
        (loose_font, "not embedded"),
        (add_note, "an object /Annot"),
    ],
)
def test_the_check_finds_each_fault(tmp_path: Path, file: Path, breaking: Callable[[Pdf], object], said: str) -> None:
    found = broken(file, tmp_path / "broken.pdf", breaking)
    assert any(said in fault for fault in found), found


def test_the_check_finds_another_version_and_object_streams(tmp_path: Path, file: Path) -> None:
    def leave(pdf: Pdf) -> None:
        assert len(pdf.pages) == len(LABELS)

    assert broken(file, tmp_path / "a.pdf", leave) == ()
    assert broken(file, tmp_path / "b.pdf", leave, version="1.7") == ("not PDF 1.6",)
    found = broken(file, tmp_path / "c.pdf", leave, streams=ObjectStreamMode.generate)
    assert found == ("no plain cross-reference table",)

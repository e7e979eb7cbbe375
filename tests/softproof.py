"""Soft proofs, for tests of the press: what inks look like on paper, rasters of PDFs, how far two of them are apart."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import yaml
from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageMath

from livret.book.separation.ink import Inks
from livret.pages.palette import Colour

TOP = Path(__file__).resolve().parents[1]
PROFILE = TOP / "press" / "FOGRA39L_coated.icc"
UNCOATED = TOP / "press" / "FOGRA29L_uncoated.icc"
PALETTE = {
    name: Colour(**colour)
    for name, colour in yaml.safe_load((TOP / "layouts" / "forum" / "palette.yaml").read_text("utf-8")).items()
}
GHOSTSCRIPT = shutil.which("gs")

_RELATIVE, _BLACK_POINT = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION


@cache
def inks(limit: float = 300) -> Inks:
    """The forum palette on coated paper."""
    return Inks(PALETTE, PROFILE.read_bytes(), limit)


@cache
def _transform(source: str, goal: str, is_compensated: bool) -> ImageCms.ImageCmsTransform:
    profiles: dict[str, Any] = {
        "RGB": ImageCms.createProfile("sRGB"),
        "LAB": ImageCms.createProfile("LAB"),
        "CMYK": str(PROFILE),
    }
    flags = _BLACK_POINT if is_compensated else ImageCms.Flags.NONE
    return ImageCms.buildTransform(profiles[source], profiles[goal], source, goal, _RELATIVE, flags)


def _converted(picture: Image.Image, goal: str, is_compensated: bool = False) -> Image.Image:
    made = ImageCms.applyTransform(picture, _transform(picture.mode, goal, is_compensated))
    assert made is not None
    return made


def proofed(screen: Image.Image) -> Image.Image:
    """How a raster in sRGB looks on the paper, in L*a*b*: relative colorimetric with black point compensation."""
    return seen(_converted(screen, "CMYK", is_compensated=True))


def seen(raster: Image.Image) -> Image.Image:
    """How inks look on the paper, or a screen's colours as they are, in L*a*b*."""
    return _converted(raster, "LAB")


# --- differences ---


def apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """CIE76 of every pixel of two pictures in L*a*b*."""
    bands = {f"{name}{number}": band for number, picture in enumerate((one, other)) for name, band in
             zip("lab", picture.split(), strict=True)}  # fmt: skip
    made = ImageMath.lambda_eval(
        lambda of: (
            (
                (of["float"](of["l0"] - of["l1"]) / 2.55) ** 2
                + of["float"](of["a0"] - of["a1"]) ** 2
                + of["float"](of["b0"] - of["b1"]) ** 2
            )
            ** 0.5
        ),
        **bands,
    )
    assert isinstance(made, Image.Image)
    return made


def mean(picture: Image.Image) -> float:
    """The mean of a picture's pixels."""
    value = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(value, int | float)
    return value


def highest(picture: Image.Image) -> float:
    """The highest of a picture's pixels, of one band."""
    value = picture.getextrema()[1]
    assert isinstance(value, int | float)
    return value


def blocks(picture: Image.Image, side: int = 8) -> Image.Image:
    """The mean of every block of pixels."""
    return picture.resize((picture.width // side, picture.height // side), Image.Resampling.BOX)


def unlike_edges(one: Image.Image, other: Image.Image) -> list[tuple[int, int]]:
    """The blocks (of 8 pixels) in which one of two pictures in L*a*b* has edges and the other not half as many."""
    first, second = (
        blocks(picture.getchannel(0).filter(ImageFilter.FIND_EDGES).crop((4, 4, picture.width - 4, picture.height - 4)))
        for picture in (one, other)
    )
    pairs = zip(first.tobytes(), second.tobytes(), strict=True)
    return [divmod(at, first.width) for at, (a, b) in enumerate(pairs) if max(a, b) > 16 and min(a, b) < max(a, b) / 2]


# --- rasters ---


def pdfium(path: Path | bytes, page: int) -> Image.Image:
    """A page as pdfium shows it, one pixel a point."""
    raster: Image.Image = pypdfium2.PdfDocument(path)[page].render(scale=1).to_pil()
    return raster.convert("RGB")


def ghostscript(path: Path, folder: Path, device: str, *options: str, scale: int = 2) -> list[Image.Image]:
    """All pages on a device of Ghostscript, one pixel a point.

    Set without its anti-aliasing, which differs from device to device, in finer pixels that are averaged.
    """
    assert GHOSTSCRIPT
    kept = folder / f"{path.stem}-{device}"
    kept.mkdir()
    said = subprocess.run(
        [GHOSTSCRIPT, "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", f"--permit-file-read={PROFILE}", f"-sDEVICE={device}",
         f"-r{72 * scale}", *options, "-o", kept / "%03d.tif", path],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert not said.stdout + said.stderr, said.stdout + said.stderr
    return [Image.open(one).reduce(scale) for one in sorted(kept.glob("???.tif"))]


def on_press(path: Path, folder: Path) -> list[Image.Image]:
    """The inks of all pages: CMYK leaves Ghostscript as it is when the file and the press have the same profile."""
    return ghostscript(path, folder, "tiff32nc", f"-sDefaultCMYKProfile={PROFILE}", f"-sOutputICCProfile={PROFILE}")


def shown_by_pdfium(raster: bytes, size: tuple[int, int]) -> Image.Image:
    """How pdfium shows inks, four bytes a pixel: by a table of its own, which has nothing to do with the press."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=size)
    picture = pdf.make_stream(raster)
    entries = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1], BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceCMYK,
    )  # fmt: skip
    for name, value in entries.items():
        picture[name] = value
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.obj["/Contents"] = pdf.make_stream(b"%d 0 0 %d 0 0 cm /P Do" % size)
    file = io.BytesIO()
    pdf.save(file)
    return pdfium(file.getvalue(), 0)


def separated_by_pixel(raster: Image.Image) -> tuple[bytes, Image.Image]:
    """A raster in RGB with every pixel separated as a fill should be: its inks, and which pixels are neutral.

    Reckoned here, and not by the code that is tested: recipes are read from the palette, neutrals get the black ink
    that is as light as the profile's four, and all else goes through the profile and under 300 %.
    """
    counted = raster.getcolors(raster.width * raster.height)
    assert counted is not None
    colours = [colour for _, colour in counted if isinstance(colour, tuple)]
    row = Image.frombytes("RGB", (len(colours), 1), bytes(value for colour in colours for value in colour))
    raw = _converted(row, "CMYK", is_compensated=True).tobytes()
    table = {colour: _held(raw[4 * at : 4 * at + 4]) for at, colour in enumerate(colours)}
    table |= {(level, level, level): bytes((0, 0, 0, black)) for level, black in enumerate(blacks())}
    for one in PALETTE.values():
        screen = tuple(int(one.rgb[at : at + 2], 16) for at in (1, 3, 5))
        table[screen] = bytes(round(2.55 * share) for share in one.cmyk)
    pixels = zip(*(band.tobytes() for band in raster.split()), strict=True)
    red, green, blue = raster.split()
    hue = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(red, blue))
    return b"".join(table[pixel] for pixel in pixels), hue.point([255] + [0] * 255)


def _held(inks: bytes, limit: int = 765) -> bytes:
    """Inks with as much less cyan, magenta and yellow as keeps them under a limit; 765 is 300 % of 255."""
    *colours, black = inks
    share = min(1.0, (limit - black) / max(sum(colours), 1))
    return bytes((*(int(ink * share) for ink in colours), black))


@cache
def blacks() -> tuple[int, ...]:
    """For each of 256 greys the black ink, 0 to 255, that is as light as the profile's inks; pure black for 0."""
    greys = Image.merge("RGB", [Image.frombytes("L", (256, 1), bytes(range(256)))] * 3)
    wanted = seen(_converted(greys, "CMYK", is_compensated=True)).getchannel(0).tobytes()
    ramp = Image.frombytes("CMYK", (256, 1), bytes(value for black in range(256) for value in (0, 0, 0, black)))
    lightness = seen(ramp).getchannel(0).tobytes()
    found = [min(range(256), key=lambda black: abs(lightness[black] - one)) for one in wanted]
    return (255, *found[1:255], 0)

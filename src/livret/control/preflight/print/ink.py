"""How much ink there is, from the plates that Ghostscript makes (GWG 2022, R0026).

The plates are made at 72 pixels an inch, so that a pixel is a point. Only what is left after cutting is measured: marks
in all four inks stand around it.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageMath

from livret.control.preflight.print.breach import Box, Breach
from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.pages import PrintPage
from livret.measure import mm
from livret.translation import say, system_reason

PLATES = ("Cyan", "Magenta", "Yellow", "Black")
# Pages are made this many at a time: what is on the disk stays small, and progress can be told.
AT_A_TIME = 25
# A page costs about 50 ms; one that costs more than this is not worth the wait.
SECONDS_A_PAGE = 10
# The peak is the mean of the darkest square with this side: a single pixel may be the blur between two colours.
PEAK_SIDE = mm(1)
# Squares are looked for at every second point, which is a quarter of the work.
STEP = 2
# The heat map has one pixel for so many points.
HEAT_STEP = 4
# From no ink to 400 %: white, yellow, orange, red, black.
_HEAT = ((0, (255, 255, 255)), (100, (255, 243, 176)), (200, (252, 176, 69)), (300, (214, 40, 40)), (400, (30, 0, 0)))


class NotMeasured(Exception):
    """Ink cannot be measured; the message says why."""


@dataclass(frozen=True)
class InkPage:
    """The ink of one page, in percent: the densest large square and the densest small one, each with its place."""

    page: int
    mean: float
    mean_box: Box
    peak: float
    peak_box: Box
    heat: bytes


def ghostscript() -> str | None:
    """The path of Ghostscript, None where it is not installed."""
    return shutil.which("gs")


def measured(
    path: Path, pages: tuple[PrintPage, ...], side: float, progress: Callable[[int, int], None] | None = None
) -> Iterator[InkPage]:
    """The ink of each page. `side` is that of the large square, in points. Raises NotMeasured."""
    program = ghostscript()
    if program is None:
        raise NotMeasured(say("Ghostscript is not installed"))
    for first in range(0, len(pages), AT_A_TIME):
        some = pages[first : first + AT_A_TIME]
        with tempfile.TemporaryDirectory(prefix="livret-ink-") as folder:
            _make_plates(program, path, some, Path(folder))
            for place, page in enumerate(some, start=1):
                found = _measure(Path(folder), place, page, side)
                if found:
                    yield found
                if progress:
                    progress(page.number, len(pages))


def _make_plates(program: str, path: Path, pages: tuple[PrintPage, ...], folder: Path) -> None:
    command = [program, "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNoUserUnit", "-sDEVICE=tiffsep", "-r72"]
    command += [f"-dFirstPage={pages[0].number}", f"-dLastPage={pages[-1].number}", f"-sOutputFile={folder}/%d.tif"]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, and the file is a path of its own)
            [*command, "-f", str(path.resolve())],
            capture_output=True,
            timeout=5 + SECONDS_A_PAGE * len(pages),
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as problem:
        raise NotMeasured(
            say(
                "Ghostscript needs too long for pages {first} to {last}",
                first=pages[0].number,
                last=pages[-1].number,
            )
        ) from problem
    except OSError as problem:
        raise NotMeasured(say("Ghostscript cannot be started: {reason}", reason=system_reason(problem))) from problem
    if done.returncode:
        told = " ".join(done.stdout.decode("utf-8", "replace").split())[:200]
        raise NotMeasured(say("Ghostscript ended with {code}: {told}", code=done.returncode, told=told))


def _measure(folder: Path, place: int, page: PrintPage, side: float) -> InkPage | None:
    """Measure one page; None where its plates are not there, as of a page that Ghostscript left out."""
    try:
        plates = [_plate(folder / f"{place}({name}).tif", page) for name in PLATES]
    except FileNotFoundError:
        return None
    if min(plates[0].size) < STEP:
        return None
    smaller = [plate.reduce(STEP) for plate in plates]
    mean, mean_box = _densest(smaller, side, page)
    peak, peak_box = _densest(smaller, PEAK_SIDE, page)
    return InkPage(page.number, mean, mean_box, peak, peak_box, _heat(plates))


def _plate(path: Path, page: PrintPage) -> Image.Image:
    """The ink of one plate, 255 for full ink, upright and cut to the trim."""
    with Image.open(path) as picture:
        plate = ImageChops.invert(picture.convert("L"))
    turned = int(page.rotation) % 360 if isinstance(page.rotation, int | float) else 0
    if turned:
        plate = plate.rotate(turned, expand=True)
    left, top, right, bottom = _pixels(page.trim or page.media, page, plate.height)
    return plate.crop((max(left, 0), max(top, 0), min(right, plate.width), min(bottom, plate.height)))


def _pixels(box: Box, page: PrintPage, height: int) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    left, bottom = page.media[0], page.media[1]
    return round(x0 - left), round(height - (y1 - bottom)), round(x1 - left), round(height - (y0 - bottom))


def _densest(plates: list[Image.Image], side: float, page: PrintPage) -> tuple[float, Box]:
    """The highest mean of any square with a side in points, and its place on the page. A pixel is STEP points."""
    width, height = plates[0].size
    radius = max((min(side / STEP, width, height) - 1) / 2, 0)
    blurred = [plate.filter(ImageFilter.BoxBlur(radius)) for plate in plates]
    total = ImageMath.lambda_eval(
        lambda of: of["c"] + of["m"] + of["y"] + of["k"], c=blurred[0], m=blurred[1], y=blurred[2], k=blurred[3]
    )
    # Squares that would reach beyond the page are left out: the blur repeats what stands at the edge.
    inset = int(radius)
    inner = total.crop((inset, inset, max(width - inset, inset + 1), max(height - inset, inset + 1)))
    most = inner.getextrema()[1]
    x, y = (place + inset for place in _first(inner, most))
    trim = page.trim or page.media
    centre = trim[0] + (x + 0.5) * STEP, trim[3] - (y + 0.5) * STEP
    half = (radius + 0.5) * STEP
    return most * 100 / 255, (centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half)


def _first(picture: Image.Image, least: int) -> tuple[int, int]:
    """The leftmost pixel that is at least so dark, and of those in its column the topmost."""

    def box(part: Image.Image) -> tuple[int, int, int, int]:
        found = ImageMath.lambda_eval(lambda of: of["convert"](of["t"] >= least, "L"), t=part).getbbox()
        assert found is not None, "the darkest pixel is in the picture"
        return found  # type: ignore[no-any-return]

    left = box(picture)[0]
    return left, box(picture.crop((left, 0, left + 1, picture.height)))[1]


def _heat(plates: list[Image.Image]) -> bytes:
    """A small picture of the ink of a page, as PNG."""
    small = [plate.reduce(HEAT_STEP) for plate in plates]
    # The four plates together fill 0 to 1020; a quarter of that fits a byte.
    total = ImageMath.lambda_eval(
        lambda of: of["convert"]((of["c"] + of["m"] + of["y"] + of["k"]) / 4, "L"),
        c=small[0], m=small[1], y=small[2], k=small[3],
    )  # fmt: skip
    picture = total.convert("P")
    picture.putpalette([part for level in range(256) for part in _colour(level * 400 / 255)])
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _colour(ink: float) -> tuple[int, int, int]:
    for (low, one), (high, other) in pairwise(_HEAT):
        if ink <= high:
            share = (ink - low) / (high - low)
            red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
            return red, green, blue
    return _HEAT[-1][1]


def check_ink(found: InkPage, limits: PrintLimits) -> Iterator[Breach]:
    """Whether a page has too much ink, compared in whole percent."""
    if limits.ink_mean_most is not None and int(found.mean + 0.5) > limits.ink_mean_most:
        message = say(
            "a square of {side:g} x {side:g} mm has {mean:.0f} % of ink on average; {limit:g} % is the most",
            side=limits.ink_square_mm,
            mean=found.mean,
            limit=limits.ink_mean_most,
        )
        yield Breach("ink-coverage", message, found.page, found.mean_box)
    if limits.ink_peak_most is not None and int(found.peak + 0.5) > limits.ink_peak_most:
        message = say(
            "there is {peak:.0f} % of ink here; {limit:g} % is the most",
            peak=found.peak,
            limit=limits.ink_peak_most,
        )
        yield Breach("ink-peak", message, found.page, found.peak_box)

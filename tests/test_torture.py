"""The torture pages, separated, beside their originals: no foreign colour space, no colour off, no shape lost.

Colour differences are CIE76, which is stricter than CIEDE2000 where colours are strong.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageMath

import handmade
import softproof
import torture
from livret.book.separation.separate import separate
from livret.findings import Finding
from press_walk import PRESS, walk

# The mean over a page, and the most that the mean of a square of 8 points may be off.
MEAN, BLOCK = 3.0, 20.0

needs_ghostscript = pytest.mark.skipif(
    not softproof.GHOSTSCRIPT, reason="Ghostscript (gs) is not installed: apt-get install ghostscript"
)

ENGINE = ("pictures", "drawing", "boxes", "words")
HAND = ("spaces", "kinds of picture", "inline", "gradients", "masks")
PAGES = [("engine", n) for n in range(len(ENGINE))] + [("hand", n) for n in range(len(HAND))]
NAMES = [*ENGINE, *HAND]


@dataclass(frozen=True)
class Torture:
    """The pages of one kind before and after."""

    original: Path
    separated: Path
    findings: tuple[Finding, ...]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("torture")


@pytest.fixture(scope="module")
def pages(folder: Path, engine: None) -> dict[str, Torture]:
    """What the engine typesets, and what is made by hand."""
    found = {}
    for name, write in (("engine", torture.typeset), ("hand", handmade.write)):
        original, separated = folder / f"{name}.pdf", folder / f"{name}-press.pdf"
        write(original)
        with pikepdf.open(original) as pdf:
            findings = separate(pdf, softproof.inks())
            pdf.save(separated, static_id=True)
        found[name] = Torture(original, separated, findings)
    return found


def test_everything_is_separated_and_only_what_is_transparent_is_told(pages: dict[str, Torture]) -> None:
    """The drawing and the boxes have shapes of half opacity, and so has the page of masks that is made by hand."""
    assert {finding.rule for one in pages.values() for finding in one.findings} == {"transparent-colour"}


@pytest.mark.parametrize("name", ["engine", "hand"])
def test_only_colours_of_the_press_are_left(pages: dict[str, Torture], name: str) -> None:
    with pikepdf.open(pages[name].original) as pdf:
        before = walk(pdf)
    with pikepdf.open(pages[name].separated) as pdf:
        after = walk(pdf)
    assert {"DeviceRGB", "Lab"} <= before.spaces.keys(), "the walker sees them where they are"
    assert after.strangers == {}
    # Nothing fell by the wayside: what was used is still there.
    kinds = ["page", "picture", "pattern", "shading", "mask", "form"] + ["type3", "glyph"] * (name == "hand")
    assert all(after.visited.get(kind) for kind in kinds), after.visited


def test_the_torture_has_every_kind_of_space(pages: dict[str, Torture]) -> None:
    seen: set[str] = set()
    for one in pages.values():
        with pikepdf.open(one.original) as pdf:
            seen |= walk(pdf).spaces.keys()
    assert seen >= PRESS | {"DeviceRGB", "CalRGB", "CalGray", "Lab", "ICCBased", "DeviceN"}


def test_the_same_pages_give_the_same_bytes(pages: dict[str, Torture], tmp_path: Path) -> None:
    for one in pages.values():
        with pikepdf.open(one.original) as pdf:
            separate(pdf, softproof.inks())
            pdf.save(tmp_path / "again.pdf", static_id=True)
        assert (tmp_path / "again.pdf").read_bytes() == one.separated.read_bytes()


# --- what is seen ---


@pytest.fixture(scope="module")
def proofs(pages: dict[str, Torture], folder: Path) -> dict[str, tuple[list[Image.Image], list[Image.Image]]]:
    """By Ghostscript: the original on screen, and the inks of the separated pages."""
    return {
        name: (softproof.ghostscript(one.original, folder, "tiff24nc"), softproof.on_press(one.separated, folder))
        for name, one in pages.items()
    }


@needs_ghostscript
@pytest.mark.parametrize(("name", "page"), PAGES[:-1], ids=NAMES[:-1])
def test_ghostscript_shows_the_same_page(
    proofs: dict[str, tuple[list[Image.Image], list[Image.Image]]], name: str, page: int
) -> None:
    # Like is compared with like: the screen's raster proofed for the same paper on which the inks are looked at.
    screen, press = (side[page] for side in proofs[name])
    wanted, got = softproof.proofed(screen), softproof.seen(press)
    difference = softproof.apart(wanted, got)
    assert softproof.mean(difference) < MEAN
    assert softproof.highest(softproof.blocks(difference)) < BLOCK
    assert softproof.unlike_edges(wanted, got) == []


@pytest.mark.parametrize(("name", "page"), PAGES[:-1], ids=NAMES[:-1])
def test_pdfium_shows_the_same_page(pages: dict[str, Torture], name: str, page: int) -> None:
    # pdfium knows no profile: it shows CMYK by a table of its own. So the reference is the original's raster, every
    # pixel of it separated as a fill would be, shown as CMYK by pdfium too. Of neutral pixels the reference is either
    # that, or their tone as a grey: black ink that pictures bring as DeviceGray is shown without that table.
    raster = softproof.pdfium(pages[name].original, page)
    raw, neutral = softproof.separated_by_pixel(raster)
    as_inks = softproof.shown_by_pdfium(raw, raster.size)
    as_greys = as_inks.copy()
    tone = raster.getchannel(0).point([255 - black for black in softproof.blacks()])
    as_greys.paste(Image.merge("RGB", [tone] * 3), (0, 0), neutral)
    got = softproof.seen(softproof.pdfium(pages[name].separated, page))
    wanted = [softproof.seen(one) for one in (as_inks, as_greys)]
    first, second = (softproof.apart(one, got) for one in wanted)
    difference = ImageMath.lambda_eval(lambda of: of["min"](of["a"], of["b"]), a=first, b=second)
    assert softproof.mean(difference) < MEAN
    assert softproof.highest(softproof.blocks(difference)) < BLOCK
    assert softproof.unlike_edges(wanted[0], got) == []


def test_the_comparison_sees_a_shape_that_is_lost(pages: dict[str, Torture]) -> None:
    whole = softproof.pdfium(pages["engine"].separated, ENGINE.index("drawing"))
    poorer = whole.copy()
    # The words, 60 by 20 points.
    poorer.paste((255, 255, 255), (118, 250, 182, 274))
    assert softproof.unlike_edges(softproof.seen(whole), softproof.seen(whole)) == []
    assert softproof.unlike_edges(softproof.seen(whole), softproof.seen(poorer))


@needs_ghostscript
def test_soft_masks_let_through_what_they_did(
    proofs: dict[str, tuple[list[Image.Image], list[Image.Image]]],
) -> None:
    # Black on white behind masks: the black plate is the mask itself, and the darkness of the screen is, too.
    screen, press = (side[-1] for side in proofs["hand"])
    cyan, magenta, yellow, black = press.split()
    assert all(band.getextrema() == (0, 0) for band in (cyan, magenta, yellow))
    difference = ImageChops.difference(black, ImageChops.invert(screen.convert("L")))
    # Ghostscript takes the luminosity of RGB by a profile, a few steps off the sums of the standard.
    assert softproof.mean(difference) < 2
    assert softproof.highest(difference) <= 12


@needs_ghostscript
def test_soft_masks_follow_the_sums_of_the_standard(
    proofs: dict[str, tuple[list[Image.Image], list[Image.Image]]],
) -> None:
    black = proofs["hand"][1][-1].getchannel("K")
    # Red 0.30, green 0.59; the backdrop of yellow 0.89 around a dark blue; three tenths of black; alpha of 0.6.
    places = {(50, 70): 0.30, (50, 30): 0.59, (15, 230): 0.89, (60, 240): 0.044, (180, 240): 0.7, (180, 150): 0.6}
    assert {place: black.getpixel(place) for place in places} == pytest.approx(
        {place: share * 255 for place, share in places.items()}, abs=2
    )


@pytest.mark.parametrize(
    ("mode", "is_told"), [("multiply", False), ("darken", False), ("screen", True), ("difference", True)]
)
def test_blend_modes_that_mix_inks_otherwise_are_told(tmp_path: Path, engine: None, mode: str, is_told: bool) -> None:
    path = tmp_path / "blend.pdf"
    # In a process of its own, for the engine as Livret uses it leaves filters out of drawings.
    code = "import sys, pathlib, torture; torture.typeset_blend(pathlib.Path(sys.argv[1]), sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, str(path), mode], cwd=Path(__file__).parent, check=True)
    with pikepdf.open(path) as pdf:
        findings = separate(pdf, softproof.inks())
        kept = [str(state["/BM"]) for state in _states(pdf) if "/BM" in state]
    assert kept == [f"/{mode.title()}"]
    assert [finding.rule for finding in findings] == ["unlike-blend-mode"] * is_told


def _states(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        states: Any = page.obj["/Resources"].get("/ExtGState", pikepdf.Dictionary())
        yield from states.as_dict().values()


@needs_ghostscript
def test_black_text_stands_on_the_black_plate_alone(
    proofs: dict[str, tuple[list[Image.Image], list[Image.Image]]],
) -> None:
    # The page of words begins with four lines in black.
    lines = proofs["engine"][1][ENGINE.index("words")].crop((0, 0, 240, 84))
    assert [band.getextrema()[1] for band in lines.split()] == [0, 0, 0, 255]

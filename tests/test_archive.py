"""The archive edition: the same book as PDF/A-3u, with the catalogue's files in it when asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from conftest import two_cards
from inspector import Inspector
from livret.control.preflight.verapdf import Flavour
from press import copied, livret_here, plain_layout
from verapdf import assert_compliant

# Every kind of part and four cards; all 21 take veraPDF ten seconds more for each of its two judgements.
EDITION = "full" if "LIVRET_EVERYTHING" in os.environ else "ile-de-france"


@pytest.fixture(scope="module")
def root(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(built_demonstration, tmp_path_factory.mktemp("archive") / "project")
    done = livret_here("-C", folder, "build", EDITION, "--archive", "--sources")
    assert done.code == 0, done.err
    return folder


def archive(root: Path, edition: str = "full") -> Path:
    return root / "output" / edition / f"{edition}-archive.pdf"


# Of one pixel or a few, in every mode that the engine takes: JPEG in RGB, grey and CMYK, PNG with alpha and a palette.
def save_pictures(folder: Path) -> tuple[str, ...]:
    folder.mkdir(exist_ok=True)
    made = {
        "rgb.jpg": Image.new("RGB", (600, 400), (200, 80, 30)),
        "grey.jpg": Image.new("L", (600, 400), 90),
        "cmyk.jpg": Image.new("CMYK", (600, 400), (20, 200, 180, 10)),
        "alpha.png": Image.new("RGBA", (600, 400), (20, 90, 200, 128)),
        "palette.png": Image.effect_noise((600, 400), 60).convert("P"),
        "bit.png": Image.new("1", (600, 400), 1),
    }
    for name, picture in made.items():
        picture.save(folder / name)
    return tuple(made)


# Text, lines, grounds, drawings and a half transparent ground, all in ink.
INK = """
h1, h2 { color: device-cmyk(0 1 0.9 0.1); border-bottom: 1pt solid device-cmyk(1 0.5 0 0) }
.organisation { background: device-cmyk(0.1 0 0.2 0) }
p { color: device-cmyk(0 0 0 1); background: device-cmyk(0 0.2 0 0 / 0.5) }
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose archive has every kind of picture, and a layout in ink."""
    folder = two_cards(tmp_path_factory.mktemp("pictures") / "project")
    css = plain_layout(folder) / "base.css"
    css.write_text(css.read_text(encoding="utf-8") + INK, encoding="utf-8")
    names = save_pictures(folder.path("images"))
    listed = "".join(f"  - {{file: images/{name}, caption: Une image}}\n" for name in names)
    folder.change("initiatives/aajt.yaml", "  - {file: images/atelier.svg, caption: Un atelier}\n", listed)
    done = livret_here("-C", folder.root, "build", "--archive")
    assert done.code == 0, done.err
    return folder.root


@pytest.mark.parametrize("flavour", ["ua1", "3u"])
def test_archives_are_pdf_ua_and_pdf_a(root: Path, pictures: Path, flavour: Flavour) -> None:
    assert_compliant([archive(root, EDITION), archive(pictures)], flavour)


def test_every_kind_of_picture_and_a_layout_in_ink_can_be_archived(pictures: Path) -> None:
    with pikepdf.open(archive(pictures)) as pdf:
        found = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
    spaces = {str(picture.ColorSpace) for picture in found}
    assert spaces == {"/DeviceRGB", "/DeviceGray"}, "pictures in CMYK have the colours of their inks"


def test_the_catalogue_rides_along_whole(root: Path) -> None:
    catalogue = root / "catalogue"
    written = {path.relative_to(catalogue).as_posix(): path.read_bytes() for path in catalogue.rglob("*.yaml")}
    attached = {label: content for label, (content,) in PdfReader(archive(root, EDITION)).attachments.items()}
    assert attached == written
    assert len(attached) > 30


def test_without_sources_there_are_none_and_the_pages_are_the_screen_edition_s(root: Path) -> None:
    before = archive(root, EDITION).read_bytes()
    assert livret_here("-C", root, "build", EDITION, "--archive").code == 0
    assert not PdfReader(archive(root, EDITION)).attachments
    screen = Inspector(root / "output" / EDITION / f"{EDITION}-screen.pdf")
    ours = Inspector(archive(root, EDITION))
    assert [ours.text(page) for page in range(len(ours))] == [screen.text(page) for page in range(len(screen))]
    assert livret_here("-C", root, "build", EDITION, "--archive", "--sources").code == 0
    assert archive(root, EDITION).read_bytes() == before, "the same files give the same bytes"


def test_sources_go_with_an_archive(root: Path) -> None:
    done = livret_here("-C", root, "build", "--sources")
    assert done.code == 2
    assert "--archive" in done.err

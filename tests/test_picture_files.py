"""What a picture is by its bytes, and what reading the catalogue says of those that cannot be printed."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import picture_kinds
from conftest import CatalogueFolder
from livret.content.pictures import raster
from livret.content.pictures.headers import PictureFault
from livret.content.pictures.prepare import for_screen
from press import livret_here


def saved(form: str, size: tuple[int, int] = (200, 120), mode: str = "RGB", **options: object) -> bytes:
    """A picture with fine detail, so that cutting it loses something."""
    picture = Image.effect_noise(size, 80).convert(mode)
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def found(folder: CatalogueFolder, name: str, content: bytes) -> list[tuple[str, str, str, str]]:
    """What is said of a picture on a card: severity, rule, message and hints."""
    folder.write(f"images/{name}", content)
    folder.change("initiatives/aajt.yaml", "images/atelier.svg", f"images/{name}")
    line = (
        folder.path("initiatives/aajt.yaml")
        .read_text(encoding="utf-8")
        .splitlines()
        .index(f"  - {{file: images/{name}, caption: Un atelier}}")
    )
    places = f"catalogue/initiatives/aajt.yaml:{line + 1}"
    mine = [finding for finding in folder.findings() if f"images/{name}" in finding.message]
    assert all(str(finding.where) == places for finding in mine), mine
    return [(one.severity.value, one.rule, one.message, " ".join(one.hints)) for one in mine]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", saved("JPEG")),
        ("a.jpeg", saved("JPEG", mode="L")),
        ("a.jpg", saved("JPEG", mode="CMYK")),
        ("a.jpg", saved("JPEG", progressive=True)),
        ("a.png", saved("PNG")),
        ("a.png", saved("PNG", mode="1")),
        ("a.png", saved("PNG", mode="I;16")),
        ("a.png", saved("PNG", mode="P")),
        ("a.tif", saved("TIFF")),
        ("a.tiff", saved("TIFF", mode="1", compression="group4")),
        ("a.tiff", saved("TIFF", mode="LAB")),
        ("a.tiff", saved("TIFF", mode="CMYK", compression="tiff_lzw")),
        ("a.gif", saved("GIF", mode="P")),
        ("a.webp", saved("WEBP")),
        ("a.avif", saved("AVIF")),
    ],
)
def test_nothing_is_said_of_a_picture_that_is_right(
    catalogue_folder: CatalogueFolder, name: str, content: bytes
) -> None:
    assert found(catalogue_folder, name, content) == []


@pytest.mark.parametrize("share", [0.33, 0.6, 0.97])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "GIF", "WEBP", "AVIF"])
def test_a_picture_that_is_cut_short_is_an_error(catalogue_folder: CatalogueFolder, form: str, share: float) -> None:
    content = saved(form, mode="P" if form == "GIF" else "RGB")
    [(severity, rule, _, hints)] = found(catalogue_folder, f"a.{form.lower()}", content[: int(len(content) * share)])
    assert (severity, rule) == ("error", "damaged-picture")
    assert "again" in hints


@pytest.mark.parametrize("share", [0.1, 0.33, 0.8])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_whose_end_was_put_on_after_it_was_cut_is_an_error(
    catalogue_folder: CatalogueFolder, mode: str, share: float
) -> None:
    content = saved("JPEG", (640, 480), mode)
    cut = content[: 700 + int((len(content) - 700) * share)] + b"\xff\xd9"
    [(severity, rule, _, _)] = found(catalogue_folder, "a.jpg", cut)
    assert (severity, rule) == ("error", "damaged-picture")


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"subsampling": 2}, {"quality": 5, "optimize": True}])
@pytest.mark.parametrize("colour", ["white", "black", "gray"])
def test_a_jpeg_with_little_in_it_is_whole(
    catalogue_folder: CatalogueFolder, colour: str, options: dict[str, object]
) -> None:
    picture = Image.new("RGB", (1200, 900), colour)
    picture.paste(Image.effect_noise((300, 40), 80).convert("RGB"), (700, 10))
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    assert found(catalogue_folder, "a.jpg", file.getvalue()) == []


def damaged(content: bytes, how: str, share: float) -> bytes:
    """A JPEG that is as long as it should be, or nearly, with some of its coded pixels damaged."""
    start = content.index(b"\xff\xda")
    at = start + 20 + int((len(content) - start - 900) * share)
    lost, strange = content[:at], bytes(255 - content[at + index] or 1 for index in range(300))
    strange = strange.replace(b"\xff", b"\xfe")
    return {
        "lost": lost + content[at + 300 :],
        "zeros": lost + bytes(512) + content[at + 512 :],
        "others": lost + strange + content[at + 300 :],
        "more": lost + strange + content[at:],
    }[how]


@pytest.mark.parametrize(
    "options", [{}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"mode": "L"}, {"mode": "CMYK"}]
)
@pytest.mark.parametrize("how", ["lost", "zeros", "others", "more"])
def test_a_jpeg_that_is_damaged_in_its_middle_is_refused(how: str, options: dict[str, Any]) -> None:
    """It is as long as it should be, and readers show it without a word."""
    options = {"mode": "RGB", "quality": 85, **options}
    # The same detail in each run; `effect_noise` has none that can be made again.
    grain = Image.frombytes("L", (160, 120), random.Random(7).randbytes(160 * 120))
    file = io.BytesIO()
    grain.resize((640, 480), Image.Resampling.BICUBIC).convert(options.pop("mode")).save(file, "JPEG", **options)
    content = file.getvalue()
    assert raster.examine(content).width == 640
    rules = []
    for share in (0.2, 0.4, 0.6, 0.8):
        with contextlib.suppress(PictureFault):
            raster.examine(damaged(content, how, share))
            continue
        rules.append("damaged")
    # A damage may leave codes that an encoder could have written.
    assert len(rules) >= 3


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + b"what a phone keeps behind its picture",
        lambda content: content + content,
        lambda content: content[:-2] + bytes(64) + content[-2:],
        lambda content: content[:-2] + b"\xff" * 20 + content[-2:],
        lambda content: content.replace(b"JFIF\0\1", b"JFIF\0\3"),
        lambda content: content[:2] + b"\xff\xe1\0\x10Exif\0\0nonsense" + content[2:],
        lambda content: content[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\5" + content[2:],
    ],
)
def test_what_stands_beside_the_pixels_of_a_jpeg_is_no_damage(
    catalogue_folder: CatalogueFolder, change: Callable[[bytes], bytes]
) -> None:
    assert found(catalogue_folder, "a.jpg", change(saved("JPEG", (640, 480)))) == []


def test_a_profile_may_hold_the_bytes_of_a_marker(catalogue_folder: CatalogueFolder) -> None:
    profile = b"\xff\xda\x12\x34\xff\xd9" * 200 + bytes(3000)
    assert found(catalogue_folder, "a.jpg", saved("JPEG", (640, 480), icc_profile=profile)) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (7, 2000), (2000, 7), (63, 400), (65, 71)])
def test_a_jpeg_may_be_small_or_narrow(catalogue_folder: CatalogueFolder, size: tuple[int, int]) -> None:
    assert found(catalogue_folder, "a.jpg", saved("JPEG", size)) == []


def test_a_png_with_a_changed_byte_is_an_error(catalogue_folder: CatalogueFolder) -> None:
    content = bytearray(saved("PNG"))
    content[len(content) // 2] ^= 1
    [(severity, rule, message, _)] = found(catalogue_folder, "a.png", bytes(content))
    assert (severity, rule) == ("error", "damaged-picture")
    assert "is damaged" in message


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("logo.png", b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        ("logo.jpg", b"\xef\xbb\xbf\n<html lang=fr><head></head></html>", "is a web page"),
        ("logo.svg", b"<!-- saved --><html></html>", "is a web page"),
        ("logo.png", b"%PDF-1.7\n", "is a PDF"),
        ("logo.tif", b"8BPS\0\1", "is a Photoshop file"),
        ("logo.png", b"", "is an empty file"),
        ("logo.png", b"\x93\x00\x01\x02" * 20, "is a file that Livret does not know as a picture"),
        ("logo.jpg", b"the picture comes later", "is a text file"),
        ("film.heic", b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "is a film"),
        ("logo.bmp", saved("BMP"), "is a BMP picture"),
    ],
)
def test_a_file_that_is_no_picture_is_an_error(
    catalogue_folder: CatalogueFolder, name: str, content: bytes, told: str
) -> None:
    [(severity, rule, message, hints)] = found(catalogue_folder, name, content)
    assert (severity, rule) == ("error", "picture-format")
    assert told in message
    assert hints


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.png", saved("JPEG"), "is a JPEG picture, and its name ends in .png"),
        ("a.svg", saved("PNG"), "is a PNG picture, and its name ends in .svg"),
        (
            "a.jpg",
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
            "SVG drawing",
        ),
        ("photo", saved("JPEG"), "its name has no ending"),
        ("a.txt", saved("WEBP"), "is a WebP picture"),
    ],
)
def test_a_wrong_ending_is_a_note(catalogue_folder: CatalogueFolder, name: str, content: bytes, told: str) -> None:
    [(severity, rule, message, _)] = found(catalogue_folder, name, content)
    assert (severity, rule) == ("note", "picture-ending")
    assert told in message


def with_bits(content: bytes, bits: int) -> bytes:
    """A JPEG whose header says another number of bits a colour."""
    at = content.index(b"\xff\xc0") + 4
    return content[:at] + bytes([bits]) + content[at + 1 :]


def test_a_jpeg_of_12_bits_is_refused(catalogue_folder: CatalogueFolder) -> None:
    [(severity, rule, message, hints)] = found(catalogue_folder, "a.jpg", with_bits(saved("JPEG"), 12))
    assert (severity, rule) == ("error", "picture-format")
    assert "12 bits" in message
    assert "8 bits" in hints


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes, width: int = 1, height: int = 1, bits: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def endless_tiff() -> bytes:
    """A TIFF whose second page names the first as the next."""
    page = struct.pack("<H", 1) + struct.pack("<HHII", 256, 3, 1, 1)
    return b"II*\0" + struct.pack("<I", 8) + page + struct.pack("<I", 26) + page + struct.pack("<I", 8)


PIXEL = chunk(b"IDAT", zlib.compress(bytes(2)))
BOMBS = {
    "wide.png": (png(PIXEL, width=60_000, height=60_000), "picture-too-large"),
    # 177 million pixels that are all there, in 45 kB.
    "white.png": (
        png(chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * 1663) * 13_300, 1)), width=13_300, height=13_300, bits=1),
        "picture-too-large",
    ),
    "chunks.png": (png(chunk(b"tEXt", b"") * 100_001, PIXEL), "picture-too-large"),
    "text.png": (png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**27), 1)), PIXEL), "damaged-picture"),
    "loop.tif": (endless_tiff(), "damaged-picture"),
    "wide.gif": (b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\0;", "picture-too-large"),
    # Its frame says 65,500 pixels instead of 120 down and 200 across.
    "wide.jpg": (saved("JPEG").replace(b"\0\x78\0\xc8", b"\xff\xdc\xff\xdc"), "picture-too-large"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_that_would_become_huge_is_refused(catalogue_folder: CatalogueFolder, name: str) -> None:
    content, rule = BOMBS[name]
    [(severity, said, message, _)] = found(catalogue_folder, name, content)
    assert (severity, said) == ("error", rule)
    assert f'"images/{name}"' in message


@pytest.mark.parametrize(
    ("form", "told"), [("TIFF", "several pages"), ("GIF", "several frames"), ("PNG", "several frames")]
)
def test_of_several_pages_or_frames_the_first_is_printed_with_a_note(
    catalogue_folder: CatalogueFolder, form: str, told: str
) -> None:
    more = [Image.new("L", (40, 30), 99)]
    [(severity, rule, message, _)] = found(
        catalogue_folder, f"a.{form.lower()}", saved(form, (40, 30), "L", save_all=True, append_images=more)
    )
    assert (severity, rule) == ("note", "several-pictures")
    assert told in message


def test_a_picture_of_a_phone_that_needs_the_extra_says_how_to_install_it(
    catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    [(severity, rule, message, hints)] = found(catalogue_folder, "a.heic", heic)
    assert (severity, rule) == ("error", "picture-format")
    assert "HEIC" in message
    assert 'pip install "livret[heif]"' in hints


def test_check_ends_with_an_error_for_a_web_page_named_as_a_picture(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("images/logo.png", "<html><body>Not found</body></html>")
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/logo.png")
    done = livret_here("-C", catalogue_folder.root, "check")
    assert done.code == 1
    assert 'the picture "images/logo.png" is a web page' in done.err


def test_a_picture_on_many_cards_is_told_at_each(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    catalogue_folder.write("images/cut.jpg", saved("JPEG")[:900])
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/cut.jpg")
    catalogue_folder.change("initiatives/kodiko.yaml", "  name: Kodiko\n", "  name: Kodiko\n  logo: images/cut.jpg\n")
    places = [str(one.where) for one in catalogue_folder.findings() if one.rule == "damaged-picture"]
    assert [place.split(":")[0] for place in places] == [
        "catalogue/initiatives/aajt.yaml",
        "catalogue/initiatives/kodiko.yaml",
    ]


def test_what_is_kept_of_a_picture_counts_only_as_it_was_written(catalogue_folder: CatalogueFolder) -> None:
    (catalogue_folder.project.output / ".store").mkdir(parents=True)
    assert found(catalogue_folder, "cut.jpg", saved("JPEG")[:900])
    [kept] = catalogue_folder.project.output.rglob("*.json")
    first = kept.read_text(encoding="utf-8")
    assert "damaged-picture" in {one.rule for one in catalogue_folder.findings()}, "also when it was not decoded again"
    kept.write_text(first.replace("damaged-picture", "other"), encoding="utf-8")
    assert "damaged-picture" in {one.rule for one in catalogue_folder.findings()}
    assert kept.read_text(encoding="utf-8") == first


def test_a_picture_of_a_phone_is_read_with_its_profile(catalogue_folder: CatalogueFolder) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    picture = picture_kinds.fields("RGB", picture_kinds.P3)
    content = picture_kinds.saved(picture, "HEIF", quality=100, chroma=444, icc_profile=picture_kinds.P3_PROFILE)
    assert found(catalogue_folder, "photo.heic", content) == []
    shown = Image.open(io.BytesIO(for_screen(content)))
    for at, colour in enumerate(picture_kinds.SRGB):
        assert shown.getpixel((at % 2 * 32 + 16, at // 2 * 32 + 16)) == pytest.approx(colour, abs=3)
    catalogue_folder.write("images/photo.heic", content[: len(content) // 2])
    assert "damaged-picture" in {one.rule for one in catalogue_folder.findings()}


def test_a_jpeg_in_srgb_keeps_its_bytes_and_a_huge_one_is_halved() -> None:
    for content in (picture_kinds.jpeg("RGB", picture_kinds.SRGB), picture_kinds.turned(6, "JPEG")):
        assert for_screen(content) is content
    huge = saved("JPEG", (8000, 6000), "L")
    assert Image.open(io.BytesIO(for_screen(huge))).size == (4000, 3000)

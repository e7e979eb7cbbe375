"""A part of a drawing as a picture made of pixels, drawn by resvg: what the engine cannot draw, such as filters."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import resvg_py
import tinycss2.color5  # type: ignore[import-untyped]
from PIL import Image

from livret.content.pictures.drawing import REFERENCE, target
from livret.content.pictures.drawing_box import Box
from livret.content.pictures.drawing_styles import families

# The side of the picture by which is found where anything is drawn at all.
PROBE = 240
# The most pixels of one side: 254 mm at 300 an inch. So many squared take two seconds to blur.
LONGEST = 3000


def make_safe(drawn: ElementTree.Element) -> None:
    """Take out what resvg would read from files, and say colours and fonts in a way that it knows."""
    for node in drawn.iter():
        if not target(node).startswith(("#", "data:")):
            for name in [name for name in node.attrib if name.rpartition("}")[2] == "href"]:
                del node.attrib[name]
        for name, value in node.items():
            if "device-cmyk(" in value.lower():
                node.set(name, _CMYK.sub(_as_rgb, value))
        if "font-family" in node.attrib:
            quoted = (f"'{family}'" for family in families(node.attrib["font-family"]))
            node.set("font-family", ", ".join(quoted))


_CMYK = re.compile(r"device-cmyk\([^()]*\)", re.IGNORECASE)


def _as_rgb(found: re.Match[str]) -> str:
    """Inks as plain RGB."""
    colour = tinycss2.color5.parse_color(found[0])
    if colour is None:
        return "black"
    *inks, black = (min(max(float(one or 0), 0), 1) for one in colour.coordinates)
    parts = [f"{round(255 * (1 - ink) * (1 - black)):02x}" for ink in inks]
    return "#" + "".join(parts)


def references(drawn: ElementTree.Element) -> Iterator[str]:
    """The ids of what an element and all in it refer to."""
    for node in drawn.iter():
        if (address := target(node)).startswith("#"):
            yield address[1:]
        for value in node.attrib.values():
            yield from REFERENCE.findall(value)


def picture(drawn: str, plain: str, box: Box, density: float, fonts: tuple[str, ...]) -> tuple[bytes, Box] | None:
    """What is drawn in a box, as PNG with the box that it fills; None when nothing is.

    `drawn` is the inside of a drawing, and `plain` the same without its filter: resvg filters only what lies on its
    picture, so that has to hold both. `density` says how many pixels a unit gets, and `fonts` has folders with fonts.
    """
    left, top, width, height = box
    # What is moved or blurred into the box may lie beside it.
    left, top, width, height = left - width / 2, top - height / 2, 2 * width, 2 * height
    coarse = min(PROBE / max(width, height), density)
    seen = _bounds(_rendered(drawn + plain, (left, top, width, height), coarse, fonts))
    if seen is None:
        return None
    # The edge of a blur is thinner than what the coarse picture shows.
    right, bottom = left + (seen[2] + 2) / coarse, top + (seen[3] + 2) / coarse
    left, top = left + (seen[0] - 2) / coarse, top + (seen[1] - 2) / coarse
    width, height = right - left, bottom - top
    density = min(density, LONGEST / max(width, height))
    made = _rendered(drawn, (left, top, width, height), density, fonts)
    found = _bounds(made)
    if made is None or found is None:
        return None
    saved = io.BytesIO()
    with Image.open(io.BytesIO(made)) as whole:
        across, down = width / whole.width, height / whole.height
        whole.crop(found).save(saved, "PNG", compress_level=1)
    size = ((found[2] - found[0]) * across, (found[3] - found[1]) * down)
    return saved.getvalue(), (left + found[0] * across, top + found[1] * down, *size)


# A logo stands on many cards.
@lru_cache(maxsize=24)
def _rendered(drawn: str, box: Box, density: float, fonts: tuple[str, ...]) -> bytes | None:
    width, height = (max(1, round(side * density)) for side in box[2:])
    view = " ".join(f"{number:.6g}" for number in box)
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{view}" '
        f'preserveAspectRatio="none">{drawn}</svg>'
    )
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=whole, skip_system_fonts=True, font_dirs=list(fonts)))
    except BaseException as problem:
        # What goes wrong inside resvg is no Exception of Python.
        if isinstance(problem, Exception) or type(problem).__name__ == "PanicException":
            return None
        raise


def _bounds(made: bytes | None) -> tuple[int, int, int, int] | None:
    if made is None:
        return None
    with Image.open(io.BytesIO(made)) as picture:
        return picture.getchannel("A").getbbox() if picture.mode == "RGBA" else None


def font_folders(listed: Path) -> tuple[str, ...]:
    """The folders that a file of fontconfig lists."""
    if not listed.is_file():
        return ()
    return tuple(node.text or "" for node in ElementTree.parse(listed).getroot().iter("dir"))  # noqa: S314 - our own

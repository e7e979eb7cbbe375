"""Drawings that templates ask for: coloured pictograms, QR code, monogram."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from livret.content.pictures import drawing
from livret.findings import Finding, LivretError, Location
from livret.project import PICTURE_LIMIT, Project, digest


def inline_svg(svg: str, colour: str | None = None, title: str | None = None) -> str:
    """The text of an SVG file as an element for an HTML page.

    `currentColor` becomes `colour`. Without a `title` the drawing is decorative: its own title is
    removed, and screen readers skip it.
    """
    body = re.sub(r"^.*?(?=<svg\b)", "", svg, count=1, flags=re.DOTALL).strip()
    if colour:
        body = body.replace("currentColor", colour)
    if title is None:
        body = re.sub(r"<title>.*?</title>", "", body, count=1, flags=re.DOTALL)
        return body.replace('role="img"', "").replace("<svg", '<svg aria-hidden="true"', 1)
    named = f"<title>{escape(title)}</title>"
    if "<title>" in body:
        return re.sub(r"<title>.*?</title>", lambda _: named, body, count=1, flags=re.DOTALL)
    return re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + named, body, count=1)


def drawing_of_layout(project: Project, path: Path, colour: str | None = None, title: str | None = None) -> str:
    """A pictogram or a drawing of a layout as `inline_svg`. Raises LivretError, with its line, when it is none."""
    text = project.read_text(path)
    if fault := fault_of_drawing(text, project.shown(path)):
        raise LivretError.of(fault)
    return inline_svg(text, colour, title)


def fault_of_drawing(text: str, shown: str) -> Finding | None:
    """Why the text of a pictogram or a drawing of a layout cannot be printed, with its line; None when it can."""
    try:
        drawing.read(text.encode())
    except drawing.BadDrawing as problem:
        return problem.finding(Location(shown, problem.line or 0))
    return None


# What a drawing may consist of to become a part of the page; a page reads any other element in ways of its own.
_PLAIN = frozenset("svg g path circle ellipse rect line polyline polygon defs use title desc".split())


def recoloured(project: Project, name: str, color: str) -> str | None:
    """A drawing of the catalogue with this colour in place of `currentColor`, as an element for an HTML page.

    None for other pictures, and for a drawing with anything but plain shapes: they keep their colours.
    """
    content = project.read(project.inside_catalogue(name), PICTURE_LIMIT)
    if not drawing.is_drawing(content):
        return None
    try:
        root = drawing.read(content)
        text = content.decode("utf-8-sig")
    except (drawing.BadDrawing, UnicodeDecodeError):
        return None
    # Comments and instructions have no name.
    names = {drawing.local_name(node) for node in root.iter() if isinstance(node.tag, str)}
    if "currentColor" not in text or not names <= _PLAIN or "<!ENTITY" in text:
        return None
    return inline_svg(text, color)


def monogram(name: str, acronym: str | None = None) -> str:
    """The letters printed in place of a logo: a short acronym as it was typed, else none.

    Livret invents no acronym: a name without one stands for itself (`name` is there for layouts that print it).
    """
    return acronym if acronym and len(acronym) <= 8 else ""


class QrCodes:
    """QR codes (ISO/IEC 18004, error correction M) as inline SVG: one unit for each module, no quiet zone.

    To choose the best of eight masks takes nine tenths of the time. So `masks`, by what a code says, may be kept from
    one build to the next. A mask that is no number from 0 to 7 is chosen anew.
    """

    def __init__(self, masks: Mapping[str, object] | None = None) -> None:
        self.masks = {name: mask for name, mask in (masks or {}).items() if isinstance(mask, int) and 0 <= mask < 8}
        self._drawn: dict[tuple[str, str], str] = {}

    def svg(self, address: str, dark: str) -> str:
        """The code of an address; several editions print the same ones."""
        if (address, dark) not in self._drawn:
            self._drawn[address, dark] = self._draw(address, dark)
        return self._drawn[address, dark]

    def _draw(self, address: str, dark: str) -> str:
        # Imported here, because most books have no QR code.
        import segno

        name = digest(address, segno.__version__)
        code = segno.make(address, error="m", micro=False, mask=self.masks.get(name))
        self.masks[name] = code.mask
        width, height = code.symbol_size(border=0)
        svg: str = code.svg_inline(border=0, dark=dark, omitsize=True)
        return svg if "viewBox" in svg else svg.replace("<svg", f'<svg viewBox="0 0 {width} {height}"', 1)

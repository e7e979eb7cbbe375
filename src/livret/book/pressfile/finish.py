"""The press file: separated pages get their boxes, their marks and the identity of a PDF/X-4.

What a page draws becomes one form XObject, which the page places at the trim and which ends at the bleed. A form
moves everything as it stands: patterns belong to the space of the content that uses them (ISO 32000-1, 8.7.2), soft
masks to the matrix in force where they are set (11.6.5.2). Neither would follow if the page's own content were moved.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf

from livret.book.pressfile.marks import REGISTRATION, SLUG_SIZE, Marks
from livret.book.pressfile.pdfx import Identity, OutputIntent, declare
from livret.book.pressfile.slug import Lettering, Slug
from livret.measure import Rect

# Of a page: no annotation, no tag, no CropBox, no ArtBox beside a TrimBox, no turn and no unit of its own.
KEPT = frozenset({"/Type", "/Parent", "/Contents", "/Resources", "/Group"})
# As many letters of the key as a person compares.
KEY_LETTERS = 12


@dataclass(frozen=True)
class Press:
    """What a printer asks of the file. `name` is that of the press profile; the bleed is in points."""

    name: str
    intent: OutputIntent
    bleed: float
    marks: Marks


def finish(pdf: Pdf, trim: Rect, press: Press, identity: Identity, labels: Sequence[str], font: bytes) -> None:
    """Make separated pages a press file.

    Every page has only DeviceCMYK, DeviceGray and Separation content, is trimmed to `trim`, and is drawn into the
    bleed around it. `labels` are the page labels, one a page; `font` is a TrueType font for the slug line. Raises
    LivretError when the font has no TrueType outlines.
    """
    marks, bleed = press.marks, press.bleed
    room = marks.room(bleed)
    placed = Rect(room, room, room + trim.width, room + trim.height)
    boxes = {
        Name.MediaBox: _box(placed.grown(room)),
        Name.BleedBox: _box(placed.grown(bleed)),
        Name.TrimBox: _box(placed),
    }
    spaces = pdf.make_indirect(Dictionary({REGISTRATION: _registration(pdf)}))
    around, resources, slugs = Dictionary(), Dictionary(), [""] * len(labels)
    if marks.row:
        drawn = pdf.make_stream(marks.drawn(placed, bleed))
        around.Marks = _form(drawn, boxes[Name.MediaBox], Dictionary(ColorSpace=spaces))
    if marks.slug:
        lines = _slug_lines(press, identity, labels)
        lettering = Lettering(font, lines)
        fonts = pdf.make_indirect(Dictionary(Slug=lettering.embedded(pdf)))
        resources = Dictionary(ColorSpace=spaces, Font=fonts)
        slugs = [_shown(line, lettering, *marks.slug_place(placed, bleed)) for line in lines]
    for page, slug in zip(pdf.pages, slugs, strict=True):
        drawings = copy.copy(around)
        if Name.Contents in page.obj:
            drawings.Artwork = _artwork(page, trim, bleed, room)
        for name in set(page.obj.keys()) - KEPT:
            del page.obj[name]
        page.obj.update(boxes)
        if Name.Group in page.obj:
            page.obj.Group.CS = Name.DeviceCMYK
        page.obj.Resources = copy.copy(resources)
        page.obj.Resources.XObject = drawings
        content = [f"{name} Do" for name in ("/Artwork", "/Marks") if name in drawings]
        page.obj.Contents = pdf.make_stream("\n".join([*content, slug]).encode())
    declare(pdf, identity, press.intent)


def save(pdf: Pdf, target: Path) -> None:
    """Write a finished press file, the same bytes for the same content.

    PDF 1.6 as PDF/X-4 wants, but with a plain cross-reference table and no object streams, which the oldest RIP reads.
    Of /ID, the first half is the key's and the second the digest of what is written.
    """
    pdf.save(
        target,
        force_version="1.6",
        object_stream_mode=ObjectStreamMode.disable,
        deterministic_id=True,
        fix_metadata_version=False,
    )


def _slug_lines(press: Press, identity: Identity, labels: Sequence[str]) -> list[Slug]:
    """The slug line of each page; where its label is not its number, both are told."""
    day, key = identity.date.strftime("%Y-%m-%d"), identity.key[:KEY_LETTERS]
    lines = []
    for number, label in enumerate(labels, start=1):
        page = f"{number}/{len(labels)}"
        page = page if label == str(number) else f"{label} ({page})"
        lines.append(Slug(identity.title, f" · {identity.edition} · page {page} · {day} · {key} · {press.name}"))
    return lines


def _shown(line: Slug, lettering: Lettering, x: float, y: float, width: float) -> str:
    """The content that shows a slug line in registration colour."""
    codes = lettering.codes(line, SLUG_SIZE, width)
    return f"BT {REGISTRATION} cs 1 scn /Slug {SLUG_SIZE:g} Tf {x:.3f} {y:.3f} Td <{codes}> Tj ET"


def _registration(pdf: Pdf) -> Object:
    """The colour that prints in every ink."""
    every = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, every]))


def _artwork(page: Page, trim: Rect, bleed: float, room: float) -> Object:
    """What a page draws, as a form that begins and ends at the bleed."""
    page.contents_coalesce()
    # A copy, because pages may share their contents; the bytes stay shared.
    form = _form(copy.copy(page.obj.Contents), _box(trim.grown(bleed)), page.resources)
    form.Matrix = _numbers(1, 0, 0, 1, room - trim.x0, room - trim.y0)
    return form


def _form(content: Object, box: Array, resources: Object) -> Object:
    """A content stream made a form XObject."""
    content.Type, content.Subtype = Name.XObject, Name.Form
    content.BBox, content.Resources = box, resources
    return content


def _box(rect: Rect) -> Array:
    return _numbers(rect.x0, rect.y0, rect.x1, rect.y1)


def _numbers(*values: float) -> Array:
    """Numbers to a ten-thousandth of a point."""
    return Array([round(value, 4) for value in values])

"""Finishes the press file: gives separated pages their boxes, their marks and the identity of a PDF/X-4.

The content of a page becomes one form XObject. The page places it at the trim, and it is clipped at the bleed. Only a
form moves everything together. Patterns depend on the space of the content that uses them (ISO 32000-1, 8.7.2), and
soft masks on the matrix where they are set (11.6.5.2). They would not move if the page moved its own content.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf

from livret.book import saving
from livret.book.plan import BookPlan
from livret.book.pressfile.marks import REGISTRATION, SLUG_SIZE, PrintersMarks
from livret.book.pressfile.pdfx import declare
from livret.book.pressfile.slug import Lettering, Slug
from livret.content.press.profile import PressProfile
from livret.measure import Rect
from livret.project import digest

# The entries of a page that are kept. Annotations, tags, CropBox, ArtBox, rotation and UserUnit are removed.
KEPT = frozenset({"/Type", "/Parent", "/Contents", "/Resources", "/Group"})
# The slug line shows this many letters of the identity, few enough for a person to compare.
IDENTITY_LETTERS = 12


def finish(pdf: Pdf, plan: BookPlan, profile: PressProfile, edition: str, fonts: Sequence[Path]) -> None:
    """Change the assembled and separated pages of a plan into a press file, in place.

    Pages must use only DeviceCMYK, DeviceGray and Separation colours, and draw into the bleed around the trim.
    `edition` is the id that the slug line shows. `fonts` set it: the others have letters that the first does not have.
    Raises LivretError when the first font has no TrueType outlines.
    """
    marks, trim = PrintersMarks(profile), plan.trim
    placed = Rect(marks.room, marks.room, marks.room + trim.width, marks.room + trim.height)
    boxes = {
        Name.MediaBox: _box(placed.grown(marks.room)),
        Name.BleedBox: _box(placed.grown(profile.bleed_points)),
        Name.TrimBox: _box(placed),
    }
    identity = _identity(pdf, plan, profile, edition)
    spaces = pdf.make_indirect(Dictionary({REGISTRATION: _registration(pdf)}))
    around, resources, slugs = Dictionary(), Dictionary(), [""] * len(plan.pages)
    if marks.row:
        drawn = pdf.make_stream(marks.drawn(placed))
        around.Marks = _form(drawn, boxes[Name.MediaBox], Dictionary(ColorSpace=spaces))
    if profile.marks.slug:
        lines = _slug_lines(plan, profile, edition, identity)
        lettering = Lettering(fonts[0].read_bytes(), lines, fonts[1:])
        resources = Dictionary(ColorSpace=spaces, Font=pdf.make_indirect(Dictionary(lettering.fonts(pdf))))
        slugs = [_shown(line, lettering, *marks.slug_place(placed)) for line in lines]
    for page, slug in zip(pdf.pages, slugs, strict=True):
        drawings = copy.copy(around)
        if Name.Contents in page.obj:
            drawings.Artwork = _artwork(page, trim, profile.bleed_points, marks.room)
        for name in set(page.obj.keys()) - KEPT:
            del page.obj[name]
        page.obj.update(boxes)
        if Name.Group in page.obj:
            page.obj.Group.CS = Name.DeviceCMYK
        page.obj.Resources = copy.copy(resources)
        page.obj.Resources.XObject = drawings
        content = [f"{name} Do" for name in ("/Artwork", "/Marks") if name in drawings]
        page.obj.Contents = pdf.make_stream("\n".join([*content, slug]).encode())
    declare(pdf, plan.metadata, identity, profile, plan.binding)


def save(pdf: Pdf, target: Path) -> None:
    """Write a finished press file to `target`. The same content gives the same bytes.

    The file is PDF 1.6, as PDF/X-4 requires. It has a cross-reference table and no object streams, so that old RIPs can
    read it. The first part of /ID comes from the identity, the second is the digest of the file. Raises OSError when
    writing fails.
    """
    saving.save(
        pdf,
        target,
        force_version="1.6",
        object_stream_mode=ObjectStreamMode.disable,
        deterministic_id=True,
        fix_metadata_version=False,
    )


def _identity(pdf: Pdf, plan: BookPlan, profile: PressProfile, edition: str) -> str:
    """Return the identity of this press file. It depends only on the pages, labels, metadata, edition and profile.

    The /ID of an assembled file is the digest of its pages and labels.
    """
    told, pages = plan.metadata, bytes(pdf.trailer.ID[0]).hex()
    words = json.dumps([pages, edition, told.title, told.author, told.subject, told.language, told.date.isoformat()])
    return digest(words, profile.model_dump_json(exclude={"icc", "source"}), profile.icc_bytes())


def _slug_lines(plan: BookPlan, profile: PressProfile, edition: str, identity: str) -> list[Slug]:
    """Return the slug line of each page. When the label is not the number of the page, the line shows both."""
    day, key = plan.metadata.date.strftime("%Y-%m-%d"), identity[:IDENTITY_LETTERS]
    lines = []
    for number, bound in enumerate(plan.pages, start=1):
        page = f"{number}/{len(plan.pages)}"
        page = page if bound.label == str(number) else f"{bound.label} ({page})"
        lines.append(Slug(plan.metadata.title, f" · {edition} · page {page} · {day} · {key} · {profile.id}"))
    return lines


def _shown(line: Slug, lettering: Lettering, x: float, y: float, width: float) -> str:
    """Return the content that shows a slug line in registration colour. Lengths are in points."""
    runs = (f"/{font} {SLUG_SIZE:g} Tf <{codes}> Tj" for font, codes in lettering.runs(line, SLUG_SIZE, width))
    return f"BT {REGISTRATION} cs 1 scn {x:.3f} {y:.3f} Td {' '.join(runs)} ET"


def _registration(pdf: Pdf) -> Object:
    """Return the colour space that prints in every ink."""
    every = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, every]))


def _artwork(page: Page, trim: Rect, bleed: float, room: float) -> Object:
    """Return the content of a page as a form that is clipped at the bleed."""
    page.contents_coalesce()
    # A copy, because pages may share their contents. The bytes are not copied.
    form = _form(copy.copy(page.obj.Contents), _box(trim.grown(bleed)), page.resources)
    form.Matrix = _numbers(1, 0, 0, 1, room - trim.x0, room - trim.y0)
    return form


def _form(content: Object, box: Array, resources: Object) -> Object:
    """Turn a content stream into a form XObject."""
    content.Type, content.Subtype = Name.XObject, Name.Form
    content.BBox, content.Resources = box, resources
    return content


def _box(rect: Rect) -> Array:
    return _numbers(rect.x0, rect.y0, rect.x1, rect.y1)


def _numbers(*values: float) -> Array:
    """Return an array of numbers with at most four decimals."""
    return Array([round(value, 4) for value in values])

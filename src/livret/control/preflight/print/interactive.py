"""What a printed page cannot have: annotations, actions, forms, attachments, and layers whose setting is unclear."""

from __future__ import annotations

from collections.abc import Iterator

from livret.control.preflight.pdf_objects import (
    Pdf,
    entry,
    is_dictionary,
    leaves,
    listed,
    members,
    name,
    numbers,
    pairs,
    raw,
    text,
)
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.pages import PrintPage, meets, normal
from livret.translation import say

# These are made for printing (ISO 32000-1, 14.11.3 and 14.11.6).
_FOR_PRINT = ("TrapNet", "PrinterMark")
_MOST_FIELDS = 10_000


def check_interactive(pdf: Pdf, pages: tuple[PrintPage, ...]) -> Iterator[Breach]:
    """Everything about what a file can do on a screen."""
    for page in pages:
        yield from _annotations(page)
    yield from _actions(pdf)
    yield from _forms(pdf)
    if any(True for _ in leaves(entry(pdf.root, "/Names", "/EmbeddedFiles"), "/Names")):
        yield Breach("embedded-file", say("the file has attachments (EmbeddedFiles)"))
    elif members(raw(pdf.root, "/AF")):
        yield Breach("embedded-file", say("the file has associated files (AF)"))


def _annotations(page: PrintPage) -> Iterator[Breach]:
    reference = page.page.reference
    for annotation in listed(raw(reference, "/Annots")):
        kind = name(raw(annotation, "/Subtype"))
        box = normal(numbers(raw(annotation, "/Rect")))
        if kind == "FileAttachment":
            yield Breach("embedded-file", say("a note holds an attachment"), page.number, box)
        if kind not in _FOR_PRINT and box and meets(box, page.printed):
            message = say("a note of the kind {kind} is in the printed part of the page", kind=kind or "unknown")
            yield Breach("annotation-in-print-area", message, page.number, box)
        for key in ("/A", "/AA", "/PA"):
            if is_dictionary(raw(annotation, key)):
                yield _action(
                    raw(annotation, key), page.number, say("a note of the kind {kind}", kind=kind or "unknown")
                )
                break
    if is_dictionary(raw(reference, "/AA")):
        yield _action(raw(reference, "/AA"), page.number, say("the page"))


def _action(action: object, page: int | None, holder: str) -> Breach:
    kinds = {name(raw(one, "/S")) for one in (action, *(value for _, value in pairs(action)))} - {""}
    if "JavaScript" in kinds:
        return Breach("javascript", say("{holder} runs JavaScript", holder=holder), page)
    told = say(" ({kinds})", kinds=", ".join(sorted(kinds))) if kinds else ""
    return Breach("action", say("{holder} has an action{told}", holder=holder, told=told), page)


def _actions(pdf: Pdf) -> Iterator[Breach]:
    if any(True for _ in leaves(entry(pdf.root, "/Names", "/JavaScript"), "/Names")):
        yield Breach("javascript", say("the file has JavaScript"))
    opening = raw(pdf.root, "/OpenAction")
    if is_dictionary(opening):
        yield _action(opening, None, say("opening the file"))
    if is_dictionary(raw(pdf.root, "/AA")):
        yield _action(raw(pdf.root, "/AA"), None, say("the file"))
    pending, seen = [raw(pdf.root, "/Outlines")], 0
    while pending and seen < _MOST_FIELDS:
        item = pending.pop()
        seen += 1
        if is_dictionary(raw(item, "/A")):
            yield _action(raw(item, "/A"), None, say('the bookmark "{text}"', text=text(raw(item, "/Title")) or ""))
            return
        pending += [one for key in ("/Next", "/First") if is_dictionary(one := raw(item, key))]


def _forms(pdf: Pdf) -> Iterator[Breach]:
    form = raw(pdf.root, "/AcroForm")
    if entry(form, "/XFA") is not None:
        yield Breach("xfa-form", say("the file holds an XFA form"))
    if members(raw(form, "/Fields")):
        yield Breach("form-fields", say("the file has form fields"))


def check_layers(pdf: Pdf) -> Iterator[Breach]:
    """The optional content of a file (ISO 32000-1, 8.11.4; ISO 15930-7, 6.24; GWG 2022, R0034)."""
    content = raw(pdf.root, "/OCProperties")
    if not is_dictionary(content):
        return
    usual = raw(content, "/D")
    if not is_dictionary(usual):
        yield Breach("no-layer-setting", say("the file has layers and does not say which of them are printed (D)"))
    elif not text(raw(usual, "/Name")):
        yield Breach("layers-without-name", say("the setting of the layers has no name"))
    if members(raw(content, "/Configs")):
        yield Breach("optional-content-configs", say("the file has several settings of its layers (Configs)"))
    names = [text(raw(one, "/Name")) for one in members(raw(content, "/Configs"))]
    if not all(names):
        yield Breach("layer-without-name", say("a setting of the layers has no name (Configs)"))
    elif len(set(names)) < len(names):
        yield Breach("layer-without-name", say("two settings of the layers have the same name (Configs)"))

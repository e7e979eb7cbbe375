"""The PDF/UA profile: checks that a PDF is accessible, above all what veraPDF does not check.

The rules and their clauses are in `rules.RULES`. Every page, form and element is checked once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from livret.control.preflight.annotations import check_annotations
from livret.control.preflight.content_stream import Scan, Scanner
from livret.control.preflight.fonts import embedded, speaks_unicode
from livret.control.preflight.nesting import check_shapes
from livret.control.preflight.parent_tree import check_ownership, check_painting
from livret.control.preflight.pdf_objects import Pdf, data, entry, flag, is_dictionary, listed, name, raw, text
from livret.control.preflight.reading_order import Reading, check_reading
from livret.control.preflight.rules import Remarks
from livret.control.preflight.structure_tree import StructureTree, tree
from livret.translation import say, say_number

# Well-formed language tags of BCP 47 (RFC 5646, 2.1), without the grandfathered ones.
LANGUAGE = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?|x(-[a-z\d]{1,8})+",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<dc:title\b[^>]*>(.*?)</dc:title\s*>", re.DOTALL)
_MARKUP = re.compile(rb"<[^>]*>")
# An attribute or an element; an element may declare its own namespace.
_PART = re.compile(rb"pdfuaid:part(?:\s*=\s*[\"']\s*(\d+)|(?:\s[^<>]*)?>\s*(\d+))")


def check_pdfua(remarks: Remarks, pdf: Pdf) -> None:
    """Check a file by all rules of the profile; breaches go into `remarks`."""
    _check_file(remarks, pdf)
    scanner = Scanner()
    scans = tuple(scanner.page(page.reference, page.resources) for page in pdf.pages)
    _check_fonts(remarks, pdf, scans)
    found = tree(pdf)
    if found is None or not found.elements:
        remarks.add(
            "untagged-pdf", say("the file has no tags") if found is None else say("the structure tree is empty")
        )
        _check_languages(remarks, pdf, None, scans)
        return
    if not flag(entry(pdf.root, "/MarkInfo", "/Marked")):
        remarks.add("untagged-pdf", say("the file has tags, but does not say so (MarkInfo)"))
    _check_languages(remarks, pdf, found, scans)
    check_painting(remarks, pdf, scans)
    check_ownership(remarks, pdf, found, scans)
    _check_tree(remarks, found)
    check_shapes(remarks, pdf, found)
    reading = Reading(found, scans)
    check_reading(remarks, found, reading)
    check_annotations(remarks, pdf, found, reading)


def _check_file(remarks: Remarks, pdf: Pdf) -> None:
    metadata = data(raw(pdf.root, "/Metadata"))
    if metadata.startswith((b"\xfe\xff", b"\xff\xfe")):
        metadata = metadata.decode("utf-16", "replace").encode()
    part = _PART.search(metadata)
    if part is None:
        remarks.add("no-pdfua-mark", say("the metadata does not say that the file is PDF/UA (pdfuaid:part)"))
    title = _TITLE.search(metadata)
    if title is None or not _MARKUP.sub(b"", title[1]).strip():
        told = text(entry(pdf.trailer, "/Info", "/Title"))
        message = say("the title is in Info only, not in the metadata") if told else say("the file has no title")
        remarks.add("no-title", message)
    if not flag(entry(pdf.root, "/ViewerPreferences", "/DisplayDocTitle")):
        remarks.add("title-not-shown", say("viewers show the file's name instead of its title (DisplayDocTitle)"))
    if flag(entry(pdf.root, "/MarkInfo", "/Suspects")):
        remarks.add("suspect-tags", say("the file says of its own tags that they may be wrong (Suspects)"))
    pages = [
        page.place
        for page in pdf.pages
        if listed(raw(page.reference, "/Annots")) and name(raw(page.reference, "/Tabs")) != "S"
    ]
    if pages:
        told = pages[0]
        if pages[1:]:
            told = say("{names} and {number} more", names=told, number=len(pages) - 1)
        remarks.add("tab-order", say("{pages}: the tab key does not follow the tags (Tabs is not S)", pages=told))


def _check_languages(remarks: Remarks, pdf: Pdf, found: StructureTree | None, scans: Iterable[Scan]) -> None:
    """Check that the file names a language and that every language is well-formed; an empty one means unknown."""
    own = text(raw(pdf.root, "/Lang"))
    if not own:
        remarks.add("no-language", say("the file does not say its language (Lang)"))
    elif not LANGUAGE.fullmatch(own):
        remarks.add("bad-language", say('the language of the file, "{own}", is none', own=own))
    for element in found.elements if found else ():
        told = element.string("/Lang")
        if told and not LANGUAGE.fullmatch(told):
            remarks.add("bad-language", say('{place}: its language, "{told}", is none', place=element.place, told=told))
    for page, scan in zip(pdf.pages, scans, strict=True):
        for told in sorted(scan.languages):
            if told and not LANGUAGE.fullmatch(told):
                remarks.add(
                    "bad-language",
                    say('{place}: the language of a marked content, "{told}", is none', place=page.place, told=told),
                )


def _check_fonts(remarks: Remarks, pdf: Pdf, scans: Iterable[Scan]) -> None:
    """Check each font that is used; a message names the first page that uses it."""
    seen = set()
    for page, scan in zip(pdf.pages, scans, strict=True):
        for key, font in scan.fonts.items():
            if key in seen or not is_dictionary(font):
                continue
            seen.add(key)
            called = name(raw(font, "/BaseFont")) or name(raw(font, "/Subtype")) or say("without a name")
            if not embedded(font):
                remarks.add(
                    "font-not-embedded",
                    say("{place}: the font {called} is not in the file", place=page.place, called=called),
                )
            if not speaks_unicode(font):
                remarks.add(
                    "font-without-unicode",
                    say("{place}: no text can be read from the font {called}", place=page.place, called=called),
                )


def _check_tree(remarks: Remarks, found: StructureTree) -> None:
    """Check the links between elements."""
    for place in found.met_again:
        remarks.add("tag-met-twice", say("{place} is the kid of two elements", place=place))
    for element in found.wrong_parents:
        remarks.add(
            "wrong-parent", say("{place} names another parent than the one it is a kid of", place=element.place)
        )
    for tag, element in found.unknown.items():
        remarks.add(
            "unknown-tag",
            say(
                '{place}: "{tag}" is not a standard type, and the role map leads to none', place=element.place, tag=tag
            ),
        )
    _check_ids(remarks, found)


def _check_ids(remarks: Remarks, found: StructureTree) -> None:
    """Check that IDs are unique, and that the IDTree leads to each element and to nothing else."""
    ids: dict[str, int] = {}
    missing = []
    for element in found.elements:
        told = element.string("/ID")
        if told is None:
            continue
        if told in ids:
            remarks.add(
                "repeated-id", say('{place}: another element has the ID "{told}" too', place=element.place, told=told)
            )
            continue
        ids[told] = element.key
        if found.ids.get(told) != element.key:
            missing.append((told, element))
    if missing and not found.ids:
        remarks.add(
            "id-tree",
            say_number(
                "{number} element has an ID, and the file has no IDTree",
                "{number} elements have IDs, and the file has no IDTree",
                number=len(ids),
            ),
        )
    elif missing:
        told, element = missing[0]
        message = say('{place}: the IDTree does not lead to it by its ID "{told}"', place=element.place, told=told)
        if len(missing) > 1:
            message = say("{message} ({number} such)", message=message, number=len(missing))
        remarks.add("id-tree", message)
    stale = [told for told in found.ids if told not in ids]
    if stale:
        remarks.add(
            "id-tree",
            say_number(
                'the IDTree has {number} ID that no element has: "{stale}"',
                'the IDTree has {number} IDs that no element has, as "{stale}"',
                number=len(stale),
                stale=stale[0],
            ),
        )

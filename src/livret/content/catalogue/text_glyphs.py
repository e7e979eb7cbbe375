"""Texts with a sign that no font of the project has: a build would stop there.

Only a text with a sign that is seldom used is looked at, so that nearly no catalogue waits for fonts to be opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from livret.content import missing_glyphs
from livret.content.catalogue.folder import Folder
from livret.content.language.markdown import plain_text
from livret.content.language.typography import typeset_text
from livret.content.schema import introspection
from livret.content.schema.introspection import FoundValue
from livret.content.schema.validators import MARKDOWN_LENGTH, clean
from livret.findings import Finding, Location, error
from livret.project import Project

# What is set as it was typed.
_PRINTED = frozenset({"text", "markdown", "email", "website", "phone", "price"})
# Fields that are read aloud, sorted by or reported, and never printed.
_NOT_PRINTED = frozenset({"alt", "sort_as", "reason"})


def texts_without_glyph(project: Project, folder: Folder) -> Iterator[Finding]:
    """An error for each text that cannot be set, at the line of the first sign that no font has.

    There are none where a font cannot be read: that is told elsewhere.
    """
    found = [value for value in _values(folder) if missing_glyphs.is_unusual(value.scalar.text)]
    if not found:
        return
    # Imported here because it takes a tenth of a second.
    from livret.content.font_files import KnownFonts

    try:
        characters = KnownFonts.of(project.fonts).characters
    except Exception:
        # fontTools has no one error for what it cannot read.
        return
    for value in found:
        typed = clean(value.scalar.text)
        is_markdown = value.shape.kind is not None and value.shape.kind.name == "markdown"
        printed = plain_text(typed) if is_markdown else typed
        missing = missing_glyphs.without_glyph((typeset_text(printed, "fr"),), characters)
        if missing:
            where = _line(value, missing)
            yield error("missing-glyph", missing_glyphs.told(missing), where, *missing_glyphs.hints(missing))


def _values(folder: Folder) -> Iterator[FoundValue]:
    for source in (*folder.sources, *folder.translations):
        for value in introspection.walk(source.model, source.tree) if source.tree else ():
            kind = value.shape.kind
            is_printed = kind is not None and kind.name in _PRINTED and value.path[-1] not in _NOT_PRINTED
            if is_printed and len(value.scalar.text) <= MARKDOWN_LENGTH:
                yield value


def _line(value: FoundValue, missing: tuple[str, ...]) -> Location:
    """The first line of a value that has one of these signs."""
    text = value.scalar.text
    at = min((place for sign in missing if (place := text.find(sign)) >= 0), default=0)
    return value.scalar.line(text.count("\n", 0, at))

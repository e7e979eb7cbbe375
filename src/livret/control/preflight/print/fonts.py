"""The fonts that pages use: whether they are in the file, and whether the widths that are told are those of the glyphs.

ISO 32000-1, 9.6 to 9.9; ISO 15930-7, 6.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from livret.control.preflight.fonts import embedded, speaks_unicode
from livret.control.preflight.pdf_objects import (
    data,
    entry,
    identity,
    is_dictionary,
    listed,
    members,
    name,
    pairs,
    raw,
    resolve,
    whole,
)
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.print_fonts import cid_widths
from livret.control.preflight.print.font_programs import BrokenProgram, Program, program_of
from livret.control.preflight.print.pages import PrintPage
from livret.translation import Text, say

# Widths agree when they differ by at most this, in thousandths of the size; programs round to whole ones.
TOLERANCE = 1.0
_ROUNDING = 0.001
_CHOSEN = re.compile(rb"/([^\s/\[\]<>(){}%]+)\s+[-+.\d]+\s+Tf\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_STREAMS = 100_000


class FontCheck:
    """Checks each font of a file once, at the first page that uses it. Pages are given in order.

    A font that is only listed in resources is not used: content has to select it.
    """

    def __init__(self) -> None:
        self._fonts: set[int] = set()
        self._streams: set[int] = set()

    def forget(self) -> None:
        """Take objects without a number for new ones: they were known by their address, which others have now."""
        self._fonts = {one for one in self._fonts if one > 0}
        self._streams = {one for one in self._streams if one > 0}

    def page(self, page: PrintPage) -> Iterator[Breach]:
        """What is wrong with the fonts that no page before has used."""
        for font in self._used(page):
            yield from (Breach(rule, message, page.number) for rule, message in font_faults(font))

    def _used(self, page: PrintPage) -> Iterator[object]:
        contents = b"\n".join(data(one) for one in listed(raw(page.page.reference, "/Contents")))
        pending = [(contents, page.page.resources)]
        while pending and len(self._streams) < _MOST_STREAMS:
            content, resources = pending.pop()
            for font in _chosen(content, resources):
                if identity(font) not in self._fonts and is_dictionary(font):
                    self._fonts.add(identity(font))
                    yield font
                    if name(raw(font, "/Subtype")) == "Type3":
                        glyphs = raw(font, "/Resources") or resources
                        pending += [(data(one), glyphs) for _, one in pairs(raw(font, "/CharProcs"))]
            for holder in ("/XObject", "/Pattern"):
                for _, form in pairs(raw(resources, holder)):
                    is_form = name(raw(form, "/Subtype")) == "Form" or whole(raw(form, "/PatternType")) == 1
                    if is_form and identity(form) not in self._streams:
                        self._streams.add(identity(form))
                        pending.append((data(form), raw(form, "/Resources") or resources))


def _chosen(content: bytes, resources: object) -> list[object]:
    """The fonts that a content stream selects, by Tf or by a graphics state."""
    names = {_ESCAPE.sub(_unescaped, one) for one in _CHOSEN.findall(content)}
    listed_fonts = dict(pairs(raw(resources, "/Font")))
    states = [raw(one, "/Font") for _, one in pairs(raw(resources, "/ExtGState"))]
    chosen = [listed_fonts[text] for one in names if (text := one.decode("latin-1")) in listed_fonts]
    return chosen + [one for state in states for one in members(state)[:1]]


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def font_faults(font: object) -> Iterator[tuple[str, Text]]:
    """What is wrong with one font, as rule and message."""
    called = name(raw(font, "/BaseFont")) or name(raw(font, "/Subtype")) or say("without a name")
    if not speaks_unicode(font) and name(raw(font, "/Subtype")) != "Type3":
        yield "font-without-tounicode", say("no text can be read from the font {font}", font=called)
    if not embedded(font):
        yield "unembedded-font", say("the font {font} is not in the file", font=called)
        return
    if name(raw(font, "/Subtype")) == "Type3":
        return
    descendant = next(iter(members(raw(font, "/DescendantFonts"))), None)
    descriptor = raw(descendant or font, "/FontDescriptor")
    try:
        program = program_of(descriptor)
        if program is None:
            return
        wrong = _wide(descendant, program) if descendant else _simple(font, program)
    except BrokenProgram as problem:
        yield "broken-font", say("the font {font} cannot be read: {problem}", font=called, problem=problem)
        return
    if wrong:
        code, told, own = wrong[0]
        message = say(
            "the font {font}: code {code} is {told:g} wide, its glyph {own:g}",
            font=called,
            code=code,
            told=told,
            own=own,
        )
        if wrong[1:]:
            message = say("{message}, and {number} more", message=message, number=len(wrong) - 1)
        yield "wrong-glyph-widths", message


_Wrong = list[tuple[int, float, float]]


def _differs(told: float, own: float) -> bool:
    return abs(told - own) > TOLERANCE + _ROUNDING


def _simple(font: object, program: Program) -> _Wrong:
    """The widths of a font with codes of one byte that are not those of its glyphs."""
    first = whole(raw(font, "/FirstChar")) or 0
    widths = [resolve(one) for one in members(raw(font, "/Widths"))]
    glyph_of = program.simple(encoding(font), _is_symbolic(font))
    wrong = []
    for code, told in enumerate(widths, first):
        glyph = glyph_of(code)
        # A width of zero is given to codes that a subset does not have.
        if glyph is None or not isinstance(told, int | float) or not told:
            continue
        own = program.width(glyph)
        if own is not None and _differs(told, own):
            wrong.append((code, float(told), own))
    return wrong


def _is_symbolic(font: object) -> bool:
    return bool((whole(entry(font, "/FontDescriptor", "/Flags")) or 0) & 4)


def encoding(font: object) -> tuple[str, Mapping[int, str]]:
    """The base encoding of a simple font, empty for the font's own, and the names of glyphs that differ from it."""
    value = raw(font, "/Encoding")
    if name(value):
        return name(value), {}
    differences: dict[int, str] = {}
    code = 0
    for one in members(raw(value, "/Differences")):
        if (number := whole(one)) is not None:
            code = number
        elif name(one):
            differences[code] = name(one)
            code += 1
    return name(raw(value, "/BaseEncoding")), differences


def _wide(descendant: object, program: Program) -> _Wrong:
    """The widths of a font with codes of several bytes that are not those of its glyphs."""
    table = raw(descendant, "/CIDToGIDMap")
    mapping = data(table) if is_dictionary(table) else b""
    wrong = []
    for cid, told in cid_widths(descendant).items():
        own = program.width_of_cid(cid, mapping)
        if own is not None and _differs(told, own):
            wrong.append((cid, told, own))
    return wrong

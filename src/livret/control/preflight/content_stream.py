"""Reads content streams for their tags: what each marked-content sequence paints, and what is painted unmarked.

Only five things are followed: marked content (ISO 32000-1, 14.6), text, fonts, painting and form XObjects. A form is
read each time it is drawn, up to MOST_READINGS times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from livret.control.preflight.fonts import UNKNOWN, Font, font
from livret.control.preflight.pdf_objects import data, entry, identity, listed, name, number, raw, text, whole
from livret.control.preflight.pdf_strings import string_end, unescaped
from livret.translation import say

# Each operand has a kind: `numbers`, `name`, `open` (the start of a dictionary) or `string`.
_Operands: TypeAlias = list[tuple[str, bytes]]

# A run of blanks and numbers is one lexeme. This is fast, and the only number that is used stands after /MCID.
_LEXEME = re.compile(
    rb"(?P<numbers>[\s\x00\d.+-]+)|(?P<name>/[^\s\x00()<>\[\]{}/%]*)|(?P<word>[^\s\x00()<>\[\]{}/%]+)|(?P<open><<)|"
    rb"(?P<rest>[(<\[\]>{}%)])"
)
_IMAGE_END = re.compile(rb"[\s\x00]EI(?=[\s\x00]|$)")
_CONSTANTS = frozenset({b"true", b"false", b"null"})
# The operators that paint without text, and what they paint. BI, an inline image, comes as its operator ID.
_PAINTED = {
    **dict.fromkeys((b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh"), say("a drawing")),
    b"ID": say("a picture"),
}
_OPENERS = frozenset({b"BMC", b"BDC"})
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
DEEPEST_FORM = 12
# A small file can draw the same form millions of times. A form is read this often; after that it counts as a drawing.
MOST_READINGS = 200
LONGEST_SAMPLE = 60


@dataclass(eq=False)
class Mark:
    """A marked-content sequence with an MCID: the page or form that holds it, its tag, and what it paints."""

    holder: int
    mcid: int
    tag: str
    order: int
    pieces: list[str] = field(default_factory=list)
    painted: int = 0
    language: str | None = None

    @property
    def text(self) -> str:
        """Its text in the order it is drawn."""
        return "".join(self.pieces)


@dataclass
class Scan:
    """What a page draws, together with the forms that it draws."""

    marks: list[Mark] = field(default_factory=list)
    # How often something is painted that is neither tagged content nor an artifact. The key is the object number of
    # the form, 0 for the page itself. `sample` is the first such thing in words.
    loose: dict[int, int] = field(default_factory=dict)
    sample: str = ""
    artifacts_inside: int = 0
    content_inside: int = 0
    unbalanced: int = 0
    languages: set[str] = field(default_factory=set)
    forms: dict[int, object] = field(default_factory=dict)
    fonts: dict[int, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Open:
    """A marked-content sequence that is not closed yet. `kind`: artifact, content (it has an MCID) or other."""

    kind: str
    mark: Mark | None = None
    replacement: str | None = None


@dataclass
class _Stream:
    """A content stream that is being read.

    `holder` is the page or form it belongs to. `stack` holds the sequences that are open: at first those that were
    open where the form is drawn. `forms` holds the object numbers of this form and of the forms around it.
    """

    source: bytes
    holder: int
    resources: object
    stack: list[_Open] = field(default_factory=list)
    forms: tuple[int, ...] = ()
    # How many of the open sequences were opened outside this stream.
    outside: int = field(init=False)

    def __post_init__(self) -> None:
        self.outside = len(self.stack)


class Scanner:
    """Reads the pages of one file. Fonts and the data of forms are read once and kept from page to page."""

    def __init__(self) -> None:
        self._fonts: dict[int, Font] = {}
        self._content: dict[int, bytes] = {}
        self._marked_forms: set[int] = set()
        self._order = 0
        self._readings: Counter[int] = Counter()
        self._bare_forms: set[int] = set()

    def page(self, reference: object, resources: object) -> Scan:
        """Read a page with its resources. The marks of a form are in the scan of the first page that draws it."""
        scan = Scan()
        source = b"\n".join(data(part) for part in listed(raw(reference, "/Contents")))
        self._read(scan, _Stream(source, identity(reference), resources))
        return scan

    def _read(self, scan: Scan, stream: _Stream) -> None:
        """Follow a stream from its first operator to its last; what it draws is added to `scan`."""
        shown, saved = UNKNOWN, []
        for operator, operands in _operations(stream.source):
            if operator in _SHOWS:
                written = "".join([shown.read(codes) for kind, codes in operands if kind == "string"])
                _paint(scan, stream.stack, stream.forms, written, "text")
            elif operator in _PAINTED:
                _paint(scan, stream.stack, stream.forms, "", _PAINTED[operator])
            elif operator in _OPENERS:
                stream.stack.append(self._opened(scan, operands, stream))
            elif operator == b"EMC":
                _close(scan, stream)
            elif operator == b"Tf":
                shown = self._font(scan, operands, stream.resources)
            elif operator == b"Do":
                self._draw(scan, operands, stream)
            elif operator == b"q":
                saved.append(shown)
            elif operator == b"Q":
                shown = saved.pop() if saved else shown
        scan.unbalanced += len(stream.stack) - stream.outside

    def _opened(self, scan: Scan, operands: _Operands, stream: _Stream) -> _Open:
        """The marked-content sequence that BMC or BDC begins; one with an MCID is added to the marks of `scan`."""
        names = [token for kind, token in operands if kind == "name"]
        tag = _decoded(names[0]) if names else ""
        mcid, language, replacement = self._properties(operands, names, stream.resources)
        if language is not None:
            scan.languages.add(language)
        within = {one.kind for one in stream.stack}
        if tag == "Artifact":
            scan.artifacts_inside += "content" in within
            return _Open("artifact")
        if mcid is None:
            return _Open("other", None, replacement)
        scan.content_inside += "artifact" in within
        self._order += 1
        mark = Mark(stream.holder, mcid, tag, self._order, language=language)
        scan.marks.append(mark)
        return _Open("content", mark, replacement)

    @staticmethod
    def _properties(
        operands: _Operands, names: list[bytes], resources: object
    ) -> tuple[int | None, str | None, str | None]:
        """The MCID, /Lang and /ActualText of a property list: a dictionary in the stream, or one named in resources."""
        if not any(kind == "open" for kind, _ in operands):
            if len(names) < 2:
                return None, None, None
            listing = entry(resources, "/Properties", _decoded(names[1], slash=True))
            return whole(raw(listing, "/MCID")), text(raw(listing, "/Lang")), text(raw(listing, "/ActualText"))
        mcid, strings, key = None, {}, b""
        for kind, token in operands:
            if kind == "name":
                key = token
                continue
            if kind == "numbers" and not token.strip():
                continue
            if key == b"/MCID" and kind == "numbers" and token.split()[0].isdigit():
                mcid = int(token.split()[0][:9])
            elif kind == "string" and key:
                strings[key] = _human(token)
            key = b""
        return mcid, strings.get(b"/Lang"), strings.get(b"/ActualText")

    def _font(self, scan: Scan, operands: _Operands, resources: object) -> Font:
        """The font that Tf chooses; UNKNOWN when the resources have none of this name."""
        key = next((token for kind, token in operands if kind == "name"), b"/")
        found = raw(entry(resources, "/Font"), _decoded(key, slash=True))
        if found is None:
            return UNKNOWN
        known = identity(found)
        scan.fonts[known] = found
        if known not in self._fonts:
            self._fonts[known] = font(found)
        return self._fonts[known]

    def _draw(self, scan: Scan, operands: _Operands, stream: _Stream) -> None:
        """Paint the picture that Do names, or read the form that it names."""
        key = next((token for kind, token in operands if kind == "name"), b"/")
        drawn = raw(entry(stream.resources, "/XObject"), _decoded(key, slash=True))
        if name(raw(drawn, "/Subtype")) != "Form":
            if drawn is not None:
                _paint(scan, stream.stack, stream.forms, "", say("a picture"))
            return
        known = identity(drawn)
        if known in stream.forms or len(stream.forms) >= DEEPEST_FORM:
            return
        scan.forms[known] = drawn
        if known not in self._content:
            self._content[known] = data(drawn)
        self._readings[known] += 1
        if self._readings[known] > MOST_READINGS:
            if any(one.kind != "other" for one in stream.stack) or known in self._bare_forms:
                _paint(scan, stream.stack, stream.forms, "", say("a drawing"))
            return
        loose = sum(scan.loose.values())
        marks, languages = len(scan.marks), set(scan.languages)
        resources = raw(drawn, "/Resources") or stream.resources
        inside = (*stream.forms, number(drawn))
        self._read(scan, _Stream(self._content[known], known, resources, list(stream.stack), inside))
        if sum(scan.loose.values()) > loose:
            self._bare_forms.add(known)
        if any(mark.holder == known for mark in scan.marks[marks:]):
            if known in self._marked_forms:
                # Its marks were already added where the form was first drawn.
                scan.marks[marks:] = [mark for mark in scan.marks[marks:] if mark.holder != known]
                scan.languages = languages
            self._marked_forms.add(known)


def _close(scan: Scan, stream: _Stream) -> None:
    """End the innermost sequence. A stream cannot end a sequence that was opened outside it."""
    if len(stream.stack) <= stream.outside:
        scan.unbalanced += 1
        return
    closed = stream.stack.pop()
    if closed.replacement is not None:
        _write(stream.stack, closed, closed.replacement)


def _paint(scan: Scan, stack: list[_Open], forms: tuple[int, ...], written: str, what: str) -> None:
    """Record something painted. A blank is part of the text, but it does not count as painted."""
    inside = {one.kind for one in stack}
    if "artifact" in inside:
        return
    if "content" not in inside:
        place = forms[-1] if forms else 0
        scan.loose[place] = scan.loose.get(place, 0) + 1
        scan.sample = scan.sample or (f'"{written[:LONGEST_SAMPLE]}"' if written.strip() else what)
        return
    for one in stack:
        if one.mark:
            one.mark.painted += what != "text" or bool(written.strip())
    if not any(one.replacement is not None for one in stack):
        _write(stack, None, written)


def _write(stack: list[_Open], closed: _Open | None, written: str) -> None:
    """Add text to the mark of `closed`, else to the innermost open mark. Nothing is added inside an /ActualText."""
    if any(one.replacement is not None for one in stack):
        return
    if closed is not None and closed.mark is not None:
        closed.mark.pieces.append(written)
        return
    mark = next((one.mark for one in reversed(stack) if one.mark), None)
    if mark is not None and written:
        mark.pieces.append(written)


def _operations(source: bytes) -> Iterator[tuple[bytes, _Operands]]:
    """Each operator of a content stream with the operands before it. Any bytes can be read; nothing is raised.

    The strings are decoded. The data of an inline image are skipped: the image comes as its operator `ID`.
    """
    operands: _Operands = []
    place = 0
    while place < len(source):
        lexeme = _LEXEME.match(source, place)
        assert lexeme is not None  # The pattern takes any byte.
        place, kind, token = lexeme.end(), lexeme.lastgroup or "", lexeme[0]
        if kind == "rest":
            value, place = _string_or_comment(source, token, place)
            if value is not None:
                operands.append(("string", value))
        elif kind != "word":
            operands.append((kind, token))
        elif token not in _CONSTANTS:
            if token == b"ID":
                ended = _IMAGE_END.search(source, place)
                place = ended.end() if ended else len(source)
            yield token, operands
            operands = []


def _string_or_comment(source: bytes, token: bytes, start: int) -> tuple[bytes | None, int]:
    """The string that a delimiter begins, None where it begins no string, and the place to read on from."""
    if token == b"(":
        return _string(source, start)
    if token == b"<":
        stop = source.find(b">", start)
        stop = len(source) if stop < 0 else stop
        return _hexadecimal(source[start:stop]), stop + 1
    if token == b"%":
        stops = [stop for stop in (source.find(b"\r", start), source.find(b"\n", start)) if stop >= 0]
        return None, min(stops, default=len(source))
    return None, start


def _string(source: bytes, start: int) -> tuple[bytes, int]:
    """The literal string that starts after a parenthesis, and the place after its end (ISO 32000-1, 7.3.4.2)."""
    end = string_end(source, start)
    return (source[start:], len(source)) if end is None else (unescaped(source[start : end - 1]), end)


def _hexadecimal(digits: bytes) -> bytes:
    """The bytes of a hexadecimal string; a missing last digit is 0 (ISO 32000-1, 7.3.4.3)."""
    clean = bytes(digit for digit in digits if digit in b"0123456789abcdefABCDEF").decode("ascii")
    return bytes.fromhex(clean + "0" * (len(clean) % 2))


def _decoded(token: bytes, slash: bool = False) -> str:
    """A name as pypdf reads it: codes such as `#20` become bytes, and UTF-8 is tried before Latin-1."""
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), token)
    try:
        found = plain.decode("utf-8")
    except UnicodeDecodeError:
        found = plain.decode("latin-1")
    return found if slash else found.removeprefix("/")


def _human(value: bytes) -> str:
    """The text of a text string in any of its encodings (ISO 32000-1, 7.9.2.2)."""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1")

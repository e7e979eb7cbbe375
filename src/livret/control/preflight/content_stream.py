"""Content streams read for their marks: which marked content paints what, and what is painted unmarked.

Only what bears on tags is followed: marked content, text, fonts, painting, and form XObjects, each of which is read
once for each way it is used. Reading is one pass over the bytes (ISO 32000-1, 7.8.2 and 14.6).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from livret.control.preflight.fonts import UNKNOWN, Font, font
from livret.control.preflight.pdf_objects import data, entry, identity, listed, name, number, raw, text, whole

# Blanks and numbers come in one piece: of numbers, only those behind /MCID matter.
_LEXEME = re.compile(
    rb"(?P<numbers>[\s\x00\d.+-]+)|(?P<name>/[^\s\x00()<>\[\]{}/%]*)|(?P<word>[^\s\x00()<>\[\]{}/%]+)|(?P<open><<)|"
    rb"(?P<rest>[(<\[\]>{}%)])"
)
_BRACKET = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r\n|\r|\n|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_IMAGE_END = re.compile(rb"[\s\x00]EI(?=[\s\x00]|$)")
_PATHS = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh"})
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
DEEPEST_FORM = 12
# Forms that draw forms can stand for far more than a file holds; a form is read so often, then taken for a drawing.
MOST_READINGS = 200
LONGEST_SAMPLE = 60


@dataclass(eq=False)
class Mark:
    """A marked-content sequence with an MCID: the page or form that holds it, its tag and what it paints."""

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
    """What a page draws, with the forms that it draws."""

    marks: list[Mark] = field(default_factory=list)
    # How often something is painted neither as tagged content nor as an artifact, by form (0: the page); a sample.
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


class Scanner:
    """Reads the pages of a file; what their forms and fonts are is kept from page to page."""

    def __init__(self) -> None:
        self._fonts: dict[int, Font] = {}
        self._content: dict[int, bytes] = {}
        self._marked_forms: set[int] = set()
        self._order = 0
        self._readings: Counter[int] = Counter()
        self._bare_forms: set[int] = set()

    def page(self, reference: object, resources: object) -> Scan:
        """Read a page. Marks of a form that several pages draw are told with the first of them."""
        scan = Scan()
        source = b"\n".join(data(part) for part in listed(raw(reference, "/Contents")))
        self._read(scan, source, identity(reference), resources, [], ())
        return scan

    def _read(
        self, scan: Scan, source: bytes, holder: int, resources: object, above: list[_Open], forms: tuple[int, ...]
    ) -> None:
        """Follow a stream. `above` is what is open where a form is drawn, `forms` the forms around it."""
        stack = list(above)
        operands: list[tuple[str, bytes]] = []
        shown, saved = UNKNOWN, []
        place, end = 0, len(source)
        while place < end:
            lexeme = _LEXEME.match(source, place)
            assert lexeme is not None
            place, kind, token = lexeme.end(), lexeme.lastgroup, lexeme[0]
            if kind == "rest":
                if token == b"(":
                    token, place = _string(source, place)
                    operands.append(("string", token))
                elif token == b"<":
                    stop = source.find(b">", place)
                    stop = end if stop < 0 else stop
                    operands.append(("string", _hexadecimal(source[place:stop])))
                    place = stop + 1
                elif token == b"%":
                    stops = [stop for stop in (source.find(b"\r", place), source.find(b"\n", place)) if stop >= 0]
                    place = min(stops, default=end)
                continue
            if kind != "word":
                operands.append((kind or "", token))
                continue
            if token in _SHOWS:
                written = "".join([shown.read(codes) for kind, codes in operands if kind == "string"])
                _paint(scan, stack, forms, written, "text")
            elif token in _PATHS:
                _paint(scan, stack, forms, "", "a drawing")
            elif token in {b"BDC", b"BMC"}:
                stack.append(self._opened(scan, operands, holder, resources, stack))
            elif token == b"EMC":
                if len(stack) > len(above):
                    closed = stack.pop()
                    if closed.replacement is not None:
                        _write(stack, closed, closed.replacement)
                else:
                    scan.unbalanced += 1
            elif token == b"Tf":
                shown = self._font(scan, operands, resources)
            elif token == b"Do":
                self._draw(scan, operands, resources, stack, forms)
            elif token == b"q":
                saved.append(shown)
            elif token == b"Q":
                shown = saved.pop() if saved else shown
            elif token == b"ID":
                found = _IMAGE_END.search(source, place)
                place = found.end() if found else end
                _paint(scan, stack, forms, "", "a picture")
            elif token in {b"true", b"false", b"null"}:
                continue
            operands.clear()
        scan.unbalanced += len(stack) - len(above)

    def _opened(
        self, scan: Scan, operands: list[tuple[str, bytes]], holder: int, resources: object, stack: list[_Open]
    ) -> _Open:
        names = [token for kind, token in operands if kind == "name"]
        tag = _decoded(names[0]) if names else ""
        mcid, language, replacement = self._properties(operands, names, resources)
        if language is not None:
            scan.languages.add(language)
        within = {one.kind for one in stack}
        if tag == "Artifact":
            scan.artifacts_inside += "content" in within
            return _Open("artifact")
        if mcid is None:
            return _Open("other", None, replacement)
        scan.content_inside += "artifact" in within
        self._order += 1
        mark = Mark(holder, mcid, tag, self._order, language=language)
        scan.marks.append(mark)
        return _Open("content", mark, replacement)

    @staticmethod
    def _properties(
        operands: list[tuple[str, bytes]], names: list[bytes], resources: object
    ) -> tuple[int | None, str | None, str | None]:
        """The MCID, the language and the replacement text of a property list, written inline or named."""
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

    def _font(self, scan: Scan, operands: list[tuple[str, bytes]], resources: object) -> Font:
        key = next((token for kind, token in operands if kind == "name"), b"/")
        found = raw(entry(resources, "/Font"), _decoded(key, slash=True))
        if found is None:
            return UNKNOWN
        known = identity(found)
        scan.fonts[known] = found
        if known not in self._fonts:
            self._fonts[known] = font(found)
        return self._fonts[known]

    def _draw(
        self,
        scan: Scan,
        operands: list[tuple[str, bytes]],
        resources: object,
        stack: list[_Open],
        forms: tuple[int, ...],
    ) -> None:
        key = next((token for kind, token in operands if kind == "name"), b"/")
        drawn = raw(entry(resources, "/XObject"), _decoded(key, slash=True))
        if name(raw(drawn, "/Subtype")) != "Form":
            if drawn is not None:
                _paint(scan, stack, forms, "", "a picture")
            return
        known = identity(drawn)
        if known in forms or len(forms) >= DEEPEST_FORM:
            return
        scan.forms[known] = drawn
        if known not in self._content:
            self._content[known] = data(drawn)
        self._readings[known] += 1
        if self._readings[known] > MOST_READINGS:
            if any(one.kind != "other" for one in stack) or known in self._bare_forms:
                _paint(scan, stack, forms, "", "a drawing")
            return
        loose = sum(scan.loose.values())
        marks, languages = len(scan.marks), set(scan.languages)
        self._read(
            scan, self._content[known], known, raw(drawn, "/Resources") or resources, stack, (*forms, number(drawn))
        )
        if sum(scan.loose.values()) > loose:
            self._bare_forms.add(known)
        if any(mark.holder == known for mark in scan.marks[marks:]):
            if known in self._marked_forms:
                # Its marks were told where it was drawn first.
                scan.marks[marks:] = [mark for mark in scan.marks[marks:] if mark.holder != known]
                scan.languages = languages
            self._marked_forms.add(known)


def _paint(scan: Scan, stack: list[_Open], forms: tuple[int, ...], written: str, what: str) -> None:
    """Take note of something painted. A blank paints nothing, but belongs to the text."""
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
    """Give text to the innermost mark, unless something around it replaces its text."""
    if any(one.replacement is not None for one in stack):
        return
    if closed is not None and closed.mark is not None:
        closed.mark.pieces.append(written)
        return
    mark = next((one.mark for one in reversed(stack) if one.mark), None)
    if mark is not None and written:
        mark.pieces.append(written)


def _string(source: bytes, start: int) -> tuple[bytes, int]:
    """The literal string that starts behind a parenthesis, and where it ends (ISO 32000-1, 7.3.4.2)."""
    depth, place = 1, start
    while True:
        found = _BRACKET.search(source, place)
        if found is None:
            return source[start:], len(source)
        place = found.end()
        if found[0] == b"\\":
            place += 1
        else:
            depth += 1 if found[0] == b"(" else -1
            if depth == 0:
                return _ESCAPE.sub(_unescaped, source[start : place - 1]), place


def _unescaped(escape: re.Match[bytes]) -> bytes:
    letter = escape[1]
    if letter[0] in b"01234567":
        return bytes([int(letter, 8) & 255])
    return b"" if letter in {b"\n", b"\r", b"\r\n"} else _PLAIN.get(letter, letter)


def _hexadecimal(digits: bytes) -> bytes:
    clean = bytes(digit for digit in digits if digit in b"0123456789abcdefABCDEF").decode("ascii")
    return bytes.fromhex(clean + "0" * (len(clean) % 2))


def _decoded(token: bytes, slash: bool = False) -> str:
    """A name as pypdf reads it."""
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), token)
    try:
        found = plain.decode("utf-8")
    except UnicodeDecodeError:
        found = plain.decode("latin-1")
    return found if slash else found.removeprefix("/")


def _human(value: bytes) -> str:
    """A text string (ISO 32000-1, 7.9.2.2)."""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1")

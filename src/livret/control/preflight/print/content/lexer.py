"""Cuts a content stream into operators with their operands. Any bytes can be read, and nothing is raised.

Numbers come as they are written, because most of them belong to paths and are needed later or never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from livret.control.preflight.pdf_strings import string_end, unescaped

# An operand that is no plain number: its kind (`numbers`, `name`, `string`, `array`, `dictionary`) and its bytes.
Operand: TypeAlias = tuple[str, bytes]
Operation: TypeAlias = tuple[bytes, bytes, list[Operand]]

# Possessive quantifiers stand after single characters alone: over a group, Python before 3.11.5 matches wrongly.
_STRING = rb"\([^()\\]*+(?:\\.[^()\\]*+)*\)"
_HEX = rb"<[0-9A-Fa-f\s\x00]*+>"
# Numbers as nearly all programs write them. What is written in another way is read with more care.
_PLAIN = rb"[+\-]?+(?:\d{1,9}+(?:\.\d*+|(?!\.))|\.\d++)\s++"
_TWO = _PLAIN + _PLAIN
_END = rb"(?=\s|$)\s*+"
_BUILDS = rb"(?:" + _TWO + rb"(?:[ml]|" + _TWO + rb"(?:re|[vy]|" + _TWO + rb"c))|h)" + _END
_IDLE = rb"(?:" + _PLAIN + rb"[JjMi]|\[[\s\d.+\-]*+\]\s*+" + _PLAIN + rb"d)" + _END
# Longest first. No alternative can match in two ways, so that no input is slow.
_LEXEME = re.compile(
    rb"[\s\x00]*+(?:"
    rb"(?P<path>(?:" + _BUILDS + rb"){1,400})"
    rb"|(?P<idle>(?:" + _IDLE + rb"){1,400})"
    rb"|(?:(?P<first>/[^\s\x00()<>\[\]{}/%]*+)[\s\x00]++)?(?P<numbers>[+\-.\d\s\x00]*+)(?P<operator>[A-Za-z'\"][^\s\x00()<>\[\]{}/%]*+)"
    rb"|(?P<run>[+\-.\d][+\-.\d\s\x00]*+)"
    rb"|(?P<name>/[^\s\x00()<>\[\]{}/%]*+)"
    rb"|(?P<string>" + _STRING + rb"|" + _HEX + rb")"
    rb"|(?P<array>\[(?:[^()<>\[\]%]++|" + _STRING + rb"|" + _HEX + rb")*\])"
    rb"(?:[\s\x00]*+(?P<shows>TJ)(?=[\s\x00()<>\[\]{}/%]|$))?"
    rb"|(?P<comment>%[^\r\n]*+)"
    rb"|(?P<open><<|>>|[\[\]{}])"
    rb"|(?P<rest>.))",
    re.DOTALL,
)
_PIECE = re.compile(rb"(" + _STRING + rb"|" + _HEX + rb")|([+\-.\d]++)", re.DOTALL)
_IMAGE_END = re.compile(rb"[\s\x00]EI(?=[\s\x00]|$)")
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
# What is given in place of an operator for many that build a path; no operator has this name.
PATH = b"\x00path"
_NO_LETTERS = bytes(32 if chr(code).isalpha() else code for code in range(128)) + bytes(range(128, 256))
# The operands of one operator; a file that gives more is broken, and the first are enough.
MOST_OPERANDS = 64
# A number beyond this is none that paper has a use for.
LARGEST = 1e9
# A number with fewer characters is smaller.
SHORTEST_LARGE = 10


@dataclass
class Lexer:
    """Reads one stream. `broken` counts what is no content: stray brackets, and strings that do not end."""

    source: bytes
    broken: int = 0
    # The bytes of the data of the last inline image.
    image: bytes = b""
    _operands: list[Operand] = field(default_factory=list)

    def operations(self) -> Iterator[Operation]:
        """Each operator, the numbers right before it, and the operands before those.

        The image that `BI` begins comes as its operator `ID`, with its dictionary as operands. Operators that build a
        path come together as `PATH` where they are written plainly. Those for ends and dashes of lines are left out.
        """
        source, match = self.source, _LEXEME.match
        place, end = 0, len(source)
        while place < end:
            lexeme = match(source, place)
            if lexeme is None:
                # Only blanks are left.
                return
            place = lexeme.end()
            kind = lexeme.lastgroup
            if kind == "operator":
                first, numbers, word = lexeme.group("first", "numbers", "operator")
                if first is not None:
                    self._add("name", first)
                if word in _CONSTANTS:
                    self._add("constant", word)
                    continue
                if word == b"ID":
                    place = self._skip_image(place)
                yield word, numbers, self._operands
                self._operands = []
            elif kind == "shows":
                self._add("array", lexeme["array"])
                yield b"TJ", b"", self._operands
                self._operands = []
            elif kind == "path":
                yield PATH, lexeme["path"], self._operands
                self._operands = []
            elif kind == "idle":
                self._operands = []
            elif kind == "rest":
                place = self._odd(lexeme["rest"], place)
            elif kind is not None and kind != "comment":
                self._add(kind, lexeme[kind])

    def _add(self, kind: str, token: bytes) -> None:
        if len(self._operands) < MOST_OPERANDS:
            self._operands.append((kind, token))

    def _odd(self, token: bytes, place: int) -> int:
        """What no pattern takes: a string with brackets inside, a bad one, or a stray byte. Gives where to read on."""
        if token == b"(":
            stop = string_end(self.source, place)
            if stop is None:
                self.broken += 1
                return len(self.source)
            self._add("string", self.source[place - 1 : stop])
            return stop
        if token == b"[":
            # An array with strings that have brackets inside: its members come one by one.
            self._add("open", b"[")
            return place
        self.broken += 1
        return place

    def _skip_image(self, start: int) -> int:
        """Where the data of an inline image end. Without a filter, its dictionary says how long they are."""
        found = _IMAGE_END.search(self.source, max(start - 1, 0) + max(self._image_length() - 1, 0))
        stop = found.start() if found else len(self.source)
        self.image = self.source[start + 1 : stop]
        return found.end() if found else len(self.source)

    def _image_length(self) -> int:
        """The least number of bytes of an inline image's data, 0 when its dictionary does not say."""
        entries = inline_dictionary(self._operands)
        if entries.get("F", entries.get("Filter")) is not None:
            return _whole(entries.get("L", entries.get("Length"))) or 0
        width, height = (_whole(entries.get(short, entries.get(long))) or 0 for short, long in _SIZES)
        bits = _whole(entries.get("BPC", entries.get("BitsPerComponent"))) or 1
        return height * ((width * bits + 7) // 8) if 0 < width * height < 1 << 24 else 0


_CONSTANTS = frozenset({b"true", b"false", b"null"})
_SIZES = (("W", "Width"), ("H", "Height"))


def inline_dictionary(operands: list[Operand]) -> dict[str, Operand]:
    """The entries of an inline image's dictionary, or of another flat one, by key without slash."""
    found: dict[str, Operand] = {}
    key = ""
    for kind, token in operands:
        if kind == "open":
            continue
        if kind == "name" and not key:
            key = name_of(token)
        elif key:
            found.setdefault(key, (kind, token))
            key = ""
    return found


def _whole(operand: Operand | None) -> int | None:
    if operand is None or operand[0] != "run":
        return None
    found = numbers_of(operand[1])
    return int(found[0]) if found and abs(found[0]) < 1e7 else None


def path_parts(token: bytes) -> tuple[list[bytes], list[float]]:
    """The operators of `PATH`, and all their numbers one after the other."""
    return token.translate(None, b"0123456789.+-").split(), list(map(float, token.translate(_NO_LETTERS).split()))


def numbers_of(token: bytes) -> tuple[float, ...]:
    """The numbers of a run. What is no number, such as `--5` or `1.2.3`, is read as far as possible, else as 0."""
    try:
        found = tuple(map(float, token.split()))
    except ValueError:
        found = tuple(_number(one) for one in token.replace(b"\x00", b" ").split())
    if len(token) < SHORTEST_LARGE:
        return found
    for one in found:
        if not -LARGEST < one < LARGEST:
            return tuple(min(LARGEST, max(-LARGEST, one)) for one in found)
    return found


def _number(token: bytes) -> float:
    found = re.match(rb"[+-]*?([+-]?(?:\d+\.?\d*|\.\d+))", token)
    return min(LARGEST, max(-LARGEST, float(found[1]))) if found else 0.0


def name_of(token: bytes) -> str:
    """A name without its slash; codes such as `#20` become bytes, and UTF-8 is tried before Latin-1."""
    plain = token[1:] if token[:1] == b"/" else token
    if b"#" in plain:
        plain = _CODE.sub(lambda code: bytes([int(code[1], 16)]), plain)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("latin-1")


def string_of(token: bytes) -> bytes:
    """The bytes of a string with its brackets, in either of its two forms."""
    if token.startswith(b"("):
        return unescaped(token[1:-1])
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", token).decode("ascii")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def shown_array(array: bytes) -> tuple[bytes, float]:
    """What a TJ array shows: its strings joined, and the sum of the numbers between them."""
    if b"(" not in array:
        # Strings and what stands between them by turns.
        parts = array[1:-1].replace(b"<", b">").split(b">")
        digits = parts[1::2]
        try:
            if 1 not in {len(one) & 1 for one in digits}:
                move = sum(map(float, b" ".join(parts[::2]).split()))
                return bytes.fromhex(b"".join(digits).decode("ascii")), min(LARGEST, max(-LARGEST, move))
        except ValueError:
            # Blanks between digits, or what is no number: read piece by piece.
            pass
    strings, move = [], 0.0
    for piece in _PIECE.finditer(array):
        if piece[1] is not None:
            strings.append(string_of(piece[1]))
        else:
            move += _number(piece[2])
    return b"".join(strings), move

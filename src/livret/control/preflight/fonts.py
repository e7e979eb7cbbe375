"""What the codes of a font stand for, from its ToUnicode table (ISO 32000-1, 9.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from livret.control.preflight.pdf_objects import data, entry, members, name, raw

_BLOCK = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
LONGEST_RANGE = 0x10000


@dataclass(frozen=True)
class Font:
    """The text that the codes of a font stand for; `width` is the number of bytes of a code."""

    width: int
    table: dict[int, str] = field(default_factory=dict)
    plain: bool = False

    def read(self, codes: bytes) -> str:
        """The text that codes stand for; an unknown code gives U+FFFD."""
        if self.plain:
            return codes.decode("cp1252", "replace")
        width = self.width
        found = (int.from_bytes(codes[place : place + width], "big") for place in range(0, len(codes), width))
        return "".join([self.table.get(code, "\ufffd") for code in found])


UNKNOWN = Font(1, plain=True)


def font(value: object) -> Font:
    """Read the font that is an entry of a resource dictionary."""
    wide = name(raw(value, "/Subtype")) == "Type0"
    table = data(raw(value, "/ToUnicode"))
    if not table:
        # Without a table, only the codes of a simple font can be read; the usual encoding is assumed.
        return Font(2) if wide else UNKNOWN
    return _table(table, 2 if wide else 1)


def _table(source: bytes, width: int) -> Font:
    found: dict[int, str] = {}
    for block in _BLOCK.finditer(source):
        tokens = list(_TOKEN.finditer(block[2]))
        if block[1] == b"codespacerange":
            if tokens and tokens[0][1] is not None:
                width = max(1, min(4, len(_bytes(tokens[0][1]))))
        elif block[1] == b"bfchar":
            for code, letters in zip(tokens[::2], tokens[1::2], strict=False):
                if code[1] is not None and letters[1] is not None:
                    found[int.from_bytes(_bytes(code[1]), "big")] = _letters(letters[1])
        else:
            _ranges(tokens, found)
    return Font(width, found)


def _ranges(tokens: list[re.Match[bytes]], found: dict[int, str]) -> None:
    place = 0
    while place + 2 < len(tokens):
        low, high, third = tokens[place : place + 3]
        place += 3
        if low[1] is None or high[1] is None:
            return
        first, last = (int.from_bytes(_bytes(one[1]), "big") for one in (low, high))
        last = min(last, first + LONGEST_RANGE)
        if third[1] is not None:
            letters = _letters(third[1])
            for code in range(first, last + 1):
                tail = ord(letters[-1]) + code - first if letters else 0xFFFD
                found[code] = letters[:-1] + (chr(tail) if tail < 0x110000 else "\ufffd")
            continue
        code = first
        while place < len(tokens) and tokens[place][3] is None:
            if tokens[place][1] is not None and code <= last:
                found[code] = _letters(tokens[place][1])
            code, place = code + 1, place + 1
        place += 1


def _bytes(digits: bytes) -> bytes:
    clean = b"".join(digits.split())
    return bytes.fromhex((clean + b"0" * (len(clean) % 2)).decode("ascii"))


def _letters(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", "replace")


def embedded(value: object) -> bool:
    """Whether the font program is in the file; true for Type 3 fonts, whose glyphs are content of the file."""
    if name(raw(value, "/Subtype")) == "Type3":
        return True
    holder = next(iter(members(raw(value, "/DescendantFonts"))), value)
    descriptor = raw(holder, "/FontDescriptor")
    return any(entry(descriptor, key) is not None for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def speaks_unicode(value: object) -> bool:
    """Whether the font's codes can be mapped to Unicode (ISO 14289-1, 7.21.7)."""
    if entry(value, "/ToUnicode") is not None:
        return True
    encoding = entry(value, "/Encoding")
    if name(raw(value, "/Subtype")) == "Type0":
        # The predefined encodings of Chinese, Japanese and Korean map to Unicode; Identity does not.
        return bool(name(encoding)) and not name(encoding).startswith("Identity")
    named = name(encoding) or name(raw(encoding, "/BaseEncoding"))
    return named in {"WinAnsiEncoding", "MacRomanEncoding", "MacExpertEncoding"}

"""How one value is written in YAML: in the style that was there if it can be, and in quotes only if it must be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

# What YAML 1.1 or 1.2 takes for something else than text, when it stands without quotes: nothing, yes and no, numbers,
# times and dates. Livret reads text, but the file is read by other programs too. French words for yes and no are in it
# because Livret takes them for such where a field is yes or no.
_OTHER_THAN_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|oui|non|=|<<"
    r"|[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
    r"|[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:e[-+]?[0-9]+)?|[-+]?\.inf|\.nan"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?",
    re.IGNORECASE,
)
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
_HEADER = re.compile(r"[|>][-+0-9]*[^\n]*")
_SPACE_BETWEEN_WORDS = re.compile(r"(?<=[^\s]) (?=[^\s])")
# The longest lines of the demonstration.
USUAL_WIDTH = 100


@dataclass(frozen=True)
class ScalarPlace:
    """Where a value stands: how far its group or list is indented, and the further lines of a text on several lines.

    `is_flow` is true in brackets and braces. Lines are broken at `width`, 0 for nowhere. Without `is_text`, numbers
    and the like need no quotes.
    """

    parent: int
    indent: int
    is_flow: bool = False
    is_text: bool = True
    width: int = 0


def written(value: str, setting: ScalarPlace, style: str = "", header: str = "") -> Iterator[str]:
    """Ways to write a value, the best first. The caller reads each back and takes the first that gives the value.

    In: the style that was there, and for `|` and `>` the first line, with its comment.
    """
    lines = "\n" in value
    if style in ("|", ">") and not setting.is_flow:
        if style == ">":
            yield _folded_block(value, header, setting)
        yield _literal(value, header if style == "|" else "|" + header[1:], setting)
    if lines and not setting.is_flow:
        yield _literal(value, "|", setting)
    if not lines:
        forms = {"": [_plain, _double, _single], '"': [_double, _single], "'": [_single, _double]}
        for form in forms.get(style, forms[""]):
            found = form(value, setting)
            if found is not None:
                if setting.width:
                    yield _wrapped(found, setting)
                yield found
    yield json.dumps(value, ensure_ascii=False)


def block_header(typed: str) -> str:
    """The first line of a text after `|` or `>`, with its signs and its comment."""
    found = _HEADER.match(typed)
    return found[0].rstrip() if found else "|"


def _literal(value: str, header: str, setting: ScalarPlace) -> str:
    return _block(value.split("\n"), header, setting)


def _folded_block(value: str, header: str, setting: ScalarPlace) -> str:
    lines: list[str] = []
    for line in value.split("\n"):
        # A single end of a line is read as a space, so that an end that is meant takes an empty line more.
        if lines and lines[-1]:
            lines.append("")
        lines += _wrap(line, setting.width - setting.indent) if setting.width else [line]
    return _block(lines, header, setting)


def _block(lines: list[str], header: str, setting: ScalarPlace) -> str:
    signs, _, rest = header.partition(" ")
    signs = re.sub("[0-9]", "", signs)
    # Where the first line begins with a space, the indentation must be told.
    first = next((line for line in lines if line.strip()), "")
    if first[:1] in (" ", "\t"):
        signs = signs[0] + str(setting.indent - setting.parent) + signs[1:]
    space = " " * setting.indent
    return "\n".join([signs + (f" {rest}" if rest else ""), *(space + line if line else "" for line in lines)])


def _plain(value: str, setting: ScalarPlace) -> str | None:
    if not value or value != value.strip() or value[0] in _INDICATORS or ": " in value or " #" in value:
        return None
    if value[-1] == ":" or "\t" in value or value.startswith("..."):
        return None
    if setting.is_flow and re.search(r"[,\[\]{}]|:$", value):
        return None
    if setting.is_text and _OTHER_THAN_TEXT.fullmatch(value):
        return None
    return value


def _double(value: str, setting: ScalarPlace) -> str | None:
    return None if "\\" in value or '"' in value else f'"{value}"'


def _single(value: str, setting: ScalarPlace) -> str | None:
    return "'" + value.replace("'", "''") + "'"


def _wrapped(line: str, setting: ScalarPlace) -> str:
    """A value over several lines, as it was before. The first line stands after the name of the field."""
    return ("\n" + " " * setting.indent).join(_wrap(line, setting.width - setting.indent))


def _wrap(line: str, width: int) -> list[str]:
    """A text on lines of at most this width, broken at single spaces."""
    found = [""]
    for word in _SPACE_BETWEEN_WORDS.split(line):
        if found[-1] and len(found[-1]) + 1 + len(word) > width:
            found.append(word)
        else:
            found[-1] += (" " if found[-1] else "") + word
    return found

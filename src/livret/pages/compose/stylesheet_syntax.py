"""What in a style sheet is no CSS: lines that every reader of CSS leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2  # type: ignore[import-untyped]

from livret.translation import Text, say

# Comments and strings, in which braces mean nothing.
_QUIET = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def syntax_errors(text: str) -> Iterator[tuple[int, Text]]:
    """The line and the fault of whatever the engine leaves out because it is no CSS."""
    found = list(_errors(tinycss2.parse_stylesheet(text)))
    open_at = _never_closed(text)
    if open_at:
        found.append((open_at, say("this block is not closed by }}")))
    yield from sorted(found)


def _errors(rules: Iterable[Any]) -> Iterator[tuple[int, Text]]:
    for rule in rules:
        if rule.type == "error":
            yield rule.source_line, say("this is no CSS; it is left out, or the rule around it")
        elif rule.type == "declaration":
            if any(token.type == "error" for token in rule.value):
                yield rule.source_line, say("the value of {name} is no CSS", name=rule.name)
        elif getattr(rule, "content", None) is not None:
            yield from _errors(tinycss2.parse_blocks_contents(rule.content))


def _never_closed(text: str) -> int:
    """The line of the first block that nothing closes; 0 when all are closed."""
    plain = _QUIET.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines: list[int] = []
    for number, line in enumerate(plain.split("\n"), 1):
        for sign in re.findall("[{}]", line):
            if sign == "{":
                lines.append(number)
            elif lines:
                lines.pop()
    return lines[-1] if lines else 0

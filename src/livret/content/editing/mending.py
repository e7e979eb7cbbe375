"""The text of a file that cannot be read, mended as text: only what was typed anew changes."""

from __future__ import annotations

from itertools import takewhile

from livret.content.editing.line_ends import TypedFile
from livret.content.yaml.reader import parse
from livret.findings import Finding

# A longer text is mended in a text editor.
LONGEST = 300_000


def typed_text(raw: bytes) -> str | None:
    """The text of a file; None when it is no text, or too long for a page."""
    if len(raw) > LONGEST:
        return None
    try:
        return TypedFile(raw).text
    except UnicodeDecodeError:
        return None


def with_text(raw: bytes, text: str) -> bytes:
    """The file with another text; what is the same at both ends keeps its bytes. Raises UnicodeDecodeError."""
    typed = TypedFile(raw)
    before, after = typed.text, text.replace("\r\n", "\n").replace("\r", "\n")
    start = _same(before, after)
    most = min(len(before), len(after)) - start
    same = _same(before[::-1][:most], after[::-1][:most])
    return typed.spliced(start, len(before) - same, after[start : len(after) - same]).raw


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def unreadable(raw: bytes, shown: str) -> tuple[Finding, ...]:
    """Why a file cannot be read; nothing when it can."""
    root, findings = parse(raw, shown)
    return findings if root is None else ()

"""A content stream is cut the same way by every Python. Before 3.11.5, `re` matched some patterns wrongly."""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path

import pytest

from livret.content.language.typed_words import typed_words
from livret.content.pictures.kinds import kind_of
from livret.control.preflight.print.content.lexer import Lexer

SOURCE = Path(__file__).resolve().parents[1] / "src" / "livret"
PATH = b"\x00path"


@pytest.mark.parametrize(
    ("stream", "operations"),
    [
        # A name with its operands right behind it.
        (b"/Span<</MCID 3>>BDC", [(b"BDC", b"", [b"/Span", b"<<", b"/MCID", b"3", b">>"])]),
        (b"/Span/MC0 BDC", [(b"BDC", b"", [b"/Span", b"/MC0"])]),
        (b"/F1(a) Tj", [(b"Tj", b"", [b"/F1", b"(a)"])]),
        (b"/GS0 gs /N", [(b"gs", b"", [b"/GS0"])]),
        # Lines and curves, and numbers behind them that build none.
        (b"1 2 m 3 4 l 5 6 7 8 k", [(PATH, b"1 2 m 3 4 l ", []), (b"k", b"5 6 7 8 ", [])]),
        (b"1 2 m 3 w", [(PATH, b"1 2 m ", []), (b"w", b"3 ", [])]),
        (b"0 0 9 9 re 1 0 0 1 5 5 cm", [(PATH, b"0 0 9 9 re ", []), (b"cm", b"1 0 0 1 5 5 ", [])]),
        (b"1.5 .5 l 2.5 3.5 Td", [(PATH, b"1.5 .5 l ", []), (b"Td", b"2.5 3.5 ", [])]),
        (b"h 1 0 0 rg", [(PATH, b"h ", []), (b"rg", b"1 0 0 ", [])]),
        (b"1 2 m 1234567890 4 l", [(PATH, b"1 2 m ", []), (b"l", b"1234567890 4 ", [])]),
        # Ends and dashes of lines are left out, and nothing else.
        (b"0 J 1 j 2 w", [(b"w", b"2 ", [])]),
        (b"[3 2] 0 d [(a)] TJ", [(b"TJ", b"", [b"[(a)]"])]),
        (b"0 J [3 2] 0 Tj", [(b"Tj", b"0 ", [b"[3 2]"])]),
        # Strings and arrays, whole and cut short.
        (rb"(a\)b) Tj", [(b"Tj", b"", [rb"(a\)b)"])]),
        (rb"(\(\\) Tj", [(b"Tj", b"", [rb"(\(\\)"])]),
        (rb"[(a\)) -12 <41>(b)] TJ", [(b"TJ", b"", [rb"[(a\)) -12 <41>(b)]"])]),
        (rb"[(a\)b) 1 (c", []),
        (b"[(a) TJx", [(b"TJx", b"", [b"[", b"(a)"])]),
        (b"[(a)]TJx", [(b"TJx", b"", [b"[(a)]"])]),
        (b"[(a)] T*", [(b"T*", b"", [b"[(a)]"])]),
        # Numbers with nothing between them and what follows.
        (b"1 2(a)Tj", [(b"Tj", b"", [b"1 2", b"(a)"])]),
        (b"9Tc 1-2 Td", [(b"Tc", b"9", []), (b"Td", b"1-2 ", [])]),
    ],
)
def test_operators_and_operands_are_cut_where_they_end(
    stream: bytes, operations: list[tuple[bytes, bytes, list[bytes]]]
) -> None:
    read = [
        (word, numbers, [token.strip() for _, token in operands])
        for word, numbers, operands in Lexer(stream).operations()
    ]
    assert read == operations


@pytest.mark.parametrize(
    "stream",
    [b"[" * 19_000, b"(" * 19_000, b"(" + rb"\a" * 100_000, b"[(" + rb"\a" * 100_000, b"[" + b"(a)" * 30_000],
    ids=("arrays", "strings", "escapes", "escapes in an array", "strings in an array"),
)
def test_what_does_not_end_is_read_in_time(stream: bytes) -> None:
    before = time.process_time()
    assert list(Lexer(stream).operations()) == []
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<?xml version='1.0'?><!-- a - b -- c --><svg>", "an SVG drawing"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>] ><svg>", "an SVG drawing"),
        (b"<!-- <svg> --><html>", "a web page"),
        (b"<?a ? b?>\n<!DOCTYPE svg><svg>", "an SVG drawing"),
    ],
)
def test_the_first_element_tells_what_a_file_in_xml_is(head: bytes, kind: str) -> None:
    assert str(kind_of(head).name) == kind


def test_a_target_with_brackets_is_no_word() -> None:
    assert typed_words("[one](a(b)c(d)e 'title') two") == typed_words("one two")


# Before 3.11.5, Python matches wrongly what a group holds when nothing in it is given back.
_POSSESSIVE_GROUP = re.compile(r"\(\?>|(?<!\\)\)(?:[?*+]|\{[\d,]+\})\+")


def written(node: ast.AST) -> str:
    """A text as it is written in a module; a value within it counts as a group."""
    if isinstance(node, ast.JoinedStr):
        return "".join("(value)" if isinstance(part, ast.FormattedValue) else written(part) for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    return ""


def test_no_pattern_has_a_group_that_gives_nothing_back() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in sorted(SOURCE.rglob("*.py"))
        # Most files have no such signs at all, and need not be parsed.
        if any(sign in (text := path.read_text(encoding="utf-8")) for sign in ("(?>", "?+", "*+", "++", "}+"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant | ast.JoinedStr) and _POSSESSIVE_GROUP.search(written(node))
    ]
    assert found == []

"""Explains why libyaml cannot read a file, in words for people who do not know YAML."""

from __future__ import annotations

import re

from livret.findings import Finding, Location, error
from livret.translation import Text, foreign, say, verbatim

# A part of a message of libyaml, then our message and hint.
_SAYINGS: tuple[tuple[str, Text, Text], ...] = (
    (
        "mapping values are not allowed",
        say("there is a colon followed by a space inside the text, or this line is indented too far"),
        say('put the text in quotes: title: "Agir : un guide"; or start long text with |'),
    ),
    (
        "could not find expected ':'",
        say("this line has no colon after the name of a field, or it continues text but is not indented"),
        say("write name: value with a space after the colon; indent the lines of a text below its field"),
    ),
    (
        "did not find expected ',' or ']'",
        say("a list opened with [ is not closed with ]"),
        say("add the ] or a missing comma"),
    ),
    (
        "did not find expected ',' or '}'",
        say("a group opened with {{ is not closed with }}"),
        say("add the }} or a missing comma"),
    ),
    (
        "did not find expected key",
        say("this line does not line up with the fields above it, or text goes on after a closing quotation mark"),
        say(
            'give fields of one group the same indentation; inside text in double quotes write \\" for a quotation mark'
        ),
    ),
    (
        "did not find expected '-' indicator",
        say("a list ends here without the fields around it lining up"),
        say("give every item of a list the same indentation"),
    ),
    (
        "block sequence entries are not allowed",
        say("an item of a list begins on the line of the field's name"),
        say("start the list on the next line"),
    ),
    (
        "did not find expected node content",
        say("text that begins with a bracket, a brace or a comma must be in quotes"),
        say('write "..." around it'),
    ),
    (
        "expected comment or line break",
        say("there is text on the line of the | or > sign"),
        say("start the text on the next line, indented"),
    ),
    (
        "alphabetic or numeric character",
        say("text that begins with & or * must be in quotes"),
        say('write "..." around it, or start Markdown text with |'),
    ),
    (
        "unknown escape character",
        say("a backslash inside double quotes has a special meaning"),
        say("write it twice, or use single quotes"),
    ),
    (
        "expected <document start>",
        say("there is something after the end of the fields"),
        say("delete the line ... above"),
    ),
    ("directive", say("a line that begins with % is not text here"), say("put the text in quotes, or indent it")),
)

# What git leaves in a file that two branches changed in one place.
_MERGE_MARK = re.compile(r"^(?:<{7}|>{7}|\|{7}) \S", re.MULTILINE)


def merge_mark(text: str) -> re.Match[str] | None:
    """The first mark that git leaves in a file whose two versions it could not merge."""
    return _MERGE_MARK.search(text)


def syntax_finding(said: str, place: tuple[int, int], opened: tuple[int, int] | None, path: str, text: str) -> Finding:
    """The finding for what libyaml could not read: rule `tab` or `yaml-syntax`.

    In: its words; the line and column, from 0, where it stopped and where the thing it was reading began; the path
    and the text of the file.
    """
    mark = merge_mark(text)
    if mark:
        return error(
            "yaml-syntax",
            say("two versions of this file were merged, and both are here"),
            Location(path, text.count("\n", 0, mark.start()) + 1, 1),
            say("keep the right one, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"),
        )
    line, column = place
    lines = text.split("\n")
    row = lines[line] if line < len(lines) else ""
    if "tab character" in said or "\t" in row[: len(row) - len(row.lstrip())]:
        return error(
            "tab",
            say("this line is indented with a tab"),
            Location(path, line + 1, column + 1),
            say("use spaces only; most editors can replace tabs by spaces"),
        )
    message: Text
    hint: Text
    if "cannot start any token" in said:
        sign = row[column : column + 1]
        told = say("a tab") if sign == "\t" else verbatim(sign)
        message = say("text that begins with {sign} must be in quotes", sign=told)
        hint = say('write "..." around it')
    elif "expected node content" in said and not row[column:].strip():
        message, hint = say("a bracket or a brace opened above is not closed"), say("add the ] or }}")
    elif "unexpected end of stream" in said and opened:
        line, column = opened
        message = say("a quotation mark opened here is never closed")
        hint = say("add the closing mark; an apostrophe inside single quotes is typed twice")
    else:
        message, hint = next(
            ((words, advice) for part, words, advice in _SAYINGS if part in said),
            (
                say("this cannot be read as YAML: {reason}", reason=foreign(said)),
                say("compare the line with a file that works"),
            ),
        )
    if "expected ',' or" in said and opened:
        message = say("{message} (opened on line {line})", message=message, line=opened[0] + 1)
    # At the end of a file libyaml points to the line after the last one.
    last = len(lines) - 1 if len(lines) > 1 and not lines[-1] else len(lines)
    return error("yaml-syntax", message, Location(path, min(line + 1, last), column + 1), hint)

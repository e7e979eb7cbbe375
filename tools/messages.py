#!/usr/bin/env python3
"""Keep the catalogue of messages: src/livret/locale/fr/LC_MESSAGES/livret.po.

    make messages                                   # adds new messages, removes old ones, sorts; tells what is missing
    .venv/bin/python tools/messages.py --check      # says what is wrong, and ends with 1

The messages are the first words of every `say` and `say_number` in src/. French may be typed with ordinary spaces and
apostrophes: this program sets narrow spaces before ; ? ! and no-break spaces before : and inside « ».
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
from babel.messages.pofile import escape, read_po

import press_tables
from livret.cli import main as main_command
from livret.cli.language import help_texts
from livret.content.schema import field_tables

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "src" / "livret"
FRENCH = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "livret.po"
CLICK = FRENCH.with_name("click.po")
# Lines have no numbers and are not wrapped, so that two who add messages seldom touch the same line.
HEADER = r"""msgid ""
msgstr ""
"Language: fr\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""
# What every command has of Click, and click.po translates.
OF_CLICK = frozenset({"Show the version and exit."})
NARROW = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, order=True)
class Entry:
    """One message: its English, with a plural or without, and its French in as many forms."""

    one: str
    many: str | None = None
    french: tuple[str, ...] = ()

    @property
    def is_translated(self) -> bool:
        """Whether all its forms are there."""
        return len(self.french) == (1 if self.many is None else 2) and all(self.french)


def said(package: Path = PACKAGE) -> Iterator[tuple[Path, int, Entry]]:
    """Every message of the code, with its place. Raises ValueError where it is not written out."""
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in {"say", "say_number"}:
                continue
            words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(words) != len(node.args) or len(words) != (1 if node.func.id == "say" else 2):
                raise ValueError(f"{path}:{node.lineno}: write the message out as a literal text")
            yield path, node.lineno, Entry(words[0], words[1] if words[1:] else None)


def helped() -> Iterator[Entry]:
    """The texts of --help, which commands have as Click asks for them."""
    for text in help_texts(main_command):
        if text not in OF_CLICK:
            yield Entry(text)


def said_by_click() -> Iterator[Entry]:
    """What Click itself says, in the version that is installed."""
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if words:
                    yield Entry(words[0], words[1] if words[1:] else None)


def written(file: Path = FRENCH) -> dict[str, Entry]:
    """The entries of a catalogue, by their English."""
    entries: dict[str, Entry] = {}
    for version in versions(file.read_text(encoding="utf-8")):
        for message in read_po(io.StringIO(version), abort_invalid=True):
            if not message.id:
                continue
            one, many = (message.id, None) if isinstance(message.id, str) else message.id
            french = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if one not in entries or not entries[one].is_translated:
                entries[one] = Entry(one, many, french)
    return entries


_CONFLICT = re.compile(r"(?ms)^<{7} [^\n]*\n(.*?)(?:^\|{7} [^\n]*\n.*?)?^={7}\n(.*?)^>{7} [^\n]*\n")


def versions(text: str) -> tuple[str, ...]:
    """A catalogue; after a merge with conflicts, both versions of it, so that the entries of both are kept."""
    both = (_CONFLICT.sub(r"\1", text), _CONFLICT.sub(r"\2", text))
    return both if both[0] != both[1] else both[:1]


def set_right(french: str) -> str:
    """French with the spaces and apostrophes that print has. Code such as `name: text` has its colon against a word."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", french)
    spaces = f"[ {NARROW}\N{NO-BREAK SPACE}]+"
    text = re.sub(rf"{spaces}([;?!])", NARROW + r"\1", text)
    text = re.sub(rf"{spaces}(»|:(?=\s|$))", "\N{NO-BREAK SPACE}" + r"\1", text)
    return re.sub(rf"«{spaces}", "«\N{NO-BREAK SPACE}", text)


def placeholders(template: str) -> set[tuple[str, str]]:
    """The names in a template, each with the form it asks for. Help is no template, and may have braces of its own."""
    try:
        found = [(name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name is not None]
    except ValueError:
        return set()
    return {(name, form) for name, form in found if name.isidentifier()}


def faults(entries: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with the French of entries."""
    for entry in entries:
        if not entry.is_translated:
            yield f"no French: {entry.one}"
            continue
        for french, english in zip(entry.french, (entry.one, entry.many or ""), strict=False):
            # A singular may spell its number out.
            lost = placeholders(english) ^ placeholders(french)
            if lost and not (entry.many and {name for name, _ in lost} == {"number"}):
                yield f"other placeholders: {french}"
            if french != set_right(french):
                yield f"spaces or apostrophes: {french}"


def po(entries: Iterable[Entry]) -> str:
    """The text of a catalogue."""
    parts = [HEADER]
    for entry in sorted(entries):
        lines = [f"msgid {escape(entry.one)}"]
        if entry.many is None:
            lines.append(f"msgstr {escape(''.join(entry.french))}")
        else:
            forms = entry.french if len(entry.french) == 2 else ("", "")
            lines.append(f"msgid_plural {escape(entry.many)}")
            lines += [f"msgstr[{number}] {escape(form)}" for number, form in enumerate(forms)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def updated(file: Path = FRENCH) -> list[Entry]:
    """The entries of the messages that the code says, with the French that a catalogue has."""
    known = written(file)
    entries = {entry.one: entry for entry in (said_by_click() if file == CLICK else _own())}
    for one, entry in entries.items():
        if one in known and known[one].many == entry.many:
            entries[one] = replace(entry, french=tuple(map(set_right, known[one].french)))
    return list(entries.values())


def _own() -> Iterator[Entry]:
    yield from helped()
    yield from map(Entry, field_tables.descriptions((TOP / "docs" / "content.md").read_text(encoding="utf-8")))
    yield from map(Entry, press_tables.descriptions())
    yield from (entry for _, _, entry in said())


def main() -> int:
    """Write the catalogue, or with --check compare it."""
    wrong: list[str] = []
    for file in (FRENCH, CLICK):
        entries = updated(file)
        wrong += faults(entries)
        if "--check" not in sys.argv[1:]:
            file.write_text(po(entries), encoding="utf-8")
        elif file.read_text(encoding="utf-8") != po(entries):
            wrong.insert(0, f"{file.name} is not what the code says: run make messages")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

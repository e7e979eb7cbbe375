#!/usr/bin/env python3
"""Write the parts of docs/ that come from the code.

These are the list of rules in docs/rules.md, docs/cli.md from --help, and the tables of docs/printers.md and its
French twin.

    .venv/bin/python tools/write_docs.py            # writes the files
    .venv/bin/python tools/write_docs.py --check    # says what is stale, and ends with 1

A rule's id, its severity and its room are read from the source. What a rule means and what to do about it is written by
hand in docs/rules.md; this program keeps those texts and leaves "TODO" where a new rule has none yet.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import press_tables

if TYPE_CHECKING:
    import click

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "src" / "livret"
RULES = TOP / "docs" / "rules.md"
CLI = TOP / "docs" / "cli.md"
TODO = "TODO"

# The parameter or field that carries the id of a rule. Its values are written out whole, so that grep finds them.
CARRIERS = ("rule",)
# How bad it is when these make a finding, or something that becomes one.
SEVERITY = {
    "error": "error",
    "warning": "warning",
    "note": "note",
    "BadValueError": "error",
    "refused": "error",
    "TextProblem": "warning",
    "fault": "error",
    "Inseparable": "error",
    "PictureFault": "error",
}
# These make none: `Allowed` is what content says of rules, the others hand a rule on, or use the table of preflight.
NOT_MAKERS = (
    "Allowance",
    "Allowed",
    "Breach",
    "Finding",
    "Guess",
    "PrintFinding",
    "Unreadable",
    "add",
    "change",
    "hint",
    "severity",
    "source",
    "_change_traced",
    "_is_base",
    "_rule",
)
ROOMS = ("content", "pages", "web", "book", "control", "preflight", "print", "pipeline", "cli")
# How a rule of preflight for print writes its severities, one letter a profile.
LETTERS = {"E": "error", "W": "warning", "N": "note"}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ROW = re.compile(r"^\| `(?P<id>[a-z0-9-]+)` \| (?P<severity>[^|]*) \| (?P<text>.*) \|$", re.MULTILINE)


class UnreadableRuleError(Exception):
    """The source names a rule in a way that this program cannot follow."""


@dataclass(frozen=True)
class Made:
    """One place in the source that makes a finding of a rule."""

    id: str
    severity: str
    room: str


def calls_of(node: ast.Call) -> str:
    """The name that is called, without what stands before the last dot."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


class Source:
    """One module: its calls that carry rules, and what it takes to follow a name to its values."""

    def __init__(self, path: Path, carriers: Mapping[str, int]) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.carriers = carriers
        inside = path.relative_to(PACKAGE).parts
        above = [room for room in ("print", "preflight") if room in inside]
        self.room = above[0] if above else inside[0].removesuffix(".py")
        self.constants = {
            target.id: node.value
            for node in self.tree.body
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }

    def made(self) -> Iterator[Made]:
        """Every rule that the module makes findings of."""
        table = self.constants.get("RULES")
        if self.room == "preflight" and isinstance(table, ast.Dict):
            for key, value in zip(table.keys, table.values, strict=True):
                assert isinstance(key, ast.Constant)
                assert isinstance(value, ast.Call)
                severity = ast.unparse(value.args[0]).strip("_").lower()
                yield Made(str(key.value), severity, self.room)
        for table in self.constants.values() if self.room == "print" else ():
            yield from self._print_rules(table)
        for function in [self.tree, *(node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))]:
            for node in _own(function):
                if isinstance(node, ast.Call) and (called := calls_of(node)) in self.carriers:
                    yield from self._made(node, called, function)

    def _print_rules(self, table: ast.expr) -> Iterator[Made]:
        """The rules of a table of preflight for print, each with every severity that it has in some profile."""
        pairs = zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ()
        for key, value in pairs:
            if isinstance(key, ast.Constant) and isinstance(value, ast.Call) and calls_of(value) == "PrintRule":
                for letter in ast.literal_eval(value.args[0]):
                    if letter in LETTERS:
                        yield Made(str(key.value), LETTERS[letter], self.room)

    def _made(self, node: ast.Call, called: str, function: ast.AST) -> Iterator[Made]:
        place = self.carriers[called]
        given = next((one.value for one in node.keywords if one.arg in CARRIERS), None)
        if given is None and len(node.args) > place:
            given = node.args[place]
        for id in self._values(given, function) if given else ():
            if called not in SEVERITY:
                raise UnreadableRuleError(f"{self.path}:{node.lineno}: how severe is what {called} makes?")
            is_mended = any(one.arg == "is_mended" for one in node.keywords)
            yield Made(id, "note" if is_mended else SEVERITY[called], self.room)

    def _values(self, node: ast.expr, function: ast.AST) -> Iterator[str]:
        """The ids that an expression may stand for; none where a rule is only handed on."""
        if isinstance(node, ast.Constant):
            if node.value:
                yield str(node.value)
        elif isinstance(node, ast.IfExp):
            yield from self._values(node.body, function)
            yield from self._values(node.orelse, function)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._values(value, function)
        elif isinstance(node, ast.Call) and calls_of(node) == "get" and isinstance(node.func, ast.Attribute):
            for value in (node.func.value, *node.args[1:]):
                yield from self._values(value, function)
        elif isinstance(node, ast.Subscript):
            yield from self._values(node.value, function)
        elif isinstance(node, ast.Attribute) and node.attr in (*CARRIERS, "type"):
            return
        elif isinstance(node, ast.Name):
            yield from self._named(node, function)
        else:
            told = f"{self.path}:{node.lineno}: which rules is {ast.unparse(node)}? Write ids out whole"
            raise UnreadableRuleError(told)

    def _named(self, node: ast.Name, function: ast.AST) -> Iterator[str]:
        if isinstance(function, ast.FunctionDef):
            if node.id in CARRIERS and node.id in {one.arg for one in function.args.args}:
                return
            values = [
                one.value
                for one in ast.walk(function)
                if isinstance(one, ast.Assign) and any(ast.unparse(target) == node.id for target in one.targets)
            ]
            for value in values:
                yield from self._values(value, function)
            if values:
                return
        if node.id not in self.constants:
            raise UnreadableRuleError(f"{self.path}:{node.lineno}: which rules is {node.id}?")
        yield from self._values(self.constants[node.id], function)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function or module itself, not in the functions inside it."""
    pending = list(ast.iter_child_nodes(function))
    while pending:
        node = pending.pop()
        if not isinstance(node, ast.FunctionDef):
            yield node
            pending += ast.iter_child_nodes(node)
        else:
            pending += node.decorator_list


def carriers() -> dict[str, int]:
    """The functions and classes that take the id of a rule, and at which place."""
    found: dict[str, int] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                fields = [ast.unparse(one.target) for one in node.body if isinstance(one, ast.AnnAssign)]
                made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
                names = [one.arg for one in made[0].args.args[1:]] if made else fields
                name = node.name
            elif isinstance(node, ast.FunctionDef) and node.name != "__init__":
                names = [one.arg for one in node.args.args if one.arg != "self"]
                name = node.name
            else:
                continue
            found.update((name, names.index(one)) for one in CARRIERS if one in names)
    return {name: place for name, place in found.items() if name not in NOT_MAKERS}


def rules() -> dict[str, list[Made]]:
    """Every rule of the source with the places that make it, by id."""
    known = carriers()
    found: dict[str, list[Made]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for made in Source(path, known).made():
            assert _ID.fullmatch(made.id), made
            found.setdefault(made.id, []).append(made)
    return found


# --- docs/rules.md ---


def rules_page(page: str, found: Mapping[str, Sequence[Made]]) -> str:
    """The page with its tables made anew; the texts of rules that are still there are kept."""
    texts = {row["id"]: row["text"] for row in _ROW.finditer(page)}
    for room in ROOMS:
        rows = ["| Rule | Severity | What it means | What to do |", "|---|---|---|---|"]
        for id, made in sorted(found.items()):
            first = min(made, key=lambda one: ROOMS.index(one.room))
            if first.room == room:
                severities = " or ".join(sorted({one.severity for one in made}))
                rows.append(f"| `{id}` | {severities} | {texts.get(id, f'{TODO} | {TODO}')} |")
        start, end = f"<!-- rules: {room} -->\n", "<!-- end -->"
        before, mark, rest = page.partition(start)
        if len(rows) == 2 and not mark:
            continue
        if not mark:
            raise UnreadableRuleError(f"{RULES}: add the lines {start.strip()} and {end} for the rules of {room}")
        page = before + mark + "\n".join(rows) + "\n" + end + rest.partition(end)[2]
    return page


# --- docs/cli.md ---

CLI_START = """# The command line

This page is what `livret --help` and `livret COMMAND --help` print. `make docs` writes it. The same options are
understood before the name of a command and after it.
"""
WIDTH = 96


def cli_page() -> str:
    """The help of every command."""
    import click

    from livret.cli import main

    parts = [CLI_START]
    # With the settings of a real run, whose help has -h too: Click keeps the first --help option that it makes.
    above = click.Context(main, info_name="livret", **{**main.context_settings, "terminal_width": WIDTH})
    parts.append(f"```text\n{main.get_help(above)}\n```\n")
    return "\n".join((*parts, *_commands(main, above)))


def _commands(group: click.Group, above: click.Context) -> Iterator[str]:
    """The help of the commands of a group, and of those that are groups themselves."""
    import click

    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        if command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=above, terminal_width=WIDTH)
        yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            yield from _commands(command, context)


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check say which are stale."""
    pages = {RULES: rules_page(RULES.read_text(encoding="utf-8"), rules()), CLI: cli_page(), **press_tables.pages()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(TOP)} is not what the code says: make docs")
        return int(bool(stale))
    for path in stale:
        path.write_text(pages[path], encoding="utf-8")
        print(f"{path.relative_to(TOP)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""No logic stands twice: nowhere are eight lines of code the same as in another place. Long functions say why."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
# How many lines with a word or a number in them.
LINES = 8
# The heads of two pages: what a browser has to be told of each.
PAGES = {"first.html", "index.html"}


def _code() -> Iterator[Path]:
    for folder in ("src/livret", "layouts", "tools"):
        yield from (path for ending in ("py", "html", "css", "js") for path in (TOP / folder).rglob(f"*.{ending}"))


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines of code with their numbers; without imports, which have to stand in each file that needs them."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        is_code = any(sign.isalnum() for sign in text) and not text.startswith(("#", "import ", "from "))
        if is_code:
            found.append((number, text))
    return found


def test_no_eight_lines_of_code_stand_in_two_places() -> None:
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in sorted(_code()):
        if path.parent.name == "static" and path.name in PAGES:
            continue
        lines = _lines(path)
        for at in range(len(lines) - LINES + 1):
            run = tuple(text for _, text in lines[at : at + LINES])
            places[run].append(f"{path.relative_to(TOP)}:{lines[at][0]}")
    assert [found for found in places.values() if len(found) > 1] == []


def test_a_function_of_over_50_lines_or_6_parameters_has_a_comment() -> None:
    found = []
    for path in sorted((TOP / "src" / "livret").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            given = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            lines = text.splitlines()[node.lineno - 2 : node.end_lineno]
            is_large = length > 50 or len([name for name in given if name not in ("self", "cls")]) > 6
            if is_large and not any(line.strip().startswith("#") for line in lines):
                found.append(f"{path.relative_to(TOP)}:{node.lineno} {node.name}")
    assert found == []

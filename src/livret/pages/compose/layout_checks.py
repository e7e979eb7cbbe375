"""What can be told of a layout without typesetting anything, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from livret.content.messages import did_you_mean
from livret.findings import Finding, Location, error, warning
from livret.pages.compose.drawings import fault_of_drawing
from livret.pages.compose.stylesheet_syntax import syntax_errors
from livret.pages.compose.template_words import in_words
from livret.pages.compose.templates import Templates
from livret.pages.layout import Layout
from livret.project import installed
from livret.translation import say

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SET = re.compile(r"--([\w-]+)\s*:")
# Without a comma: with one, it says itself what else holds.
_USED = re.compile(r"var\(\s*--([\w-]+)\s*\)")


def findings(layout: Layout) -> tuple[Finding, ...]:
    """Templates and drawings that cannot be read, style sheets that are no CSS, names of pictograms and variables.

    Raises LivretError, with file and line, when labels, palette or tile map have an error.
    """
    layout.labels("en")
    layout.tiles()
    names = _names(layout, "*.html")
    return (*_templates(layout, names), *_syntax(layout), *_variables(layout, names), *_drawings(layout))


def _names(layout: Layout, pattern: str) -> tuple[str, ...]:
    return tuple(sorted({path.name for folder in layout.folders for path in folder.glob(pattern)}))


def _templates(layout: Layout, names: tuple[str, ...]) -> Iterator[Finding]:
    templates = Templates(layout)
    own = [name for name in names if not _is_shipped(layout, name)]
    for fault in (fault for name in own for fault in templates.faults(name)):
        where = _place(layout, fault.path, fault.line)
        if fault.pictogram:
            there = (path.stem for folder in layout.project.folders("pictograms") for path in folder.glob("*.svg"))
            message = say('there is no pictogram "{name}"', name=fault.pictogram)
            yield warning("missing-pictogram", message, where, *did_you_mean(fault.pictogram, sorted(there)))
        else:
            yield error("template", in_words(fault.message), where)


def _is_shipped(layout: Layout, name: str) -> bool:
    """Whether a file is one of Livret's own as it came: nothing is wrong with it, and reading it takes time."""
    path = layout.find(name) or layout.project.root
    return path.is_relative_to(installed("layouts")) and not path.is_relative_to(layout.project.root)


def _syntax(layout: Layout) -> Iterator[Finding]:
    """What the engine leaves out of a style sheet."""
    names = (name for name in _names(layout, "*.css") if not _is_shipped(layout, name))
    for path in (path for name in names if (path := layout.find(name))):
        for line, fault in syntax_errors(layout.project.read_text(path)):
            yield warning("stylesheet", fault, _place(layout, path, line))


def _drawings(layout: Layout) -> Iterator[Finding]:
    """Pictograms and drawings of the project's own that cannot be printed."""
    root = layout.project.root
    own = [folder for folder in (root / "pictograms", *layout.folders) if folder.is_relative_to(root)]
    for path in sorted(path for folder in own for path in folder.rglob("*.svg") if path.is_file()):
        if fault := fault_of_drawing(layout.project.read_text(path), layout.project.shown(path)):
            yield fault


def _variables(layout: Layout, names: tuple[str, ...]) -> Iterator[Finding]:
    """Variables of CSS that nothing sets. The engine takes such a line as if it were not there, and says nothing."""
    sheets = {path: _without_comments(layout, path) for name in _names(layout, "*.css") if (path := layout.find(name))}
    others = [layout.project.read_text(path) for name in names if (path := layout.find(name))]
    known = {name for text in (layout.tokens().text, *sheets.values(), *others) for name in _SET.findall(text)}
    for path, text in sheets.items():
        for found in _USED.finditer(text):
            if found[1] not in known:
                where = _place(layout, path, text.count("\n", 0, found.start()) + 1)
                yield warning(
                    "unknown-variable",
                    say("nothing sets the variable --{name}", name=found[1]),
                    where,
                    *did_you_mean(found[1], known),
                )


def _without_comments(layout: Layout, path: Path) -> str:
    """A style sheet with its comments as empty lines, so that all lines keep their numbers."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), layout.project.read_text(path))


def _place(layout: Layout, path: Path, line: int) -> Location:
    return Location(layout.project.shown(path), line)

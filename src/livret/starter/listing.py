"""A new id in the list `partners:` of catalogue.yaml, with every other byte of the file as it was."""

from __future__ import annotations

import re

from livret.content.catalogue.folder import publication
from livret.content.yaml.reader import parse
from livret.content.yaml.tree import Mapping, Scalar, Sequence
from livret.findings import has_errors
from livret.project import Project, write

_ON_ONE_LINE = re.compile(r"^(partners: *\[)([^\[\]#\n]*?)( *\])", re.MULTILINE)
_ITEM_BY_ITEM = re.compile(r"^partners: *(?:#.*)?\n(?:(?: *#.*)?\n| *- .*\n)*( *)- .*\n", re.MULTILINE)


def list_partner(project: Project, id: str) -> bool:
    """Add a partner to the end of the list; False where the list is written in a way that this does not know.

    Raises OutputError when the file cannot be written.
    """
    source = publication(project)
    if source is None or source.tree is None:
        return False
    path = project.catalogue / source.path
    before = _listed(source.tree)
    if id in before:
        return True
    text = project.read(path).decode()
    ending = "\r\n" if "\r\n" in text else "\n"
    added = _added(text.replace("\r\n", "\n"), id).replace("\n", ending).encode()
    tree, findings = parse(added, source.shown)
    if tree is None or has_errors(findings) or _listed(tree) != (*before, id):
        return False
    write(path, added)
    return True


def _listed(tree: Mapping) -> tuple[str, ...]:
    value = tree.value("partners")
    items = value.items if isinstance(value, Sequence) else ()
    return tuple(item.text.strip() for item in items if isinstance(item, Scalar))


def _added(text: str, id: str) -> str:
    if found := _ON_ONE_LINE.search(text):
        comma = ", " if found[2].strip() else ""
        return f"{text[: found.end(2)]}{comma}{id}{text[found.end(2) :]}"
    if found := _ITEM_BY_ITEM.search(text):
        return f"{text[: found.end()]}{found[1]}- {id}\n{text[found.end() :]}"
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}partners: [{id}]\n"

"""A new layout: a copy of another that makes the same pages, all its files in one folder of the project."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from livret.content.messages import did_you_mean
from livret.content.schema.validators import as_id, id_fault
from livret.findings import OutputError
from livret.pages.layout import Layout
from livret.project import Project, installed
from livret.starter.writing import NotWrittenError
from livret.translation import Text, say, system_reason

_NAME = re.compile(r"^name:.*$", re.MULTILINE)
# Of the layout that is copied: the copy says for itself what it is like, and holds what was shared.
_LEFT = re.compile(r"^(?:like|shares):.*\n", re.MULTILINE)
_KEPT = {key: re.compile(rf"^{key}:.*\n(?:(?:[ #].*)?\n)*", re.MULTILINE) for key in ("pictures", "measures")}


def new_layout(project: Project, name: str, source: str, with_shared: bool = False) -> Path:
    """Copy a layout into `layouts/NAME/` of the project, and give that folder.

    Where the project has files of its own for the layout, they are taken. With `with_shared` the fonts and the
    pictograms that come with Livret are copied too, into `fonts/` and `pictograms/`, without replacing any.
    Raises NotWrittenError for names that cannot be, OutputError where it cannot be written.
    """
    if fault := id_fault(name):
        raise NotWrittenError(
            say('"{name}" cannot be the name of a layout: {reason}', name=name, reason=fault), *_near(name)
        )
    if project.layout_folders(name):
        raise NotWrittenError(say('there is already a layout "{name}"', name=name), say("choose another name"))
    if source not in project.layouts():
        known = project.layouts()
        hints = did_you_mean(source, known) or (say("known layouts: {names}", names=", ".join(known)),)
        raise NotWrittenError(say('there is no layout "{name}"', name=source), *hints)
    layout = Layout(project, source)
    target = project.root / "layouts" / name
    try:
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".livret-new-", dir=target.parent) as beside:
            folder = Path(beside, name)
            for part in reversed(layout.folders):
                shutil.copytree(part, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
            (folder / "layout.yaml").write_text(_measures(layout, name), encoding="utf-8", newline="\n")
            if sum((part / "labels.yaml").is_file() for part in layout.folders) > 1:
                (folder / "labels.yaml").write_text(_labels(layout), encoding="utf-8", newline="\n")
            folder.rename(target)
        if with_shared:
            _copy_shared(project)
    except OSError as problem:
        raise OutputError(
            say("cannot write {path}: {reason}", path=target, reason=system_reason(problem)),
            say("is the folder read-only?"),
        ) from problem
    return target


def _near(name: str) -> tuple[Text, ...]:
    return (say('for example "{name}"', name=near),) if (near := as_id(name)) else ()


def _measures(layout: Layout, name: str) -> str:
    """layout.yaml under its new name. What a project's own file leaves to Livret's, it says itself from now on."""
    texts = [layout.project.read_text(path) for part in layout.folders if (path := part / "layout.yaml").is_file()]
    text = _NAME.sub(f"name: {name}\nlike: {layout.file.like or layout.name}", _LEFT.sub("", texts[0]), count=1)
    for block in _KEPT.values():
        if not block.search(text):
            more = next((found[0] for other in texts[1:] if (found := block.search(other))), "")
            text = f"{text.rstrip()}\n{more}"
    return text


def _labels(layout: Layout) -> str:
    """The words of Livret and those of the project in one file; without their comments."""
    lines = []
    for language, words in sorted(layout.words.items()):
        lines += [
            f"{language}:",
            *(f"  {word}: {json.dumps(text, ensure_ascii=False)}" for word, text in words.items()),
        ]
    return "\n".join(lines) + "\n"


def _copy_shared(project: Project) -> None:
    for part in ("fonts", "pictograms"):
        for path in _files(installed(part)):
            target = project.root / part / path.relative_to(installed(part))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())

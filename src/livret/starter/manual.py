"""The pages of docs/, which come with Livret: what there is, and the text of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from livret.project import installed


@dataclass(frozen=True)
class Topic:
    """A page of the docs: the name to ask for, its heading, and its file."""

    name: str
    title: str
    path: Path


def manual_folder() -> Path:
    """The folder of the docs."""
    return installed("docs")


def topics(language: str = "en") -> tuple[Topic, ...]:
    """All pages by name; of a page that is there in several languages, the one in this language, else in English."""
    found: dict[str, Path] = {}
    for path in sorted(manual_folder().glob("*.md")):
        name, _, other = path.stem.partition(".")
        if not other or other == language:
            # "guide.fr.md" stands after "guide.md" in no order of names, so the one in this language is looked for.
            found[name] = path if other or name not in found else found[name]
    return tuple(Topic(name, _heading(path), path) for name, path in sorted(found.items()))


def _heading(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), path.stem)

"""A new catalogue, or a copy of the demonstration, in a folder that has none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from livret.content.catalogue.reader import read_catalogue
from livret.content.schema.validators import as_id
from livret.content.territories import shipped
from livret.findings import OutputError, has_errors
from livret.project import Project, installed
from livret.starter.content_files import NewCard, card_text
from livret.starter.writing import NotWrittenError, filled, on_one_line, quoted_value, short_id, words_of
from livret.translation import say, system_reason

# The words of theme names that call for a pictogram which comes with Livret.
_PICTOGRAMS = {
    "culture": "culture culturelles culturel sports loisirs arts",
    "droits": "droits droit rights law",
    "emploi": "emploi travail formation employment work jobs training",
    "langue": "langue francais language",
    "lien": "lien liens social rencontres community links",
    "logement": "logement hebergement habitat housing",
    "soins": "soins sante health care",
}
_FIRST_THEMES = {"fr": ("Logement", "Emploi", "Culture"), "en": ("Housing", "Work", "Culture")}
_FIRST_CARD = {"fr": ("exemple", "Organisation exemple"), "en": ("example", "Example organisation")}
_PUBLISHER = {"fr": "Mon organisme", "en": "Our organisation"}


@dataclass(frozen=True)
class NewCatalogue:
    """What a new catalogue says. `themes` are names; without any there are three to be replaced."""

    title: str
    language: str = "fr"
    subtitle: str = ""
    date: str = ""
    place: str = ""
    publisher: str = ""
    themes: tuple[str, ...] = ()


def new_catalogue(root: Path, catalogue: NewCatalogue) -> tuple[Path, ...]:
    """Write `catalogue/` in a folder, with a foreword and a first card, and give the files.

    The folder is made if it is missing. Raises NotWrittenError when the values are not right, OutputError when there is
    a catalogue already or it cannot be written. It is there whole or not at all.
    """
    words = words_of(catalogue.language)
    id, pilot = _FIRST_CARD[words]
    themes = _themes(catalogue.themes or _FIRST_THEMES[words])
    texts = {
        "catalogue.yaml": _publication(catalogue, words, themes),
        "foreword.yaml": filled("foreword", words, {}),
        f"initiatives/{id}.yaml": card_text(NewCard(pilot), themes, catalogue.language, shipped().example_codes),
    }
    with _new_folder(root) as folder:
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        _, findings = read_catalogue(Project.at(folder.parent))
        if has_errors(findings):
            raise NotWrittenError.by(findings)
    _for_git(root)
    return tuple(Project.at(root).catalogue / name for name in texts)


def copy_demonstration(root: Path) -> Path:
    """Copy the demonstration into a folder that has no catalogue, and give its `catalogue/`. Raises OutputError."""
    with _new_folder(root) as folder:
        shutil.copytree(installed("catalogue"), folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    _for_git(root)
    return Project.at(root).catalogue


def _for_git(root: Path) -> None:
    """Two files for those who keep the folder in git: what is built stays out, and sign-offs of two branches merge."""
    texts = {".gitignore": "output/\n", ".gitattributes": "catalogue/approvals.yaml merge=union\n"}
    for name, text in texts.items():
        # A file that is there may say more; and without these two nothing is wrong.
        with contextlib.suppress(OSError), (root / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _publication(catalogue: NewCatalogue, words: str, themes: dict[str, str]) -> str:
    publisher = f"publisher:\n  name: {quoted_value(catalogue.publisher)}"
    example = f"# publisher:\n#   name: {_PUBLISHER[words]}"
    return filled("catalogue", words, {
        "title": quoted_value(catalogue.title),
        "language": quoted_value(catalogue.language),
        "publisher": publisher if catalogue.publisher.strip() else example,
        "themes": "\n".join(_theme(id, one) for id, one in themes.items()),
        **{
            field: quoted_value(value) if value.strip() else ""
            for field, value in (("subtitle", catalogue.subtitle), ("date", catalogue.date), ("place", catalogue.place))
        },
    })  # fmt: skip


def _themes(names: tuple[str, ...]) -> dict[str, str]:
    """The themes by ids made from their names: the word that calls for a pictogram, else the longest word.

    Names that would have the same id have their whole name as id.
    """
    typed = tuple(dict.fromkeys(filter(None, map(on_one_line, names))))
    ids = [_word_of(name) for name in typed]
    found: dict[str, str] = {}
    for number, (name, word) in enumerate(zip(typed, ids, strict=True), 1):
        id = (word if ids.count(word) == 1 else short_id(name)) or f"theme-{number}"
        found[id if id not in found else f"{id}-{number}"] = name
    return found


def _word_of(name: str) -> str:
    words = as_id(name).split("-")
    return next(filter(_drawing, words), "") or max(words, key=len)


def _drawing(word: str) -> str:
    """The pictogram that a word calls for; empty when it calls for none."""
    return next((drawing for drawing, words in _PICTOGRAMS.items() if word in words.split()), "")


def _theme(id: str, name: str) -> str:
    known = next(filter(None, map(_drawing, as_id(name).split("-"))), "")
    drawing = f"\n    pictogram: {known}" if known else ""
    return f"  - id: {id}\n    name: {quoted_value(name)}{drawing}"


@contextmanager
def _new_folder(root: Path) -> Iterator[Path]:
    """A folder that becomes `root/catalogue` in one step when all goes well. Raises OutputError."""
    target = root / "catalogue"
    beside: str | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        if target.is_symlink() or target.is_file() or (target.is_dir() and any(target.iterdir())):
            raise OutputError(
                say("there is already {file}", file=target), say("choose another folder; nothing was changed")
            )
        beside = tempfile.mkdtemp(prefix=".livret-new-", dir=root)
        folder = Path(beside, "catalogue")
        folder.mkdir()
        yield folder
        # An empty folder is replaced; one that has been filled meanwhile is not.
        os.rename(folder, target)
    except OSError as problem:
        raise OutputError(
            say("cannot write {path}: {reason}", path=target, reason=system_reason(problem)),
            say("is the folder read-only?"),
        ) from problem
    finally:
        if beside:
            shutil.rmtree(beside, ignore_errors=True)

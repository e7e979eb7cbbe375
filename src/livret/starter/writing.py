"""How a start is written: a text from its template, its values quoted for YAML, and never over a file that exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from livret.content.language_tags import main_subtag
from livret.content.schema.validators import as_id, id_fault
from livret.findings import Finding, LivretError, OutputError, Severity
from livret.project import Project
from livret.translation import Text, say, system_reason

# The languages that starts are written in.
LANGUAGES = ("fr", "en")
# A longer id makes long file names and long links.
ID_LENGTH = 40

# A field that is left out when nobody gives its value: `title: ${title|an example}`.
_OPTIONAL = re.compile(r"( *)(\w+): \$\{(\w+)\|(.*)\}")
_VALUE = re.compile(r"\$\{(\w+)\}")
# What YAML and a reader take for plain text without quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[\w '’«»().,;/&+°!?-]|:(?=\S))*(?<! )")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_NOT_TEXT = frozenset("null true false yes no on off y n oui non".split())


class NotWrittenError(LivretError):
    """What was asked for would not pass the check, so nothing was written; `findings` say why."""

    def __init__(self, message: Text, *hints: Text) -> None:
        super().__init__(message, *hints)
        self.findings: tuple[Finding, ...] = ()

    @classmethod
    def by(cls, findings: Iterable[Finding]) -> NotWrittenError:
        """The refusal that these errors ask for. There is no file yet, so it tells the errors without places."""
        errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
        first, *others = errors
        refused = cls(first.message, *first.hints, *(other.message for other in others))
        refused.findings = errors
        return refused


def words_of(*languages: str) -> str:
    """The language that a start is written in: the first of these that there are words in, else English."""
    return next((tag for tag in map(main_subtag, languages) if tag in LANGUAGES), "en")


def on_one_line(text: str) -> str:
    """A value without line ends and double spaces. Raises NotWrittenError when it is not text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        shown = text.encode("utf-8", "backslashreplace").decode()
        raise NotWrittenError(say('"{text}" is not written in UTF-8', text=shown), say("type it again")) from None
    return " ".join(text.split())


def quoted_value(text: str) -> str:
    """A value as it stands in YAML after a colon: as it is where that is safe, else in double quotes."""
    line = on_one_line(text)
    is_plain = _PLAIN.fullmatch(line) and line.lower() not in _NOT_TEXT
    return line if is_plain else json.dumps(line, ensure_ascii=False)


def quoted_list(texts: Iterable[str]) -> str:
    """A list on one line, as it stands in YAML."""
    lines = map(on_one_line, texts)
    return f"[{', '.join(line if _NAME.fullmatch(line) else json.dumps(line, ensure_ascii=False) for line in lines)}]"


@cache
def _template(name: str, language: str) -> str:
    return files("livret.starter").joinpath("templates", f"{name}.{language}.yaml").read_text(encoding="utf-8")


def filled(name: str, language: str, values: Mapping[str, str]) -> str:
    """The template of this name in this language, with these values.

    A field whose value is empty stays as a comment with its example. Values are as they stand in YAML.
    """

    def value(match: re.Match[str]) -> str:
        return values[match[1]]

    lines = []
    for line in _template(name, language).splitlines():
        if optional := _OPTIONAL.fullmatch(line):
            indent, field, key, example = optional.groups()
            given = values.get(key)
            lines.append(f"{indent}{field}: {given}" if given else f"{indent}# {field}: {_VALUE.sub(value, example)}")
        else:
            lines.append(_VALUE.sub(value, line))
    return "\n".join(lines) + "\n"


def free_id(project: Project, role: str, chosen: str, names: Iterable[str], word: str) -> str:
    """The id of a new file in the folder `role`: the chosen one, else the first that one of these names gives.

    Names without a letter or a digit give none; then it is `word` with a number. Raises NotWrittenError when the
    id is taken or cannot be one.
    """
    folder = project.catalogue / role
    taken = {path.stem for path in folder.glob("*.y*ml")}
    if chosen and (fault := id_fault(chosen)):
        near = as_id(chosen)
        raise NotWrittenError(
            say('"{text}" cannot be an id: {reason}', text=chosen, reason=fault),
            *([say('for example "{name}"', name=near)] if near else []),
        )
    id = chosen or next(filter(None, map(short_id, names)), "")
    if id in taken:
        raise NotWrittenError(
            say("there is already {file}", file=f"{project.shown(folder / id)}.yaml"),
            say("choose another id with --id"),
        )
    numbers = (f"{word}-{number}" for number in range(1, len(taken) + 2))
    return id or next(one for one in numbers if one not in taken)


def short_id(text: str) -> str:
    """The id that a name gives, cut between two words."""
    id = as_id(on_one_line(text))
    if len(id) > ID_LENGTH:
        start, hyphen, _ = id[: ID_LENGTH + 1].rpartition("-")
        id = start if hyphen else id[:ID_LENGTH]
    return as_id(id)


def write_new(path: Path, text: str) -> Path:
    """Write a file that does not exist yet. Raises OutputError, also when it exists."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise OutputError(say("there is already {file}", file=path), say("choose another name")) from None
    except OSError as problem:
        raise OutputError(say("cannot write {path}: {reason}", path=path, reason=system_reason(problem))) from problem
    return path

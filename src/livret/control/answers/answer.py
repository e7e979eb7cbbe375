"""What came back for a proof: who said what, of which version, and what was noted on the pages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from livret.findings import Finding, Location, error
from livret.translation import Text, say, system_reason

# A proof of one card has some hundred kilobytes; with pictures, and signed by a phone, a few megabytes.
LIMIT = 64 * 1024 * 1024
# More than the time that the reading process may use, which may have to wait.
PATIENCE = 60
_LONGEST = {"name": 120, "date": 60, "remarks": 4000}

Choice = Literal["approved", "corrections", ""]


@dataclass(frozen=True)
class PageNote:
    """A note that somebody put on a page: its kind as a PDF names it, its text, and the words that it stands on."""

    kind: str
    text: str
    words: str
    by: str
    page: int
    is_reply: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer in a file. `content` is the digest of the version that it is about."""

    file: Path
    edition: str
    part: str
    version: int
    content: str
    choice: Choice
    name: str
    date: str
    remarks: str
    notes: tuple[PageNote, ...]


# A program that puts files together adds "+1" to a name that comes twice. A low line in the name of a part is the full
# stop before a language; a plus joins two languages.
_FORM = re.compile(r"livret:([a-z0-9-]{1,200}):([A-Za-z0-9/+_-]{1,300}):([0-9]{1,6}):([0-9a-f]{16})(?:\+[0-9]{1,3})?")


def read_answers(path: Path, versions: Mapping[str, str]) -> tuple[Answer | Finding, ...]:
    """The answers in a file, one for each proof in it, or why there is none.

    In: the name of the part of each known version, by the first digits of its digest as slips print it; so a proof
    whose form is gone is told from any other PDF. Never raises for what the file holds.
    """
    where = Location(str(path))
    found = _read(path)
    if isinstance(found, Text):
        return (error("unreadable-answer", found, where),)
    if found.get("fault") == "encrypted":
        hint = say("ask for the file without a password, or enter the answer with: livret approve, livret correct")
        return (error("encrypted-answer", say("this PDF is encrypted, so nothing is read from it"), where, hint),)
    if found.get("fault"):
        return (error("unreadable-answer", say("this is no PDF, or a damaged one"), where),)
    read = [(number, form, _FORM.fullmatch(str(form["name"]))) for number, form in enumerate(found["forms"])]
    if not any(named for _, _, named in read):
        part = next((versions[code] for code in found["codes"] if code in versions), None)
        if part is None:
            hint = say("give the PDF that came back; proofs are made by livret proof")
            return (error("foreign-answer", say("this PDF is no proof that Livret made"), where, hint),)
        told = say("this is a proof of {part}, but its form is gone: it was printed to PDF or flattened", part=part)
        hint = say("read it, then enter the answer with: livret approve {part} or livret correct {part}", part=part)
        return (error("flattened-answer", told, where, hint),)
    return tuple(
        _answer(path, named, form["values"], [note for note in found["notes"] if note["form"] == number])
        for number, form, named in read
        if named
    )


def _answer(
    path: Path, named: re.Match[str], given: Mapping[str, Any], notes: Sequence[Mapping[str, Any]]
) -> Answer | Finding:
    where = Location(str(path))
    values = {name: _clean(str(given.get(name, ""))) for name in ("state", *_LONGEST)}
    for name, longest in _LONGEST.items():
        if len(values[name]) > longest:
            told = say('the field "{field}" has more than {limit} characters', field=name, limit=longest)
            return error("long-answer", told, where, say("read the file, then enter the answer by hand"))
    if values["state"] not in ("approved", "corrections", ""):
        return error("unclear-answer", say("both boxes are ticked, or one that Livret does not know"), where)
    return Answer(
        path, named[1], named[2].replace("_", "."), int(named[3]), named[4], _choice(values["state"]),
        " ".join(values["name"].split()), " ".join(values["date"].split()), values["remarks"].strip(),
        tuple(_note(one) for one in notes),
    )  # fmt: skip


def _choice(state: str) -> Choice:
    return "approved" if state == "approved" else "corrections" if state == "corrections" else ""


def _note(found: Mapping[str, Any]) -> PageNote:
    text, words, by = (_clean(str(found[name])) for name in ("text", "words", "by"))
    return PageNote(
        str(found["kind"]), text[:2000].strip(), " ".join(words.split()), " ".join(by.split()), int(found["page"]) + 1,
        found["answers"] is not None,
    )  # fmt: skip


def _clean(text: str) -> str:
    """Text without control characters and marks that turn the direction of what follows; lines end as usual."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _odd(path: Path) -> Text:
    """What stands at a path that is neither a file nor a folder: reading it could wait for ever."""
    if path.is_fifo():
        return say("this is a pipe, not a file; save what comes out of it as a file first")
    if path.is_socket():
        return say("this is a socket, not a file")
    return say("this is a device, not a file")


def _read(path: Path) -> dict[str, Any] | Text:
    """What the reading process found, or why it found nothing."""
    try:
        if path.is_dir():
            return say("this is a folder; name the files in it, such as {files}", files=path / "*.pdf")
        if not path.exists():
            return say("there is no such file")
        if not path.is_file():
            return _odd(path)
        if path.stat().st_size > LIMIT:
            return say("this file has more than {limit} megabytes", limit=LIMIT // 1024**2)
        command = [sys.executable, "-m", "livret.control.answers.pdf_reading", str(path.resolve())]
        # The command is ours, and the file is only an argument.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
        found = json.loads(done.stdout)
        return found if isinstance(found, dict) else say("this file cannot be read")
    except OSError as problem:
        return say("this file cannot be read: {reason}", reason=system_reason(problem))
    except (subprocess.TimeoutExpired, ValueError):
        return say("reading this file takes too much time or memory, so it was given up")

"""Answers that came back: matched with the parts of their editions, and entered in the register."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from livret.content.language_tags import main_subtag
from livret.content.messages import listed
from livret.content.schema import dates
from livret.content.schema.approval import State, typed
from livret.content.schema.model import DEFAULT_EDITION, Catalogue
from livret.content.schema.validators import BadValueError
from livret.control.answers.answer import Answer, PageNote, read_answers
from livret.control.approvals.state import PartState
from livret.findings import Finding, Location, Report, error, note, warning
from livret.pages.flatplan import edition_names
from livret.pages.pool.pressroom import cores
from livret.pipeline.approvals import SignOffs
from livret.pipeline.proofs import CODE
from livret.project import Project
from livret.translation import in_language, say

# 28/11/26, as people write on a form.
_SHORT_YEAR = re.compile(r"^(\d{1,2}[/.-]\d{1,2}[/.-])(\d{2})$")


@dataclass(frozen=True)
class Matched:
    """An answer that is about a part as it is now, and what goes into the register for it."""

    answer: Answer
    state: PartState
    word: State
    by: str
    on: date
    note: str | None

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        answer = self.answer
        notes = [
            {"kind": one.kind, "page": one.page, "on": one.words, "text": one.text, "by": one.by, "reply": one.is_reply}
            for one in answer.notes
        ]
        told = {"file": str(answer.file), "part": self.state.path, "version": answer.version, "state": self.word}
        return told | {"by": self.by, "on": str(self.on), "remarks": answer.remarks, "notes": notes}


class Answers:
    """The answers in files, each matched with the edition that it was proofed for."""

    def __init__(self, project: Project, catalogue: Catalogue, report: Report) -> None:
        self._project, self._catalogue, self._report = project, catalogue, report
        self._sign_offs: dict[str, SignOffs] = {}

    def read(self, files: Sequence[Path], today: date, by: str | None = None) -> tuple[Matched, ...]:
        """The answers that can be entered. Why the others cannot goes into the report.

        In: the day that counts where a form has none, and the name that counts where a form has none.
        """
        found: list[Matched] = []
        versions = self._versions
        with ThreadPoolExecutor(cores()) as readers:
            read = list(readers.map(lambda path: read_answers(path, versions), files))
        for one in chain.from_iterable(read):
            matched = one if isinstance(one, Finding) else self._matched(one, today, by)
            if isinstance(matched, Finding):
                self._report.add([matched])
            elif any(_is_same(one, matched) for one in found):
                self._report.add([_twice(matched)])
            else:
                self._report.add(_against(one, matched) for one in found if _is_against(one, matched))
                found.append(matched)
        return tuple(found)

    def enter(self, answers: Sequence[Matched]) -> tuple[PartState, ...]:
        """Write answers in the register, the oldest first; gives the state of their parts. Raises as SignOffs."""
        entered: list[PartState] = []
        for one in sorted(answers, key=lambda one: one.on):
            sign_offs = self._of(one.answer.edition)
            entered += sign_offs.enter([one.state.path], one.word, one.by, one.on, one.note)
        return tuple(entered)

    def _of(self, edition: str) -> SignOffs:
        if edition not in self._sign_offs:
            self._sign_offs[edition] = SignOffs(self._project, self._catalogue, edition, self._report)
        return self._sign_offs[edition]

    @property
    def _versions(self) -> dict[str, str]:
        """The parts of the catalogue by the short digests of their versions, of now and of the register."""
        sign_offs = self._of("full")
        return sign_offs.versions(CODE)

    def _matched(self, answer: Answer, today: date, by: str | None) -> Matched | Finding:
        where = Location(str(answer.file))
        if answer.edition not in edition_names(self._catalogue):
            told = say('this answer is about the edition "{edition}", which is gone', edition=answer.edition)
            return error("stale-answer", told, where)
        sign_offs = self._of(answer.edition)
        if answer.part not in sign_offs.paths:
            told = say("this answer is about {part}, which is not in the edition any more", part=answer.part)
            same = next((one.path for one in sign_offs.states() if one.version.content == answer.content), None)
            renamed = say("{part} has the same content: enter the answer by hand if it is that card", part=same)
            return error("stale-answer", told, where, renamed if same else say("it was renamed or deleted"))
        (state,) = sign_offs.states([answer.part])
        if state.version.content != answer.content:
            return _stale(answer, state, sign_offs.changed_since(state, answer.content))
        return self._complete(answer, state, today, by)

    def _complete(self, answer: Answer, state: PartState, today: date, by: str | None) -> Matched | Finding:
        where = Location(str(answer.file))
        if not answer.choice:
            told = say("neither box is ticked on this proof of {part}", part=state.path)
            hint = say("ask again, or enter the answer with: livret approve, livret correct")
            return error("unclear-answer", told, where, hint)
        name = answer.name or by or ""
        if not name:
            told = say("nobody has written a name on this proof of {part}", part=state.path)
            return error("unclear-answer", told, where, say("say who answered with --by NAME"))
        sent = state.last.on if state.last and state.last.state == "sent" else None
        on = self._day(answer, today, sent)
        said: str | None = self._note(answer) or None
        try:
            name = typed(name, is_long=False)
            said = typed(said, is_long=True) if said else None
        except BadValueError as refused:
            return error("unclear-answer", refused.message, where, *refused.hints)
        last = state.last
        if last and (last.state, last.by, last.on, last.note, last.content) == (
            answer.choice, name, on, said, answer.content,
        ):  # fmt: skip
            told = say("this answer of {name} on {part} is in the register already", name=name, part=state.path)
            return note("known-answer", told, where)
        if answer.choice == "approved" and said:
            told = say("{name} approved {part}, but wrote remarks: read them", name=name, part=state.path)
            self._report.add([warning("approved-with-remarks", told, where)])
        if answer.choice == "corrections" and not said:
            told = say("{name} asks for corrections of {part}, but writes none", name=name, part=state.path)
            self._report.add([warning("corrections-without-text", told, where)])
        return Matched(answer, state, answer.choice, name, on, said)

    def _note(self, answer: Answer) -> str:
        """The remarks, and below them what was noted on the pages, in the language of the catalogue."""
        language = "fr" if main_subtag(self._catalogue.publication.language) == "fr" else "en"
        lines = [answer.remarks] if answer.remarks else []
        return "\n".join([*lines, *(f"- {in_language(shown(one), language)}" for one in answer.notes)])

    def _day(self, answer: Answer, today: date, sent: date | None) -> date:
        if not answer.date:
            return today
        where = Location(str(answer.file))
        try:
            day: date = dates.day(_SHORT_YEAR.sub(r"\g<1>20\2", answer.date.strip()))
        except BadValueError:
            told = say('the date "{date}" is not understood; {day} is taken', date=answer.date, day=today)
            self._report.add([warning("unclear-date", told, where)])
            return today
        if day > today:
            told = say('the date "{date}" has not come yet; {day} is taken', date=answer.date, day=today)
            self._report.add([warning("unclear-date", told, where)])
            return today
        if sent and day < sent:
            # A day before would leave the answer behind what it answers.
            told = say('the date "{date}" is before {sent}, when the proof was sent; {day} is taken',
                       date=answer.date, sent=sent, day=max(today, sent))  # fmt: skip
            self._report.add([warning("unclear-date", told, where)])
            return max(today, sent)
        return day


def _is_against(one: Matched, other: Matched) -> bool:
    return one.state.path == other.state.path and one.word != other.word


def _against(one: Matched, other: Matched) -> Finding:
    """Both are entered; of one day the later one counts, which depends on nothing but the order of the files."""
    values = {"part": other.state.path, "file": one.answer.file, "first": one.by, "second": other.by}
    told = say("{second} answers otherwise about {part} than {first} in {file}", **values)
    hint = say("ask which one counts, and enter it again with: livret approve, livret correct")
    return warning("contradicting-answers", told, Location(str(other.answer.file)), hint)


def _stale(answer: Answer, state: PartState, changed: Sequence[str] | None) -> Finding:
    where = Location(str(answer.file))
    hint = say("send a new proof: livret proof {part}", part=state.path)
    if answer.edition != DEFAULT_EDITION:
        edition = answer.edition
        hint = say("send a new proof: livret proof {part} --edition {edition}", part=state.path, edition=edition)
    values = {"version": answer.version, "part": state.path}
    if changed is None:
        told = say("this answer is about version {version} of {part}, which has changed since", **values)
    else:
        fields = listed(changed)
        told = say(
            "this answer is about version {version} of {part}; since then changed: {fields}", fields=fields, **values
        )
    return error("stale-answer", told, where, hint)


def _is_same(one: Matched, other: Matched) -> bool:
    return (one.state.path, one.word, one.by, one.on, one.note) == (
        other.state.path, other.word, other.by, other.on, other.note,
    )  # fmt: skip


def _twice(one: Matched) -> Finding:
    told = say("this answer of {name} on {part} was given twice", name=one.by, part=one.state.path)
    return note("known-answer", told, Location(str(one.answer.file)))


def shown(note: PageNote) -> str:
    """A note on a page, with the words that it stands on or near, as a sentence."""
    # On one line, as a terminal and a list of the register show it.
    values = {"words": note.words, "text": " ".join(note.text.split())}
    if not note.words and not values["text"]:
        return say("a mark without words")
    if note.is_reply or not note.words:
        return say("reply: {text}", **values) if note.is_reply else say("note: {text}", **values)
    match note.kind:
        case "Highlight":
            told = say('highlighted "{words}": {text}', **values), say('highlighted "{words}"', **values)
        case "Underline" | "Squiggly":
            told = say('underlined "{words}": {text}', **values), say('underlined "{words}"', **values)
        case "StrikeOut":
            told = say('struck out "{words}": {text}', **values), say('struck out "{words}"', **values)
        case "Caret":
            told = say('insert near "{words}": {text}', **values), say('insert near "{words}"', **values)
        case _:
            told = say('note near "{words}": {text}', **values), say('mark near "{words}"', **values)
    return told[0] if note.text else told[1]

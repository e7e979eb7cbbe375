"""The model of one sign-off in approvals.yaml, the register that commands write and `control.approvals` reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from livret.content.schema import errors
from livret.content.schema.base import Model
from livret.content.schema.field_types import TEXT, Day, Text
from livret.content.schema.validators import BadValueError, Kind, clean, markdown, plain
from livret.content.yaml.reader import decode
from livret.content.yaml.tree import Mapping, plain_values
from livret.findings import Finding
from livret.translation import say

State = Literal["sent", "corrections", "approved"]


def _digits(text: str) -> str:
    text = clean(text)
    if not text.isdecimal() or int(text) < 1:
        raise BadValueError(
            "bad-number", say('"{text}" is not the number of a version', text=text), say("versions are counted from 1")
        )
    return text


def _mark(text: str) -> str:
    name, _, digest = clean(text).rpartition(" ")
    if not name or not digest:
        raise BadValueError(
            "bad-approval", say('"{text}" is not a field and its digest', text=text), say("restore the line as it was")
        )
    return f"{name} {digest}"


Version = Annotated[int, Kind("version", say("a version"), say("versions"), "1"), BeforeValidator(_digits)]
StateName = Annotated[State, Kind("state", say("a state"), say("states"), "approved")]
Mark = Annotated[
    str, Kind("mark", say("a field and its digest"), say("fields and digests"), "title 1a2b3c4d"), AfterValidator(_mark)
]

# Corrections are often pasted from a letter, which is longer than a plain field.
Remark = Annotated[str, TEXT, AfterValidator(markdown)]


class Event(Model):
    """Something that happened to a part: it was sent, corrections were asked for, or it was approved."""

    one: ClassVar[str] = say("an event")
    many: ClassVar[str] = say("events")
    state: StateName = Field(description="What happened: sent, corrections or approved.")
    version: Version = Field(description="Which version of the content, counted from 1.")
    on: Day = Field(description="The day it happened.")
    by: Text | None = Field(None, description="Who said so.")
    note: Remark | None = Field(None, description="The corrections that were asked for, or a remark.")
    edition: Text = Field(description="The edition in which the part was looked at.")
    content: Text = Field(description="The digest of the content.")
    layout: Text = Field(description="The digest of everything else on the pages: layout, labels, colours.")
    fields: tuple[Mark, ...] = Field((), description="The digest of each field, to tell later which one changed.")
    part: Text | None = Field(None, description="What it is about, where a merge by git has put it under another part.")

    @property
    def marks(self) -> dict[str, str]:
        """The digest of each field, by its name."""
        return dict(mark.rsplit(" ", 1) for mark in self.fields)


def typed(text: str, *, is_long: bool) -> str:
    """What somebody typed for `by` or, `is_long`, for `note`, as the register will give it back.

    Raises BadValueError for what the register could not be read with: nothing, too much, invisible characters.
    """
    if not text.strip():
        raise BadValueError(
            "missing-field", say("nothing is written here"), say("write a text, or leave the option out")
        )
    try:
        raw = f"\n{text}".encode()
    except UnicodeEncodeError:
        raise BadValueError(
            "not-utf8", say("a character here is not UTF-8"), say("set the terminal to UTF-8")
        ) from None
    _, findings = decode(raw, "")
    for one in findings:
        raise BadValueError(one.rule, one.message, *one.hints)
    return markdown(text) if is_long else plain(text)


def read_event(node: Mapping) -> tuple[Event | None, tuple[Finding, ...]]:
    """The event of one group in a register, or None and what is wrong with it. Never raises."""
    try:
        return Event.model_validate(plain_values(node)), ()
    except ValidationError as refused:
        faults = [errors.Fault.of(given) for given in refused.errors(include_url=False, include_input=False)]
    # A field that is missing is told at the top of its file; here at the top of the event.
    told = errors.findings(Event, node, faults)
    return None, tuple(replace(one, where=max(one.where or node.where, node.where)) for one in told)

"""Commands of the sign-off: who approved which card, who asked for corrections, and where each card stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from livret.cli.common import Call, common, known, near
from livret.cli.completion import complete_card, complete_edition
from livret.content.messages import did_you_mean, listed
from livret.findings import LivretError
from livret.project import source_date, write
from livret.translation import in_language, joined, say, say_number

if TYPE_CHECKING:
    from livret.content.schema.approval import State
    from livret.control.approvals.state import PartState
    from livret.pipeline import SignOffs

    _DayType = click.ParamType[date]
    _WordsType = click.ParamType[str]
else:
    # Click 8.2 cannot say which type it gives.
    _DayType = _WordsType = click.ParamType

STATE_WORDS = {
    "missing": say("not sent"),
    "sent": say("sent"),
    "corrections": say("corrections asked"),
    "approved": say("approved"),
    "changed": say("changed since approval"),
}
EDITION = click.option(
    "--edition",
    default="full",
    show_default=True,
    metavar="NAME",
    shell_complete=complete_edition,
    help="The edition whose cards are meant.",
)
_PARTS = click.argument("parts", nargs=-1, required=True, metavar="CARD ...", shell_complete=complete_card)
_DIGEST = click.option(
    "--digest",
    metavar="DIGEST",
    help="Refuse if the content no longer has this digest.",
)


class Day(_DayType):
    """A day as dates are typed in a catalogue."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        """The day. Fails with the message that a catalogue's date gets."""
        from livret.content.schema import dates
        from livret.content.schema.validators import BadValueError

        try:
            found: date = dates.day(value)
        except BadValueError as refused:
            self.fail(say("{message}; {hints}", message=refused.message, hints=listed(refused.hints)), param, context)
        return found


class Words(_WordsType):
    """A text that goes into the register: a line, or, `is_long`, as many as a list of corrections needs."""

    name = "text"

    def __init__(self, *, is_long: bool = False) -> None:
        self.is_long = is_long

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        """The text. Fails with the message that a field of a catalogue gets."""
        from livret.content.schema.approval import typed
        from livret.content.schema.validators import BadValueError

        try:
            return typed(value, is_long=self.is_long)
        except BadValueError as refused:
            # A hint that names fields of a card does not help here.
            hints = () if refused.rule == "too-long" else refused.hints
            told = say("{message}; {hints}", message=refused.message, hints=listed(hints)) if hints else refused.message
            self.fail(told, param, context)


_BY = click.option("--by", type=Words(), required=True, metavar="NAME", help="Who said so.")
_ON = click.option("--on", type=Day(), metavar="DATE", help="The day it was said. [default: today]")


@click.command(short_help="Enter that a card is approved.")
@_PARTS
@_BY
@_ON
@click.option("--note", type=Words(is_long=True), metavar="TEXT", help="A remark.")
@_DIGEST
@EDITION
@common
def approve(
    call: Call,
    parts: tuple[str, ...],
    by: str,
    on: date | None,
    note: str | None,
    digest: str | None,
    edition: str,
) -> None:
    """Enter in catalogue/approvals.yaml that somebody approved a card as it is now (bon à tirer).

    A card is named by its id. Partner pages are partners/ID, other pages pages/ID, and the foreword is foreword. The
    entry holds a digest of the content, so that a later change shows: see livret status.

    \b
    Examples:
      livret approve aajt --by "Jeanne Martin"
      livret approve aajt kodiko --by "Jeanne Martin" --on 2027-05-04
      livret approve partners/diair foreword --by "La direction"
    """
    # Click gives each option as a parameter of its own.
    _enter(call, parts, "approved", by, on, note, digest, edition)


@click.command(short_help="Enter that corrections to a card were asked for.")
@_PARTS
@_BY
@_ON
@click.option("--note", type=Words(is_long=True), required=True, metavar="TEXT", help="The corrections asked for.")
@_DIGEST
@EDITION
@common
def correct(
    call: Call, parts: tuple[str, ...], by: str, on: date | None, note: str, digest: str | None, edition: str
) -> None:
    """Enter in catalogue/approvals.yaml that somebody asked for corrections (bon après corrections).

    \b
    Examples:
      livret correct aajt --by "Jeanne Martin" --note "Le téléphone a changé : 01 99 00 12 35"
    """
    # As above: one parameter for each option.
    _enter(call, parts, "corrections", by, on, note, digest, edition)


def _enter(
    call: Call,
    parts: Sequence[str],
    word: State,
    by: str,
    on: date | None,
    note: str | None,
    digest: str | None,
    edition: str,
) -> NoReturn:
    # These are the values of one event, each from an option of its own.
    sign_offs = _sign_offs(call, edition)
    paths = part_paths(parts, sign_offs.paths)
    if digest is not None:
        _compare(sign_offs.states(paths), digest)
    today = _today()
    if on and on > today:
        raise click.UsageError(say("{date} has not come yet", date=on))
    call.about = files_of(sign_offs.states(paths))
    entered = sign_offs.enter(paths, word, by, on or today, note)
    for one in entered:
        call.say(
            say(
                "{part}: {state} (version {number}, {digest})",
                part=one.path,
                state=STATE_WORDS[one.standing],
                number=one.number,
                digest=one.version.content,
            )
        )
        if one.last and one.last.on > (on or today):
            call.say(say("  entered, but what was said later, on {date}, still counts", date=one.last.on))
    call.finish({"parts": [one.as_dict() for one in entered]})


def files_of(parts: Sequence[PartState]) -> frozenset[str]:
    """The files that a command about these parts is about."""
    return frozenset({"catalogue/approvals.yaml"}).union(*(one.files for one in parts))


def _today() -> date:
    return (source_date() or datetime.now(UTC).astimezone()).date()


def _sign_offs(call: Call, edition: str) -> SignOffs:
    """The sign-offs of an edition. Raises click.UsageError for an unknown one, FoundErrors as reading does."""
    from livret import pipeline
    from livret.pages.flatplan import edition_names

    project = call.project()
    catalogue = pipeline.read(project, call.report)
    known([edition], edition_names(catalogue), say("no edition"))
    sign_offs = pipeline.SignOffs(project, catalogue, edition, call.report)
    call.report.add(sign_offs.to_come(_today()))
    return sign_offs


def part_names(there: Sequence[str]) -> dict[str, str]:
    """The names in the register of an edition's parts, by all that people may type for them.

    The folder may be left out, and so may languages: `aajt` is `initiatives/aajt+aajt.ar` in an edition in French and
    Arabic, and so are `aajt.ar` and `initiatives/aajt`.
    """
    every = {path: path for path in there}
    # A card and a partner may have the same id; it is the card that is meant.
    cards_first = sorted(there, key=lambda path: not path.startswith("initiatives/"))
    for path in cards_first:
        every.setdefault(path.rpartition("/")[2], path)
    for path in cards_first:
        folder, slash, name = path.rpartition("/")
        for stem in name.split("+"):
            for typed in (stem, stem.partition(".")[0]):
                every.setdefault(typed, path)
                every.setdefault(f"{folder}{slash}{typed}", path)
    return every


def part_paths(names: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """The names in the register of parts as people type them. Raises click.UsageError with the nearest name."""
    every = part_names(there)
    for name in names:
        if name not in every:
            (hint,) = did_you_mean(name, sorted(every)) or (say("livret status lists all parts"),)
            raise click.UsageError(say('no card "{name}" in this edition; {hint}', name=name, hint=hint))
    return tuple(dict.fromkeys(every[name] for name in names))


def _compare(named: Sequence[PartState], digest: str) -> None:
    if len(named) > 1:
        raise click.UsageError(say("--digest goes with one card: each has a digest of its own"))
    (found,) = named
    if len(digest) < 8 or not found.version.content.startswith(digest.lower()):
        seen = found.last is not None and found.last.content.startswith(digest.lower())
        hint = (
            say("since then changed: {changed}", changed=listed(found.changed))
            if seen
            else say("livret status -v shows the digests of now")
        )
        raise LivretError(
            say(
                "{part} is no longer what was looked at: its digest is {digest}",
                part=found.path,
                digest=found.version.content,
            ),
            hint,
        )


@click.command(short_help="Show which cards are approved.")
@click.argument("parts", nargs=-1, metavar="[CARD ...]", shell_complete=complete_card)
@click.option("--write", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Also write the table to this file: .csv for a spreadsheet, .html for a browser.")  # fmt: skip
@EDITION
@common
def status(call: Call, parts: tuple[str, ...], target: Path | None, edition: str) -> None:
    """Show the state of sign-off of each card, partner page and foreword, from catalogue/approvals.yaml.

    "changed since approval" names the fields that are no longer as they were approved.

    \b
    Examples:
      livret status
      livret status aajt kodiko
      livret status --write sign-offs.csv
      livret status --format json
    """
    if target and target.suffix.lower() not in (".csv", ".html"):
        raise click.UsageError(say("the file of --write ends in .csv or .html"))
    sign_offs = _sign_offs(call, edition)
    shown = sign_offs.states(part_paths(parts, sign_offs.paths))
    if parts:
        call.about = files_of(shown)
    for line in _table(shown, call.language, with_digests=call.verbose):
        call.say(line)
    if target:
        write(
            target,
            _csv(shown, call.language) if target.suffix.lower() == ".csv" else _html(shown, edition, call.language),
        )
        call.say(say_number("{file}: {number} part", "{file}: {number} parts", number=len(shown), file=near(target)))
    call.finish({"parts": [one.as_dict() for one in shown]})


def _row(one: PartState, language: str) -> tuple[str, ...]:
    last = one.last
    said = last.version if last else one.number
    remarks: list[str] = []
    if last and one.changed:
        # The version that was sent is the last one that anybody saw; the next one is made when it is sent.
        remarks.append(say("changed since version {version}: {names}", version=said, names=", ".join(one.changed)))
    remarks += [say("the layout changed since")] if one.is_laid_out_anew else []
    remarks += [" ".join(last.note.split())] if last and last.note else []
    return (
        one.path,
        one.name,
        in_language(STATE_WORDS[one.standing], language),
        str(said),
        str(last.on) if last else "",
        (last.by or "") if last else "",
        in_language(joined(remarks, say("; ")), language),
    )


_HEADS = (say("part"), say("name"), say("state"), say("version"), say("on"), say("by"), say("remarks"))


def _table(shown: Sequence[PartState], language: str, *, with_digests: bool) -> list[str]:
    """The table as lines, and the sums."""
    from livret.control.approvals.state import STANDINGS

    rows = []
    for one in shown:
        path, _, *rest = _row(one, language)
        digest = [one.version.content] if with_digests else []
        rows.append((path, rest[0], f"v{rest[1]}", *digest, *rest[2:]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    counts = [(word, sum(one.standing == word for one in shown)) for word in STANDINGS]
    # The number stands behind the word, which then needs no plural.
    sums = [say("{place}: {what}", place=STATE_WORDS[word], what=number) for word, number in counts if number]
    return [*lines, in_language(joined(sums), language)]


def _csv(shown: Sequence[PartState], language: str) -> str:
    """A table that spreadsheets of French systems open with accents: with a byte order mark and semicolons."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    # A cell that begins like a formula would be run by the spreadsheet.
    writer.writerows([f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell for cell in row]
                     for row in (_heads(language), *(_row(one, language) for one in shown)))  # fmt: skip
    return "\ufeff" + file.getvalue()


def _html(shown: Sequence[PartState], edition: str, language: str) -> str:
    from livret.control.report import table_html

    title = in_language(say("Sign-offs: {edition}", edition=edition), language)
    return table_html(title, _heads(language), [_row(one, language) for one in shown], language)


def _heads(language: str) -> list[str]:
    return [in_language(head, language) for head in _HEADS]

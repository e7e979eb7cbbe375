"""The command that reads the answers that came back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from livret.cli.approvals import Day, Words
from livret.cli.common import Call, common, near
from livret.project import source_date
from livret.translation import in_language, say, say_number

if TYPE_CHECKING:
    from livret.pipeline.answers import Matched

# Whoever has both languages may answer in either.
_YES = ("y", "yes", "o", "oui")


@click.command(short_help="Read the answers on proofs that came back.")
@click.argument("files", nargs=-1, required=True, metavar="FILE ...", type=click.Path(path_type=Path))
@click.option("--by", type=Words(), metavar="NAME", help="Who answered, where the form has no name.")
@click.option(
    "--on", type=Day(), metavar="DATE", help="The day of the answer, where the form has none. [default: today]"
)
@click.option("--yes", is_flag=True, help="Enter the answers without asking.")
@common
def answers(call: Call, files: tuple[Path, ...], by: str | None, on: date | None, yes: bool) -> None:
    """Read proofs whose form was filled in, show what they say, and enter it in catalogue/approvals.yaml.

    A proof knows which version of which card it shows. An answer about a version that has changed since is refused,
    with the fields that changed. Notes, highlights and strike-outs on the pages are listed with the words they mark,
    and kept in the register with the remarks.

    \b
    Examples:
      livret answers returned/*.pdf
      livret answers aajt.pdf --yes
      livret answers aajt.pdf --by "Jeanne Martin" --on 2027-05-04
    """
    from livret import pipeline

    project = call.project()
    today = (source_date() or datetime.now(UTC).astimezone()).date()
    if on and on > today:
        raise click.UsageError(say("{date} has not come yet", date=on))
    catalogue = pipeline.read(project, call.report)
    read = pipeline.Answers(project, catalogue, call.report)
    found = read.read(files, on or today, by)
    for one in found:
        _show(call, one)
    if not call.verbose:
        # These are notes, which only `-v` prints; an answer that leaves no trace would look lost.
        for line in (one.line for one in call.report.findings if one.rule == "known-answer"):
            call.say(line)
    is_sure = yes or (bool(found) and call.form == "text" and _is_confirmed(found, call.language))
    if found and is_sure:
        entered = read.enter(found)
        call.say(
            say_number(
                "{number} answer entered in catalogue/approvals.yaml",
                "{number} answers entered in catalogue/approvals.yaml",
                number=len(entered),
            )
        )
    elif found:
        call.say(say("nothing was entered; say --yes to enter it"))
    call.finish({"answers": [one.as_dict() for one in found], "entered": is_sure})


def _show(call: Call, one: Matched) -> None:
    from livret.pipeline.answers import shown

    values = {"file": near(one.answer.file), "part": one.state.path, "version": one.answer.version}
    values |= {"name": one.by, "day": one.on}
    if one.word == "approved":
        call.say(say("{file}: {part}, version {version}: approved by {name} on {day}", **values))
    else:
        call.say(say("{file}: {part}, version {version}: corrections asked by {name} on {day}", **values))
    for line in one.answer.remarks.splitlines():
        call.say(f"  {line}")
    for note in one.answer.notes:
        values = {"page": note.page, "note": shown(note), "name": note.by}
        if note.by:
            call.say(say("  page {page}: {note} ({name})", **values))
        else:
            call.say(say("  page {page}: {note}", **values))


def _is_confirmed(found: Sequence[Matched], language: str) -> bool:
    """Whether somebody at a terminal says yes. Where nobody sits, nobody does."""
    if not sys.stdin.isatty():
        return False
    question = say_number(
        "Enter {number} answer in catalogue/approvals.yaml?",
        "Enter {number} answers in catalogue/approvals.yaml?",
        number=len(found),
    )
    letters = in_language(say("[y/N]"), language)
    answer = click.prompt(in_language(question, language) + f" {letters}", default="", show_default=False)
    return answer.strip().casefold() in _YES

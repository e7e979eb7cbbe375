"""The command that makes proofs of cards, partner pages and forewords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from livret.cli.approvals import EDITION, Day, files_of, part_names, part_paths
from livret.cli.common import Call, common, known, near
from livret.cli.completion import complete_card
from livret.content.messages import listed
from livret.findings import Finding, Report, has_errors, warning
from livret.project import source_date
from livret.translation import say, say_number

if TYPE_CHECKING:
    from livret.content.schema.model import Catalogue, Initiative, Partner
    from livret.pipeline import Proofed, Selection, SignOffs


@click.command(short_help="Make proofs of cards for those who approve them.")
@click.argument("parts", nargs=-1, metavar="[CARD ...]", shell_complete=complete_card)
@click.option("--theme", "themes", multiple=True, metavar="ID", help="Only cards with this theme.")
@click.option("--territory", "territories", multiple=True, metavar="CODE", help="Only cards in this territory.")
@click.option(
    "--pilot",
    "pilots",
    multiple=True,
    metavar="NAME",
    help="Only cards of this organisation; NAME is its name, whole words of it, or an id.",
)
@click.option("--partner", "partners", multiple=True, metavar="NAME", help="Only the page of this partner.")
@click.option("--unsigned", is_flag=True, help="Only what is not approved as it is now.")
@click.option("--changed", is_flag=True, help="Only what changed since it was sent or approved.")
@click.option("--all", "everything", is_flag=True, help="Every card, partner page, page and the foreword.")
@click.option("--book", is_flag=True, help="The whole book too, with its folios, for a signature by hand.")
@click.option("--by", "answer_by", type=Day(), metavar="DATE", help="Ask for an answer by this day.")
@click.option("--date", "dated", type=Day(), metavar="DATE", help="The date on the slip.  [default: the edition's]")
@click.option("--png", is_flag=True, help="Also write each sheet as a picture: CARD-1.png, CARD-2.png ...")
@click.option("--ppi", type=click.IntRange(36, 600), default=150, show_default=True, help="Resolution of the pictures.")
@click.option("--zip", "zipped", is_flag=True, help="Also write one ZIP for each organisation.")
@click.option("--mail-merge", is_flag=True, help="Also write drafts of letters (.eml) with the proofs, and a table.")
@click.option("--sent/--not-sent", "is_sent", default=None,
              help="Enter in the register that the proofs were sent.  [default: with --mail-merge alone]")  # fmt: skip
@EDITION
@common
def proof(call: Call, parts: tuple[str, ...], edition: str, everything: bool, book: bool, **options: Any) -> None:
    """Make a proof of each card in output/proofs/: its pages as they will be bound, and a slip for the answer.

    A card is named by its id. Partner pages are partners/ID, other pages pages/ID, and the foreword is foreword.
    Options that choose cards narrow each other; given twice, one is enough.

    Livret sends nothing. --mail-merge writes drafts to output/proofs/letters/ for your own mail program, and enters in
    catalogue/approvals.yaml that the proofs were sent; what is approved as it is stays approved.

    \b
    Examples:
      livret proof aajt
      livret proof aajt kodiko --by 2027-05-04 --png
      livret proof --theme logement --unsigned --zip
      livret proof --changed --by 2027-05-04 --mail-merge
      livret proof partners/diair foreword
      livret proof --book --by 2027-05-04
    """
    if not (parts or everything or book or any(options[name] for name in _CHOOSING)):
        raise click.UsageError(say("name a card, choose some with --theme and the like, or say --all"))
    from livret.pages.pool import forkserver

    project = call.project()
    # A wrong SOURCE_DATE_EPOCH ends the run before Fontconfig complains of it in every process.
    today = (source_date() or datetime.now(UTC).astimezone()).date()
    # The process that workers are forked from loads the engine while the catalogue is read.
    forkserver.start_if_likely(project, [edition])
    from livret import pipeline
    from livret.pages.flatplan import edition_names

    catalogue, found = pipeline.read_what_can_be(project)
    if catalogue is None:
        call.report.add(found)
        call.finish()
    known([edition], edition_names(catalogue), say("no edition"))
    sign_offs = pipeline.SignOffs(project, catalogue, edition, call.report)
    call.report.add(sign_offs.to_come(today))
    named, broken = _settable(parts, sign_offs.paths, found)
    call.report.add(broken)
    for name in parts:
        if name not in named:
            call.say(say("{part}: no proof, because of the errors in its file", part=name))
    if parts and not named:
        call.about = _about((), broken, edition)
        call.finish({"proofs": [], "sent": []})
    selection = _selection(call, catalogue, sign_offs, named, options)
    call.report.add(_of_answer_day(options["answer_by"], options["dated"], today))
    ppi = options["ppi"] if options["png"] else None
    wanted = pipeline.Proof(edition, selection, ppi, options["dated"], options["answer_by"])
    with call.progress() as display:
        running = pipeline.Running(call.jobs, display=display)
        read = Report()
        read.add(found)
        has_parts = parts or everything or any(options[name] for name in _CHOOSING)
        made = pipeline.proof(project, catalogue, sign_offs, wanted, read, running) if has_parts else ()
        files = [path for one in made for path in (one.pdf, *one.pictures)]
        if book:
            files += pipeline.proof_book(project, catalogue, wanted, call.report, running)
    call.report.add(_of_parts(read.findings, made, edition))
    if not (everything or book):
        call.about = _about(made, broken, edition)
    for path in files:
        call.say(str(near(path)))
    if has_parts and not made:
        call.say(say("there is nothing to proof: no part is like that"))
    elif options["zipped"] or options["mail_merge"]:
        for path in pipeline.pack(project, catalogue, wanted, made, call.report,
                                  zipped=options["zipped"], letters=options["mail_merge"]):  # fmt: skip
            call.say(str(near(path)))
    sent = made if options["is_sent"] or (options["is_sent"] is None and options["mail_merge"]) else ()
    call.finish({"proofs": [one.as_dict() for one in made], "sent": _enter(call, sign_offs, sent, today)})


def _settable(
    names: Sequence[str], there: Sequence[str], found: Sequence[Finding]
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The names without those of parts that cannot be set at all, and what is wrong with these."""
    kept, broken, known = [], [], part_names(there)
    for name in names:
        # The file itself, or the whole folder, which cannot be read.
        endings = (f"/{name}.yaml", f"/initiatives/{name}.yaml", "/initiatives", "/partners", "/pages")
        wrong = [one for one in found if one.where and one.where.path.endswith(endings)]
        if has_errors(wrong) and name not in known:
            broken += wrong
        else:
            kept.append(name)
    return tuple(kept), tuple(broken)


def _of_parts(found: Sequence[Finding], made: Sequence[Proofed], edition: str) -> tuple[Finding, ...]:
    """What was found, without what is wrong with parts and editions that nobody asked for."""
    files = _about(made, (), edition)
    others = tuple(f"catalogue/{name}" for name in ("initiatives/", "partners/", "pages/", "editions/", "foreword."))
    return tuple(
        one for one in found if one.where is None or one.where.path in files or not one.where.path.startswith(others)
    )


def _about(made: Sequence[Proofed], broken: Sequence[Finding], edition: str) -> frozenset[str]:
    """The files that a proof of some parts is about."""
    files = {one.where.path for one in broken if one.where}
    return files_of([one.state for one in made]) | files | {f"catalogue/editions/{edition}.yaml"}


_CHOOSING = ("themes", "territories", "pilots", "partners", "unsigned", "changed")


def _selection(
    call: Call, catalogue: Catalogue, sign_offs: SignOffs, parts: Sequence[str], options: dict[str, Any]
) -> Selection:
    """What the line chooses. Raises click.UsageError for a name that the catalogue does not have."""
    from livret import pipeline

    known(options["themes"], [theme.id for theme in catalogue.publication.themes], say("no theme"))
    places = []
    for text in options["territories"]:
        place = catalogue.geography.find(text)
        if place is None:
            found = catalogue.geography.nearest(text)
            if found is None:
                raise click.UsageError(say('no territory "{name}"', name=text))
            values = {"name": text, "code": found.code, "meant": found.name}
            raise click.UsageError(say('no territory "{name}"; did you mean "{code}" ({meant})?', **values))
        places.append(place)
    return pipeline.Selection(
        names=part_paths(parts, sign_offs.paths),
        themes=options["themes"],
        territories=tuple(places),
        pilots=_ids(call, "--pilot", options["pilots"], catalogue.initiatives),
        partners=_ids(call, "--partner", options["partners"], tuple(catalogue.partners.values())),
        unsigned=options["unsigned"],
        changed=options["changed"],
    )


def _ids(call: Call, option: str, wanted: Sequence[str], subjects: Sequence[Initiative | Partner]) -> tuple[str, ...]:
    """The ids of the cards or partners of organisations. Raises click.UsageError for a name that nobody has."""
    from livret.pipeline.proof_selection import called, names_of

    found: dict[str, None] = {}
    for text in wanted:
        meant = called(text, subjects)
        if not meant:
            known(
                [text], list(dict.fromkeys(name for one in subjects for name in names_of(one))), say("no organisation")
            )
        organisations = dict.fromkeys(names_of(one)[0] for one in meant)
        if len(organisations) > 1:
            call.say(say("{option} {name}: {names}", option=option, name=text, names=listed(organisations)))
        found |= dict.fromkeys(one.id for one in meant)
    return tuple(found)


def _of_answer_day(answer_by: date | None, dated: date | None, today: date) -> Iterator[Finding]:
    """A warning for a day by which nobody can answer, or one so late that it looks like a wrong year."""
    if answer_by is None:
        return
    hint = say("write the day as 2027-05-04")
    if dated and answer_by < dated:
        told = say("--by {day} is before {date}, the date on the slip", day=answer_by, date=dated)
        yield warning("answer-day", told, None, hint)
    elif answer_by < today:
        yield warning("answer-day", say("--by {day} is past: nobody can answer by then", day=answer_by), None, hint)
    elif (answer_by - today).days > 366:
        yield warning("answer-day", say("--by {day} is more than a year away", day=answer_by), None, hint)


def _enter(call: Call, sign_offs: SignOffs, sent: Sequence[Proofed], today: date) -> list[str]:
    """Enter in the register what was sent; gives the names of these parts. What is approved as it is stays so."""
    paths = [one.state.path for one in sent if one.state.standing != "approved"]
    if paths:
        sign_offs.enter(paths, "sent", None, today, None)
    kept = len(sent) - len(paths)
    if sent:
        call.say(
            say_number(
                "catalogue/approvals.yaml: {number} part sent",
                "catalogue/approvals.yaml: {number} parts sent",
                number=len(paths),
            )
        )
    if kept:
        call.say(
            say_number("{number} part stays approved as it is", "{number} parts stay approved as they are", number=kept)
        )
    return paths

"""The command that makes proofs of cards, partner pages and forewords."""

from __future__ import annotations

from datetime import date

import click

from livret.cli.approvals import EDITION, Day, part_paths
from livret.cli.common import Call, common, known, near
from livret.cli.completion import complete_card
from livret.project import source_date


@click.command(short_help="Make proofs of cards for those who approve them.")
@click.argument("parts", nargs=-1, metavar="[CARD ...]", shell_complete=complete_card)
@click.option("--by", "answer_by", type=Day(), metavar="DATE", help="Ask for an answer by this day.")
@click.option("--date", "dated", type=Day(), metavar="DATE", help="The date on the slip.  [default: the edition's]")
@click.option("--png", is_flag=True, help="Also write each sheet as a picture: CARD-1.png, CARD-2.png ...")
@click.option("--ppi", type=click.IntRange(36, 600), default=150, show_default=True, help="Resolution of the pictures.")
@EDITION
@common
def proof(
    call: Call, parts: tuple[str, ...], answer_by: date | None, dated: date | None, png: bool, ppi: int, edition: str
) -> None:
    """Make a proof of each card in output/proofs/: its pages as they will be bound, and a slip for the answer.

    A card is named by its id. Partner pages are partners/ID, other pages pages/ID, and the foreword is foreword.

    \b
    Examples:
      livret proof aajt
      livret proof aajt kodiko --by 2027-05-04 --png
      livret proof partners/diair foreword
    """
    from livret import pipeline
    from livret.pages.flatplan import edition_names

    if not parts:
        raise click.UsageError("name a card, or say --all")
    project = call.project()
    # A wrong SOURCE_DATE_EPOCH ends the run before Fontconfig complains of it in every process.
    source_date()
    catalogue = pipeline.read(project, call.report)
    known([edition], edition_names(catalogue), "edition")
    sign_offs = pipeline.SignOffs(project, catalogue, edition, call.report)
    wanted = pipeline.Proof(edition, part_paths(parts, sign_offs.paths), ppi if png else None, dated, answer_by)
    with call.progress() as display:
        running = pipeline.Running(call.jobs, display=display)
        made = pipeline.proof(project, catalogue, sign_offs, wanted, call.report, running)
    for one in made:
        for path in (one.pdf, *one.pictures):
            call.say(str(near(path)))
    call.finish({"proofs": [one.as_dict() for one in made]})

"""Commands that make something: booklets and proofs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from livret.cli.common import Call, common, known, near
from livret.cli.completion import complete_card, complete_edition, complete_press
from livret.findings import FoundErrors

if TYPE_CHECKING:
    from livret.pipeline import Built


@click.command(short_help="Build the booklet of one or more editions.")
@click.argument("editions", nargs=-1, metavar="[EDITION ...]", shell_complete=complete_edition)
@click.option("--all", "everything", is_flag=True, help="Every edition of editions/, screen and press.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["screen", "press", "both", "web"]),
    help="screen: RGB, cropped to the trim, with links; press: separated, with bleed and marks, PDF/X-4; "
    "web: a folder of HTML. [default: screen; with --all: both]",
)
@click.option("--layout", metavar="NAME", help="Typeset in this layout instead of the edition's own.")
@click.option(
    "--press",
    "profile",
    metavar="NAME",
    shell_complete=complete_press,
    help="The press profile, press/NAME.yaml, instead of the edition's own.",
)
@click.option("--archive", is_flag=True, help="Also EDITION-archive.pdf, the same book as PDF/A-3u.")
@click.option("--sources", is_flag=True, help="With --archive: the catalogue's YAML files ride along in it.")
@click.option("--cluster", metavar="ADDRESS", help="Typeset on a Dask cluster, by the address of its scheduler.")
@common
def build(
    call: Call,
    editions: tuple[str, ...],
    everything: bool,
    purpose: str | None,
    layout: str | None,
    profile: str | None,
    archive: bool,
    sources: bool,
    cluster: str | None,
) -> None:
    """Build the booklet: output/EDITION/EDITION-screen.pdf, EDITION-press.pdf for the printer, and their report.

    Without a name, builds the edition "full", which has every card unless editions/full.yaml says otherwise.
    Only what changed since the last build is typeset again, and what editions share is typeset once. An edition
    that fails does not stop the others. With --for web, writes the same content as HTML that
    needs no server, output/EDITION/web/, and beside it the PDF if that was built.

    \b
    Examples:
      livret build
      livret build --for press
      livret build --for both --press our-printer
      livret build paca --strict
      livret -C ../forum-2020 build --all
      livret build --for web
      livret build --archive --sources
      livret build --all --cluster tcp://192.0.2.10:8786
    """
    from livret.pages.pool import forkserver

    if sources and not archive:
        raise click.UsageError("--sources goes with --archive")
    purpose = purpose or ("both" if everything else "screen")
    if profile and purpose not in {"press", "both"}:
        raise click.UsageError("--press goes with --for press or --for both")
    project = call.project()
    if purpose != "web" and not cluster:
        files = (project.catalogue / "editions").glob("*.y*ml") if everything else ()
        forkserver.start_if_likely(project, editions or [path.stem for path in files])

    from livret import pipeline
    from livret.pages.flatplan import DEFAULT_EDITION, edition_names

    catalogue = pipeline.read(project, call.report)
    names = edition_names(catalogue)
    known(editions, names, "edition")
    chosen = names if everything else tuple(dict.fromkeys(editions)) or (DEFAULT_EDITION,)
    if purpose == "web":
        made = [pipeline.build_web(project, catalogue, name, call.report, layout=layout) for name in chosen]
        for site in made:
            call.say(f"{near(site.page)}: {site.cards} cards, {site.files} files, {site.bytes / 1e6:.1f} MB")
        call.finish({"editions": [site.as_dict() for site in made]})
    wanted = pipeline.Wanted(
        screen=purpose in {"screen", "both"}, press=purpose in {"press", "both"}, profile=profile,
        layout=layout, archive=archive, sources=sources,
    )  # fmt: skip
    with call.progress() as display:
        running = pipeline.Running(call.jobs, cluster, display, lambda built: _tell(call, built))
        built = pipeline.build(project, catalogue, chosen, wanted, call.report, running)
    if len(built) > 1:
        call.say(_summary(built))
    problems = [one.problem for one in built if one.problem and not isinstance(one.problem, FoundErrors)]
    call.finish({"editions": [one.as_dict() for one in built]}, problems[0] if problems else None)


def _tell(call: Call, built: Built) -> None:
    """One line for each file of an edition; a line for one that failed."""
    call.clear()
    if built.problem:
        call.say(f"{built.edition}: not built")
        return
    for kind, path in built.files.items():
        state = "" if kind in built.written else ", unchanged"
        counts = f"typeset {built.typeset}, reused {built.reused}{state}"
        call.say(f"{near(path)}: {built.pages} pages, {built.cards} cards ({counts})")


def _summary(built: Sequence[Built]) -> str:
    failed = sum(one.problem is not None for one in built)
    pages = sum(one.pages for one in built)
    counts = f"typeset {sum(one.typeset for one in built)}, reused {sum(one.reused for one in built)}"
    return f"{len(built)} editions{f', {failed} failed' if failed else ''}: {pages} pages ({counts})"


@click.command(short_help="Make a proof of single cards.")
@click.argument("cards", nargs=-1, required=True, metavar="CARD ...", shell_complete=complete_card)
@click.option("--png", is_flag=True, help="Also one PNG a page: CARD-1.png, CARD-2.png ...")
@click.option("--ppi", type=click.IntRange(36, 600), default=150, show_default=True, help="Resolution of the PNGs.")
@click.option("--edition", default="full", show_default=True, metavar="NAME", help="The edition whose look is proofed.")
@common
def proof(call: Call, cards: tuple[str, ...], png: bool, ppi: int, edition: str) -> None:
    """Proof cards: the spread alone, from the very fragment that is bound, as output/proofs/CARD.pdf.

    \b
    Examples:
      livret proof aajt
      livret proof aajt kodiko --png
      livret proof kodiko --png --ppi 300
    """
    from livret import pipeline
    from livret.pages.flatplan import edition_names, select

    project = call.project()
    catalogue = pipeline.read(project, call.report)
    known([edition], edition_names(catalogue), "edition")
    known(cards, [card.id for card in select(catalogue, edition).initiatives], "card")
    with call.progress() as display:
        wanted = pipeline.Proof(edition, tuple(dict.fromkeys(cards)), ppi if png else None)
        files = pipeline.proof(project, catalogue, wanted, call.report, pipeline.Running(call.jobs, display=display))
    for path in files:
        call.say(str(near(path)))
    call.finish({"files": [str(path) for path in files]})

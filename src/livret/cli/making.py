"""Commands that make something: booklets and proofs."""

from __future__ import annotations

import click

from livret.cli.call import Call, common, known, near
from livret.cli.shell import complete_card, complete_edition


@click.command(short_help="Build the booklet of one or more editions.")
@click.argument("editions", nargs=-1, metavar="[EDITION ...]", shell_complete=complete_edition)
@click.option("--all", "everything", is_flag=True, help="Every edition of editions/.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["screen", "web"]),
    default="screen",
    show_default=True,
    help="screen: a PDF in RGB, cropped to the trim, with links; web: a folder of HTML.",
)
@click.option("--layout", metavar="NAME", help="Typeset in this layout instead of the edition's own.")
@click.option("--archive", is_flag=True, help="Also EDITION-archive.pdf, the same book as PDF/A-3u.")
@click.option("--sources", is_flag=True, help="With --archive: the catalogue's YAML files ride along in it.")
@common
def build(
    call: Call,
    editions: tuple[str, ...],
    everything: bool,
    purpose: str,
    layout: str | None,
    archive: bool,
    sources: bool,
) -> None:
    """Build the booklet: output/EDITION/EDITION-screen.pdf and its report.

    Without a name, builds the edition "full", which has every card unless editions/full.yaml says otherwise.
    Only what changed since the last build is typeset again. With --for web, writes the same content as HTML that
    needs no server, output/EDITION/web/, and beside it the PDF if that was built.

    \b
    Examples:
      livret build
      livret build paca --strict
      livret build --for web
      livret -C ../forum-2020 build --all
      livret build --archive --sources
    """
    from livret.pages import standby

    if sources and not archive:
        raise click.UsageError("--sources goes with --archive")
    project = call.project()
    if purpose == "screen":
        standby.start_if_likely(project)

    from livret import build as pipeline
    from livret.pages.flatplan import DEFAULT_EDITION, edition_names

    catalogue = pipeline.read(project, call.report)
    names = edition_names(catalogue)
    known(editions, names, "edition")
    chosen = names if everything else tuple(dict.fromkeys(editions)) or (DEFAULT_EDITION,)
    results = []
    for name in chosen:
        if purpose == "web":
            made = pipeline.build_web(project, catalogue, name, call.report, layout=layout)
            results.append(made.as_dict())
            call.say(f"{near(made.page)}: {made.cards} cards, {made.files} files, {made.bytes / 1e6:.1f} MB")
            continue
        with call.progress(name) as progress:
            built = pipeline.build(
                project, catalogue, name, call.report,
                jobs=call.jobs, layout=layout, archive=archive, sources=sources, progress=progress,
            )  # fmt: skip
        results.append(built.as_dict())
        state = "" if built.bound else ", unchanged"
        counts = f"typeset {built.typeset}, reused {built.reused}{state}"
        call.say(f"{near(built.pdf)}: {built.pages} pages, {built.cards} cards ({counts})")
    call.finish({"editions": results})


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
    from livret import build as pipeline
    from livret.pages.flatplan import edition_names, select

    project = call.project()
    catalogue = pipeline.read(project, call.report)
    known([edition], edition_names(catalogue), "edition")
    known(cards, [card.id for card in select(catalogue, edition).initiatives], "card")
    with call.progress("proof") as progress:
        files = pipeline.proof(
            project, catalogue, edition, tuple(dict.fromkeys(cards)), call.report,
            jobs=call.jobs, ppi=ppi if png else None, progress=progress,
        )  # fmt: skip
    for path in files:
        call.say(str(near(path)))
    call.finish({"files": [str(path) for path in files]})

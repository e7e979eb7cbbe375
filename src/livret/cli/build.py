"""The command that makes booklets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

import click

from livret.cli.common import Call, allowances, common, known, near
from livret.cli.completion import complete_edition, complete_press
from livret.cli.watch import run_again
from livret.findings import FoundErrors
from livret.pipeline import unchanged
from livret.project import source_date
from livret.translation import Text, joined, say, say_number

if TYPE_CHECKING:
    from livret.content.schema.model import Allowed, Catalogue
    from livret.findings import Finding
    from livret.pipeline import Built, Wanted
    from livret.project import Project


# What binds a book in a worker. Else each worker imports it at the end of the build, which waits for that.
WORKERS_BIND_WITH = ("livret.pipeline.outputs", "livret.book.binding.bind")


def _one_purpose(_: click.Context, __: click.Parameter, given: Sequence[str]) -> str | None:
    """What several options together mean: screen and press are both."""
    if "web" in given and len(set(given)) > 1:
        raise click.UsageError(say("--for web goes alone: build the others with a command of their own"))
    return "both" if len(set(given)) > 1 else next(iter(given), None)


@click.command(short_help="Build the booklet of one or more editions.")
@click.argument("editions", nargs=-1, metavar="[EDITION ...]", shell_complete=complete_edition)
@click.option("--all", "everything", is_flag=True, help="Build every edition of editions/, for screen and press.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["screen", "press", "both", "web"]),
    multiple=True,
    callback=_one_purpose,
    help="screen: RGB, cropped to the trim, with links. press: PDF/X-4 in inks, with bleed and marks. "
    "web: a folder of HTML. [default: screen; with --all: both]",
)
@click.option("--layout", metavar="NAME", help="Use this layout in place of the edition's own.")
@click.option(
    "--press",
    "profile",
    metavar="NAME",
    shell_complete=complete_press,
    help="Use the press profile press/NAME.yaml in place of the edition's own.",
)
@click.option("--no-preflight", is_flag=True, help="Write the press file without judging it first.")
@click.option("--archive", is_flag=True, help="Also write EDITION-archive.pdf, the same book as PDF/A-3u.")
@click.option("--sources", is_flag=True, help="With --archive: attach the YAML files of the catalogue to it.")
@click.option("--allow", "rules", multiple=True, metavar="RULE", help="Accept findings of this rule; with --because.")
@click.option("--because", "reasons", multiple=True, metavar="TEXT", help="Why; the report repeats it.")
@click.option("--watch", is_flag=True, help="Build again after each change of a file, until Ctrl-C.")
@click.option("--cluster", metavar="ADDRESS", help="Typeset on the Dask cluster whose scheduler has this address.")
@common
def build(
    call: Call,
    editions: tuple[str, ...],
    everything: bool,
    purpose: str | None,
    layout: str | None,
    profile: str | None,
    no_preflight: bool,
    archive: bool,
    sources: bool,
    rules: tuple[str, ...],
    reasons: tuple[str, ...],
    watch: bool,
    cluster: str | None,
) -> None:
    """Build the booklet: output/EDITION/EDITION-screen.pdf, EDITION-press.pdf for the printer, and a report.

    Without a name, this builds the edition "full". It has every card unless editions/full.yaml says otherwise.
    Only what changed since the last build is typeset again. What several editions share is typeset once. If an
    edition fails, the others are still built. With --for web, the same content is written as HTML that needs no
    server, in output/EDITION/web/. If the PDF of the edition exists, it is copied beside it.

    \b
    Examples:
      livret build
      livret build --for press
      livret build --for both --press our-printer
      livret build paca --strict
      livret build --watch
      livret -C ../forum-2020 build --all
      livret build --for web
      livret build --archive --sources
      livret build --for press --allow unsigned --because "proofs come back on Monday"
      livret build --all --cluster tcp://192.0.2.10:8786
    """
    # Click gives each option as a parameter of its own, and its help is the docstring: so both are long.
    if sources and not archive:
        raise click.UsageError(say("--sources goes with --archive"))
    purpose = purpose or ("both" if everything else "screen")
    if profile and purpose not in {"press", "both"}:
        raise click.UsageError(say("--press goes with --for press or --for both"))
    if no_preflight and purpose not in {"press", "both"}:
        raise click.UsageError(say("--no-preflight goes with --for press or --for both"))
    request = _Request(
        editions, everything, purpose, layout, profile, not no_preflight, archive, sources,
        allowances(rules, reasons), cluster,
    )  # fmt: skip
    if watch:
        run_again(call, lambda again: _run(again, request))
    _run(call, request)


@dataclass(frozen=True)
class _Request:
    """What the command asks for; `allow` are rules, each with its reason."""

    editions: tuple[str, ...]
    everything: bool
    purpose: str
    layout: str | None
    profile: str | None
    preflight: bool
    archive: bool
    sources: bool
    allow: tuple[tuple[str, str], ...]
    cluster: str | None


def _run(call: Call, request: _Request) -> NoReturn:
    project = call.project()
    # A wrong SOURCE_DATE_EPOCH ends the run before Fontconfig complains of it in every process.
    source_date()
    editions, everything, purpose = request.editions, request.everything, request.purpose
    before = None
    if purpose != "web" and not request.cluster:
        asked = asdict(request) | {"strict": call.report.strict}
        before = unchanged.inputs(project, asked)
        if before and (told := unchanged.told_again(project, before)):
            _tell_again(call, *told)
        _start_engine(project)

    from livret import pipeline
    from livret.content.schema.model import DEFAULT_EDITION
    from livret.pages.flatplan import edition_names

    catalogue = pipeline.read(project, call.report)
    names = edition_names(catalogue)
    known(editions, names, say("no edition"))
    chosen = names if everything else tuple(dict.fromkeys(editions)) or (DEFAULT_EDITION,)
    if purpose == "web":
        _build_web(call, project, catalogue, chosen, request.layout)
    wanted = pipeline.Wanted(
        screen=purpose in {"screen", "both"}, press=purpose in {"press", "both"}, profile=request.profile,
        layout=request.layout, archive=request.archive, sources=request.sources, allow=_allowed(request.allow),
        preflight=request.preflight,
    )  # fmt: skip
    built = _build_books(call, project, catalogue, chosen, wanted, request.cluster)
    if before:
        unchanged.remember(project, before, call.report.findings, built)
    _finish_books(call, built)


def _allowed(given: Sequence[tuple[str, str]]) -> tuple[Allowed, ...]:
    """The rules of --allow, each with its reason. Raises click.UsageError for what a catalogue could not allow."""
    from livret.content.schema.model import Allowed
    from livret.content.schema.validators import id_fault

    for rule, _ in given:
        if fault := id_fault(rule):
            raise click.UsageError(say('"{rule}" is not the name of a rule: {fault}', rule=rule, fault=fault))
    return tuple(Allowed(rule=rule, reason=reason) for rule, reason in given)


def _start_engine(project: Project) -> None:
    """Have the engine loaded while the catalogue is read: something changed since the last build, so it has work."""
    from livret.pages.pool import forkserver

    forkserver.start(project, WORKERS_BIND_WITH)


def _build_web(
    call: Call, project: Project, catalogue: Catalogue, names: Sequence[str], layout: str | None
) -> NoReturn:
    from livret import pipeline

    made = [pipeline.build_web(project, catalogue, name, call.report, layout=layout) for name in names]
    for site in made:
        call.say(
            say(
                "{page}: {cards}, {files} files, {size:.1f} MB",
                page=near(site.page),
                cards=say_number("{number} card", "{number} cards", number=site.cards),
                files=site.files,
                size=site.bytes / 1e6,
            )
        )
    call.finish({"editions": [site.as_dict() for site in made]})


def _build_books(
    call: Call, project: Project, catalogue: Catalogue, names: Sequence[str], wanted: Wanted, cluster: str | None
) -> tuple[Built, ...]:
    from livret import pipeline

    with call.progress() as display:
        running = pipeline.Running(call.jobs, cluster, display, lambda one: _tell(call, one))
        return pipeline.build(project, catalogue, names, wanted, call.report, running)


def _tell_again(call: Call, findings: Sequence[Finding], built: Sequence[Built]) -> NoReturn:
    """Tell what the last build of this command found and made."""
    call.report.add(findings)
    for one in built:
        _tell(call, one)
    _finish_books(call, built)


def _finish_books(call: Call, built: Sequence[Built]) -> NoReturn:
    if len(built) > 1:
        call.say(_summary(built))
    problems = [one.problem for one in built if one.problem and not isinstance(one.problem, FoundErrors)]
    call.finish({"editions": [one.as_dict() for one in built]}, problems[0] if problems else None)


def _tell(call: Call, built: Built) -> None:
    """One line for each file of an edition; a line for one that failed."""
    call.clear()
    if built.problem:
        call.say(say("{edition}: not built", edition=built.edition))
        return
    for kind, path in built.files.items():
        counts = say("typeset {typeset}, reused {reused}", typeset=built.typeset, reused=built.reused)
        if kind not in built.written:
            counts = joined([counts, say("unchanged")])
        call.say(
            say(
                "{file}: {pages}, {cards} ({counts})",
                file=near(path),
                pages=say_number("{number} page", "{number} pages", number=built.pages),
                cards=say_number("{number} card", "{number} cards", number=built.cards),
                counts=counts,
            )
        )


def _summary(built: Sequence[Built]) -> Text:
    failed = sum(one.problem is not None for one in built)
    pages = sum(one.pages for one in built)
    counts = say(
        "typeset {typeset}, reused {reused}",
        typeset=sum(one.typeset for one in built),
        reused=sum(one.reused for one in built),
    )
    editions = say_number("{number} edition", "{number} editions", number=len(built))
    if failed:
        editions = joined([editions, say("{number} failed", number=failed)])
    told = say_number("{number} page", "{number} pages", number=pages)
    return say("{editions}: {pages} ({counts})", editions=editions, pages=told, counts=counts)

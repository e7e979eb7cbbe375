"""The command line: parse, call, print the report, exit. Nothing imports this module."""

from __future__ import annotations

import difflib
import gc
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import update_wrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from livret import __version__
from livret.findings import ExitCode, FoundErrors, LivretError, Report, Severity
from livret.project import Project

PROGRAM = "livret"


@dataclass
class Call:
    """The common options of one call, and what it has to say."""

    directory: Path
    output: Path | None
    jobs: int | None
    form: str
    quiet: bool
    verbose: bool
    report: Report

    def project(self) -> Project:
        """The project folder that was named."""
        return Project.at(self.directory, self.output)

    def say(self, text: str) -> None:
        """A result, on stdout; nothing when stdout carries JSON."""
        if self.form == "text":
            click.echo(text)

    def remark(self, text: str) -> None:
        """What only `-v` shows, on stderr."""
        if self.verbose:
            click.echo(text, err=True)

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[str, int, int], None] | None]:
        """One line on stderr that counts parts, when stderr is a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return

        def show(anchor: str, done: int, total: int) -> None:
            click.echo(f"\r\x1b[K{label}: {done}/{total} {anchor}", nl=False, err=True)

        try:
            yield show
        finally:
            click.echo("\r\x1b[K", nl=False, err=True)

    def finish(self, results: dict[str, Any] | None = None, problem: LivretError | None = None) -> NoReturn:
        """Print the findings, then the results as JSON where they are wanted, and end the process."""
        code = problem.exit_code if problem and not isinstance(problem, FoundErrors) else self.report.exit_code
        if self.form == "json":
            told: dict[str, Any] = {"exit_code": int(code), **(results or {})}
            told["findings"] = [finding.as_dict() for finding in self.report.findings]
            if problem and not isinstance(problem, FoundErrors):
                told["error"] = {"message": problem.message, "hints": list(problem.hints)}
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._print_findings()
            if problem and not isinstance(problem, FoundErrors):
                click.echo(f"{PROGRAM}: error: {problem.message}", err=True)
                for hint in problem.hints:
                    click.echo(f"  hint: {hint}", err=True)
        sys.exit(code)

    def _print_findings(self) -> None:
        colours = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
        for finding in self.report.findings:
            if self.quiet and finding.severity is not Severity.ERROR:
                continue
            if finding.severity is Severity.NOTE and not self.verbose:
                continue
            word = finding.severity.value
            text = finding.text().replace(f"{word}:", click.style(f"{word}:", fg=colours[finding.severity]), 1)
            click.echo(text, err=True)
        if self.report.summary() and not self.quiet:
            click.echo(self.report.summary(), err=True)


COMMON = (
    click.option(
        "-C", "directory", type=click.Path(file_okay=False, path_type=Path), help="Project folder. [default: here]"
    ),
    click.option(
        "-o", "output", type=click.Path(file_okay=False, path_type=Path), help="Output folder. [default: output/]"
    ),
    click.option("--jobs", type=click.IntRange(1), help="Worker processes. [default: one per processor]"),
    click.option("--strict", is_flag=True, default=None, help="Treat warnings as errors."),
    click.option(
        "--format", "form", type=click.Choice(["text", "json"]), help="How to tell the results. [default: text]"
    ),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Errors only."),
    click.option("-v", "--verbose", is_flag=True, default=None, help="Tell more: notes, and each part typeset."),
)
COMMON_NAMES = ("directory", "output", "jobs", "strict", "form", "quiet", "verbose")


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """The common options, which stand before the command's name or after it; the command gets a Call."""

    def wrapped(**options: Any) -> Any:
        context = click.get_current_context()
        given = {name: options.pop(name) for name in COMMON_NAMES}
        above = context.obj or {}
        chosen = {name: above.get(name) if value is None else value for name, value in given.items()}
        call = Call(
            directory=chosen["directory"] or Path(),
            output=chosen["output"],
            jobs=chosen["jobs"],
            form=chosen["form"] or "text",
            quiet=bool(chosen["quiet"]),
            verbose=bool(chosen["verbose"]),
            report=Report(strict=bool(chosen["strict"])),
        )
        try:
            function(call, **options)
        except LivretError as problem:
            call.finish(problem=problem)
        except KeyboardInterrupt:
            click.echo(f"\n{PROGRAM}: interrupted; what was finished is kept", err=True)
            sys.exit(ExitCode.INTERRUPTED)

    wrapped = update_wrapper(wrapped, function)
    for option in reversed(COMMON):
        wrapped = option(wrapped)
    return wrapped


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Run 'livret COMMAND --help' for examples.",
)
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:
    """Turn a folder of cards into a booklet that a printer accepts."""
    context.obj = options
    # Most of what a command makes lives until it ends: looking for garbage as often as usual gains nothing.
    gc.set_threshold(50_000, 20, 20)


for _option in reversed(COMMON):
    main = _option(main)


def _complete_edition(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    folder = _completing_in(context) / "catalogue" / "editions"
    names = {"full", *(path.stem for path in folder.glob("*.yaml"))}
    return sorted(name for name in names if name.startswith(incomplete))


def _complete_card(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    folder = _completing_in(context) / "catalogue" / "initiatives"
    return sorted(path.stem for path in folder.glob(f"{incomplete}*.yaml"))


def _completing_in(context: click.Context) -> Path:
    above = context.parent.params if context.parent else {}
    return Path(context.params.get("directory") or above.get("directory") or ".")


def _known(names: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raises click.UsageError for the first name that is not known, with the nearest one."""
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(known[:20])}"
            raise click.UsageError(f'no {what} "{name}"; {hint}')


def _near(path: Path) -> Path:
    """A path as it is shown: from here, when it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@main.command(short_help="Build the booklet of one or more editions.")
@click.argument("editions", nargs=-1, metavar="[EDITION ...]", shell_complete=_complete_edition)
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
    known = edition_names(catalogue)
    _known(editions, known, "edition")
    chosen = known if everything else tuple(dict.fromkeys(editions)) or (DEFAULT_EDITION,)
    results = []
    for name in chosen:
        if purpose == "web":
            made = pipeline.build_web(project, catalogue, name, call.report, layout=layout)
            results.append(made.as_dict())
            call.say(f"{_near(made.page)}: {made.cards} cards, {made.files} files, {made.bytes / 1e6:.1f} MB")
            continue
        with call.progress(name) as progress:
            built = pipeline.build(
                project, catalogue, name, call.report,
                jobs=call.jobs, layout=layout, archive=archive, sources=sources, progress=progress,
            )  # fmt: skip
        results.append(built.as_dict())
        state = "" if built.bound else ", unchanged"
        counts = f"typeset {built.typeset}, reused {built.reused}{state}"
        call.say(f"{_near(built.pdf)}: {built.pages} pages, {built.cards} cards ({counts})")
    call.finish({"editions": results})


@main.command(short_help="Read and check the catalogue without typesetting.")
@common
def check(call: Call) -> None:
    """Read the catalogue and tell everything that is wrong with it. Typesets nothing.

    With -v also tells, card by card, how the copy fills its pages, and where typography had to guess.

    \b
    Examples:
      livret check
      livret check --strict --format json
    """
    from livret import build as pipeline

    counts = pipeline.check(call.project(), call.report)
    call.say(", ".join(f"{number} {name if number != 1 else name[:-1]}" for name, number in counts.items()))
    call.finish({"catalogue": counts})


@main.command(short_help="Make a proof of single cards.")
@click.argument("cards", nargs=-1, required=True, metavar="CARD ...", shell_complete=_complete_card)
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
    _known([edition], edition_names(catalogue), "edition")
    _known(cards, [card.id for card in select(catalogue, edition).initiatives], "card")
    with call.progress("proof") as progress:
        files = pipeline.proof(
            project, catalogue, edition, tuple(dict.fromkeys(cards)), call.report,
            jobs=call.jobs, ppi=ppi if png else None, progress=progress,
        )  # fmt: skip
    for path in files:
        call.say(str(_near(path)))
    call.finish({"files": [str(path) for path in files]})


def _complete_profile(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from livret.control.preflight import PROFILES

    return sorted(name for name in PROFILES if name.startswith(incomplete))


@main.command(short_help="Look whether a finished PDF keeps the rules of a profile.")
@click.argument("files", nargs=-1, required=True, metavar="FILE ...", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    default="pdfua",
    show_default=True,
    metavar="NAME",
    shell_complete=_complete_profile,
    help="pdfua: readable for everyone, PDF/UA-1.",
)
@common
def preflight(call: Call, files: tuple[Path, ...], profile: str) -> None:
    """Check PDFs by the rules of a profile, whoever made them; needs no project folder.

    Where Java and the extra livret[verapdf] are installed, veraPDF checks them too; with -v says when it was not run.

    \b
    Examples:
      livret preflight output/full/full-screen.pdf
      livret preflight report.pdf --profile pdfua --format json
      livret preflight *.pdf -v
    """
    from livret.control import preflight as control

    _known([profile], tuple(control.PROFILES), "profile")
    title = control.PROFILES[profile].title
    paths = {str(path): path for path in files}
    readable = {}
    for shown, path in paths.items():
        found = control.check(path, profile, shown)
        call.report.add(found)
        if not any(finding.rule in control.UNREADABLE for finding in found):
            readable[shown] = path
    verdicts, found = control.validate(readable, profile)
    call.report.add(found)
    results = []
    for shown in paths:
        mine = [one for one in call.report.findings if one.where and one.where.path == shown]
        errors = sum(one.severity is Severity.ERROR for one in mine)
        verdict = verdicts.get(shown)
        compliant = verdict.compliant if verdict else None
        results.append({"file": shown, "profile": profile, "errors": errors, "verapdf": compliant})
        by = "Livret and veraPDF" if verdict else "Livret"
        call.say(f"{shown}: {f'not {title}' if errors else title} by the rules of {by}")
    call.finish({"files": results})


@main.command(short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes a shell complete commands, options, editions and cards.

    \b
    Examples:
      livret completion bash > ~/.local/share/bash-completion/completions/livret
      livret completion zsh > "${fpath[1]}/_livret"
      livret completion fish > ~/.config/fish/completions/livret.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(main, {}, PROGRAM, "_LIVRET_COMPLETE").source())

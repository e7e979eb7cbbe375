"""Commands that check a catalogue or a PDF and change nothing."""

from __future__ import annotations

from pathlib import Path

import click

from livret.cli.common import Call, common, known
from livret.cli.completion import complete_profile
from livret.findings import Severity


@click.command(short_help="Read and check the catalogue without typesetting.")
@common
def check(call: Call) -> None:
    """Read the catalogue and report everything that is wrong with it. Nothing is typeset.

    With -v it also shows, card by card, how the text fills its pages, and where typography had to guess.

    \b
    Examples:
      livret check
      livret check --strict --format json
    """
    from livret import pipeline

    counts = pipeline.check(call.project(), call.report)
    call.say(", ".join(f"{number} {name if number != 1 else name[:-1]}" for name, number in counts.items()))
    call.finish({"catalogue": counts})


@click.command(short_help="Check a PDF against a profile.")
@click.argument("files", nargs=-1, required=True, metavar="FILE ...", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    default="pdfua",
    show_default=True,
    metavar="NAME",
    shell_complete=complete_profile,
    help="pdfua: accessible to all readers, PDF/UA-1.",
)
@common
def preflight(call: Call, files: tuple[Path, ...], profile: str) -> None:
    """Check PDFs of any maker against a profile. No project folder is needed.

    If Java and the extra livret[verapdf] are installed, veraPDF checks the files too. With -v Livret says when
    veraPDF was not run.

    \b
    Examples:
      livret preflight output/full/full-screen.pdf
      livret preflight report.pdf --profile pdfua --format json
      livret preflight *.pdf -v
    """
    from livret.control import preflight as control

    known([profile], tuple(control.PROFILES), "profile")
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
        call.say(f"{shown}: {f'not {title}' if errors else title}, checked by {by}")
    call.finish({"files": results})

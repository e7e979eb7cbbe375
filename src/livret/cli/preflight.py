"""The command that checks finished PDFs of any maker."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from livret.cli.common import Call, allowances, common, known
from livret.cli.completion import complete_profile
from livret.findings import Severity
from livret.translation import joined, say, say_number, verbatim

if TYPE_CHECKING:
    from livret.control.preflight import Allowance, PrintProfile, PrintVerdict


@click.command(short_help="Check a PDF against a profile.")
@click.argument("files", nargs=-1, required=True, metavar="FILE ...", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    default="pdfua",
    show_default=True,
    metavar="NAME",
    shell_complete=complete_profile,
    help="pdfua (accessible to all readers), pdfx4, a variant of GWG 2022 such as sheetcmyk-cmyk, or a press profile.",
)
@click.option(
    "--report",
    "report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Also write a report to send to the printer, with pictures.",
)
@click.option("--no-ink", is_flag=True, help="Do not measure ink, which takes a tenth of a second a page.")
@click.option("--allow", multiple=True, metavar="RULE", help="A rule that may be broken; say why with --because.")
@click.option("--because", multiple=True, metavar="TEXT", help="Why it may, one for each --allow.")
@common
def preflight(call: Call, files: tuple[Path, ...], profile: str, **options: Any) -> None:
    """Check PDFs of any maker against a profile. No project folder is needed.

    A profile for print is PDF/X-4 alone (pdfx4), one of the variants of GWG 2022, or a press profile, yours in press/
    or one that came with Livret; docs/preflight.md has the list. Rules that the profile
    lets you break are still reported, with the reason.

    For pdfua, if Java and the extra livret[verapdf] are installed, veraPDF checks the files too. With -v Livret says
    when veraPDF was not run.

    \b
    Examples:
      livret preflight output/full/full-screen.pdf
      livret preflight output/full/full-press.pdf --profile coated-fogra39 --report report.html
      livret preflight advert.pdf --profile magazine-ads-cmyk --format sarif
      livret preflight *.pdf --profile pdfx4 --allow trapped --because "the printer traps"
    """
    from livret.control import preflight as control

    paths = {str(path): path for path in files}
    if options["report"] and options["report"].resolve() in {path.resolve() for path in files}:
        raise click.UsageError(
            say('--report would replace the file "{file}" that is to be checked', file=options["report"])
        )
    if profile in control.PROFILES:
        if options["allow"] or options["report"] or call.form == "sarif":
            raise click.UsageError(say("--allow, --report and --format sarif are for profiles for print"))
        _check_accessibility(call, paths, profile)
    judged = _profile(call, profile)
    allowed = _allowances(options["allow"], options["because"])
    verdicts: dict[str, PrintVerdict] = {}
    with call.progress() as display:
        for shown, path in paths.items():
            ask = control.Asked(allowed, _counting(display(shown)), with_ink=not options["no_ink"])
            verdicts[shown] = control.judge(path, judged, shown, ask)
            call.report.add(verdicts[shown].findings)
    if options["report"]:
        language = call.asked_language or _language(call)
        _write_report(options["report"], paths, judged, verdicts, language)
    _report(call, judged, verdicts)


def _language(call: Call) -> str:
    """The language of the catalogue in the project folder if it is French, else English."""
    from livret.content.language_tags import main_subtag
    from livret.content.yaml.reader import parse
    from livret.content.yaml.tree import Scalar

    file = call.directory / "catalogue" / "catalogue.yaml"
    try:
        tree, _ = parse(file.read_bytes(), str(file))
    except OSError:
        return "en"
    said = tree.value("language") if tree is not None else None
    # A catalogue that does not say its language is French.
    tag = said.text if isinstance(said, Scalar) and not said.is_empty else "fr"
    return "fr" if tree is not None and main_subtag(tag) == "fr" else "en"


def _write_report(
    target: Path, paths: dict[str, Path], profile: PrintProfile, verdicts: dict[str, PrintVerdict], language: str
) -> None:
    """Write the report as HTML. Raises OutputError."""
    from livret.control.preflight.print.html_report import Judged, html_report
    from livret.project import file_digest, replacing

    files = [
        Judged(shown, path, file_digest(path) if path.is_file() else "", verdicts[shown])
        for shown, path in paths.items()
    ]
    with replacing(target.resolve()) as beside:
        beside.write_text(html_report(files, profile, language), encoding="utf-8")


def _counting(show: Callable[[str, int, int, bool], None] | None) -> Callable[[int, int], None] | None:
    return (lambda done, total: show("", done, total, False)) if show else None


def _profile(call: Call, name: str) -> PrintProfile:
    """The profile for print of a name. Raises UsageError for an unknown one, LivretError for one that is wrong."""
    from livret.content.press.folder import press_profiles
    from livret.control import preflight as control
    from livret.project import Project

    root = call.directory.resolve()
    there = press_profiles(Project(root, root))
    known([name], (*control.PROFILES, *control.PRINT_PROFILES, *there), say("no profile"))
    found, findings = control.print_profile_named(name, call.directory)
    call.report.add(findings)
    call.report.stop_on_errors()
    assert found is not None, "without an error there is a profile"
    return found


def _allowances(rules: tuple[str, ...], reasons: tuple[str, ...]) -> tuple[Allowance, ...]:
    from livret.control.preflight import Allowance
    from livret.control.preflight.print.profiles import EVERY_RULE

    given = allowances(rules, reasons)
    known(rules, tuple(EVERY_RULE), say("no rule"))
    return tuple(Allowance(rule, reason) for rule, reason in given)


def _report(call: Call, profile: PrintProfile, verdicts: dict[str, PrintVerdict]) -> None:
    """Print the verdict on each file, and end the process."""
    results: list[dict[str, Any]] = []
    for shown, verdict in verdicts.items():
        mine = [one for one in call.report.findings if getattr(one, "file", None) == shown]
        counts = {severity: sum(one.severity is severity for one in mine) for severity in Severity}
        errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
        told: dict[str, Any] = {"file": shown, "profile": profile.name, "pages": len(verdict.pages)}
        results.append({**told, "errors": errors, "warnings": warnings, "notes": counts[Severity.NOTE]})
        line = (
            say("{file}: not {profile}", file=shown, profile=profile.title)
            if errors
            else say("{file}: {profile}", file=shown, profile=profile.title)
        )
        words = [say_number("{number} error", "{number} errors", number=errors)] if errors else []
        words += [say_number("{number} warning", "{number} warnings", number=warnings)] if warnings else []
        call.say(say("{place}: {what}", place=line, what=joined(words)) if words else line)
    if call.form == "sarif":
        from livret.control.preflight.print.sarif import sarif

        click.echo(json.dumps(sarif(call.report.findings, profile), ensure_ascii=False, indent=2))
        sys.exit(call.report.exit_code)
    call.finish({"files": results})


def _check_accessibility(call: Call, paths: dict[str, Path], profile: str) -> None:
    """Check by the rules of PDF/UA, and by veraPDF where it is installed; ends the process."""
    from livret.control import preflight as control

    title = control.PROFILES[profile].title
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
        told = (
            say("{file}: not {profile}", file=shown, profile=title)
            if errors
            else say("{file}: {profile}", file=shown, profile=title)
        )
        by = say("Livret and veraPDF") if verdict else verbatim("Livret")
        call.say(say("{told}, checked by {by}", told=told, by=by))
    call.finish({"files": results})

"""livret compare: the content of two editions, or the pages of two PDFs, two builds, or two states of git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from livret.cli.common import Call, common, known, near
from livret.cli.completion import complete_edition
from livret.cli.editions import difference_lines, run_lines, terminal_width
from livret.findings import Finding, LivretError, Report, error
from livret.translation import joined, say, say_number

if TYPE_CHECKING:
    from livret.content.schema.model import Catalogue
    from livret.control.compare import Side
    from livret.control.comparison.changes import BookChange

REPORT_NAME = "comparison.html"


@click.command(short_help="Show how two editions, two PDFs or two builds differ.")
@click.argument("first", metavar="[A]", required=False, shell_complete=complete_edition)
@click.argument("second", metavar="[B]", required=False, shell_complete=complete_edition)
@click.option("--since", metavar="COMMIT", help="Compare an edition with what it was at a commit or tag of git.")
@click.option("--cards", "by_card", is_flag=True, help="Of PDFs: sum up by card, as the outline names them.")
@click.option("--report", "report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help=f"Of PDFs: where the HTML report goes (default: output/{REPORT_NAME}).")  # fmt: skip
@click.option("--exit-code", "is_strict", is_flag=True, help="End with exit code 1 if there is a difference.")
@common
def compare(call: Call, first: str | None, second: str | None, **options: Any) -> None:
    """Show what differs: between the content of two editions, or between the pages of two PDFs.

    Two names are editions: cards that only one has and why, and every field that changed. Write FOLDER:EDITION for an
    edition of another project folder. Without a second edition, the first one is compared with "full"; an edition of
    another folder is compared with the edition of the same name here. Changed words are shown as [-before-] and
    {+after+}.

    Two PDF files, or two output folders, are compared page by page: words, and places that look different. Pages that
    were added, taken out or moved are found, so that one new spread does not mark all that follows. A report in HTML
    shows each page before and after.

    \b
    Examples:
      livret compare paca full
      livret compare ../forum-2019:full full
      livret compare paca normandie --format json
      livret compare old.pdf output/full/full-screen.pdf
      livret compare ../forum-2019/output output --cards
      livret compare --since v1.0
      livret compare paca --since main~3 --exit-code
    """
    if options["since"]:
        _since(call, first, second, options)
    if first is None:
        raise click.UsageError(say("name what to compare, for example: livret compare paca full"))
    if _is_file(first) or (second and _is_file(second)):
        if not second:
            raise click.UsageError(say("name a second PDF or a second folder to compare with"))
        _files(call, Path(first), Path(second), options)
    _editions(call, first, second, options["is_strict"])


# --- the content of editions ---


def _editions(call: Call, first: str, second: str | None, is_strict: bool) -> None:
    from livret.control import compare as control

    folder, _, name = first.rpartition(":")
    names = (first, second or (name if folder else "full"))
    read: dict[Path, Catalogue] = {}
    found = control.compare(_side(call, names[0], read), _side(call, names[1], read))
    for line in difference_lines(found, names, terminal_width(), call.language):
        call.say(line)
    if is_strict and found.differs:
        call.report.add([error("editions-differ", say("{first} and {second} differ", first=names[0], second=names[1]))])
    call.finish({"comparison": found.as_dict()})


def _side(call: Call, named: str, read: dict[Path, Catalogue]) -> Side:
    """The side that FOLDER:EDITION names; a folder is read once. Raises click.UsageError, FoundErrors, LivretError."""
    from livret import pipeline
    from livret.control.compare import Side
    from livret.pages.flatplan import edition_names
    from livret.project import Project

    folder, _, name = named.rpartition(":")
    project = Project.at(Path(folder)) if folder else call.project()
    if project.root not in read:
        report = Report(strict=call.report.strict)
        try:
            read[project.root] = pipeline.read(project, report)
        finally:
            call.report.add(_placed(finding, folder) for finding in report.findings)
    catalogue = read[project.root]
    there = say("no edition in {folder}", folder=folder) if folder else say("no edition")
    known([name], edition_names(catalogue), there)
    return Side(project, catalogue, name)


def _placed(finding: Finding, folder: str) -> Finding:
    """A finding with its place as seen from here, when it is in another folder."""
    if not folder or finding.where is None:
        return finding
    return replace(finding, where=replace(finding.where, path=str(Path(folder, finding.where.path))))


# --- pages ---


def _is_file(name: str) -> bool:
    """Whether a name is a PDF or a folder with PDFs, and not an edition."""
    path = Path(name)
    return path.suffix.lower() == ".pdf" or (path.is_dir() and next(path.rglob("*.pdf"), None) is not None)


def _files(call: Call, first: Path, second: Path, options: dict[str, Any]) -> None:
    from livret.control.comparison.report import pairs_of_files

    for path in (first, second):
        if not path.exists():
            raise LivretError(say("{file} does not exist", file=path))
    if first.is_dir() != second.is_dir():
        raise click.UsageError(say("compare two files, or two folders"))
    if not first.is_dir():
        _compare(call, {"": (first, second)}, (), options)
    pairs, gone, come = pairs_of_files(first, second)
    if not pairs and not gone and not come:
        raise LivretError(say("there is no PDF in {first} nor in {second}", first=first, second=second))
    alone = [*(say("only in {folder}: {file}", folder=first, file=name) for name in gone),
             *(say("only in {folder}: {file}", folder=second, file=name) for name in come)]  # fmt: skip
    _compare(call, pairs, alone, options)


def _compare(call: Call, pairs: Mapping[str, tuple[Path, Path]], alone: Sequence[str], options: dict[str, Any]) -> None:
    from livret.control.comparison.changes import changes
    from livret.control.comparison.pages import ComparedFile
    from livret.control.comparison.report import html_report
    from livret.project import write

    found: list[tuple[str, BookChange]] = []
    for name, (before, after) in pairs.items():
        with ComparedFile(before) as first, ComparedFile(after) as second:
            found.append((name, changes(first, second)))
    for line in alone:
        call.say(line)
    for name, change in found:
        for line in _book_lines(name, change, options["by_card"], call.language):
            call.say(line)
    if any(change.differs for _, change in found):
        place = options["report"] or _report_place(call)
        write(place, html_report([one for one in found if one[1].differs], call.language, by_part=options["by_card"]))
        call.say(str(near(place)))
    if options["is_strict"] and (alone or any(change.differs for _, change in found)):
        call.report.add([error("pages-differ", say("the pages differ"))])
    call.finish({"comparisons": [{"name": name, **change.as_dict()} for name, change in found], "alone": list(alone)})


def _report_place(call: Call) -> Path:
    """output/comparison.html of the project; outside a project, the same in the folder that -o names, or here."""
    try:
        return call.project().output / REPORT_NAME
    except LivretError:
        return (call.output or Path()) / REPORT_NAME


def _book_lines(name: str, change: BookChange, by_card: bool, language: str) -> Iterator[str]:
    from livret.control.comparison.report import headline, part_summary, stale_lines, summary

    told = joined(summary(change), say("; "))
    yield say("{place}: {what}", place=name, what=told) if name else told
    width = terminal_width()
    if by_card:
        for part, ones in change.by_part().items():
            told = say("{place}: {what}", place=part or say("without a title"), what=joined(part_summary(ones)))
            yield joined(["  ", told], "")
        return
    for one in change.changes:
        yield joined(["  ", headline(one), f" ({one.part})" if one.part else ""], "")
        if any(not run.is_same for run in one.runs):
            yield from run_lines(one.runs, width, "    ", "    ", language)
        elif one.places and one.kind == "changed" and not one.stale:
            yield joined(["    ", _places_told(len(one.places))], "")
        yield from (joined(["    ", line], "") for line in stale_lines(one))


def _places_told(number: int) -> str:
    return say_number("{number} place looks different", "{number} places look different", number=number)


def _since(call: Call, first: str | None, second: str | None, options: dict[str, Any]) -> None:
    """Build an edition as it was at a commit and as it is, and compare the two."""
    if second or (first and _is_file(first)):
        raise click.UsageError(say("--since goes with one edition, or none for full"))
    from livret import pipeline
    from livret.content.schema.model import DEFAULT_EDITION
    from livret.pages.flatplan import edition_names

    project = call.project()
    name = first or DEFAULT_EDITION
    catalogue = pipeline.read(project, call.report)
    known([name], edition_names(catalogue), say("no edition"))
    with pipeline.project_at(project, options["since"]) as old, call.progress() as display:
        running = pipeline.Running(call.jobs, None, display, lambda one: None)
        before = Report()
        earlier = pipeline.read(old, before)
        known([name], edition_names(earlier), say("no edition at {commit}", commit=options["since"]))
        wanted = pipeline.Wanted(screen=True)
        old_file = _built(pipeline.build(old, earlier, (name,), wanted, before, running))
        new_file = _built(pipeline.build(project, catalogue, (name,), wanted, call.report, running))
        call.clear()
        _compare(call, {name: (old_file, new_file)}, (), options)


def _built(built: Sequence[Any]) -> Path:
    (one,) = built
    if one.problem:
        raise one.problem
    path: Path = one.files["screen"]
    return path

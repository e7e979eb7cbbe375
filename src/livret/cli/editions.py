"""Commands that look at editions side by side: the table, the matrix, the difference of two."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from livret.cli.common import Call, common, known
from livret.cli.completion import complete_edition
from livret.content.language_names import language_name
from livret.translation import Text, in_language, joined, say, say_number

if TYPE_CHECKING:
    from livret.control.compare import Change, Difference, Group
    from livret.control.editions import Matrix, Row
    from livret.control.languages import Share
    from livret.control.word_runs import WordRun

# A column of text narrower than this is put on lines of its own.
NARROW = 26
# How much of a text that has no word in common with the other is shown, and how many words around a change.
LONGEST = 90
AROUND = 3
# Changes of one text that are shown; JSON has all.
RUNS = 4


@click.command(short_help="Show all editions in a table, or cards by editions.")
@click.argument("names", nargs=-1, metavar="[EDITION ...]", shell_complete=complete_edition)
@click.option(
    "--matrix", "is_matrix", is_flag=True, help="Show a table of cards by editions: which edition shows which card."
)
@common
def editions(call: Call, names: tuple[str, ...], is_matrix: bool) -> None:
    """Show every edition: its cards, its pages, and how it differs from "full". Nothing is typeset.

    The number of pages is that of the last build. "~" marks an estimate: the edition has changed since, or was never
    built. An edition without cards is a warning, and so are cards that only "full" shows.

    \b
    Examples:
      livret editions
      livret editions paca normandie
      livret editions --matrix
      livret editions --strict --format json
    """
    from livret import pipeline
    from livret.control import editions as control
    from livret.pages.flatplan import edition_names

    project = call.project()
    catalogue = pipeline.read(project, call.report)
    there = edition_names(catalogue)
    known(names, there, say("no edition"))
    chosen = tuple(dict.fromkeys(names)) or there
    call.report.add([*control.findings(catalogue), *control.coverage(catalogue)])
    if is_matrix:
        crossing = control.matrix(catalogue, chosen)
        for line in matrix_lines(crossing, terminal_width()):
            call.say(line)
        call.finish({"matrix": crossing.as_dict()})
    rows, found = control.table(project, catalogue, chosen)
    call.report.add(found)
    for line in table_lines(rows, terminal_width(), call.language):
        call.say(line)
    only = [card.id for card in control.only_in_full(catalogue)]
    call.finish({"editions": [row.as_dict() for row in rows], "only_in_full": only})


# --- as text ---


def terminal_width() -> int:
    """The columns of the terminal or of COLUMNS; 0 where nothing need be wrapped, as in a pipe."""
    return shutil.get_terminal_size((0, 0)).columns


def table_lines(rows: Sequence[Row], width: int, language: str) -> Iterator[str]:
    """The table, its last column wrapped; in a narrow terminal that column stands below each line."""
    edition, cards, pages = (in_language(word, language) for word in (say("edition"), say("cards"), say("pages")))
    first = max(len(edition), *(len(row.edition.id) for row in rows))
    left = first + len(f"  {cards}  {pages}  ")
    is_narrow = bool(width) and width - left < NARROW
    differs = "" if is_narrow else in_language(say("  differs from full"), language)
    yield f"{edition:<{first}}  {cards}  {pages}" + differs
    for row in rows:
        start = f"{row.edition.id:<{first}}  {row.cards:>{len(cards)}}  {row.pages!s:>{len(pages)}}"
        languages = (_translated(share, row.cards) for share in row.shares)
        parts = (", ".join(row.overrides), *row.filters, *languages)
        told = in_language(joined([part for part in parts if part], say("; ")), language)
        if not row.cards:
            told = in_language(say("NO CARD; {told}", told=told), language)
        if not told:
            yield start
        elif is_narrow:
            yield start
            yield from wrapped(told, width, "  ", "  ")
        else:
            yield from wrapped(told, width, f"{start}  ", " " * left)
    if any(row.pages.is_estimate for row in rows):
        yield in_language(say("~ estimated: not built in this state"), language)


def _translated(share: Share, cards: int) -> str:
    values = {"language": language_name(share.language), "number": share.translated, "cards": cards}
    if share.in_part:
        return say("cards in {language}: {number} of {cards}, {part} more in part", **values, part=share.in_part)
    return say("cards in {language}: {number} of {cards}", **values)


def matrix_lines(matrix: Matrix, width: int) -> Iterator[str]:
    """Cards by editions, each edition named above its column; too many for the terminal stand in several blocks."""
    left = max((len(card.id) for card, _ in matrix.rows), default=0) + 2
    start = 0
    while start < len(matrix.editions):
        end = start + 1
        while end < len(matrix.editions) and (
            not width or left + 2 * (end - start) + len(matrix.editions[end]) <= width
        ):
            end += 1
        if start:
            yield ""
        for place, name in enumerate(matrix.editions[start:end]):
            yield " " * left + "| " * place + name
        for card, marks in matrix.rows:
            yield f"{card.id:<{left}}" + " ".join("x" if is_shown else "." for is_shown in marks[start:end])
        start = end


def difference_lines(found: Difference, names: tuple[str, str], width: int, language: str) -> Iterator[str]:
    """What two editions have not in common, for people."""
    for name, side in zip(names, (found.first, found.second), strict=True):
        cards = say("{place}: {what}", place=name, what=_counted(side.cards, "card"))
        yield from wrapped(in_language(joined((cards, *side.filters), say("; ")), language), width, "", "  ")
    if not found.differs:
        yield in_language(say("The editions do not differ."), language)
        return
    if found.fields:
        yield from ("", in_language(say("The edition"), language))
        for change in found.fields:
            yield from change_lines(change, width, "  ", language)
    yield from _only_lines("card", found.cards, names, width, language)
    # Which partners each side has is told above, among the fields.
    yield from _only_lines("page", found.pages, names, width, language)
    for kind, group in (("card", found.cards), ("partner", found.partners), ("page", found.pages)):
        if group.changed:
            counted = _counted(len(group.changed), kind)
            yield from ("", in_language(say("In both, but not the same: {counted}", counted=counted), language))
        for changed in group.changed:
            yield f"  {changed.id} ({changed.name})"
            for change in changed.changes:
                yield from change_lines(change, width, "    ", language)


def _only_lines(kind: str, group: Group, names: tuple[str, str], width: int, language: str) -> Iterator[str]:
    """What one side alone has; why the other leaves them out is told once when it is the same for all."""
    for name, only in zip(names, (group.only_first, group.only_second), strict=True):
        if not only:
            continue
        common_why = only[0].why if len({one.why for one in only}) == 1 else ()
        yield ""
        head = say("Only in {edition}: {counted}", edition=name, counted=_counted(len(only), kind))
        yield from wrapped(in_language(joined((head, *common_why), say("; ")), language), width, "", "  ")
        first = max(len(one.id) for one in only)
        for one in only:
            told = (
                in_language(say("{name} ({why})", name=one.name, why=joined(one.why)), language)
                if one.why and not common_why
                else one.name
            )
            yield from wrapped(told, width, f"  {one.id:<{first}}  ", " " * 6)


def _counted(number: int, kind: str) -> Text:
    match kind:
        case "card":
            return say_number("{number} card", "{number} cards", number=number)
        case "partner":
            return say_number("{number} partner", "{number} partners", number=number)
    return say_number("{number} page", "{number} pages", number=number)


def change_lines(change: Change, width: int, indent: str, language: str) -> Iterator[str]:
    """A field and its changed words, with a few words around each change."""
    return run_lines(change.runs, width, f"{indent}{change.field}: ", f"{indent}  ", language)


def run_lines(runs: Sequence[WordRun], width: int, start: str, further: str, language: str) -> Iterator[str]:
    """Changed words with a few words around each change; `start` stands before the first line."""
    shown: list[str] = []
    told = 0
    for place, run in enumerate(runs):
        if run.is_same:
            shown.append(_kept(run.old, is_first=place == 0, is_last=place == len(runs) - 1))
            continue
        if told == RUNS:
            rest = sum(not one.is_same for one in runs[place:])
            more = say_number("and {number} more change", "and {number} more changes", number=rest)
            shown.append(in_language(more, language))
            break
        told += 1
        shown += [f"[-{_cut(run.old)}-]"] if run.old else []
        shown += [f"{{+{_cut(run.new)}+}}"] if run.new else []
    if all(run.is_same for run in runs):
        shown = [in_language(say("only spaces and line breaks differ"), language)]
    yield from wrapped(" ".join(shown), width, start, further)


def _kept(words: str, *, is_first: bool, is_last: bool) -> str:
    """Words that did not change, cut to those around the changes."""
    there = words.split()
    if len(there) <= 2 * AROUND:
        return words
    before = [] if is_first else there[:AROUND]
    after = [] if is_last else there[-AROUND:]
    return " ".join([*before, "…", *after])


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else textwrap.shorten(words, LONGEST, placeholder=" …")


def wrapped(text: str, width: int, start: str, further: str) -> list[str]:
    """A text in lines of a width, 0 for any; `start` stands before the first, `further` before the others."""
    if not width or len(start) + len(text) <= width:
        return [start + text]
    return textwrap.wrap(
        text,
        max(width, len(further) + NARROW),
        initial_indent=start,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )

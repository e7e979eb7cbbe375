"""The commands that write a start: of a catalogue, card, partner, edition or layout; a copy of the demonstration."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import click

from livret.cli.common import Call, common, known, near
from livret.cli.language import of_context
from livret.project import Project
from livret.translation import in_language, say


class _NewGroup(click.Group):
    """The commands of `new`. `new --from demonstration FOLDER` has no name of a command, so it is given one."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        starts = [arg for arg in args if arg == "--from" or arg.startswith("--from=")]
        if starts and args[0] not in self.commands:
            args = [_COPY, *args]
        return super().parse_args(context, args)


_COPY = "copy-of"


@click.group(cls=_NewGroup, short_help="Begin a catalogue, card, partner, edition or layout.")
def new() -> None:
    """Begin something: write files with comments that say what belongs where.

    What is written passes 'livret check' at once, and no file is ever written over. On a terminal these commands ask
    for what they need; in a script, give it by options.

    'livret new --from demonstration FOLDER' copies the demonstration catalogue, to look at and to play with.

    \b
    Examples:
      livret new catalogue my-forum
      livret new catalogue my-forum --title "Le forum" --language fr
      livret -C my-forum new card --pilot "Association Exemple" --theme logement --territory FR-13
      livret -C my-forum new layout regions --from forum
      livret new --from demonstration trial
    """


@new.command(_COPY, hidden=True)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--from", "source", required=True, type=click.Choice(["demonstration"]))
@common
def copy_of(call: Call, folder: Path | None, source: str) -> None:
    """Copy the demonstration into a folder that has no catalogue."""
    from livret import starter

    root = call.directory / folder if folder else call.directory
    _tell(call, [starter.copy_demonstration(root)], _next(root, "build"))


@new.command(short_help="Begin a catalogue in a folder that has none.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", metavar="TEXT", help="The title on the cover.")
@click.option("--language", metavar="CODE", help="The language of the texts: fr, en ... [default: of the terminal]")
@click.option("--publisher", metavar="TEXT", help="Who publishes the booklet.")
@click.option("--date", metavar="DAY", help="The day of the event, as 2027-04-30.")
@click.option("--place", metavar="TEXT", help="Where the event takes place.")
@click.option(
    "--theme", "themes", multiple=True, metavar="NAME", help="A theme of the cards; may be given several times."
)
@common
def catalogue(
    call: Call,
    folder: Path | None,
    title: str | None,
    language: str | None,
    publisher: str | None,
    date: str | None,
    place: str | None,
    themes: tuple[str, ...],
) -> None:
    """Begin a catalogue: catalogue.yaml, a foreword and a first card, with comments, in French or English.

    \b
    Examples:
      livret new catalogue my-forum
      livret new catalogue my-forum --title "Le forum" --language fr
      livret new catalogue --title "Our booklet" --language en --theme Housing --theme Health
    """
    # Click gives each option as a parameter of its own.
    from livret import starter

    root = call.directory / folder if folder else call.directory
    if title is None:
        title = _asked("--title", say("Title of the booklet"))
        language = language or _asked("--language", say("Language of the texts (fr, en ...)"), call.language)
        publisher = publisher or _asked("--publisher", say("Who publishes it (may be empty)"), "")
        themes = themes or _listed(_asked("--theme", say("Themes, with commas between them (may be empty)"), ""))
    values = starter.NewCatalogue(
        title,
        language or call.language,
        date=date or "",
        place=place or "",
        publisher=publisher or "",
        themes=themes,
    )
    _tell(call, starter.new_catalogue(root, values), _next(root, "build"))


@new.command(short_help="Begin a card.")
@click.option("--pilot", metavar="TEXT", help="The organisation that carries the initiative.")
@click.option("--acronym", metavar="TEXT", help="Its acronym.")
@click.option("--title", metavar="TEXT", help="The title of the initiative.")
@click.option(
    "--theme", "themes", multiple=True, metavar="THEME", help="A theme; may be given several times, the main one first."
)
@click.option("--territory", "territories", multiple=True, metavar="CODE", help="The code of a territory, as FR-13.")
@click.option("--language", metavar="CODE", help="The language of the card, if it is not the catalogue's.")
@click.option("--id", metavar="NAME", help="The name of the file. [default: from acronym, title or organisation]")
@common
def card(
    call: Call,
    pilot: str | None,
    acronym: str | None,
    title: str | None,
    themes: tuple[str, ...],
    territories: tuple[str, ...],
    language: str | None,
    id: str | None,
) -> None:
    """Begin a card: initiatives/ID.yaml. Without a territory, its scope is national.

    \b
    Examples:
      livret new card
      livret new card --pilot "Association Exemple" --theme logement --territory FR-13
    """
    # Click gives each option as a parameter of its own.
    from livret import starter

    project = call.project()
    if pilot is None:
        pilot = _asked("--pilot", say("Organisation that carries the initiative"))
        acronym = acronym or _asked("--acronym", say("Its acronym (may be empty)"), "")
        title = title or _asked("--title", say("Title of the initiative (may be empty)"), "")
        there = tuple(starter.themes_of(project))
        themes = themes or _listed(
            _asked("--theme", say("Themes ({names})", names=", ".join(there)), "".join(there[:1]))
        )
        asked = say("Territories, as {codes} (empty: the whole country)", codes=starter.example_codes(project))
        territories = territories or _listed(_asked("--territory", asked, ""))
    values = starter.NewCard(pilot, acronym or "", title or "", themes, territories, language or "", id or "")
    _write(call, project, lambda: starter.new_card(project, values), "check")


@new.command(short_help="Begin the page of an institutional partner.")
@click.option("--name", metavar="TEXT", help="The full name of the partner.")
@click.option("--acronym", metavar="TEXT", help="Its acronym.")
@click.option("--website", metavar="ADDRESS", help="Its website.")
@click.option("--id", metavar="NAME", help="The name of the file. [default: from acronym or name]")
@common
def partner(call: Call, name: str | None, acronym: str | None, website: str | None, id: str | None) -> None:
    """Begin the page of a partner: partners/ID.yaml, and its line in the list partners: of catalogue.yaml.

    \b
    Examples:
      livret new partner
      livret new partner --name "Délégation à l'accueil" --acronym Diair
    """
    from livret import starter

    project = call.project()
    if name is None:
        name = _asked("--name", say("Name of the partner"))
        acronym = acronym or _asked("--acronym", say("Its acronym (may be empty)"), "")
    values = starter.NewPartner(name, acronym or "", website or "", id or "")
    _write(call, project, lambda: starter.new_partner(project, values), "check")


@new.command(short_help="Begin an edition.")
@click.option("--title", metavar="TEXT", help="The title of the edition.")
@click.option("--subtitle", metavar="TEXT", help="Its subtitle.")
@click.option("--territory", "territories", multiple=True, metavar="CODE", help="Keep the cards of this territory.")
@click.option("--theme", "themes", multiple=True, metavar="THEME", help="Keep the cards of this theme.")
@click.option("--id", metavar="NAME", help="The name of the file and of the edition. [default: from the title]")
@common
def edition(
    call: Call,
    title: str | None,
    subtitle: str | None,
    territories: tuple[str, ...],
    themes: tuple[str, ...],
    id: str | None,
) -> None:
    """Begin an edition: editions/ID.yaml. Without territories and themes it has every card.

    \b
    Examples:
      livret new edition
      livret new edition --title "Le forum en Provence" --territory FR-PAC --id paca
    """
    from livret import starter

    project = call.project()
    if title is None:
        title = _asked("--title", say("Title of the edition"))
        asked = say("Territories, as {codes} (empty: all)", codes=starter.example_codes(project))
        territories = territories or _listed(_asked("--territory", asked, ""))
        there = tuple(starter.themes_of(project))
        themes = themes or _listed(_asked("--theme", say("Themes ({names}; empty: all)", names=", ".join(there)), ""))
    values = starter.NewEdition(title, subtitle or "", territories, themes, id or "")
    _write(call, project, lambda: starter.new_edition(project, values), "build {id}")


@new.command(short_help="Begin a layout as a copy of another.")
@click.argument("name", required=False)
@click.option("--from", "source", metavar="LAYOUT", help="The layout to copy.")
@click.option("--with-shared", is_flag=True, help="Also copy its fonts and pictograms into fonts/ and pictograms/.")
@common
def layout(call: Call, name: str | None, source: str | None, with_shared: bool) -> None:
    """Begin a layout: layouts/NAME/, a copy that makes the same pages until you change it.

    Fonts and pictograms are found where Livret has them. With --with-shared the project has its own, so that a
    new version of Livret changes none of them.

    \b
    Examples:
      livret new layout regions --from forum
      livret build --layout regions
    """
    from livret import starter

    project = call.project()
    layouts = project.layouts()
    if name is None:
        name = _asked("NAME", say("Name of the layout, as its folder is called"))
    if source is None:
        source = _asked("--from", say("Layout to copy ({names})", names=", ".join(layouts)))
    known([source], layouts, say("no layout"))
    _write(call, project, lambda: starter.new_layout(project, name, source, with_shared), "build --layout {id}")


def _asked(option: str, question: str, default: str | None = None) -> str:
    """The answer of the person at the terminal. Raises click.UsageError where there is none."""
    if not sys.stdin.isatty():
        if default is not None:
            return default
        raise click.UsageError(say("{option} is missing", option=option))
    asked = in_language(question, of_context(click.get_current_context())[0])
    return str(click.prompt(asked, default=default, show_default=bool(default), err=True))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


def _write(call: Call, project: Project, make: Callable[[], Path], then: str) -> None:
    path = make()
    _tell(call, [path], _next(call.directory, then.format(id=path.stem)))


def _tell(call: Call, paths: tuple[Path, ...] | list[Path], then: str) -> None:
    for path in paths:
        call.say(f"{near(path)}")
    if call.form == "text" and not call.quiet:
        click.echo(in_language(say("next: {command}", command=then), call.language), err=True)
    call.finish({"files": [str(path) for path in paths]})


def _next(root: Path, command: str) -> str:
    """A command for the project that was meant, typed where this one was typed."""
    folder = str(near(root.resolve()))
    return f"livret {command}" if folder == "." else f"livret -C {shlex.quote(folder)} {command}"

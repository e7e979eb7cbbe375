"""Commands that check a catalogue and change nothing."""

from __future__ import annotations

import click

from livret.cli.common import Call, common
from livret.translation import Text, joined, say, say_number


@click.command(short_help="Read and check the catalogue without typesetting.")
@click.argument("names", nargs=-1, metavar="")
@common
def check(call: Call, names: tuple[str, ...]) -> None:
    """Read the catalogue and report everything that is wrong with it. Nothing is typeset.

    With -v it also shows, card by card, how the text fills its pages, and where typography had to guess.

    \b
    Examples:
      livret check
      livret check --strict --format json
    """
    if names:
        raise click.UsageError(say("check looks at the whole catalogue: livret check"))
    from livret import pipeline

    counts = pipeline.check(call.project(), call.report)
    call.say(joined(_counted(name, number) for name, number in counts.items()))
    call.finish({"catalogue": counts})


def _counted(name: str, number: int) -> Text:
    match name:
        case "cards":
            return say_number("{number} card", "{number} cards", number=number)
        case "partners":
            return say_number("{number} partner", "{number} partners", number=number)
        case "pages":
            return say_number("{number} page", "{number} pages", number=number)
        case "editions":
            return say_number("{number} edition", "{number} editions", number=number)
        case "themes":
            return say_number("{number} theme", "{number} themes", number=number)
    return say("{number} {name}", number=number, name=name if number != 1 else name[:-1])

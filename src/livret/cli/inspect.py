"""Commands that check a catalogue and change nothing."""

from __future__ import annotations

import click

from livret.cli.common import Call, common


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

"""The command line: parse, call, print the report, exit. Nothing imports this package."""

from __future__ import annotations

import gc
from typing import Any

import click

from livret import __version__
from livret.cli.answers import answers
from livret.cli.approvals import approve, correct, status
from livret.cli.build import build
from livret.cli.common import COMMON, PROGRAM
from livret.cli.compare import compare
from livret.cli.completion import completion
from livret.cli.docs import docs
from livret.cli.editions import editions
from livret.cli.inspect import check
from livret.cli.language import SpeakingGroup
from livret.cli.new import new
from livret.cli.preflight import preflight
from livret.cli.proofs import proof
from livret.cli.serve import serve


@click.group(
    cls=SpeakingGroup,
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
COMMANDS = (
    *(build, check, serve, editions, compare, proof, preflight, approve, correct, answers, status),
    *(new, docs, completion),
)
for _command in COMMANDS:
    main.add_command(_command)

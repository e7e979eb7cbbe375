"""The command that opens the proof room."""

from __future__ import annotations

import click

from livret.cli.common import Call, common


@click.command(short_help="Open the proof room: see the pages while you write.")
@click.option("--port", type=click.IntRange(1, 65535), default=8420, show_default=True, help="Where the page is.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen here. With another address, the page asks for the token that is printed.",
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@common
def serve(call: Call, port: int, host: str, no_open: bool) -> None:
    """Open a local page with every spread of the catalogue; it follows what is saved.

    Nobody but this machine can see the page, unless --host says so.

    \b
    Examples:
      livret serve
      livret serve --port 9000 --no-open
    """
    from livret.proofroom.server import ProofRoom, Serving

    room = ProofRoom(call.project(), Serving(host, port, call.jobs, call.say, opens_browser=not no_open))
    room.run()
    call.finish()

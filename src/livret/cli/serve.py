"""The command that opens the proof room."""

from __future__ import annotations

from dataclasses import replace

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

    Nobody but this machine can see the page, unless --host says so. In a folder without a catalogue, the page offers to
    begin one.

    \b
    Examples:
      livret serve
      livret serve --port 9000 --no-open
      livret -C my-forum serve
    """
    from livret.proofroom.server import ProofRoom, Serving

    serving = Serving(host, port, call.jobs, call.say, opens_browser=not no_open)
    if call.directory.is_dir() and not (call.directory / "catalogue").exists():
        from livret.proofroom.first_page import FirstPage

        first = FirstPage(call.directory.resolve(), serving)
        if not first.run():
            call.finish()
        # The page that is open waits for the room at its own address.
        serving = replace(serving, port=first.door.port, opens_browser=False, taken=first.socket)
    ProofRoom(call.project(), serving).run()
    call.finish()

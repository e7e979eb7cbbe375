"""The command that shows the docs."""

from __future__ import annotations

import click

from livret.cli.common import known
from livret.cli.language import of_context
from livret.translation import say


def _complete_topic(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from livret.starter import manual

    return [topic.name for topic in manual.topics() if topic.name.startswith(incomplete)]


@click.command(short_help="Show a page of the docs, which come with Livret.")
@click.argument("topic", required=False, shell_complete=_complete_topic)
@click.option("--where", is_flag=True, help="Print where the page is, or the folder of all pages.")
@click.option("--language", type=click.Choice(["en", "fr"]), help="Of a page that is there in several languages.")
def docs(topic: str | None, where: bool, language: str | None) -> None:
    """Show a page of the docs. Without a name, this lists all pages.

    \b
    Examples:
      livret docs
      livret docs guide
      livret docs content
      livret docs --where
    """
    from livret.starter import manual

    pages = {page.name: page for page in manual.topics(language or of_context(click.get_current_context())[0])}
    if topic is not None:
        known([topic], tuple(pages), say("no page of the docs"))
        path = pages[topic].path
        if where:
            click.echo(path)
        else:
            click.echo_via_pager(path.read_text(encoding="utf-8"))
    elif where:
        click.echo(manual.manual_folder())
    else:
        width = max(map(len, pages))
        for page in pages.values():
            click.echo(f"{page.name:{width}}  {page.title}")

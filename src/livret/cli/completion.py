"""What shells complete: editions, cards, profiles; and the script that makes them do it."""

from __future__ import annotations

from pathlib import Path

import click

from livret.cli.common import PROGRAM


def complete_edition(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The editions of the folder named on the line."""
    folder = _completing_in(context) / "catalogue" / "editions"
    names = {"full", *(path.stem for path in folder.glob("*.yaml"))}
    return sorted(name for name in names if name.startswith(incomplete))


def complete_card(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The cards of the folder named on the line."""
    folder = _completing_in(context) / "catalogue" / "initiatives"
    return sorted(path.stem for path in folder.glob(f"{incomplete}*.yaml"))


def _completing_in(context: click.Context) -> Path:
    above = context.parent.params if context.parent else {}
    return Path(context.params.get("directory") or above.get("directory") or ".")


def complete_press(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The press profiles of the folder named on the line and those installed."""
    from livret.project import installed

    folders = (_completing_in(context) / "press", installed("press"))
    return sorted({path.stem for folder in folders for path in folder.glob(f"{incomplete}*.yaml")})


def complete_profile(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The profiles of preflight."""
    from livret.control.preflight import PRINT_PROFILES, PROFILES

    names = (*PROFILES, *PRINT_PROFILES, *complete_press(context, parameter, incomplete))
    return sorted({name for name in names if name.startswith(incomplete)})


@click.command(short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes a shell complete commands, options, editions and cards.

    \b
    Examples:
      livret completion bash > ~/.local/share/bash-completion/completions/livret
      livret completion zsh > "${fpath[1]}/_livret"
      livret completion fish > ~/.config/fish/completions/livret.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    main = click.get_current_context().find_root().command
    click.echo(script(main, {}, PROGRAM, "_LIVRET_COMPLETE").source())

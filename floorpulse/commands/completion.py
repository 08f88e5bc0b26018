"""`floorpulse completion`: what makes a shell complete commands, options and values."""

import click
from click.shell_completion import get_completion_class

from floorpulse.cli import COMPLETE_VARIABLE


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete floorpulse.

    \b
    bash  eval "$(floorpulse completion bash)"       in ~/.bashrc
    zsh   eval "$(floorpulse completion zsh)"        in ~/.zshrc
    fish  floorpulse completion fish > ~/.config/fish/completions/floorpulse.fish
    """  # noqa: D301  # \b is click's
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(context.find_root().command, {}, "floorpulse", COMPLETE_VARIABLE).source())


COMMAND = completion

"""The command `floorpulse`: finds its commands in `floorpulse/commands/` and says errors in a line."""

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import click
from click.shell_completion import shell_complete

from floorpulse import commands
from floorpulse.errors import EXIT_INTERRUPTED, EXIT_PIPE, EXIT_USAGE, UserError

COMPLETE_VARIABLE: Final = "_FLOORPULSE_COMPLETE"
"""Set by the script of `floorpulse completion` when a shell asks what may come next."""


class Commands(click.Group):
    """A group whose commands are the modules of `floorpulse.commands`, each with a `COMMAND`, loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Names of all commands."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{commands.__name__}.{cmd_name}").COMMAND
        return command


def core() -> str:
    """Whether the core runs compiled (setup.py) or interpreted; it is not imported to find out."""
    found = importlib.util.find_spec("kpi_state.apply")
    return "interpreted" if found is not None and str(found.origin).endswith(".py") else "compiled"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="floorpulse", message=f"%(prog)s %(version)s ({core()})")
def cli() -> None:
    """Live sales KPIs, exact after any crash, explainable to the event.

    Events are JSON objects, one a line or one a Kafka record; `validate` says what is wrong with them, `replay` makes
    the fourteen KPIs of them without a broker.

    Exit codes: 0 done; 1 the answer is no, such as a bad line found by validate; 2 the command could not do its work,
    with a line that names the remedy; 130 stopped by Ctrl-C.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command, or answer the shell that completes one, and end the process with its exit code."""
    if instruction := os.environ.get(COMPLETE_VARIABLE):
        sys.exit(shell_complete(cli, {}, "floorpulse", COMPLETE_VARIABLE, instruction))
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    try:
        # Not `cli.main`: it makes exit code 1 of a closed pipe, which here means that the answer is no.
        with cli.make_context("floorpulse", list(arguments)) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except UserError as error:
        click.echo(str(error), err=True)
        return EXIT_USAGE
    except click.ClickException as error:
        click.echo(_line(error), err=True)
        return EXIT_USAGE
    except BrokenPipeError:
        # Who read our output has seen enough; point it elsewhere so that the interpreter's own flush does not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PIPE
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    return 0


def _line(error: click.ClickException) -> str:
    """What click found wrong with the arguments, in a line with the remedy; of a group alone its help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    message = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "floorpulse"
    return f"{path}: {message} See {path} --help."

"""Options that many commands share: settings, instants, files."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from floorpulse.settings import DEFAULT_FILE, load
from kpi_state.events import ContractError, instant

Command = TypeVar("Command", bound=Callable[..., Any])


def config_options(command: Command) -> Command:
    """Add `--config` and `--set`; the command gets `config`, the file or None, and `overrides`."""
    options = (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            callback=lambda _context, _option, path: path or (DEFAULT_FILE if DEFAULT_FILE.exists() else None),
            metavar="FILE",
            help="Settings. Default: floor.toml in the working directory if there is one, else the defaults.",
        ),
        click.option(
            "--set",
            "overrides",
            multiple=True,
            metavar="SECTION.KEY=VALUE",
            help="One setting, over the file and the environment; may be repeated.",
        ),
    )
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config` and `--set`; the command gets `settings`."""

    @config_options
    @functools.wraps(command)
    def call(*args: Any, config: Path | None, overrides: tuple[str, ...], **kwargs: Any) -> Any:
        return command(*args, settings=load(config, os.environ, overrides), **kwargs)

    return call


class Instant(click.ParamType):
    """An instant, as microseconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read RFC 3339."""
        if isinstance(value, int):
            return value
        try:
            return instant(str(value))
        except ContractError as error:
            return self.fail(f"expected {error.expected}, got {error.got}.", param, ctx)


INSTANT: Final = Instant()

input_files = click.argument("files", nargs=-1, required=True, metavar="FILE...")
"""Files of events: `.jsonl`, `.jsonl.gz`, or `-` for standard input."""

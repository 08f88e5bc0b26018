"""`floorpulse config`: are the settings right, what are they, and what may they be?"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct, structs

from floorpulse.example import example
from floorpulse.keys import SECTIONS
from floorpulse.options import config_options
from floorpulse.pseudonyms import pseudonym_key
from floorpulse.settings import Loaded, hidden, load_with_origins
from floorpulse.sources import Place
from floorpulse.tokens import api_token
from floorpulse.toml import toml, toml_key


@click.group("config")
def group() -> None:
    """Check or show the settings, or print an example.

    They come from floor.toml, then the environment (FLOORPULSE_<SECTION>_<KEY>), then --set section.key=value; the
    later wins. Secrets are not taken from the command line.
    """


@group.command()
@config_options
def check(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Say what is wrong with the settings, a line an error.

    Exit codes: 0 all is right; 2 something is wrong.
    """
    loaded = load_with_origins(config, os.environ, overrides)
    pseudonym_key(loaded.settings.privacy)  # a file that cannot be used is an error
    api_token(loaded.settings.api)
    said = len(loaded.origins)
    click.echo(f"{config or 'no file'}: {said} settings given, all are right")


@group.command()
@config_options
def show(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Print the settings in force as TOML, with who said what is not a default; secrets are masked."""
    click.echo("\n".join(_lines(load_with_origins(config, os.environ, overrides))).lstrip())


@group.command("example")
def show_example() -> None:
    """Print a floor.toml with every key, its default and its meaning."""
    click.echo(example(), nl=False)


def _lines(loaded: Loaded) -> Iterator[str]:
    for section in SECTIONS:
        yield from _table((section,), getattr(loaded.settings, section), loaded.origins)


def _table(at: Place, table: Any, origins: Mapping[Place, str]) -> Iterator[str]:
    """A table and those in it, each with an empty line before it."""
    values = dict(table) if isinstance(table, dict) else structs.asdict(table)
    if at == ("definitions",):  # what is stored depends on a key of another section too
        values = {name: value for name, value in values.items() if name in SECTIONS["definitions"]}
    below = {name: value for name, value in values.items() if isinstance(value, Struct | dict)}
    if len(below) < len(values) or not below:
        yield from ("", f"[{'.'.join(map(toml_key, at))}]")
    for name, value in values.items():
        if name not in below:
            line = f"{toml_key(name)} = {toml(hidden((*at, name), value))}"
            yield line + (f"  # {origin}" if (origin := origins.get((*at, name))) else "")
    for name, value in below.items():
        if not (name == "named" and not value):
            yield from _table((*at, name), value, origins)


COMMAND: Final = group

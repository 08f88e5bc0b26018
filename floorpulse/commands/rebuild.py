"""`floorpulse rebuild`: a new state beside the old one, from the input topics."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from floorpulse import logs
from floorpulse.errors import EXIT_INTERRUPTED, UserError
from floorpulse.options import config_options
from floorpulse.rewrite import with_setting
from floorpulse.settings import DEFAULT_FILE, Loaded, load_with_origins
from floorpulse.streaming import quietly, stream_settings
from kpi_state.published import LINKS, TABLES
from streams.rebuilding import app_ids, build, check_free, check_whole, next_app_id
from streams.recount import recount
from streams.settings import StreamSettings

SHOWN: Final = 10
"""Differences that are shown."""


@click.command()
@click.option(
    "--app-id",
    metavar="NAME",
    help="What the new state is called. Default: the old name with the next number, such as floorpulse-2. With the "
    "name of a rebuild that was interrupted, it goes on.",
)
@click.option(
    "--write",
    type=click.Path(path_type=Path, dir_okay=False, exists=True, writable=True),
    metavar="FILE",
    help="Write the new [kafka] app_id to this floor.toml when all is well.",
)
@click.option("--while-running", is_flag=True, help="Let the workers of the old state go on meanwhile.")
@click.option("--incomplete", is_flag=True, help="Go on although inputs have lost records to retention.")
@config_options
@click.pass_context
def rebuild(  # options
    context: click.Context,
    config: Path | None,
    overrides: tuple[str, ...],
    app_id: str | None,
    write: Path | None,
    *,
    while_running: bool,
    incomplete: bool,
) -> None:
    """Build the state anew from the input topics, beside the old one, and check it before anybody uses it.

    For a change of [definitions], a version that counts otherwise, or a state in doubt. Run it with the new floor.toml
    and version, after the workers were stopped: it makes topics for a new [kafka] app_id, applies all inputs, counts
    everything again in one go and compares. Then put the new app_id into floor.toml and start workers and exporters
    again. The old state stays as it is, and so does the way back. Logs go to standard error.

    Exit codes: 0 the new state is right; 1 it is not what a recount gives, do not use it; 2 a person has to do
    something first; 130 stopped by Ctrl-C or SIGTERM.
    """
    loaded = load_with_origins(config, os.environ, overrides)
    old = stream_settings(loaded.settings, os.environ)
    changed = with_setting(write.read_text(), "kafka", "app_id", app_id or old.app_id) if write else ""
    logs.configure()
    if not while_running:
        quietly(check_free(old))
    if not incomplete:
        quietly(check_whole(old))
    new = replace(old, app_id=app_id or next_app_id(old.app_id, quietly(app_ids(old))))
    if new.app_id == old.app_id:
        raise UserError(f"--app-id {new.app_id}: is the name of the old state, give another")
    quietly(check_free(new))
    if not _build(new):
        click.echo(f"stopped: `floorpulse rebuild --app-id {new.app_id}` goes on with it", err=True)
        context.exit(EXIT_INTERRUPTED)
    result = quietly(recount(new))
    if result.differences:
        for line in result.differences[:SHOWN]:
            click.echo(line)
        number = len(result.differences)
        click.echo(f"{new.app_id} differs from a recount in {number} places: do not use it, and report this", err=True)
        context.exit(1)
    click.echo(
        f"{new.app_id}: {result.tallies:,} tallies and {result.people:,} rows of the roster are what a recount of "
        f"{result.records:,} records gives"
    )
    if write:
        changed = with_setting(write.read_text(), "kafka", "app_id", new.app_id)
        write.write_text(changed)
        click.echo(f'{write}: says app_id = "{new.app_id}" now; start workers and exporters again')
    else:
        file = config or DEFAULT_FILE
        click.echo(f'put app_id = "{new.app_id}" under [kafka] in {file}, and start workers and exporters again')
    _say_what_wins(loaded)
    click.echo(f"the old state stays; when nobody needs it any more: {_deletion(old)}")


def _build(new: StreamSettings) -> bool:
    """Build with a progress bar on a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(f"building {new.app_id}")
        return quietly(build(new, lambda done, total: bar.update(task, completed=done, total=total)))


def _say_what_wins(loaded: Loaded) -> None:
    """An app_id said in the environment or on the command line would win over the file."""
    origin = loaded.origins.get(("kafka", "app_id"), "")
    if origin.startswith(("FLOORPULSE_", "--set")):
        click.echo(f"{origin} wins over the file: change it there")


def _deletion(old: StreamSettings) -> str:
    topics = [*map(old.changelog, TABLES), old.topic(LINKS)]
    pattern = "|".join(topics).replace(".", "\\.")
    return f"kafka-topics.sh --bootstrap-server {old.bootstrap_servers} --delete --topic '{pattern}'"


COMMAND = rebuild

"""`floorpulse replay`: the KPIs of files of events, by the very same core as the stream, without a broker."""

import sys
from collections.abc import Callable, Mapping
from typing import Final

import click
from rich.console import Console

from exporters.current import one_a_window
from exporters.prometheus import Freshness, page
from floorpulse.files import reading
from floorpulse.options import INSTANT, input_files, with_settings
from floorpulse.settings import Settings
from floorpulse.tables import tables
from kpi_state.read.document import instant_text
from kpi_state.replay import Replay
from streams.garbage import set_aside

_PIPE_WIDTH: Final = 160
"""Columns of a table that no terminal limits."""


@click.command()
@input_files
@click.option(
    "--as-of",
    type=INSTANT,
    required=True,
    metavar="TIME",
    help="The clock, such as 2026-01-31T09:00:00+01:00: events up to it are applied, later ones counted.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "prometheus", "table"]),
    default="json",
    show_default=True,
    help="json: all buckets; prometheus: the page of the exporter; table: for people, the windows of now first.",
)
@click.option(
    "--supporting",
    is_flag=True,
    help="The supporting measures too, such as the pipeline; the prometheus page always has them.",
)
@with_settings
def replay(files: tuple[str, ...], as_of: int, form: str, settings: Settings, *, supporting: bool) -> None:
    """Print the fourteen KPIs of the events in FILEs.

    FILE is .jsonl, plain or gzipped, or - for standard input: one JSON event a line, in any order. The same events
    print the same bytes. What breaks the event contract is counted as quarantined; `floorpulse validate` says why.
    [privacy] and [limits] label_values are not applied.

    Exit codes: 0 done; 2 a file cannot be read or a setting is wrong.
    """
    set_aside()
    result = Replay(as_of, settings)
    with reading(files, "replaying") as lines:
        result.feed(line.text for line in lines)
    _PRINT[form](result, supporting)


def _json(result: Replay, supporting: bool) -> None:
    sys.stdout.buffer.write(result.document(supporting=supporting))


def _prometheus(result: Replay, supporting: bool) -> None:  # noqa: ARG001 - the page has everything
    reader = result.reader()
    samples = one_a_window(reader.samples(result.as_of, current=True, supporting=True))
    freshness = Freshness(result.as_of, 0.0, 0, sources={}, topics={}, quality=reader.quality(result.as_of))
    sys.stdout.buffer.write(page(samples, reader.goals(result.as_of), reader.people(result.as_of), freshness))


def _table(result: Replay, supporting: bool) -> None:
    reader = result.reader()
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    console.print(
        f"As of {instant_text(result.as_of)}: {result.read} events read, {result.after_as_of} of them later, "
        f"{result.quarantined} quarantined.",
        highlight=False,
    )
    current = reader.samples(result.as_of, current=True, supporting=supporting)
    for table in tables(reader.samples(result.as_of, supporting=supporting), current):
        console.print()
        console.print(table)


_PRINT: Final[Mapping[str, Callable[[Replay, bool], None]]] = {
    "json": _json,
    "prometheus": _prometheus,
    "table": _table,
}

COMMAND: Final = replay

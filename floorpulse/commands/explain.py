"""`floorpulse explain`: what one number of the KPIs is made of, what decided it, and what was left out and why."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.progress import track

from floorpulse.errors import UserError
from floorpulse.explained import plain, tables
from floorpulse.files import STDIN, reading
from floorpulse.options import INSTANT, input_files, with_settings
from floorpulse.settings import Settings
from kpi_state.explain.explain import explain as explained
from kpi_state.explain.explanation import document
from kpi_state.explain.question import Question, QuestionError

MOST: Final = 50
"""Things that a list of the text shows without --all."""
Item = TypeVar("Item")


def _labels(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    for label in given:
        if "=" not in label:
            raise click.BadParameter(f"{label!r}: expected NAME=VALUE, such as currency=EUR")
    return dict(label.split("=", 1) for label in given)


@click.command()
@input_files
@click.option("--kpi", required=True, metavar="KPI", help="Such as leads_created; an unknown one lists them.")
@click.option("--key", required=True, metavar="KEY", help="A rep's id, a team's name, or * for the organisation.")
@click.option("--window", required=True, metavar="WINDOW", help="Such as month, rolling_30d, to_date or now.")
@click.option(
    "--bucket",
    default="",
    metavar="BUCKET",
    help="Which one, such as 2026-01 or FY2026-Q1; rolling windows, to_date and now have none.",
)
@click.option("--grain", type=click.Choice(["rep", "team", "org"]), help="If a key is a rep and a team.")
@click.option(
    "--label",
    "labels",
    multiple=True,
    callback=_labels,
    metavar="NAME=VALUE",
    help="If there are several numbers, such as currency=EUR; may be repeated.",
)
@click.option(
    "--as-of",
    type=INSTANT,
    metavar="TIME",
    help="The clock, as for replay: events up to it are applied. Default: now.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
@click.option("--all", "complete", is_flag=True, help=f"Lists in full; else the first {MOST} of each.")
@with_settings
def explain(
    files: tuple[str, ...],
    settings: Settings,
    as_of: int | None,
    grain: str | None,
    labels: dict[str, str],
    *,
    as_json: bool,
    complete: bool,
    **asked: str,
) -> None:
    """Say what one number of `replay` is made of.

    Of the sample that --kpi, --key, --window and --bucket name: each entity and what it contributes, which adds up to
    the number; the statements that decided it, with the event and the line each stands in (those alone would give the
    same); and what was left out, such as merged, deleted or superseded things, and why.

    FILE is .jsonl, plain or gzipped, or - for standard input. Files are read twice.

    Exit codes: 0 done; 2 there is no such number, a file cannot be read or a setting is wrong.
    """
    clock = time.time_ns() // 1_000 if as_of is None else as_of
    most = None if as_json or complete else MOST
    question = Question(**asked, grain=grain or "", labels=labels)
    with _readable_twice(files) as names:

        def passes() -> Iterator[tuple[str, bytes]]:
            with reading(tuple(names), "reading") as lines:
                for line in lines:
                    yield f"{names[line.file]}:{line.number}", line.text

        try:
            explanation = explained(passes, clock, settings, question, most, _tracked)
        except QuestionError as error:
            raise UserError(str(error)) from None
    if as_json:
        sys.stdout.buffer.write(document(explanation))
    elif sys.stdout.isatty():
        console = Console()
        for each in tables(explanation, most):
            console.print(each)
    else:
        for text in plain(explanation, most):
            click.echo(text)


@contextmanager
def _readable_twice(names: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Files that can be read again and again → their names; standard input is copied to one."""
    with TemporaryDirectory(prefix="floorpulse-") as folder:
        copy = Path(folder, "stdin")
        if STDIN in names:
            with copy.open("wb") as file:
                copyfileobj(sys.stdin.buffer, file)
        yield {str(copy) if name == STDIN else name: name for name in names}


def _tracked(items: Iterable[Item], total: int, what: str) -> Iterable[Item]:
    """The items, with a progress bar on a terminal."""
    console = Console(stderr=True)
    return track(items, what, total, console=console, transient=True, disable=not sys.stderr.isatty())


COMMAND = explain

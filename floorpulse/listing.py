"""Lists for people: tables without frills, whose cells are shown and not obeyed."""

import sys
from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH: Final = 160
"""Columns of a table that no terminal limits."""


def plain(text: str) -> str:
    """A text on one line without what a terminal would obey: somebody typed it somewhere."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def show(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table on standard output; numbers stand to the right, None is a dash. Nothing without rows."""
    rows = [*rows]
    if not rows:
        return
    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.show_edge = table.pad_edge = False
    for heading, *column in zip(headings, *rows, strict=True):
        numbers = all(cell is None or isinstance(cell, int) for cell in column)
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*[Text(_cell(cell)) for cell in row])
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH)
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else plain(str(value))

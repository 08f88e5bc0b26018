"""Readers that know one person: what the roster says of that rep, and nothing else, decides what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import ReadSettings
from kpi_state.explain.edits import without
from kpi_state.explain.minimal import Piece, minimal, only, pieces
from kpi_state.facts import Line
from kpi_state.read.samples import Reader
from kpi_state.rows import Row, encode_row, key_of
from kpi_state.tallies import count

REP = "rep"


def reader_of(settings: ReadSettings, rep: str, row: Row, cells: Iterable[tuple[Cell, Amounts]] = ()) -> Reader:
    """A reader of one row of the roster, and of some contributions."""
    reader = Reader(settings)
    reader.roster(key_of(REP, rep), encode_row(REP, row))
    tally: dict[bytes, bytes] = {}
    count(tally, dict(cells))
    for key, value in tally.items():
        reader.tally(0, key, value)
    return reader


def least(row: Row, suffices: Callable[[Row], bool]) -> list[Piece]:
    """The statements about a rep that are enough; the whole row must be.

    Of a team that was left and joined again both would do, but only one was so when it counted: the one without which
    all the others do not suffice.
    """
    for field, line in sorted(row.lines.items()):
        for run in runs(line):
            rest = _with(row, field, [statement for statement in line if statement not in run])
            alone = _with(row, field, run[:1])
            if not suffices(rest) and suffices(alone):
                row = alone
                break
    return minimal(pieces(REP, row), lambda some: suffices(only(row, some)))


def runs(line: Line) -> Iterator[Line]:
    """The statements of a timeline, those that say the same one after another together."""
    return (list(run) for _, run in groupby(line, key=lambda statement: repr(statement[1])))


def moments(row: Row) -> list[int]:
    """The instants at which a row says something else than before, sorted."""
    return sorted({run[0][0][0] for line in row.lines.values() for run in runs(line)})


def _with(row: Row, field: str, line: Line) -> Row:
    out = without(row, lines=(field,))
    if line:
        out.lines[field] = line
    return out

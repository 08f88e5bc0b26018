"""Readers that know one person: what the roster says of that rep, and nothing else, decides what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import ReadSettings
from kpi_state.explain.minimal import Piece, minimal, only, pieces
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
    """The statements about a rep that are enough; the whole row must be."""
    return minimal(pieces(REP, row), lambda some: suffices(only(row, some)))

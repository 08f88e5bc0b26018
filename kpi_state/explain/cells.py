"""Which published cells a number is made of: only the read side can say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kpi_state.buckets import Amounts, Cell, add
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import BY_STEM
from kpi_state.published import decode_tally
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot


class TooManyCellsError(Exception):
    """A number may be made of more cells than anybody should wait for."""

    def __init__(self, cells: int) -> None:
        super().__init__(f"it is made of some {cells} cells")


class Some(NamedTuple):
    """Cells of a number, and what they sum to: all, or those of the first ids by name, as sent.  ids: how many have
    some.  ids_left: how many others may have some too.
    """

    cells: dict[Cell, Amounts]
    ids: int
    ids_left: int


def cells_in(reader: Reader, measure: str, slot: Slot, now: int) -> dict[Cell, Amounts]:
    """The published cells of a measure that are part of a number, and what they sum to."""
    rows = reader.rows_near(measure, slot, now)
    if adds_as_it_is(BY_STEM[slot.kpi]):
        inside = reader.inside(slot, now)
        return {cell: amounts for of_one in rows.values() for cell, amounts in inside.among(_sums(of_one)).items()}
    near = [item for of_one in rows.values() for item in _sums(of_one).items()]
    return _counting(reader, slot, now, near)


def some_cells(reader: Reader, measure: str, slot: Slot, now: int, most: int, some: int) -> Some:
    """The cells of a number, or if a sum has more than `most`, those of whole ids until there are `some`.

    A cell of a sum costs some 2 µs, of what is read otherwise some 30 µs; of those raises TooManyCellsError where more
    than `most` would have to be looked at.
    """
    rows = reader.rows_near(measure, slot, now)
    if not adds_as_it_is(BY_STEM[slot.kpi]):
        near = [item for of_one in rows.values() for item in _sums(of_one).items()]
        if len(near) > most:
            raise TooManyCellsError(len(near))
        counting = _counting(reader, slot, now, near)
        return Some(counting, len({cell[1] for cell in counting}), 0)
    inside, found, by_id = reader.inside(slot, now), 0, []
    for raw in sorted(rows):
        by_id.append(inside.among(_sums(rows[raw])))
        found += len(by_id[-1])
        if found > most:
            break
    else:
        return Some({cell: amounts for each in by_id for cell, amounts in each.items()}, sum(map(bool, by_id)), 0)
    kept: dict[Cell, Amounts] = {}
    looked = 0
    while len(kept) < some:
        kept |= by_id[looked]
        looked += 1
    return Some(kept, sum(map(bool, by_id[:looked])), len(rows) - looked)


def _sums(rows: Iterable[tuple[bytes, bytes]]) -> dict[Cell, Amounts]:
    """The cells of rows of all partitions, whose shares add up; zeros are left out."""
    found: dict[Cell, Amounts] = {}
    for key, value in rows:
        for cell, amounts in decode_tally(key, value):
            add(found, cell, amounts)
    return {cell: amounts for cell, amounts in found.items() if any(amounts)}


def _counting(reader: Reader, slot: Slot, now: int, near: Iterable[tuple[Cell, Amounts]]) -> dict[Cell, Amounts]:
    """Those that say they count in a number."""
    return {
        cell: amounts
        for cell, amounts in near
        if any(where == slot and any(adds) for where, adds in reader.counted(cell, amounts, now))
    }


def adds_as_it_is(kpi: Kpi) -> bool:
    """Whether a cell adds its very amounts to the numbers of a KPI that it is part of, whatever the instant."""
    return kpi.reading == "sums" and not kpi.whole

"""Which published cells a number is made of: only the read side can say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from itertools import accumulate, islice
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
    """The cells of a number, or if there are more than `most`, those of whole ids until there are `some`.

    A cell of a sum costs some 2 µs, of what is read otherwise some 30 µs. Raises TooManyCellsError for an id that has
    more than `most` of the latter.
    """
    rows = reader.rows_near(measure, slot, now)
    if not adds_as_it_is(BY_STEM[slot.kpi]):
        return _some_counting(reader, slot, now, {raw: _sums(rows[raw]) for raw in sorted(rows)}, most, some)
    inside, found, by_id = reader.inside(slot, now), 0, []
    for raw in sorted(rows):
        by_id.append(inside.among(_sums(rows[raw])))
        found += len(by_id[-1])
        if found > most:
            break
    looked = len(by_id) if found <= most else _enough(by_id, some)
    cells = {cell: amounts for each in by_id[:looked] for cell, amounts in each.items()}
    return Some(cells, len({cell[1] for cell in cells}), len(rows) - looked)


def _some_counting(
    reader: Reader, slot: Slot, now: int, near: Mapping[str, dict[Cell, Amounts]], most: int, some: int
) -> Some:
    """As `some_cells`, of what is no sum: id → its cells that may count."""
    looked = len(near) if sum(map(len, near.values())) <= most else _enough(near.values(), some)
    items = [item for each in islice(near.values(), looked) for item in each.items()]
    if len(items) > most:
        raise TooManyCellsError(len(items))
    cells = _counting(reader, slot, now, items)
    return Some(cells, len({cell[1] for cell in cells}), len(near) - looked)


def _enough(by_id: Iterable[Sized], some: int) -> int:
    """How many ids, from the first, have so many cells."""
    return sum(1 for before in accumulate(map(len, by_id), initial=0) if before < some)


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

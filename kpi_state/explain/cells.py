"""Which published cells a number is made of: only the read side can say."""

from __future__ import annotations

from kpi_state.buckets import Amounts, Cell
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot


class TooManyCellsError(Exception):
    """A number may be made of more cells than anybody should wait for."""

    def __init__(self, cells: int) -> None:
        super().__init__(f"it is made of some {cells} cells")


def cells_in(reader: Reader, measure: str, slot: Slot, now: int, most: int | None = None) -> dict[Cell, Amounts]:
    """The published cells of a measure that are part of a number, and what they sum to.

    A cell of a sum costs some 2 µs, of what is read otherwise some 30 µs; of those raises TooManyCellsError where more
    than `most` would have to be looked at.
    """
    near = reader.cells(measure, reader.near(slot, now))
    if adds_as_it_is(BY_STEM[slot.kpi]):
        return reader.inside(slot, now).among(near)
    if most is not None and len(near) > most:
        raise TooManyCellsError(len(near))
    return {
        cell: amounts
        for cell, amounts in near.items()
        if any(where == slot and any(adds) for where, adds in reader.counted(cell, amounts, now))
    }


def adds_as_it_is(kpi: Kpi) -> bool:
    """Whether a cell adds its very amounts to the numbers of a KPI that it is part of, whatever the instant."""
    return kpi.reading == "sums" and not kpi.whole

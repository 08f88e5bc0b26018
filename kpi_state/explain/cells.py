"""Which published cells a number is made of: only the read side can say."""

from __future__ import annotations

from kpi_state.buckets import Amounts, Cell
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot


def cells_in(reader: Reader, measure: str, slot: Slot, now: int) -> dict[Cell, Amounts]:
    """The published cells of a measure that are part of a number, and what they sum to."""
    return {
        cell: amounts
        for cell, amounts in reader.cells(measure).items()
        if any(where == slot and any(adds) for where, adds in reader.counted(cell, amounts, now))
    }

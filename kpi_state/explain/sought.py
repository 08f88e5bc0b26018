"""A question as a worker puts it to the rows of its partitions, one after the other."""

from __future__ import annotations

from kpi_state.buckets import Amounts, Cell, Contributions
from kpi_state.explain.asking import Ask, cells_asked
from kpi_state.explain.glance import looks
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import BY_STEM


class Sought:
    """A question, made ready once for all partitions.

    reps: who is asked about.  looks: how rows of the kinds that contribute are looked at.  most: how many more entities
    are to be named.  dropped: to be set when nobody waits for the answer any more; what is told from then on is not
    whole, but told at once.
    """

    def __init__(self, asked: Ask) -> None:
        cells = cells_asked(asked)
        self.measure: Kpi = BY_STEM[asked.measure]
        self.most = asked.most
        self.dropped = False
        self.reps = frozenset(cell[1] for cell in cells)
        self.looks = looks(self.measure.contribute, cells)
        self._index: dict[Cell, int] = {cell: index for index, cell in enumerate(cells)}

    def among(self, contributed: Contributions) -> dict[int, Amounts]:
        """Of contributions those that are asked for, by the index of the cell."""
        found: dict[int, Amounts] = {}
        for cell, amounts in contributed.items():
            index = self._index.get(cell)
            if index is not None:
                found[index] = amounts
        return found

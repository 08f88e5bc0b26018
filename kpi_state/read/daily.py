"""Sums of what counts differently every day: kept for one day, and counted anew when the day is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import add
from typing import Generic, TypeVar

from kpi_state.buckets import Amounts

Cell = TypeVar("Cell")
Key = TypeVar("Key")


class Daily(Generic[Cell, Key]):
    """Contributions and what they come to on a day.

    `weigh(cell, amounts, today)` says what amounts of a cell add to which sums; it is linear in the amounts.
    """

    def __init__(self, weigh: Callable[[Cell, Amounts, int], Iterable[tuple[Key, Amounts]]]) -> None:
        self._weigh = weigh
        self._cells: dict[Cell, Amounts] = {}
        self._today: int | None = None
        self._sums: dict[Key, Amounts] = {}
        self._changes: dict[Key, Amounts] | None = None

    def enter(self, cell: Cell, amounts: Amounts) -> None:
        """Count amounts, or take them back when negative."""
        _enter(self._cells, cell, amounts)
        if self._today is not None:
            self._count(cell, amounts, self._today)

    def sums(self, today: int) -> dict[Key, Amounts]:
        """What everything comes to on a day; sums that are zero in every amount are left out."""
        if today != self._today:
            self._today, self._sums, self._changes = today, {}, None
            for cell, amounts in self._cells.items():
                self._count(cell, amounts, today)
        return self._sums

    def changes(self, today: int) -> dict[Key, Amounts] | None:
        """What was added to the sums of this day since this was asked last; None when they are another day's."""
        self.sums(today)
        changes, self._changes = self._changes, {}
        return changes

    def _count(self, cell: Cell, amounts: Amounts, today: int) -> None:
        for key, weighed in self._weigh(cell, amounts, today):
            _enter(self._sums, key, weighed)
            if self._changes is not None:
                _enter(self._changes, key, weighed)


_T = TypeVar("_T")


def _enter(sums: dict[_T, Amounts], key: _T, amounts: Amounts) -> None:
    new = tuple(map(add, sums[key], amounts)) if key in sums else amounts
    if any(new):
        sums[key] = new
    else:
        sums.pop(key, None)

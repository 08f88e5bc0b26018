"""Sums of what counts differently every day, by the numbers they count in, kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import add
from typing import Any, Generic, TypeVar

from kpi_state.buckets import Amounts
from kpi_state.read.daily import Daily
from kpi_state.read.slots import Slot

Key = TypeVar("Key")


class Folded(Generic[Key]):
    """`slots(key, amounts)` says which numbers amounts of a key of `daily` count in, and what they add to each.

    That has to stay so; it is linear in the amounts.
    """

    def __init__(self, daily: Daily[Any, Key]) -> None:
        self._daily = daily
        self._numbers: dict[Slot, Amounts] = {}
        self._touched: set[Slot] = set()

    def numbers(
        self, today: int, slots: Callable[[Key, Amounts], Iterable[tuple[Slot, Amounts]]]
    ) -> Mapping[Slot, Amounts]:
        """What everything comes to on a day, zeros possible."""
        changes = self._daily.changes(today)
        if changes is None:
            self._touched.update(self._numbers)
            self._numbers, changes = {}, self._daily.sums(today)
        for key, amounts in changes.items():
            for slot, added in slots(key, amounts):
                old = self._numbers.get(slot)
                self._numbers[slot] = tuple(map(add, old, added)) if old else added
                self._touched.add(slot)
        return self._numbers

    def touched(self) -> set[Slot]:
        """The numbers that changed or left since this was asked last."""
        touched, self._touched = self._touched, set()
        return touched

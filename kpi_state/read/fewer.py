"""Sums without their last part, where `[definitions]` says not to count it: a zero would say that there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kpi_state.buckets import Amounts, Labels
from kpi_state.definitions import Definitions
from kpi_state.read.changed import Changed
from kpi_state.read.placement import Placement
from kpi_state.read.present import Present
from kpi_state.read.slots import Slot, Who
from kpi_state.read.sums import Sums

CALLS: Final = "outbound_calls"
"""Its last part is the distinct numbers."""


def is_fewer(stem: str, definitions: Definitions) -> bool:
    """Whether the last part of a measure is not counted."""
    return stem == CALLS and not definitions.distinct_numbers


class Fewer(Sums):
    """The sums of one KPI, of whose amounts the last one is zero because nobody counts it."""

    def numbers(self, present: Present | None) -> Iterator[tuple[Slot, Amounts]]:
        """As of `Sums`."""
        for slot, amounts in super().numbers(present):
            yield slot, amounts[:-1]

    def sum(self, who: Who, window: str, bucket: str) -> Amounts | None:
        """As of `Sums`."""
        amounts = super().sum(who, window, bucket)
        return amounts and amounts[:-1]

    def changes(self, present: Present) -> list[Changed]:
        """As of `Sums`."""
        return [
            each._replace(numbers={who: amounts and amounts[:-1] for who, amounts in each.numbers.items()})
            for each in super().changes(present)
        ]

    def counted(self, at: Placement, labels: Labels, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
        """As of `Sums`."""
        for slot, added in super().counted(at, labels, amounts):
            yield slot, added[:-1]

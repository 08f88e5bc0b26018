"""What changed, by whom it belongs to: so many numbers change at once that naming each in full costs more than to count
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Slot, Who


class Changed(NamedTuple):
    """The numbers of a KPI that changed in one bucket of a window: exact amounts (see `sample_of`), or None, or only
    zeros, where there is none any more. Whoever has the same number is the same key, or one that equals it.
    """

    kpi: str
    window: str
    bucket: str
    numbers: dict[Who, Amounts | None]

    def slots(self) -> Iterator[tuple[Slot, Amounts | None]]:
        """The same, each named in full."""
        for who, amounts in self.numbers.items():
            yield self.slot(who), amounts

    def slot(self, who: Who) -> Slot:
        """Where a number stands."""
        grain, key, labels = who
        return Slot(self.kpi, grain, key, self.window, self.bucket, labels)


def grouped(slots: Iterable[tuple[Slot, Amounts | None]]) -> list[Changed]:
    """Numbers that are named in full, those of a window and bucket together."""
    found: dict[tuple[str, str, str], Changed] = {}
    for slot, amounts in slots:
        at = slot.kpi, slot.window, slot.bucket
        if at not in found:
            found[at] = Changed(*at, {})
        found[at].numbers[slot.grain, slot.key, slot.labels] = amounts
    return list(found.values())

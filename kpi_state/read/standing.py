"""Reading what stands: sums of what holds now, whenever it began, for whoever it belongs to now."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_state.buckets import Amounts, Labels
from kpi_state.kpis.kpi import Kpi
from kpi_state.read.ages import NOW, whos_now
from kpi_state.read.changed import Changed
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot, Who
from kpi_state.read.totals import Totals, Whos


class Standing:
    """The sums of one KPI; whose they are stays the same for as long as this is kept."""

    def __init__(self, kpi: Kpi) -> None:
        self._kpi = kpi
        self._totals = Totals()

    def enter(self, raw: str, labels: Labels, amounts: Amounts, roster: Roster, now: int) -> None:
        """Count amounts, or take them back when negative."""
        self._totals.enter(Whos(tuple(whos_now(self._kpi, raw, labels, roster, now))), amounts)

    def numbers(self) -> Iterator[tuple[Slot, Amounts]]:
        """Every sum."""
        for who, amounts in self._totals.settled().items():
            yield self._slot(who), amounts

    def changes(self) -> Changed:
        """What changed since this was asked last; None for what is gone."""
        return Changed(self._kpi.stem, NOW, "", self._totals.touched())

    def counted(
        self, raw: str, labels: Labels, amounts: Amounts, roster: Roster, now: int
    ) -> Iterator[tuple[Slot, Amounts]]:
        """The sums that hold a contribution, and what it adds to each."""
        for who in whos_now(self._kpi, raw, labels, roster, now):
            yield self._slot(who), amounts

    def _slot(self, who: Who) -> Slot:
        grain, key, pairs = who
        return Slot(self._kpi.stem, grain, key, NOW, "", pairs)

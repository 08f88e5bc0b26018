"""The KPIs that are about reps themselves: counted when the roster, a day or somebody's days of touchpoints changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import add, neg
from zoneinfo import ZoneInfo

from kpi_state.buckets import Amounts
from kpi_state.kpis.kpi import Kpi
from kpi_state.read.ramp_up import TouchDays, ramp_up
from kpi_state.read.rep_retention import rep_retention
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot
from kpi_state.read.zones import day_at


class OfPeople:
    """Rep retention and ramp-up. `kpis`: records and the names of their windows."""

    def __init__(
        self, kpis: Iterable[tuple[Kpi, tuple[str, ...]]], start_month: int, roster: Roster, touch_days: TouchDays
    ) -> None:
        stems = [(kpi.reading, kpi.stem, names) for kpi, names in kpis]
        self._retained = [(stem, names) for reading, stem, names in stems if reading == "retention"]
        self._ramped = [(stem, names) for reading, stem, names in stems if reading == "ramp"]
        self._start_month, self._roster, self._touch_days = start_month, roster, touch_days
        self._counted_for: tuple[int, dict[ZoneInfo, int]] | None = None
        self._numbers: dict[Slot, Amounts] = {}
        self._ramps: dict[str, list[tuple[Slot, Amounts]]] = {}
        self._touched: set[Slot] = set()

    def each(self, now: int) -> Iterator[tuple[str, Slot, Amounts]]:
        """(rep, number, what the rep adds to it)."""
        yield from self._retentions(now)
        for rep in self._roster.people:
            for slot, amounts in self._ramp(rep, now):
                yield rep, slot, amounts

    def numbers(self, now: int) -> Mapping[Slot, Amounts]:
        """Every number, zeros possible."""
        days = {zone: day_at(zone, now) for zone in self._roster.zones_now()}
        moved = self._touch_days.moved() & self._roster.people.keys()
        if self._counted_for != (self._roster.version, days):
            self._counted_for = self._roster.version, days
            self._touched.update(self._numbers)
            self._numbers.clear()
            self._ramps.clear()
            for _, slot, amounts in self._retentions(now):
                self._add(slot, amounts)
            moved = {*self._roster.people}
        for rep in moved:
            for slot, amounts in self._ramps.pop(rep, ()):
                self._add(slot, tuple(map(neg, amounts)))
            self._ramps[rep] = list(self._ramp(rep, now))
            for slot, amounts in self._ramps[rep]:
                self._add(slot, amounts)
        return self._numbers

    def touched(self) -> set[Slot]:
        """The numbers that changed or left since this was asked last."""
        touched, self._touched = self._touched, set()
        return touched

    def _add(self, slot: Slot, amounts: Amounts) -> None:
        old = self._numbers.get(slot)
        self._numbers[slot] = tuple(map(add, old, amounts)) if old else amounts
        self._touched.add(slot)

    def _retentions(self, now: int) -> Iterator[tuple[str, Slot, Amounts]]:
        for stem, names in self._retained:
            yield from rep_retention(stem, names, self._start_month, self._roster, now)

    def _ramp(self, rep: str, now: int) -> Iterator[tuple[Slot, Amounts]]:
        for stem, names in self._ramped:
            yield from ramp_up(stem, names, self._start_month, self._roster, self._touch_days, rep, now)

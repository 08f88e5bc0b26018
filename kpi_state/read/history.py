"""The recent past of each rep: touchpoints by quarter hour of the local clock, for as many days as a baseline needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kpi_state.read.zones import DAY, EPOCH_DAY

QUARTERS_A_DAY: Final = 96


class _Day:
    """One local day of one rep."""

    __slots__ = ("attempts", "touchpoints")

    def __init__(self) -> None:
        self.attempts = 0
        self.touchpoints: dict[int, int] = {}
        """Quarter hour of the clock → touchpoints; an hour that clocks show twice has both."""


class History:
    """The local days of the reps, from `days` before the day it is in UTC on; what is older is forgotten."""

    def __init__(self, days: int, now: int) -> None:
        self._kept = days
        self._first = now // DAY + EPOCH_DAY - days
        self._days: dict[str, dict[int, _Day]] = {}

    def enter(self, rep: str, day: int, touchpoints: Iterable[tuple[int, int]], attempts: int) -> None:
        """Count what a rep did on a local day, or take it back when negative.

        touchpoints: (quarter hour of the local clock, how many).
        """
        if day < self._first:
            return
        days = self._days.setdefault(rep, {})
        kept = days.get(day)
        if kept is None:
            kept = days[day] = _Day()
        kept.attempts += attempts
        counts = kept.touchpoints
        for quarter, count in touchpoints:
            counts[quarter] = counts.get(quarter, 0) + count

    def advance(self, now: int) -> None:
        """Forget the days that are too long ago."""
        first = now // DAY + EPOCH_DAY - self._kept
        if first == self._first:
            return
        self._first = first
        for days in self._days.values():
            for day in [day for day in days if day < first]:
                del days[day]

    def worked(self, rep: str, day: int) -> bool:
        """Whether a rep tried to reach anybody, or was reached, on a day."""
        kept = self._days.get(rep, {}).get(day)
        return kept is not None and (kept.attempts > 0 or any(kept.touchpoints.values()))

    def touchpoints(self, rep: str, day: int, start: int, end: int) -> int:
        """Touchpoints from one quarter hour of a day's clock to before another; `start` may lie in the day before."""
        days = self._days.get(rep, {})
        kept, before = days.get(day), days.get(day - 1) if start < 0 else None
        total = 0 if kept is None else sum(n for at, n in kept.touchpoints.items() if start <= at < end)
        if before is not None:
            total += sum(n for at, n in before.touchpoints.items() if start <= at - QUARTERS_A_DAY < end)
        return total

"""Reading #7, ramp-up time: from a rep's first day to the first day with an effective touchpoint in that employment.

Days are the rep's own; the team is that of the first day.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from kpi_state.buckets import Amounts
from kpi_state.read.calendar import period
from kpi_state.read.employments import Employment
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot, grains
from kpi_state.read.windows import windows


class TouchDays:
    """The local days on which reps have effective touchpoints."""

    def __init__(self) -> None:
        self._count: dict[tuple[str, int], int] = {}
        self._days: dict[str, list[int]] = {}
        self._moved: set[str] = set()

    def enter(self, rep: str, day: int, touchpoints: int) -> None:
        """Count touchpoints of a day, or take them back when negative."""
        before = self._count.get((rep, day), 0)
        after = before + touchpoints
        days = self._days.setdefault(rep, [])
        if before <= 0 < after:
            insort(days, day)
            self._moved.add(rep)
        elif after <= 0 < before:
            del days[bisect_left(days, day)]
            self._moved.add(rep)
        if after:
            self._count[rep, day] = after
        else:
            self._count.pop((rep, day), None)

    def moved(self) -> set[str]:
        """The reps who have other days than when this was asked last."""
        moved, self._moved = self._moved, set()
        return moved

    def first(self, rep: str, within: Employment) -> int | None:
        """The first day with a touchpoint in an employment."""
        days = self._days.get(rep, [])
        at = bisect_left(days, within.first)
        return days[at] if at < len(days) and within.holds(days[at]) else None


def ramp_up(
    stem: str, names: Iterable[str], start_month: int, roster: Roster, touched: TouchDays, rep: str, now: int
) -> Iterator[tuple[Slot, Amounts]]:
    """(number, (reps, days, pending, pending days)) for every employment of a rep that has begun."""
    asked = windows(names)
    today = roster.today(rep, now)
    for employment in roster.people[rep].employments:
        amounts = _ramp(employment, touched.first(rep, employment), today)
        if employment.first > today or not any(amounts):
            continue
        buckets = [(w, period(w, employment.first, start_month).name) for w in asked.periods]
        buckets += [(w, "") for w, days in asked.days.items() if today - days < employment.first]
        for grain, key in grains(rep, roster.team_on(rep, employment.first)):
            for window, bucket in buckets:
                yield Slot(stem, grain, key, window, bucket, ()), amounts


def _ramp(employment: Employment, touched: int | None, today: int) -> Amounts:
    if touched is not None:
        return 1, touched - employment.first, 0, 0
    return (0, 0, 0, 0) if employment.ended(today) else (0, 0, 1, today - employment.first)

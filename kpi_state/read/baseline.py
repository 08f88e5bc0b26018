"""The baseline: how many touchpoints a rep normally has by this time on this weekday.

Normal is the median over the same weekday of the last weeks. Days on which the rep was away, was not employed or had no
working day are left out, and so is a day without a single attempt: who did nothing at all was not there, whether or not
anybody said so. A median over what is left cares neither for one excellent day nor for one that was cut short.

What the clock shows now is compared with what it showed then: `day` counts from local midnight to the beginning of the
running quarter hour, `rolling_1h` the three whole quarter hours before it. The present numbers hold the running quarter
hour too, so that nobody is behind because of a quarter hour that is not over.

The baseline of a team or the organisation is the sum over those of its reps who work today and have one. A median of
the team's own days would expect the same of it when half of it is on leave, or when people joined, left or moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from kpi_state.definitions import Lookback
from kpi_state.read.history import History
from kpi_state.read.pace import Calendars
from kpi_state.read.poisson import at_most
from kpi_state.read.roster import Member, Roster
from kpi_state.read.slots import grains
from kpi_state.read.staff import Away, Colleague, works_here
from kpi_state.read.windows import clock_quarter
from kpi_state.read.zones import midnight, offset

WINDOWS: Final = ("day", "rolling_1h")
_DAYS_A_WEEK: Final = 7
_WHOLE_QUARTERS: Final = 3
"""Of `rolling_1h`, which has a fourth that is still running."""
_tail = lru_cache(1 << 16)(at_most)


class Baseline(NamedTuple):
    """What is normal, beside what is. `grain` is rep, team or org; `window` one of `WINDOWS`.

    normal: touchpoints by now, None where too few days are known.  samples: over how many days; of a team the fewest of
    its reps.  touchpoints: of the window now.  tail: chance (0 to 1) of so few or fewer, if nothing has changed
    and touchpoints came independently of each other (Poisson); real ones cluster, so ask for a small one.
    """

    grain: str
    key: str
    window: str
    normal: float | None
    samples: int
    touchpoints: int
    tail: float | None


class _Usual(NamedTuple):
    """What is usual for a rep by a quarter hour, and for whom and when that was found."""

    member: Member
    away: tuple[range, ...]
    today: int
    quarter: int
    samples: int
    normal: tuple[float, ...]
    """Of each of the windows; empty where too few days are known."""


class Baselines:
    """Keeps the history of the reps, and for each what is usual by the running quarter hour, once it was asked for."""

    def __init__(self, lookback: Lookback, calendars: Calendars, roster: Roster, now: int) -> None:
        self._weeks, self._fewest = lookback.weeks, lookback.min_samples
        self._calendars, self._roster = calendars, roster
        # It may still be yesterday somewhere, and the hour before a midnight lies on the day before that.
        self._history = History(_DAYS_A_WEEK * lookback.weeks + 2, now)
        self._usual: dict[str, _Usual] = {}

    def enter(self, rep: str, day: int, touchpoints: Iterable[tuple[int, int]], attempts: int) -> None:
        """Count what a rep did on a local day, or take it back when negative: see `History.enter`."""
        self._history.enter(rep, day, touchpoints, attempts)
        usual = self._usual.get(rep)
        if usual and day <= usual.today - _DAYS_A_WEEK:
            del self._usual[rep]

    def advance(self, now: int) -> None:
        """Let the clock go on."""
        self._history.advance(now)

    def of(
        self, staff: Iterable[Colleague], away: Away, now: int, count: Callable[[str, str, str], int]
    ) -> list[Baseline]:
        """Baselines of the reps who work today, their teams and the organisation, in this order.

        `count` says how many touchpoints (grain, key, window) has now.
        """
        groups: dict[tuple[str, str], list[_Usual]] = {}
        for each in staff:
            if each.works_today:
                usual = self._of(each, tuple(away.get(each.rep, ())), now)
                for who in grains(each.rep, each.team):
                    groups.setdefault(who, []).append(usual)
        found: list[Baseline] = []
        for grain, key in sorted(groups, key=_place):
            known = [usual for usual in groups[grain, key] if usual.normal]
            samples = min(usual.samples for usual in known or groups[grain, key])
            for number, window in enumerate(WINDOWS):
                normal = sum(usual.normal[number] for usual in known) if known else None
                touchpoints = count(grain, key, window)
                tail = None if normal is None else _tail(touchpoints, normal)
                found.append(Baseline(grain, key, window, normal, samples, touchpoints, tail))
        return found

    def _of(self, each: Colleague, away: tuple[range, ...], now: int) -> _Usual:
        member, quarter = self._roster.people[each.rep], clock_quarter(now, offset(each.zone, now))
        usual = self._usual.get(each.rep)
        if usual is None or usual[:4] != (member, away, each.today, quarter):
            days = [day for day in self._days(each) if not any(day in absence for absence in away)]
            normal: tuple[float, ...] = ()
            if len(days) >= self._fewest:
                normal = tuple(self._median(each.rep, days, start, quarter) for start in (0, quarter - _WHOLE_QUARTERS))
            usual = self._usual[each.rep] = _Usual(member, away, each.today, quarter, len(days), normal)
        return usual

    def _days(self, each: Colleague) -> Iterable[int]:
        """The same weekdays of the last weeks on which a rep was employed, had to work and did something."""
        calendar = self._roster.people[each.rep].calendar
        for weeks in range(1, self._weeks + 1):
            day = each.today - _DAYS_A_WEEK * weeks
            workdays = self._calendars.named(calendar.at(midnight(each.zone, day)))
            if workdays.works(day) and works_here(self._roster, each.rep, day) and self._history.worked(each.rep, day):
                yield day

    def _median(self, rep: str, days: Iterable[int], start: int, end: int) -> float:
        counts = sorted(self._history.touchpoints(rep, day, start, end) for day in days)
        return (counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]) / 2


def _place(who: tuple[str, str]) -> tuple[int, str]:
    return ("rep", "team", "org").index(who[0]), who[1]

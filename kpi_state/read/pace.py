"""Pace: the share of a window's working time that has passed, for a rep or for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from kpi_state.definitions import Calendar
from kpi_state.read.calendar import period
from kpi_state.read.roster import Roster
from kpi_state.read.workdays import Workdays
from kpi_state.read.zones import day_at


class Calendars:
    """The organisation's calendar, and the named ones. A rep who names an unknown one works like everybody."""

    def __init__(self, calendar: Calendar) -> None:
        self.start_month = calendar.fiscal_year_start_month
        self.default = Workdays(calendar)
        self._named = {name: Workdays(each) for name, each in calendar.named.items()}

    def of(self, roster: Roster, rep: str) -> Workdays:
        """The calendar a rep works by now."""
        return self.named(roster.people[rep].calendar.last())

    def knows(self, name: str) -> bool:
        """Whether there is a calendar of this name."""
        return name in self._named

    def named(self, name: str | None) -> Workdays:
        """The calendar of a name; the organisation's where there is none."""
        return self._named.get(name or "", self.default)


class Pace:
    """What share of a target is due at `now`. `away`: rep → days absent, on which nothing is due."""

    def __init__(self, calendars: Calendars, roster: Roster, away: Mapping[str, Iterable[range]], now: int) -> None:
        self._calendars, self._roster, self._away, self._now = calendars, roster, away, now
        self._present = lru_cache(None)(self._share)  # of all who have not been away: many reps, few calendars

    def of_rep(self, rep: str, window: str) -> Fraction | None:
        """For a rep; None when the window has no working time, or the rep is absent in all of it."""
        zone, workdays = self._roster.zone(rep, self._now), self._calendars.of(self._roster, rep)
        away = self._away.get(rep)
        return self._share(workdays, zone, window, away) if away else self._present(workdays, zone, window)

    def of_everybody(self, zone: ZoneInfo, window: str) -> Fraction | None:
        """For a team or the organisation as a whole; None when the window has no working time."""
        return self._present(self._calendars.default, zone, window)

    def _share(self, workdays: Workdays, zone: ZoneInfo, window: str, away: Iterable[range] = ()) -> Fraction | None:
        today = day_at(zone, self._now)
        _, first, following = period(window, today, self._calendars.start_month)
        whole = workdays.length(zone, first, following)
        absent = {day for days in away for day in range(max(days.start, first), min(days.stop, following))}
        if whole == sum(workdays.length(zone, day, day + 1) for day in absent):
            return None
        passed = workdays.length(zone, first, today) - sum(
            workdays.length(zone, day, day + 1) for day in absent if day < today
        )
        if today not in absent:
            passed += workdays.worked(zone, today, self._now)
        return Fraction(passed, whole)

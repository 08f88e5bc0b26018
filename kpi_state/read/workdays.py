"""Working time: which days are worked, between which instants, and how much of a day or period has passed.

Working hours are local clock times, so a shift over a change of clocks is as long as it really is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from kpi_state.definitions import WEEKDAYS, Calendar
from kpi_state.read.zones import SECOND, at_local


class Workdays:
    """One calendar: the organisation's, or one that a rep's `calendar` names."""

    def __init__(self, calendar: Calendar) -> None:
        self._weekdays = frozenset(WEEKDAYS.index(day) for day in calendar.working_days)
        self._hours = tuple(_hours(text) for text in calendar.working_hours)
        self._countries = calendar.holidays
        self._added = _days(calendar.holidays_add)
        self._removed = _days(calendar.holidays_remove)
        self.length = lru_cache(1 << 14)(self._length)
        self.works = lru_cache(1 << 14)(self._works)

    def _works(self, day: int) -> bool:
        """Whether a day (ordinal) is worked. A holiday that is removed is none, whoever added it."""
        on = date.fromordinal(day)
        if on.weekday() not in self._weekdays:
            return False
        holiday = day in self._added or any(day in _holidays(country, on.year) for country in self._countries)
        return not holiday or day in self._removed

    def hours(self, zone: ZoneInfo, day: int) -> list[tuple[int, int]]:
        """The instants (microseconds) between which a day is worked."""
        if not self.works(day):
            return []
        return [(at_local(zone, day, start), at_local(zone, day, end)) for start, end in self._hours]

    def open(self, zone: ZoneInfo, day: int, now: int) -> bool:
        """Whether it is working time at an instant of a day."""
        return any(start <= now < end for start, end in self.hours(zone, day))

    def worked(self, zone: ZoneInfo, day: int, now: int) -> int:
        """Microseconds of a day's working time that have passed."""
        return sum(max(0, min(end, now) - start) for start, end in self.hours(zone, day))

    def _length(self, zone: ZoneInfo, first: int, following: int) -> int:
        """Microseconds of working time from a day to the day before another."""
        return sum(end - start for day in range(first, following) for start, end in self.hours(zone, day))


def _hours(text: str) -> tuple[int, int]:
    start, _, end = text.partition("-")
    return _time_of_day(start), _time_of_day(end)


def _time_of_day(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return (int(hours) * 60 + int(minutes)) * 60 * SECOND


def _days(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(date.fromisoformat(text).toordinal() for text in texts)


@lru_cache(1 << 10)
def _holidays(code: str, year: int) -> frozenset[int]:
    """The public holidays of a country (`NL`) or a part of one (`DE-BY`)."""
    from holidays import country_holidays  # noqa: PLC0415 - a quarter of a second that only who names a country pays

    country, _, part = code.partition("-")
    return frozenset(day.toordinal() for day in country_holidays(country, subdiv=part or None, years=year))

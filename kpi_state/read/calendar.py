"""The calendar of periods: day, ISO week, month, fiscal quarter and fiscal year, their names and bounds.

Days are proleptic ordinals. A fiscal year is named after the year in which it ends.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

PERIODS: Final = ("day", "week", "month", "fiscal_quarter", "fiscal_year")
_DAYS_OF_400_YEARS: Final = 146_097


class Period(NamedTuple):
    """A named run of days, from `first` to the day before `next`."""

    name: str
    first: int
    next: int


@lru_cache(maxsize=1 << 16)
def period(window: str, day: int, start_month: int) -> Period:
    """The period of a kind that holds a day; `start_month` is the fiscal year's."""
    on = date.fromordinal(day)
    if window == "day":
        return Period(on.isoformat(), day, day + 1)
    if window == "week":
        iso = on.isocalendar()
        monday = day - iso.weekday + 1
        return Period(f"{iso.year:04d}-W{iso.week:02d}", monday, monday + 7)
    if window == "month":
        return Period(on.isoformat()[:7], first_of(on.year, on.month), first_of(on.year, on.month + 1))
    into = (on.month - start_month) % 12  # whole months since the fiscal year began
    year = f"FY{on.year + (start_month > 1 and on.month >= start_month):04d}"
    if window == "fiscal_year":
        return Period(year, first_of(on.year, on.month - into), first_of(on.year, on.month - into + 12))
    if window == "fiscal_quarter":
        first = on.month - into % 3
        return Period(f"{year}-Q{into // 3 + 1}", first_of(on.year, first), first_of(on.year, first + 3))
    raise ValueError(f"{window!r} is not one of {', '.join(PERIODS)}")


def first_of(year: int, month: int) -> int:
    """The first day of a month; `month` counts on below 1 and above 12, and the year may lie outside the calendar."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if year < 1:
        return date(year + 400, month, 1).toordinal() - _DAYS_OF_400_YEARS
    if year > date.max.year:
        return date(year - 400, month, 1).toordinal() + _DAYS_OF_400_YEARS
    return date(year, month, 1).toordinal()

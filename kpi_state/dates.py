"""Plain dates in the organisation's zone, and whole months: all the calendar the write side knows."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kpi_state.buckets import QUARTER

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY: Final = date.max.toordinal()
MICROSECOND: Final = timedelta(microseconds=1)


def instant_text(time: int) -> str:
    """An instant in microseconds as RFC 3339 in UTC, with no more decimals than it has."""
    text = (EPOCH + timedelta(microseconds=time)).isoformat().removesuffix("+00:00")
    return (text.rstrip("0") if "." in text else text) + "Z"


def day_of(time: int, zone: str) -> int:
    """The date (ordinal) of an instant in a zone."""
    return _day(time // QUARTER, zone)


@lru_cache(1 << 16)
def _day(quarter: int, zone: str) -> int:
    return (EPOCH + timedelta(microseconds=quarter * QUARTER)).astimezone(ZoneInfo(zone)).toordinal()


@lru_cache(1 << 16)
def midnight(ordinal: int, zone: str) -> int:
    """The instant of 00:00 of a date in a zone, in microseconds."""
    start = datetime.combine(date.fromordinal(ordinal), datetime.min.time(), ZoneInfo(zone))
    return (start - EPOCH) // MICROSECOND


def add_months(ordinal: int, months: int) -> int:
    """The same day of the month some months on, at most its last; at most the last day there is."""
    start = date.fromordinal(ordinal)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > date.max.year:
        return LAST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def whole_months(start: int, end: int) -> int:
    """Months from a date to an exclusive end date; a rest of 15 days or more counts as one."""
    a, b = date.fromordinal(start), date.fromordinal(end)
    months = (b.year - a.year) * 12 + b.month - a.month
    while months > 0 and add_months(start, months) > end:
        months -= 1
    return months + 1 if end - add_months(start, months) >= 15 else months

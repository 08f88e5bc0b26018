"""Quiet hours: Alertmanager's intervals in which a team of a zone is told anything.

A second net: the rules themselves ring in working time alone, and know holidays and absences.
"""

from __future__ import annotations

from typing import Any, Final

from kpi_state.definitions import WEEKDAYS, Calendar

AFTER_MINUTES: Final = 30
"""What ends with the working day is told to have ended, so the quiet begins a little later."""
_DAY_MINUTES: Final = 24 * 60
_NAMES: Final = dict(
    zip(WEEKDAYS, ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True)
)


def interval_name(zone: str) -> str:
    """The name of a zone's interval."""
    return f"working hours in {zone}"


def interval(calendar: Calendar, zone: str) -> dict[str, Any]:
    """From the first hour that anybody works to the last, on days that anybody works, named calendars included."""
    calendars = [calendar, *calendar.named.values()]
    days = {day for each in calendars for day in each.working_days}
    bounds = [span.split("-") for each in calendars for span in each.working_hours]
    begin = min((_minutes(first) for first, _ in bounds), default=0)
    end = max((_minutes(last) for _, last in bounds), default=_DAY_MINUTES)
    hours = {"start_time": _clock(begin), "end_time": _clock(min(end + AFTER_MINUTES, _DAY_MINUTES))}
    return {
        "name": interval_name(zone),
        "time_intervals": [
            {"weekdays": [_NAMES[day] for day in WEEKDAYS if day in days], "times": [hours], "location": zone}
        ],
    }


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

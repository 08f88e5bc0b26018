"""Windows of time a KPI is read over, by name.

`hour` and the periods of the calendar page through local time; `rolling_<n>d` are whole local days including today;
`rolling_<n>h` are the running quarter hour and those before it, so `rolling_1h` covers 45 to 60 minutes; `now` and
`to_date` are what their reading makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from kpi_state.buckets import QUARTER
from kpi_state.read.calendar import PERIODS
from kpi_state.read.zones import DAY, EPOCH_DAY, HOUR, offset_text, within

QUARTERS_AN_HOUR: Final = 4
_ROLLING: Final = re.compile(r"rolling_([1-9][0-9]{0,4})([dh])")


class Windows(NamedTuple):
    """The windows of one KPI, by how they are kept."""

    hour: bool
    periods: tuple[str, ...]
    days: dict[str, int]
    """rolling window → its days."""
    quarters: dict[str, int]
    """rolling window → its quarter hours."""


def windows(names: Iterable[str]) -> Windows:
    """Sort the names of windows; those of a moment (`now`, `to_date`) are no business of this page."""
    kept = Windows(hour=False, periods=(), days={}, quarters={})
    for name in names:
        rolling = _ROLLING.fullmatch(name)
        if name == "hour":
            kept = kept._replace(hour=True)
        elif name in PERIODS:
            kept = kept._replace(periods=(*kept.periods, name))
        elif rolling and rolling[2] == "d":
            kept.days[name] = int(rolling[1])
        elif rolling:
            kept.quarters[name] = QUARTERS_AN_HOUR * int(rolling[1])
    return kept


def suits(name: str, reading: str) -> bool:
    """Whether settings may add a window to a KPI of a reading: any to sums, those of whole days to spans and people."""
    if reading not in {"sums", "spans", "retention", "ramp"}:
        return False
    asked = windows([name])
    return bool(asked.periods or asked.days) or (reading == "sums" and bool(asked.hour or asked.quarters))


def clock_quarter(time: int, ahead: int) -> int:
    """The quarter hour that clocks show at an instant where they are `ahead` microseconds of UTC, 0 to 95."""
    return (time + ahead) % DAY // QUARTER


def hour_named(quarter: int, ahead: int) -> tuple[int, str]:
    """(local day, bucket) of the local hour that holds a UTC quarter hour where clocks are `ahead` microseconds of UTC.

    The offset is part of the name, `2011-10-30T02:00+02:00`: the hour that happens twice in October is two.
    """
    local = quarter * QUARTER + ahead
    day = within(local // DAY + EPOCH_DAY)
    return day, f"{date.fromordinal(day).isoformat()}T{local % DAY // HOUR:02d}:00{offset_text(ahead)}"

"""Local time in whole numbers: the calendar day, the midnight and the offset of a zone at an instant.

Instants are microseconds since 1970 UTC, days are proleptic ordinals. Years 1 and 9999 are ordinary input ("no date" of
many a CRM), so nothing here may overflow: a day before the first or after the last one of the calendar is that one.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, cast
from zoneinfo import ZoneInfo

SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
LAST_DAY: Final = date.max.toordinal()

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Two days from the ends of the calendar, where a conversion would leave it: no zone changes its offset there.
_FIRST_INSTANT: Final = (3 - EPOCH_DAY) * DAY
_LAST_INSTANT: Final = (LAST_DAY - 2 - EPOCH_DAY) * DAY


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone of this name, or None: events may carry any text."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name at all; a folder such as "Europe"
        return None


def offset(zone: ZoneInfo, time: int) -> int:
    """Microseconds that local clocks are ahead of UTC at an instant."""
    instant = _EPOCH + timedelta(microseconds=min(max(time, _FIRST_INSTANT), _LAST_INSTANT))
    return cast("timedelta", instant.astimezone(zone).utcoffset()) // _MICROSECOND


def day_at(zone: ZoneInfo, time: int) -> int:
    """The local day of an instant."""
    return within((time + offset(zone, time)) // DAY + EPOCH_DAY)


def within(day: int) -> int:
    """The nearest day of the calendar."""
    return min(max(day, 1), LAST_DAY)


def at_local(zone: ZoneInfo, day: int, time_of_day: int) -> int:
    """The instant when local clocks first show a time of the day (microseconds); if they skip it, the moment they do.

    `time_of_day` may be a whole day, which is the next midnight.
    """
    day, time_of_day = within(day + time_of_day // DAY), time_of_day % DAY
    shown = datetime.fromordinal(day) + time_of_day * _MICROSECOND
    local = (day - EPOCH_DAY) * DAY + time_of_day
    first, second = (
        local - cast("timedelta", zone.utcoffset(shown.replace(fold=fold))) // _MICROSECOND for fold in (0, 1)
    )
    if first <= second:
        return first
    after = offset(zone, first)
    return second + bisect_left(range(second, first), True, key=lambda time: offset(zone, time) == after)


@lru_cache(maxsize=1 << 15)
def midnight(zone: ZoneInfo, day: int) -> int:
    """The instant at which a local day begins: not always at 00:00, some clocks skip that."""
    return at_local(zone, day, 0)


def offset_text(ahead: int) -> str:
    """An offset as RFC 3339 writes it, `+05:45`; with seconds where a zone of old had them."""
    minutes, seconds = divmod(abs(ahead) // SECOND, 60)
    text = f"{'-' if ahead < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text

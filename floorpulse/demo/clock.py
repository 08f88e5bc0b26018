"""The clock of the simulated floor: a past working day at many times real speed, nights and weekends left out."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from floorpulse.demo.floor import is_working_day, opening_instant
from floorpulse.demo.people import HEAD_OFFICE
from floorpulse.demo.wire import HOUR, SECOND

SESSION: Final = 9 * HOUR + HOUR // 2
"""From the opening until everybody has gone home, in microseconds."""
ROOM_SECONDS: Final = 3_600
"""How long a show can go on, in real seconds, before the floor's clock has caught up with the real one."""


def working_days_after(day: date, count: int) -> date:
    """The working day that is `count` working days after a day; before it, when negative."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        if is_working_day(day):
            count -= 1 if count > 0 else -1
    return day


def show_day(today: date, speed: float) -> date:
    """The past working day on which a show begins, so far back that an hour of it fits before today."""
    return working_days_after(today, -(int(ROOM_SECONDS * SECOND * speed // SESSION) + 1))


def last_opening(now: int) -> date:
    """The newest working day that has opened by an instant, given in microseconds since 1970."""
    day = datetime.fromtimestamp(now / SECOND, HEAD_OFFICE).date()
    while not is_working_day(day) or opening_instant(day) > now:
        day -= timedelta(days=1)
    return day


class FloorClock(NamedTuple):
    """A clock that begins at the opening of `day` and runs `speed` times as fast as the real one."""

    day: date
    speed: float

    def at(self, elapsed_seconds: float, real_now: int) -> int:
        """The floor's time after so many real seconds, in microseconds since 1970; never after the real now."""
        sessions, rest = divmod(int(elapsed_seconds * self.speed * SECOND), SESSION)
        if sessions and opening_instant(self.day) + sessions * SESSION > real_now:  # it was caught up long ago
            return real_now
        return min(opening_instant(working_days_after(self.day, sessions)) + rest, real_now)


def real_now() -> int:
    """The real time in microseconds since 1970."""
    return (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

from datetime import UTC, date, datetime, timedelta

from floorpulse.demo.clock import (
    ROOM_SECONDS,
    SESSION,
    FloorClock,
    last_opening,
    real_now,
    show_day,
    working_days_after,
)
from floorpulse.demo.floor import opening_instant
from floorpulse.demo.people import HEAD_OFFICE
from floorpulse.demo.wire import DAY, HOUR, MINUTE, SECOND, moment

TUESDAY, FRIDAY = date(2026, 3, 24), date(2026, 3, 27)
MUCH_LATER = opening_instant(date(2026, 6, 1))


def test_a_show_begins_at_a_quarter_to_nine_at_the_head_office() -> None:
    clock = FloorClock(TUESDAY, 60)

    assert moment(clock.at(0, MUCH_LATER), HEAD_OFFICE) == "2026-03-24T08:45:00.000+01:00"


def test_a_second_is_as_many_seconds_as_the_speed_says() -> None:
    clock = FloorClock(TUESDAY, 60)

    assert clock.at(90, MUCH_LATER) == opening_instant(TUESDAY) + 90 * MINUTE


def test_nights_and_weekends_are_left_out() -> None:
    clock = FloorClock(FRIDAY, 60)
    whole_day = SESSION / SECOND / 60

    assert clock.at(whole_day - 1, MUCH_LATER) == opening_instant(FRIDAY) + SESSION - MINUTE
    assert clock.at(whole_day, MUCH_LATER) == opening_instant(date(2026, 3, 30))


def test_the_clock_never_passes_the_real_one() -> None:
    now = opening_instant(TUESDAY) + 2 * HOUR
    clock = FloorClock(TUESDAY, 3_600)

    assert [clock.at(seconds, now) for seconds in (2, 3, 1_000_000)] == [now] * 3


def test_the_clock_never_goes_back() -> None:
    clock = FloorClock(FRIDAY, 600)
    now = opening_instant(date(2026, 4, 3))

    times = [clock.at(seconds / 4, now + seconds * SECOND // 4) for seconds in range(4_000)]

    assert times == sorted(times)


def test_working_days_are_counted_both_ways_over_a_weekend() -> None:
    assert working_days_after(FRIDAY, 1) == date(2026, 3, 30)
    assert working_days_after(date(2026, 3, 30), -1) == FRIDAY
    assert working_days_after(date(2026, 3, 29), -1) == FRIDAY
    assert working_days_after(TUESDAY, 0) == TUESDAY


def test_a_show_begins_on_a_past_working_day_with_an_hour_of_room() -> None:
    for offset in range(7):
        today = TUESDAY + timedelta(days=offset)
        for speed in (1, 60, 600):
            day = show_day(today, speed)
            midnight = opening_instant(today) - 8 * HOUR

            assert day.weekday() < 5
            assert day < today
            assert FloorClock(day, speed).at(ROOM_SECONDS - 1, midnight + DAY) < midnight


def test_the_real_now_is_in_microseconds_since_1970() -> None:
    before, now, after = datetime.now(UTC).timestamp(), real_now(), datetime.now(UTC).timestamp()

    assert int(before * SECOND) - 1 <= now <= after * SECOND + 1


def test_the_newest_opening_is_todays_from_a_quarter_to_nine_on_and_fridays_at_the_weekend() -> None:
    opens, saturday = opening_instant(FRIDAY), opening_instant(date(2026, 3, 28))

    assert [last_opening(now) for now in (opens - 1, opens, saturday)] == [date(2026, 3, 26), FRIDAY, FRIDAY]

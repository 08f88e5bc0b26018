from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.dates import LAST_DAY, add_months, day_of, midnight, whole_months
from tests.told import at, on

ZONES = ("UTC", "Europe/Amsterdam", "America/Sao_Paulo", "Asia/Kathmandu", "America/St_Johns")
DAYS = st.dates(date(1980, 1, 1), date(2100, 1, 1)).map(date.toordinal)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2024-01-05 23:59", "UTC", "2024-01-05"),
        ("2024-01-05 23:00", "Europe/Amsterdam", "2024-01-06"),
        ("2024-01-05 22:59", "Europe/Amsterdam", "2024-01-05"),
        ("2024-01-05 18:15", "Asia/Kathmandu", "2024-01-06"),
        ("2024-01-05 18:14", "Asia/Kathmandu", "2024-01-05"),
        ("2011-12-30 09:59", "Pacific/Apia", "2011-12-29"),
        ("2011-12-30 10:00", "Pacific/Apia", "2011-12-31"),  # there was no 30 December 2011 on Samoa
        ("1969-12-31 23:59", "UTC", "1969-12-31"),
    ],
)
def test_an_instant_has_the_date_of_the_clocks_of_its_zone(instant: str, zone: str, day: str) -> None:
    assert day_of(at(instant), zone) == on(day)


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2024-01-06", "UTC", "2024-01-06 00:00"),
        ("2024-01-06", "Europe/Amsterdam", "2024-01-05 23:00"),
        ("2024-07-06", "Europe/Amsterdam", "2024-07-05 22:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04 03:00"),  # clocks went from 00:00 to 01:00
        ("2018-02-18", "America/Sao_Paulo", "2018-02-18 03:00"),  # the hour before midnight came twice
    ],
)
def test_a_day_begins_at_its_midnight_or_when_the_clocks_jump_over_it(day: str, zone: str, instant: str) -> None:
    assert midnight(on(day), zone) == at(instant)


@given(DAYS, st.sampled_from(ZONES))
def test_a_day_lasts_from_its_midnight_to_the_next(day: int, zone: str) -> None:
    assert day_of(midnight(day, zone), zone) == day
    assert day_of(midnight(day + 1, zone) - 1, zone) == day


def test_a_day_that_a_zone_left_out_begins_and_ends_with_the_next() -> None:
    assert midnight(on("2011-12-30"), "Pacific/Apia") == midnight(on("2011-12-31"), "Pacific/Apia")


@given(st.integers(at("1980-01-01 00:00"), at("2100-01-01 00:00") * 2), st.sampled_from((*ZONES, "Pacific/Apia")))
def test_quarter_hours_are_fine_enough_for_dates(time: int, zone: str) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)

    assert day_of(time, zone) == moment.astimezone(ZoneInfo(zone)).toordinal()


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2024-01-15", 0, "2024-01-15"),
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2024-12-31", 24, "2026-12-31"),
        ("9999-06-30", 6, "9999-12-30"),
        ("9999-06-30", 7, "9999-12-31"),
        ("2024-01-01", 10**6, "9999-12-31"),
    ],
)
def test_months_later_is_the_same_day_of_the_month_at_most_its_last(start: str, months: int, day: str) -> None:
    assert add_months(on(start), months) == on(day)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-01-01", "2024-01-01", 0),
        ("2024-01-01", "2024-01-15", 0),
        ("2024-01-01", "2024-01-16", 1),  # a rest of 15 days
        ("2024-01-01", "2025-01-01", 12),
        ("2024-01-01", "2024-12-31", 12),  # 11 months and 30 days
        ("2024-01-31", "2024-02-29", 1),
        ("2024-01-31", "2024-03-30", 2),  # 1 month and 30 days
        ("2024-01-15", "2024-03-14", 2),  # 1 month and 28 days
        ("2024-01-15", "2024-02-29", 1),  # 1 month and 14 days
        ("2024-01-15", "2024-03-01", 2),  # 1 month and 15 days
        ("2024-12-15", "2025-01-10", 1),  # 26 days over the turn of the year
        ("2024-12-31", "2025-01-01", 0),
    ],
)
def test_whole_months_count_a_rest_of_15_days_as_one(start: str, end: str, months: int) -> None:
    assert whole_months(on(start), on(end)) == months


@given(DAYS, st.integers(0, 400))
def test_whole_months_undo_adding_months(start: int, months: int) -> None:
    assert whole_months(start, add_months(start, months)) == months


def test_the_last_day_is_the_last_there_is() -> None:
    assert date.fromordinal(LAST_DAY) == date.max

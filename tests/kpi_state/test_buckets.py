from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from kpi_state.buckets import HOUR, NO_BUCKET, QUARTER, Amounts, Contributions, add, day, instant, quarter, span
from tests.told import at, on


@pytest.mark.parametrize(
    ("time", "number"),
    [(0, 0), (QUARTER - 1, 0), (QUARTER, 1), (-1, -1), (-QUARTER, -1), (-QUARTER - 1, -2), (4 * QUARTER, 4)],
)
def test_a_quarter_hour_holds_its_first_microsecond_and_not_its_end(time: int, number: int) -> None:
    assert quarter(time) == ("Q", number, 0)


def test_an_hour_is_four_quarters() -> None:
    assert {quarter(at("2024-01-05 10:00") + minute * 60_000_000)[1] % 4 for minute in range(60)} == {0, 1, 2, 3}
    assert HOUR == 3_600_000_000


def test_every_zone_is_a_whole_number_of_quarter_hours_from_utc_since_1980() -> None:
    moments = [datetime(year, month, 1) for year in range(1980, 2038) for month in (1, 7)]  # noqa: DTZ001 - any zone's

    offsets = {ZoneInfo(zone).utcoffset(moment) for zone in available_timezones() for moment in moments}

    assert {offset % timedelta(minutes=15) for offset in offsets if offset is not None} == {timedelta()}
    assert timedelta(hours=5, minutes=45) in offsets


def test_a_day_is_the_date_itself() -> None:
    assert day(on("2024-02-29")) == ("D", 738_945, 0)


def test_an_interval_has_its_end_or_none() -> None:
    assert span(5, 9) == ("I", 5, 9)
    assert span(5, None) == ("I", 5, 0)


def test_an_instant_keeps_its_microsecond() -> None:
    assert instant(-7) == ("X", -7, 0)


def test_several_things_add_up_in_one_cell() -> None:
    contributions: Contributions = {}
    cell = ("m", "r", NO_BUCKET, ())

    add(contributions, cell, (1, 5))
    add(contributions, cell, (2, -7))
    add(contributions, ("m", "other", NO_BUCKET, ()), (9, 9))

    assert contributions == {cell: (3, -2), ("m", "other", NO_BUCKET, ()): (9, 9)}


def test_amounts_are_added_place_by_place() -> None:
    sums: dict[int, Amounts] = {}
    add(sums, 7, (1, 2))
    add(sums, 7, (3, -2))

    assert sums == {7: (4, 0)}


def test_a_sum_stays_when_it_is_zero() -> None:
    sums: dict[str, Amounts] = {"a": (1, 2)}

    add(sums, "a", (-1, -2))
    add(sums, "b", (3, 4))

    assert sums == {"a": (0, 0), "b": (3, 4)}

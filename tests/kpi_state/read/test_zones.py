from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.read.zones import DAY, EPOCH_DAY, LAST_DAY, at_local, day_at, midnight, offset, offset_text, zone_named
from tests.kpi_state.read.floor import on, us

ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "Asia/Kathmandu",  # +05:45
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",  # -03:30, and changed at 00:01 until 2011
    "America/Sao_Paulo",  # changed at midnight until 2018
    "America/Toronto",  # skipped 23:30 to 00:30 in 1919
    "Pacific/Apia",  # had no 2011-12-30
    "Africa/Monrovia",  # -00:44:30 until 1972
]
MINUTE = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(us("1900-01-01"), us("2100-01-01"))


@given(zone=st.sampled_from(ZONES), time=INSTANTS)
@example(zone="Pacific/Apia", time=us("2011-12-30T10:00"))
@example(zone="America/St_Johns", time=us("2010-11-07T02:30:30"))
def test_the_local_day_is_that_of_the_standard_library(zone: str, time: int) -> None:
    local = (EPOCH + timedelta(microseconds=time)).astimezone(ZoneInfo(zone))

    assert day_at(ZoneInfo(zone), time) == local.toordinal()
    assert timedelta(microseconds=offset(ZoneInfo(zone), time)) == local.utcoffset()


@given(zone=st.sampled_from(ZONES), day=st.integers(on("1900-01-02"), on("2100-01-01")))
@example(zone="America/Toronto", day=on("1919-03-31"))
@example(zone="Pacific/Apia", day=on("2011-12-30"))
@example(zone="America/Sao_Paulo", day=on("2018-11-04"))
@example(zone="America/St_Johns", day=on("2010-11-07"))
def test_a_day_begins_at_its_midnight_and_not_a_microsecond_before(zone: str, day: int) -> None:
    begins = midnight(ZoneInfo(zone), day)

    assert day_at(ZoneInfo(zone), begins) >= day
    assert day_at(ZoneInfo(zone), begins - 1) < day


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        pytest.param("Asia/Kathmandu", "2024-05-01", "2024-04-30T18:15", id="a quarter-hour zone"),
        pytest.param("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", id="midnight is skipped"),
        pytest.param("America/Toronto", "1919-03-31", "1919-03-31T04:30", id="half an hour around midnight is skipped"),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", id="the whole day is skipped"),
    ],
)
def test_where_days_begin(zone: str, day: str, begins: str) -> None:
    assert midnight(ZoneInfo(zone), on(day)) == us(begins)


def test_days_of_23_and_25_hours_are_as_long() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    lengths = {
        day: (midnight(zone, on(day) + 1) - midnight(zone, on(day))) // (60 * MINUTE)
        for day in ("2011-03-27", "2011-03-28", "2011-10-30")
    }

    assert lengths == {"2011-03-27": 23, "2011-03-28": 24, "2011-10-30": 25}


def test_a_time_that_clocks_show_twice_is_the_first_and_one_they_skip_is_when_they_do() -> None:
    zone = ZoneInfo("Europe/Amsterdam")

    assert at_local(zone, on("2011-10-30"), 150 * MINUTE) == us("2011-10-30T02:30+02:00")
    assert at_local(zone, on("2011-03-27"), 150 * MINUTE) == us("2011-03-27T01:00")
    assert at_local(zone, on("2011-03-27"), DAY) == us("2011-03-28T00:00+02:00")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_overflow_nowhere(zone: str) -> None:
    first, last = (1 - EPOCH_DAY) * DAY, (LAST_DAY + 1 - EPOCH_DAY) * DAY - 1

    assert day_at(ZoneInfo(zone), first) == 1
    assert day_at(ZoneInfo(zone), last) == LAST_DAY
    assert midnight(ZoneInfo(zone), 1) < first + DAY
    assert midnight(ZoneInfo(zone), LAST_DAY + 1) == midnight(ZoneInfo(zone), LAST_DAY)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "Europe", "../etc/passwd", "/etc/localtime", "a\0b", "Ümlaut"])
def test_a_name_of_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def test_offsets_are_written_like_rfc_3339() -> None:
    assert offset_text(us("1970-01-01T05:45")) == "+05:45"
    assert offset_text(-210 * MINUTE) == "-03:30"
    assert offset_text(0) == "+00:00"
    assert offset_text(-2670 * 1_000_000) == "-00:44:30"

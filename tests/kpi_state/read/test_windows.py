import pytest

from kpi_state.measures.registry import ALL
from kpi_state.read.windows import hour_named, suits, windows
from kpi_state.read.zones import offset, zone_named
from tests.kpi_state.read.floor import on, us


@pytest.mark.parametrize(
    ("zone", "time", "day", "hour"),
    [
        pytest.param("Europe/Amsterdam", "2011-10-30T00:45", "2011-10-30", "2011-10-30T02:00+02:00", id="02 in summer"),
        pytest.param("Europe/Amsterdam", "2011-10-30T01:00", "2011-10-30", "2011-10-30T02:00+01:00", id="02 in winter"),
        pytest.param("Asia/Kolkata", "2024-06-01T04:30", "2024-06-01", "2024-06-01T10:00+05:30", id="half-hour zone"),
        pytest.param(
            "Asia/Kathmandu", "2024-06-01T18:15", "2024-06-02", "2024-06-02T00:00+05:45", id="quarter-hour zone"
        ),
        pytest.param(
            "America/St_Johns", "2024-01-01T03:15", "2023-12-31", "2023-12-31T23:00-03:30", id="west of Greenwich"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2024-04-06T15:00", "2024-04-07", "2024-04-07T01:00+10:30", id="half an hour twice"
        ),
        pytest.param(
            "Africa/Monrovia", "1970-01-01T00:45", "1970-01-01", "1970-01-01T00:00-00:44:30", id="a zone of old"
        ),
    ],
)
def test_hours_are_those_of_local_clocks_with_their_offset(zone: str, time: str, day: str, hour: str) -> None:
    found = zone_named(zone)
    assert found is not None

    assert hour_named(us(time) // 900_000_000, offset(found, us(time))) == (on(day), hour)


def test_windows_are_sorted_by_how_they_are_kept() -> None:
    names = ["hour", "day", "fiscal_year", "rolling_1h", "rolling_7d", "rolling_90d", "now", "to_date"]

    assert windows(names) == (True, ("day", "fiscal_year"), {"rolling_7d": 7, "rolling_90d": 90}, {"rolling_1h": 4})


def test_two_kpis_do_not_share_their_windows() -> None:
    windows(["rolling_7d"])

    assert windows([]) == (False, (), {}, {})


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_settings_may_add_what_suits_the_reading(kpi: object) -> None:
    reading = kpi.reading  # type: ignore[attr-defined]
    by_day = [
        name
        for name in ("day", "week", "month", "fiscal_quarter", "fiscal_year", "rolling_30d")
        if suits(name, reading)
    ]
    by_hour = [name for name in ("hour", "rolling_1h", "rolling_12h") if suits(name, reading)]

    assert len(by_day) == (0 if reading in {"ages", "standing", "lifetime"} else 6)
    assert len(by_hour) == (3 if reading == "sums" else 0)


@pytest.mark.parametrize(
    "name", ["now", "to_date", "rolling_0d", "rolling_007d", "rolling_d", "rolling_7w", "fortnight", ""]
)
def test_settings_may_add_nothing_else(name: str) -> None:
    assert not suits(name, "sums")

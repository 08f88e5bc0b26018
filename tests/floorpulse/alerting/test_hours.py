import pytest

from floorpulse.alerting.hours import interval, interval_name
from kpi_state.definitions import Calendar


def test_a_team_is_told_from_the_first_hour_anybody_works_until_a_little_after_the_last() -> None:
    support = Calendar(working_days=("sat",), working_hours=("08:00-12:00",))
    calendar = Calendar(named={"support": support})

    assert interval(calendar, "Europe/Amsterdam") == {
        "name": "working hours in Europe/Amsterdam",
        "time_intervals": [
            {
                "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
                "times": [{"start_time": "08:00", "end_time": "18:00"}],
                "location": "Europe/Amsterdam",
            }
        ],
    }
    assert interval_name("Europe/Amsterdam") == "working hours in Europe/Amsterdam"


@pytest.mark.parametrize("hours", [("00:00-24:00",), ("00:00-23:45",), ()])
def test_a_day_ends_at_midnight(hours: tuple[str, ...]) -> None:
    (only,) = interval(Calendar(working_hours=hours), "UTC")["time_intervals"]

    assert only["times"] == [{"start_time": "00:00", "end_time": "24:00"}]

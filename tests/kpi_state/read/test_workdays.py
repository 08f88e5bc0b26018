from zoneinfo import ZoneInfo

import pytest

from kpi_state.definitions import Calendar
from kpi_state.read.workdays import Workdays
from tests.kpi_state.read.floor import on, us

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        pytest.param(Calendar(), "2024-05-17", True, id="a Friday"),
        pytest.param(Calendar(), "2024-05-18", False, id="a Saturday"),
        pytest.param(Calendar(working_days=("sat",)), "2024-05-18", True, id="a Saturday that is worked"),
        pytest.param(Calendar(holidays=("NL",)), "2024-12-25", False, id="a public holiday"),
        pytest.param(Calendar(holidays=("NL",)), "2023-04-27", False, id="a holiday of one country"),
        pytest.param(Calendar(holidays=("DE",)), "2023-04-27", True, id="is none in another"),
        pytest.param(Calendar(holidays=("DE", "NL")), "2023-04-27", False, id="unless both are named"),
        pytest.param(Calendar(holidays=("DE",)), "2024-01-06", False, id="a Saturday anyway"),
        pytest.param(Calendar(holidays=("DE-BY",)), "2025-01-06", False, id="a holiday of a part of a country"),
        pytest.param(Calendar(holidays=("DE",)), "2025-01-06", True, id="is none in the whole of it"),
        pytest.param(Calendar(holidays_add=("2024-05-17",)), "2024-05-17", False, id="an added holiday"),
        pytest.param(
            Calendar(holidays=("NL",), holidays_remove=("2024-12-25",)), "2024-12-25", True, id="a removed one"
        ),
        pytest.param(
            Calendar(holidays_add=("2024-05-17",), holidays_remove=("2024-05-17",)),
            "2024-05-17",
            True,
            id="added, removed",
        ),
        pytest.param(Calendar(holidays_remove=("2024-05-18",)), "2024-05-18", False, id="a weekend cannot be removed"),
    ],
)
def test_which_days_are_worked(calendar: Calendar, day: str, works: bool) -> None:
    assert Workdays(calendar).works(on(day)) == works


def test_a_day_has_the_hours_of_the_calendar_in_local_time() -> None:
    hours = Workdays(Calendar(working_hours=("09:00-12:30", "13:00-24:00"))).hours(AMSTERDAM, on("2024-05-17"))

    assert hours == [
        (us("2024-05-17T09:00+02:00"), us("2024-05-17T12:30+02:00")),
        (us("2024-05-17T13:00+02:00"), us("2024-05-18T00:00+02:00")),
    ]


@pytest.mark.parametrize(
    ("now", "hours"),
    [("08:59", 0), ("09:00", 0), ("10:00", 1), ("12:30", 3.5), ("12:45", 3.5), ("13:15", 3.75), ("18:00", 8)],
)
def test_working_time_passes_while_people_work(now: str, hours: float) -> None:
    worked = Workdays(Calendar()).worked(AMSTERDAM, on("2024-05-17"), us(f"2024-05-17T{now}+02:00"))

    assert worked == hours * HOUR


def test_a_night_shift_is_an_hour_longer_or_shorter_when_clocks_change() -> None:
    nights = Workdays(Calendar(working_days=("sat", "sun", "mon"), working_hours=("00:00-08:00",)))

    lengths = [
        nights.length(AMSTERDAM, on(day), on(day) + 1) / HOUR for day in ("2011-03-27", "2011-03-28", "2011-10-30")
    ]

    assert lengths == [7, 8, 9]


def test_a_period_is_as_long_as_its_working_days() -> None:
    assert Workdays(Calendar()).length(AMSTERDAM, on("2024-05-13"), on("2024-05-20")) == 40 * HOUR
    assert Workdays(Calendar()).length(AMSTERDAM, on("2024-05-18"), on("2024-05-20")) == 0

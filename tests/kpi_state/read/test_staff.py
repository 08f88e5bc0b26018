from zoneinfo import ZoneInfo

import pytest

from kpi_state.definitions import Calendar
from kpi_state.read.pace import Calendars
from kpi_state.read.roster import Roster
from kpi_state.read.staff import Colleague, staff
from tests.kpi_state.read.floor import Floor, on, us

CALENDARS = Calendars(Calendar(named={"weekend": Calendar(working_days=("sat", "sun"))}))


def colleagues(floor: Floor, now: str, *away: str) -> dict[str, Colleague]:
    roster = Roster(ZoneInfo("Europe/Amsterdam"), {})
    for kind, rep in floor.statements():
        roster.put(rep, floor.row(kind, rep))
    roster.advance(us(now))
    days = {"r1": [range(on(day), on(day) + 1) for day in away]}
    return {each.rep: each for each in staff(CALENDARS, roster, days, us(now))}


def test_the_staff_are_those_who_are_employed_where_they_are_today_in_the_order_of_their_ids() -> None:
    floor = Floor()
    floor.rep("r3", last_day="2024-05-16", first_day="2020-01-01", timezone="Asia/Tokyo")
    floor.rep("r2", last_day="2024-05-16", first_day="2020-01-01", timezone="America/New_York", team="A")
    floor.rep("r1")

    found = colleagues(floor, "2024-05-17T01:00")

    assert [(each.rep, each.team, each.zone.key, each.today) for each in found.values()] == [
        ("r1", "", "Europe/Amsterdam", on("2024-05-17")),
        ("r2", "A", "America/New_York", on("2024-05-16")),
    ]


@pytest.mark.parametrize(
    ("calendar", "day", "away", "works"),
    [
        (None, "2024-05-17", (), True),
        (None, "2024-05-17", ("2024-05-16", "2024-05-18"), True),
        (None, "2024-05-17", ("2024-05-17",), False),
        (None, "2024-05-18", (), False),
        ("weekend", "2024-05-18", (), True),
        ("weekend", "2024-05-17", (), False),
        ("lost", "2024-05-17", (), True),
    ],
)
def test_who_is_there_on_a_working_day_works_today(
    calendar: str | None, day: str, away: tuple[str, ...], works: bool
) -> None:
    floor = Floor()
    floor.rep("r1", calendar=calendar)

    found = colleagues(floor, f"{day}T12:00", *away)["r1"]

    assert found.works_today == works
    assert found.absent == (day in away)

from collections.abc import Mapping
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from kpi_state.definitions import Calendar
from kpi_state.read.pace import Calendars, Pace
from kpi_state.read.roster import Roster
from tests.kpi_state.read.floor import Floor, on, us

SUPPORT = Calendar(working_days=("sat",), working_hours=("10:00-20:00",))
AMSTERDAM, TOKYO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Asia/Tokyo")


def pace(now: str, away: Mapping[str, list[range]] | None = None, **said: str) -> Pace:
    """Of rep r1, of whom this is said."""
    floor = Floor()
    floor.rep("r1", **said)
    roster = Roster(AMSTERDAM, {})
    roster.put("r1", floor.row("rep", "r1"))
    roster.advance(us(now))
    return Pace(Calendars(Calendar(named={"support": SUPPORT})), roster, away or {}, us(now))


def away(*days: tuple[str, str]) -> dict[str, list[range]]:
    return {"r1": [range(on(first), on(last) + 1) for first, last in days]}


@pytest.mark.parametrize(
    ("now", "hours"),
    [("08:00", 0), ("09:00", 0), ("10:30", 1.5), ("12:45", 3.5), ("15:00", 5.5), ("17:30", 8), ("23:59", 8)],
)
def test_a_day_passes_with_its_working_hours(now: str, hours: float) -> None:
    assert pace(f"2024-05-17T{now}+02:00").of_rep("r1", "day") == Fraction(hours) / 8


@pytest.mark.parametrize(
    ("window", "passed", "whole"),
    [("week", 4, 5), ("month", 12, 23), ("fiscal_quarter", 34, 65), ("fiscal_year", 99, 262)],
)
def test_a_period_passes_with_its_working_days(window: str, passed: int, whole: int) -> None:
    assert pace("2024-05-17T08:00+02:00").of_rep("r1", window) == Fraction(passed, whole)


def test_a_day_without_working_time_has_no_pace() -> None:
    assert pace("2024-05-18T12:00").of_rep("r1", "day") is None


def test_a_rep_works_by_the_named_calendar_where_the_rep_is() -> None:
    assert pace("2024-05-18T11:00+09:00", calendar="support", timezone="Asia/Tokyo").of_rep("r1", "day") == Fraction(
        1, 10
    )
    assert pace("2024-05-17T11:00+09:00", calendar="support", timezone="Asia/Tokyo").of_rep("r1", "day") is None


def test_who_names_an_unknown_calendar_works_like_everybody() -> None:
    assert pace("2024-05-17T13:00+02:00", calendar="lost").of_rep("r1", "day") == Fraction(7, 16)


def test_days_of_absence_add_nothing_even_when_named_twice() -> None:
    absent = away(("2024-05-11", "2024-05-14"), ("2024-05-14", "2024-05-14"))

    assert pace("2024-05-17T18:00+02:00", absent).of_rep("r1", "week") == Fraction(3, 5)
    assert pace("2024-05-14T18:00+02:00", absent).of_rep("r1", "week") == 0
    assert pace("2024-05-14T18:00+02:00", absent).of_rep("r1", "day") is None


def test_who_is_away_today_is_expected_what_was_due_yesterday() -> None:
    assert pace("2024-05-17T13:00+02:00", away(("2024-05-17", "2024-12-31"))).of_rep("r1", "week") == Fraction(4, 5)


def test_an_absence_for_ever_is_cut_to_the_window() -> None:
    assert pace("2024-05-17T13:00+02:00", {"r1": [range(1, on("9999-12-31") + 2)]}).of_rep("r1", "fiscal_year") is None


def test_everybody_works_by_the_organisations_calendar_in_a_zone() -> None:
    found = pace("2024-05-17T02:00", calendar="support")

    assert found.of_everybody(TOKYO, "day") == Fraction(1, 4)
    assert found.of_everybody(AMSTERDAM, "day") == 0

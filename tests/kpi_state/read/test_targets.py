"""What is expected of whom, and how much of it by now."""

from fractions import Fraction
from typing import Any

import pytest

from kpi_state.definitions import Calendar
from kpi_state.read.targets import Goal
from tests.kpi_state.read.floor import Floor, settings_of, us

FRIDAY_NOON = "2024-05-17T10:30+02:00"
"""Hour and a half of eight worked."""


def floor_of(zone: str = "Europe/Amsterdam", **kept: Any) -> Floor:
    floor = Floor(settings_of(zone, **{"targets": {"touchpoints.day": 60}, **kept}))
    floor.rep("r1", team="A")
    floor.rep("r2", team="A")
    floor.rep("r3")
    return floor


def goals(floor: Floor, now: str = FRIDAY_NOON, kpi: str = "touchpoints", window: str = "day") -> dict[str, Any]:
    """Who → (target, expected by now)."""
    found = [goal for goal in floor.reader.goals(us(now)) if (goal.kpi, goal.window) == (kpi, window)]
    return {_who(goal): (float(goal.target), None if goal.expected is None else float(goal.expected)) for goal in found}


def _who(goal: Goal) -> str:
    return "*" if goal.grain == "org" else f"{goal.grain}:{goal.key}"


def test_a_count_is_expected_of_each_rep_and_adds_up() -> None:
    share = 1.5 / 8

    assert goals(floor_of()) == {
        "rep:r1": (60, 60 * share),
        "rep:r2": (60, 60 * share),
        "rep:r3": (60, 60 * share),
        "team:A": (120, 120 * share),
        "*": (180, 180 * share),
    }


def test_a_target_that_an_event_names_wins_over_the_settings() -> None:
    floor = floor_of()
    floor.say("target", "touchpoints/rep:r1/day/2024-05-01", value=80)
    floor.say("target", "touchpoints/team:A/day/2024-05-01", value=100)

    found = goals(floor)

    assert found["rep:r1"][0] == 80
    assert found["team:A"] == (100, 100 * 1.5 / 8)
    assert found["*"][0] == 200


def test_a_target_of_the_organisation_alone_expects_nothing_of_a_rep() -> None:
    floor = floor_of(targets={})
    floor.say("target", "touchpoints/*/day/2024-05-01", value=1000)

    assert goals(floor) == {"*": (1000, 1000 * 1.5 / 8)}


@pytest.mark.parametrize(
    ("now", "target"),
    [
        ("2024-04-30T12:00Z", 60),
        ("2024-05-01T12:00Z", 70),
        ("2024-05-09T12:00Z", 75),
        ("2024-05-10T12:00Z", 70),
        ("2024-06-01T12:00Z", 60),
    ],
)
def test_the_newest_target_that_covers_today_holds(now: str, target: float) -> None:
    floor = floor_of()
    floor.say("target", "touchpoints/rep:r1/day/2024-05-01", value=70, until="2024-05-31")
    floor.say("target", "touchpoints/rep:r1/day/2024-05-05", value=75, until="2024-05-09")
    floor.say("target", "touchpoints/rep:r1/day/2024-05-04", value=71)
    floor.say("target", "touchpoints/rep:r1/day/2024-05-04", "2020-01-02", value=None)

    assert goals(floor, now)["rep:r1"][0] == target


def test_statements_after_now_are_ignored() -> None:
    floor = floor_of()
    floor.say("target", "touchpoints/rep:r1/day/2024-05-01", "2024-05-18", value=70)

    assert goals(floor)["rep:r1"][0] == 60
    assert goals(floor, "2024-05-18T12:00Z")["rep:r1"][0] == 70


def test_a_target_may_name_a_rep_by_any_id_percent_encoded() -> None:
    floor = floor_of()
    floor.rep("r1", external_ids={"aircall": "7/1"})
    floor.say("target", "touchpoints/rep:aircall%3A7%2F1/day/2024-05-01", value=70)

    assert goals(floor)["rep:r1"][0] == 70


def test_a_ratio_holds_for_everyone_below_and_nothing_of_it_is_due_by_now() -> None:
    floor = floor_of(targets={"lead_source": 0.6})
    floor.say("target", "lead_source/team:A/month/2024-05-01", value=0.5)
    floor.say("target", "lead_source/rep:r2/month/2024-05-01", value=0.25)

    assert goals(floor, kpi="lead_source", window="month") == {
        "rep:r1": (0.5, None),
        "rep:r2": (0.25, None),
        "rep:r3": (0.6, None),
        "team:A": (0.5, None),
        "*": (0.6, None),
    }
    assert goals(floor, kpi="lead_source", window="rolling_30d")["rep:r2"] == (0.6, None)


def test_a_target_of_a_ratio_for_the_organisation_is_everybodys() -> None:
    floor = floor_of(targets={})
    floor.say("target", "lead_source/*/month/2024-05-01", value=0.7)

    assert set(goals(floor, kpi="lead_source", window="month").values()) == {(0.7, None)}
    assert goals(floor, kpi="contact_to_lead", window="month") == {}


def test_settings_targets_are_the_decimals_as_written() -> None:
    found = floor_of(targets={"contact_to_lead": 0.1}).reader.goals(us(FRIDAY_NOON))

    assert {goal.target for goal in found} == {Fraction(1, 10)}


def test_a_window_of_its_own_wins_over_the_kpis_target_in_the_settings() -> None:
    floor = floor_of(targets={"touchpoints": 5, "touchpoints.day": 60})

    assert goals(floor)["rep:r1"][0] == 60
    assert goals(floor, window="week")["rep:r1"][0] == 5


# ---- the pace


def test_expected_by_now_is_the_share_of_the_weeks_working_time() -> None:
    found = goals(floor_of(targets={"touchpoints.week": 300}), window="week")

    assert found["rep:r1"] == (300, 300 * (4 * 8 + 1.5) / 40)


@pytest.mark.parametrize("window", ["hour", "rolling_1h", "rolling_7d"])
def test_only_days_and_longer_periods_have_a_pace(window: str) -> None:
    found = goals(floor_of(targets={f"touchpoints.{window}": 8}), window=window)
    assert found["rep:r1"] == (8, None)
    assert found["*"] == (24, None)

    floor = floor_of(targets={})
    floor.say("target", f"touchpoints/*/{window}/2024-05-01", value=8)
    assert goals(floor, window=window) == {"*": (8, None)}


def test_nothing_is_expected_on_a_day_that_is_not_worked() -> None:
    floor = floor_of(calendar=Calendar(holidays_add=("2024-05-17",)))

    assert set(goals(floor).values()) == {(60, None), (120, None), (180, None)}


def test_nothing_is_expected_of_who_is_absent() -> None:
    floor = floor_of()
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-17", until="2024-05-17")

    found = goals(floor)

    assert found["rep:r1"] == (60, None)
    assert found["team:A"] == (120, 60 * 1.5 / 8)
    assert goals(floor, "2024-05-16T10:30+02:00")["rep:r1"] == (60, 60 * 1.5 / 8)


def test_days_of_absence_take_their_share_out_of_a_week() -> None:
    floor = floor_of(targets={"touchpoints.week": 300})
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-12", until="2024-05-13")
    floor.say("absence", "a2", rep_id="r1", from_="2024-05-13", until="2024-05-14")
    floor.say("absence", "a3", rep_id="r2", from_="2024-05-17", until="2024-05-31")

    found = goals(floor, window="week")

    assert found["rep:r1"] == (300, 300 * (2 * 8 + 1.5) / 40)
    assert found["rep:r2"] == (300, 300 * 32 / 40)


def test_a_row_that_is_removed_says_nothing_any_more() -> None:
    floor = floor_of()
    floor.say("target", "touchpoints/rep:r1/day/2024-05-01", value=80)
    floor.say("absence", "a1", rep_id="r2", from_="2024-05-17", until="2024-05-17")

    floor.reader.roster(b"target/touchpoints/rep:r1/day/2024-05-01", None)
    floor.reader.roster(b"absence/a1", None)

    assert goals(floor)["rep:r1"] == goals(floor)["rep:r2"] == (60, 60 * 1.5 / 8)


def test_a_rep_works_by_the_calendar_the_roster_names_where_the_rep_is() -> None:
    calendar = Calendar(named={"support": Calendar(working_days=("sat",), working_hours=("10:00-20:00",))})
    floor = floor_of(calendar=calendar)
    floor.rep("r1", calendar="support", timezone="Asia/Tokyo")
    floor.rep("r2", calendar="nothing known")

    assert goals(floor, "2024-05-18T11:00+09:00")["rep:r1"] == (60, 6)
    assert goals(floor)["rep:r1"][1] is None
    assert goals(floor)["rep:r2"] == (60, 60 * 1.5 / 8)


def test_only_who_works_here_today_has_a_target() -> None:
    floor = floor_of()
    floor.rep("r1", first_day="2024-01-01", last_day="2024-05-16")
    floor.rep("r2", first_day="2024-01-01", last_day="2024-05-17")

    assert set(goals(floor)) == {"rep:r2", "rep:r3", "team:A", "*"}

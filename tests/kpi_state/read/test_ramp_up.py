"""#7: whole local days from the first day to the first one with an effective touchpoint in that employment."""

from typing import Any

import pytest

from kpi_state.read.employments import Employment
from kpi_state.read.ramp_up import TouchDays
from tests.kpi_state.read.floor import Floor, settings_of

KPI = "rep_ramp_up"
YEAR = ("fiscal_year", "FY2024")


def hired(**said: Any) -> Floor:
    floor = Floor()
    floor.rep("r1", team="A", first_day="2024-03-01", **said)
    return floor


def counts(floor: Floor, now: str = "2024-12-31", window: tuple[str, str] = YEAR, who: str = "*") -> list[int | float]:
    parts = floor.look(now).parts(KPI, who, *window)
    return list(parts.values()) if parts else []


def test_days_run_from_the_first_day_to_the_first_touchpoint() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-15T10:00")
    floor.touch("r1", "2024-03-11T10:00")
    floor.touch("r1", "2024-02-20T10:00")

    assert counts(floor) == [1, 10, 0, 0]
    assert floor.look("2024-12-31").whos(KPI, *YEAR) == {"rep:r1", "team:A", "*"}


def test_a_touchpoint_on_the_first_day_is_no_day_later() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-01T10:00")

    board = floor.look("2024-12-31")

    assert board.parts(KPI, "*", *YEAR) == {"reps": 1, "days_sum": 0, "pending": 0, "pending_days_sum": 0}
    assert board.value(KPI, "*", *YEAR) == 0


def test_an_attempt_without_an_effective_touch_is_none() -> None:
    floor = hired()
    floor.count("touchpoints", "r1", ("Q", 1_900_500, 0), 0, 3, 0, labels=("call",))

    assert counts(floor, "2024-03-31") == [0, 0, 1, 30]


def test_a_first_touchpoint_that_is_taken_back_leaves_the_second() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-05T10:00")
    floor.touch("r1", "2024-03-11T10:00")
    assert counts(floor) == [1, 4, 0, 0]

    floor.touch("r1", "2024-03-05T10:00", -1)

    assert counts(floor) == [1, 10, 0, 0]


def test_who_has_none_yet_is_pending_with_the_days_so_far_in_past_windows_too() -> None:
    board = hired().look("2025-01-31")

    assert board.parts(KPI, "rep:r1", *YEAR) == {"reps": 0, "days_sum": 0, "pending": 1, "pending_days_sum": 336}
    assert board.value(KPI, "rep:r1", *YEAR) is None


def test_an_employment_that_ended_without_one_counts_in_neither() -> None:
    floor = hired(last_day="2024-03-31")

    assert counts(floor, "2024-03-31") == [0, 0, 1, 30]
    assert counts(floor, "2024-04-01") == []


def test_only_touchpoints_within_the_employment_count() -> None:
    floor = hired(last_day="2024-03-31")
    floor.touch("r1", "2024-04-01T10:00")

    assert counts(floor) == []

    floor.touch("r1", "2024-03-31T10:00")

    assert counts(floor) == [1, 30, 0, 0]


def test_a_rehired_rep_ramps_up_again() -> None:
    floor = hired()
    floor.touch("r1", "2024-03-02T10:00")
    floor.rep("r1", "2024-06-30", last_day="2024-06-30")
    floor.rep("r1", "2024-09-01", first_day="2024-09-01", last_day=None)
    assert counts(floor, "2024-09-11") == [1, 1, 1, 10]

    floor.touch("r1", "2024-09-21T10:00")

    assert counts(floor) == [2, 21, 0, 0]


def test_days_are_local_days() -> None:
    floor = Floor()
    floor.rep("r1", timezone="Asia/Tokyo", first_day="2024-03-01")
    floor.touch("r1", "2024-03-04T15:00")

    assert counts(floor) == [1, 4, 0, 0]


def test_the_team_is_that_of_the_first_day_where_the_rep_is() -> None:
    floor = Floor(settings_of("UTC"))
    floor.rep("r1", team="A", timezone="America/New_York", first_day="2024-03-01")
    floor.rep("r1", "2024-03-01T05:00:00Z", team="B")  # midnight in New York
    floor.rep("r2", first_day="2024-03-01")
    floor.rep("r3", team="A", timezone="America/New_York", first_day="2024-02-29")
    floor.rep("r3", "2024-03-01T05:00:00Z", team="B")

    board = floor.look("2024-03-02T12:00")

    assert board.parts(KPI, "team:B", *YEAR) == {"reps": 0, "days_sum": 0, "pending": 1, "pending_days_sum": 1}
    assert board.parts(KPI, "team:A", *YEAR) == {"reps": 0, "days_sum": 0, "pending": 1, "pending_days_sum": 2}
    assert board.parts(KPI, "*", *YEAR) == {"reps": 0, "days_sum": 0, "pending": 3, "pending_days_sum": 4}


def test_touchpoints_count_for_whom_their_id_meant_then() -> None:
    floor = hired(extensions=["101"])
    floor.rep("r2", "2024-03-10", extensions=["101"], first_day="2024-03-01")
    floor.touch("101", "2024-03-05T10:00")
    floor.touch("101", "2024-03-12T10:00")

    assert counts(floor, who="rep:r1") == [1, 4, 0, 0]
    assert counts(floor, who="rep:r2") == [1, 11, 0, 0]


def test_365_days_hold_the_first_days_after_today_less_365() -> None:
    rolling = ("rolling_365d", "")

    assert counts(hired(), "2025-02-28", rolling) == [0, 0, 1, 364]
    assert counts(hired(), "2025-03-01", rolling) == []


def test_a_first_day_ahead_is_held_back() -> None:
    assert counts(hired(), "2024-02-29T23:59") == []
    assert counts(hired(), "2024-03-01") == [0, 0, 1, 0]


@pytest.mark.parametrize("rolling", ["rolling_30d", "fiscal_quarter"])
def test_settings_add_windows(rolling: str) -> None:
    floor = Floor(settings_of(windows={KPI: [rolling]}))
    floor.rep("r1", first_day="2024-03-01")

    assert {rolling} < {sample.window for sample in floor.look("2024-03-30").samples}


def test_touch_days_come_and_go_with_their_touchpoints() -> None:
    days, all_time = TouchDays(), Employment(0, None)
    for day, touchpoints in ((7, 1), (5, 2), (5, -1)):
        days.enter("r1", day, touchpoints)
    assert days.first("r1", all_time) == 5

    days.enter("r1", 5, -1)

    assert days.first("r1", all_time) == 7
    assert days.first("r1", Employment(8, None)) is None
    assert days.first("r2", all_time) is None

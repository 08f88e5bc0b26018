"""#6 and #7: who is employed when, who stays, and how long until the first touchpoint."""

import pytest

from tests.statements import rep, spoke
from tests.worlds import Board, seen

Parts = dict[str, int | float] | None


def staying(board: Board, bucket: str, who: str = "*") -> Parts:
    return board.parts("rep_retention", who, "fiscal_year" if bucket else "rolling_365d", bucket)


def ramp(board: Board, bucket: str, who: str = "*") -> Parts:
    return board.parts("rep_ramp_up", who, "fiscal_year" if bucket else "rolling_365d", bucket)


def employed(at_start: int, still: int) -> Parts:
    return {"employed_at_start": at_start, "still_employed": still}


def ramped(reps: int, days_sum: int, pending: int = 0, pending_days_sum: int = 0) -> Parts:
    return {"reps": reps, "days_sum": days_sum, "pending": pending, "pending_days_sum": pending_days_sum}


def touched(day: str, by: str = "r1") -> bytes:
    return spoke(f"c-{day}-{by}", f"{day} 10:00", by, phone="+49")


REHIRED = [
    rep("r1", "2022-01-01", first_day="2022-01-01", team="A"),
    rep("r1", "2023-06-30", last_day="2023-06-30"),
    rep("r1", "2024-03-01", first_day="2024-03-01", last_day=None),
]


def test_a_rep_who_leaves_and_is_re_hired_left_and_ramps_up_again() -> None:
    board = seen(REHIRED, rep("r2", first_day="2022-01-01", team="A"), touched("2022-02-01"), touched("2024-03-11"))

    assert staying(board, "FY2022") == employed(2, 2)
    assert staying(board, "FY2023") == employed(2, 1)
    assert staying(board, "FY2024") == employed(1, 1)
    assert ramp(board, "FY2022") == ramped(1, 31, 1, 1095)
    assert ramp(board, "FY2024") == ramped(1, 10)
    assert ramp(board, "", "rep:r1") == ramped(1, 10)


# ---- #6


def test_rep_retention_has_team_and_organisation_only() -> None:
    board = seen(rep("r1", first_day="2022-01-01", team="A"))

    assert board.keys("rep_retention", "fiscal_year", "FY2023") == {"team:A", "*"}
    assert board.value("rep_retention", "*", "fiscal_year", "FY2023") == 1


@pytest.mark.parametrize(
    ("first_day", "last_day", "expected"),
    [
        pytest.param("2023-01-01", None, employed(1, 1), id="from the first day on"),
        pytest.param("2023-01-02", None, None, id="from the second day on"),
        pytest.param("2022-01-01", "2023-01-01", employed(1, 0), id="until the first day"),
        pytest.param("2022-01-01", "2022-12-31", None, id="until the day before"),
        pytest.param("2022-01-01", "2023-12-31", employed(1, 0), id="until the last day"),
        pytest.param("2022-01-01", "2024-01-01", employed(1, 1), id="until the first day of the next year"),
    ],
)
def test_a_rep_is_employed_from_its_first_to_its_last_day_inclusive(
    first_day: str, last_day: str | None, expected: Parts
) -> None:
    assert staying(seen(rep("r1", first_day=first_day, last_day=last_day)), "FY2023") == expected


def test_a_year_that_runs_ends_today() -> None:
    said = rep("r1", first_day="2022-01-01", last_day="2024-06-10")

    assert staying(seen(said, now="2024-06-10T23:00:00Z"), "FY2024") == employed(1, 1)
    assert staying(seen(said, now="2024-06-11T00:00:00Z"), "FY2024") == employed(1, 0)
    assert staying(seen(said, now="2024-06-11T00:00:00Z"), "") == employed(1, 0)


def test_the_rolling_year_of_reps_starts_364_days_before_today() -> None:
    assert staying(seen(rep("r1", first_day="2024-01-02")), "") == employed(1, 1)
    assert staying(seen(rep("r1", first_day="2024-01-03")), "") is None


def test_a_rep_re_hired_within_the_year_did_not_stay() -> None:
    board = seen(
        rep("r1", "2022-01-01", first_day="2022-01-01"),
        rep("r1", "2023-03-31", last_day="2023-03-31"),
        rep("r1", "2023-05-01", first_day="2023-05-01", last_day=None),
    )

    assert staying(board, "FY2023") == employed(1, 0)
    assert staying(board, "FY2024") == employed(1, 1)


def test_a_first_day_not_after_the_known_last_day_corrects() -> None:
    board = seen(
        rep("r1", "2022-01-01", first_day="2022-03-01"),
        rep("r1", "2022-02-01", first_day="2021-12-15"),
        rep("r1", "2022-03-01", last_day="2023-06-30"),
        rep("r1", "2022-04-01", first_day="2022-01-01"),
    )

    assert staying(board, "FY2022") == employed(1, 1)
    assert staying(board, "FY2023") == employed(1, 0)
    assert ramp(board, "FY2021") is None


def test_of_two_employments_that_a_correction_lets_overlap_the_one_that_lasts_counts() -> None:
    board = seen(
        rep("r1", "2022-01-01", first_day="2022-01-01"),
        rep("r1", "2022-06-30", last_day="2022-06-30"),
        rep("r1", "2022-09-01", first_day="2022-09-01", last_day=None),
        rep("r1", "2022-10-01", first_day="2022-03-01"),
        fiscal_start=4,
    )

    assert staying(board, "FY2023") == employed(1, 1)


def test_a_last_day_taken_back_lets_the_employment_go_on() -> None:
    board = seen(
        rep("r1", first_day="2022-01-01"),
        rep("r1", "2023-06-01", last_day="2023-06-30"),
        rep("r1", "2023-06-10", last_day=None),
    )

    assert staying(board, "FY2023") == employed(1, 1)


def test_a_re_hire_that_arrives_before_the_leaving_counts_the_same() -> None:
    board = seen(REHIRED[2], REHIRED[1], REHIRED[0])

    assert staying(board, "FY2023") == employed(1, 0)


def test_a_rep_without_a_first_day_is_in_neither() -> None:
    board = seen(rep("r1", team="A"), rep("r2", last_day="2023-06-30"), touched("2024-03-11"))

    assert all(kpi not in {"rep_retention", "rep_ramp_up"} for kpi, *_ in board.samples)


def test_the_team_of_retention_is_the_one_at_the_start_in_the_reps_zone() -> None:
    board = seen(
        rep("r1", first_day="2022-01-01", team="A", timezone="America/New_York"),
        rep("r1", "2023-01-01T02:00:00Z", team="B"),  # still 2022 in New York
        rep("r1", "2023-06-01", team="C"),
    )

    assert board.keys("rep_retention", "fiscal_year", "FY2022") == {"team:A", "*"}
    assert board.keys("rep_retention", "fiscal_year", "FY2023") == {"team:B", "*"}
    assert board.keys("rep_retention", "fiscal_year", "FY2024") == {"team:C", "*"}


def test_fiscal_years_of_reps_start_in_the_configured_month() -> None:
    board = seen(rep("r1", first_day="2023-04-01", last_day="2024-03-31"), fiscal_start=4)

    assert staying(board, "FY2024") == employed(1, 0)
    assert staying(board, "FY2025") is None


# ---- #7


def test_ramp_up_is_the_days_from_the_first_day_to_the_first_day_with_an_effective_touchpoint() -> None:
    board = seen(
        rep("r1", first_day="2024-03-01", team="A"),
        rep("r2", first_day="2024-03-01", team="A"),
        spoke("short", "2024-03-04 10:00", seconds=10, phone="+49"),
        touched("2024-03-11"),
        touched("2024-03-12"),
        touched("2024-03-01", "r2"),
    )

    assert ramp(board, "FY2024", "rep:r1") == ramped(1, 10)
    assert ramp(board, "FY2024", "rep:r2") == ramped(1, 0)
    assert ramp(board, "FY2024", "team:A") == ramped(2, 10)
    assert board.value("rep_ramp_up", "team:A", "fiscal_year", "FY2024") == 5
    assert ramp(board, "") == ramped(2, 10)


def test_touchpoints_before_the_first_or_after_the_last_day_do_not_count() -> None:
    board = seen(
        rep("r1", first_day="2024-03-01", last_day="2024-04-30"),
        touched("2024-02-29"),
        touched("2024-05-01"),
    )
    assert ramp(board, "FY2024") is None

    board = seen(rep("r1", first_day="2024-03-01", last_day="2024-04-30"), touched("2024-04-30"))
    assert ramp(board, "FY2024") == ramped(1, 60)


def test_reps_without_a_touchpoint_yet_are_pending_with_their_days_so_far_in_past_years_too() -> None:
    board = seen(rep("r1", first_day="2024-12-01"), rep("r2", first_day="2023-05-01"))

    assert ramp(board, "FY2024") == ramped(0, 0, 1, 30)
    assert board.value("rep_ramp_up", "*", "fiscal_year", "FY2024") is None
    assert ramp(board, "FY2023") == ramped(0, 0, 1, 610)
    assert ramp(board, "") == ramped(0, 0, 1, 30)


def test_an_employment_that_ended_without_a_touchpoint_counts_in_neither() -> None:
    said = rep("r1", first_day="2024-03-01", last_day="2024-06-10")

    assert ramp(seen(said, now="2024-06-10T12:00:00Z"), "FY2024") == ramped(0, 0, 1, 101)
    assert ramp(seen(said, now="2024-06-11T12:00:00Z"), "FY2024") is None


def test_a_first_day_on_which_somebody_starts_today_is_pending_for_no_days() -> None:
    assert ramp(seen(rep("r1", first_day="2024-12-31")), "FY2024") == ramped(0, 0, 1, 0)


def test_a_first_day_ahead_waits_until_it_begins_in_the_reps_zone() -> None:
    said = rep("r1", first_day="2024-06-10", timezone="Asia/Tokyo")

    assert ramp(seen(said, now="2024-06-09T14:59:59Z"), "FY2024") is None
    assert ramp(seen(said, now="2024-06-09T15:00:00Z"), "FY2024") == ramped(0, 0, 1, 0)


def test_days_of_ramp_up_are_the_reps_local_days() -> None:
    board = seen(rep("r1", first_day="2024-03-01", timezone="Asia/Tokyo"), spoke("c", "2024-03-10 15:00", phone="+49"))

    assert ramp(board, "FY2024") == ramped(1, 10)


def test_a_touchpoint_under_another_id_of_the_rep_ends_its_ramp_up() -> None:
    board = seen(rep("r1", first_day="2024-03-01", extensions=["101"]), touched("2024-03-05", "101"))

    assert ramp(board, "FY2024") == ramped(1, 4)


def test_a_deleted_first_touchpoint_makes_the_next_one_the_first() -> None:
    said = [rep("r1", first_day="2024-03-01"), touched("2024-03-05"), touched("2024-03-11")]

    assert ramp(seen(said), "FY2024") == ramped(1, 4)
    assert ramp(
        seen(said, spoke("c-2024-03-05-r1", "2024-04-01", started_at="2024-03-05 10:00", deleted=True)), "FY2024"
    ) == ramped(1, 10)


def test_the_team_of_ramp_up_is_the_one_on_the_first_day() -> None:
    board = seen(
        rep("r1", "2024-01-01", first_day="2024-03-01", team="A"),
        rep("r1", "2024-03-01", team="B"),
        touched("2024-03-11"),
    )

    assert board.keys("rep_ramp_up", "fiscal_year", "FY2024") == {"rep:r1", "team:A", "*"}


def test_two_employments_that_begin_in_one_year_are_two_of_its_reps() -> None:
    board = seen(
        rep("r1", "2024-01-01", first_day="2024-01-01"),
        rep("r1", "2024-03-31", last_day="2024-03-31"),
        rep("r1", "2024-06-01", first_day="2024-06-01", last_day=None),
        touched("2024-01-05"),
        touched("2024-06-11"),
    )

    assert ramp(board, "FY2024", "rep:r1") == ramped(2, 14)
    assert ramp(board, "FY2024") == ramped(2, 14)

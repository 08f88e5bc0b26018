"""#6: employed at a window's start and, in the same employment, at its end."""

import pytest

from tests.kpi_state.read.floor import Floor, settings_of

KPI = "rep_retention"


def employed(first: str, last: str | None = None) -> Floor:
    floor = Floor(settings_of(windows={KPI: ["fiscal_quarter"]}))
    floor.rep("r1", team="A", first_day=first)
    if last:
        floor.rep("r1", last, last_day=last)
    return floor


def counts(floor: Floor, now: str, window: str, bucket: str = "") -> tuple[int | float, int | float] | None:
    parts = floor.look(now).parts(KPI, "*", window, bucket)
    return (parts["employed_at_start"], parts["still_employed"]) if parts else None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param("2022-01-01", None, (1, 1), id="stays"),
        pytest.param("2023-01-01", None, (1, 1), id="from the first day of the year"),
        pytest.param("2023-01-02", None, None, id="from the second day"),
        pytest.param("2022-01-01", "2024-01-01", (1, 1), id="up to the first day of the next year"),
        pytest.param("2022-01-01", "2023-12-31", (1, 0), id="up to the last day of the year"),
        pytest.param("2022-01-01", "2023-01-01", (1, 0), id="up to its first day"),
        pytest.param("2022-01-01", "2022-12-31", None, id="up to the day before"),
    ],
)
def test_employed_at_the_start_and_at_the_end_of_a_past_year(
    first: str, last: str | None, expected: tuple[int, int] | None
) -> None:
    assert counts(employed(first, last), "2024-12-31", "fiscal_year", "FY2023") == expected


def test_a_running_year_ends_today() -> None:
    floor = employed("2022-01-01", "2024-05-14")

    assert counts(floor, "2024-05-14T23:59", "fiscal_year", "FY2024") == (1, 1)
    assert counts(floor, "2024-05-15T00:00", "fiscal_year", "FY2024") == (1, 0)


def test_a_rep_rehired_within_the_year_was_not_retained() -> None:
    floor = employed("2022-01-01", "2023-06-30")
    floor.rep("r1", "2023-10-01", first_day="2023-10-01", last_day=None)

    assert counts(floor, "2024-12-31", "fiscal_year", "FY2023") == (1, 0)
    assert counts(floor, "2024-12-31", "fiscal_year", "FY2024") == (1, 1)
    assert counts(floor, "2024-12-31", "fiscal_quarter", "FY2023-Q4") == (1, 1)


def test_365_days_start_364_days_ago_and_end_today() -> None:
    floor = employed("2023-05-15", "2024-05-20")

    assert counts(floor, "2024-05-12", "rolling_365d") is None
    assert counts(floor, "2024-05-13", "rolling_365d") == (1, 1)
    assert counts(floor, "2024-05-20", "rolling_365d") == (1, 1)
    assert counts(floor, "2024-05-21", "rolling_365d") == (1, 0)


def test_the_team_is_that_of_the_windows_start_where_the_rep_is_and_no_rep_has_a_sample() -> None:
    floor = Floor(settings_of("UTC", teams={"A": "Asia/Tokyo"}))
    floor.rep("r1", team="A", first_day="2020-01-01")
    floor.rep("r1", "2022-12-31T15:00:00Z", team="B")  # the beginning of 2023 in Tokyo
    floor.rep("r2", first_day="2020-01-01")

    board = floor.look("2024-12-31")

    assert board.whos(KPI, "fiscal_year", "FY2022") == {"team:A", "*"}
    assert board.whos(KPI, "fiscal_year", "FY2023") == {"team:B", "*"}
    assert board.parts(KPI, "*", "fiscal_year", "FY2023") == {"employed_at_start": 2, "still_employed": 2}


def test_without_a_first_day_nobody_knows() -> None:
    floor = Floor()
    floor.rep("r1", team="A", last_day="2024-05-14")

    assert floor.look("2024-12-31").samples == []


def test_today_is_the_reps_own() -> None:
    floor = Floor()
    floor.rep("r1", first_day="2020-01-01", timezone="Asia/Tokyo")

    assert counts(floor, "2023-12-31T14:59", "fiscal_year", "FY2024") is None
    assert counts(floor, "2023-12-31T15:00", "fiscal_year", "FY2024") == (1, 1)


def test_a_last_day_that_is_known_ahead_is_not_yet_reached() -> None:
    floor = employed("2022-01-01")
    floor.rep("r1", "2024-04-01", last_day="2024-06-30")

    assert counts(floor, "2024-06-30", "fiscal_year", "FY2024") == (1, 1)
    assert counts(floor, "2024-07-01", "fiscal_year", "FY2024") == (1, 0)


def test_who_starts_ahead_is_not_there_yet() -> None:
    assert employed("2025-01-01").look("2024-12-31").samples == []


def test_a_deleted_rep_was_never_there() -> None:
    floor = employed("2022-01-01")
    floor.rep("r1", "2024-04-01", deleted=True)

    assert floor.look("2024-12-31").samples == []

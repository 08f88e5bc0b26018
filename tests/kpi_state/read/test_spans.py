"""#9: accounts active at a window's start whose span lasts past its end."""

import pytest

from tests.kpi_state.read.floor import Floor, settings_of, span

KPI = "customer_retention"


def floor_of(*spans: tuple[str, str], zone: str = "UTC", month: int = 1) -> Floor:
    floor = Floor(settings_of(zone, month=month))
    for first, end in spans:
        floor.count(KPI, "r1", span(first, end), 1)
    return floor


def counts(floor: Floor, now: str, window: str, bucket: str = "") -> tuple[int | float, int | float] | None:
    parts = floor.look(now).parts(KPI, "*", window, bucket)
    return (parts["active_at_start"], parts["retained"]) if parts else None


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        pytest.param("2023-12-31", "", (1, 1), id="without an end"),
        pytest.param("2024-01-01", "", (1, 1), id="from the first day of the quarter"),
        pytest.param("2024-01-02", "", None, id="from its second day"),
        pytest.param("2023-06-01", "2024-04-02", (1, 1), id="up to the first day of the next"),
        pytest.param("2023-06-01", "2024-04-01", (1, 0), id="a contract that ends on the last day of the quarter"),
        pytest.param("2023-06-01", "2024-01-02", (1, 0), id="ended after its first day"),
        pytest.param("2023-06-01", "2024-01-01", None, id="ended the day before"),
    ],
)
def test_active_at_the_start_and_past_the_end_of_a_past_quarter(
    first: str, end: str, expected: tuple[int, int] | None
) -> None:
    assert counts(floor_of((first, end)), "2024-12-31", "fiscal_quarter", "FY2024-Q1") == expected


def test_a_running_window_ends_today() -> None:
    floor = floor_of(("2023-01-01", "2024-02-10"))

    assert counts(floor, "2024-02-09T23:59", "fiscal_quarter", "FY2024-Q1") == (1, 1)
    assert counts(floor, "2024-02-10T00:00", "fiscal_quarter", "FY2024-Q1") == (1, 0)


def test_a_window_begins_and_is_over_with_the_organisations_day() -> None:
    floor = floor_of(("2023-01-01", ""), zone="Asia/Tokyo")

    assert counts(floor, "2024-03-31T14:59", "fiscal_quarter", "FY2024-Q2") is None
    assert counts(floor, "2024-03-31T15:00", "fiscal_quarter", "FY2024-Q2") == (1, 1)


def test_a_gap_in_the_window_is_not_retained_and_the_second_span_counts_from_the_next_one() -> None:
    floor = floor_of(("2023-12-01", "2024-02-29"), ("2024-05-01", "2026-01-01"))

    assert counts(floor, "2024-12-31", "fiscal_year", "FY2024") == (1, 0)
    assert counts(floor, "2024-12-31", "fiscal_quarter", "FY2024-Q3") == (1, 1)
    assert counts(floor, "2024-12-31", "fiscal_quarter", "FY2024-Q2") is None


def test_every_quarter_and_year_in_which_somebody_was_active_is_there_up_to_today() -> None:
    board = floor_of(("2023-06-01", "2024-05-05"), month=4).look("2024-12-31")

    assert board.buckets(KPI, "*", "fiscal_quarter") == ["FY2024-Q2", "FY2024-Q3", "FY2024-Q4", "FY2025-Q1"]
    assert board.buckets(KPI, "*", "fiscal_year") == ["FY2025"]


def test_365_days_start_364_days_ago_and_end_today() -> None:
    floor = floor_of(("2023-05-15", "2024-05-20"))

    assert counts(floor, "2024-05-12", "rolling_365d") is None
    assert counts(floor, "2024-05-13", "rolling_365d") == (1, 1)
    assert counts(floor, "2024-05-19", "rolling_365d") == (1, 1)
    assert counts(floor, "2024-05-20", "rolling_365d") == (1, 0)
    assert counts(floor, "2025-05-18", "rolling_365d") == (1, 0)
    assert counts(floor, "2025-05-19", "rolling_365d") is None


def test_a_span_that_starts_ahead_is_held_back() -> None:
    floor = floor_of(("2024-06-01", ""))

    assert floor.look("2024-05-31T23:59").samples == []
    assert counts(floor, "2024-07-01", "fiscal_quarter", "FY2024-Q3") == (1, 1)


def test_the_owner_is_that_of_now_in_the_team_of_the_windows_start() -> None:
    floor = Floor(settings_of("Asia/Tokyo"))
    floor.rep("r1", team="A", extensions=["101"], timezone="America/New_York")
    floor.rep("r1", "2024-03-31T16:00:00Z", team="B")  # 2024-04-01T01:00 where the organisation is
    floor.count(KPI, "101", span("2023-01-01"), 1)

    board = floor.look("2024-12-31")

    assert board.whos(KPI, "fiscal_quarter", "FY2024-Q2") == {"rep:r1", "team:A", "*"}
    assert board.whos(KPI, "fiscal_quarter", "FY2024-Q3") == {"rep:r1", "team:B", "*"}

    floor.rep("r1", "2024-12-31", extensions=[])
    floor.rep("r2", "2024-12-31", team="C", extensions=["101"])

    assert floor.look("2025-01-01").whos(KPI, "fiscal_quarter", "FY2024-Q2") == {"rep:r2", "team:C", "*"}


def test_an_account_of_nobody_is_in_no_team() -> None:
    floor = Floor()
    floor.count(KPI, "unassigned", span("2023-01-01"), 1)

    assert floor.look("2024-12-31").whos(KPI, "fiscal_year", "FY2024") == {"rep:unassigned", "*"}


def test_a_span_that_began_nobody_knows_when_counts_from_the_first_day_there_is() -> None:
    floor = Floor()
    floor.count(KPI, "r1", ("I", 0, 0), 1)

    assert floor.look("2024-12-31").buckets(KPI, "*", "fiscal_year")[:2] == ["FY0001", "FY0002"]


def test_a_span_that_is_corrected_leaves_its_old_windows() -> None:
    floor = floor_of(("2023-01-01", "2024-05-01"))
    floor.look("2024-12-31")

    floor.count(KPI, "r1", span("2023-01-01", "2024-05-01"), -1)
    floor.count(KPI, "r1", span("2024-06-01", ""), 1)

    assert floor.look("2024-12-31").buckets(KPI, "*", "fiscal_quarter") == ["FY2024-Q3", "FY2024-Q4"]


def test_settings_add_windows_of_days() -> None:
    floor = Floor(settings_of(windows={KPI: ["month", "rolling_30d"]}))
    floor.count(KPI, "r1", span("2024-01-01", "2024-02-10"), 1)

    board = floor.look("2024-02-10")

    assert board.parts(KPI, "*", "month", "2024-01") == {"active_at_start": 1, "retained": 1}
    assert board.parts(KPI, "*", "month", "2024-02") == {"active_at_start": 1, "retained": 0}
    assert board.parts(KPI, "*", "rolling_30d") == {"active_at_start": 1, "retained": 0}

"""Local hours, days, weeks and fiscal periods, through the whole pipeline."""

from datetime import datetime, timedelta

import pytest

from tests.statements import contract, lead, met, rep, spoke
from tests.worlds import Board, seen

NOW = "2024-10-30T22:30:00Z"


def hours(board: Board) -> dict[str, int]:
    """Touchpoints of r1 by local hour."""
    return {
        bucket: int(sample.parts["touchpoints"])
        for (kpi, who, window, bucket, labels), sample in board.samples.items()
        if (kpi, who, window, labels) == ("touchpoints", "rep:r1", "hour", ())
    }


def touches(board: Board, window: str, bucket: str) -> int:
    parts = board.parts("touchpoints", "rep:r1", window, bucket)
    return 0 if parts is None else int(parts["touchpoints"])


def every_hour(first: str, count: int) -> list[bytes]:
    """So many meetings an hour apart, from an instant on."""
    start = datetime.fromisoformat(first)
    times = [(start + timedelta(hours=n)).isoformat() for n in range(count)]
    return [met(f"m{time}", "2024-01-01", at=time, contact_id="C") for time in times]


def test_the_hour_that_happens_twice_in_october_is_two_hours_of_one_day() -> None:
    board = seen(
        rep("r1", timezone="Europe/Berlin"),
        spoke("c1", "2024-10-27 00:30", phone="+491"),
        spoke("c2", "2024-10-27 01:30", phone="+491"),
    )

    assert hours(board) == {"2024-10-27T02:00+02:00": 1, "2024-10-27T02:00+01:00": 1}
    assert touches(board, "day", "2024-10-27") == 2


def test_a_day_of_25_hours_has_25_and_a_day_of_23_has_23() -> None:
    autumn = seen(rep("r1", timezone="Europe/Berlin"), every_hour("2024-10-26T21:00Z", 27))
    spring = seen(rep("r1", timezone="Europe/Berlin"), every_hour("2024-03-30T22:00Z", 25))

    assert touches(autumn, "day", "2024-10-27") == 25
    assert len([hour for hour in hours(autumn) if hour.startswith("2024-10-27")]) == 25
    assert touches(spring, "day", "2024-03-31") == 23
    assert "2024-03-31T02:00+01:00" not in hours(spring)
    assert hours(spring)["2024-03-31T03:00+02:00"] == 1


def test_a_rolling_week_over_the_change_of_clocks_is_seven_local_days() -> None:
    board = seen(
        rep("r1", timezone="Europe/Berlin"),
        every_hour("2024-10-23T21:00Z", 3),
        every_hour("2024-10-30T21:00Z", 2),
        now=NOW,
    )

    # 24 October begins at 22:00 UTC of the 23rd, and 30 October ends at 23:00 UTC
    assert touches(board, "rolling_7d", "") == 4


@pytest.mark.parametrize(
    ("zone", "at", "hour", "day"),
    [
        pytest.param("Asia/Kolkata", "2024-06-01 18:45", "2024-06-02T00:00+05:30", "2024-06-02", id="half an hour"),
        pytest.param(
            "Asia/Kolkata", "2024-06-01 18:29", "2024-06-01T23:00+05:30", "2024-06-01", id="before midnight there"
        ),
        pytest.param("Asia/Kathmandu", "2024-06-01 18:15", "2024-06-02T00:00+05:45", "2024-06-02", id="three quarters"),
        pytest.param(
            "Asia/Kathmandu", "2024-06-01 18:14", "2024-06-01T23:00+05:45", "2024-06-01", id="a minute before"
        ),
        pytest.param("Pacific/Chatham", "2024-06-01 11:15", "2024-06-02T00:00+12:45", "2024-06-02", id="12:45"),
        pytest.param(
            "Pacific/Chatham", "2024-12-01 10:15", "2024-12-02T00:00+13:45", "2024-12-02", id="13:45 in summer"
        ),
        pytest.param(
            "America/St_Johns", "2024-12-02 03:30", "2024-12-02T00:00-03:30", "2024-12-02", id="half an hour west"
        ),
        pytest.param(
            "Pacific/Kiritimati", "2024-05-31 10:00", "2024-06-01T00:00+14:00", "2024-06-01", id="14 hours ahead"
        ),
        pytest.param(
            "Pacific/Pago_Pago", "2024-06-01 10:59", "2024-05-31T23:00-11:00", "2024-05-31", id="11 hours behind"
        ),
    ],
)
def test_zones_of_half_and_quarter_hours_have_their_own_hours_and_days(zone: str, at: str, hour: str, day: str) -> None:
    board = seen(rep("r1", timezone=zone), spoke("c", at, phone="+491"))

    assert hours(board) == {hour: 1}
    assert board.keys("touchpoints", "day", day) == {"rep:r1", "*"}


def test_two_touches_of_one_local_hour_in_a_half_hour_zone_are_two_slots_because_slots_are_utc_hours() -> None:
    board = seen(
        rep("r1", timezone="Asia/Kolkata"),
        spoke("c1", "2024-06-01 04:40", phone="+91"),
        spoke("c2", "2024-06-01 05:20", phone="+91"),
    )

    assert hours(board) == {"2024-06-01T10:00+05:30": 2}


def test_where_clocks_change_by_half_an_hour_the_doubled_half_hour_is_told_apart() -> None:
    board = seen(
        rep("r1", timezone="Australia/Lord_Howe"),
        spoke("c1", "2024-04-06 14:45", phone="+61"),  # 01:45 +11:00
        spoke("c2", "2024-04-06 15:15", phone="+61"),  # 01:45 +10:30
        spoke("c3", "2024-04-06 15:45", phone="+62"),  # 02:15 +10:30
    )

    assert hours(board) == {"2024-04-07T01:00+11:00": 1, "2024-04-07T01:00+10:30": 1, "2024-04-07T02:00+10:30": 1}
    assert touches(board, "day", "2024-04-07") == 3


def test_the_leap_day_is_a_day_of_february() -> None:
    board = seen(lead("L", "2024-02-29", created_at="2024-02-29 23:59"))

    assert board.parts("leads_created", "*", "day", "2024-02-29") == {"leads": 1}
    assert board.parts("leads_created", "*", "week", "2024-W09") == {"leads": 1}
    assert board.parts("leads_created", "*", "month", "2024-02") == {"leads": 1}


@pytest.mark.parametrize(
    ("created", "week"),
    [
        ("2020-12-28 00:00", "2020-W53"),
        ("2021-01-03 23:59", "2020-W53"),
        ("2021-01-04 00:00", "2021-W01"),
        ("2018-12-31 00:00", "2019-W01"),
        ("2022-01-02 23:59", "2021-W52"),
        ("2027-01-03 23:59", "2026-W53"),
    ],
)
def test_a_week_is_named_after_the_iso_year_it_belongs_to(created: str, week: str) -> None:
    board = seen(lead("L", "2018-01-01", created_at=created), now="2028-01-01T00:00:00Z")

    assert {bucket for kpi, _, window, bucket, _ in board.samples if (kpi, window) == ("leads_created", "week")} == {
        week
    }


@pytest.mark.parametrize(
    ("start", "quarter"),
    [
        (1, "FY2024-Q2"),
        (2, "FY2025-Q2"),
        (3, "FY2025-Q1"),
        (4, "FY2025-Q1"),
        (5, "FY2025-Q1"),
        (6, "FY2024-Q4"),
        (7, "FY2024-Q4"),
        (8, "FY2024-Q4"),
        (9, "FY2024-Q3"),
        (10, "FY2024-Q3"),
        (11, "FY2024-Q3"),
        (12, "FY2024-Q2"),
    ],
)
def test_a_fiscal_year_starts_in_any_month_and_is_named_after_the_year_in_which_it_ends(
    start: int, quarter: str
) -> None:
    board = seen(lead("L", "2024-05-15", created_at="2024-05-15 12:00"), fiscal_start=start)

    assert board.keys("leads_created", "fiscal_quarter", quarter) == {"rep:unassigned", "*"}
    assert board.keys("leads_created", "fiscal_year", quarter[:6]) == {"rep:unassigned", "*"}
    assert {bucket for kpi, _, window, bucket, _ in board.samples if (kpi, window) == ("leads_created", "month")} == {
        "2024-05"
    }


def test_a_fiscal_year_turns_at_midnight_of_the_reps_zone() -> None:
    board = seen(
        rep("r1", timezone="Asia/Tokyo"),
        lead("L", "2024-01-01", created_at="2024-03-31 14:59", owner_id="r1"),
        lead("M", "2024-01-01", created_at="2024-03-31 15:00", owner_id="r1"),
        fiscal_start=4,
    )

    assert board.parts("leads_created", "rep:r1", "fiscal_quarter", "FY2024-Q4") == {"leads": 1}
    assert board.parts("leads_created", "rep:r1", "fiscal_quarter", "FY2025-Q1") == {"leads": 1}


def test_retention_windows_follow_the_fiscal_year() -> None:
    board = seen(
        contract("K", "2023-01-01", account_id="A", owner_id="r1", starts_on="2023-07-01", ends_on="2024-06-30"),
        fiscal_start=7,
    )

    assert board.parts("customer_retention", "*", "fiscal_year", "FY2024") == {"active_at_start": 1, "retained": 0}
    assert board.parts("customer_retention", "*", "fiscal_quarter", "FY2024-Q4") == {
        "active_at_start": 1,
        "retained": 0,
    }
    assert board.parts("customer_retention", "*", "fiscal_quarter", "FY2024-Q1") == {
        "active_at_start": 1,
        "retained": 1,
    }
    assert board.keys("customer_retention", "fiscal_year", "FY2025") == set()


def test_settings_add_windows_to_those_of_a_kpi() -> None:
    board = seen(lead("L", "2024-12-01", created_at="2024-12-20 12:00"), windows={"lead_win": ["rolling_30d"]})

    assert board.parts("lead_win", "*", "rolling_30d", basis="cohort") == {"leads": 1, "won": 0}
    assert board.parts("lead_win", "*", "rolling_90d", basis="cohort") == {"leads": 1, "won": 0}
    assert board.parts("lead_source", "*", "rolling_90d") is None


def test_today_of_rolling_windows_is_the_reps() -> None:
    said = [
        rep("east", timezone="Pacific/Kiritimati"),
        rep("west", timezone="Pacific/Pago_Pago"),
        lead("E", "2024-06-01", created_at="2024-06-10 09:59", owner_id="east"),
        lead("W", "2024-06-01", created_at="2024-06-10 10:59", owner_id="west"),
    ]

    board = seen(said, now="2024-07-10T10:00:00Z", windows={"leads_created": ["rolling_30d"]})

    # there it is 11 July 00:00 and 9 July 23:00; the leads are of 10 June and 9 June
    assert board.keys("leads_created", "rolling_30d") == set()
    board = seen(said, now="2024-07-09T09:59:00Z", windows={"leads_created": ["rolling_30d"]})
    assert board.keys("leads_created", "rolling_30d") == {"rep:east", "rep:west", "*"}

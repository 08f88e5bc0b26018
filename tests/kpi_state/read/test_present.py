"""Which windows are current: a rep's by the rep's zone, a team's by the team's, the organisation's by its own."""

from tests.kpi_state.read.floor import Floor, at, settings_of, since, span


def test_of_calendar_windows_only_the_running_ones_are_current_and_rolling_ones_always() -> None:
    floor = Floor()
    for time in ("2024-05-13T10:00", "2024-05-14T10:00", "2024-05-14T11:00"):
        floor.touch("r1", time)

    board = floor.look("2024-05-14T11:30", current=True)

    values = {s.window: (s.bucket, s.value) for s in board.samples if s.grain == "org" and not s.labels}
    assert values == {
        "hour": ("2024-05-14T11:00+00:00", 1),
        "day": ("2024-05-14", 2),
        "week": ("2024-W20", 3),
        "month": ("2024-05", 3),
        "rolling_1h": ("", 1),
        "rolling_7d": ("", 3),
    }


def test_today_differs_from_zone_to_zone() -> None:
    floor = Floor(settings_of("UTC", teams={"Asia": "Asia/Tokyo"}))
    floor.rep("r1", team="Asia")
    floor.rep("r2", team="Europe")
    for rep in ("r1", "r2"):
        for time in ("2024-05-14T14:00", "2024-05-14T15:00"):
            floor.touch(rep, time)

    board = floor.look("2024-05-14T15:30", current=True)

    def today(who: str, *buckets: str) -> list[int | float]:
        parts = [board.parts("touchpoints", who, "day", bucket) for bucket in buckets]
        return [found["touchpoints"] for found in parts if found]

    assert board.whos("touchpoints", "day", "2024-05-14") == {"rep:r2", "team:Europe", "*"}
    assert board.whos("touchpoints", "day", "2024-05-15") == {"rep:r1", "team:Asia"}
    assert today("rep:r1", "2024-05-14", "2024-05-15") == [1]
    assert today("*", "2024-05-14", "2024-05-15") == [3]


def test_an_hour_is_current_by_the_clock_of_the_zone() -> None:
    floor = Floor()
    floor.rep("r1", timezone="Asia/Kathmandu")
    floor.touch("r1", "2024-05-14T10:00")

    assert floor.look("2024-05-14T10:14", current=True).buckets("touchpoints", "rep:r1", "hour") == [
        "2024-05-14T15:00+05:45"
    ]
    assert floor.look("2024-05-14T10:15", current=True).buckets("touchpoints", "rep:r1", "hour") == []


def test_above_the_reps_the_running_hour_of_every_zone_is_current() -> None:
    floor = Floor()
    floor.rep("r1", timezone="Asia/Kathmandu", team="A")
    floor.rep("r2", timezone="Europe/Amsterdam", team="A")
    for time in ("2024-05-14T10:00", "2024-05-14T10:15"):
        for rep in ("r1", "r2"):
            floor.touch(rep, time)

    board = floor.look("2024-05-14T10:20", current=True)

    for who in ("team:A", "*"):
        hours = {
            hour: board.value("touchpoints", who, "hour", hour) for hour in board.buckets("touchpoints", who, "hour")
        }
        assert hours == {"2024-05-14T12:00+02:00": 2, "2024-05-14T16:00+05:45": 1}


def test_windows_of_a_moment_are_always_current() -> None:
    floor = Floor()
    floor.count("open_lead_age", "r1", since("2024-05-01"), 1)
    floor.count("customer_lifetime_value", "r1", span("2024-05-01"), 1, 1, 0, 0, labels=("EUR",))

    board = floor.look("2024-05-14", current=True)

    assert {sample.window for sample in board.samples} == {"now", "to_date"}


def test_a_running_fiscal_year_of_people_and_customers_is_current() -> None:
    floor = Floor(settings_of("Asia/Tokyo", month=4))
    floor.rep("r1", first_day="2020-01-01", team="A", timezone="America/New_York")
    floor.count("customer_retention", "r1", span("2020-01-01"), 1)

    board = floor.look("2024-03-31T20:00", current=True)

    years = {(s.kpi, s.grain): s.bucket for s in board.samples if s.window == "fiscal_year"}
    assert years == {
        ("customer_retention", "rep"): "FY2025",
        ("customer_retention", "team"): "FY2025",
        ("customer_retention", "org"): "FY2025",
    }
    assert board.parts("rep_retention", "*", "rolling_365d") == {"employed_at_start": 1, "still_employed": 1}


def test_nothing_old_is_current() -> None:
    floor = Floor()
    floor.count("leads_created", "r1", at("2023-05-14T10:00"), 1, labels=("",))

    assert floor.look("2024-05-14", current=True).samples == []

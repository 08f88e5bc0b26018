"""#2: value per purchase × purchases per customer-year × lifespan, and what was observed to date."""

from fractions import Fraction

import pytest

from tests.kpi_state.read.floor import Floor, dated, on, settings_of, span

KPI = "customer_lifetime_value"
NOW = "2024-12-31T12:00"
TODAY = on("2024-12-31")


def bought(floor: Floor, rep: str, day: str, revenue: int, currency: str = "EUR") -> None:
    floor.count(KPI, rep, dated(day), 0, 0, 1, revenue, labels=(currency,))


def customer(floor: Floor, rep: str, *spans: tuple[str, str], currency: str = "EUR") -> None:
    for n, (first, end) in enumerate(spans):
        floor.count(KPI, rep, span(first, end), int(n == 0), 1, 0, 0, labels=(currency,))


def test_the_value_is_revenue_of_a_year_times_days_by_days_of_a_year_times_churned() -> None:
    floor = Floor()
    customer(floor, "r1", ("2023-01-01", "2024-07-01"))
    customer(floor, "r1", ("2024-01-01", ""))
    for day, revenue in (("2023-01-01", 700), ("2024-01-01", 1000), ("2024-03-01", 501)):
        bought(floor, "r1", day, revenue)

    board = floor.look(NOW)

    parts = {
        "customers": 2,
        "churned": 1,
        "customer_days": 547 + 366,
        "customer_days_365": 181 + 365,
        "purchases_365": 1,
        "revenue_365_minor": 501,
        "revenue_minor": 2201,
    }
    assert board.parts(KPI, "*", "to_date", currency="EUR") == parts
    assert board.value(KPI, "*", "to_date", currency="EUR") == 501 * 913 / 546
    observed = board.parts(f"{KPI}_observed", "*", "to_date", currency="EUR")
    assert observed == {"customers": 2, "revenue_minor": 2201}
    assert board.value(f"{KPI}_observed", "*", "to_date", currency="EUR") == 1100.5


@pytest.mark.parametrize(
    ("day", "days"),
    [
        pytest.param("2024-12-31", 1, id="today counts"),
        pytest.param("2024-01-02", 365, id="the first of the last 365 days"),
        pytest.param("2024-01-01", 365, id="the day before it does not"),
    ],
)
def test_days_of_the_last_365_are_the_days_after_today_less_365(day: str, days: int) -> None:
    floor = Floor()
    customer(floor, "r1", (day, ""))
    bought(floor, "r1", day, 10)

    parts = floor.look(NOW).parts(KPI, "*", "to_date", currency="EUR")

    assert parts is not None
    assert parts["customer_days"] == TODAY - on(day) + 1
    assert parts["customer_days_365"] == days
    assert parts["purchases_365"] == int(day != "2024-01-01")


@pytest.mark.parametrize(
    ("end", "churned", "days"), [("2024-12-31", 1, 365), ("2025-01-01", 0, 366), ("2025-06-01", 0, 366)]
)
def test_a_span_that_ended_by_today_is_churned(end: str, churned: int, days: int) -> None:
    floor = Floor()
    customer(floor, "r1", ("2024-01-01", end))

    parts = floor.look(NOW).parts(KPI, "*", "to_date", currency="EUR")

    assert parts is not None
    assert (parts["churned"], parts["customer_days"]) == (churned, days)


def test_a_span_long_over_has_days_but_none_of_the_last_year() -> None:
    floor = Floor()
    customer(floor, "r1", ("2020-01-01", "2020-02-01"))

    board = floor.look(NOW)

    parts = board.parts(KPI, "*", "to_date", currency="EUR")
    assert parts is not None
    assert (parts["customer_days"], parts["customer_days_365"]) == (31, 0)
    assert board.value(KPI, "*", "to_date", currency="EUR") is None


def test_a_customer_with_two_spans_is_one_customer_and_two_lifespans() -> None:
    floor = Floor()
    customer(floor, "r1", ("2023-01-01", "2023-07-01"), ("2024-01-01", "2024-07-01"))

    parts = floor.look(NOW).parts(KPI, "*", "to_date", currency="EUR")

    assert parts is not None
    assert (parts["customers"], parts["churned"]) == (1, 2)


def test_revenue_without_a_customer_has_no_value() -> None:
    floor = Floor()
    bought(floor, "r1", "2024-05-01", 10)

    board = floor.look(NOW)

    assert board.value(KPI, "*", "to_date", currency="EUR") is None
    assert board.value(f"{KPI}_observed", "*", "to_date", currency="EUR") is None


def test_currencies_stand_apart() -> None:
    floor = Floor()
    for currency in ("EUR", "USD"):
        customer(floor, "r1", ("2024-01-01", ""), currency=currency)

    assert len(floor.look(NOW).samples) == 2 * 2 * 2


def test_days_ahead_are_held_back_until_the_organisations_day() -> None:
    floor = Floor(settings_of("Asia/Tokyo"))
    customer(floor, "r1", ("2024-05-14", ""))
    bought(floor, "r1", "2024-05-15", 10)

    assert floor.look("2024-05-13T14:59").samples == []
    assert floor.look("2024-05-13T15:00").parts(f"{KPI}_observed", "*", "to_date", currency="EUR") == {
        "customers": 1,
        "revenue_minor": 0,
    }
    assert floor.look("2024-05-14T15:00").value(f"{KPI}_observed", "*", "to_date", currency="EUR") == 10


def test_an_end_beyond_the_calendar_is_far_away() -> None:
    floor = Floor()
    floor.count(KPI, "r1", ("I", on("2024-01-01"), on("9999-12-31") + 1), 1, 1, 0, 0, labels=("EUR",))

    parts = floor.look(NOW).parts(KPI, "*", "to_date", currency="EUR")

    assert parts is not None
    assert (parts["churned"], parts["customer_days"]) == (0, 366)


def test_owner_and_team_are_those_of_now() -> None:
    floor = Floor()
    floor.rep("r1", team="A", extensions=["101"])
    floor.rep("r2", "2024-06-01", team="B", extensions=["101"])
    bought(floor, "101", "2024-01-01", 10)

    assert floor.look("2024-05-01").whos(KPI, "to_date") == {"rep:r1", "team:A", "*"}
    assert floor.look("2024-07-01").whos(KPI, "to_date") == {"rep:r2", "team:B", "*"}


def test_the_value_is_one_correctly_rounded_division_however_large_the_sums() -> None:
    floor = Floor()
    customer(floor, "r1", ("2020-01-01", "2024-07-01"))
    customer(floor, "r1", ("2021-01-01", "2024-06-01"))
    bought(floor, "r1", "2024-05-01", 10**17 + 1)

    board = floor.look(NOW)

    parts = board.parts(KPI, "*", "to_date", currency="EUR")
    assert parts is not None
    exact = Fraction((10**17 + 1) * int(parts["customer_days"]), int(parts["customer_days_365"]) * 2)
    assert board.value(KPI, "*", "to_date", currency="EUR") == float(exact)

from kpi_state.kpis.customer_lifetime_value import KPI, OBSERVED, STEM
from kpi_state.links import CONTRACT, PURCHASE
from tests.statements import account
from tests.told import at, d, gives, i, on, told


def signed(start: str, stop: str | None, value: int | None, currency: str) -> list[object]:
    return [on(start), None if stop is None else on(stop), value, currency, "r1"]


def test_an_account_brings_its_revenue_and_under_each_currency_its_spans_the_first_as_a_customer() -> None:
    contracts = {
        "k1": signed("2024-01-01", "2024-02-01", 100, "EUR"),
        "k2": signed("2024-03-01", None, 7, "USD"),
        "k3": signed("2024-03-01", None, 5, "EUR"),
        "k4": signed("2024-03-01", None, 6, "EUR"),
    }

    assert gives(STEM, "account", told("account", links={CONTRACT: contracts})) == {
        ("r1", d("2024-01-01"), ("EUR",)): (0, 0, 1, 100),
        ("r1", d("2024-03-01"), ("EUR",)): (0, 0, 2, 11),
        ("r1", d("2024-03-01"), ("USD",)): (0, 0, 1, 7),
        ("r1", i("2024-01-01", "2024-02-01"), ("EUR",)): (1, 1, 0, 0),
        ("r1", i("2024-03-01"), ("EUR",)): (0, 1, 0, 0),
        ("r1", i("2024-01-01", "2024-02-01"), ("USD",)): (1, 1, 0, 0),
        ("r1", i("2024-03-01"), ("USD",)): (0, 1, 0, 0),
    }


def test_purchases_bring_their_revenue_themselves_and_the_account_its_spans() -> None:
    bought = {"p1": [at("2024-01-01"), on("2024-01-01"), 100, "EUR", "r1"]}

    assert gives(STEM, "account", told("account", links={PURCHASE: bought})) == {
        ("r1", i("2024-01-01", "2024-12-31"), ("EUR",)): (1, 1, 0, 0)
    }


def test_an_account_without_revenue_in_any_currency_is_no_customer() -> None:
    assert (
        gives(STEM, "account", told("account", links={CONTRACT: {"k": signed("2024-01-01", None, None, "EUR")}})) == {}
    )


def test_a_merged_account_counts_for_nothing() -> None:
    row = told(
        "account",
        [account("x", "2024-01-05", merged_into="w")],
        {CONTRACT: {"k": signed("2024-01-01", None, 5, "EUR")}},
    )

    assert gives(STEM, "account", row) == {}


def test_the_value_is_revenue_by_customer_days_times_days_by_those_who_left() -> None:
    parts = {
        "customers": 9, "churned": 2, "customer_days": 1000, "customer_days_365": 300,
        "purchases_365": 9, "revenue_365_minor": 600, "revenue_minor": 999,
    }  # fmt: skip

    assert KPI.value(parts) == (600_000, 600)
    assert OBSERVED.value(parts) == (999, 9)

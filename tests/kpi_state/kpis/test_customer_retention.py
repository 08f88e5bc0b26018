from kpi_state.kpis.customer_retention import KPI, STEM
from kpi_state.links import CONTRACT
from tests.statements import account
from tests.told import gives, i, on, told

CONTRACTS = {
    CONTRACT: {
        "k1": [on("2024-01-01"), on("2024-02-01"), None, "", "r1"],
        "k2": [on("2024-03-01"), None, None, "", "r1"],
    }
}


def test_an_account_counts_over_each_span_for_its_present_owner_whatever_it_paid() -> None:
    assert gives(STEM, "account", told("account", links=CONTRACTS)) == {
        ("r1", i("2024-01-01", "2024-02-01"), ()): (1,),
        ("r1", i("2024-03-01"), ()): (1,),
    }


def test_a_merged_account_counts_for_nothing() -> None:
    assert gives(STEM, "account", told("account", [account("x", "2024-01-05", merged_into="w")], CONTRACTS)) == {}


def test_the_value_is_retained_of_active() -> None:
    assert KPI.value({"active_at_start": 7, "retained": 3}) == (3, 7)

import pytest

from kpi_state.kpis.annual_contract_value import KPI, STEM
from kpi_state.links import CONTRACT
from tests.statements import contract, opportunity
from tests.told import d, gives, on, q, told

WON = {"owner_id": "r1", "outcome": "won", "closed_at": "2024-01-05", "amount_minor": 101, "currency": "EUR"}
SIGNED = {"owner_id": "r1", "starts_on": "2024-01-05", "value_minor": 101, "currency": "EUR"}


def test_a_contract_in_its_own_right_counts_for_its_owner_on_the_date_it_was_signed() -> None:
    row = told("contract", [contract("x", "2024-01-02", **SIGNED, signed_on="2024-01-03", product="p", region="r")])

    assert gives(STEM, "contract", row) == {("r1", d("2024-01-03"), ("EUR", "p", "r")): (1_000_000, 101)}


@pytest.mark.parametrize(
    "said",
    [{"opportunity_id": "o1"}, {"value_minor": None}, {"currency": None}, {"starts_on": None}, {"deleted": True}],
)
def test_a_contract_that_names_an_opportunity_or_lacks_a_value_or_a_date_does_not_count_itself(
    said: dict[str, object],
) -> None:
    assert gives(STEM, "contract", told("contract", [contract("x", "2024-01-02", **SIGNED | said)])) == {}


def test_a_won_opportunity_counts_at_its_close() -> None:
    assert gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04", **WON)])) == {
        ("r1", q("2024-01-05"), ("EUR", "", "")): (1_000_000, 101)
    }


def test_money_and_the_number_of_contracts_are_split_alike() -> None:
    row = told("opportunity", [opportunity("x", "2024-01-04", **WON, splits={"r3": 1, "r1": 1, "r2": 1})])

    assert gives(STEM, "opportunity", row) == {
        ("r1", q("2024-01-05"), ("EUR", "", "")): (333_334, 34),
        ("r2", q("2024-01-05"), ("EUR", "", "")): (333_333, 34),
        ("r3", q("2024-01-05"), ("EUR", "", "")): (333_333, 33),
    }


def test_contracts_that_share_every_label_add_up() -> None:
    named = [5, "EUR", "", "", on("2024-01-03"), "r9"]
    row = told("opportunity", [opportunity("x", "2024-01-04", **WON)], {CONTRACT: {"k1": named, "k2": named}})

    assert gives(STEM, "opportunity", row) == {("r1", q("2024-01-05"), ("EUR", "", "")): (2_000_000, 10)}


def test_the_value_is_money_by_contracts_in_millionths() -> None:
    assert KPI.value({"contracts": 2_000_000, "annual_value_minor": 300}) == (300_000_000, 2_000_000)

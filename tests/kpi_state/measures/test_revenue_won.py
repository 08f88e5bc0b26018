import pytest

from kpi_state.links import CONTRACT
from kpi_state.measures.revenue_won import STEM
from tests.statements import opportunity
from tests.told import gives, q, told

WON = {"owner_id": "r1", "outcome": "won", "amount_minor": 101, "currency": "EUR", "term_months": 24}


def test_a_won_deal_brings_its_whole_amount_whatever_its_term_and_its_contracts() -> None:
    named = {CONTRACT: {"k1": [7, "USD", "", "", None, "r9"]}}
    row = told("opportunity", [opportunity("x", "2024-01-04", **WON)], named)

    assert gives(STEM, "opportunity", row) == {("r1", q("2024-01-04"), ("EUR", "", "", "")): (101,)}


def test_a_split_divides_it_to_the_last_cent() -> None:
    row = told("opportunity", [opportunity("x", "2024-01-04", **WON, splits={"r1": 0.5, "r2": 0.5})])

    assert sorted(amounts for amounts in gives(STEM, "opportunity", row).values()) == [(50,), (51,)]


@pytest.mark.parametrize("said", [{"amount_minor": None}, {"currency": None}, {"outcome": "lost"}, {"deleted": True}])
def test_without_an_amount_and_a_currency_or_not_won_it_brings_nothing(said: dict[str, object]) -> None:
    assert gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04", **WON | said)])) == {}

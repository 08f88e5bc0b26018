import pytest

from kpi_state.buckets import NO_BUCKET
from kpi_state.links import PROFILE
from kpi_state.measures.pipeline_value import STEM
from tests.statements import opportunity
from tests.told import gives, told

OPEN = {"owner_id": "r1", "amount_minor": 500, "currency": "EUR", "stage": "Offer", "product": "p"}


def test_an_open_deal_is_worth_its_amount_to_its_owner_now() -> None:
    row = told("opportunity", [opportunity("x", "2024-01-04", **OPEN)])

    assert gives(STEM, "opportunity", row) == {("r1", NO_BUCKET, ("EUR", "Offer", "", "p")): (1, 500)}


def test_the_region_is_its_own_else_that_of_the_account_it_has_now() -> None:
    said = [opportunity("x", "2024-01-04", account_id="a1", **OPEN)]
    heard = {PROFILE: {"a1": ["large", "south"], "a2": ["small", "north"]}}
    row = told("opportunity", said, heard)
    own = told("opportunity", [*said, opportunity("x", "2024-01-05", region="west")], heard)

    assert gives(STEM, "opportunity", row) == {("r1", NO_BUCKET, ("EUR", "Offer", "south", "p")): (1, 500)}
    assert gives(STEM, "opportunity", own) == {("r1", NO_BUCKET, ("EUR", "Offer", "west", "p")): (1, 500)}


@pytest.mark.parametrize("said", [{"amount_minor": None}, {"currency": None}, {"outcome": "lost"}, {"deleted": True}])
def test_without_an_amount_and_a_currency_or_closed_it_is_worth_nothing(said: dict[str, object]) -> None:
    assert gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04", **OPEN | said)])) == {}

import pytest

from exporters.api.explained import nothing
from kpi_state.read.slots import Slot


@pytest.mark.parametrize(
    ("slot", "where"),
    [
        (Slot("touchpoints", "rep", "anna", "day", "2024-06-06", ()), "touchpoints of rep anna in day 2024-06-06"),
        (Slot("open_lead_age", "org", "*", "now", "", ()), "open_lead_age of org * in now"),
        (
            Slot("annual_contract_value", "team", "A", "rolling_365d", "", (("currency", "EUR"),)),
            "annual_contract_value of team A in rolling_365d currency=EUR",
        ),
    ],
)
def test_a_number_that_is_not_there_is_named(slot: Slot, where: str) -> None:
    error = nothing(slot)
    assert (error.status, str(error)) == (404, f"nothing counts for {where}")

import pytest

from kpi_state.kpis.contact_to_lead import KPI, STEM
from kpi_state.links import LEAD, TOUCH
from tests.statements import contact, lead
from tests.told import at, gives, q, told

TOUCHED = {TOUCH: {"s1": [at("2024-01-05 10:20"), "m1", "r1"]}}


@pytest.mark.parametrize(("qualified", "leads"), [(True, 1), (False, 0)])
def test_a_contact_counts_for_the_rep_of_its_first_touch(qualified: bool, leads: int) -> None:
    row = told("contact", links=TOUCHED | {LEAD: {"l1": [qualified, None]}})

    assert gives(STEM, "contact", row) == {("r1", q("2024-01-05 10:20"), ()): (1, leads)}


@pytest.mark.parametrize("said", [{"merged_into": "w"}, {"deleted": True}])
def test_a_contact_that_is_merged_away_or_deleted_does_not_count(said: dict[str, object]) -> None:
    assert gives(STEM, "contact", told("contact", [contact("x", "2024-01-05", **said)], TOUCHED)) == {}


@pytest.mark.parametrize(("status", "leads"), [("qualified", 1), ("new", 0)])
def test_a_lead_without_a_contact_is_its_own_contact(status: str, leads: int) -> None:
    row = told("lead", [lead("x", "2024-01-05", status=status)], TOUCHED)

    assert gives(STEM, "lead", row) == {("r1", q("2024-01-05 10:20"), ()): (1, leads)}


@pytest.mark.parametrize("said", [{"contact_id": "c1"}, {"merged_into": "w"}, {"deleted": True}])
def test_a_lead_with_a_contact_or_that_is_gone_is_no_contact(said: dict[str, object]) -> None:
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", **said)], TOUCHED)) == {}


def test_what_nobody_touched_does_not_count() -> None:
    assert gives(STEM, "contact", told("contact", links={LEAD: {"l1": [True, None]}})) == {}
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", status="qualified")])) == {}


def test_the_value_is_qualified_of_touched() -> None:
    assert KPI.value({"contacts": 7, "leads": 3}) == (3, 7)

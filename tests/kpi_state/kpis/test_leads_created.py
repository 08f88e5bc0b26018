import pytest

from kpi_state.kpis.leads_created import KPI, STEM
from tests.statements import lead
from tests.told import gives, q, told


def test_a_lead_counts_once_for_its_first_owner_when_it_was_created_under_its_origin() -> None:
    said = [
        lead("x", "2024-01-06", owner_id="r2"),
        lead("x", "2024-01-05", owner_id="r1", origin="fair", created_at="2024-01-03"),
    ]

    assert gives(STEM, "lead", told("lead", said)) == {("r1", q("2024-01-03"), ("fair",)): (1,)}


def test_a_lead_of_no_origin_and_no_owner_counts_without_them() -> None:
    row = told("lead", [lead("x", "2024-01-05", created_at="2024-01-03")])

    assert gives(STEM, "lead", row) == {("unassigned", q("2024-01-03"), ("",)): (1,)}


@pytest.mark.parametrize("said", [{"created_at": None}, {"merged_into": "w"}, {"deleted": True}])
def test_without_a_creation_or_merged_away_or_deleted_it_does_not_count(said: dict[str, object]) -> None:
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", **{"created_at": "2024-01-03"} | said)])) == {}


def test_the_value_is_the_number_of_leads() -> None:
    assert KPI.value({"leads": 7}) == (7, 1)

import pytest

from kpi_state.kpis.lead_conversion import KPI, STEM
from kpi_state.links import ACCEPTED
from tests.statements import lead
from tests.told import gives, q, told


@pytest.mark.parametrize(("accepted", "converted"), [(True, 1), (None, 0)])
def test_a_lead_counts_for_its_first_owner_converted_or_not(accepted: bool | None, converted: int) -> None:
    row = told("lead", [lead("x", "2024-01-05", owner_id="r1", created_at="2024-01-03")], {ACCEPTED: {"a1": accepted}})

    assert gives(STEM, "lead", row) == {("r1", q("2024-01-03"), ()): (1, converted)}


@pytest.mark.parametrize("said", [{"created_at": None}, {"merged_into": "w"}, {"deleted": True}])
def test_without_a_creation_or_merged_away_or_deleted_it_does_not_count(said: dict[str, object]) -> None:
    row = told("lead", [lead("x", "2024-01-05", **{"created_at": "2024-01-03"} | said)], {ACCEPTED: {"a1": True}})

    assert gives(STEM, "lead", row) == {}


def test_the_value_is_converted_of_created() -> None:
    assert KPI.value({"leads": 7, "converted": 3}) == (3, 7)

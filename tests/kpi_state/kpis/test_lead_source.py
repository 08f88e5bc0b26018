import pytest

from kpi_state.kpis.lead_source import KPI, STEM
from tests.statements import lead
from tests.told import gives, q, told


@pytest.mark.parametrize(("by", "amounts"), [("marketing", (1, 1, 0)), ("sales", (1, 0, 0)), (None, (0, 0, 1))])
def test_a_lead_is_of_marketing_of_sales_or_of_nobody_known(by: str | None, amounts: tuple[int, int, int]) -> None:
    row = told("lead", [lead("x", "2024-01-05", owner_id="r1", created_at="2024-01-03", generated_by=by)])

    assert gives(STEM, "lead", row) == {("r1", q("2024-01-03"), ()): amounts}


@pytest.mark.parametrize("said", [{"created_at": None}, {"merged_into": "w"}, {"deleted": True}])
def test_without_a_creation_or_merged_away_or_deleted_it_does_not_count(said: dict[str, object]) -> None:
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", **{"created_at": "2024-01-03"} | said)])) == {}


def test_the_value_is_marketing_of_all_known() -> None:
    assert KPI.value({"known": 5, "marketing": 3, "unknown": 9}) == (3, 5)

import pytest

from kpi_state.kpis.open_lead_age import KPI, STEM
from tests.statements import lead
from tests.told import gives, told, x


def test_an_open_lead_counts_for_its_present_owner_at_the_instant_it_was_created() -> None:
    said = [lead("x", "2024-01-05", owner_id="r1", created_at="2024-01-03"), lead("x", "2024-01-06", owner_id="r2")]

    assert gives(STEM, "lead", told("lead", said)) == {("r2", x("2024-01-03"), ()): (1,)}


@pytest.mark.parametrize(
    "said",
    [
        {"created_at": None},
        {"merged_into": "w"},
        {"deleted": True},
        {"outcome": "won"},
        {"outcome": "lost"},
        {"status": "disqualified"},
    ],
)
def test_what_is_closed_gone_or_never_created_is_not_open(said: dict[str, object]) -> None:
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", **{"created_at": "2024-01-03"} | said)])) == {}


def test_the_value_is_the_mean_age_in_seconds_of_a_sum_in_microseconds() -> None:
    assert KPI.value({"open": 2, "age_seconds_sum": 3_000_000}) == (3_000_000, 2_000_000)

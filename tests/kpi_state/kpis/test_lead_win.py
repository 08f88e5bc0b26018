import pytest

from kpi_state.kpis.lead_win import KPI, STEM
from kpi_state.links import OPPORTUNITY
from tests.statements import lead
from tests.told import at, gives, q, told

OWNERS = [
    lead("x", "2024-01-01", owner_id="first"),
    lead("x", "2024-01-04", owner_id="then"),
    lead("x", "2024-01-09", owner_id="now"),
]


@pytest.mark.parametrize(("outcome", "won"), [("won", 1), ("lost", 0)])
def test_a_closed_lead_counts_where_it_was_created_and_where_it_ended(outcome: str, won: int) -> None:
    said = [*OWNERS, lead("x", "2024-01-05", created_at="2024-01-02", outcome=outcome, closed_at="2024-01-06")]

    assert gives(STEM, "lead", told("lead", said)) == {
        ("first", q("2024-01-02"), ("cohort",)): (1, won),
        ("then", q("2024-01-06"), ("closed",)): (1, won),
    }


def test_an_open_lead_counts_only_where_it_was_created() -> None:
    assert gives(STEM, "lead", told("lead", [lead("x", "2024-01-05", created_at="2024-01-02")])) == {
        ("unassigned", q("2024-01-02"), ("cohort",)): (1, 0)
    }


def test_a_lead_that_was_never_created_counts_where_it_ended() -> None:
    row = told("lead", links={OPPORTUNITY: {"o1": ["won", at("2024-01-06")]}})

    assert gives(STEM, "lead", row) == {("unassigned", q("2024-01-06"), ("closed",)): (1, 1)}


def test_created_and_closed_in_one_quarter_hour_by_one_rep_it_counts_under_both_bases() -> None:
    said = lead(
        "x",
        "2024-01-05",
        owner_id="r1",
        created_at="2024-01-05 10:00",
        status="disqualified",
        closed_at="2024-01-05 10:05",
    )

    assert gives(STEM, "lead", told("lead", [said])) == {
        ("r1", q("2024-01-05 10:00"), ("cohort",)): (1, 0),
        ("r1", q("2024-01-05 10:00"), ("closed",)): (1, 0),
    }


def test_a_merged_lead_counts_for_nothing() -> None:
    assert (
        gives(
            STEM,
            "lead",
            told("lead", [lead("x", "2024-01-05", created_at="2024-01-02", outcome="won", merged_into="w")]),
        )
        == {}
    )


def test_the_value_is_won_of_created_or_won_of_closed() -> None:
    assert KPI.value({"leads": 7, "won": 3}) == (3, 7)
    assert KPI.value({"closed": 5, "won": 3}) == (3, 5)

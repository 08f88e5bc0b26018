import pytest

from kpi_state.links import PROFILE
from kpi_state.measures.deals_won import STEM
from tests.statements import opportunity
from tests.told import gives, q, told


@pytest.mark.parametrize(("outcome", "amounts"), [("won", (1, 0)), ("lost", (0, 1))])
def test_a_closed_deal_counts_once_for_its_owner_at_the_close(outcome: str, amounts: tuple[int, ...]) -> None:
    row = told(
        "opportunity",
        [
            opportunity("x", "2024-01-04", owner_id="r1", account_id="a1", product="p", splits={"r1": 1, "r2": 1}),
            opportunity("x", "2024-01-06", outcome=outcome, closed_at="2024-01-05"),
            opportunity("x", "2024-01-08", owner_id="r2"),
        ],
        {PROFILE: {"a1": ["large", "south"]}},
    )

    assert gives(STEM, "opportunity", row) == {("r1", q("2024-01-05"), ("south", "p", "large")): amounts}


@pytest.mark.parametrize("said", [{"outcome": "open"}, {"deleted": True}, {"merged_into": "w"}])
def test_what_is_open_deleted_or_merged_away_is_none(said: dict[str, object]) -> None:
    row = told("opportunity", [opportunity("x", "2024-01-04", **{"outcome": "won"} | said)])

    assert gives(STEM, "opportunity", row) == {}


def test_an_account_that_took_back_what_it_said_says_nothing() -> None:
    row = told("opportunity", [opportunity("x", "2024-01-04", account_id="a1", outcome="won")], {PROFILE: {"a1": None}})

    assert gives(STEM, "opportunity", row) == {("unassigned", q("2024-01-04"), ("", "", "")): (1, 0)}

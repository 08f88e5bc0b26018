from kpi_state.measures.pipeline import STEM
from tests.statements import opportunity
from tests.told import gives, told, x


def test_an_open_deal_counts_for_its_owner_now_since_it_came_to_its_stage() -> None:
    row = told(
        "opportunity",
        [
            opportunity("x", "2024-01-04", owner_id="r1", stage="Demo", product="p", region="south"),
            opportunity("x", "2024-01-06", stage="Offer"),
            opportunity("x", "2024-01-08", owner_id="r2", stage="Offer"),
        ],
    )

    assert gives(STEM, "opportunity", row) == {("r2", x("2024-01-06"), ("Offer", "south", "p")): (1,)}


def test_without_a_stage_it_counts_since_it_was_created_or_first_spoken_of() -> None:
    created = opportunity("x", "2024-01-04", created_at="2024-01-02")

    assert gives(STEM, "opportunity", told("opportunity", [created])) == {
        ("unassigned", x("2024-01-02"), ("", "", "")): (1,)
    }
    assert gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04")])) == {
        ("unassigned", x("2024-01-04"), ("", "", "")): (1,)
    }


def test_a_deal_that_is_closed_deleted_or_only_named_by_others_is_not_in_it() -> None:
    for said in ({"outcome": "won"}, {"outcome": "lost"}, {"deleted": True}, {"merged_into": "w"}):
        assert gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04", **said)])) == {}
    assert gives(STEM, "opportunity", told("opportunity")) == {}

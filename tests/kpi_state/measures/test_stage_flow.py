from kpi_state.measures.stage_flow import MEASURE, STEM
from tests.statements import opportunity
from tests.told import gives, q, told


def test_a_deal_comes_for_its_owner_then_and_leaves_for_its_owner_then() -> None:
    row = told(
        "opportunity",
        [
            opportunity("x", "2024-01-04", owner_id="r1", stage="Demo"),
            opportunity("x", "2024-01-05", owner_id="r2"),
            opportunity("x", "2024-01-06", stage="Offer"),
            opportunity("x", "2024-01-08", outcome="lost"),
        ],
    )

    assert gives(STEM, "opportunity", row) == {
        ("r1", q("2024-01-04"), ("Demo",)): (1, 0, 0, 0, 0),
        ("r2", q("2024-01-06"), ("Demo",)): (0, 1, 0, 0, 0),
        ("r2", q("2024-01-06"), ("Offer",)): (1, 0, 0, 0, 0),
        ("r2", q("2024-01-08"), ("Offer",)): (0, 0, 0, 0, 1),
    }


def test_there_and_back_within_one_quarter_hour_is_added_up() -> None:
    stages = [opportunity("x", f"2024-01-04 10:0{n}", stage=stage) for n, stage in enumerate("ABAB")]

    assert gives(STEM, "opportunity", told("opportunity", stages)) == {
        ("unassigned", q("2024-01-04 10:00"), ("A",)): (2, 1, 1, 0, 0),
        ("unassigned", q("2024-01-04 10:00"), ("B",)): (2, 0, 1, 0, 0),
    }


def test_a_deleted_deal_was_nowhere() -> None:
    assert (
        gives(STEM, "opportunity", told("opportunity", [opportunity("x", "2024-01-04", stage="A", deleted=True)])) == {}
    )


def test_the_value_is_the_share_that_left_forwards() -> None:
    parts = {"entered": 9, "moved_on": 2, "moved_back": 3, "won": 1, "lost": 4}

    assert MEASURE.value(parts) == (3, 10)

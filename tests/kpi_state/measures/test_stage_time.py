from kpi_state.measures.stage_time import MEASURE, STEM
from tests.statements import opportunity
from tests.told import gives, q, told

DAY = 86_400_000_000


def test_a_stay_counts_when_it_ends_for_the_owner_then_with_how_long_it_was() -> None:
    row = told(
        "opportunity",
        [
            opportunity("x", "2024-01-04", owner_id="r1", stage="Demo"),
            opportunity("x", "2024-01-06", owner_id="r2", stage="Offer"),
            opportunity("x", "2024-01-07", stage="Close"),
        ],
    )

    assert gives(STEM, "opportunity", row) == {
        ("r2", q("2024-01-06"), ("Demo",)): (1, 2 * DAY),
        ("r2", q("2024-01-07"), ("Offer",)): (1, DAY),
    }


def test_the_value_is_the_mean_in_seconds() -> None:
    assert MEASURE.value({"stays": 2, "stay_seconds_sum": 3 * DAY}) == (3 * DAY, 2_000_000)

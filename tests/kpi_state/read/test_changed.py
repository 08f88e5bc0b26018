from kpi_state.read.changed import Changed, grouped
from kpi_state.read.slots import Slot

FAIR = (("origin", "fair"),)
DAY = Changed("leads_created", "day", "2024-06-06", {("rep", "ann", ()): (3,), ("org", "*", FAIR): None})
ROLLING = Changed("leads_created", "rolling_7d", "", {("rep", "ann", ()): (9,)})


def test_numbers_are_named_in_full_where_somebody_asks() -> None:
    assert dict(DAY.slots()) == {
        Slot("leads_created", "rep", "ann", "day", "2024-06-06", ()): (3,),
        Slot("leads_created", "org", "*", "day", "2024-06-06", FAIR): None,
    }


def test_those_of_a_window_and_bucket_stand_together_again() -> None:
    assert grouped([*DAY.slots(), *ROLLING.slots()]) == [DAY, ROLLING]
    assert grouped([]) == []

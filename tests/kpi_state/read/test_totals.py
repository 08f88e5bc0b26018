from kpi_state.read.slots import Who
from kpi_state.read.totals import Totals, difference, enter

ANN: Who = ("rep", "ann", ())
ALL: Who = ("org", "*", ())


def test_amounts_are_added_for_each() -> None:
    totals: Totals = {ALL: (1, 1)}

    enter(totals, (ANN, ALL), (2, -1))

    assert totals == {ANN: (2, -1), ALL: (3, 0)}


def test_a_sum_that_is_zero_in_every_amount_leaves() -> None:
    totals: Totals = {ANN: (2, -1), ALL: (2, 0)}

    enter(totals, (ANN, ALL), (-2, 1))

    assert totals == {ALL: (0, 1)}


def test_a_difference_is_what_leads_from_old_to_new() -> None:
    old, new = {"same": (1,), "less": (5,), "gone": (2,)}, {"same": (1,), "less": (3,), "more": (7,)}

    assert difference(new, old) == {"less": (-2,), "gone": (-2,), "more": (7,)}

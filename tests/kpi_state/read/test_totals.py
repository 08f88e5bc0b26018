from kpi_state.read.slots import Who
from kpi_state.read.totals import Totals, enter

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

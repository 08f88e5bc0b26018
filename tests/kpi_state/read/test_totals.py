from kpi_state.read.slots import Who
from kpi_state.read.totals import Totals, Whos, difference, enter, summed

ANN: Who = ("rep", "ann", ())
ALL: Who = ("org", "*", ())


def test_amounts_are_added_for_each() -> None:
    totals = Totals({ALL: (1, 1)})

    enter(totals, (ANN, ALL), (2, -1))

    assert totals == {ANN: (2, -1), ALL: (3, 0)}


def test_a_sum_that_is_zero_in_every_amount_leaves() -> None:
    totals = Totals({ANN: (2, -1), ALL: (2, 0)})

    enter(totals, (ANN, ALL), (-2, 1))

    assert totals == {ALL: (0, 1)}


def test_a_difference_is_what_leads_from_old_to_new() -> None:
    old, new = {"same": (1,), "less": (5,), "gone": (2,)}, {"same": (1,), "less": (3,), "more": (7,)}

    assert difference(new, old) == {"less": (-2,), "gone": (-2,), "more": (7,)}


def test_whose_sums_changed_is_known_from_the_first_time_somebody_asks() -> None:
    totals = Totals()
    enter(totals, (ANN, ALL), (1,))
    assert totals.touched() == {ANN, ALL}
    assert totals.touched() == set()

    enter(totals, (ALL,), (1,))
    enter(totals, (ANN,), (-1,))
    assert totals.touched() == {ANN, ALL}

    enter(totals, (ALL,), (-2,))
    assert totals.touched(everything=True, again=False) == {ALL}
    assert totals.touched() == set()


def test_everything_is_what_is_there_and_what_left() -> None:
    totals = Totals({ANN: (1,), ALL: (1,)})
    totals.touched()
    enter(totals, (ANN,), (-1,))

    assert totals.touched(everything=True) == {ANN, ALL}


def test_whos_are_looked_up_by_the_object_they_are() -> None:
    one, other = Whos((ANN, ALL)), Whos((ANN, ALL))

    assert {one: 1, other: 2}[one] == 1
    assert list(one) == list(other)
    assert [one, other].index(other) == 1


def test_amounts_are_summed_part_by_part() -> None:
    assert summed([(1, 2), (3, -4)]) == (4, -2)

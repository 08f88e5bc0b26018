from hypothesis import given
from hypothesis import strategies as st

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who
from kpi_state.read.totals import One, Totals, Whos, difference, summed

ANN, BOB, TEAM, ALL = (
    One(who) for who in (("rep", "ann", ()), ("rep", "bob", ()), ("team", "t", ()), ("org", "*", ()))
)
UP = Whos((TEAM,), Whos((ALL,)))
OF_ANN, OF_BOB = Whos((ANN,), UP), Whos((BOB,), UP)
OF_ALL = Whos((ALL,))


def test_amounts_are_added_for_each_and_everybody_further_up() -> None:
    totals = Totals()

    totals.enter(OF_ANN, (2, -1))
    totals.enter(OF_BOB, (1, 1))

    assert dict(totals.settled()) == {ANN: (2, -1), BOB: (1, 1), TEAM: (3, 0), ALL: (3, 0)}
    assert len(totals.settled()) == 4


def test_a_sum_that_is_zero_in_every_amount_leaves() -> None:
    totals = Totals()
    totals.enter(OF_ALL, (0, 1))
    totals.enter(OF_ANN, (2, -1))

    totals.enter(OF_ANN, (-2, 1))

    assert dict(totals.settled()) == {ALL: (0, 1)}


def test_a_difference_is_what_leads_from_old_to_new() -> None:
    old: dict[str, Amounts] = {"same": (1,), "less": (5,), "gone": (2,)}
    new: dict[str, Amounts] = {"same": (1,), "less": (3,), "more": (7,)}

    assert difference(new, old) == {"less": (-2,), "gone": (-2,), "more": (7,)}


def test_whose_sums_changed_is_known_from_the_first_time_somebody_asks() -> None:
    totals = Totals()
    totals.enter(OF_ANN, (1,))
    assert totals.touched().keys() == {ANN, TEAM, ALL}
    assert not totals.touched()

    totals.enter(OF_ALL, (1,))
    totals.enter(Whos((ANN,)), (-1,))
    assert totals.touched().keys() == {ANN, ALL}

    totals.enter(OF_ALL, (-2,))
    assert totals.touched(everything=True, again=False).keys() == {TEAM, ALL}
    assert totals.touched().keys() == {TEAM}


def test_everything_is_what_is_there_and_what_left() -> None:
    totals = Totals()
    totals.enter(OF_ANN, (1,))
    totals.touched()
    totals.enter(Whos((ANN,)), (-1,))

    assert totals.touched(everything=True).keys() == {ANN, TEAM, ALL}


def test_what_comes_and_goes_between_two_looks_changes_nothing_further_up() -> None:
    totals = Totals()
    totals.touched()
    totals.enter(OF_ANN, (1,))
    totals.enter(OF_BOB, (-1,))

    assert totals.touched().keys() == {ANN, BOB}
    assert dict(totals.settled()) == {ANN: (1,), BOB: (-1,)}


def test_what_was_taken_back_and_entered_again_is_told_as_it_is_with_nobody_further_up() -> None:
    totals = Totals()
    totals.enter(OF_ANN, (1,))
    totals.touched()
    for amount in (-1, 1):
        totals.enter(OF_ANN, (amount,))
        totals.enter(OF_BOB, (-amount,))

    assert totals.touched() == {ANN: (1,), BOB: None}


def test_whos_are_looked_up_by_the_object_they_are() -> None:
    one, other = Whos((ANN, ALL)), Whos((ANN, ALL))
    assert {one: 1, other: 2}[one] == 1

    who: Who = ("rep", "ann", ())
    assert {ANN: 1, One(who): 2}[ANN] == 1
    assert [ANN == ANN, One(who) == ANN] == [True, False]  # noqa: PLR0124
    assert [*OF_ANN.all()] == [ANN, TEAM, ALL]


@given(st.lists(st.tuples(st.sampled_from([OF_ANN, OF_BOB, UP, OF_ALL]), st.integers(-2, 2)), max_size=12))
def test_whenever_somebody_looks_the_sums_are_those_of_all_that_was_entered(entered: list[tuple[Whos, int]]) -> None:
    totals = Totals()
    expected: dict[Who, int] = dict.fromkeys(OF_BOB.all(), 0) | {ANN: 0}
    for n, (whos, amount) in enumerate(entered):
        totals.enter(whos, (amount,))
        for who in whos.all():
            expected[who] += amount
        if n % 3:
            assert {who: amounts for who, amounts in totals.settled().items() if any(amounts)} == {
                who: (amount,) for who, amount in expected.items() if amount
            }


def test_amounts_are_summed_part_by_part() -> None:
    assert summed([(1, 2), (3, -4)]) == (4, -2)

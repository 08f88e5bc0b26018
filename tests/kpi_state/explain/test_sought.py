from kpi_state.buckets import Cell, quarter
from kpi_state.explain.asking import Ask, question
from kpi_state.explain.sought import Sought

ONE: Cell = ("touchpoints", "r1", quarter(0), ("call",))
TWO: Cell = ("touchpoints", "r2", quarter(0), ("call",))
OTHER: Cell = ("touchpoints", "r3", quarter(0), ("call",))


def test_of_contributions_those_are_kept_that_are_asked_for_by_their_place_in_the_question() -> None:
    sought = Sought(Ask("", "touchpoints", question([ONE, TWO]), [0], 7))

    assert sought.among({TWO: (1, 0, 0), OTHER: (0, 1, 0), ONE: (2, 0, 0)}) == {1: (1, 0, 0), 0: (2, 0, 0)}
    assert (sought.measure.stem, sought.most, sought.dropped) == ("touchpoints", 7, False)


def test_the_kinds_that_contribute_to_the_measure_are_looked_through() -> None:
    sought = Sought(Ask("", "touchpoints", question([ONE]), [0]))

    assert sorted(look.kind for look in sought.looks) == ["activity", "call", "slot"]

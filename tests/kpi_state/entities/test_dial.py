from kpi_state.links import DIALLED, dial_number, dial_rep, dial_subject, routing_key
from kpi_state.rows import Row, Shelf
from tests.told import says, told, viewed

SUBJECT = dial_subject("a|b", "+31|20", 19_727)


def test_a_dial_lives_with_its_number_and_knows_its_rep() -> None:
    assert (dial_rep(SUBJECT), dial_number(SUBJECT)) == ("a|b", "+31|20")
    assert routing_key("dial", SUBJECT) == "+31|20"


def test_it_was_when_its_first_call_was_and_tells_nobody() -> None:
    row = told("dial", links={DIALLED: {"k1": 7, "k2": 5, "k3": None}})

    assert (viewed("dial", row, SUBJECT).rep, viewed("dial", row, SUBJECT).at) == ("a|b", 5)
    assert says("dial", row, SUBJECT) == {}


def test_on_many_shelves_it_is_the_earliest_of_all() -> None:
    row = Row()
    row.shelves[DIALLED] = Shelf(summaries=[None, 9, 4, None])

    assert viewed("dial", row, SUBJECT).at == 4


def test_a_dial_whose_calls_are_all_gone_is_none() -> None:
    assert viewed("dial", told("dial", links={DIALLED: {"k1": None}}), SUBJECT) is None

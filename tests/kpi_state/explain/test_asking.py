import pytest

from kpi_state.buckets import Amounts, Cell, add, quarter
from kpi_state.explain.asking import (
    Ask,
    Difference,
    Entity,
    Share,
    Told,
    answers,
    cells_asked,
    decode_ask,
    decode_told,
    differences,
    encode_ask,
    encode_told,
    question,
)
from kpi_state.published import decode_tally
from kpi_state.replay import replay
from tests.reference import microseconds
from tests.statements import lead
from tests.worlds import NOW, settings_of

ONE: Cell = ("leads_created", "r1", quarter(0), ("web",))
TWO: Cell = ("leads_created", "r2", ("I", 5, 9), ("",))


def told(*totals: tuple[int, tuple[int, ...]]) -> Told:
    return Told("1-a", [Share(0, 5, list(totals), [], 0)], [], 0.1)


def test_a_question_names_cells_as_they_are() -> None:
    asked = Ask("1-a", "leads_created", question([ONE, TWO]), [0, 3])

    again = decode_ask(encode_ask(asked))

    assert again == asked
    assert cells_asked(again) == [ONE, TWO]


def test_an_answer_survives_being_sent_with_all_its_digits() -> None:
    for large in (5, 2**63, 2**80):
        answered = told((0, (large, -large)))
        assert decode_told(encode_told(answered)) == answered


def test_workers_that_come_to_what_is_published_differ_nowhere() -> None:
    assert differences({ONE: (3, 1), TWO: (1, 0)}, [told((0, (2, 1)), (1, (1, 0))), told((0, (1, 0)))]) == {}


def test_where_workers_come_to_something_else_both_are_said() -> None:
    found = differences({ONE: (3, 1), TWO: (1, 0)}, [told((0, (2, 1)))])

    assert found == {ONE: Difference((3, 1), (2, 1)), TWO: Difference((1, 0), (0, 0))}


@pytest.mark.parametrize(
    ("said", "answered"),
    [((1, (1, 0)), True), ((2, (1, 0)), False), ((-1, (1, 0)), False), ((0, (1,)), False), ((0, ()), False)],
)
def test_what_is_said_of_cells_that_nobody_asked_for_is_no_answer(said: tuple[int, Amounts], answered: bool) -> None:
    cells = {ONE: (3, 1), TWO: (1, 0)}
    of_one = Entity("lead", "l1", None, [(0, (2, 1)), said], [], [])

    assert answers(told((0, (2, 1)), said), cells) is answered
    assert answers(Told("1-a", [Share(0, 5, [], [of_one], 0)], [], 0.1), cells) is answered


def test_sums_of_partitions_are_added_up_and_those_that_cancel_are_left_out() -> None:
    now = microseconds(NOW)
    lines = [lead(f"l{n}", "2024-01-05", created_at=f"2024-01-0{n}", owner_id="r1") for n in (5, 6)]
    reader = replay(lines, now, settings_of()).reader()
    rows = [(key, value) for key, value in replay(lines[:1], now, settings_of()).state.tally.items()]
    published: dict[Cell, tuple[int, ...]] = {}
    for key, value in rows:
        reader.tally(1, key, value)
        for cell, amounts in decode_tally(key, value):
            add(published, cell, amounts)

    (doubled,) = [cell for cell in published if cell[0] == "leads_created"]
    found = reader.cells("leads_created")

    assert found[doubled] == (2,)
    assert len(found) == 2
    assert reader.cells("no_such") == {}

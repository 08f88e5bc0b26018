import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.buckets import Amounts, Cell, Contributions
from kpi_state.definitions import Definitions
from kpi_state.evaluate import NOTHING, WIDTHS, contributed_by_links, difference, evaluate
from kpi_state.links import PURCHASE, TOUCH, slot_subject
from kpi_state.measures.registry import ALL
from kpi_state.rows import Row
from tests.statements import account, call, lead
from tests.told import at, d, told

CELLS: list[Cell] = [("m", rep, ("-", 0, 0), ()) for rep in "abc"]
contributions = st.dictionaries(st.sampled_from(CELLS), st.tuples(st.integers(-2, 2), st.integers(-2, 2)))


@given(contributions, contributions, contributions)
def test_old_plus_the_difference_is_new(new: Contributions, old: Contributions, running: Contributions) -> None:
    deltas = dict(running)
    difference(new, old, deltas)

    nothing: Amounts = (0, 0)
    for cell in CELLS:
        wanted = zip(*(each.get(cell, nothing) for each in (running, new, old)), strict=True)
        assert deltas.get(cell, nothing) == tuple(a + b - c for a, b, c in wanted)


def test_what_stays_the_same_leaves_no_delta() -> None:
    deltas: Contributions = {}

    difference({CELLS[0]: (1, 2)}, {CELLS[0]: (1, 2)}, deltas)

    assert deltas == {}


def test_what_is_deleted_contributes_and_says_nothing() -> None:
    row = told("call", [call("x", "2024-01-05", rep_id="r1", direction="outbound", deleted=True)])

    assert evaluate("call", "x", row, Definitions()) == NOTHING


@pytest.mark.parametrize("kind", ["slot", "number", "contact", "lead", "opportunity", "account"])
def test_a_target_of_links_that_has_none_contributes_and_says_nothing(kind: str) -> None:
    subject = slot_subject("r", "n+31", "call", 0) if kind == "slot" else "x"
    evaluation = evaluate(kind, subject, Row(), Definitions())

    assert (evaluation.contributions, evaluation.links) == ({}, {})


def test_evaluating_twice_is_the_same_and_leaves_the_row_alone() -> None:
    row = told("lead", [lead("x", "2024-01-05", created_at="2024-01-05", owner_id="r1", contact_id="c1")])
    before = (dict(row.facts), dict(row.lines), row.rev)

    first, second = (evaluate("lead", "x", row, Definitions()) for _ in range(2))

    assert (first.contributions, first.links, first.credit) == (second.contributions, second.links, second.credit)
    assert first.contributions
    assert (row.facts, row.lines, row.rev) == before


def test_every_measure_says_how_many_amounts_it_carries() -> None:
    assert {kpi.stem: WIDTHS.get(kpi.stem, 0) for kpi in ALL} == {kpi.stem: kpi.amounts for kpi in ALL}
    assert WIDTHS["incomplete"] == WIDTHS["merge_too_deep"] == 1


def test_only_an_account_says_whom_its_shelved_links_count_for() -> None:
    owned = told("account", [account("x", "2024-01-05", owner_id="r1")])

    assert evaluate("account", "x", owned, Definitions()).credit == "r1"
    assert evaluate("lead", "x", told("lead", [lead("x", "2024-01-05", owner_id="r1")]), Definitions()).credit is None


def test_shelved_purchases_contribute_one_by_one_for_whom_the_account_says() -> None:
    bought = [at("2024-01-05"), d("2024-01-05")[1], 500, "EUR", ""]
    row = told("account", links={PURCHASE: {"p1": bought, "p2": bought, "p3": None}})
    cell = ("customer_lifetime_value", "r1", d("2024-01-05"), ("EUR",))

    assert contributed_by_links("account", row, "r1") == {cell: (0, 0, 2, 1000)}
    assert contributed_by_links("account", row, None) == {}


def test_shelved_touches_contribute_through_their_target() -> None:
    row = told("contact", links={TOUCH: {"s1": [5, "call", "r1"]}})

    assert contributed_by_links("contact", row, None) == {}

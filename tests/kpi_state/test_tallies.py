from hypothesis import given
from hypothesis import strategies as st

from kpi_state.buckets import Amounts, Cell, quarter
from kpi_state.published import decode_tally
from kpi_state.tallies import count

CELLS: list[Cell] = [
    ("lead_conversion", rep, ("Q", number, 0), ()) for rep in ("r1", "r2") for number in (-97, -1, 0, 95, 96)
]
deltas = st.dictionaries(st.sampled_from(CELLS), st.tuples(st.integers(-2, 2), st.integers(-2, 2)), max_size=6)


def cells(tally: dict[bytes, bytes]) -> dict[Cell, Amounts]:
    return {cell: amounts for key, value in tally.items() for cell, amounts in decode_tally(key, value)}


@given(st.lists(deltas, max_size=6))
def test_rows_hold_the_sums_of_all_deltas_and_nothing_that_is_zero(batches: list[dict[Cell, Amounts]]) -> None:
    tally: dict[bytes, bytes] = {}
    sums: dict[Cell, tuple[int, int]] = dict.fromkeys(CELLS, (0, 0))
    for batch in batches:
        count(tally, batch)
        for cell, (leads, converted) in batch.items():
            sums[cell] = sums[cell][0] + leads, sums[cell][1] + converted

    assert cells(tally) == {cell: amounts for cell, amounts in sums.items() if any(amounts)}


@given(deltas, deltas)
def test_the_rows_that_are_given_back_are_those_that_changed(
    before: dict[Cell, Amounts], after: dict[Cell, Amounts]
) -> None:
    tally: dict[bytes, bytes] = {}
    count(tally, before)
    old = dict(tally)

    changed = count(tally, after)

    assert {key: tally.get(key) for key in old.keys() | tally.keys() if tally.get(key) != old.get(key)} == changed


def test_a_row_that_sums_to_nothing_is_a_tombstone() -> None:
    tally: dict[bytes, bytes] = {}
    cell: Cell = ("leads_created", "r1", quarter(0), ("",))
    (key,) = count(tally, {cell: (1,)})

    assert count(tally, {cell: (-1,)}) == {key: None}
    assert tally == {}


def test_a_delta_of_nothing_touches_no_row() -> None:
    assert count({}, {("leads_created", "r1", quarter(0), ("",)): (0,)}) == {}

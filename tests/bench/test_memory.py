"""What a row takes, counted in bytes that are the same everywhere; `python -m bench.memory` measures the process."""

import sys

import pytest

from bench.memory import Floor, apply, encoded_bytes, grown, rows
from kpi_state.apply import State
from kpi_state.entities.registry import ENTITIES

ALLOCATED_BY = 16
"""Python hands out memory in pieces of so many bytes."""
DICT_ENTRY_BYTES = 72
"""What a dict takes for an entry just after it grew, which is when it takes the most."""


@pytest.fixture(scope="module")
def state() -> State:
    return grown(300)[0]


def allocated(value: bytes) -> int:
    return -(-sys.getsizeof(value) // ALLOCATED_BY) * ALLOCATED_BY


def test_a_row_of_the_mix_has_at_most_135_bytes_encoded_keys_included(state: State) -> None:
    assert encoded_bytes(state) <= 135 * rows(state).total()


def test_a_row_of_the_mix_takes_at_most_300_bytes_as_python_keeps_it(state: State) -> None:
    tables = (state.ledger, state.tally, state.roster)

    taken = sum(allocated(key) + allocated(value) for table in tables for key, value in table.items())

    assert taken + DICT_ENTRY_BYTES * rows(state).total() <= 300 * rows(state).total()


@pytest.mark.parametrize(
    ("kind", "most"), [("call", 145), ("activity", 115), ("slot", 50), ("lead", 260), ("dial", 60)]
)
def test_a_usual_row_is_short(state: State, kind: str, most: int) -> None:
    sizes = [len(value) for key, value in state.ledger.items() if key.startswith(f"{kind}/".encode())]

    assert sum(sizes) <= most * len(sizes)


def test_the_mix_holds_every_kind_of_row(state: State) -> None:
    found = rows(state)

    assert ENTITIES.keys() | {"tally", "rep"} == found.keys()
    assert found["call"] == max(found[kind] for kind in ENTITIES)


def test_the_floor_is_the_same_every_time() -> None:
    assert list(Floor().contact(33)) == list(Floor().contact(33))


def test_every_call_has_three_events() -> None:
    lines = [line for line in Floor().contact(5) if b"telephony.call" in line]

    assert len(lines) == 18
    assert apply(State(), iter(lines)) == 18

"""One more touch, call or purchase costs about the same whatever its target has: counted in work, not in time."""

import statistics
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bench.fanin import SPREADS, TARGETS, apply, loaded, one_more
from kpi_state.apply import State
from kpi_state.events import Event

Work = Callable[[State, Event], int]


class Metered(dict[bytes, bytes]):
    """A table that counts the bytes of the rows that are read from it and written to it."""

    moved = 0

    def get(self, key: bytes, default: Any = None) -> Any:
        if key not in self:
            return default
        return self[key]

    def __getitem__(self, key: bytes) -> bytes:
        value = super().__getitem__(key)
        self.moved += len(value)
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.moved += len(value)
        super().__setitem__(key, value)

    def update(self, rows: Mapping[bytes, bytes]) -> None:  # type: ignore[override]
        for key, value in rows.items():
            self[key] = value


def bytes_moved(state: State, event: Event) -> int:
    """Bytes of the rows that one more reads and writes."""
    ledger, tally = Metered(state.ledger), Metered(state.tally)
    apply(State(ledger, tally, dict(state.roster)), [event])
    return ledger.moved + tally.moved


def calls_made(state: State, event: Event) -> int:
    """Functions that one more calls, those of the interpreter included."""
    copy = State(dict(state.ledger), dict(state.tally), dict(state.roster))
    calls = 0

    def count(_frame: object, happening: str, _arg: object) -> None:
        nonlocal calls
        calls += happening in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        apply(copy, [event])
    finally:
        sys.setprofile(before)
    return calls


def work_of_one_more(work: Work, target: str, spread: str, count: int) -> float:
    """Mean work of one more event, from the same state each time."""
    state = loaded(target, spread, count)
    return statistics.mean(work(state, event) for event in one_more(target, spread, count, repeat=25))


EVERY_TARGET = pytest.mark.parametrize(
    ("target", "spread"), [(target, spread) for target in TARGETS for spread in SPREADS]
)


@EVERY_TARGET
def test_one_more_of_3000_takes_at_most_three_times_the_calls_of_one_more_of_10(target: str, spread: str) -> None:
    few, many = (work_of_one_more(calls_made, target, spread, count) for count in (10, 3_000))

    assert 0 < many <= 3 * few


@EVERY_TARGET
def test_one_more_of_3000_moves_a_few_rows_and_never_all_that_the_target_has(target: str, spread: str) -> None:
    assert 0 < work_of_one_more(bytes_moved, target, spread, 3_000) < 8_000

"""The promise: any order, repetition, split, partitioning and order of links gives the same bytes, and they are right.

`SOUP_EXAMPLES` says how many soups a test draws; `make soak` draws thousands of new ones.
"""

import os
import random
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.events import Event
from kpi_state.read.document import document
from kpi_state.replay import replay
from tests.reference import microseconds
from tests.soups.soups import KINDS, chains, soups
from tests.worlds import NOW, World, readable, replayed, settings_of

THEMES = {
    "leads, deals and appointments": ("lead", "opportunity", "appointment"),
    "contacts, calls and numbers": ("contact", "call", "lead"),
    "touches of contacts and leads": ("contact", "activity", "call", "lead"),
    "accounts and what they buy": ("account", "contract", "purchase", "opportunity", "lead"),
    "deals and contracts": ("opportunity", "contract"),
    "people": ("rep", "call", "activity", "lead"),
    "everything": tuple(KINDS),
}
settings = st.builds(
    settings_of,
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/St_Johns")),
    fiscal_start=st.integers(1, 12),
    grace_days=st.sampled_from((0, 1, 60)),
    activity_days=st.sampled_from((30, 365)),
)


def bounded(test: Callable[..., Any]) -> Callable[..., Any]:
    """Examples enough to find what the mutants break, few enough for a minute in all; a profile may ask for more."""
    examples = int(os.environ.get("SOUP_EXAMPLES") or max(120, hypothesis.settings().max_examples))
    return hypothesis.settings(max_examples=examples, suppress_health_check=[hypothesis.HealthCheck.data_too_large])(
        test
    )


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@bounded
@given(data=st.data())
def test_any_soup_in_any_order_comes_to_what_the_reference_says(theme: tuple[str, ...], data: st.DataObject) -> None:
    replayed(data.draw(soups(*theme)), NOW, data.draw(settings))


@bounded
@given(number=st.integers(0, 2**40))
def test_chains_and_cycles_about_as_long_as_counts_come_to_what_the_reference_says(number: int) -> None:
    replayed(chains(number))


@bounded
@given(
    lines=soups(),
    settings=settings,
    partitions=st.integers(1, 8),
    seed=st.integers(0, 2**32),
    chaos=st.booleans(),
    data=st.data(),
)
def test_any_order_repetition_split_and_partitioning_gives_the_same_bytes(
    lines: list[bytes], settings: Any, partitions: int, seed: int, chaos: bool, data: st.DataObject
) -> None:
    now = microseconds(NOW)
    events, counts = readable(lines, now)
    repeated: list[Event] = data.draw(st.permutations(events + events[::3]))

    world = World(partitions, settings.definitions, random.Random(seed), chaos=chaos).run(repeated)

    assert document(now, counts, world.reader(settings).samples(now, supporting=True)) == replay(
        lines, now, settings
    ).document(supporting=True)


@bounded
@given(lines=soups(), cut=st.integers(0, 80))
def test_what_was_counted_before_more_events_came_is_restated_exactly(lines: list[bytes], cut: int) -> None:
    """A world read half way and fed on is the same as one that is fed at once."""
    settings, now = settings_of(), microseconds(NOW)
    events, counts = readable(lines, now)
    world = World(2, settings.definitions)

    followed = world.run(events[:cut]).reader(settings)
    followed.samples(now)
    before = [dict(state.tally) for state in world.states], [dict(state.roster) for state in world.states]
    world.run(events[cut:])
    for n, state in enumerate(world.states):
        for key in before[0][n].keys() | state.tally.keys():
            if before[0][n].get(key) != state.tally.get(key):
                followed.tally(n, key, state.tally.get(key))
        for key, value in state.roster.items():
            if before[1][n].get(key) != value:
                followed.roster(key, value)

    printed = document(now, counts, followed.samples(now, supporting=True))
    assert printed == replay(lines, now, settings).document(supporting=True)

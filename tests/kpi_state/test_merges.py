from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.links import MERGE
from kpi_state.merges import MAX_MERGES, Folded, cut_off, folded, forward, winner_of
from kpi_state.rows import Row

STAMP = (1, "", "s", "e")


def row_of(winner: str | None = None, received: Mapping[str, object] | None = None) -> Row:
    row = Row()
    if winner is not None:
        row.facts["merged_into"] = (STAMP, winner)
    row.links[MERGE] = {source: (1, items) for source, items in (received or {}).items()}
    return row


def settled(merges: Mapping[str, str], chance: Random | None = None) -> dict[str, Folded]:
    """What is folded into each entity once no link waits any more; each has [its name] as payload."""
    rows = {name: row_of(merges.get(name)) for name in {*merges, *merges.values()}}
    revs = dict.fromkeys(rows, 0)
    said: dict[str, object] = {}
    busy = sorted(merges)
    while busy:
        name = busy.pop(chance.randrange(len(busy)) if chance else 0)
        winner = winner_of(rows[name], name)
        items = folded(rows[name], name).items
        sent = None if winner is None else forward(winner, name, [name], items)
        if winner is None or sent == said.get(name):
            continue
        said[name] = sent
        revs[name] += 1
        rows[winner].links[MERGE][name] = (revs[name], sent)
        busy.append(winner)
    return {name: folded(row, name) for name, row in rows.items()}


def chain(merges: int) -> dict[str, str]:
    """e0 into e1 into e2 …"""
    return {f"e{n}": f"e{n + 1}" for n in range(merges)}


def cycle(size: int) -> dict[str, str]:
    """e0 into e1 into … into e0."""
    return {f"e{n}": f"e{(n + 1) % size}" for n in range(size)}


def alive(state: Mapping[str, Folded]) -> set[str]:
    return {name for name, known in state.items() if known.alive}


@pytest.mark.parametrize("merges", range(1, MAX_MERGES + 1))
def test_everything_along_a_chain_of_up_to_8_merges_comes_to_its_end(merges: int) -> None:
    state = settled(chain(merges))

    assert alive(state) == {f"e{merges}"}
    assert sorted(payload[0] for payload in state[f"e{merges}"].payloads()) == [f"e{n}" for n in range(merges)]


def test_a_chain_of_9_merges_cuts_off_its_first_and_counts_it_once() -> None:
    merges = chain(9)
    state = settled(merges)

    assert alive(state) == {"e9"}
    assert set(state["e9"].items) == {f"e{n}" for n in range(1, 9)}
    assert {name: cut_off(merges.get(name), known.items) for name, known in state.items()} == {
        **dict.fromkeys(state, 0),
        "e8": 1,
    }


@pytest.mark.parametrize("size", range(2, MAX_MERGES + 1))
def test_in_a_cycle_of_up_to_8_merges_the_smallest_survives_with_everything(size: int) -> None:
    merges = cycle(size)
    state = settled(merges)

    assert alive(state) == {"e0"}
    assert sorted(payload[0] for payload in state["e0"].payloads()) == [f"e{n}" for n in range(1, size)]
    assert [cut_off(merges[name], known.items) for name, known in state.items()] == [0] * size


def test_in_a_cycle_of_9_merges_nobody_survives_and_each_is_counted() -> None:
    merges = cycle(9)
    state = settled(merges)

    assert alive(state) == set()
    assert sum(cut_off(merges[name], known.items) for name, known in state.items()) == 9


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), max_size=8), st.randoms())
def test_merges_settle_to_the_same_in_any_order(merges: dict[str, str], chance: Random) -> None:
    assert settled(merges, chance) == settled(merges)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), max_size=8))
def test_everybody_counts_for_exactly_one_survivor(merges: dict[str, str]) -> None:
    state = settled(merges)
    counted = [name for name in sorted(alive(state)) for name in (name, *state[name].items)]

    assert sorted(counted) == sorted(state)


def test_what_was_merged_into_itself_is_not_merged() -> None:
    row = row_of("x")

    assert winner_of(row, "x") is None
    assert folded(row, "x") == Folded({}, alive=True)


@pytest.mark.parametrize("winner", [None, ""])
def test_what_was_merged_into_nothing_is_not_merged(winner: str | None) -> None:
    row = Row()
    row.facts["merged_into"] = (STAMP, winner)

    assert winner_of(row, "x") is None


def test_an_item_that_came_along_two_ways_counts_once_by_the_shorter() -> None:
    row = row_of(
        None,
        {
            "b": {"b": [["b"], ["b"]], "a": [["a", "b"], ["stale"]]},
            "a": {"a": [["a"], ["fresh"]]},
        },
    )

    for order in (["a", "b"], ["b", "a"]):
        row.links[MERGE] = {source: row.links[MERGE][source] for source in order}
        assert folded(row, "x").items == {"a": (["a"], ["fresh"]), "b": (["b"], ["b"])}


def test_of_two_equally_long_ways_the_smaller_counts() -> None:
    ways = {"b": {"a": [["a", "b"], ["by b"]]}, "c": {"a": [["a", "c"], ["by c"]]}}

    for order in (["b", "c"], ["c", "b"]):
        assert folded(row_of(None, {source: ways[source] for source in order}), "x").items["a"] == (
            ["a", "b"],
            ["by b"],
        )


def test_of_two_cycles_through_an_entity_the_shorter_decides_who_survives() -> None:
    # Only for a moment: the two ways are told by links of different ages.
    ways = {"a": {"x": [["x", "a"], []]}, "y": {"x": [["x", "z", "y"], []]}}

    for order in (["a", "y"], ["y", "a"]):
        assert not folded(row_of("a", {source: ways[source] for source in order}), "x").alive


def test_an_item_does_not_cross_to_somebody_it_passed_already() -> None:
    items = {"a": (["a", "w"], ["a"]), "b": (["b"], ["b"])}

    assert forward("w", "x", ["x"], items) == {"x": [["x"], ["x"]], "b": [["b", "x"], ["b"]]}


def test_an_item_crosses_back_to_its_origin_which_so_learns_of_the_cycle() -> None:
    assert forward("a", "x", ["x"], {"a": (["a"], ["a"])})["a"] == [["a", "x"], ["a"]]


def test_without_a_winner_nothing_is_cut_off() -> None:
    assert cut_off(None, {"a": ([f"e{n}" for n in range(8)], [])}) == 0

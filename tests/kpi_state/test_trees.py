from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state import trees
from kpi_state.definitions import Definitions
from kpi_state.entities import number
from kpi_state.links import CLAIM, TOUCH, receive
from kpi_state.rows import Inbox, Row
from kpi_state.shelves import summed
from kpi_state.trees import UNCHANGED, Tree, Trees, digit, shelf_key

DEFINITIONS = Definitions()
Arrival = tuple[str, int, Any]
"""(call, rev, [at, call, rep] or None)."""
arrivals = st.tuples(
    st.text("abcd", min_size=1, max_size=2),
    st.integers(1, 4),
    st.none() | st.builds(lambda at, rep: [at, "t", rep], st.integers(0, 9), st.sampled_from(("r", "s"))),
)
claims = st.dictionaries(st.sampled_from(("c1", "c2")), st.lists(st.tuples(st.integers(0, 9), st.none()).map(list)))


@pytest.fixture(autouse=True, scope="module")
def _small_shelves() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "SHELF_LINKS", 2)
        yield


class Target:
    """A number whose touches arrive in batches; every batch starts from what the one before it wrote."""

    def __init__(self) -> None:
        self.ledger: dict[bytes, bytes] = {}
        self.row = Row()

    def batch(self, work: Callable[[Trees, Tree], object]) -> "Target":
        every = Trees(self.ledger)
        work(every, Tree("number", "+31", TOUCH, number.TOUCHES, self.row, DEFINITIONS))
        self.ledger |= every.changes()
        return self

    def keep(self, *links: Arrival) -> "Target":
        return self.batch(lambda every, tree: [every.keep(tree, *link) for link in links])

    def claim(self, held: dict[str, Any]) -> "Target":
        def work(every: Trees, tree: Tree) -> None:
            self.row.links[CLAIM] = {contact: (1, spans) for contact, spans in held.items()}
            every.refresh(tree, DEFINITIONS)

        return self.batch(work)

    def summary(self) -> Any:
        return summed(number.TOUCHES, self.row, TOUCH, DEFINITIONS)

    def standing(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.batch(lambda every, tree: found.update(every.standing(tree)))
        return found


def flat(row: Row, links: list[Arrival]) -> tuple[Any, dict[str, Any]]:
    """(summary, links that stand) as one flat inbox has them."""
    inbox: Inbox = {}
    for source, rev, value in links:
        receive(inbox, source, rev, value)
    stand = {source: value for source, (_, value) in inbox.items() if value is not None}
    return number.TOUCHES.summarise(stand.items(), number.claims(row, DEFINITIONS)), stand


@given(st.lists(st.lists(arrivals, max_size=12) | claims, max_size=6))
def test_a_tree_says_what_a_flat_inbox_says_after_any_batches_and_changes_of_claims(work: list[Any]) -> None:
    target, links = Target(), []
    for each in work:
        if isinstance(each, dict):
            target.claim(each)
        else:
            target.keep(*each)
            links += each

        summary, stand = flat(target.row, links)
        assert target.summary() == summary
        assert target.standing() == stand


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 3)), max_size=16), st.data())
def test_the_order_of_links_does_not_show(each: list[tuple[str, int]], data: st.DataObject) -> None:
    links = [(source, rev, [rev, source, "r"]) for source, rev in each]
    held = {"c1": [[0, None]]}
    one = Target().claim(held).keep(*links)
    other = Target().keep(*data.draw(st.permutations(links))).claim(held)

    assert one.summary() == other.summary()
    assert one.standing() == other.standing()


def touches(count: int) -> list[Arrival]:
    return [(f"s{n}", 1, [n, f"t{n}", "r"]) for n in range(count)]


def test_few_links_are_kept_in_the_row_of_the_target() -> None:
    target = Target().keep(*touches(2))

    assert target.ledger == {}
    assert len(target.row.shelves[TOUCH].links) == 2


def test_more_links_are_handed_to_16_shelves_of_their_own() -> None:
    target = Target().keep(*touches(3))

    assert set(target.ledger) == {shelf_key("number", "+31", TOUCH, f"{place:x}") for place in range(16)}
    assert target.row.shelves[TOUCH].links == {}


def test_one_more_link_writes_only_the_shelves_above_it() -> None:
    target = Target().claim({"c1": [[0, None]]}).keep(*touches(300))
    every = Trees(target.ledger)

    every.keep(Tree("number", "+31", TOUCH, number.TOUCHES, target.row, DEFINITIONS), "s7", 2, [0, "t", "r"])

    changed = sorted(every.changes(), key=len)
    assert 2 <= len(changed) <= 7
    assert all(path.split(b"/")[0] in changed[-1] for path in changed)


FIVE, SIX = [5, "t", "r"], [6, "t", "r"]


@pytest.mark.parametrize("many", [0, 3])
def test_keeping_a_link_says_what_stood_before(many: int) -> None:
    target = Target().keep(*touches(many))

    def work(every: Trees, tree: Tree) -> None:
        assert every.keep(tree, "a", 2, FIVE) is None
        assert every.keep(tree, "a", 2, SIX) is UNCHANGED
        assert every.keep(tree, "a", 1, SIX) is UNCHANGED
        assert every.keep(tree, "a", 3, FIVE) is UNCHANGED
        assert every.keep(tree, "a", 4, SIX) == FIVE
        assert every.keep(tree, "a", 5, None) == SIX
        assert every.keep(tree, "a", 4, SIX) is UNCHANGED

    target.batch(work)


def test_a_higher_rev_of_the_same_link_is_kept_across_batches() -> None:
    target = Target().keep(*touches(3)).keep(("s0", 9, [0, "t0", "r"])).keep(("s0", 8, None))

    assert target.standing()["s0"] == [0, "t0", "r"]


def test_links_whose_hashes_agree_to_the_last_digit_share_a_leaf_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "digit", lambda _source, _depth: 7)
    target = Target().claim({"c1": [[0, None]]}).keep(*touches(20))

    assert target.summary() == {"c1": [0, "t0", "r"]}
    assert len(target.standing()) == 20
    assert max(len(key.split(b"/")[0]) for key in target.ledger) == 2 + trees.MAX_DEPTH


def test_a_shelf_never_has_the_key_of_an_entity_or_of_another_shelf() -> None:
    paths = ["", "0", "0f", "f0"]
    keys = {shelf_key(kind, "/x", relation, path) for kind in ("slot", "lead") for relation in "tp" for path in paths}

    assert len(keys) == 16
    assert all(key.startswith(b"~") for key in keys)


def test_the_digits_of_a_source_are_those_of_its_hash() -> None:
    assert {digit("call-1", depth) for depth in range(7)} <= set(range(16))
    assert len({digit(f"call-{n}", 0) for n in range(200)}) == 16
    assert len({(digit(f"call-{n}", 0), digit(f"call-{n}", 1)) for n in range(2_000)}) == 256

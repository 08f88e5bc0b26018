from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.definitions import Definitions
from kpi_state.entities import account, contact, number, slot
from kpi_state.links import CLAIM, TOUCH
from kpi_state.rows import Row, Shelf
from kpi_state.shelves import Shelving, minima, standing, summary, summed
from tests.told import told

DAYS = st.integers(1, 40)
PURCHASES = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    DAYS.flatmap(
        lambda day: st.tuples(
            st.just(day * 10), st.just(day), st.just(5), st.sampled_from(("", "EUR")), st.sampled_from(("", "r"))
        )
    ).map(list),
    max_size=12,
)
TOUCHES = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.tuples(st.integers(0, 9), st.sampled_from("xy"), st.sampled_from(("r", "s"))).map(list),
    max_size=12,
)
AIMED = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.tuples(st.integers(0, 9), st.sampled_from((None, "c1", "c2")), st.sampled_from((None, "l1"))).map(list),
    max_size=12,
)
KNOWN = [(0, 4, "c1"), (2, None, "c2")]
KINDS = {
    "purchases of an account": (account.PURCHASES, PURCHASES, Definitions(activity_days=3, grace_days=2)),
    "touches of a contact or a lead": (contact.TOUCHES, TOUCHES, None),
    "touches of a slot": (slot.TOUCHES, AIMED, None),
    "touches of a number": (number.TOUCHES, TOUCHES, KNOWN),
    "touches of a number that nobody holds": (number.TOUCHES, TOUCHES, []),
}


@pytest.mark.parametrize(("shelving", "links", "context"), KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_summaries_combine_to_the_same_however_the_links_are_grouped(
    shelving: Shelving, links: st.SearchStrategy[dict[str, Any]], context: Any, data: st.DataObject
) -> None:
    all_links = list(data.draw(links).items())
    places = [data.draw(st.integers(0, 3)) for _ in all_links]
    order = data.draw(st.permutations(range(4)))

    groups = [[link for link, place in zip(all_links, places, strict=True) if place == wanted] for wanted in order]
    summaries = [shelving.summarise(group, context) for group in groups]
    inner = shelving.combine(summaries[:2], context)

    whole = shelving.summarise(all_links, context)
    assert shelving.combine(summaries, context) == whole
    assert shelving.combine([inner, *summaries[2:]], context) == whole


def test_only_links_that_stand_are_summed_up() -> None:
    shelf = Shelf({"a": (1, None), "b": (2, [7])})

    assert list(standing(shelf)) == [("b", [7])]


def count(links: Iterable[tuple[str, Any]], _context: Any) -> int:
    return len(list(links))


COUNTED = Shelving(summarise=count, combine=lambda summaries, _: sum(summaries))


def test_a_leaf_is_summed_up_from_its_links_and_a_node_from_its_summaries() -> None:
    assert summary(COUNTED, Shelf({"a": (1, 1), "b": (1, 1)}), None) == 2
    assert summary(COUNTED, Shelf({}, [2, 3]), None) == 5


def test_a_target_that_never_received_a_link_has_the_summary_of_none() -> None:
    assert summed(COUNTED, Row(), TOUCH, Definitions()) == 0


def test_what_the_target_decides_is_read_from_its_row() -> None:
    row = told("number", links={CLAIM: {"c1": [[0, None]]}, TOUCH: {"call": [5, "call", "r"]}})

    assert summed(number.TOUCHES, row, TOUCH, Definitions()) == {"c1": [5, "call", "r"]}


def test_the_smallest_item_of_each_key_is_kept() -> None:
    assert minima([{"a": [2], "b": [1]}, {}, {"a": [1]}, {"b": [3]}], None) == {"a": [1], "b": [1]}

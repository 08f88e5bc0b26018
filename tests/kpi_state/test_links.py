from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.links import (
    Address,
    LinkRecord,
    Slot,
    decode_link,
    encode_link,
    parse_slot,
    receive,
    routing_key,
    slot_actor,
    slot_party,
    slot_subject,
    supersedes,
)
from kpi_state.rows import Inbox

said = (
    st.none()
    | st.integers(-(2**53), 2**53)
    | st.lists(st.text() | st.booleans())
    | st.dictionaries(st.text(), st.text())
)


@given(st.builds(LinkRecord, st.text(), st.text(), st.text(), st.text(), st.integers(1, 2**40), said))
def test_a_link_comes_back_from_its_bytes(record: LinkRecord) -> None:
    assert decode_link(encode_link(record)) == record


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3)), max_size=5))
def test_links_converge_in_any_order_and_repetition(arrivals: list[tuple[str, int]]) -> None:
    def kept(order: tuple[tuple[str, int], ...]) -> Inbox:
        inbox: Inbox = {}
        for source, rev in order:
            receive(inbox, source, rev, [source, rev])
        return inbox

    assert all(kept(order) == kept(tuple(arrivals)) for order in permutations(arrivals))


def test_only_a_higher_rev_replaces_a_link() -> None:
    assert supersedes(None, 1)
    assert supersedes((1, "old"), 2)
    assert not supersedes((2, "old"), 2)
    assert not supersedes((2, "old"), 1)


def test_a_retracted_link_stays_retracted_when_an_older_one_arrives_late() -> None:
    inbox: Inbox = {}

    assert not receive(inbox, "a", 2, None)
    assert not receive(inbox, "a", 1, "late")
    assert inbox == {"a": (2, None)}


def test_receiving_says_whether_what_stands_changed() -> None:
    inbox: Inbox = {}

    assert receive(inbox, "a", 1, "one")
    assert not receive(inbox, "a", 1, "again")
    assert not receive(inbox, "a", 2, "one")
    assert inbox["a"] == (2, "one")
    assert receive(inbox, "a", 3, "two")
    assert receive(inbox, "a", 4, None)


def test_links_of_one_source_do_not_touch_those_of_another() -> None:
    inbox: Inbox = {}
    receive(inbox, "a", 5, "a5")

    assert receive(inbox, "b", 1, "b1")
    assert inbox == {"a": (5, "a5"), "b": (1, "b1")}


PARTIES = st.builds(lambda letter, name: letter + name, st.sampled_from("nclt"), st.text())


@given(st.text(), PARTIES, st.sampled_from(("call", "email")), st.integers(-(2**40), 2**40))
def test_a_slot_comes_back_from_its_id_whatever_the_ids_are_made_of(
    rep: str, party: str, channel: str, hour: int
) -> None:
    subject = slot_subject(rep, party, channel, hour)

    assert parse_slot(subject) == Slot(rep, party, channel, hour)
    assert slot_party(subject) == party[1:]
    assert slot_actor(subject) == (rep, channel)


@pytest.mark.parametrize("one", [("r", "nx", "call", 1), ("r|", "n", "call", 1), ("", "nr|", "call", 1)])
def test_two_slots_never_share_an_id(one: tuple[str, str, str, int]) -> None:
    others = [("r", "nx", "call", 2), ("r", "cx", "call", 1), ("r", "nx", "email", 1), ("rn", "x", "call", 1)]

    assert slot_subject(*one) not in {slot_subject(*other) for other in others}


def test_a_slot_lives_with_its_party_and_everything_else_with_itself() -> None:
    assert routing_key("slot", slot_subject("r1", "n+31", "call", 7)) == "+31"
    assert routing_key("number", "+31") == "+31"
    assert routing_key("contact", "a|b|c|d") == "a|b|c|d"


def test_an_address_can_be_looked_up() -> None:
    assert {Address("lead", "l1", "o"): 1}[Address("lead", "l1", "o")] == 1

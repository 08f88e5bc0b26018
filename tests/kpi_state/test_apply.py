import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_state import apply, trees
from kpi_state.apply import Applier, Changes, State, fingerprint
from kpi_state.buckets import Amounts, Cell, Contributions, add
from kpi_state.definitions import Definitions
from kpi_state.evaluate import contributed_by_links, evaluate
from kpi_state.events import ContractError, Event, decode
from kpi_state.links import LinkRecord, decode_link, encode_link, parse_slot
from kpi_state.published import decode_tally
from kpi_state.rows import decode_row, entity_of
from tests.extremes import lines
from tests.soups.soups import soups
from tests.statements import account, contact, contract, lead, mailed, opportunity, purchase, rep, spoke, target
from tests.statements import event as said
from tests.told import at, d, i, q

DEFINITIONS = Definitions(activity_days=30, grace_days=1)
UNBOUNDED = 10**9


def alone(_: str) -> int:
    return 0


def commit(state: State, events: Iterable[bytes | Event], definitions: Definitions = DEFINITIONS) -> Changes:
    applier = Applier(state, definitions, alone, 0)
    for event in events:
        applier.event(decode(event) if isinstance(event, bytes) else event)
    return applier.finish()


def tallies(state: State) -> dict[Cell, Amounts]:
    return {cell: amounts for key, value in state.tally.items() for cell, amounts in decode_tally(key, value)}


@contextmanager
def shelves_of(links: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "SHELF_LINKS", links)
        yield


def accepted(line: bytes) -> list[Event]:
    try:
        return [decode(line)]
    except ContractError:
        return []


# -- what holds for any events


@settings(max_examples=max(200, settings().max_examples))  # what is rare must be met too
@given(st.lists(st.lists(lines(), min_size=1, max_size=16), max_size=4), st.sampled_from(("UTC", "Asia/Kathmandu")))
def test_no_event_that_the_contract_accepts_can_stop_a_partition(batches: list[list[bytes]], zone: str) -> None:
    state = State()
    for batch in batches:
        commit(state, [event for line in batch for event in accepted(line)], Definitions(organisation_timezone=zone))


@given(soups(most=60), st.randoms(use_true_random=False))
def test_tallies_are_the_sum_of_what_all_entities_contribute(soup: list[bytes], chance: Random) -> None:
    state = State()
    with shelves_of(UNBOUNDED):
        while soup:
            size = chance.randint(1, 20)
            commit(state, soup[:size])
            soup = soup[size:]

    sums: Contributions = {}
    for key, data in state.ledger.items():
        kind, subject = entity_of(key)
        row = decode_row(kind, data)
        evaluation = evaluate(kind, subject, row, DEFINITIONS)
        for part in (evaluation.contributions, contributed_by_links(kind, row, evaluation.credit)):
            for cell, amounts in part.items():
                add(sums, cell, amounts)
    assert tallies(state) == {cell: amounts for cell, amounts in sums.items() if any(amounts)}


@pytest.mark.parametrize(
    "kinds", [("account", "purchase", "contract", "lead"), ("contact", "call", "activity", "lead")]
)
@given(data=st.data(), size=st.integers(1, 60))
def test_shelves_give_the_tallies_that_flat_links_give(kinds: tuple[str, ...], data: st.DataObject, size: int) -> None:
    soup = data.draw(soups(*kinds, most=60))
    flat, shelved = State(), State()
    with shelves_of(UNBOUNDED):
        commit(flat, soup)
    with shelves_of(1):
        for start in range(0, len(soup), size):
            commit(shelved, data.draw(st.permutations(soup[start : start + size])))

    assert shelved.tally == flat.tally


@given(soups(most=40), st.integers(1, 40))
def test_what_is_returned_is_what_changed_in_the_state(soup: list[bytes], cut: int) -> None:
    state = State()
    commit(state, soup[:cut])
    before = State(dict(state.ledger), dict(state.tally), dict(state.roster))

    with shelves_of(2):
        changes = commit(state, soup[cut:])

    assert state.ledger == before.ledger | changes.ledger
    assert state.roster == before.roster | changes.roster
    gone = {key for key, value in changes.tally.items() if value is None}
    kept = {key: value for key, value in (before.tally | changes.tally).items() if value is not None}
    assert state.tally == kept
    assert gone <= before.tally.keys()


@given(soups(most=40))
def test_events_that_are_known_change_nothing(soup: list[bytes]) -> None:
    state = State()
    commit(state, soup)

    assert commit(state, soup) == Changes()


NAMES = "abcdefghij"
"""Ten: enough for a chain of nine merges and for a cycle of nine."""
DAY = "2024-01-05"
BEFORE: dict[str, list[bytes]] = {
    "lead": [
        each
        for n, name in enumerate(NAMES)
        for each in (
            lead(name, DAY, created_at=DAY, owner_id=name, outcome="won" if n % 4 == 1 else None),
            mailed(f"m{name}", DAY, name, lead_id=name),
        )
    ],
    "contact": [mailed(f"m{name}", f"2024-01-05 1{n}:00", name, contact_id=name) for n, name in enumerate(NAMES)],
    "account": [
        each
        for name in NAMES
        for each in (
            account(name, DAY, owner_id=name),
            purchase(f"p{name}", DAY, account_id=name, at=DAY, amount_minor=1, currency="EUR"),
        )
    ],
    "opportunity": [
        each
        for n, name in enumerate(NAMES)
        for each in (
            opportunity(name, DAY, owner_id=name, outcome="won" if n % 3 else "lost", lead_id=name),
            contract(f"k{name}", DAY, opportunity_id=name, value_minor=1, currency="EUR", signed_on="2024-01-05"),
        )
    ],
}
steps = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES)), max_size=24)


@pytest.mark.parametrize("kind", BEFORE)
@given(steps=steps)
def test_merges_that_were_undone_leave_no_trace(kind: str, steps: list[tuple[str, str | None]]) -> None:
    merges = [
        (loser, said(kind, loser, f"2024-02-01 10:{n:02}", merged_into=winner))
        for n, (loser, winner) in enumerate(steps)
    ]
    went, straight = State(), State()

    commit(went, BEFORE[kind])
    for _, merge in merges:
        commit(went, [merge])
    commit(straight, [*BEFORE[kind], *dict(merges).values()])

    assert went.tally == straight.tally


@pytest.mark.parametrize("kind", BEFORE)
@pytest.mark.parametrize("size", [*range(2, 10)])
def test_a_chain_and_a_cycle_of_merges_undone_link_by_link_leave_no_trace(kind: str, size: int) -> None:
    state = State()
    commit(state, BEFORE[kind])
    untouched = dict(state.tally)
    circle = [said(kind, NAMES[n], "2024-02-01", merged_into=NAMES[(n + 1) % size]) for n in range(size)]

    for merge in circle:
        commit(state, [merge])
    together = dict(state.tally)
    for name in NAMES[:size]:
        commit(state, [said(kind, name, "2024-02-02", merged_into=None)])

    assert together != untouched
    assert state.tally == untouched


# -- events


def test_an_event_says_whether_it_changed_anything() -> None:
    applier = Applier(State(), DEFINITIONS, alone, 0)
    event = decode(lead("l1", "2024-01-05", owner_id="r1"))

    assert applier.event(event)
    assert not applier.event(event)
    assert not Applier(State(), DEFINITIONS, alone, 0).finish().ledger


def test_what_is_said_of_people_goes_to_the_roster_alone() -> None:
    state = State()

    changes = commit(state, [rep("r1", team="A"), target("touchpoints/*/day/2024-01-01", "2024-01-05", value=60)])

    assert set(changes.roster) == {b"rep/r1", b"target/touchpoints/*/day/2024-01-01"}
    assert (changes.ledger, changes.tally, changes.links) == ({}, {}, [])


def test_a_known_statement_about_a_rep_changes_no_row() -> None:
    state = State()
    commit(state, [known := rep("r1", team="A")])
    applier = Applier(state, DEFINITIONS, alone, 0)

    assert not applier.event(decode(known))
    assert applier.event(decode(rep("r1", "2024-01-05", team="B")))
    assert not applier.event(decode(known))
    assert set(applier.finish().roster) == {b"rep/r1"}


def test_a_correction_moves_a_number_to_where_it_belongs() -> None:
    state = State()
    commit(state, [lead("l1", "2024-01-05", owner_id="r1", created_at="2024-01-05", origin="fair")])
    commit(state, [lead("l1", "2024-01-09", created_at="2024-01-03")])

    assert tallies(state)["leads_created", "r1", q("2024-01-03"), ("fair",)] == (1,)
    assert ("leads_created", "r1", q("2024-01-05"), ("fair",)) not in tallies(state)


def test_what_is_deleted_leaves_no_tally_and_what_is_restored_brings_it_back() -> None:
    state = State()
    commit(state, [spoke("c1", "2024-01-05 10:00", phone="+31")])
    counted = dict(state.tally)

    commit(state, [spoke("c1", "2024-01-05 10:00", deleted=True)])
    assert state.tally == {}

    commit(state, [spoke("c1", "2024-01-05 10:00", phone="+31", deleted=False)])
    assert state.tally == counted


# -- purchases on shelves


def bought(count: int) -> list[bytes]:
    return [
        purchase(f"p{n}", "2024-01-05", account_id="a1", at="2024-01-05", amount_minor=100, currency="EUR")
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 40, 700])
def test_all_purchases_move_to_the_new_owner_of_their_account(count: int) -> None:
    state = State()
    commit(state, bought(count))
    commit(state, [account("a1", "2024-01-06", owner_id="r1")])
    commit(state, [account("a1", "2024-01-07", owner_id="r2")])

    of_accounts = {cell: amounts for cell, amounts in tallies(state).items() if cell[0] == "customer_lifetime_value"}
    assert of_accounts == {
        ("customer_lifetime_value", "r2", d("2024-01-05"), ("EUR",)): (0, 0, count, 100 * count),
        ("customer_lifetime_value", "r2", i("2024-01-05", "2024-02-04"), ("EUR",)): (1, 1, 0, 0),
    }


def test_purchases_of_a_deleted_account_count_for_nobody() -> None:
    state = State()
    commit(state, bought(40))
    commit(state, [account("a1", "2024-01-06", deleted=True)])

    assert state.tally == {}


# -- links


class Partitions:
    """Two partitions; links wait until they are delivered."""

    def __init__(self) -> None:
        self.states = [State(), State()]
        self.sent: list[tuple[int, bytes, bytes]] = []

    @staticmethod
    def home(key: str) -> int:
        return zlib.crc32(key.encode()) % 2

    def commit(self, n: int, events: Iterable[bytes] = (), links: Iterable[bytes] = ()) -> Changes:
        applier = Applier(self.states[n], DEFINITIONS, self.home, n)
        for event in events:
            applier.event(decode(event))
        for link in links:
            applier.link(link)
        changes = applier.finish()
        self.sent += changes.links
        return changes

    def subject(self, n: int, prefix: str) -> str:
        return next(name for name in (f"{prefix}{number}" for number in range(99)) if self.home(name) == n)


def test_a_link_to_another_partition_is_sent_with_its_target_as_key_and_counts_there() -> None:
    world = Partitions()
    here, there = world.subject(0, "l"), world.subject(1, "c")
    touched = mailed(world.subject(1, "m"), "2024-01-05 10:00", contact_id=there)

    world.commit(1, [touched])
    world.commit(0, [lead(here, "2024-01-05", status="qualified", contact_id=there)])

    ((partition, key, value),) = world.sent
    assert (partition, key) == (1, there.encode())
    assert decode_link(value) == LinkRecord("contact", there, "l", here, 1, [True, None])
    world.commit(1, links=[value])
    assert tallies(world.states[1])["contact_to_lead", "r1", q("2024-01-05 10:00"), ()] == (1, 1)


def test_a_slot_is_sent_to_where_its_party_lives() -> None:
    world = Partitions()
    there = world.subject(1, "+31")

    changes = world.commit(0, [spoke(world.subject(0, "c"), "2024-01-05 10:00", phone=there, contact_id="c1")])

    sent = {decode_link(value).kind: (partition, key, decode_link(value)) for partition, key, value in changes.links}
    assert {kind: (partition, key) for kind, (partition, key, _) in sent.items()} == dict.fromkeys(
        ("slot", "dial"), (1, there.encode())
    )
    assert parse_slot(sent["slot"][2].subject).party == "n" + there


def test_a_link_to_the_own_partition_is_applied_at_once_and_not_sent() -> None:
    world = Partitions()
    here, too = world.subject(0, "l"), world.subject(0, "c")

    changes = world.commit(0, [lead(here, "2024-01-05", contact_id=too)])

    assert changes.links == []
    assert f"contact/{too}".encode() in changes.ledger


def test_of_links_that_replace_each_other_in_one_commit_only_the_last_is_sent() -> None:
    world = Partitions()
    winner, loser, inner = world.subject(1, "a"), world.subject(0, "x"), world.subject(0, "y")

    # The loser is settled first for its own merge, then again for what came to it from the one merged into it.
    changes = world.commit(
        0, [account(loser, "2024-01-05", merged_into=winner), account(inner, "2024-01-05", merged_into=loser)]
    )

    (record,) = (decode_link(value) for _, _, value in changes.links)
    assert (record.subject, record.source, sorted(record.value)) == (winner, loser, [loser, inner])


def test_a_link_that_no_longer_holds_is_retracted_by_a_higher_rev() -> None:
    world = Partitions()
    here, there = world.subject(0, "l"), world.subject(1, "c")

    world.commit(0, [lead(here, "2024-01-05", contact_id=there)])
    world.commit(0, [lead(here, "2024-01-06", contact_id=None)])

    records = [decode_link(value) for _, _, value in world.sent]
    assert [(record.rev, record.value) for record in records] == [(1, [False, None]), (2, None)]


def test_the_same_link_twice_or_an_older_one_late_changes_no_number() -> None:
    world = Partitions()
    there = world.subject(1, "c")
    touch = [at("2024-01-05"), "m1", "r1"]
    new, old = (
        encode_link(LinkRecord("contact", there, "n", "+31", rev, value)) for rev, value in ((2, touch), (1, None))
    )

    world.commit(1, links=[new])
    tally = dict(world.states[1].tally)
    assert tally
    assert world.commit(1, links=[new, old]).tally == {}
    assert world.states[1].tally == tally


@pytest.mark.parametrize("rev", [1, 2])
def test_a_shelved_link_that_arrives_again_or_late_changes_no_number(rev: int) -> None:
    world = Partitions()
    there = world.subject(1, "a")
    link = [at("2024-01-05"), d("2024-01-05")[1], 100, "EUR", "r1"]
    new = encode_link(LinkRecord("account", there, "p", "p1", 2, link))
    known = encode_link(LinkRecord("account", there, "p", "p1", rev, link if rev == 2 else None))

    world.commit(1, links=[new])
    tally = dict(world.states[1].tally)

    assert tally
    assert world.commit(1, links=[known]).tally == {}
    assert world.states[1].tally == tally


def test_a_higher_rev_that_says_the_same_is_remembered() -> None:
    world = Partitions()
    there = world.subject(1, "c")
    touch = [at("2024-01-05"), "m1", "r1"]
    first, second, late = (
        encode_link(LinkRecord("contact", there, "n", "+31", rev, value))
        for rev, value in ((1, touch), (3, touch), (2, None))
    )

    world.commit(1, links=[first])
    world.commit(1, links=[second])

    assert world.commit(1, links=[late]).tally == {}


def test_a_number_that_moves_brings_its_calls_to_the_next_who_holds_it() -> None:
    state = State()
    commit(state, [spoke("k1", "2024-01-05 10:00", phone="+31"), contact("c1", "2024-01-01", phones=["+31"])])
    commit(state, [contact("c1", "2024-01-02", phones=[]), contact("c2", "2024-01-03", phones=["+31"])])

    reached = {
        kind_subject: decode_row("contact", state.ledger[kind_subject]).live("n")
        for kind_subject in (b"contact/c1", b"contact/c2")
    }
    assert reached == {b"contact/c1": [], b"contact/c2": [("+31", [at("2024-01-05 10:00"), "k1", "r1"])]}


# -- the fingerprint


CHANGED: dict[str, Any] = {
    "organisation_timezone": "Europe/Amsterdam",
    "talk_seconds": 31,
    "activity_days": 366,
    "grace_days": 1,
    "distinct_numbers": False,
    "own_numbers": ("+31",),
}


def test_the_fingerprint_changes_with_every_definition() -> None:
    assert set(CHANGED) == {field.name for field in msgspec.structs.fields(Definitions)}

    prints = {fingerprint(Definitions(**{name: value})) for name, value in CHANGED.items()}

    assert len(prints | {fingerprint(Definitions())}) == len(CHANGED) + 1


def test_the_fingerprint_changes_with_the_core_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(Definitions())
    monkeypatch.setattr(apply, "CORE_VERSION", apply.CORE_VERSION + 1)

    assert before.startswith(f"{apply.CORE_VERSION - 1}-")
    assert fingerprint(Definitions()).startswith(f"{apply.CORE_VERSION}-")
    assert fingerprint(Definitions()).split("-")[1] != before.split("-")[1]


def test_the_fingerprint_of_the_defaults_is_the_same_everywhere() -> None:
    assert fingerprint(Definitions()) == fingerprint(Definitions(talk_seconds=30))
    assert len(fingerprint(Definitions())) == len("1-") + 16

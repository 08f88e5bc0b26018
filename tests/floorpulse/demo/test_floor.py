from collections import Counter, defaultdict
from datetime import date, time
from functools import cache
from itertools import islice, pairwise, takewhile

import msgspec
import pytest

from floorpulse.demo.floor import AWAY, QUIET, QUIET_FROM, floor, is_working_day, opening_instant
from floorpulse.demo.people import TEAMS, floor_reps
from floorpulse.demo.wire import DAY, HOUR, MINUTE, Heard
from kpi_state.events import Event, decode
from kpi_state.refusal import ContractError

FIRST, LIVE = date(2026, 3, 2), date(2026, 3, 24)
CLOSE = opening_instant(LIVE) + 10 * HOUR


@cache
def heard(seed: int = 1) -> list[Heard]:
    return list(takewhile(lambda each: each.at < CLOSE, floor(seed, FIRST, LIVE)))


@cache
def events() -> list[tuple[Heard, Event]]:
    return [(each, decode(each.value)) for each in heard() if not each.flaw]


def fields_said(kind: str, field: str) -> list[tuple[Heard, Event]]:
    return [(each, event) for each, event in events() if event.kind == kind and field in event.fields]


def test_the_same_seed_gives_the_same_events_byte_for_byte() -> None:
    again = list(islice(floor(1, FIRST, LIVE), 5_000))

    assert again == heard()[:5_000]


def test_another_seed_gives_other_events() -> None:
    assert list(islice(floor(2, FIRST, LIVE), 500)) != heard()[:500]


def test_events_come_in_the_order_in_which_they_are_heard() -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(heard()))


def test_every_event_keeps_the_contract_unless_it_is_broken_on_purpose() -> None:
    flawed = [each for each in heard() if each.flaw]

    assert len(events()) + len(flawed) == len(heard())
    assert flawed
    for each in flawed:
        with pytest.raises(ContractError, match="time"):
            decode(each.value)


def test_nothing_is_heard_before_it_happened() -> None:
    assert [event for each, event in events() if event.stamp[0] > each.at] == []


def test_the_key_of_every_event_is_its_subject() -> None:
    assert all(each.key.decode() == event.subject for each, event in events())


def test_forty_reps_in_four_teams_and_two_time_zones_are_announced_even_if_some_are_late() -> None:
    early = [event for each, event in events() if each.at < opening_instant(FIRST) + 2 * DAY]
    roster = {event.subject: event.fields for event in early if event.kind == "rep"}

    assert len(roster) == 40
    assert {facts["team"] for facts in roster.values()} == set(TEAMS)
    assert len({facts["timezone"] for facts in roster.values()}) == 2


def test_a_repeated_event_is_the_same_event_byte_for_byte() -> None:
    said: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for each, event in events():
        said[event.stamp[2], event.stamp[3]].add(each.value)
    again = [each for each in heard() if each.again]

    assert len(again) > 100
    assert all(len(values) == 1 for values in said.values())


def test_some_events_are_hours_late_and_some_overtake_others() -> None:
    live = [(each, event) for each, event in events() if each.at > opening_instant(LIVE)]
    delays = [each.at - event.stamp[0] for each, event in live if not each.again]
    stamps = [event.stamp[0] for _, event in live]

    assert sum(delay > HOUR for delay in delays) > 10
    assert any(later < earlier for earlier, later in pairwise(stamps))


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("lead", "merged_into"),
        ("lead", "deleted"),
        ("lead", "referrer_account_id"),
        ("lead", "disqualified_reason"),
        ("contact", "merged_into"),
        ("appointment", "verdict_at"),
        ("opportunity", "splits"),
        ("contract", "opportunity_id"),
        ("purchase", "amount_minor"),
        ("activity", "replied_at"),
        ("call", "conversation_id"),
        ("rep", "last_day"),
        ("absence", "from"),
        ("target", "value"),
        ("heartbeat", "known"),
    ],
)
def test_the_floor_tells_of(kind: str, field: str) -> None:
    assert fields_said(kind, field)


def test_leads_change_their_owner_and_merges_are_undone() -> None:
    owners: dict[str, set[object]] = defaultdict(set)
    for _, event in fields_said("lead", "owner_id"):
        owners[event.subject].add(event.fields["owner_id"])

    assert any(len(names) > 1 for names in owners.values())
    assert any(event.fields["merged_into"] is None for _, event in fields_said("lead", "merged_into"))


def test_a_call_of_the_show_is_told_in_several_events_and_an_imported_one_in_one() -> None:
    steps: Counter[str] = Counter()
    begun: dict[str, int] = {}
    for each, event in events():
        if event.kind == "call" and not each.again:
            steps[event.subject] += 1
            started = event.fields.get("started_at")
            if isinstance(started, int):
                begun[event.subject] = started
    imported = {steps[call] for call, at in begun.items() if at < opening_instant(LIVE)}
    shown = {steps[call] for call, at in begun.items() if opening_instant(LIVE) <= at < CLOSE - 2 * HOUR}

    assert imported == {1}
    assert {2, 3} <= shown


def test_one_rep_goes_quiet_and_one_is_away() -> None:
    rep = next(rep for rep in floor_reps(1, FIRST, LIVE) if rep.id == QUIET)
    names = {QUIET, f"{QUIET}@floor.example"}
    live = [event for _, event in events() if event.stamp[0] > rep.local(LIVE, time(8))]
    called = [
        event.fields["started_at"]
        for event in live
        if event.kind == "call" and event.fields.get("direction") == "outbound" and event.fields.get("rep_id") in names
    ]

    assert called
    assert all(isinstance(at, int) and at <= rep.local(LIVE, QUIET_FROM) for at in called)
    assert not [event for event in live if event.kind == "activity" and event.fields.get("rep_id") == AWAY]


def test_the_board_is_not_empty_at_the_opening() -> None:
    before = [event for each, event in events() if each.at < opening_instant(LIVE)]
    today = [event for event in before if event.kind == "call" and event.stamp[0] > opening_instant(LIVE) - 60 * MINUTE]

    assert len(before) > 10_000
    assert len(today) > 20


def test_nobody_works_at_the_weekend() -> None:
    assert [is_working_day(date(2026, 3, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def test_a_source_never_says_that_it_sent_less_than_was_heard_of_it() -> None:
    sent: dict[str, set[str]] = defaultdict(set)
    for each in heard():
        said = msgspec.json.decode(each.value)
        if not each.flaw:
            sent[said["source"]].add(said["id"])
        if said["type"] == "source.heartbeat.v1":
            assert said["data"]["known"] == len(sent[said["subject"]])

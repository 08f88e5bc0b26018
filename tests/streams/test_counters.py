from itertools import permutations

import pytest

from kpi_state.events import Event, decode
from kpi_state.published import (
    QuarantineCounts,
    SourceCounts,
    TopicCounts,
    decode_quarantined,
    decode_source,
    decode_topic,
    named_of,
    quarantined_key,
    source_key,
    topic_key,
)
from streams.counters import MOST_SOURCES, Counters, reason_of
from tests.streams.records import event

HOUR = 3_600_000_000


def test_counts_go_on_from_the_rows_of_earlier_commits() -> None:
    first = Counters({})
    first.topic("crm.events").read += 2
    rows = first.rows()

    second = Counters(rows)
    second.topic("crm.events").read += 3
    second.topic("crm.events").forwarded += 1

    assert decode_topic(second.rows()[topic_key("crm.events")]) == TopicCounts(read=5, forwarded=1)


def test_only_what_was_counted_is_written() -> None:
    before = Counters({})
    before.topic("crm.events").read += 1

    assert Counters(before.rows()).rows() == {}


def counted(*calls: tuple[bytes, bool, int | None]) -> SourceCounts:
    counters = Counters({})
    for raw, changed, delay in calls:
        counters.applied(decode(raw), changed=changed, delay_us=delay, late_us=HOUR)
    return decode_source(counters.rows()[source_key("/crm")])


def test_an_event_of_a_source_is_applied_or_unchanged() -> None:
    counts = counted((event("l1"), True, 0), (event("l1"), False, 0), (event("l2"), True, 0))

    assert (counts.applied, counts.unchanged) == (2, 1)


def test_the_newest_event_is_the_one_with_the_latest_time_whatever_the_order() -> None:
    counts = counted(
        (event("l1", time="2023-11-14T22:00:02Z"), True, 0), (event("l1", time="2023-11-14T22:00:01Z"), True, 0)
    )

    assert counts.newest == 1_699_999_202_000_000


def test_an_event_is_late_beyond_the_limit_and_not_at_it_and_a_repetition_is_not() -> None:
    counts = counted(
        (event("l1"), True, HOUR),
        (event("l2"), True, HOUR + 1),
        (event("l2"), False, 2 * HOUR),
        (event("l3"), True, None),
    )

    assert counts.late == 1


def test_unknown_fields_are_counted_once() -> None:
    counts = counted((event("l1", colour="red", mood="good"), True, 0), (event("l1", colour="red"), False, 0))

    assert counts.unknown_fields == 2


def test_shares_that_are_not_one_together_are_counted() -> None:
    kind = "crm.opportunity.v1"
    counts = counted(
        (event("o1", kind=kind, splits={"a": 0.5, "b": 0.5}), True, 0),
        (event("o2", kind=kind, splits={"a": 0.1, "b": 0.2, "c": 0.7}), True, 0),
        (event("o3", kind=kind, splits={"a": 1, "b": 1}), True, 0),
        (event("o4", kind=kind, splits=None), True, 0),
    )

    assert counts.scaled_splits == 1


def test_a_heartbeat_shows_that_a_source_lives_and_is_none_of_its_events() -> None:
    counts = counted((event("/crm", kind="source.heartbeat.v1", known=5), True, 2 * HOUR))

    assert counts == SourceCounts(newest=1_699_999_200_000_000, heartbeats=1)


def test_the_oldest_event_is_the_one_with_the_earliest_time_but_no_heartbeat() -> None:
    counts = counted(
        (event("l1", time="2023-11-14T22:00:02Z"), True, 0),
        (event("l1", time="2023-11-14T22:00:01Z"), False, 0),
        (event("/crm", kind="source.heartbeat.v1", time="2023-11-14T21:00:01Z"), True, 0),
    )

    assert counts.oldest == 1_699_999_201_000_000


def test_what_is_sent_on_counts_for_its_source_where_it_was_read() -> None:
    counters = Counters({})
    counters.forwarded(decode(event("l1")))

    assert decode_source(counters.rows()[source_key("/crm")]) == SourceCounts(forwarded=1)


def test_the_ids_that_a_source_names_are_written_once_repeats_and_superseded_events_too() -> None:
    first = Counters({})
    for raw, changed in ((event("l1", owner_id="a"), True), (event("l1", owner_id="b"), False)):
        first.applied(decode(raw), changed=changed, delay_us=None, late_us=HOUR)
    rows = first.rows()

    second = Counters(rows)
    for owner in ("a", "c", "a"):
        second.applied(decode(event("l2", owner_id=owner)), changed=True, delay_us=None, late_us=HOUR)

    assert {named_of(key) for key in rows} - {None} == {("/crm", "a"), ("/crm", "b")}
    assert {named_of(key) for key in second.rows()} - {None} == {("/crm", "c")}


def names(*owners: str, source: str = "/crm") -> list[Event]:
    return [decode(event(f"l{n}", owner_id=owner).replace(b"/crm", source.encode())) for n, owner in enumerate(owners)]


def gathered(rows: dict[bytes, bytes], *commits: list[Event], most: int) -> tuple[set[str], SourceCounts]:
    """The ids of /crm that are written, and its counts, after commits on top of rows."""
    for events in commits:
        counters = Counters(rows, most_named=most)
        for each in events:
            counters.applied(each, changed=True, delay_us=None, late_us=HOUR)
        rows.update(counters.rows())
    named = {naming[1] for key in rows if (naming := named_of(key)) is not None and naming[0] == "/crm"}
    return named, decode_source(rows[source_key("/crm")])


@pytest.mark.parametrize("cut", range(7))
def test_the_first_so_many_ids_of_a_source_are_written_and_what_names_others_is_counted(cut: int) -> None:
    """However the events are cut into commits."""
    events = names("a", "b", "a", "c", "d", "c", "b")

    named, counts = gathered({}, events[:cut], events[cut:], most=2)

    assert named == {"a", "b"}
    assert (counts.named_ids, counts.unlisted) == (2, 3)


@pytest.mark.parametrize("order", list(permutations("abca")))
def test_as_many_ids_as_fit_are_written_whatever_the_order(order: tuple[str, ...]) -> None:
    named, counts = gathered({}, names(*order[:2]), names(*order[2:]), most=3)

    assert named == {"a", "b", "c"}
    assert (counts.named_ids, counts.unlisted) == (3, 0)


def test_a_source_that_names_many_takes_no_room_of_another() -> None:
    rows: dict[bytes, bytes] = {}

    named, counts = gathered(rows, names(*"abcdef", source="/junk") + names("x", "y"), most=2)

    assert named == {"x", "y"}
    assert counts.unlisted == 0
    assert decode_source(rows[source_key("/junk")]).unlisted == 4


def test_rows_that_are_asked_for_twice_are_the_same() -> None:
    counters = Counters({}, most_named=1)
    for each in names("a", "b"):
        counters.applied(each, changed=True, delay_us=None, late_us=HOUR)

    assert counters.rows() == counters.rows()


def set_aside(counters: Counters) -> QuarantineCounts:
    return decode_quarantined(counters.rows()[quarantined_key()])


def test_what_is_set_aside_counts_by_source_and_reason_on_top_of_earlier_commits() -> None:
    first = Counters({})
    first.quarantined("/crm", "time")
    second = Counters(first.rows())
    for source, field in (("/crm", "time"), ("/crm", "data.status"), ("", "event")):
        second.quarantined(source, field)

    assert set_aside(second) == {"/crm": {"time": 2, "data.status": 1}, "": {"event": 1}}


def test_junk_that_names_many_sources_is_not_told_apart() -> None:
    counters = Counters({})
    for n in range(MOST_SOURCES + 5):
        counters.quarantined(f"/junk-{n}", "event")
    counters.quarantined("/junk-0", "event")

    found = set_aside(counters)

    assert len(found) == MOST_SOURCES + 1
    assert (found[""], found["/junk-0"]) == ({"event": 5}, {"event": 2})


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("event", "event"),
        ("time", "time"),
        ("data", "data"),
        ("data.started_at", "data.started_at"),
        ("data.phones[3]", "data.phones"),
        ("data.splits.somebody", "data.splits"),
        ("data.no_such_field", "other"),
        ("whatever", "other"),
    ],
)
def test_a_reason_is_one_of_a_few_words(field: str, reason: str) -> None:
    assert reason_of(field) == reason

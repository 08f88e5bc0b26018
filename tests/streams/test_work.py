import json
from typing import Any

import pytest

from kpi_state.apply import State, fingerprint
from kpi_state.definitions import Definitions
from kpi_state.links import LinkRecord, encode_link
from kpi_state.published import (
    TopicCounts,
    decode_fingerprint,
    decode_quarantined,
    decode_tally,
    decode_topic,
    encode_row,
    fingerprint_key,
    is_tally,
    quarantined_key,
    topic_key,
)
from streams.errors import StreamError
from streams.quarantine import read_address
from streams.routing import homes
from streams.work import Work, check_fingerprint, position_of
from tests.streams.records import NOON, Record, event, settings

HOME = homes(4)
AT = HOME("lead-1")
ELSEWHERE = next(f"lead-{n}" for n in range(100) if HOME(f"lead-{n}") != AT)


def work(state: State | None = None, **changes: Any) -> Work:
    return Work(AT, State() if state is None else state, settings(**changes), HOME)


def taken(*records: Record, topic: str = "crm.events", **changes: Any) -> Work:
    done = work(**changes)
    done.take(topic, records)
    done.finish()
    return done


def counts(done: Work, topic: str = "crm.events") -> TopicCounts:
    row = done.tally[topic_key(topic)]
    assert row is not None
    return decode_topic(row)


def test_an_event_becomes_a_row_and_its_contributions() -> None:
    done = taken(Record(event("lead-1", created_at="2023-11-14T22:00:00Z", owner_id="r1")))

    assert list(done.ledger) == [b"lead/lead-1"]
    cells = {
        cell[:2]: amounts
        for key, value in done.tally.items()
        if is_tally(key) and value
        for cell, amounts in decode_tally(key, value)
    }
    assert cells["leads_created", "r1"] == (1,)
    assert counts(done) == TopicCounts(read=1)
    assert len(done.outbox) == 0


def test_what_breaks_the_contract_is_quarantined_and_the_rest_goes_on() -> None:
    bad = Record(b"junk", key=b"k", partition=AT, offset=7)

    done = taken(Record(event("lead-1")), bad, Record(event("lead-1", number=1, status="working")))

    ((topic, partition, records),) = done.outbox.steps()
    assert (topic, partition) == ("kpi.quarantine", AT)
    assert [(record.key, record.value) for record in records] == [(b"k", b"junk")]
    assert read_address(records[0].headers).offset == 7
    assert counts(done) == TopicCounts(read=3, quarantined=1)
    assert list(done.ledger) == [b"lead/lead-1"]


@pytest.mark.parametrize("key", [None, b"another"])
def test_a_record_whose_key_is_not_its_subject_is_routed_by_its_subject(key: bytes | None) -> None:
    done = taken(Record(event("lead-1"), key=key), Record(event(ELSEWHERE), key=key))

    assert list(done.ledger) == [b"lead/lead-1"]
    ((topic, partition, records),) = done.outbox.steps()
    assert (topic, partition, records[0].key) == ("crm.events", HOME(ELSEWHERE), ELSEWHERE.encode())
    assert counts(done) == TopicCounts(read=1, forwarded=1)


def test_statements_about_people_are_forwarded_too() -> None:
    done = taken(Record(event(ELSEWHERE, kind="hr.rep.v1", team="North"), topic="hr.events"), topic="hr.events")

    assert done.roster == {}
    assert [(topic, n) for topic, n, _ in done.outbox.steps()] == [("hr.events", HOME(ELSEWHERE))]


def test_topics_have_the_prefix_outside_and_no_prefix_in_the_counters() -> None:
    done = taken(Record(b"junk", topic="test.crm.events"), topic_prefix="test.")

    assert [topic for topic, _, _ in done.outbox.steps()] == ["test.kpi.quarantine"]
    assert counts(done).quarantined == 1


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_a_control_character_in_an_attribute_is_quarantined_and_counted_alike_in_both_modes(mode: str) -> None:
    attributes = {**json.loads(event("lead-1")), "id": "e\0"}
    headers = tuple((f"ce_{name}", text.encode()) for name, text in attributes.items() if name != "data")
    structured = Record(json.dumps(attributes).encode())

    done = taken(structured if mode == "structured" else Record(b"{}", headers=headers))

    ((_, _, (kept,)),) = done.outbox.steps()
    assert read_address(kept.headers).field == "id"
    assert counts(done).quarantined == 1
    assert decode_quarantined(done.tally[quarantined_key()] or b"") == {"/crm": {"id": 1}}
    assert done.ledger == {}


@pytest.mark.parametrize(("time", "quarantined"), [("2023-11-14T22:18:20Z", 0), ("2023-11-14T22:18:20.000001Z", 1)])
def test_an_event_dated_more_than_five_minutes_after_its_arrival_is_quarantined(time: str, quarantined: int) -> None:
    done = taken(Record(event("lead-1", time=time), timestamp=NOON))

    assert counts(done) == TopicCounts(read=1, quarantined=quarantined)


def test_an_event_dated_next_year_is_quarantined_and_counts_nowhere() -> None:
    done = taken(
        Record(event("lead-1", time="2024-11-14T22:13:20Z", created_at="2023-11-14T22:00:00Z"), timestamp=NOON)
    )

    assert counts(done) == TopicCounts(read=1, quarantined=1)
    assert done.ledger == {}


def test_statements_about_people_may_be_dated_ahead() -> None:
    subject = "lead-1"
    done = taken(
        Record(event(subject, kind="hr.rep.v1", time="2030-01-01T00:00:00Z", team="North"), topic="hr.events"),
        topic="hr.events",
    )

    assert list(done.roster) == [b"rep/lead-1"]
    assert counts(done, "hr.events") == TopicCounts(read=1)


def test_the_limit_for_dates_ahead_is_a_setting() -> None:
    done = taken(Record(event("lead-1", time="2023-11-14T22:14:00Z"), timestamp=NOON), future_seconds=10)

    assert counts(done).quarantined == 1
    ((_, _, records),) = done.outbox.steps()
    assert read_address(records[0].headers).expected == "at most 10 s after its arrival"


def test_binary_mode_is_read() -> None:
    names = {
        "ce_id": "1",
        "ce_source": "/crm",
        "ce_type": "crm.lead.v1",
        "ce_subject": "lead-1",
        "ce_time": "2023-11-14T22:00:00Z",
    }
    headers = tuple((name, text.encode()) for name, text in names.items())
    data = json.dumps({"status": "new"}).encode()

    binary, structured = taken(Record(data, headers=headers)), taken(Record(event("lead-1", status="new")))

    assert list(binary.ledger) == list(structured.ledger) == [b"lead/lead-1"]
    assert counts(binary) == TopicCounts(read=1)


def test_a_header_that_is_no_text_is_quarantined() -> None:
    done = taken(Record(b"{}", headers=(("ce_id", b"\xff"),)))

    ((_, _, records),) = done.outbox.steps()
    assert read_address(records[0].headers).field == "id"


def test_a_record_without_value_is_quarantined() -> None:
    assert counts(taken(Record(None, key=b"k"))).quarantined == 1


def link(subject: str, kind: str = "contact") -> bytes:
    return encode_link(LinkRecord(kind, subject, "l", "lead-9", 1, [True, None]))


def test_a_link_is_received_where_its_target_lives_and_forwarded_elsewhere() -> None:
    done = taken(
        Record(link("lead-1"), key=b"lead-1", topic="kpi.links"),
        Record(link(ELSEWHERE), key=b"lead-1", topic="kpi.links"),
        topic="kpi.links",
    )

    assert list(done.ledger) == [b"contact/lead-1"]
    assert [(topic, n) for topic, n, _ in done.outbox.steps()] == [("kpi.links", HOME(ELSEWHERE))]
    assert counts(done, "kpi.links") == TopicCounts(read=1, forwarded=1)


DEEP = link("lead-1")[:-1] + b"\x91" * 100_000


@pytest.mark.parametrize(
    "value",
    [None, b"", b"junk", b"\x91\x01", DEEP, link("lead-1", kind="dragon"), link("no-slot", kind="slot")],
)
def test_what_is_no_link_is_quarantined(value: bytes | None) -> None:
    done = taken(Record(value, topic="kpi.links"), topic="kpi.links")

    assert counts(done, "kpi.links") == TopicCounts(read=1, quarantined=1)
    assert done.ledger == {}


def test_links_to_other_partitions_leave_with_the_commit() -> None:
    done = taken(Record(event("lead-1", contact_id=ELSEWHERE, status="qualified", created_at="2023-11-14T22:00:00Z")))

    assert {home: [key for key, _ in told] for home, told in done.links.items()} == {
        HOME(ELSEWHERE): [ELSEWHERE.encode()]
    }


def test_positions_and_fingerprint_are_rows_of_the_tally() -> None:
    state = State()
    done = work(state)
    done.take("crm.events", [Record(event("lead-1"))])
    done.move("crm.events", 18)
    done.finish()

    assert position_of(state, "crm.events") == 18
    assert position_of(state, "hr.events") == 0
    row = done.tally[fingerprint_key()]
    assert row is not None
    assert decode_fingerprint(row) == fingerprint(Definitions())


def test_the_fingerprint_is_written_once() -> None:
    state = State()
    work(state).finish()

    second = work(state)
    second.finish()

    assert fingerprint_key() not in second.tally


def test_another_fingerprint_is_refused_with_the_remedy() -> None:
    state = State()
    check_fingerprint(state, settings())
    state.tally[fingerprint_key()] = encode_row("0-other")

    with pytest.raises(
        StreamError,
        match=r"^the state of floorpulse was counted with fingerprint 0-other, .* run `floorpulse rebuild`$",
    ):
        check_fingerprint(state, settings())


def test_cutting_a_commit_into_pieces_changes_nothing() -> None:
    records = [Record(event(f"lead-{n}", number=n, contact_id=f"c{n % 3}", status="qualified")) for n in range(40)]
    records += [Record(event(f"lead-{n}", number=100 + n, contact_id=f"c{n % 5}")) for n in range(40)]
    whole, cut = State(), State()

    one, many = work(whole), work(cut)
    one.take("crm.events", records)
    one.finish()
    for record in records:
        many.take("crm.events", [record])
        many.settle()
    many.finish()

    assert cut == whole


def test_settling_nothing_does_nothing() -> None:
    done = work()
    done.settle()

    assert (done.ledger, done.tally, done.roster, done.records) == ({}, {}, {}, 0)

from typing import Any

import pytest

from kpi_state.events import ContractError
from streams.quarantine import HEADER, MAX_EVENT_BYTES, Address, oversized, quarantined, read_address, source_of
from tests.streams.records import NOON, Record, event

ERROR = ContractError("data.status", "one of new, working", '"old"')
TOPIC = "x.crm.events"
NO_VALUE: Any = None
"""Of a header; Kafka allows it."""


def test_a_quarantined_record_is_the_original_with_one_header_more() -> None:
    record = Record(b"\xff junk", key=b"k", offset=17, headers=(("a", b"1"),))

    kept = quarantined(record, TOPIC, 3, ERROR)

    assert (kept.key, kept.value, kept.timestamp_ms) == (b"k", b"\xff junk", NOON)
    assert kept.headers[:-1] == (("a", b"1"),)
    assert read_address(kept.headers) == Address(
        topic=TOPIC, partition=3, offset=17, field="data.status", expected="one of new, working", got='"old"'
    )


def test_without_its_header_it_can_be_sent_again() -> None:
    record = Record(b"bytes", key=None, headers=(("ce_id", b"1"),))

    kept = quarantined(record, TOPIC, 3, ERROR)

    again = tuple((name, value) for name, value in kept.headers if name != HEADER)
    assert (kept.key, kept.value, again) == (record.key, record.value, record.headers)


@pytest.mark.parametrize(("key", "value"), [(None, None), (b"k", None), (None, b"v")])
def test_a_missing_key_or_value_stays_missing(key: bytes | None, value: bytes | None) -> None:
    kept = quarantined(Record(value, key=key), TOPIC, 3, ERROR)

    assert (kept.key, kept.value) == (key, value)


def test_a_record_quarantined_a_second_time_shows_its_last_address() -> None:
    first = quarantined(Record(b"v", offset=1), TOPIC, 3, ERROR)
    second = quarantined(Record(b"v", offset=2, headers=tuple(first.headers)), TOPIC, 3, ERROR)

    assert read_address(second.headers).offset == 2


def test_of_a_record_too_large_to_write_again_only_the_address_is_kept() -> None:
    record = Record(b"x" * (MAX_EVENT_BYTES + 1), key=b"k", offset=9)

    error = oversized(record)
    assert error is not None
    kept = quarantined(record, TOPIC, 3, error)

    assert (kept.key, kept.value) == (None, b"")
    assert read_address(kept.headers).offset == 9
    assert read_address(kept.headers).bytes_kept is False
    assert str(error) == f"event: expected at most {MAX_EVENT_BYTES} bytes, got {MAX_EVENT_BYTES + 2} bytes"


def test_a_record_of_the_largest_size_is_kept_whole() -> None:
    record = Record(b"x" * MAX_EVENT_BYTES)

    assert oversized(record) is None
    assert quarantined(record, TOPIC, 3, ERROR).value == record.value


@pytest.mark.parametrize(
    ("record", "source"),
    [
        (Record(event("l1")), "/crm"),
        (Record(b'{"source": "/crm", "time": 5}'), "/crm"),
        (Record(b"5", headers=(("ce_source", b"/pbx"),)), "/pbx"),
        (Record(b"junk"), ""),
        (Record(b'{"source": 5}'), ""),
        (Record(b"{}"), ""),
        (Record(None), ""),
        (Record(b"\xff"), ""),
        (Record(b"5", headers=(("ce_source", b"\xff"),)), ""),
        (Record(b'{"source": "%s"}' % (b"x" * 201)), ""),
        (Record(b"{}", headers=(("ce_source", NO_VALUE),)), ""),
        (Record(b'{"nested": ' + b"[" * 100_000 + b"]" * 100_000 + b', "source": "crm"}'), ""),
    ],
)
def test_who_sent_a_record_that_is_no_event_is_read_where_it_can_be(record: Record, source: str) -> None:
    assert source_of(record) == source

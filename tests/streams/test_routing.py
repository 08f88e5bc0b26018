import pytest

from streams.routing import forwarded, homes, timestamp_of
from tests.streams.records import NOON, Record

# From Apache Kafka's own UtilsTest.
JAVA_MURMUR2 = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize(("subject", "java"), JAVA_MURMUR2.items())
@pytest.mark.parametrize("partitions", [1, 8, 100])
def test_a_subject_lives_where_javas_default_partitioner_puts_its_key(subject: str, java: int, partitions: int) -> None:
    assert homes(partitions)(subject) == (java & 0x7FFFFFFF) % partitions


def test_a_subject_that_is_not_ascii_is_hashed_as_utf_8() -> None:
    assert homes(1000)("zoë") == homes(1000)("zoë")
    assert {homes(1000)(subject) for subject in ("zoë", "zoe")} != {homes(1000)("zoe")}


def test_a_forwarded_record_gets_its_subject_as_key_and_keeps_everything_else() -> None:
    record = Record(b"bytes", key=b"wrong", headers=(("a", b"1"),), timestamp=NOON)

    sent = forwarded(record, "lead-1")

    assert (sent.key, sent.value, sent.headers, sent.timestamp_ms) == (b"lead-1", b"bytes", (("a", b"1"),), NOON)


@pytest.mark.parametrize("timestamp", [None, -1])
def test_a_record_without_timestamp_has_none(timestamp: int | None) -> None:
    assert timestamp_of(Record(timestamp=timestamp)) is None

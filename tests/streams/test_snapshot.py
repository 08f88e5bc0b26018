from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from kpi_state.published import (
    INPUTS,
    SourceCounts,
    TopicCounts,
    encode_group,
    encode_row,
    encode_sums,
    fingerprint_key,
    named_key,
    source_key,
    topic_key,
)
from streams.errors import StreamError
from streams.snapshot import added_up, counted, log_ends, named, sources, states
from tests.streams.floor import Floor, floor

KEY = encode_group(("touchpoints", "r", "Q", 100, ("call",)))


def sums(*amounts: int) -> bytes:
    encoded = encode_sums(3, {7: amounts})
    assert encoded is not None
    return encoded


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


def test_shares_of_partitions_are_added_up_and_what_comes_to_zero_is_left_out() -> None:
    cell = ("touchpoints", "r", ("Q", 9607, 0), ("call",))

    assert added_up([{KEY: sums(1, 2, 3), fingerprint_key(): b"x"}, {KEY: sums(0, 1, 0)}]) == {cell: (1, 3, 3)}
    assert added_up([{KEY: sums(1, 2, 3)}, {KEY: sums(-1, -2, -3)}]) == {}


def test_counts_of_partitions_are_added_up() -> None:
    rows = [{topic_key("hr.events"): encode_row(TopicCounts(read=n, lost=1))} for n in (3, 4)]

    assert counted([*rows, {}], "hr.events") == TopicCounts(read=7, lost=2)
    assert counted(rows, "crm.events") == TopicCounts()


def test_what_partitions_saw_of_a_source_is_added_up() -> None:
    rows = [{source_key("/crm"): encode_row(SourceCounts(newest=n, applied=n)), KEY: sums(1)} for n in (3, 4)]

    assert sources([*rows, {source_key("/a"): encode_row(SourceCounts())}]) == {
        "/a": SourceCounts(),
        "/crm": SourceCounts(newest=4, applied=7),
    }


def test_who_named_whom_is_that_of_all_partitions() -> None:
    rows = [{named_key("/crm", "a"): b"", fingerprint_key(): b"x"}, {named_key("/crm", "a"): b"", KEY: sums(1)}, {}]

    assert named([*rows, {named_key("/pbx", "a"): b""}]) == {("/crm", "a"), ("/pbx", "a")}


@pytest.mark.kafka
async def test_the_last_committed_value_of_each_row_is_read_back(stream: Floor) -> None:
    tally, roster = map(stream.settings.changelog, ("tally", "roster"))
    for topic, partition, key, value in (
        (tally, 0, b"a", b"1"),
        (tally, 0, b"a", b"2"),
        (tally, 3, b"b", b"3"),
        (tally, 3, b"c", b"4"),
        (tally, 3, b"c", None),
        (roster, 1, b"d", b"5"),
    ):
        await stream.producer.send_and_wait(topic, value, key, partition=partition)

    everything, some = await states(stream.settings), await states(stream.settings, ["tally"])

    assert [state.tally for state in everything] == [{b"a": b"2"}, {}, {}, {b"b": b"3"}]
    assert [state.roster for state in everything] == [{}, {b"d": b"5"}, {}, {}]
    assert [(state.tally, state.roster) for state in some] == [(state.tally, {}) for state in everything]


@pytest.mark.kafka
async def test_it_says_where_logs_begin_and_end(stream: Floor) -> None:
    topic = stream.settings.topic("hr.events")
    await stream.producer.send_and_wait(topic, b"x", partition=2)

    found = await log_ends(stream.settings, INPUTS)

    assert len(found) == 12
    assert {tp: end for tp, (begin, end) in found.items() if begin or end} == {TopicPartition(topic, 2): 1}


async def test_without_a_broker_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="no Kafka broker answers"):
        await states(Floor("127.0.0.1:1", tmp_path).settings)

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch

from streams.app import create_app
from streams.errors import StreamError
from streams.outbox import Outgoing
from streams.tables import BATCH_BYTES, MAX_RECORD_BYTES, RowsTable, Writer, check_size, state_of
from tests.streams.records import NOON, Record, settings


class Producer:
    """Keeps the record batches it is given and says they were written, one after the other."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, int, bytes, int]] = []
        self.ends: dict[tuple[str, int], int] = {}

    def create_batch(self) -> Any:
        return BatchBuilder(BATCH_BYTES, 0)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> asyncio.Future[Any]:
        count = batch.record_count()
        offset = self.ends.get((topic, partition), 100)
        self.ends[topic, partition] = offset + count
        self.batches.append((topic, partition, bytes(batch._build()), count))
        written: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        written.set_result(SimpleNamespace(offset=offset))
        return written

    def records(self, topic: str) -> list[Any]:
        return [record for name, _, data, _ in self.batches if name == topic for record in DefaultRecordBatch(data)]


async def test_records_are_written_in_order_with_their_headers_and_timestamps() -> None:
    producer = Producer()
    writer = Writer(producer)

    await writer.write("t", 0, [Outgoing(b"a", b"1", (("h", b"x"),), NOON), Outgoing(b"b", None), Outgoing(None, None)])

    one, two, three = producer.records("t")
    assert (one.key, one.value, list(one.headers), one.timestamp) == (b"a", b"1", [("h", b"x")], NOON)
    assert (two.key, two.value) == (b"b", None)
    assert (three.key, three.value) == (None, None)
    assert two.timestamp > NOON


async def test_what_does_not_fit_one_batch_is_cut_into_several() -> None:
    producer = Producer()
    rows = [Outgoing(b"%d" % n, b"x" * 200_000) for n in range(12)]

    await Writer(producer).write("t", 0, rows)

    assert [count for *_, count in producer.batches] == [4, 4, 4]
    assert all(len(data) <= BATCH_BYTES for _, _, data, _ in producer.batches)
    assert [record.key for record in producer.records("t")] == [b"%d" % n for n in range(12)]


async def test_a_row_larger_than_a_batch_is_a_batch_of_its_own() -> None:
    producer = Producer()
    large = Outgoing(b"large", b"x" * (MAX_RECORD_BYTES - 5))

    await Writer(producer).write("t", 0, [Outgoing(b"a", b"1"), large, Outgoing(b"b", b"2")])

    assert [count for *_, count in producer.batches] == [1, 1, 1]
    assert [record.key for record in producer.records("t")] == [b"a", b"large", b"b"]


async def test_rows_are_written_in_order_in_as_many_batches_as_they_fill() -> None:
    producer = Producer()
    rows = {b"%d" % n: b"x" * 200_000 for n in range(9)}

    await Writer(producer).write_rows("t", 0, [*rows.items(), (b"gone", None), (None, b"no key")])

    assert [count for *_, count in producer.batches] == [4, 4, 3]
    assert all(len(data) <= BATCH_BYTES for _, _, data, _ in producer.batches)
    *written, gone, no_key = producer.records("t")
    assert {record.key: record.value for record in written} == rows
    assert [record.offset for record in written] == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert (gone.key, gone.value, no_key.key, no_key.value) == (b"gone", None, None, b"no key")
    assert {record.timestamp for record in written} == {gone.timestamp}
    assert gone.timestamp > NOON
    assert (gone.headers, await Writer(producer).delivered()) == ([], {})


async def test_a_large_row_among_others_is_a_batch_of_its_own_and_one_too_large_is_an_error() -> None:
    producer = Producer()
    large = b"x" * (MAX_RECORD_BYTES - 5)

    await Writer(producer).write_rows("t", 0, [(b"a", b"1"), (b"large", large), (b"b", b"2")])

    assert [count for *_, count in producer.batches] == [1, 1, 1]
    with pytest.raises(StreamError, match=r"^a row of t \(number\) has 4194311 bytes, more than the 4194304"):
        await Writer(producer).write_rows("t", 0, [(b"a", b"1"), (b"number/+3161", large), (b"b", b"2")])
    assert [count for *_, count in producer.batches] == [1, 1, 1, 1]


async def test_no_rows_send_nothing() -> None:
    producer = Producer()

    await Writer(producer).write_rows("t", 0, {}.items())

    assert producer.batches == []


async def test_delivered_says_where_each_log_goes_on() -> None:
    writer = Writer(Producer())
    await writer.write("t", 0, [Outgoing(b"%d" % n, b"x" * 400_000) for n in range(5)])
    await writer.write("u", 0, [Outgoing(b"a", b"1")])

    assert await writer.delivered() == {"t": 105, "u": 101}


async def test_nothing_is_sent_for_no_records() -> None:
    producer = Producer()
    writer = Writer(producer)

    await writer.write("t", 0, [])

    assert (producer.batches, await writer.delivered()) == ([], {})


def test_a_row_too_large_to_write_is_an_error_that_names_its_kind_and_not_its_id() -> None:
    with pytest.raises(
        StreamError, match=r"^a row of fp-ledger-changelog \(number\) has 4194318 bytes, more than the 4194304"
    ) as error:
        check_size("fp-ledger-changelog", Outgoing(b"number/+3161", b"x" * (MAX_RECORD_BYTES + 2)))

    assert "3161" not in str(error.value)


@pytest.fixture
async def table(tmp_path: Path) -> RowsTable:
    return create_app(settings(), tmp_path).fenced.rows("ledger")


async def test_a_table_follows_its_changelog_and_tombstones_delete(table: RowsTable) -> None:
    table.keep({0, 1})
    table.follow(0, [Record(b"1", key=b"a"), Record(b"2", key=b"b"), Record(b"3", key=b"a"), Record(None, key=b"b")], 9)
    table.follow(0, [Record(None, key=b"never there")], 10)

    assert table.rows == {0: {b"a": b"3"}, 1: {}}
    assert table.followed == {0: 10, 1: 0}


async def test_rows_of_partitions_that_went_elsewhere_are_forgotten_and_others_stay(table: RowsTable) -> None:
    table.keep({0, 1})
    table.follow(0, [Record(b"1", key=b"a")], 5)
    table.follow(1, [Record(b"2", key=b"b")], 6)

    table.keep({1, 2})

    assert table.rows == {1: {b"b": b"2"}, 2: {}}
    assert table.followed == {1: 6, 2: 0}


async def test_the_core_sees_the_rows_of_one_partition(tmp_path: Path) -> None:
    tables = create_app(settings(), tmp_path).fenced
    for name in ("ledger", "tally", "roster"):
        tables.rows(name).keep({3})
        tables.rows(name).rows[3][b"k"] = name.encode()

    state = state_of(tables, 3)

    assert (state.ledger, state.tally, state.roster) == ({b"k": b"ledger"}, {b"k": b"tally"}, {b"k": b"roster"})
    assert state.ledger is tables.rows("ledger").rows[3]

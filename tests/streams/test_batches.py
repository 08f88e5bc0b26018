"""The contract with Faust and aiokafka: what `streams/batches.py` relies on is there, in the pinned versions."""

import collections
import importlib.metadata
import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiokafka
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, Fetcher, FetchError, FetchResult, PartitionRecords
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import Assignment, TopicPartitionState
from aiokafka.errors import KafkaError, NodeNotReadyError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord
from faust.stores import memory
from faust.tables.table import Table
from faust.transport.consumer import Consumer as FaustConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.utils.queues import FlowControlEvent, FlowControlQueue

from streams.app import create_app
from streams.batches import (
    NO_HEADERS,
    Batch,
    BatchScheduler,
    Consumer,
    ConsumerThread,
    Fetched,
    NoReadOffsets,
    SafeFlow,
    Transport,
    fill,
)
from streams.takeover import FencedTables
from tests.streams.records import NOON, Record, settings


def test_the_versions_are_the_ones_these_internals_were_read_in() -> None:
    versions = {name: importlib.metadata.version(name) for name in ("faust-streaming", "aiokafka")}

    assert versions == {"faust-streaming": "0.15.3", "aiokafka": "0.14.0"}, (
        "read streams/batches.py against the new version, then change the pin in pyproject.toml and here"
    )


async def test_a_consumer_reads_its_isolation_level_its_wait_and_its_reset_when_it_starts() -> None:
    consumer = aiokafka.AIOKafkaConsumer(isolation_level="read_uncommitted", fetch_max_wait_ms=1500)

    assert (consumer._isolation_level, consumer._fetch_max_wait_ms) == ("read_uncommitted", 1500)
    assert consumer._auto_offset_reset == "latest"
    start = inspect.getsource(aiokafka.AIOKafkaConsumer.start)
    for name in ("_isolation_level", "_fetch_max_wait_ms", "_auto_offset_reset"):
        assert f"self.{name}" in start
    await consumer.stop()


def test_a_position_moves_past_what_no_record_has() -> None:
    assert isinstance(inspect.getattr_static(TopicPartitionState, "position"), property)
    assert isinstance(inspect.getattr_static(TopicPartitionState, "has_valid_position"), property)
    assert "consumed_to(self._partition_records.next_fetch_offset)" in inspect.getsource(FetchResult)
    assert (
        inspect.getsource(PartitionRecords._unpack_records).count("self.next_fetch_offset = next_batch.next_offset")
        == 3
    )
    assert list(inspect.signature(Assignment.state_value).parameters) == ["self", "tp"]


def result_of(*keys: bytes) -> FetchResult:
    """What a fetch of one transaction's records would give."""
    batch = BatchBuilder(1_000, 0, is_transactional=1)
    for key in keys:
        batch.append(timestamp=NOON, key=key, value=b"v", headers=[("a", b"1")])
    batch._set_producer_state(7, 0, 0)
    records = PartitionRecords(ONE, MemoryRecords(bytes(batch._build())), [], 1, None, None, True, READ_COMMITTED)
    state = SimpleNamespace(paused=False, position=1)
    state.consumed_to = lambda offset: setattr(state, "position", offset)
    assignment = SimpleNamespace(active=True, state_value=lambda _tp: state)
    return FetchResult(ONE, assignment=assignment, partition_records=records, backoff=0)


@pytest.mark.parametrize("most", [1, 2, 3, None])
def test_records_stay_as_they_are_unpacked_and_say_what_those_of_aiokafka_say(most: int | None) -> None:
    stock, ours = result_of(b"k", b"l", b"m"), Fetched({ONE: result_of(b"k", b"l", b"m")})[ONE]
    error = Fetched({TWO: FetchError(error=KafkaError(), backoff=0)})[TWO]
    keys: list[bytes] = []

    while stock.has_more():
        whole, bare = stock.getall(most), ours.getall(most)
        assert [type(record) for record in whole] == [ConsumerRecord] * len(whole)
        assert [type(record).__name__ for record in bare] == ["DefaultRecord"] * len(whole)
        for name in ("offset", "timestamp", "key", "value"):
            assert [getattr(record, name) for record in bare] == [getattr(record, name) for record in whole]
        assert [tuple(record.headers) for record in bare] == [record.headers for record in whole]
        assert ours.has_more() == stock.has_more()
        keys.extend(record.key for record in bare)
        assert ours._assignment.state_value(ONE).position == stock._assignment.state_value(ONE).position

    assert keys == [b"l", b"m"], "what lies before the position is left out"
    assert isinstance(error, FetchError)


async def test_a_fetcher_keeps_what_it_fetched_in_one_place_and_calls_for_each_record_what_is_overridden() -> None:
    consumer = aiokafka.AIOKafkaConsumer()

    assert type(Fetcher(consumer._client, consumer._subscription)._records) is collections.OrderedDict
    assert "self._records[tp] = FetchResult(" in inspect.getsource(Fetcher._proc_fetch_request)
    assert "self._consumer_record(tp, record)" in inspect.getsource(PartitionRecords._unpack_records)
    assert "self._records_iterator = self._unpack_records()" in inspect.getsource(PartitionRecords.__init__)
    assert "for msg in self._partition_records:" in inspect.getsource(FetchResult.getall)
    await consumer.stop()


def test_without_reset_an_offset_out_of_range_is_an_error_that_names_partition_and_offset() -> None:
    assert "Errors.OffsetOutOfRangeError({tp: fetch_offset})" in inspect.getsource(Fetcher._proc_fetch_request)
    assert "Errors.NoOffsetForPartitionError(tp)" in inspect.getsource(Fetcher._update_fetch_positions)


def test_the_log_end_asked_of_a_broker_is_the_committed_one() -> None:
    assert "OffsetRequest(-1, self._isolation_level" in inspect.getsource(Fetcher._proc_offset_request)


def test_starting_heartbeats_twice_is_starting_them_once() -> None:
    assert "if self._heartbeat_task is None" in inspect.getsource(GroupCoordinator._start_heartbeat_task)


def test_faust_calls_what_is_overridden_here() -> None:
    assert "self._create_worker_consumer(transport)" in inspect.getsource(
        driver.AIOKafkaConsumerThread._create_consumer
    )
    assert "call_thread(self._commit, offsets)" in inspect.getsource(driver.AIOKafkaConsumerThread.commit)
    assert "self._fetch_records" in inspect.getsource(driver.AIOKafkaConsumerThread.getmany)
    assert "consumer.RebalanceListener(self)" in inspect.getsource(driver.AIOKafkaConsumerThread.__post_init__)
    assert "await self.seek_to_committed()" in inspect.getsource(FaustConsumer.perform_seek)
    assert "self._new_offset(tp)" in inspect.getsource(FaustConsumer._filter_committable_offsets)
    assert "self._read_offset.__getitem__" in inspect.getsource(FaustConsumer._drain_messages)
    assert "self.scheduler.iterate(records)" in inspect.getsource(FaustConsumer.getmany)
    assert list(inspect.signature(driver.AIOKafkaConsumerThread._fetch_records).parameters) == list(
        inspect.signature(ConsumerThread._fetch_records).parameters
    )
    assert "self._new_store()" in inspect.getsource(Table.__mro__[2])
    assert hasattr(memory.Store, "persisted_offset")


def test_the_builder_beneath_a_record_batch_is_all_that_its_own_append_adds_to() -> None:
    batch = BatchBuilder(1_000, 0)
    batch.append(timestamp=5, key=b"k", value=b"v", headers=[])
    beneath = BatchBuilder(1_000, 0)

    assert fill(beneath, [(b"k", b"v")], 5) is None

    assert "self._builder.append(" in inspect.getsource(BatchBuilder.append)
    assert (beneath.record_count(), beneath.size(), beneath.closed()) == (1, batch.size(), False)
    assert bytes(beneath._build()) == bytes(batch._build())
    assert NO_HEADERS == []


def test_a_first_row_always_fits_and_a_full_batch_says_what_did_not() -> None:
    batch = BatchBuilder(1_000, 0)

    assert fill(batch, [(b"large", b"x" * 5_000), (b"k", b"v"), (b"l", b"w")], 5) == (b"k", b"v")

    assert (batch.record_count(), batch.closed()) == (1, True)
    assert [record.key for record in DefaultRecordBatch(bytes(batch._build()))] == [b"large"]


async def test_faust_makes_the_parts_that_are_set(tmp_path: Path) -> None:
    app = create_app(settings(), tmp_path)
    app.reader._thread.thread_loop.close()

    assert isinstance(app.tables, FencedTables)
    assert isinstance(app.transport, Transport)
    assert isinstance(app.consumer, Consumer)
    assert isinstance(app.consumer.scheduler, BatchScheduler)
    assert isinstance(app.consumer._thread, ConsumerThread)
    assert isinstance(app.flow_control, SafeFlow)
    assert sorted(app.tables) == ["ledger", "roster", "tally"]
    assert sorted(app.agents) == ["crm.events", "hr.events", "kpi.links", "telephony.events"]


async def test_the_raw_codec_lets_a_batch_through(tmp_path: Path) -> None:
    app = create_app(settings(), tmp_path)
    app.reader._thread.thread_loop.close()
    batch = Batch("crm.events", 2, [Record(b"1", offset=5)], 4, 7)

    message = app.reader._to_message(TP("crm.events", 2), batch)
    topic = next(iter(app.agents.values())).channel
    decoded = await topic.decode(message)

    assert decoded.value is batch
    assert (message.offset, message.partition) == (6, 2)


async def test_resuming_a_flow_that_runs_clears_no_queue() -> None:
    stock, safe = FlowControlEvent(), SafeFlow()
    left = {}
    for flow in (stock, safe):
        queue: Any = FlowControlQueue(flow_control=flow, clear_on_resume=True)
        flow.resume()
        queue.put_nowait("event")
        flow.resume()
        left[flow] = queue.qsize()

    assert left == {stock: 0, safe: 1}


async def test_a_suspended_flow_is_resumed() -> None:
    flow = SafeFlow()
    flow.resume()
    flow.suspend()
    assert not flow.is_active()

    flow.resume()

    assert flow.is_active()


def test_faust_forgets_what_it_read_so_that_going_back_loses_nothing() -> None:
    offsets = NoReadOffsets()
    offsets[TP("a", 0)] = 100
    offsets.update({TP("a", 0): 100})

    assert offsets[TP("a", 0)] is None
    assert offsets.pop(TP("a", 0), None) is None


class FetchContext:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *args: object) -> None:
        return None


class Log:
    """A consumer as `_fetch_records` sees it: one poll's records, and where each partition stands afterwards."""

    def __init__(self, *tps: TopicPartition) -> None:
        self.states = {tp: SimpleNamespace(position=0, has_valid_position=True) for tp in tps}
        assignment = SimpleNamespace(tps=set(tps), state_value=self.states.__getitem__)
        self._subscription = SimpleNamespace(
            subscription=SimpleNamespace(assignment=assignment), fetch_context=FetchContext
        )
        self._closed = False
        self._fetcher = SimpleNamespace(
            _closed=False, _subscriptions=self._subscription, fetched_records=self.poll, _records={}
        )
        self.next: dict[TopicPartition, list[Record]] | Exception = {}
        self.firsts: dict[TopicPartition, int] = {}

    async def poll(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self.next, Exception):
            raise self.next
        return self.next

    async def beginning_offsets(self, tps: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.firsts[tp] for tp in tps}

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.states[tp].position = offset


ONE, TWO = TopicPartition("crm.events", 0), TopicPartition("crm.events", 1)


@pytest.fixture
async def thread(tmp_path: Path) -> ConsumerThread:
    app = create_app(settings(), tmp_path)
    thread: ConsumerThread = app.reader._thread
    thread.thread_loop.close()
    thread.ends = {}
    return thread


async def fetched(thread: ConsumerThread, log: Log) -> dict[TP, tuple[int, int, int]]:
    batches = await thread._fetch_records(log, {TP(*ONE), TP(*TWO)})
    return {tp: (batch.start, batch.end, len(batch.records)) for tp, batch in batches.items()}


async def test_a_batch_begins_where_the_last_one_ended_and_ends_where_the_log_position_is(
    thread: ConsumerThread,
) -> None:
    log = Log(ONE)
    thread._go_to(log, TP(*ONE), 10)
    log.next, log.states[ONE].position = {ONE: [Record(offset=11), Record(offset=12)]}, 14

    assert await fetched(thread, log) == {ONE: (10, 14, 2)}

    log.next, log.states[ONE].position = {ONE: [Record(offset=14)]}, 15
    assert await fetched(thread, log) == {ONE: (14, 15, 1)}


async def test_markers_alone_are_a_batch_without_records(thread: ConsumerThread) -> None:
    log = Log(ONE, TWO)
    thread._go_to(log, TP(*ONE), 10)
    thread._go_to(log, TP(*TWO), 5)
    log.states[ONE].position = 11

    assert await fetched(thread, log) == {ONE: (10, 11, 0)}
    assert await fetched(thread, log) == {}


async def test_nothing_is_read_before_it_is_said_from_where(thread: ConsumerThread) -> None:
    log = Log(ONE)
    log.next, log.states[ONE].position = {ONE: [Record(offset=0)]}, 1
    assert await fetched(thread, log) == {}

    log.next = NoOffsetForPartitionError(ONE)
    assert await fetched(thread, log) == {}


async def test_deleted_records_are_stepped_over_in_sight_of_the_shard(thread: ConsumerThread) -> None:
    log = Log(ONE)
    thread._go_to(log, TP(*ONE), 10)
    log.firsts[ONE], log.next = 50, OffsetOutOfRangeError({ONE: 10})

    assert await fetched(thread, log) == {}

    log.next, log.states[ONE].position = {ONE: [Record(offset=50)]}, 51
    assert await fetched(thread, log) == {ONE: (50, 51, 1)}


async def test_a_group_that_cannot_be_told_how_far_we_are_is_told_the_next_time(
    thread: ConsumerThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed: list[dict[TopicPartition, int]] = []
    fails = True

    async def commit(offsets: dict[TopicPartition, Any]) -> None:
        if fails:
            raise NodeNotReadyError
        committed.append({tp: each.offset for tp, each in offsets.items()})

    consumer = SimpleNamespace(assignment=lambda: {ONE}, commit=commit)
    monkeypatch.setattr(thread, "_ensure_consumer", lambda: consumer)

    assert await thread._commit({TP(*ONE): 7, TP(*TWO): 8}) is False
    fails = False
    assert await thread._commit({TP(*ONE): 9, TP(*TWO): 8}) is True
    assert await thread._commit({TP(*TWO): 8}) is True
    assert committed == [{ONE: 9}]

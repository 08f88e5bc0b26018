"""Faust fed in batches: the only file that touches the internals of Faust and aiokafka.

Per message Faust makes tasks, locks, queue entries and acknowledgements; per batch it pays all of that once. The
versions and every internal used here are pinned by `tests/streams/test_batches.py`:

- aiokafka's `_isolation_level`, `_fetch_max_wait_ms`, `_auto_offset_reset` of a consumer that has not started yet,
- its `_subscription.subscription.assignment.state_value(tp).position`, which moves past commit markers,
- its `_coordinator._start_heartbeat_task`, idempotent,
- its `_builder` and `_relative_offset` of a record batch in the making,
- its `_fetcher._records` of a consumer, and `_partition_records` of what is in there, whose `_records_iterator` calls
  `_consumer_record` for each,
- Faust's `_create_worker_consumer`, `_fetch_records` and `_commit` of its consumer thread, `highwaters`,
  `seek_to_committed`, `_new_offset` and `_read_offset` of its consumer, `FlowControlEvent.resume`, `Table._new_store`
  and a store's `persisted_offset`.
"""

from __future__ import annotations

# ruff: noqa: SLF001  # to touch internals is what this file is for
import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata
from faust.stores import memory
from faust.tables.table import Table
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.transports import SchedulingStrategyT
from mode.utils.queues import FlowControlEvent

from streams.errors import StreamError, halt

if TYPE_CHECKING:
    from streams.takeover import FencedTables

FETCH_WAIT_MS: Final = 50
"""How long a broker waits for records to come: the floor of latency, and of the requests of an idle worker."""
COMMIT_SECONDS: Final = 5.0


Row = tuple[bytes | None, bytes | None]
"""Key and value of a record to write, without headers."""
NO_HEADERS: Final[list[Any]] = []


def fill(batch: Any, rows: Iterable[Row], timestamp_ms: int) -> Row | None:
    """Append rows to an empty batch that a producer made, until it is full: the first row that did not fit, None when
    all did. The first one always fits. aiokafka's own `append` takes twice as long a record as the builder beneath it.
    """
    append, count = batch._builder.append, 0
    left_over = None
    for row in rows:
        if append(count, timestamp_ms, row[0], row[1], NO_HEADERS) is None:
            left_over = row
            batch.close()
            break
        count += 1
    batch._relative_offset = count
    return left_over


class Batch:
    """The records of one partition of one poll, dressed for Faust as the last of them.

    `start` and `end` are log positions: commit markers and compacted records lie between them, so `start` > position
    means that something was really skipped. A batch without records says that only such markers were passed.
    """

    __slots__ = ("end", "partition", "records", "start", "topic")

    timestamp = 0
    timestamp_type = 0
    headers = ()
    key = None
    checksum = None
    serialized_key_size = 0
    serialized_value_size = 0

    def __init__(self, topic: str, partition: int, records: list[Any], start: int, end: int) -> None:
        self.topic, self.partition, self.records, self.start, self.end = topic, partition, records, start, end

    @property
    def offset(self) -> int:
        """What Faust takes for the offset of the message."""
        return self.end - 1

    @property
    def value(self) -> Batch:
        """What Faust hands to the agent: the batch itself, which the raw codec lets through."""
        return self


class Unpacked(PartitionRecords):  # type: ignore[misc]  # aiokafka says no types of it
    """Fetched records of a partition as they are unpacked: a batch knows topic and partition, and aiokafka takes as
    long as the unpacking for a copy of each record that names them.
    """

    def __iter__(self) -> Iterator[Any]:
        return iter(self._records_iterator)

    def _consumer_record(self, tp: Any, record: Any) -> Any:  # noqa: ARG002  # aiokafka's signature
        return record


class Fetched(OrderedDict[Any, Any]):
    """What a fetcher has for its consumer: results of fetches, and errors, by partition."""

    def __setitem__(self, tp: Any, result: Any) -> None:
        if isinstance(result, FetchResult):
            result._partition_records.__class__ = Unpacked
        super().__setitem__(tp, result)


class BatchScheduler(SchedulingStrategyT):
    """The `ConsumerScheduler` setting: what a poll found of a partition stays together."""

    @classmethod
    def map_from_records(cls, records: Any) -> Any:
        """Not used by Faust with this scheduler."""
        raise NotImplementedError

    def iterate(self, records: Any) -> Iterator[Any]:
        """Yield (topic partition, batch)."""
        yield from records.items()

    def records_iterator(self, index: Any) -> Any:
        """Not used by Faust with this scheduler."""
        raise NotImplementedError


class RebalanceListener(driver.ConsumerRebalanceListener):
    """Keeps the membership alive while tables are followed, which may take longer than a session."""

    _thread: ConsumerThread

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        """Begin heartbeats before the partitions are taken over; read nothing until `go` says from where."""
        self._thread.ends.clear()
        self._thread._ensure_consumer()._coordinator._start_heartbeat_task()
        await super().on_partitions_assigned(assigned)


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads committed records only, since transactions write links, and knows the positions of each poll."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._auto_offset_reset = "none"  # to be moved silently past deleted records would be a loss nobody counts
        self.ends: dict[TP, int] = {}
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109  # Faust's signature
        max_records: int | None = None,
    ) -> Any:
        fetcher = consumer._fetcher
        if not isinstance(fetcher._records, Fetched):
            fetcher._records = Fetched(fetcher._records)
        try:
            found = await super()._fetch_records(consumer, active_partitions, timeout=timeout, max_records=max_records)
        except OffsetOutOfRangeError as error:
            await self._step_over(consumer, error.args[0])
            return {}
        except NoOffsetForPartitionError:
            return {}  # polled before `go` said where to begin
        subscription = consumer._subscription.subscription
        if subscription is None or subscription.assignment is None:
            return {}
        batches: dict[TP, Batch] = {}
        for assigned in subscription.assignment.tps:
            tp = TP(*assigned)
            state = subscription.assignment.state_value(assigned)
            start = self.ends.get(tp)
            if start is None or tp not in active_partitions or not state.has_valid_position:
                continue
            end = state.position
            records = found.get(assigned, [])
            if records or end > start:
                batches[tp] = Batch(tp.topic, tp.partition, records, start, end)
                self.ends[tp] = end
        return batches

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Tell the group how far we are, for tools that show lag; if that fails now, the next time does it."""
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        wanted = {TopicPartition(*tp): OffsetAndMetadata(at, "") for tp, at in offsets.items() if tp in assigned}
        self.tp_last_committed_at.update(dict.fromkeys(offsets, time.monotonic()))
        try:
            if wanted:
                await asyncio.wait_for(consumer.commit(wanted), COMMIT_SECONDS)
        except (KafkaError, TimeoutError):
            return False
        return True

    async def _step_over(self, consumer: Any, missing: Mapping[Any, int]) -> None:
        """Go on where logs begin now; their shards see the hole, find that nothing can fill it, and count it."""
        firsts = await consumer.beginning_offsets(list(missing))
        for tp, offset in missing.items():
            if offset >= firsts[tp]:
                text = f"{tp.topic} partition {tp.partition} ends before {offset}, up to which it was applied"
                halt("log_ends_early", StreamError(f"{text}: was it deleted? Run `floorpulse rebuild`"))
            self._go_to(consumer, TP(*tp), firsts[tp])

    def _go_to(self, consumer: Any, tp: TP, offset: int) -> None:
        consumer.seek(TopicPartition(*tp), offset)
        self.ends[tp] = offset

    async def _go(self, positions: Mapping[TP, int], unread: Iterable[TP]) -> None:
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        consumer.pause(*[TopicPartition(*tp) for tp in unread if tp in assigned])
        for tp, offset in positions.items():
            if tp in assigned:
                self._go_to(consumer, tp, offset)

    async def go(self, positions: Mapping[TP, int], unread: Iterable[TP] = ()) -> None:
        """Read on from these positions, never from `unread`; done in the consumer's own thread, between two polls."""
        await self.call_thread(self._go, positions, unread)

    async def log_ends(self, partitions: Iterable[TP]) -> dict[TP, int]:
        """Where the committed records of partitions end, asked of the brokers."""
        asked = [TopicPartition(*tp) for tp in partitions]
        ends = await self.call_thread(self._ensure_consumer().end_offsets, asked)
        return {TP(*tp): end for tp, end in ends.items()}


class NoReadOffsets(dict[TP, Any]):
    """Faust drops what lies before the last offset it read: a loss after going back; shards know better."""

    def __getitem__(self, tp: TP) -> None:
        return None

    def __setitem__(self, tp: TP, offset: Any) -> None:
        pass

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is remembered."""


class Consumer(driver.Consumer):
    """Starts where the position rows say; the group's committed offsets follow them, for tools that show lag."""

    RebalanceListener = RebalanceListener
    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = NoReadOffsets()

    @property
    def tables(self) -> FencedTables:
        """The tables that know the positions."""
        return cast("FencedTables", self.app.tables)

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: `floorpulse topics` creates topics, with settings that Faust does not know."""

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """What was followed is all there is, even if a newer owner writes on: Faust's own recovery must never start."""
        return {tp: self.tables.followed(tp) for tp in partitions}

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go to the position rows of what is assigned now, and never fetch a changelog for the group."""
        mine = self.assignment()
        positions = {tp: position for tp in mine if (position := self.tables.position(tp)) is not None}
        await self._thread.go(positions, [tp for tp in mine if tp.topic in self.tables.changelog_topics])
        return positions

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self.tables.position(tp)

    async def reread(self, tp: TP, position: int) -> None:
        """Read a partition again from here."""
        await self._thread.go({tp: position})

    async def log_ends(self, partitions: Iterable[TP]) -> dict[TP, int]:
        """Where the committed records of partitions end."""
        return await self._thread.log_ends(partitions)


class Transport(driver.Transport):
    """Kafka as this file reads it."""

    Consumer = Consumer


class SafeFlow(FlowControlEvent):
    """Resuming a flow that already runs must not clear its queues: stock Faust drops events there after recovery."""

    def resume(self) -> None:
        """Resume if suspended."""
        if not (self.is_active() and self._resume.is_set()):
            super().resume()


class FollowedStore(memory.Store[bytes, bytes]):
    """A store that has already read its changelog when Faust asks how far it is."""

    def persisted_offset(self, tp: TP) -> int | None:
        """The last offset that the rows have seen, None before the first."""
        tables: Any = self.app.tables
        return tables.followed(tp) - 1 if tables.followed(tp) else None

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Nothing: the rows are not in here."""


class FollowedTable(Table[bytes, bytes]):
    """A table as Faust sees it: a changelog topic of the group, and a store without rows."""

    def _new_store(self) -> Any:
        return FollowedStore("memory://", self.app, self, table_name=self.name, beacon=self.beacon, loop=self.loop)

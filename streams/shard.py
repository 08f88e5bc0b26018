"""One owned partition: the producer that fences its former owner, the queue of batches, the task that commits them.

Batches of all topics meet here, so a partition has one writer and one order. The task takes everything that waits,
applies it and commits it in one transaction; shards overlap, and a busy partition batches by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from faust.types import TP

from kpi_state.apply import State
from kpi_state.published import worker_key
from streams.batches import Batch
from streams.commit import commit
from streams.errors import StreamError, halt
from streams.failpoints import Failpoints
from streams.settings import StreamSettings
from streams.tables import BATCH_BYTES, MAX_RECORD_BYTES, state_of
from streams.work import Work, owner_row, position_of

if TYPE_CHECKING:
    from streams.app import StreamApp

QUEUED_BATCHES: Final = 16
COMMIT_RECORDS: Final = 10_000
"""A commit takes no further batch beyond this many records."""
APPLY_RECORDS: Final = 2_000
"""Records applied in one go: some 100 ms, during which the event loop stands still."""
TRANSACTION_TIMEOUT_MS: Final = 10_000
"""An open transaction of a sleeping owner blocks readers of what it wrote to until it is fenced, or for this long."""

log = structlog.get_logger()


class Shard:
    """One owned partition.

    positions: topic without prefix → log position before which everything is committed (or only markers were passed).
    """

    def __init__(self, app: StreamApp, partition: int) -> None:
        self.app, self.partition = app, partition
        self.positions: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._queue: asyncio.Queue[Any] = asyncio.Queue(QUEUED_BATCHES)
        self._working = asyncio.Lock()
        self._begun, self._closed = False, False
        self._producer: AIOKafkaProducer | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is being committed."""
        return self._queue.empty() and not self._begun and not self._working.locked()

    @property
    def waiting_records(self) -> int:
        """Records of the batches that wait."""
        waiting: Iterable[Any] = self._queue._queue  # type: ignore[attr-defined]  # noqa: SLF001  # only looked at
        return sum(len(event.value.records) for event in waiting)

    async def at_rest(self) -> tuple[State, int] | None:
        """A copy of the entities between two commits, and the offset of the tally's changelog that they belong to; None
        once it is closed, when the rows may be another owner's.
        """
        async with self._working:
            if self._closed:
                return None
            rows = state_of(self.app.fenced, self.partition)
            return State(dict(rows.ledger)), self.app.fenced.rows("tally").followed[self.partition]

    # -- life --------------------------------------------------------------------------------------------------------

    async def fence(self) -> None:
        """Start the producer: from now on no former owner can commit, and what it left open is aborted."""
        settings = self.app.settings
        fenced: dict[str, Any] = {}
        if settings.transactions:
            fenced["transactional_id"] = settings.transactional_id(self.partition)
            fenced["transaction_timeout_ms"] = TRANSACTION_TIMEOUT_MS
        self._producer = AIOKafkaProducer(
            bootstrap_servers=settings.servers,
            acks="all",
            max_batch_size=BATCH_BYTES,
            max_request_size=2 * MAX_RECORD_BYTES,
            **fenced,
        )
        await self._producer.start()

    def open(self, firsts: dict[str, int]) -> None:
        """Begin to work at the position rows. Where a log begins later, the gap is a loss, counted and logged."""
        rows = state_of(self.app.fenced, self.partition)
        for topic, first in firsts.items():
            position = self.positions[topic] = position_of(rows, topic)
            if first > position:
                self._lose(topic, first)
        if not self._closed:
            self._task = asyncio.create_task(self._run())

    async def announce(self) -> None:
        """Publish who owns the partition now, unless its row says so already: a commit that moves no position.

        To be awaited before the group goes on: until then nobody else can be the owner.
        """
        app = self.app
        async with self._working:
            rows = state_of(app.fenced, self.partition)
            if self._closed or rows.tally.get(worker_key()) == owner_row(app.settings):
                return
            quiet = replace(app.settings, failpoints=Failpoints())  # those are for commits of events
            await self._write(Work(self.partition, rows, quiet, app.home), quiet)

    def _lose(self, topic: str, first: int) -> None:
        position = self.positions[topic]
        self._lost[topic] = self._lost.get(topic, 0) + first - position
        self.app.meters.lost[topic] += first - position
        self.positions[topic] = first
        facts = {"topic": topic, "partition": self.partition, "from_offset": position, "to_offset": first}
        log.error("retention_lost_records", **facts, remedy="send them again, and let the topic keep its records")

    def close(self) -> None:
        """Drop what waits. Its position did not move, so whoever owns the partition next reads it."""
        self._closed = True
        while not self._queue.empty():
            self._queue.get_nowait().ack()

    async def stop(self) -> None:
        """Close, let a commit that runs come to its end, and disconnect."""
        self.close()
        async with self._working:
            if self._task is not None:
                self._task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._task
        if self._producer is not None:
            await self._producer.stop()

    # -- work --------------------------------------------------------------------------------------------------------

    async def put(self, event: Any) -> None:
        """Queue a batch; waits while the queue is full."""
        await self._queue.put(event)
        if self._closed:
            self.close()

    async def _run(self) -> None:
        try:
            while True:
                first = await self._queue.get()
                self._begun = True
                try:
                    async with self.app.turns.turn(partial(self._records_from, first)), self._working:
                        await self._work([first])
                except asyncio.CancelledError:
                    first.ack()  # dropped, like all that waits
                    raise
                finally:
                    self._begun = False
        except Exception as error:  # noqa: BLE001  # whatever it is, the process ends here
            halt("commit_failed", error, partition=self.partition)

    def _records_from(self, first: Any) -> int:
        return len(first.value.records) + self.waiting_records

    async def _work(self, events: list[Any]) -> None:
        """Apply and commit the batches of these events and of all that wait, then acknowledge them."""
        if self._closed:  # while it waited for its turn
            events[0].ack()
            return
        app = self.app
        work = Work(self.partition, state_of(app.fenced, self.partition), app.settings, app.home)
        moved: dict[str, int] = {}
        applied = 0.0
        for event in self._waiting(events, work):
            batch = event.value
            topic = app.logical(batch.topic)
            position = moved.get(topic, self.positions[topic])
            if batch.start > position:
                position = await self._hole(topic, position, batch)
            if batch.start <= position < batch.end:
                records = batch.records
                if batch.start < position:  # read again after a hole
                    records = [record for record in records if record.offset >= position]
                applied += await self._apply(work, topic, records)
                app.meters.records[topic] += len(records)
                moved[topic] = batch.end
        if work.records or self._lost:
            began = time.perf_counter()
            await self._commit(work, {**self.positions, **moved})
            app.meters.committed(work.records, applied, time.perf_counter() - began)
        self.positions.update(moved)
        app.settings.failpoints.reach("before_ack")
        for event in events:
            event.ack()

    def _waiting(self, events: list[Any], work: Work) -> Any:
        """Yield the first event, then what has come meanwhile, as long as the commit may grow."""
        yield events[0]
        while work.records < COMMIT_RECORDS and not self._queue.empty():
            events.append(self._queue.get_nowait())
            yield events[-1]

    async def _apply(self, work: Work, topic: str, records: list[Any]) -> float:
        """Apply records; how many seconds that took, without those of others in between."""
        seconds = 0.0
        for begin in range(0, len(records), APPLY_RECORDS):
            began = time.perf_counter()
            work.take(topic, records[begin : begin + APPLY_RECORDS])
            if work.unsettled >= APPLY_RECORDS:
                work.settle()
            seconds += time.perf_counter() - began
            await asyncio.sleep(0)  # heartbeats, other shards
        return seconds

    async def _hole(self, topic: str, position: int, batch: Batch) -> int:
        """Something before this batch was skipped: fetch it again, or count what retention deleted."""
        tp = TP(batch.topic, self.partition)
        first = (await self.app.consumer.earliest_offsets(tp))[tp]
        if first > position:
            self.positions[topic] = position
            self._lose(topic, first)
            return first
        log.warning("batch_hole", topic=topic, partition=self.partition, position=position, batch_start=batch.start)
        await self.app.reader.reread(tp, position)
        return position

    async def _commit(self, work: Work, positions: dict[str, int]) -> None:
        for topic, lost in self._lost.items():
            work.counters.topic(topic).lost += lost
        for topic, position in positions.items():
            work.move(topic, position)
        await self._write(work, self.app.settings)
        self._lost.clear()

    async def _write(self, work: Work, settings: StreamSettings) -> None:
        if self._producer is None:
            raise StreamError(f"partition {self.partition} is not fenced")
        after = await commit(self._producer, settings, work)
        for name, offset in after.items():
            followed = self.app.fenced.rows(name).followed
            followed[self.partition] = max(followed[self.partition], offset)
